"""Each row of the table of differences is so: what it says of this library, and the line to write.

The rows are read from ``docs/differences.md``. A row without a test here fails, and so does a test
without a row.
"""
import os
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import epynn
from epynn import (
    GRU,
    LSTM,
    RNN,
    Convolution,
    Dense,
    Dropout,
    Embedding,
    EpyNN,
    Layer,
    Pooling,
    read_model,
    relu,
    sigmoid,
    softmax,
    tanh,
)
from epynn.commons.loss import BCE, CCE, MSE
from epynn.commons.metrics import accuracy, precision, recall
from epynn.compat import notices
from epynn.compat.notices import DifferenceWarning
from epynn.settings import se_hPars

PAGE = (Path(__file__).parent.parent / 'docs' / 'differences.md').read_text()
ROWS = [line.split(' | ')[0].removeprefix('| ') for line in PAGE.splitlines()
        if line.count(' | ') == 3 and not line.startswith(('|---', '| what |'))]
TESTS: dict[str, Callable[[pytest.FixtureRequest], None]] = {}

rng = np.random.default_rng(0)
X, y = rng.standard_normal((30, 4)), np.arange(30) % 2
X3, y3 = rng.standard_normal((30, 4)), np.arange(30) % 3
IMAGES = rng.random((6, 4, 4, 1))
WORDS = [''.join(row) for row in rng.choice(list('abc'), (30, 5))]


def row(key):
    """The function tests the row that begins so."""
    def note(test):
        assert key not in TESTS
        TESTS[key] = test
        return test
    return note


def net(*layers, data=None, seed=1, hPars=None, **options):
    model = EpyNN([data or Embedding(X, y, Y_encode=True), *(layers or [Dense(2, softmax)])])
    model.initialize(seed=seed, verbose=False, se_hPars=hPars or se_hPars, **options)
    return model


def trained(*layers, epochs=3, **options):
    model = net(*layers, **options)
    model.train(epochs, verbose=0)
    return model


def weights(model):
    return np.concatenate([W.ravel() for layer in model.layers for W in layer.p.values()])


@pytest.fixture(autouse=True)
def nothing_was_said_before(monkeypatch, capsys):
    monkeypatch.setattr(notices, 'said', set())


@pytest.mark.parametrize('key', ROWS)
def test_the_row_is_so(key, request):
    assert key in TESTS, 'a row without a test'
    TESTS[key](request)


def test_each_test_has_a_row():
    assert set(TESTS) == set(ROWS) and len(ROWS) == len(set(ROWS)) > 35


def output(request):
    return request.getfixturevalue('capsys').readouterr().out


# Training

@row('Dropout in evaluation and prediction')
def _(request):
    model = trained(Dense(8, relu), Dropout(0.5), Dense(2, softmax))
    np.testing.assert_array_equal(model.predict(X).A, model.predict(X).A)
    assert model.evaluate() == model.evaluate()
    assert not np.array_equal(model.forward(X), model.forward(X))


@row('softmax with a temperature T')
def _(request):
    Z = rng.standard_normal((2, 3))
    np.testing.assert_allclose(softmax(Z, deriv=True, softmax_temperature=4),
                               softmax(Z / 4, deriv=True) / 4)
    net().initialize(se_hPars={'softmax_temperature': 4}, verbose=True)
    assert 'a learning_rate from there, times 4, makes the same steps' in output(request)


@row('`ELU_alpha` and `LRELU_alpha`, if not given')
def _(request):
    assert (se_hPars['ELU_alpha'], se_hPars['LRELU_alpha']) == (1, 0.3)
    hPars = se_hPars.copy()
    hPars['ELU_alpha'] = hPars['LRELU_alpha'] = 0.01
    assert net(Dense(2, 'lrelu'), Dense(2), hPars=hPars).layers[1].activate(-1.) == -0.01


@row('`seed=0`')
def _(request):
    np.testing.assert_array_equal(weights(net(seed=0)), weights(net(seed=0)))
    assert not np.array_equal(weights(net(seed=None)), weights(net(seed=None)))


@row('`train(n)` called again')
def _(request):
    model = trained(epochs=3)
    model.train(4, verbose=0)
    assert len(model.metrics['MSE'][0]) == 3 + 4
    model.train(4 + 1, verbose=0)
    assert len(model.metrics['MSE'][0]) == 3 + 4 + 5


@row('`model.e`')
def _(request):
    assert net().e == 0 and trained(epochs=3).e == 3


