"""How is one-hot encoded data kept small, and multiplied fast? As the symbols it stands for."""
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property

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

    def __init__(self, symbols, size):
        self.symbols, self.size = symbols, size

    @property
    def shape(self):
        return (*self.symbols.shape, self.size)

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def nbytes(self):
        return self.symbols.nbytes

    def __len__(self):
        return len(self.symbols)

    def __getitem__(self, rows):
        return type(self)(self.symbols[rows], self.size)

    def __repr__(self):
        return f'{type(self).__name__}{self.shape}'

    def __array__(self, dtype=None, copy=None):
        """The vectors, one byte an element unless another type is asked for."""
        return unfold(self.symbols, self.size, dtype or np.uint8).reshape(self.shape)

    def reshape(self, m, n):
        """All vectors of a sample in one row, (m, -1), which is all the shapes they can take."""
        if (m, n) != (len(self), -1):
            raise ValueError(f'OneHot expects the new shape ({len(self)}, -1), got ({m}, {n})')
        return FlatOneHot(self.symbols.reshape(m, -1), self.size)

    def __matmul__(self, U):
        """X @ U, rows of U (e, u), shape (m, ..., u)."""
        return np.vstack([U, np.zeros_like(U[:1])]).take(self.symbols, axis=0)

    def transpose_matmul(self, dZ):
        """X.T @ dZ, each row of dZ (m, ..., u) added to the row of its symbol, shape (e, u)."""
        return (self.rows.T @ dZ.reshape(self.symbols.size, -1))[:-1]

    @cached_property
    def rows(self):
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
    def shape(self):
        m, s = self.symbols.shape
        return m, s * self.size

    def __matmul__(self, W):
        """X @ W, the sum of s rows of W (s e, u) for each sample, shape (m, u)."""
        (m, s), e = self.symbols.shape, self.size
        steps = max(1, BLOCK // max(1, m))

        def product(i):
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
            return sum(threads.map(product, blocks))

    def transpose_matmul(self, dZ):
        """X.T @ dZ, shape (s e, u), as its factors."""
        return FlatOneHotGradient(self, dZ)


class FlatOneHotGradient(np.lib.mixins.NDArrayOperatorsMixin):
    """X.T @ dZ of flattened one-hot X (m, s e) and dZ (m, u), not multiplied until looked at.

    A batch of 16 leaves a gradient of 160,000 x 64 numbers that follow from 16 x 64. So an update
    asks for a few rows at a time, ``dW[i:j]``, and the whole is never written to memory.
    Whatever else an array can do gives the whole: arithmetic, functions and methods of NumPy.
    """

    def __init__(self, X, dZ):
        self.X, self.dZ = X, dZ
        self.shape, self.dtype = (X.shape[1], dZ.shape[1]), dZ.dtype

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, rows):
        if not isinstance(rows, slice):
            return np.asarray(self)[rows]
        e = self.X.size
        start, stop, step = rows.indices(len(self))
        first, last = start // e, -(-stop // e)                 # steps that the rows belong to
        X = unfold(self.X.symbols[:, first:last], e, self.dtype).reshape(len(self.dZ), -1)
        return (X.T @ self.dZ)[start - first * e:stop - first * e:step]

    def times(self, number):
        """The same, scaled."""
        return FlatOneHotGradient(self.X, number * self.dZ)

    def norm(self):
        """L2 norm. The sum of squares of X.T @ dZ is that of (X @ X.T) * (dZ @ dZ.T), and X @ X.T
        counts at how many steps two samples have the same symbol."""
        symbols, size = self.X.symbols, self.X.size
        same = [np.count_nonzero((symbols == one) & (one < size), axis=1) for one in symbols]
        return np.sqrt(np.maximum(0, (same * (self.dZ @ self.dZ.T)).sum()))

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self[:], dtype=dtype)

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **options):
        if out and not any(A is self for A in out):
            options['out'] = out                    # g *= 2 makes g the array that it stood for
        return getattr(ufunc, method)(*(np.asarray(A) if A is self else A for A in inputs),
                                      **options)

    def __getattr__(self, name):
        if name.startswith('_') or not hasattr(np.ndarray, name):
            raise AttributeError(f'{type(self).__name__} has no attribute {name!r}')
        return getattr(np.asarray(self), name)

    def __repr__(self):
        return f'{type(self).__name__}{self.shape}'


def unfold(symbols, size, dtype):
    """One-hot vectors of symbols, shape (m, ..., size)."""
    X = np.zeros((symbols.size, size + 1), dtype)
    X.reshape(-1)[np.arange(0, X.size, size + 1) + symbols.reshape(-1)] = 1
    return X[:, :size].reshape(*symbols.shape, size)


def transpose_matmul(X, dZ):
    """Gradient of a weight W where Z = X W: X.T @ dZ, summed over all axes but the last.

    Parameters
    ----------
    X : numpy.ndarray or OneHot, shape (m, ..., e)
    dZ : numpy.ndarray, shape (m, ..., u)

    Returns
    -------
    numpy.ndarray, shape (e, u)
    """
    if isinstance(X, OneHot):
        return X.transpose_matmul(dZ)
    return X.reshape(-1, X.shape[-1]).T @ dZ.reshape(-1, dZ.shape[-1])


def descend(W, dW, lrate):
    """W -= lrate * dW in place, a few rows at a time so that the product stays in the cache."""
    rows = max(1, 2**15 * len(W) // W.size)
    factors = isinstance(dW, FlatOneHotGradient)
    if factors:
        dW = dW.times(lrate)
    for i in range(0, len(W), rows):
        W[i:i + rows] -= dW[i:i + rows] if factors else lrate * dW[i:i + rows]


def norm(dW):
    """L2 norm of all numbers of a gradient, with no copy of it."""
    return dW.norm() if isinstance(dW, FlatOneHotGradient) else np.linalg.norm(dW.ravel(order='K'))
