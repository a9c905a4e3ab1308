"""What may happen beside training? Callbacks: stop early, write files, follow, adapt the rate.

A callback is told when training, an epoch or a batch begins or ends. It looks at the network, and
may set ``model.stop_training``. One of your own::

    class Goal(Callback):
        \"\"\"End training when the validation loss is small enough.\"\"\"

        def __init__(self, loss):
            self.loss = loss

        def on_epoch_end(self, model):
            if model.metrics[model.loss][1][-1] < self.loss:
                model.stop_training = True

    model.train(100, callbacks=[Goal(0.1)])

What ``train`` arranges by itself is in :mod:`epynn.network.watch`.
"""
from __future__ import annotations

import csv
import math
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.arguments import explained
from epynn.commons.checks import flag, one_of, positive_integer, shown
from epynn.commons.library import as_path
from epynn.commons.loss import losses
from epynn.commons.metrics import metrics, of_outputs
from epynn.commons.words import SAME, hint
from epynn.network.hyperparameters import model_learning_rates

if TYPE_CHECKING:
    from epynn.network.models import EpyNN

SETS = ('dtrain', 'dval', 'dtest')
LOWER_IS_BETTER = {*losses, 'RMSE'}


class Callback:
    """What is told of training; each method does nothing until a subclass says otherwise.

    In all of them ``model.e`` and ``model.batch`` count the epochs and batches that are done.

    Attributes
    ----------
    message : str
        What ``train`` prints below its table, unless it is silent.
    """

    message: str = ''

    def on_train_begin(self, model: EpyNN) -> None:
        """Before the first epoch."""

    def on_epoch_begin(self, model: EpyNN) -> None:
        """Before the first batch of an epoch, or the first after an interrupt."""

    def on_forward(self, model: EpyNN) -> None:
        """After the forward pass of a batch: ``model.minibatch`` has inputs, Y and A. What is
        raised here leaves the parameters as they were."""

    def on_batch_end(self, model: EpyNN) -> None:
        """After the update that follows from a batch."""

    def on_epoch_end(self, model: EpyNN) -> None:
        """After the evaluation of an epoch; ``model.metrics`` has its values."""

    def on_error(self, model: EpyNN, error: BaseException) -> None:
        """Before ``on_train_end``, where an error or an interrupt ends training."""

    def on_train_end(self, model: EpyNN) -> None:
        """After the last epoch, and after an error or an interrupt too."""


class Callbacks(Callback):
    """Several callbacks as one, told in their order; of the end in reverse."""

    def __init__(self, callbacks: Any) -> None:
        callbacks = [callbacks] if isinstance(callbacks, Callback) else callbacks
        if not np.iterable(callbacks) or not all(isinstance(c, Callback) for c in callbacks):
            raise ValueError('train expects callbacks to be a list of callbacks, instances of '
                             f'epynn.network.callbacks.Callback, got {shown(callbacks)}')
        self.callbacks: list[Callback] = list(callbacks)

    @contextmanager
    def during_training(self, model: EpyNN) -> Iterator[None]:
        """Tell all of the beginning, and whatever happens, of the end."""
        with ExitStack() as stack:
            for callback in self.callbacks:
                stack.push(partial(tell_of_the_end, callback, model))
                callback.on_train_begin(model)
            yield

    def on_epoch_begin(self, model: EpyNN) -> None:
        for callback in self.callbacks:
            callback.on_epoch_begin(model)

    def on_forward(self, model: EpyNN) -> None:
        for callback in self.callbacks:
            callback.on_forward(model)

    def on_batch_end(self, model: EpyNN) -> None:
        for callback in self.callbacks:
            callback.on_batch_end(model)

    def on_epoch_end(self, model: EpyNN) -> None:
        for callback in self.callbacks:
            callback.on_epoch_end(model)


def tell_of_the_end(callback: Callback, model: EpyNN, kind: Any, error: BaseException | None,
                    trace: Any) -> None:
    """Tell a callback that training ended, and of the error that did it, if there is one."""
    try:
        if error is not None:
            callback.on_error(model, error)
    finally:
        callback.on_train_end(model)