@row('`verbose=0`')
def _(request):
    model = net()
    model.train(2, verbose=0)
    assert output(request) == ''
    model.train(2)
    assert 'accuracy' in output(request)


@row('`model.backward` outside `train`')
def _(request):
    model = net()
    Y, before = model.embedding.dtrain.Y, weights(model)

    def passes():
        for _ in range(4):
            model.backward(MSE(Y, model.forward(model.embedding.dtrain.X), deriv=True))
    with pytest.warns(DifferenceWarning, match='no parameter has changed'):
        passes()
    np.testing.assert_array_equal(weights(model), before)
    model.update_parameters()
    assert not np.array_equal(weights(model), before)


@row('numbers that are not finite')
def _(request):
    with pytest.raises(ValueError, match='finite features, got nan'):
        Embedding(X * np.nan, y)
    hPars = {**se_hPars, 'learning_rate': 1e3}
    data = Embedding(1e3 * X, X[:, :1] + 0.5)
    with pytest.raises(FloatingPointError):
        trained(Dense(1, 'identity'), data=data, hPars=hPars, epochs=200)
    net(Dense(1, 'identity'), data=data, hPars=hPars).train(200, verbose=0, on_nan='ignore')


@row('tanh, sigmoid and cross-entropies at large numbers')
def _(request):
    with np.errstate(over='raise', invalid='raise', divide='raise'):
        assert tanh(np.array(800.)) == 1 and sigmoid(np.array([-800., 800.])).tolist()[1] == 1
    Y, Z = np.array([[1., 0.]]), np.array([[-800., 800.]])
    A = softmax(Z)
    dZ = np.einsum('mi,mij->mj', CCE(Y, A, deriv=True), softmax(Z, deriv=True))
    np.testing.assert_allclose(dZ, A - Y)
    A = sigmoid(Z)
    np.testing.assert_allclose(BCE(Y, A, deriv=True) * 2 * sigmoid(Z, deriv=True), A - Y)


@row('before training')
def _(request):
    request.getfixturevalue('monkeypatch').setattr(time, 'sleep', None)
    net().train(1)


# Settings

@row('`se_hPars` given to `initialize`')
def _(request):
    given = {**se_hPars, 'learning_rate': 0.5}
    before = dict(given)
    model = trained(hPars=given)
    assert given == before and model.se_hPars['learning_rate'] == 0.5


@row('a key in `se_hPars` that is unknown')
def _(request):
    with pytest.raises(ValueError, match="no hyperparameter 'lr'.*'learning_rate'"):
        net(hPars={'lr': 0.1})


@row('`se_hPars` of a layer')
def _(request):
    model = net(Dense(2, softmax, se_hPars={'learning_rate': 0.7}), hPars={
        'schedule': 'exp_decay', 'decay_k': 0.5})
    assert model.layers[1].se_hPars['learning_rate'] == 0.7
    assert model.layers[1].se_hPars['decay_k'] == 0.5


@row('`settings.py` in the working folder')
def _(request):
    script = ('import epynn.initialize\nfrom settings import se_hPars\nimport os\n'
              "assert se_hPars['learning_rate'] == 0.1 and os.listdir() == []")
    subprocess.run([sys.executable, '-B', '-c', script], check=True)


@row("a layer's settings in `d` and `o`")
def _(request):
    for layer, letter in ((Dense(3), 'u'), (GRU(3), 'u'), (Convolution(3), 'u')):
        with pytest.raises(KeyError, match=r'attributes, such as layer\.units'):
            layer.d[letter]
    with pytest.raises(KeyError, match="'u' is not among m, n: here is what was found"):
        net().layers[1].d['u']
    with pytest.raises(KeyError, match='settings of a layer are attributes'):
        Dropout(0.2).o['drop_prob']
    assert (Dense(3).units, GRU(3).unit_cells, LSTM(3).unit_cells) == (3, 3, 3)
    assert (Convolution(3).unit_filters, Dropout(0.2).drop_prob) == (3, 0.2)


@row("`layer.d['u']` or `layer.lrate` written to")
def _(request):
    model = net(Dense(4, relu), Dense(2, softmax))
    model.layers[1].d['u'] = 5
    with pytest.warns(DifferenceWarning, match=r"Dense \(layer 1\) has a d\['u'\] .*layer\.units"):
        model.train(1, verbose=0)
    model = net()
    model.layers[1].lrate = [0.5, 0.25]
    with pytest.warns(DifferenceWarning, match="training makes it anew from the schedule"):
        model.train(2, verbose=0)
    assert model.layers[1].lrate == [se_hPars['learning_rate']] * 2
    falling = {**se_hPars, 'schedule': lambda x, epochs, hPars: 0.5 / (x + 1)}
    model = net(hPars=falling)
    model.train(2, verbose=0)
    model.train(1, verbose=0)                               # which warns of nothing
    assert model.layers[1].lrate == [0.5, 0.25, 0.5 / 3]


