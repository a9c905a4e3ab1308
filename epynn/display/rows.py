"""What is there to tell of a layer, a network, its training? Rows of tables, as text or as HTML."""
import re
from html import escape

import numpy as np
from tabulate import tabulate

from epynn.display.vocabulary import KEPT, meaning
from epynn.speed.one_hot import OneHot

CELL = 'padding: 0.2em 0.6em'
LINE = '; border-bottom: 1px solid rgba(128, 128, 128, 0.6)'

# A number with its unit, or none
NUMBER = re.compile(r'-?|-?[\d.,]+(e[-+]?\d+)?( ?(%|B|kB|MB|GB))?|-?inf|nan')


class Markup(str):
    """Text that is HTML already."""


def text_table(rows, headers):
    """A table for a terminal."""
    return tabulate(rows, headers, tablefmt='pretty', disable_numparse=True)


def html_table(rows, headers):
    """A table for a notebook, with the look that it gives to data frames. Markup stays as it is.

    Headers of two lines are two rows; columns that share the upper one follow each other.
    """
    rows = [[cell if isinstance(cell, Markup) else Markup(escape(str(cell))) for cell in row]
            for row in rows]
    sides = ['right' if all(map(NUMBER.fullmatch, column)) else 'left'
             for column in zip(*rows, strict=True)] or ['left'] * len(headers)
    upper, lower = zip(*(header.split('\n') if '\n' in header else ('', header)
                         for header in headers), strict=True)
    head = cells('th', [Markup(escape(name or above))
                        for above, name in zip(upper, lower, strict=True)], sides)
    if any(above and name for above, name in zip(upper, lower, strict=True)):
        groups = []                                 # upper header, columns under it
        for above, name in zip(upper, lower, strict=True):
            above = above if name else ''
            if groups and name and above in ('', groups[-1][0]):
                groups[-1][1] += 1
            else:
                groups.append([above, 1])
        head = '<tr>' + ''.join(
            f'<th colspan="{n}" style="{CELL}; text-align: center">{escape(above)}</th>'
            for above, n in groups) + '</tr>' + head
    body = ''.join(cells('td', row, sides) for row in rows)
    return ('<div><div style="display: inline-block">'          # as wide as it is, on the left
            f'<table class="dataframe"><thead>{head}</thead><tbody>{body}</tbody></table>'
            '</div></div>')


def cells(tag, contents, sides):
    """A row of a table; short cells are not broken into lines."""
    style = CELL + LINE * (tag == 'th')
    return '<tr>' + ''.join(
        f'<{tag} style="{style}; text-align: {side}'
        f'{"; white-space: nowrap" if len(content) < 40 else ""}">{content}</{tag}>'
        for content, side in zip(contents, sides, strict=True)) + '</tr>'


def by(shape, times=' x '):
    """A shape as it is read aloud."""
    return times.join(map(str, shape)) or '1'


def memory(nbytes):
    """A number of bytes in the unit that suits it."""
    for unit in ('B', 'kB', 'MB'):
        if nbytes < 999.5:
            return f'{nbytes:.3g} {unit}'
        nbytes /= 1000
    return f'{nbytes:.3g} GB'


def bytes_of(arrays, seen):
    """Bytes that arrays take, those of a block of memory once, and none of blocks seen before."""
    total = 0
    for A in arrays:
        A = A.symbols if isinstance(A, OneHot) else A
        while isinstance(getattr(A, 'base', None), np.ndarray):     # a view, of whose memory?
            A = A.base
        if isinstance(A, np.ndarray) and id(A) not in seen:
            seen.add(id(A))
            total += A.nbytes
    return total


def span(A):
    """Smallest and largest number of an array, and how many are not finite."""
    if isinstance(A, OneHot):
        return '0 or 1, one-hot'
    A = np.asarray(A)
    if not A.size or A.dtype.kind not in 'biuf':
        return '-'
    low, high = A.min(), A.max()
    if np.isfinite(low) and np.isfinite(high):
        return f'{low + 0:.3g} to {high + 0:.3g}'           # + 0: True is 1
    finite = A[np.isfinite(A)]
    parts = [f'{finite.min():.3g} to {finite.max():.3g}'] if finite.size else []
    return ', '.join(parts + [f'{n:,} {name}' for n, name in ((np.isnan(A).sum(), 'nan'),
                                                              (np.isinf(A).sum(), 'inf')) if n])


