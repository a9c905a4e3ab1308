"""How does X become A in an LSTM?"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.lstm.initialization import GATES

if TYPE_CHECKING:
    from epynn.lstm.models import LSTM


def lstm_forward(layer: LSTM, X: Any) -> np.ndarray:
    """Gates, memory and hidden state step by step, shape (m, s, u), or (m, u) of the last."""
    p, fc = layer.p, layer.fc

    # (1) Time first: one step of all samples is one block of memory
    X = layer.time_first(X)                                 # (m, s, e) -> (s, m, e)

    # (2) The input's share of each gate waits for no earlier step: all steps at once
    xf, xi, xg, xo = (X @ p[f'U{gate}'] + p[f'b{gate}'] for gate in GATES)  # (s, m, u)

    # (3) What is kept of every step. hp is h one step late, Cp_ is C_: one array each, two views
    f_, f, i_, i, g_, g, o_, o, C = layer.keep(fc, 'f_', 'f', 'i_', 'i', 'g_', 'g', 'o_', 'o', 'C')
    h_state, hp, h = layer.keep_state(fc, 'hp', 'h')
    C_state, Cp_, C_ = layer.keep_state(fc, 'Cp_', 'C_')

    for s in layer.steps(fc, h_state, C_state):
        # (4s) Forget gate: how much of the memory stays. For small arrays .dot takes a third of
        # the time of @
        f_[s] = xf[s] + hp[s].dot(p['Vf'])
        f[s] = layer.activate_forget(f_[s])

        # (5s) Input gate: how much of the candidate comes in
        i_[s] = xi[s] + hp[s].dot(p['Vi'])
        i[s] = layer.activate_input(i_[s])

        # (6s) Candidate: what could come in
        g_[s] = xg[s] + hp[s].dot(p['Vg'])
        g[s] = layer.activate_candidate(g_[s])

        # (7s) Output gate: how much of the memory shows
        o_[s] = xo[s] + hp[s].dot(p['Vo'])
        o[s] = layer.activate_output(o_[s])

        # (8s) Memory
        C_[s] = f[s] * Cp_[s] + i[s] * g[s]
        C[s] = layer.activate(C_[s])

        # (9s) Hidden state
        h[s] = o[s] * C[s]

    return layer.outputs(h)