@row('a setting changed after the layer was made')
def _(request):
    model = net(Dense(3, relu), Dense(2, softmax))
    model.layers[1].activate = tanh
    Z = X @ model.layers[1].p['W'] + model.layers[1].p['b']
    np.testing.assert_allclose(model.layers[1].forward(X), np.tanh(Z))
    with pytest.raises(ValueError, match='has parameters for units=3, got 4: make another layer'):
        model.layers[1].units = 4


@row('an attribute that nothing reads')
def _(request):
    model = net()
    with pytest.warns(DifferenceWarning, match='nothing reads what you set.*call it _note'):
        model.note = 1
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        model._note = 1


@row('`embedding.se_dataset` written to')
def _(request):
    embedding = Embedding(X, y, batch_size=3)
    with pytest.raises(TypeError):
        embedding.se_dataset['batch_size'] = 4
    embedding.batch_size = 5
    assert embedding.se_dataset['batch_size'] == 5


# Data

@row('`embedding.dtrain.A` and `.P` of the Embedding given')
def _(request):
    embedding = Embedding(X, y, Y_encode=True)
    model = trained(data=embedding)
    assert embedding.dtrain.A is embedding.dtrain.P is None
    assert model.embedding.dtrain.A.shape == (20, 2)


@row('`embedding.batch_dtrain`')
def _(request):
    embedding = trained(data=Embedding(X, y, Y_encode=True, batch_size=10)).embedding
    embedding.batch_dtrain[0].note = 1
    assert embedding.batch_dtrain[0].A is None and not hasattr(embedding.batch_dtrain[0], 'note')
    batches = embedding.batch_dtrain
    batches[0].note = 1
    assert batches[0].note == 1


@row('an Embedding changed after a network was made with it')
def _(request):
    embedding = Embedding(X, y, Y_encode=True, batch_size=10)
    model = net(data=embedding)
    embedding.batch_size = 5
    assert len(model.embedding.batches()) == 2
    model.embedding.batch_size = 5
    assert len(model.embedding.batches()) == 4
    model.embedding = Embedding(X, y, Y_encode=True, batch_size=2)
    assert len(model.embedding.batches()) == 10


@row('`dset.P` of a single output')
def _(request):
    dset = trained(Dense(1), data=Embedding(X, y)).predict(X)
    assert dset.P.shape == (30,) and dset.P.dtype.kind == 'i'
    with pytest.raises(IndexError):
        dset.P[:, 0]
    assert dset.P[:, np.newaxis].shape == (30, 1)


@row('`dset.P` where targets are values')
def _(request):
    dset = trained(Dense(1, 'identity'), data=Embedding(X, X[:, :1] * 0.3)).predict(X)
    np.testing.assert_array_equal(dset.P, dset.A)


@row('`dset.ids`')
def _(request):
    embedding = Embedding(X, y)
    assert embedding.dval.ids.tolist() == list(range(20, 30))
    assert net().predict(X[:3]).ids.tolist() == [0, 1, 2]
    assert np.arange(len(embedding.dval)).tolist() == list(range(10))


@row('`dset.b`')
def _(request):
    assert list(Embedding(X, 1 - y).dtrain.b) == [0, 1]


@row('one-hot `dset.X`')
def _(request):
    dtrain = Embedding(WORDS, y, X_encode=True).dtrain
    with pytest.raises(ValueError, match='read-only'):
        dtrain.X[0] = 0
    assert dtrain.X.dtype == np.float64
    X_own = dtrain.X.copy()
    X_own[0] = 0
    assert not Embedding(X_own, y[:20]).dtrain.X[0].any()


@row('a share of 0 in `relative_size`')
def _(request):
    assert [len(dset.ids) for dset in (Embedding(X[:29], y[:29], (2, 1, 0)).dtest,
                                       Embedding(X[:29], y[:29], (1, 0, 0)).dval)] == [0, 0]


@row('labels such as 0, 1, 2 without `Y_encode`')
def _(request):
    model = trained(Dense(1, 'identity'), data=Embedding(X3, y3))
    assert set(model.metrics) == {'MAE', 'R2', 'MSE'}
    with pytest.raises(ValueError, match='Y_encode=True if they are classes'):
        net(Dense(1, 'identity'), data=Embedding(X3, y3), metrics=['accuracy'])
    assert set(net(Dense(3, softmax), data=Embedding(X3, y3, Y_encode=True)).metrics) == {
        'accuracy', 'MSE'}


