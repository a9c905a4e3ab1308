"""A layer may hold layers, and keep arrays that are not learned."""
import numpy as np
import pytest
from networks import bits, embedding, samples
from own_layers import OWN_LAYERS, RunningMean, Shortcut

from epynn import GRU, RNN, Dense, Dropout, EpyNN, Flatten, read_model, relu, softmax
from epynn.gradcheck import gradcheck

X, y = samples(12)
NETWORKS = {
    'residual': lambda: [Flatten(), Shortcut([Dense(24, relu), Dropout(0.2), Dense(24, 'tanh')]),
                         Dense(2, softmax)],
    'recurrent': lambda: [Shortcut([GRU(4, sequences=True), RNN(3, sequences=True)]), GRU(2),
                          Dense(2, softmax)],
    'nested': lambda: [Flatten(), Shortcut([Dense(24), Shortcut([Dense(24, 'tanh')])]),
                       Dense(2, softmax)],
    'running mean': lambda: [Flatten(), RunningMean(0.2), Dense(4, relu), Dense(2, softmax)],
    'both': lambda: [Flatten(), Shortcut([RunningMean(), Dense(24, 'tanh')]), Dense(2, softmax)],
}
every_network = pytest.mark.parametrize('kind', NETWORKS)


def network(kind, **arguments):
    model = EpyNN([embedding(), *NETWORKS[kind]()], name=kind)
    model.initialize(seed=1, verbose=False, loss='CCE',
                     **{'se_hPars': {'learning_rate': 0.05}, **arguments})
    return model


def buffers(model):
    return [B.tobytes() for layer in model.walk() for B in layer.buffers.values()]


def all_bits(model):
    return ([W.tobytes() for layer in model.walk() for W in layer.p.values()], buffers(model),
            bits(model))


@every_network
def test_every_parameter_moves_and_the_loss_falls(kind):
    model = network(kind)
    before = [W.copy() for layer in model.walk() for W in layer.p.values()]
    model.train(20, verbose=0)
    after = [W for layer in model.walk() for W in layer.p.values()]
    assert not any(np.array_equal(V, W) for V, W in zip(before, after, strict=True))
    losses = model.metrics['CCE'][0]
    assert losses[-1] < losses[0]


@every_network
def test_gradients_are_derivatives(kind):
    model = network(kind)
    model.train(1, verbose=0)                           # running means are not zero
    before = all_bits(model)
    check = gradcheck(model, X, np.eye(2)[y])
    learned = [name for layer in model.walk() for name in layer.p]
    assert check.error < 1e-11 and len(check.rows) == 1 + len(learned)
    assert all_bits(model) == before


@every_network
@pytest.mark.parametrize('epochs', [0, 2])
def test_a_network_is_written_read_and_trained_on_bit_for_bit(kind, epochs):
    model = network(kind)
    if epochs:
        model.train(epochs, verbose=0)
    again = read_model(model.write('model.npz'), custom_objects=OWN_LAYERS)
    assert all_bits(again) == all_bits(model) and repr(again.layers) == repr(model.layers)
    np.testing.assert_array_equal(again.predict(X).A, model.predict(X).A)
    again.embedding = embedding()
    for each in (model, again):
        each.train(2, verbose=0)
    assert all_bits(again) == all_bits(model)


@every_network
def test_the_same_seed_is_the_same_run(kind):
    first, second = network(kind), network(kind)
    for model in (first, second):
        model.train(2, verbose=0)
    assert all_bits(first) == all_bits(second)
    second.initialize(seed=1, verbose=False, loss='CCE', se_hPars={'learning_rate': 0.05})
    second.train(2, verbose=0)
    assert all_bits(first) == all_bits(second)


@every_network
def test_evaluation_and_prediction_leave_everything_as_it_is(kind):
    model = network(kind)
    model.train(1, verbose=0)
    before = all_bits(model)
    alone = model.predict(X).A
    model.evaluate()
    for i in range(len(X)):
        np.testing.assert_allclose(model.predict(X[i:i + 1]).A[0], alone[i], rtol=1e-12)
    assert all_bits(model) == before
    assert all(layer.training for layer in model.walk())


@every_network
def test_tables_show_the_layers_inside(kind, capsys):
    model = network(kind)
    model.train(1, verbose=1)
    text = capsys.readouterr().out
    for layer in model.walk():
        assert type(layer).__name__ in text and layer.title in text if layer.p else True
    assert model._repr_html_() and model.plot(pyplot=False)


def test_layers_inside_have_the_position_of_both_in_their_title():
    model = network('nested')
    assert [layer.index for layer in model.walk()] == [0, 1, 2, '2.0', '2.1', '2.1.0', 3]
    assert model.layers[2].sublayers[1].sublayers[0].title == 'Dense (layer 2.1.0)'


def test_layers_inside_draw_from_the_generator_of_the_layer_that_holds_them():
    model = network('residual')
    inner = model.layers[2].layers
    assert all(layer.rng is model.layers[2].rng for layer in inner)
    rng = np.random.default_rng(1 + 1 + 2)
    expected = rng.standard_normal((24, 24)) * np.sqrt(2 / 48)
    np.testing.assert_array_equal(inner[0].p['W'], expected)


def test_a_frozen_layer_freezes_those_in_it():
    model = network('nested')
    outer = model.layers[2]
    outer.trainable = False
    before = [W.copy() for layer in outer.walk() for W in layer.p.values()]
    last = model.layers[-1].p['W'].copy()
    model.train(2, verbose=0)
    for W, kept in zip((W for layer in outer.walk() for W in layer.p.values()), before,
                       strict=True):
        np.testing.assert_array_equal(W, kept)
    assert not np.array_equal(model.layers[-1].p['W'], last)


def test_the_same_layer_twice_is_refused_inside_too():
    dense = Dense(24)
    with pytest.raises(ValueError, match='expects each layer once, got the same Dense again'):
        EpyNN([embedding(), Flatten(), Shortcut([dense]), dense])


def test_an_error_inside_says_where():
    model = EpyNN([embedding(), Flatten(), Shortcut([Dense(24), GRU(2)]), Dense(2, softmax)])
    with pytest.raises(ValueError, match=r'GRU \(layer 2.1\) expects input of shape') as caught:
        model.initialize(verbose=False)
    assert 'EpyNN did not get past GRU (layer 2.1)' in caught.value.__notes__[0]


def test_a_running_mean_runs_in_training_and_stands_in_evaluation():
    model = network('running mean')
    layer = model.layers[2]
    start = layer.buffers['mean'].copy()
    model.evaluate()
    np.testing.assert_array_equal(layer.buffers['mean'], start)
    model.train(5, verbose=0)
    assert not np.array_equal(layer.buffers['mean'], start)
    assert layer.buffers['mean'].dtype == np.float64
    single = network('running mean', dtype='float32')
    single.train(1, verbose=0)
    assert single.layers[2].buffers['mean'].dtype == np.float32
