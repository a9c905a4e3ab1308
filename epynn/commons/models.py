"""What do all layers have in common, and what is a set of data? Layer and dataSet."""
import inspect
from functools import partial

import numpy as np

from epynn.commons.checks import function_named, one_of, settings, shown
from epynn.display.console import print_arrays
from epynn.commons.maths import activations as known_activations
from epynn.commons.maths import clip_gradient, slopes, softmax
from epynn.display.html import dataset_html, layer_html
from epynn.speed.one_hot import OneHot, descend, norm
from epynn.settings import se_hPars as default_hPars


class Layer:
    """A step of the network: what every layer does the same way, so that its modules hold maths.

    A layer class fills holes and overrides nothing else:

    ======================== ==========================================================
    ``axes``                 names of the axes of its input, by letter; empty: any input
    ``fixed``                letters of the axes whose size its parameters depend on
    ``remedy``               what to do about an input of the wrong shape
    ``letters``              what letters of its own stand for, see :mod:`epynn.display.vocabulary`
    ``restart``              what a layer forgets when training begins anew, if anything
    ``compute_shapes``       sizes of its parameters, from the sizes of its input
    initialize_parameters    values they begin with
    ``forward_pass``         A from X; keeps what the backward pass needs in ``fc``
    ``backward_pass``        dL/dX from dL/dA; keeps what the gradients need in ``bc``
    ``compute_gradients``    dL/dW for each parameter W, into ``g['dW']``
    ======================== ==========================================================

    Attributes
    ----------
    p, g : dict
        Parameters, and the gradients of the loss by them: ``g['dW']`` for ``p['W']``.
    fc, bc : dict
        Forward and backward cache: the arrays of the last batch.
    fs, bs : dict
        Shapes of those arrays, and of the parameters.
    d : dict
        Dimensions, by letter: m samples, s steps, e elements, u units, n features ...
    o : dict
        Other scalars.
    activation : dict
        Names of the activation functions.
    se_hPars : dict
        Hyperparameters.
    lrate : list of float
        Learning rate of each epoch.
    gradient_norms : list of float
        L2 norm of all gradients of the layer together, those of the last batch of each epoch;
        empty where there is nothing to learn.
    training : bool
        Whether a forward pass keeps caches (and Dropout drops).
    """

    axes: dict = {}
    fixed: tuple = ()
    remedy = 'check the layers before it'
    letters: dict = {}
    takes_one_hot = False       # whether forward_pass takes a OneHot as it is
    clip_gradients = False
    not_saved: tuple = ()       # arguments of the constructor that hold data

    def __new__(cls, *args, **kwargs):
        """Keep the arguments, which are what a model file says of a layer."""
        layer = super().__new__(cls)
        takes = inspect.signature(cls)
        try:
            given = takes.bind_partial(*args, **kwargs).arguments
        except TypeError as error:
            raise TypeError(f'{cls.__name__} {error}: it takes '
                            f'{", ".join(takes.parameters) or "nothing"}') from None
        layer.arguments = {k: dict(v) if isinstance(v, dict) else v for k, v in given.items()
                           if k not in cls.not_saved}
        return layer

    def __init__(self, se_hPars=None, **activations):
        self.d, self.p, self.g, self.o = {}, {}, {}, {}
        self.fc, self.bc, self.fs, self.bs = {}, {}, {}, {}
        self.activation = {}
        for role, function in activations.items():
            function = function_named(type(self).__name__, role, function,
                                      known_activations, 'deriv')
            self.activation[role] = function.__name__
            setattr(self, role, function)
        self.own_hPars = None if se_hPars is None else dict(settings(type(self).__name__, se_hPars))
        self.se_hPars = dict(default_hPars)
        self.lrate, self.gradient_norms = [], []
        self.index = None               # position in the network
        self.rng = None
        self.dtype = np.dtype('float64')
        self.training = True
        self.needs_dX = True            # whether anybody asks for the gradient by the input
        self.lengths = None             # steps of each sample, where they differ
        self.owner = None               # of whose network its parameters are, a key that it holds
        self.input_shape = None         # of the last input
        self.output_shape = None        # of the last output in training

    # The holes, as a layer that learns nothing leaves them
    def compute_shapes(self):
        """Shapes of the parameters, by name."""
        return {}

    def restart(self):
        """Forget what was found out while training, if anything."""

    def initialize_parameters(self):
        """Values that the parameters begin with."""

    def compute_gradients(self):
        """Gradients of the loss by the parameters."""

    @property
    def title(self):
        """Its class, with the position in the network where it has one."""
        name = type(self).__name__
        return name if self.index is None else f'{name} (layer {self.index})'

    def refuse_softmax(self):
        """An error for softmax as an activation anywhere but in Dense."""
        for role, name in self.activation.items():
            if name == softmax.__name__:
                raise ValueError(f'{type(self).__name__} expects {role} to work element by '
                                 'element, got softmax: use softmax in a Dense layer')

    def bind(self, se_hPars):
        """Take hyperparameters, the layer's own where it has any, and pass them to functions."""
        own = self.own_hPars or {}
        for key in own:
            one_of(self.title, 'hyperparameter', key, default_hPars)
        self.se_hPars = {k: v.item() if isinstance(v, np.generic) else v        # weak in float32
                         for k, v in {**default_hPars, **se_hPars, **own}.items()}
        for role in self.activation:
            function = getattr(self, role)
            function = getattr(function, 'func', function)          # as it was before binding
            names = inspect.signature(function).parameters
            bound = {k: v for k, v in self.se_hPars.items() if k in names}
            setattr(self, role, partial(function, **bound) if bound else function)

    def slope(self, role, Z, A):
        """Slope of an activation at Z, where its value is A: those of sigmoid and tanh follow from
        the value, which spares computing it again."""
        function = getattr(self, role)
        return slopes[function](A) if function in slopes else function(Z, deriv=True)

    def build(self, X):
        """Make parameters for an input like X."""
        self.d = {k: v for k, v in self.d.items() if k not in self.axes}
        self.check(X)
        self.p, self.g = {}, {}
        self.initialize_parameters()
        shapes = self.compute_shapes()
        for name, W in self.p.items():
            if np.shape(W) != shapes.get(name, np.shape(W)):
                raise ValueError(f'{self.title} expects {name} to begin with shape '
                                 f'{shapes[name]}, got {np.shape(W)}: check initialization')
        self.allocate()
        keep_freed_memory()

    def allocate(self):
        """Parameters in the precision of the layer, room for a gradient of each, and shapes."""
        for name, W in self.p.items():
            self.p[name] = np.ascontiguousarray(W, dtype=self.dtype)
        self.g = {f'd{name}': np.zeros(W.shape, W.dtype) for name, W in self.p.items()}
        self.fs.update((name, W.shape) for name, W in self.p.items())

    def check(self, X):
        """Compare the shape of an input with what the layer expects, and note its dimensions."""
        self.input_shape = X.shape
        if not self.axes:
            return
        expected = ', '.join(f'{name} = {self.d[letter]}' if letter in self.fixed
                             and letter in self.d else name for letter, name in self.axes.items())
        if X.ndim != len(self.axes):
            remedy = self.remedy + (
                '; X[:, np.newaxis] makes a sample of each number, X[np.newaxis] one of them all'
                if X.ndim == 1 else '')
            raise ValueError(f'{self.title} expects input of shape ({expected}), '
                             f'got {X.shape}: {remedy}')
        sizes = dict(zip(self.axes, X.shape, strict=True))
        if any(self.d.get(letter, sizes[letter]) != sizes[letter] for letter in self.fixed):
            raise ValueError(f'{self.title} expects input of shape ({expected}), got {X.shape}: '
                             'its parameters were made for the former, give data of that size '
                             'or initialize the network again')
        self.d.update(sizes)

    def forward(self, X, lengths=None):
        """Output of the layer.

        Parameters
        ----------
        X : numpy.ndarray or OneHot, shape (m, ...)
        lengths : numpy.ndarray of int, shape (m,), optional
            Steps of each sample, where sequences of unequal length were padded at the end.

        Returns
        -------
        numpy.ndarray, shape (m, ...)

        Raises
        ------
        ValueError
            Where the shape is not what the layer expects.
        RuntimeError
            Where it has no parameters yet.
        """
        if isinstance(X, OneHot) and not self.takes_one_hot:
            X = np.asarray(X, dtype=self.dtype)
        elif not isinstance(X, (np.ndarray, OneHot)):
            X = np.asarray(X)
        kept = None if self.training else (self.fc, self.d.copy(), self.lengths)
        self.check(X)
        if not self.p and self.compute_shapes():
            raise RuntimeError(f'{self.title} has no parameters yet: initialize its network, or '
                               'call build(X) where it has none')
        self.lengths, self.fc = lengths, {}
        A = self.forward_pass(X)
        if self.training:
            self.fs.update((name, array.shape) for name, array in self.fc.items())
            self.output_shape = A.shape
        else:
            self.fc, self.d, self.lengths = kept        # as training left it
        return A

    def backward(self, dA):
        """Gradient of the loss by the input, given that by the output; gradients go to ``g``.

        Parameters
        ----------
        dA : numpy.ndarray, shape of the output

        Returns
        -------
        numpy.ndarray, shape of the input, or None where ``needs_dX`` is off

        Raises
        ------
        ValueError
            Where dA does not have the shape of the output of the last forward pass.
        """
        if np.shape(dA) != self.output_shape:
            raise ValueError(f'{self.title} expects the gradient by its output, of shape '
                             f'{self.output_shape or "none yet"}, got {np.shape(dA)}: go forward '
                             'before, with training on')
        self.bc = {}
        dX = self.backward_pass(dA)
        self.compute_gradients()
        if self.clip_gradients:
            clip_gradient(self)
        self.bs.update((name, array.shape) for name, array in self.bc.items())
        return dX

    def update_parameters(self, lrate):
        """Gradient descent, W - lrate * dL/dW, the one rule for all parameters."""
        for name, W in self.p.items():
            descend(W, self.g[f'd{name}'], lrate)

    def gradient_norm(self):
        """L2 norm of all gradients of the layer together."""
        return float(np.linalg.norm([norm(dW) for dW in self.g.values()]))

    def __repr__(self):
        given = (f'{name}={getattr(value, "__name__", None) or shown(value)}'
                 for name, value in self.arguments.items())
        return f'{type(self).__name__}({", ".join(given)})'

    summary = print_arrays
    _repr_html_ = layer_html


