"""What is a gated recurrent unit?"""
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
        hh &= f(X U_{hh} + (r h_p) V_{hh} + b_{hh}) && \\quad\\text{hidden hat} \\\\
        h &= z h_p + (1 - z) hh && \\quad\\text{hidden state}

    at each step, with X of shape (m, e), every U (e, u), V (u, u), b (1, u), and z, r, hh, h
    (m, u); hp is h of the step before, zero at the first. The reset gate acts before the
    product with V, as in Keras with ``reset_after=False``.

    Parameters
    ----------
    unit_cells : int, default 1
        Number of units u.
    activate : callable or str, default tanh
        Activation f of hidden hat.
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

    letters = {'z': 'update gate', 'r': 'reset gate', 'hh': 'hidden hat'}

    def __init__(self, unit_cells=1, activate=tanh, activate_update=sigmoid,
                 activate_reset=sigmoid, initialization=orthogonal, clip_gradients=False,
                 sequences=False, se_hPars=None, windows=None):
        super().__init__(unit_cells, initialization, clip_gradients, sequences, windows,
                         se_hPars, activate=activate, activate_update=activate_update,
                         activate_reset=activate_reset)

    compute_shapes = gru_compute_shapes
    initialize_parameters = gru_initialize_parameters
    forward_pass = gru_forward
    backward_pass = gru_backward
    compute_gradients = gru_compute_gradients
