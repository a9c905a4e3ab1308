"""What happens before training? Settings are checked, parameters drawn, one batch tried."""
import sys

import numpy as np
from termcolor import colored

from epynn.commons.checks import one_of
from epynn.commons.loss import losses
from epynn.commons.maths import softmax, tanh
from epynn.commons.metrics import metrics as known_metrics
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

    one_of('EpyNN', 'loss', loss, losses)
    dtype = np.dtype(one_of('EpyNN', 'dtype', np.dtype(dtype).name, ('float64', 'float32')))
    names = [metrics] if isinstance(metrics, str) else list(metrics)
    for name in names:
        one_of('EpyNN', 'metric', name, [*known_metrics, *losses])
    check_loss(loss, model.layers[-1])
    model_hyperparameters(model, se_hPars)

    # All that can be said without data is right: from here on the network is another one
    model.initialized = False
    model.loss, model.dtype, model.se_hPars = loss, dtype, dict(se_hPars)
    model.metrics = {name: [[], [], []] for name in dict.fromkeys([*names, loss])}
    model.seed = np.random.SeedSequence().entropy if seed is None else int(seed)
    for i, layer in enumerate(model.layers):
        layer.rng = np.random.default_rng(model.seed + 1 + i)
        layer.dtype = model.dtype
        layer.training = layer.needs_dX = True
        layer.lrate = []
        layer.restart()
    model.e = model.epochs = model.batch = 0
    model.steps = embedding.dtrain.inputs.shape[1] if embedding.dtrain.inputs.ndim > 1 else 0
    model.restart_shuffling()
    model.shuffle()

    batch = embedding.dtrain.take(embedding.batches(model.order)[0])
    with shapes_in_errors(model):
        A = batch.inputs
        for layer in model.layers:
            if params or not layer.p:
                layer.build(A)
            else:
                layer.allocate()
            A = layer.forward(A, batch.lengths)
        Y = batch.Y.astype(model.dtype)
        if A.shape != Y.shape:
            raise ValueError(
                f'{layer.title} gives outputs of shape {A.shape}, but the labels have shape '
                f'{Y.shape}: expected {Y.shape[1]} units in the last layer'
                + (', or Y_encode=True in Embedding' if Y.shape[1] == 1 else ''))
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
    if loss in ('CCE', 'BCE', 'MSLE') and output == tanh.__name__:
        raise ValueError(f'{last.title} expects outputs that are not negative with the loss '
                         f'{loss}, got tanh: use sigmoid, or MSE as a loss')


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
