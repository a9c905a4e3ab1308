"""Optimizers change a parameter by its gradient, the whole of it or some rows at a time."""
import numpy as np
import pytest

from epynn import Dense
from epynn.commons.optimizers import BLOCK, SGD, optimizers, update
from epynn.speed.one_hot import FactoredGradient, OneHot

RATE, HPARS = 0.1, {'momentum': 0.9}


def Momentum(W, dW, state, lrate, hPars):
    """v = momentum v + dW, W - lrate v: an optimizer that keeps something."""
    if 'v' not in state:
        state['v'] = np.zeros_like(W)
    state['v'] *= hPars['momentum']
    state['v'] += dW
    W -= lrate * state['v']


def Replacing(W, dW, state, lrate, hPars):
    """The same, but with another array each time instead of a change in place."""
    state['v'] = hPars['momentum'] * state.get('v', 0) + dW
    W -= lrate * state['v']


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def test_SGD_by_hand():
    W, state = np.array([[1.0, 2.0]]), {}
    SGD(W, np.array([[10.0, -5.0]]), state, 0.1, {})
    np.testing.assert_allclose(W, [[0, 2.5]], rtol=1e-15)
    assert state == {}


@pytest.mark.parametrize('shape', [(3, 2), (1, 4), (5,), (3, 3, 2, 4),
                                   (BLOCK // 4, 8), (BLOCK + 1, 1), (2 * BLOCK + 7,),
                                   (2, BLOCK), (3, 2 * BLOCK), (700, 3, 5, 7)], ids=str)
@pytest.mark.parametrize('rule', [SGD, Momentum, Replacing], ids=lambda rule: rule.__name__)
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
            np.testing.assert_array_equal(state[name], A)


def test_large_parameters_are_updated_some_rows_at_a_time():
    sizes = []
    update(lambda W, dW, *_: sizes.append((W.shape, dW.shape)), normal(BLOCK, 4),
           normal(BLOCK, 4), {}, RATE, HPARS)
    assert sizes == 4 * [((BLOCK // 4, 4),) * 2]


@pytest.mark.parametrize('rule', [SGD, Momentum], ids=lambda rule: rule.__name__)
def test_an_update_is_the_same_for_a_gradient_in_factors(rule):
    rng = np.random.default_rng(0)
    X = OneHot(rng.integers(0, 17, (3, 2000)), 16).reshape(3, -1)           # 16 is padding
    W, expected, state, its_state = normal(32_000, 8), normal(32_000, 8), {}, {}
    for step in range(2):
        dZ = normal(3, 8, seed=step)
        update(rule, W, FactoredGradient(X, dZ), state, RATE, HPARS)
        rule(expected, np.asarray(X, dtype=float).T @ dZ, its_state, RATE, HPARS)
    np.testing.assert_allclose(W, expected, rtol=1e-13, atol=1e-14)


def test_an_optimizer_of_ones_own_finds_what_it_kept_of_each_parameter():
    X, dA = normal(5, 4), normal(5, 3, seed=1)
    layer = Dense(3, 'identity', se_hPars={'optimizer': Momentum, **HPARS}).build(X, seed=0)
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


def test_an_unknown_optimizer_is_explained():
    layer = Dense(se_hPars={'optimizer': 'sgd'}).build(normal(2, 3))
    layer.backward(layer.forward(normal(2, 3)))
    with pytest.raises(ValueError, match="knows no optimizer 'sgd'.*did you mean 'SGD'"):
        layer.update_parameters(RATE)


def test_optimizers_are_known_by_their_names():
    assert optimizers['SGD'] is SGD
    assert all(name == rule.__name__ for name, rule in optimizers.items())
