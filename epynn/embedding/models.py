"""What is an Embedding? Where data enter the network."""
from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from epynn.commons.arguments import Argument
from epynn.commons.checks import flag, optional, positive_integer, shown
from epynn.commons.dataset import dataSet
from epynn.commons.models import Layer
from epynn.display.html import embedding_html
from epynn.embedding.backward import embedding_backward
from epynn.embedding.dataset import (
    SETS,
    Sizes,
    embedding_batches,
    embedding_inputs,
    embedding_prepare,
    embedding_reorder,
    embedding_restart,
    scale,
    seed,
    three_sizes,
)
from epynn.embedding.encoding import Classes, Range, Symbols, Unchanged
from epynn.embedding.forward import embedding_forward


class Embedding(Layer):
    """First layer of every network: it holds the data, and turns features into numbers.

    Features are scaled or one-hot encoded if asked for, split into training, validation and test
    set, and drawn in batches. It learns nothing.

    Parameters
    ----------
    X_data : array_like or sequence, m samples, optional
        Numbers, or with ``X_encode`` also strings and booleans. Sequences may be of unequal
        length: each (steps, elements), or (steps,) with ``X_encode``.
    Y_data : array_like, m labels, shape (m,), (m, 1) or (m, c), optional
        Where samples are sequences, there may be targets for each step: (m, s, c), or a list of
        one for each sample; with ``Y_encode`` labels (m, s), or a list of lists.
    relative_size : tuple of three numbers, default (2, 1, 0)
        Sizes of training, validation and test set, relative to each other.
    batch_size : int, optional
        Samples in a batch; all of the training set by default. An incomplete last batch is
        left out, its samples come in another epoch.
    X_encode : bool, default False
        Whether to one-hot encode features: one more axis, of the e distinct elements, sorted.
    Y_encode : bool, default False
        Whether to one-hot encode labels: numbers or text, one a sample. Labels 0 to c - 1 stay
        themselves, others are numbered in sorted order, see ``classes``.
    X_scale : {False, True, 'features', 'standard'}, default False
        ``True`` scales all features to [0, 1] by one range, that of all data given, as EpyNN 1.2.13
        does. The others look at the training set alone: ``'features'`` scales each feature to
        [0, 1] by its own range, ``'standard'`` gives each mean 0 and standard deviation 1. A
        feature is what stands at one place of the last axis.
    shuffle : int, optional
        A seed to shuffle the samples with before they are split; by default they are split in the
        order given.
    stratify : bool, default False
        Whether each set gets the same share of each class, as far as whole samples allow.
    like : Embedding, optional
        Encode and scale as this one has learned to, so that a network that was trained with it can
        be evaluated or trained on other data: ``like=model.embedding``.
    weights : array_like, shape (m,), optional
        How much each sample counts in the loss and its gradient, 0 or more; 1 by default. Metrics
        count each sample once, see :meth:`.EpyNN.evaluate`.

    Attributes
    ----------
    dtrain, dval, dtest : dataSet
    dsets : list of dataSet
        Those that are not empty.
    batch_dtrain : list of dataSet
        Batches of the training set, in the order of the current epoch.
    x_transform, y_transform
        What turns features and labels into numbers, see :mod:`epynn.embedding.encoding`.
    e2i, i2e : dict
        Index of each element, and the element of each index; empty without ``X_encode``.
    x_range : tuple of float or None
        Range of the features, with ``X_scale=True``.
    classes : numpy.ndarray or None
        What each label stands for, ``classes[dset.P]``; None without ``Y_encode``.
    se_dataset : mapping
        The settings above, and the sizes that came of them.
    order : list of int
        Training samples in the order of the current epoch.

    Raises
    ------
    ValueError
        Where data are missing, unequal in number, not finite, or not of a kind that fits the
        settings; the message says which and what to do.
    """

    takes_one_hot = True
    not_saved = ('X_data', 'Y_data', 'like', 'weights')

    relative_size = Argument(three_sizes, final=True)
    batch_size = Argument(optional(positive_integer))
    X_encode = Argument(flag, final=True)
    Y_encode = Argument(flag, final=True)
    X_scale = Argument(scale, final=True)
    shuffle = Argument(seed, final=True)
    stratify = Argument(flag, final=True)

    dtrain: dataSet
    dval: dataSet
    dtest: dataSet
    order: list[int]

    def __init__(self, X_data: Any = None, Y_data: Any = None, relative_size: Sizes = (2, 1, 0),
                 batch_size: int | None = None, X_encode: bool = False, Y_encode: bool = False,
                 X_scale: bool | str = False, shuffle: int | None = None, stratify: bool = False,
                 like: Embedding | None = None, weights: Any = None) -> None:
        super().__init__()
        self.relative_size, self.batch_size = relative_size, batch_size
        self.X_encode, self.Y_encode, self.X_scale = X_encode, Y_encode, X_scale
        self.shuffle, self.stratify = shuffle, stratify
        self.x_transform: Unchanged = Unchanged()
        self.y_transform: Classes | None = None
        self.shuffles = 0
        self.take_over(like)
        self.prepare(X_data, Y_data, fitted=like is not None, weights=weights)
        self.initialize_parameters()

    prepare = embedding_prepare
    inputs = embedding_inputs
    batches = embedding_batches
    reorder = embedding_reorder
    restart_order = embedding_restart
    forward_pass = embedding_forward
    backward_pass = embedding_backward

    _repr_html_ = embedding_html

    def take_over(self, like: Embedding | None) -> None:
        """What another Embedding has learned, and the settings that go with it."""
        if like is None:
            return
        if not isinstance(like, Embedding):
            raise ValueError('Embedding expects like to be an Embedding, such as model.embedding, '
                             f'got {shown(like)}')
        for name in ('X_encode', 'Y_encode', 'X_scale'):
            given, theirs = getattr(self, name), getattr(like, name)
            if given and given != theirs:
                raise ValueError(f'Embedding expects {name}={theirs!r}, as the one that it should '
                                 f'be like, got {given!r}: leave {name} out')
            vars(self)[name] = theirs
        self.x_transform, self.y_transform = like.x_transform, like.y_transform

    def initialize_parameters(layer) -> None:
        """There are none; the number of symbols that features are made of is noted."""
        if layer.e2i:
            layer.d['e'] = len(layer.e2i)

    @property
    def e2i(self) -> dict[Any, int]:
        return self.x_transform.e2i if isinstance(self.x_transform, Symbols) else {}

    @property
    def i2e(self) -> dict[int, Any]:
        return {i: element for element, i in self.e2i.items()}

    @property
    def x_range(self) -> tuple[float, float] | None:
        transform = self.x_transform
        return (transform.low, transform.high) if type(transform) is Range else None

    @property
    def classes(self) -> np.ndarray | None:
        return None if self.y_transform is None else np.array(self.y_transform.classes)

    @property
    def se_dataset(self) -> Mapping[str, Any]:
        """Its settings, and the sizes that came of them; to be read, not written."""
        return MappingProxyType({
            'relative_size': self.relative_size, 'batch_size': self.batch_size,
            'X_encode': self.X_encode, 'Y_encode': self.Y_encode, 'X_scale': self.X_scale,
            'shuffle': self.shuffle, 'stratify': self.stratify,
            **{f'{name}_relative': n for name, n in zip(SETS, self.relative_size, strict=True)},
            **{f'{dset.name}_size': len(dset) for dset in (self.dtrain, self.dval, self.dtest)}})

    @property
    def dsets(self) -> list[dataSet]:
        return [dset for dset in (self.dtrain, self.dval, self.dtest) if dset.active]

    @property
    def batch_dtrain(self) -> list[dataSet]:
        return [self.dtrain.take(rows) for rows in self.batches(self.order)]

    def view(self) -> Embedding:
        """The same data for a network of its own: what it makes of them, their order and batch size
        are its own, the samples are not copied."""
        other = self.inference()
        other.training, other.order = True, list(self.order)
        other.lrate, other.gradient_norms = [], []
        other.dtrain, other.dval, other.dtest = (
            dset.view() for dset in (self.dtrain, self.dval, self.dtest))
        return other
