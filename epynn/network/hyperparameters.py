"""Which learning rate, optimizer, activation parameters and temperature does each layer have?"""
from __future__ import annotations

import warnings
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.arguments import name_of_function
from epynn.commons.checks import check_takes, one_of, shown
from epynn.commons.optimizers import AdamW, Optimizer, hand_over, optimizers
from epynn.commons.schedule import Schedule, schedules
from epynn.settings import se_hPars as default_hPars

if TYPE_CHECKING:
    from epynn.commons.models import Layer
    from epynn.network.models import EpyNN

AT_LEAST_0 = (lambda v: v >= 0, 'a number of 0 or more')
ABOVE_0 = (lambda v: v > 0, 'a number above 0')
COUNT = (lambda v: v >= 0 and v == int(v), 'an integer of 0 or more')
SHARE = (lambda v: 0 <= v <= 1, 'a number from 0 to 1')
BELOW_1 = (lambda v: 0 <= v < 1, 'a number from 0 to below 1')
LIMITS = {
    'learning_rate': AT_LEAST_0, 'decay_k': AT_LEAST_0, 'cycle_epochs': COUNT,
    'cycle_descent': SHARE, 'warmup_epochs': COUNT, 'step_epochs': COUNT, 'step_factor': SHARE,
    'momentum': BELOW_1, 'rho': BELOW_1, 'beta_1': BELOW_1, 'beta_2': BELOW_1, 'epsilon': ABOVE_0,
    'weight_decay': AT_LEAST_0, 'max_norm': AT_LEAST_0,
    'ELU_alpha': AT_LEAST_0, 'LRELU_alpha': AT_LEAST_0, 'softmax_temperature': ABOVE_0,
}


def model_hyperparameters(model: EpyNN, se_hPars: dict[str, Any]) -> None:
    """Give all layers the hyperparameters of the network, below those of their own; checked.

    Each layer looks a hyperparameter up where it needs it, so a change is seen at once.
    """
    check_hyperparameters('EpyNN', se_hPars)
    for layer in model.walk():
        own = layer.se_hPars.maps[0]
        check_hyperparameters(layer.title, {**se_hPars, **own}, own)
        if 'max_norm' in said(own):
            raise ValueError(f'{layer.title} cannot have a max_norm of its own, which is the norm '
                             "of the gradients of all layers: give it to initialize, "
                             f"se_hPars={{'max_norm': {shown(own['max_norm'])}}}")
    for hPars in (se_hPars, *(layer.se_hPars.maps[0] for layer in model.walk())):
        for key, value in hPars.items():
            if isinstance(value, np.generic):   # numbers of NumPy would make float32 arrays float64
                hPars[key] = value.item()
            elif isinstance(value, (Decimal, Fraction)):
                hPars[key] = float(value)
    for layer in model.walk():
        layer.se_hPars.maps[1] = se_hPars
        layer.rule = layer.rule or optimizer_of(layer)


def check_hyperparameters(owner: str, hPars: Mapping[str, Any],
                          given: Mapping[str, Any] | None = None) -> None:
    """An error for a key that is unknown, or a value that no training could work with."""
    for key in hPars if given is None else given:
        one_of(owner, 'hyperparameter', key, default_hPars)
    for key, known, form, arguments in (
            ('schedule', schedules, 'f(x, epochs, hPars)', 3),
            ('optimizer', optimizers, 'f(W, dW, state, lrate, hPars)', 5)):
        if callable(hPars[key]) and not isinstance(hPars[key], type):
            check_takes(owner, key, hPars[key], form, *[None] * arguments)
        else:
            one_of(owner, key, hPars[key], known)
    for key, (fits, expected) in LIMITS.items():
        value = hPars[key]
        try:
            good = fits(value) and float(value) < float('inf')
        except (TypeError, ValueError, OverflowError):
            good = False
        if not good or isinstance(value, (bool, np.ndarray)):
            raise ValueError(f'{owner} expects {key} to be {expected}, got {shown(value)}')
    if hPars['cycle_epochs'] and hPars['warmup_epochs'] >= hPars['cycle_epochs']:
        raise ValueError(f'{owner} expects warmup_epochs to be less than cycle_epochs, got '
                         f"{hPars['warmup_epochs']} of {hPars['cycle_epochs']}")


def optimizer_of(layer: Layer) -> Optimizer:
    """The update rule of a layer."""
    optimizer = layer.se_hPars['optimizer']
    return optimizer if callable(optimizer) else optimizers[optimizer]


def schedule_of(layer: Layer) -> Schedule:
    """What the learning rate of a layer follows."""
    schedule = layer.se_hPars['schedule']
    return schedule if callable(schedule) else schedules[schedule]


