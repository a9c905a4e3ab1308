"""How do data become training, validation and test set, and batches?"""
from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.dataset import dataSet
from epynn.embedding import encoding

if TYPE_CHECKING:
    from epynn.embedding.models import Embedding

Sizes = tuple[float, float, float]


def three_sizes(owner: str, name: str, value: Any) -> Sizes:
    """A check: three numbers, none below 0 and not all 0, as a tuple."""
    sizes = tuple(value) if np.iterable(value) else (value,)
    if len(sizes) != 3 or not all(isinstance(n, numbers.Real) and 0 <= float(n) < np.inf
                                  for n in sizes) or sum(sizes) == 0:
        raise ValueError(f'{owner} expects {name} to be three numbers, those of training, '
                         f'validation and test set, none below 0 and not all 0, got {value!r}')
    return sizes[0], sizes[1], sizes[2]


def embedding_prepare(layer: Embedding, X_data: Any, Y_data: Any) -> None:
    """Encode and scale, then split in order; learns the vocabulary and the range."""
    layer.dtrain, layer.dval, layer.dtest = (dataSet(name=n) for n in ('dtrain', 'dval', 'dtest'))
    layer.order = []
    if X_data is None:
        if Y_data is not None:
            raise ValueError('Embedding expects X_data where there is Y_data, got None')
        return
    X, lengths = encoding.read_samples(X_data, layer.X_encode)
    Y = None if Y_data is None else encoding.read_labels(Y_data, layer.Y_encode, len(X))
    if layer.X_encode:
        layer.e2i = encoding.vocabulary(X, lengths)
        layer.i2e = {i: e for e, i in layer.e2i.items()}
    if layer.X_scale:
        if layer.X_encode:
            raise ValueError('Embedding expects X_encode or X_scale, got both: symbols have no '
                             'range, leave X_scale out')
        layer.x_range = encoding.value_range(X, lengths)
    data, start = dataSet(embedding_transform(layer, X, lengths), Y, lengths=lengths), 0
    for dset, size in zip((layer.dtrain, layer.dval, layer.dtest),
                          split(len(data), layer.relative_size), strict=True):
        part = data.take(slice(start, start + size))
        part.name = dset.name
        setattr(layer, dset.name, part)
        start += size
    if not layer.dtrain.active:
        raise ValueError(f'Embedding expects a training set, got none of {len(data)} samples with '
                         f'relative_size={layer.relative_size}: give the first a larger share')
    layer.order = list(range(len(layer.dtrain)))


def embedding_transform(layer: Embedding, X: np.ndarray, lengths: np.ndarray | None) -> Any:
    """One-hot encode or scale an array of samples, with what was learned of the training data."""
    if layer.e2i:
        return encoding.encode(X, layer.e2i, lengths)
    if layer.x_range:
        return encoding.scale(X, *layer.x_range, lengths)
    return X


def embedding_inputs(layer: Embedding, X_data: Any, steps: int = 0) -> dataSet:
    """A dataSet of new samples, encoded and scaled like the training data, padded to steps."""
    X, lengths = encoding.read_samples(X_data, bool(layer.e2i), steps)
    return dataSet(embedding_transform(layer, X, lengths), lengths=lengths)


def split(n: int, relative_size: Sizes) -> tuple[int, int, int]:
    """Sizes of the sets: rounded shares of n, and to the last what the others leave."""
    total = sum(relative_size)
    train = round(relative_size[0] / total * n)
    val = min(round(relative_size[1] / total * n), n - train)
    return train, val, n - train - val


def embedding_restart(layer: Embedding, seed: int, shuffles: int = 0) -> None:
    """The training samples in the order after so many shuffles, with that seed.

    Data are not saved with a model: their order follows from the seed and that number.
    """
    layer.order, layer.rng = list(range(len(layer.dtrain))), np.random.default_rng(seed)
    layer.shuffles = 0
    for _ in range(shuffles):
        layer.shuffle()


def embedding_shuffle(layer: Embedding) -> None:
    """A new order of the training samples, made in place of the one before."""
    layer.rng.shuffle(layer.order)
    layer.shuffles += 1


def embedding_batches(layer: Embedding, order: list[int] | None = None) -> list[list[int]]:
    """Training samples of each batch: consecutive parts of an order, the last incomplete left out.

    Where there are fewer samples than the batch size, they are one batch.

    Parameters
    ----------
    order : list of int, optional
        That of the current epoch by default.
    """
    order = layer.order if order is None else order
    size = min(layer.batch_size or len(order), len(order)) or 1
    return [order[i:i + size] for i in range(0, len(order) - size + 1, size)]