def keep_freed_memory():
    """Have the memory that arrays gave back kept for the arrays of the next batch.

    A pass allocates some twenty arrays of a few MB each. The C library of Linux returns blocks
    of that size to the system as soon as they are freed, and the system hands them out again
    page by page, filled with zeros, which takes a third of the time of a pass. But it learns:
    blocks up to the size of the largest one freed, and up to 32 MB, it keeps (mallopt(3),
    M_MMAP_THRESHOLD). So free a large one, never touched. Elsewhere this does nothing.
    """
    np.empty(2**25 - 2**13, np.uint8)


class dataSet:
    """Samples with their labels, and what a network made of them.

    Attributes
    ----------
    X : numpy.ndarray, shape (m, ...)
        Features. One-hot features are kept as symbols and unfolded when asked for, a byte an
        element: to change them, change the data before the Embedding.
    Y : numpy.ndarray, shape (m, 1) or (m, c), or None
        Targets, one-hot where c > 1.
    y : numpy.ndarray of int, shape (m,), or None
        Labels.
    b : dict
        Balance, ``{label: number of samples}``, sorted by label.
    ids : numpy.ndarray of int, shape (m,)
        Position of each sample in the data that were given.
    lengths : numpy.ndarray of int, shape (m,), or None
        Steps of each sample, where they differ.
    A, P : numpy.ndarray or None
        Output of the network, shape (m, c), and predicted labels, shape (m,).
    name : str
    active : bool
        Whether it has any samples.
    """

    def __init__(self, X=None, Y=None, ids=None, lengths=None, name='dataset'):
        m = 0 if X is None else len(X)
        self.inputs, self.Y, self.lengths, self.name = X, Y, lengths, name
        self.ids = np.arange(m) if ids is None else ids
        self.active = m > 0
        self.A = self.P = None

    @property
    def X(self):
        return np.asarray(self.inputs) if isinstance(self.inputs, OneHot) else self.inputs

    @property
    def y(self):
        return None if self.Y is None else labels(self.Y)

    @property
    def b(self):
        if self.Y is None or not np.array_equal(self.Y, np.rint(self.Y)):
            return {}                               # targets that are not classes
        values, counts = np.unique(self.y, return_counts=True)
        return dict(zip(values.tolist(), counts.tolist(), strict=True))

    def __len__(self):
        return len(self.ids)

    def __repr__(self):
        shape = None if self.inputs is None else self.inputs.shape
        return f'dataSet({self.name!r}, {len(self)} samples, X{shape}, b={self.b})'

    _repr_html_ = dataset_html

    def take(self, rows):
        """The samples of some rows (a slice or a list of positions) as a dataSet."""
        return dataSet(*(None if a is None else a[rows]
                         for a in (self.inputs, self.Y, self.ids, self.lengths)), self.name)


def labels(A):
    """Labels meant by targets or outputs (m, c): the largest of several, or the rounded one."""
    return A.argmax(axis=-1) if A.shape[-1] > 1 else np.rint(A[:, 0]).astype(int)
