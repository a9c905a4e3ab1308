"""How does a gradient change a parameter? The update rules, as their papers have them.

Every optimizer is a function ``f(W, dW, state, lrate, hPars)`` that changes a parameter W in
place, given its gradient dW, what the optimizer keeps of W from update to update (``state``, a
dict of arrays of the shape of W, empty at first), the learning rate of the epoch, and the
hyperparameters of the layer. It works element by element: a large W is updated some rows at a
time, and ``state`` then holds the same rows.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

BLOCK = 2**17                           # numbers updated at once: they stay in the cache


def SGD(W: np.ndarray, dW: Any, state: dict[str, np.ndarray], lrate: float,
        hPars: Mapping[str, Any]) -> None:
    """Gradient descent, W - lrate dL/dW, of a mini-batch (Robbins & Monro, 1951)."""
    W -= lrate * dW


Optimizer = Callable[[np.ndarray, Any, dict[str, np.ndarray], float, Mapping[str, Any]], None]
optimizers: dict[str, Optimizer] = {f.__name__: f for f in (SGD,)}


def update(optimizer: Optimizer, W: np.ndarray, dW: Any, state: dict[str, np.ndarray],
           lrate: float, hPars: Mapping[str, Any]) -> None:
    """Let an optimizer change W, some rows at a time.

    Parameters
    ----------
    optimizer : callable
    W : numpy.ndarray
        A parameter, changed in place.
    dW : numpy.ndarray, shape of W
        Its gradient, or factors of it that are multiplied row by row.
    state : dict of numpy.ndarray
        What the optimizer keeps of W; filled by the first update.
    lrate : float
    hPars : dict
        Hyperparameters of the layer.
    """
    rows = max(1, BLOCK * len(W) // W.size)
    if rows >= len(W):
        optimizer(W, dW, state, lrate, hPars)
        return
    for i in range(0, len(W), rows):
        part = {name: A[i:i + rows] for name, A in state.items()}
        optimizer(W[i:i + rows], dW[i:i + rows], part, lrate, hPars)
        for name, A in part.items():
            if name not in state:                       # the first update made it
                state[name] = np.zeros((len(W), *A.shape[1:]), A.dtype)
            if not np.may_share_memory(state[name], A):
                state[name][i:i + rows] = A
