"""What is a long short-term memory?"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from epynn.commons.arguments import Activation, Function
from epynn.commons.maths import orthogonal, sigmoid, tanh
from epynn.commons.recurrence import Recurrent
from epynn.lstm.backward import lstm_backward
from epynn.lstm.forward import lstm_forward
from epynn.lstm.initialization import lstm_initialize_parameters
from epynn.lstm.parameters import lstm_compute_gradients, lstm_compute_shapes


class LSTM(Recurrent):
    """Long short-term memory (Hochreiter & Schmidhuber, 1997): a memory beside the state.

    .. math::
        f &= \\sigma(X U_f + h_p V_f + b_f) && \\quad\\text{forget gate} \\\\
        i &= \\sigma(X U_i + h_p V_i + b_i) && \\quad\\text{input gate} \\\\
        g &= \\tanh(X U_g + h_p V_g + b_g) && \\quad\\text{candidate} \\\\
        o &= \\sigma(X U_o + h_p V_o + b_o) && \\quad\\text{output gate} \\\\
        C_{\\_} &= f C_{p\\_} + i g && \\quad\\text{memory} \\\\
        h &= o \\tanh(C_{\\_}) && \\quad\\text{hidden state}

    at each step, with X of shape (m, e), every U (e, u), V (u, u), b (1, u), and f, i, g, o,
    ``C_``, h (m, u); hp and ``Cp_`` are h and ``C_`` of the step before, zero at the first. The
    forget gate is that of Gers et al. (2000). The memory passes from step to step through a
    product with f alone: where f is near 1, its gradient does not vanish.

    Parameters
    ----------
    unit_cells : int, default 1
        Number of units u.
    activate : callable or str, default tanh
        Activation of the memory: ``h = o * activate(C_)``.
    activate_output : callable or str, default sigmoid
        Activation of the output gate.
    activate_candidate : callable or str, default tanh
        Activation of the candidate.
    activate_input, activate_forget : callable or str, default sigmoid
        Activations of the input gate and of the forget gate.
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

    letters = {'f': 'forget gate', 'i': 'input gate', 'g': 'candidate state', 'o': 'output gate',
               'C_': 'memory', 'Cp_': 'previous memory', 'C': 'memory, after activation',
               'dCn': 'gradient with respect to C_, from the next step'}

    activate = Activation()
    activate_output = Activation()
    activate_candidate = Activation()
    activate_input = Activation()
    activate_forget = Activation()

    def __init__(self, unit_cells: int = 1, activate: Function = tanh,
                 activate_output: Function = sigmoid,
                 activate_candidate: Function = tanh,
                 activate_input: Function = sigmoid,
                 activate_forget: Function = sigmoid,
                 initialization: Function = orthogonal, clip_gradients: bool = False,
                 sequences: bool = False, se_hPars: Mapping[str, Any] | None = None,
                 windows: int | None = None) -> None:
        super().__init__(unit_cells, initialization, clip_gradients, sequences, se_hPars, windows)
        self.activate, self.activate_candidate = activate, activate_candidate
        self.activate_output, self.activate_input = activate_output, activate_input
        self.activate_forget = activate_forget

    compute_shapes = lstm_compute_shapes
    initialize_parameters = lstm_initialize_parameters
    forward_pass = lstm_forward
    backward_pass = lstm_backward
    compute_gradients = lstm_compute_gradients
