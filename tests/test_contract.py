"""What a layer promises, and what it has to do: one truth for a setting, one gradient for each
parameter, and nothing of a prediction that training could see."""
import copy
from functools import partial

import numpy as np
import pytest
from networks import bits, embedding, network, samples

from epynn import (
    GRU,
    LSTM,
    RNN,
    Convolution,
    Dense,
    Dropout,
    Embedding,
    EpyNN,
    Flatten,
    Layer,
    lrelu,
    read_model,
    relu,
    sigmoid,
    softmax,
    tanh,
)
from epynn.network.models import EpyNN as Network

X, y = samples(12)


class Scale(Layer):
    """A = X w, with a weight for each feature: the smallest layer that learns."""

    axes = {'m': 'samples', 'n': 'features'}
    fixed_axes = ('n',)

    def compute_shapes(self):
        return {'w': (1, self.d['n'])}

    def initialize_parameters(self):
        self.p['w'] = np.ones((1, self.d['n']))

    def forward_pass(self, X):
        self.fc['X'] = X
        return X * self.p['w']

    def backward_pass(self, dA):
        self.bc['dA'] = dA
        return dA * self.p['w']

    def compute_gradients(self):
        self.g['dw'] = (self.bc['dA'] * self.fc['X']).sum(axis=0, keepdims=True)


def with_gradients(**gradients):
    """A Scale that leaves some gradients, each a function of the layer."""
    class Odd(Scale):
        def compute_gradients(self):
            for name, gradient in gradients.items():
                self.g[name] = gradient(self)
    return Odd()


# A gradient for each parameter

@pytest.mark.parametrize('layer, message', [
    (with_gradients(), r"leave the gradient with respect to w in g\['dw'\], of shape \(1, 24\), "
                       'found none: without it w would never change'),
    (with_gradients(w=lambda layer: layer.p['w']), r"in g\['dw'\], .* found 'w'"),
    (with_gradients(dw=lambda layer: layer.bc['dA']),
     r'the shape of w, \(1, 24\), found \(7, 24\)'),
    (with_gradients(dw=lambda layer: layer.p['w'], db=lambda layer: layer.p['w']),
     r"gradient g\['db'\] and no parameter 'b': its parameters are w"),
], ids=['none', 'misnamed', 'of another shape', 'one too many'])
def test_a_gradient_that_is_missing_or_wrong_is_an_error_the_first_time(layer, message):
    model = EpyNN([embedding(), Flatten(), layer, Dense(2, softmax)])
    with pytest.raises(ValueError, match=message):
        model.initialize(verbose=False)


def test_a_layer_that_forgets_its_gradients_later_is_an_error_too():
    layer = Scale()
    layer.build(np.ones((3, 2)), seed=0)
    layer.forward(np.ones((3, 2)))
    layer.backward(np.ones((3, 2)))
    layer.compute_gradients = lambda: None
    layer.forward(np.ones((3, 2)))
    with pytest.raises(ValueError, match='found none'):
        layer.backward(np.ones((3, 2)))


@pytest.mark.parametrize('name', ['forward_pass', 'backward_pass'])
def test_a_layer_without_a_pass_says_what_to_define(name):
    class Half(Scale):
        """It lacks one of its functions."""

    setattr(Half, name, getattr(Layer, name))
    layer = Half()
    layer.build(np.ones((3, 2)))
    with pytest.raises(NotImplementedError, match=rf'Half does not say how .*: define {name}\('):
        layer.forward(np.ones((3, 2)))
        layer.backward(np.ones((3, 2)))


# One truth for a setting

