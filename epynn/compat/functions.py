"""Which functions did EpyNN 1.2.13 have that this library does not? Here they are, by module.

What is better done in another way names it. ``install`` puts each into the module that it was in.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

import numpy as np

from epynn.commons import library, loss, maths, metrics, schedule
from epynn.commons.checks import one_of
from epynn.commons.library import ModelFileError
from epynn.commons.loss import losses
from epynn.commons.schedule import schedules
from epynn.compat.settings import provide_settings
from epynn.dense.models import Dense
from epynn.network.checks import check_loss
from epynn.network.file import known_functions
from epynn.settings import se_hPars as default_hPars

# epynn.commons.maths

# What was added where a division or a logarithm could fail; here each function sees to that itself
E_SAFE = 1e-16


def hadamard(dA: Any, derivative: Any) -> np.ndarray:
    """Chain rule through an activation: elementwise, or through the Jacobian (m, c, c) of softmax.

    Better: ``dZ = layer.chain('activate', dA, Z, A)``, which makes no Jacobian.
    """
    dA, derivative = np.asarray(dA), np.asarray(derivative)
    if derivative.ndim > dA.ndim:
        return np.einsum('...i,...ij->...j', dA, derivative)
    return dA * derivative


def activation_tune(se_hPars: Mapping[str, Any]) -> None:
    """Set the parameters of ``elu``, ``lrelu`` and ``softmax`` where they are called by hand.

    Layers have their own, from ``se_hPars``. Better: ``lrelu(x, LRELU_alpha=0.01)``.
    """
    for function, name in ((maths.elu, 'ELU_alpha'), (maths.lrelu, 'LRELU_alpha'),
                           (maths.softmax, 'softmax_temperature')):
        if name in se_hPars:
            function.__defaults__ = (False, se_hPars[name])         # of deriv, and of its own


# epynn.commons.loss, metrics and schedule

def loss_functions(key: str | None = None, output_activation: str | None = None) -> Any:
    """The loss of that name, or all by their names; an error where an output cannot serve it.

    Better: ``from epynn.commons.loss import MSE``, or the name itself, which ``initialize`` takes.
    """
    if key is None:
        return dict(losses)
    one_of('loss_functions', 'loss', key, losses)
    if output_activation is not None:
        check_loss(key, Dense(2, output_activation))
    return losses[key]


def metrics_functions(key: str | None = None) -> Any:
    """The metric of that name, called with (Y, A), or all by their names.

    Better: ``from epynn.commons.metrics import recall``, or the name itself.
    """
    known = {**metrics.metrics, **metrics.of_outputs, **losses}
    return known if key is None else known[one_of('metrics_functions', 'metric', key, known)]


def schedule_functions(schedule: str, hPars: Mapping[str, Any]) -> list[float]:
    """Learning rates of ``hPars['epochs']`` epochs by the schedule of that name.

    Better: ``layer.lrate``, which has them in a network.
    """
    return learning_rates(schedules[one_of('schedule_functions', 'schedule', schedule, schedules)],
                          hPars)


def learning_rates(rate: Callable[..., float], hPars: Mapping[str, Any]) -> list[float]:
    """Learning rates of ``hPars['epochs']`` epochs by a schedule ``f(x, epochs, hPars)``."""
    if 'epochs' not in hPars:
        raise ValueError("a schedule expects the number of epochs in hPars['epochs'], got "
                         f'{", ".join(hPars) or "none"}')
    hPars = {**default_hPars, **hPars}
    return [rate(x, hPars['epochs'], hPars) for x in range(hPars['epochs'])]


def in_both_ways(rate: Callable[..., float]) -> Callable[..., Any]:
    """A schedule ``f(x, epochs, hPars)`` that may also be called as in 1.2.13, ``f(hPars)``."""
    @wraps(rate)
    def schedule(x: Any = None, epochs: Any = None, hPars: Any = None) -> Any:
        if epochs is None:
            return learning_rates(rate, x if hPars is None else hPars)
        return rate(x, epochs, hPars)
    return schedule


# epynn.commons.library

def read_file(f: Any) -> str:
    """Text of a file. Better: ``Path(f).read_text()``."""
    return Path(f).read_text(encoding='utf-8')


def read_pickle(f: Any) -> NoReturn:
    """An error: a pickle is a program, which runs when it is read."""
    raise ModelFileError(
        f'read_pickle does not read {f}: a pickle is a program that runs when it is read. For '
        'arrays use np.load; for a network that EpyNN 1.2.13 wrote, carry its parameters over as '
        'docs/differences.md says under "Old model files"; a pickle of yours that you trust opens '
        'with pickle.load of Python')


def write_pickle(f: Any, c: Any = None) -> NoReturn:
    """An error: a pickle is a program, which runs when it is read."""
    raise ModelFileError(
        f'write_pickle does not write {f}: a pickle is a program that runs when it is read. Write '
        'a network with model.write(), arrays with np.savez')


def settings_verification() -> None:
    """Let ``from settings import se_hPars`` find the defaults where a folder has no settings.py.

    ``import epynn.initialize`` does so. No file is written. Better: ``from epynn.settings import
    se_hPars``.
    """
    provide_settings()


NAMES: dict[ModuleType, dict[str, Any]] = {
    maths: {'E_SAFE': E_SAFE, 'hadamard': hadamard, 'activation_tune': activation_tune},
    loss: {'loss_functions': loss_functions},
    metrics: {'metrics_functions': metrics_functions},
    schedule: {'schedule_functions': schedule_functions},
    library: {'read_file': read_file, 'read_pickle': read_pickle, 'write_pickle': write_pickle,
              'settings_verification': settings_verification},
}


def install() -> None:
    """Put each name into the module that had it; schedules may be called in both ways."""
    for module, names in NAMES.items():
        for name, value in names.items():
            if hasattr(module, name):
                raise RuntimeError(f'{module.__name__} has a {name} of its own: take it out of '
                                   f'{__name__}')
            setattr(module, name, value)
    for name, rate in schedules.items():
        schedules[name] = in_both_ways(rate)
        setattr(schedule, name, schedules[name])
    known_functions.update(schedules)           # a file knows them by name
