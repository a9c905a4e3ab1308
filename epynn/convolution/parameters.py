"""What does a Convolution learn, and how?"""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from epynn.convolution.models import Convolution


def convolution_compute_shapes(layer: Convolution) -> dict[str, tuple[int, ...]]:
    """A weight for each pixel and each depth of each of u filters; a bias for each filter."""
    (fh, fw), d, u = layer.filter_size, layer.d['d'], layer.unit_filters
    return {'W': (fh, fw, d, u), **({'b': (u,)} if layer.use_bias else {})}


def convolution_compute_gradients(layer: Convolution) -> None:
    """Z = Xw W at every position: the same filters, so their gradients add up."""
    m, u, W = layer.d['m'], layer.unit_filters, layer.p['W']
    Xw, dZ = layer.fc['Xw'], layer.bc['dZ'].reshape(m, -1, u)               # (m, oh ow, ...)

    # All positions of one sample in one product; of all samples would be too long for the cache
    dW = (Xw.swapaxes(1, 2) @ dZ).sum(axis=0)               # (fh fw d + 1, u)

    layer.g['dW'] = dW[:W.size // u].reshape(W.shape)       # (fh, fw, d, u)
    if layer.use_bias:
        layer.g['db'] = dW[-1]                              # (u,), of the pixel that is 1
