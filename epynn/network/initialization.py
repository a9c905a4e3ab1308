"""What happens before training? Settings are checked, parameters drawn, one batch tried."""
import sys

import numpy as np
from termcolor import colored

from epynn.commons.checks import is_integer, name_of, one_of, settings, shown
from epynn.commons.loss import losses
from epynn.commons.maths import elu, identity, lrelu, relu, sigmoid, softmax, tanh
from epynn.commons.metrics import metrics as known_metrics
from epynn.display.html import Metrics
from epynn.network.hyperparameters import model_hyperparameters
from epynn.settings import se_hPars as default_hPars


def model_initialize(model, loss='MSE', se_hPars=default_hPars, metrics=('accuracy',), seed=None,
                     params=True, end='\n', dtype='float64', verbose=True):
    """Draw the parameters and try one batch forward and backward, without learning from it.

    Parameters
    ----------
    loss : str, default 'MSE'
        'MSE', 'MAE', 'MSLE', 'BCE' or 'CCE'.
    se_hPars : dict
        Hyperparameters, see :mod:`epynn.settings`; one left out has its default.
    metrics : list of str, default ['accuracy']
        Metrics and losses to follow; the loss itself is always among them.
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

    Raises
    ------
    ValueError
        Where settings, data and layers do not fit together. The error says in which layer, and
        what shapes are known so far.
    """
    embedding = model.embedding
    if not embedding.dtrain.active:
        raise ValueError('EpyNN expects an Embedding with data to initialize, got one without: '
                         'give X_data and Y_data to Embedding')
    if embedding.dtrain.Y is None:
        raise ValueError('EpyNN expects labels to train with, got none: give Y_data to Embedding')

    loss = one_of('EpyNN', 'loss', name_of(loss, losses), losses)
    try:
        dtype = np.dtype(dtype).name
    except TypeError:
        pass                                    # told in the next line
    dtype = np.dtype(one_of('EpyNN', 'dtype', dtype, ('float64', 'float32')))
    if metrics is None or isinstance(metrics, str) or callable(metrics):
        metrics = [] if metrics is None else [metrics]
    if not np.iterable(metrics):
        raise ValueError(f'EpyNN expects metrics to be a list of names, got {shown(metrics)}')
    known = {**known_metrics, **losses}
    names = [one_of('EpyNN', 'metric', name_of(name, known), known) for name in metrics]
    if seed is not None and not is_integer(seed, 0):
        raise ValueError('EpyNN expects seed to be an integer of 0 or more, or None, got '
                         f'{shown(seed)}')
    check_loss(loss, model.layers[-1])
    check_targets(loss, model.layers[-1], embedding.dtrain.Y)
    se_hPars = settings('EpyNN', se_hPars)
    model_hyperparameters(model, se_hPars)

    # All that can be said without data is right: from here on the network is another one
    model.initialized = False
    model.loss, model.dtype, model.se_hPars = loss, dtype, dict(se_hPars)
    model.metrics = Metrics({name: [[], [], []] for name in dict.fromkeys([*names, loss])})
    model.seed = np.random.SeedSequence().entropy if seed is None else int(seed)
    model.own()
    for i, layer in enumerate(model.layers):
        layer.rng = np.random.default_rng(model.seed + 1 + i)
        layer.dtype = model.dtype
        layer.training = layer.needs_dX = True
        layer.lrate, layer.gradient_norms = [], []
        layer.restart()
    model.e = model.epochs = model.batch = 0
    model.steps = embedding.dtrain.inputs.shape[1] if embedding.dtrain.inputs.ndim > 1 else 0
    model.restart_shuffling()
    model.shuffle()

    batch = embedding.dtrain.take(embedding.batches(model.order)[0])
    with shapes_in_errors(model), np.errstate(over='ignore', invalid='ignore'):
        A = batch.inputs
        for layer in model.layers:
            if params or not layer.p:
                layer.build(A)
            else:
                layer.allocate()
            A = layer.forward(A, batch.lengths)
        Y = batch.Y.astype(model.dtype)
        check_outputs(layer, A, Y)
        model.stop_at_first_parameters()
        model.backward(losses[model.loss](Y, A, deriv=True))
    model.initialized = True

    if verbose:
        say_ok(end)


def say_ok(end):
    """The check line; a terminal may have it overwritten, a file has it on a line of its own."""
    line = colored('--- EpyNN Check OK! ---', 'green', attrs=['bold'])
    if sys.stdout.isatty():
        print(line + ' ' * 77, end=end, flush=True)
    else:
        print(line, flush=True)


def check_loss(loss, last):
    """An error for a loss that the output layer cannot serve."""
    output = last.activation.get('activate')
    if loss == 'CCE' and output != softmax.__name__:
        raise ValueError(f'{last.title} expects softmax with the loss CCE, got {output}: use '
                         'softmax, or BCE or MSE as a loss')
    if loss == 'BCE' and output in (identity.__name__, relu.__name__, lrelu.__name__, elu.__name__):
        raise ValueError(f'{last.title} expects outputs from 0 to 1 with the loss BCE, got '
                         f'{output}: use sigmoid, or MSE as a loss')
    if loss in ('CCE', 'BCE', 'MSLE') and output == tanh.__name__:
        raise ValueError(f'{last.title} expects outputs that are not negative with the loss '
                         f'{loss}, got tanh: use sigmoid, or MSE as a loss')


def check_targets(loss, last, Y):
    """An error for targets that the loss or the output layer can never come to."""
    output = last.activation.get('activate')
    low, high = Y.min(), Y.max()
    if loss in ('BCE', 'CCE') and not 0 <= low <= high <= 1:
        raise ValueError(f'EpyNN expects labels from 0 to 1 with the loss {loss}, got {low:g} to '
                         f'{high:g}: number two classes 0 and 1, or use Y_encode=True')
    if loss == 'MSLE' and not low > -1:
        raise ValueError(f'EpyNN expects labels above -1 with the loss MSLE, got {low:g}: use MSE')
    if output in (sigmoid.__name__, softmax.__name__) and not 0 <= low <= high <= 1:
        raise ValueError(f'{last.title} gives outputs from 0 to 1, those of {output}, but the '
                         f'labels go from {low:g} to {high:g}: number two classes 0 and 1, use '
                         'Y_encode=True for more, or identity for other numbers')


def check_labels(what, embedding):
    """An error for an Embedding without data or labels."""
    if not embedding.dtrain.active or embedding.dtrain.Y is None:
        raise ValueError(f'{what} expects an Embedding with data and labels, got one without: '
                         'assign one to model.embedding')


def check_outputs(last, A, Y):
    """An error for outputs and targets of different shapes."""
    if A.shape != Y.shape:
        raise ValueError(
            f'{last.title} gives outputs of shape {A.shape}, but the labels have shape '
            f'{Y.shape}: expected {Y.shape[1]} units in the last layer'
            + (', or Y_encode=True in Embedding' if Y.shape[1] == 1 else ''))


class shapes_in_errors:
    """While it lasts, an error says in which layer it came up, and the shapes known so far."""

    def __init__(self, model):
        self.model = model

    def __enter__(self):
        for layer in self.model.layers:
            layer.fc, layer.bc, layer.fs, layer.bs = {}, {}, {}, {}
            layer.input_shape = None

    def __exit__(self, kind, error, traceback):
        if error is None:
            return
        lines = [f'{layer.title}: input {layer.input_shape or "-"}' for layer in self.model.layers]
        stuck = [layer for layer in self.model.layers if layer.input_shape][-1]
        error.add_note(f'EpyNN did not get past {stuck.title}. Shapes so far:\n  '
                       + '\n  '.join(lines))
