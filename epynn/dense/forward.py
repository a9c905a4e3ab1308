"""How does X become A in a Dense layer?"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from epynn.dense.models import Dense


def dense_forward(layer: Dense, X: Any) -> np.ndarray:
    """A = f(X W + b), shape (m, ..., u)."""
    p, fc = layer.p, layer.fc

    # (1) Weighted sum of the features, one for each unit
    Z = X @ p['W'] + p['b']                                 # (m, ..., n) -> (m, ..., u)

    # (2) Activation
    A = layer.activate(Z)

    fc['X'], fc['Z'], fc['A'] = X, Z, A
    return A