class Best:
    """The best value so far of a metric or loss, and for how many epochs there was no better one.

    A value is better if it is lower, for losses and RMSE, or higher, for other metrics, by more
    than ``min_delta``. A value of nan never is.

    Parameters
    ----------
    owner : str
        What errors name: the callback that looks for the best value.
    monitor : str
        'loss', the loss of the network, or the name of a metric that it follows.
    on : {'dval', 'dtrain', 'dtest'}
        The set whose values count.
    mode : {'min', 'max'}, optional
        Whether lower or higher is better, for a metric of one's own.
    min_delta : float
    """

    def __init__(self, owner: str, monitor: str, on: str, mode: str | None,
                 min_delta: float = 0) -> None:
        if not isinstance(monitor, str):
            raise ValueError(f"{owner} expects monitor to be the name of a metric, or 'loss', got "
                             f'{shown(monitor)}')
        self.owner, self.monitor, self.on = owner, monitor, one_of(owner, 'on', on, SETS)
        self.mode = None if mode is None else one_of(owner, 'mode', mode, ('min', 'max'))
        self.min_delta = number(owner, 'min_delta', min_delta, lambda v: v >= 0,
                                'a number of 0 or more')
        self.followed: dict[str, Any] | None = None     # the metrics of the network it looks at
        self.value: float | None = None
        self.epoch: int | None = None
        self.since = 0                                  # epochs without a better value

    def begin(self, model: EpyNN) -> bool:
        """Look at a network, anew if it is another one or was initialized since; whether it was."""
        self.name = model.loss if self.monitor == 'loss' else self.monitor
        if self.name not in model.metrics:
            raise self.not_followed(model)
        if not getattr(model.embedding, self.on).active:
            raise ValueError(f'{self.owner} expects samples in {self.on}, got none: split the '
                             'data, as Embedding(X, Y, relative_size=(2, 1, 1)) does, or take '
                             "on='dtrain'")
        if self.mode is None and self.name in model.functions and self.name != model.loss:
            raise ValueError(f'{self.owner} expects mode to say which values of your own metric '
                             f"{self.name} are better, mode='min' or mode='max', got None")
        lower = self.name == model.loss or self.name in LOWER_IS_BETTER
        self.sign = 1 if self.mode == 'min' or (self.mode is None and lower) else -1
        if self.followed is model.metrics:
            return False
        self.followed, self.value, self.epoch, self.since = model.metrics, None, None, 0
        return True

    def not_followed(self, model: EpyNN) -> ValueError:
        """The error for the name of a metric whose values are not known."""
        word = self.monitor
        if word.startswith('val_'):
            name = SAME.get(word[4:], word[4:])
            remedy = f"; instead: monitor={name!r}, on='dval'"
        elif word in {**metrics, **of_outputs, **losses}:
            remedy = f'; initialize(metrics=[{word!r}]) follows it'
        else:
            remedy = hint(word, ['loss', *model.metrics])
        return ValueError(f"{self.owner} expects monitor to be 'loss' or a metric that is "
                          f'followed, {", ".join(model.metrics)}, got {word!r}{remedy}')

    def improved(self, epoch: int) -> bool:
        """Count an epoch that is done; whether its value is the best so far."""
        assert self.followed is not None                # begin was called
        value = value_of(self.followed[self.name][SETS.index(self.on)], epoch)
        before = self.sign * math.inf if self.value is None else self.value
        self.since += 1
        if self.sign * (before - value) > self.min_delta:
            self.value, self.epoch, self.since = value, epoch, 0
            return True
        return False


def value_of(values: list[float], epoch: int) -> float:
    """The value of an epoch; nan where an ``evaluate`` of one's own gave none."""
    return values[epoch] if epoch < len(values) else float('nan')


def number(owner: str, name: str, value: Any, fits: Callable[[Any], bool], expected: str) -> float:
    """The value as float, or an error that says what was expected."""
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool) \
            and math.isfinite(value) and fits(value):
        return float(value)
    raise ValueError(f'{owner} expects {name} to be {expected}, got {shown(value)}')


