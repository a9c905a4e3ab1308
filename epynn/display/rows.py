"""Which facts are there about a layer, a network, its training? Rows of tables, and texts."""
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

import numpy as np
from tabulate import tabulate

from epynn.commons.dataset import dataSet
from epynn.commons.models import Layer
from epynn.display.vocabulary import CACHES, meaning
from epynn.speed.one_hot import OneHot

CELL_WIDTHS = (40, 28, 20)              # characters of a cell in a table that has to be narrow
LARGE = 1e5                             # numbers of this size or more are shown as powers of ten

Rows = Sequence[Sequence[Any]]
Shape = tuple[int, ...]

ARRAY_HEADERS = ['array', 'what it is', 'shape', 'range']
LAYER_HEADERS = ['', 'layer', 'in', 'out', 'activation', 'parameters', 'trainable', 'memory',
                 'caches']
SETS = ('dtrain', 'dval', 'dtest')


# Text

def text_table(rows: Rows, headers: Sequence[str], width: int | None = None) -> str:
    """A table as text; where it is wider than ``width`` characters, in parts that are not.

    Long cells are broken into lines first; where that does not suffice, columns that do not fit
    follow in tables of their own, each of which repeats the first column.
    """
    if width is None:
        return boxed(rows, headers)
    for cell_width in (None, *CELL_WIDTHS):
        table = boxed(rows, headers, cell_width)
        if columns_of(table) <= width:
            return table
    parts, start = [], 1
    while start < len(headers):
        end = start + 1                 # at least one column, however wide it is
        while end < len(headers) and columns_of(part(rows, headers, start, end + 1)) <= width:
            end += 1
        parts.append(part(rows, headers, start, end))
        start = end
    return '\n'.join(parts)


def part(rows: Rows, headers: Sequence[str], start: int, end: int) -> str:
    """A table of the first column and some of the others, in which long cells are broken."""
    first = headers[start]
    if first.startswith('\n'):          # a group of columns goes on: say its name again
        above = next((header for header in headers[start::-1] if header[:1] != '\n'), '')
        first = above.split('\n')[0] + first
    return boxed([[row[0], *row[start:end]] for row in rows],
                 [headers[0], first, *headers[start + 1:end]], CELL_WIDTHS[0])


def boxed(rows: Rows, headers: Sequence[str], cell_width: int | None = None) -> str:
    """A table in a box of characters, whose cells are broken where they are too wide."""
    if cell_width is not None:          # not by tabulate, which takes '12,816' for an int
        rows = [['\n'.join(wrap(str(cell), cell_width)) for cell in row] for row in rows]
    return tabulate(rows, headers, tablefmt='pretty', disable_numparse=True)


def columns_of(text: str) -> int:
    """Characters of the longest line of a text."""
    return max(map(len, text.splitlines()), default=0)


def shape_text(shape: Iterable[int], times: str = ' x ') -> str:
    """A shape such as '3 x 4'; '1' for a single number."""
    return times.join(map(str, shape)) or '1'


def memory(nbytes: float) -> str:
    """A number of bytes in the unit that suits it."""
    for unit in ('B', 'kB', 'MB'):
        if nbytes < 999.5:
            return f'{nbytes:.3g} {unit}'
        nbytes /= 1000
    return f'{nbytes:.3g} GB'


def decimal(value: float) -> str:
    """A number with three decimals, or as a power of ten where it is large."""
    return f'{value:.3e}' if LARGE <= abs(value) < np.inf else f'{value:.3f}'


def value_range(A: Any) -> str:
    """Smallest and largest number of an array, and how many are not finite."""
    if isinstance(A, OneHot):
        return '0 or 1, one-hot'
    A = np.asarray(A)
    if not A.size or A.dtype.kind not in 'biuf':
        return '-'
    low, high = A.min(), A.max()
    if np.isfinite(low) and np.isfinite(high):
        return f'{low + 0:.3g} to {high + 0:.3g}'           # + 0 makes True a 1
    finite = A[np.isfinite(A)]
    parts = [f'{finite.min():.3g} to {finite.max():.3g}'] if finite.size else []
    return ', '.join(parts + [f'{n:,} {name}' for n, name in ((np.isnan(A).sum(), 'nan'),
                                                              (np.isinf(A).sum(), 'inf')) if n])


# Layers

def array_rows(layer: Layer) -> list[list[str]]:
    """Every array of a layer: its name, what it is, its shape, its range."""
    return [[f"{cache}['{name}']",
             meaning(layer, cache, name) + ' (frozen)' * (cache == 'p' and not layer.trainable),
             shape_text(np.shape(A)), value_range(A)]
            for cache in CACHES for name, A in getattr(layer, cache).items()]


def all_layers(model: Any) -> list[Layer]:
    """The layers of a network, each followed by the layers that it holds."""
    return [layer for top in model.layers for layer in top.walk()]


def learning_layers(model: Any) -> list[Layer]:
    """The layers of a network whose parameters are updated."""
    return [layer for layer in all_layers(model) if layer.p and layer.trainable]


def shapes_in_out(model: Any) -> list[tuple[Layer, Shape | None, Shape | None]]:
    """Every layer with the shapes that it takes and returns, None where not known yet."""
    outs = [layer.output_shape for layer in model.layers]
    for i, following in enumerate(model.layers[1:]):
        outs[i] = outs[i] or following.input_shape
    found = []
    for layer, X, A in zip(model.layers, [None, *outs[:-1]], outs, strict=True):
        found.append((layer, X, A))
        found += [(held, held.input_shape, held.output_shape)
                  for held in layer.walk() if held is not layer]
    return found