@pytest.mark.parametrize('layer, name, value', [
    (GRU(2), 'clip_gradients', True), (GRU(2), 'windows', 1), (GRU(2), 'activate_reset', tanh),
    (RNN(2), 'clip_gradients', False), (LSTM(2), 'activate_forget', 'tanh'),
    (Dense(3), 'activate', relu), (Dropout(0.1), 'drop_prob', 0.7), (Dropout(0.1), 'axis', 1),
    (Convolution(2, padding=1), 'strides', (3, 3)),
    (Convolution(2), 'activate', 'tanh'), (Dense(3), 'initialization', 'orthogonal'),
], ids=lambda value: getattr(value, '__name__', None) or str(value))
def test_a_setting_changed_later_is_used_shown_written_and_read(layer, name, value):
    data = samples(45)[0] if not isinstance(layer, Convolution) else samples(45)[0][..., np.newaxis]
    layers = [layer] if isinstance(layer, (RNN, GRU, LSTM)) else \
        [layer, Flatten()] if isinstance(layer, Convolution) else [Flatten(), layer]
    model = EpyNN([Embedding(data, samples(45)[1], Y_encode=True), *layers, Dense(2, softmax)])
    model.initialize(seed=1, verbose=False)
    setattr(layer, name, value)
    made = type(layer)(**layer.arguments())
    assert repr(made) == repr(layer) and f'{name}=' in repr(layer)
    again = read_model(model.write('model.npz'))
    there = next(other for other in again.layers if type(other) is type(layer))
    assert there.arguments() == layer.arguments()
    np.testing.assert_array_equal(again.predict(data).A, model.predict(data).A)


def test_a_changed_activation_is_what_the_layer_computes_with():
    layer = Dense(3, 'tanh').build(X.reshape(12, -1), seed=0)
    layer.activate = 'relu'
    assert layer.activation == {'activate': 'relu'} and layer.activate is relu
    assert layer.forward(X.reshape(12, -1)).min() == 0


@pytest.mark.parametrize('layer, name, value', [
    (Dense(3), 'units', 7), (GRU(2), 'unit_cells', 3), (Convolution(2), 'unit_filters', 3),
    (Convolution(2), 'use_bias', False), (Convolution(2), 'filter_size', 2),
], ids=lambda value: str(value))
def test_a_setting_that_the_parameters_no_longer_fit_is_refused(layer, name, value):
    shape = {Dense: (5, 4), GRU: (5, 4, 3), Convolution: (5, 6, 6, 1)}[type(layer)]
    layer = copy.deepcopy(layer).build(np.ones(shape))
    before, A = getattr(layer, name), layer.forward(np.ones(shape))
    with pytest.raises(ValueError, match=f'has parameters for {name}=.*: make another layer'):
        setattr(layer, name, value)
    assert getattr(layer, name) == before
    np.testing.assert_array_equal(layer.forward(np.ones(shape)), A)
    other = type(layer)(**{**layer.arguments(), name: value})       # the remedy
    assert other.build(np.ones(shape)).forward(np.ones(shape)).shape[0] == 5


@pytest.mark.parametrize('name, value', [
    ('relative_size', (1, 0, 0)), ('X_encode', True), ('Y_encode', False), ('X_scale', True)])
def test_what_was_made_of_the_data_is_not_changed_later(name, value):
    data = embedding()
    with pytest.raises(AttributeError, match=f'cannot change {name} once it is made: make another'):
        setattr(data, name, value)


@pytest.mark.parametrize('layer, name, value, message', [
    (Dense(3), 'units', 0, 'units to be an integer of 1 or more, got 0'),
    (GRU(2), 'clip_gradients', 'no', 'clip_gradients to be True or False'),
    (GRU(2), 'activate', 'softmax', 'element by element, got softmax'),
    (Dense(3), 'activate', 'rleu', "did you mean 'relu'"),
    (Dropout(0.1), 'drop_prob', 1, 'a probability'),
    (embedding(), 'batch_size', -1, 'batch_size to be an integer of 1 or more'),
], ids=lambda value: str(value)[:20])
def test_a_setting_is_checked_whenever_it_is_set(layer, name, value, message):
    before = layer.arguments()
    with pytest.raises(ValueError, match=message):
        setattr(layer, name, value)
    assert layer.arguments() == before


