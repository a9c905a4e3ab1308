"""What exists before the first step of a GRU?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.gru.models import GRU


GATES = ('z', 'r', 'hh')                # update gate, reset gate, candidate state


def gru_initialize_parameters(layer: GRU) -> None:
    """Random weights, drawn gate by gate in the order U, V; biases of zero."""
    shapes = layer.compute_shapes()
    for gate in GATES:
        for weight in (f'U{gate}', f'V{gate}'):
            layer.p[weight] = layer.initialization(shapes[weight], rng=layer.rng)
        layer.p[f'b{gate}'] = np.zeros(shapes[f'b{gate}'])
