"""What is Dropout?"""
from __future__ import annotations

import numbers
from typing import Any

from epynn.commons.arguments import Argument
from epynn.commons.models import Layer
from epynn.dropout.backward import dropout_backward
from epynn.dropout.forward import dropout_forward


def probability(owner: str, name: str, value: Any) -> float:
    """A check: a probability that leaves something, 0 or more and below 1."""
    if not isinstance(value, numbers.Real) or not 0 <= float(value) < 1:
        raise ValueError(f'{owner} expects {name} to be a probability, 0 or more and below 1, got '
                         f'{value!r}: {owner}(0.5) drops half of the features')
    return float(value)


def integers(owner: str, name: str, value: Any) -> tuple[int, ...]:
    """A check: an integer or several, as a tuple."""
    values = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    if not all(isinstance(a, numbers.Integral) for a in values):
        raise ValueError(f'{owner} expects {name} to be an integer or several, got {value!r}')
    return tuple(int(a) for a in values)


class Dropout(Layer):
    """While training, a random share of the features is set to zero (Srivastava et al., 2014).

    .. math::
        A = \\frac{X D}{1 - p}, \\qquad D = [\\, U > p \\,], \\quad U \\sim \\mathrm{uniform}(0, 1)

    What is kept is scaled up, so that the next layer receives as much as without Dropout. In
    evaluation and prediction, A = X. It learns nothing.

    Parameters
    ----------
    drop_prob : float, default 0.5
        Probability p of dropping a feature, from 0 to below 1.
    axis : int or tuple of int, default ()
        Axes along which the mask is shared: with ``axis=1`` all steps of a sequence drop the
        same elements.

    Raises
    ------
    ValueError
        Where the probability is not in [0, 1), or an axis is not an integer.
    """

    letters = {'D': 'mask, 1 where kept'}

    drop_prob = Argument(probability)
    axis = Argument(integers)

    def __init__(self, drop_prob: float = 0.5, axis: int | tuple[int, ...] = ()) -> None:
        super().__init__()
        self.drop_prob, self.axis = drop_prob, axis

    forward_pass = dropout_forward
    backward_pass = dropout_backward
