"""Gradients are derivatives of what is computed: by central differences and by complex step.

Central differences need nothing of the function, and have an error of about 1e-9. The complex
step, Im f(x + ih) / h, has no difference in it that could cancel: it is exact to rounding
(Squire & Trapp, 1998; Martins et al., 2003).
"""
import inspect
from functools import partial

import numpy as np
import pytest
from layers import PLAIN, SHAPES, all_cases, all_layers, forward, layers_that_learn
from networks import NETWORKS, network, samples

from epynn import Convolution, Dense
from epynn import gradcheck as gradcheck_module
from epynn.commons.loss import losses
from epynn.commons.maths import activations, softmax
from epynn.gradcheck import cases, gradcheck
from epynn.layers import layers


def central(f, x, places=None, step=1e-5):
    """Derivatives of the number f() with respect to elements of x, which f reads."""
    derivatives = np.zeros_like(x)
    for i in np.ndindex(x.shape) if places is None else places:
        here = x[i]
        x[i] = here + step
        above = f()
        x[i] = here - step
        derivatives[i] = (above - f()) / (2 * step)
        x[i] = here
    return derivatives


def complex_step(f, x, places=None, step=1e-30):
    """Derivatives of the number f() with respect to elements of x, complex, which f reads."""
    derivatives = np.zeros(x.shape)
    for i in np.ndindex(x.shape) if places is None else places:
        here = x[i]
        x[i] = here + 1j * step
        derivatives[i] = f().imag / step
        x[i] = here
    return derivatives


def assert_close(found, expected, tolerance):
    """Elements agree, relative to the largest of them."""
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= tolerance * max(np.abs(expected).max(), 1e-3)


def drawn(x, most):
    """Places of so many elements of x, or of all where there are fewer."""
    return [np.unravel_index(i, x.shape)
            for i in np.random.default_rng(4).permutation(x.size)[:most]]


def at(places, x):
    return np.array([x[place] for place in places])


def parameters(layer):
    """Those of the layer, and of the layers in it."""
    return [W for each in layer.walk() for W in each.p.values()]


# Layers: the loss is a weighted sum of the outputs

@all_cases
def test_gradients_of_layers_are_derivatives(case):
    layer, X = case.layer(), case.X()
    for each in layer.walk():
        each.clip_gradients = False
    A = forward(layer, X, case.steps())
    weights = np.random.default_rng(3).standard_normal(A.shape)
    dX = layer.backward(weights.copy())
    found = [dX, *(each.g[f'd{name}'].copy() for each in layer.walk() for name in each.p)]

    def loss():
        return (forward(layer, X, case.steps()) * weights).sum()

    for dx, x in zip(found, [X, *parameters(layer)], strict=True):
        places = drawn(x, 3)
        numeric = central(loss, x, places)
        assert_close(at(places, dx), at(places, numeric), 1e-6)

    for each in layer.walk():
        each.dtype = np.dtype(complex)
        each.p = {name: W.astype(complex) for name, W in each.p.items()}
    X = X.astype(complex)
    for dx, x in zip(found, [X, *parameters(layer)], strict=True):
        places = drawn(x, 16)
        numeric = complex_step(loss, x, places)
        assert_close(at(places, dx), at(places, numeric), 1e-12)


# Activations, and the chain rule through them

@pytest.mark.parametrize('name', activations)
def test_derivatives_of_activations(name):
    f, z = activations[name], np.random.default_rng(0).normal(0, 2, (1, 7))
    derivative = f(z, deriv=True)
    if derivative.ndim == 2:                            # element by element
        derivative = derivative[..., np.newaxis] * np.eye(7)
    z_complex = z.astype(complex)
    for i in range(7):
        by_differences = central(lambda: f(z)[0, i], z)                             # noqa: B023
        by_complex_step = complex_step(lambda: f(z_complex)[0, i], z_complex)       # noqa: B023
        assert_close(derivative[0, i], by_differences[0], 1e-6)
        assert_close(derivative[0, i], by_complex_step[0], 1e-12)


