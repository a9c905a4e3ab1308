"""What is a gated recurrent unit?"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from epynn.commons.arguments import Activation, Function
from epynn.commons.maths import orthogonal, sigmoid, tanh
from epynn.commons.recurrence import Recurrent
from epynn.gru.backward import gru_backward
from epynn.gru.forward import gru_forward
from epynn.gru.initialization import gru_initialize_parameters
from epynn.gru.parameters import gru_compute_gradients, gru_compute_shapes


class GRU(Recurrent):
    """Gated recurrent unit (Cho et al., 2014): gates decide what is kept and what is new.

    .. math::
        z &= \\sigma(X U_z + h_p V_z + b_z) && \\quad\\text{update gate} \\\\
        r &= \\sigma(X U_r + h_p V_r + b_r) && \\quad\\text{reset gate} \\\\
        \\tilde h &= f(X U_{hh} + (r h_p) V_{hh} + b_{hh}) && \\quad\\text{candidate state} \\\\
        h &= z h_p + (1 - z) \\tilde h && \\quad\\text{hidden state}

    at each step, with X of shape (m, e), every U (e, u), V (u, u), b (1, u), and z, r, h and the
    candidate state (``hh`` in the code) of shape (m, u); hp is h of the step before, zero at the
    first. The reset gate acts before the product with V, as in Keras with ``reset_after=False``.

    Parameters
    ----------
    unit_cells : int, default 1
        Number of units u.
    activate : callable or str, default tanh
        Activation f of the candidate state.
    activate_update, activate_reset : callable or str, default sigmoid
        Activations of the gates.
    initialization : callable or str, default orthogonal
        ``f(shape, rng)`` for every U and V; every b begins at zero.
    clip_gradients : bool, default False
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

    letters = {'z': 'update gate', 'r': 'reset gate', 'hh': 'candidate state'}

    activate = Activation()
    activate_update = Activation()
    activate_reset = Activation()

    def __init__(self, unit_cells: int = 1, activate: Function = tanh,
                 activate_update: Function = sigmoid,
                 activate_reset: Function = sigmoid,
                 initialization: Function = orthogonal, clip_gradients: bool = False,
                 sequences: bool = False, se_hPars: Mapping[str, Any] | None = None,
                 windows: int | None = None) -> None:
        super().__init__(unit_cells, initialization, clip_gradients, sequences, se_hPars, windows)
        self.activate = activate
        self.activate_update, self.activate_reset = activate_update, activate_reset

    compute_shapes = gru_compute_shapes
    initialize_parameters = gru_initialize_parameters
    forward_pass = gru_forward
    backward_pass = gru_backward
    compute_gradients = gru_compute_gradients
