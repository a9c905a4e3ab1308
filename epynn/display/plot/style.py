"""What do all pictures share? Colours, axes, ticks, titles, legends; and the layers they show.

matplotlib is imported inside functions: that takes longer than the rest of the library, and who
does not plot should not wait for it.
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from epynn.commons.checks import is_integer, shown
from epynn.commons.models import Layer

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure, SubFigure

# Colours that colour-blind eyes can tell from each other (Okabe & Ito, 2008)
BLUE, ORANGE, GREEN = '#0072B2', '#D55E00', '#009E73'
GREY = '#444444'
COLORS = [BLUE, ORANGE, GREEN, '#CC79A7', '#56B4E9', '#E69F00', GREY]

MARKED = 40                             # points of a line that are marked, at most
LINES = len(COLORS)                     # units drawn as lines; more are rows of an image
WIDTH = 6.4                             # inches of a figure of one column


class Drawn(NamedTuple):
    """A figure and its axes. In a notebook the picture, unless pyplot shows it anyway."""

    figure: Figure | SubFigure
    axes: Any

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        import matplotlib.pyplot as plt
        from IPython import get_ipython  # installed where there is a notebook

        if plt.fignum_exists(getattr(self.figure, 'number', -1)):
            return {}
        return get_ipython().display_formatter.format(self.figure, include, exclude)


# Axes

def new_axes(rows: int = 1, columns: int = 1, size: tuple[float, float] = (WIDTH, 3.6),
             layout: str = 'constrained', **options: Any) -> Any:
    """Axes of a figure that pyplot does not keep: a notebook shows it where it is returned."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(rows, columns, figsize=size, layout=layout, **options)
    plt.close(figure)
    return axes


def given_axes(owner: str, axes: Any, n: int, what: str) -> list[Axes]:
    """Axes that were given, as a flat list, or an error where they are not as many as needed."""
    flat = list(np.asarray(axes, dtype=object).flat)
    if len(flat) != n:
        raise ValueError(f'{owner} expects {n} axes, one for each {what}, got {len(flat)}')
    return flat


def bare_axes(ax: Axes) -> None:
    """Axes with no more ink than they need."""
    ax.spines[['top', 'right']].set_visible(False)
    ax.grid(alpha=0.3)
    ax.set_axisbelow(True)


def integer_ticks(axis: Axis, most: int = 10) -> None:
    """Ticks at integers only, for an axis that counts."""
    from matplotlib.ticker import MaxNLocator
    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))


def epoch_axis(ax: Axes, epochs: int) -> None:
    """Make the horizontal axis one of epochs."""
    ax.set(xlabel='epoch', xlim=(-0.5, epochs - 0.5))
    integer_ticks(ax.xaxis)


def logarithmic_axis(ax: Axes, values: Any) -> None:
    """Make the vertical axis logarithmic, from one power of ten to another around the values.

    Where no value is positive it stays linear.
    """
    values = np.asarray(values, dtype=float)
    values = np.minimum(values[(values > 0) & np.isfinite(values)], 1e299)
    if values.size:
        exponents = np.log10([values.min(), values.max()])
        low, high = 10.0**np.maximum(np.floor(exponents + [0, 1]), -320)
        if ax.get_yscale() == 'log':                # of curves that were there before
            low, high = min(low, ax.get_ylim()[0]), max(high, ax.get_ylim()[1])
        ax.set_ylim(low, high)
        ax.set_yscale('log')


# Text

def set_title(ax: Axes, title: str, **options: Any) -> None:
    """A title in the size of the text, because it is a sentence."""
    ax.set_title(title, fontsize='medium', **options)


def legend_beside(ax: Axes, title: str | None = None) -> None:
    """A legend on the right of the axes, where it covers nothing."""
    ax.legend(frameon=False, fontsize='small', title=title, title_fontsize='small',
              loc='upper left', bbox_to_anchor=(1, 1), borderaxespad=0)


def two_lines(text: str) -> str:
    """A text of several words in two lines of about the same length."""
    places = [i for i, letter in enumerate(text) if letter == ' '] if len(text) > 12 else []
    if not places:
        return text
    middle = min(places, key=lambda i: abs(i - len(text) / 2))
    return f'{text[:middle]}\n{text[middle + 1:]}'


# Values

def finite_range(A: np.ndarray) -> tuple[float, float]:
    """Smallest and largest of the finite numbers of an array."""
    finite = A[np.isfinite(A)]
    return (finite.min(), finite.max()) if finite.size else (0, 1)


def symmetric(low: float, high: float) -> tuple[float, float]:
    """Limits with zero in the middle, which is white where red is positive and blue negative."""
    return -max(-low, high), max(-low, high)


# Layers

def layer_name(layer: Any) -> str:
    """How an error calls a layer, or whatever was given in the place of one."""
    return layer.title if isinstance(layer, Layer) else shown(layer)


def cached(owner: str, layer: Layer, name: str, sample: int = 0) -> Any:
    """An array of the caches, or an error that says how it comes to be there."""
    cache = layer.fc if name in layer.fc else layer.bc
    if name not in cache:
        kept = ', '.join([*layer.fc, *layer.bc])
        raise RuntimeError(f'{owner} finds no {name!r} in {layer.title}, which keeps '
                           + (f'{kept}: give a name of these' if layer.bc else
                              f'{kept or "nothing"} so far: train its network, or go forward and '
                              'backward with training on'))
    A = cache[name]
    m = layer.d.get('m', len(A))
    if not is_integer(sample, 0) or sample >= m:
        raise ValueError(f'{owner} expects sample to be 0 to {m - 1}, a sample of the last batch '
                         f'of {layer.title}, got {shown(sample)}')
    return A


def color_scale(layers: Sequence[Layer]) -> Any:
    """Colours that follow the order of layers, as a scale from 0 to the number of layers - 1."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    last = len(layers) - 1
    return ScalarMappable(Normalize(-last / 8, last), 'viridis_r')      # begins after the yellow


def colors_of(layers: Sequence[Layer]) -> Any:
    """A colour for each layer: distinct ones for a few layers, those of a scale for many."""
    if len(layers) <= LINES:
        return COLORS[:len(layers)]
    return color_scale(layers).to_rgba(np.arange(len(layers)))