def array_rows(layer):
    """Every array of a layer: its name, what it is, its shape, its range."""
    return [[f"{kept}['{name}']", meaning(layer, kept, name), by(np.shape(A)), span(A)]
            for kept in KEPT for name, A in getattr(layer, kept).items()]


ARRAY_HEADERS = ['array', 'what it is', 'shape', 'range']


def shapes_in_out(model):
    """Shapes that each layer takes and returns in training, None where that is not known yet."""
    out = [layer.output_shape for layer in model.layers]
    for i, following in enumerate(model.layers[1:]):
        out[i] = out[i] or following.input_shape
    return list(zip([None, *out[:-1]], out, strict=True))


def layer_rows(model):
    """Every layer of a network: what passes, what it learns, and the memory that takes."""
    seen, rows = set(), []
    for i, (layer, shapes) in enumerate(zip(model.layers, shapes_in_out(model), strict=True)):
        cached = bytes_of(caches(layer), seen)
        rows.append([
            i, type(layer).__name__,
            *('-' if shape is None else by(shape[1:]) for shape in shapes),
            ', '.join(dict.fromkeys(layer.activation.values())) or '-',
            ', '.join(f'{name} {by(W.shape, "x")}' for name, W in layer.p.items()) or '-',
            f'{size_of(layer):,}' if layer.p else '-',
            memory(nbytes_of(layer)) if layer.p else '-',
            memory(cached) if layer.fc else '-'])
    return rows


LAYER_HEADERS = ['', 'layer', 'in', 'out', 'activation', 'parameters', 'numbers', 'memory',
                 'caches']


def size_of(*layers):
    """How many numbers layers learn."""
    return sum(W.size for layer in layers for W in layer.p.values())


def nbytes_of(*layers):
    """Bytes of the parameters of layers."""
    return sum(W.nbytes for layer in layers for W in layer.p.values())


def totals(model):
    """What a network takes in all, in words."""
    seen, out = set(), model.layers[-1].output_shape
    cached = sum(bytes_of(caches(layer), seen) for layer in model.layers)
    return (f'{size_of(*model.layers):,} numbers to learn, {memory(nbytes_of(*model.layers))}'
            + (f'; caches of a batch of {out[0]:,} samples, {memory(cached)}' if out else ''))


def layer_totals(layer):
    """What a layer takes, in words."""
    cached = bytes_of(caches(layer), set())
    return '; '.join(
        [f'{size_of(layer):,} numbers to learn, {memory(nbytes_of(layer))}'] * bool(layer.p)
        + [f'caches of the last batch, {memory(cached)}'] * bool(cached))


def caches(layer):
    """What a layer keeps of a batch."""
    return [*layer.fc.values(), *layer.bc.values()]


def set_rows(embedding):
    """Every set of an Embedding: samples, their labels, their shape."""
    return [[dset.name, len(dset),
             ', '.join(f'{label}: {n}' for label, n in dset.b.items()) if dset.active else '-',
             by(dset.inputs.shape[1:]) if dset.active else '-']
            for dset in (embedding.dtrain, embedding.dval, embedding.dtest)]


SET_HEADERS = ['set', 'samples', 'samples of each label', 'features of a sample']
SETS = ('dtrain', 'dval', 'dtest')


def metric_table(metrics, epochs, sets):
    """Metrics on some of the sets, a row for each of some epochs: headers, rows."""
    headers = [f'{name if j == 0 else ""}\n{SETS[i]}' for name in metrics
               for j, i in enumerate(sets)]
    return headers, [[f'{values[i][e] if values[i] else np.nan:.3f}'
                      for values in metrics.values() for i in sets] for e in epochs]


def some_epochs(n, every):
    """Every so many of n epochs, and the last."""
    return [e for e in range(n) if e % every == 0 or e == n - 1]