def file_path(owner: str, path: Any) -> Path:
    """The path of a file, or an error for that of a directory."""
    path = as_path(owner, path)
    if path.is_dir():
        raise ValueError(f'{owner} expects the path of a file, got the directory {path}')
    return path


class EarlyStopping(Callback):
    """End training when a value has not become better for some epochs, and go back to the best.

    What it goes back to are the very bits that the parameters, the buffers and what the optimizer
    keeps had after the best epoch. It does so where training ends with an epoch, or because of
    numbers that are not finite. An interrupt leaves the network as it is, so that ``train`` goes
    on from there; the same object then goes on counting. Given to ``train`` again after that has
    ended it still knows the best epoch, and its patience is new. For another network, or after
    ``initialize``, it begins anew.

    It keeps a copy of all that it may go back to: of the size of the parameters, and with most
    optimizers of two or three times that; while it is made, the one before is still there.

    Parameters
    ----------
    monitor : str, default 'loss'
        The loss of the network, or the name of a metric that it follows.
    on : {'dval', 'dtrain', 'dtest'}
        The set whose values count.
    patience : int, default 10
        Epochs without a better value, after which training ends.
    min_delta : float, default 0
        A value is better by more than this.
    restore_best : bool, default True
        Whether to go back to the best epoch.
    mode : {'min', 'max'}, optional
        Whether lower or higher is better. For what the library knows it follows from the name:
        lower for losses and RMSE. A metric of one's own needs it.

    Attributes
    ----------
    best_epoch, best_value : int, float or None
    stopped_epoch : int or None
        The epoch after which patience was at its end.

    Raises
    ------
    ValueError
        Where an argument is not of its kind; and in ``train``, where the monitor is not followed
        or the set has no samples.
    """

    @explained
    def __init__(self, monitor: str = 'loss', on: str = 'dval', patience: int = 10,
                 min_delta: float = 0, restore_best: bool = True, mode: str | None = None) -> None:
        self.best = Best('EarlyStopping', monitor, on, mode, min_delta)
        self.patience = positive_integer('EarlyStopping', 'patience', patience)
        self.restore_best = flag('EarlyStopping', 'restore_best', restore_best)
        self.stopped_epoch: int | None = None
        self.kept: list[Any] = []
        self.error: BaseException | None = None
        self.interrupted = False

    @property
    def best_epoch(self) -> int | None:
        return self.best.epoch

    @property
    def best_value(self) -> float | None:
        return self.best.value

    def on_train_begin(self, model: EpyNN) -> None:
        self.message, self.stopped_epoch, self.error = '', None, None
        if self.best.begin(model):
            self.kept = []
        elif not self.interrupted:
            self.best.since = 0
        self.interrupted = True                         # until it is known to end otherwise

    def on_epoch_end(self, model: EpyNN) -> None:
        if self.best.improved(model.e - 1) and self.restore_best:
            self.kept = [deepcopy((layer.p, layer.buffers, layer.optimizer_state))
                         for layer in model.walk()]
        if self.best.since >= self.patience:
            self.stopped_epoch = model.e - 1
            model.stop_training = True

    def on_error(self, model: EpyNN, error: BaseException) -> None:
        self.error = error

    def on_train_end(self, model: EpyNN) -> None:
        at_the_end_of_an_epoch = self.error is None and model.batch == 0
        if not at_the_end_of_an_epoch and not isinstance(self.error, FloatingPointError):
            return
        self.interrupted, last = False, model.e - 1
        if self.kept:
            if self.error is not None or self.best_epoch != last:
                self.restore(model)
                with np.errstate(all='ignore'):         # as in training
                    model.evaluate()                    # outputs of each set, as they are now
        if self.best_epoch is not None:
            ended = '' if self.stopped_epoch is None else f'Stopped after epoch {last}. '
            self.message = (f'{ended}Best: epoch {self.best_epoch}, {self.best.name} on '
                            f'{self.best.on} {self.best_value:.4g}'
                            + ('; its parameters are back.' if self.kept else '.'))

    def restore(self, model: EpyNN) -> None:
        """Go back to the best epoch, as training does at its end.

        Raises
        ------
        RuntimeError
            Where there is nothing to go back to, in this network.
        """
        if not self.kept or self.best.followed is not model.metrics:
            raise RuntimeError('EarlyStopping has no epoch of this network to go back to: give it '
                               'to train(epochs, callbacks=[...]) first, with restore_best=True')
        for layer, (p, buffers, state) in zip(model.walk(), self.kept, strict=True):
            for name, W in p.items():
                layer.p[name][:] = W                    # into the array that others may hold
            layer.buffers, layer.optimizer_state = deepcopy((buffers, state))


