"""How does the network learn? Epoch by epoch, batch by batch: mini-batch gradient descent."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.arguments import explained
from epynn.commons.checks import flag, one_of, positive_integer
from epynn.display.console import print_settings
from epynn.network.callbacks import Callback, Callbacks, Checkpoint
from epynn.network.checks import check_labels, check_loss, check_outputs, check_targets
from epynn.network.diagnosis import scale_hint
from epynn.network.hyperparameters import (
    in_use,
    model_begin_optimizers,
    model_hyperparameters,
    model_learning_rates,
)
from epynn.network.loss import loss_gradient
from epynn.network.watch import Finite, Interrupts, Progress, Report
from epynn.settings import se_hPars as default_hPars

if TYPE_CHECKING:
    from epynn.network.models import EpyNN


def learn(model: EpyNN, callbacks: Callbacks) -> None:
    """Go through the epochs that are to come, from the batch where the last one ended."""
    dtrain = model.embedding.dtrain
    while model.e < model.epochs and not model.stop_training:
        # (1) Each epoch sees the samples in a new order
        if model.batch == 0:
            model.embedding.reorder()
        callbacks.on_epoch_begin(model)

        for rows in model.embedding.batches()[model.batch:]:
            batch = model.minibatch = dtrain.take(rows)
            # (2) Forward, how wrong, backward, a step down the gradient
            batch.A = model.forward(batch.inputs, batch.lengths)
            check_outputs(model.layers[-1], batch.A, batch.Y)
            callbacks.on_forward(model)
            dA = loss_gradient(model, batch)
            model.backward(dA)
            model.update_parameters()

            model.batch += 1
            callbacks.on_batch_end(model)
            if model.stop_training:
                return

        # (3) How well it does now, on each set
        record(model, model.evaluate())
        callbacks.on_epoch_end(model)


@explained
def model_train(model: EpyNN, epochs: int, verbose: int | bool | None = None,
                init_logs: bool = True, on_nan: str = 'raise', checkpoint: int | None = None,
                callbacks: Any = ()) -> None:
    """Learn from the training set by mini-batch gradient descent.

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
    callbacks : list of Callback, optional
        What is told of epochs and batches, see :mod:`epynn.network.callbacks`.

    Raises
    ------
    ValueError
        Where an argument is not of its kind, or there are no data to learn from.
    FloatingPointError
        Where outputs or losses are not finite, saying where it began.
    """
    epochs = positive_integer('train', 'epochs', epochs)
    every = max(1, epochs // 10) if verbose is None or verbose is True else verbose
    every = 0 if every is False else positive_integer('train', 'verbose', every, least=0)
    init_logs = flag('train', 'init_logs', init_logs)
    one_of('train', 'on_nan', on_nan, ('raise', 'stop', 'ignore'))
    own = Callbacks(callbacks).callbacks
    beside: list[Callback] = [Report(every, own), Progress()] if every else []
    if on_nan != 'ignore':
        beside.append(Finite())
    if checkpoint is not None:
        beside.append(Checkpoint(positive_integer('train', 'checkpoint', checkpoint)))
    beside += own
    if not model.initialized:
        model.initialize(verbose=bool(every))
    prepare(model, epochs)

    if init_logs and every:
        print_settings(model, in_use(model))
        if hint := scale_hint(model):
            print(hint, end='\n\n')
    together = Callbacks([*beside, Interrupts()])
    try:
        with together.during_training(model), \
                np.errstate(over='ignore', invalid='ignore', divide='ignore', under='ignore'):
            learn(model, together)
    except FloatingPointError as trouble:
        if on_nan == 'raise':
            raise
        print(trouble)
    finally:
        model.minibatch = None


def prepare(model: EpyNN, epochs: int) -> None:
    """All that has to be right and known before the next epoch: settings, data, learning rates."""
    model.check_ready('train')
    embedding, last = model.embedding, model.layers[-1]
    check_labels('train', embedding)
    check_loss(model.loss, last)
    check_targets(model.loss, last, embedding.dsets)
    model.se_hPars = {**default_hPars, **model.se_hPars}
    model_hyperparameters(model, model.se_hPars)
    model.epochs, model.stop_training = model.e + epochs, False
    model_learning_rates(model)
    model_begin_optimizers(model)


def record(model: EpyNN, values: dict[str, list[float | None]]) -> None:
    """Add the metrics and the gradient norms of an epoch to those before, and count it."""
    for name, of_sets in values.items():
        for kept, value in zip(model.metrics[name], of_sets, strict=True):
            if kept or value is not None:       # one value an epoch, nan where there was no set
                kept += [float('nan')] * (model.e - len(kept))
                kept.append(float('nan') if value is None else value)
    for layer in model.walk():
        if layer.p:
            missing = model.e - len(layer.gradient_norms)       # files of format 1 may have none
            layer.gradient_norms += [float('nan')] * missing + [layer.gradient_norm()]
    model.e, model.batch = model.e + 1, 0
