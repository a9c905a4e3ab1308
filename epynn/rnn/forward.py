"""How does X become A in an RNN?"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from epynn.rnn.models import RNN


def rnn_forward(layer: RNN, X: Any) -> np.ndarray:
    """h = f(X U + hp V + b) step by step, shape (m, s, u), or (m, u) of the last step."""
    p, fc = layer.p, layer.fc

    # (1) Time first: one step of all samples is one block of memory
    X = layer.time_first(X)                                 # (m, s, e) -> (s, m, e)

    # (2) The input's share waits for no earlier step: all steps at once
    x = X @ p['U'] + p['b']                                 # (s, m, e) -> (s, m, u)

    # (3) What is kept of every step. hp is h one step late: one array, two views
    h_, = layer.keep(fc, 'h_')
    state, hp, h = layer.keep_state(fc, 'hp', 'h')

    for s in layer.steps(fc, state):
        # (4s) State, from the input and the state before. For small arrays .dot takes a third of
        # the time of @
        h_[s] = x[s] + hp[s].dot(p['V'])
        h[s] = layer.activate(h_[s])

    return layer.outputs(h)
