"""What does a network see in images? The filters of a Convolution, and what they find."""
from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from epynn.commons.checks import shown
from epynn.commons.models import Layer
from epynn.display.plot.style import (
    Drawn,
    cached,
    finite_range,
    layer_name,
    new_axes,
    set_title,
    symmetric,
)
from epynn.speed.one_hot import OneHot

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_filters(layer: Layer, ax: Axes | None = None) -> Drawn:
    """The filters of a Convolution: a column for each, a row for each depth of its input.

    Filters of depth 1 are set in lines like a text. Red is positive, blue negative.

    Parameters
    ----------
    layer : Convolution
        With parameters ``W`` of shape (fh, fw, d, u).
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    figure : matplotlib.figure.Figure
    ax : matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the layer has no filters.
    RuntimeError
        Where it has no parameters yet.
    """
    if isinstance(layer, Layer) and hasattr(layer, 'filter_size') and not layer.p:
        raise RuntimeError(f'plot_filters finds no filters in {layer.title} yet: initialize its '
                           'network, or call build(X) where it has none')
    W = getattr(layer, 'p', {}).get('W')
    if W is None or W.ndim != 4:
        raise ValueError('plot_filters expects a layer with filters, Convolution, got '
                         f'{layer_name(layer)}')
    filters = W.transpose(2, 3, 0, 1)                           # (d, u, fh, fw)
    ax = draw_tiles(ax, filters, 'filter', 'depth', diverging=True)
    set_title(ax, f'{layer.title}: filters', pad=16 if filters.shape[1] > 1 else None)
    return Drawn(ax.figure, ax)


def plot_feature_maps(layer: Layer, sample: int = 0, name: str = 'A',
                      ax: Axes | None = None) -> Drawn:
    """What a Convolution or Pooling makes of one sample of the last batch: its feature maps.

    Parameters
    ----------
    layer : Convolution or Pooling
    sample : int, default 0
        Position in the batch.
    name : str, default 'A'
        Any array of its caches with images, (m, height, width, maps): ``A`` the output, ``X``
        the input, ``Z`` the pre-activation, ``dA`` the gradient with respect to the output.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    figure : matplotlib.figure.Figure
    ax : matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the array does not hold images, or there is no such sample.
    RuntimeError
        Where nothing has passed through the layer in training.
    """
    if not isinstance(layer, Layer):
        raise ValueError(f'plot_feature_maps expects a layer, got {shown(layer)}')
    A = cached('plot_feature_maps', layer, name, sample)
    if np.ndim(A) != 4 or isinstance(A, OneHot):
        raise ValueError('plot_feature_maps expects images, (samples, height, width, maps), got '
                         f'{name} of shape {A.shape} in {layer.title}: give a Convolution or '
                         'Pooling')
    maps = A[sample].transpose(2, 0, 1)[np.newaxis]             # (1, maps, h, w)
    ax = draw_tiles(ax, maps, 'map', '', diverging=finite_range(maps)[0] < 0)
    set_title(ax, f'{layer.title}: {name} of sample {sample}',
              pad=16 if maps.shape[1] > 1 else None)
    return Drawn(ax.figure, ax)


class Tiles(NamedTuple):
    """Images (rows, columns, h, w) in one image, with gaps between them.

    A tile begins ``down`` pixels below the one above and ``right`` pixels beside the one before.
    """

    image: np.ndarray
    down: int
    right: int


def draw_tiles(ax: Axes | None, tiles: np.ndarray, column: str, row: str,
               diverging: bool) -> Axes:
    """Images (rows, columns, h, w) side by side in one; a single row is broken into lines."""
    in_lines = len(tiles) == 1
    tiles, numbers = broken_into_lines(tiles) if in_lines else (
        tiles, np.arange(tiles.shape[1])[np.newaxis])           # numbers (lines, columns)
    rows, columns, h, w = tiles.shape
    arranged = arrange(tiles, room=h / (4 if len(numbers) > 1 else 8))
    low, high = color_limits(tiles, diverging)
    if ax is None:
        ax = axes_for(arranged.image, min(h, w))
    drawn = ax.imshow(arranged.image, cmap='RdBu_r' if diverging else 'viridis', vmin=low,
                      vmax=high, interpolation='nearest')
    bar = ax.figure.colorbar(drawn, ax=ax, pad=0.02)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize='small')

    size = min(9, max(5, 90 / columns))                         # of a number above a tile
    ax.set(xticks=[], yticks=[])
    if numbers.max() > 0:
        write_numbers(ax, numbers, arranged, w, size)
        ax.set_xlabel(f'{column} 0 to {numbers.max()}', fontsize='small')
    if not in_lines:
        ax.set(yticks=np.arange(rows) * arranged.down + (h - 1) / 2, yticklabels=range(rows),
               ylabel=row)
        ax.tick_params(labelsize=size)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def broken_into_lines(tiles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A row of tiles (1, n, h, w) in lines, (lines, columns, h, w), about twice as wide as high.

    With the number of each tile, (lines, columns), which is -1 where the last line has none.
    """
    _, n, h, w = tiles.shape
    columns = max(1, min(n, math.ceil(math.sqrt(2 * n * h / w))))
    lines = math.ceil(n / columns)
    missing = lines * columns - n
    padded = np.concatenate([tiles[0], np.full((missing, h, w), np.nan)])
    numbers = np.pad(np.arange(n), (0, missing), constant_values=-1)
    return padded.reshape(lines, columns, h, w), numbers.reshape(lines, columns)


def arrange(tiles: np.ndarray, room: float) -> Tiles:
    """Images (rows, columns, h, w) in one image, with room above each for its number."""
    rows, columns, h, w = tiles.shape
    down, right = h + max(1, round(room)), w + max(1, round(w / 8))
    image = np.full((rows * down - down + h, columns * right - right + w), np.nan)
    for i, j in np.ndindex(rows, columns):
        image[i * down:i * down + h, j * right:j * right + w] = tiles[i, j]
    return Tiles(image, down, right)


def color_limits(tiles: np.ndarray, diverging: bool) -> tuple[float, float]:
    """The values of the darkest and the lightest colour."""
    low, high = finite_range(tiles)
    if diverging:
        low, high = symmetric(low, high)
    return (low, high) if low < high else (low - 1, high + 1)


def axes_for(image: np.ndarray, shorter: int) -> Axes:
    """Axes of the size of an image of tiles, whose shorter side is so many pixels."""
    pixel = min(0.9 / shorter, 6.4 / image.shape[1], 4.8 / image.shape[0])              # inches
    return new_axes(size=(max(3.4, pixel * image.shape[1] + 1.4),
                          max(1.6, pixel * image.shape[0] + 0.8)), layout='compressed')


def write_numbers(ax: Axes, numbers: np.ndarray, tiles: Tiles, w: int, size: float) -> None:
    """Write the number of each tile above it."""
    for (i, j), number in np.ndenumerate(numbers):
        if number >= 0:
            ax.annotate(str(number), (j * tiles.right + (w - 1) / 2, i * tiles.down - 0.5),
                        (0, 1.5), textcoords='offset points', ha='center', va='bottom',
                        fontsize=size)
