"""What happens before training? Settings are checked, parameters drawn, one batch tried."""
from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from termcolor import colored

from epynn.commons.arguments import explained
from epynn.commons.checks import flag, function_or_name, is_integer, precision, settings, shown
from epynn.commons.loss import losses
from epynn.commons.metrics import metrics as known_metrics
from epynn.commons.metrics import of_outputs
from epynn.display.html import Metrics
from epynn.network.checks import (
    check_loss,
    check_loss_values,
    check_metrics,
    check_outputs,
    check_targets,
    shapes_in_errors,
)
from epynn.network.hyperparameters import model_hyperparameters, model_unread
from epynn.network.loss import loss_gradient, read_class_weights
from epynn.settings import se_hPars as default_hPars

if TYPE_CHECKING:
    from epynn.network.models import EpyNN

Function = Callable[..., Any]
DEFAULT_METRICS, OF_VALUES = ('accuracy',), ('MAE', 'R2')


@explained
def model_initialize(model: EpyNN, loss: str | Function = 'MSE',
                     se_hPars: Mapping[str, Any] | None = default_hPars,
                     metrics: Any = DEFAULT_METRICS, seed: int | None = None, params: bool = True,
                     end: str = '\n', dtype: Any = 'float64', verbose: bool = True,
                     class_weights: Any = None) -> None:
    """Draw the parameters and try one batch forward and backward, without learning from it.

    Parameters
    ----------
    loss : str or callable, default 'MSE'
        'MSE', 'MAE', 'MSLE', 'BCE' or 'CCE'; or a function ``f(Y, A, deriv=False)`` of targets and
        outputs (m, c): the loss of each sample, (m,), or its derivative, (m, c).
    se_hPars : dict
        Hyperparameters, see :mod:`epynn.settings`; one left out has its default.
    metrics : list of str or callable, default ['accuracy']
        Metrics and losses to follow; the loss itself is always among them. A function ``f(Y, A)``
        of targets and outputs (m, c) gives a number, or one for each sample. Where targets are
        numbers that are no classes, the default is ['MAE', 'R2'].
    seed : int, optional
        The same seed gives the same run. The layer at position i draws from
        ``numpy.random.default_rng(seed + 1 + i)``.
    params : bool, default True
        Whether to draw parameters; False keeps those that are there.
    end : str, default a new line
        What ends the line that says that all is well. On a terminal, a carriage return lets the
        next line overwrite it.
    dtype : {'float64', 'float32'}
        Precision of everything that the network computes.
    verbose : bool, default True
        Whether to print that line.
    class_weights : {'balanced'} or dict, optional
        How much the samples of each class count in the loss and its gradient. 'balanced' lets all
        classes of the training set count the same; a dict has weights by label, 1 for those that
        it leaves out.

    Raises
    ------
    ValueError
        Where settings, data and layers do not fit together. The error says in which layer, and
        what shapes are known so far.
    """
    params, verbose = flag('EpyNN', 'params', params), flag('EpyNN', 'verbose', verbose)
    embedding = model.embedding
    if not embedding.dtrain.active:
        raise ValueError('EpyNN expects an Embedding with data to initialize, got one without: '
                         'give X_data and Y_data to Embedding')
    if embedding.dtrain.Y is None:
        raise ValueError('EpyNN expects labels to train with, got none: give Y_data to Embedding')

    own: dict[str, Function] = {}
    loss = function_or_name('EpyNN', 'loss', loss, losses, own, 'f(Y, A, deriv=False)')
    task = 'classes' if model.layers[-1].activation.get('activate') == 'softmax' \
        else str(embedding.dtrain.kind)
    if metrics is DEFAULT_METRICS and task == 'values':
        metrics = OF_VALUES
    names = [function_or_name('EpyNN', 'metric', metric, {**known_metrics, **of_outputs, **losses},
                              own, 'f(Y, A)') for metric in listed(metrics)]
    check_metrics(task, names, own, embedding.dtrain.targets().shape[-1])
    weights = read_class_weights(class_weights, embedding, task)
    dtype = precision('EpyNN', dtype)
    if seed is not None and not is_integer(seed, 0):
        raise ValueError('EpyNN expects seed to be an integer of 0 or more, or None, got '
                         f'{shown(seed)}')
    check_loss(loss, model.layers[-1])
    check_targets(loss, model.layers[-1], embedding.dsets)
    hPars = {**default_hPars, **settings('EpyNN', se_hPars)}
    model_hyperparameters(model, hPars)

    # The settings are valid: replace the state of the network
    model.initialized = False
    model.loss, model.functions, model.dtype, model.se_hPars = loss, own, dtype, hPars
    model.task, model.class_weights = task, weights
    model.metrics = Metrics({name: [[], [], []] for name in dict.fromkeys([*names, loss])})
    model.seed = secrets.randbits(128) if seed is None else int(seed)
    begin_anew(model)

    with shapes_in_errors(model), np.errstate(over='ignore', invalid='ignore'):
        try_one_batch(model, params)
    model.initialized = True
    model_unread(model, settings('EpyNN', se_hPars))

    if verbose:
        say_ok(end)


def begin_anew(model: EpyNN) -> None:
    """No epochs so far; what data look like is noted, and their order follows from the seed."""
    model.claim_layers()
    for layer in model.walk():
        layer.training = layer.needs_dX = True
        layer.lrate, layer.gradient_norms = [], []
        layer.restart()
    model.e = model.epochs = model.batch = 0
    dtrain = model.embedding.dtrain
    model.sample_shape = dtrain.inputs.shape[1:]
    model.steps = model.sample_shape[0] if model.sample_shape else 0
    model.padded, model.per_step = dtrain.lengths is not None, dtrain.targets().ndim > 2
    model.embedding.restart_order(model.seed + 1, shuffles=1)


def try_one_batch(model: EpyNN, params: bool) -> None:
    """Parameters of each layer, for the output of the one before; then forward and backward."""
    embedding = model.embedding
    batch = embedding.dtrain.take(embedding.batches()[0])
    A = batch.inputs
    for i, layer in enumerate(model.layers):
        seed = np.random.default_rng(model.seed + 1 + i) if i else embedding.rng
        if params or not any(inner.p for inner in layer.walk()):
            layer.build(A, seed=seed, dtype=model.dtype)
        else:
            layer.keep_parameters(seed, model.dtype)
        A = layer.forward(A, batch.lengths)
    batch.A = A
    check_outputs(layer, A, batch.Y)
    model.skip_gradient_by_data()
    check_loss_values(model, batch.targets(model.dtype), A)
    model.backward(loss_gradient(model, batch))


def listed(metrics: Any) -> list[Any]:
    """Metrics as a list, where one alone was given, or None."""
    if metrics is None or isinstance(metrics, str) or callable(metrics):
        return [] if metrics is None else [metrics]
    if not np.iterable(metrics) or isinstance(metrics, Mapping):
        raise ValueError(f'EpyNN expects metrics to be a list of names, got {shown(metrics)}')
    return list(metrics)


def say_ok(end: str) -> None:
    """The check line; a terminal may have it overwritten, a file has it on a line of its own."""
    line = colored('--- EpyNN Check OK! ---', 'green', attrs=['bold'])
    if sys.stdout.isatty():
        print(line + ' ' * 56, end=end, flush=True)     # 79 columns
    else:
        print(line, flush=True)
