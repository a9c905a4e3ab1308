"""How does dL/dA become dL/dX in a Convolution?"""
import numpy as np

from epynn.convolution.initialization import under_window


def convolution_backward(layer, dA):
    """dL/dX, shape (m, h, w, d)."""
    p, fc, bc, d = layer.p, layer.fc, layer.bc, layer.d
    window, strides, (ph, pw) = (layer.o[k] for k in ('filter_size', 'strides', 'padding'))

    # (4) Activation: the slope of f at Z
    dZ = dA * layer.slope('activate', fc['Z'], fc['A'])     # (m, oh, ow, u)

    bc['dA'], bc['dZ'] = dA, dZ
    if not layer.needs_dX:
        return None

    # (3) Each pixel of a row reached every filter, through its weights
    W = p['W'].reshape(-1, d['u'])                          # (fh fw d, u)
    dXw = dZ.reshape(len(dZ), -1, d['u']) @ W.T             # (m, oh ow, fh fw d)

    # (2) Windows overlap: a pixel adds up the gradients of all rows that it stood in
    dXw = dXw.reshape(*dZ.shape[:3], *window, d['d'])       # (m, oh, ow, fh, fw, d)
    dXp = np.zeros(fc['Xp'].shape, dXw.dtype)               # (m, h + 2 ph, w + 2 pw, d)
    for i, j, pixels in under_window(window, strides, (d['oh'], d['ow'])):
        dXp[pixels] += dXw[:, :, :, i, j]

    # (1) The frame is nobody's
    dX = bc['dX'] = dXp[:, ph:ph + d['h'], pw:pw + d['w']]  # (m, h, w, d)
    return dX
