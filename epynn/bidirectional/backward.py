"""How does dL/dA become dL/dX in a bidirectional layer?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from epynn.bidirectional.forward import in_reverse

if TYPE_CHECKING:
    from epynn.bidirectional.models import Bidirectional


def bidirectional_backward(layer: Bidirectional, dA: np.ndarray) -> np.ndarray | None:
    """Backpropagation through time in both directions, dL/dX of shape (m, s, e)."""
    fc, bc, lengths, sequences = layer.fc, layer.bc, layer.lengths, layer.layer.sequences
    layer.layer.needs_dX = layer.reverse.needs_dX = layer.needs_dX

    # (4) Each direction has its share of dA
    if layer.merge == 'concat':
        dh, dhr = np.split(dA, 2, axis=-1)                  # (m, s, 2 u) -> (m, s, u) (m, s, u)
    elif layer.merge == 'mul':
        dh, dhr = dA * fc['hr'], dA * fc['h']
    else:
        dh = dhr = dA if layer.merge == 'sum' else dA / 2

    # (3) In the order in which the other layer read
    dhr = in_reverse(dhr, lengths) if sequences else dhr

    # (2) Time runs backward in the one, and so forward in the other
    dX = layer.layer.backward(dh)                           # (m, s, u) -> (m, s, e)
    dXr = layer.reverse.backward(dhr)

    bc['dA'] = dA
    if not layer.needs_dX:
        return None

    # (1) Both read X: two gradients add up
    dX = bc['dX'] = dX + in_reverse(dXr, lengths)
    return dX
