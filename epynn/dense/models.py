"""What is a fully connected layer?"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from epynn.commons.arguments import Activation, Argument, Function, initialization, unbound
from epynn.commons.checks import positive_integer
from epynn.commons.maths import sigmoid, softmax, xavier
from epynn.commons.models import Layer
from epynn.dense.backward import dense_backward
from epynn.dense.forward import dense_forward
from epynn.dense.initialization import dense_initialize_parameters
from epynn.dense.parameters import dense_compute_gradients, dense_compute_shapes


class Dense(Layer):
    """Fully connected layer, every unit with a weight for every feature.

    .. math::
        Z = X W + b, \\qquad A = f(Z)

    with X of shape (m, n), W (n, u), b (1, u), A (m, u). Where X has more axes, such as the steps
    of a sequence, (m, s, n), it is the same for each of them: A has shape (m, s, u).

    Parameters
    ----------
    units : int, default 1
        Number of units u.
    activate : callable or str, default sigmoid
        Activation f. Only here may it be softmax.
    initialization : callable or str, default xavier
        ``f(shape, rng)`` for W; b begins at zero.
    se_hPars : dict, optional
        Hyperparameters of this layer where they are not the network's.

    Raises
    ------
    ValueError
        Where units is not a positive integer, or one with softmax, or a function is not known.
    """

    axes = {'m': 'samples', '...': '...', 'n': 'features'}
    fixed_axes = ('n',)
    remedy = 'put a Flatten before it, or sequences=False into a recurrent layer'
    takes_one_hot = True

    units = Argument(positive_integer)
    activate = Activation(elementwise=False)
    initialization = Argument(initialization)

    def __init__(self, units: int = 1, activate: Function = sigmoid,
                 initialization: Function = xavier,
                 se_hPars: Mapping[str, Any] | None = None) -> None:
        super().__init__(se_hPars)
        self.units, self.activate, self.initialization = units, activate, initialization

    def check_arguments(self) -> None:
        """An error for a single unit with softmax."""
        if vars(self).get('units') == 1 and unbound(vars(self).get('activate')) is softmax:
            raise ValueError('Dense expects two units or more with softmax, got 1, whose output '
                             'would always be 1: use sigmoid, or a unit for each class')

    compute_shapes = dense_compute_shapes
    initialize_parameters = dense_initialize_parameters
    forward_pass = dense_forward
    backward_pass = dense_backward
    compute_gradients = dense_compute_gradients
