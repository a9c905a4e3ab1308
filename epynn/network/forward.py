"""How does X become the output of the network?"""
import numpy as np

from epynn.speed.one_hot import OneHot


def model_forward(model, X, lengths=None):
    """Pass X through all layers, each receiving what the one before returns.

    As in training: caches are kept and Dropout drops. :meth:`.EpyNN.predict` does neither.

    Parameters
    ----------
    X : numpy.ndarray, shape (m, ...)
    lengths : numpy.ndarray of int, shape (m,), optional
        Steps of each sample, where they differ.

    Returns
    -------
    numpy.ndarray, shape (m, c)
    """
    model.check_ready('go forward')
    model.embedding.dtype = model.dtype         # several networks may share one Embedding
    A = X if isinstance(X, OneHot) else np.asarray(X)
    for layer in model.layers:
        A = layer.forward(A, lengths)
    return A
