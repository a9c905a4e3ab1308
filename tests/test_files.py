"""A model file gives back the very same network, or says what is wrong with it."""
import os
import pickle
import zipfile

import numpy as np
import pytest
from model_files import (
    array_of,
    change_arrays,
    change_entries,
    change_header,
    header_of,
    parts,
    write_parts,
)
from networks import NETWORKS, VERSION_1, bits, embedding, network, samples, version_1_data
from own_layers import OWN_LAYERS, RunningMean, Shortcut

import epynn
from epynn import (
    GRU,
    Dense,
    Dropout,
    Embedding,
    EpyNN,
    Flatten,
    ModelFileError,
    configure_directory,
    read_model,
    relu,
    softmax,
    write_model,
)
from epynn.settings import se_hPars

every_network = pytest.mark.parametrize('kind', NETWORKS)


@pytest.fixture(autouse=True)
def in_an_empty_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def path(tmp_path):
    """The file of a small trained network."""
    model = network(seed=1)
    model.train(2, verbose=0)
    return model.write(tmp_path / 'model.npz')


# The same network

@every_network
@pytest.mark.parametrize('dtype', ['float64', 'float32'])
def test_prediction_is_the_same_to_the_last_bit(kind, dtype):
    model = network(kind, seed=1, dtype=dtype, metrics=['accuracy', 'precision'])
    model.train(2, verbose=0)
    again = read_model(model.write('model.npz'))
    assert bits(again) == bits(model)
    X, _ = samples(20, seed=5)
    expected, found = model.predict(X), again.predict(X)
    assert found.A.tobytes() == expected.A.tobytes() and found.A.dtype == dtype
    assert found.P.tolist() == expected.P.tolist()
    assert (again.name, again.uname, again.loss) == (model.name, model.uname, model.loss)


def test_encoder_and_scale_come_along():
    for X, arguments, new in ((['ab', 'cb', 'ac'], {'X_encode': True}, ['ca']),
                              ([[7, 3], [5, 1], [1, 1]], {'X_encode': True}, [[5, 7]]),
                              ([[0.5, 3], [5, 1], [1, 1]], {'X_encode': True}, [[0.5, 5]]),
                              ([[True, False]] * 3, {'X_encode': True}, [[False, True]]),
                              ([[2, 4], [8, 6], [3, 3]], {'X_scale': True}, [[3, 10]])):
        model = EpyNN([Embedding(X, [0, 1, 1], relative_size=(1, 0, 0), **arguments), Flatten(),
                       Dense()])
        model.initialize(seed=1)
        again = read_model(model.write('model.npz'))
        assert again.embedding.e2i == model.embedding.e2i
        assert [type(e) for e in again.embedding.e2i] == [type(e) for e in model.embedding.e2i]
        expected, found = model.predict(new, **arguments), again.predict(new, **arguments)
        np.testing.assert_array_equal(found.X, expected.X)
        np.testing.assert_array_equal(found.A, expected.A)


def test_options_of_layers_come_along():
    own = {'learning_rate': 0.3, 'LRELU_alpha': 0.05}
    layers = [GRU(2, activate='lrelu', activate_reset='tanh', initialization='xavier',
                  clip_gradients=True, sequences=True, se_hPars=own, windows=2),
              Flatten(), Dense(units=np.int64(2), activate=softmax)]
    model = EpyNN([embedding(), *layers])
    model.initialize(seed=1)
    own['learning_rate'] = 0.9                          # too late: the layer has its own copy
    again = read_model(model.write('model.npz'))
    for layer, copy in zip(model.layers, again.layers, strict=True):
        assert type(copy) is type(layer) and copy.activation == layer.activation
        assert copy.se_hPars == layer.se_hPars
    gru = again.layers[1]
    assert (gru.clip_gradients, gru.sequences, gru.windows) == (True, True, 2)
    assert gru.se_hPars['learning_rate'] == 0.3


@pytest.mark.parametrize('number', [np.float32, np.float64, np.int64])
def test_numbers_of_numpy_may_be_settings(number):
    model = network(seed=1, se_hPars={**se_hPars, 'learning_rate': number(1),
                                      'schedule': 'step', 'cycle_epochs': np.int32(2)})
    model.train(1, verbose=0)
    assert read_model(model.write('model.npz')).se_hPars == model.se_hPars


