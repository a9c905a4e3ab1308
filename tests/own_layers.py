"""Layers of one's own, as a user of the library might write them: of layers, and of buffers."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from epynn import Layer


class Shortcut(Layer):
    """What some layers make of X, added to X itself (He et al., 2016).

    .. math:: A = X + f(X)

    Parameters
    ----------
    layers : list of Layer
        One after the other they are f; the last gives as many features as the first takes.
    """

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__()
        self.layers = layers

    def forward_pass(layer, X: np.ndarray) -> np.ndarray:
        F = X
        for inner in layer.layers:
            F = inner.forward(F, layer.lengths)
        A = X + F

        layer.fc['X'], layer.fc['A'] = X, A
        return A

    def backward_pass(layer, dA: np.ndarray) -> np.ndarray:
        dF = dA
        for inner in reversed(layer.layers):
            dF = inner.backward(dF)
        dX = dA + dF

        layer.bc['dA'], layer.bc['dX'] = dA, dX
        return dX


class RunningMean(Layer):
    """Subtracts a running mean of the batches before, which each batch of training then updates.

    .. math:: A = X - \\mu, \\qquad \\mu \\leftarrow (1 - r) \\mu + r \\bar{X}

    So it does not depend on X, and dX = dA. In evaluation the mean stays as it is.

    Parameters
    ----------
    rate : float, default 0.1
        Weight r of the batch in the mean.
    """

    axes = {'m': 'samples', 'n': 'features'}
    fixed_axes = ('n',)

    def __init__(self, rate: float = 0.1) -> None:
        super().__init__()
        self.rate = rate

    def initialize_parameters(layer) -> None:
        layer.buffers['mean'] = np.zeros((1, layer.d['n']))

    def forward_pass(layer, X: np.ndarray) -> np.ndarray:
        mean = layer.buffers['mean']
        A = X - mean
        if layer.training:
            layer.buffers['mean'] = ((1 - layer.rate) * mean
                                     + layer.rate * X.mean(axis=0, keepdims=True))

        layer.fc['A'] = A
        return A

    def backward_pass(layer, dA: np.ndarray) -> np.ndarray:
        dX = dA

        layer.bc['dA'], layer.bc['dX'] = dA, dX
        return dX


OWN_LAYERS: dict[str, Any] = {'Shortcut': Shortcut, 'RunningMean': RunningMean}