def said(hPars: Mapping[str, Any]) -> set[str]:
    """Hyperparameters of a dict that say something: in a copy of the defaults, or of most of them,
    those that were changed, and nowhere a 0 where 0 is the default."""
    copied = 2 * len(hPars) > len(default_hPars)
    return {key for key, value in hPars.items()
            if value != default_hPars[key] or (value and not copied)}


ALWAYS = {'learning_rate', 'weight_decay', 'max_norm'}      # looked at, whatever else is


class Noted(dict[str, Any]):
    """Hyperparameters that note which of them are looked at."""

    def __init__(self, hPars: Mapping[str, Any]) -> None:
        super().__init__(hPars)
        self.keys_read: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.keys_read.add(key)
        return super().__getitem__(key)


def looked_at(function: Any, hPars: Mapping[str, Any] = default_hPars) -> set[str]:
    """Hyperparameters that an optimizer or a schedule looks at, found by having it do so."""
    noted = Noted(hPars)
    if function in optimizers.values():
        function(np.zeros(1), np.ones(1), {}, 0.0, noted)
    elif function in schedules.values():
        function(0, 1, noted)
    else:
        return set(default_hPars)               # one's own may look at any, at any time
    return noted.keys_read


def either(names: list[str]) -> str:
    """One of some names: a, b or c."""
    return ' or '.join(filter(None, (', '.join(names[:-1]), *names[-1:])))


def in_use(model: EpyNN) -> list[str]:
    """Hyperparameters but for those that only other optimizers and schedules look at."""
    functions = {f for layer in model.walk() if layer.p for f in (optimizer_of(layer),
                                                                  schedule_of(layer))}
    others = {*optimizers.values(), *schedules.values()} - functions
    idle = set[str]().union(*map(looked_at, others)).difference(*map(looked_at, functions))
    return [key for key in default_hPars if key not in idle - ALWAYS]


def model_unread(model: EpyNN, given: Mapping[str, Any]) -> None:
    """A warning for hyperparameters that were given and that nothing looks at."""
    learning = [layer for layer in model.walk() if layer.p]
    functions = [*optimizers.values(), *schedules.values()]
    found = []
    for owner, hPars, layers in (('EpyNN', given, learning), *(
            (layer.title, layer.se_hPars.maps[0], [layer]) for layer in learning)):
        names = said(hPars) - ALWAYS
        for layer in layers:
            for function in (optimizer_of(layer), schedule_of(layer)):
                names -= looked_at(function, layer.se_hPars)
        for name in sorted(names):
            # Those that no function looks at are for activations
            if readers := [f.__name__ for f in functions if name in looked_at(f)]:
                kind = 'optimizer' if readers[0] in optimizers else 'schedule'
                found.append(f'{owner} was given {name}, which no layer looks at: set {kind} to '
                             f'{either(readers)}, or leave {name} out')
    found += [f'{layer.title} has the optimizer AdamW and no weight_decay, which is Adam: set '
              'weight_decay, to 0.01 for example' for layer in learning
              if optimizer_of(layer) is AdamW and not layer.se_hPars['weight_decay']][:1]
    if found:
        warnings.warn('; '.join(found), UserWarning, stacklevel=4)


def model_begin_optimizers(model: EpyNN) -> None:
    """Where an optimizer cannot go on with what is there of another, it begins anew: a warning."""
    anew: dict[str, list[str]] = {}
    for layer in model.walk():
        optimizer, states = optimizer_of(layer), layer.optimizer_state
        kept = {name for state in states.values() for name in state}
        if not hand_over(states, layer.rule, optimizer):
            before = name_of_function(layer.rule) if layer.rule is not optimizer else either(
                [name for name, f in optimizers.items() if vars(f)['keeps'] == kept])
            anew.setdefault(f'{name_of_function(optimizer)} begins anew, without what '
                            f'{before or "another optimizer"} kept', []).append(layer.title)
        layer.rule = optimizer
    if anew:
        warnings.warn('; '.join(f'{what} of the parameters of {", ".join(titles)}'
                                for what, titles in anew.items()), UserWarning, stacklevel=5)


def model_learning_rates(model: EpyNN) -> None:
    """Learning rates of every layer for the epochs to come, after those that were, in ``lrate``."""
    for layer in model.walk():
        rate = schedule_of(layer)
        layer.lrate = layer.lrate[:model.e]
        for x in range(model.e, model.epochs):
            value = rate(x, model.epochs, layer.se_hPars)
            if not isinstance(value, (int, float, np.number)) or not 0 <= value < float('inf'):
                raise ValueError(f'{layer.title} expects {name_of_function(rate)} to give a '
                                 f'learning rate of 0 or more, got {shown(value)} for epoch {x}')
            layer.lrate.append(float(value))
