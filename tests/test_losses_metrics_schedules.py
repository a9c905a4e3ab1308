"""Losses, metrics, schedules, activations, initial weights, gradients of parameters and clipping:
examples by hand, and extremes."""
import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from epynn.commons.loss import BCE, CCE, MAE, MSE, MSLE, Huber, losses
from epynn.commons.maths import (
    activations,
    bias_gradient,
    clip_gradient,
    elu,
    identity,
    lrelu,
    orthogonal,
    relu,
    sigmoid,
    softmax,
    tanh,
    weight_gradient,
    xavier,
)
from epynn.commons.metrics import (
    NPV,
    accuracy,
    fscore,
    macro_fscore,
    macro_precision,
    macro_recall,
    metrics,
    precision,
    recall,
    specificity,
)
from epynn.commons.schedule import exp_decay, lin_decay, steady
from epynn.settings import se_hPars

precisions = pytest.mark.parametrize('dtype', [np.float32, np.float64])


# Losses: two samples of two outputs

Y = np.array([[1.0, 0.0], [0.0, 1.0]])
A = np.array([[0.8, 0.2], [0.4, 0.6]])
ln = math.log


@pytest.mark.parametrize('loss, values, derivatives', [
    (MSE,
     [0.04,                             # (0.2^2 + 0.2^2) / 2
      0.16],                            # (0.4^2 + 0.4^2) / 2
     [[-0.2, 0.2],                      # 2 (A - Y) / 2
      [0.4, -0.4]]),
    (MAE,
     [0.2, 0.4],                        # (0.2 + 0.2) / 2, (0.4 + 0.4) / 2
     [[-0.5, 0.5], [0.5, -0.5]]),       # sign(A - Y) / 2
    (Huber,
     [0.02, 0.08],                      # half the squared error, as all are closer than 1
     [[-0.1, 0.1], [0.2, -0.2]]),       # (A - Y) / 2
    (MSLE,
     [(ln(1.8 / 2)**2 + ln(1.2)**2) / 2,
      (ln(1.4)**2 + ln(1.6 / 2)**2) / 2],
     [[ln(0.9) / 1.8, ln(1.2) / 1.2],   # 2 ln((1 + A) / (1 + Y)) / (1 + A) / 2
      [ln(1.4) / 1.4, ln(0.8) / 1.6]]),
    (BCE,
     [-(ln(0.8) + ln(0.8)) / 2,         # (-ln 0.8 - ln(1 - 0.2)) / 2
      -(ln(0.6) + ln(0.6)) / 2],
     [[-0.625, 0.625],                  # (A - Y) / (A (1 - A)) / 2 = -0.2 / 0.16 / 2
      [0.4 / 0.24 / 2, -0.4 / 0.24 / 2]]),
    (CCE,
     [-ln(0.8), -ln(0.6)],              # summed over the outputs, not their mean
     [[-1.25, 0],                       # -Y / A = -1 / 0.8
      [0, -1 / 0.6]]),
], ids=losses)
def test_losses_by_hand(loss, values, derivatives):
    np.testing.assert_allclose(loss(Y, A), values, rtol=1e-14)
    np.testing.assert_allclose(loss(Y, A, deriv=True), derivatives, rtol=1e-13, atol=1e-16)


@pytest.mark.parametrize('name', losses)
@precisions
def test_losses_of_a_perfect_prediction(name, dtype):
    perfect = Y.astype(dtype)
    value, derivative = losses[name](perfect, perfect), losses[name](perfect, perfect, deriv=True)
    assert value.dtype == derivative.dtype == dtype
    np.testing.assert_array_equal(value, 0)
    assert np.isfinite(derivative).all()


@pytest.mark.parametrize('name', losses)
@precisions
def test_losses_of_the_worst_prediction_are_finite(name, dtype):
    Y, A = np.array([[0, 1]], dtype), np.array([[1, 0]], dtype)
    assert np.isfinite(losses[name](Y, A)).all()
    assert np.isfinite(losses[name](Y, A, deriv=True)).all()
    assert losses[name](Y, A)[0] > 0


# Through the last activation, the gradient of cross-entropy is A - Y, at any probability

EXTREMES = [0, 1e-3, -1, 5, -20, 40, -88, 120, -700, 745, -1e4, 1e30]


