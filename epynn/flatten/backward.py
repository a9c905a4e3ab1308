"""How does dL/dA become dL/dX in a Flatten layer?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.flatten.models import Flatten


def flatten_backward(layer: Flatten, dA: np.ndarray) -> np.ndarray:
    """The same gradients, in the shape of X."""
    # (1) The one axis becomes what it was
    dX = dA.reshape(layer.fc['X'].shape)                    # (m, n) -> (m, ...)

    layer.bc['dA'], layer.bc['dX'] = dA, dX
    return dX
