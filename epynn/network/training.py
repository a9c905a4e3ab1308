"""How does the network learn? Epoch by epoch, batch by batch."""
import signal
import threading
from contextlib import contextmanager

import numpy as np

from epynn.commons.checks import one_of, positive_integer
from epynn.display.console import Progress, print_epochs, print_settings
from epynn.commons.loss import losses
from epynn.commons.metrics import accuracy
from epynn.commons.models import labels
from epynn.network.evaluate import model_evaluate
from epynn.network.hyperparameters import model_learning_rates
from epynn.network.initialization import check_labels, check_outputs


def model_train(model, epochs, verbose=None, init_logs=True, on_nan='raise', checkpoint=None):
    """Learn from the training set by stochastic gradient descent.

    Called again it continues, for as many epochs more. A network that was not initialized is,
    with the defaults. An interrupt (Ctrl-C) is heard after the current batch: the network is
    then as if training had been asked to end there, and ``train`` goes on from that batch.

    Parameters
    ----------
    epochs : int
        Number of times that the training set is gone through.
    verbose : int, optional
        Print a row for every so many epochs; a tenth of them by default, 0 for silence. Numbers
        that are not finite bring no warning of NumPy, but what ``on_nan`` says.
    init_logs : bool, default True
        Whether to print data, architecture and hyperparameters before.
    on_nan : {'raise', 'stop', 'ignore'}
        What to do about outputs or losses that are not finite: an error, an end of training
        that is said but no error, or nothing.
    checkpoint : int, optional
        Write the network to ``models/<uname>.npz`` after every so many epochs.

    Raises
    ------
    ValueError
        Where an argument is not of its kind, or there are no data to learn from.
    FloatingPointError
        Where outputs or losses are not finite, saying where it began.
    """
    epochs = positive_integer('train', 'epochs', epochs)
    every = max(1, epochs // 10) if verbose is None or verbose is True else verbose
    if every != 0:
        every = positive_integer('train', 'verbose', every)
    if checkpoint is not None:
        checkpoint = positive_integer('train', 'checkpoint', checkpoint)
    one_of('train', 'on_nan', on_nan, ('raise', 'stop', 'ignore'))
    if not model.initialized:
        model.initialize(verbose=bool(every))
    model.check_ready('train')
    check_data(model)

    model.epochs = model.e + epochs
    model_learning_rates(model)
    if init_logs and every:
        print_settings(model)
    try:
        with Progress(model, silent=not every) as progress, interrupts() as interrupted, \
                np.errstate(over='ignore', invalid='ignore', divide='ignore'):
            while model.e < model.epochs:
                train_epoch(model, progress, interrupted, finite=on_nan != 'ignore')
                if checkpoint and model.e % checkpoint == 0:
                    model.write()
    except FloatingPointError as trouble:
        if on_nan == 'raise':
            raise
        print(trouble)
    finally:
        if every and model.e:
            print_epochs(model, every)


def train_epoch(model, progress, interrupted, finite):
    """Go through the batches once, or from where an interrupt came, then evaluate."""
    loss, dtrain = losses[model.loss], model.embedding.dtrain

    # (1) Each epoch sees the samples in a new order
    if model.batch == 0:
        model.shuffle()
    batches = model.embedding.batches(model.order)

    for rows in batches[model.batch:]:
        batch = dtrain.take(rows)
        Y = batch.Y.astype(model.dtype, copy=False)

        # (2) Forward, how wrong, backward, a step down
        A = model.forward(batch.inputs, batch.lengths)
        check_outputs(model.layers[-1], A, Y)
        if finite and not np.isfinite(A).all():
            raise not_finite(model, f'in batch {model.batch}')
        dA = loss(Y, A, deriv=True)
        model.backward(dA)
        model.update_parameters()

        model.batch += 1
        if progress.due(len(batches)):
            progress.show(accuracy=accuracy(labels(Y), labels(A)), cost=loss(Y, A).mean(),
                          batches=len(batches))
        if interrupted():
            raise KeyboardInterrupt

    # (3) How well it does now, on each set
    values = model_evaluate(model)
    if finite and not all(np.isfinite(v) for v in values[model.loss] if v is not None):
        raise not_finite(model, 'after its last batch')
    for name, of_sets in values.items():
        for kept, value in zip(model.metrics[name], of_sets, strict=True):
            if kept or value is not None:       # one value an epoch, nan where there was no set
                kept += [float('nan')] * (model.e - len(kept))
                kept.append(float('nan') if value is None else value)
    for layer in model.layers:
        if layer.p:
            missing = model.e - len(layer.gradient_norms)       # none in files of before
            layer.gradient_norms += [float('nan')] * missing + [layer.gradient_norm()]
    model.e, model.batch = model.e + 1, 0


def check_data(model):
    """The Embedding has data that the network can learn from; and their order is known."""
    check_labels('train', model.embedding)
    if len(model.order) != len(model.embedding.dtrain):
        # The data are not saved with a model: the order of the samples follows from the seed and
        # the number of times that they were shuffled
        shuffles = model.shuffles
        model.restart_shuffling()
        for _ in range(shuffles):
            model.shuffle()


def not_finite(model, when):
    """The error for numbers that are not finite: where it began, and what may help."""
    with np.errstate(all='ignore'):
        norms = {layer.title: layer.gradient_norm() for layer in model.layers if layer.g}
    norms = ', '.join(f'{title} {norm:.3g}' for title, norm in norms.items())
    return FloatingPointError(
        f'EpyNN found numbers that are not finite in epoch {model.e}, {when}: first in '
        f'{first_not_finite(model)}. Norms of the last gradients: {norms}. Try a smaller '
        'learning_rate, features scaled to [0, 1] (X_scale=True), or clip_gradients=True in '
        'recurrent layers')


def first_not_finite(model):
    """What comes first on the way through the network."""
    for layer in model.layers:
        for kind, arrays in (('parameter', layer.p), ('output', layer.fc)):
            for name, W in arrays.items():
                if isinstance(W, np.ndarray) and not np.isfinite(W).all():
                    return f'{kind} {name} of {layer.title}'
    return 'the loss'


@contextmanager
def interrupts():
    """While it lasts, Ctrl-C waits to be asked for: a function that says whether it came."""
    came = []
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False                 # signals are for the main thread only
        return
    before = signal.signal(signal.SIGINT, lambda *_: came.append(True))
    try:
        yield lambda: bool(came)
    finally:
        signal.signal(signal.SIGINT, before)
    if came:                                # after the last batch: too late for training to end
        raise KeyboardInterrupt
