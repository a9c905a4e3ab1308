"""What do all layers have in common? Layer."""
from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any, ClassVar

import numpy as np

from epynn.commons.arguments import (
    Argument,
    arguments_of,
    changed_arguments,
    check_call,
    constructor,
    name_of_function,
    roles,
    unbound,
)
from epynn.commons.checks import flag, generator, one_of, precision, settings, shown
from epynn.commons.dataset import dataSet
from epynn.commons.maths import clip_gradient, derivatives, softmax, softmax_chain
from epynn.commons.optimizers import Optimizer, hand_over, optimizers, update
from epynn.commons.words import hint
from epynn.settings import se_hPars as default_hPars
from epynn.speed.memory import keep_freed_memory
from epynn.speed.one_hot import OneHot, gradient_norm

__all__ = ['Layer', 'dataSet']
Cache = MutableMapping[str, Any]


class Found(dict):
    """What a layer has found out, by letter or name; an error says where its settings are."""

    def __missing__(self, name: str) -> Any:
        raise KeyError(f'{name!r} is not among {", ".join(self) or "what is known so far"}: here '
                       'is what was found from the data, and settings of a layer are attributes, '
                       'such as layer.units')


class Layer:
    """A step of the network: what every layer does the same way, so that its modules hold maths.

    A layer class fills holes and overrides nothing else:

    ======================== ==========================================================
    ``axes``                 names of the axes of its input, by letter, '...' for any number of
                             axes; empty: any input
    ``fixed_axes``           letters of the axes whose size its parameters depend on
    ``remedy``               what to do about an input of the wrong shape
    ``letters``              what letters of its own stand for, see :mod:`epynn.display.vocabulary`
    ``compute_shapes``       sizes of its parameters, from the sizes of its input
    initialize_parameters    values they begin with
    ``forward_pass``         A from X; keeps what the backward pass needs in ``fc``
    ``backward_pass``        dL/dX from dL/dA; keeps what the gradients need in ``bc``
    ``compute_gradients``    dL/dW for each parameter W, into ``g['dW']``
    ======================== ==========================================================

    Few layers need more: ``check_arguments``, ``restart``, ``new_cache``, ``build_sublayers``.

    Its constructor sets an attribute for each argument, of the same name, and does nothing else
    (:class:`~epynn.commons.arguments.Argument` checks them). A layer that holds layers keeps them
    in attributes too, and calls their ``forward`` and ``backward``.

    Attributes
    ----------
    p, g : dict
        Parameters, and the gradients of the loss with respect to them: ``g['dW']`` for ``p['W']``.
    fc, bc : dict
        Forward and backward cache: the arrays of the last batch.
    fs, bs : dict
        Shapes of those arrays, and of the parameters.
    d : dict
        Dimensions of the data, by letter: m samples, s steps, e elements, n features ...
    o : dict
        Other scalars that a model file keeps.
    buffers : dict
        Arrays that a model file keeps and that are not learned, such as running means.
    optimizer_state : dict
        What the optimizer keeps of each parameter, by its name: a dict of arrays.
    se_hPars : ChainMap
        Hyperparameters: those of the layer, then those of its network, then the defaults. What is
        set here is the layer's own.
    trainable : bool
        Whether its parameters are learned. Gradients pass through it in any case.
    training : bool
        Whether a forward pass keeps caches (and Dropout drops).
    lrate : list of float
        Learning rate of each epoch.
    gradient_norms : list of float
        L2 norm of all gradients of the layer together, those of the last batch of each epoch;
        empty where there is nothing to learn.
    rng : numpy.random.Generator
        What it draws from.
    dtype : numpy.dtype
        Precision of its parameters.
    """

    axes: ClassVar[Mapping[str, str]] = {}
    fixed_axes: ClassVar[tuple[str, ...]] = ()
    remedy: ClassVar[str] = 'check the layers before it'
    remedies: ClassVar[Mapping[int, str]] = {}  # for an input of so many axes, where it is another
    letters: ClassVar[Mapping[str, str]] = {}
    takes_one_hot: ClassVar[bool] = False   # whether forward_pass takes a OneHot as it is
    not_saved: ClassVar[tuple[str, ...]] = ()   # arguments of the constructor that hold data
    clip_gradients: Any = False
    shapes_need_input: ClassVar[bool] = False   # of parameters: compute_shapes(A), as in 1.2.13

    # How it is shown, on a terminal and in a notebook: see epynn.display
    summary: Callable[..., None]
    _repr_html_: Callable[..., str]

    def __new__(cls, *args: Any, **given: Any) -> Layer:
        check_call(cls.__name__, constructor(cls), args, given, complete=False)     # or a copy
        return super().__new__(cls)

    def __init__(self, se_hPars: Mapping[str, Any] | None = None) -> None:
        self.index: int | str | None = None     # position in the network
        self.p: dict[str, np.ndarray] = {}
        self.g: dict[str, Any] = {}
        self.fc: Cache = {}
        self.bc: Cache = {}
        self.fs: dict[str, tuple[int, ...]] = {}
        self.bs: dict[str, tuple[int, ...]] = {}
        self.d: dict[str, int] = Found()
        self.o: dict[str, Any] = Found()
        self.buffers: dict[str, np.ndarray] = {}
        self.optimizer_state: dict[str, dict[str, np.ndarray]] = {}
        self.rule: Optimizer | None = None      # the optimizer whose state it is
        own = dict(settings(type(self).__name__, se_hPars))
        self.se_hPars: ChainMap[str, Any] = ChainMap(own, {}, default_hPars)
        self.training = self._trainable = True
        self.lrate: list[float] = []
        self.gradient_norms: list[float] = []
        self.norm_before = float('nan')         # of the last gradients before a file was written
        self.rng = np.random.default_rng()
        self.dtype: np.dtype[Any] = np.dtype('float64')
        self.needs_dX = True            # whether anybody asks for the gradient with respect to X
        self.lengths: np.ndarray | None = None  # steps of each sample, where they differ
        self.network: object = None     # a token of the network that its parameters belong to
        self.input_shape: tuple[int, ...] | None = None     # of the last input
        self.output_shape: tuple[int, ...] | None = None    # of the last output in training

    # The holes, as a layer that learns nothing leaves them. A function that fills one calls its
    # first argument ``layer``, and so do these.

    def compute_shapes(layer) -> dict[str, tuple[int, ...]]:
        """Shapes of the parameters, by name."""
        return {}

    def initialize_parameters(layer) -> None:
        """Values that the parameters begin with."""

    def forward_pass(layer, X: Any) -> Any:
        """Output of the layer, shape (m, ...)."""
        raise NotImplementedError(f'{layer.title} does not say how X becomes A: define '
                                  'forward_pass(layer, X) in its class')

    def backward_pass(layer, dA: Any) -> Any:
        """Gradient with respect to the input, shape (m, ...)."""
        raise NotImplementedError(f'{layer.title} does not say how dA becomes dX: define '
                                  'backward_pass(layer, dA) in its class')

    def compute_gradients(layer) -> None:
        """Gradients of the loss with respect to the parameters."""

    def check_arguments(layer) -> None:
        """An error for arguments that do not go together; asked whenever one is set."""

    def restart(layer) -> None:
        """Forget what was found out while training, if anything."""

    def new_cache(layer) -> Cache:
        """What ``fc`` and ``bc`` are before a pass."""
        return {}

    def build_sublayers(layer, X: Any) -> None:
        """Make parameters of the layers that it holds, each for the output of the one before."""
        for sublayer in layer.sublayers:
            X = sublayer.build(X, seed=layer.rng, dtype=layer.dtype).forward(X)

    # What is the same for all layers

    @property
    def title(self) -> str:
        """Its class, with the position in the network where it has one."""
        name = type(self).__name__
        return name if self.index is None else f'{name} (layer {self.index})'

    @property
    def activation(self) -> dict[str, str]:
        """Names of the activation functions, by role."""
        return {role: name_of_function(vars(self)[role]) for role in roles(type(self))}  # type: ignore[arg-type]

    @property
    def trainable(self) -> bool:
        """Whether its parameters are learned; said of a layer, it is said of those in it too."""
        return self._trainable

    @trainable.setter
    def trainable(self, value: bool) -> None:
        self._trainable = flag(self.title, 'trainable', value)
        for layer in self.sublayers:
            layer.trainable = self._trainable

    @property
    def sublayers(self) -> list[Layer]:
        """The layers that it holds, in attributes or in lists there."""
        held: list[Layer] = []
        for value in vars(self).values():
            if isinstance(value, Layer):
                held.append(value)
            elif isinstance(value, (list, tuple)) and value and isinstance(value[0], Layer):
                held.extend(value)
        return held

    def walk(self) -> Iterator[Layer]:
        """The layer, and all layers in it."""
        yield self
        for layer in self.sublayers:
            yield from layer.walk()

    def arguments(self) -> dict[str, Any]:
        """The arguments that would make the same layer, as its attributes are now."""
        return arguments_of(self)

    def build(self, X: Any, seed: Any = None, dtype: Any = 'float64') -> Layer:
        """Make parameters for an input like X.

        A network does so by itself; so does this, for a layer alone.

        Parameters
        ----------
        X : array_like, shape (m, ...)
        seed : int or numpy.random.Generator, optional
            What the layer draws from; the same number gives the same parameters.
        dtype : {'float64', 'float32'}
            Precision of the parameters.

        Returns
        -------
        Layer
            Itself.

        Raises
        ------
        ValueError
            Where the shape is not what the layer expects, or an argument is not of its kind.
        """
        self.rng, self.dtype = generator(self.title, seed), precision(self.title, dtype)
        self.d, self.p, self.g, self.norm_before = Found(), {}, {}, float('nan')
        self.buffers, self.optimizer_state = {}, {}
        self.check_input(X if isinstance(X, OneHot) else np.asarray(X))
        shapes = self.compute_shapes()
        self.fs.update(shapes)
        self.initialize_parameters()
        for name, W in self.p.items():
            if np.shape(W) != shapes.get(name, np.shape(W)):
                raise ValueError(f'{self.title} expects {name} to begin with shape '
                                 f'{shapes[name]}, got {np.shape(W)}: check initialization')
        self.take_precision()
        self.build_sublayers(X)
        keep_freed_memory()
        return self

    def keep_parameters(self, seed: Any, dtype: Any) -> None:
        """Go on with the parameters that are there, drawing from a new generator."""
        self.rng, self.dtype = np.random.default_rng(seed), np.dtype(dtype)
        self.optimizer_state = {}
        self.take_precision()
        for layer in self.sublayers:
            layer.keep_parameters(self.rng, dtype)

    def take_precision(self) -> None:
        """Parameters and buffers in the precision of the layer; their shapes noted."""
        for name, W in self.p.items():
            self.p[name] = np.ascontiguousarray(W, dtype=self.dtype)
        for name, B in self.buffers.items():                # counts stay whole numbers
            self.buffers[name] = np.array(B, dtype=self.dtype if np.asarray(B).dtype.kind == 'f'
                                          else None)
        self.fs.update((name, W.shape) for name, W in self.p.items())

    def parameters_fit(self) -> bool:
        """Whether the parameters have the shapes that follow from the arguments, as they are."""
        return {name: W.shape for name, W in self.p.items()} == dict(self.compute_shapes())

    def check_input(self, X: Any) -> None:
        """Compare the shape of an input with what the layer expects, and note its dimensions."""
        self.input_shape = X.shape
        if not self.axes:
            return
        expected = ', '.join(f'{name} = {self.d[letter]}' if letter in self.fixed_axes
                             and letter in self.d else name for letter, name in self.axes.items())
        sizes = self.axis_sizes(X.shape)
        if sizes is None:
            remedy = self.remedies.get(X.ndim, self.remedy)
            if X.ndim == 1:
                remedy += ('; X[:, np.newaxis] makes a sample of each number, X[np.newaxis] one of '
                           'them all')
            elif self.p and X.ndim + 1 == len(self.axes):
                remedy += '; if it is a single sample, give X[np.newaxis]'
            raise ValueError(f'{self.title} expects input of shape ({expected}), '
                             f'got {X.shape}: {remedy}')
        if any(self.d.get(letter, sizes[letter]) != sizes[letter] for letter in self.fixed_axes):
            raise ValueError(f'{self.title} expects input of shape ({expected}), got {X.shape}: '
                             'its parameters were made for the former, give data of that size '
                             'or initialize the network again')
        self.d.update(sizes)

    def axis_sizes(self, shape: tuple[int, ...]) -> dict[str, int] | None:
        """Size of each axis of an input, by letter; None where there are too few or too many."""
        letters = [letter for letter in self.axes if letter != '...']
        if len(shape) > len(letters) < len(self.axes):
            before = list(self.axes).index('...')
            shape = (*shape[:before], *shape[before - len(letters):])
        return dict(zip(letters, shape, strict=True)) if len(shape) == len(letters) else None

    def forward(self, X: Any, lengths: np.ndarray | None = None) -> Any:
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
        self.check_input(X)
        if not self.p and self.compute_shapes():
            raise RuntimeError(f'{self.title} has no parameters yet: initialize its network, or '
                               'call build(X) where it has none')
        self.lengths, self.fc = lengths, self.new_cache()
        A = self.forward_pass(X)
        if self.training:
            self.fs.update(shapes_of(self.fc))
            self.output_shape = A.shape
        else:
            self.fc = {}                # nobody will go back
        return A

    def backward(self, dA: np.ndarray) -> Any:
        """Gradient with respect to the input, given the one with respect to the output.

        The gradients with respect to the parameters go to ``g``.

        Parameters
        ----------
        dA : numpy.ndarray, shape of the output

        Returns
        -------
        numpy.ndarray, shape of the input, or None where ``needs_dX`` is off

        Raises
        ------
        ValueError
            Where dA does not have the shape of the output of the last forward pass, or a gradient
            is missing, misnamed or of another shape than its parameter.
        """
        if np.shape(dA) != self.output_shape:
            expected = (f'of shape {self.output_shape}' if self.output_shape else
                        'which it does not have yet')
            raise ValueError(f'{self.title} expects the gradient with respect to its output, '
                             f'{expected}, got shape {np.shape(dA)}: call forward(X) first')
        self.bc, self.g, self.norm_before = self.new_cache(), {}, float('nan')
        dX = self.backward_pass(dA)
        if self.trainable:
            self.compute_gradients()
            self.check_gradients()
            if self.clip_gradients:
                clip_gradient(self)
        self.bs.update(shapes_of(self.bc))
        return dX

    def check_gradients(self) -> None:
        """An error unless there is one gradient for each parameter, of its shape."""
        expected = {f'd{name}': W.shape for name, W in self.p.items()}
        found = {name: np.shape(dW) for name, dW in self.g.items()}
        if found == expected:
            return
        for name, shape in expected.items():
            if name not in found:
                strange = [repr(other) for other in found if other not in expected]
                raise ValueError(f'{self.title} expects compute_gradients to leave the gradient '
                                 f'with respect to {name[1:]} in g[{name!r}], of shape {shape}, '
                                 f'found {", ".join(strange) or "none"}: without it {name[1:]} '
                                 'would never change')
            if found[name] != shape:
                raise ValueError(f'{self.title} expects g[{name!r}] to have the shape of '
                                 f'{name[1:]}, {shape}, found {found[name]}')
        strange = sorted(set(found) - set(expected))
        raise ValueError(f'{self.title} has a gradient g[{strange[0]!r}] and no parameter '
                         f'{strange[0][1:]!r}: its parameters are {", ".join(self.p) or "none"}')

    def derivative(self, role: str, Z: np.ndarray, A: np.ndarray) -> np.ndarray:
        """Derivative of an elementwise activation at Z, where its value is A.

        Those of sigmoid and tanh follow from the value, which spares computing it again.
        """
        function = vars(self)[role]
        if function in derivatives:
            return derivatives[function](A)
        return getattr(self, role)(Z, deriv=True)

    def chain(self, role: str, dA: np.ndarray, Z: np.ndarray, A: np.ndarray) -> np.ndarray:
        """Chain rule through an activation, A = f(Z): dL/dZ from dL/dA.

        Element by element that is dA times the derivative of f. With softmax each output depends
        on all of Z, and the chain rule is a sum over the outputs.

        Parameters
        ----------
        role : str
            Name of the attribute that holds f, such as 'activate'.
        dA, Z, A : numpy.ndarray, shape (m, ..., u)

        Returns
        -------
        numpy.ndarray, shape (m, ..., u)
        """
        if unbound(vars(self)[role]) is softmax:
            filled = getattr(getattr(self, role), 'keywords', {})
            return softmax_chain(dA, A, **filled)
        derivative = self.derivative(role, Z, A)
        if derivative.ndim > dA.ndim:           # of a function of one's own: [..., i, j], dA_i/dZ_j
            return np.einsum('...i,...ij->...j', dA, derivative)
        return dA * derivative

    def update_parameters(self, lrate: float) -> None:
        """Change the parameters by the rule of the optimizer, see :mod:`.optimizers`."""
        rule = self.se_hPars['optimizer']
        rule = rule if callable(rule) else optimizers[one_of(self.title, 'optimizer', rule,
                                                             optimizers)]
        if rule is not self.rule:
            hand_over(self.optimizer_state, self.rule, rule)
            self.rule = rule
        own, of_network, defaults = self.se_hPars.maps
        hPars = {**defaults, **of_network, **own}           # quicker to look things up in
        for name, W in self.p.items():
            state = self.optimizer_state.setdefault(name, {})
            update(rule, W, self.g[f'd{name}'], state, lrate, hPars)

    def gradient_norm(self) -> float:
        """L2 norm of all gradients of the layer together; nan where there are none yet.

        After reading from a file it is that of the last gradients before, until there are others.
        """
        if not self.g:
            return self.norm_before
        return float(np.linalg.norm([gradient_norm(dW) for dW in self.g.values()]))

    def inference(self, rng: np.random.Generator | None = None) -> Any:
        """A light copy to predict with: it shares the parameters, and nothing else.

        Whatever happens to it, an error, an interrupt, another thread, training does not see it.

        Parameters
        ----------
        rng : numpy.random.Generator, optional
            What it draws from, if it draws at all: never from what training draws from.
        """
        other = object.__new__(type(self))
        attributes = vars(self).copy()
        for name, value in attributes.items():
            if isinstance(value, Layer):
                attributes[name] = value.inference(rng)
            elif isinstance(value, dict):
                attributes[name] = value.copy()
            elif isinstance(value, (list, tuple)) and value and isinstance(value[0], Layer):
                attributes[name] = [layer.inference(rng) for layer in value]
        attributes.update(training=False, fc={}, bc={}, g={}, se_hPars=self.se_hPars.copy(),
                          rng=np.random.default_rng() if rng is None else rng)
        vars(other).update(attributes)
        return other

    def __getattr__(self, name: str) -> Any:
        """An error that names what does here what other libraries call so."""
        if isinstance(getattr(type(self), name, None), Argument):
            raise AttributeError(f'{type(self).__name__} has no {name} yet: set it in __init__')
        names = [known for known in dir(type(self)) if not known.startswith('_')]
        raise AttributeError(f'{type(self).__name__} has no {name}{hint(name, names)}')

    def __repr__(self) -> str:
        given = (f'{name}={name_of_function(value) if callable(value) else shown(value)}'
                 for name, value in changed_arguments(self).items())
        return f'{type(self).__name__}({", ".join(given)})'


def shapes_of(cache: Cache) -> dict[str, tuple[int, ...]]:
    """Shape of each array of a cache."""
    known = getattr(cache, 'shapes', None)
    return known() if known else {name: A.shape for name, A in cache.items()}
