"""A model file gives back the very same network, or says what is wrong with it."""
import io
import json
import os
import pickle
import zipfile

import numpy as np
import pytest
from networks import NETWORKS, bits, embedding, network, samples

from epynn import (
    GRU,
    Dense,
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


def members(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def rewrite(path, compression=zipfile.ZIP_STORED, head=None, arrays=None):
    """The same file with some entries of the header, or some arrays, changed."""
    parts = {name.removesuffix('.npy'): np.lib.format.read_array(io.BytesIO(data))
             for name, data in members(path).items()}
    header = json.loads(parts['header'].tobytes())
    for *keys, last, value in head or ():
        entry = header
        for key in keys:
            entry = entry[key]
        entry[last] = value
    parts = {**parts, **(arrays or {}), 'header': np.frombuffer(json.dumps(header).encode(),
                                                               np.uint8)}
    with zipfile.ZipFile(path, 'w', compression) as archive:
        for name, array in parts.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, allow_pickle=True)
            archive.writestr(f'{name}.npy', buffer.getvalue())


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
                                      'cycle_epochs': np.int32(2)})
    model.train(1, verbose=0)
    assert read_model(model.write('model.npz')).se_hPars == model.se_hPars


def test_functions_and_layers_of_ones_own():
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
    X, _ = samples(4)
    np.testing.assert_array_equal(again.predict(X).A, model.predict(X).A)


# What is in a file

def test_a_file_holds_no_pickle_and_no_data(path):
    for name, data in members(path).items():
        array = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
        assert name == 'header.npy' or array.dtype == np.float64
    parameters = [name for name in members(path) if name.startswith('layer')]
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

    def half(file, **arrays):
        file.write(old[:100])
        raise error

    monkeypatch.setattr(np, 'savez', half)
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


@pytest.mark.parametrize('head, arrays, message', [
    ([('version', 2)], {}, 'version 2.*install a newer epynn'),
    ([('format', 'keras')], {}, 'not a model of this library'),
    ([('layers', 2, 'class', 'os.system')], {}, "layer 'os.system' that is not known"),
    ([('layers', 2, 'class', 'Layer')], {}, "layer 'Layer' that is not known"),
    ([('layers', 2, 'arguments', {'units': 7})], {}, r'Dense \(layer 2\) should have parameters'),
    ([('layers', 2, 'arguments', {'units': 0})], {}, 'units'),
    ([('layers', 2, 'arguments', {'cells': 7})], {}, 'cells'),
    ([('layers', 2, 'arguments', {'activate': {'function': 'eval'}})], {}, "no function 'eval'"),
    ([('layers', 2, 'parameters', {})], {}, r'Dense \(layer 2\) should have parameters'),
    ([('loss', 'nothing')], {}, "no loss 'nothing'"),
    ([('dtype', 'object')], {}, "no dtype 'object'"),
    ([('hyperparameters', {'learning_rate': -1})], {}, 'learning_rate'),
    ([('layers', 2, 'dimensions', {})], {}, 'damaged'),
    ([('layers', 2, 'generator', {'bit_generator': 'PCG64'})], {}, 'damaged'),
    ([('epoch', 'x')], {}, 'epoch'),
    ([('epoch', 7)], {}, 'epoch'),
    ([('seed', 'x')], {}, 'seed'),
    ([('metrics', {'accuracy': 3})], {}, 'metrics'),
    ([('layers', [])], {}, 'Embedding'),
    ([('layers', None)], {}, 'damaged'),
    ([], {'layer2.W': np.ones((2, 2))}, r'layer2.W should have shape \(24, 5\)'),
    ([], {'layer2.W': np.ones((24, 5), np.float32)}, 'should have .*float64, has .*float32'),
    ([], {'layer2.W': np.full((24, 5), None)}, 'should have .*float64, has .*object'),
], ids=lambda value: str(value)[:40] or None)
def test_changed_files_are_refused(path, head, arrays, message):
    rewrite(path, head=head, arrays=arrays)
    with pytest.raises(ModelFileError, match=message):
        read_model(path)


def test_rewriting_by_itself_changes_nothing(path):
    before = bits(read_model(path))
    rewrite(path)
    assert bits(read_model(path)) == before


def test_compressed_files_are_refused(path):
    rewrite(path, zipfile.ZIP_DEFLATED)
    with pytest.raises(ModelFileError, match='compressed'):
        read_model(path)


def test_cut_files_are_refused(path):
    whole = path.read_bytes()
    for length in range(0, len(whole), max(1, len(whole) // 150)):
        path.write_bytes(whole[:length])
        with pytest.raises(ModelFileError):
            read_model(path)


def test_flipped_files_are_refused_or_the_same(path):
    """A bit flipped anywhere: in what nobody reads, such as a date, it may do no harm."""
    whole, expected = path.read_bytes(), bits(read_model(path))
    rng, refused = np.random.default_rng(0), 0
    for place in rng.choice(len(whole), min(600, len(whole)), replace=False):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << rng.integers(8)
        path.write_bytes(flipped)
        try:
            assert bits(read_model(path)) == expected
        except ModelFileError:
            refused += 1
    assert refused > 400
