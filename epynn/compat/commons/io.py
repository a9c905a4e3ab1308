"""The module that is ``epynn.embedding.encoding`` now, and what it had in EpyNN 1.2.13.

Better than each of these: ``Embedding(X, Y, X_encode=True)`` or ``X_scale=True``, and the objects
with ``fit`` and ``transform`` in :mod:`epynn.embedding.encoding`, which also take new data.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from epynn.commons.checks import positive_integer
from epynn.embedding.encoding import *  # noqa: F403
from epynn.embedding.encoding import Range, Symbols
from epynn.embedding.samples import read_samples


def index_elements_auto(X_data: Any) -> tuple[dict[Any, int], dict[int, Any], int]:
    """Index of each distinct element, sorted; the element of each index; and their number."""
    element_to_idx = Symbols().fit(*read_samples(X_data, X_encode=True)).e2i
    return element_to_idx, {i: e for e, i in element_to_idx.items()}, len(element_to_idx)


def scale_features(X_data: Any) -> np.ndarray:
    """All features scaled to [0, 1] by one range, that of the whole array."""
    X, lengths = read_samples(X_data)
    return Range().fit_transform(X, lengths)


def one_hot_encode(i: int, elements_size: int) -> np.ndarray:
    """A vector of floats, 1 at position i and 0 elsewhere."""
    if not 0 <= i < elements_size:
        raise ValueError(f'one_hot_encode expects a position from 0 to {elements_size - 1}, got '
                         f'{i}')
    encoded = np.zeros(elements_size)
    encoded[i] = 1
    return encoded


def one_hot_encode_sequence(sequence: Sequence[Any], element_to_idx: Mapping[Any, int],
                            elements_size: int) -> np.ndarray:
    """One-hot vectors of the elements of a sequence, floats of shape (steps, elements_size)."""
    return np.array([one_hot_encode(index_of(element, element_to_idx), elements_size)
                     for element in sequence]).reshape(len(sequence), elements_size)


def index_of(element: Any, element_to_idx: Mapping[Any, int]) -> int:
    """Index of an element, or an error that says which are known."""
    if element not in element_to_idx:
        raise ValueError(f'one_hot_encode_sequence knows no element {element!r}: expected one of '
                         f'{listed(element_to_idx)}')  # noqa: F405
    return element_to_idx[element]


def one_hot_decode_sequence(sequence: Any, idx_to_element: Mapping[int, Any]) -> list[Any]:
    """The elements that one-hot vectors (steps, elements_size) stand for."""
    return [idx_to_element[int(i)] for i in np.argmax(sequence, axis=-1)]


def encode_dataset(X_data: Any, element_to_idx: Mapping[Any, int],
                   elements_size: int) -> list[np.ndarray]:
    """One-hot vectors of the elements of each sample, an array of floats for each."""
    return [one_hot_encode_sequence(sequence, element_to_idx, elements_size)
            for sequence in X_data]


def padding(X_data: Any, padding: int, forward: bool = True) -> np.ndarray:
    """Images (m, h, w, d) with so many zeros on each side; with ``forward=False``, without them.

    Better: ``Convolution(padding=...)``.
    """
    X, n = np.asarray(X_data), positive_integer('padding', 'padding', padding, least=0)
    if X.ndim != 4 or (not forward and min(X.shape[1:3]) < 2 * n):
        raise ValueError('padding expects images (m, h, w, d)'
                         + (f', {2 * n} pixels or more high and wide to take {n} off each side'
                            if not forward else '') + f', got shape {X.shape}')
    if forward:
        return np.pad(X, ((0, 0), (n, n), (n, n), (0, 0)))
    return X[:, n:X.shape[1] - n, n:X.shape[2] - n]
