"""Every name that EpyNN 1.2.13 had is where it was, and does what it did."""
import importlib
import re
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from epynn import Dense, Embedding, EpyNN, Flatten, dataSet, read_model, softmax, write_model
from epynn.commons import logs, maths
from epynn.commons.io import (
    encode_dataset,
    index_elements_auto,
    one_hot_decode_sequence,
    one_hot_encode,
    one_hot_encode_sequence,
    padding,
    scale_features,
)
from epynn.commons.library import (
    ModelFileError,
    read_file,
    read_pickle,
    settings_verification,
    write_pickle,
)
from epynn.commons.logs import process_logs
from epynn.commons.loss import CCE, MSE, loss_functions
from epynn.commons.maths import E_SAFE, activation_tune, elu, hadamard, lrelu, orthogonal, xavier
from epynn.commons.metrics import accuracy, metrics_functions, recall
from epynn.commons.plot import pyplot_metrics
from epynn.commons.schedule import exp_decay, lin_decay, schedule_functions, steady
from epynn.compat import functions
from epynn.compat.attributes import ATTRIBUTES
from epynn.compat.functions import NAMES
from epynn.settings import se_hPars

X, y = np.random.default_rng(0).random((24, 3)), np.arange(24) % 2


def net(**settings):
    model = EpyNN([Embedding(X, y, Y_encode=True, **settings), Flatten(), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False)
    return model


def equal(found, expected):
    np.testing.assert_array_equal(found, expected)
    return True


# epynn.commons.io

def test_symbols_are_counted_encoded_and_decoded():
    words = ['BAC', 'CAB']
    e2i, i2e, size = index_elements_auto(words)
    assert (e2i, i2e, size) == ({'A': 0, 'B': 1, 'C': 2}, {0: 'A', 1: 'B', 2: 'C'}, 3)
    assert equal(one_hot_encode(1, 3), [0., 1., 0.])
    encoded = one_hot_encode_sequence('BAC', e2i, 3)
    assert encoded.dtype == np.float64 and equal(encoded, np.eye(3)[[1, 0, 2]])
    assert one_hot_decode_sequence(encoded, i2e) == ['B', 'A', 'C']
    dataset = encode_dataset(words, e2i, 3)
    assert isinstance(dataset, list) and equal(dataset[1], np.eye(3)[[2, 0, 1]])
    assert index_elements_auto([[3, 1], [1, 7]])[0] == {1: 0, 3: 1, 7: 2}
    assert index_elements_auto([['x', 'y'], ['z', 'x']])[2] == 3
    with pytest.raises(ValueError, match="no element 'D': expected one of 'A', 'B', 'C'"):
        one_hot_encode_sequence('D', e2i, 3)
    with pytest.raises(ValueError, match='position from 0 to 2, got 3'):
        one_hot_encode(3, 3)


def test_features_are_scaled_by_one_range():
    assert equal(scale_features([[0, 5], [10, 10]]), [[0, 0.5], [1, 1]])


def test_zeros_are_put_around_images_and_taken_off_again():
    images = np.ones((2, 3, 4, 1))
    padded = padding(images, 2)
    assert padded.shape == (2, 7, 8, 1) and padded.sum() == images.sum()
    assert equal(padding(padded, 2, forward=False), images) and equal(padding(images, 0), images)
    with pytest.raises(ValueError, match=r'images \(m, h, w, d\), got shape \(2, 2\)'):
        padding(np.ones((2, 2)), 1)
    with pytest.raises(ValueError, match='8 pixels or more high and wide'):
        padding(images, 4, forward=False)


# epynn.commons.library and logs

def test_a_text_file_is_read(tmp_path):
    (tmp_path / 'a.txt').write_text('two\nlines')
    assert read_file(tmp_path / 'a.txt') == 'two\nlines'


@pytest.mark.parametrize('call, remedy', [
    (lambda: read_pickle('model.pickle'), 'np.load.*Old model files'),
    (lambda: write_pickle('model.pickle', {}), r'model\.write\(\).*np\.savez')])
def test_pickles_are_refused_with_what_to_do(call, remedy):
    with pytest.raises(ModelFileError, match=f'model.pickle: a pickle is a program.*{remedy}'):
        call()


def test_models_are_written_and_read_by_model_path():
    model = net()
    path = write_model(model, model_path='one.npz')
    assert equal(read_model(model_path=path).layers[2].p['W'], model.layers[2].p['W'])
    write_model(model, 'two.npz')
    assert read_model('two.npz').name == read_model(path='two.npz').name == 'EpyNN'
    with pytest.raises(ValueError, match='got both: leave model_path out'):
        read_model('one.npz', model_path='two.npz')


@pytest.mark.parametrize('level, code', list(enumerate([97, 32, 31, 35, 36, 33, 34, 30])))
def test_a_message_is_printed_bold_in_its_colour(level, code, capsys, monkeypatch):
    monkeypatch.setattr(logs, 'colored', partial(logs.colored, force_color=True))
    process_logs('hello', level=level)
    assert re.fullmatch(rf'(\x1b\[(1|{code})m){{2}}hello\x1b\[0m\n', capsys.readouterr().out)


def test_a_level_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no level '8': expected one of 0, 1, 2"):
        process_logs('hello', 8)


@pytest.mark.parametrize('way', ['import epynn.initialize',
                                 'from epynn.commons.library import settings_verification; '
                                 'settings_verification()'])
def test_settings_are_found_without_a_file_and_nothing_is_written(way, tmp_path):
    script = (f'{way}\nfrom settings import se_hPars\nimport epynn.settings, os\n'
              'assert se_hPars == epynn.settings.se_hPars\n'
              "se_hPars['learning_rate'] = 7\n"
              "assert epynn.settings.se_hPars['learning_rate'] == 0.1\n"
              "assert os.listdir() == []")
    subprocess.run([sys.executable, '-B', '-c', script], check=True, cwd=tmp_path)
    (tmp_path / 'settings.py').write_text("se_hPars = {'learning_rate': 3}")
    script = f"{way}\nfrom settings import se_hPars\nassert se_hPars == {{'learning_rate': 3}}"
    subprocess.run([sys.executable, '-B', '-c', script], check=True, cwd=tmp_path)


def test_settings_are_not_found_where_nobody_asked_for_them(tmp_path):
    script = 'import epynn\ntry: import settings\nexcept ImportError: print("none")'
    done = subprocess.run([sys.executable, '-c', script], cwd=tmp_path, capture_output=True,
                          text=True, check=True)
    assert done.stdout == 'none\n'
    settings_verification()
    assert sum(type(finder).__name__ == 'DefaultSettings' for finder in sys.meta_path) == 1


# epynn.commons.maths

def test_the_chain_rule_elementwise_and_through_a_jacobian():
    rng = np.random.default_rng(0)
    dA, Z = rng.standard_normal((2, 4, 3))
    assert equal(hadamard(dA, maths.tanh(Z, deriv=True)), dA * maths.tanh(Z, deriv=True))
    found = hadamard(dA, softmax(Z, deriv=True))
    np.testing.assert_allclose(found, maths.softmax_chain(dA, softmax(Z)), atol=1e-15)
    assert 0 < E_SAFE < 1e-10


def test_activations_called_by_hand_are_tuned():
    before = {f: f.__defaults__ for f in (elu, lrelu, softmax)}
    try:
        activation_tune({**se_hPars, 'LRELU_alpha': 0.01, 'ELU_alpha': 0.5,
                         'softmax_temperature': 2})
        assert lrelu(-1.) == -0.01 and elu(-1.) == pytest.approx(0.5 * (np.exp(-1) - 1))
        assert equal(softmax(np.array([[0., 2.]])), softmax(np.array([[0., 1.]]),
                                                            softmax_temperature=1))
        layer = Dense(2, 'lrelu').build(X)
        assert layer.activate(-1.) == -0.3                  # a layer has its own
    finally:
        for function, defaults in before.items():
            function.__defaults__ = defaults
    assert lrelu(-1.) == -0.3


@pytest.mark.parametrize('draw', [xavier, orthogonal])
def test_parameters_are_drawn_without_a_generator_too(draw):
    np.random.seed(3)  # noqa: NPY002
    first = draw((4, 2))
    np.random.seed(3)  # noqa: NPY002
    assert first.shape == (4, 2) and equal(draw((4, 2)), first)
    assert not np.array_equal(draw((4, 2), rng=np.random.default_rng(0)), first)


# epynn.commons.metrics, loss, schedule and plot

def test_metrics_by_their_names_are_called_with_targets_and_outputs():
    Y, A = np.eye(2)[[0, 1, 0, 1]], np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.6, 0.4]])
    assert metrics_functions('accuracy')(Y, A) == accuracy(Y, A) == 0.5
    assert metrics_functions('MSE') is MSE and metrics_functions()['recall'] is recall
    assert recall(Y, A) == 0.5
    with pytest.raises(ValueError, match="no metric 'f1'.*'fscore'"):
        metrics_functions('f1')


