"""What cannot work, and what to do about it? Losses, targets, outputs that do not fit."""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.checks import shown
from epynn.commons.maths import elu, identity, lrelu, relu, sigmoid, softmax, tanh
from epynn.commons.metrics import metrics, of_probabilities

if TYPE_CHECKING:
    from epynn.commons.dataset import dataSet
    from epynn.commons.models import Layer
    from epynn.embedding.encoding import Unchanged
    from epynn.embedding.models import Embedding
    from epynn.network.models import EpyNN


def check_loss(loss: str, last: Layer) -> None:
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


def check_loss_values(model: EpyNN, Y: np.ndarray, A: np.ndarray) -> None:
    """An error for a loss of one's own that gives other shapes than a loss has to."""
    if model.loss in model.functions:
        value, derivative = (np.shape(model.loss_function(Y, A, deriv=deriv))
                             for deriv in (False, True))
        if value[:A.ndim - 1] != A.shape[:-1] or derivative != A.shape:
            raise ValueError(f'EpyNN expects the loss {model.loss}, f(Y, A, deriv=False), to give '
                             f'one value for each target, of shape {A.shape[:-1]}, and with '
                             f'deriv=True one for each output, of shape {A.shape}, got shapes '
                             f'{value} and {derivative}')


def check_targets(loss: str, last: Layer, dsets: Iterable[dataSet]) -> None:
    """An error for targets that the loss or the output layer can never come to, in any set."""
    output = last.activation.get('activate')
    for dset in dsets:
        Y = dset.targets()
        low, high, of = Y.min(), Y.max(), f'in {dset.name}'
        if loss in ('BCE', 'CCE') and not 0 <= low <= high <= 1:
            raise ValueError(f'EpyNN expects labels from 0 to 1 with the loss {loss}, got {low:g} '
                             f'to {high:g} {of}: use Y_encode=True')
        if loss == 'MSLE' and not low > -1:
            raise ValueError(f'EpyNN expects labels above -1 with the loss MSLE, got {low:g} {of}: '
                             'use MSE')
        if output in (sigmoid.__name__, softmax.__name__) and not 0 <= low <= high <= 1:
            raise ValueError(f'{last.title} gives outputs from 0 to 1, those of {output}, but the '
                             f'labels go from {low:g} to {high:g} {of}: use Y_encode=True for '
                             "classes, or activate='identity' for other numbers")


def check_metrics(task: str, names: list[str], own: Mapping[str, Any],
                  outputs: int | None = None) -> None:
    """An error for metrics of classes, where targets are numbers that are no classes; and for those
    of two classes, where there are more."""
    wrong = [name for name in names if name in (*metrics, *of_probabilities) and name not in own]
    if task == 'values' and wrong:
        raise ValueError(f'EpyNN expects metrics of numbers where the targets are no classes, got '
                         f"{', '.join(wrong)}: use 'R2', 'RMSE', 'MAE' or 'MSE', or Y_encode=True "
                         'if they are classes')
    if 'AUC' in names and 'AUC' not in own and (task != 'classes' or (outputs or 2) > 2):
        raise ValueError(f'EpyNN expects two classes with the metric AUC, got {outputs} outputs '
                         f'that are {task}: macro_recall, macro_precision and macro_fscore take '
                         'more')
    if 'top_k' in names and 'top_k' not in own and (task != 'classes' or (outputs or 2) < 2):
        raise ValueError('EpyNN expects an output for each of two classes or more with the metric '
                         'top_k: use accuracy, or Y_encode=True')


def check_kind(task: str, dset: dataSet) -> None:
    """An error for targets of another kind than those that the network was trained on; targets of
    which a few happen to look like classes are of its kind too."""
    shares = task == 'classes' and dset.kind == 'values' and np.allclose(
        dset.each(dset.targets()).sum(axis=1), 1)       # of several classes, one sample's add to 1
    if dset.kind not in (task, 'classes', None) and not shares:
        raise ValueError(f'EpyNN expects targets that are {task}, as it was trained on, got '
                         f'{dset.kind} in {dset.name}: initialize the network for these')
    dset.kind = task


