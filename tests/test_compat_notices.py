"""What a script for EpyNN 1.2.13 would get wrong without a word is said, once."""
import os
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from epynn import (
    Dense,
    Dropout,
    Embedding,
    EpyNN,
    Flatten,
    configure_directory,
    read_model,
    softmax,
)
from epynn.commons.loss import MSE
from epynn.compat import notices
from epynn.compat.notices import DifferenceWarning

X, y = np.random.default_rng(0).random((24, 3)), np.arange(24) % 2
WORDS = [''.join(row) for row in np.random.default_rng(0).choice(list('abc'), (24, 5))]


@pytest.fixture(autouse=True)
def nothing_was_said_before(monkeypatch):
    monkeypatch.setattr(notices, 'said', set())


def net(X=X, **settings):
    model = EpyNN([Embedding(X, y, Y_encode=True, **settings), Flatten(), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False)
    return model


# Backward passes that update nothing

def go_on(model, times, update=None):
    for _ in range(times):
        A = model.forward(model.embedding.dtrain.X)
        model.backward(model.training_loss(model.embedding.dtrain.Y, A, deriv=True))
        if update:
            update(model)


def test_a_loop_that_waits_for_updates_is_told_once():
    model = net()
    with pytest.warns(DifferenceWarning, match='Call model.update_parameters') as said:
        go_on(model, 9)
        go_on(net(), 9)
    assert len(said) == 1 and said[0].filename == __file__


def by_hand(model):
    layer = model.layers[2]
    layer.p['W'] -= 0.1 * layer.g['dW']


@pytest.mark.parametrize('update', [EpyNN.update_parameters, by_hand], ids=['method', 'by hand'])
def test_a_loop_that_updates_is_left_alone_and_learns(update):
    model = net()
    before = model.evaluate()['MSE'][0]
    go_on(model, 9, update)
    assert model.evaluate()['MSE'][0] < before


def test_a_loop_over_batches_with_updates_is_what_train_does():
    by_loop, by_train = net(batch_size=4), net(batch_size=4)
    by_train.train(3, verbose=0)
    for _ in range(3):
        by_loop.embedding.training_batches()
        for batch in by_loop.embedding.batch_dtrain:
            A = by_loop.forward(batch.X)
            by_loop.backward(by_loop.training_loss(batch.Y, A, deriv=True))
            by_loop.update_parameters()
    np.testing.assert_array_equal(by_loop.layers[2].p['W'], by_train.layers[2].p['W'])


def test_training_and_a_look_at_gradients_are_left_alone():
    model = net()
    go_on(model, 2)
    for i in range(len(X)):                             # of each sample by itself
        A = model.forward(X[i:i + 1])
        model.backward(MSE(np.eye(2)[[y[i]]], A, deriv=True))
    model.train(5, verbose=0)


def test_a_loop_over_batches_that_waits_for_updates_is_told_in_its_third_epoch():
    model = net(batch_size=4)

    def epoch():
        for batch in model.embedding.training_batches(init=True):
            model.backward(model.training_loss(batch.Y, model.forward(batch.X), deriv=True))
    epoch()
    epoch()
    with pytest.warns(DifferenceWarning, match='for the same samples'):
        epoch()


# One-hot data

def test_one_hot_data_are_floats_that_cannot_be_written_to():
    dtrain = net(WORDS, X_encode=True).embedding.dtrain
    assert dtrain.X.dtype == np.float64 and (dtrain.X[0] - dtrain.X[1]).min() == -1
    with pytest.raises(ValueError, match='read-only'):
        dtrain.X[0] = 0
    net().embedding.dtrain.X[0] = 0                     # numbers are the data themselves


# Flags of predict

@pytest.mark.parametrize('trained, given', [
    ({'X_encode': True}, {}), ({'X_scale': True}, {}), ({'X_scale': 'standard'}, {'X_scale': True}),
    ({}, {'X_encode': True})], ids=str)
def test_predict_does_what_training_did_and_says_so(trained, given):
    X_data = WORDS if 'X_encode' in trained else X
    model = net(X_data, **trained)
    with pytest.warns(UserWarning, match='predict treats X_data as in training, with X_') as said:
        found = model.predict(X_data, **given)
    assert said[0].filename == __file__
    np.testing.assert_array_equal(found.A, model.predict(X_data, **trained).A)


# The temperature of softmax

def test_a_temperature_is_said_with_what_it_means(capsys):
    for T in (1, 2):
        model = EpyNN([Embedding(X, y, Y_encode=True), Dense(2, softmax)])
        model.initialize(seed=1, se_hPars={'softmax_temperature': T})
    out = capsys.readouterr().out
    assert out.count('temperature') == 1
    assert 'Dense (layer 1): with softmax_temperature 2 gradients are divided by 2' in out
    model.initialize(seed=1, se_hPars={'softmax_temperature': 2}, verbose=False)
    assert not capsys.readouterr().out


def test_the_learning_rate_it_says_makes_the_same_step():
    def step(T, learning_rate, derivative_without):
        model = EpyNN([Embedding(X, y, Y_encode=True), Dense(2, softmax)])
        model.initialize(seed=1, verbose=False,
                         se_hPars={'softmax_temperature': T, 'learning_rate': learning_rate})
        before = model.layers[1].p['W'].copy()
        go_on(model, 1)
        if derivative_without:
            model.layers[1].g['dW'] *= T
        model.update_parameters()
        return model.layers[1].p['W'] - before
    np.testing.assert_allclose(step(2, 0.2, False), step(2, 0.1, True), rtol=1e-12)


# Attributes that nothing reads

@pytest.mark.parametrize('name, remedy', [
    ('learning_rate', "se_hPars={'learning_rate': ...}"), ('lose', "did you mean 'loss'")])
def test_an_attribute_of_a_network_that_nothing_reads_is_told_once(name, remedy):
    with pytest.warns(DifferenceWarning, match=f'EpyNN has no {name}, so nothing reads') as said:
        for _ in range(3):
            setattr(net(), name, 3)
    assert len(said) == 1 and remedy in str(said[0].message) and said[0].filename == __file__


@pytest.mark.parametrize('i, name, remedy', [
    (0, 'batchsize', "did you mean 'batch_size'"), (1, 'keep_prob', 'call it _keep_prob'),
    (3, 'unit', "did you mean 'units'")])
def test_an_attribute_of_a_layer_that_nothing_reads_is_told_once(i, name, remedy):
    layers = [Embedding(X, y, Y_encode=True), Dropout(0.2), Flatten(), Dense(2, softmax)]
    setattr(layers[i], name, 3)
    model = EpyNN(layers)
    with pytest.warns(DifferenceWarning, match=f'has no {name}, so nothing reads') as said:
        for _ in range(3):
            model.train(1, verbose=0)
    assert len(said) == 1 and remedy in str(said[0].message) and said[0].filename == __file__


def test_attributes_that_are_read_or_of_a_class_of_ones_own_may_be_set():
    class Mine(Dense):
        pass
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        layer, model = Mine(2), net()
        layer.anything = 1
        EpyNN([Embedding(X, y, Y_encode=True), Mine(3), layer]).train(1, verbose=0)
        model.seed, model.name, model._mine = 3, 'other', 4
        model.layers[2]._note = 5
        model.layers[2].trainable = False
        model.layers[2].np_rng = np.random.default_rng(0)
        model.train(2, verbose=0)


# Plots and files

def test_a_plot_goes_to_the_folder_of_plots_where_there_is_one():
    model = net()
    model.train(2, verbose=0)
    model.plot(pyplot=False)
    assert os.listdir() == []
    configure_directory()
    model.plot(pyplot=False, path=False)
    assert os.listdir('plots') == []
    model.plot(pyplot=False)
    assert os.listdir('plots') == [f'{model.uname}.png']
    model.plot(pyplot=False, path='here.png')
    assert len(os.listdir('plots')) == 1 and Path('here.png').exists()
    Path('others').mkdir()
    model.plot(pyplot=False, path='others')
    assert os.listdir('others') == os.listdir('plots')


def test_losses_and_features_that_are_no_numbers_stay_errors():
    with pytest.raises(ValueError, match='expects finite features, got nan'):
        Embedding(X * np.nan, y)
    model = EpyNN([Embedding(1e3 * X, y), Dense(1, 'identity')])
    model.initialize(seed=1, verbose=False, se_hPars={'learning_rate': 1e3})
    with pytest.raises(FloatingPointError, match=re.escape('not finite')):
        model.train(200, verbose=0)


def test_a_network_read_again_is_watched_too():
    path = net().write('model.npz')
    model = read_model(path)
    model.embedding = Embedding(X, y, Y_encode=True)
    with pytest.warns(DifferenceWarning, match='computes gradients'):
        go_on(model, 3)
