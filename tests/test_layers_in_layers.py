"""Residual and Bidirectional: what they make of the layers that they hold."""
import numpy as np
import pytest
from model_files import change_header
from networks import embedding, samples

from epynn import (
    GRU,
    LSTM,
    RNN,
    Bidirectional,
    Dense,
    Dropout,
    Embedding,
    EpyNN,
    Flatten,
    ModelFileError,
    Residual,
    read_model,
    softmax,
)
from epynn.bidirectional.forward import MERGES, in_reverse
from epynn.gradcheck import gradcheck
from epynn.speed.one_hot import OneHot

KINDS = pytest.mark.parametrize('kind', [RNN, GRU, LSTM], ids=lambda kind: kind.__name__)
EITHER = pytest.mark.parametrize('sequences', [False, True], ids=['last', 'sequences'])
X = np.random.default_rng(0).standard_normal((4, 90, 3))
LENGTHS = np.array([90, 1, 23, 64])

NETWORKS = {
    'residual': lambda: [Flatten(), Residual([Dense(24, 'tanh'), Dropout(0.2),
                                              Residual([Dense(24, 'tanh')])]), Dense(2, softmax)],
    'bidirectional': lambda: [Bidirectional(GRU(3, sequences=True)), Bidirectional(LSTM(2), 'mul'),
                              Dense(2, softmax)],
    'both': lambda: [Bidirectional(RNN(3, sequences=True), 'sum'),
                     Residual([Bidirectional(GRU(3, sequences=True), 'mean'), Dense(3)]),
                     GRU(2), Dense(2, softmax)],
}
every_network = pytest.mark.parametrize('kind', NETWORKS)


def network(kind):
    model = EpyNN([embedding(), *NETWORKS[kind]()], name=kind)
    model.initialize(seed=1, verbose=False, loss='CCE',
                     se_hPars={'learning_rate': 0.05, 'optimizer': 'Adam'})
    return model


def arrays(model):
    return [A.tobytes() for layer in model.walk()
            for kept in (layer.p, *layer.optimizer_state.values()) for A in kept.values()]


# In a network, and in a file

@every_network
def test_training_written_read_and_gone_on_with_is_bit_for_bit_the_same(kind):
    at_once, model = network(kind), network(kind)
    at_once.train(4, verbose=0)
    model.train(2, verbose=0)
    again = read_model(model.write('model.npz'))
    assert repr(again.layers) == repr(model.layers) and arrays(again) == arrays(model)
    again.embedding = embedding()
    again.train(2, verbose=0)
    assert arrays(again) == arrays(at_once)
    losses = at_once.metrics['CCE'][0]
    assert losses[-1] < losses[0]


@every_network
def test_gradients_of_networks_are_derivatives(kind):
    model, (given, y) = network(kind), samples(5)
    assert gradcheck(model, given, np.eye(2)[y]).error < 1e-11


@pytest.mark.parametrize('change, message', [
    (lambda layers: layers[1]['arguments']['layer']['layer'].update({'class': 'Dense'}), 'Dense'),
    (lambda layers: layers[1]['arguments'].update(merge='sum'), 'elements'),
    (lambda layers: layers[1]['arguments'].update(merge='ave'), "did you mean 'mean'"),
    (lambda layers: layers[2]['arguments']['layer']['layer']['arguments'].update(unit_cells=3),
     'parameters of shapes'),
], ids=['kind', 'width', 'merge', 'units'])
def test_layers_of_a_file_that_do_not_fit_are_refused(change, message):
    path = network('bidirectional').write('model.npz')
    change_header(path, lambda header: change(header['layers']))
    with pytest.raises(ModelFileError, match=message):
        read_model(path)


def test_a_residual_of_a_file_that_changes_the_shape_is_refused():
    path = network('residual').write('model.npz')
    change_header(path, lambda header: header['layers'][2]['arguments']['layers'].append(
        {'layer': {'class': 'Flatten', 'arguments': {}}}))
    with pytest.raises(ModelFileError):
        read_model(path)


# Residual

def test_a_residual_adds_what_its_layers_make_of_x():
    layer = Residual([Dense(4, 'tanh'), Dense(3, 'tanh')]).build(X, seed=1)
    first, second = layer.layers
    np.testing.assert_array_equal(layer.forward(X), X + second.forward(first.forward(X)))


def test_where_the_layers_say_nothing_x_and_the_gradient_pass_as_they_are():
    layer = Residual([Dense(3, 'identity')]).build(X, seed=1)
    layer.layers[0].p['W'][:] = 0
    np.testing.assert_array_equal(layer.forward(X), X)
    np.testing.assert_array_equal(layer.backward(2 * X), 2 * X)


@pytest.mark.parametrize('layers, message', [
    ([Dense(5)], r'\(4, 90, 3\), got \(4, 90, 5\) from Dense \(layer 2.0\): .* Dense\(3, '),
    ([Dense(3), GRU(3)], r'got \(4, 3\) from GRU \(layer 2.1\): put sequences=True'),
    ([Flatten()], r'got \(4, 270\) from Flatten \(layer 2.0\): .*no Flatten'),
], ids=['width', 'last state', 'flatten'])
def test_layers_that_change_the_shape_are_named_with_both_shapes(layers, message):
    model = EpyNN([Embedding(X, [0, 1, 0, 1], batch_size=4, relative_size=(1, 0, 0)),
                   Dense(3), Residual(layers), Flatten(), Dense()])
    with pytest.raises(ValueError, match=r'Residual \(layer 2\) expects .*' + message):
        model.initialize(verbose=False)


