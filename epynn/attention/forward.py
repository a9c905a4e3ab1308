"""How does X become A in attention, and in a positional encoding?"""
from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from epynn.attention.initialization import sinusoids

if TYPE_CHECKING:
    from epynn.attention.models import Attention, PositionalEncoding


def attention_forward(layer: Attention, X: np.ndarray) -> np.ndarray:
    """Each step as a weighted mean of what all steps have to say, shape (m, s, u)."""
    p, fc = layer.p, layer.fc

    # (1) What each step looks for, what it is found by, and what it has to say
    Q, K, V = (layer.split(X @ p[W]) for W in ('Wq', 'Wk', 'Wv'))   # (m, s, e) -> (m, heads, s, c)
    H = np.empty(Q.shape, Q.dtype)

    for queries in layer.blocks():
        # (2) How well each query and each key fit: their product
        S = Q[:, :, queries] @ K.swapaxes(2, 3)             # (m, heads, s, c) -> (m, heads, s, s)
        S /= math.sqrt(Q.shape[-1])
        if (hidden := layer.hidden(queries)) is not None:
            np.copyto(S, -np.inf, where=hidden)

        # (3) As weights that add up to 1: softmax over the keys. What is hidden has exactly 0
        S -= S.max(axis=-1, keepdims=True)
        P = np.exp(S, out=S)
        P /= P.sum(axis=-1, keepdims=True)

        # (4) The mean of the values, by these weights
        H[:, :, queries] = P @ V                            # (m, heads, s, s) -> (m, heads, s, c)

    # (5) The heads side by side, mixed
    H = layer.join(H)                                       # (m, heads, s, c) -> (m, s, u)
    A = H @ p['Wo']
    if (padding := layer.padding()) is not None:
        A[padding] = 0

    fc['X'], fc['Q'], fc['K'], fc['V'], fc['P'], fc['H'], fc['A'] = X, Q, K, V, P, H, A
    return A


def positional_forward(layer: PositionalEncoding, X: np.ndarray) -> np.ndarray:
    """A = X + E, of the steps that there are, shape (m, s, e)."""
    s, e = X.shape[1:]
    if layer.learned and s > len(layer.p['E']):
        raise ValueError(f'{layer.title} expects sequences of {len(layer.p["E"])} steps or less, '
                         f'for which it has an encoding, got {s}: give it more steps')

    # (1) Where each step is
    E = layer.p['E'][:s] if layer.learned else sinusoids(s, e).astype(layer.dtype)      # (s, e)

    # (2) Added to what it is
    A = X + E
    if (padding := layer.padding()) is not None:
        A[padding] = 0

    layer.fc['X'], layer.fc['A'] = X, A
    return A
