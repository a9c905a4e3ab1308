"""What does an RNN learn, and how?"""
from __future__ import annotations

from typing import TYPE_CHECKING

from epynn.commons.maths import bias_gradient, weight_gradient

if TYPE_CHECKING:
    from epynn.rnn.models import RNN


def rnn_compute_shapes(layer: RNN) -> dict[str, tuple[int, ...]]:
    """Weights of the input (e, u) and of the state before (u, u), a bias for each unit."""
    e, u = layer.d['e'], layer.unit_cells
    return {'U': (e, u), 'V': (u, u), 'b': (1, u)}


def rnn_compute_gradients(layer: RNN) -> None:
    """``h_ = X U + hp V + b`` at every step: the same parameters, so their gradients add up."""
    fc, bc, g = layer.fc.time_first, layer.bc.time_first, layer.g

    g['dU'] = weight_gradient(fc['X'], bc['dh_'])           # (s, m, e) (s, m, u) -> (e, u)
    g['dV'] = weight_gradient(fc['hp'], bc['dh_'])          # (s, m, u) (s, m, u) -> (u, u)
    g['db'] = bias_gradient(bc['dh_'])                      # (s, m, u) -> (1, u)
