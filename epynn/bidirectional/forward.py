"""How does X become A in a bidirectional layer?"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from epynn.bidirectional.models import Bidirectional

MERGES = ('concat', 'sum', 'mean', 'mul')


def bidirectional_forward(layer: Bidirectional, X: Any) -> np.ndarray:
    """The states of both directions, shape (m, s, 2 u), or (m, 2 u) of their last steps."""
    fc, lengths, sequences = layer.fc, layer.lengths, layer.layer.sequences

    # (1) Each sample from its last step to its first
    Xr = in_reverse(X, lengths)                             # (m, s, e)

    # (2) One layer reads forward, the other backward
    h = layer.layer.forward(X, lengths)                     # (m, s, e) -> (m, s, u) or (m, u)
    hr = layer.reverse.forward(Xr, lengths)

    # (3) States of one step side by side
    hr = in_reverse(hr, lengths) if sequences else hr

    # (4) One output of two
    if layer.merge == 'concat':
        A = np.concatenate([h, hr], axis=-1)                # (m, s, u) (m, s, u) -> (m, s, 2 u)
    elif layer.merge == 'mul':
        A = h * hr
    else:
        A = h + hr if layer.merge == 'sum' else (h + hr) / 2

    fc['X'], fc['h'], fc['hr'], fc['A'] = X, h, hr, A
    return A


def in_reverse(A: Any, lengths: np.ndarray | None) -> Any:
    """Each sample of A (m, s, ...) reversed within its own length, which twice is A again."""
    if lengths is None:
        return A[:, ::-1]
    t, n = np.arange(A.shape[1]), lengths[:, np.newaxis]
    steps = np.where(t < n, n - 1 - t, t)                   # (m, s), padding stays at the end
    return A[np.arange(len(A))[:, np.newaxis], steps]