def test_an_argument_that_is_not_kept_cannot_be_written():
    class Secret(Scale):
        def __init__(self, key=1):
            super().__init__()

    model = EpyNN([embedding(), Flatten(), Secret(3), Dense(2, softmax)])
    model.initialize(verbose=False)
    with pytest.raises(ValueError, match=r"does not keep its argument 'key'.*self.key = key"):
        model.write('model.npz')


def test_hyperparameters_are_looked_up_where_they_are_needed():
    model = EpyNN([embedding(), Flatten(), Dense(4, lrelu, se_hPars={'learning_rate': 0.3}),
                   Dense(4, lrelu), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False, se_hPars={'LRELU_alpha': 0.2})
    own, other = model.layers[2:4]
    Z = np.array([[-1.0]])
    assert own.activate(Z) == other.activate(Z) == -0.2
    model.se_hPars['LRELU_alpha'] = 0.4
    own.se_hPars['LRELU_alpha'] = 0.1                           # of this layer alone
    assert (own.activate(Z), other.activate(Z)) == (-0.1, -0.4)
    model.se_hPars['learning_rate'] = 0.7
    model.train(1, verbose=0)
    assert (own.lrate, other.lrate) == ([0.3], [0.7])
    assert own.arguments()['se_hPars'] == {'learning_rate': 0.3, 'LRELU_alpha': 0.1}


def test_hyperparameters_given_anew_are_those_of_the_next_epoch():
    model = network(seed=1, verbose=False)
    model.se_hPars = {'learning_rate': 0.5}
    model.train(1, verbose=0)
    assert model.layers[-1].lrate == [0.5] and model.se_hPars['schedule'] == 'steady'


def test_an_activation_with_some_arguments_filled_in():
    layer = Dense(3, partial(lrelu, LRELU_alpha=0.5))
    model = EpyNN([embedding(), Flatten(), layer, Dense(2, softmax)])
    model.initialize(seed=1, verbose=False, se_hPars={'LRELU_alpha': 0.1})
    model.train(1, verbose=0)
    assert layer.activate(np.array(-1.0)) == -0.5 and layer.activation == {'activate': 'lrelu'}
    with pytest.raises(ValueError, match=r"has no name: give its parameters in se_hPars, such as "
                                         r"\{'LRELU_alpha': 0.1\}"):
        model.write('model.npz')
    layer.activate, layer.se_hPars['LRELU_alpha'] = lrelu, 0.5  # the remedy
    again = read_model(model.write('model.npz'))
    np.testing.assert_array_equal(again.predict(X).A, model.predict(X).A)


# A layer alone

def test_a_layer_is_usable_without_a_network():
    first, second = (GRU(3).build(X, seed=5) for _ in range(2))
    np.testing.assert_array_equal(first.forward(X), second.forward(X))
    assert GRU(3).build(X, dtype='float32').p['Uz'].dtype == np.float32
    assert not np.array_equal(GRU(3).build(X).p['Uz'], first.p['Uz'])
    A = Dropout(0.5).forward(X)
    assert set(np.unique((A == 0) | (A == 2 * X))) == {True} and (A == 0).any()
    with pytest.raises(RuntimeError, match=r'has no parameters yet: .*call build\(X\)') as caught:
        Dense(2).forward(X[:, 0])
    assert 'Dense' in str(caught.value)
    assert Dense(2).build(X[:, 0]).forward(X[:, 0]).shape == (12, 2)        # the remedy


# Light copies

def test_a_light_copy_shares_the_parameters_and_nothing_else():
    model = network('gru', seed=1, verbose=False)
    model.train(1, verbose=0)
    for layer in model.layers:
        light = layer.inference()
        assert not light.training and light.title == layer.title
        assert all(light.p[name] is layer.p[name] for name in layer.p)
        for name in ('p', 'g', 'fc', 'bc', 'fs', 'bs', 'd', 'o', 'buffers', 'optimizer_state'):
            assert getattr(light, name) is not getattr(layer, name)
        assert light.rng is not layer.rng


def test_a_prediction_that_fails_leaves_training_as_it_was():
    model = network('gru', seed=1, verbose=False)
    model.train(1, verbose=0)
    gru, before = model.layers[1], bits(model)
    kept = {name: gru.fc[name].copy() for name in gru.fc}, dict(gru.d), gru.lengths
    activate = gru.activate

    def failing(x, deriv=False):
        raise KeyboardInterrupt

    gru.activate = failing
    with pytest.raises(KeyboardInterrupt):
        model.predict(X[:3])
    gru.activate = activate
    assert gru.training and gru.d == kept[1] and gru.lengths is kept[2]
    for name, A in kept[0].items():
        np.testing.assert_array_equal(gru.fc[name], A)
    model.train(1, verbose=0)
    undisturbed = network('gru', seed=1, verbose=False)
    undisturbed.train(2, verbose=0)
    assert before != bits(model) == bits(undisturbed)


def test_two_networks_on_one_embedding_do_not_see_each_other():
    data = embedding()
    first, second = (Network([data, Flatten(), Dense(3, relu), Dense(2, softmax)], name=name)
                     for name in 'ab')
    first.initialize(seed=1, verbose=False, se_hPars={'learning_rate': 0.3})
    first.train(2, verbose=0)
    alone = first.embedding
    outputs, predicted, order = alone.dtrain.A.copy(), alone.dtrain.P.copy(), list(alone.order)
    second.initialize(seed=2, verbose=False, dtype='float32', se_hPars={'learning_rate': 0.1})
    second.train(3, verbose=0)
    np.testing.assert_array_equal(alone.dtrain.A, outputs)
    np.testing.assert_array_equal(alone.dtrain.P, predicted)
    assert alone.order == order and alone.dtype == np.float64
    assert alone.se_hPars['learning_rate'] == 0.3 and second.embedding.dtype == np.float32
    assert data.dtrain.A is None and data.network is None
    assert alone.dtrain.inputs is data.dtrain.inputs            # the data themselves are shared


# Frozen layers

def test_a_frozen_layer_passes_gradients_and_stays_as_it_is():
    model = network('dense', seed=1, verbose=False)
    first, last = model.layers[2], model.layers[-1]
    last.trainable = False
    kept = {name: W.copy() for name, W in last.p.items()}, first.p['W'].copy()
    model.train(2, verbose=0)
    for name, W in kept[0].items():
        np.testing.assert_array_equal(last.p[name], W)
    assert not np.array_equal(first.p['W'], kept[1])
    again = read_model(model.write('model.npz'))
    assert not again.layers[-1].trainable and again.layers[2].trainable
    with pytest.raises(ValueError, match='trainable to be True or False'):
        last.trainable = 'no'


def test_a_frozen_first_layer_is_not_asked_for_gradients():
    model = network('dense', seed=1, verbose=False)
    model.layers[2].trainable = False
    model.initialize(seed=1, verbose=False)
    model.train(1, verbose=0)
    assert model.layers[2].needs_dX and not model.layers[-1].needs_dX


def test_sigmoid_is_the_default_of_dense():
    assert Dense().activate is sigmoid


def test_a_layer_needs_no_constructor_of_its_own():
    model = EpyNN([embedding(), Flatten(), Scale(), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False)
    again = read_model(model.write('model.npz'), custom_objects={'Scale': Scale})
    np.testing.assert_array_equal(again.predict(X).A, model.predict(X).A)
    with pytest.raises(TypeError, match='Scale got an unexpected keyword .*: it takes se_hPars'):
        Scale(units=3)
    with pytest.raises(TypeError, match='Flatten too many positional arguments: it takes nothing'):
        Flatten(3)
