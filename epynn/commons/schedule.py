"""How does the learning rate change? One value for each epoch.

Every schedule is a function ``f(x, epochs, hPars)`` of the epoch ``x``, counted from 0, their
number and the hyperparameters: the learning rate of that epoch. A cycle lasts ``cycle_epochs``
(0: all epochs); the decay rate is ``decay_k`` (0: 5 / cycle, so that ``exp_decay`` ends a cycle
near exp(-5), less than one per cent of where it began).
"""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

Hyperparameters = Mapping[str, Any]


def _cycle_and_rate(epochs: int, hPars: Hyperparameters) -> tuple[int, float]:
    cycle = hPars['cycle_epochs'] or epochs
    return cycle, hPars['decay_k'] or 5 / cycle


def steady(x: int, epochs: int, hPars: Hyperparameters) -> float:
    """The learning rate itself."""
    return hPars['learning_rate']


def exp_decay(x: int, epochs: int, hPars: Hyperparameters) -> float:
    """Exponential decay, restarted at each cycle from a lower start."""
    cycle, k = _cycle_and_rate(epochs, hPars)
    start = hPars['learning_rate'] * (1 - hPars['cycle_descent']) ** (x // cycle)
    return start * math.exp(-(x % cycle) * k)


def lin_decay(x: int, epochs: int, hPars: Hyperparameters) -> float:
    """Inverse-time decay, the learning rate divided by 1 + 100 k x."""
    cycle, k = _cycle_and_rate(epochs, hPars)
    return hPars['learning_rate'] / (1 + 100 * k * x)


Schedule = Callable[[int, int, Hyperparameters], float]
schedules: dict[str, Schedule] = {f.__name__: f for f in (steady, exp_decay, lin_decay)}
