"""Do the layers fit each other? The shape of a sample, followed from layer to layer.

Nothing is computed, so that the layers of a file can be tried before anybody trusts them.
"""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from epynn.commons.images import output_size
from epynn.commons.recurrence import Recurrent
from epynn.convolution.models import Convolution
from epynn.dense.models import Dense
from epynn.dropout.models import Dropout
from epynn.flatten.models import Flatten
from epynn.layers import layers as known_layers
from epynn.pooling.models import Pooling

if TYPE_CHECKING:
    from epynn.commons.models import Layer

Shape = tuple[int, ...]


def shape_after(layers: list[Layer], shape: Shape | None) -> Shape | None:
    """Shape of what the last of some layers makes of a sample.

    Parameters
    ----------
    layers : list of Layer
    shape : tuple of int or None
        That of a sample as the first one receives it; None where it is not known.

    Returns
    -------
    tuple of int or None
        None where it depends on a layer that is not of this library.

    Raises
    ------
    ValueError
        Where a layer does not take what the one before gives.
    """
    for layer in layers:
        if shape is not None:
            check_axes(layer, shape)
            shape = after(layer, shape) if type(layer) in known_layers.values() else None
    return shape


def check_axes(layer: Layer, shape: Shape) -> None:
    """An error for a shape that the layer does not take."""
    sizes = dict(zip(list(layer.axes)[1:], shape, strict=False))
    if layer.axes and (len(sizes) != len(shape) or len(shape) != len(layer.axes) - 1 or any(
            layer.d.get(letter, sizes[letter]) != sizes[letter] for letter in layer.fixed_axes)):
        made = {letter: layer.d[letter] for letter in layer.fixed_axes if letter in layer.d}
        raise ValueError(f'{layer.title} takes {", ".join(layer.axes.values())}, with {made}, but '
                         f'the layers before it give samples of shape {shape}')


def after(layer: Any, shape: Shape) -> Shape:
    """Shape of what a layer of this library makes of a sample."""
    if isinstance(layer, Flatten):
        return (math.prod(shape),)
    if isinstance(layer, Dense):
        return (layer.units,)
    if isinstance(layer, Recurrent):
        return (*shape[:1], layer.unit_cells) if layer.sequences else (layer.unit_cells,)
    if isinstance(layer, Convolution):
        image = tuple(n + 2 * pad for n, pad in zip(shape, layer.padding, strict=False))
        return (*output_size(layer.title, image, layer.filter_size, layer.steps),
                layer.unit_filters)
    if isinstance(layer, Pooling):
        return (*output_size(layer.title, shape[:2], layer.pool_size, layer.steps), shape[2])
    if isinstance(layer, Dropout) and not all(-len(shape) - 1 <= a <= len(shape)
                                              for a in layer.axis):
        raise ValueError(f'{layer.title} has axis={layer.axis}, but samples of shape {shape}')
    return shape
