"""How wrong is a network on a set, and which way is better? The loss over its samples, weighed.

The loss of a set is the mean over its targets, each counted by its weight w, and a step of training
goes down the gradient of their sum:

    mean = sum(w * loss(Y, A)) / sum(w)         dA = w * loss(Y, A, deriv=True)

w is 1 but for three reasons, which multiply: the weight of the sample, the weight of its class,
and, where targets are sequences, a share of 1 / steps for each of the sample's own steps and 0 for
padding. An integer weight has the effect of as many copies of a sample.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.checks import shown
from epynn.commons.dataset import dataSet

if TYPE_CHECKING:
    from epynn.embedding.models import Embedding
    from epynn.network.models import EpyNN


def target_weights(model: EpyNN, dset: dataSet) -> np.ndarray | None:
    """How much each target counts, (m,) or with targets for each step (m, s); None where all
    count 1."""
    Y = dset.targets()
    if dset.weights is None and model.class_weights is None and Y.ndim < 3:
        return None
    weights = np.ones(Y.shape[:-1])
    if Y.ndim > 2:
        own = weights if dset.padding is None else np.where(dset.padding, 0, weights)
        weights = own / own.sum(axis=1, keepdims=True)
    if dset.weights is not None:
        weights = (weights.T * dset.weights).T
    if model.class_weights is not None:
        for label, of_class in model.class_weights.items():
            weights = np.where(dset.y == label, of_class * weights, weights)
    return weights


def model_loss(model: EpyNN, dset: dataSet, function: Any = None) -> float:
    """Mean loss over the samples of a dataSet that has its outputs; of another loss, if given."""
    assert dset.A is not None           # it has gone forward
    function = model.loss_function if function is None else function
    with np.errstate(over='ignore'):    # infinite where it is, see epynn.commons.loss
        values = function(dset.targets(dset.A.dtype), dset.A)
    weights = target_weights(model, dset)
    return float(np.mean(values)) if weights is None else weighted_mean(values, weights)


def loss_gradient(model: EpyNN, dset: dataSet) -> np.ndarray:
    """Gradient of the sum of the losses of all samples with respect to the outputs, their shape."""
    assert dset.A is not None           # it has gone forward
    dA = model.loss_function(dset.targets(dset.A.dtype), dset.A, deriv=True)
    weights = target_weights(model, dset)
    return dA if weights is None else dA * weights[..., np.newaxis].astype(dA.dtype)


def weighted_mean(values: np.ndarray, weights: np.ndarray) -> float:
    """Mean of values, each counted by its weight; nan where nothing counts."""
    total = weights.sum()
    counts = weights > 0                # what counts nothing may be infinite
    if values.ndim > weights.ndim:      # (m, 1) of a loss of one's own
        values = values.reshape(*weights.shape, -1).mean(axis=-1)
    return float((weights[counts] * values[counts]).sum() / total) if total else float('nan')


def read_class_weights(given: Any, embedding: Embedding, task: str) -> dict[int, float] | None:
    """Weights of classes by label, from what is given to ``initialize``.

    Parameters
    ----------
    given : {'balanced'} or dict or None
        'balanced' makes all classes of the training set count the same: m / (c m_label) of m
        targets of c classes, as scikit-learn has it. A dict has weights by label, or by what
        ``embedding.classes`` calls it; a class that it leaves out has 1.

    Raises
    ------
    ValueError
        Where targets are no classes, or weights are negative, or of a label that there is not.
    """
    if given is None:
        return None
    if task != 'classes':
        raise ValueError(f'EpyNN expects class_weights with classes only, got {task} as targets: '
                         'Embedding(..., weights=) has a weight for each sample')
    counts, outputs = embedding.dtrain.b, embedding.dtrain.targets().shape[-1]
    if isinstance(given, str) and given == 'balanced':
        return {label: sum(counts.values()) / len(counts) / n for label, n in counts.items()}
    labels = list(range(outputs)) if outputs > 1 else sorted({0, 1}.union(counts))
    names = labels if embedding.classes is None else embedding.classes.tolist()
    if not isinstance(given, Mapping):
        listed = np.iterable(given) and not isinstance(given, str)
        raise ValueError("EpyNN expects class_weights to be 'balanced', or a dict of weights by "
                         f'label{", such as dict(enumerate(weights))" * listed}, '
                         f'got {shown(given)}')
    for name in given:
        if name not in names:
            raise ValueError(f'EpyNN expects class_weights for labels among {shown(names)}, got '
                             f'one for {shown(name)}')
    weights = {label: weight(given[name]) for label, name in zip(labels, names, strict=True)
               if name in given}
    if not any(weights.get(label, 1) for label in counts):
        raise ValueError('EpyNN expects class_weights above 0 for some class of the training set, '
                         f'got {shown(given)}')
    return weights


def weight(value: Any) -> float:
    """A weight: a finite number of 0 or more."""
    try:
        number = -1.0 if isinstance(value, (bool, str)) else float(value)
    except (TypeError, ValueError):
        number = -1.0
    if not 0 <= number < float('inf'):
        raise ValueError('EpyNN expects class_weights to be numbers of 0 or more, got '
                         f'{shown(value)}')
    return number
