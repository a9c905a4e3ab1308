"""How does X become A in Pooling?"""
import numpy as np

from epynn.convolution.initialization import output_size, under_window

of_two = {'max': np.maximum, 'min': np.minimum, 'mean': np.add}


def pooling_forward(layer, X):
    """One number for each window and depth, shape (m, oh, ow, d)."""
    fc, d, pool = layer.fc, layer.d, layer.o['pool']
    window, strides = layer.o['pool_size'], layer.o['strides']

    # (1) Place by place in the window, at all positions at once
    d['oh'], d['ow'] = output_size(layer, X.shape[1:3], window, strides)
    places = [pixels for _, _, pixels in under_window(window, strides, (d['oh'], d['ow']))]

    # (2) The largest so far, the smallest, or the sum
    A = X[places[0]].copy()                                 # (m, h, w, d) -> (m, oh, ow, d)
    for pixels in places[1:]:
        of_two[pool](A, X[pixels], out=A)
    if pool == 'mean':
        A /= len(places)

    fc['X'], fc['A'] = X, A
    return A
