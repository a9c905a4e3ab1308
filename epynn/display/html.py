"""What does a notebook show? Of a layer its equations and arrays, of a network its layers ...

Each ``..._html`` function is the ``_repr_html_`` of a class, which notebooks call to show an
object. The tables have no colours and no fonts of their own, so that they look like those of the
notebook, light or dark.
"""
import inspect
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from epynn.commons.dataset import dataSet
from epynn.commons.models import Layer
from epynn.display.rows import (
    ARRAY_HEADERS,
    LAYER_HEADERS,
    Rows,
    array_rows,
    layer_rows,
    layer_totals,
    metric_table,
    set_headers,
    set_rows,
    shape_text,
    some_epochs,
    totals,
)
from epynn.display.vocabulary import dimensions

SAMPLES = 5                             # samples of a set that are shown
LABELS = 20                             # labels of a set that are shown
BAR = 24                                # characters of the longest bar
CACHE_NOTE = ('p: parameters; g: gradients of the loss with respect to them; fc and bc: what the '
              'forward and the backward pass kept of the last batch')
BUFFER_NOTE = '; buffers: arrays that are kept, but not learned'

CELL = 'padding: 0.2em 0.6em'
LINE = '; border-bottom: 1px solid rgba(128, 128, 128, 0.6)'

# A number with its unit, or none
NUMBER = re.compile(r'-?|-?[\d.,]+(e[-+]?\d+)?( ?(%|B|kB|MB|GB))?|-?inf|nan')


class Markup(str):
    """Text that is HTML already, and is not escaped again."""


