"""How wrong is an output? The loss of each sample, and its derivatives.

Every loss is a function ``f(Y, A, deriv=False)`` of targets ``Y`` and outputs ``A``, both of
shape (m, c): the loss of each sample, shape (m,), or with ``deriv=True`` its derivative
with respect to each output, shape (m, c). With targets for each step, (m, s, c), it is the loss of
each step, (m, s), whose mean over its own steps is the loss of a sample, see
:mod:`epynn.network.loss`.

Where a logarithm or a quotient would be infinite it is held at the smallest normal number, the
same that :func:`~epynn.commons.maths.softmax` and the derivative
of :func:`~epynn.commons.maths.sigmoid` are held at: so the product of both derivatives, which is
A - Y, survives probabilities of 0 and 1.

A loss larger than all numbers, such as the squared error of an output of 1e200, is infinite, and
so may be its derivative: that is what it is, and no warning is given. Training then ends with an
error that says where it began, see ``on_nan`` of :meth:`.EpyNN.train`.
"""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

Loss = Callable[..., Any]


def of_one_shape(loss: Loss) -> Loss:
    """A loss that takes (m,) for (m, 1) and refuses other shapes: nothing is broadcast."""
    @wraps(loss)
    def checked(Y: Any, A: Any, deriv: bool = False, **options: Any) -> np.ndarray:
        if not (isinstance(Y, np.ndarray) and isinstance(A, np.ndarray) and Y.shape == A.shape
                and A.ndim > 1 and {A.dtype.kind, Y.dtype.kind} <= set('fc')):
            Y, A = as_columns(loss.__name__, Y), as_columns(loss.__name__, A)
            if Y.shape != A.shape or A.ndim < 2:
                raise ValueError(f'{loss.__name__} expects outputs of the shape of the targets, '
                                 f'{Y.shape}, got {A.shape}')
        return loss(Y, A, deriv, **options)
    return checked


def as_columns(owner: str, V: Any) -> np.ndarray:
    """Targets or outputs as floats of shape (m, c), where (m,) is (m, 1); complex ones, with which
    derivatives are checked, as they are."""
    V = np.asarray(V)
    if V.dtype.kind not in 'biufc':
        raise ValueError(f'{owner} expects targets and outputs to be numbers, got {V.dtype}')
    V = V if V.dtype.kind in 'fc' else V.astype(np.float64)
    return V[:, np.newaxis] if V.ndim == 1 else V


def _positive(A: np.ndarray) -> np.ndarray:
    """A, nowhere below the smallest normal number of its kind."""
    return np.maximum(A, np.finfo(A.dtype).tiny)


@of_one_shape
@np.errstate(over='ignore')
def MSE(Y: np.ndarray, A: np.ndarray, deriv: bool = False) -> np.ndarray:
    """Mean squared error."""
    D = A - Y
    return 2 * D / D.shape[-1] if deriv else (D**2).mean(axis=-1)


@of_one_shape
@np.errstate(over='ignore')
def MAE(Y: np.ndarray, A: np.ndarray, deriv: bool = False) -> np.ndarray:
    """Mean absolute error; at 0 its derivative is 0."""
    D = A - Y
    return np.sign(D) / D.shape[-1] if deriv else np.where(D < 0, -D, D).mean(axis=-1)


@of_one_shape
@np.errstate(over='ignore')
def Huber(Y: np.ndarray, A: np.ndarray, deriv: bool = False, delta: float = 1) -> np.ndarray:
    """Half the squared error up to ``delta``, and beyond it linear (Huber, 1964): a target that is
    far off pulls no harder than one that is off by ``delta``."""
    D = A - Y
    held = np.where(D < -delta, -delta, np.where(D > delta, delta, D))
    return held / D.shape[-1] if deriv else (held * (D - held / 2)).mean(axis=-1)


@of_one_shape
def MSLE(Y: np.ndarray, A: np.ndarray, deriv: bool = False) -> np.ndarray:
    """Mean squared logarithmic error, of log(1 + A) against log(1 + Y)."""
    one_plus_A = np.maximum(1 + A, np.finfo(A.dtype).eps)       # no logarithm below A = -1
    D = np.log(one_plus_A) - np.log1p(Y)
    return 2 * D / one_plus_A / D.shape[-1] if deriv else (D**2).mean(axis=-1)


@of_one_shape
@np.errstate(over='ignore')
def BCE(Y: np.ndarray, A: np.ndarray, deriv: bool = False) -> np.ndarray:
    """Binary cross-entropy: minus the log-likelihood of Bernoulli outputs."""
    if deriv:
        return (A - Y) / _positive(A * (1 - A)) / A.shape[-1]
    return -(Y * np.log(_positive(A)) + (1 - Y) * np.log(_positive(1 - A))).mean(axis=-1)


@of_one_shape
@np.errstate(over='ignore')
def CCE(Y: np.ndarray, A: np.ndarray, deriv: bool = False) -> np.ndarray:
    """Categorical cross-entropy: minus the log-likelihood of the class, summed over classes."""
    return -Y / _positive(A) if deriv else -(Y * np.log(_positive(A))).sum(axis=-1)


losses: dict[str, Loss] = {f.__name__: f for f in (MSE, MAE, Huber, MSLE, BCE, CCE)}
