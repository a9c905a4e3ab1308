"""What exists before the first step of an LSTM?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.lstm.models import LSTM


GATES = ('f', 'i', 'g', 'o')            # forget gate, input gate, candidate, output gate


def lstm_initialize_parameters(layer: LSTM) -> None:
    """Random weights, drawn gate by gate in the order U, V; biases of zero."""
    shapes = layer.compute_shapes()
    for gate in GATES:
        for weight in (f'U{gate}', f'V{gate}'):
            layer.p[weight] = layer.initialization(shapes[weight], rng=layer.rng)
        layer.p[f'b{gate}'] = np.zeros(shapes[f'b{gate}'])
