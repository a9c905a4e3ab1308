"""What is a set of data? Samples, their labels, and what a network made of them."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from epynn.commons.metrics import kind_of, to_labels
from epynn.commons.words import hint
from epynn.speed.one_hot import OneHot


class dataSet:
    """Samples with their labels, and what a network made of them.

    Attributes
    ----------
    X : numpy.ndarray, shape (m, ...)
        Features. One-hot features are kept as symbols and unfolded when asked for, as floats that
        cannot be written to: to change them, change the data before the Embedding.
    Y : numpy.ndarray, shape (m, 1) or (m, c), or (m, s, c) with targets for each step, or None
        Targets, one-hot where c > 1.
    y : numpy.ndarray of int, shape (m,) or (m, s), or None
        Labels, -1 for padding; the targets themselves where these are no classes.
    kind : str or None
        What the targets are: 'classes', 'labels' (several at once) or 'values'.
    b : dict
        Balance, ``{label: number of samples}``, sorted by label.
    ids : numpy.ndarray of int, shape (m,)
        Position of each sample in the data that were given.
    lengths : numpy.ndarray of int, shape (m,), or None
        Steps of each sample, where they differ.
    weights : numpy.ndarray, shape (m,), or None
        How much each sample counts in the loss, where they do not all count 1.
    A, P : numpy.ndarray or None
        Output of the network, shape of Y, and what it predicts: labels, shape of y; 0 and 1 for
        each of several labels at once, shape of Y; or the outputs themselves, where targets are
        values.
    name : str
    active : bool
        Whether it has any samples.
    """

    def __init__(self, X_data: Any = None, Y_data: Any = None, name: str = 'dummy',
                 ids: np.ndarray | None = None, lengths: np.ndarray | None = None,
                 kind: str | None = None, weights: np.ndarray | None = None) -> None:
        X, Y = X_data, Y_data
        if X is not None and not isinstance(X, (np.ndarray, OneHot)):
            X = np.asarray(X)
        if Y is not None and (not isinstance(Y, np.ndarray) or Y.ndim < 2):
            Y = np.asarray(Y, np.float64).reshape(len(Y), -1)
        m = 0 if X is None else len(X)
        self.inputs, self.Y, self.lengths, self.name = X, Y, lengths, name
        self.weights = weights
        self.ids = np.arange(m) if ids is None else ids
        self.active = m > 0
        self.kind = kind_of(self.each(Y)) if kind is None and Y is not None else kind
        self.A: np.ndarray | None = None
        self.P: np.ndarray | None = None

    def __getattr__(self, name: str) -> Any:
        """An error that names what does here what other libraries call so."""
        known = [word for word in (*dir(type(self)), *vars(self)) if not word.startswith('_')]
        raise AttributeError(f'dataSet has no {name}{hint(name, known)}')

    @property
    def X(self) -> Any:
        if not isinstance(self.inputs, OneHot):
            return self.inputs
        X = np.asarray(self.inputs)
        X.flags.writeable = False       # a copy: what is written there would not reach the network
        return X

    @property
    def y(self) -> Any:
        if self.Y is None:
            return None
        return self.labels(self.Y) if self.kind == 'classes' else self.Y

    @property
    def b(self) -> dict[int, int]:
        if self.Y is None or self.kind != 'classes':
            return {}
        values, counts = np.unique(to_labels(self.each(self.Y)), return_counts=True)
        return dict(zip(values.tolist(), counts.tolist(), strict=True))

    @property
    def padding(self) -> np.ndarray | None:
        """Which steps of each sample are padding (m, s), where targets or outputs are sequences."""
        V = self.A if self.Y is None else self.Y
        if V is None or V.ndim < 3 or self.lengths is None:
            return None
        return np.arange(V.shape[1]) >= self.lengths[:, np.newaxis]

    def each(self, V: np.ndarray) -> np.ndarray:
        """Values of each target, one after the other: those of samples (m, ...) as they are, and
        where targets are sequences those of all steps that are not padding, (n, ...)."""
        if self.Y is None or self.Y.ndim < 3:
            return V
        padding = self.padding
        return V.reshape(-1, *V.shape[2:]) if padding is None else V[~padding]

    def labels(self, V: np.ndarray) -> np.ndarray:
        """Labels meant by targets or outputs, -1 for padding."""
        labels, padding = to_labels(V), self.padding
        return labels if padding is None else np.where(padding, -1, labels)

    def targets(self, dtype: Any = None) -> np.ndarray:
        """Y in some precision; an error where there are no labels."""
        if self.Y is None:
            raise ValueError(f'{self.name} has no labels: give Y_data to its Embedding')
        return self.Y.astype(dtype or self.Y.dtype, copy=False)

    def __len__(self) -> int:
        return len(self.ids)

    def __repr__(self) -> str:
        shape = None if self.inputs is None else self.inputs.shape
        return f'dataSet({self.name!r}, {len(self)} samples, X{shape}, b={self.b})'

    _repr_html_: Callable[..., str]       # its table in a notebook, see epynn.display

    def take(self, rows: Any) -> dataSet:
        """The samples of some rows (a slice or a list of positions) as a dataSet."""
        X, Y, ids, lengths, weights = (None if a is None else a[rows] for a in (
            self.inputs, self.Y, self.ids, self.lengths, self.weights))
        return dataSet(X, Y, self.name, ids, lengths, self.kind, weights)

    def view(self) -> dataSet:
        """The same samples and labels, for outputs of another network."""
        return dataSet(self.inputs, self.Y, self.name, self.ids, self.lengths, self.kind,
                       self.weights)
