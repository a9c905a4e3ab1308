"""How does dL/dA become dL/dX in a Dense layer?"""
import numpy as np


def dense_backward(layer, dA):
    """dL/dX, shape (m, n)."""
    p, fc, bc = layer.p, layer.fc, layer.bc

    # (2) Activation: the slope of f at Z
    slope = layer.slope('activate', fc['Z'], fc['A'])
    if slope.ndim == dA.ndim:
        dZ = dA * slope                                     # (m, u)
    else:                                   # softmax: each output depends on all of Z
        dZ = np.einsum('mi,mij->mj', dA, slope)             # (m, u) (m, u, u) -> (m, u)

    bc['dA'], bc['dZ'] = dA, dZ
    if not layer.needs_dX:
        return None

    # (1) Each feature reached every unit, through its weights
    dX = bc['dX'] = dZ @ p['W'].T                           # (m, u) -> (m, n)
    return dX
