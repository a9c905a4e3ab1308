"""How does dL/dA become dL/dX in a GRU?"""
from epynn.gru.initialization import GATES, gru_initialize_backward


def gru_backward(layer, dA):
    """Backpropagation through time, dL/dX of shape (m, s, e)."""
    p, fc, bc = layer.p, layer.fc, layer.bc
    hp, z_, z, r_, r, hh_, hh = (fc[k] for k in ('hp', 'z_', 'z', 'r_', 'r', 'hh_', 'hh'))

    # (7, 6, 5, 4) Slopes wait for no other step: all steps at once
    h_by_hh_ = (1 - z) * layer.slope('activate', hh_, hh)                   # (s, m, u)
    h_by_z_ = (hp - hh) * layer.slope('activate_update', z_, z)
    rhp_by_r_ = hp * layer.slope('activate_reset', r_, r)

    # (3) Time runs backward: dhn comes from the next step, dhp goes to the one before
    dA = layer.output_gradients(dA)
    state, dz_, dr_, dhh_ = gru_initialize_backward(layer, dA)
    dhp, dhn = state[:-1], state[1:]

    for s in layer.steps(state, backward=True):
        # (7s) Hidden state, seen by the next layer and by the next step
        dh = dA[s] + dhn[s]

        # (6s) Hidden hat, and r * hp in it
        dhh_[s] = dh * h_by_hh_[s]
        drhp = dhh_[s].dot(p['Vhh'].T)

        # (5s) Reset gate
        dr_[s] = drhp * rhp_by_r_[s]

        # (4s) Update gate
        dz_[s] = dh * h_by_z_[s]

        # The state before was seen by all four
        dhp[s] = dh * z[s] + drhp * r[s] + dr_[s].dot(p['Vr'].T) + dz_[s].dot(p['Vz'].T)

    bc.update(dA=dA, dhn=dhn, dz_=dz_, dr_=dr_, dhh_=dhh_)
    if not layer.needs_dX:
        return None

    # (2) The input's share of each gate, all steps at once
    bc['dX'] = sum(bc[f'd{gate}_'] @ p[f'U{gate}'].T for gate in GATES)     # (s, m, e)

    # (1) Samples first again
    return layer.input_gradients(bc['dX'])                  # (s, m, e) -> (m, s, e)
