"""How do data become arrays? Samples of any kind, vocabularies, one-hot encoding, scaling."""
from __future__ import annotations

import numbers
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from epynn.commons.checks import finite
from epynn.speed.one_hot import OneHot


def read_samples(X_data: Any, X_encode: bool = False,
                 steps: int = 0) -> tuple[np.ndarray, np.ndarray | None]:
    """Samples as one array, padded at the end where they are sequences of unequal length.

    Parameters
    ----------
    X_data : array_like or sequence of array_like or of str
        m samples of the same number of axes. A string is the sequence of its characters.
    X_encode : bool
        Whether the elements are symbols, to be one-hot encoded.
    steps : int
        Least number of steps to pad to.

    Returns
    -------
    X : numpy.ndarray, shape (m, ...)
    lengths : numpy.ndarray of int, shape (m,), or None
        Steps of each sample, or None where all have the same.

    Raises
    ------
    ValueError
        Without samples, or where they cannot stand in one array.
    """
    if hasattr(X_data, 'toarray'):                      # a sparse matrix of SciPy
        X_data = X_data.toarray()
    ordered = hasattr(X_data, '__array__') or hasattr(X_data, '__getitem__')
    if not (ordered and hasattr(X_data, '__len__')) or isinstance(X_data, (str, bytes, dict)):
        raise ValueError('Embedding expects X_data to be a list or an array of samples, '
                         f'got {type(X_data).__name__}')
    if len(X_data) == 0:
        raise ValueError('Embedding expects at least one sample, got none: X_data is empty')
    if np.ma.is_masked(X_data):
        raise ValueError('Embedding expects all features to be there, got masked ones: drop or '
                         'replace them first, X_data.filled(0) puts zeros there')
    if hasattr(X_data, '__array__'):
        X_data = np.asarray(X_data)
        if X_data.dtype.kind not in 'OU':
            return _pad(_check(X_data, X_encode), None, steps)

    samples = [_as_array(x, i) for i, x in enumerate(X_data)]
    for i, x in enumerate(samples):
        if x.size == 0:
            raise ValueError('Embedding expects sequences of 1 step or more, got none in '
                             f'sample {i}: drop it')
        if x.ndim != samples[0].ndim or x.shape[1:] != samples[0].shape[1:]:
            raise ValueError(
                'Embedding expects samples that differ in their number of steps at most, got '
                f'shape {samples[0].shape} in sample 0 and shape {x.shape} in sample {i}')
        if (x.dtype.kind in 'US') != (samples[0].dtype.kind in 'US'):
            raise ValueError('Embedding expects all samples to be text or all to be numbers, got '
                             f'{samples[0].dtype} in sample 0 and {x.dtype} in sample {i}')
    if samples[0].ndim == 0:
        return _check(np.array(samples), X_encode), None

    lengths = np.array([len(x) for x in samples])
    if (lengths == lengths[0]).all():
        return _pad(_check(np.stack(samples), X_encode), None, steps)
    if samples[0].ndim == 1 and not X_encode:
        short = int(np.argmax(lengths != lengths[0]))
        raise ValueError(
            f'Embedding expects the same number of features in every sample, got {lengths[0]} in '
            f'sample 0 and {lengths[short]} in sample {short}: for sequences of unequal length '
            'give each sample as (steps, elements), such as x[:, np.newaxis], or use X_encode')
    X = np.zeros((len(samples), lengths.max(), *samples[0].shape[1:]),
                 np.result_type(*{x.dtype for x in samples}))
    for row, x in zip(X, samples, strict=True):
        row[:len(x)] = x
    return _pad(_check(X, X_encode), lengths, steps)


def _as_array(x: Any, i: int) -> np.ndarray:
    """Sample i as an array of one type, whatever it came as."""
    try:
        if isinstance(x, str):
            return np.array(list(x))
        x = np.asarray(x)
        if x.dtype == object:
            x = np.array(x.tolist())
    except ValueError:
        raise ValueError(f'Embedding expects numbers or text in regular arrays, got a ragged one '
                         f'in sample {i}: pad it, or cut it into regular ones') from None
    if x.dtype == object:
        odd = next((v for v in x.reshape(-1) if not isinstance(v, (str, numbers.Number))),
                   max(x.reshape(-1), key=str))            # an integer of more than 64 bits
        raise ValueError(f'Embedding expects numbers or text, got {odd!r} in sample {i}: drop or '
                         'replace it first')
    return x


def _check(X: np.ndarray, X_encode: bool) -> np.ndarray:
    if X.size == 0:
        raise ValueError(f'Embedding expects at least one feature, got X_data of shape {X.shape}')
    finite('Embedding', X)
    if not X_encode and X.dtype.kind not in 'biuf':
        raise ValueError(f'Embedding expects numbers, got features of type {X.dtype} such as '
                         f'{X.flat[0].item()!r}: use X_encode=True to one-hot encode them')
    if X.dtype.kind not in 'biufU':
        raise ValueError(f'Embedding expects symbols to be text or numbers, got {X.dtype}: '
                         'X_data.astype(str) makes text of an array')
    return X


def _pad(X: np.ndarray, lengths: np.ndarray | None,
         steps: int) -> tuple[np.ndarray, np.ndarray | None]:
    """More steps at the end, where there are fewer; the lengths then say how many count."""
    if X.ndim < 2 or X.shape[1] >= steps:
        return X, lengths
    if lengths is None:
        lengths = np.full(len(X), X.shape[1])
    return np.pad(X, ((0, 0), (0, steps - X.shape[1]), *[(0, 0)] * (X.ndim - 2))), lengths