@pytest.mark.parametrize('layers', [Dense(3), [], [Dense], [3], 'Dense', None], ids=repr)
def test_a_residual_takes_a_list_of_layers(layers):
    with pytest.raises(ValueError, match='Residual expects layers to be a list of'):
        Residual(layers)


# Bidirectional

def test_reversed_twice_is_what_it_was():
    for A in (X, np.arange(360).reshape(4, 90)):
        for lengths in (None, LENGTHS):
            np.testing.assert_array_equal(in_reverse(in_reverse(A, lengths), lengths), A)
    np.testing.assert_array_equal(in_reverse(X, LENGTHS)[2, :23], X[2, :23][::-1])
    symbols = OneHot(np.arange(360).reshape(4, 90) % 5, 5)
    np.testing.assert_array_equal(np.asarray(in_reverse(symbols, LENGTHS)),
                                  in_reverse(np.asarray(symbols), LENGTHS))


@EITHER
@KINDS
def test_it_is_two_layers_of_which_one_reads_backward(kind, sequences):
    layer = Bidirectional(kind(2, sequences=sequences)).build(X, seed=1)
    forward, backward = layer.sublayers
    assert layer.reverse is backward and type(backward) is kind
    assert all((W != backward.p[name]).any() for name, W in forward.p.items() if name[0] != 'b')
    A = layer.forward(X)
    h, hr = forward.forward(X), backward.forward(X[:, ::-1])
    np.testing.assert_array_equal(A, np.concatenate(
        [h, hr[:, ::-1] if sequences else hr], axis=-1))


@pytest.mark.parametrize('merge', MERGES)
@pytest.mark.parametrize('windows', [1, 4, None])
@EITHER
@KINDS
def test_each_of_unequal_lengths_is_as_if_alone(kind, sequences, windows, merge):
    layer = Bidirectional(kind(2, sequences=sequences, windows=windows, clip_gradients=False),
                          merge).build(X, seed=1)
    A = layer.forward(X, LENGTHS)
    dA = np.random.default_rng(3).standard_normal(A.shape)
    dX = layer.backward(dA)
    names = [(each, name) for each in layer.sublayers for name in each.p]
    together = [each.g[f'd{name}'].copy() for each, name in names]
    total = [np.zeros_like(dW) for dW in together]
    for i, n in enumerate(LENGTHS):
        steps = slice(None, n) if sequences else slice(None)
        np.testing.assert_allclose(layer.forward(X[i:i + 1, :n]), A[i:i + 1, steps], rtol=1e-11)
        alone = layer.backward(dA[i:i + 1, steps])
        np.testing.assert_allclose(alone, dX[i:i + 1, :n], rtol=1e-10, atol=1e-14)
        assert not dX[i, n:].any() and not (sequences and A[i, n:].any())
        total = [dW + each.g[f'd{name}'] for dW, (each, name) in zip(total, names, strict=True)]
    for found, expected in zip(together, total, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


def test_symbols_stay_symbols_in_both_directions():
    symbols = OneHot(np.random.default_rng(0).integers(0, 6, (4, 90)).astype(np.uint8), 6)
    layer = Bidirectional(GRU(2)).build(symbols, seed=1)
    layer.forward(symbols, LENGTHS)
    assert all(isinstance(each.fc.time_first['X'], OneHot) for each in layer.sublayers)


def test_the_gradient_with_respect_to_the_data_is_spared_inside_too():
    for layer in (Bidirectional(GRU(2)), Residual([Dense(3)])):
        layer.build(X, seed=1).needs_dX = False
        assert layer.backward(np.ones_like(layer.forward(X))) is None
        assert not any('dX' in each.bc for each in layer.walk())
        layer.needs_dX = True
        assert layer.backward(np.ones_like(layer.forward(X))).shape == X.shape


def test_an_argument_changed_in_one_direction_is_refused():
    layer = Bidirectional(GRU(2)).build(X, seed=1)
    layer.layer.windows = 3
    with pytest.raises(ValueError, match='same arguments, got windows=3 and None: set it in both'):
        layer.forward(X)
    layer.reverse.windows = 3
    layer.forward(X)


@pytest.mark.parametrize('call, message', [
    (lambda: Bidirectional(Dense(3)), r'a recurrent layer, RNN, GRU or LSTM.*got Dense\(units=3\)'),
    (lambda: Bidirectional(Bidirectional(GRU(3))), 'a recurrent layer'),
    (lambda: Bidirectional(GRU), 'a recurrent layer'),
    (lambda: Bidirectional(3), 'a recurrent layer.*got 3'),
    (lambda: Bidirectional(GRU(3), 'ave'), "did you mean 'mean'"),
    (lambda: Bidirectional(GRU(3), 'add'), 'expected one of concat, sum, mean, mul'),
    (lambda: Bidirectional(GRU(3), merge_mode='sum'), "did you mean 'merge'"),
    (lambda: GRU(3, bidirectional=True), r'instead: Bidirectional\(GRU'),
])
def test_what_a_bidirectional_layer_takes_is_said(call, message):
    with pytest.raises((ValueError, TypeError), match=message):
        call()
