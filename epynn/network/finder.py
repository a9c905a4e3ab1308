"""Which learning rate? The range test: train at rising rates, and look where the loss falls."""
from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.arguments import explained
from epynn.commons.checks import positive_integer, shown
from epynn.display.plot import plot_learning_rates
from epynn.network.callbacks import Callback, number
from epynn.network.loss import model_loss

if TYPE_CHECKING:
    from epynn.network.models import EpyNN

LEAST_UPDATES = 10
RISE = 4                                # times the least loss: it has grown too large
SMOOTHED_OVER = 20                      # that part of all updates is averaged over


class LearningRateFinder(Callback):
    """The range test: train at rates that rise from update to update (Smith, 2017).

    At rates that are too small the loss stays where it is; then it falls; then, where they are too
    large, it rises. A good learning rate is where the loss falls most steeply, or somewhat less.
    With fewer than about a hundred updates, or noisy losses, the plot says more than the number.

    ``run`` trains a copy, and leaves the network as it is. Given to ``train`` as any other callback
    the network itself learns at these rates, from ``low`` in the first to ``high`` in the last
    update. All layers learn at the same rate, but those whose own learning rate is 0, which stay
    as they are.

    Parameters
    ----------
    low, high : float
        Learning rates of the first and of the last update.

    Attributes
    ----------
    rates : list of float
        Learning rate of each update.
    losses : list of float
        Loss of the batch before each update.

    Raises
    ------
    ValueError
        Where the rates are no positive numbers, or do not rise.

    References
    ----------
    Smith, L. N. (2017). Cyclical learning rates for training neural networks. WACV.

    Examples
    --------
    >>> from epynn import LearningRateFinder
    >>> finder = LearningRateFinder().run(model, epochs=3)          # doctest: +SKIP
    >>> finder.suggestion                                           # doctest: +SKIP
    0.021
    >>> finder.plot()                                               # doctest: +SKIP
    """

    @explained
    def __init__(self, low: float = 1e-6, high: float = 10) -> None:
        self.low, self.high = (number('LearningRateFinder', name, rate, lambda v: v > 0,
                                      'a number above 0')
                               for name, rate in (('low', low), ('high', high)))
        if not self.low < self.high:
            raise ValueError('LearningRateFinder expects low to be less than high, got '
                             f'low={low} and high={high}')
        self.rates: list[float] = []
        self.losses: list[float] = []

    plot = plot_learning_rates

    @explained
    def run(self, model: EpyNN, epochs: int = 1) -> LearningRateFinder:
        """Train a copy of a network, which ends where the loss has grown too large.

        That is where it is 4 times its least, or not finite. The copy shares the data, and draws
        what the network would draw next. The network itself is left as it is, to the last bit.

        Parameters
        ----------
        model : EpyNN
            Initialized.
        epochs : int, default 1
            Epochs over which the rates rise from low to high.

        Returns
        -------
        LearningRateFinder
            Itself.

        Raises
        ------
        RuntimeError
            If the network was never initialized.
        ValueError
            Where there are no data, or less than 10 updates.
        """
        if not hasattr(model, 'check_ready'):
            raise ValueError(f'LearningRateFinder expects a network to run, got {shown(model)}')
        epochs = positive_integer('run', 'epochs', epochs)
        model.check_ready('look for a learning rate')
        copy = copy_to_train(model)
        try:
            copy.train(epochs, verbose=0, callbacks=[self])
        except FloatingPointError:
            pass                                        # the rate was too large: the end
        return self

    def on_train_begin(self, model: EpyNN) -> None:
        self.rates, self.losses, self.message = [], [], ''
        batches = len(model.embedding.batches())
        self.updates = (model.epochs - model.e) * batches - model.batch
        if self.updates < LEAST_UPDATES:
            raise ValueError(f'LearningRateFinder expects {LEAST_UPDATES} updates or more, got '
                             f'{self.updates}, in {model.epochs - model.e} epochs of {batches} '
                             'batches: take more epochs, or smaller batches, Embedding(X, Y, '
                             'batch_size=...)')
        self.memory = 1 - 1 / max(1, self.updates / SMOOTHED_OVER)
        self.mean = self.weight = 0.0
        self.least = np.inf

    def on_forward(self, model: EpyNN) -> None:
        batch, i = model.minibatch, len(self.rates)
        assert batch is not None and batch.A is not None        # it has gone forward
        loss = model_loss(model, batch)
        rate = self.low * (self.high / self.low)**(i / (self.updates - 1))
        for layer in model.walk():
            if layer.se_hPars.maps[0].get('learning_rate') != 0:
                layer.lrate[model.e] = rate
        if self.has_risen(loss):
            model.stop_training = True
        else:
            self.rates.append(rate)
            self.losses.append(loss)

    def has_risen(self, loss: float) -> bool:
        """Whether the running mean of the losses is too far above its least, or not finite."""
        self.mean = self.memory * self.mean + (1 - self.memory) * loss
        self.weight = self.memory * self.weight + 1 - self.memory
        mean = self.mean / self.weight
        enough = len(self.losses) >= max(LEAST_UPDATES, self.updates / SMOOTHED_OVER)
        if not np.isfinite(loss) or (enough and mean - self.least > (RISE - 1) * abs(self.least)):
            return True
        self.least = min(self.least, mean)
        return False

    def on_train_end(self, model: EpyNN) -> None:
        if len(self.rates) > 1 and self.suggestion:
            self.message = f'LearningRateFinder suggests a learning rate of {self.suggestion:.2g}.'

    @property
    def smoothed(self) -> np.ndarray:
        """The losses, each a weighted mean of its neighbours, none larger than at the beginning."""
        from scipy.ndimage import gaussian_filter1d  # slow to import, and rarely needed

        if len(self.losses) < 2:
            raise RuntimeError('LearningRateFinder has no losses yet: call run(model) first')
        losses = np.array(self.losses)
        # Where the rate is too large losses jump, and one jump would hide what is beside it
        most = losses[:max(LEAST_UPDATES, self.updates // 10)].max()
        return gaussian_filter1d(np.minimum(losses, most), self.updates / SMOOTHED_OVER)

    @property
    def suggestion(self) -> float | None:
        """The rate at which the smoothed loss falls most steeply; None where it never falls."""
        slopes = np.gradient(self.smoothed, np.log(self.rates))
        return self.rates[int(slopes.argmin())] if slopes.min() < 0 else None


def copy_to_train(model: EpyNN) -> Any:
    """A copy of a network that can be trained without a trace, and shares its data."""
    memo: dict[int, Any] = {}
    for dset in (model.embedding.dtrain, model.embedding.dval, model.embedding.dtest):
        for array in (dset.inputs, dset.Y, dset.ids, dset.lengths, dset.weights, dset.A, dset.P):
            memo[id(array)] = array
    for layer in model.walk():
        for cache in (layer.fc, layer.bc, layer.g):     # made anew by the first batch
            memo[id(cache)] = {}
    return deepcopy(model, memo)