@pytest.mark.parametrize('name', activations)
@pytest.mark.parametrize('dtype', ['float64', 'float32'])
def test_a_derivative_is_the_same_with_the_value_known(name, dtype):
    layer = Dense(3, name, se_hPars=SHAPES)
    Z = np.array([[-1e4, -800, -3], [0, 1e-8, 0.5], [2, 90, 1e4]], dtype)
    derivative = layer.derivative('activate', Z, layer.activate(Z))
    assert derivative.dtype == dtype
    np.testing.assert_array_equal(derivative, layer.activate(Z, deriv=True))


def swap_and_square(x, deriv=False):
    """(a, b, c) to (b, a c, c): each output depends on other inputs than its own."""
    a, b, c = x[..., 0], x[..., 1], x[..., 2]
    if not deriv:
        return np.stack([b, a * c, c], axis=-1)
    zero, one = np.zeros_like(a), np.ones_like(a)
    rows = [[zero, one, zero], [c, zero, a], [zero, zero, one]]         # output i, input j
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


JACOBIANS = {'softmax': ('softmax', {}), 'softmax, T of the layer': ('softmax', SHAPES),
             'softmax, T filled in': (partial(softmax, softmax_temperature=0.3), {}),
             'of a user': (swap_and_square, {}), 'tanh': ('tanh', {}), 'lrelu': ('lrelu', SHAPES)}


@pytest.mark.parametrize('name', JACOBIANS)
@pytest.mark.parametrize('shape', [(4, 3), (2, 5, 3)], ids=['samples', 'sequences'])
def test_the_chain_rule_is_a_product_with_the_jacobian(name, shape):
    function, hyperparameters = JACOBIANS[name]
    layer, rng = Dense(3, function, se_hPars=hyperparameters), np.random.default_rng(0)
    Z, dA = rng.standard_normal(shape), rng.standard_normal(shape)
    A = layer.activate(Z)
    dZ = layer.chain('activate', dA, Z, A)
    for place in np.ndindex(shape[:-1]):                # one vector of outputs after the other
        z = Z[place].astype(complex)
        jacobian = np.array([complex_step(lambda: layer.activate(z)[i], z)          # noqa: B023
                             for i in range(3)])        # dA_i / dZ_j
        np.testing.assert_allclose(dZ[place], dA[place] @ jacobian, rtol=1e-12, atol=1e-14)


def test_a_layer_with_an_activation_of_ones_own_is_checked_numerically():
    X = np.random.default_rng(0).standard_normal((5, 4))
    assert gradcheck(Dense(3, swap_and_square), X).error < 1e-12


# Losses

@pytest.mark.parametrize('outputs', [1, 4])
@pytest.mark.parametrize('name', losses)
def test_derivatives_of_losses(name, outputs):
    rng, loss = np.random.default_rng(0), losses[name]
    Y, A = rng.integers(0, 2, (6, outputs)).astype(float), rng.uniform(0.05, 0.95, (6, outputs))
    derivative, A_complex = loss(Y, A, deriv=True), A.astype(complex)
    assert_close(derivative, central(lambda: loss(Y, A).sum(), A), 1e-6)
    assert_close(derivative, complex_step(lambda: loss(Y, A_complex).sum(), A_complex), 1e-12)


# The check that comes with the library: does it find what is wrong, and only that?

@all_layers
@pytest.mark.parametrize('method, tolerance', [('complex', 1e-12), ('central', 1e-6)])
def test_gradcheck_passes_layers_that_are_right_and_leaves_them_as_they_were(case, method,
                                                                             tolerance):
    layer = case.layer()
    before = [W.copy() for W in parameters(layer)]
    state = layer.rng.bit_generator.state, layer.training, layer.clip_gradients, dict(layer.fc)
    check = gradcheck(layer, case.X(), method=method)
    assert check.error < tolerance
    assert [row['name'].split(': ')[-1] for row in check.rows] \
        == ['X', *(name for each in layer.walk() for name in each.p)]
    assert state == (layer.rng.bit_generator.state, layer.training, layer.clip_gradients, layer.fc)
    for W, kept in zip(parameters(layer), before, strict=True):
        np.testing.assert_array_equal(W, kept)