@precisions
def test_sigmoid_and_BCE_give_A_minus_Y_over_c(dtype):
    z, rtol = np.array([EXTREMES], dtype), 8 * np.finfo(dtype).eps
    A = sigmoid(z)
    assert {0.0, 1.0} <= set(A[0].tolist())
    for Y in (np.zeros_like(z), np.ones_like(z)):
        dZ = BCE(Y, A, deriv=True) * sigmoid(z, deriv=True)
        np.testing.assert_allclose(dZ, (A - Y) / z.size, rtol=rtol, atol=np.finfo(dtype).tiny)


@pytest.mark.parametrize('temperature', [1, 2.5, 0.1])
@precisions
def test_softmax_and_CCE_give_A_minus_Y_over_T(dtype, temperature):
    for z in ([0, 0, 0], [1, 2, -3], [0, 50, 100], [0, 1000, -1000], [1e30, 0, -1e30]):
        z = np.array([z], dtype)
        A = softmax(z, softmax_temperature=temperature)
        derivative = softmax(z, deriv=True, softmax_temperature=temperature)
        for Y in np.eye(3, dtype=dtype)[:, np.newaxis]:
            dZ = CCE(Y, A, deriv=True) @ derivative[0]
            np.testing.assert_allclose(dZ, (A - Y) / temperature, atol=8 * np.finfo(dtype).eps
                                       / min(temperature, 1))


# Activations

@pytest.mark.parametrize('f, x, values, derivatives', [
    (identity, [-2, 3], [-2, 3], [1, 1]),
    (relu, [-2, 0, 3], [0, 0, 3], [0, 0, 1]),
    (lrelu, [-2, 3], [-0.6, 3], [0.3, 1]),                  # alpha 0.3
    (elu, [-1, 3], [math.exp(-1) - 1, 3], [math.exp(-1), 1]),
    (sigmoid, [0, ln(3)], [0.5, 0.75], [0.25, 0.1875]),     # 1 / (1 + 1/3), 3/4 * 1/4
    (tanh, [0, ln(2)], [0, 0.6], [1, 0.64]),                # (2 - 1/2) / (2 + 1/2), 1 - 0.36
], ids=lambda f: getattr(f, '__name__', None))
def test_activations_by_hand(f, x, values, derivatives):
    x = np.array(x, float)
    np.testing.assert_allclose(f(x), values, rtol=1e-14)
    np.testing.assert_allclose(f(x, deriv=True), derivatives, rtol=1e-14)


def test_softmax_by_hand():
    x = np.array([[0, ln(3)]])                              # 1 and 3 of 4
    np.testing.assert_allclose(softmax(x), [[0.25, 0.75]], rtol=1e-14)
    np.testing.assert_allclose(softmax(x, deriv=True)[0],
                               [[0.1875, -0.1875], [-0.1875, 0.1875]], rtol=1e-13)
    np.testing.assert_allclose(softmax(2 * x, softmax_temperature=2), [[0.25, 0.75]], rtol=1e-14)
    np.testing.assert_allclose(softmax(2 * x, deriv=True, softmax_temperature=2)[0, 0],
                               [0.1875 / 2, -0.1875 / 2], rtol=1e-13)


def test_alphas():
    x = np.array([-1.0, 2.0])
    np.testing.assert_allclose(lrelu(x, LRELU_alpha=0.1), [-0.1, 2])
    np.testing.assert_allclose(elu(x, ELU_alpha=2), [2 * math.exp(-1) - 2, 2])
    np.testing.assert_allclose(elu(x, deriv=True, ELU_alpha=2), [2 * math.exp(-1), 1])


@pytest.mark.parametrize('name', activations)
@precisions
@given(data=st.data())
def test_activations_are_finite_for_all_finite_floats(name, dtype, data):
    z = data.draw(arrays(dtype, array_shapes(min_dims=2, max_dims=2, max_side=5),
                         elements=st.floats(allow_nan=False, allow_infinity=False,
                                            width=np.dtype(dtype).itemsize * 8)))
    for array in (activations[name](z), activations[name](z, deriv=True)):
        assert array.dtype == dtype and np.isfinite(array).all()


