"""How does X become A in a residual block?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.residual.models import Residual


def residual_forward(layer: Residual, X: np.ndarray) -> np.ndarray:
    """A = X + f(X), shape (m, ...)."""
    fc = layer.fc

    # (1) The layers, each taking what the one before returns
    F = X
    for inner in layer.layers:
        F = inner.forward(F, layer.lengths)
    check_shape(layer, X.shape, F.shape)                    # (m, ...) -> (m, ...)

    # (2) X is added, as it came
    A = X + F

    fc['X'], fc['F'], fc['A'] = X, F, A
    return A


def check_shape(layer: Residual, before: tuple[int | None, ...],
                after: tuple[int | None, ...]) -> None:
    """An error if the layers change the shape, with what to do about it."""
    if before == after:
        return
    if before[:-1] == after[:-1]:
        n = before[-1]
        remedy = f"let the last of them return {n}, or put Dense({n}, 'identity') behind it"
    else:
        remedy = ('put sequences=True into recurrent layers in it, strides=1 and padding into '
                  'Convolution, and no Flatten')
    raise ValueError(f'{layer.title} expects its layers to return the shape that they take, '
                     f'{before}, got {after} from {layer.layers[-1].title}: {remedy}')
