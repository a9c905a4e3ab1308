"""How does X become A in Pooling?"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.images import output_size, window_slices

if TYPE_CHECKING:
    from epynn.pooling.models import Pooling

PAIRWISE = {'max': np.maximum, 'min': np.minimum, 'mean': np.add}


def pooling_forward(layer: Pooling, X: np.ndarray) -> np.ndarray:
    """One number for each window and depth, shape (m, oh, ow, d)."""
    fc, d, pool = layer.fc, layer.d, layer.pool
    window, strides = layer.pool_size, layer.steps

    # (1) Place by place in the window, at all positions at once
    d['oh'], d['ow'] = output_size(layer.title, X.shape[1:3], window, strides)
    places = [pixels for _, _, pixels in window_slices(window, strides, (d['oh'], d['ow']))]

    # (2) The largest so far, the smallest, or the sum; or what another function makes of them all
    if callable(pool):
        A = pool(stacked(X, places), axis=-1)               # (m, h, w, d) -> (m, oh, ow, d)
    else:
        A = X[places[0]].copy()
        for pixels in places[1:]:
            PAIRWISE[pool](A, X[pixels], out=A)
    if pool == 'mean':
        A /= len(places)

    fc['X'], fc['A'] = X, A
    return A


def stacked(X: np.ndarray, places: list[Any]) -> np.ndarray:
    """The pixels of each window side by side, (m, oh, ow, d, places)."""
    return np.stack([X[pixels] for pixels in places], axis=-1)
