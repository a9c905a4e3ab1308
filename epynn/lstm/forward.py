"""How does X become A in an LSTM?"""
from epynn.lstm.initialization import GATES, lstm_initialize_forward


def lstm_forward(layer, X):
    """Gates, memory and hidden state step by step, shape (m, s, u), or (m, u) of the last."""
    p, fc = layer.p, layer.fc

    # (1) Time first: one step of all samples is one block of memory
    X = layer.cut(X)                                        # (m, s, e) -> (s, m, e)

    # (2) The input's share of each gate waits for no earlier step: all steps at once
    xf, xi, xg, xo = (X @ p[f'U{gate}'] + p[f'b{gate}'] for gate in GATES)  # (s, m, u)

    # (3) hp is h one step late, Cp_ is C_ one step late: one array each, two views
    h_state, C_state, f_, f, i_, i, g_, g, o_, o, C = lstm_initialize_forward(layer, xf)
    hp, h = h_state[:-1], h_state[1:]
    Cp_, C_ = C_state[:-1], C_state[1:]

    for s in layer.steps(h_state, C_state):
        # (4s) Forget gate: how much of the memory stays
        f_[s] = xf[s] + hp[s].dot(p['Vf'])
        f[s] = layer.activate_forget(f_[s])

        # (5s) Input gate: how much of the candidate comes in
        i_[s] = xi[s] + hp[s].dot(p['Vi'])
        i[s] = layer.activate_input(i_[s])

        # (6s) Candidate: what could come in
        g_[s] = xg[s] + hp[s].dot(p['Vg'])
        g[s] = layer.activate_candidate(g_[s])

        # (7s) Output gate: how much of the memory shows
        o_[s] = xo[s] + hp[s].dot(p['Vo'])
        o[s] = layer.activate_output(o_[s])

        # (8s) Memory
        C_[s] = f[s] * Cp_[s] + i[s] * g[s]
        C[s] = layer.activate(C_[s])

        # (9s) Hidden state
        h[s] = o[s] * C[s]

    layer.clear_padding(f_, f, i_, i, g_, g, o_, o, C_, C, h)
    fc.update(X=X, hp=hp, Cp_=Cp_, f_=f_, f=f, i_=i_, i=i, g_=g_, g=g, o_=o_, o=o, C_=C_, C=C, h=h)
    return layer.outputs(h)
