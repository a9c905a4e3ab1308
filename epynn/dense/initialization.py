"""What exists before the first step of a Dense layer?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.dense.models import Dense


def dense_initialize_parameters(layer: Dense) -> None:
    """Random weights, so that units differ; biases of zero."""
    shapes = layer.compute_shapes()
    layer.p['W'] = layer.initialization(shapes['W'], rng=layer.rng)
    layer.p['b'] = np.zeros(shapes['b'])
