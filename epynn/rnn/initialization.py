"""What exists before the first step of an RNN?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.rnn.models import RNN


def rnn_initialize_parameters(layer: RNN) -> None:
    """Random weights, drawn in the order U, V; biases of zero."""
    shapes = layer.compute_shapes()
    layer.p['U'] = layer.initialization(shapes['U'], rng=layer.rng)
    layer.p['V'] = layer.initialization(shapes['V'], rng=layer.rng)
    layer.p['b'] = np.zeros(shapes['b'])
