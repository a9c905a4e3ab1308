"""Convolution and Pooling do what their equations say, position by position."""
from itertools import product

import numpy as np
import pytest

from epynn import Convolution, Dense, Embedding, EpyNN, Flatten, Pooling, read_model
from epynn.gradcheck import gradcheck

IMAGES = np.random.default_rng(0).standard_normal((2, 7, 6, 2))


def built(layer, X=IMAGES):
    """The layer with parameters for X, its biases not zero."""
    layer.build(X, seed=0)
    if 'b' in layer.p:
        layer.p['b'] += np.arange(1, 1 + len(layer.p['b'])) / 10
    return layer


# Naive twins: plain loops, straight from the equations

def naive_convolution(X, W, b, strides, padding, dZ):
    """Z, and the gradients with respect to X, W and b, one position at a time."""
    (sh, sw), (ph, pw) = strides, padding
    fh, fw, _, u = W.shape
    m, h, w, d = X.shape
    oh, ow = (h + 2 * ph - fh) // sh + 1, (w + 2 * pw - fw) // sw + 1
    Xp = np.zeros((m, h + 2 * ph, w + 2 * pw, d))
    Xp[:, ph:ph + h, pw:pw + w] = X
    Z, dXp, dW = np.zeros((m, oh, ow, u)), np.zeros_like(Xp), np.zeros_like(W)
    for y, x in product(range(oh), range(ow)):
        patch = np.s_[:, y * sh:y * sh + fh, x * sw:x * sw + fw]
        Z[:, y, x] = np.tensordot(Xp[patch], W, axes=3) + b
        dW += np.tensordot(Xp[patch], dZ[:, y, x], axes=(0, 0))
        dXp[patch] += np.tensordot(dZ[:, y, x], W, axes=(1, 3))
    return Z, dXp[:, ph:ph + h, pw:pw + w], dW, dZ.sum(axis=(0, 1, 2))


def naive_pooling(X, window, strides, pool, dA):
    """A, and the gradient with respect to X, one window of one sample at a time."""
    (ph, pw), (sh, sw) = window, strides
    m, h, w, d = X.shape
    oh, ow = (h - ph) // sh + 1, (w - pw) // sw + 1
    A, dX = np.zeros((m, oh, ow, d)), np.zeros_like(X)
    for n, y, x, c in np.ndindex(m, oh, ow, d):
        places = list(product(range(y * sh, y * sh + ph), range(x * sw, x * sw + pw)))
        values = [X[n, i, j, c] for i, j in places]
        A[n, y, x, c] = {'max': max, 'min': min, 'mean': np.mean}[pool](values)
        if pool == 'mean':
            for i, j in places:
                dX[n, i, j, c] += dA[n, y, x, c] / len(places)
        else:
            i, j = places[values.index(A[n, y, x, c])]          # the first of equal ones
            dX[n, i, j, c] += dA[n, y, x, c]
    return A, dX


# The layers

@pytest.mark.parametrize('padding', [0, 1, (2, 1)], ids=str)
@pytest.mark.parametrize('strides', [None, 1, (1, 3)], ids=str)
@pytest.mark.parametrize('size', [1, 2, (3, 2), (1, 4), (7, 6)], ids=str)
@pytest.mark.parametrize('use_bias', [True, False])
def test_a_convolution_is_its_equation(size, strides, padding, use_bias):
    layer = built(Convolution(3, size, strides, padding, 'tanh', use_bias=use_bias))
    A = layer.forward(IMAGES)
    dA = np.random.default_rng(1).standard_normal(A.shape)
    dX = layer.backward(dA)
    Z, expected_dX, dW, db = naive_convolution(
        IMAGES, layer.p['W'], layer.p.get('b', np.zeros(3)), layer.strides or layer.filter_size,
        layer.padding, dZ=dA * (1 - A**2))
    np.testing.assert_allclose(A, np.tanh(Z), rtol=0, atol=1e-14)
    np.testing.assert_allclose(dX, expected_dX, rtol=0, atol=1e-13)
    np.testing.assert_allclose(layer.g['dW'], dW, rtol=0, atol=1e-13)
    assert ('b' in layer.p) == ('db' in layer.g) == use_bias
    if use_bias:
        np.testing.assert_allclose(layer.g['db'], db, rtol=0, atol=1e-13)


