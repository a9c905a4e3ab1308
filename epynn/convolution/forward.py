"""How does X become A in a Convolution?"""
import numpy as np

from epynn.convolution.initialization import convolution_initialize_forward, output_size


def convolution_forward(layer, X):
    """A = f(sum over the window of X W + b) at each position, shape (m, oh, ow, u)."""
    p, fc, d = layer.p, layer.fc, layer.d
    window, strides, (ph, pw) = (layer.o[k] for k in ('filter_size', 'strides', 'padding'))

    # (1) A frame of zeros
    Xp = np.pad(X, ((0, 0), (ph, ph), (pw, pw), (0, 0))) if ph or pw else X
    d['oh'], d['ow'] = output_size(layer, Xp.shape[1:3], window, strides)

    # (2) What the filters see: one row for each position, with a 1 at its end for the bias
    Xw = convolution_initialize_forward(layer, Xp)          # (m, oh ow, fh fw d + 1)

    # (3) Weighted sum of each row, one for each filter
    W = np.vstack([W.reshape(-1, d['u']) for W in p.values()])              # (fh fw d + 1, u)
    Z = (Xw @ W).reshape(-1, d['oh'], d['ow'], d['u'])      # (m, oh, ow, u)

    # (4) Activation
    A = layer.activate(Z)

    fc['X'], fc['Xp'], fc['Xw'], fc['Z'], fc['A'] = X, Xp, Xw, Z, A
    return A
