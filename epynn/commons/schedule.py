"""How does the learning rate change? One value for each epoch.

Every schedule is a function ``f(x, epochs, hPars)`` of the epoch ``x``, counted from 0, their
number and the hyperparameters: the learning rate of that epoch. A cycle lasts ``cycle_epochs``
(0: all epochs, those of the calls of ``train`` so far); the decay rate is ``decay_k``
(0: 5 / cycle, so that ``exp_decay`` ends a cycle near exp(-5), less than one per cent of where it
began).
"""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

Hyperparameters = Mapping[str, Any]


def _place_and_start(x: int, epochs: int, hPars: Hyperparameters) -> tuple[int, int, float]:
    """Epoch within its cycle, length of the cycle, and the learning rate that it begins with."""
    cycle = hPars['cycle_epochs'] or epochs
    start = hPars['learning_rate'] * (1 - hPars['cycle_descent']) ** (x // cycle)
    return x % cycle, cycle, start


def _half_cosine(start: float, end: float, share: float) -> float:
    """From start to end along half a period of the cosine, of which a share is over."""
    return end + (start - end) * (1 + math.cos(math.pi * share)) / 2


def steady(x: int, epochs: int, hPars: Hyperparameters) -> float:
    """The learning rate itself."""
    return hPars['learning_rate']


def exp_decay(x: int, epochs: int, hPars: Hyperparameters) -> float:
    """Exponential decay, restarted at each cycle from a lower start."""
    x, cycle, start = _place_and_start(x, epochs, hPars)
    return start * math.exp(-x * (hPars['decay_k'] or 5 / cycle))


def lin_decay(x: int, epochs: int, hPars: Hyperparameters) -> float:
    """Inverse-time decay, the learning rate divided by 1 + 100 k x (a line it is not)."""
    k = hPars['decay_k'] or 5 / (hPars['cycle_epochs'] or epochs)
    return hPars['learning_rate'] / (1 + 100 * k * x)


def cosine(x: int, epochs: int, hPars: Hyperparameters) -> float:
    """Half a cosine from the learning rate to 0, restarted at each cycle from a lower start.

    A cycle may begin with a linear warm-up of ``warmup_epochs`` (Loshchilov & Hutter, *SGDR:
    stochastic gradient descent with warm restarts*, 2017; Goyal et al., 2017).
    """
    x, cycle, start = _place_and_start(x, epochs, hPars)
    warmup = hPars['warmup_epochs']
    if x < warmup:
        return start * (x + 1) / (warmup + 1)
    return _half_cosine(start, 0, (x - warmup) / (cycle - warmup))


def step(x: int, epochs: int, hPars: Hyperparameters) -> float:
    """Times ``step_factor`` after each ``step_epochs`` (0: a third of a cycle)."""
    if hPars['step_epochs']:
        steps = x // hPars['step_epochs']
    else:
        steps = 3 * x // (hPars['cycle_epochs'] or epochs)
    return hPars['learning_rate'] * hPars['step_factor'] ** steps


def one_cycle(x: int, epochs: int, hPars: Hyperparameters) -> float:
    """Up to the learning rate and down far below where it began, by half cosines; in each cycle.

    From 1/25 of the learning rate up over ``warmup_epochs`` (0: 30 % of the cycle), then down to
    1/250,000 of it (Smith, *A disciplined approach to neural network hyper-parameters*, 2018).
    """
    x, cycle, top = _place_and_start(x, epochs, hPars)
    up = (hPars['warmup_epochs'] or 0.3 * cycle) - 1        # epoch at which it is at the top
    if x <= up:
        return _half_cosine(top / 25, top, x / up) if up else top
    return _half_cosine(top, 1e-4 * top / 25, (x - up) / (cycle - 1 - up))


Schedule = Callable[[int, int, Hyperparameters], float]
schedules: dict[str, Schedule] = {f.__name__: f for f in (
    steady, exp_decay, lin_decay, cosine, step, one_cycle)}
