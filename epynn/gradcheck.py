"""Is a gradient right? Backpropagation against two derivatives that know nothing of it.

- The *complex step*: a number moved by i h changes the loss by i h dL/dw, and no difference is
  taken in which digits could cancel, so with h = 1e-30 the derivative is exact to rounding
  (Squire & Trapp, 1998). It needs functions that take complex numbers, as all of this library do.
- *Central differences*: (L(w + h) - L(w - h)) / 2h, right to about 1e-9 at best, for any function.

``python -m epynn.gradcheck`` checks every layer with every option.
"""
import inspect
import sys
from contextlib import contextmanager

import numpy as np
from tabulate import tabulate
from termcolor import colored

from epynn.commons.checks import positive_integer, shown
from epynn.commons.loss import losses
from epynn.commons.models import Layer
from epynn.display.html import table_html
from epynn.display.rows import text_table
from epynn.network.initialization import check_outputs

STEP = {'complex': 1e-30, 'central': 1e-5}


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

    def __init__(self, title, method, rows):
        self.title, self.method, self.rows = title, method, rows

    @property
    def error(self):
        """The largest error of all."""
        return max(row['error'] for row in self.rows)

    def table(self):
        """Rows and headers."""
        return ([[row['name'], 'x'.join(map(str, row['shape'])), f'{row["error"]:.1e}',
                  row['index'], f'{row["analytic"]:.6g}', f'{row["numeric"]:.6g}']
                 for row in self.rows],
                ['gradient by', 'shape', 'largest error', 'at', 'backpropagation', self.method])

    def __str__(self):
        return f'{self.title}\n{text_table(*self.table())}'

    __repr__ = __str__

    def _repr_html_(self):
        return table_html(*self.table(), self.title)


