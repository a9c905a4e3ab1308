"""What does a network look like? Curves of training, states, gradients, filters, weights.

====================== ============================================================
``model.plot``         loss and metrics over training
plot_confusion         which label is taken for which
plot_gradient_norms    how large the gradients of each layer are, over training
plot_gradient_flow     how the gradient vanishes, or not, step by step back in time
plot_states            state and gates of a recurrent layer over time
plot_filters           what a Convolution looks for
plot_feature_maps      what a Convolution found, or a Pooling kept
plot_weights           how parameters are distributed
====================== ============================================================

Each returns (figure, axes), which a notebook shows as the picture. Nothing opens a window. To
have several in one figure, or to see one on a screen, make the axes before and give them::

    figure, ax = matplotlib.pyplot.subplots()
    plot_gradient_norms(model, ax=ax)
    matplotlib.pyplot.show()
"""
import math
from typing import NamedTuple

import numpy as np

from epynn.commons.checks import is_integer, shown
from epynn.display.vocabulary import meaning
from epynn.commons.loss import losses
from epynn.commons.models import Layer
from epynn.speed.one_hot import OneHot

# Colours that stay apart for colour-blind eyes (Okabe & Ito, 2008)
BLUE, ORANGE, GREEN = '#0072B2', '#D55E00', '#009E73'
COLORS = [BLUE, ORANGE, GREEN, '#CC79A7', '#56B4E9', '#E69F00', '#444444']

MARKED = 40                             # points of a line that are marked, at most
LINES = len(COLORS)                     # units drawn as lines; more are rows of an image
WIDTH = 6.4                             # inches of a figure of one column


class Drawn(NamedTuple):
    """A figure and its axes. In a notebook the picture, unless pyplot shows it anyway."""

    figure: object
    axes: object

    def _repr_mimebundle_(self, include=None, exclude=None):
        import matplotlib.pyplot as plt
        from IPython import get_ipython

        if plt.fignum_exists(getattr(self.figure, 'number', None)):
            return {}
        return get_ipython().display_formatter.format(self.figure, include, exclude)


def new_axes(rows=1, columns=1, size=(WIDTH, 3.6), layout='constrained', **options):
    """Axes of a figure that pyplot does not keep: a notebook shows it where it is returned."""
    import matplotlib.pyplot as plt  # not before it is needed: it is slow to import

    figure, axes = plt.subplots(rows, columns, figsize=size, layout=layout, **options)
    plt.close(figure)
    return axes


def given_axes(owner, axes, n, what):
    """Axes that were given, as a flat list, or an error where they are not as many as needed."""
    flat = list(np.asarray(axes, dtype=object).flat)
    if len(flat) != n:
        raise ValueError(f'{owner} expects {n} axes, one for each {what}, got {len(flat)}')
    return flat


def plain(ax):
    """Axes with no more ink than they need."""
    ax.spines[['top', 'right']].set_visible(False)
    ax.grid(alpha=0.3)
    ax.set_axisbelow(True)


def whole(axis, most=10):
    """Ticks at whole numbers, for an axis that counts."""
    from matplotlib.ticker import MaxNLocator
    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10], integer=True, min_n_ticks=1))


def epochs_on(ax, epochs):
    """An axis of epochs."""
    ax.set(xlabel='epoch', xlim=(-0.5, epochs - 0.5))
    whole(ax.xaxis)


def logarithmic(ax, values):
    """A logarithmic axis of whole powers of ten for values, where any of them is positive."""
    values = np.asarray(values, dtype=float)
    values = values[(values > 0) & (values < 1e300)]
    if values.size:
        exponents = np.log10([values.min(), values.max()])
        low, high = 10.0**np.maximum(np.floor(exponents + [0, 1]), -320)
        if ax.get_yscale() == 'log':                # of curves that were there before
            low, high = min(low, ax.get_ylim()[0]), max(high, ax.get_ylim()[1])
        ax.set_ylim(low, high)
        ax.set_yscale('log')