@pytest.mark.parametrize('pool', ['max', 'min', 'mean'])
@pytest.mark.parametrize('strides', [None, 1, (1, 3), (3, 1), (4, 4)], ids=str)
@pytest.mark.parametrize('size', [1, 2, (3, 2), (2, 3), (7, 6)], ids=str)
def test_pooling_is_its_equation_and_a_tie_goes_to_the_first(size, strides, pool):
    X = np.random.default_rng(2).integers(0, 3, IMAGES.shape).astype(float)     # full of ties
    layer = Pooling(size, strides, pool)
    A = layer.forward(X)
    dA = np.random.default_rng(1).standard_normal(A.shape)
    expected, dX = naive_pooling(X, layer.pool_size, layer.strides or layer.pool_size, pool, dA)
    np.testing.assert_allclose(A, expected, rtol=0, atol=1e-15)
    np.testing.assert_allclose(layer.backward(dA), dX, rtol=0, atol=1e-14)


@pytest.mark.parametrize('name, function', [('max', np.max), ('min', np.min), ('mean', np.mean)])
def test_pool_is_a_function_or_its_name(name, function):
    assert Pooling(pool=name).pool == Pooling(pool=function).pool == name


@pytest.mark.parametrize('strides', [None, 1, (1, 3)], ids=str)
@pytest.mark.parametrize('pool', [np.median, np.std, np.ptp, lambda x, axis: (x**3).sum(axis)],
                         ids=['median', 'deviation', 'range', 'own'])
def test_another_function_may_pool(pool, strides):
    layer = Pooling((2, 3), strides, pool)
    A = layer.forward(IMAGES)
    (h, w), (sh, sw) = layer.pool_size, layer.steps
    for y, x in np.ndindex(A.shape[1:3]):
        window = IMAGES[:, y * sh:y * sh + h, x * sw:x * sw + w]
        np.testing.assert_allclose(A[:, y, x], pool(window.reshape(2, -1, 2), axis=1), atol=1e-15)
    assert gradcheck(layer, IMAGES, method='central').error < 1e-6


def test_a_function_that_pools_is_written_by_its_name():
    X, y = np.random.default_rng(0).random((12, 4, 4, 1)), np.arange(12) % 2
    model = EpyNN([Embedding(X, y), Pooling(2, pool=np.median), Flatten(), Dense()])
    model.initialize(seed=1, verbose=False)
    model.train(2, verbose=0)
    again = read_model(model.write('model.npz'), custom_objects={'median': np.median})
    np.testing.assert_array_equal(again.predict(X).A, model.predict(X).A)


def test_a_convolution_takes_images_of_any_size_at_prediction():
    layer, larger = built(Convolution(2, 3, strides=1)), np.tile(IMAGES, (1, 2, 2, 1))
    A = layer.forward(larger)
    assert A.shape == (2, 12, 10, 2)
    np.testing.assert_allclose(A[:, :5, :4], layer.forward(larger[:, :7, :6]), rtol=0, atol=1e-14)


@pytest.mark.parametrize('image', [(3, 4), (4, 3), (2, 2)], ids=str)
@pytest.mark.parametrize('kind, options', [(Convolution, {'filter_size': 4}),
                                           (Pooling, {'pool_size': 4})],
                         ids=['Convolution', 'Pooling'])
def test_a_window_larger_than_the_image_is_explained(kind, options, image):
    X = np.ones((2, *image, 1))
    layer = built(kind(**options), X)
    with pytest.raises(ValueError, match=rf'4 x 4 or more.*got {image[0]} x {image[1]}'):
        layer.forward(X)


def test_zero_padding_makes_the_image_large_enough():
    X = np.ones((2, 2, 3, 1))
    layer = built(Convolution(1, 4, strides=1, padding=1, activate='identity'), X)
    A = layer.forward(X)
    assert A.shape == (2, 1, 2, 1)
    covered = layer.p['W'][1:3, 1:4].sum(), layer.p['W'][1:3, :3].sum()
    np.testing.assert_allclose(A[0, 0, :, 0] - layer.p['b'][0], covered, rtol=0, atol=1e-15)
