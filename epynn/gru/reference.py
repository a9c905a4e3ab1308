"""What do the fast loops compute? The same, one sample and one step at a time."""
from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from epynn.commons.maths import sigmoid, tanh


def gru_reference(p: Mapping[str, np.ndarray], X: np.ndarray,
                  dA: np.ndarray) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Forward and backward pass of a GRU with sigmoid and tanh, with nothing done to be fast.

    Backpropagation through time to be read from top to bottom (Werbos, 1990). Letters and numbers
    of the steps are those of ``forward.py`` and ``backward.py``, which do each step for all
    samples at once; the tests compare them with this function.

    Parameters
    ----------
    p : dict
        U (e, u), V (u, u) and b (1, u) of each gate: z, r and hh.
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
        Gradients with respect to the parameters: dU (e, u), dV (u, u), db (1, u) of each gate.
    """
    (m, steps, _), u = X.shape, dA.shape[-1]
    h, dX = np.zeros(dA.shape), np.zeros(X.shape)
    g = {f'd{name}': np.zeros(W.shape) for name, W in p.items()}

    for i in range(m):
        x = X[i]                                                        # (s, e)
        hp, z_, z, r_, r, hh_, hh = (np.zeros((steps, u)) for _ in range(7))

        # Forward, from the first step to the last. Before the first the state is zero
        for s in range(steps):
            hp[s] = h[i, s - 1] if s > 0 else 0

            # (4s) Update gate: how much stays as it was
            z_[s] = x[s] @ p['Uz'] + hp[s] @ p['Vz'] + p['bz'][0]       # (e) (e, u) -> (u)
            z[s] = sigmoid(z_[s])

            # (5s) Reset gate: how much of the state before is seen
            r_[s] = x[s] @ p['Ur'] + hp[s] @ p['Vr'] + p['br'][0]
            r[s] = sigmoid(r_[s])

            # (6s) Candidate state: what the new state could be
            hh_[s] = x[s] @ p['Uhh'] + (r[s] * hp[s]) @ p['Vhh'] + p['bhh'][0]
            hh[s] = tanh(hh_[s])

            # (7s) Hidden state
            h[i, s] = z[s] * hp[s] + (1 - z[s]) * hh[s]

        # Backward, from the last step to the first. After the last there is no next step
        dhn = np.zeros(u)
        for s in reversed(range(steps)):
            # (7s) Hidden state: the next layer and the next step depend on it
            dh = dA[i, s] + dhn                                         # (u)

            # (6s) Candidate state, and r * hp in it
            dhh_ = dh * (1 - z[s]) * tanh(hh_[s], deriv=True)
            drhp = dhh_ @ p['Vhh'].T

            # (5s) Reset gate
            dr_ = drhp * hp[s] * sigmoid(r_[s], deriv=True)

            # (4s) Update gate
            dz_ = dh * (hp[s] - hh[s]) * sigmoid(z_[s], deriv=True)

            # The input acted in all three gates
            dX[i, s] = dz_ @ p['Uz'].T + dr_ @ p['Ur'].T + dhh_ @ p['Uhh'].T        # (e)

            # hp acts in h, in r * hp, in r and in z: four gradients add up
            dhp = dh * z[s] + drhp * r[s] + dr_ @ p['Vr'].T + dz_ @ p['Vz'].T

            # Parameters are the same at every step of every sample: their gradients add up
            for gate, seen, d_ in (('z', hp[s], dz_), ('r', hp[s], dr_),
                                   ('hh', r[s] * hp[s], dhh_)):
                g[f'dU{gate}'] += np.outer(x[s], d_)                    # (e) (u) -> (e, u)
                g[f'dV{gate}'] += np.outer(seen, d_)                    # (u) (u) -> (u, u)
                g[f'db{gate}'] += d_

            # hp is the state of the step before, whose next step this one is
            dhn = dhp

    return h, dX, g
