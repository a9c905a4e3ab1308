"""What would a script for EpyNN 1.2.13 get wrong without a word? It is said here, once each.

The library itself has no need of these: they watch it from outside.
"""
from __future__ import annotations

import sys
import warnings
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np

from epynn.commons.words import hint
from epynn.layers import layers as known_layers
from epynn.network.models import EpyNN

MANY = 3                                # times that the same samples go through: for an update
said: set[str] = set()

# Backward passes outside training, by network: its parameters, and how often for which samples
Passes = tuple[list[float], Counter[int]]
passes: WeakKeyDictionary[EpyNN, Passes] = WeakKeyDictionary()


class DifferenceWarning(UserWarning):
    """What a script for EpyNN 1.2.13 may take for granted and does not happen here."""


def say_once(key: str, message: str, stacklevel: int) -> None:
    """Warn of a difference, the first time that it comes up."""
    if key not in said:
        said.add(key)
        warnings.warn(message, DifferenceWarning, stacklevel=stacklevel + 1)


def noticed_backward(backward: Callable[..., None]) -> Callable[..., None]:
    """``model.backward``, which says that it updates nothing where somebody seems to think so."""
    @wraps(backward)
    def noticed(model: EpyNN, dA: Any) -> None:
        backward(model, dA)
        if 'backward' in said or model.minibatch is not None or not model.initialized:
            return
        now = [float(W.sum()) for layer in model.walk() for W in layer.p.values()]
        parameters, seen = passes.get(model, (now, Counter()))
        if parameters != now:
            seen = Counter()
        A = model.embedding.fc['A']
        samples = hash(np.asarray(getattr(A, 'symbols', A)).tobytes())
        seen[samples] += 1
        passes[model] = now, seen
        if seen[samples] == MANY:
            say_once('backward', f'model.backward was called {MANY} times for the same samples, '
                     'and no parameter has changed since: it computes gradients, while in '
                     'EpyNN 1.2.13 it updated too. Call model.update_parameters() after it',
                     stacklevel=2)
    return noticed


def noticed_attribute(model: EpyNN, name: str, value: Any) -> None:
    """Set an attribute of a network; say so where nothing in the library reads one of that name."""
    is_new = name not in model.__dict__         # asked first: most are there, and it is cheap
    if is_new and type(model) is EpyNN \
            and sys._getframe(1).f_globals.get('__name__', '')[:6] != 'epynn.':
        say_unread(model, [name], set(vars(model)), stacklevel=2)
    object.__setattr__(model, name, value)


def noticed_initialize(initialize: Callable[..., None]) -> Callable[..., None]:
    """``model.initialize``, which says afterwards what a softmax temperature means here."""
    @wraps(initialize)
    def noticed(model: EpyNN, *args: Any, **given: Any) -> None:
        initialize(model, *args, **given)
        for layer in model.walk() if given.get('verbose', True) else ():
            T = layer.se_hPars['softmax_temperature']
            if 'softmax' in layer.activation.values() and T != 1:
                print(f'{layer.title}: with softmax_temperature {T:g} gradients are divided by '
                      f'{T:g}, as the derivative of softmax says and EpyNN 1.2.13 left out: a '
                      f'learning_rate from there, times {T:g}, makes the same steps.')
    return noticed


def noticed_train(train: Callable[..., None]) -> Callable[..., None]:
    """``model.train``, which looks first for attributes of layers that nothing reads.

    Those of a layer are all set by its constructor, so what another one like it has not was set by
    somebody else. It costs nothing here, while a look at each assignment made training with the
    smallest layers take 1.05 times as long.
    """
    @wraps(train)
    def noticed(model: EpyNN, *args: Any, **given: Any) -> None:
        for layer in model.walk():
            if type(layer) in known_layers.values():
                like_it = type(layer)(**layer.arguments())
                say_unread(layer, list(vars(layer)), set(vars(like_it)), stacklevel=2)
                say_overwritten(model, layer, stacklevel=2)
        train(model, *args, **given)
    return noticed


def say_unread(thing: Any, names: list[str], known: set[str], stacklevel: int) -> None:
    """Warn of attributes that are neither known nor of the class, unless they begin with _."""
    kind = type(thing)
    for name in names:
        if name not in known and not hasattr(kind, name) and name[0] != '_':
            words = [word for word in (*dir(kind), *known) if not word.startswith('_')]
            say_once(f'{kind.__name__}.{name}', f'{kind.__name__} has no {name}, so nothing reads '
                     f'what you set{hint(name, words)}. If it is for yourself, call it _{name}',
                     stacklevel=stacklevel + 1)


def say_overwritten(model: EpyNN, layer: Any, stacklevel: int) -> None:
    """Warn of units in ``d`` and of learning rates in ``lrate``, which training finds by itself."""
    if 'u' in layer.d:
        say_once('d', f"{layer.title} has a d['u'] that was set by hand, which nothing reads: "
                 'layer.units, layer.unit_cells or layer.unit_filters is the number of units',
                 stacklevel=stacklevel + 1)
    if layer.p and len(layer.lrate) > model.epochs:
        say_once('lrate', f'{layer.title} has an lrate that was set by hand: training makes it '
                 "anew from the schedule. Give your own, se_hPars={'schedule': f} with a function "
                 'f(x, epochs, hPars)', stacklevel=stacklevel + 1)


def install() -> None:
    """Watch networks."""
    network: Any = EpyNN
    network.backward = noticed_backward(EpyNN.backward)
    network.train = noticed_train(EpyNN.train)
    network.initialize = noticed_initialize(EpyNN.initialize)
    network.__setattr__ = noticed_attribute
