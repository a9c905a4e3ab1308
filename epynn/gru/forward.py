"""How does X become A in a GRU?"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.gru.initialization import GATES

if TYPE_CHECKING:
    from epynn.gru.models import GRU


def gru_forward(layer: GRU, X: Any) -> np.ndarray:
    """Gates and state step by step, shape (m, s, u), or (m, u) of the last step."""
    p, fc = layer.p, layer.fc

    # (1) Time first: one step of all samples is one block of memory
    X = layer.time_first(X)                                 # (m, s, e) -> (s, m, e)

    # (2) The input's share of each gate waits for no earlier step: all steps at once
    xz, xr, xhh = (X @ p[f'U{gate}'] + p[f'b{gate}'] for gate in GATES)     # (s, m, u)

    # (3) What is kept of every step. hp is h one step late: one array, two views
    z_, z, r_, r, hh_, hh = layer.keep(fc, 'z_', 'z', 'r_', 'r', 'hh_', 'hh')
    state, hp, h = layer.keep_state(fc, 'hp', 'h')

    for s in layer.steps(fc, state):
        # (4s) Update gate: how much stays as it was. For small arrays .dot takes a third of the
        # time of @
        z_[s] = xz[s] + hp[s].dot(p['Vz'])
        z[s] = layer.activate_update(z_[s])

        # (5s) Reset gate: how much of the state before is seen
        r_[s] = xr[s] + hp[s].dot(p['Vr'])
        r[s] = layer.activate_reset(r_[s])

        # (6s) Candidate state: what the new state could be
        hh_[s] = xhh[s] + (r[s] * hp[s]).dot(p['Vhh'])
        hh[s] = layer.activate(hh_[s])

        # (7s) Hidden state
        h[s] = z[s] * hp[s] + (1 - z[s]) * hh[s]

    return layer.outputs(h)
