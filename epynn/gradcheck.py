"""Is a gradient right? Backpropagation against two derivatives that know nothing of it.

- The *complex step*: a number moved by i h changes the loss by i h dL/dw, and no difference is
  taken in which digits could cancel, so with h = 1e-30 the derivative is exact to rounding
  (Squire & Trapp, 1998). It needs functions that take complex numbers, as all of this library do.
- *Central differences*: (L(w + h) - L(w - h)) / 2h, right to about 1e-9 at best, for any function.

``python -m epynn.gradcheck`` checks every layer with every option.
"""
from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from tabulate import tabulate
from termcolor import colored

from epynn.bidirectional.forward import MERGES
from epynn.bidirectional.models import Bidirectional
from epynn.commons.arguments import changed_arguments, name_of_function
from epynn.commons.checks import positive_integer, shown
from epynn.commons.dataset import dataSet
from epynn.commons.maths import activations
from epynn.commons.models import Layer
from epynn.commons.recurrence import Recurrent
from epynn.dense.models import Dense
from epynn.display.html import titled_table
from epynn.display.rows import text_table
from epynn.dropout.models import Dropout
from epynn.gru.models import GRU
from epynn.layers import layers as known_layers
from epynn.lstm.models import LSTM
from epynn.network.checks import check_lengths, check_outputs
from epynn.network.loss import loss_gradient, target_weights
from epynn.network.models import EpyNN
from epynn.residual.models import Residual
from epynn.rnn.models import RNN

STEP = {'complex': 1e-30, 'central': 1e-5}
WIDTH = 46                              # of the name of a layer in the table of all


class GradCheck:
    """Largest error of each gradient; printed as a table.

    Attributes
    ----------
    rows : list of dict
        For the input X and for each parameter: ``name``, ``shape``, ``error``, ``index``,
        ``analytic``, ``numeric``. The error is the largest difference of analytic and numeric
        gradient, relative to the largest gradient of the array (or 1e-8 if that is smaller).
    method : str
    """

    def __init__(self, title: str, method: str, rows: list[dict[str, Any]]) -> None:
        self.title, self.method, self.rows = title, method, rows

    @property
    def error(self) -> float:
        """The largest error of all."""
        return max(row['error'] for row in self.rows)

    def table(self) -> tuple[list[list[Any]], list[str]]:
        """Rows and headers."""
        return ([[row['name'], 'x'.join(map(str, row['shape'])), f'{row["error"]:.1e}',
                  row['index'], f'{row["analytic"]:.6g}', f'{row["numeric"]:.6g}']
                 for row in self.rows],
                ['with respect to', 'shape', 'largest error', 'at', 'backpropagation', self.method])

    def __str__(self) -> str:
        return f'{self.title}\n{text_table(*self.table())}'

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return titled_table(*self.table(), self.title)


