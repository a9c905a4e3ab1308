"""How does dL/dA become dL/dX in Dropout?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.dropout.models import Dropout


def dropout_backward(layer: Dropout, dA: np.ndarray) -> np.ndarray:
    """The gradient of what was kept, scaled as it was; nothing for what was dropped."""
    D, keep_prob = layer.fc['D'], 1 - layer.drop_prob

    # (2) Drop and scale
    dX = dA * D / keep_prob                                 # (m, ...)

    layer.bc['dA'], layer.bc['dX'] = dA, dX
    return dX
