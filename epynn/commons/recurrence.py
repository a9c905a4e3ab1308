"""What do recurrent layers have in common? Where sequences enter, how time passes, what leaves."""
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from epynn.commons.arguments import Argument, initialization
from epynn.commons.checks import flag, optional, positive_integer
from epynn.commons.models import Layer
from epynn.speed.windows import (
    Step,
    TimeCache,
    number_of_windows,
    samples_first,
    sweep,
    time_first,
)


class Recurrent(Layer):
    """A layer with a state that each step takes from the one before.

    To whoever looks, ``fc['h']`` and all other cached arrays are (samples, steps, units). The
    functions of the layers work on them time first: (steps of a window, samples x windows, units),
    in ``fc.time_first``, see :mod:`epynn.speed.windows`. With one window that is (steps, samples,
    units), and so the shapes in their comments say (s, m, u).

    Parameters
    ----------
    unit_cells : int
        Number of units u, the size of the state.
    initialization : callable
        ``f(shape, rng)`` for the weights.
    clip_gradients : bool
        Whether the gradients of the layer are scaled down to a common norm of 0.25.
    sequences : bool
        Whether to return the state at every step, (m, s, u), or at the last, (m, u).
    se_hPars : dict, optional
        Hyperparameters of this layer where they are not the network's.
    windows : int, optional
        Windows per sample; 1 is the plain loop over all steps. Chosen from the sizes by default.
    """

    axes = {'m': 'samples', 's': 'steps', 'e': 'elements'}
    fixed_axes = ('e',)
    remedy = ('remove the Flatten before it, or put sequences=True into the recurrent layer before '
              'it, or give sequences: X[..., np.newaxis] makes one of each row of numbers')
    remedies = {4: 'give sequences: X.reshape(*X.shape[:2], -1) makes one of the rows of an image'}
    takes_one_hot = True

    unit_cells = Argument(positive_integer)
    initialization = Argument(initialization)
    clip_gradients = Argument(flag)
    sequences = Argument(flag)
    windows = Argument(optional(positive_integer))
    fc: TimeCache
    bc: TimeCache

    def __init__(self, unit_cells: int, initialization: Callable[..., Any] | str,
                 clip_gradients: bool, sequences: bool, se_hPars: Mapping[str, Any] | None,
                 windows: int | None) -> None:
        super().__init__(se_hPars)
        self.unit_cells, self.initialization = unit_cells, initialization
        self.clip_gradients, self.sequences, self.windows = clip_gradients, sequences, windows
        self.restart()

    def restart(self) -> None:
        """Forget how well the layer forgets: passes to go without windows, and how many last."""
        self.o.update(_pause=0, _last_pause=0)

    def new_cache(self) -> TimeCache:
        """A cache for arrays that are laid out time first."""
        return TimeCache(self.d.get('m', 0), self.d.get('s', 0))

    def time_first(self, X: Any) -> Any:
        """Sequences (m, s, e) in windows, time first: (steps of a window, samples x windows, e)."""
        m, s, _ = X.shape
        k = self.windows or number_of_windows(m, s, self.unit_cells)
        if self.windows is None and self.o['_pause']:
            self.o['_pause'] -= self.training       # predicting leaves training as it is
            k = 1
        self.d['k'] = min(k, s)
        X = self.fc.time_first['X'] = time_first(X, self.d['k'])
        return X

    def keep(self, cache: TimeCache, *names: str) -> np.ndarray:
        """An array (steps, samples, units) for each name, for the loop to fill, in a cache."""
        (steps, rows), u = self.fc.time_first['X'].shape[:2], self.unit_cells
        arrays = np.empty((len(names), steps if self.training else 1, rows, u), self.dtype)
        if not self.training:       # nobody will look: each step takes the place of the one before
            strides = arrays.strides[0], 0, *arrays.strides[2:]
            arrays = np.lib.stride_tricks.as_strided(arrays, (len(names), steps, rows, u), strides)
        cache.time_first.update(zip(names, arrays, strict=True))
        return arrays

    def keep_state(self, cache: TimeCache, first: str,
                   second: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A state that is zero where time begins: (steps + 1, samples, units), and the two views
        of it that the names stand for, the second a step later than the first."""
        (steps, rows), u = self.fc.time_first['X'].shape[:2], self.unit_cells
        state = np.zeros((steps + 1, rows, u), self.dtype)
        cache.time_first.update({first: state[:-1], second: state[1:]})
        return state, state[:-1], state[1:]

    def steps(self, cache: TimeCache, *states: np.ndarray) -> Iterator[Step]:
        """The steps to compute: from the first to the last into the forward cache, from the last
        to the first into the backward cache.

        With windows a step may come twice, the second time from a better start, and it may be a
        pair (step, rows) where only one window of each sample is still open, see
        :func:`epynn.speed.windows.sweep`. As an index of arrays it does right in any case.

        Afterwards the forward cache is zero beyond the end of each sample, where lengths differ.
        A layer that does not forget goes without windows for a while, longer each time.
        """
        walked = yield from sweep(self.d['k'], *states, backward=cache is self.bc)
        if cache is self.fc:
            kept = [A for name, A in cache.time_first.items()
                    if name != 'X' and not any(A.base is state for state in states)]
            self.clear_padding(*kept, *(state[1:] for state in states))
        if not self.training:
            return
        if walked > self.d['s'] // 2:
            pause = min(2 * self.o['_last_pause'] + 8, 128)
            self.o.update(_pause=pause, _last_pause=pause)
        elif self.d['k'] > 1:
            self.o['_last_pause'] = 0

    def ends(self) -> tuple[Any, Any, Any]:
        """Where each sample's own last step is in an array (steps, samples, windows, ...)."""
        m, s, k = (self.d[x] for x in 'msk')
        last = (np.full(m, s) if self.lengths is None else self.lengths) - 1
        steps = -(-s // k)
        return last % steps, np.arange(m), last // steps

    def clear_padding(self, *arrays: np.ndarray) -> None:
        """Set to zero what was computed beyond the end of each sample, where lengths differ."""
        if self.lengths is None:
            return
        steps = len(arrays[0])
        t = np.arange(steps)[:, np.newaxis] + steps * np.arange(self.d['k'])        # (s, k)
        beyond = t[:, np.newaxis] >= self.lengths[:, np.newaxis]                    # (s, m, k)
        for A in arrays:
            A[beyond.reshape(steps, -1)] = 0

    def outputs(self, h: np.ndarray) -> np.ndarray:
        """What leaves the layer, of its states: all of them (m, s, u), or the last (m, u)."""
        if self.sequences:
            return samples_first(h, self.d['m'], self.d['s'])
        return h.reshape(len(h), self.d['m'], self.d['k'], -1)[self.ends()]

    def output_gradients(self, dA: np.ndarray) -> np.ndarray:
        """Gradient with respect to the output of each step, time first."""
        if self.sequences:
            dA = time_first(dA, self.d['k'])
            self.clear_padding(dA)
        else:
            m, s, k, u = *(self.d[x] for x in 'msk'), self.unit_cells
            dh = np.zeros((-(-s // k), m, k, u), dA.dtype)
            dh[self.ends()] = dA                            # nothing but the last step leaves
            dA = dh.reshape(len(dh), m * k, u)
        self.bc.time_first['dA'] = dA
        return dA

    def input_gradients(self, dX: np.ndarray) -> np.ndarray:
        """Gradient with respect to the input, (m, s, e), from one that is time first."""
        self.bc.time_first['dX'] = dX
        return samples_first(dX, self.d['m'], self.d['s'])