@pytest.mark.parametrize('name', activations)
@precisions
def test_activations_at_the_ends_of_the_floats(name, dtype):
    info = np.finfo(dtype)
    z = np.array([[info.max, -info.max, info.max, info.tiny, -info.tiny, info.smallest_subnormal,
                   -info.smallest_subnormal, 0.0, -0.0, 0.99 * info.max, 1, -1]], dtype)
    for array in (activations[name](z), activations[name](z, deriv=True)):
        assert array.dtype == dtype and np.isfinite(array).all()


@pytest.mark.parametrize('temperature', [1e-3, 1e3])
def test_softmax_is_finite_at_any_temperature(temperature):
    z = np.array([[1e308, -1e308, 0], [1e-308, 0, -5]])
    A = softmax(z, softmax_temperature=temperature)
    np.testing.assert_allclose(A.sum(axis=1), 1)
    assert np.isfinite(softmax(z, deriv=True, softmax_temperature=temperature)).all()


# Metrics. Label 0 is the positive class:
#   y 0 0 0 1 1 1 1 0 2     P 0 0 1 1 1 0 1 0 1     tp 3  fn 1  tn 4  fp 1

LABELS = np.array([0, 0, 0, 1, 1, 1, 1, 0, 2]), np.array([0, 0, 1, 1, 1, 0, 1, 0, 1])


@pytest.mark.parametrize('metric, value', [
    (accuracy, 6 / 9),          # 3 of label 0, 3 of label 1; for 2 it said 1
    (recall, 3 / 4),            # tp / (tp + fn)
    (precision, 3 / 4),         # tp / (tp + fp)
    (fscore, 6 / 8),            # 2 tp / (2 tp + fp + fn)
    (specificity, 4 / 5),       # tn / (tn + fp)
    (NPV, 4 / 5),               # tn / (tn + fn)
    (macro_recall, (3 / 4 + 3 / 4 + 0) / 3),            # of labels 0, 1 and 2
    (macro_precision, (3 / 4 + 3 / 5 + 0) / 3),         # 2 is never predicted: counts 0
    (macro_fscore, (6 / 8 + 6 / 9 + 0) / 3),
], ids=metrics)
def test_metrics_by_hand(metric, value):
    assert metric(*LABELS) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize('metric, value', [
    (recall, 3 / 4), (precision, 3 / 5), (fscore, 6 / 9), (specificity, 3 / 5), (NPV, 3 / 4),
])
def test_metrics_with_label_1_as_the_positive_class(metric, value):
    # tp 3, fn 1, fp 2 (a 0 and the 2), tn 3
    assert metric(*LABELS, positive=1) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize('metric, y, P', [
    (recall, [1, 1], [0, 1]),           # no positive sample
    (precision, [0, 1], [1, 1]),        # no positive prediction
    (fscore, [1, 1], [1, 1]),           # neither
    (specificity, [0, 0], [0, 1]),      # no negative sample
    (NPV, [0, 1], [0, 0]),              # no negative prediction
    (accuracy, [], []),
])
def test_metrics_are_nan_where_undefined(metric, y, P):
    assert math.isnan(metric(np.array(y), np.array(P)))


# Schedules

@pytest.mark.parametrize('schedule, hPars, epochs, expected', [
    (steady, {}, 3, [0.1, 0.1, 0.1]),
    # k = 5 / c = 5 / 4: exp(0), exp(-1.25), exp(-2.5), exp(-3.75)
    (exp_decay, {}, 4, [0.1, 0.1 * math.exp(-1.25), 0.1 * math.exp(-2.5), 0.1 * math.exp(-3.75)]),
    (exp_decay, {'decay_k': 0.5}, 3, [0.1, 0.1 * math.exp(-0.5), 0.1 * math.exp(-1)]),
    # Cycles of 2 epochs, each starting 0.9 times as high as the one before; k = 5 / 2
    (exp_decay, {'cycle_epochs': 2, 'cycle_descent': 0.1}, 5,
     [0.1, 0.1 * math.exp(-2.5), 0.09, 0.09 * math.exp(-2.5), 0.081]),
    # lr / (1 + 100 k x), with k = 5 / 5: 1, 1/101, 1/201, 1/301, 1/401
    (lin_decay, {}, 5, [0.1, 0.1 / 101, 0.1 / 201, 0.1 / 301, 0.1 / 401]),
    (lin_decay, {'decay_k': 0.01}, 4, [0.1, 0.05, 0.1 / 3, 0.025]),
    (lin_decay, {'learning_rate': 2, 'cycle_epochs': 10}, 2, [2, 2 / 51]),      # k = 5 / 10
])
def test_schedules_by_hand(schedule, hPars, epochs, expected):
    hPars = {**se_hPars, **hPars}
    np.testing.assert_allclose([schedule(x, epochs, hPars) for x in range(epochs)], expected,
                               rtol=1e-14)


