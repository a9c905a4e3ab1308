"""What is a pooling layer?"""
import numpy as np

from epynn.commons.checks import one_of, pair
from epynn.commons.models import Layer
from epynn.pooling.backward import pooling_backward
from epynn.pooling.forward import pooling_forward


class Pooling(Layer):
    """Pooling (LeCun et al., 1998; max: Ranzato et al., 2007): of each window, one number.

    .. math::
        A_{m, y, x, d} = \\max_{i < p_h,\\, j < p_w} X_{m,\\, y s_h + i,\\, x s_w + j,\\, d}

    or the minimum, or the mean, with X of shape (m, h, w, d), A (m, oh, ow, d), and

    .. math::
        oh = \\lfloor (h - p_h) / s_h \\rfloor + 1, \\qquad
        ow = \\lfloor (w - p_w) / s_w \\rfloor + 1

    The gradient goes to the pixel that was taken: of equal ones to the first, row by row. It
    learns nothing.

    Parameters
    ----------
    pool_size : int or tuple of int, default (2, 2)
        Height and width (ph, pw) of the window; one number for both.
    strides : int or tuple of int, optional
        Pixels (sh, sw) from one position of the window to the next; by default its size, so that
        positions do not overlap.
    pool : callable or str, default np.max
        np.max, np.min or np.mean, or 'max', 'min' or 'mean'.

    Raises
    ------
    ValueError
        Where a size is not a positive integer, or pool is another function; on use, where the
        window is larger than the image.
    """

    axes = {'m': 'samples', 'h': 'height', 'w': 'width', 'd': 'depth'}
    remedy = 'put it before the Flatten, and give images: X[..., np.newaxis] has depth 1'

    def __init__(self, pool_size=(2, 2), strides=None, pool=np.max):
        super().__init__()
        self.o['pool_size'] = pair('Pooling', 'pool_size', pool_size)
        self.o['strides'] = pair('Pooling', 'strides', pool_size if strides is None else strides)
        self.o['pool'] = one_of('Pooling', 'pool', getattr(pool, '__name__', str(pool)),
                                ('max', 'min', 'mean'))

    forward_pass = pooling_forward
    backward_pass = pooling_backward
