"""How is one-hot encoded data kept small, and multiplied fast? As the symbols it stands for."""
from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array

BLOCK = 2**15                           # ones in a block of flattened vectors, at most


class OneHot:
    """Vectors of ``size`` elements, one of them 1, each kept as the index of that one.

    To multiply a one-hot vector with a matrix is to pick a row of the matrix:

        X @ U = U[symbols]

    so the vectors themselves are never needed. ``symbols == size`` stands for a vector of
    zeros, which is how sequences of unequal length are padded.

    Parameters
    ----------
    symbols : numpy.ndarray of int, shape (m, ...)
    size : int
        Number of different symbols, e.
    """

    def __init__(self, symbols: np.ndarray, size: int) -> None:
        self.symbols, self.size = symbols, size

    @property
    def shape(self) -> tuple[int, ...]:
        return (*self.symbols.shape, self.size)

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def nbytes(self) -> int:
        return self.symbols.nbytes

    def __len__(self) -> int:
        return len(self.symbols)

    def __getitem__(self, rows: Any) -> OneHot:
        return type(self)(self.symbols[rows], self.size)

    def __repr__(self) -> str:
        return f'{type(self).__name__}{self.shape}'

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """The vectors, as floats unless another type is asked for."""
        return unfold(self.symbols, self.size, dtype or np.float64).reshape(self.shape)

    def reshape(self, m: int, n: int) -> FlatOneHot:
        """All vectors of a sample in one row, (m, -1), which is all the shapes they can take."""
        if (m, n) != (len(self), -1):
            raise ValueError(f'OneHot expects the new shape ({len(self)}, -1), got ({m}, {n})')
        return FlatOneHot(self.symbols.reshape(m, -1), self.size)

    def __matmul__(self, U: np.ndarray) -> np.ndarray:
        """X @ U, rows of U (e, u), shape (m, ..., u)."""
        return np.vstack([U, np.zeros_like(U[:1])]).take(self.symbols, axis=0)

    def weight_gradient(self, dZ: np.ndarray) -> Any:
        """X.T @ dZ, each row of dZ (m, ..., u) added to the row of its symbol, shape (e, u)."""
        return (self.rows.T @ dZ.reshape(self.symbols.size, -1))[:-1]

    @cached_property
    def rows(self) -> Any:
        """The vectors as rows of a sparse matrix, with a last column for padding."""
        n = self.symbols.size
        return csr_array((np.ones(n, np.int8), self.symbols.reshape(n), np.arange(n + 1)),
                         shape=(n, self.size + 1))


