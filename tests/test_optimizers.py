"""Optimizers change a parameter by its gradient, the whole of it or some rows at a time; they agree
with PyTorch, leave alone what is not to be learned, and go on where a file was written."""
import importlib.util
import math
import tracemalloc
import warnings

import numpy as np
import pytest
from networks import bits, embedding, network
from own_layers import OWN_LAYERS, RunningMean, Shortcut
from references import make_torch_optim as references

from epynn import GRU, Dense, Embedding, EpyNN, Flatten, read_model, softmax
from epynn.commons.optimizers import BLOCK, SGD, clip_norm, keeps, optimizers, update
from epynn.commons.schedule import schedules
from epynn.network.callbacks import Callback
from epynn.network.hyperparameters import looked_at
from epynn.settings import se_hPars
from epynn.speed.one_hot import FactoredGradient, OneHot

RATE, HPARS = 0.1, {**se_hPars, 'weight_decay': 0}
each_optimizer = pytest.mark.parametrize('name', optimizers)
each_decay = pytest.mark.parametrize('decay', [0, 0.1])


def Replacing(W, dW, state, lrate, hPars):
    """Momentum, but with another array each time instead of a change in place."""
    state['v'] = hPars['momentum'] * state.get('v', 0) + dW
    W -= lrate * state['v']


def FirstIsOther(W, dW, state, lrate, hPars):
    """An optimizer whose first update is another than those after, and which counts."""
    state['first'] = state.get('first', dW.copy())
    state['n'] = state.get('n', 0) + 1
    W -= lrate * state['first'] / state['n']


RULES = [*optimizers.values(), Replacing, FirstIsOther]
each_rule = pytest.mark.parametrize('rule', RULES, ids=lambda rule: rule.__name__)


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


class StopAt(Callback):
    """End training after a batch."""

    def __init__(self, epoch, batch):
        self.at = epoch, batch

    def on_batch_end(self, model):
        if (model.e, model.batch) == self.at:
            model.stop_training = True


# By hand, and against PyTorch

def test_SGD_by_hand():
    W, state = np.array([[1.0, 2.0]]), {}
    SGD(W, np.array([[10.0, -5.0]]), state, 0.1, {})
    np.testing.assert_allclose(W, [[0, 2.5]], rtol=1e-15)
    assert state == {}


@pytest.mark.parametrize('name, steps', [
    ('Momentum', [0.2, 0.38]),                  # v = 2, 0.9 * 2 + 2
    ('Nesterov', [0.38, 0.542]),                # 2 + 0.9 * 2, 2 + 0.9 * 3.8
    ('AdaGrad', [0.1, 0.1 / math.sqrt(2)]),     # 2 / sqrt(4), 2 / sqrt(4 + 4)
    ('RMSprop', [0.1 / math.sqrt(0.1), 0.1 / math.sqrt(0.19)]),
    ('Adam', [0.1, 0.1]), ('AdamW', [0.1, 0.1])])       # the gradient is always the same
def test_two_updates_by_hand(name, steps):
    W, state = np.zeros(1), {}
    for step in steps:
        before = W.copy()
        update(optimizers[name], W, np.array([2.0]), state, 0.1, HPARS)
        np.testing.assert_allclose(before - W, step, rtol=1e-7)     # epsilon is 1e-8


KEPT = list(references.read())


@pytest.mark.parametrize('case, found', [kept for kept in KEPT if kept[0][0] in optimizers],
                         ids=lambda v: references.title(v) if isinstance(v, list) else '')
def test_fifty_updates_kept_from_pytorch(case, found):
    mine = references.ours(case)[np.subtract(references.AFTER, 1)]
    np.testing.assert_allclose(mine, found, rtol=1e-12, atol=1e-12)


def test_the_file_is_small_and_holds_every_case():
    assert references.PATH.stat().st_size < 40_000
    expected = [*references.cases(), *references.PLANS]
    assert [repr(case) for case, _ in KEPT] == [
        repr([*case[:-1], list(case[-1]) if isinstance(case[-1], tuple) else case[-1]])
        for case in expected]
    assert {case[0] for case in expected} == {*optimizers, 'cosine', 'step', 'one_cycle'}


