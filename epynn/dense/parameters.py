"""What does a Dense layer learn, and how?"""
from __future__ import annotations

from typing import TYPE_CHECKING

from epynn.commons.maths import bias_gradient, weight_gradient

if TYPE_CHECKING:
    from epynn.dense.models import Dense


def dense_compute_shapes(layer: Dense) -> dict[str, tuple[int, ...]]:
    """A weight from each of n features to each of u units; a bias for each unit."""
    n, u = layer.d['n'], layer.units
    return {'W': (n, u), 'b': (1, u)}


def dense_compute_gradients(layer: Dense) -> None:
    """Z = X W + b, so dL/dW = X.T dZ and dL/db = dZ, summed over all axes but the last."""
    X, dZ = layer.fc['X'], layer.bc['dZ']

    layer.g['dW'] = weight_gradient(X, dZ)                  # (n, m) (m, u) -> (n, u)
    layer.g['db'] = bias_gradient(dZ)                       # (m, u) -> (1, u)
