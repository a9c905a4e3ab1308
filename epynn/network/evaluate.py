"""How well does the network do? Losses and metrics of each set, and predictions."""
from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.arguments import explained
from epynn.commons.checks import shown
from epynn.commons.dataset import dataSet
from epynn.commons.loss import losses
from epynn.commons.metrics import metrics, of_values, per_label, to_labels
from epynn.network.checks import check_kind, check_labels, check_outputs, check_targets

if TYPE_CHECKING:
    from epynn.network.models import EpyNN

LEAST_BATCH = 64                        # samples evaluated at once, at least


def model_infer(model: EpyNN, dset: dataSet) -> None:
    """Outputs A (m, c) and predicted labels P (m,) of a dataSet, batch by batch, into it.

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
    dset.P = predictions(model.task, dset.A)


def predictions(task: str, A: np.ndarray) -> np.ndarray:
    """What outputs (m, c) predict: a label, 0 or 1 for each of several labels, or themselves."""
    if task == 'classes':
        return to_labels(A)
    return (A > 0.5).astype(int) if task == 'labels' else A


def score(model: EpyNN, name: str, dset: dataSet) -> float:
    """Value of a metric or loss on a dataSet that has its outputs."""
    assert dset.A is not None           # model_infer has put them there
    if name in metrics and name not in model.functions:
        assert dset.P is not None
        if model.task != 'labels':
            return metrics[name](dset.y, dset.P)
        each = [value for value in per_label(metrics[name], dset.Y, dset.P) if value == value]
        return sum(each) / len(each) if each else float('nan')
    function = model.functions.get(name) or {**of_values, **losses}[name]
    with np.errstate(over='ignore'):            # infinite where it is, see epynn.commons.loss
        values = function(dset.targets(dset.A.dtype), dset.A)
    try:
        return float(np.mean(values))
    except (TypeError, ValueError):
        raise ValueError(f'EpyNN expects the metric {name} to give a number, or one for each '
                         f'sample, got {shown(values)}') from None


def new_samples(model: EpyNN, what: str, X_data: Any, Y_data: Any = None) -> dataSet:
    """A dataSet of new samples, as numbers like those of training, and padded if need be."""
    steps = model.steps if model.steps_are_fixed() else 0
    dset = model.embedding.inputs(X_data, steps, Y_data)
    if steps and dset.inputs.shape[1] > steps:
        raise ValueError(f'{what} expects sequences of {steps} steps or less, got '
                         f'{dset.inputs.shape[1]}: the Dense layer after Flatten has weights '
                         'for as many steps as there were in training')
    dset.name = what
    return dset


@explained
def model_evaluate(model: EpyNN, X_data: Any = None,
                   Y_data: Any = None) -> dict[str, Any]:
    """Metrics of training, validation and test set as they are now, or of other labelled data.

    Parameters
    ----------
    X_data, Y_data : array_like, optional
        Samples and labels as given to Embedding; by default those of the Embedding.

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
        Without data or labels, or where these are not as many as the outputs.
    """
    model.check_ready('evaluate')
    light = model.inference()
    if X_data is not None or Y_data is not None:
        if X_data is None or Y_data is None:
            raise ValueError('evaluate expects X_data and Y_data, got one of them: predict(X_data) '
                             'needs no labels')
        dset = new_samples(model, 'evaluate', X_data, Y_data)
        check_targets(model.loss, model.layers[-1], [dset])
        check_kind(model.task, dset)
        return scores(light, dset)
    check_labels('evaluate', model.embedding)
    values: dict[str, Any] = {name: [None, None, None] for name in model.metrics}
    embedding = model.embedding
    for i, dset in enumerate((embedding.dtrain, embedding.dval, embedding.dtest)):
        if dset.active:
            for name, value in scores(light, dset).items():
                values[name][i] = value
    return values


def scores(light: EpyNN, dset: dataSet) -> dict[str, float]:
    """All metrics of a network on a dataSet, which then has its outputs."""
    own = copy(dset)                    # another thread may evaluate the same set meanwhile
    model_infer(light, own)
    check_outputs(light.layers[-1], own.A, own.Y)
    values = {name: score(light, name, own) for name in light.metrics}
    dset.A, dset.P = own.A, own.P
    return values