@pytest.mark.parametrize('method', ['complex', 'central'])
@layers_that_learn
def test_gradcheck_finds_an_error_and_where_it_is(case, method, monkeypatch):
    layer = case.layer()
    name, W = next(iter(layer.p.items()))
    place = (1, *[0] * (W.ndim - 1))
    right = case.kind.compute_gradients

    def wrong(layer):
        right(layer)
        layer.g[f'd{name}'][place] += 0.01

    monkeypatch.setattr(case.kind, 'compute_gradients', wrong)
    check = gradcheck(layer, case.X(), method=method)
    [row] = [row for row in check.rows if row['error'] > 1e-6]
    assert row['name'] == name and row['index'] == place
    assert row['analytic'] == pytest.approx(row['numeric'] + 0.01)
    assert check.error == row['error']
    assert name in str(check) and '<table' in check._repr_html_()


@all_layers
def test_gradcheck_finds_an_error_in_the_gradient_with_respect_to_the_input(case, monkeypatch):
    right = case.kind.backward_pass
    monkeypatch.setattr(case.kind, 'backward_pass', lambda layer, dA: 1.001 * right(layer, dA))
    check = gradcheck(case.layer(), case.X())
    assert [row['name'] for row in check.rows if row['error'] > 1e-12] == ['X']


def test_gradcheck_of_clipped_gradients_is_that_of_the_loss():
    case = next(case for case in PLAIN if case.kind is layers['GRU'])
    layer = layers['GRU'](2, clip_gradients=True)
    assert gradcheck(layer, 4 * case.X()).error < 1e-12 and layer.clip_gradients


@pytest.mark.parametrize('kind', NETWORKS)
def test_gradcheck_passes_networks_that_are_right(kind):
    model = network(kind, seed=1, loss='CCE')
    X, y = samples(6)
    check = gradcheck(model, X, np.eye(2)[y])
    assert check.error < 1e-11
    assert len(check.rows) == 1 + sum(len(layer.p) for layer in model.layers)


def test_gradcheck_finds_an_error_in_a_loss(monkeypatch):
    model, (X, y), right = network('dense', seed=1), samples(6), losses['MSE']
    monkeypatch.setitem(losses, 'MSE', lambda Y, A, deriv=False: right(Y, A, deriv) * (1 + deriv))
    assert gradcheck(model, X, np.eye(2)[y]).error == pytest.approx(0.5)


@pytest.mark.parametrize('arguments, message', [
    ({'method': 'newton'}, "complex or central, got 'newton'"),
    ({'most': 0}, 'most to be an integer of 1 or more, got 0'),
], ids=['method', 'most'])
def test_gradcheck_explains_what_it_takes(arguments, message):
    with pytest.raises(ValueError, match=message):
        gradcheck(Dense(), np.ones((2, 3)), **arguments)


def test_gradcheck_by_itself_checks_every_layer_with_every_argument():
    tried = {}
    for layer, _, _ in cases():
        kind, default = type(layer), inspect.signature(type(layer)).parameters
        changed = tried.setdefault(kind.__name__, set())
        changed.update(name for name, value in layer.arguments().items()
                       if value != default[name].default)
    assert tried.keys() == layers.keys()
    for name, kind in layers.items():
        # A clipped gradient is no derivative; the others change where it is taken, not what it is
        known = {*inspect.signature(kind).parameters} - {'clip_gradients', 'initialization',
                                                         'se_hPars'}
        assert name == 'Embedding' or known <= tried[name], name


@pytest.mark.parametrize('error, verdict', [(0, 'right'), (1e-9, 'WRONG')])
def test_gradcheck_by_itself_prints_one_table_and_a_verdict(error, verdict, monkeypatch, capsys):
    right = Dense.backward_pass
    monkeypatch.setattr(Dense, 'backward_pass', lambda layer, dA: (1 + error) * right(layer, dA))
    X = np.random.default_rng(0).standard_normal((2, 7, 6, 2))
    monkeypatch.setattr(gradcheck_module, 'cases', lambda: iter(
        [(Dense(3), X[0, 0], None), (Convolution(2), X, None)]))
    assert gradcheck_module.main() == (error > 0)
    printed = capsys.readouterr().out
    assert verdict in printed and '2 checks' in printed and 'Convolution(2)' in printed


@pytest.mark.slow
def test_gradcheck_by_itself_finds_this_library_right(capsys):
    assert gradcheck_module.main() == 0
    assert 'right' in capsys.readouterr().out
