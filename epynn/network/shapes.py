"""Do the layers fit each other? The shape of a sample, followed from layer to layer.

Nothing is computed, so that the layers of a file can be tried before anybody trusts them.
"""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from epynn.attention.models import Attention
from epynn.bidirectional.models import Bidirectional
from epynn.commons.images import output_size
from epynn.commons.recurrence import Recurrent
from epynn.convolution.models import Convolution
from epynn.dense.models import Dense
from epynn.dropout.models import Dropout
from epynn.flatten.models import Flatten
from epynn.layers import layers as known_layers
from epynn.pooling.models import Pooling
from epynn.residual.forward import check_shape
from epynn.residual.models import Residual

if TYPE_CHECKING:
    from epynn.commons.models import Layer

Shape = tuple[int | None, ...]          # of one sample; None where a size is not known


def shape_after(layers: list[Layer], shape: Shape | None) -> Shape | None:
    """Shape of what the last of some layers makes of a sample.

    Parameters
    ----------
    layers : list of Layer
    shape : tuple or None
        That of a sample as the first one receives it; None where it is not known.

    Returns
    -------
    tuple or None
        None where it depends on a layer that is not of this library.

    Raises
    ------
    ValueError
        Where a layer does not take what the one before gives.
    """
    for layer in layers:
        if layer.axes:
            shape = both(layer, sizes_taken(layer, shape), shape)
        known = shape is not None and type(layer) in known_layers.values()
        shape = after(layer, shape) if known and shape is not None else None
    return shape


def sizes_taken(layer: Layer, given: Shape | None) -> Shape | None:
    """Shape of a sample that a layer takes, as far as it knows; None where it takes any."""
    letters = list(layer.axes)[1:]
    if '...' in letters:
        if given is None:
            return None
        i = letters.index('...')
        letters[i:i + 1] = ['...'] * (len(given) - len(letters) + 1)
    return tuple(layer.d.get(letter) if letter in layer.fixed_axes else None
                 for letter in letters)


def both(layer: Layer, takes: Shape | None, given: Shape | None) -> Shape | None:
    """What is known of a shape, from the layer that takes it and from the layers before it."""
    if takes is None:
        return given
    given = (None,) * len(takes) if given is None else given
    if len(takes) != len(given) or any(n is not None and m is not None and n != m
                                       for n, m in zip(takes, given, strict=True)):
        raise ValueError(f'{layer.title} takes {", ".join(layer.axes.values())}, samples of shape '
                         f'{takes}, but the layers before it give {given}')
    return tuple(n if m is None else m for n, m in zip(takes, given, strict=True))


def after(layer: Any, shape: Shape) -> Shape | None:
    """Shape of what a layer of this library makes of a sample."""
    if isinstance(layer, Flatten):
        return (None if None in shape else math.prod(n or 0 for n in shape),)
    if isinstance(layer, Dense):
        return (*shape[:-1], layer.units)
    if isinstance(layer, Attention):
        return (shape[0], layer.units or shape[1])
    if isinstance(layer, Recurrent):
        return (shape[0], layer.unit_cells) if layer.sequences else (layer.unit_cells,)
    if isinstance(layer, Convolution):
        image = tuple(None if n is None else n + 2 * pad
                      for n, pad in zip(shape, layer.padding, strict=False))
        return (*positions(layer, image, layer.filter_size), layer.unit_filters)
    if isinstance(layer, Pooling):
        return (*positions(layer, shape[:2], layer.pool_size), shape[2])
    if isinstance(layer, Dropout) and not all(-len(shape) - 1 <= a <= len(shape)
                                              for a in layer.axis):
        raise ValueError(f'{layer.title} has axis={layer.axis}, but samples of shape {shape}')
    if isinstance(layer, Bidirectional):
        for direction in layer.sublayers:
            both(direction, sizes_taken(direction, shape), shape)
        *steps, units = after(layer.layer, shape) or ()
        return (*steps, 2 * (units or 0) if layer.merge == 'concat' else units)
    if isinstance(layer, Residual):
        check_shape(layer, shape, shape_after(layer.layers, shape) or shape)
    return shape


def positions(layer: Any, image: Shape, window: tuple[int, int]) -> Shape:
    """Height and width of what a window that moves over an image makes of it."""
    height, width = image
    if height is None or width is None:
        return None, None
    return output_size(layer.title, (height, width), window, layer.steps)