class FlatOneHot(OneHot):
    """The one-hot vectors of each sample in one row, (m, s e): what a Flatten makes of them.

    A row has s ones. Products go through the s steps block by block, each in a thread of its own,
    and within a block through the rows of the weights (s e, u) in their order, so that they are
    read from memory once.
    """

    @property
    def shape(self) -> tuple[int, ...]:
        m, s = self.symbols.shape
        return m, s * self.size

    def __matmul__(self, W: np.ndarray) -> np.ndarray:
        """X @ W, the sum of s rows of W (s e, u) for each sample, shape (m, u)."""
        (m, s), e = self.symbols.shape, self.size
        steps = max(1, BLOCK // max(1, m))

        def product(i: int) -> np.ndarray:
            symbols = self.symbols[:, i:i + steps]
            n = symbols.shape[1]
            one = (symbols < e).astype(W.dtype)             # padding has none
            columns = np.minimum(symbols, e - 1) + np.arange(0, n * e, e, dtype=np.int32)
            ends = np.arange(0, m * n + 1, n, dtype=np.int32)
            X = csr_array((one.ravel(), columns.ravel(), ends), shape=(m, n * e))
            return X.tocsc() @ W[i * e:(i + n) * e]

        blocks = range(0, s, steps)
        if len(blocks) == 1:
            return product(0)
        with ThreadPoolExecutor(os.cpu_count()) as threads:     # added up in order, always
            return np.asarray(sum(threads.map(product, blocks)))

    def weight_gradient(self, dZ: np.ndarray) -> FactoredGradient:
        """X.T @ dZ, shape (s e, u), as its factors."""
        return FactoredGradient(self, dZ)


class FactoredGradient(np.lib.mixins.NDArrayOperatorsMixin):
    """X.T @ dZ of flattened one-hot X (m, s e) and dZ (m, u), not multiplied until looked at.

    A batch of 16 leaves a gradient of 160,000 x 64 numbers that follow from 16 x 64. So a slice of
    its rows and a number times it are factors again, which is how an optimizer goes through it,
    some rows at a time, and the whole is never written to memory. Whatever else an array can do
    gives the array: arithmetic, indexing, functions and methods of NumPy.
    """

    def __init__(self, X: FlatOneHot, dZ: np.ndarray, start: int = 0,
                 stop: int | None = None) -> None:
        self.X, self.dZ, self.dtype = X, dZ, dZ.dtype
        self.start, self.stop = start, X.shape[1] if stop is None else stop
        self.shape = (max(0, self.stop - start), dZ.shape[1])

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: Any) -> Any:
        if not isinstance(rows, slice) or rows.step not in (None, 1):
            return np.asarray(self)[rows]
        start, stop, _ = rows.indices(len(self))
        return FactoredGradient(self.X, self.dZ, self.start + start, self.start + stop)

    def __mul__(self, number: Any) -> Any:
        if np.ndim(number):
            return np.asarray(self) * number
        return FactoredGradient(self.X, number * self.dZ, self.start, self.stop)

    __rmul__ = __mul__

    def norm(self) -> float:
        """L2 norm. The sum of squares of X.T @ dZ is that of (X @ X.T) * (dZ @ dZ.T), and X @ X.T
        counts at how many steps two samples have the same symbol."""
        if len(self) < self.X.shape[1]:
            return float(np.linalg.norm(np.asarray(self)))
        symbols, size = self.X.symbols, self.X.size
        same = [np.count_nonzero((symbols == one) & (one < size), axis=1) for one in symbols]
        return float(np.sqrt(np.maximum(0, (same * (self.dZ @ self.dZ.T)).sum())))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        e = self.X.size
        first, last = self.start // e, -(-self.stop // e)       # steps that the rows belong to
        X = unfold(self.X.symbols[:, first:last], e, self.dtype).reshape(len(self.dZ), -1)
        rows = (X.T @ self.dZ)[self.start - first * e:][:len(self)]
        return np.asarray(rows, dtype=dtype)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: tuple = (),
                        **options: Any) -> Any:
        if out and not any(A is self for A in out):
            options['out'] = out                    # g *= 2 makes g what it then stands for
        return getattr(ufunc, method)(*(np.asarray(A) if A is self else A for A in inputs),
                                      **options)

    def __getattr__(self, name: str) -> Any:
        if name.startswith('_') or not hasattr(np.ndarray, name):
            raise AttributeError(f'{type(self).__name__} has no attribute {name!r}')
        return getattr(np.asarray(self), name)

    def __repr__(self) -> str:
        return f'{type(self).__name__}{self.shape}'


def unfold(symbols: np.ndarray, size: int, dtype: Any) -> np.ndarray:
    """One-hot vectors of symbols, shape (m, ..., size)."""
    X = np.zeros((symbols.size, size + 1), dtype)
    X.reshape(-1)[np.arange(0, X.size, size + 1) + symbols.reshape(-1)] = 1
    return X[:, :size].reshape(*symbols.shape, size)


def gradient_norm(dW: Any) -> float:
    """L2 norm of all numbers of a gradient, with no copy of it."""
    if isinstance(dW, FactoredGradient):
        return dW.norm()
    return float(np.linalg.norm(dW.ravel(order='K')))
