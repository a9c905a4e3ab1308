"""What exists before the first step of a Convolution? Its filters, and where they are put."""
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def convolution_initialize_parameters(layer):
    """Random filters, so that they differ; biases of zero."""
    shapes = layer.compute_shapes()
    layer.p['W'] = layer.initialization(shapes['W'], rng=layer.rng)
    if layer.o['use_bias']:
        layer.p['b'] = np.zeros(shapes['b'])


def convolution_initialize_forward(layer, X):
    """What the filters see of images X, one row for each position: (m, oh ow, fh fw d), or one
    more with a bias, which is the weight of a pixel that is always 1."""
    (sh, sw), pixels = layer.o['strides'], np.prod(layer.o['filter_size']) * layer.d['d']
    seen = sliding_window_view(X, layer.o['filter_size'], axis=(1, 2))[:, ::sh, ::sw]
    seen = seen.transpose(0, 1, 2, 4, 5, 3)                 # (m, oh, ow, fh, fw, d)

    rows = np.empty((*seen.shape[:3], pixels + layer.o['use_bias']), X.dtype)
    rows[..., :pixels].reshape(seen.shape)[:] = seen
    rows[..., pixels:] = 1
    return rows.reshape(len(X), -1, rows.shape[-1])


def output_size(layer, image, window, strides):
    """Number of positions (oh, ow) of a window that moves over an image in strides."""
    if any(size > room for size, room in zip(window, image, strict=True)):
        raise ValueError(f'{layer.title} expects images of {window[0]} x {window[1]} or more, the '
                         f'size of its window, got {image[0]} x {image[1]}: take a smaller window, '
                         'or larger images, or leave out a layer that made them this small')
    return tuple((room - size) // stride + 1
                 for room, size, stride in zip(image, window, strides, strict=True))


def under_window(window, strides, positions):
    """For each place (i, j) in the window, what lies under it at all positions at once: the
    index of an array (m, oh, ow, d) in the image (m, h, w, d)."""
    (sh, sw), (oh, ow) = strides, positions
    for i, j in np.ndindex(*window):
        yield i, j, np.s_[:, i:i + (oh - 1) * sh + 1:sh, j:j + (ow - 1) * sw + 1:sw]
