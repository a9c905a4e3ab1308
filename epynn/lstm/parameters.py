"""What does an LSTM learn, and how?"""
from __future__ import annotations

from typing import TYPE_CHECKING

from epynn.commons.maths import bias_gradient, weight_gradient
from epynn.lstm.initialization import GATES

if TYPE_CHECKING:
    from epynn.lstm.models import LSTM


def lstm_compute_shapes(layer: LSTM) -> dict[str, tuple[int, ...]]:
    """For each gate, weights of the input (e, u) and of the state before (u, u), and a bias."""
    e, u = layer.d['e'], layer.unit_cells
    return {name: shape for gate in GATES
            for name, shape in ((f'U{gate}', (e, u)), (f'V{gate}', (u, u)), (f'b{gate}', (1, u)))}


def lstm_compute_gradients(layer: LSTM) -> None:
    """Each gate is X U + hp V + b at every step: gradients add up over steps."""
    fc, bc, g = layer.fc.time_first, layer.bc.time_first, layer.g

    for gate in GATES:
        d_ = bc[f'd{gate}_']                                                # (s, m, u)
        g[f'dU{gate}'] = weight_gradient(fc['X'], d_)                       # (e, u)
        g[f'dV{gate}'] = weight_gradient(fc['hp'], d_)                      # (u, u)
        g[f'db{gate}'] = bias_gradient(d_)                                  # (1, u)
