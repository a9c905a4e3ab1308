"""What do the fast loops compute? The same, one sample and one step at a time."""
from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from epynn.commons.maths import sigmoid, tanh


def lstm_reference(p: Mapping[str, np.ndarray], X: np.ndarray,
                   dA: np.ndarray) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Forward and backward pass of an LSTM with sigmoid and tanh, with nothing done to be fast.

    Backpropagation through time to be read from top to bottom (Werbos, 1990). Letters and numbers
    of the steps are those of ``forward.py`` and ``backward.py``, which do each step for all
    samples at once; the tests compare them with this function.

    Parameters
    ----------
    p : dict
        U (e, u), V (u, u) and b (1, u) of each gate: f, i, g and o.
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
    gradients = {f'd{name}': np.zeros(W.shape) for name, W in p.items()}

    for n in range(m):
        x = X[n]                                                        # (s, e)
        hp, Cp_, C_, C = (np.zeros((steps, u)) for _ in range(4))
        f_, f, i_, i, g_, g, o_, o = (np.zeros((steps, u)) for _ in range(8))

        # Forward, from the first step to the last. Before the first, state and memory are zero
        for s in range(steps):
            hp[s], Cp_[s] = (h[n, s - 1], C_[s - 1]) if s > 0 else (0, 0)

            # (4s) Forget gate: how much of the memory stays
            f_[s] = x[s] @ p['Uf'] + hp[s] @ p['Vf'] + p['bf'][0]       # (e) (e, u) -> (u)
            f[s] = sigmoid(f_[s])

            # (5s) Input gate: how much of the candidate comes in
            i_[s] = x[s] @ p['Ui'] + hp[s] @ p['Vi'] + p['bi'][0]
            i[s] = sigmoid(i_[s])

            # (6s) Candidate: what could come in
            g_[s] = x[s] @ p['Ug'] + hp[s] @ p['Vg'] + p['bg'][0]
            g[s] = tanh(g_[s])

            # (7s) Output gate: how much of the memory shows
            o_[s] = x[s] @ p['Uo'] + hp[s] @ p['Vo'] + p['bo'][0]
            o[s] = sigmoid(o_[s])

            # (8s) Memory
            C_[s] = f[s] * Cp_[s] + i[s] * g[s]
            C[s] = tanh(C_[s])

            # (9s) Hidden state
            h[n, s] = o[s] * C[s]

        # Backward, from the last step to the first. After the last there is no next step
        dhn, dCn = np.zeros(u), np.zeros(u)
        for s in reversed(range(steps)):
            # (9s) Hidden state: the next layer and the next step depend on it
            dh = dA[n, s] + dhn                                         # (u)

            # (8s) Memory: the hidden state and the next step depend on it
            dC_ = dh * o[s] * tanh(C_[s], deriv=True) + dCn

            # (7s) Output gate
            do_ = dh * C[s] * sigmoid(o_[s], deriv=True)

            # (6s) Candidate
            dg_ = dC_ * i[s] * tanh(g_[s], deriv=True)

            # (5s) Input gate
            di_ = dC_ * g[s] * sigmoid(i_[s], deriv=True)

            # (4s) Forget gate
            df_ = dC_ * Cp_[s] * sigmoid(f_[s], deriv=True)

            # The input and hp act in all four gates, Cp_ in the memory alone
            dX[n, s] = df_ @ p['Uf'].T + di_ @ p['Ui'].T + dg_ @ p['Ug'].T + do_ @ p['Uo'].T
            dhp = df_ @ p['Vf'].T + di_ @ p['Vi'].T + dg_ @ p['Vg'].T + do_ @ p['Vo'].T
            dCp_ = dC_ * f[s]

            # Parameters are the same at every step of every sample: their gradients add up
            for gate, d_ in (('f', df_), ('i', di_), ('g', dg_), ('o', do_)):
                gradients[f'dU{gate}'] += np.outer(x[s], d_)            # (e) (u) -> (e, u)
                gradients[f'dV{gate}'] += np.outer(hp[s], d_)           # (u) (u) -> (u, u)
                gradients[f'db{gate}'] += d_

            # hp and Cp_ are those of the step before, whose next step this one is
            dhn, dCn = dhp, dCp_

    return h, dX, gradients
