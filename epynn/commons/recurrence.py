"""What do recurrent layers have in common? Where sequences enter, how time passes, what leaves."""
import numpy as np

from epynn.commons.checks import flag, function_named, positive_integer
from epynn.commons.maths import initializations
from epynn.commons.models import Layer
from epynn.speed.windows import cut, join, number_of_windows, sweep


class Recurrent(Layer):
    """A layer with a state that each step takes from the one before.

    Inside, arrays are laid out time first: (steps of a window, samples x windows, ...), see
    :mod:`epynn.speed.windows`. With one window that is (steps, samples, ...). ``over_time``
    gives any cached array as (samples, steps, ...).

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
    windows : int, optional
        Windows per sample; 1 is the plain loop over all steps. Chosen from the sizes by default.
    """

    axes = {'m': 'samples', 's': 'steps', 'e': 'elements'}
    fixed = ('e',)
    remedy = ('remove the Flatten before it, and give sequences: '
              'X[..., np.newaxis] makes one of each row of numbers')
    takes_one_hot = True

    def __init__(self, unit_cells, initialization, clip_gradients, sequences, windows,
                 se_hPars, **activations):
        super().__init__(se_hPars, **activations)
        self.refuse_softmax()
        name = type(self).__name__
        self.d['u'] = positive_integer(name, 'unit_cells', unit_cells)
        self.initialization = function_named(name, 'initialization', initialization,
                                             initializations, 'rng')
        self.clip_gradients = flag(name, 'clip_gradients', clip_gradients)
        self.sequences = flag(name, 'sequences', sequences)
        self.windows = windows if windows is None else positive_integer(name, 'windows', windows)
        self.restart()

    def restart(self):
        """Forget what was found out about windows."""
        self.o.update(pause=0, pauses=0)    # passes without windows, still to go and last time

    def cut(self, X):
        """Sequences (m, s, e) in windows, time first: (steps of a window, samples x windows, e)."""
        m, s, _ = X.shape
        k = self.windows or number_of_windows(m, s, self.d['u'])
        if self.windows is None and self.o['pause']:
            self.o['pause'] -= self.training        # predicting leaves training as it is
            k = 1
        self.d['k'] = min(k, s)
        return cut(X, self.d['k'])

    def steps(self, *states, backward=False):
        """The steps to compute, see :func:`epynn.speed.windows.sweep`.

        A layer that does not forget goes without windows for a while, longer each time.
        """
        walked = yield from sweep(self.d['k'], *states, backward=backward)
        if not self.training:
            return
        if walked > self.d['s'] // 2:
            self.o['pause'] = self.o['pauses'] = min(2 * self.o['pauses'] + 8, 128)
        elif self.d['k'] > 1:
            self.o['pauses'] = 0

    def room(self, x, n):
        """Room for n arrays like x (steps, samples, units), for the backward pass to find.

        Where there will be none, each step takes the place of the one before.
        """
        if self.training:
            return np.empty((n, *x.shape), x.dtype)
        A = np.empty((n, 1, *x.shape[1:]), x.dtype)
        arrays, _, *within = A.strides
        return np.lib.stride_tricks.as_strided(A, (n, *x.shape), (arrays, 0, *within))

    def ends(self):
        """Where each sample's own last step is in an array (steps, samples, windows, ...)."""
        m, s, k = (self.d[x] for x in 'msk')
        last = (np.full(m, s) if self.lengths is None else self.lengths) - 1
        steps = -(-s // k)
        return last % steps, np.arange(m), last // steps

    def clear_padding(self, *arrays):
        """Set to zero what was computed beyond the end of each sample, where lengths differ."""
        if self.lengths is None:
            return
        steps = len(arrays[0])
        t = np.arange(steps)[:, np.newaxis] + steps * np.arange(self.d['k'])        # (s, k)
        beyond = t[:, np.newaxis] >= self.lengths[:, np.newaxis]                    # (s, m, k)
        for A in arrays:
            A[beyond.reshape(steps, -1)] = 0

    def outputs(self, h):
        """What leaves the layer, of its states: all of them (m, s, u), or the last (m, u)."""
        if self.sequences:
            return join(h, self.d['m'], self.d['s'])
        return h.reshape(len(h), self.d['m'], self.d['k'], -1)[self.ends()]

    def output_gradients(self, dA):
        """Gradient by the output of each step, time first, from that by what left the layer."""
        if self.sequences:
            dA = cut(dA, self.d['k'])
            self.clear_padding(dA)
            return dA
        m, s, k, u = (self.d[x] for x in 'msku')
        dh = np.zeros((-(-s // k), m, k, u), dA.dtype)
        dh[self.ends()] = dA
        return dh.reshape(len(dh), m * k, u)

    def input_gradients(self, dX):
        """Gradient by the input as it came, (m, s, e), from one laid out time first."""
        return join(dX, self.d['m'], self.d['s'])

    def over_time(self, name):
        """A cached array, such as 'h' or 'z', as (samples, steps, units)."""
        return join({**self.bc, **self.fc}[name], self.d['m'], self.d['s'])