# What is one's own

def test_functions_and_layers_of_ones_own_are_given_by_name():
    def double(x, deriv=False):
        return 2 * np.ones_like(x) if deriv else 2 * x

    class Twice(Dense):
        """A layer of somebody else."""

    model = EpyNN([embedding(), Flatten(), Twice(3, double), Dense(2, softmax)])
    model.initialize(seed=1)
    model.write('model.npz')
    with pytest.raises(ModelFileError, match="'Twice' that is not known.*custom_objects"):
        read_model('model.npz')
    with pytest.raises(ModelFileError, match="no function 'double'"):
        read_model('model.npz', custom_objects={'Twice': Twice})
    again = read_model('model.npz', custom_objects={'Twice': Twice, 'double': double})
    assert again.layers[2].arguments() == model.layers[2].arguments()
    X, _ = samples(4)
    np.testing.assert_array_equal(again.predict(X).A, model.predict(X).A)


def squares(Y, A, deriv=False):
    """A loss."""
    return 2 * (A - Y) if deriv else ((A - Y)**2).sum(axis=1)


def furthest(Y, A):
    """A metric."""
    return np.abs(A - Y).max()


def halved(x, epochs, hPars):
    """A schedule."""
    return hPars['learning_rate'] / 2**x


def Velocity(W, dW, state, lrate, hPars):
    """An optimizer, whose state is a velocity and a count of each number's updates."""
    v, n = (state.setdefault(name, np.zeros_like(W)) for name in 'vn')
    n += 1
    v *= 0.9
    v += dW
    W -= lrate * v


def reciprocal(x, deriv=False):
    """An activation."""
    return -np.sign(x) / (1 + np.abs(x))**2 if deriv else 1 / (1 + np.abs(x))


OWN = {**OWN_LAYERS, **{f.__name__: f for f in (squares, furthest, halved, Velocity, reciprocal)}}
OTHERS = {
    'a loss': {'loss': squares},
    'a metric': {'metrics': ['accuracy', furthest]},
    'a schedule': {'se_hPars': {'learning_rate': 0.05, 'schedule': halved}},
    'an optimizer': {'se_hPars': {'learning_rate': 0.05, 'optimizer': Velocity}},
    'all of them': {'loss': squares, 'metrics': [furthest, 'MSE'],
                    'se_hPars': {'learning_rate': 0.05, 'schedule': halved,
                                 'optimizer': Velocity}},
}


def of_own_layers(**arguments):
    """A network of layers in layers, of buffers, with a frozen layer among them."""
    frozen = Shortcut([Dense(3, 'tanh')])
    frozen.trainable = False
    model = EpyNN([embedding(), Shortcut([GRU(3, sequences=True), Dropout(0.2)]),
                   GRU(3, se_hPars={'learning_rate': 0.2}), RunningMean(0.3), frozen,
                   Shortcut((Shortcut([Dense(3, reciprocal)]), Dropout(0.1))),
                   Dense(2, softmax)], name='own')
    model.initialize(**{'seed': 1, 'verbose': False, **arguments})
    return model


@pytest.mark.parametrize('what', OTHERS)
def test_functions_of_ones_own_go_on_as_if_never_stopped(what):
    never_stopped, model = (network(seed=3, **OTHERS[what]) for _ in range(2))
    never_stopped.train(4, verbose=0)
    model.train(2, verbose=0)
    model.write('model.npz')
    with pytest.raises(ModelFileError, match='no function .*: give it, custom_objects='):
        read_model('model.npz')
    again = read_model('model.npz', custom_objects=OWN)         # the remedy
    assert again.loss == model.loss and again.functions == model.functions
    assert list(again.metrics) == list(model.metrics)
    again.embedding = embedding()
    again.train(2, verbose=0)
    assert bits(again) == bits(never_stopped)
    assert again.layers[-1].lrate == never_stopped.layers[-1].lrate


