"""What is a convolutional layer?"""
from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from epynn.commons.arguments import Activation, Argument, Function, initialization
from epynn.commons.checks import flag, optional, pair, positive_integer
from epynn.commons.images import Pair
from epynn.commons.maths import relu, xavier
from epynn.commons.models import Layer
from epynn.convolution.backward import convolution_backward
from epynn.convolution.forward import convolution_forward
from epynn.convolution.initialization import convolution_initialize_parameters
from epynn.convolution.parameters import convolution_compute_gradients, convolution_compute_shapes


class Convolution(Layer):
    """Convolutional layer (LeCun et al., 1989): small filters slide over an image.

    .. math::
        Z_{m, y, x, u} = \\sum_{i, j, d} X_{m,\\, y s_h + i,\\, x s_w + j,\\, d} \\, W_{i, j, d, u}
                         + b_u, \\qquad A = f(Z)

    with X of shape (m, h, w, d), W (fh, fw, d, u), b (u,), A (m, oh, ow, u), and

    .. math::
        oh = \\lfloor (h + 2 p_h - f_h) / s_h \\rfloor + 1, \\qquad
        ow = \\lfloor (w + 2 p_w - f_w) / s_w \\rfloor + 1

    with p rows and columns of zeros on every side (zero padding). As everywhere in deep learning
    the filters are not flipped: mathematically it is a cross-correlation. Pixels at the lower and
    right edge that do not fill a window are left out.

    Parameters
    ----------
    unit_filters : int, default 1
        Number of filters u.
    filter_size : int or tuple of int, default (3, 3)
        Height and width (fh, fw) of the filters; one number for both.
    strides : int or tuple of int, optional
        Pixels (sh, sw) from one position of the filters to the next; by default their size, so
        that positions do not overlap.
    padding : int or tuple of int, default 0
        Rows and columns (ph, pw) of zeros on every side of the image.
    activate : callable or str, default relu
        Activation f.
    initialization : callable or str, default xavier
        ``f(shape, rng)`` for W; b begins at zero.
    use_bias : bool, default True
        Whether there is a bias b to learn.
    se_hPars : dict, optional
        Hyperparameters of this layer where they are not the network's.

    Raises
    ------
    ValueError
        Where a number is not a positive integer, or a function is unknown or softmax; on use,
        where a filter is larger than the image with its padding.
    """

    axes = {'m': 'samples', 'h': 'height', 'w': 'width', 'd': 'depth'}
    fixed_axes = ('d',)
    remedy = ('remove the Flatten before it, and give images: '
              'X[..., np.newaxis] makes one of depth 1 of each table of numbers')
    remedies = {2: 'remove the Flatten before it, and give images: X.reshape(len(X), height, '
                   'width, depth) makes them of rows of numbers'}

    letters = {'W': 'filters', 'u': 'filters', 'Xp': 'input with zero padding',
               'Xw': 'patches, a row for each position'}

    unit_filters = Argument(positive_integer)
    filter_size = Argument(pair)
    strides = Argument(optional(pair))
    padding = Argument(partial(pair, least=0))
    activate = Activation()
    initialization = Argument(initialization)
    use_bias = Argument(flag)

    def __init__(self, unit_filters: int = 1, filter_size: int | Pair = (3, 3),
                 strides: int | Pair | None = None, padding: int | Pair = 0,
                 activate: Function = relu, initialization: Function = xavier,
                 use_bias: bool = True, se_hPars: Mapping[str, Any] | None = None) -> None:
        super().__init__(se_hPars)
        self.unit_filters, self.filter_size, self.strides = unit_filters, filter_size, strides
        self.padding, self.activate, self.use_bias = padding, activate, use_bias
        self.initialization = initialization

    @property
    def steps(self) -> Pair:
        """Pixels (sh, sw) from one position of the filters to the next."""
        return self.strides or self.filter_size

    compute_shapes = convolution_compute_shapes
    initialize_parameters = convolution_initialize_parameters
    forward_pass = convolution_forward
    backward_pass = convolution_backward
    compute_gradients = convolution_compute_gradients
