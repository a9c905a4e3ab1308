"""How does dL/dA become dL/dX in an LSTM?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.lstm.models import LSTM


def lstm_backward(layer: LSTM, dA: np.ndarray) -> np.ndarray | None:
    """Backpropagation through time, dL/dX of shape (m, s, e)."""
    p, fc, bc = layer.p, layer.fc.time_first, layer.bc
    Cp_, f, i, g, o, C = (fc[k] for k in ('Cp_', 'f', 'i', 'g', 'o', 'C'))

    # (9, 8, 7, 6, 5, 4) Derivatives wait for no other step: all steps at once
    h_by_C_ = o * layer.derivative('activate', fc['C_'], C)                      # (s, m, u)
    h_by_o_ = C * layer.derivative('activate_output', fc['o_'], o)
    C_by_g_ = i * layer.derivative('activate_candidate', fc['g_'], g)
    C_by_i_ = g * layer.derivative('activate_input', fc['i_'], i)
    C_by_f_ = Cp_ * layer.derivative('activate_forget', fc['f_'], f)

    # (3) Time runs backward: dhn, dCn come from the next step, dhp, dCp_ go to the one before
    dA = layer.output_gradients(dA)
    dC_, do_, dg_, di_, df_ = layer.keep(bc, 'dC_', 'do_', 'dg_', 'di_', 'df_')
    h_state, dhp, dhn = layer.keep_state(bc, 'dhp', 'dhn')
    C_state, dCp_, dCn = layer.keep_state(bc, 'dCp_', 'dCn')

    for s in layer.steps(bc, h_state, C_state):
        # (9s) Hidden state: the next layer and the next step depend on it
        dh = dA[s] + dhn[s]

        # (8s) Memory: the hidden state and the next step depend on it
        dC_[s] = dh * h_by_C_[s] + dCn[s]

        # (7s) Output gate
        do_[s] = dh * h_by_o_[s]

        # (6s) Candidate
        dg_[s] = dC_[s] * C_by_g_[s]

        # (5s) Input gate
        di_[s] = dC_[s] * C_by_i_[s]

        # (4s) Forget gate
        df_[s] = dC_[s] * C_by_f_[s]

        # hp acts in all four gates, Cp_ in the memory alone
        dhp[s] = (df_[s].dot(p['Vf'].T) + di_[s].dot(p['Vi'].T)
                  + dg_[s].dot(p['Vg'].T) + do_[s].dot(p['Vo'].T))
        dCp_[s] = dC_[s] * f[s]

    if not layer.needs_dX:
        return None

    # (2) The input's share of each gate, all steps at once
    dX = (df_ @ p['Uf'].T + di_ @ p['Ui'].T
          + dg_ @ p['Ug'].T + do_ @ p['Uo'].T)              # (s, m, u) -> (s, m, e)

    # (1) Samples first again
    return layer.input_gradients(dX)                        # (s, m, e) -> (m, s, e)