@row('other labels with `Y_encode`')
def _(request):
    embedding = Embedding(X, np.where(y, 'yes', 'no'), Y_encode=True)
    assert embedding.classes.tolist() == ['no', 'yes'] and embedding.dtrain.Y.shape == (20, 2)
    dset = trained(data=embedding).predict(X)
    assert set(embedding.classes[dset.P]) <= {'no', 'yes'}


@row('a set that lacks a class')
def _(request):
    with pytest.warns(UserWarning, match='shuffle=1, a seed, and stratify=True'):
        Embedding(X, np.sort(y), Y_encode=True)
    Embedding(X, np.sort(y), Y_encode=True, shuffle=1, stratify=True)


@row('missing values, text among numbers, dates')
def _(request):
    for data in ([[1, None], [2, 3]], [[1, 'x'], [2, 3]], np.array(['2020-01-01'], 'M8[D]')):
        with pytest.raises(ValueError, match='Embedding expects'):
            Embedding(data, [0, 1][:len(data)])


@row('`predict(X)` without the flags of the Embedding')
def _(request):
    model = trained(data=Embedding(X, y, Y_encode=True, X_scale=True))
    with pytest.warns(UserWarning, match=r'call predict\(X_data, X_scale=True\)'):
        found = model.predict(X)
    np.testing.assert_array_equal(found.A, model.predict(X, X_scale=True).A)


@row('`predict(X, X_scale=True)`')
def _(request):
    model = trained(data=Embedding(X, y, Y_encode=True, X_scale=True))
    low, high = model.embedding.x_range
    np.testing.assert_allclose(model.predict(X[:2], X_scale=True).X, (X[:2] - low) / (high - low))


# Metrics

@row('recall, precision and others with three or more classes')
def _(request):
    Y, P = np.array([0, 0, 1, 1, 2, 2]), np.array([0, 1, 1, 0, 2, 0])
    assert recall(Y, P) == 1 / 2 and precision(Y, P) == 1 / 3
    assert recall(Y[Y < 2], P[Y < 2]) == 1 / 2


@row('metrics of several labels at once')
def _(request):
    Y, P = np.array([[1, 1], [0, 1], [0, 0]]), np.array([[1, 0], [0, 1], [1, 0]])
    assert accuracy(Y, P) == np.mean([2 / 3, 2 / 3])
    assert recall(Y, P) == np.mean([1, 1 / 2])


# Layers

@row('`Convolution(padding=...)`')
def _(request):
    assert Convolution(1, 3, strides=1, padding=1).build(IMAGES).forward(IMAGES).shape == (
        6, 4, 4, 1)
    assert Convolution(1, 3, strides=1).build(IMAGES).forward(IMAGES).shape == (6, 2, 2, 1)


@row('equal pixels in `Pooling`')
def _(request):
    layer = Pooling(2).build(np.ones((1, 2, 2, 1)))
    layer.forward(np.ones((1, 2, 2, 1)))
    assert layer.backward(np.ones((1, 1, 1, 1))).ravel().tolist() == [1, 0, 0, 0]


@row('arrays of recurrent layers in `fc` and `bc`')
def _(request):
    for kind in (RNN, GRU, LSTM):
        model = trained(kind(3), Dense(2, softmax), data=Embedding(WORDS, y, X_encode=True,
                                                                   Y_encode=True))
        assert model.layers[1].fc['h'].shape == (20, 5, 3)
        assert model.layers[1].fc['h'][:, 2].shape == (20, 3)


@row('`fc` after `predict` and `evaluate`')
def _(request):
    model = trained(Dense(3, relu), Dense(2, softmax))
    before = model.layers[1].fc['A'].copy()
    model.predict(X)
    model.evaluate()
    np.testing.assert_array_equal(model.layers[1].fc['A'], before)


class Own(Layer):
    """A layer as 1.2.13 documents them, whose gradient can be left out."""

    def __init__(self, units, keep=True, gradient=True):
        super().__init__()
        self.d['u'] = units
        self.gradient = gradient
        if keep:
            self.units, self.keep = units, keep

    def compute_shapes(self, A):
        self.fs['W'] = (A.shape[1], self.d['u'])

    def initialize_parameters(self):
        self.p['W'] = self.np_rng.standard_normal(self.fs['W'])

    def forward(self, A):
        self.fc['X'] = A
        return A @ self.p['W']

    def backward(self, dX):
        self.bc['dA'] = dX
        return dX @ self.p['W'].T

    def compute_gradients(self):
        if self.gradient:
            self.g['dW'] = self.fc['X'].T @ self.bc['dA']

    def update_parameters(self):
        self.p['W'] -= self.lrate[self.e] * self.g['dW']


