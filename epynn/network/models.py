"""What is a network? Layers in a row, and what is done with them."""
from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from epynn.commons.arguments import explained
from epynn.commons.checks import flag, shown
from epynn.commons.dataset import dataSet
from epynn.commons.loss import losses
from epynn.commons.models import Layer
from epynn.commons.optimizers import clip_norm
from epynn.commons.recurrence import Recurrent
from epynn.commons.words import hint
from epynn.display.console import print_summary
from epynn.display.html import Metrics, model_html
from epynn.display.plot import model_plot
from epynn.embedding.dataset import scale
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.network.backward import model_backward
from epynn.network.checks import check_encoding, check_kind, check_targets
from epynn.network.evaluate import model_evaluate, model_infer, new_samples
from epynn.network.file import model_write
from epynn.network.forward import model_forward
from epynn.network.initialization import model_initialize
from epynn.network.names import unique_name
from epynn.network.report import model_report
from epynn.network.training import model_train
from epynn.settings import se_hPars as default_hPars


class EpyNN:
    """A neural network: an Embedding with the data, then layers, each fed by the one before.

    Parameters
    ----------
    layers : list of Layer
        The first is an :class:`~epynn.embedding.models.Embedding`. Several networks may be given
        the same one: each has a view of it, ``model.embedding``, with outputs of its own. Other
        layers belong to one network.
    name : str, default 'EpyNN'

    Attributes
    ----------
    layers : list of Layer
    embedding : Embedding
        The first layer. Assign another to train or evaluate on other data.
    name, uname : str
        Its name, and ``<unix time>_<name>``, which files are called by; another network of that
        name and second is ``<unix time>_<name>_2``.
    initialized : bool
    e, epochs : int
        Epochs completed, and to complete.
    batch : int
        Batches completed in the epoch under way.
    minibatch : dataSet or None
        The batch that training is at, with the outputs ``A``.
    stop_training : bool
        Set it in a :class:`~epynn.network.callbacks.Callback` to end training after this batch.
    metrics : dict
        ``{name: [values on dtrain, on dval, on dtest]}``, one value an epoch.
    seed : int
        What the random numbers of all layers follow from.
    loss : str
        Name of the loss.
    functions : dict
        A loss and metrics of one's own, by name.
    class_weights : dict or None
        How much each label counts in the loss, by label, where they do not all count 1.
    se_hPars : dict
        Hyperparameters of the network.
    dtype : numpy.dtype
        Precision of everything that it computes.

    Raises
    ------
    ValueError
        Where the layers are not layers, or not in an order that could work.

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

    @explained
    def __init__(self, layers: Iterable[Layer], name: str = 'EpyNN') -> None:
        self.layers = checked_layers(layers)
        self.name = str(name)
        self.uname = unique_name(self.name)
        self.initialized = self.stop_training = False
        self.e = self.epochs = self.batch = 0
        self.minibatch: dataSet | None = None
        self.metrics, self.se_hPars = Metrics(), dict(default_hPars)
        self.loss, self.dtype = 'MSE', np.dtype('float64')
        self.functions: dict[str, Callable[..., Any]] = {}
        self.class_weights: dict[int, float] | None = None
        self.seed = 0
        self.task = 'classes'           # what it learns: 'classes', 'labels' or 'values'
        self.steps = 0                  # of the sequences that it was initialized with
        self.sample_shape: tuple[int, ...] | None = None    # of the samples of then
        self.padded = False             # whether some of these were shorter
        self.per_step = False           # whether targets are for each step
        self.token = object()           # what the layers with its parameters hold
        self.layers[0] = self.embedding.view()
        self.number_layers()

    initialize = model_initialize
    forward = model_forward
    backward = model_backward
    train = model_train
    evaluate = model_evaluate
    report = model_report
    summary = print_summary
    plot = model_plot
    write = model_write
    _repr_html_ = model_html

    def __getattr__(self, name: str) -> Any:
        """An error that names what does here what other libraries call so."""
        raise AttributeError(f'EpyNN has no {name}{hint(name, public(type(self)))}')

    def __call__(self, *args: Any, **given: Any) -> Any:
        """An error that names what gives outputs: a network is no function."""
        raise TypeError('EpyNN is not called as a function: predict(X) has the outputs A of '
                        'samples, forward(X) is the forward pass of training')

    def __repr__(self) -> str:
        return f'{type(self).__name__}({self.layers!r}, name={self.name!r})'

    @property
    def embedding(self) -> Embedding:
        first = self.layers[0]
        assert isinstance(first, Embedding)     # for type checkers: nothing else can be there
        return first

    @embedding.setter
    def embedding(self, embedding: Embedding) -> None:
        if not isinstance(embedding, Embedding):
            raise ValueError('EpyNN expects an Embedding as its first layer, '
                             f'got {type(embedding).__name__}')
        if self.initialized:
            check_encoding(self.embedding, embedding)
            if embedding.dtrain.Y is not None:
                check_targets(self.loss, self.layers[-1], embedding.dsets)
                for dset in embedding.dsets:
                    check_kind(self.task, dset.view())
        shuffles, view = self.embedding.shuffles, embedding.view()
        for dset in (view.dtrain, view.dval, view.dtest):
            dset.kind = self.task if self.initialized and dset.kind else dset.kind
        view.index, view.dtype, view.se_hPars.maps[1] = 0, self.dtype, self.se_hPars
        if self.initialized:
            view.restart_order(self.seed + 1, shuffles)
            if embedding.dtrain.Y is None:      # data to predict of: the classes are as they were
                view.y_transform = self.embedding.y_transform
                vars(view)['Y_encode'] = self.embedding.Y_encode
        self.layers[0] = self.flat[0] = view

    @property
    def loss_function(self) -> Callable[..., Any]:
        """The loss, ``f(Y, A, deriv=False)``."""
        return self.functions.get(self.loss) or losses[self.loss]

    def walk(self) -> Iterator[Layer]:
        """All layers, and the layers in them."""
        return iter(self.flat)

    def number_layers(self) -> None:
        """Note all layers, and the layers in them, which have the position of both, as '2.0'."""
        def number(layers: list[Layer], before: str) -> None:
            for i, layer in enumerate(layers):
                layer.index = f'{before}{i}' if before else i
                self.flat.append(layer)
                number(layer.sublayers, f'{layer.index}.')
        self.flat: list[Layer] = []
        number(self.layers, '')

    def claim_layers(self) -> None:
        """Take the layers, and their parameters, from any other network that they were in."""
        self.number_layers()
        for layer in self.walk():
            layer.network = self.token
        for i, layer in enumerate(self.layers):
            layer.o['seed'] = self.seed + 1 + i

    def check_ready(self, what: str) -> None:
        """An error if there are no parameters yet, or another network has taken them."""
        if not self.initialized:
            raise RuntimeError(f'EpyNN cannot {what} before it is initialized: '
                               'call initialize() or train() first')
        for layer in self.layers[1:]:
            if layer.network is not self.token:
                raise RuntimeError(f'EpyNN cannot {what}: the parameters of {layer.title} belong '
                                   'to another network, or to none. Make a layer of its own for '
                                   'each network, or initialize() this one again')

    def steps_are_fixed(self) -> bool:
        """Whether weights are tied to steps: by a Flatten somewhere after a recurrent layer, or by
        any, where sequences were padded."""
        kinds = [Flatten if isinstance(layer, Flatten) else Recurrent
                 for layer in self.walk() if isinstance(layer, (Flatten, Recurrent))]
        return Flatten in kinds and (kinds[0] is Recurrent or self.padded)

    def skip_gradient_by_data(self) -> None:
        """Spare the first layer that learns the gradient with respect to the data."""
        learns = [any(inner.p and inner.trainable for inner in layer.walk())
                  for layer in self.layers]
        for i, layer in enumerate(self.layers):
            layer.needs_dX = True not in learns or i != learns.index(True)

    def update_parameters(self) -> None:
        """One step of the optimizer in every layer, at the learning rate of this epoch; outside
        ``train``, where epochs have no rate, at the ``learning_rate`` of the layer."""
        learning = [layer for layer in self.walk() if layer.p and layer.trainable]
        if max_norm := self.se_hPars.get('max_norm', 0):
            clip_norm(learning, max_norm)
        for layer in learning:
            rates = layer.lrate[self.e:] or [layer.se_hPars['learning_rate']]
            layer.update_parameters(rates[0])

    def inference(self) -> EpyNN:
        """A light copy to predict with, see :meth:`.Layer.inference`."""
        other = object.__new__(type(self))
        vars(other).update(vars(self))
        rng = np.random.default_rng()
        other.layers = other.flat = [layer.inference(rng) for layer in self.layers]
        return other

    @explained
    def predict(self, X_data: Any, X_encode: bool = False,
                X_scale: bool | str = False) -> dataSet:
        """Outputs and predicted labels of new samples.

        It can be called from several threads at once, also while another one trains.

        Parameters
        ----------
        X_data : array_like or sequence, m samples
            As given to Embedding. They are encoded or scaled like the training data.
        X_encode, X_scale : bool, or str for X_scale
            Said again, for the reader. Where they differ from what the network was trained with,
            or were left out, the latter is done, and a warning says so.

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
        for name, given in (('X_encode', flag('predict', 'X_encode', X_encode)),
                            ('X_scale', scale('predict', 'X_scale', X_scale))):
            trained = getattr(embedding, name)
            if given != trained:
                warnings.warn(f'predict treats X_data as in training, with {name}={trained!r}, not '
                              f'with {name}={given!r}: call predict(X_data, {name}={trained!r})',
                              UserWarning, stacklevel=3)
        dset = new_samples(self, 'predict', X_data)
        model_infer(self.inference(), dset)
        return dset


def public(kind: type) -> list[str]:
    """Names that a class has for its users."""
    return [name for name in dir(kind) if not name.startswith('_')]


def checked_layers(layers: Any) -> list[Layer]:
    """A list of layers that begins with an Embedding, or an error that says what is wrong."""
    if not np.iterable(layers):
        raise ValueError(f'EpyNN expects a list of layers, got {type(layers).__name__}')
    layers, seen = list(layers), set()
    for i, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            made = ': write it with parentheses' if isinstance(layer, type) else ''
            raise ValueError(f'EpyNN expects layers, got {shown(layer)} at position {i}{made}')
        for inner in layer.walk():
            if id(inner) in seen:
                raise ValueError(f'EpyNN expects each layer once, got the same {inner.title} again '
                                 f'at position {i}: make another instance')
            seen.add(id(inner))
        if isinstance(layer, Embedding) != (i == 0):
            raise ValueError('EpyNN expects an Embedding as its first layer and nowhere else, '
                             f'got {type(layer).__name__} at position {i}')
    if len(layers) < 2:
        raise ValueError('EpyNN expects an Embedding and at least one more layer, '
                         f'got {len(layers)} in all')
    return layers
