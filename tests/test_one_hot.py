"""One-hot data stay small, and whoever looks sees the arrays that they stand for."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epynn import Dense, Flatten, sigmoid
from epynn.commons.maths import weight_gradient
from epynn.speed.one_hot import BLOCK, FactoredGradient, OneHot, gradient_norm

CLOSE = {'rtol': 1e-14, 'atol': 1e-15}


def symbols(*shape, size, seed=0):
    """Symbols from 0 to size; the last, which is padding, stands for a vector of zeros."""
    return np.random.default_rng(seed).integers(0, size + 1, shape)


def factored(m=4, s=7, size=5, u=3):
    """A gradient as its factors, and as an array, (35, 3)."""
    X = OneHot(symbols(m, s, size=size), size).reshape(m, -1)
    dZ = np.random.default_rng(1).standard_normal((m, u))
    return FactoredGradient(X, dZ), np.asarray(X, dtype=float).T @ dZ


@given(m=st.integers(1, 4), s=st.integers(1, 6), size=st.integers(1, 5), u=st.integers(1, 3),
       flat=st.booleans())
def test_products_are_those_of_the_vectors(m, s, size, u, flat):
    X, rng = OneHot(symbols(m, s, size=size), size), np.random.default_rng(1)
    vectors = np.asarray(X, dtype=float)
    if flat:
        X, vectors = X.reshape(m, -1), vectors.reshape(m, -1)
    W, dZ = rng.standard_normal((X.shape[-1], u)), rng.standard_normal((*X.shape[:-1], u))
    assert X.shape == vectors.shape and X.ndim == vectors.ndim and len(X) == m
    np.testing.assert_array_equal(np.asarray(X), vectors)
    np.testing.assert_allclose(X @ W, vectors @ W, rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(np.asarray(weight_gradient(X, dZ)), weight_gradient(vectors, dZ),
                               rtol=1e-13, atol=1e-14)


def test_samples_are_picked_as_from_an_array():
    X = OneHot(symbols(5, 3, size=4), 4)
    for rows in (slice(1, 4), [3, 0], slice(None, None, 2)):
        np.testing.assert_array_equal(np.asarray(X[rows]), np.asarray(X)[rows])


def test_only_a_sample_in_a_row_is_a_shape_it_can_take():
    with pytest.raises(ValueError, match=r'new shape \(4, -1\), got \(28, 5\)'):
        OneHot(symbols(4, 7, size=5), 5).reshape(28, 5)


def test_flattened_data_of_many_blocks_are_multiplied_the_same_each_time():
    X = OneHot(symbols(4, 30_000, size=4), 4).reshape(4, -1)
    assert X.symbols.size > 3 * BLOCK
    W = np.random.default_rng(0).standard_normal((120_000, 3))
    Z = X @ W
    np.testing.assert_allclose(Z, np.asarray(X, dtype=float) @ W, rtol=1e-12, atol=1e-10)
    assert all(np.array_equal(X @ W, Z) for _ in range(10))     # whichever thread is first


# Gradients in factors

@pytest.mark.parametrize('rows', [slice(None), slice(0, 5), slice(3, 22), slice(34, 35),
                                  slice(None, None, 4), slice(-6, None), slice(9, 2),
                                  slice(None, None, -1), slice(30, 3, -2), 3, [1, 20]], ids=str)
def test_rows_of_a_gradient_are_those_of_the_array(rows):
    gradient, expected = factored()
    assert gradient.shape == expected.shape and len(gradient) == 35 and gradient.size == 105
    np.testing.assert_allclose(np.asarray(gradient[rows]), expected[rows], **CLOSE)


@given(bounds=st.lists(st.tuples(st.integers(0, 6), st.integers(-4, 40)), min_size=2, max_size=4),
       factors=st.lists(st.floats(-3, 3), max_size=3))
def test_slices_of_slices_and_multiples_are_factors_still(bounds, factors):
    gradient, expected = factored()
    for start, stop in bounds:
        gradient, expected = gradient[start:stop], expected[start:stop]
    for number in factors:
        gradient, expected = number * gradient, number * expected
    assert isinstance(gradient, FactoredGradient)
    assert gradient.shape == expected.shape and gradient.dtype == expected.dtype
    np.testing.assert_allclose(np.asarray(gradient), expected, rtol=1e-13, atol=1e-14)
    assert gradient_norm(gradient) == pytest.approx(np.linalg.norm(expected), rel=1e-13, abs=1e-14)


@pytest.mark.parametrize('first, second', [
    (slice(5, 30), slice(3, 20)), (slice(5, 30), slice(-4, None)), (slice(5, 9), slice(2, 40)),
    (slice(2, 30), slice(1, 20, 4)), (slice(1, 30, 3), slice(2, 7))], ids=str)
def test_a_slice_of_a_slice_counts_from_where_it_begins(first, second):
    gradient, expected = factored()
    np.testing.assert_allclose(np.asarray(gradient[first][second]), expected[first][second],
                               **CLOSE)


@pytest.mark.parametrize('look', [
    np.asarray, np.abs, np.linalg.norm, np.max, lambda g: g.max(), lambda g: 2 * g + g,
    lambda g: g * 2, lambda g: g / 2, lambda g: -g, lambda g: g * g, lambda g: g**2,
    lambda g: (g**2).sum(), lambda g: g.copy(), lambda g: np.sum(g, axis=0), lambda g: g.T @ g,
    lambda g: g * np.ones(3), lambda g: np.multiply(g, 2, out=np.empty((35, 3))),
], ids=lambda look: None)
def test_a_gradient_is_an_array_to_whoever_looks(look):
    gradient, expected = factored()
    np.testing.assert_allclose(np.asarray(look(gradient)), look(expected), **CLOSE)


def test_arithmetic_in_place_changes_the_array_or_the_gradient():
    (gradient, expected), W = factored(), np.ones((35, 3))
    W -= 0.5 * gradient
    np.testing.assert_allclose(W, 1 - 0.5 * expected, **CLOSE)
    gradient *= 2
    np.testing.assert_allclose(np.asarray(gradient), 2 * expected, **CLOSE)


def test_the_norm_of_a_gradient_counts_what_is_not_a_number():
    gradient, expected = factored()
    assert gradient_norm(gradient) == pytest.approx(np.linalg.norm(expected), rel=1e-14)
    assert gradient_norm(expected) == pytest.approx(np.linalg.norm(expected), rel=1e-15)
    assert np.isnan(gradient_norm(gradient * np.nan))


def test_a_gradient_has_no_attribute_that_arrays_do_not_have():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        factored()[0].nothing                                                   # noqa: B018


# All of it in a network

def test_large_weights_and_long_one_hot_rows_are_worked_through_to_the_end():
    one_hot = OneHot(symbols(3, 1001, size=8), 8)
    X = np.asarray(one_hot, dtype=np.float64).reshape(3, -1)
    flat, dense = Flatten(), Dense(40).build(one_hot.reshape(3, -1), seed=0)
    before = dense.p['W'].copy()
    A = dense.forward(flat.forward(one_hot))
    np.testing.assert_allclose(A, sigmoid(X @ dense.p['W'] + dense.p['b']), rtol=1e-12)
    dense.needs_dX = False
    dense.backward(A)
    assert isinstance(dense.g['dW'], FactoredGradient)
    expected = X.T @ dense.bc['dZ']
    np.testing.assert_allclose(np.asarray(dense.g['dW']), expected, rtol=1e-12, atol=1e-15)
    assert dense.gradient_norm() == pytest.approx(
        np.sqrt((expected**2).sum() + (dense.g['db']**2).sum()), rel=1e-13)
    dense.update_parameters(0.5)
    np.testing.assert_allclose(dense.p['W'], before - 0.5 * expected, rtol=1e-12, atol=1e-15)