def test_losses_by_their_names():
    assert loss_functions('MSE') is MSE and loss_functions()['CCE'] is CCE
    assert loss_functions('CCE', 'softmax') is CCE
    with pytest.raises(ValueError, match='expects softmax with the loss CCE, got relu'):
        loss_functions('CCE', output_activation='relu')
    with pytest.raises(ValueError, match="no loss 'L2'"):
        loss_functions('L2')


@pytest.mark.parametrize('name', ['steady', 'exp_decay', 'lin_decay'])
def test_a_schedule_gives_the_rates_of_all_epochs(name):
    function = {'steady': steady, 'exp_decay': exp_decay, 'lin_decay': lin_decay}[name]
    hPars = {**se_hPars, 'schedule': name, 'epochs': 6, 'cycle_epochs': 3, 'cycle_descent': 0.5}
    rates = function(hPars)
    assert len(rates) == 6 and rates == schedule_functions(name, hPars) == function(hPars=hPars)
    model = net()
    model.se_hPars.update({k: v for k, v in hPars.items() if k != 'epochs'})
    model.train(6, verbose=0)
    assert model.layers[2].lrate == rates
    assert [function(x, 6, hPars) for x in range(6)] == rates
    with pytest.raises(ValueError, match=r"epochs in hPars\['epochs'\]"):
        function(se_hPars)