@pytest.mark.parametrize('what', [None, *OTHERS], ids=str)
@pytest.mark.parametrize('dtype', ['float64', 'float32'])
def test_layers_in_layers_and_buffers_go_on_as_if_never_stopped(what, dtype):
    arguments = {'dtype': dtype, **OTHERS.get(what, {})}
    never_stopped, model = (of_own_layers(**arguments) for _ in range(2))
    never_stopped.train(4, verbose=0)
    model.train(2, verbose=0)
    again = read_model(model.write('model.npz'), custom_objects=OWN)
    assert bits(again) == bits(model)
    for layer, twin in zip(again.walk(), model.walk(), strict=True):
        assert (type(layer), layer.index) == (type(twin), twin.index)
        assert layer.trainable == twin.trainable and layer.activation == twin.activation
        assert layer.se_hPars == twin.se_hPars
    X, _ = samples(9, seed=3)
    assert again.predict(X).A.tobytes() == model.predict(X).A.tobytes()
    again.embedding = embedding()
    again.train(2, verbose=0)
    assert bits(again) == bits(never_stopped)


def test_buffers_keep_their_type():
    class Counting(RunningMean):
        def initialize_parameters(self):
            super().initialize_parameters()
            self.buffers['seen'] = np.array(0)

        def forward_pass(self, X):
            self.buffers['seen'] = self.buffers['seen'] + len(X) * self.training
            return super().forward_pass(X)

    model = EpyNN([embedding(), Flatten(), Counting(), Dense(2, softmax)])
    model.initialize(seed=1, dtype='float32')
    model.train(1, verbose=0)
    again = read_model(model.write('model.npz'), custom_objects={'Counting': Counting})
    kept = again.layers[2].buffers
    assert kept['mean'].dtype == np.float32 and kept['seen'] == 4 * 7
    assert kept['seen'].dtype.kind == 'i'


def test_a_function_of_the_name_of_one_of_the_library_is_ones_own():
    def relu(x, deriv=False):
        return np.ones_like(x) if deriv else x

    model = network_with(Dense(3, relu))
    model.write('model.npz')
    for given in (None, {'relu': epynn.relu}):
        with pytest.raises(ModelFileError, match="function 'relu' that is not the one of this li"):
            read_model('model.npz', custom_objects=given)
    again = read_model('model.npz', custom_objects={'relu': relu})
    X, _ = samples(4)
    np.testing.assert_array_equal(again.predict(X).A, model.predict(X).A)


def network_with(*layers):
    model = EpyNN([embedding(), Flatten(), *layers, Dense(2, softmax)])
    model.initialize(seed=1, verbose=False)
    return model


# Formats

def test_a_file_says_its_format(path):
    assert header_of(path)['format'] == 'epynn model' and header_of(path)['version'] == 2
    assert header_of(VERSION_1)['version'] == 1


def test_a_file_of_format_1_becomes_one_of_format_2():
    old = read_model(VERSION_1)
    new = read_model(old.write('new.npz'))
    assert header_of('new.npz')['version'] == 2 and bits(new) == bits(old)
    for layer, twin in zip(new.layers, old.layers, strict=True):
        assert layer.arguments() == twin.arguments() and layer.o == twin.o
        assert layer.rng.bit_generator.state == twin.rng.bit_generator.state
    for model in (old, new):
        model.embedding = version_1_data()
        model.train(2, verbose=0)
    assert bits(new) == bits(old)


# What is in a file

def test_a_file_holds_no_pickle_and_no_data(path):
    for name, data in parts(path):
        assert name == 'header.npy' or array_of(data).dtype == np.float64
    parameters = [name for name, _ in parts(path) if name.startswith('layer')]
    assert parameters == ['layer2.W.npy', 'layer2.b.npy', 'layer4.W.npy', 'layer4.b.npy']


@pytest.mark.parametrize('units, samples', [(2, 20_000), (4000, 50)], ids=['data', 'parameters'])
def test_a_file_is_about_as_large_as_the_parameters(units, samples):
    X = np.random.default_rng(0).standard_normal((samples, 100))
    model = EpyNN([Embedding(X, np.arange(samples) % 2), Dense(units, relu), Dense()])
    model.initialize(seed=1)
    model.evaluate()
    parameters = sum(W.nbytes for layer in model.layers for W in layer.p.values())
    assert model.write('model.npz').stat().st_size <= 1.1 * parameters + 1_000_000
    assert X.nbytes > 4_000_000 or parameters > 2_000_000


