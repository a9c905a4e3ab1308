"""How well does the network do? Losses and metrics of each set, and predictions."""
import numpy as np

from epynn.commons.loss import losses
from epynn.commons.metrics import metrics
from epynn.commons.models import labels
from epynn.network.initialization import check_labels, check_outputs

BATCH = 64                              # samples evaluated at once, at least


def model_infer(model, dset):
    """Outputs A (m, c) and predicted labels P (m,) of a dataSet, batch by batch, into it.

    Nothing is cached and nothing is dropped: memory grows with a batch, not with the set.
    """
    size = max(model.embedding.se_dataset['batch_size'] or 0, BATCH)
    modes = [layer.training for layer in model.layers]
    for layer in model.layers:
        layer.training = False
    try:
        outputs = []
        for i in range(0, len(dset), size):
            batch = dset.take(slice(i, i + size))
            outputs.append(model.forward(batch.inputs, batch.lengths))
        dset.A = np.concatenate(outputs)
    finally:
        for layer, mode in zip(model.layers, modes, strict=True):
            layer.training = mode
    dset.P = labels(dset.A)


def score(name, dset):
    """Value of one metric or loss on a dataSet that has its outputs."""
    if name in metrics:
        return metrics[name](dset.y, dset.P)
    with np.errstate(over='ignore'):            # infinite where it is, see epynn.commons.loss
        return float(losses[name](dset.Y.astype(dset.A.dtype), dset.A).mean())


def model_evaluate(model):
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
    values = {name: [None, None, None] for name in model.metrics}
    embedding = model.embedding
    for i, dset in enumerate((embedding.dtrain, embedding.dval, embedding.dtest)):
        if dset.active:
            model_infer(model, dset)
            check_outputs(model.layers[-1], dset.A, dset.Y)
            for name in values:
                values[name][i] = score(name, dset)
    return values