class Checkpoint(Callback):
    """Write the network to a file after every so many epochs, or whenever it is the best so far.

    The best is the best of all epochs of the network, those before this training included.

    Parameters
    ----------
    every : int, optional
        Write after every so many epochs.
    best : bool, default False
        Write when the monitored value is the best so far.
    path : str or path-like, optional
        Where to; ``models/<uname>.npz`` by default. It is written over each time.
    monitor, on, mode
        With ``best``: whose values, see :class:`EarlyStopping`.

    Raises
    ------
    ValueError
        Where an argument is not of its kind; without ``every`` and ``best``, or with both.
    """

    @explained
    def __init__(self, every: int | None = None, best: bool = False,
                 path: str | PathLike[str] | None = None, monitor: str = 'loss', on: str = 'dval',
                 mode: str | None = None) -> None:
        if (every is None) == (flag('Checkpoint', 'best', best) is False):
            raise ValueError('Checkpoint expects every=n, to write after every n epochs, or '
                             'best=True, to write when the network is better than before, got '
                             f'every={every} and best={best}: for both, give train two '
                             'Checkpoints, each with a path')
        self.every = None if every is None else positive_integer('Checkpoint', 'every', every)
        self.path = None if path is None else file_path('Checkpoint', path)
        self.best = Best('Checkpoint', monitor, on, mode) if best else None
        if not best and (monitor, on, mode) != ('loss', 'dval', None):
            raise ValueError('Checkpoint expects monitor, on and mode with best=True only, got '
                             f'every={every}')

    def on_train_begin(self, model: EpyNN) -> None:
        if self.best and self.best.begin(model):
            for epoch in range(len(model.metrics[self.best.name][SETS.index(self.best.on)])):
                self.best.improved(epoch)

    def on_epoch_end(self, model: EpyNN) -> None:
        if self.best.improved(model.e - 1) if self.best else model.e % (self.every or 1) == 0:
            model.write() if self.path is None else model.write(self.path)


class ReduceOnPlateau(Callback):
    """Multiply the learning rate by a factor when a value has not become better for some epochs.

    The hyperparameter ``learning_rate`` itself is changed, the one of the network and those that
    layers have of their own; a schedule goes on from there. So it holds for the next ``train``
    too, and is written to a file.

    Parameters
    ----------
    monitor, on, min_delta, mode
        Whose values, and when they are better, see :class:`EarlyStopping`.
    factor : float, default 0.1
    patience : int, default 10
        Epochs without a better value, after which the rate is reduced; and again after as many
        more.
    least : float, default 0
        The rate is not made lower than this.

    Attributes
    ----------
    reductions : dict
        ``{epoch: learning rate of the network from that epoch on}``, of the last training.

    Raises
    ------
    ValueError
        Where an argument is not of its kind; and in ``train``, where the monitor is not followed
        or the set has no samples.
    """

    @explained
    def __init__(self, monitor: str = 'loss', on: str = 'dval', factor: float = 0.1,
                 patience: int = 10, min_delta: float = 0, least: float = 0,
                 mode: str | None = None) -> None:
        self.best = Best('ReduceOnPlateau', monitor, on, mode, min_delta)
        self.factor = number('ReduceOnPlateau', 'factor', factor, lambda v: 0 < v < 1,
                             'a number between 0 and 1')
        self.patience = positive_integer('ReduceOnPlateau', 'patience', patience)
        self.least = number('ReduceOnPlateau', 'least', least, lambda v: v >= 0,
                            'a number of 0 or more')
        self.reductions: dict[int, float] = {}

    def on_train_begin(self, model: EpyNN) -> None:
        self.message, self.reductions = '', {}
        self.best.begin(model)

    def on_epoch_end(self, model: EpyNN) -> None:
        if self.best.improved(model.e - 1) or self.best.since < self.patience:
            return
        self.best.since = 0
        reduced = False
        for hPars in (model.se_hPars, *(layer.se_hPars.maps[0] for layer in model.walk())):
            rate = hPars.get('learning_rate', 0)
            if rate > self.least:
                hPars['learning_rate'] = max(self.factor * rate, self.least)
                reduced = True
        if reduced:
            model_learning_rates(model)                 # those of the epochs to come
            self.reductions[model.e] = model.se_hPars['learning_rate']

    def on_train_end(self, model: EpyNN) -> None:
        if self.reductions:
            last, rate = list(self.reductions.items())[-1]
            self.message = (f'Learning rate reduced {len(self.reductions)} times, to {rate:.3g} '
                            f'after epoch {last - 1}.')


