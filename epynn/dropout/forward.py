"""How does X become A in Dropout?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from epynn.dropout.initialization import dropout_initialize_forward

if TYPE_CHECKING:
    from epynn.dropout.models import Dropout


def dropout_forward(layer: Dropout, X: np.ndarray) -> np.ndarray:
    """X with some features dropped and the others scaled up; X itself outside training."""
    if not layer.training:
        return X
    keep_prob = 1 - layer.drop_prob

    # (1) Mask of what is kept
    D = dropout_initialize_forward(layer, X.shape)          # (m, ...)

    # (2) Drop and scale
    A = X * D / keep_prob

    layer.fc['D'], layer.fc['A'] = D, A
    return A