def named(layer):
    """How an error calls a layer, or what was given for one."""
    return layer.title if isinstance(layer, Layer) else shown(layer)


def model_plot(model, pyplot=True, path=None):
    """Curves of each metric and loss over the epochs, on training, validation and test set.

    Parameters
    ----------
    pyplot : bool, default True
        Whether to open a window, where there is a screen to open it on. A notebook shows the
        figure that is returned.
    path : str or path-like, optional
        Where to save the picture; its ending says the format.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    RuntimeError
        If the network was not trained.
    """
    import matplotlib.pyplot as plt

    if not any(values for sets in model.metrics.values() for values in sets):
        raise RuntimeError('EpyNN has nothing to plot before it is trained: call train() first')
    columns = min(len(model.metrics), 4)
    rows = math.ceil(len(model.metrics) / columns)
    figure, axes = plt.subplots(rows, columns, figsize=(3.4 * columns, 3 * rows), squeeze=False,
                                layout='constrained')
    for ax in axes.flat[len(model.metrics):]:
        ax.remove()
    for ax, (name, sets) in zip(axes.flat, model.metrics.items(), strict=False):
        for label, color, marker, values in zip(('training', 'validation', 'test'),
                                                (BLUE, ORANGE, GREEN), 'os^', sets, strict=True):
            if values:
                ax.plot(range(len(values)), values, color=color, label=label, marker=marker,
                        markersize=4, markevery=max(1, len(values) // 10))
        ax.set(title=f'{name} (loss)' if name == model.loss else name,
               ylabel='mean over samples' if name in losses else 'share of samples')
        epochs_on(ax, model.e)
        if name not in losses:
            ax.set_ylim(-0.03, 1.03)
        plain(ax)
    axes.flat[0].legend(frameon=False)
    figure.suptitle(model.name)
    if path:
        figure.savefig(path, dpi=150)
    if pyplot and opens_windows(plt.get_backend()):
        plt.show()
    else:
        plt.close(figure)
    return figure


def opens_windows(backend):
    """Whether a backend of matplotlib opens windows."""
    from matplotlib.backends import BackendFilter, backend_registry
    interactive = backend_registry.list_builtin(BackendFilter.INTERACTIVE)
    return backend.lower() in {name.lower() for name in interactive}


def plot_confusion(dset, names=None, ax=None):
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
    if dset.P is None:
        raise RuntimeError(f'{dset.name} has no predictions yet: call evaluate() first')
    if dset.Y is None:
        raise RuntimeError(f'{dset.name} has no labels to compare its predictions with: '
                           'plot a set of an Embedding that was given Y_data')
    labels = np.union1d(dset.y, dset.P)
    names = [str(v) for v in labels] if names is None else [names[v] for v in labels]
    counts = np.array([[np.sum((dset.y == y) & (dset.P == P)) for P in labels] for y in labels])
    cell = min(1.1, 5 / len(labels))        # inches
    if ax is None:
        side = len(labels) * cell
        ax = new_axes(size=(1.6 + side, 1 + side))
    ax.imshow(counts, cmap='Blues', vmin=0)
    for (i, j), n in np.ndenumerate(counts):
        ax.text(j, i, n, ha='center', va='center', fontsize=7 + 5 * cell,
                color='white' if n > counts.max() / 2 else 'black')
    ax.set(xticks=range(len(labels)), yticks=range(len(labels)), xticklabels=names,
           yticklabels=names, xlabel='predicted', ylabel='actual', title=dset.name)
    ax.spines[:].set_visible(False)
    return Drawn(ax.figure, ax)


def plot_gradient_norms(model, ax=None):
    """L2 norm of the gradients of each layer over training, on a logarithmic axis.

    Of the last batch of each epoch, and of all parameters of a layer together, after clipping
    where there is any. Where a layer's gradients are far below those of the layers after it, it
    hardly learns.

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
    layers = [layer for layer in model.layers if layer.gradient_norms]
    if not layers:
        raise RuntimeError('EpyNN has no gradient norms to plot yet: call train() first')
    ax = new_axes() if ax is None else ax
    for layer, color in zip(layers, colors_of(layers), strict=True):
        norms = layer.gradient_norms
        ax.plot(range(len(norms)), norms, color=color, label=layer.title, linewidth=1.5,
                marker='o' if len(norms) <= MARKED else '', markersize=3.5)
    logarithmic(ax, [norm for layer in layers for norm in layer.gradient_norms])
    titled(ax, f'{model.name}: gradients of each layer')
    ax.set_ylabel('L2 norm, last batch')
    epochs_on(ax, model.e)
    plain(ax)
    if len(layers) <= LINES:
        legend_beside(ax)
    else:
        bar = ax.figure.colorbar(in_order(layers), ax=ax, label='layer', pad=0.02)
        bar.ax.set_ylim(layers[0].index, layers[-1].index)
        whole(bar.ax.yaxis)
    return Drawn(ax.figure, ax)


def in_order(layers):
    """Colours that follow the order of the layers, with their scale."""
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize
    first, last = layers[0].index, layers[-1].index
    return ScalarMappable(Normalize(first - (last - first) / 8, last), 'viridis_r')  # no yellow


def colors_of(layers):
    """A colour for each layer, apart from the others where there are few, in order if many."""
    if len(layers) <= LINES:
        return COLORS[:len(layers)]
    return in_order(layers).to_rgba([layer.index for layer in layers])


def titled(ax, title, **options):
    """A title, in the size of the text, for it is a sentence."""
    ax.set_title(title, fontsize='medium', **options)


def legend_beside(ax, title=None):
    """A legend on the right of the axes, where it covers nothing."""
    ax.legend(frameon=False, fontsize='small', title=title, title_fontsize='small',
              loc='upper left', bbox_to_anchor=(1, 1), borderaxespad=0)


def recurrent(owner, layer):
    """An error for a layer without states."""
    if not hasattr(layer, 'over_time'):
        raise ValueError(f'{owner} expects a recurrent layer, RNN, GRU or LSTM, got '
                         f'{named(layer)}')


def kept(owner, layer, name, sample=0):
    """An array of the caches, or an error that says how it comes to be there."""
    array = {**layer.bc, **layer.fc}.get(name)
    if array is None:
        raise RuntimeError(f'{owner} finds no {name!r} in {layer.title}, which keeps '
                           f'{", ".join([*layer.fc, *layer.bc]) or "nothing"} so far: train its '
                           'network, or go forward and backward with training on')
    if not is_integer(sample, 0) or sample >= layer.d.get('m', len(array)):
        raise ValueError(f'{owner} expects sample to be 0 to {layer.d.get("m", len(array)) - 1}, '
                         f'a sample of the last batch of {layer.title}, got {shown(sample)}')
    return array


def plot_states(layer, sample=0, names=None, axes=None):
    """State and gates of a recurrent layer over time, for one sample of the last batch.

    A line for each unit, or a row of an image for each where there are more than 7. A sequence
    that is shorter than others is drawn to its own end.

    Parameters
    ----------
    layer : RNN, GRU or LSTM
    sample : int, default 0
        Position in the batch.
    names : list of str, optional
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
    recurrent('plot_states', layer)
    gates = [name[1:] for name in layer.p if name[:1] == 'U' and name[1:]]
    if names is None:
        names = ['h', *(name for name in ('C_', *gates) if name in layer.fc)]
    names = [names] if isinstance(names, str) else list(names)
    for name in names:
        kept('plot_states', layer, name, sample)
    if axes is None:
        axes = new_axes(len(names), size=(WIDTH, 0.9 + 1.25 * len(names)), sharex=True,
                        squeeze=False)[:, 0]
    else:
        axes = given_axes('plot_states', axes, len(names), 'name')

    end = layer.d['s'] if layer.lengths is None else int(layer.lengths[sample])
    for ax, name in zip(axes, names, strict=True):
        A = layer.over_time(name)[sample, :end]                 # (s, u)
        what = f'{meaning(layer, "fc", name)} {name}'
        limits = (0, 1) if name in gates and 0 <= A.min() <= A.max() <= 1 else None
        if A.shape[1] <= LINES:
            for unit, (values, color) in enumerate(zip(A.T, COLORS, strict=False)):
                ax.plot(values, color=color, label=unit, marker='o' if end <= MARKED else '',
                        markersize=3, linewidth=max(0.4, min(1.5, 300 / end)))
            if limits:
                ax.set(ylim=(-0.05, 1.05), yticks=(0, 0.5, 1))
            ax.set_ylabel(broken(what), fontsize='small')
            ax.margins(x=0.01)
            plain(ax)
        else:
            draw_units(ax, A, limits, broken(what))
    titled(axes[0], f'{layer.title}: sample {sample} of the last batch')
    axes[-1].set_xlabel('step')
    whole(axes[-1].xaxis)
    if 1 < A.shape[1] <= LINES:
        legend_beside(axes[0], 'unit')
    return Drawn(axes[0].figure, np.asarray(axes, dtype=object))


def broken(text):
    """A text of some words in two lines of about the same length."""
    places = [i for i, letter in enumerate(text) if letter == ' '] if len(text) > 12 else []
    if not places:
        return text
    middle = min(places, key=lambda i: abs(i - len(text) / 2))
    return f'{text[:middle]}\n{text[middle + 1:]}'


def draw_units(ax, A, limits, what):
    """An image of (steps, units): time to the right, a row for each unit."""
    low, high = limits or finite_range(A)
    diverging = low < 0
    if diverging:
        low, high = -max(-low, high), max(-low, high)
    s, u = A.shape
    image = ax.imshow(A.T, aspect='auto', cmap='RdBu_r' if diverging else 'viridis', vmin=low,
                      vmax=high, origin='lower', extent=(-0.5, s - 0.5, -0.5, u - 0.5))
    bar = ax.figure.colorbar(image, ax=ax, pad=0.01)
    bar.set_label(what, fontsize='small')
    bar.outline.set_visible(False)
    ax.set_ylabel('unit', fontsize='small')
    whole(ax.yaxis, 5)
    ax.spines[:].set_visible(False)


def finite_range(A):
    """Smallest and largest of the finite numbers of an array."""
    finite = A[np.isfinite(A)]
    return (finite.min(), finite.max()) if finite.size else (0, 1)


def plot_gradient_flow(layer, ax=None):
    """How the gradient of the loss by the state fares on its way back in time.

    Its norm over the units, at each step counted back from the last of each sample, where the
    loss is: the median of the samples of the last batch, and a band from the smallest to the
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
    recurrent('plot_gradient_flow', layer)
    for name in ('dA', 'dhn'):
        kept('plot_gradient_flow', layer, name)
    norms = norm_over_units(layer.over_time('dA') + layer.over_time('dhn'))         # (m, s)
    m, s = norms.shape
    ends = np.full(m, s) if layer.lengths is None else layer.lengths
    back = np.full((m, s), np.nan)                              # steps back, nan before the first
    for i, end in enumerate(ends):
        back[i, :end] = norms[i, :end][::-1]

    median, low, high = over_samples(back)
    ax = new_axes() if ax is None else ax
    ax.plot(median, color=BLUE, linewidth=1.5, marker='o' if s <= MARKED else '', markersize=3,
            label=f'median of {m} samples' if m > 1 else 'one sample')
    if m > 1:
        ax.fill_between(range(s), low, high, color=BLUE, alpha=0.2, linewidth=0,
                        label='smallest to largest')
    logarithmic(ax, [median, low, high])
    titled(ax, f'{layer.title}: gradient by the state, back in time')
    ax.set(xlabel='steps back from the last', ylabel='L2 norm over units')
    whole(ax.xaxis)
    last = int(np.flatnonzero(high > 0)[-1]) if (high > 0).any() else s - 1
    if last < s - 1:                    # it underflowed on the way
        ax.set_xlim(-0.03 * last - 0.5, 1.12 * last + 1)
        ax.axvline(last + 0.5, color='black', linewidth=0.8, linestyle=':')
        ax.annotate('exactly 0 beyond', (last + 0.5, 0.97), (4, 0), rotation=90, va='top',
                    xycoords=('data', 'axes fraction'), textcoords='offset points',
                    fontsize='small')
    plain(ax)
    ax.legend(frameon=False, fontsize='small')
    return Drawn(ax.figure, ax)


def norm_over_units(A):
    """L2 norm along the last axis, of numbers whose squares would be too small for their type."""
    largest = np.abs(A).max(axis=-1, keepdims=True)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1)
    return scale[..., 0] * np.linalg.norm(A / scale, axis=-1)


def over_samples(A):
    """Median, smallest and largest of each column, of what is not nan."""
    A = np.sort(A, axis=0)                                      # nan comes last
    n = np.maximum((~np.isnan(A)).sum(axis=0), 1)
    columns = np.arange(A.shape[1])
    middle = (A[(n - 1) // 2, columns] + A[n // 2, columns]) / 2
    return middle, A[0], A[n - 1, columns]


def plot_filters(layer, ax=None):
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
    if isinstance(layer, Layer) and 'filter_size' in layer.o and not layer.p:
        raise RuntimeError(f'plot_filters finds no filters in {layer.title} yet: initialize its '
                           'network, or call build(X) where it has none')
    W = getattr(layer, 'p', {}).get('W')
    if np.ndim(W) != 4:
        raise ValueError('plot_filters expects a layer with filters, Convolution, got '
                         f'{named(layer)}')
    filters = W.transpose(2, 3, 0, 1)                           # (d, u, fh, fw)
    ax = draw_tiles(ax, filters, 'filter', 'depth', diverging=True)
    titled(ax, f'{layer.title}: filters', pad=16 if filters.shape[1] > 1 else None)
    return Drawn(ax.figure, ax)


def plot_feature_maps(layer, sample=0, name='A', ax=None):
    """What a Convolution or Pooling makes of one sample of the last batch: its feature maps.

    Parameters
    ----------
    layer : Convolution or Pooling
    sample : int, default 0
        Position in the batch.
    name : str, default 'A'
        Any array of its caches with images, (m, height, width, maps): ``A`` the output, ``X``
        the input, ``Z`` before activation, ``dA`` the gradient by the output.
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
    A = kept('plot_feature_maps', layer, name, sample)
    if np.ndim(A) != 4 or isinstance(A, OneHot):
        raise ValueError('plot_feature_maps expects images, (samples, height, width, maps), got '
                         f'{name} of shape {A.shape} in {layer.title}: give a Convolution or '
                         'Pooling')
    maps = A[sample].transpose(2, 0, 1)[np.newaxis]             # (1, maps, h, w)
    ax = draw_tiles(ax, maps, 'map', '', diverging=finite_range(maps)[0] < 0)
    titled(ax, f'{layer.title}: {name} of sample {sample}', pad=16 if maps.shape[1] > 1 else None)
    return Drawn(ax.figure, ax)


def draw_tiles(ax, tiles, column, row, diverging):
    """Images (rows, columns, h, w) side by side in one; a single row is broken into lines."""
    rows, columns, h, w = tiles.shape
    numbers = np.arange(columns)[np.newaxis]                # to be written above, (lines, columns)
    if rows == 1:
        across = max(1, min(columns, math.ceil(math.sqrt(2 * columns * h / w))))
        rows = math.ceil(columns / across)
        missing = rows * across - columns
        tiles = np.concatenate([tiles[0], np.full((missing, h, w), np.nan)])
        tiles = tiles.reshape(rows, across, h, w)
        numbers = np.pad(numbers[0], (0, missing), constant_values=-1).reshape(rows, across)
        columns = across

    # One tile after the other, with gaps between them, and room for numbers above
    down, right = h + max(1, round(h / (4 if len(numbers) > 1 else 8))), w + max(1, round(w / 8))
    image = np.full((rows * down - down + h, columns * right - right + w), np.nan)
    for i, j in np.ndindex(rows, columns):
        image[i * down:i * down + h, j * right:j * right + w] = tiles[i, j]

    low, high = finite_range(tiles)
    if diverging:
        low, high = -max(abs(low), abs(high)), max(abs(low), abs(high))
    if low == high:
        low, high = low - 1, high + 1
    if ax is None:
        pixel = min(0.9 / min(h, w), 6.4 / image.shape[1], 4.8 / image.shape[0])        # inches
        ax = new_axes(size=(max(3.4, pixel * image.shape[1] + 1.4),
                            max(1.6, pixel * image.shape[0] + 0.8)), layout='compressed')
    drawn = ax.imshow(image, cmap='RdBu_r' if diverging else 'viridis', vmin=low, vmax=high,
                      interpolation='nearest')
    bar = ax.figure.colorbar(drawn, ax=ax, pad=0.02)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize='small')
    size = min(9, max(5, 90 / columns))
    if numbers.max() > 0:
        for (i, j), number in np.ndenumerate(numbers):
            if number >= 0:
                ax.annotate(number, (j * right + (w - 1) / 2, i * down - 0.5), (0, 1.5),
                            textcoords='offset points', ha='center', va='bottom', fontsize=size)
        ax.set_xlabel(f'{column} 0 to {numbers.max()}', fontsize='small')
    ax.set(xticks=[], yticks=[])
    if len(numbers) < rows:
        ax.set(yticks=np.arange(rows) * down + (h - 1) / 2, yticklabels=range(rows), ylabel=row)
        ax.tick_params(labelsize=size)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def plot_weights(model, axes=None):
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
    layers = [layer for layer in getattr(model, 'layers', [model]) if getattr(layer, 'p', None)]
    if not layers:
        title = model.name if hasattr(model, 'layers') else named(model)
        raise RuntimeError(f'plot_weights finds no parameters in {title}: initialize the network '
                           'first, and give it, or a layer that learns')
    columns = min(3, max(len(layer.p) for layer in layers))
    places, rows = [], 0
    for layer in layers:
        places += [(rows + j // columns, j % columns) for j in range(len(layer.p))]
        rows += math.ceil(len(layer.p) / columns)
    given = axes is not None
    if not given:
        grid = new_axes(rows, columns, size=(2.4 * columns + 0.4, 1.7 * rows), squeeze=False)
        axes = [grid[place] for place in places]
        for place in set(np.ndindex(rows, columns)) - set(places):
            grid[place].remove()
    else:
        axes = given_axes('plot_weights', axes, len(places), 'parameter')
    parameters = [(layer, name) for layer in layers for name in layer.p]
    for ax, (layer, name), (row, column) in zip(axes, parameters, places, strict=True):
        W = layer.p[name].ravel()
        finite = W[np.isfinite(W)]
        ax.hist(finite, bins=min(50, max(5, round(math.sqrt(finite.size)))), color=BLUE)
        strange = f', {W.size - finite.size:,} not finite' if finite.size < W.size else ''
        ax.set_title(f'{layer.title}: {name}{strange}', fontsize='small')
        ax.set_xlabel('value' if given or (row + 1, column) not in places else '')
        ax.set_ylabel('numbers' if given or column == 0 else '')
        ax.locator_params(axis='x', nbins=4)
        whole(ax.yaxis, 4)
        for axis in (ax.xaxis, ax.yaxis):
            axis.label.set_size('small')
        ax.tick_params(labelsize='small')
        plain(ax)
    return Drawn(axes[0].figure, np.asarray(axes, dtype=object))