# Where files are

def test_write_and_read_by_default_in_models():
    configure_directory()
    first, second = network('dense', seed=1), network('rnn', seed=1)
    old, new = first.write(), write_model(second)
    assert (old.parent.name, old.name) == ('models', f'{first.uname}.npz')
    os.utime(old, ns=(0, 0))
    assert read_model().name == 'rnn'
    os.utime(new, ns=(0, -1))
    assert read_model().name == 'dense'


def test_a_path_may_be_a_string_in_a_directory_that_is_not_there(tmp_path):
    model = network(seed=1)
    assert read_model(str(model.write('a/b/model.epynn'))).name == 'dense'
    with pytest.raises(IsADirectoryError):
        model.write(tmp_path)


def test_nothing_to_read():
    with pytest.raises(FileNotFoundError, match=r'no model in .*models: write one with'):
        read_model()
    configure_directory()
    with pytest.raises(FileNotFoundError, match='no model'):
        read_model()
    with pytest.raises(FileNotFoundError, match='nowhere.npz'):
        read_model('nowhere.npz')


def test_directories_are_made_and_cleared(tmp_path):
    configure_directory()
    names = {'datasets', 'models', 'plots'}
    assert {p.name for p in tmp_path.iterdir()} == names
    for name in names:
        (tmp_path / name / 'kept').touch()
    (tmp_path / 'mine').touch()
    configure_directory()
    assert all((tmp_path / name / 'kept').exists() for name in names)
    configure_directory(clear=True)
    assert {p.name for p in tmp_path.iterdir()} == {*names, 'mine'}
    assert not any(list((tmp_path / name).iterdir()) for name in names)


# Nothing is lost

@pytest.mark.parametrize('error', [OSError(28, 'No space left on device'), KeyboardInterrupt()],
                         ids=['full disk', 'interrupt'])
def test_an_interrupted_write_leaves_the_old_file(path, monkeypatch, error):
    old = path.read_bytes()
    model = network(seed=2)

    def half(file, array, **options):
        file.write(old[:100])
        raise error

    monkeypatch.setattr(np.lib.format, 'write_array', half)
    with pytest.raises(type(error)):
        model.write(path)
    assert path.read_bytes() == old
    assert list(path.parent.iterdir()) == [path]


def test_a_new_file_takes_the_place_of_the_old(path):
    model = network(seed=2)
    model.write(path)
    assert bits(read_model(path)) == bits(model) and list(path.parent.iterdir()) == [path]


# What is no model file

@pytest.mark.parametrize('content', [
    b'', b'no model', b'PK\3\4' + bytes(100), pickle.dumps({'W': 1}), bytes(1000),
], ids=['empty', 'text', 'beginning of a zip', 'pickle', 'zeros'])
def test_other_files_are_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match='model.npz cannot be read as a model'):
        read_model(path)


def test_other_archives_are_refused(path):
    np.savez(path, W=np.ones(3))
    with pytest.raises(ModelFileError, match='it has no header'):
        read_model(path)
    np.savez(path, header=np.full(3, None))
    with pytest.raises(ModelFileError, match='header is not what its size says'):
        read_model(path)
    np.savez(path, header=np.frombuffer(b'[1, 2]', np.uint8))
    with pytest.raises(ModelFileError, match='not a model of this library'):
        read_model(path)


def layer(*changes):
    """A change to the entry of the first Dense layer."""
    return 'layers', 2, *changes


