"""What does a Convolution learn, and how?"""


def convolution_compute_shapes(layer):
    """A weight for each pixel and each depth under each of u filters; a bias for each filter."""
    (fh, fw), d, u = layer.o['filter_size'], layer.d['d'], layer.d['u']
    return {'W': (fh, fw, d, u), **({'b': (u,)} if layer.o['use_bias'] else {})}


def convolution_compute_gradients(layer):
    """Z = Xw W at every position: the same filters, so their gradients add up."""
    m, u, W = layer.d['m'], layer.d['u'], layer.p['W']
    Xw, dZ = layer.fc['Xw'], layer.bc['dZ'].reshape(m, -1, u)               # (m, oh ow, ...)

    # All positions of one sample in one product; of all samples would be too long for the cache
    dW = (Xw.swapaxes(1, 2) @ dZ).sum(axis=0)               # (fh fw d + 1, u)

    layer.g['dW'] = dW[:W.size // u].reshape(W.shape)       # (fh, fw, d, u)
    if layer.o['use_bias']:
        layer.g['db'] = dW[-1]                              # (u,), of the pixel that is 1
