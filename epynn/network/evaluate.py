"""How well does the network do? Losses and metrics of each set, and predictions."""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from epynn.commons.arguments import explained
from epynn.commons.checks import shown
from epynn.commons.dataset import dataSet
from epynn.commons.loss import losses
from epynn.commons.metrics import metrics, of_values, to_labels
from epynn.network.checks import check_labels, check_outputs

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
        assert dset.y is not None and dset.P is not None
        return metrics[name](dset.y, dset.P)
    function = model.functions.get(name) or {**of_values, **losses}[name]
    with np.errstate(over='ignore'):            # infinite where it is, see epynn.commons.loss
        values = function(dset.targets(dset.A.dtype), dset.A)
    try:
        return float(np.mean(values))
    except (TypeError, ValueError):
        raise ValueError(f'EpyNN expects the metric {name} to give a number, or one for each '
                         f'sample, got {shown(values)}') from None


@explained
def model_evaluate(model: EpyNN) -> dict[str, list[float | None]]:
    """Outputs, predictions and metrics of training, validation and test set, as they are now.

    Returns
    -------
    dict
        ``{name: [value on dtrain, on dval, on dtest]}``, None for an empty set. ``train`` adds
        such values to ``model.metrics`` after each epoch.

    Raises
    ------
    RuntimeError
        If the network was never initialized.
    ValueError
        Without data or labels, or where these are not as many as the outputs.
    """
    model.check_ready('evaluate')
    check_labels('evaluate', model.embedding)
    values: dict[str, list[float | None]] = {name: [None, None, None] for name in model.metrics}
    embedding, light = model.embedding, model.inference()
    for i, dset in enumerate((embedding.dtrain, embedding.dval, embedding.dtest)):
        if dset.active:
            model_infer(light, dset)
            check_outputs(model.layers[-1], dset.A, dset.Y)
            for name in values:
                values[name][i] = score(model, name, dset)
    return values