class History(Callback):
    """Write the metrics of each epoch to a file of comma-separated values, a row an epoch.

    The columns are ``epoch``, ``seconds`` (what the epoch took, its evaluation included),
    ``learning_rate`` (the largest of any layer) and then ``<metric>_<set>``, such as
    ``accuracy_dval``, for each metric and each set that has samples. A row is in the file as soon
    as its epoch is done, whatever happens to the program later. The same object goes on with its
    file in the next call of ``train``.

    Parameters
    ----------
    path : str or path-like
        Missing directories are made.
    append : bool, default False
        Whether to go on with a file that is there; else it is written anew.

    Raises
    ------
    ValueError
        Where an argument is not of its kind; and in ``train``, where the file that it should go on
        with has other columns.
    OSError
        In ``train``, where the file cannot be written.
    """

    @explained
    def __init__(self, path: str | PathLike[str], append: bool = False) -> None:
        self.path, self.append = file_path('History', path), flag('History', 'append', append)
        self.goes_on = self.append
        self.spent = 0.0                                # seconds, in the epoch under way

    def on_train_begin(self, model: EpyNN) -> None:
        self.begin, self.spent = time.perf_counter(), self.spent if model.batch else 0.0
        there = [getattr(model.embedding, name).active for name in SETS]
        self.columns = [(metric, i) for metric in model.metrics for i in range(3) if there[i]]
        header = ['epoch', 'seconds', 'learning_rate',
                  *(f'{metric}_{SETS[i]}' for metric, i in self.columns)]
        before = self.header_before() if self.goes_on else None
        if before not in (None, header):
            raise ValueError(f'History expects {self.path} to have the columns {", ".join(header)}'
                             f', as the network has them now, got {", ".join(before or [])}: give '
                             'another path')
        if before is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.write_row(header, 'w')
        self.goes_on = True

    def header_before(self) -> list[str] | None:
        """The first row of the file, or None where there is none."""
        if not self.path.exists():
            return None
        with open(self.path, newline='', encoding='utf-8') as file:
            return next(csv.reader(file), None)

    def write_row(self, row: list[Any], mode: str = 'a') -> None:
        """Write a row; closing the file hands it over to the system."""
        with open(self.path, mode, newline='', encoding='utf-8') as file:
            csv.writer(file, lineterminator='\n').writerow(row)

    def on_epoch_begin(self, model: EpyNN) -> None:
        self.begin = time.perf_counter()

    def on_epoch_end(self, model: EpyNN) -> None:
        e = model.e - 1
        self.write_row([
            e, f'{self.spent + time.perf_counter() - self.begin:.6g}',
            max((layer.lrate[e] for layer in model.walk() if layer.p), default=0.0),
            *(value_of(model.metrics[metric][i], e) for metric, i in self.columns)])
        self.spent = 0.0

    def on_train_end(self, model: EpyNN) -> None:
        if model.batch:                                 # to go on from here
            self.spent += time.perf_counter() - self.begin
