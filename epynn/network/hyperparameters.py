"""Which learning rate, activation parameters and temperature does each layer have?"""
import numpy as np

from epynn.commons.checks import one_of, shown
from epynn.commons.schedule import schedules
from epynn.settings import se_hPars as default_hPars


def model_hyperparameters(model, se_hPars):
    """Pass hyperparameters to every layer, checked; a layer's own come before the network's."""
    for key in se_hPars:
        one_of('EpyNN', 'hyperparameter', key, default_hPars)
    check_hyperparameters('EpyNN', {**default_hPars, **se_hPars})
    for layer in model.layers:
        layer.bind(se_hPars)
        check_hyperparameters(layer.title, layer.se_hPars)


def check_hyperparameters(owner, hPars):
    """An error for a value that no training could work with."""
    one_of(owner, 'schedule', hPars['schedule'], schedules)
    limits = {
        'learning_rate': (lambda v: v >= 0, 'a number of 0 or more'),
        'decay_k': (lambda v: v >= 0, 'a number of 0 or more'),
        'cycle_epochs': (lambda v: v >= 0 and v == int(v), 'an integer of 0 or more'),
        'cycle_descent': (lambda v: 0 <= v <= 1, 'a number from 0 to 1'),
        'ELU_alpha': (lambda v: v >= 0, 'a number of 0 or more'),
        'LRELU_alpha': (lambda v: v >= 0, 'a number of 0 or more'),
        'softmax_temperature': (lambda v: v > 0, 'a number above 0'),
    }
    for key, (fits, expected) in limits.items():
        value = hPars[key]
        try:
            good = fits(value) and value < float('inf')
        except (TypeError, ValueError, OverflowError):
            good = False
        if not good or isinstance(value, (bool, np.ndarray)):
            raise ValueError(f'{owner} expects {key} to be {expected}, got {shown(value)}')


def model_learning_rates(model):
    """Learning rates of every layer for the epochs to come, after those that were, in ``lrate``."""
    for layer in model.layers:
        schedule = schedules[layer.se_hPars['schedule']]
        layer.lrate = layer.lrate[:model.e] + [schedule(x, model.epochs, layer.se_hPars)
                                               for x in range(model.e, model.epochs)]
