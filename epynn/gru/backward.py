"""How does dL/dA become dL/dX in a GRU?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.gru.models import GRU


def gru_backward(layer: GRU, dA: np.ndarray) -> np.ndarray | None:
    """Backpropagation through time, dL/dX of shape (m, s, e)."""
    p, fc, bc = layer.p, layer.fc.time_first, layer.bc
    hp, z_, z, r_, r, hh_, hh = (fc[k] for k in ('hp', 'z_', 'z', 'r_', 'r', 'hh_', 'hh'))

    # (7, 6, 5, 4) Derivatives wait for no other step: all steps at once
    h_by_hh_ = (1 - z) * layer.derivative('activate', hh_, hh)              # (s, m, u)
    h_by_z_ = (hp - hh) * layer.derivative('activate_update', z_, z)
    rhp_by_r_ = hp * layer.derivative('activate_reset', r_, r)

    # (3) Time runs backward: dhn comes from the next step, dhp goes to the one before
    dA = layer.output_gradients(dA)
    dz_, dr_, dhh_ = layer.keep(bc, 'dz_', 'dr_', 'dhh_')
    state, dhp, dhn = layer.keep_state(bc, 'dhp', 'dhn')

    for s in layer.steps(bc, state):
        # (7s) Hidden state: the next layer and the next step depend on it
        dh = dA[s] + dhn[s]

        # (6s) Candidate state, and r * hp in it
        dhh_[s] = dh * h_by_hh_[s]
        drhp = dhh_[s].dot(p['Vhh'].T)

        # (5s) Reset gate
        dr_[s] = drhp * rhp_by_r_[s]

        # (4s) Update gate
        dz_[s] = dh * h_by_z_[s]

        # hp acts in h, in r * hp, in r and in z: four gradients add up
        dhp[s] = dh * z[s] + drhp * r[s] + dr_[s].dot(p['Vr'].T) + dz_[s].dot(p['Vz'].T)

    if not layer.needs_dX:
        return None

    # (2) The input's share of each gate, all steps at once
    dX = dz_ @ p['Uz'].T + dr_ @ p['Ur'].T + dhh_ @ p['Uhh'].T              # (s, m, e)

    # (1) Samples first again
    return layer.input_gradients(dX)                        # (s, m, e) -> (m, s, e)
