"""How does X become the output of the network?"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.checks import shown
from epynn.network.checks import check_lengths
from epynn.speed.one_hot import OneHot

if TYPE_CHECKING:
    from epynn.network.models import EpyNN


def as_numbers(X: Any) -> np.ndarray:
    """An array of numbers, or an error for anything else, such as text."""
    A = np.asarray(X)
    if A.dtype.kind not in 'biufc':
        raise ValueError(f'forward expects numbers, got {shown(X)}: predict(X) takes samples as '
                         'they were given to Embedding, and encodes them')
    return A


def model_forward(model: EpyNN, X: Any, lengths: np.ndarray | None = None) -> Any:
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

    Raises
    ------
    ValueError
        Where lengths are no steps of each sample, or the shape is not what a layer expects.
    """
    model.check_ready('go forward')
    A = X if isinstance(X, OneHot) else as_numbers(X)
    lengths = check_lengths(A, lengths)
    for layer in model.layers:
        A = layer.forward(A, lengths)
    return A
