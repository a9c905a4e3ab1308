"""What is a network? Layers in a row, and what is done with them."""
import re
import time

import numpy as np

from epynn.commons.checks import flag, shown
from epynn.commons.library import model_write
from epynn.commons.models import Layer
from epynn.display.html import Metrics, model_html
from epynn.display.plot import model_plot
from epynn.commons.recurrence import Recurrent
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.network.backward import model_backward
from epynn.network.evaluate import model_evaluate, model_infer
from epynn.network.forward import model_forward
from epynn.network.initialization import model_initialize
from epynn.network.report import model_report, model_summary
from epynn.network.training import model_train
from epynn.settings import se_hPars as default_hPars


class EpyNN:
    """A neural network: an Embedding with the data, then layers, each fed by the one before.

    Parameters
    ----------
    layers : list of Layer
        The first is an :class:`~epynn.embedding.models.Embedding`.
    name : str, default 'EpyNN'

    Attributes
    ----------
    layers : list of Layer
    embedding : Embedding
        The first layer. Assign another to train or evaluate on other data.
    name, uname : str
        Its name, and ``<unix time>_<name>``, which files are called by.
    initialized : bool
    e, epochs : int
        Epochs completed, and to complete.
    metrics : dict
        ``{name: [values on dtrain, on dval, on dtest]}``, one value an epoch.
    seed : int
        What the random numbers of all layers follow from.

    Examples
    --------
    >>> import numpy as np
    >>> from epynn import Dense, Embedding, EpyNN
    >>> X = np.random.default_rng(0).random((100, 2))
    >>> Y = (X[:, 0] > X[:, 1]).astype(int)
    >>> model = EpyNN([Embedding(X, Y), Dense()])
    >>> model.initialize(seed=1)            # doctest: +SKIP
    >>> model.train(epochs=100)             # doctest: +SKIP
    """

    def __init__(self, layers, name='EpyNN'):
        if not np.iterable(layers):
            raise ValueError(f'EpyNN expects a list of layers, got {type(layers).__name__}')
        layers, seen = list(layers), set()
        for i, layer in enumerate(layers):
            if not isinstance(layer, Layer):
                made = ': write it with parentheses' if isinstance(layer, type) else ''
                raise ValueError(f'EpyNN expects layers, got {shown(layer)} at position {i}{made}')
            if id(layer) in seen:
                raise ValueError(f'EpyNN expects each layer once, got the same {layer.title} again '
                                 f'at position {i}: make another instance')
            seen.add(id(layer))
            if isinstance(layer, Embedding) != (i == 0):
                raise ValueError('EpyNN expects an Embedding as its first layer and nowhere else, '
                                 f'got {type(layer).__name__} at position {i}')
        if len(layers) < 2:
            raise ValueError('EpyNN expects an Embedding and at least one more layer, '
                             f'got {len(layers)} in all')
        self.layers = layers
        for i, layer in enumerate(layers):
            layer.index = i
        self.name = str(name)
        self.uname = f'{int(time.time())}_' + re.sub(r'[^-.\w]+', '_', self.name)[:200]
        self.initialized = False
        self.e = self.epochs = self.batch = self.shuffles = 0
        self.metrics, self.se_hPars = Metrics(), dict(default_hPars)
        self.seed, self.loss, self.dtype = None, 'MSE', np.dtype('float64')
        self.order, self.steps = [], 0
        self.key = object()             # what the layers with its parameters hold

    @property
    def embedding(self):
        return self.layers[0]

    @embedding.setter
    def embedding(self, embedding):
        if not isinstance(embedding, Embedding):
            raise ValueError('EpyNN expects an Embedding as its first layer, '
                             f'got {type(embedding).__name__}')
        if self.initialized and list(embedding.e2i) != list(self.embedding.e2i):
            raise ValueError('EpyNN expects an Embedding with the symbols that it was trained on, '
                             f'{list(self.embedding.e2i)}, got {list(embedding.e2i)}')
        if self.initialized and embedding.x_range != self.embedding.x_range:
            raise ValueError('EpyNN expects an Embedding with the range that it was trained on, '
                             f'{self.embedding.x_range}, got {embedding.x_range}: scale the '
                             'features before the Embedding')
        embedding.index, embedding.dtype, embedding.rng = 0, self.dtype, self.embedding.rng
        embedding.bind(self.se_hPars)
        self.layers[0], self.order = embedding, []

    initialize = model_initialize
    forward = model_forward
    backward = model_backward
    train = model_train
    evaluate = model_evaluate
    report = model_report
    summary = model_summary
    plot = model_plot
    write = model_write
    _repr_html_ = model_html

    def __repr__(self):
        return f'EpyNN({self.layers!r}, name={self.name!r})'

    def check_ready(self, what):
        """An error if there are no parameters yet."""
        if not self.initialized:
            raise RuntimeError(f'EpyNN cannot {what} before it is initialized: '
                               'call initialize() or train() first')
        for layer in self.layers[1:]:
            if layer.owner is not self.key:
                raise RuntimeError(f'EpyNN cannot {what}: the parameters of {layer.title} belong '
                                   'to another network, or to none. Make a layer of its own for '
                                   'each network, or initialize() this one again')

    def own(self):
        """Take the layers, and their parameters, from any other network that they were in."""
        for i, layer in enumerate(self.layers):
            layer.index, layer.owner = i, self.key

    def restart_shuffling(self):
        """The order of the training samples as they were given, and the generator that shuffles it.

        The generator is that of position 0, the Embedding; it belongs to the network, for
        several networks may share one Embedding.
        """
        self.order = list(range(len(self.embedding.dtrain)))
        self.shuffler = np.random.default_rng(self.seed + 1)
        self.shuffles = 0

    def shuffle(self):
        """A new order of the training samples, made in place of the one before."""
        self.shuffler.shuffle(self.order)
        self.shuffles += 1
        self.embedding.order = self.order

    def steps_are_fixed(self):
        """Whether weights are tied to steps, by a Flatten somewhere after a recurrent layer."""
        kinds = [Flatten if isinstance(layer, Flatten) else Recurrent
                 for layer in self.layers if isinstance(layer, (Flatten, Recurrent))]
        return kinds[:1] == [Recurrent] and Flatten in kinds

    def stop_at_first_parameters(self):
        """Spare the first layer that learns the gradient by the data: nobody asks for it."""
        learning = [layer for layer in self.layers if layer.p]
        for layer in learning:
            layer.needs_dX = layer is not learning[0]

    def update_parameters(self):
        """One step of gradient descent in every layer, at the learning rate of this epoch."""
        for layer in self.layers:
            if layer.p:
                layer.update_parameters(layer.lrate[self.e])

    def predict(self, X_data, X_encode=False, X_scale=False):
        """Outputs and predicted labels of new samples.

        Parameters
        ----------
        X_data : array_like or sequence, m samples
            As given to Embedding. They are encoded or scaled like the training data.
        X_encode, X_scale : bool
            Said again, for the reader; they have to agree with the training data.

        Returns
        -------
        dataSet
            With ``ids``, ``X``, outputs ``A`` (m, c) and predicted labels ``P`` (m,).

        Raises
        ------
        RuntimeError
            If the network was never initialized.
        ValueError
            Where samples do not fit the training data.
        """
        self.check_ready('predict')
        embedding = self.embedding
        for name, given, trained in (('X_encode', X_encode, bool(embedding.e2i)),
                                     ('X_scale', X_scale, bool(embedding.x_range))):
            given = flag('predict', name, given)
            if given != trained:
                raise ValueError(f'predict expects {name}={trained}, as the network was trained, '
                                 f'got {name}={given}')
        steps = self.steps if self.steps_are_fixed() else 0
        dset = embedding.inputs(X_data, steps)
        if steps and dset.inputs.shape[1] > steps:
            raise ValueError(f'predict expects sequences of {steps} steps or less, got '
                             f'{dset.inputs.shape[1]}: the Dense layer after Flatten has weights '
                             'for as many steps as there were in training')
        dset.name = 'predict'
        model_infer(self, dset)
        return dset