def gradcheck(checked, X, Y=None, lengths=None, method='complex', most=50, seed=0):
    """Compare the gradients of a layer or a network with numeric derivatives.

    Parameters
    ----------
    checked : Layer or EpyNN
        A layer is checked with the loss L = sum(A * R) of its output A and a random R, a network
        with its own loss. One without parameters gets some. It is left as it was.
    X : array_like, shape (m, ...)
    Y : array_like, shape (m, c), optional
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
    if not isinstance(checked, Layer) and not hasattr(checked, 'check_ready'):
        raise ValueError(f'gradcheck expects a layer or a network, got {shown(checked)}')
    rng = np.random.default_rng(seed)
    X = np.array(X, dtype=np.float64)
    lengths = None if lengths is None else np.asarray(lengths)
    if isinstance(checked, Layer):
        layers, title = [checked], checked.title
    else:
        layers, title = checked.layers, checked.name
        checked.check_ready('be checked')
        if Y is None:
            raise ValueError('gradcheck expects targets Y for a network, got none')
        Y = np.asarray(Y, dtype=np.float64).reshape(len(X), -1)

    with left_as_it_was(layers):
        for layer in layers:
            layer.training = layer.needs_dX = True
            layer.clip_gradients = False
            if layer.rng is None:
                layer.rng = np.random.default_rng(seed)
            layer.dtype = np.dtype('float64')
            if not layer.p:
                layer.build(X)
            layer.p = {name: W.copy() for name, W in layer.p.items()}
            layer.allocate()
        generators = [layer.rng.bit_generator.state for layer in layers]

        def forward(X):
            for layer, state in zip(layers, generators, strict=True):
                layer.rng.bit_generator.state = state
                X = layer.forward(X, lengths)
            return X

        A = forward(X)
        if Y is None:
            R = rng.standard_normal(A.shape)
            dA = R

            def loss(A):
                return (A * R).sum()
        else:
            check_outputs(layers[-1], A, Y)
            dA = losses[checked.loss](Y, A, deriv=True)

            def loss(A):
                return losses[checked.loss](Y, A).sum()
        for layer in reversed(layers):
            dA = layer.backward(dA)
        analytic = {'X': dA, **{f'{layer.title}: {name}' if len(layers) > 1 else name:
                                layer.g[f'd{name}'].copy() for layer in layers for name in layer.p}}

        # From here on everything is complex, where that is the method
        if method == 'complex':
            X = X.astype(complex)
            for layer in layers:
                layer.dtype = np.dtype(complex)
                layer.p = {name: W.astype(complex) for name, W in layer.p.items()}
        arrays = [X, *(W for layer in layers for W in layer.p.values())]
        rows = [compare(name, W, dW, lambda: loss(forward(X)), method, most, rng)
                for W, (name, dW) in zip(arrays, analytic.items(), strict=True)]
    return GradCheck(f'{title}, {method} step', method, rows)


def compare(name, W, dW, loss, method, most, rng):
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


def derivative(w, i, loss, method):
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


@contextmanager
def left_as_it_was(layers):
    """Give the layers back all that they had, whatever happens meanwhile."""
    kept = [(layer, dict(vars(layer)), layer.d.copy(), layer.fs.copy(), layer.bs.copy(),
             layer.rng.bit_generator.state if layer.rng else None) for layer in layers]
    try:
        yield
    finally:
        for layer, attributes, d, fs, bs, state in kept:
            vars(layer).clear()
            vars(layer).update(attributes)
            layer.d, layer.fs, layer.bs = d, fs, bs
            if state:
                layer.rng.bit_generator.state = state


def every_layer():
    """Layers with their options, an input each, and lengths or None."""
    from epynn import (
        GRU,
        LSTM,
        RNN,
        Convolution,
        Dense,
        Dropout,
        Embedding,
        Flatten,
        Pooling,
        Template,
    )
    from epynn.commons.maths import activations

    rng = np.random.default_rng(0)
    rows, sequences = rng.standard_normal((5, 4)), rng.standard_normal((3, 7, 2))
    images = rng.standard_normal((2, 7, 6, 2))
    for layer in (Embedding(), Template(), Dropout(0.3)):
        yield layer, rows, None
    for layer in (Flatten(), Dropout(0.3, axis=1)):
        yield layer, sequences, None

    for activate in activations:
        yield Dense(3, activate), rows, None
    yield Dense(3, initialization='orthogonal'), rows, None

    for options in ({}, {'sequences': True}, {'sequences': True, 'windows': 3}):
        for lengths in (None, [7, 1, 4]):
            for recurrent in (RNN, GRU, LSTM):
                yield recurrent(2, **options), sequences, lengths
    for recurrent in (RNN, GRU, LSTM):
        for activate in activations:
            if activate != 'softmax':
                yield recurrent(2, activate, initialization='xavier'), sequences, None
    for gate in ('activate_update', 'activate_reset'):
        yield GRU(2, **{gate: 'elu'}), sequences, None
    for gate in ('activate_output', 'activate_candidate', 'activate_input', 'activate_forget'):
        yield LSTM(2, **{gate: 'elu'}), sequences, None

    for options in ({}, {'strides': 1}, {'filter_size': (2, 4), 'strides': (3, 1)}, {'padding': 2},
                    {'padding': (0, 1), 'use_bias': False}, {'activate': 'tanh'}):
        yield Convolution(3, **options), images, None
    for pool in ('max', 'min', 'mean'):
        for options in ({}, {'strides': 1}, {'pool_size': (3, 2), 'strides': (2, 3)}):
            yield Pooling(pool=pool, **options), images, None


def called(layer):
    """A layer as one would write it: ``GRU(2, sequences=True)``."""
    takes, by_place, given = inspect.signature(type(layer)).parameters, True, []
    for parameter, (name, value) in zip(takes, layer.arguments.items(), strict=False):
        by_place = by_place and name == parameter       # until one is left out
        given.append(f'{"" if by_place else f"{name}="}{getattr(value, "__name__", value)}')
    return f'{type(layer).__name__}({", ".join(given)})'


def shape(X, lengths):
    """``3x7x2`` for three sequences of 7 steps, ``(7,1,4)x2`` for those of 7, 1 and 4 steps."""
    if lengths is None:
        return 'x'.join(map(str, X.shape))
    return f'({",".join(map(str, lengths))})x{X.shape[2]}'


def main():
    """Check every layer with every option, and print one table."""
    table, worst = [], {'complex': 0.0, 'central': 0.0}
    for layer, X, lengths in every_layer():
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