@pytest.mark.parametrize('changes, message', [
    ([('version', 3)], 'version 3.*install a newer epynn'),
    ([('version', 0)], 'version 0'),
    ([('version', '2')], "version 2"),
    ([('format', 'keras')], 'not a model of this library'),
    ([layer('class', 'os.system')], "layer 'os.system' that is not known"),
    ([layer('class', 'Layer')], "layer 'Layer' that is not known"),
    ([layer('arguments', {'units': 7})], r'Dense \(layer 2\) should have parameters'),
    ([layer('arguments', {'units': 0})], 'units'),
    ([layer('arguments', {'cells': 7})], 'cells'),
    ([layer('arguments', 'units', {'layer': {'class': 'Dense', 'arguments': {}}})], 'units'),
    ([layer('arguments', {'activate': {'function': 'eval'}})], "no function 'eval'"),
    ([layer('arguments', {'activate': {'function': 'eval', 'own': True}})], "no function 'eval'"),
    ([layer('parameters', {})], r'Dense \(layer 2\) should have parameters'),
    ([layer('dimensions', {})], 'damaged'),
    ([layer('dimensions', {'n': 24, 'm': 5})], 'cannot have the dimensions'),
    ([layer('dimensions', {'n': 'x'})], 'cannot have the dimensions'),
    ([layer('scalars', {'_pause': 3})], 'cannot have the scalars'),
    ([layer('generator', {'bit_generator': 'PCG64'})], 'damaged'),
    ([layer('trainable', 'no')], 'trainable'),
    ([layer('trainable', None)], 'trainable'),
    ([layer('sublayers', [{}])], 'damaged'),
    ([layer('buffers', {'mean': [[1, 24], '<f8']})], 'should have buffers of the names'),
    ([layer('buffers', None)], 'damaged'),
    ([layer('optimizer', {'W': {'v': [[24, 5], '<f8']}})], 'damaged'),
    ([layer('optimizer', {'V': {'v': [[24, 5], '<f8']}})], 'optimizer'),
    ([layer('learning_rates', [0.1])], '2 learning rates'),
    ([layer('learning_rates', [0.1, -1])], '2 learning rates'),
    ([layer('gradient_norms', [0.5])], '2 gradient norms'),
    ([layer('gradient_norms', 'abc')], '2 gradient norms'),
    ([layer('gradient_norms', None)], '2 gradient norms'),
    ([layer('gradient_norms', [0.5, 'a'])], '2 gradient norms'),
    ([layer('gradient_norms', [1, 2])], '2 gradient norms'),
    ([('loss', 'nothing')], "no loss 'nothing'"),
    ([('functions', ['eval'])], "no function 'eval'"),
    ([('functions', ['accuracy'])], "function 'accuracy' that is not the one of this library"),
    ([('dtype', 'object')], "no dtype 'object'"),
    ([('hyperparameters', {'learning_rate': -1})], 'learning_rate'),
    ([('hyperparameters', {'learning_rte': 1})], "did you mean 'learning_rate'"),
    ([('hyperparameters', {'schedule': {'function': 'os.system', 'own': True}})], 'os.system'),
    ([('epoch', 'x')], 'epoch'),
    ([('epoch', 7)], 'epoch'),
    ([('seed', 'x')], 'seed'),
    ([('batch', -1)], 'batch'),
    ([('steps', 1.5)], 'steps'),
    ([('inputs', {'kind': 'Symbols', 'elements': ['a']})], 'inputs should be Unchanged'),
    ([('inputs', {'kind': 'Unchanged', 'low': 0.0})], 'its low'),
    ([('classes', [1, 0])], 'classes should be distinct and in order'),
    ([('classes', [0, 1, 2])], 'outputs'),
    ([('sample_shape', [8, 4])], r'Dense \(layer 2\) takes samples, ..., features'),
    ([('metrics', {})], 'loss MSE among its metrics'),
    ([('uname', '../../model')], 'uname'),
    ([layer('class', 'Template')], 'damaged'),
    ([('layers', 1, 'class', 'Template')], r'Dense \(layer 2\) takes samples, ..., features'),
    ([('layers', 3, 'arguments', 'axis', {'tuple': [3]})], 'axis'),
    ([('metrics', {'accuracy': 3})], 'metrics'),
    ([('layers', [])], 'Embedding'),
    ([('layers', None)], 'damaged'),
], ids=lambda value: str(value).replace(' ', '')[:60])
def test_changed_headers_are_refused(path, changes, message):
    change_entries(path, *changes)
    with pytest.raises(ModelFileError, match=message):
        read_model(path)


