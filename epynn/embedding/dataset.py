"""How do data become training, validation and test set, and batches?"""
from __future__ import annotations

import numbers
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.checks import flag, shown
from epynn.commons.dataset import dataSet
from epynn.commons.metrics import kind_of
from epynn.embedding.encoding import SCALES, Classes, Symbols
from epynn.embedding.samples import listed, read_labels, read_samples, read_weights, steps_of

if TYPE_CHECKING:
    from epynn.embedding.models import Embedding

Sizes = tuple[float, float, float]
SETS = {'dtrain': 'training', 'dval': 'validation', 'dtest': 'test'}


def three_sizes(owner: str, name: str, value: Any) -> Sizes:
    """A check: three numbers, none below 0 and not all 0, as a tuple."""
    sizes = tuple(value) if np.iterable(value) else (value,)
    if len(sizes) != 3 or not all(isinstance(n, numbers.Real) and 0 <= float(n) < np.inf
                                  for n in sizes) or sum(sizes) == 0:
        raise ValueError(f'{owner} expects {name} to be three numbers, those of training, '
                         f'validation and test set, none below 0 and not all 0, got {value!r}')
    return sizes[0], sizes[1], sizes[2]


def scale(owner: str, name: str, value: Any) -> bool | str:
    """A check: False, True, 'features' or 'standard'."""
    if isinstance(value, str) and value in SCALES:
        return value
    try:
        return flag(owner, name, value)
    except ValueError:
        raise ValueError(f"{owner} expects {name} to be True or False, 'features' or 'standard', "
                         f'got {shown(value)}') from None


def seed(owner: str, name: str, value: Any) -> int | None:
    """A check: an integer of 0 or more, or None."""
    if value is None or (isinstance(value, numbers.Integral) and not isinstance(
            value, bool) and int(value) >= 0):
        return None if value is None else int(value)
    raise ValueError(f'{owner} expects {name} to be a seed, an integer of 0 or more, or None, got '
                     f'{shown(value)}')


def embedding_prepare(layer: Embedding, X_data: Any, Y_data: Any, fitted: bool = False,
                      weights: Any = None) -> None:
    """Read the data, split them, learn how they become numbers, and make these of them."""
    layer.dtrain, layer.dval, layer.dtest = (dataSet(name=n) for n in SETS)
    layer.order = []
    if layer.X_encode and layer.X_scale:
        raise ValueError('Embedding expects X_encode or X_scale, got both: symbols have no '
                         'range, leave X_scale out')
    if X_data is None:
        if Y_data is not None:
            raise ValueError('Embedding expects X_data where there is Y_data, got None')
        if weights is not None:
            raise ValueError('Embedding expects X_data where there are weights, got None')
        return
    # (1) Read and check
    X, lengths = read_samples(X_data, layer.X_encode)
    Y = None if Y_data is None else read_labels(Y_data, layer.Y_encode, len(X),
                                                steps_of(X, lengths, layer.X_encode))
    of_each = read_weights(weights, len(X))

    if Y is not None and layer.stratify and Y.ndim > 2 - layer.Y_encode:
        raise ValueError('Embedding expects one label a sample with stratify=True, got one for '
                         'each step: leave stratify out')

    # (2) Which samples go to which set
    sets = rows_of_sets(len(X), Y, layer.relative_size, layer.shuffle, layer.stratify)
    if not len(sets[0]):
        raise ValueError(f'Embedding expects a training set, got none of {len(X)} samples with '
                         f'relative_size={layer.relative_size}: give the first a larger share')

    # (3) Learn how they become numbers, unless another Embedding has
    inputs = Symbols() if layer.X_encode else SCALES[layer.X_scale]()
    if not fitted or type(layer.x_transform) is not type(inputs):
        rows = sets[0] if inputs.fits_on_training else slice(None)
        layer.x_transform = inputs.fit(X[rows], None if lengths is None else lengths[rows])
    if Y is not None and layer.Y_encode and layer.y_transform is None:
        layer.y_transform = Classes().fit(Y, lengths)

    # (4) Numbers, and sets of them
    if Y is not None and layer.y_transform is not None:
        Y = layer.y_transform.transform(Y, lengths)
    data = dataSet(layer.x_transform.transform(X, lengths), Y, lengths=lengths, weights=of_each)
    for name, rows in zip(SETS, sets, strict=True):
        part = data.take(rows)
        part.name = name
        setattr(layer, name, part)
    layer.order = list(range(len(layer.dtrain)))
    warn_of_missing_classes(layer)


