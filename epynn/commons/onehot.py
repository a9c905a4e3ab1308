"""How is one-hot encoded data kept small? As the symbols it stands for."""
import numpy as np
from scipy.sparse import csr_array


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
        return self.symbols.ndim + 1

    @property
    def nbytes(self):
        return self.symbols.nbytes

    def __len__(self):
        return len(self.symbols)

    def __getitem__(self, rows):
        return OneHot(self.symbols[rows], self.size)

    def __repr__(self):
        return f'OneHot{self.shape}'

    def __array__(self, dtype=None, copy=None):
        """The vectors, one byte an element unless another type is asked for."""
        X = np.zeros((self.symbols.size, self.size + 1), dtype or np.uint8)
        np.put_along_axis(X, self.symbols.reshape(-1, 1).astype(np.intp), 1, axis=-1)
        return X[:, :-1].reshape(self.shape)

    def __matmul__(self, U):
        """Rows of U (e, u), shape (m, ..., u)."""
        return np.vstack([U, np.zeros_like(U[:1])]).take(self.symbols, axis=0)

    def transpose_matmul(self, dZ):
        """X.T @ dZ over all vectors, shape (e, u): each row of dZ (m, ..., u) is added to
        the row of its symbol."""
        n = self.symbols.size
        X = csr_array((np.ones(n, dZ.dtype), self.symbols.ravel(), np.arange(n + 1)),
                      shape=(n, self.size + 1))
        return (X.T @ dZ.reshape(n, -1))[:-1]
