"""What a notebook shows: tables that say what is there, and are sound HTML whatever is in them."""
import copy
import json
import pickle
import re
import sys
import types
from html.parser import HTMLParser

import numpy as np
import pytest
from layers import Case, all_layers, forward
from networks import NETWORKS, embedding, network, samples
from own_layers import RunningMean, Shortcut

from epynn import (
    GRU,
    LSTM,
    RNN,
    Convolution,
    Dense,
    Embedding,
    EpyNN,
    Flatten,
    Layer,
    identity,
    read_model,
    relu,
)
from epynn.commons.dataset import dataSet
from epynn.display import console
from epynn.display.html import Metrics, table
from epynn.display.rows import (
    bytes_of,
    caches,
    decimal,
    memory,
    shape_text,
    text_table,
    value_range,
)
from epynn.display.vocabulary import meaning
from epynn.gradcheck import gradcheck
from epynn.speed.one_hot import OneHot

EVIL = '<script>alert("&\'")</script>'


class Page(HTMLParser):
    """What a browser would make of some HTML: text and tables; an error where tags do not fit."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.text, self.tables = [], [], '', []
        self.feed(html)
        self.close()
        assert not self.open, f'left open: {self.open}'

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == 'br':
            return
        self.open.append(tag)
        if tag == 'table':
            self.tables.append([])
        elif tag == 'tr':
            self.tables[-1].append([])
        elif tag in ('td', 'th'):
            self.tables[-1][-1] += [''] * int(dict(attributes).get('colspan', 1))

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f'</{tag}> in {self.open}'
        self.open.pop()

    def handle_data(self, data):
        self.text += data
        if {'td', 'th'} & set(self.open):
            self.tables[-1][-1][-1] += data


def page(thing):
    """The HTML of a thing, which is sound, and whose tables have rows of one length."""
    found = Page(thing if isinstance(thing, str) else thing._repr_html_())
    assert not {'script', 'style', 'link'} & set(found.tags)
    assert all(len({len(row) for row in table}) == 1 for table in found.tables)
    return found


def passed(case):
    layer = case.layer()
    layer.backward(np.ones_like(forward(layer, case.X())))
    return layer


def trained(kind='dense', epochs=3, **arguments):
    model = network(kind, seed=1, metrics=['accuracy', 'recall'], **arguments)
    model.train(epochs, verbose=0)
    return model


# Layers

@all_layers
def test_a_layer_shows_every_array_dimension_and_activation(case):
    layer = passed(case)
    shown = page(layer)
    for each, [head, *rows] in zip(layer.walk(), shown.tables, strict=True):
        assert head == ['array', 'what it is', 'shape', 'range']
        kept = [(k, name, A) for k in ('p', 'g', 'fc', 'bc')
                for name, A in getattr(each, k).items()]
        assert [row[0] for row in rows] == [f"{k}['{name}']" for k, name, _ in kept]
        for row, (_, _, A) in zip(rows, kept, strict=True):
            assert row[2] == ' x '.join(map(str, A.shape))
            assert row[3] == f'{A.min():.3g} to {A.max():.3g}'
        assert each.title in shown.text and repr(each) in shown.text
        for letter, size in each.d.items():
            assert f'{letter} = {size:,} ' in shown.text
        for role, name in each.activation.items():
            assert f'{role}: {name}' in shown.text


@all_layers
def test_a_layer_says_the_memory_it_takes(case, capsys):
    layer = passed(case)
    layer.summary()
    seen, inside = set(), list(layer.walk())
    kept = memory(sum(bytes_of(caches(each), seen) for each in inside))
    words, W = [f'caches of the last batch, {kept}'], [W for e in inside for W in e.p.values()]
    if W:
        words.append(f'{sum(w.size for w in W):,} trainable parameters, '
                     f'{memory(sum(w.nbytes for w in W))}')
    printed = capsys.readouterr().out
    assert all(text in printed and text in page(layer).text for text in words)


@all_layers
def test_a_layer_that_was_not_used_can_be_shown(case, capsys):
    layer = case.made()
    assert 'No arrays yet' in page(layer).text and not page(layer).tables
    layer.summary()
    assert capsys.readouterr().out.startswith(case.kind.__name__)


@all_layers
def test_no_letter_of_the_library_is_without_a_meaning(case):
    layer = passed(case)
    for kept in ('p', 'fc'):
        for name in getattr(layer, kept):
            assert meaning(layer, kept, name) not in ('parameter', 'forward cache'), name
    for kept in ('g', 'bc'):
        for name in getattr(layer, kept):
            assert meaning(layer, kept, name).startswith('gradient with respect to'), name
    for letter, size in layer.d.items():
        assert re.search(rf'{letter} = {size} \w+', page(layer).text)


@pytest.mark.parametrize('layer, kept, name, expected', [
    (GRU(), 'p', 'Uz', 'weights of the input, update gate'),
    (GRU(), 'p', 'Vhh', 'weights of the previous state, candidate state'),
    (GRU(), 'p', 'br', 'bias, reset gate'),
    (GRU(), 'g', 'dUz', 'gradient with respect to Uz'),
    (GRU(), 'fc', 'hh_', 'candidate state, pre-activation'),
    (GRU(), 'bc', 'dhh_', 'gradient with respect to hh_'),
    (GRU(), 'bc', 'dhn', 'gradient with respect to h, from the next step'),
    (LSTM(), 'fc', 'C_', 'memory'),
    (LSTM(), 'fc', 'g', 'candidate state'),
    (LSTM(), 'p', 'bg', 'bias, candidate state'),
    (RNN(), 'p', 'V', 'weights of the previous state'),
    (RNN(), 'fc', 'h_', 'hidden state, pre-activation'),
    (Dense(), 'fc', 'Z', 'pre-activation'),
    (Dense(), 'p', 'W', 'weights'),
    (Convolution(), 'p', 'W', 'filters'),
    (Dense(), 'fc', 'sigma', 'forward cache'),
    (Dense(), 'p', 'dot', 'parameter'),
])
def test_what_a_name_means(layer, kept, name, expected):
    assert meaning(layer, kept, name) == expected


@pytest.mark.parametrize('kind, tex', [
    (Dense, [r'$$Z = X W + b, \qquad A = f(Z)$$']),
    (GRU, [r'$$\begin{aligned}z &= \sigma(X U_z + h_p V_z + b_z)',
           r'h &= z h_p + (1 - z) \tilde h', r'\text{hidden state}\end{aligned}$$']),
    (Convolution, [r'\sum_{i, j, d}', r'$$oh = \lfloor']),
    (Flatten, []),
])
def test_equations_are_those_of_the_docstring(kind, tex):
    text = page(kind()).text
    assert all(part in text for part in tex)
    assert ('$$' in text) == bool(tex)
    assert kind.__doc__.split('\n')[0] in text


def test_the_equations_are_escaped():
    html = Convolution()._repr_html_() + GRU()._repr_html_()
    assert '&amp;=' in html and '&=' not in html


def test_a_layer_of_ones_own_needs_no_docstring_and_no_letters(capsys):
    class Bare(Layer):
        pass

    class Named(Bare):
        """Its <b>words</b>.

        .. math:: A < B

        And more.
        """

        letters = {'sigma': 'spread', 'q': EVIL}

        def __init__(self, **arguments):
            super().__init__(**arguments)
            self.d['q'] = 3

    for kind in (Bare, Named):
        layer = kind()
        layer.fc = {'X': np.ones((2, 2)), 'sigma': 1.5, 'list': [1, 2, 3], 'none': None,
                    'text': np.array(EVIL)}
        shown = page(layer)
        assert [row[0] for row in shown.tables[0][1:]] == [f"fc['{k}']" for k in layer.fc]
        assert shown.tables[0][2][2:] == ['1', '1.5 to 1.5']
        assert ('$$A < B$$' in shown.text) == (kind is Named)
        assert 'every layer' not in shown.text              # the docstring of Layer itself
        layer.summary()
    assert shown.tables[0][2][1] == 'spread'
    assert 'Its <b>words</b>.' in shown.text and f'q = 3 {EVIL}' in shown.text
    assert 'sigma' in capsys.readouterr().out


@pytest.mark.parametrize('A, expected', [
    (np.array([1, np.nan, 3, np.inf]), '1 to 3, 1 nan, 1 inf'),
    (np.full(3, np.nan), '3 nan'),
    (np.array([-np.inf, np.inf]), '2 inf'),
    (np.array([True, False]), '0 to 1'),
    (np.zeros((0, 3)), '-'),
    (np.array([1 + 2j]), '-'),
    (np.float32(2), '2 to 2'),
    (OneHot(np.zeros((2, 3), int), 4), '0 or 1, one-hot'),
])
def test_ranges(A, expected):
    assert value_range(A) == expected


@all_layers
def test_arrays_that_are_not_finite_are_shown(case, capsys):
    layer = passed(case)
    for arrays in (layer.p, layer.g, *(getattr(cache, 'time_first', cache)
                                       for cache in (layer.fc, layer.bc))):
        for name, A in arrays.items():
            arrays[name] = np.full(A.shape, np.nan)
    assert all(row[3] == f'{np.prod([int(n) for n in row[2].split(" x ")])} nan'
               for row in page(layer).tables[0][1:])
    layer.summary()
    assert ' nan ' in capsys.readouterr().out


def test_one_hot_arrays_are_not_unfolded(monkeypatch):
    model = EpyNN([Embedding(['ab' * 50, 'ba' * 50] * 4, [0, 1] * 4, X_encode=True), Flatten(),
                   Dense()])
    model.initialize(seed=1, verbose=False)
    monkeypatch.setattr(OneHot, '__array__', None)
    for thing in (model, *model.layers, model.embedding.dtrain):
        page(thing)
    assert 'one-hot' in page(model.layers[1]).text
    model.summary()


def test_a_layer_is_written_as_it_was_made():
    assert repr(Dense(64, relu)) == 'Dense(units=64, activate=relu)'
    assert repr(Dense(activate='relu', se_hPars={'learning_rate': 0.2})) \
        == "Dense(activate=relu, se_hPars={'learning_rate': 0.2})"
    assert repr(Flatten()) == 'Flatten()'
    model = EpyNN([embedding(), *NETWORKS['dense']()], name="it's")
    assert repr(model).startswith('EpyNN([Embedding(relative_size=(2, 1, 1), batch_size=7, ')
    assert repr(model).endswith('Dense(units=2, activate=softmax)], name="it\'s")')


# Networks

@pytest.mark.parametrize('kind', NETWORKS)
def test_a_network_shows_its_layers_and_how_well_it_does(kind):
    model = trained(kind)
    shown = page(model)
    layers, metrics = shown.tables
    assert layers[0][:4] == ['', 'layer', 'in', 'out']
    for i, (row, layer) in enumerate(zip(layers[1:], model.layers, strict=True)):
        assert row[:2] == [str(i), type(layer).__name__]
        assert row[3] == shape_text(layer.output_shape[1:])
        assert i == 0 or row[2] == layers[i][3] == shape_text(layer.input_shape[1:])
        assert row[6] == (str(sum(W.size for W in layer.p.values())) if layer.p else '-')
        assert row[7] == (memory(sum(W.nbytes for W in layer.p.values())) if layer.p else '-')
    last = [f'{values[-1]:.3f}' for sets in model.metrics.values() for values in sets]
    assert metrics[-1] == ['2', *last]
    assert '3 of 3 epochs, loss MSE, seed 1' in shown.text


def test_a_network_can_be_shown_at_any_time(tmp_path, capsys):
    model = network()
    assert 'not initialized' in page(model).text and len(page(model).tables) == 1
    model.summary()
    model.initialize(seed=1)
    assert '0 of 0 epochs' in page(model).text and len(page(model).tables) == 1
    model.train(1, verbose=0)
    again = read_model(model.write(tmp_path / 'model.npz'))
    assert [row[3] for row in page(again).tables[0][1:]] == ['-'] * 5
    assert page(again).tables[1] == page(model).tables[1]
    page(again.embedding)
    again.summary()
    again.predict(samples(3)[0])
    assert [row[3] for row in page(again).tables[0][1:]] == ['-'] * 5   # predictions leave nothing


def test_shapes_are_those_of_training_after_a_prediction_of_others():
    model = trained('gru')
    before = page(model).tables
    model.predict(np.zeros((3, 20, 3)))
    assert page(model).tables == before


def test_summary_says_the_same_in_a_terminal(capsys):
    model = trained('gru')
    capsys.readouterr()
    model.summary()
    printed = capsys.readouterr().out
    rows = [[cell.strip() for cell in line[1:-1].split('|')]
            for line in printed.splitlines() if line.startswith('|')]
    assert rows == page(model).tables[0]
    assert printed.isascii()


def test_memory_of_caches_is_counted_once():
    A = np.zeros((10, 10))
    symbols = np.zeros((3, 5), np.uint8)
    assert bytes_of([A, A[1:], A.T, A.reshape(-1)[::2]], set()) == 800
    assert bytes_of([OneHot(symbols, 7), symbols], set()) == 15
    seen = set()
    assert (bytes_of([A], seen), bytes_of([A[2]], seen)) == (800, 0)
    model = trained('dense')
    flatten, dense = model.layers[1:3]
    assert dense.fc['X'].base is flatten.fc['A'] or dense.fc['X'] is flatten.fc['A']
    rows = page(model).tables[0]
    X, Z, A, dA, dZ = (7 * n * 8 for n in (24, 5, 5, 5, 5))
    assert rows[1][8] == memory(X) and rows[3][8] == memory(Z + A + dA + dZ)


@pytest.mark.parametrize('nbytes, expected', [
    (0, '0 B'), (999, '999 B'), (1000, '1 kB'), (81_920_000, '81.9 MB'), (3e12, '3e+03 GB'),
])
def test_bytes_are_readable(nbytes, expected):
    assert memory(nbytes) == expected


# Layers in layers, buffers, frozen layers

def nested():
    """A network of layers in layers, one with a buffer, one frozen."""
    model = EpyNN([embedding(), Flatten(), RunningMean(), Shortcut([Dense(24, relu)]), Dense(2)],
                  name='nested')
    model.layers[3].trainable = False
    model.initialize(seed=1, verbose=False)
    model.train(1, verbose=0)
    return model


def test_layers_in_layers_have_rows_of_their_own():
    model = nested()
    rows = page(model).tables[0][1:]
    assert [row[:2] for row in rows[3:]] == [['3', 'Shortcut'], ['3.0', 'Dense'], ['4', 'Dense']]
    assert rows[4][2:4] == ['24', '24'] and rows[4][8] != '-'
    text = page(model.layers[3]).text
    assert all(part in text for part in ('Shortcut (layer 3)', 'Dense (layer 3.0)',
                                         '$$A = X + f(X)$$'))
    assert [row[0] for row in page(model.layers[3]).tables[1][1:3]] == ["p['W']", "p['b']"]


def test_frozen_layers_have_nothing_that_is_trainable(capsys):
    model = nested()
    row = page(model).tables[0][5]
    assert row[5:7] == ['W 24x24, b 1x24 (frozen)', '0']
    capsys.readouterr()
    model.summary()
    assert '50 trainable parameters and 600 frozen' in capsys.readouterr().out
    model.layers[3].summary()
    assert 'weights (frozen)' in capsys.readouterr().out
    model.train(1)                              # its table has a learning rate for what learns
    lines = [line for line in capsys.readouterr().out.splitlines() if 'lrate' in line]
    assert all(line.count('lrate') == 1 for line in lines)


def test_buffers_are_shown_as_what_is_kept():
    layer = nested().layers[2]
    assert page(layer).tables[0][1][:3] == ["buffers['mean']", 'buffer: kept, not learned',
                                            '1 x 24']
    assert 'arrays that are kept, but not learned' in page(layer).text
    assert 'arrays that are kept' not in page(Dense().build(np.ones((2, 3)))).text


# Width of tables, size of numbers

@pytest.mark.parametrize('width', [50, 79, 120, 500])
def test_a_table_is_as_wide_as_it_may_be_and_loses_nothing(width):
    headers = ['name', 'what it is', *(f'metric {i}\n{dset}' if i % 2 == 0 else f'\n{dset}'
                                       for i, dset in enumerate(['dtrain', 'dval'] * 4))]
    rows = [[f'row {i}', 'words ' * (5 + i), *(f'{i}.{j}' for j in range(8))] for i in range(3)]
    text = text_table(rows, headers, width)
    assert max(map(len, text.splitlines())) <= width
    for row in rows:
        for cell in (row[0], *row[2:]):
            assert re.search(rf'\| +{re.escape(cell)} +\|', text), cell
    assert text.count('words') == sum(row[1].count('words') for row in rows)
    if width == 500:
        assert text == text_table(rows, headers)


@pytest.mark.parametrize('value, expected', [
    (0.12345, '0.123'), (-3, '-3.000'), (99999.4, '99999.400'), (1e5, '1.000e+05'),
    (-123456.0, '-1.235e+05'), (1e300, '1.000e+300'), (np.inf, 'inf'), (np.nan, 'nan'),
])
def test_large_metrics_are_powers_of_ten(value, expected):
    assert decimal(value) == expected
    assert page(Metrics(MSE=[[value], [], []])).tables[0][2][1] == expected


# Sets of data

def test_a_set_shows_its_balance_and_its_first_samples():
    model = trained()
    dset = model.embedding.dtrain
    model.evaluate()
    balance, first = page(dset).tables
    assert [row[:3] for row in balance[1:]] == [
        [str(label), str(n), f'{n / len(dset):.1%}'] for label, n in dset.b.items()]
    bars = {label: len(row[3]) for label, row in zip(dset.b, balance[1:], strict=True)}
    assert len(dset.b) == 2 and max(bars.values()) == 24
    for label, n in dset.b.items():
        assert abs(bars[label] - 24 * n / max(dset.b.values())) <= 1
    assert first[0] == ['id', 'y', 'P', 'A'] and len(first) == 6
    assert [row[1:3] for row in first[1:]] == [[str(y), str(P)] for y, P in
                                               zip(dset.y[:5], dset.P[:5], strict=True)]
    assert '22 samples of 8 x 3' in page(dset).text


@pytest.mark.parametrize('dset', [
    dataSet(), dataSet(name=EVIL), dataSet(np.zeros((3, 2)), name=EVIL),
    dataSet(np.zeros((2, 2)), np.array([[0.5], [np.nan]])),
    dataSet(np.zeros(4), np.arange(4).reshape(-1, 1)),
    dataSet(np.zeros((60, 1)), np.arange(60).reshape(-1, 1)),
    dataSet(np.full((2, 3, 1), np.nan), np.eye(2), lengths=np.array([2, 3])),
], ids=str)
def test_any_set_can_be_shown(dset):
    shown = page(dset)
    assert dset.name in shown.text
    assert not dset.b or len(shown.tables[0]) == 1 + min(20, len(dset.b))


def test_predictions_without_labels_are_shown():
    model = trained()
    X, _ = samples(7)
    dset = model.predict(X)
    [table] = page(dset).tables
    assert table[0] == ['id', 'P', 'A']
    assert table[1] == ['0', str(dset.P[0]), ', '.join(f'{v:.3g}' for v in dset.A[0])]


def test_targets_that_are_not_classes_are_shown_as_they_are():
    X = np.linspace(0, 1, 9)[:, np.newaxis]
    model = EpyNN([Embedding(X, X / 2, relative_size=(1, 0, 0)), Dense(1, identity)])
    model.initialize(seed=1, verbose=False)
    model.evaluate()
    [table] = page(model.embedding.dtrain).tables
    assert table[0] == ['id', 'Y', 'A'] and table[2][1] == '0.0625'


def test_an_embedding_shows_its_sets_and_how_features_become_numbers():
    words = ['<b>', 'a&b', 'b"a']
    encoded = Embedding(words * 4, [0, 1, 0] * 4, X_encode=True, batch_size=2)
    text = page(encoded).text
    assert all(repr(symbol) in text for symbol in encoded.e2i)
    assert '4 batches of 2 samples' in text and '8' in page(encoded).tables[0][1]
    many = Embedding([list(range(100))] * 3, [0, 1, 0], X_encode=True)
    assert "19 and 80 more" in page(many).text
    scaled = Embedding([[1.5], [4]], [0, 1], X_scale=True, relative_size=(1, 0, 0))
    assert 'from [1.5, 4]' in page(scaled).text
    assert 'No data' in page(Embedding()).text


# Metrics

def test_metrics_are_a_dict_that_a_notebook_shows_as_a_table(tmp_path):
    model = trained(epochs=3)
    plain = {name: [list(values) for values in sets] for name, sets in model.metrics.items()}
    assert model.metrics == plain and repr(model.metrics) == repr(plain)
    assert json.loads(json.dumps(model.metrics)) == plain
    for twin in (copy.deepcopy(model.metrics), pickle.loads(pickle.dumps(model.metrics)),
                 read_model(model.write(tmp_path / 'model.npz')).metrics):
        assert twin == plain and isinstance(twin, Metrics)
    [table] = page(model.metrics).tables
    assert [cell for cell in table[0] if cell] == ['accuracy', 'recall', 'MSE']
    assert table[1] == ['epoch', *['dtrain', 'dval', 'dtest'] * 3]
    for e, row in enumerate(table[2:]):
        assert row == [str(e), *(f'{values[e]:.3f}' for sets in plain.values() for values in sets)]


def test_metrics_of_many_epochs_are_thinned_out():
    values = list(np.linspace(1, 0, 95))
    shown = page(Metrics(MSE=[values, [], values]))
    assert [row[0] for row in shown.tables[0][2:]] == [*map(str, range(0, 91, 9)), '94']
    assert 'A row for every 9 of 95 epochs' in shown.text
    assert shown.tables[0][1] == ['epoch', 'dtrain', 'dtest']


@pytest.mark.parametrize('metrics', [{}, {EVIL: [[], [], []]}, {EVIL: [[float('nan')], [], []]}])
def test_any_metrics_can_be_shown(metrics):
    assert all(name in page(Metrics(metrics)).text for name in metrics)


# Everything is escaped

def test_special_characters_are_escaped():
    model = EpyNN([embedding(), Flatten(), Dense(2)], name=EVIL)
    model.initialize(seed=1, verbose=False)
    model.train(1, verbose=0)
    assert EVIL in page(model).text
    assert page(table([[EVIL, '1']], [f'{EVIL}\n{EVIL}', EVIL])).text.count(EVIL) == 4
    case = Case(Dense, (5, 4), {'units': 3})
    check = gradcheck(case.layer(), case.X())
    check.title, check.rows[0]['name'] = EVIL, EVIL
    assert page(check).text.count(EVIL) == 2
    assert page(check).tables[0][0][0] == 'with respect to'


# Tables in a notebook, while training

@pytest.fixture
def notebook(monkeypatch):
    """Everything that is displayed, as if this were a notebook."""
    shown = []
    module = types.ModuleType('IPython.core.display_functions')
    module.display = lambda data, raw: shown.append(data)
    monkeypatch.setitem(sys.modules, 'IPython.core.display_functions', module)
    monkeypatch.setattr(console, 'in_notebook', lambda: True)
    monkeypatch.setattr(console.ProgressLine, 'due', lambda *_: False)
    return shown


def test_a_notebook_shows_tables_with_the_numbers_of_the_text(notebook, capsys):
    model = EpyNN([embedding(), Flatten(), Dense(2)], name=EVIL)
    model.initialize(seed=1, verbose=False, metrics=['accuracy', 'recall'])
    model.train(3)
    assert len(notebook) == 4 and 'epoch' not in capsys.readouterr().out
    for data in notebook:
        assert set(data) == {'text/plain', 'text/html'}
        page(data['text/html'])
    for data, word in zip(notebook, ('data', 'architecture', 'hyperparameters'), strict=False):
        assert data['text/plain'].startswith(f'{EVIL}: {word}')
        assert f'{EVIL}: {word}' in page(data['text/html']).text
    epochs = notebook[-1]
    [html] = page(epochs['text/html']).tables
    text = [[cell.strip() for cell in line[1:-1].split('|')]
            for line in epochs['text/plain'].splitlines() if line.startswith('|')]
    assert html[2:] == text[2:] and html[1] == ['epoch', *text[1][1:]]
    assert model.uname in page(epochs['text/html']).text
    assert model.uname in epochs['text/plain']


def test_report_and_summary_show_tables_in_a_notebook(notebook, capsys):
    model = trained()
    del notebook[:]
    capsys.readouterr()
    model.report(2)
    model.summary()
    assert capsys.readouterr().out == ''
    epochs, layers = (page(data['text/html']).tables[0] for data in notebook)
    assert [row[0] for row in epochs[2:]] == ['0', '2']
    assert layers == page(model).tables[0]


def test_a_terminal_shows_the_text_only(capsys):
    trained().report()
    printed = capsys.readouterr().out
    assert '+---' in printed and '<' not in printed