@pytest.mark.skipif(not importlib.util.find_spec('torch'), reason='needs torch: pip install torch')
@pytest.mark.filterwarnings('ignore')           # what it warns of is its own to mend
@pytest.mark.parametrize('case', list(references.cases()), ids=references.title)
def test_fifty_updates_of_pytorch_here_and_now(case):
    np.testing.assert_allclose(references.ours(case, seed=1), references.theirs(case, seed=1),
                               rtol=1e-12, atol=1e-12)


# Blocks of rows, factors, precision

@pytest.mark.parametrize('shape', [(3, 2), (1, 4), (5,), (3, 3, 2, 4),
                                   (BLOCK // 4, 8), (BLOCK + 1, 1), (2 * BLOCK + 7,),
                                   (2, BLOCK), (3, 2 * BLOCK), (700, 3, 5, 7)], ids=str)
@each_rule
def test_an_update_by_blocks_is_that_of_the_whole(rule, shape):
    W, state = normal(*shape), {}
    whole, its_state = W.copy(), {}
    for step in range(3):
        dW = normal(*shape, seed=step)
        update(rule, W, dW, state, RATE, HPARS)
        rule(whole, dW, its_state, RATE, HPARS)
        np.testing.assert_array_equal(W, whole)
        assert state.keys() == its_state.keys()
        for name, A in its_state.items():
            assert np.shape(state[name]) == np.shape(A) and np.shape(A) in (shape, ())
            np.testing.assert_array_equal(state[name], A)


def test_large_parameters_are_updated_some_rows_at_a_time():
    sizes = []
    update(lambda W, dW, *_: sizes.append((W.shape, dW.shape)), normal(BLOCK, 4),
           normal(BLOCK, 4), {}, RATE, HPARS)
    assert sizes == 4 * [((BLOCK // 4, 4),) * 2]


@each_decay
@each_rule
def test_an_update_is_the_same_for_a_gradient_in_factors(rule, decay):
    rng = np.random.default_rng(0)
    X = OneHot(rng.integers(0, 17, (3, 2000)), 16).reshape(3, -1)           # 16 is padding
    W, state, its_state = normal(32_000, 8), {}, {}
    expected = W.copy()
    for step in range(3):
        dZ, hPars = normal(3, 8, seed=step), {**HPARS, 'weight_decay': decay}
        update(rule, W, FactoredGradient(X, dZ), state, RATE, hPars)
        update(rule, expected, np.asarray(X, dtype=float).T @ dZ, its_state, RATE, hPars)
    np.testing.assert_allclose(W, expected, rtol=1e-12, atol=1e-13)


@each_optimizer
def test_a_gradient_in_factors_is_never_multiplied_as_a_whole(name):
    X = OneHot(np.random.default_rng(0).integers(0, 16, (4, 4000)), 16).reshape(4, -1)
    W, dW, state = np.zeros((64_000, 32)), FactoredGradient(X, normal(4, 32)), {}
    update(optimizers[name], W, dW, state, RATE, HPARS)                     # the state is there
    tracemalloc.start()
    try:
        update(optimizers[name], W, dW, state, RATE, {**HPARS, 'weight_decay': 0.1})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 10 * 8 * BLOCK < W.nbytes


@each_decay
@each_optimizer
def test_single_precision_is_kept(name, decay):
    W, double, state, its_state = normal(9, 4).astype('float32'), normal(9, 4), {}, {}
    hPars = {**HPARS, 'weight_decay': decay}
    for step in range(5):
        dW = normal(9, 4, seed=step)
        update(optimizers[name], W, dW.astype('float32'), state, RATE, hPars)
        update(optimizers[name], double, dW, its_state, RATE, hPars)
    assert W.dtype == np.float32
    assert {A.dtype for A in state.values()} <= {np.dtype('float32'), np.dtype('int64')}
    np.testing.assert_allclose(W, double, rtol=1e-5, atol=1e-5)


@each_optimizer
def test_very_large_gradients_leave_finite_parameters(name):
    for dtype, large in (('float64', 1e200), ('float32', 1e30)):
        W, state = np.ones((2, 2), dtype), {}
        with np.errstate(over='ignore'):
            for sign in (1, -1, 1):
                update(optimizers[name], W, np.full((2, 2), sign * large, dtype), state, RATE,
                       HPARS)
        assert np.isfinite(W).all()


# Weight decay

@each_rule
def test_weight_decay_is_a_gradient_more_but_for_AdamW(rule):
    W, expected, state, its_state = normal(4, 3), normal(4, 3), {}, {}
    for step in range(4):
        dW = normal(4, 3, seed=step)
        update(rule, W, dW, state, RATE, {**HPARS, 'weight_decay': 0.3})
        if rule.__name__ == 'AdamW':
            expected *= 1 - RATE * 0.3
            update(rule, expected, dW, its_state, RATE, HPARS)
        else:
            update(rule, expected, dW + 0.3 * expected, its_state, RATE, HPARS)
    np.testing.assert_allclose(W, expected, rtol=1e-13)


def test_weight_decay_makes_smaller_weights():
    norms = []
    for decay in (0, 1):
        model = network(seed=1, verbose=False, se_hPars={'weight_decay': decay})
        model.train(5, verbose=0)
        norms.append(np.linalg.norm(model.layers[2].p['W']))
    assert norms[1] < 0.9 * norms[0]


def test_L1_is_an_optimizer_of_ones_own():
    """A gradient more, of sum |W|: weights of features that say nothing come near 0."""
    def lasso(W, dW, state, lrate, hPars):
        W -= lrate * (dW + np.sign(W))

    rng = np.random.default_rng(0)
    X = rng.standard_normal((100, 6))
    Y = X[:, :2] @ [[1], [-2]] + 0.1 * rng.standard_normal((100, 1))
    weights = {}
    for optimizer in ('SGD', lasso):
        model = EpyNN([Embedding(X, Y, batch_size=10, relative_size=(1, 0, 0)),
                       Dense(1, 'identity')])
        model.initialize(seed=1, metrics=[], verbose=False,
                         se_hPars={'optimizer': optimizer, 'learning_rate': 0.002})
        model.train(100, verbose=0)
        weights[optimizer] = np.abs(model.layers[1].p['W'].ravel())
    assert weights[lasso][2:].max() < 0.25 * weights['SGD'][2:].max()
    assert (weights[lasso][:2] > 0.9).all()


# max_norm

def with_gradients(*layers, scale=1.0, dtype='float64'):
    X = normal(5, 4)
    for i, layer in enumerate(layers):
        layer.build(X, seed=i, dtype=dtype).forward(X.astype(dtype))
        layer.backward((scale * normal(*layer.output_shape, seed=i)).astype(dtype))
    return layers


def gradients_of(layers):
    return np.concatenate([np.asarray(dW, np.float64).ravel() for layer in layers
                           for dW in layer.g.values()])


@pytest.mark.parametrize('dtype, scale', [('float64', 1), ('float64', 1e3), ('float64', 1e200),
                                          ('float64', 1e-200), ('float32', 1), ('float32', 1e25)])
def test_all_gradients_are_clipped_together(dtype, scale):
    layers = with_gradients(Dense(3, 'identity'), Dense(2, 'identity'), scale=scale, dtype=dtype)
    before = gradients_of(layers)
    direction = before / np.abs(before).max()
    norm = np.linalg.norm(direction) * np.abs(before).max()
    clip_norm(layers, 0.5)
    expected = direction * (min(0.5, norm) / np.linalg.norm(direction))
    np.testing.assert_allclose(gradients_of(layers), expected, rtol=1e-6 if dtype == 'float32'
                               else 1e-13)
    assert {dW.dtype for layer in layers for dW in layer.g.values()} == {np.dtype(dtype)}


def test_gradients_within_the_norm_are_left_as_they_are():
    layers = with_gradients(Dense(3), Dense(2))
    before = gradients_of(layers).tobytes()
    clip_norm(layers, np.linalg.norm(gradients_of(layers)) + 1e-9)
    assert gradients_of(layers).tobytes() == before
    for layer in layers:
        for dW in layer.g.values():
            dW[:] = 0
    clip_norm(layers, 1e-3)
    assert not gradients_of(layers).any()


def test_gradients_that_are_not_numbers_are_left_for_others_to_tell():
    layers = with_gradients(Dense(3))
    for number in (np.nan, np.inf):
        layers[0].g['db'][0, 0] = number
        before = gradients_of(layers)
        with np.errstate(invalid='ignore'):
            clip_norm(layers, 0.1)
        np.testing.assert_array_equal(gradients_of(layers), before)


def test_a_clipped_gradient_in_factors_is_in_factors():
    X = OneHot(np.random.default_rng(0).integers(0, 8, (4, 50)), 8).reshape(4, -1)
    layer = Dense(3).build(X, seed=0)
    layer.backward(layer.forward(X))
    whole = np.asarray(layer.g['dW'])
    norm = math.hypot(np.linalg.norm(whole), np.linalg.norm(layer.g['db']))
    clip_norm([layer], norm / 4)
    assert isinstance(layer.g['dW'], FactoredGradient)
    np.testing.assert_allclose(np.asarray(layer.g['dW']), whole / 4, rtol=1e-12, atol=1e-15)


def test_the_norm_is_that_of_all_layers_that_learn():
    model = EpyNN([embedding(), Shortcut([GRU(3, sequences=True)]), Flatten(), Dense(4),
                   Dense(2, softmax)])
    model.initialize(seed=1, verbose=False, se_hPars={'max_norm': 0.01})
    model.layers[3].trainable = False
    model.train(2, verbose=0)
    norms = [[layer.gradient_norms[e] for layer in model.walk() if layer.p and layer.trainable]
             for e in range(2)]
    np.testing.assert_allclose([math.hypot(*of_epoch) for of_epoch in norms], 0.01, rtol=1e-12)


def test_max_norm_can_be_changed_between_two_calls_of_train():
    model = network(seed=1, verbose=False)
    model.train(1, verbose=0)
    model.se_hPars['max_norm'] = 1e-3
    model.train(1, verbose=0)
    first, last = (math.hypot(*(layer.gradient_norms[e] for layer in model.layers if layer.p))
                   for e in (0, 1))
    assert first > 1e-2 and last == pytest.approx(1e-3, rel=1e-12)


# What is not to be learned

@each_decay
@each_optimizer
def test_a_learning_rate_of_0_changes_nothing(name, decay):
    model = network('gru', seed=1, verbose=False, se_hPars={
        'optimizer': name, 'learning_rate': 0, 'weight_decay': decay or 1e-9})
    before = [W.tobytes() for layer in model.layers for W in layer.p.values()]
    model.train(2, verbose=0)
    assert [W.tobytes() for layer in model.layers for W in layer.p.values()] == before


@each_optimizer
def test_a_frozen_layer_keeps_every_bit_of_its_parameters(name):
    model = EpyNN([embedding(), Shortcut([GRU(3, sequences=True)]), GRU(3), Dense(4),
                   Dense(2, softmax)])
    model.initialize(seed=1, verbose=False, se_hPars={
        'optimizer': name, 'weight_decay': 0.1, 'learning_rate': 0.01, 'max_norm': 1})
    model.train(1, verbose=0)
    frozen = [model.layers[1], *model.layers[1].layers, model.layers[3]]
    model.layers[1].trainable = model.layers[3].trainable = False

    def kept():
        return [A.tobytes() for layer in frozen for arrays in (
            layer.p, *layer.optimizer_state.values()) for A in arrays.values()]
    before, learned = kept(), model.layers[4].p['W'].copy()
    model.train(2, verbose=0)
    assert kept() == before and len(before) > 10
    assert not np.array_equal(model.layers[4].p['W'], learned)


# Of a layer, and of one's own

def test_an_optimizer_of_ones_own_finds_what_it_kept_of_each_parameter():
    X, dA = normal(5, 4), normal(5, 3, seed=1)
    layer = Dense(3, 'identity', se_hPars={'optimizer': Replacing}).build(X, seed=0)
    W, b = (layer.p[name].copy() for name in 'Wb')
    dW, db = X.T @ dA, dA.sum(axis=0, keepdims=True)    # the same each time: nothing else moves
    for _ in range(2):
        layer.forward(X)
        layer.backward(dA)
        layer.update_parameters(RATE)
    for name, before, gradient in (('W', W, dW), ('b', b, db)):
        np.testing.assert_allclose(layer.p[name], before - RATE * (1 + 1.9) * gradient, rtol=1e-12,
                                   atol=1e-14)
        np.testing.assert_allclose(layer.optimizer_state[name]['v'], 1.9 * gradient, rtol=1e-12)
    assert layer.build(X).optimizer_state == {}


def test_each_layer_may_have_an_optimizer_of_its_own():
    model = EpyNN([embedding(), Flatten(), Dense(5, se_hPars={'optimizer': 'Adam', 'beta_1': 0.5}),
                   Dense(4, se_hPars={'optimizer': Replacing}), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False, se_hPars={'optimizer': 'RMSprop', 'rho': 0.8})
    model.train(1, verbose=0)
    assert [sorted(layer.optimizer_state['W']) for layer in model.layers[2:]] == [
        ['m', 't', 'v'], ['v'], ['r']]
    assert model.layers[2].optimizer_state['b']['t'] == len(model.embedding.batches())


def test_an_unknown_optimizer_is_explained():
    layer = Dense(se_hPars={'optimizer': 'sgd'}).build(normal(2, 3))
    layer.backward(layer.forward(normal(2, 3)))
    with pytest.raises(ValueError, match="knows no optimizer 'sgd'.*did you mean 'SGD'"):
        layer.update_parameters(RATE)


def test_optimizers_are_known_by_their_names():
    assert optimizers['SGD'] is SGD
    assert all(name == rule.__name__ for name, rule in optimizers.items())


@pytest.mark.parametrize('name, expected', {
    'SGD': '', 'Momentum': 'momentum', 'Nesterov': 'momentum', 'AdaGrad': 'epsilon',
    'RMSprop': 'rho epsilon', 'Adam': 'beta_1 beta_2 epsilon',
    'AdamW': 'beta_1 beta_2 epsilon weight_decay', 'steady': 'learning_rate',
    'exp_decay': 'learning_rate decay_k cycle_epochs cycle_descent',
    'lin_decay': 'learning_rate decay_k cycle_epochs',
    'cosine': 'learning_rate cycle_epochs cycle_descent warmup_epochs',
    'step': 'learning_rate step_epochs step_factor cycle_epochs',
    'one_cycle': 'learning_rate cycle_epochs cycle_descent warmup_epochs'}.items())
def test_what_optimizers_and_schedules_look_at(name, expected):
    assert looked_at({**optimizers, **schedules}[name]) == set(expected.split())


# Another optimizer, another file

@pytest.mark.parametrize('after', optimizers)
@pytest.mark.parametrize('before', optimizers)
def test_an_optimizer_goes_on_with_what_fits_and_begins_anew_otherwise(before, after):
    def model():
        model = network(seed=1, verbose=False, se_hPars={
            'optimizer': before, 'weight_decay': 0.01, 'learning_rate': 0.01})
        model.train(2, verbose=0)
        model.se_hPars['optimizer'] = after
        return model
    at_once, from_file, anew = model(), read_model(model().write('model.npz')), model()
    from_file.embedding = embedding()
    for layer in anew.layers:
        layer.optimizer_state = {}
    fits = before == after or {before, after} in ({'Adam', 'AdamW'}, {'Momentum', 'Nesterov'})
    for other in (at_once, from_file):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            other.train(2, verbose=0)
        assert len(caught) == (not fits and before != 'SGD')
        if caught:
            message = str(caught[0].message)
            assert message.startswith(f'{after} begins anew, without what ') and before in message
    anew.train(2, verbose=0)
    assert bits(at_once) == bits(from_file)
    assert (bits(at_once) == bits(anew)) == (not fits or before == 'SGD')


def test_an_optimizer_changed_while_training_begins_anew():
    class Change(Callback):
        def on_epoch_begin(self, model):
            model.se_hPars['optimizer'] = 'Momentum' if model.e < 1 else Replacing

    model = network(seed=1, verbose=False)
    model.train(2, verbose=0, callbacks=[Change()])
    assert list(model.layers[2].optimizer_state['W']) == ['v']
    expected = network(seed=1, verbose=False, se_hPars={'optimizer': 'Momentum'})
    expected.train(1, verbose=0)
    for layer in expected.layers:
        layer.optimizer_state = {}
    expected.se_hPars['optimizer'] = Replacing
    expected.train(1, verbose=0)
    assert bits(model) == bits(expected)


@pytest.mark.parametrize('kind', ['dense', 'gru'])
@each_optimizer
def test_what_is_written_in_the_middle_of_an_epoch_goes_on_bit_for_bit(name, kind):
    def model():
        return network(kind, seed=1, verbose=False, se_hPars={
            'optimizer': name, 'weight_decay': 0.01, 'max_norm': 1, 'learning_rate': 0.02,
            'schedule': 'one_cycle', 'cycle_epochs': 3})
    at_once, in_parts = model(), model()
    at_once.train(3, verbose=0)
    in_parts.train(3, verbose=0, callbacks=[StopAt(1, 2)])
    again = read_model(in_parts.write('model.npz'))
    again.embedding = embedding()
    again.train(2, verbose=0)
    assert bits(again) == bits(at_once)


def test_layers_in_layers_go_on_from_a_file_bit_for_bit():
    def model():
        model = EpyNN([embedding(), Shortcut([GRU(3, sequences=True)]), GRU(3), RunningMean(0.3),
                       Dense(2, softmax)])
        model.initialize(seed=1, verbose=False, se_hPars={'optimizer': 'Adam'})
        return model
    at_once, in_parts = model(), model()
    at_once.train(2, verbose=0)
    in_parts.train(2, verbose=0, callbacks=[StopAt(0, 1)])
    again = read_model(in_parts.write('model.npz'), custom_objects=OWN_LAYERS)
    again.embedding = embedding()
    again.train(2, verbose=0)
    assert bits(again) == bits(at_once)


def test_reading_a_file_warns_of_nothing():
    model = network(seed=1, verbose=False)
    model.se_hPars.update(optimizer='AdamW', momentum=0.5, warmup_epochs=3)
    assert read_model(model.write('model.npz')).se_hPars == model.se_hPars


def test_what_an_optimizer_of_ones_own_keeps_can_be_said():
    @keeps('v')
    def halving(W, dW, state, lrate, hPars):
        state['v'] += dW
        W -= lrate * state['v']
        state['v'] /= 2

    model = network(seed=1, verbose=False, se_hPars={'optimizer': halving})
    model.train(1, verbose=0)
    model.se_hPars['optimizer'] = 'Momentum'            # which keeps a v too
    model.train(1, verbose=0)
    model.se_hPars['optimizer'] = 'AdaGrad'
    with pytest.warns(UserWarning, match='AdaGrad begins anew, without what Momentum kept'):
        model.train(1, verbose=0)


@each_optimizer
def test_every_optimizer_learns(name):
    rate = {'SGD': 0.03, 'Momentum': 0.01, 'Nesterov': 0.01, 'AdaGrad': 0.1}.get(name, 0.02)
    model = network(data=embedding(120), loss='CCE', seed=1, verbose=False, se_hPars={
        'optimizer': name, 'learning_rate': rate, 'weight_decay': 1e-3})
    model.train(30, verbose=0)
    losses = model.metrics['CCE'][0]
    assert losses[-1] < 0.5 * losses[0]


@pytest.mark.slow
@pytest.mark.skipif(not importlib.util.find_spec('sklearn'), reason='needs scikit-learn')
def test_digits_are_told_apart_as_well_as_by_scikit_learn():
    """Accuracies of five seeds each, on a third of the 1,797 images."""
    from sklearn.datasets import load_digits
    from sklearn.neural_network import MLPClassifier
    X, y = load_digits(return_X_y=True)
    X, ours, theirs = X / 16, [], []
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(X))
        train, test = order[:1198], order[1198:]
        model = EpyNN([Embedding(X[train], y[train], Y_encode=True, batch_size=32,
                                 relative_size=(1, 0, 0)), Dense(64, 'relu'), Dense(10, softmax)])
        model.initialize(loss='CCE', seed=seed, verbose=False, metrics=[],
                         se_hPars={'optimizer': 'Adam', 'learning_rate': 0.001})
        model.train(40, verbose=0)
        ours.append((model.predict(X[test]).P == y[test]).mean())
        peer = MLPClassifier((64,), solver='adam', alpha=0, batch_size=32, max_iter=40,
                             random_state=seed, n_iter_no_change=1000)
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')             # it says that it might go on
            peer.fit(X[train], y[train])
        theirs.append(peer.score(X[test], y[test]))
    print(np.mean(ours), np.mean(theirs))
    assert abs(np.mean(ours) - np.mean(theirs)) < 0.005
    assert min(ours) > 0.95
