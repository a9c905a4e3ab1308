"""How does dL/dA become dL/dX in an LSTM?"""
from epynn.lstm.initialization import GATES, lstm_initialize_backward


def lstm_backward(layer, dA):
    """Backpropagation through time, dL/dX of shape (m, s, e)."""
    p, fc, bc = layer.p, layer.fc, layer.bc
    Cp_, f, i, g, o, C = (fc[k] for k in ('Cp_', 'f', 'i', 'g', 'o', 'C'))

    # (9, 8, 7, 6, 5, 4) Slopes wait for no other step: all steps at once
    h_by_C_ = o * layer.slope('activate', fc['C_'], C)                      # (s, m, u)
    h_by_o_ = C * layer.slope('activate_output', fc['o_'], o)
    C_by_g_ = i * layer.slope('activate_candidate', fc['g_'], g)
    C_by_i_ = g * layer.slope('activate_input', fc['i_'], i)
    C_by_f_ = Cp_ * layer.slope('activate_forget', fc['f_'], f)

    # (3) Time runs backward: dhn, dCn come from the next step, dhp, dCp_ go to the one before
    dA = layer.output_gradients(dA)
    h_state, C_state, dC_, do_, dg_, di_, df_ = lstm_initialize_backward(layer, dA)
    dhp, dhn = h_state[:-1], h_state[1:]
    dCp_, dCn = C_state[:-1], C_state[1:]

    for s in layer.steps(h_state, C_state, backward=True):
        # (9s) Hidden state, seen by the next layer and by the next step
        dh = dA[s] + dhn[s]

        # (8s) Memory, seen by the hidden state and by the next step
        dC_[s] = dh * h_by_C_[s] + dCn[s]

        # (7s) Output gate
        do_[s] = dh * h_by_o_[s]

        # (6s) Candidate
        dg_[s] = dC_[s] * C_by_g_[s]

        # (5s) Input gate
        di_[s] = dC_[s] * C_by_i_[s]

        # (4s) Forget gate
        df_[s] = dC_[s] * C_by_f_[s]

        # The hidden state before was seen by all four gates, the memory before by the memory
        dhp[s] = (df_[s].dot(p['Vf'].T) + di_[s].dot(p['Vi'].T)
                  + dg_[s].dot(p['Vg'].T) + do_[s].dot(p['Vo'].T))
        dCp_[s] = dC_[s] * f[s]

    bc.update(dA=dA, dh=dA + dhn, dhn=dhn, dC_=dC_, dCn=dCn, do_=do_, dg_=dg_, di_=di_, df_=df_)
    if not layer.needs_dX:
        return None

    # (2) The input's share of each gate, all steps at once
    bc['dX'] = sum(bc[f'd{gate}_'] @ p[f'U{gate}'].T for gate in GATES)     # (s, m, e)

    # (1) Samples first again
    return layer.input_gradients(bc['dX'])                  # (s, m, e) -> (m, s, e)
