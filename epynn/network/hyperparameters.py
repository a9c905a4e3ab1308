"""Which learning rate, activation parameters and temperature does each layer have?"""
from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.arguments import name_of_function
from epynn.commons.checks import check_takes, one_of, shown
from epynn.commons.optimizers import optimizers
from epynn.commons.schedule import schedules
from epynn.settings import se_hPars as default_hPars

if TYPE_CHECKING:
    from epynn.network.models import EpyNN

LIMITS = {
    'learning_rate': (lambda v: v >= 0, 'a number of 0 or more'),
    'decay_k': (lambda v: v >= 0, 'a number of 0 or more'),
    'cycle_epochs': (lambda v: v >= 0 and v == int(v), 'an integer of 0 or more'),
    'cycle_descent': (lambda v: 0 <= v <= 1, 'a number from 0 to 1'),
    'ELU_alpha': (lambda v: v >= 0, 'a number of 0 or more'),
    'LRELU_alpha': (lambda v: v >= 0, 'a number of 0 or more'),
    'softmax_temperature': (lambda v: v > 0, 'a number above 0'),
}


def model_hyperparameters(model: EpyNN, se_hPars: dict[str, Any]) -> None:
    """Give all layers the hyperparameters of the network, below those of their own; checked.

    Each layer looks a hyperparameter up where it needs it, so a change is seen at once.
    """
    check_hyperparameters('EpyNN', se_hPars)
    for layer in model.walk():
        own = layer.se_hPars.maps[0]
        check_hyperparameters(layer.title, {**se_hPars, **own}, own)
    for hPars in (se_hPars, *(layer.se_hPars.maps[0] for layer in model.walk())):
        for key, value in hPars.items():
            if isinstance(value, np.generic):   # numbers of NumPy would make float32 arrays float64
                hPars[key] = value.item()
            elif isinstance(value, (Decimal, Fraction)):
                hPars[key] = float(value)
    for layer in model.walk():
        layer.se_hPars.maps[1] = se_hPars


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


def model_learning_rates(model: EpyNN) -> None:
    """Learning rates of every layer for the epochs to come, after those that were, in ``lrate``."""
    for layer in model.walk():
        schedule = layer.se_hPars['schedule']
        rate = schedule if callable(schedule) else schedules[schedule]
        layer.lrate = layer.lrate[:model.e]
        for x in range(model.e, model.epochs):
            value = rate(x, model.epochs, layer.se_hPars)
            if not isinstance(value, (int, float, np.number)) or not 0 <= value < float('inf'):
                raise ValueError(f'{layer.title} expects {name_of_function(schedule)} to give a '
                                 f'learning rate of 0 or more, got {shown(value)} for epoch {x}')
            layer.lrate.append(float(value))
