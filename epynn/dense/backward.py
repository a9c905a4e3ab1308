"""How does dL/dA become dL/dX in a Dense layer?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.dense.models import Dense


def dense_backward(layer: Dense, dA: np.ndarray) -> np.ndarray | None:
    """dL/dX, shape (m, ..., n)."""
    p, fc, bc = layer.p, layer.fc, layer.bc

    # (2) Activation: dA times the derivative of f at Z
    dZ = layer.chain('activate', dA, fc['Z'], fc['A'])      # (m, ..., u)

    bc['dA'], bc['dZ'] = dA, dZ
    if not layer.needs_dX:
        return None

    # (1) Each feature reached every unit, through its weights
    dX = bc['dX'] = dZ @ p['W'].T                           # (m, ..., u) -> (m, ..., n)
    return dX
