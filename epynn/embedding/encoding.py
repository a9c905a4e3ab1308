"""How do arrays become the numbers that a network takes? Symbols, scales and classes.

Each object here learns what it needs of some data, ``fit``, and turns these and later ones into
numbers, ``transform``, as in scikit-learn. An Embedding keeps them, another takes them over with
``like=``, and a model file has their ``settings``.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from epynn.embedding.samples import listed
from epynn.speed.one_hot import OneHot


class Unchanged:
    """Numbers as they are."""

    fits_on_training = False            # whether it learns of the training set alone

    def fit(self, X: np.ndarray, lengths: np.ndarray | None = None) -> Any:
        """Learn what ``transform`` needs.

        Parameters
        ----------
        X : numpy.ndarray, shape (m, ...)
        lengths : numpy.ndarray of int, shape (m,), optional
            Steps of each sample, where they differ: what is beyond is padding.
        """
        return self

    def transform(self, X: np.ndarray, lengths: np.ndarray | None = None) -> Any:
        """The same data as numbers."""
        return X

    def fit_transform(self, X: np.ndarray, lengths: np.ndarray | None = None) -> Any:
        """Learn of data, and give these as numbers."""
        return self.fit(X, lengths).transform(X, lengths)

    def settings(self) -> dict[str, Any]:
        """What it has learned, as numbers, text and lists of them."""
        return {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Unchanged) and (
            type(self) is type(other) and self.settings() == other.settings())

    __hash__ = None  # type: ignore[assignment]


class Symbols(Unchanged):
    """One-hot encoding: one more axis, of the e distinct elements, sorted.

    Attributes
    ----------
    e2i : dict
        Index of each element.
    """

    def __init__(self, elements: list[Any] | tuple[Any, ...] = ()) -> None:
        self.e2i = {element: i for i, element in enumerate(elements)}

    def fit(self, X: np.ndarray, lengths: np.ndarray | None = None) -> Symbols:
        self.e2i = {element: i for i, element in enumerate(np.unique(inside(X, lengths)).tolist())}
        return self

    def transform(self, X: np.ndarray, lengths: np.ndarray | None = None) -> OneHot:
        """One-hot encoding, shape (m, ..., e).

        Raises
        ------
        ValueError
            For an element that was not among those learned.
        """
        if not self.e2i:
            raise RuntimeError('Symbols has learned none yet: call fit(X) first')
        X = np.asarray(X)
        symbols, unknown = lookup(X, np.array(list(self.e2i)))
        if lengths is not None:
            padding = np.arange(X.shape[1]) >= lengths[:, np.newaxis]
            symbols[padding], unknown[padding] = len(self.e2i), False
        if unknown.any():
            where = tuple(int(i) for i in np.argwhere(unknown)[0])
            raise ValueError(f'Embedding knows no symbol {X[where].item()!r}, found in sample '
                             f'{where[0]} at position {where[1:]}: expected one of '
                             f'{listed(self.e2i)}, those of the training data')
        return OneHot(symbols, len(self.e2i))

    def settings(self) -> dict[str, Any]:
        return {'elements': list(self.e2i)}


class Range(Unchanged):
    """Scaled to [0, 1] by one range for all features, that of all data given."""

    def __init__(self, low: Any = 0.0, high: Any = 1.0) -> None:
        self.low, self.high = low, high

    def fit(self, X: np.ndarray, lengths: np.ndarray | None = None) -> Range:
        values = inside(X, lengths)
        self.low, self.high = float(values.min()), float(values.max())
        return self

    def transform(self, X: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
        """(X - low) / (high - low), from 0 to 1 over the range; 0 where the range is empty."""
        low, high = np.asarray(self.low), np.asarray(self.high)
        # Halves, because the range of the largest numbers is larger than any number
        return scaled(X, low, high / 2 - low / 2, lengths)

    def settings(self) -> dict[str, Any]:
        return {'low': np.asarray(self.low).tolist(), 'high': np.asarray(self.high).tolist()}


class FeatureRanges(Range):
    """Each feature scaled to [0, 1], by its range in the training set.

    Features are along the last axis: those of each step of a sequence, the depths of an image.
    """

    fits_on_training = True

    def fit(self, X: np.ndarray, lengths: np.ndarray | None = None) -> FeatureRanges:
        values = features(X, lengths)
        self.low, self.high = values.min(axis=0), values.max(axis=0)
        return self


class Standard(Unchanged):
    """Each feature with mean 0 and standard deviation 1, those of the training set."""

    fits_on_training = True

    def __init__(self, mean: Any = 0.0, deviation: Any = 1.0) -> None:
        self.mean, self.deviation = mean, deviation

    def fit(self, X: np.ndarray, lengths: np.ndarray | None = None) -> Standard:
        values = features(X, lengths)
        self.mean, self.deviation = values.mean(axis=0), values.std(axis=0)
        return self

    def transform(self, X: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
        """(X - mean) / deviation; X - mean where a feature never changes in training."""
        return scaled(X, np.asarray(self.mean), np.asarray(self.deviation) / 2, lengths)

    def settings(self) -> dict[str, Any]:
        return {'mean': np.asarray(self.mean).tolist(),
                'deviation': np.asarray(self.deviation).tolist()}


SCALES: dict[Any, type[Unchanged]] = {False: Unchanged, True: Range, 'features': FeatureRanges,
                                      'standard': Standard}
kinds: dict[str, type[Unchanged]] = {kind.__name__: kind for kind in (*SCALES.values(), Symbols)}


class Classes:
    """Labels of any kind as 0 to c - 1, in sorted order, one-hot encoded.

    Attributes
    ----------
    classes : list
        What each label stands for.
    """

    def __init__(self, classes: list[Any] | tuple[Any, ...] = ()) -> None:
        self.classes = list(classes)

    def fit(self, Y: np.ndarray, lengths: np.ndarray | None = None) -> Classes:
        """Learn the classes of labels (m,), or (m, s) with one for each step."""
        self.classes = [plain(label) for label in np.unique(
            inside(Y, lengths if np.ndim(Y) > 1 else None)).tolist()]
        if len(self.classes) == 1:
            raise ValueError('Embedding expects two classes or more with Y_encode=True, got label '
                             f'{self.classes[0]!r} only: there is nothing to tell apart')
        return self

    def transform(self, Y: np.ndarray, lengths: np.ndarray | None = None) -> np.ndarray:
        """One-hot targets, shape (m, c) or (m, s, c), zero for padding.

        Raises
        ------
        ValueError
            For a label that was not among those learned.
        """
        if not self.classes:
            raise RuntimeError('Classes has learned none yet: call fit(Y) first')
        known, Y = np.array(self.classes), np.asarray(Y)
        if (known.dtype.kind in 'US') != (Y.dtype.kind in 'US'):
            raise ValueError(f'Embedding expects labels such as {self.classes[0]!r}, got '
                             f'{Y.flat[0].item()!r}: expected those of the training data')
        symbols, unknown = lookup(Y, known)
        if Y.ndim > 1 and lengths is not None:
            padding = np.arange(Y.shape[1]) >= lengths[:, np.newaxis]
            symbols[padding], unknown[padding] = len(known), False
        if unknown.any():
            first = tuple(int(i) for i in np.argwhere(unknown)[0])
            step = f' at step {first[1]}' if len(first) > 1 else ''
            raise ValueError(f'Embedding knows no label {plain(Y[first].item())!r}, found in '
                             f'sample {first[0]}{step}: expected one of {listed(self.classes)}, '
                             'those of the training data')
        return np.asarray(OneHot(symbols.astype(np.intp), len(known)), dtype=np.float64)


def plain(label: Any) -> Any:
    """A label that is a whole number, as one."""
    return int(label) if isinstance(label, float) and label == int(label) else label


def inside(X: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
    """Elements that are not padding, shape (n,)."""
    X = np.asarray(X)
    if lengths is None:
        return X.reshape(-1)
    return X[np.arange(X.shape[1]) < lengths[:, np.newaxis]].reshape(-1)


def features(X: np.ndarray, lengths: np.ndarray | None) -> np.ndarray:
    """Features that are not padding, along the last axis, shape (n, features)."""
    shape = np.shape(X)
    return inside(X, lengths).reshape(-1, shape[-1] if len(shape) > 1 else 1).astype(np.float64)


def scaled(X: Any, center: np.ndarray, half: np.ndarray,
           lengths: np.ndarray | None) -> np.ndarray:
    """(X - center) / (2 half), 0 where half is 0, and where there is padding."""
    X = np.asarray(X)
    if center.ndim and len(center) != (X.shape[-1] if X.ndim > 1 else 1):
        hint = '; X[np.newaxis] makes one sample of them' if X.shape == center.shape else ''
        raise ValueError(f'Embedding expects {len(center)} features along the last axis, those of '
                         f'the training data, got X_data of shape {X.shape}{hint}')
    empty = 0.5 if center.ndim else 1   # X - center for a constant feature, half for one range
    X = (np.asarray(X, dtype=np.float64) / 2 - center / 2) / np.where(half == 0, empty, half)
    if lengths is not None:
        X[np.arange(X.shape[1]) >= lengths[:, np.newaxis]] = 0
    return X


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


def from_settings(kind: str, settings: Mapping[str, Any]) -> Unchanged:
    """The object that has these settings; an error where they are not of its kind."""
    made = kinds[kind](**settings)
    if isinstance(made, Symbols):
        elements = settings['elements']
        good = len(made.e2i) == len(elements) > 0 and all(
            isinstance(e, (str, int, float)) for e in elements)
    else:
        arrays = [np.asarray(v, dtype=np.float64) for v in settings.values()]
        vars(made).update({name: v if isinstance(v, float) else np.asarray(v, dtype=np.float64)
                           for name, v in settings.items()})
        good = all(np.isfinite(A).all() and A.ndim <= 1 for A in arrays) and len(
            {A.shape for A in arrays}) < 2 and not (
            isinstance(made, Range) and (arrays[0] > arrays[1]).any()) and not (
            isinstance(made, Standard) and (arrays[1] < 0).any())
    if not good:
        raise ValueError(f'{kind} cannot have the settings {dict(settings)}')
    return made


