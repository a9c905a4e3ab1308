"""How does X become A in a GRU?"""
from epynn.gru.initialization import GATES, gru_initialize_forward


def gru_forward(layer, X):
    """Gates and state step by step, shape (m, s, u), or (m, u) of the last step."""
    p, fc = layer.p, layer.fc

    # (1) Time first: one step of all samples is one block of memory
    X = layer.cut(X)                                        # (m, s, e) -> (s, m, e)

    # (2) The input's share of each gate waits for no earlier step: all steps at once
    xz, xr, xhh = (X @ p[f'U{gate}'] + p[f'b{gate}'] for gate in GATES)     # (s, m, u)

    # (3) hp is h one step late: one array, two views
    state, z_, z, r_, r, hh_, hh = gru_initialize_forward(layer, xz)
    hp, h = state[:-1], state[1:]

    for s in layer.steps(state):
        # (4s) Update gate: how much stays as it was
        z_[s] = xz[s] + hp[s].dot(p['Vz'])
        z[s] = layer.activate_update(z_[s])

        # (5s) Reset gate: how much of the state before is seen
        r_[s] = xr[s] + hp[s].dot(p['Vr'])
        r[s] = layer.activate_reset(r_[s])

        # (6s) Hidden hat: what the new state could be
        hh_[s] = xhh[s] + (r[s] * hp[s]).dot(p['Vhh'])
        hh[s] = layer.activate(hh_[s])

        # (7s) Hidden state
        h[s] = z[s] * hp[s] + (1 - z[s]) * hh[s]

    layer.clear_padding(z_, z, r_, r, hh_, hh, h)
    fc.update(X=X, hp=hp, z_=z_, z=z, r_=r_, r=r, hh_=hh_, hh=hh, h=h)
    return layer.outputs(h)
