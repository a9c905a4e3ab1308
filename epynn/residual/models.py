"""What is a residual block?"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from epynn.commons.arguments import Argument
from epynn.commons.checks import shown
from epynn.commons.models import Layer
from epynn.residual.backward import residual_backward
from epynn.residual.forward import residual_forward


def list_of_layers(owner: str, name: str, value: Any) -> list[Layer]:
    """A check: one layer or more, in a list."""
    if isinstance(value, Layer):
        raise ValueError(f'{owner} expects {name} to be a list of layers, got {value!r}: put it '
                         f'into a list, {owner}([{type(value).__name__}(...)])')
    if not isinstance(value, (list, tuple)) or not value \
            or not all(isinstance(layer, Layer) for layer in value):
        raise ValueError(f'{owner} expects {name} to be a list of one layer or more, such as '
                         f"[Dense(24, 'relu'), Dense(24)], got {shown(value)}")
    return list(value)


class Residual(Layer):
    """What some layers make of X, added to X itself (He et al., 2016).

    .. math::
        F = f(X), \\qquad A = X + F

    with X, F and A of one shape, (m, ...). The layers, one after the other, are f: they learn what
    is to be changed of X, and where they have nothing to say, X passes as it is. So does the
    gradient. A layer among them may be a Residual again.

    Parameters
    ----------
    layers : list of Layer
        One or more, of which the last returns the shape that the first takes.

    Raises
    ------
    ValueError
        Where layers is not a list of layers; in the first pass, where they change the shape.
    """

    letters = {'F': 'output of the layers in it'}

    layers = Argument(list_of_layers)

    def __init__(self, layers: Sequence[Layer]) -> None:
        super().__init__()
        self.layers = layers

    forward_pass = residual_forward
    backward_pass = residual_backward
