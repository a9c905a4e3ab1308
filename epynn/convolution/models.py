"""What is a convolutional layer?"""
from epynn.commons.checks import flag, function_named, pair, positive_integer
from epynn.commons.maths import initializations, relu, xavier
from epynn.commons.models import Layer
from epynn.convolution.backward import convolution_backward
from epynn.convolution.forward import convolution_forward
from epynn.convolution.initialization import convolution_initialize_parameters
from epynn.convolution.parameters import convolution_compute_gradients, convolution_compute_shapes


class Convolution(Layer):
    """Convolutional layer (LeCun et al., 1989): small filters look at every part of an image.

    .. math::
        Z_{m, y, x, u} = \\sum_{i, j, d} X_{m,\\, y s_h + i,\\, x s_w + j,\\, d} \\, W_{i, j, d, u}
                         + b_u, \\qquad A = f(Z)

    with X of shape (m, h, w, d), W (fh, fw, d, u), b (u,), A (m, oh, ow, u), and

    .. math::
        oh = \\lfloor (h + 2 p_h - f_h) / s_h \\rfloor + 1, \\qquad
        ow = \\lfloor (w + 2 p_w - f_w) / s_w \\rfloor + 1

    for a frame of p zeros on every side. As everywhere in deep learning the filters are not
    flipped: mathematically it is a cross-correlation. What does not fill a window at the lower
    and the right edge is not seen.

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
        where a filter is larger than the image with its frame.
    """

    axes = {'m': 'samples', 'h': 'height', 'w': 'width', 'd': 'depth'}
    fixed = ('d',)
    remedy = ('remove the Flatten before it, and give images: '
              'X[..., np.newaxis] makes one of depth 1 of each table of numbers')

    letters = {'W': 'filters', 'u': 'filters', 'Xp': 'input in its frame of zeros',
               'Xw': 'what the filters see, a row for each position'}

    def __init__(self, unit_filters=1, filter_size=(3, 3), strides=None, padding=0, activate=relu,
                 initialization=xavier, use_bias=True, se_hPars=None):
        super().__init__(se_hPars, activate=activate)
        self.refuse_softmax()
        self.d['u'] = positive_integer('Convolution', 'unit_filters', unit_filters)
        self.o['filter_size'] = pair('Convolution', 'filter_size', filter_size)
        self.o['strides'] = pair('Convolution', 'strides',
                                 filter_size if strides is None else strides)
        self.o['padding'] = pair('Convolution', 'padding', padding, least=0)
        self.o['use_bias'] = flag('Convolution', 'use_bias', use_bias)
        self.initialization = function_named('Convolution', 'initialization', initialization,
                                             initializations, 'rng')

    compute_shapes = convolution_compute_shapes
    initialize_parameters = convolution_initialize_parameters
    forward_pass = convolution_forward
    backward_pass = convolution_backward
    compute_gradients = convolution_compute_gradients
