"""How does dL/dA become dL/dX in Pooling?"""
import numpy as np

from epynn.convolution.initialization import under_window


def pooling_backward(layer, dA):
    """The gradient goes to the pixel that was taken, or in equal shares to all of a window."""
    fc, bc, d, pool = layer.fc, layer.bc, layer.d, layer.o['pool']
    window, strides = layer.o['pool_size'], layer.o['strides']

    # (1) Place by place in the window, at all positions at once
    places = [pixels for _, _, pixels in under_window(window, strides, (d['oh'], d['ow']))]

    # (2) The first that is equal to the largest or smallest is the one that was taken
    dX = np.zeros(fc['X'].shape, dA.dtype)                  # (m, oh, ow, d) -> (m, h, w, d)
    found = np.zeros(dA.shape, bool)
    apart = all(s >= size for s, size in zip(strides, window, strict=True))
    for pixels in places:
        if pool == 'mean':
            dX[pixels] += dA / len(places)
        else:
            taken = (fc['X'][pixels] == fc['A']) & ~found
            if apart:
                np.multiply(dA, taken, out=dX[pixels])      # each pixel once
            else:
                dX[pixels] += dA * taken
            found |= taken

    bc['dA'], bc['dX'] = dA, dX
    return dX