@pytest.mark.parametrize('entry', ['layers', 'loss', 'metrics', 'seed', 'epoch', 'inputs',
                                   'functions', 'hyperparameters', 'shuffles'])
def test_headers_without_an_entry_are_refused(path, entry):
    change_header(path, lambda header: header.pop(entry))
    with pytest.raises(ModelFileError, match=f'damaged .*{entry}'):
        read_model(path)


@pytest.mark.parametrize('arrays, message', [
    ({'layer2.W': np.ones((2, 2))}, r'layer2.W should have shape \(24, 5\)'),
    ({'layer2.W': np.ones((24, 5), np.float32)}, 'should have .*float64, has .*float32'),
    ({'layer2.W': np.full((24, 5), None)}, 'should have .*float64, has .*object'),
    ({'layer2.W': None}, 'damaged'),
    ({'layer2.0.W': np.ones((24, 5))}, "has parts that no model has, such as 'layer2.0.W'"),
    ({'layer2.buffers.mean': np.ones(3)}, 'parts that no model has'),
], ids=['shape', 'precision', 'objects', 'missing', 'of a layer in it', 'a buffer'])
def test_changed_arrays_are_refused(path, arrays, message):
    change_arrays(path, **arrays)
    with pytest.raises(ModelFileError, match=message):
        read_model(path)


@pytest.fixture
def own_path():
    """The file of a network with buffers, state of an optimizer and layers in layers."""
    model = of_own_layers(se_hPars={'optimizer': Velocity, 'learning_rate': 0.05})
    model.train(1, verbose=0)
    return model.write('own.npz')


@pytest.mark.parametrize('changes, arrays, message', [
    ([('layers', 1, 'sublayers', [])], {}, 'damaged'),
    ([('layers', 1, 'sublayers', 0, 'parameters', {})], {}, r'GRU \(layer 1.0\) should have'),
    ([('layers', 1, 'arguments', 'layers', [])], {}, 'damaged'),
    ([('layers', 1, 'sublayers', 0, 'gradient_norms', [1.0] * 3)], {}, '1 gradient norms'),
    ([], {'layer3.buffers.mean': None}, 'damaged'),
    ([], {'layer3.buffers.mean': np.ones((1, 5))}, 'mean should have shape'),
    ([], {'layer1.0.Uz': np.ones((2, 2))}, 'layer1.0.Uz should have shape'),
    ([], {'layer2.optimizer.Uz.v': np.ones((3, 4))}, 'Uz.v should have shape'),
    pytest.param([('layers', 2, 'optimizer', 'Uz', 'v', [[1, 1], '<f8'])],
                 {'layer2.optimizer.Uz.v': np.ones((1, 1))}, 'shape'),
    pytest.param([('layers', 3, 'buffers', 'mean', [[1, 1], '<f8'])],
                 {'layer3.buffers.mean': np.ones((1, 1))}, 'shape'),
    pytest.param([('layers', 2, 'buffers', 'mean', [[1, 3], '<f8'])],
                 {'layer2.buffers.mean': np.ones((1, 3))}, 'buffer'),
], ids=['no sublayers', 'other parameters of a sublayer', 'other sublayers', 'norms of a sublayer',
        'no buffer', 'shape of a buffer', 'shape of a parameter in a sublayer', 'shape of state',
        'state of another shape than its parameter', 'a buffer of another shape than it was',
        'a buffer of a layer without'])
def test_changed_files_of_layers_in_layers_are_refused(own_path, changes, arrays, message):
    assert read_model(own_path, custom_objects=OWN).e == 1
    change_entries(own_path, *changes)
    change_arrays(own_path, **arrays)
    with pytest.raises(ModelFileError, match=message):
        read_model(own_path, custom_objects=OWN)


def test_taking_a_file_apart_and_putting_it_together_changes_nothing(path):
    before = bits(read_model(path))
    change_entries(path)
    change_arrays(path)
    assert bits(read_model(path)) == before


def test_compressed_files_are_refused(path):
    write_parts(path, parts(path), zipfile.ZIP_DEFLATED)
    with pytest.raises(ModelFileError, match='compressed'):
        read_model(path)