def layer_rows(model: Any) -> list[list[Any]]:
    """Every layer of a network: what passes, what it learns, and the memory that takes."""
    seen: set[int] = set()
    rows = []
    for layer, *shapes in shapes_in_out(model):
        cached = bytes_of(caches(layer), seen)
        rows.append([
            layer.index, type(layer).__name__,
            *('-' if shape is None else shape_text(shape[1:]) for shape in shapes),
            ', '.join(dict.fromkeys(layer.activation.values())) or '-',
            parameter_names(layer) or '-',
            f'{size_of(layer) if layer.trainable else 0:,}' if layer.p else '-',
            memory(nbytes_of(layer)) if layer.p else '-',
            memory(cached) if layer.fc else '-'])
    return rows


def parameter_names(layer: Layer) -> str:
    """Names and shapes of the parameters of a layer, and whether they are frozen."""
    names = ', '.join(f'{name} {shape_text(W.shape, "x")}' for name, W in layer.p.items())
    return names + ' (frozen)' * bool(layer.p and not layer.trainable)


def size_of(*layers: Layer) -> int:
    """How many numbers the parameters of layers are."""
    return sum(W.size for layer in layers for W in layer.p.values())


def nbytes_of(*layers: Layer) -> int:
    """Bytes of the parameters of layers."""
    return sum(W.nbytes for layer in layers for W in layer.p.values())


def caches(layer: Layer) -> list[Any]:
    """The arrays that a layer keeps of a batch, in the layout in which it keeps them.

    Recurrent layers keep theirs time first and copy those that are asked for by name: here
    nothing is copied.
    """
    return [A for cache in (layer.fc, layer.bc)
            for A in getattr(cache, 'time_first', cache).values()]


def bytes_of(arrays: Iterable[Any], seen: set[int]) -> int:
    """Bytes of the memory behind arrays, each block of it once; blocks in ``seen`` count as 0."""
    total = 0
    for A in arrays:
        A = A.symbols if isinstance(A, OneHot) else A
        while isinstance(getattr(A, 'base', None), np.ndarray):     # a view of another array
            A = A.base
        if isinstance(A, np.ndarray) and id(A) not in seen:
            seen.add(id(A))
            total += A.nbytes
    return total


def parameter_totals(layers: Sequence[Layer]) -> str:
    """How many parameters layers have, and the memory of these, in words."""
    trainable = size_of(*(layer for layer in layers if layer.trainable))
    frozen = size_of(*layers) - trainable
    return (f'{trainable:,} trainable parameters' + (f' and {frozen:,} frozen' if frozen else '')
            + f', {memory(nbytes_of(*layers))}')


def totals(model: Any) -> str:
    """Parameters and memory of a network, in words."""
    seen: set[int] = set()
    layers, out = all_layers(model), model.layers[-1].output_shape
    cached = sum(bytes_of(caches(layer), seen) for layer in layers)
    return parameter_totals(layers) + (
        f'; caches of a batch of {out[0]:,} samples, {memory(cached)}' if out else '')


def layer_totals(layer: Layer) -> str:
    """Parameters and memory of a layer and of the layers that it holds, in words."""
    seen: set[int] = set()
    layers = list(layer.walk())
    cached = sum(bytes_of(caches(each), seen) for each in layers)
    return '; '.join([parameter_totals(layers)] * bool(size_of(*layers))
                     + [f'caches of the last batch, {memory(cached)}'] * bool(cached))


# Data and metrics

def set_headers(embedding: Any) -> list[str]:
    """What stands in each column of :func:`set_rows`."""
    targets = {'values': 'range of the targets', 'labels': 'samples with each label'}
    return ['set', 'samples', targets.get(embedding.dtrain.kind, 'samples of each label'),
            'features of a sample']


def set_rows(embedding: Any) -> list[list[Any]]:
    """Every set of an Embedding: its samples, their targets, their shape."""
    return [[dset.name, len(dset), targets_text(dset, embedding.classes) or '-',
             shape_text(dset.inputs.shape[1:]) if dset.active else '-']
            for dset in (embedding.dtrain, embedding.dval, embedding.dtest)]


def targets_text(dset: dataSet, classes: Any = None) -> str:
    """How many samples have each label, or from where to where targets go."""
    if not dset.active or dset.Y is None:
        return ''
    if dset.kind == 'values':
        return value_range(dset.each(dset.Y))
    if dset.kind == 'labels':
        counts = dict(enumerate(np.count_nonzero(dset.each(dset.Y), axis=0).tolist()))
    else:
        counts = dset.b
    named = {label if classes is None else classes[label]: n for label, n in counts.items()}
    return ', '.join(f'{label}: {n}' for label, n in named.items())


def metric_table(metrics: Mapping[str, Sequence[Sequence[float]]], epochs: Iterable[int],
                 sets: Sequence[int]) -> tuple[list[str], list[list[str]]]:
    """Metrics on some of the sets, a row for each of some epochs: headers, rows."""
    headers = [f'{name if j == 0 else ""}\n{SETS[i]}' for name in metrics
               for j, i in enumerate(sets)]
    return headers, [[decimal(values[i][e] if values[i] else np.nan)
                      for values in metrics.values() for i in sets] for e in epochs]


def some_epochs(n: int, every: int) -> list[int]:
    """Every so many of n epochs, and the last."""
    return [e for e in range(n) if e % every == 0 or e == n - 1]
