"""How does training go? Curves of metrics, confusion, norms of gradients, parameters."""
from __future__ import annotations

import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from epynn.commons.checks import shown
from epynn.commons.dataset import dataSet
from epynn.commons.loss import losses
from epynn.commons.metrics import metrics
from epynn.commons.models import Layer
from epynn.display.plot.style import (
    BLUE,
    GREEN,
    GREY,
    LINES,
    MARKED,
    ORANGE,
    Drawn,
    bare_axes,
    color_scale,
    colors_of,
    epoch_axis,
    given_axes,
    integer_ticks,
    layer_name,
    legend_beside,
    logarithmic_axis,
    new_axes,
    set_title,
)
from epynn.display.rows import all_layers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from epynn.network.finder import LearningRateFinder


def model_plot(model: Any, pyplot: bool = True,
               path: str | os.PathLike[str] | Literal[False] | None = None) -> Figure:
    """Curves of each metric and loss over the epochs, on training, validation and test set.

    A thin line marks the epoch with the lowest loss on the validation set, or on the training set
    where there is no other.

    Parameters
    ----------
    pyplot : bool, default True
        Whether to open a window, where there is a screen to open it on. A notebook shows the
        figure that is returned.
    path : str or path-like, optional
        Where to save the picture; its ending says the format, and in a folder it is
        ``<uname>.png``. By default the folder is ``plots``, which ``configure_directory`` makes;
        where there is none, or with False, it is not saved.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    RuntimeError
        If the network was not trained.
    """
    import matplotlib.pyplot as plt  # slow to import, see epynn.display.plot.style

    if not any(values for sets in model.metrics.values() for values in sets):
        raise RuntimeError('EpyNN has nothing to plot before it is trained: call train() first')
    columns = min(len(model.metrics), 4)
    rows = math.ceil(len(model.metrics) / columns)
    figure, axes = plt.subplots(rows, columns, figsize=(3.4 * columns, 3 * rows), squeeze=False,
                                layout='constrained')
    best = best_epoch(model)
    for ax in axes.flat[len(model.metrics):]:
        ax.remove()
    for ax, (name, sets) in zip(axes.flat, model.metrics.items(), strict=False):
        draw_curves(ax, name, sets, is_loss=name == model.loss)
        if best is not None:
            ax.axvline(best, color=GREY, linewidth=0.8, linestyle='--', zorder=1,
                       label=f'best: epoch {best}')
        epoch_axis(ax, model.e)
    axes.flat[0].legend(frameon=False)
    figure.suptitle(model.name)
    if path is None and Path('plots').is_dir():
        path = 'plots'
    if path:
        path = Path(path)
        figure.savefig(path / f'{model.uname}.png' if path.is_dir() else path, dpi=150)
    if pyplot and opens_windows(plt.get_backend()):
        plt.show()
    else:
        plt.close(figure)
    return figure


def best_epoch(model: Any) -> int | None:
    """The epoch with the lowest loss, on the validation set if there is one; None of one alone."""
    training, validation, _ = model.metrics.get(model.loss, ([], [], []))
    values = np.array(validation or training, dtype=float)
    return int(np.nanargmin(values)) if len(values) > 1 and not np.isnan(values).all() else None


