"""How does dL/dA become dL/dX in a Convolution?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from epynn.commons.images import window_slices

if TYPE_CHECKING:
    from epynn.convolution.models import Convolution


def convolution_backward(layer: Convolution, dA: np.ndarray) -> np.ndarray | None:
    """dL/dX, shape (m, h, w, d)."""
    p, fc, bc, d, u = layer.p, layer.fc, layer.bc, layer.d, layer.unit_filters
    window, strides, (ph, pw) = layer.filter_size, layer.steps, layer.padding

    # (4) Activation: dA times the derivative of f at Z
    dZ = layer.chain('activate', dA, fc['Z'], fc['A'])      # (m, oh, ow, u)

    bc['dA'], bc['dZ'] = dA, dZ
    if not layer.needs_dX:
        return None

    # (3) Each pixel of a patch reached every filter, through its weights
    W = p['W'].reshape(-1, u)                               # (fh fw d, u)
    dXw = dZ.reshape(len(dZ), -1, u) @ W.T                  # (m, oh ow, fh fw d)

    # (2) Patches overlap: a pixel adds up the gradients of all patches that it was part of
    dXw = dXw.reshape(*dZ.shape[:3], *window, d['d'])       # (m, oh, ow, fh, fw, d)
    dXp = np.zeros(fc['Xp'].shape, dXw.dtype)               # (m, h + 2 ph, w + 2 pw, d)
    for i, j, pixels in window_slices(window, strides, (d['oh'], d['ow'])):
        dXp[pixels] += dXw[:, :, :, i, j]

    # (1) Zero padding: drop its gradient
    dX = bc['dX'] = dXp[:, ph:ph + d['h'], pw:pw + d['w']]  # (m, h, w, d)
    return dX
