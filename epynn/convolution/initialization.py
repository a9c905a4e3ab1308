"""What exists before the first step of a Convolution?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.convolution.models import Convolution


def convolution_initialize_parameters(layer: Convolution) -> None:
    """Random filters, so that they differ; biases of zero."""
    shapes = layer.compute_shapes()
    layer.p['W'] = layer.initialization(shapes['W'], rng=layer.rng)
    if layer.use_bias:
        layer.p['b'] = np.zeros(shapes['b'])