def check_encoding(old: Embedding, new: Embedding) -> None:
    """An error for an Embedding that turns data into other numbers than the one trained with."""
    if new.x_transform != old.x_transform:
        before, after = (described(e.x_transform) for e in (old, new))
        raise ValueError(f'EpyNN expects features as it was trained on, {before}, got {after}: '
                         'give the Embedding like=model.embedding')
    if old.classes is not None and new.dtrain.Y is not None and (
            new.classes is None or new.classes.tolist() != old.classes.tolist()):
        raise ValueError(f'EpyNN expects the classes that it was trained on, '
                         f'{shown(old.classes.tolist())}, got '
                         f'{None if new.classes is None else shown(new.classes.tolist())}: '
                         'give the Embedding like=model.embedding')


def described(transform: Unchanged) -> str:
    """What turns features into numbers, in a few words."""
    settings = transform.settings()
    return f'{type(transform).__name__} {shown(settings)}' if settings else 'numbers as they are'


def check_labels(what: str, embedding: Embedding) -> None:
    """An error for an Embedding without data or labels."""
    if not embedding.dtrain.active or embedding.dtrain.Y is None:
        raise ValueError(f'{what} expects an Embedding with data and labels, got one without: '
                         'assign one to model.embedding')


def check_lengths(X: Any, lengths: Any) -> np.ndarray | None:
    """Lengths as an array; an error for what cannot be the steps of each sample."""
    if lengths is None:
        return None
    found = np.asarray(lengths)
    steps = np.shape(X)[1] if np.ndim(X) > 1 else 0
    if found.shape != (len(X),) or found.dtype.kind not in 'iu' or not len(found) or not (
            1 <= found.min() <= found.max() <= steps):
        raise ValueError(f'forward expects lengths to be the steps of each of {len(X)} samples, '
                         f'integers from 1 to {steps}, got {shown(lengths)}: labels are not for '
                         'forward, they go into an Embedding')
    return found


def check_outputs(last: Layer, A: Any, Y: Any) -> None:
    """An error for outputs and targets of different shapes."""
    if A.shape == Y.shape:
        return
    units = f'{Y.shape[-1]} unit' + 's' * (Y.shape[-1] != 1)
    remedy = f'expected {units} in the last layer'
    if A.ndim > Y.ndim:
        remedy = 'for one label a sample put a Flatten before it, or sequences=False into the ' \
                 'last recurrent layer'
        if A.shape == (*Y.shape, 1):
            remedy += '; for one a step give Y_data[..., np.newaxis]'
    elif A.ndim < Y.ndim:
        remedy = 'labels are for each step, so put sequences=True into recurrent layers, and no ' \
                 'Flatten after them'
    elif Y.shape[-1] == 1:
        remedy += ', or Y_encode=True in Embedding'
    raise ValueError(f'{last.title} gives outputs of shape {A.shape}, but the labels have shape '
                     f'{Y.shape}: {remedy}')


@contextmanager
def shapes_in_errors(model: EpyNN) -> Iterator[None]:
    """While it lasts, an error says in which layer it came up, and the shapes known so far."""
    for layer in model.walk():
        layer.fc, layer.bc, layer.fs, layer.bs = {}, {}, {}, {}
        layer.input_shape = None
    try:
        yield
    except Exception as error:
        layers = list(model.walk())
        lines = [f'{layer.title}: input {layer.input_shape or "-"}' for layer in layers]
        stuck = [layer for layer in layers if layer.input_shape][-1:] or layers[:1]
        error.add_note(f'EpyNN did not get past {stuck[0].title}. Shapes so far:\n  '
                       + '\n  '.join(lines))
        raise
