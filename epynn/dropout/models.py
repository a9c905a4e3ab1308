"""What is Dropout?"""
import numbers

from epynn.commons.models import Layer
from epynn.dropout.backward import dropout_backward
from epynn.dropout.forward import dropout_forward


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

    def __init__(self, drop_prob=0.5, axis=()):
        super().__init__()
        if not isinstance(drop_prob, numbers.Real) or not 0 <= drop_prob < 1:
            raise ValueError('Dropout expects drop_prob to be a probability, 0 or more and below '
                             f'1, got {drop_prob!r}: Dropout(0.5) drops half of the features')
        self.o['drop_prob'] = float(drop_prob)
        axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
        if not all(isinstance(a, numbers.Integral) for a in axes):
            raise ValueError(f'Dropout expects axis to be an integer or several, got {axis!r}')
        self.o['axis'] = tuple(int(a) for a in axes)

    forward_pass = dropout_forward
    backward_pass = dropout_backward
