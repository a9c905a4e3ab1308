"""How do data become training, validation and test set, and batches?"""
import numbers

import numpy as np

from epynn.embedding import encoding
from epynn.commons.checks import positive_integer
from epynn.commons.models import dataSet


def check_batch_size(batch_size):
    """A positive integer, or None for all samples at once."""
    return batch_size if batch_size is None else positive_integer('Embedding', 'batch_size',
                                                                  batch_size)


def check_relative_size(relative_size):
    """Three numbers, none below 0 and not all 0, as a tuple."""
    sizes = tuple(relative_size) if np.iterable(relative_size) else (relative_size,)
    if (len(sizes) != 3 or not all(isinstance(n, numbers.Real) and 0 <= n < np.inf for n in sizes)
            or sum(sizes) == 0):
        raise ValueError('Embedding expects relative_size to be three numbers, those of training, '
                         'validation and test set, none below 0 and not all 0, '
                         f'got {relative_size!r}')
    return sizes


def embedding_prepare(layer, X_data, Y_data):
    """Encode and scale, then split in order; learns the vocabulary and the range."""
    layer.dtrain, layer.dval, layer.dtest = (dataSet(name=n) for n in ('dtrain', 'dval', 'dtest'))
    layer.order = []
    if X_data is None:
        if Y_data is not None:
            raise ValueError('Embedding expects X_data where there is Y_data, got None')
        return
    settings = layer.se_dataset
    X, lengths = io.read_samples(X_data, settings['X_encode'])
    Y = None if Y_data is None else io.read_labels(Y_data, settings['Y_encode'], len(X))
    if settings['X_encode']:
        layer.e2i = io.vocabulary(X, lengths)
        layer.i2e = {i: e for e, i in layer.e2i.items()}
    if settings['X_scale']:
        if settings['X_encode']:
            raise ValueError('Embedding expects X_encode or X_scale, got both: symbols have no '
                             'range, leave X_scale out')
        layer.x_range = io.value_range(X, lengths)
    X = embedding_transform(layer, X, lengths)

    data, start = dataSet(X, Y, lengths=lengths), 0
    for dset, size in zip((layer.dtrain, layer.dval, layer.dtest),
                          split(len(data), settings['relative_size']), strict=True):
        part = data.take(slice(start, start + size))
        part.name = dset.name
        setattr(layer, dset.name, part)
        settings[f'{dset.name}_size'] = size
        start += size
    if not layer.dtrain.active:
        raise ValueError(f'Embedding expects a training set, got none of {len(data)} samples with '
                         f'relative_size={settings["relative_size"]}: '
                         'give the first a larger share')
    layer.order = list(range(len(layer.dtrain)))


def embedding_transform(layer, X, lengths):
    """One-hot encode or scale an array of samples, with what was learned of the training data."""
    if layer.e2i:
        return io.encode(X, layer.e2i, lengths)
    if layer.x_range:
        return io.scale(X, *layer.x_range, lengths)
    return X


def embedding_inputs(layer, X_data, steps=0):
    """A dataSet of new samples, encoded and scaled like the training data, padded to steps."""
    X, lengths = io.read_samples(X_data, bool(layer.e2i), steps)
    return dataSet(embedding_transform(layer, X, lengths), lengths=lengths)


def split(n, relative_size):
    """Sizes of the sets: rounded shares of n, and to the last what the others leave."""
    total = sum(relative_size)
    train = round(relative_size[0] / total * n)
    val = min(round(relative_size[1] / total * n), n - train)
    return train, val, n - train - val


def embedding_batches(layer, order):
    """Training samples of each batch: consecutive parts of an order, the last incomplete left out.

    Where there are fewer samples than the batch size, they are one batch.
    """
    size = min(layer.se_dataset['batch_size'] or len(order), len(order)) or 1
    return [order[i:i + size] for i in range(0, len(order) - size + 1, size)]
