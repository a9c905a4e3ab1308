"""How does dL/dA become dL/dX in a residual block?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.residual.models import Residual


def residual_backward(layer: Residual, dA: np.ndarray) -> np.ndarray | None:
    """dL/dX, shape (m, ...)."""
    bc = layer.bc
    layer.layers[0].needs_dX = layer.needs_dX

    # (2) A sum hands dA to both of its terms: dF = dA

    # (1) The layers in reverse, each giving its input's to the one before
    dF = dA
    for inner in reversed(layer.layers):
        dF = inner.backward(dF)

    bc['dA'] = dA
    if not layer.needs_dX:
        return None

    # X acted twice, as itself and in the layers: two gradients add up
    dX = bc['dX'] = dA + dF                                 # (m, ...)
    return dX
