"""How does a layer that was written for EpyNN 1.2.13 become one of this library?

There a layer filled other holes than here:

==================== ======================================= ==================================
 there                what it does                            here
==================== ======================================= ==================================
compute_shapes(A)    sets ``fs`` and ``d``                    ``compute_shapes()`` returns shapes
forward(A)           A of the layer, fills ``fc``             ``forward_pass(X)``
backward(dX)         dX for the layer before, fills ``bc``    ``backward_pass(dA)``
update_parameters()  uses ``self.lrate[self.e]``              ``update_parameters(lrate)``
==================== ======================================= ==================================

A class that fills one of the former gets what the network here expects around it: nothing in the
class has to change, and ``super()`` in it finds the methods of the library, which may be called
in both ways. Better: the holes on the right, see :class:`epynn.commons.models.Layer`.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from epynn.commons.maths import clip_gradient
from epynn.commons.models import Layer, shapes_of
from epynn.layers import layers as known_layers

Method = Callable[..., Any]
of_arguments: Method = vars(Layer)['activation'].fget
LETTERS = {'units': 'u', 'unit_cells': 'u', 'unit_filters': 'u'}    # of settings that were in d


def takes(method: Any, arguments: int) -> bool:
    """Whether a method takes so many arguments after ``self``, no more and no less."""
    parameters = list(inspect.signature(method).parameters.values())[1:]
    return len(parameters) == arguments and all(
        p.kind is p.POSITIONAL_OR_KEYWORD and p.default is p.empty for p in parameters)


def adapt(kind: Any, **options: Any) -> None:
    """Make a new class of layers fit, where it fills the holes of 1.2.13; else leave it alone."""
    super(Layer, kind).__init_subclass__(**options)
    found = {name: adapter for name, (arguments, adapter) in HOLES.items()
             if inspect.isfunction(vars(kind).get(name)) and takes(vars(kind)[name], arguments)}
    if not found:
        return
    for name, adapter in found.items():
        adapter(kind, vars(kind)[name])
    kind.takes_one_hot = False          # it expects arrays
    # What follows from being in front of the others: every layer gave its dX there
    kind.needs_dX = property(lambda layer: True, lambda layer, value: None)
    kind.activation = property(own_activation, set_activation)


def own_activation(layer: Layer) -> dict[str, str]:
    """Names of the activation functions, as the layer says itself, or as its arguments say."""
    return vars(layer).get('_activation') or of_arguments(layer)


def set_activation(layer: Layer, names: dict[str, str]) -> None:
    """Keep the names that the layer gives its activation functions."""
    vars(layer)['_activation'] = names


def adapt_compute_shapes(kind: Any, compute_shapes: Method) -> None:
    """Ask for shapes when the parameters are made, with the input that they are made for."""
    def build(layer: Any, X: Any, seed: Any = None, dtype: Any = 'float64') -> Layer:
        # d is made anew; what stood there when the layer was made is a setting, and remains
        layer.fs, layer.settings_in_d, layer.shapes_are_known = {}, dict(layer.d), False
        try:
            return super(kind, layer).build(X, seed, dtype)
        finally:
            del layer.settings_in_d

    def check_input(layer: Any, X: Any) -> None:
        super(kind, layer).check_input(X)
        if not layer.p or not vars(layer).get('shapes_are_known'):
            arguments = {letter: getattr(layer, name) for name, letter in LETTERS.items()
                         if hasattr(type(layer), name)}
            layer.d = {**vars(layer).get('settings_in_d', {}), **arguments, **layer.d}
            compute_shapes(layer, X)
            layer.shapes_are_known = True

    @wraps(compute_shapes)
    def both(layer: Any, A: Any = None) -> dict[str, tuple[int, ...]]:
        if A is not None:
            compute_shapes(layer, A)
        if 'settings_in_d' in vars(layer) and not layer.p:      # the parameters are to be made
            return dict(layer.fs)
        return {name: layer.fs.get(name, W.shape) for name, W in layer.p.items()}

    kind.build, kind.check_input = build, check_input
    kind.compute_shapes = both
    kind.shapes_need_input = True


def adapt_forward(kind: Any, forward: Method) -> None:
    """Around a forward pass: the input is checked, caches are begun, shapes are noted."""
    @wraps(forward)
    def both(layer: Any, X: Any, lengths: np.ndarray | None = None) -> Any:
        X = np.asarray(X) if isinstance(X, np.ndarray) else np.asarray(X, dtype=layer.dtype)
        layer.check_input(X)
        layer.lengths, layer.fc = lengths, layer.new_cache()
        A = forward(layer, X)
        if layer.training:
            layer.fs.update(shapes_of(layer.fc))
            layer.output_shape = np.shape(A)
        else:
            layer.fc = {}
        return A
    kind.forward = both


def adapt_backward(kind: Any, backward: Method) -> None:
    """Around a backward pass: gradients follow after it, which the network asked for there."""
    @wraps(backward)
    def both(layer: Any, dA: np.ndarray) -> Any:
        layer.bc, layer.g, layer.norm_before = layer.new_cache(), {}, float('nan')
        trainable, layer._trainable = layer._trainable, False   # not yet, in super().backward(dX)
        try:
            dX = backward(layer, dA)
        finally:
            layer._trainable = trainable
        if trainable:
            layer.compute_gradients()
            layer.check_gradients()
            if layer.clip_gradients:
                clip_gradient(layer)
        layer.bs.update(shapes_of(layer.bc))
        return dX
    kind.backward = both


def adapt_update(kind: Any, update_parameters: Method) -> None:
    """An update that looks its learning rate up."""
    @wraps(update_parameters)
    def both(layer: Any, lrate: float | None = None) -> None:
        update_parameters(layer)
    kind.update_parameters = both


# Which methods, with how many arguments, are of 1.2.13
HOLES: dict[str, tuple[int, Callable[[Any, Method], None]]] = {
    'compute_shapes': (1, adapt_compute_shapes), 'forward': (1, adapt_forward),
    'backward': (1, adapt_backward), 'update_parameters': (0, adapt_update)}


# The methods of the library, for super() and for layers that are used by themselves

def shapes_of_input(compute_shapes: Method) -> Method:
    """``compute_shapes`` of the library, which with an input also sets ``d`` and ``fs``."""
    @wraps(compute_shapes)
    def both(layer: Layer, A: Any = None) -> dict[str, tuple[int, ...]]:
        if A is not None:
            Layer.check_input(layer, np.asarray(A))
        shapes = compute_shapes(layer)
        if A is not None:
            layer.fs.update(shapes)
        return shapes
    return both


def rate_of_epoch(update_parameters: Method) -> Method:
    """``update_parameters`` of the library, at the learning rate of the epoch if not another."""
    @wraps(update_parameters)
    def both(layer: Layer, lrate: float | None = None) -> None:
        update_parameters(layer, layer.lrate[len(layer.gradient_norms)] if lrate is None else lrate)
    return both


def install() -> None:
    """Adapt classes as they are made; let those of the library be called in both ways."""
    base: Any = Layer
    base.__init_subclass__ = classmethod(adapt)
    base.update_parameters = rate_of_epoch(Layer.update_parameters)
    kinds: list[Any] = [Layer, *known_layers.values()]
    for kind in kinds:
        if 'compute_shapes' in vars(kind):
            kind.compute_shapes = shapes_of_input(kind.compute_shapes)