def inside(X: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
    """Elements that are not padding, shape (n,)."""
    if lengths is None:
        return X.reshape(-1)
    return X[np.arange(X.shape[1]) < lengths[:, np.newaxis]].reshape(-1)


def vocabulary(X: np.ndarray, lengths: np.ndarray | None = None) -> dict[Any, int]:
    """Index of each distinct element, sorted, ``{element: index}``."""
    return {element: i for i, element in enumerate(np.unique(inside(X, lengths)).tolist())}


def encode(X: np.ndarray, e2i: Mapping[Any, int], lengths: np.ndarray | None = None) -> OneHot:
    """One-hot encoding, shape (m, ..., e).

    Parameters
    ----------
    X : numpy.ndarray, shape (m, ...)
    e2i : dict
        Index of each element, of e.
    lengths : numpy.ndarray of int, shape (m,), optional

    Returns
    -------
    OneHot

    Raises
    ------
    ValueError
        For an element that is not in the vocabulary.
    """
    symbols, unknown = lookup(X, np.array(list(e2i)))
    if lengths is not None:
        padding = np.arange(X.shape[1]) >= lengths[:, np.newaxis]
        symbols[padding], unknown[padding] = len(e2i), False
    if unknown.any():
        where = tuple(int(i) for i in np.argwhere(unknown)[0])
        raise ValueError(
            f'Embedding knows no symbol {X[where].item()!r}, found in sample {where[0]} at '
            f'position {where[1:]}: expected one of {_list(e2i)}, those of the training data')
    return OneHot(symbols, len(e2i))


def lookup(X: np.ndarray, elements: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Position of each entry of X among the elements, and whether it is none of them."""
    n = len(elements)
    kind = np.min_scalar_type(n)
    if X.dtype.kind in 'iu' and elements.dtype.kind in 'iu':
        low, high = int(elements.min()), int(elements.max())
        if high - low < 2**16:                  # a table of all integers between
            table = np.full(high - low + 2, n, kind)
            table[elements - low] = np.arange(n)
            known = (X >= low) & (X <= high)
            symbols = table.take(np.where(known, X.astype(np.int64), high + 1) - low)
            return symbols, symbols == n
    order = np.argsort(elements)
    places = np.minimum(np.searchsorted(elements, X, sorter=order), n - 1)
    symbols = order.astype(kind)[places]
    return symbols, elements[symbols] != X


def _list(values: Iterable[Any], most: int = 20) -> str:
    values = list(values)
    shown = ', '.join(map(repr, values[:most]))
    return shown if len(values) <= most else f'{shown}, ... ({len(values)} in all)'


def value_range(X: np.ndarray, lengths: np.ndarray | None = None) -> tuple[float, float]:
    """Smallest and largest feature, as floats."""
    values = inside(X, lengths)
    return float(values.min()), float(values.max())


def scale(X: Any, low: float, high: float, lengths: np.ndarray | None = None) -> np.ndarray:
    """(X - low) / (high - low), from 0 to 1 over the range; 0 where the range is empty."""
    # Halves, because the range of the largest numbers is larger than any number
    X = (np.asarray(X, dtype=np.float64) / 2 - low / 2) / ((high / 2 - low / 2) or 1)
    if lengths is not None:
        X[np.arange(X.shape[1]) >= lengths[:, np.newaxis]] = 0
    return X


def read_labels(Y_data: Any, Y_encode: bool, m: int) -> np.ndarray:
    """Targets of shape (m, c), one-hot with ``Y_encode``.

    Raises
    ------
    ValueError
        Where there is not one label a sample, or labels are not 0 .. c - 1.
    """
    try:
        Y = np.asarray(Y_data)
        Y = np.array(Y.tolist()) if Y.dtype == object else Y
    except ValueError:
        Y = np.empty(0, object)                         # ragged: told below that it will not do
    if Y.ndim == 0 or Y.ndim > 2 or Y.dtype.kind not in 'biuf':
        kind = f'{Y.dtype} of shape {Y.shape}' if Y.ndim else type(Y_data).__name__
        raise ValueError('Embedding expects Y_data to be numbers of shape (samples,) or (samples, '
                         f'outputs), got {kind}: number the classes from 0')
    if len(Y) != m:
        raise ValueError(f'Embedding expects one label a sample, got {m} samples in X_data and '
                         f'{len(Y)} labels in Y_data')
    Y = Y.reshape(m, -1).astype(np.float64)
    finite('Embedding', Y, what='labels')
    if not Y_encode:
        return Y
    if Y.shape[1] > 1:
        raise ValueError(f'Embedding expects one label a sample with Y_encode=True, got Y_data of '
                         f'shape {Y.shape}: leave Y_encode out if it is one-hot already')
    found = np.unique(Y)
    if not np.array_equal(found, np.arange(len(found))):
        odd = [int(v) if v == int(v) else float(v) for v in found]
        raise ValueError(f'Embedding expects labels 0 to {len(found) - 1} with Y_encode=True, got '
                         f'{_list(odd)}: number the classes from 0, without gaps')
    if len(found) == 1:
        raise ValueError('Embedding expects two classes or more with Y_encode=True, got label 0 '
                         'only: there is nothing to tell apart')
    return np.asarray(OneHot(Y[:, 0].astype(np.intp), len(found)), dtype=np.float64)