def draw_curves(ax: Axes, name: str, sets: Sequence[Sequence[float]], is_loss: bool) -> None:
    """A metric or loss over the epochs, a curve for each set that has values.

    Metrics of the library are shares, from 0 to 1. A function of the user's own may return
    anything, so its axis is free.
    """
    for label, color, marker, values in zip(('training', 'validation', 'test'),
                                            (BLUE, ORANGE, GREEN), 'os^', sets, strict=True):
        if values:
            ax.plot(range(len(values)), values, color=color, label=label, marker=marker,
                    markersize=4, markevery=max(1, len(values) // 10))
    ax.set_title(f'{name} (loss)' if is_loss else name)
    if is_loss or name in losses:
        ax.set_ylabel('mean over samples')
    elif name in metrics:
        ax.set(ylabel='share of samples', ylim=(-0.03, 1.03))
    else:
        ax.set_ylabel('value')
    bare_axes(ax)


def opens_windows(backend: str) -> bool:
    """Whether a backend of matplotlib opens windows."""
    from matplotlib.backends import BackendFilter, backend_registry
    interactive = backend_registry.list_builtin(BackendFilter.INTERACTIVE)
    return backend.lower() in {name.lower() for name in interactive}


def plot_confusion(dset: dataSet, names: Sequence[str] | None = None,
                   ax: Axes | None = None) -> Drawn:
    """Counts of samples by label and by predicted label.

    Parameters
    ----------
    dset : dataSet
        With predicted labels ``P``, as ``evaluate`` leaves them.
    names : list of str, optional
        Names of the labels, from 0.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    figure : matplotlib.figure.Figure
    ax : matplotlib.axes.Axes

    Raises
    ------
    RuntimeError
        Where there are no predictions, or no labels to compare them with.
    """
    if not isinstance(dset, dataSet):
        raise ValueError('plot_confusion expects a dataSet, such as model.embedding.dval, got '
                         f'{shown(dset)}')
    y, P = dset.y, dset.P
    if P is None:
        raise RuntimeError(f'{dset.name} has no predictions yet: call evaluate() first')
    if dset.kind == 'values':
        raise RuntimeError(f'{dset.name} has targets that are numbers and no classes to count: '
                           'plot outputs against targets, plt.plot(dset.Y, dset.A, ".")')
    if y is None:
        raise RuntimeError(f'{dset.name} has no labels to compare its predictions with: '
                           'plot a set of an Embedding that was given Y_data')
    y, P = dset.each(y), dset.each(P)       # of sequences, the steps that are not padding
    labels = np.union1d(y, P)
    names = [str(v) for v in labels] if names is None else [names[v] for v in labels]
    counts = np.array([[np.sum((y == actual) & (P == predicted)) for predicted in labels]
                       for actual in labels])
    cell = min(1.1, 5 / len(labels))        # inches
    if ax is None:
        side = len(labels) * cell
        ax = new_axes(size=(1.6 + side, 1 + side))
    ax.imshow(counts, cmap='Blues', vmin=0)
    for (i, j), n in np.ndenumerate(counts):
        ax.text(j, i, str(n), ha='center', va='center', fontsize=7 + 5 * cell,
                color='white' if n > counts.max() / 2 else 'black')
    ax.set(xticks=range(len(labels)), yticks=range(len(labels)), xticklabels=names,
           yticklabels=names, xlabel='predicted', ylabel='actual', title=dset.name)
    ax.spines[:].set_visible(False)
    return Drawn(ax.figure, ax)


def plot_gradient_norms(model: Any, ax: Axes | None = None) -> Drawn:
    """L2 norm of the gradients of each layer over training, on a logarithmic axis.

    The norm is that of all gradients of a layer together, in the last batch of each epoch, after
    clipping where there is any. A layer whose gradients are far smaller than those of the layers
    after it hardly learns.

    Parameters
    ----------
    model : EpyNN
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    figure : matplotlib.figure.Figure
    ax : matplotlib.axes.Axes

    Raises
    ------
    RuntimeError
        If the network was not trained.
    """
    layers = [layer for layer in all_layers(model) if layer.gradient_norms]
    if not layers:
        raise RuntimeError('EpyNN has no gradient norms to plot yet: call train() first')
    ax = new_axes() if ax is None else ax
    for layer, color in zip(layers, colors_of(layers), strict=True):
        norms = layer.gradient_norms
        ax.plot(range(len(norms)), norms, color=color, label=layer.title, linewidth=1.5,
                marker='o' if len(norms) <= MARKED else '', markersize=3.5)
    logarithmic_axis(ax, [norm for layer in layers for norm in layer.gradient_norms])
    set_title(ax, f'{model.name}: gradients of each layer')
    ax.set_ylabel('L2 norm, last batch')
    epoch_axis(ax, model.e)
    bare_axes(ax)
    if len(layers) <= LINES:
        legend_beside(ax)
    else:
        color_bar_of(layers, ax)
    return Drawn(ax.figure, ax)


def plot_learning_rates(finder: LearningRateFinder, ax: Axes | None = None) -> Drawn:
    """Loss at each learning rate of a range test, and the rate that it suggests.

    Parameters
    ----------
    finder : LearningRateFinder
        After its ``run``, or after training with it.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    figure : matplotlib.figure.Figure
    ax : matplotlib.axes.Axes

    Raises
    ------
    RuntimeError
        If it has no losses yet.
    """
    smoothed, suggestion = finder.smoothed, finder.suggestion
    ax = new_axes() if ax is None else ax
    ax.plot(finder.rates, finder.losses, color=BLUE, alpha=0.3, linewidth=1, label='of each batch')
    ax.plot(finder.rates, smoothed, color=BLUE, label='smoothed')
    if suggestion is not None:
        ax.axvline(suggestion, color=ORANGE, linewidth=1, zorder=1)
        ax.plot(suggestion, smoothed[finder.rates.index(suggestion)], 'o', color=ORANGE,
                label=f'suggested: {suggestion:.2g}')
    low, high = smoothed.min(), smoothed.max()
    ax.set(xscale='log', xlabel='learning rate', ylabel='loss',
           ylim=(low - (high - low) / 2, high + (high - low) / 2) if high > low else None)
    set_title(ax, 'Loss while the learning rate rises')
    bare_axes(ax)
    legend_beside(ax)
    return Drawn(ax.figure, ax)


def color_bar_of(layers: Sequence[Layer], ax: Axes) -> None:
    """A bar of colours, beside which stand the positions of layers in the network."""
    bar = ax.figure.colorbar(color_scale(layers), ax=ax, label='layer', pad=0.02)
    bar.ax.set_ylim(0, len(layers) - 1)
    integer_ticks(bar.ax.yaxis)
    # By their order in the list, because the position of a layer in a layer, '2.0', is no number
    bar.ax.yaxis.set_major_formatter(
        lambda i, _: str(layers[round(i)].index) if 0 <= i < len(layers) else '')


def plot_weights(model: Any, axes: Any = None) -> Drawn:
    """Histograms of the parameters of a network, or of a layer.

    Parameters
    ----------
    model : EpyNN or Layer
    axes : sequence of matplotlib.axes.Axes, optional
        One for each parameter.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : numpy.ndarray of matplotlib.axes.Axes
        One for each parameter, those of a layer side by side.

    Raises
    ------
    RuntimeError
        Where there are no parameters yet.
    """
    layers = [layer for top in getattr(model, 'layers', [model]) if isinstance(top, Layer)
              for layer in top.walk() if layer.p]
    if not layers:
        title = model.name if hasattr(model, 'layers') else layer_name(model)
        raise RuntimeError(f'plot_weights finds no parameters in {title}: initialize the network '
                           'first, and give it, or a layer that learns')
    parameters = [(layer, name) for layer in layers for name in layer.p]
    given = axes is not None
    if given:
        axes = given_axes('plot_weights', axes, len(parameters), 'parameter')
        labelled = [(True, True)] * len(parameters)
    else:
        axes, labelled = histogram_axes(layers)
    for ax, (layer, name), (below, left) in zip(axes, parameters, labelled, strict=True):
        draw_histogram(ax, layer.p[name].ravel(), f'{layer.title}: {name}')
        ax.set_xlabel('value' if below else '', fontsize='small')
        ax.set_ylabel('count' if left else '', fontsize='small')
    return Drawn(axes[0].figure, np.asarray(axes, dtype=object))


def histogram_axes(layers: Sequence[Layer]) -> tuple[list[Axes], list[tuple[bool, bool]]]:
    """Axes for each parameter of layers, which begin new rows; and which need labels.

    That is, of each whether there are none below it, and whether there are none left of it.
    """
    columns = min(3, max(len(layer.p) for layer in layers))
    places: list[tuple[int, int]] = []
    rows = 0
    for layer in layers:
        places += [(rows + j // columns, j % columns) for j in range(len(layer.p))]
        rows += math.ceil(len(layer.p) / columns)
    grid = new_axes(rows, columns, size=(2.4 * columns + 0.4, 1.7 * rows), squeeze=False)
    for place in set(np.ndindex(rows, columns)) - set(places):
        grid[place].remove()
    return [grid[place] for place in places], [((row + 1, column) not in places, column == 0)
                                               for row, column in places]


def draw_histogram(ax: Axes, W: np.ndarray, title: str) -> None:
    """A histogram of the finite numbers of an array, whose title says how many others there are."""
    finite = W[np.isfinite(W)]
    ax.hist(finite, bins=min(50, max(5, round(math.sqrt(finite.size)))), color=BLUE)
    others = f', {W.size - finite.size:,} not finite' if finite.size < W.size else ''
    ax.set_title(title + others, fontsize='small')
    ax.locator_params(axis='x', nbins=4)
    integer_ticks(ax.yaxis, 4)
    ax.tick_params(labelsize='small')
    bare_axes(ax)
