"""What would a script for EpyNN 1.2.13 get wrong without a word? It is said here, once each.

The library itself has no need of these: they watch it from outside.
"""
from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any
from weakref import WeakKeyDictionary

from epynn.commons.models import Layer
from epynn.commons.words import hint
from epynn.network.models import EpyNN

MANY = 3                                # backward passes without an update: somebody waits for one
said: set[str] = set()

# Backward passes outside training, by network: how many, and the parameters at the first
passes: WeakKeyDictionary[EpyNN, tuple[int, list[float]]] = WeakKeyDictionary()


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
        n, first = passes.get(model, (0, now))
        passes[model] = (n + 1, first) if first == now else (1, now)
        if passes[model][0] >= MANY:
            say_once('backward', f'model.backward was called {MANY} times and no parameter has '
                     'changed: it computes gradients, and updates nothing, as it did in EpyNN '
                     '1.2.13. Call model.update_parameters() after it', stacklevel=2)
    return noticed


def noticed_attribute(thing: Any, name: str, value: Any) -> None:
    """Set an attribute; say so where nothing in the library reads one of that name."""
    if name not in thing.__dict__ and not hasattr(type(thing), name) and name[0] != '_':
        kind, module = type(thing), sys._getframe(1).f_globals.get('__name__', '')
        if kind.__module__.startswith('epynn.') and not module.startswith('epynn.'):
            known = [word for word in (*dir(kind), *vars(thing)) if not word.startswith('_')]
            say_once(f'{kind.__name__}.{name}', f'{kind.__name__} has no {name}, so nothing reads '
                     f'what you set{hint(name, known)}. If it is for yourself, call it _{name}',
                     stacklevel=2)
    object.__setattr__(thing, name, value)


def install() -> None:
    """Watch networks and layers."""
    network: Any = EpyNN
    network.backward = noticed_backward(EpyNN.backward)
    kinds: list[Any] = [EpyNN, Layer]
    for kind in kinds:
        kind.__setattr__ = noticed_attribute
