"""How does a window move over an image? Its positions, and what it covers at each of them."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

Pair = tuple[int, int]


def output_size(owner: str, image: tuple[int, ...], window: Pair, strides: Pair) -> Pair:
    """Number of positions (oh, ow) of a window that moves over an image in strides."""
    if any(size > room for size, room in zip(window, image, strict=True)):
        raise ValueError(f'{owner} expects images of {window[0]} x {window[1]} or more, the '
                         f'size of its window, got {image[0]} x {image[1]}: take a smaller window, '
                         'or larger images, or leave out a layer that made them this small')
    return ((image[0] - window[0]) // strides[0] + 1, (image[1] - window[1]) // strides[1] + 1)


def window_slices(window: Pair, strides: Pair, positions: Pair) -> Iterator[tuple[int, int, Any]]:
    """For each place (i, j) in the window, the pixels that it covers at all positions at once.

    Yields
    ------
    i, j : int
    pixels : tuple of slice
        Index of an array (m, oh, ow, d) in the images (m, h, w, d).
    """
    (sh, sw), (oh, ow) = strides, positions
    for i, j in np.ndindex(*window):
        yield i, j, np.s_[:, i:i + (oh - 1) * sh + 1:sh, j:j + (ow - 1) * sw + 1:sw]


def patches(X: np.ndarray, window: Pair, strides: Pair, ones: int = 0) -> np.ndarray:
    """The patches of images (m, h, w, d) that a window covers, one row each (im2col).

    Parameters
    ----------
    X : numpy.ndarray, shape (m, h, w, d)
    window, strides : tuple of two int
    ones : int
        So many pixels of value 1 at the end of each row.

    Returns
    -------
    numpy.ndarray, shape (m, oh ow, fh fw d + ones)
    """
    pixels = window[0] * window[1] * X.shape[3]
    seen = sliding_window_view(X, window, axis=(1, 2))[:, ::strides[0], ::strides[1]]
    seen = seen.transpose(0, 1, 2, 4, 5, 3)                 # (m, oh, ow, fh, fw, d)

    rows = np.empty((*seen.shape[:3], pixels + ones), X.dtype)
    rows[..., :pixels].reshape(seen.shape)[:] = seen
    rows[..., pixels:] = 1
    return rows.reshape(len(X), -1, rows.shape[-1])
