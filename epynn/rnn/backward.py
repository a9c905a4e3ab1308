"""How does dL/dA become dL/dX in an RNN?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.rnn.models import RNN


def rnn_backward(layer: RNN, dA: np.ndarray) -> np.ndarray | None:
    """Backpropagation through time, dL/dX of shape (m, s, e)."""
    p, fc, bc = layer.p, layer.fc.time_first, layer.bc

    # (4) The derivative of f waits for no other step: all steps at once
    h_by_h_ = layer.derivative('activate', fc['h_'], fc['h'])               # (s, m, u)

    # (3) Time runs backward: dhn comes from the next step, dhp goes to the one before
    dA = layer.output_gradients(dA)
    dh_, = layer.keep(bc, 'dh_')
    state, dhp, dhn = layer.keep_state(bc, 'dhp', 'dhn')

    for s in layer.steps(bc, state):
        # (4s) State: the next layer and the next step depend on it
        dh_[s] = (dA[s] + dhn[s]) * h_by_h_[s]
        dhp[s] = dh_[s].dot(p['V'].T)

    if not layer.needs_dX:
        return None

    # (2) The input's share, all steps at once
    dX = dh_ @ p['U'].T                                     # (s, m, u) -> (s, m, e)

    # (1) Samples first again
    return layer.input_gradients(dX)                        # (s, m, e) -> (m, s, e)
