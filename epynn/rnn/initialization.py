"""What exists before the first step of an RNN?"""
from __future__ import annotations

import numpy as np

from epynn.commons.recurrence import Recurrent


def rnn_initialize_parameters(layer: Recurrent) -> None:
    """Random weights, drawn in the order U, V; biases of zero."""
    shapes = layer.compute_shapes()
    layer.p['U'] = layer.initialization(shapes['U'], rng=layer.rng)
    layer.p['V'] = layer.initialization(shapes['V'], rng=layer.rng)
    layer.p['b'] = np.zeros(shapes['b'])