def rows_of_sets(n: int, Y: np.ndarray | None, relative_size: Sizes, shuffle: int | None,
                 stratify: bool) -> list[np.ndarray]:
    """Samples of each set, in the order given or shuffled; with the shares of each class kept."""
    order = np.arange(n)
    if shuffle is not None:
        order = np.random.default_rng(shuffle).permutation(n)
    groups, sizes = [order], [split(n, relative_size)]
    if stratify:
        if Y is None:
            raise ValueError('Embedding expects labels with stratify=True, got none: give Y_data')
        if Y.dtype.kind == 'f' and kind_of(Y.reshape(n, -1)) == 'values' and Y.ndim > 1:
            raise ValueError('Embedding expects classes with stratify=True, got targets that are '
                             'numbers: leave stratify out')
        _, labels, counts = np.unique(Y, axis=0, return_inverse=True, return_counts=True)
        by_label = order[np.argsort(labels.reshape(n)[order], kind='stable')]
        groups = np.split(by_label, np.cumsum(counts)[:-1])
        sizes = dealt([len(group) for group in groups], sizes[0])
    place = np.empty(n, int)
    place[order] = np.arange(n)
    sets: list[list[np.ndarray]] = [[], [], []]
    for group, parts in zip(groups, sizes, strict=True):
        for rows, part in zip(sets, np.split(group, np.cumsum(parts[:2])), strict=True):
            rows.append(part)
    joined = [np.concatenate(rows) for rows in sets]
    return [rows[np.argsort(place[rows])] for rows in joined]


def dealt(groups: list[int], sizes: tuple[int, int, int]) -> list[tuple[int, int, int]]:
    """Sizes of the three sets within each group: its share of each, to a sample or two.

    Samples are dealt one by one, each to the set that is furthest behind its share so far. So many
    small groups together get their shares too, where each alone would be rounded to none.
    """
    n, dealt_so_far, parts = sum(groups), [0, 0, 0], []
    for size in groups:
        before = list(dealt_so_far)
        for _ in range(size):
            k = sum(dealt_so_far) + 1
            behind = [k * share - n * got for share, got in zip(sizes, dealt_so_far, strict=True)]
            dealt_so_far[behind.index(max(behind))] += 1
        parts.append((dealt_so_far[0] - before[0], dealt_so_far[1] - before[1],
                      dealt_so_far[2] - before[2]))
    return parts


def split(n: int, relative_size: Sizes) -> tuple[int, int, int]:
    """Sizes of the sets: rounded shares of n, the last set with a share gets the rest."""
    total = sum(relative_size)
    train = round(relative_size[0] / total * n)
    if not relative_size[2]:
        train = train if relative_size[1] else n
        return train, n - train, 0
    val = min(round(relative_size[1] / total * n), n - train)
    return train, val, n - train - val


def warn_of_missing_classes(layer: Embedding) -> None:
    """A warning where a set has a class that the training set lacks, or lacks one of its classes,
    which in a set of this size would be chance less than once in a hundred times."""
    trained = layer.dtrain.b
    total = sum(trained.values())
    for dset in (layer.dval, layer.dtest):
        found = dset.b
        strange = [label for label in found if label not in trained]
        missing = [label for label, count in trained.items() if label not in found
                   and (1 - count / total)**len(dset) < 0.01]
        if not (found and trained and (strange or missing)):
            continue
        classes = None if layer.classes is None else layer.classes.tolist()
        names = [i if classes is None else classes[i] for i in strange or missing]
        what = 'holds labels that the training set lacks' if strange else \
            'lacks labels that the training set holds'
        remedy = 'there are too few samples of them for each set: get more, or leave them out'
        if not layer.stratify:
            remedy = 'stratify=True keeps the shares of each'
            if layer.shuffle is None:
                remedy = f'data sorted by label need shuffle=1, a seed, and {remedy}'
        warnings.warn(f'the {SETS[dset.name]} set {what}: {listed(names)}; {remedy}',
                      UserWarning, stacklevel=4)


def embedding_inputs(layer: Embedding, X_data: Any, steps: int = 0, Y_data: Any = None,
                     weights: Any = None) -> dataSet:
    """A dataSet of new samples, encoded and scaled like the training data, padded to steps."""
    X, lengths = read_samples(X_data, isinstance(layer.x_transform, Symbols), steps)
    encoded = isinstance(layer.x_transform, Symbols)
    Y = None if Y_data is None else read_labels(Y_data, layer.y_transform is not None, len(X),
                                                steps_of(X, lengths, encoded))
    if Y is not None and layer.y_transform is not None:
        Y = layer.y_transform.transform(Y, lengths)
    return dataSet(layer.x_transform.transform(X, lengths), Y, lengths=lengths,
                   weights=read_weights(weights, len(X)))


def embedding_restart(layer: Embedding, seed: int, shuffles: int = 0) -> None:
    """The training samples in the order after so many shuffles, with that seed.

    Data are not saved with a model: their order follows from the seed and that number.
    """
    layer.order, layer.rng = list(range(len(layer.dtrain))), np.random.default_rng(seed)
    layer.shuffles = 0
    for _ in range(shuffles):
        layer.reorder()


def embedding_reorder(layer: Embedding) -> None:
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
