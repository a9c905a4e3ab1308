"""How do data of any kind become arrays? Samples and labels, read and checked."""
from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

import numpy as np

from epynn.commons.checks import finite

# What to do about types that networks do not take
REMEDIES = {
    'M': "make numbers of dates, such as days: (X - X.min()) / np.timedelta64(1, 'D')",
    'm': "make numbers of time spans, such as days: X / np.timedelta64(1, 'D')",
    'c': 'give real and imaginary parts as features: np.stack([X.real, X.imag], axis=-1)',
    'S': "make text of bytes, X.astype(str), and use X_encode=True",
    'U': 'use X_encode=True to one-hot encode them',
}


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
    if np.ma.is_masked(X_data) or (isinstance(X_data, (list, tuple)) and any(
            map(np.ma.is_masked, X_data))):
        raise ValueError('Embedding expects all features to be there, got masked ones: drop or '
                         'replace them first, X_data.filled(0) puts zeros there')
    names = getattr(X_data, 'columns', None)            # of a data frame
    if hasattr(X_data, '__array__'):
        X_data = np.asarray(X_data)
        if X_data.dtype.kind not in 'OU':
            return _pad(_check(X_data, X_encode), None, steps)

    samples = [_as_array(x, i, names) for i, x in enumerate(X_data)]
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


def _as_array(x: Any, i: int, names: Any = None) -> np.ndarray:
    """Sample i as an array of one type, whatever it came as."""
    if isinstance(x, str):
        return np.array(list(x))
    try:
        given = np.asarray(x)
        array = np.array(given.tolist()) if given.dtype == object else given
        values = (np.asarray(x, dtype=object) if array.dtype.kind in 'UO' else array).reshape(-1)
    except ValueError:
        raise ValueError(f'Embedding expects numbers or text in regular arrays, got a ragged one '
                         f'in sample {i}: pad it, or cut it into regular ones') from None
    if array.dtype.kind in 'UO':
        _check_values(values, i, names)
    return array


def _check_values(values: np.ndarray, i: int, names: Any) -> None:
    """All of the values of sample i are text, or all are numbers."""
    text = [isinstance(v, str) for v in values]
    for j, v in enumerate(values):
        if not isinstance(v, (str, numbers.Number)):
            raise ValueError(f'Embedding expects numbers or text, got {v!r} in sample {i}: drop or '
                             'replace it first')
        if isinstance(v, float) and v != v and any(text):
            raise ValueError(f'Embedding expects all features to be there, got {v!r} among text in '
                             f'sample {i}, at position ({j},): drop or replace it first')
    if any(text) and not all(text):
        where = ', '.join(str(j if names is None else list(names)[j])
                          for j in range(len(values)) if text[j])
        raise ValueError(
            f'Embedding expects all features of a sample to be numbers or all to be text, got both '
            f'in sample {i}: text in column {where}, such as {values[text.index(True)]!r}. Make '
            'numbers of that column first: np.unique(column, return_inverse=True)[1] numbers its '
            'values, np.eye(n)[...] of these makes one column for each value')
    if not any(text):                                   # an integer of more than 64 bits
        raise ValueError(f'Embedding expects numbers or text, got {max(values, key=abs)!r} in '
                         f'sample {i}: drop or replace it first')


def _check(X: np.ndarray, X_encode: bool) -> np.ndarray:
    if X.size == 0:
        raise ValueError(f'Embedding expects at least one feature, got X_data of shape {X.shape}')
    finite('Embedding', X)
    if X.dtype.kind not in ('biufU' if X_encode else 'biuf'):
        kind = 'symbols to be text or numbers' if X_encode else 'numbers'
        raise ValueError(f'Embedding expects {kind}, got features of type {X.dtype} such as '
                         f'{X.flat[0].item()!r}: '
                         f'{REMEDIES.get(X.dtype.kind, "make numbers of them first")}')
    return X


def _pad(X: np.ndarray, lengths: np.ndarray | None,
         steps: int) -> tuple[np.ndarray, np.ndarray | None]:
    """More steps at the end, where there are fewer; the lengths then say how many count."""
    if X.ndim < 2 or X.shape[1] >= steps:
        return X, lengths
    if lengths is None:
        lengths = np.full(len(X), X.shape[1])
    return np.pad(X, ((0, 0), (0, steps - X.shape[1]), *[(0, 0)] * (X.ndim - 2))), lengths


def listed(values: Iterable[Any], most: int = 20) -> str:
    """Values as an error lists them, not more than some."""
    values = list(values)
    shown = ', '.join(map(repr, values[:most]))
    return shown if len(values) <= most else f'{shown}, ... ({len(values)} in all)'


def read_labels(Y_data: Any, Y_encode: bool, m: int) -> np.ndarray:
    """Labels of shape (m,) with ``Y_encode``, of any kind; else targets of shape (m, c).

    Raises
    ------
    ValueError
        Where there is not one label a sample, or they are missing, or not numbers.
    """
    if np.ma.is_masked(Y_data):
        raise ValueError('Embedding expects all labels to be there, got masked ones: drop those '
                         'samples first, X_data[~Y_data.mask] and Y_data.compressed()')
    try:
        Y = np.asarray(Y_data)
        Y = np.array(Y.tolist()) if Y.dtype == object else Y
    except ValueError:
        Y = np.empty(0, object)                         # ragged: told below that it will not do
    kinds = 'biufU' if Y_encode else 'biuf'
    if Y.ndim in (1, 2) and Y.dtype.kind == 'U' and not Y_encode:
        raise ValueError(f'Embedding expects Y_data to be numbers, got text such as '
                         f'{Y.flat[0].item()!r}: use Y_encode=True')
    if Y.ndim == 0 or Y.ndim > 2 or 0 in Y.shape[1:] or Y.dtype.kind not in kinds:
        kind = f'{Y.dtype} of shape {Y.shape}' if Y.ndim else type(Y_data).__name__
        raise ValueError('Embedding expects Y_data to be numbers of shape (samples,) or (samples, '
                         f'outputs), got {kind}: '
                         + ('targets of one value a step are not for these layers, give one for '
                            'each sequence' if Y.ndim > 2 else 'number the classes from 0, or use '
                            'Y_encode=True for text'))
    if len(Y) != m:
        raise ValueError(f'Embedding expects one label a sample, got {m} samples in X_data and '
                         f'{len(Y)} labels in Y_data')
    Y = Y.reshape(m, -1)
    if Y.dtype.kind != 'U':
        Y = Y.astype(np.float64)
        finite('Embedding', Y, what='labels')
    elif np.isin(Y, ('nan', 'None')).any() and not isinstance(Y_data, np.ndarray):
        missing = [v for v in np.asarray(Y_data, dtype=object).reshape(-1)
                   if not isinstance(v, str)]
        if missing:
            raise ValueError(f'Embedding expects all labels to be there, got {missing[0]!r} among '
                             'text: drop those samples first')
    if not Y_encode:
        return Y
    if Y.shape[1] > 1:
        raise ValueError(f'Embedding expects one label a sample with Y_encode=True, got Y_data of '
                         f'shape {Y.shape}: leave Y_encode out if it is one-hot already')
    return Y[:, 0]
