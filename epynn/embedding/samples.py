"""How do data of any kind become arrays? Samples and labels, read and checked."""
from __future__ import annotations

import datetime
import numbers
import reprlib
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from epynn.commons.checks import finite, shown

# What to do about types that networks do not take
REMEDIES = {
    'M': "make numbers of dates: with X = np.asarray(X_data, 'M8[s]'), (X - X.min()) / "
         "np.timedelta64(1, 'D') are days",
    'm': "make numbers of time spans: np.asarray(X_data) / np.timedelta64(1, 'D') are days",
    'c': 'give real and imaginary parts as features: with X = np.asarray(X_data), '
         'np.stack([X.real, X.imag], axis=-1)',
    'S': 'make text of bytes, np.char.decode(X_data), and use X_encode=True',
    'U': 'use X_encode=True to one-hot encode them',
    'V': 'make a plain array of them, such as np.array(X_data.tolist())',
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
        remedy = ''
        if isinstance(X_data, dict):
            remedy = ': np.column_stack(list(X_data.values())) makes samples of columns'
        elif isinstance(X_data, (str, bytes)):
            remedy = ': read a file first, one of numbers with np.loadtxt(path, delimiter=",")'
        elif isinstance(X_data, Iterable):
            remedy = ': list(X_data) makes a list of them'
        raise ValueError('Embedding expects X_data to be a list or an array of samples, '
                         f'got {type(X_data).__name__}{remedy}')
    if len(X_data) == 0:
        raise ValueError('Embedding expects at least one sample, got none: X_data is empty')
    if is_masked(X_data):
        remedy = 'X_data.filled(0)' if hasattr(X_data, 'filled') else \
            '[np.ma.filled(x, 0) for x in X_data]'
        raise ValueError('Embedding expects all features to be there, got masked ones: drop or '
                         f'replace them first, {remedy} puts zeros there')
    names = getattr(X_data, 'columns', None)            # of a data frame
    if hasattr(X_data, '__array__'):
        X_data = np.asarray(X_data)
        if X_data.dtype.kind not in 'OUT':
            return _pad(_check(X_data, X_encode), None, steps)

    samples = [_as_array(x, i, X_encode, names) for i, x in enumerate(X_data)]
    _check_alike(samples, names)
    if not X_encode and samples[0].dtype.kind == 'U' and not isinstance(X_data[0], str):
        _check_text(samples, names)
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


def is_masked(data: Any) -> bool:
    """Whether some of the data are masked, in an array or in a list of arrays or values."""
    return bool(np.ma.is_masked(data)) or (
        isinstance(data, (list, tuple)) and any(map(np.ma.is_masked, data)))


def _as_array(x: Any, i: int, X_encode: bool, names: Any = None) -> np.ndarray:
    """Sample i as an array of one type, whatever it came as."""
    if isinstance(x, str):
        return np.array(list(x))
    try:
        given = np.asarray(x)
        given = given.astype(object) if given.dtype.kind == 'T' else given
        array = plain_numbers(np.array(given.tolist()) if given.dtype == object else given)
        values = np.asarray(x, dtype=object) if array.dtype.kind in 'UO' else array
    except ValueError:
        remedy = 'samples and their labels are given separately, Embedding(X_data, Y_data)' \
            if isinstance(x, tuple) and len(x) == 2 else 'pad it, or cut it into regular ones'
        raise ValueError(f'Embedding expects numbers or text in regular arrays, got a ragged one '
                         f'in sample {i}: {remedy}') from None
    if array.dtype.kind in 'UO':
        _check_values(values, i, X_encode, names)
    return array


def plain_numbers(X: np.ndarray) -> np.ndarray:
    """Fractions and decimal numbers as floats; anything else as it is."""
    values = X.reshape(-1).tolist() if X.dtype == object else []
    if any(isinstance(v, (Fraction, Decimal)) for v in values) and all(
            isinstance(v, (Fraction, Decimal, int, float)) for v in values):
        return X.astype(np.float64)
    return X


def _check_values(x: np.ndarray, i: int, X_encode: bool, names: Any) -> None:
    """All of the values of sample i are text, or all are numbers."""
    values = x.reshape(-1).tolist()
    text = [isinstance(v, str) for v in values]
    for j, v in enumerate(values):
        if not isinstance(v, (str, numbers.Number)):
            remedy = REMEDIES['M'] if isinstance(v, datetime.date) else 'drop or replace it first'
            raise ValueError(f'Embedding expects numbers or text, got {v!r} in '
                             f'{_place(x, i, j, names)}: {remedy}')
        if isinstance(v, float) and v != v and any(text):
            raise ValueError(f'Embedding expects all features to be there, got {v!r} among text in '
                             f'{_place(x, i, j, names)}: drop or replace it first')
    if any(text) and not all(text):
        raise ValueError(_of_both(i, text, values[text.index(True)], names) + (
            ', or make text of all: np.array(X_data).astype(str)' if X_encode else ''))
    if not any(text):                                   # an integer of more than 64 bits
        j = max(range(len(values)), key=lambda j: abs(values[j]))
        raise ValueError(f'Embedding expects numbers or text, got {reprlib.repr(values[j])} in '
                         f'{_place(x, i, j, names)}, an integer of more than 64 bits: drop or '
                         'replace it first')


def _place(x: np.ndarray, i: int, j: int, names: Any) -> str:
    """Where value j of sample i is."""
    if x.ndim == 1 and names is not None:
        return f'sample {i}, in column {list(names)[j]}'
    where = tuple(int(n) for n in np.unravel_index(j, x.shape))
    return f'sample {i}, at position {where}' if x.ndim else f'sample {i}'


def _of_both(i: int, text: list[bool], example: str, names: Any) -> str:
    """The error for a sample of numbers and text: which columns, and what to do."""
    where = ', '.join(str(j if names is None else list(names)[j])
                      for j in range(len(text)) if text[j])
    return (f'Embedding expects all features of a sample to be numbers or all to be text, got both '
            f'in sample {i}: text in column {where}, such as {example!r}. Make numbers of that '
            'column first: np.unique(column, return_inverse=True)[1] numbers its values, '
            'np.eye(n)[...] of these makes one column for each value')


def _check_alike(samples: list[np.ndarray], names: Any) -> None:
    """All samples are text or all are numbers, and they differ in their number of steps at most."""
    texts = any(x.dtype.kind == 'U' for x in samples)
    first = samples[0]
    for i, x in enumerate(samples):
        if texts and x.dtype.kind == 'f' and np.isnan(x).any():
            raise ValueError('Embedding expects all features to be there, got nan among text in '
                             f'{_place(x, i, int(np.isnan(x).argmax()), names)}: drop or replace '
                             'it first')
        if x.size == 0:
            raise ValueError('Embedding expects sequences of 1 step or more, got none in '
                             f'sample {i}: drop it')
        if x.ndim != first.ndim or x.shape[1:] != first.shape[1:]:
            raise ValueError(
                'Embedding expects samples that differ in their number of steps at most, got '
                f'shape {first.shape} in sample 0 and shape {x.shape} in sample {i}'
                + (': samples and their labels are given separately, Embedding(X_data, Y_data)'
                   if len(samples) == 2 and len(first) == np.size(x) > 2 else ''))
        if (x.dtype.kind in 'US') != (first.dtype.kind in 'US'):
            raise ValueError('Embedding expects all samples to be text or all to be numbers, got '
                             f'{first.dtype} in sample 0 and {x.dtype} in sample {i}')


def _check_text(samples: list[np.ndarray], names: Any) -> None:
    """An error for numbers that came as text, all of them or some columns."""
    for i, x in enumerate(samples):
        values = x.reshape(-1).tolist()
        text = [not _is_number(value) for value in values]
        if any(text) and not all(text):
            raise ValueError(_of_both(i, text, values[text.index(True)], names))
        if not any(text):
            raise ValueError(f'Embedding expects numbers, got text such as {values[0]!r} in sample '
                             f'{i}: np.array(X_data, float) makes numbers of it, or use '
                             'X_encode=True to one-hot encode it')


def _is_number(text: str) -> bool:
    try:
        return bool(float(text)) or True
    except ValueError:
        return False


def _check(X: np.ndarray, X_encode: bool) -> np.ndarray:
    if X.size == 0:
        raise ValueError(f'Embedding expects at least one feature, got X_data of shape {X.shape}')
    if X.dtype.kind == 'f' and X.dtype.itemsize > 8:
        with np.errstate(over='ignore'):
            X = X.astype(np.float64)                    # no network computes in more
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


def steps_of(X: np.ndarray, lengths: np.ndarray | None, X_encode: bool) -> np.ndarray | None:
    """Steps of each sample (m,), where samples are sequences; else None."""
    if X.ndim + X_encode != 3:
        return None
    return np.full(len(X), X.shape[1]) if lengths is None else lengths


def read_labels(Y_data: Any, Y_encode: bool, m: int,
                steps: np.ndarray | None = None) -> np.ndarray:
    """Labels of shape (m,) with ``Y_encode``, of any kind; else targets of shape (m, c).

    Where samples are sequences, there may be one for each step: labels of shape (m, s) with
    ``Y_encode``, else targets of shape (m, s, c); zero where steps are padding.

    Parameters
    ----------
    Y_data : array_like
    Y_encode : bool
    m : int
        Number of samples.
    steps : numpy.ndarray of int, shape (m,), optional
        Steps of each sample, where they are sequences.

    Raises
    ------
    ValueError
        Where there is not one label a sample, or a step, or they are missing, or not numbers.
    """
    Y = _label_array(Y_data if steps is None else _pad_labels(Y_data, steps))
    if Y.ndim in (1, 2, 3) and Y.dtype.kind == 'U' and not Y_encode:
        raise ValueError(f'Embedding expects Y_data to be numbers, got text such as '
                         f'{Y.flat[0].item()!r}: use Y_encode=True')
    if Y.ndim > 3 or (Y.ndim == 3 and steps is None) or 0 in Y.shape[1:] \
            or Y.dtype.kind not in 'biufU':
        remedy = REMEDIES.get(Y.dtype.kind, 'number the classes from 0, or use Y_encode=True for '
                              'text').replace('X', 'Y').replace('features', 'targets')
        if Y.ndim > 2:
            remedy = 'targets for each step need samples that are sequences, of shape (samples, ' \
                     'steps, elements), give one for each sample'
        elif 0 in Y.shape[1:]:
            remedy = 'give a label for each sample, or leave Y_data out'
        raise ValueError('Embedding expects Y_data to be numbers of shape (samples,), (samples, '
                         'outputs) or, for each step of sequences, (samples, steps, outputs), got '
                         f'{Y.dtype} of shape {Y.shape}: {remedy}')
    check_number(len(Y), m)
    if Y.dtype.kind != 'U':
        Y = Y.astype(np.float64)
        finite('Embedding', Y, what='labels')
    if steps is not None and (Y.ndim == 3 or (Y_encode and Y.shape[1:] == (steps.max(),) != (1,))):
        return _labels_of_steps(Y, Y_encode, steps)
    Y = Y.reshape(m, -1)
    if not Y_encode:
        return Y
    if Y.shape[1] > 1:
        raise ValueError(f'Embedding expects one label a sample with Y_encode=True, got Y_data of '
                         f'shape {Y.shape}: leave Y_encode out if it is one-hot already')
    return Y[:, 0]


def check_number(n: int, m: int) -> None:
    """An error unless there are as many labels, n, as samples, m."""
    if n != m:
        raise ValueError(f'Embedding expects one label a sample, got {m} samples in X_data and '
                         f'{n} labels in Y_data')


def _labels_of_steps(Y: np.ndarray, Y_encode: bool, steps: np.ndarray) -> np.ndarray:
    """Targets for each step (m, s, c), zero for padding; with ``Y_encode`` labels (m, s)."""
    if Y.shape[1] != steps.max():
        raise ValueError(f'Embedding expects targets of shape {Y.shape} to be for each step, got '
                         f'{steps.max()} steps in X_data')
    if Y_encode:
        if Y.ndim == 3 and Y.shape[2] > 1:
            raise ValueError('Embedding expects one label a step with Y_encode=True, got Y_data of '
                             f'shape {Y.shape}: leave Y_encode out if it is one-hot already')
        return Y.reshape(Y.shape[:2])
    Y[np.arange(Y.shape[1]) >= steps[:, np.newaxis]] = 0
    return Y


def _pad_labels(Y_data: Any, steps: np.ndarray) -> Any:
    """Labels for each step of sequences of unequal length, in one array."""
    if not isinstance(Y_data, (list, tuple)) and str(getattr(Y_data, 'dtype', '')) != 'object':
        return Y_data                   # an array is regular
    if not all(np.iterable(y) and not isinstance(y, (str, bytes, dict)) for y in Y_data):
        return Y_data
    arrays = [np.asarray(y) for y in Y_data]
    if len({len(y) for y in arrays}) == 1 or len({y.shape[1:] for y in arrays}) > 1:
        return Y_data
    check_number(len(arrays), len(steps))
    for i, (y, n) in enumerate(zip(arrays, steps, strict=True)):
        if len(y) != n:
            raise ValueError(f'Embedding expects as many labels as steps in each sample, got {n} '
                             f'steps and {len(y)} labels in sample {i}: where a sample may have '
                             'several labels at once, give 0 or 1 for each of them, of shape '
                             '(samples, labels)')
    padded = np.full((len(arrays), steps.max(), *arrays[0].shape[1:]), arrays[0].flat[0],
                     np.result_type(*(y.dtype for y in arrays)))
    for row, y in zip(padded, arrays, strict=True):
        row[:len(y)] = y
    return padded


def read_weights(weights: Any, m: int) -> np.ndarray | None:
    """Weights of the samples (m,), or None.

    Raises
    ------
    ValueError
        Where there is not one a sample, or they are negative, not finite, or all 0.
    """
    if weights is None:
        return None
    try:
        W = np.asarray(weights, dtype=np.float64)
    except (TypeError, ValueError):
        W = np.array(np.nan)
    W = W[:, 0] if W.ndim == 2 and W.shape[1] == 1 else W
    if W.shape != (m,) or not np.isfinite(W).all() or (W < 0).any() or not W.any():
        got = f'{len(W)}' if W.ndim == 1 and len(W) != m else shown(weights)
        raise ValueError(f'Embedding expects weights to be a number for each of {m} samples, none '
                         f'below 0 and not all 0, got {got}')
    return W


def _label_array(Y_data: Any) -> np.ndarray:
    """Labels as an array of one type; an error where some are missing, or of another kind."""
    if is_masked(Y_data):
        raise ValueError('Embedding expects all labels to be there, got masked ones: drop those '
                         'samples first: with keep = [not np.ma.is_masked(y) for y in Y_data], '
                         'np.asarray(X_data)[keep] and [y for y in Y_data if not '
                         'np.ma.is_masked(y)] remain')
    try:
        given = np.asarray(Y_data)
        given = given.astype(object) if given.dtype.kind == 'T' else given
        Y = plain_numbers(np.array(given.tolist()) if given.dtype == object else given)
        values = np.asarray(Y_data, dtype=object).reshape(len(Y), -1) if Y.ndim else Y
    except ValueError:
        raise ValueError('Embedding expects as many labels in each sample, got a ragged Y_data: '
                         'where a sample may have several labels at once, give 0 or 1 for each of '
                         'them, of shape (samples, labels)') from None
    if Y.ndim == 0:
        raise ValueError('Embedding expects Y_data to be a list or an array of labels, one a '
                         f'sample, got {type(Y_data).__name__}')
    text = Y.dtype.kind == 'U'
    if Y.dtype.kind in 'UO':
        for i, row in enumerate(values):
            for v in row:
                if isinstance(v, float) and v != v:
                    raise ValueError(f'Embedding expects all labels to be there, got {v!r} in '
                                     f'sample {i}: drop those samples first')
                if not isinstance(v, (str, numbers.Number)):
                    remedy = 'drop those samples first'
                    if isinstance(v, datetime.date):
                        remedy = REMEDIES['M'].replace('X', 'Y')
                    raise ValueError(f'Embedding expects labels to be text or numbers, got {v!r} '
                                     f'in sample {i}: {remedy}')
                if text and not isinstance(v, str):
                    raise ValueError('Embedding expects all labels to be text or all to be '
                                     f'numbers, got {v!r} among text in sample {i}: make text of '
                                     'all, [str(y) for y in Y_data]')
    return Y
