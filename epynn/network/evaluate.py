"""How well does the network do? Losses and metrics of each set, and predictions."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.arguments import explained
from epynn.commons.checks import flag, shown
from epynn.commons.dataset import dataSet
from epynn.commons.loss import losses
from epynn.commons.metrics import mean_of, metrics, of_outputs, per_label
from epynn.network.checks import check_kind, check_labels, check_outputs, check_targets
from epynn.network.loss import model_loss, target_weights, weighted_mean

if TYPE_CHECKING:
    from epynn.network.models import EpyNN

LEAST_BATCH = 64                        # samples evaluated at once, at least


def model_infer(model: EpyNN, dset: dataSet) -> None:
    """Outputs A and predicted labels P of a dataSet, batch by batch, into it.

    A has shape (m, c), or (m, s, c) with outputs for each step, P (m,) or (m, s). What stands for
    padding is 0 in A, and -1 in P.

    Parameters
    ----------
    model : EpyNN
        A light copy, see :meth:`.EpyNN.inference`: nothing is cached and nothing is dropped, and
        memory grows with a batch, not with the set.
    dset : dataSet
    """
    size = max(model.embedding.batch_size or 0, LEAST_BATCH)
    outputs = []
    for i in range(0, len(dset), size):
        batch = dset.take(slice(i, i + size))
        outputs.append(model.forward(batch.inputs, batch.lengths))
    dset.A = np.concatenate(outputs)
    if (padding := dset.padding) is not None:
        dset.A[padding] = 0
    dset.P = predictions(model.task, dset)


def predictions(task: str, dset: dataSet) -> np.ndarray:
    """What the outputs of a dataSet predict: a label, 0 or 1 for each of several labels, or
    themselves."""
    assert dset.A is not None           # it has gone forward
    if task == 'classes':
        return dset.labels(dset.A)
    return (dset.A > 0.5).astype(int) if task == 'labels' else dset.A


def score(model: EpyNN, name: str, dset: dataSet, weighted: bool = False) -> float:
    """Value of a metric or loss on a dataSet that has its outputs.

    Losses count each target by its weight, see :mod:`epynn.network.loss`, and metrics do where
    they are asked to.
    """
    assert dset.Y is not None and dset.A is not None and dset.P is not None
    if name == model.loss or (name in losses and name not in model.functions):
        return model_loss(model, dset, model.functions.get(name) or losses.get(name))
    weights = target_weights(model, dset) if weighted else None
    weights = None if weights is None else dset.each(weights)
    Y, A, P = (dset.each(V) for V in (dset.targets(dset.A.dtype), dset.A, dset.P))
    if name in model.functions:
        return own_score(name, model.functions[name](Y, A), weights)
    if name in of_outputs:
        return of_outputs[name](Y, A, weights=weights)
    if model.task == 'labels':
        return mean_of(per_label(metrics[name], Y, P, weights))
    y = dset.each(dset.y)
    return metrics[name](y, P, weights=weights)


def own_score(name: str, values: Any, weights: np.ndarray | None) -> float:
    """The value of a metric of one's own, which gives a number, or one for each target."""
    try:
        return float(np.mean(values)) if weights is None or np.ndim(values) == 0 else \
            weighted_mean(np.asarray(values), weights)
    except (TypeError, ValueError, IndexError):
        raise ValueError(f'EpyNN expects the metric {name} to give a number, or one for each '
                         f'sample, got {shown(values)}') from None


def new_samples(model: EpyNN, what: str, X_data: Any, Y_data: Any = None,
                weights: Any = None) -> dataSet:
    """A dataSet of new samples, as numbers like those of training, and padded if need be."""
    steps = model.steps if model.steps_are_fixed() else 0
    dset = model.embedding.inputs(X_data, steps, Y_data, weights)
    if steps and dset.inputs.shape[1] > steps:
        raise ValueError(f'{what} expects sequences of {steps} steps or less, got '
                         f'{dset.inputs.shape[1]}: the Dense layer after Flatten has weights '
                         'for as many steps as there were in training')
    dset.name = what
    return dset


@explained
def model_evaluate(model: EpyNN, X_data: Any = None, Y_data: Any = None,
                   weights: Any = None) -> dict[str, Any]:
    """Metrics of training, validation and test set as they are now, or of other labelled data.

    Parameters
    ----------
    X_data, Y_data : array_like, optional
        Samples and labels as given to Embedding; by default those of the Embedding.
    weights : array_like, shape (m,), or bool, optional
        How much each of the samples given counts. Then, or with True, metrics count each target
        by its weight, which is the sample's times its class's; by default only losses do.

    Returns
    -------
    dict
        ``{name: [value on dtrain, on dval, on dtest]}``, None for an empty set. ``train`` adds
        such values to ``model.metrics`` after each epoch. With data given, ``{name: value}``.

    Raises
    ------
    RuntimeError
        If the network was never initialized.
    ValueError
        Without data or labels, or where these are not as many as the outputs; where weights are
        not one a sample, or negative.
    """
    model.check_ready('evaluate')
    light = model.inference()
    if X_data is not None or Y_data is not None:
        if X_data is None or Y_data is None:
            raise ValueError('evaluate expects X_data and Y_data, got one of them: predict(X_data) '
                             'needs no labels')
        of_each = None if isinstance(weights, bool) else weights
        dset = new_samples(model, 'evaluate', X_data, Y_data, of_each)
        check_targets(model.loss, model.layers[-1], [dset])
        check_kind(model.task, dset)
        return scores(light, dset, weighted=weights is not None and weights is not False)
    check_labels('evaluate', model.embedding)
    if weights is not None:
        weights = flag('evaluate', 'weights', weights)
    values: dict[str, Any] = {name: [None, None, None] for name in model.metrics}
    embedding = model.embedding
    for i, dset in enumerate((embedding.dtrain, embedding.dval, embedding.dtest)):
        if dset.active:
            for name, value in scores(light, dset, bool(weights)).items():
                values[name][i] = value
    return values


def scores(light: EpyNN, dset: dataSet, weighted: bool = False) -> dict[str, float]:
    """All metrics of a network on a dataSet, which then has its outputs."""
    own = dset.view()                   # another thread may evaluate the same set meanwhile
    model_infer(light, own)
    check_outputs(light.layers[-1], own.A, own.Y)
    values = {name: score(light, name, own, weighted) for name in light.metrics}
    dset.A, dset.P = own.A, own.P
    return values
