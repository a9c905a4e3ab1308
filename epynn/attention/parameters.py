"""What do attention and a positional encoding learn, and how?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from epynn.commons.maths import weight_gradient

if TYPE_CHECKING:
    from epynn.attention.models import Attention, PositionalEncoding


def attention_compute_shapes(layer: Attention) -> dict[str, tuple[int, ...]]:
    """Weights (e, u) of queries, keys and values, and (u, u) of the output."""
    e = layer.d['e']
    u = layer.units or e
    if u % layer.heads:
        raise ValueError(f'{layer.title} expects as many units as elements, {e}, to be a multiple '
                         f'of its heads, {layer.heads}: give units, such as '
                         f'units={layer.heads * max(1, round(u / layer.heads))}')
    return {'Wq': (e, u), 'Wk': (e, u), 'Wv': (e, u), 'Wo': (u, u)}


def attention_compute_gradients(layer: Attention) -> None:
    """Each is a product with weights, such as Q = X Wq: gradients add up over samples and steps."""
    fc, bc, g = layer.fc, layer.bc, layer.g

    g['dWq'] = weight_gradient(fc['X'], bc['dQ'])           # (m, s, e) (m, s, u) -> (e, u)
    g['dWk'] = weight_gradient(fc['X'], bc['dK'])
    g['dWv'] = weight_gradient(fc['X'], bc['dV'])
    g['dWo'] = weight_gradient(fc['H'], bc['dA'])           # (u, u)


def positional_compute_shapes(layer: PositionalEncoding) -> dict[str, tuple[int, ...]]:
    """Of a learned encoding, what is added to each element of each step."""
    if layer.steps is None:
        return {}
    return {'E': (layer.steps, layer.d['e'])}


def positional_compute_gradients(layer: PositionalEncoding) -> None:
    """A = X + E, so dL/dE = dA, summed over the samples; 0 for steps that none of them has."""
    if layer.learned:
        dE = np.zeros(layer.p['E'].shape, layer.bc['dX'].dtype)
        dE[:layer.d['s']] = layer.bc['dX'].sum(axis=0)      # (m, s, e) -> (s, e)
        layer.g['dE'] = dE
