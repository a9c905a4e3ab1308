"""What does training arrange by itself? Table, progress line, finite numbers, Ctrl-C."""
from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.dataset import dataSet
from epynn.display.console import ProgressLine
from epynn.network.callbacks import Callback
from epynn.network.diagnosis import training_hint
from epynn.network.evaluate import predictions, score
from epynn.network.loss import model_loss

if TYPE_CHECKING:
    from epynn.network.models import EpyNN


class Report(Callback):
    """At the end, the table of epochs, a row for every so many; what other callbacks have to say;
    and what looks like trouble."""

    def __init__(self, every: int, others: Iterable[Callback]) -> None:
        self.every, self.others = every, others

    def on_train_begin(self, model: EpyNN) -> None:
        self.first = model.e

    def on_train_end(self, model: EpyNN) -> None:
        if model.e:
            model.report(self.every)
        for other in self.others:
            if other.message:
                print(other.message, end='\n\n')
        if model.e > self.first and (hint := training_hint(model, self.first)):
            print(hint, end='\n\n')


class Progress(Callback):
    """One line that tells how far training is, rewritten in place.

    On a terminal and in a notebook, a few times a second. Anywhere else, as in a log file,
    nothing is shown, and nothing is computed for it.
    """

    def on_train_begin(self, model: EpyNN) -> None:
        self.line, self.begin, self.first = ProgressLine(), time.perf_counter(), model.e

    def on_epoch_begin(self, model: EpyNN) -> None:
        self.batches = len(model.embedding.batches())

    def on_batch_end(self, model: EpyNN) -> None:
        batches, batch = self.batches, model.minibatch
        last = model.e + 1 == model.epochs and model.batch == batches
        if not self.line.watched or not self.line.due(last):
            return
        assert batch is not None and batch.A is not None        # it has gone forward
        loss = model_loss(model, batch)
        done = model.e - self.first + model.batch / batches
        rate = done / (time.perf_counter() - self.begin)
        self.line.write(
            f'Epoch {model.e}, batch {model.batch}/{batches}: '
            f'{self.share_right(model, batch)}loss {loss:.4g}, '
            f'{pace(rate)}, {(model.epochs - self.first - done) / rate:.0f} s left')

    def share_right(self, model: EpyNN, batch: dataSet) -> str:
        """How many labels of the batch are right, where it has labels."""
        if model.task == 'values':
            return ''
        batch.P = predictions(model.task, batch)
        return f'accuracy {score(model, "accuracy", batch):.3f}, '

    def on_train_end(self, model: EpyNN) -> None:
        self.line.close()


def pace(rate: float) -> str:
    """Epochs in a second, or seconds for an epoch, whichever is the larger number."""
    return f'{rate:.3g} epochs/s' if rate >= 1 else f'{1 / rate:.3g} s/epoch'


class Finite(Callback):
    """An error for outputs or losses that are not finite, before they reach the parameters."""

    def on_forward(self, model: EpyNN) -> None:
        assert model.minibatch is not None and model.minibatch.A is not None
        if not np.isfinite(model.minibatch.A).all():
            raise not_finite(model, f'in epoch {model.e}, in batch {model.batch}')

    def on_epoch_end(self, model: EpyNN) -> None:
        embedding, sets = model.embedding, model.metrics[model.loss]
        there = zip((embedding.dtrain, embedding.dval, embedding.dtest), sets, strict=True)
        if not np.isfinite([values[-1] for dset, values in there if counts(dset)]).all():
            raise not_finite(model, f'in epoch {model.e - 1}, after its last batch')


def counts(dset: dataSet) -> bool:
    """Whether a set has samples, of which some count in the loss."""
    return dset.active and (dset.weights is None or bool(dset.weights.any()))


def not_finite(model: EpyNN, when: str) -> FloatingPointError:
    """The error for numbers that are not finite: where it began, and what may help."""
    with np.errstate(all='ignore'):
        norms = {layer.title: layer.gradient_norm() for layer in model.walk() if layer.g}
    told = ', '.join(f'{title} {norm:.3g}' for title, norm in norms.items())
    return FloatingPointError(
        f'EpyNN found numbers that are not finite {when}: first in '
        f'{first_not_finite(model)}. Norms of the last gradients: {told}. Try a smaller '
        'learning_rate, features scaled to [0, 1] (X_scale=True), or clip_gradients=True in '
        'recurrent layers')


def first_not_finite(model: EpyNN) -> str:
    """What comes first on the way through the network."""
    for layer in model.walk():
        for kind, arrays in (('parameter', layer.p), ('output', layer.fc)):
            for name, W in arrays.items():
                if isinstance(W, np.ndarray) and not np.isfinite(W).all():
                    return f'{kind} {name} of {layer.title}'
    return 'the loss'


class Interrupts(Callback):
    """Ctrl-C is heard after the batch under way: training ends there, then KeyboardInterrupt."""

    def on_train_begin(self, model: EpyNN) -> None:
        self.came = False
        self.before: Any = None
        if threading.current_thread() is threading.main_thread():      # signals are for it only
            if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
                self.before = signal.signal(signal.SIGINT, self.hear)

    def hear(self, *_: Any) -> None:
        self.came = True

    def on_batch_end(self, model: EpyNN) -> None:
        if self.came:
            model.stop_training = True

    on_epoch_end = on_batch_end

    def on_train_end(self, model: EpyNN) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)
        if self.came:                   # after the last batch too: too late for training to end
            raise KeyboardInterrupt