def test_a_schedule_given_as_itself_is_written_and_read():
    model = EpyNN([Embedding(X, y, Y_encode=True), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False, se_hPars={'schedule': exp_decay})
    model.train(2, verbose=0)
    assert read_model(model.write('model.npz')).se_hPars['schedule'] is exp_decay


def test_curves_are_plotted_into_a_file():
    model = net()
    model.train(2, verbose=0)
    pyplot_metrics(model, 'curves.png')
    assert Path('curves.png').read_bytes()[:4] == b'\x89PNG'


# Attributes

def test_a_set_of_data_from_lists():
    dset = dataSet(X_data=[[1, 2], [3, 4], [5, 6]], Y_data=[0, 1, 1])
    assert dset.name == 'dummy' and dset.X.shape == (3, 2) and dset.Y.shape == (3, 1)
    assert dset.b == {0: 1, 1: 2} and equal(dset.y, [0, 1, 1]) and equal(dset.ids, [0, 1, 2])
    assert dataSet([[1]], [[0]], 'mine').name == 'mine' and not dataSet(None).active


def test_the_loss_can_be_looked_at_and_set():
    model = net()
    assert model.training_loss is MSE
    model.train(2, verbose=0)
    model.training_loss = CCE
    assert model.loss == 'CCE' and model.training_loss is CCE
    other = net()
    other.train(2, verbose=0)
    for each in (model, other):
        each.train(2, verbose=0)
    assert not np.allclose(model.layers[2].p['W'], other.layers[2].p['W'])
    assert np.isnan(model.metrics['CCE'][0][:2]).all() and len(model.metrics['MSE'][0]) == 4

    def squares(Y, A, deriv=False):
        return 2 * (A - Y) / 2 if deriv else ((A - Y)**2).mean(axis=1)

    own, plain = net(), net()
    own.training_loss = squares
    for each in (own, plain):
        each.train(3, verbose=0)
    np.testing.assert_allclose(own.layers[2].p['W'], plain.layers[2].p['W'], rtol=1e-12)
    with pytest.raises(ValueError, match="no loss 'L2'"):
        own.training_loss = 'L2'


def test_networks_tell_what_they_told(capsys):
    model = net(batch_size=4)
    about = model.network[id(model.layers[2])]
    assert (about['Layer'], about['Activation']) == ('Dense', {'activate': 'softmax'})
    assert about['Dimensions']['n'] == 3 and about['FW_Shapes']['W'] == (3, 2)
    assert about['BW_Shapes']['dZ'] == (4, 2)
    assert model.np_rng is model.embedding.rng
    batch = model.embedding.batch_dtrain[0]
    model.batch_report(batch, model.forward(batch.X))
    assert re.fullmatch(r'Epoch 0, batch 0: accuracy [01]\.\d+, loss 0\.\d+\n',
                        capsys.readouterr().out)


def test_layers_have_what_they_had():
    layer = Dense(2)
    assert layer.name == 'Dense' and layer.trainable
    layer.name = 'output'
    assert layer.name == 'output' and Dense(2).name == 'Dense'
    layer.np_rng = rng = np.random.default_rng(5)
    assert layer.rng is layer.np_rng is rng
    shapes = {}
    layer.update_shapes({'A': np.zeros((2, 3))}, shapes)
    assert shapes == {'A': (2, 3)}


def test_layers_know_their_seed():
    model = net()
    assert [layer.o['seed'] for layer in model.layers] == [2, 3, 4]
    drawn = xavier((3, 2), np.random.default_rng(model.layers[2].o['seed']))
    assert equal(model.layers[2].p['W'], drawn)
    again = read_model(model.write('model.npz'))
    assert [layer.o['seed'] for layer in again.layers] == [2, 3, 4]


def test_data_have_what_they_had():
    embedding = Embedding(['abc', 'cab', 'bca', 'aab'], [0, 1, 1, 0], X_encode=True,
                          relative_size=(3, 1, 0), batch_size=1)
    assert embedding.d['e'] == 3
    assert [embedding.se_dataset[f'{name}_relative'] for name in ('dtrain', 'dval', 'dtest')] == [
        3, 1, 0]
    before = [batch.ids.tolist() for batch in embedding.batch_dtrain]
    assert [b.ids.tolist() for b in embedding.training_batches(init=True)] == before
    orders = {str([b.ids.tolist() for b in embedding.training_batches()]) for _ in range(20)}
    assert len(orders) > 1
    model = EpyNN([embedding, Flatten(), Dense(1)])
    model.initialize(seed=1, verbose=False)
    assert model.embedding.d['e'] == 3


# All of them

@pytest.mark.parametrize('module, name', [(m.__name__, n) for m, names in NAMES.items()
                                          for n in names])
def test_each_name_can_be_imported_and_says_what_it_does(module, name):
    value = getattr(importlib.import_module(module), name)
    assert value == E_SAFE or len(value.__doc__) > 30


@pytest.mark.parametrize('kind, name', [(k, n) for k, names in ATTRIBUTES.items() for n in names])
def test_each_attribute_says_what_it_does(kind, name):
    assert len(getattr(kind, name).__doc__) > 10


def test_a_name_of_the_library_is_never_replaced():
    with pytest.raises(RuntimeError, match=r'epynn\.commons\.maths has a E_SAFE of its own'):
        functions.install()
