"""What do the fast loops compute? The same, one sample and one step at a time."""
from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from epynn.commons.maths import tanh


def rnn_reference(p: Mapping[str, np.ndarray], X: np.ndarray,
                  dA: np.ndarray) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Forward and backward pass of an RNN with tanh, with nothing done to be fast.

    Backpropagation through time to be read from top to bottom (Werbos, 1990). Letters and numbers
    of the steps are those of ``forward.py`` and ``backward.py``, which do each step for all
    samples at once; the tests compare them with this function.

    Parameters
    ----------
    p : dict
        U (e, u), V (u, u) and b (1, u).
    X : numpy.ndarray, shape (m, s, e)
    dA : numpy.ndarray, shape (m, s, u)
        Gradient of the loss with respect to h, as the next layer gives it. Where only the last
        state leaves the layer it is zero at all other steps.

    Returns
    -------
    h : numpy.ndarray, shape (m, s, u)
        State at every step.
    dX : numpy.ndarray, shape (m, s, e)
    g : dict
        Gradients with respect to the parameters: dU (e, u), dV (u, u), db (1, u).
    """
    (m, steps, _), u = X.shape, dA.shape[-1]
    h, dX = np.zeros(dA.shape), np.zeros(X.shape)
    g = {f'd{name}': np.zeros(W.shape) for name, W in p.items()}

    for i in range(m):
        x, hp, h_ = X[i], np.zeros((steps, u)), np.zeros((steps, u))    # x is (s, e)

        # Forward, from the first step to the last. Before the first the state is zero
        for s in range(steps):
            hp[s] = h[i, s - 1] if s > 0 else 0

            # (4s) State, from the input and the state before
            h_[s] = x[s] @ p['U'] + hp[s] @ p['V'] + p['b'][0]          # (e) (e, u) -> (u)
            h[i, s] = tanh(h_[s])

        # Backward, from the last step to the first. After the last there is no next step
        dhn = np.zeros(u)
        for s in reversed(range(steps)):
            # (4s) State: the next layer and the next step depend on it
            dh = dA[i, s] + dhn                                         # (u)
            dh_ = dh * tanh(h_[s], deriv=True)

            # The input and the state before acted through their weights
            dX[i, s] = dh_ @ p['U'].T                                   # (u) (u, e) -> (e)
            dhp = dh_ @ p['V'].T

            # Parameters are the same at every step of every sample: their gradients add up
            g['dU'] += np.outer(x[s], dh_)                              # (e) (u) -> (e, u)
            g['dV'] += np.outer(hp[s], dh_)                             # (u) (u) -> (u, u)
            g['db'] += dh_

            # hp is the state of the step before, whose next step this one is
            dhn = dhp

    return h, dX, g
