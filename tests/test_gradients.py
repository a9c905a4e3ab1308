"""The gradients are those of the function computed: by finite differences and by complex step.

Central differences need nothing of the function, and have an error of about 1e-9. The complex
step, Im f(x + ih) / h, has no difference in it that could cancel: it is exact to rounding
(Squire & Trapp, 1998; Martins et al., 2003).
"""
import numpy as np
import pytest
from layers import PLAIN, all_cases, all_layers, forward
from networks import NETWORKS, network, samples

from epynn import gradcheck as gradcheck_module
from epynn.commons.loss import losses
from epynn.commons.maths import activations
from epynn.gradcheck import gradcheck


def central(f, x, step=1e-5):
    """Derivative of the number f() by each element of x, which f reads."""
    slopes = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        here = x[i]
        x[i] = here + step
        above = f()
        x[i] = here - step
        slopes[i] = (above - f()) / (2 * step)
        x[i] = here
    return slopes


def complex_step(f, x, step=1e-30):
    """Derivative of the number f() by each element of x, which is complex and which f reads."""
    slopes = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        here = x[i]
        x[i] = here + 1j * step
        slopes[i] = f().imag / step
        x[i] = here
    return slopes


def assert_close(found, expected, tolerance):
    """Elements agree, relative to the largest of them."""
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= tolerance * max(np.abs(expected).max(), 1e-3)


def gradients(case):
    """The layer, its input, and the gradients of a weighted sum of its outputs."""
    layer, X = case.layer(), case.X()
    layer.clip_gradients = False
    A = forward(layer, X, case.steps())
    weights = np.random.default_rng(3).standard_normal(A.shape)
    dX = layer.backward(weights.copy())
    return layer, X, weights, {'X': dX, **{k: layer.g[f'd{k}'].copy() for k in layer.p}}


@all_cases
def test_gradients_of_layers_by_central_differences(case):
    layer, X, weights, found = gradients(case)

    def f():
        return (forward(layer, X, case.steps()) * weights).sum()

    for name, x in {'X': X, **layer.p}.items():
        assert_close(found[name], central(f, x), 1e-6)


@all_cases
def test_gradients_of_layers_by_complex_step(case):
    layer, X, weights, found = gradients(case)
    layer.dtype = np.dtype(complex)
    layer.p = {name: W.astype(complex) for name, W in layer.p.items()}
    X = X.astype(complex)

    def f():
        return (forward(layer, X, case.steps()) * weights).sum()

    for name, x in {'X': X, **layer.p}.items():
        assert_close(found[name], complex_step(f, x), 1e-12)


@pytest.mark.parametrize('name', activations)
def test_slopes_of_activations(name):
    f, z = activations[name], np.random.default_rng(0).normal(0, 2, (1, 7))
    slope = f(z, deriv=True)
    if slope.ndim == 2:                                 # element by element
        slope = slope[..., np.newaxis] * np.eye(7)
    z_complex = z.astype(complex)
    for i in range(7):
        assert_close(slope[0, i], central(lambda: f(z)[0, i], z)[0], 1e-6)      # noqa: B023
        assert_close(slope[0, i], complex_step(lambda: f(z_complex)[0, i], z_complex)[0],  # noqa: B023
                     1e-12)


@pytest.mark.parametrize('outputs', [1, 4])
@pytest.mark.parametrize('name', losses)
def test_slopes_of_losses(name, outputs):
    rng, loss = np.random.default_rng(0), losses[name]
    Y, A = rng.integers(0, 2, (6, outputs)).astype(float), rng.uniform(0.05, 0.95, (6, outputs))
    slope, A_complex = loss(Y, A, deriv=True), A.astype(complex)
    assert_close(slope, central(lambda: loss(Y, A).sum(), A), 1e-6)
    if name != 'MAE':                                   # its absolute value is not analytic
        assert_close(slope, complex_step(lambda: loss(Y, A_complex).sum(), A_complex), 1e-12)


# The check that comes with the library

@all_layers
@pytest.mark.parametrize('method, tolerance', [('complex', 1e-12), ('central', 1e-6)])
def test_gradcheck_finds_layers_right_and_leaves_them_as_they_were(case, method, tolerance):
    layer = case.layer()
    before = {name: W.copy() for name, W in layer.p.items()}
    state = layer.rng.bit_generator.state, layer.training, layer.clip_gradients, dict(layer.fc)
    check = gradcheck(layer, case.X(), method=method)
    assert check.error < tolerance
    assert [row['name'] for row in check.rows] == ['X', *layer.p]
    assert state == (layer.rng.bit_generator.state, layer.training, layer.clip_gradients, layer.fc)
    for name, W in before.items():
        np.testing.assert_array_equal(layer.p[name], W)


@pytest.mark.parametrize('kind', NETWORKS)
def test_gradcheck_finds_networks_right(kind):
    model = network(kind, seed=1, loss='CCE')
    X, y = samples(6)
    assert gradcheck(model, X, np.eye(2)[y]).error < 1e-11


@pytest.mark.parametrize('case', [case for case in PLAIN if case.layer().p], ids=str)
def test_gradcheck_finds_an_error_and_where_it_is(case):
    layer = case.layer()
    name, W = list(layer.p.items())[0]
    place = (1, *[0] * (W.ndim - 1))
    compute_gradients = layer.compute_gradients

    def wrong():
        compute_gradients()
        layer.g[f'd{name}'][place] += 0.01

    layer.compute_gradients = wrong
    check = gradcheck(layer, case.X())
    [row] = [row for row in check.rows if row['error'] > 1e-12]
    assert row['name'] == name and row['index'] == place
    assert row['analytic'] == pytest.approx(row['numeric'] + 0.01)
    assert name in str(check) and '<table' in check._repr_html_()


def test_gradcheck_of_every_layer_prints_one_table(capsys):
    assert gradcheck_module.main() == 0
    assert 'right' in capsys.readouterr().out
