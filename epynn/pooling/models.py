"""What is a pooling layer?"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from epynn.commons.arguments import Argument
from epynn.commons.checks import check_takes, one_of, optional, pair
from epynn.commons.images import Pair
from epynn.commons.models import Layer
from epynn.pooling.backward import pooling_backward
from epynn.pooling.forward import pooling_forward

Function = Callable[..., Any]


def pool_name(owner: str, name: str, value: Any) -> str | Function:
    """A check: 'max', 'min' or 'mean', for the functions of NumPy of these names too; or another
    function, as it is."""
    if any(value is f for f in (np.max, np.min, np.mean, max, min)):
        return str(value.__name__)
    if callable(value) and not isinstance(value, type):
        check_takes(owner, name, value, 'f(windows, axis=...)', None, axis=-1)
        return value
    return one_of(owner, name, value, ('max', 'min', 'mean'))


class Pooling(Layer):
    """Pooling (LeCun et al., 1998; max: Ranzato et al., 2007): of each window, one number.

    .. math::
        A_{m, y, x, d} = \\max_{i < p_h,\\, j < p_w} X_{m,\\, y s_h + i,\\, x s_w + j,\\, d}

    or the minimum, the mean, or what a function makes of a window, with X of shape (m, h, w, d),
    A (m, oh, ow, d), and

    .. math::
        oh = \\lfloor (h - p_h) / s_h \\rfloor + 1, \\qquad
        ow = \\lfloor (w - p_w) / s_w \\rfloor + 1

    The gradient goes to the pixel that was taken: of equal ones to the first, row by row. That of
    another function is found by central differences. It learns nothing.

    Parameters
    ----------
    pool_size : int or tuple of int, default (2, 2)
        Height and width (ph, pw) of the window; one number for both.
    strides : int or tuple of int, optional
        Pixels (sh, sw) from one position of the window to the next; by default its size, so that
        positions do not overlap.
    pool : callable or str, default np.max
        np.max, np.min or np.mean, or 'max', 'min' or 'mean'; or another function
        ``f(windows, axis=...)`` that makes a number of all along an axis, such as np.median.

    Raises
    ------
    ValueError
        Where a size is not a positive integer, or pool is not a function of that form; on use,
        where the window is larger than the image.
    """

    axes = {'m': 'samples', 'h': 'height', 'w': 'width', 'd': 'depth'}
    remedy = 'put it before the Flatten, and give images: X[..., np.newaxis] has depth 1'

    pool_size = Argument(pair)
    strides = Argument(optional(pair))
    pool = Argument(pool_name)

    def __init__(self, pool_size: int | Pair = (2, 2), strides: int | Pair | None = None,
                 pool: Callable[..., Any] | str = np.max) -> None:
        super().__init__()
        self.pool_size, self.strides, self.pool = pool_size, strides, pool

    @property
    def steps(self) -> Pair:
        """Pixels (sh, sw) from one position of the window to the next."""
        return self.strides or self.pool_size

    forward_pass = pooling_forward
    backward_pass = pooling_backward