# Initial weights

@pytest.mark.parametrize('shape', [(5, 5), (7, 3), (3, 7), (1, 4), (4, 1), (1, 1)])
def test_orthogonal_is_orthogonal(shape):
    W = orthogonal(shape, rng=np.random.default_rng(0))
    assert W.shape == shape
    product = W @ W.T if shape[0] < shape[1] else W.T @ W
    np.testing.assert_allclose(product, np.eye(min(shape)), atol=1e-14)


def test_orthogonal_is_unique():
    """Its signs are such that the diagonal of R, in W R = the normal numbers drawn, is positive."""
    x = np.random.default_rng(0).standard_normal((6, 4))
    assert (np.diag(orthogonal((6, 4), rng=np.random.default_rng(0)).T @ x) > 0).all()
    x = np.random.default_rng(0).standard_normal((4, 6))
    assert (np.diag(orthogonal((4, 6), rng=np.random.default_rng(0)) @ x.T) > 0).all()


@pytest.mark.parametrize('shape', [(200, 300), (3, 3, 40, 50)])
def test_xavier_is_normal_of_variance_2_over_the_sum_of_the_shape(shape):
    W = xavier(shape, rng=np.random.default_rng(0))
    drawn = np.random.default_rng(0).standard_normal(shape)
    np.testing.assert_allclose(W, drawn * math.sqrt(2 / sum(shape)), rtol=1e-14)


# Gradients of parameters: Z = X W + b, for each sample, or for each step of each sample

def test_gradients_of_weights_and_biases_by_hand():
    X, dZ = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[10.0], [100.0]])
    np.testing.assert_array_equal(weight_gradient(X, dZ), [[310], [420]])   # 1 10 + 3 100, ...
    np.testing.assert_array_equal(bias_gradient(dZ), [[110]])


@pytest.mark.parametrize('shape', [(6,), (6, 5), (4, 6, 5)], ids=str)
@pytest.mark.parametrize('e, u', [(3, 2), (1, 1)])
@precisions
def test_gradients_of_weights_and_biases_add_up_over_all_axes_but_the_last(dtype, e, u, shape):
    rng = np.random.default_rng(0)
    X, dZ = (rng.standard_normal((*shape, n)).astype(dtype) for n in (e, u))
    dW, db = np.zeros((e, u)), np.zeros((1, u))
    for place in np.ndindex(shape):
        dW += np.outer(X[place].astype(float), dZ[place])
        db += dZ[place]
    close = {'rtol': 1e-13 if dtype == np.float64 else 1e-4, 'atol': 1e-5 * (dtype != np.float64)}
    for found, expected in ((weight_gradient(X, dZ), dW), (bias_gradient(dZ), db)):
        assert found.shape == expected.shape and found.dtype == dtype
        np.testing.assert_allclose(found, expected, **close)


# Clipping

@pytest.mark.parametrize('scale', [1e-3, 1, 1e12, 1e25])
@precisions
def test_gradients_are_clipped_together_to_a_norm(dtype, scale):
    gradients = {'dU': np.full((2, 2), 3), 'dV': np.full((1, 4), -4)}       # norm sqrt(36 + 64)
    layer = SimpleNamespace(g={k: (scale * g).astype(dtype) for k, g in gradients.items()})
    clip_gradient(layer)
    factor = min(scale, 0.25 / 10)
    for name, g in gradients.items():
        assert layer.g[name].dtype == dtype
        np.testing.assert_allclose(layer.g[name], factor * g, rtol=1e-6)


def test_small_gradients_are_not_clipped():
    layer = SimpleNamespace(g={'dW': np.array([0.0, 0.15]), 'db': np.array([0.2])})  # norm 0.25
    clip_gradient(layer)
    np.testing.assert_array_equal(layer.g['dW'], [0, 0.15])
    clip_gradient(layer, max_norm=0.125)
    np.testing.assert_allclose(layer.g['dW'], [0, 0.075])
    np.testing.assert_allclose(layer.g['db'], [0.1])
