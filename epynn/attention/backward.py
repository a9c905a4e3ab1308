"""How does dL/dA become dL/dX in attention, and in a positional encoding?"""
from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from epynn.commons.maths import softmax_chain

if TYPE_CHECKING:
    from epynn.attention.models import Attention, PositionalEncoding


def attention_backward(layer: Attention, dA: np.ndarray) -> np.ndarray | None:
    """dL/dX, shape (m, s, e)."""
    p, fc, bc = layer.p, layer.fc, layer.bc
    Q, K, V, P = (fc[name] for name in 'QKVP')

    # (5) Each of the means reached every unit of the output; what is padding reached nothing
    if (padding := layer.padding()) is not None:
        dA = np.where(padding[..., np.newaxis], 0, dA)
    dH = layer.split(dA @ p['Wo'].T)                        # (m, s, u) -> (m, heads, s, c)

    # (4) H = P V, a product of two things that both depend on X
    dP = dH @ V.swapaxes(2, 3)                              # (m, heads, s, s)
    dV = P.swapaxes(2, 3) @ dH                              # (m, heads, s, c)

    # (3) Softmax: a weight grows at the cost of all others of its query
    dS = softmax_chain(dP, P)                               # (m, heads, s, s)

    # (2) S = Q K^T / sqrt(c), a product too
    dS /= math.sqrt(Q.shape[-1])
    dQ, dK = dS @ K, dS.swapaxes(2, 3) @ Q                  # (m, heads, s, c)

    dQ, dK, dV = (layer.join(d) for d in (dQ, dK, dV))      # (m, heads, s, c) -> (m, s, u)
    bc['dA'], bc['dQ'], bc['dK'], bc['dV'] = dA, dQ, dK, dV
    if not layer.needs_dX:
        return None

    # (1) X acted as query, as key and as value: three gradients add up
    dX = bc['dX'] = dQ @ p['Wq'].T + dK @ p['Wk'].T + dV @ p['Wv'].T    # (m, s, u) -> (m, s, e)
    return dX


def positional_backward(layer: PositionalEncoding, dA: np.ndarray) -> np.ndarray:
    """dL/dX, shape (m, s, e): that of the output, because A = X + E."""
    # (2) Added
    dX = dA
    if (padding := layer.padding()) is not None:
        dX = np.where(padding[..., np.newaxis], 0, dA)

    layer.bc['dA'], layer.bc['dX'] = dA, dX
    return dX