class Metrics(dict):
    """``{name: [values on dtrain, on dval, on dtest]}``; a notebook shows it as a table."""

    def _repr_html_(self) -> str:
        epochs = max((len(values) for sets in self.values() for values in sets), default=0)
        if not epochs:
            return frame(line(f'No epochs yet of {", ".join(self) or "any metric"}'))
        sets = [i for i in range(3) if any(values[i] for values in self.values())]
        every = max(1, epochs // 10)
        shown = some_epochs(epochs, every)
        headers, rows = metric_table(self, shown, sets)
        rows = [[str(e), *row] for e, row in zip(shown, rows, strict=True)]
        return frame(table(rows, ['\nepoch', *headers]),
                     note(f'A row for every {every} of {epochs} epochs, and the last'
                          if every > 1 else ''))


# Objects

def layer_html(layer: Layer) -> str:
    """Equations of a layer, its dimensions, and every array: what it is, its shape, its range."""
    rows = array_rows(layer)
    kept = CACHE_NOTE + BUFFER_NOTE * bool(layer.buffers)
    return frame(
        line(Markup(f'<b>{escape(layer.title)}</b> &nbsp; <code>{escape(repr(layer))}</code>')),
        line(first_sentence(type(layer))),
        equations(type(layer)),
        line(', '.join(f'{letter} = {size:,} {name}'.strip()
                       for letter, size, name in dimensions(layer))),
        line(', '.join(f'{role}: {name}' for role, name in layer.activation.items())),
        line(layer_totals(layer)),
        table(rows, ARRAY_HEADERS) if rows else '',
        note(kept if rows else '' if layer.sublayers
             else 'No arrays yet: they come with the first batch'),
        *map(layer_html, layer.sublayers))


def embedding_html(embedding: Any) -> str:
    """Data of an Embedding: its sets, their labels, how features become numbers."""
    symbols = [repr(symbol) for symbol in embedding.e2i]
    more = f' and {len(symbols) - LABELS:,} more' if len(symbols) > LABELS else ''
    size = embedding.batch_size
    return frame(
        line(Markup(f'<b>{escape(embedding.title)}</b> &nbsp; '
                    f'<code>{escape(repr(embedding))}</code>')),
        table(set_rows(embedding), set_headers(embedding)) if embedding.dsets else note(
            'No data: a model file does not hold them. Assign another to model.embedding'),
        line(f'{len(embedding.batches(embedding.order)):,} batches of {size:,} samples an epoch'
             if size and embedding.dsets else ''),
        line(f'One-hot, {len(symbols):,} elements: {", ".join(symbols[:LABELS])}{more}'
             if symbols else ''),
        line('Scaled to [0, 1] from [{:g}, {:g}]'.format(*embedding.x_range)
             if embedding.x_range else ''))


def dataset_html(dset: dataSet) -> str:
    """A set of data: its shape, how many samples of each label, and the first samples."""
    if not len(dset):
        return frame(line(Markup(f'<b>{escape(dset.name)}</b>, no samples')))
    lengths, balance = dset.lengths, dset.b
    shown, hidden = list(balance.items())[:LABELS], len(balance) - LABELS
    most = max(balance.values(), default=0)
    return frame(
        line(Markup(f'<b>{escape(dset.name)}</b>, {len(dset):,} samples'
                    f' of {escape(shape_text(dset.inputs.shape[1:]))}'
                    + (f', of {lengths.min():,} to {lengths.max():,} steps'
                       if lengths is not None else ''))),
        table([[label, f'{n:,}', f'{n / len(dset):.1%}', Markup(bar(n / most))]
               for label, n in shown], ['label', 'samples', 'share', '']) if shown else '',
        note(f'{hidden:,} labels more' if hidden > 0 else ''),
        table(*first_samples(dset)) if dset.Y is not None or dset.A is not None else '',
        note(f'The first {SAMPLES} samples' if len(dset) > SAMPLES and dset.Y is not None else ''))


def model_html(model: Any) -> str:
    """Layers of a network, how far it is trained, and how well it does."""
    metrics = model.metrics
    sets = [i for i in range(3) if any(values[i] for values in metrics.values())]
    headers, values = metric_table(metrics, [-1], sets)
    trained = (f'{model.e:,} of {model.epochs:,} epochs, loss {model.loss}, seed {model.seed}'
               if model.initialized else 'not initialized')
    return frame(
        line(Markup(f'<b>{escape(model.name)}</b>, {escape(trained)}')),
        table(layer_rows(model), LAYER_HEADERS),
        note(totals(model) if model.initialized else ''),
        table([[model.e - 1, *values[0]]], ['\nepoch', *headers]) if sets else '')


# Tables

def titled_table(rows: Rows, headers: Sequence[str], title: str = '') -> str:
    """Any table, with a title above it."""
    return frame(line(Markup(f'<b>{escape(title)}</b>')) if title else '', table(rows, headers))


def table(rows: Rows, headers: Sequence[str]) -> str:
    """A table for a notebook, with the look that it gives to data frames. Markup stays as it is.

    Headers of two lines are two rows; columns that share the upper one follow each other.
    """
    contents = [[cell if isinstance(cell, Markup) else Markup(escape(str(cell))) for cell in row]
                for row in rows]
    sides = ['right' if all(map(NUMBER.fullmatch, column)) else 'left'
             for column in zip(*contents, strict=True)] or ['left'] * len(headers)
    two_lines = [header.split('\n') if '\n' in header else ['', header] for header in headers]
    head = cells('th', [Markup(escape(lower or upper)) for upper, lower in two_lines], sides)
    body = ''.join(cells('td', row, sides) for row in contents)
    return ('<div><div style="display: inline-block">'          # as wide as it is, on the left
            f'<table class="dataframe"><thead>{column_groups(two_lines)}{head}</thead>'
            f'<tbody>{body}</tbody></table></div></div>')


def column_groups(headers: Iterable[Sequence[str]]) -> str:
    """The upper row of headers (upper, lower), of which each spans the columns that share it."""
    groups: list[tuple[str, int]] = []                  # upper header, columns under it
    for upper, lower in headers:
        upper = upper if lower else ''                  # a header alone stands in the lower row
        if groups and lower and upper in ('', groups[-1][0]):
            groups[-1] = groups[-1][0], groups[-1][1] + 1
        else:
            groups.append((upper, 1))
    if not any(upper for upper, _ in groups):
        return ''
    return '<tr>' + ''.join(
        f'<th colspan="{n}" style="{CELL}; text-align: center">{escape(upper)}</th>'
        for upper, n in groups) + '</tr>'


def cells(tag: str, contents: Sequence[str], sides: Sequence[str]) -> str:
    """A row of a table; short cells are not broken into lines."""
    style = CELL + LINE * (tag == 'th')
    return '<tr>' + ''.join(
        f'<{tag} style="{style}; text-align: {side}'
        f'{"; white-space: nowrap" if len(content) < 40 else ""}">{content}</{tag}>'
        for content, side in zip(contents, sides, strict=True)) + '</tr>'


def first_samples(dset: dataSet) -> tuple[list[tuple[Any, ...]], list[str]]:
    """Rows and headers of the first samples: label or target, prediction, outputs."""
    m, classes = min(SAMPLES, len(dset)), bool(dset.b)
    columns: list[tuple[str, Iterable[Any]]] = [('id', dset.ids[:m])]
    if dset.Y is not None:
        columns.append(('y', map(labels, dset.y[:m])) if classes
                       else ('Y', map(numbers, dset.Y[:m])))
    if dset.P is not None and (classes or dset.Y is None):
        columns.append(('P', map(labels, dset.P[:m])))
    if dset.A is not None:
        columns.append(('A', map(numbers, dset.A[:m])))
    rows = list(zip(*(values for _, values in columns), strict=True))
    return rows, [name for name, _ in columns]


def labels(values: Any) -> Any:
    """A label, or the first ones of a sequence of them."""
    return numbers(values) if getattr(values, 'ndim', 0) else values


def numbers(values: Any, most: int = 6) -> str:
    """The first numbers of an array, in few characters."""
    flat = values.ravel()
    return ', '.join(f'{v:.3g}' for v in flat[:most]) + (', ...' if flat.size > most else '')


# Parts of a page

def frame(*parts: str) -> str:
    """Parts one below the other, which scroll where they are too wide."""
    return f'<div style="overflow-x: auto; text-align: left">{"".join(parts)}</div>'


def line(text: str) -> str:
    """A line of text; nothing where the text is empty."""
    text = text if isinstance(text, Markup) else escape(text)
    return f'<p style="margin: 0.3em 0">{text}</p>' if text else ''


def note(text: str) -> str:
    """A line of less important text, paler than others."""
    return (f'<p style="margin: 0.3em 0; opacity: 0.7">{escape(text)}</p>'
            if text else '')


def bar(share: float) -> str:
    """A bar made of characters, so that it stays a bar where styles are stripped."""
    eighths = round(8 * BAR * share)
    part = ' ▏▎▍▌▋▊▉'[eighths % 8].strip()
    return f'<span style="opacity: 0.6">{"█" * (eighths // 8)}{part}</span>'


# Docstrings

def docstring(cls: type) -> str:
    """The docstring of the class itself, not of a class that it is derived from."""
    return inspect.cleandoc(vars(cls).get('__doc__') or '')


def first_sentence(cls: type) -> str:
    """What a layer is, in the words of its docstring."""
    return ' '.join(docstring(cls).split('\n\n')[0].replace('``', '').split())


def equations(cls: type) -> str:
    """The equations of a docstring, ``.. math::``, for the MathJax of a notebook."""
    blocks = re.findall(r'^\.\. math::((?:.*\n?)(?:[ \t]+.*\n?|\n)*)', docstring(cls), re.MULTILINE)
    shown = []
    for block in blocks:
        tex = '\n'.join(row.strip() for row in block.splitlines()
                        if row.strip() and not row.strip().startswith(':'))
        if '&' in tex or r'\\' in tex:
            tex = rf'\begin{{aligned}}{tex}\end{{aligned}}'
        shown.append(f'$${escape(tex)}$$')
    return (f'<div class="tex2jax_process" style="display: inline-block">{" ".join(shown)}</div>'
            if shown else '')
