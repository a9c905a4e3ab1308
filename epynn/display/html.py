"""What does a notebook show? Of a layer its equations and arrays, of a network its layers ...

Each function here is the ``_repr_html_`` of a class, which notebooks call to show an object. The
tables carry no colours and no fonts, so that they look like those of the notebook, light or dark.
"""
import inspect
import re
from html import escape

from epynn.display.vocabulary import dimensions
from epynn.display.rows import (
    ARRAY_HEADERS,
    LAYER_HEADERS,
    SET_HEADERS,
    Markup,
    array_rows,
    by,
    html_table,
    layer_rows,
    layer_totals,
    metric_table,
    set_rows,
    some_epochs,
    totals,
)

ROWS = 5                                # samples of a set that are shown
LABELS = 20                             # labels of a set that are shown
BAR = 24                                # characters of the longest bar
KEPT = ("p: parameters; g: gradients of the loss by them; fc and bc: what the forward and the "
        "backward pass kept of the last batch")
TIME_FIRST = (", with time first, (steps of a window, samples x windows, ...); "
              "over_time('h') has samples first")


class Metrics(dict):
    """``{name: [values on dtrain, on dval, on dtest]}``; a notebook shows it as a table."""

    def _repr_html_(self):
        epochs = max((len(values) for sets in self.values() for values in sets), default=0)
        if not epochs:
            return frame(line(f'No epochs yet of {", ".join(self) or "any metric"}'))
        sets = [i for i in range(3) if any(values[i] for values in self.values())]
        every = max(1, epochs // 10)
        shown = some_epochs(epochs, every)
        headers, rows = metric_table(self, shown, sets)
        rows = [[e, *row] for e, row in zip(shown, rows, strict=True)]
        return frame(html_table(rows, ['\nepoch', *headers]),
                     faint(f'A row for every {every} of {epochs} epochs, and the last'
                           if every > 1 else ''))


def layer_html(layer):
    """Equations of a layer, its dimensions, and every array: what it is, its shape, its range."""
    rows = array_rows(layer)
    kept = KEPT + TIME_FIRST * hasattr(layer, 'over_time')
    return frame(
        line(Markup(f'<b>{escape(layer.title)}</b> &nbsp; <code>{escape(repr(layer))}</code>')),
        line(first_sentence(type(layer))),
        equations(type(layer)),
        line(', '.join(f'{letter} = {size:,} {name}'.strip()
                       for letter, size, name in dimensions(layer))),
        line(', '.join(f'{role}: {name}' for role, name in layer.activation.items())),
        line(layer_totals(layer)),
        html_table(rows, ARRAY_HEADERS) if rows else '',
        faint(kept if rows else 'No arrays yet: they come with the first batch'))


def embedding_html(embedding):
    """Data of an Embedding: its sets, their labels, how features become numbers."""
    symbols = [repr(symbol) for symbol in embedding.e2i]
    more = f' and {len(symbols) - LABELS:,} more' if len(symbols) > LABELS else ''
    size = embedding.se_dataset['batch_size']
    return frame(
        line(Markup(f'<b>{escape(embedding.title)}</b> &nbsp; '
                    f'<code>{escape(repr(embedding))}</code>')),
        html_table(set_rows(embedding), SET_HEADERS) if embedding.dsets else faint(
            'No data: they are not kept in a model file. Give another to model.embedding'),
        line(f'{len(embedding.batches(embedding.order)):,} batches of {size:,} samples an epoch'
             if size and embedding.dsets else ''),
        line(f'One-hot, {len(symbols):,} elements: {", ".join(symbols[:LABELS])}{more}'
             if symbols else ''),
        line('Scaled to [0, 1] from [{:g}, {:g}]'.format(*embedding.x_range)
             if embedding.x_range else ''))


def dataset_html(dset):
    """A set of data: its shape, how many samples of each label, and the first samples."""
    if not len(dset):
        return frame(line(Markup(f'<b>{escape(dset.name)}</b>, no samples')))
    lengths = dset.lengths
    balance = list(dset.b.items())
    most = max(dset.b.values(), default=0)
    return frame(
        line(Markup(f'<b>{escape(dset.name)}</b>, {len(dset):,} samples'
                    f' of {escape(by(dset.inputs.shape[1:]))}'
                    + (f', of {lengths.min():,} to {lengths.max():,} steps'
                       if lengths is not None else ''))),
        html_table([[label, f'{n:,}', f'{n / len(dset):.1%}', Markup(bar(n / most))]
                    for label, n in balance[:LABELS]], ['label', 'samples', 'share', ''])
        if balance else '',
        faint(f'{len(balance) - LABELS:,} labels more') if len(balance) > LABELS else '',
        html_table(*first_samples(dset)) if dset.Y is not None or dset.A is not None else '',
        faint(f'The first {ROWS} samples') if len(dset) > ROWS and dset.Y is not None else '')


def model_html(model):
    """Layers of a network, how far it is trained, and how well it does."""
    metrics = model.metrics
    sets = [i for i in range(3) if any(values[i] for values in metrics.values())]
    headers, values = metric_table(metrics, [-1], sets)
    trained = (f'{model.e:,} of {model.epochs:,} epochs, loss {model.loss}, seed {model.seed}'
               if model.initialized else 'not initialized')
    return frame(
        line(Markup(f'<b>{escape(model.name)}</b>, {escape(trained)}')),
        html_table(layer_rows(model), LAYER_HEADERS),
        faint(totals(model)) if model.initialized else '',
        html_table([[model.e - 1, *values[0]]], ['\nepoch', *headers]) if sets else '')


def table_html(rows, headers, title='', caption=''):
    """Any table, with a title above it and a caption below."""
    return frame(line(Markup(f'<b>{escape(title)}</b>')) if title else '',
                 html_table(rows, headers), faint(caption))


def frame(*parts):
    """Parts one below the other, which scroll where they are too wide."""
    return f'<div style="overflow-x: auto; text-align: left">{"".join(parts)}</div>'


def line(text):
    """A line of text, nothing of no text."""
    text = text if isinstance(text, Markup) else escape(text)
    return f'<p style="margin: 0.3em 0">{text}</p>' if text else ''


def faint(text):
    """A line of text that steps back."""
    return (f'<p style="margin: 0.3em 0; opacity: 0.7">{escape(text)}</p>'
            if text else '')


def bar(share):
    """A bar of characters, by which it stays one where styles are stripped."""
    eighths = round(8 * BAR * share)
    part = ' ▏▎▍▌▋▊▉'[eighths % 8].strip()
    return f'<span style="opacity: 0.6">{"█" * (eighths // 8)}{part}</span>'


def first_samples(dset):
    """Rows and headers of the first samples: label or target, prediction, outputs."""
    m, classes = min(ROWS, len(dset)), bool(dset.b)
    columns = [('id', dset.ids[:m])]
    if dset.Y is not None:
        columns.append(('y', dset.y[:m]) if classes else ('Y', list(map(numbers, dset.Y[:m]))))
    if dset.P is not None and (classes or dset.Y is None):
        columns.append(('P', dset.P[:m]))
    if dset.A is not None:
        columns.append(('A', list(map(numbers, dset.A[:m]))))
    rows = list(zip(*(values for _, values in columns), strict=True))
    return rows, [name for name, _ in columns]


def numbers(values, most=6):
    """Some numbers in few characters."""
    more = ', ...' if len(values) > most else ''
    return ', '.join(f'{v:.3g}' for v in values[:most]) + more


def docstring(cls):
    """The docstring of the class itself, not of one that it was derived from."""
    return inspect.cleandoc(vars(cls).get('__doc__') or '')


def first_sentence(cls):
    """What a layer is, in the words of its docstring."""
    return ' '.join(docstring(cls).split('\n\n')[0].replace('``', '').split())


def equations(cls):
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