@row('a layer of your own without a gradient for a parameter')
def _(request):
    with pytest.raises(ValueError, match=r"gradient with respect to W in g\['dW'\]"):
        net(Own(3, gradient=False), Dense(2, softmax))


@row('a layer of your own in a model file')
def _(request):
    with pytest.raises(ValueError, match=r'write self\.units = units in its __init__'):
        net(Own(3, keep=False), Dense(2, softmax)).write('own.npz')
    model = trained(Own(3), Dense(2, softmax))
    model.write('own.npz')
    again = read_model('own.npz', custom_objects={'Own': Own})
    np.testing.assert_array_equal(again.predict(X).A, model.predict(X).A)


# Files, errors, plots, examples

@row('model files')
def _(request):
    path = trained().write()
    assert path.suffix == '.npz' and path.stat().st_size < 20_000
    Path('old.pickle').write_bytes(b'\x80\x04\x95')
    with pytest.raises(epynn.ModelFileError, match='cannot be read as a model'):
        read_model('old.pickle')
    trained().write('new.pickle')
    assert read_model('new.pickle').e == 3


@row('`read_pickle` and `write_pickle`')
def _(request):
    from epynn.commons.library import read_pickle, write_pickle
    for call in (read_pickle, write_pickle):
        with pytest.raises(epynn.ModelFileError, match='a pickle is a program'):
            call('model.pickle')


@row('training on after `read_model`')
def _(request):
    model = read_model(trained().write('model.npz'))
    with pytest.raises(ValueError, match=r'assign one to model\.embedding'):
        model.train(1, verbose=0)
    model.embedding = Embedding(X, y, Y_encode=True)
    model.train(1, verbose=0)
    assert model.e == 4


@row('errors')
def _(request):
    with pytest.raises(ValueError, match='expects softmax with the loss CCE'):
        net(Dense(2, sigmoid), loss='CCE')


@row('`model.plot()`')
def _(request):
    model = trained()
    assert model.plot(pyplot=False).axes and os.listdir() == []
    epynn.configure_directory()
    model.plot()
    assert os.listdir('plots') == [f'{model.uname}.png']


@row('`download_mnist`, `download_sequences`')
def _(request):
    from epynnlive.captcha_mnist.prepare_dataset import download_mnist
    from epynnlive.ptm_protein.prepare_dataset import download_sequences
    download_mnist()
    download_sequences()
    assert output(request).count('into data/') == 2 and os.listdir() == []


# The rest of the page

def test_all_imports_of_the_page_work():
    imports = re.findall(r'^(?:from epynn[\w.]* import .*|import epynn[\w.]*)$', PAGE, re.M)
    assert len(imports) > 20
    for line in imports:
        exec(line, {})


def test_parameters_of_an_old_file_are_carried_over_as_the_page_says():
    blocks = re.findall(r'```python\n(.*?)```', PAGE, re.S)
    old, new = (next(b for b in blocks if mark in b) for mark in ('np.savez', 'np.load'))
    data = {'X': np.random.default_rng(0).standard_normal((40, 6, 3)), 'Y': np.arange(40) % 2}
    model = EpyNN([Embedding(data['X'], data['Y'], Y_encode=True), GRU(4), Dense(2, softmax)])
    model.initialize(seed=7, verbose=False)
    # The names are those of then: it is from a network of now that they are saved here
    exec(old[old.index('np.savez'):], {'np': np, 'model': model})
    names = dict(data)
    exec(new, names)
    np.testing.assert_array_equal(names['model'].predict(data['X']).A, model.predict(data['X']).A)
    assert Path('model.npz').exists()


def test_a_layer_of_the_page_trains():
    block = next(b for b in re.findall(r'```python\n(.*?)```', PAGE, re.S) if 'class ' in b)
    names = {}
    exec(block, names)
    kind = next(v for v in names.values() if isinstance(v, type) and issubclass(v, Layer)
                and v.__module__ not in ('epynn.commons.models',))
    model = trained(kind(), Dense(2, softmax))
    assert model.metrics['MSE'][0][-1] < model.metrics['MSE'][0][0]