def gradcheck(checked: Layer | EpyNN, X: Any, Y: Any = None, lengths: Any = None,
              method: str = 'complex', most: int = 50, seed: int = 0) -> GradCheck:
    """Compare the gradients of a layer or a network with numeric derivatives.

    Parameters
    ----------
    checked : Layer or EpyNN
        A layer is checked with the loss L = sum(A * R) of its output A and a random R, a network
        with its own loss. One without parameters gets some. It is left as it was.
    X : array_like, shape (m, ...)
    Y : array_like, shape (m, c) or (m, s, c), optional
        Targets, for a network.
    lengths : array_like of int, shape (m,), optional
        Steps of each sample, where they differ.
    method : {'complex', 'central'}
    most : int
        Check so many numbers of each array, drawn at random; all where there are fewer.
    seed : int
        Of what is drawn: R, parameters, and which numbers are checked.

    Returns
    -------
    GradCheck

    Raises
    ------
    ValueError
        Where the method is not known, or a network has no targets.

    Notes
    -----
    Clipping is off meanwhile: a clipped gradient is not the gradient of the loss. Dropout drops
    the same all the time.
    """
    if method not in STEP:
        raise ValueError(f'gradcheck expects method to be {" or ".join(STEP)}, got {method!r}')
    most = positive_integer('gradcheck', 'most', most)
    if not isinstance(checked, (Layer, EpyNN)):
        raise ValueError(f'gradcheck expects a layer or a network, got {shown(checked)}')
    rng = np.random.default_rng(seed)
    try:
        X = np.array(X, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError('gradcheck expects X to be an array of numbers, got '
                         f'{shown(X)}') from None
    lengths = check_lengths(X, lengths)
    if isinstance(checked, EpyNN):
        checked.check_ready('be checked')
        if Y is None:
            raise ValueError('gradcheck expects targets Y for a network, got none')
        Y = np.asarray(Y, dtype=np.float64)
        Y = Y if Y.ndim == 3 else Y.reshape(len(X), -1)

    title = checked.title if isinstance(checked, Layer) else checked.name
    layers = copies(checked, X, seed)
    A = forward(layers, X, lengths, seed)
    if isinstance(checked, EpyNN):
        check_outputs(layers[-1], A, Y)
        loss, dA = network_loss(checked, X, Y, lengths, A)
    else:
        dA = R = rng.standard_normal(A.shape)

        def loss(A: np.ndarray) -> Any:
            return (A * R).sum()
    for layer in reversed(layers):
        dA = layer.backward(dA)

    # From here on everything is complex, where that is the method
    if method == 'complex':
        X = X.astype(complex)
        for layer in all_of(layers):
            layer.dtype = np.dtype('complex128')
            layer.p = {name: W.astype(complex) for name, W in layer.p.items()}
    many = len(list(all_of(layers))) > 1
    pairs = [('X', X, dA)] + [(f'{layer.title}: {name}' if many else name, W, layer.g[f'd{name}'])
                              for layer in all_of(layers) for name, W in layer.p.items()]
    gradients = [(name, W, np.array(dW)) for name, W, dW in pairs]
    rows = [compare(name, W, dW, lambda: loss(forward(layers, X, lengths, seed)), method, most, rng)
            for name, W, dW in gradients]
    return GradCheck(f'{title}, {method} step', method, rows)


def network_loss(model: EpyNN, X: np.ndarray, Y: np.ndarray, lengths: np.ndarray | None,
                 A: np.ndarray) -> tuple[Callable[[np.ndarray], Any], np.ndarray]:
    """The loss of a network as a function of its outputs, and its gradient at A."""
    dset = dataSet(X, Y, lengths=lengths)
    dset.A = A
    weights = target_weights(model, dset)

    def loss(A: np.ndarray) -> Any:
        values = model.loss_function(Y, A)
        return (values if weights is None else weights * values).sum()
    return loss, loss_gradient(model, dset)


def copies(checked: Layer | EpyNN, X: np.ndarray, seed: int) -> list[Layer]:
    """The layers to check, so that those that were given are left as they were."""
    given = [checked] if isinstance(checked, Layer) else checked.layers
    layers = [layer.inference() for layer in given]
    for layer in all_of(layers):
        layer.training = layer.needs_dX = layer._trainable = True
        if layer.clip_gradients:
            layer.clip_gradients = False
        layer.buffers = copy.deepcopy(layer.buffers)
    if not any(layer.p for layer in all_of(layers)):
        for layer in layers:
            X = layer.build(X, seed=seed).forward(X)
    for layer in all_of(layers):
        layer.dtype = np.dtype('float64')
        layer.p = {name: W.copy() for name, W in layer.p.items()}
        layer.take_precision()
    return layers


def all_of(layers: list[Layer]) -> Iterator[Layer]:
    """The layers, and the layers in them."""
    for layer in layers:
        yield from layer.walk()


def forward(layers: list[Layer], X: Any, lengths: np.ndarray | None, seed: int) -> Any:
    """Output of the layers, with the same random draws and running statistics each time."""
    for layer in all_of(layers):
        layer.rng = np.random.default_rng(seed)
    kept = [(layer, copy.deepcopy(layer.buffers)) for layer in all_of(layers)]
    for layer in layers:
        X = layer.forward(X, lengths)
    for layer, buffers in kept:
        layer.buffers = buffers
    return X


def compare(name: str, W: np.ndarray, dW: np.ndarray, loss: Callable[[], Any], method: str,
            most: int, rng: np.random.Generator) -> dict[str, Any]:
    """The largest error of a gradient dW, W being moved in place."""
    chosen = rng.permutation(W.size)[:most]
    numeric = np.array([derivative(W.reshape(-1), i, loss, method) for i in chosen])
    found = dW.reshape(-1)[chosen]
    errors = np.abs(found - numeric)
    worst = int(errors.argmax())
    scale = max(np.abs(found).max(), np.abs(numeric).max(), 1e-8)
    return {'name': name, 'shape': W.shape, 'error': float(errors[worst] / scale),
            'index': tuple(int(i) for i in np.unravel_index(chosen[worst], W.shape)),
            'analytic': float(found[worst]), 'numeric': float(numeric[worst])}


def derivative(w: np.ndarray, i: int, loss: Callable[[], Any], method: str) -> Any:
    """dL/dw[i], by one complex step or two real ones."""
    here, h = w[i], STEP[method]
    try:
        if method == 'complex':
            w[i] = here + 1j * h
            return loss().imag / h
        w[i] = here + h
        above = loss()
        w[i] = here - h
        return (above - loss()) / (2 * h)
    finally:
        w[i] = here


# The check of every layer with every option

def cases() -> Iterator[tuple[Layer, np.ndarray, list[int] | None]]:
    """Layers with their options, an input each, and lengths or None: of every layer that the
    registry has."""
    rng = np.random.default_rng(0)
    inputs = {2: rng.standard_normal((5, 4)), 3: rng.standard_normal((3, 7, 2)),
              4: rng.standard_normal((2, 7, 6, 2))}
    for name, kind in known_layers.items():
        axes = len({*kind.axes} - {'...'}) or 2 + (name == 'Flatten')
        for options in OPTIONS.get(name, [{}]):
            yield kind(**options), inputs[axes], None
            if 's' in kind.axes and not issubclass(kind, Recurrent):
                yield kind(**options), inputs[axes], [7, 1, 4]
            if '...' in kind.axes:
                yield kind(**options), inputs[axes + 1], None
        if issubclass(kind, Recurrent):
            for lengths in (None, [7, 1, 4]):
                for options in ({}, {'sequences': True}, {'sequences': True, 'windows': 3}):
                    yield kind(unit_cells=2, **options), inputs[3], lengths
    yield Dropout(0.3, axis=1), inputs[3], None
    for kind in (RNN, GRU, LSTM):
        for sequences in (False, True):
            for merge in MERGES:
                yield Bidirectional(kind(2, sequences=sequences), merge), inputs[3], [7, 1, 4]
            yield Bidirectional(kind(2, sequences=sequences, windows=3)), inputs[3], [7, 1, 4]
    yield Residual([Bidirectional(GRU(1, sequences=True))]), inputs[3], [7, 1, 4]


def each(always: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    """Options, one at a time, each beside those that are always there."""
    return [{**always, name: value} for name, values in options.items() for value in values]


ELEMENTWISE = [name for name in activations if name != 'softmax']
TWO, THREE = {'unit_cells': 2}, {'unit_filters': 3}
OPTIONS: dict[str, list[dict[str, Any]]] = {
    'Dropout': [{'drop_prob': 0.3}],
    'Dense': each({'units': 3}, activate=activations, initialization=('orthogonal',)),
    'RNN': each(TWO, activate=ELEMENTWISE, initialization=('orthogonal',)),
    'GRU': each(TWO, activate=ELEMENTWISE, activate_update=('elu',), activate_reset=('elu',),
                initialization=('xavier',)),
    'LSTM': each(TWO, activate=ELEMENTWISE, activate_output=('elu',), activate_input=('elu',),
                 activate_candidate=('elu',), activate_forget=('elu',),
                 initialization=('xavier',)),
    'Convolution': [THREE, *each(THREE, strides=(1,), padding=(2,), activate=('tanh',)),
                    {**THREE, 'filter_size': (2, 4), 'strides': (3, 1)},
                    {**THREE, 'padding': (0, 1), 'use_bias': False}],
    'Pooling': [{'pool': pool, **options} for pool in ('max', 'min', 'mean')
                for options in ({}, {'strides': 1}, {'pool_size': (3, 2), 'strides': (2, 3)})],
    'Attention': [{}, {'heads': 2, 'units': 4}, {'heads': 2, 'units': 6, 'causal': True}],
    'PositionalEncoding': [{}, {'learned': True, 'steps': 9}],
    'Bidirectional': [{'layer': GRU(2), 'merge': merge} for merge in MERGES],
    'Residual': [{'layers': [Dense(3, 'tanh'), Residual([Dense(3), Dropout(0.3)]), Dense(4)]}],
}


def called(layer: Layer) -> str:
    """A layer as one would write it: ``GRU(2, sequences=True)``."""
    changed, by_place, given = changed_arguments(layer), True, []
    for name in layer.arguments():
        by_place = by_place and name in changed             # until one is left out
        if name in changed:
            value = changed[name]
            value = called(value) if isinstance(value, Layer) else \
                [called(inner) for inner in value] if name == 'layers' else name_of_function(value)
            text = str(value).replace("'", '').replace(', ', ',')
            given.append(text if by_place else f'{name}={text}')
    text = f'{type(layer).__name__}({", ".join(given)})'
    return text if len(text) <= WIDTH else f'{text[:WIDTH - 3]}...'


def shape(X: np.ndarray, lengths: list[int] | None) -> str:
    """``3x7x2`` for three sequences of 7 steps, ``(7,1,4)x2`` for those of 7, 1 and 4 steps."""
    if lengths is None:
        return 'x'.join(map(str, X.shape))
    return f'({",".join(map(str, lengths))})x{X.shape[2]}'


def main() -> int:
    """Check every layer with every option, and print one table."""
    table, worst = [], {'complex': 0.0, 'central': 0.0}
    for layer, X, lengths in cases():
        errors = {method: gradcheck(layer, X, lengths=lengths, method=method).error
                  for method in STEP}
        worst = {method: max(worst[method], error) for method, error in errors.items()}
        table.append([called(layer), shape(X, lengths),
                      *(f'{error:.1e}' for error in errors.values())])
    print(tabulate(table, ['layer', 'input', *STEP], tablefmt='simple', disable_numparse=True))
    good = worst['complex'] < 1e-12 and worst['central'] < 1e-6
    verdict = colored('right', 'green') if good else colored('WRONG', 'red', attrs=['bold'])
    print(f'\n{len(table)} checks, largest errors {worst["complex"]:.1e} (complex step), '
          f'{worst["central"]:.1e} (central): {verdict}')
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
