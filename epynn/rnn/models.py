"""What is a simple recurrent layer?"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from epynn.commons.arguments import Activation, Function
from epynn.commons.maths import tanh, xavier
from epynn.commons.recurrence import Recurrent
from epynn.rnn.backward import rnn_backward
from epynn.rnn.forward import rnn_forward
from epynn.rnn.initialization import rnn_initialize_parameters
from epynn.rnn.parameters import rnn_compute_gradients, rnn_compute_shapes


class RNN(Recurrent):
    """Simple recurrent layer (Elman, 1990): the state sees the input and the state before.

    .. math::
        h_{\\_} = X U + h_p V + b, \\qquad h = f(h_{\\_})

    at each step, with X of shape (m, e), U (e, u), V (u, u), b (1, u), h (m, u); hp is h of the
    step before, zero at the first. U, V and b are the same at all steps: their shapes do not
    depend on the number of steps.

    Parameters
    ----------
    unit_cells : int, default 1
        Number of units u.
    activate : callable or str, default tanh
        Activation f.
    initialization : callable or str, default xavier
        ``f(shape, rng)`` for U and V; b begins at zero.
    clip_gradients : bool, default True
        Whether the gradients of the layer are scaled down to a common norm of 0.25.
    sequences : bool, default False
        Whether to return the state at every step, (m, s, u), or at the last, (m, u).
    se_hPars : dict, optional
        Hyperparameters of this layer where they are not the network's.
    windows : int, optional
        Windows per sample (see :mod:`epynn.speed.windows`); 1 is the plain loop.

    Raises
    ------
    ValueError
        Where unit_cells is not a positive integer, or a function is unknown or softmax.
    """

    activate = Activation()

    def __init__(self, unit_cells: int = 1, activate: Function = tanh,
                 initialization: Function = xavier, clip_gradients: bool = True,
                 sequences: bool = False, se_hPars: Mapping[str, Any] | None = None,
                 windows: int | None = None) -> None:
        super().__init__(unit_cells, initialization, clip_gradients, sequences, se_hPars, windows)
        self.activate = activate

    compute_shapes = rnn_compute_shapes
    initialize_parameters = rnn_initialize_parameters
    forward_pass = rnn_forward
    backward_pass = rnn_backward
    compute_gradients = rnn_compute_gradients
