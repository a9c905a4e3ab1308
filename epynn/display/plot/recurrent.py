"""What happens in a recurrent layer over time? Its states, and the gradient on its way back."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.recurrence import Recurrent
from epynn.display.plot.style import (
    BLUE,
    COLORS,
    LINES,
    MARKED,
    WIDTH,
    Drawn,
    bare_axes,
    cached,
    finite_range,
    given_axes,
    integer_ticks,
    layer_name,
    legend_beside,
    logarithmic_axis,
    new_axes,
    set_title,
    symmetric,
    two_lines,
)
from epynn.display.vocabulary import meaning

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_states(layer: Recurrent, sample: int = 0, names: str | Sequence[str] | None = None,
                axes: Any = None) -> Drawn:
    """State and gates of a recurrent layer over time, for one sample of the last batch.

    A line for each unit, or a row of an image for each where there are more than 7. A sequence
    that is shorter than others is drawn to its own end.

    Parameters
    ----------
    layer : RNN, GRU or LSTM
    sample : int, default 0
        Position in the batch.
    names : str or list of str, optional
        What to draw, of the arrays with a number for each unit at each step. By default the
        state ``h``, the memory ``C_`` and the gates, where there are any.
    axes : sequence of matplotlib.axes.Axes, optional
        One for each name.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : numpy.ndarray of matplotlib.axes.Axes
        One below the other.

    Raises
    ------
    ValueError
        Where the layer is not recurrent, or there is no such sample.
    RuntimeError
        Where nothing has passed through the layer in training, or a name is not kept.
    """
    check_recurrent('plot_states', layer)
    gates = [name[1:] for name in layer.p if name[:1] == 'U' and name[1:]]
    if names is None:
        names = ['h', *(name for name in ('C_', *gates) if name in layer.fc)]
    names = [names] if isinstance(names, str) else list(names)
    arrays = [cached('plot_states', layer, name, sample)[sample] for name in names]     # (s, u)
    if axes is None:
        axes = new_axes(len(names), size=(WIDTH, 0.9 + 1.25 * len(names)), sharex=True,
                        squeeze=False)[:, 0]
    else:
        axes = given_axes('plot_states', axes, len(names), 'name')

    end = None if layer.lengths is None else int(layer.lengths[sample])
    for ax, name, A in zip(axes, names, arrays, strict=True):
        A = A[:end]
        is_gate = name in gates and 0 <= A.min() <= A.max() <= 1
        draw = draw_lines if A.shape[1] <= LINES else draw_image
        draw(ax, A, (0, 1) if is_gate else None,
             two_lines(f'{meaning(layer, "fc", name)} {name}'))
    set_title(axes[0], f'{layer.title}: sample {sample} of the last batch')
    axes[-1].set_xlabel('step')
    integer_ticks(axes[-1].xaxis)
    if 1 < arrays[0].shape[1] <= LINES:
        legend_beside(axes[0], 'unit')
    return Drawn(axes[0].figure, np.asarray(axes, dtype=object))


def check_recurrent(owner: str, layer: Any) -> None:
    """An error for a layer without states."""
    if not isinstance(layer, Recurrent):
        held = any(isinstance(each, Recurrent) for each in getattr(layer, 'sublayers', []))
        raise ValueError(f'{owner} expects a recurrent layer, RNN, GRU or LSTM, got '
                         f'{layer_name(layer)}' + ': give one of its sublayers' * held)


def draw_lines(ax: Axes, A: np.ndarray, limits: tuple[float, float] | None, what: str) -> None:
    """Lines of (steps, units): time to the right, a line for each unit."""
    steps = len(A)
    for unit, (values, color) in enumerate(zip(A.T, COLORS, strict=False)):
        ax.plot(values, color=color, label=str(unit), marker='o' if steps <= MARKED else '',
                markersize=3, linewidth=max(0.4, min(1.5, 300 / steps)))
    if limits:
        ax.set(ylim=(-0.05, 1.05), yticks=(0, 0.5, 1))
    ax.set_ylabel(what, fontsize='small')
    ax.margins(x=0.01)
    bare_axes(ax)


def draw_image(ax: Axes, A: np.ndarray, limits: tuple[float, float] | None, what: str) -> None:
    """An image of (steps, units): time to the right, a row for each unit."""
    low, high = limits or finite_range(A)
    diverging = low < 0
    if diverging:
        low, high = symmetric(low, high)
    s, u = A.shape
    image = ax.imshow(A.T, aspect='auto', cmap='RdBu_r' if diverging else 'viridis', vmin=low,
                      vmax=high, origin='lower', extent=(-0.5, s - 0.5, -0.5, u - 0.5))
    bar = ax.figure.colorbar(image, ax=ax, pad=0.01)
    bar.set_label(what, fontsize='small')
    bar.outline.set_visible(False)
    ax.set_ylabel('unit', fontsize='small')
    integer_ticks(ax.yaxis, 5)
    ax.spines[:].set_visible(False)


def plot_gradient_flow(layer: Recurrent, ax: Axes | None = None) -> Drawn:
    """The gradient of the loss with respect to the state, on its way back in time.

    Its L2 norm over the units, at each step counted back from the last step of each sample, where
    the loss is: the median of the samples of the last batch, and a band from the smallest to the
    largest. A straight line down is a gradient that vanishes by the same factor at every step.
    With ``sequences=True`` the loss acts at every step, and the line need not fall.

    Parameters
    ----------
    layer : RNN, GRU or LSTM
        After a backward pass, as training leaves it.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    figure : matplotlib.figure.Figure
    ax : matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where the layer is not recurrent.
    RuntimeError
        Where no gradient has passed through it.
    """
    check_recurrent('plot_gradient_flow', layer)
    dA, dhn = (cached('plot_gradient_flow', layer, name) for name in ('dA', 'dhn'))
    norms = norm_over_units(dA + dhn)                                               # (m, s)
    m, s = norms.shape
    median, low, high = median_and_range(back_in_time(norms, layer.lengths))

    ax = new_axes() if ax is None else ax
    ax.plot(median, color=BLUE, linewidth=1.5, marker='o' if s <= MARKED else '', markersize=3,
            label=f'median of {m} samples' if m > 1 else 'one sample')
    if m > 1:
        ax.fill_between(range(s), low, high, color=BLUE, alpha=0.2, linewidth=0,
                        label='smallest to largest')
    logarithmic_axis(ax, [median, low, high])
    set_title(ax, f'{layer.title}: gradient with respect to the state, back in time')
    ax.set(xlabel='steps back from the last', ylabel='L2 norm over units')
    integer_ticks(ax.xaxis)
    mark_underflow(ax, high)
    bare_axes(ax)
    ax.legend(frameon=False, fontsize='small')
    return Drawn(ax.figure, ax)


def norm_over_units(A: np.ndarray) -> np.ndarray:
    """L2 norm along the last axis, also of numbers whose squares are too small for their type."""
    largest = np.abs(A).max(axis=-1, keepdims=True)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1)
    return scale[..., 0] * np.linalg.norm(A / scale, axis=-1)


def back_in_time(norms: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
    """Norms (samples, steps) from the last step of each sample to its first, then nan."""
    m, s = norms.shape
    back = np.full((m, s), np.nan)
    for i, end in enumerate(np.full(m, s) if lengths is None else lengths):
        back[i, :end] = norms[i, :end][::-1]
    return back


def median_and_range(A: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Median, smallest and largest of each column, without what is nan."""
    A = np.sort(A, axis=0)                                      # nan comes last
    n = np.maximum((~np.isnan(A)).sum(axis=0), 1)
    columns = np.arange(A.shape[1])
    median = (A[(n - 1) // 2, columns] + A[n // 2, columns]) / 2
    return median, A[0], A[n - 1, columns]


def mark_underflow(ax: Axes, norms: np.ndarray) -> None:
    """Where norms become exactly 0 on the way, end the axis there and say so."""
    positive = np.flatnonzero(norms > 0)
    last = int(positive[-1]) if positive.size else len(norms) - 1
    if last == len(norms) - 1:
        return
    ax.set_xlim(-0.03 * last - 0.5, 1.12 * last + 1)
    ax.axvline(last + 0.5, color='black', linewidth=0.8, linestyle=':')
    ax.annotate('exactly 0 beyond', (last + 0.5, 0.97), (4, 0), rotation=90, va='top',
                xycoords=('data', 'axes fraction'), textcoords='offset points', fontsize='small')
