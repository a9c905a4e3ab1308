"""What is an Embedding? Where data enter the network."""
from epynn.commons.checks import flag
from epynn.commons.models import Layer
from epynn.display.html import embedding_html
from epynn.embedding.backward import embedding_backward
from epynn.embedding.dataset import (
    check_batch_size,
    check_relative_size,
    embedding_batches,
    embedding_inputs,
    embedding_prepare,
)
from epynn.embedding.forward import embedding_forward


class Embedding(Layer):
    """First layer of every network: it holds the data, and turns features into numbers.

    Features are scaled or one-hot encoded if asked for, then split in order into training,
    validation and test set, and drawn in batches. It learns nothing.

    Parameters
    ----------
    X_data : array_like or sequence, m samples, optional
        Numbers, or with ``X_encode`` also strings and booleans. Sequences may be of unequal
        length: each (steps, elements), or (steps,) with ``X_encode``.
    Y_data : array_like, m labels, shape (m,), (m, 1) or (m, c), optional
    relative_size : tuple of three numbers, default (2, 1, 0)
        Sizes of training, validation and test set, relative to each other.
    batch_size : int, optional
        Samples in a batch; all of the training set by default. An incomplete last batch is
        left out, its samples come in another epoch.
    X_encode : bool, default False
        Whether to one-hot encode features: one more axis, of the e distinct elements, sorted.
    Y_encode : bool, default False
        Whether to one-hot encode labels, which have to be 0 to c - 1.
    X_scale : bool, default False
        Whether to scale all features to [0, 1], by the range they have together.

    Attributes
    ----------
    dtrain, dval, dtest : dataSet
    dsets : list of dataSet
        Those that are not empty.
    batch_dtrain : list of dataSet
        Batches of the training set, in the order of the current epoch.
    e2i, i2e : dict
        Index of each element, and the element of each index; empty without ``X_encode``.
    x_range : tuple of float or None
        Range of the features, with ``X_scale``.
    se_dataset : dict
        The settings above, and the sizes that came of them.

    Raises
    ------
    ValueError
        Where data are missing, unequal in number, not finite, or not of a kind that fits the
        settings; the message says which and what to do.
    """

    takes_one_hot = True
    not_saved = ('X_data', 'Y_data')

    def __init__(self, X_data=None, Y_data=None, relative_size=(2, 1, 0), batch_size=None,
                 X_encode=False, Y_encode=False, X_scale=False):
        super().__init__()
        self.se_dataset = {
            'relative_size': check_relative_size(relative_size),
            'batch_size': check_batch_size(batch_size),
            'X_encode': flag('Embedding', 'X_encode', X_encode),
            'Y_encode': flag('Embedding', 'Y_encode', Y_encode),
            'X_scale': flag('Embedding', 'X_scale', X_scale),
        }
        self.e2i, self.i2e, self.x_range = {}, {}, None
        self.prepare(X_data, Y_data)

    prepare = embedding_prepare
    inputs = embedding_inputs
    batches = embedding_batches
    forward_pass = embedding_forward
    backward_pass = embedding_backward

    _repr_html_ = embedding_html

    @property
    def dsets(self):
        return [dset for dset in (self.dtrain, self.dval, self.dtest) if dset.active]

    @property
    def batch_dtrain(self):
        return [self.dtrain.take(rows) for rows in self.batches(self.order)]
