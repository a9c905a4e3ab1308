"""Every mistake that a newcomer makes is explained, or understood: one table, one row for each.

Where an error gives a remedy, it is tried too: the row goes on with what one writes then.
"""
import re
from fractions import Fraction
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from own_layers import Shortcut
from scipy.sparse import csr_array

import epynn
from epynn.commons import loss, metrics
from epynn.display import plot
from epynn.embedding.encoding import Classes, Range, Symbols
from epynn.gradcheck import gradcheck

rng = np.random.default_rng(0)
X, Y = rng.standard_normal((12, 4)), np.arange(12) % 2          # samples and labels
S = rng.standard_normal((12, 8, 3))                             # sequences
I = rng.standard_normal((12, 6, 6, 1))                          # images        # noqa: E741
W = np.array([['low', 'high'], ['high', 'low']] * 6)            # words
R = [[1, 2], [3, 4], [5, 6]]                                    # three samples
L = [[1, 2], [3], [5, 6]]                                       # of unequal length


def data(X=X, Y=Y, **arguments):
    return epynn.Embedding(X, Y, **arguments)


def build(*layers, on=None, **arguments):
    """A network, initialized."""
    model = epynn.EpyNN([data() if on is None else on, *layers])
    model.initialize(**{'seed': 1, 'verbose': False, **arguments})
    return model


def net():
    return build(epynn.Dense())


def train(*arguments, **options):
    net().train(*arguments, **({'verbose': 0, **options} if len(arguments) == 1 else options))


def again(model=None, like=False, **arguments):
    """A network from a file, with other data where they are given."""
    model = epynn.read_model((model or net()).write('model.npz'))
    if arguments:
        model.embedding = data(**arguments, like=model.embedding if like else None)
    return model


def stand(W, dW, state, lrate, hPars):
    """An optimizer that changes nothing."""


def other_optimizer(name):
    """A network that goes on with another optimizer, after it was trained with Adam."""
    model = build(epynn.Dense(), se_hPars={'optimizer': 'Adam', 'weight_decay': 0.1})
    model.train(1, verbose=0)
    model.se_hPars['optimizer'] = name
    model.train(1, verbose=0)


def text_file():
    Path('notes.txt').write_text('Dear diary, today I trained a network.')
    return 'notes.txt'


def two_networks_with_the_same(layer, use):
    """What the first of two networks says once the second has drawn parameters."""
    first, second = build(layer), epynn.EpyNN([data(), layer])
    first.predict(X)                                    # nothing has happened so far
    second.initialize(seed=2, verbose=False)
    assert np.isfinite(second.predict(X).A).all()
    use(first)


def with_a_layer_more(use):
    model = net()
    model.layers.append(epynn.Dense())
    use(model)


def setting(thing, name, value):
    """Set an attribute, and give the thing back."""
    setattr(thing, name, value)
    return thing


def with_weights(W):
    """A network whose weights are replaced, by others of their shape."""
    model = net()
    model.layers[1].p['W'] = W
    return model


def writing(layer, **arguments):
    """A network with a layer before the last, written and read."""
    build(layer, epynn.Dense(), **arguments).write('own.npz')
    return epynn.read_model('own.npz', custom_objects={
        f.__name__: f for f in (linear, own_relu, Keeps, Half, squared)})


def recurrent(kind=epynn.GRU):
    """A recurrent layer after a forward and a backward pass."""
    layer = kind(3).build(S, seed=0)
    layer.index = 1
    layer.backward(np.ones_like(layer.forward(S)))
    return layer


def convolution():
    return build(epynn.Convolution(2), epynn.Flatten(), epynn.Dense(), on=data(I)).layers[1]


def trained():
    model = net()
    model.train(1, verbose=0)
    return model


def exploding(**arguments):
    """A network of which each step of learning makes the numbers larger."""
    on = data(100 * X, X_scale=arguments.pop('X_scale', False))
    model = build(epynn.Dense(3, 'relu'), epynn.Dense(1, 'identity'), on=on,
                  se_hPars={'learning_rate': arguments.pop('learning_rate', 10)})
    model.train(50, verbose=0, **arguments)


class Half(epynn.Layer):
    """A layer without a forward pass."""


class Whole(Half):
    def forward_pass(layer, X):
        return X


class Keeps(Whole):
    """A layer that keeps what it is given under its name."""

    def __init__(self, factor=2):
        super().__init__()
        self.factor = factor

    def backward_pass(layer, dA):
        return dA


class Loses(Keeps):
    """A layer that keeps what it is given under another name."""

    def __init__(self, factor=2, share=1):
        super().__init__(factor)
        self.part = share


class Late(epynn.Layer):
    """A layer that looks at an argument before it is set."""

    units = epynn.Argument(lambda owner, name, value: value)

    def __init__(self, units=2, first=False):
        super().__init__()
        if first:
            self.units = units
        self.double = 2 * self.units


def squared(Y, A, deriv=False):
    return 2 * (A - Y) if deriv else ((A - Y)**2).sum(axis=1)


def distance(Y, A):
    return np.abs(A - Y).max()


class Nameless:
    """Something to call that has no name."""

    def __call__(self, Y, A):
        return 0.0


def nothing_deriv(x):
    return x


def linear(x, deriv=False):
    return np.ones_like(x) if deriv else x


def own_relu(x, deriv=False):
    return linear(x, deriv)


own_relu.__name__ = 'relu'
OwnDense = type('Dense', (epynn.Dense,), {})

ACCEPTED = None

# What somebody writes, what the error says, and what works then; no error where it is understood
TABLE = [
    # Layers in the wrong order, or none
    ('EpyNN([Dense(), data()])', 'expects an Embedding as its first layer and nowhere else, got '
                                 'Dense at position 0',
     'EpyNN([data(), Dense()])'),
    ('EpyNN([Dense()])', 'expects an Embedding as its first layer'),
    ('EpyNN([data(), data(), Dense()])', 'nowhere else, got Embedding at position 1'),
    ('EpyNN([X, Dense()])', 'expects layers, got an array of shape (12, 4) at position 0'),
    ('EpyNN([data()])', 'an Embedding and at least one more layer, got 1 in all',
     'EpyNN([data(), Dense()])'),
    ('EpyNN([])', 'at least one more layer, got 0 in all'),
    ('EpyNN(data())', 'expects a list of layers, got Embedding'),
    ('EpyNN(None)', 'expects a list of layers, got NoneType'),
    ('EpyNN((data(), Dense()))', ACCEPTED),
    ('EpyNN([data(), Flatten, Dense()])', 'at position 1: write it with parentheses',
     'EpyNN([data(), Flatten(), Dense()])'),
    ('EpyNN([Embedding, Dense()])', 'at position 0: write it with parentheses',
     'EpyNN([Embedding(), Dense()])'),
    ("EpyNN([data(), 'Dense'])", "expects layers, got 'Dense' at position 1"),
    ('EpyNN([data(), [Dense(), Dense()]])', 'expects layers, got [Dense(), Dense()]'),
    ('EpyNN([data(), *[Dense()] * 2])', 'each layer once, got the same Dense',
     'EpyNN([data(), Dense(), Dense()])'),
    ('EpyNN([data(), Dense()], name=3)', ACCEPTED),
    ("EpyNN([data(), Dense()], name='../' + 'x' * 500).initialize(verbose=False)", ACCEPTED),
    ('EpyNN([data(), Shortcut([Flatten()] * 2), Dense()])', 'each layer once, got the same Flatten',
     'EpyNN([data(), Shortcut([Flatten(), Flatten()]), Dense()])'),
    ('Residual(Dense(4))', 'put it into a list, Residual([Dense(...)])', 'Residual([Dense(4)])'),
    ('build(Residual([Dense(5)]), Dense())', 'got (8, 5) from Dense (layer 1.0): let the last of',
     "build(Residual([Dense(5), Dense(4, 'identity')]), Dense())"),
    ('Bidirectional(Dense(3))', 'a recurrent layer, RNN, GRU or LSTM',
     'Bidirectional(GRU(8, sequences=True))'),

    # One layer in two networks: the one initialized last has it, the other says so
    ('two_networks_with_the_same(Dense(), lambda first: first.predict(X))',
     'EpyNN cannot predict: the parameters of Dense (layer 1) belong to another network'),
    ('two_networks_with_the_same(Dense(), lambda first: first.train(1, verbose=0))',
     'Make a layer of its own for each network, or initialize() this one again',
     '[build(layer, on=on).train(1, verbose=0) for on in [data()] for layer in (Dense(), Dense())]',
     'two_networks_with_the_same(Dense(), lambda first: (first.initialize(verbose=False), '
     'first.train(1, verbose=0)))'),
    ('two_networks_with_the_same(Dense(), lambda first: first.write())', 'EpyNN cannot write'),
    ('two_networks_with_the_same(Dense(), lambda first: first.initialize(verbose=False))',
     ACCEPTED),
    ('[build(Dense(), on=on).train(1, verbose=0) for on in [data()] * 2]', ACCEPTED),
    ('with_a_layer_more(lambda model: model.predict(X))',
     'cannot predict: the parameters of Dense belong to another network, or to none',
     'with_a_layer_more(lambda model: model.initialize(verbose=False))'),
    ('with_a_layer_more(lambda model: model.train(1, verbose=0))', 'cannot train'),

    # Shapes that do not fit
    ('build(Dense(), on=data(S))', 'Dense (layer 1) gives outputs of shape (8, 8, 1), but the '
                                   'labels have shape (8, 1): for one label a sample put a '
                                   'Flatten before it',
     'build(Flatten(), Dense(), on=data(S))'),
    ('build(GRU(2, sequences=True), Dense(), on=data(S))', 'sequences=False into the last '
                                                           'recurrent',
     'build(GRU(2, sequences=False), Dense(), on=data(S))',
     'build(GRU(2, sequences=True), Flatten(), Dense(), on=data(S))'),
    ('build(RNN(2), RNN(2), Dense(), on=data(S))', 'RNN (layer 2) expects input of shape '
                                                   '(samples, steps, elements), got (8, 2)',
     'build(RNN(2, sequences=True), RNN(2), Dense(), on=data(S))'),
    ('build(Flatten(), LSTM(2), Dense(), on=data(S))', 'got (8, 24): remove the Flatten before it',
     'build(LSTM(2), Dense(), on=data(S))'),
    ('build(RNN(2), Dense())', 'X[..., np.newaxis] makes one of each row of numbers',
     'build(RNN(2), Dense(), on=data(X[..., np.newaxis]))'),
    ('build(RNN(2), Dense(), on=data(I))', 'RNN (layer 1) expects input of shape (samples, steps',
     'build(RNN(2), Dense(), on=data(I.reshape(*I.shape[:2], -1)))'),
    ('build(Dense(), on=data(X[:, 0]))', '; X[:, np.newaxis] makes a sample of each',
     'build(Dense(), on=data(X[:, 0][:, np.newaxis]))'),
    ('build(Convolution(2), Flatten(), Dense())', 'expects input of shape (samples, height, width, '
                                                  'depth), got (8, 4): remove the Flatten',
     'build(Convolution(2, 2), Flatten(), Dense(), on=data(X.reshape(len(X), 2, 2, 1)))'),
    ('build(Convolution(2), Flatten(), Dense(), on=data(I[..., 0]))', 'X[..., np.newaxis] makes',
     'build(Convolution(2), Flatten(), Dense(), on=data(I[..., 0][..., np.newaxis]))'),
    ('build(Flatten(), Convolution(2), Dense(), on=data(I))', 'Convolution (layer 2) expects',
     'build(Convolution(2), Flatten(), Dense(), on=data(I))'),
    ('build(Convolution(2), Dense(), on=data(I))', '(8, 2, 2, 1), but the labels have '
     'shape (8, 1): for one label a sample put a Flatten',
     'build(Convolution(2), Flatten(), Dense(), on=data(I))'),
    ('build(Convolution(2, 7), Flatten(), Dense(), on=data(I))',
     'expects images of 7 x 7 or more, the size of its window, got 6 x 6: take a smaller window',
     'build(Convolution(2, 6), Flatten(), Dense(), on=data(I))',
     'build(Convolution(2, 7), Flatten(), Dense(), on=data(np.tile(I, (1, 2, 2, 1))))'),
    ('build(Pooling(7), Flatten(), Dense(), on=data(I))', 'Pooling (layer 1) expects images of 7'),
    ('build(Convolution(2), Pooling(3), Flatten(), Dense(), on=data(I))', 'got 2 x 2',
     'build(Pooling(3), Flatten(), Dense(), on=data(I))'),
    ('build(Pooling(), Dense())', 'put it before the Flatten, and give images',
     'build(Pooling(), Flatten(), Dense(), on=data(I))'),
    ('build(Dropout(0.5, axis=3), Dense())', 'axis to be among those of its input of shape (8, 4)'),
    ('build(RNN(), Dense(), on=data(S)).predict(S[..., :2])',
     'RNN (layer 1) expects input of shape (samples, steps, elements = 3), got (12, 8, 2)',
     'build(RNN(), Dense(), on=data(S)).predict(S[..., :3])'),
    ('build(RNN(2, sequences=True), Flatten(), Dense(), on=data(S)).predict(np.zeros((2, 9, 3)))',
     'predict expects sequences of 8 steps or less, got 9: the Dense layer after Flatten has',
     'build(RNN(2), Dense(), on=data(S)).predict(np.zeros((2, 9, 3)))',
     'build(RNN(2, sequences=True), Flatten(), Dense(), on=data(S)).predict(np.zeros((2, 8, 3)))'),

    # Settings of layers
    ('Dense(0)', 'Dense expects units to be an integer of 1 or more, got 0'),
    ('GRU(-1)', 'GRU expects unit_cells to be an integer of 1 or more, got -1'),
    ('Dense(2.5)', 'got 2.5'),
    ('Dense(2.0)', 'got 2.0'),
    ("Dense('2')", "got '2'"),
    ('Dense(True)', 'got True'),
    ('Dense(None)', 'got None'),
    ('Dense([3, 2])', 'got [3, 2]'),
    ('Dense(X)', 'got an array of shape (12, 4)'),
    ('Dense(np.int64(3))', ACCEPTED),
    ("Dense(3, 'relu')", ACCEPTED),
    ("Dense(3, 'ReLU')", "Dense knows no activate 'ReLU': expected one of identity, relu, lrelu, "
                         "elu, sigmoid, tanh, softmax; did you mean 'relu'?",
     "Dense(3, 'relu')"),
    ("Dense(3, 'sigmod')", "did you mean 'sigmoid'?",
     "Dense(3, 'sigmoid')"),
    ('Dense(relu, 3)', 'Dense expects units to be an integer of 1 or more, got <function relu',
     'Dense(3, relu)'),
    ('Dense(3, relu(X))', 'such as identity, relu, lrelu, elu, sigmoid, tanh, softmax, got an '
                          'array of shape (12, 4)'),
    ('Dense(3, Dense)', "to be a function, such as identity, relu, lrelu, elu, sigmoid, tanh, "
                        "softmax, got <class"),
    ('Dense(3, None)', 'got None'),
    ('Dense(3, np.tanh)', "to be a function f(x, deriv=...), got <ufunc 'tanh'>: give its name, "
                          "'tanh'",
     "Dense(3, 'tanh')"),
    ('Dense(3, nothing_deriv)', 'to be a function f(x, deriv=...), got <function nothing_deriv'),
    ('build(Dense(1, linear)).train(1, verbose=0)', ACCEPTED),
    ('Dense(1, softmax)', 'two units or more with softmax, got 1, whose output would always be 1: '
                          'use sigmoid, or a unit for each class',
     'Dense(1, sigmoid)',
     'Dense(2, softmax)'),
    ('RNN(2, softmax)', 'RNN expects activate to work element by element, got softmax: use softmax '
                        'in a Dense layer',
     'build(RNN(2), Dense(2, softmax), on=data(S, Y_encode=True))'),
    ("LSTM(2, activate_forget='softmax')", 'LSTM expects activate_forget to work element by'),
    ('Convolution(2, activate=softmax)', 'Convolution expects activate to work element by element'),
    ("Dense(3, activation='relu')", "Dense got an unexpected keyword argument 'activation': it "
                                    "takes units, activate, initialization, se_hPars",
     "Dense(3, activate='relu')"),
    ('GRU(units=3)', "GRU got an unexpected keyword argument 'units': it takes unit_cells",
     'GRU(unit_cells=3)'),
    ('GRU(3, return_sequences=True)', "'return_sequences': it takes unit_cells, activate,",
     'GRU(3, sequences=True)'),
    ('Dropout(rate=0.5)', "Dropout got an unexpected keyword argument 'rate': it takes drop_prob",
     'Dropout(drop_prob=0.5)'),
    ("Dense(3, initialization='glorot')", "no initialization 'glorot': expected one of xavier"),
    ('Dense(3, initialization=None)', 'initialization to be a function, such as xavier'),
    ('Dense(3, initialization=np.zeros)', 'initialization to be a function f(x, rng=...), got'),
    ('build(Dense(initialization=lambda shape, rng: np.zeros(3)))',
     'Dense (layer 1) expects W to begin with shape (4, 1), got (3,): check initialization',
     'build(Dense(initialization=lambda shape, rng: np.zeros(shape)))'),
    ("GRU(2, sequences='no')", "GRU expects sequences to be True or False, got 'no'"),
    ("RNN(2, clip_gradients='no')", "RNN expects clip_gradients to be True or False, got 'no'"),
    ('GRU(2, sequences=1)', ACCEPTED),
    ('GRU(2, windows=0)', 'GRU expects windows to be an integer of 1 or more, got 0'),
    ('Dropout(50)', 'Dropout expects drop_prob to be a probability, 0 or more and below 1, got 50: '
                    'Dropout(0.5) drops half of the features',
     'Dropout(0.5)'),
    ('Dropout(1)', 'below 1, got 1',
     'build(Dropout(0.5), Dense())'),
    ('Dropout(-0.1)', 'got -0.1'),
    ("Dropout('0.5')", "got '0.5'"),
    ('Dropout(np.nan)', 'got nan'),
    ("Dropout(0.5, 'time')", "Dropout expects axis to be an integer or several, got 'time'"),
    ('Dropout(0.5, 1.5)', 'axis to be an integer or several, got 1.5'),
    ('Dropout(0.5, None)', 'axis to be an integer or several, got None'),
    ("Convolution(2, padding='same')", "padding to be an integer of 0 or more, or two of them, got "
                                       "'same'"),
    ('Convolution(2, (3.0, 3.0))', 'filter_size to be an integer of 1 or more, or two of them'),
    ('Convolution(2, (3, 3, 1))', 'or two of them, got (3, 3, 1)'),
    ('Convolution(2, strides=0)', 'strides to be an integer of 1 or more'),
    ('Convolution(2, True)', 'filter_size to be an integer of 1 or more, or two of them, got True'),
    ("Convolution(2, use_bias='no')", 'use_bias to be True or False'),
    ("Pooling(pool='avg')", "Pooling knows no pool 'avg': expected one of max, min, mean"),
    ('Pooling(pool=np.median)', ACCEPTED),
    ('Pooling(pool=np.sort_complex)', 'Pooling expects your own pool to be a function f(windows, '
                                      'axis=...)', 'Pooling(pool=np.median)'),
    ('Pooling(pool=np.mean)', ACCEPTED),
    ("Dense(2, 'rleu')", "Dense knows no activate 'rleu'", "Dense(2, 'relu')"),
    ('RNN(2, 3)', 'RNN expects activate to be a function, such as identity'),
    ('GRU(2, activate_reset=softmax)', 'GRU expects activate_reset to work element by element'),
    ("LSTM(activate='tahn')", "did you mean 'tanh'", "LSTM(activate='tanh')"),
    ('LSTM(0)', 'unit_cells to be an integer of 1 or more, got 0'),
    ('Convolution(0)', 'unit_filters to be an integer of 1 or more, got 0'),
    ('Convolution(2, 0)', 'filter_size to be an integer of 1 or more, or two of them, got 0'),
    ('Convolution(2, strides=(1, 0))', 'strides to be an integer of 1 or more, or two of them'),
    ('Convolution(2, padding=-1)', 'padding to be an integer of 0 or more, or two of them, got -1'),
    ("Convolution(2, activate='rlu')", "did you mean 'relu'", "Convolution(2, activate='relu')"),
    ('Convolution(2, initialization=3)', 'initialization to be a function, such as xavier'),
    ('Pooling(0)', 'pool_size to be an integer of 1 or more, or two of them, got 0'),
    ('Pooling(2, 0)', 'strides to be an integer of 1 or more, or two of them, got 0'),
    ('Pooling(pool=None)', "no pool None"),
    ("Dense(3, partial(relu, alpha=1))", 'activate to be a function f(x, deriv=...)',
     'build(Dense(3, partial(lrelu, LRELU_alpha=0.1)), Dense()).train(1, verbose=0)'),
    ('writing(Dense(3, partial(lrelu, LRELU_alpha=0.5)))',
     "which has no name: give its parameters in se_hPars, such as {'LRELU_alpha': 0.1}, or write "
     'it as a function, with def',
     "writing(Dense(3, lrelu, se_hPars={'LRELU_alpha': 0.1}))", 'writing(Dense(3, linear))'),

    # Settings changed later
    ("setting(build(Dense(3), Dense()).layers[1], 'units', 4)", 'Dense (layer 1) has parameters '
     'for units=3, got 4: make another layer, and a network with it',
     'build(Dense(4), Dense()).predict(X)', "setting(Dense(3), 'units', 4).build(X).forward(X)"),
    ("setting(recurrent(), 'unit_cells', 4)", 'has parameters for unit_cells=3, got 4'),
    ("setting(data(), 'X_scale', True)", 'Embedding cannot change X_scale once it is made: make '
     'another, Embedding(..., X_scale=True)', 'Embedding(X, Y, X_scale=True)'),
    ("setting(Dense(1), 'activate', softmax)", 'two units or more with softmax, got 1',
     "setting(Dense(2), 'activate', softmax)"),
    ("setting(Dense(2, softmax), 'units', 1)", 'two units or more with softmax, got 1'),
    ("setting(net().layers[1], 'trainable', 'no')",
     "Dense (layer 1) expects trainable to be True or False, got 'no'"),
    ("setting(recurrent(), 'windows', 2).forward(S)", ACCEPTED),
    ("setting(data(), 'batch_size', 2).batches()", ACCEPTED),
    ("setting(net().embedding, 'se_dataset', {})",
     "'se_dataset' of 'Embedding' object has no setter"),
    ("recurrent().fc.update(h=S)", "caches of a recurrent layer are filled by the layer: 'h' "
     'cannot be set, give the layer other inputs or parameters', 'recurrent().forward(S)'),

    # Layers of one's own
    ('build(Half(), Dense())', 'Half (layer 1) does not say how X becomes A: define '
     'forward_pass(layer, X) in its class', 'Whole().forward(X)'),
    ('[layer.backward(layer.forward(X)) for layer in [Whole()]]', 'Whole does not say how dA '
     'becomes dX: define backward_pass(layer, dA) in its class',
     'build(Keeps(), Dense()).train(1, verbose=0)'),
    ('writing(Loses())', "does not keep its argument 'share', so that it could not be read back: "
     'write self.share = share in its __init__', 'writing(Keeps())'),
    ('Late()', 'Late has no units yet: set it in __init__', 'Late(first=True)'),
    ('writing(Keeps(X))', ACCEPTED),
    ('writing(Keeps({1, 2}))', 'write cannot write factor of Keeps (layer 1), {1, 2}: a file holds '
     'numbers, text, lists and dicts of them, functions and layers',
     'writing(Keeps([1, 2]))'),

    # Data
    ('data(None, Y)', 'expects X_data where there is Y_data, got None'),
    ('data([], [])', 'at least one sample, got none: X_data is empty'),
    ('data((x for x in X))', 'an array of samples, got generator: list(X_data) makes a list',
     'data([x for x in X])'),
    ('data(set(range(12)))', 'a list or an array of samples, got set'),
    ("data('train.csv')", 'got str: read a file first, one of numbers with np.loadtxt(path, '),
    ("Embedding({'a': X[:, 0], 'b': X[:, 1]}, Y)", 'dict: np.column_stack(list('
     'X_data.values())) makes samples of columns',
     "Embedding(np.column_stack(list({'a': X[:, 0], 'b': X[:, 1]}.values())), Y)"),
    ('Embedding((X, Y))', 'samples and their labels are given separately, Embedding(X_data, ',
     'Embedding(X, Y)'),
    ('Embedding(list(zip(X, Y)))', 'ragged one in sample 0: samples and their labels are given'),
    ('Embedding([[Fraction(1, 2), 1]] * 12, Y)', ACCEPTED),
    ("data(np.array([['1', '2']] * 12))", "text such as '1' in sample 0: np.array(X_data, float) "
     'makes numbers of it', "data(np.array([['1', '2']] * 12, float))"),
    ("data(Y=['a', 1] * 6, Y_encode=True)", 'got 1 among text in sample 1: make text of all, '
     '[str(y) for y in Y_data]', "data(Y=[str(y) for y in ['a', 1] * 6], Y_encode=True)"),
    ('data(Y=np.zeros((12, 0)))', 'of shape (12, 0): give a label for each sample, or leave Y_data '
     'out', 'data(Y=None)'),
    ("build(Dense(), on=data(X_scale='features')).predict(X[0], X_scale='features')",
     'expects 4 features along the last axis, those of the training data, got X_data of shape (4,)'
     '; X[np.newaxis] makes one sample of them',
     "build(Dense(), on=data(X_scale='features')).predict(X[0][np.newaxis], X_scale='features')"),
    ('data(zip(X, Y), None)', 'a list or an array of samples, got zip'),
    ('data(X.tolist(), Y.tolist())', ACCEPTED),
    ('data(tuple(X), tuple(Y))', ACCEPTED),
    ('data(X[:3], Y)', 'one label a sample, got 3 samples in X_data and 12 labels in Y_data'),
    ('data(np.where(X > 2, np.nan, X) * np.nan)', 'finite features, got nan in sample 0, at '
                                                  'position (0,): drop or replace those samples',
     'data(np.nan_to_num(X * np.nan))'),
    ('data(np.full((12, 4), np.inf))', 'finite features, got inf in sample 0'),
    ('data([[1, None]] * 12)', 'numbers or text, got None in sample 0, at position (1,): drop or '
                               'replace it first',
     'data([[1, 0]] * 12)'),
    ('data([[1, 2], [3]] * 6)', 'the same number of features in every sample, got 2 in sample 0 '
                                'and 1 in sample 1'),
    ("data([[1, 2], ['a', 'b']] * 6)", 'all samples to be text or all to be numbers, got int64'),
    ('data([[10**30, 1]] * 12)', 'numbers or text, got 1000000000000000000000000000000',
     'data([[float(10**30), 1]] * 12)'),
    ('data(np.ma.masked_array(X, X > 0))', 'all features to be there, got masked ones',
     'data(np.ma.masked_array(X, X > 0).filled(0))'),
    ('data(csr_array(np.eye(12)))', ACCEPTED),
    ('data(W)', "got features of type <U4 such as 'low': use X_encode=True to one-hot encode",
     'data(W, X_encode=True)'),
    ("data([b'ab', b'ba'] * 6, X_encode=True)", 'symbols to be text or numbers, got features of '
     "type |S2 such as b'ab': make text of bytes, np.char.decode(X_data), and use X_encode=True",
     "data(np.char.decode([b'ab', b'ba'] * 6), X_encode=True)"),
    ("data(np.zeros((12, 3), 'M8[D]'), X_encode=True)", 'features of type datetime64[D] such as '
     'datetime.date(1970, 1, 1): make numbers of dates: with X = '
     "np.asarray(X_data, 'M8[s]'), (X - X.min()) / np.timedelta64(1, 'D') are days",
     "[data((X - X.min()) / np.timedelta64(1, 'D')) for X in [np.zeros((12, 3), 'M8[D]')]]",
     "data(np.zeros((12, 3), 'M8[D]').astype(str), X_encode=True)"),
    ('data(W, X_encode=True, X_scale=True)', 'X_encode or X_scale, got both',
     'data(W, X_encode=True)'),
    ("data(X_scale='no')", "Embedding expects X_scale to be True or False, 'features' or "
                           "'standard', got 'no'",
     "data(X_scale='standard')"),
    ('data(Y_encoded=True)', "Embedding got an unexpected keyword argument 'Y_encoded': it takes "
                             'X_data, Y_data, relative_size, batch_size, X_encode, Y_encode',
     'data(Y_encode=True)'),
    ('Embedding(X, Y, True)', 'relative_size to be three numbers, those of training, validation '
                              'and test set, none below 0 and not all 0, got True'),
    ('data(relative_size=(2, 1))', 'relative_size to be three numbers'),
    ('data(relative_size=(0, 1, 1))', 'a training set, got none of 12 samples',
     'data(relative_size=(2, 1, 1))'),
    ('data(relative_size=(70, 20, 10))', ACCEPTED),
    ('data(batch_size=0)', 'batch_size to be an integer of 1 or more, got 0'),
    ("data(batch_size='8')", "batch_size to be an integer of 1 or more, got '8'"),
    ('build(Dense(), on=data(batch_size=1000)).train(1, verbose=0)', ACCEPTED),
    ('Embedding(np.zeros((0, 3)))', 'at least one sample, got none'),
    ('Embedding(np.zeros((3, 0)))', 'at least one feature, got X_data of shape (3, 0)'),
    ('Embedding(5)', 'X_data to be a list or an array of samples, got int'),
    ("Embedding({'a': [1]})", 'X_data to be a list or an array of samples, got dict',
     "Embedding(list({'a': [1]}.values()), relative_size=(1, 0, 0))"),
    ('Embedding([[1, 2], [3, np.nan], [5, 6]])', 'finite features, got nan in sample 1, at '
     'position (1,): drop or replace', 'Embedding([[1, 2], [5, 6]])'),
    ('Embedding([[1, np.nan]], X_encode=True)', 'finite features, got nan'),
    ('Embedding(L)', 'got 2 in sample 0 and 1 in sample 1: for sequences of unequal length give '
     'each sample as (steps, elements), such as x[:, np.newaxis], or use X_encode',
     'Embedding([np.array(x)[:, np.newaxis] for x in L])', 'Embedding(L, X_encode=True)'),
    ('Embedding([[[1, 2], [3, 4]], [[1, 2], [3]]])', 'got a ragged one in sample 1: pad it, or cut '
     'it into regular ones', 'Embedding([[[1, 2], [3, 4]], [[1, 2], [3, 0]]])',
     'Embedding([[[1, 2], [3, 4]], [[1, 2]]])'),
    ('Embedding([np.zeros((2, 3)), np.zeros((2, 4))])', 'differ in their number of steps at most, '
     'got shape (2, 3) in sample 0 and shape (2, 4) in sample 1',
     'Embedding([np.zeros((2, 3)), np.zeros((4, 3))])'),
    ('Embedding([[1, 2], [[3], [4]]])', 'in sample 0 and shape (2, 1) in sample 1'),
    ("Embedding(['ab', ''], X_encode=True)", 'sequences of 1 step or more, got none in sample 1: '
     'drop it', "Embedding(['ab', 'b'], X_encode=True)"),
    ("Embedding(['ab', 'cd'])", "type <U1 such as 'a': use X_encode=True to one-hot encode them",
     "Embedding(['ab', 'cd'], X_encode=True)"),
    ('Embedding(np.ones((2, 2), complex))', 'expects numbers, got features of type complex128',
     'Embedding([np.stack([X.real, X.imag], axis=-1) for X in np.ones((2, 2), complex)])'),
    ('Embedding(R, relative_size=(1, 9, 0))', 'a training set, got none of 3 samples with '
     'relative_size=(1, 9, 0): give the first a larger share',
     'Embedding(R, relative_size=(2, 9, 0))'),
    ('Embedding(R, relative_size=2)', 'relative_size to be three numbers'),
    ("Embedding(R, relative_size=('2', '1', '0'))", 'relative_size to be three numbers'),
    ('Embedding(R, relative_size=(2, -1, 0))', 'none below 0 and not all 0, got (2, -1, 0)'),
    ('Embedding(R, relative_size=(0, 0, 0))', 'none below 0 and not all 0, got (0, 0, 0)'),
    ('Embedding(R, relative_size=(np.inf, 1, 0))', 'relative_size to be three numbers'),
    ('Embedding(R, batch_size=-1)', 'batch_size to be an integer of 1 or more, got -1'),
    ('Embedding(R, batch_size=2.5)', 'batch_size to be an integer of 1 or more, got 2.5'),

    # Labels
    ('build(Dense(), on=data(Y=None))', 'expects labels to train with, got none: give Y_data',
     'build(Dense(), on=data(Y=Y))'),
    ('build(Dense(), on=Embedding())', 'expects an Embedding with data to initialize',
     'build(Dense(), on=Embedding(X, Y))'),
    ('data(Y=Y + 1, Y_encode=True)', ACCEPTED),
    ('data(Y=0 * Y, Y_encode=True)', 'two classes or more with Y_encode=True, got label 0 only'),
    ("data(Y=['cat', 'dog'] * 6)", "Y_data to be numbers, got text such as 'cat': use "
                                   'Y_encode=True',
     "data(Y=['cat', 'dog'] * 6, Y_encode=True)"),
    ('data(Y=np.eye(2)[Y], Y_encode=True)', 'leave Y_encode out if it is one-hot already',
     'build(Dense(2, softmax), on=data(Y=np.eye(2)[Y]))'),
    ('data(Y=[np.nan] * 12)', 'finite labels, got nan in sample 0',
     'data(Y=np.nan_to_num([np.nan] * 12))'),
    ('data(Y=[None] * 12)', 'labels to be text or numbers, got None in sample 0: drop those'),
    ('data(Y=(y for y in Y))', 'a list or an array of labels, one a sample, got generator',
     'data(Y=[y for y in Y])'),
    ('data(Y=1)', 'a list or an array of labels, one a sample, got int'),
    ('build(Dense(), on=data(Y=Y > 0))', ACCEPTED),
    ('build(Dense(), on=data(Y=Y + 1))',
     'Dense (layer 1) gives outputs from 0 to 1, those of sigmoid, but the labels go from 1 to 2 '
     "in dtrain: use Y_encode=True for classes, or activate='identity' for other numbers",
     'build(Dense(2), on=data(Y=Y + 1, Y_encode=True))',
     "build(Dense(1, activate='identity'), on=data(Y=Y + 1))"),
    ('build(Dense(), on=data(Y=np.arange(12) % 3))', 'but the labels go from 0 to 2',
     'build(Dense(3, softmax), on=data(Y=np.arange(12) % 3, Y_encode=True))'),
    ("build(Dense(1, 'tanh'), on=data(Y=2 * Y - 1))", ACCEPTED),
    ("build(Dense(1, 'identity'), on=data(Y=100.5 * Y))", ACCEPTED),
    ('build(Dense(2, softmax))', 'Dense (layer 1) gives outputs of shape (8, 2), but the labels '
                                 'have shape (8, 1): expected 1 unit in the last layer, or '
                                 'Y_encode=True in Embedding',
     'build(Dense(1))',
     'build(Dense(2, softmax), on=data(Y_encode=True))'),
    ("build(Dense(2, softmax), loss='CCE')", 'or Y_encode=True in Embedding'),
    ('build(Dense(), on=data(Y_encode=True))', 'labels have shape (8, 2): expected 2 units',
     'build(Dense(2), on=data(Y_encode=True))'),
    ('build(Dense(3, softmax), on=data(Y_encode=True))', 'expected 2 units in the last layer'),
    ('Embedding(R, [0, 1])', 'one label a sample, got 3 samples in X_data and 2 labels in Y_data',
     'Embedding(R, [0, 1, 1])'),
    ('Embedding(R * 4, [0, 1, 3] * 4, Y_encode=True)', ACCEPTED),
    ('Embedding(R * 4, [-1, 1, 1] * 4, Y_encode=True)', ACCEPTED),
    ('Embedding(R, [[0, 1], [1], [0]])', 'as many labels in each sample, got a ragged Y_data: '
     'where a sample may have several labels at once, give 0 or 1 for each of them, of shape '
     '(samples, labels)', 'Embedding(R, [[1, 1], [0, 1], [1, 0]])'),
    ('Embedding(X).dtrain.targets()', 'dtrain has no labels: give Y_data to its Embedding',
     'Embedding(X, Y).dtrain.targets()'),

    # Losses and metrics
    ("build(Dense(), loss='CCE')", 'expects softmax with the loss CCE, got sigmoid: use softmax, '
                                   'or BCE or MSE as a loss',
     "build(Dense(2, softmax), loss='CCE', on=data(Y_encode=True))",
     "build(Dense(), loss='BCE')",
     "build(Dense(), loss='MSE')"),
    ("build(Dense(1, 'tanh'), loss='BCE')", 'with the loss BCE, got tanh: use sigmoid',
     "build(Dense(1, 'sigmoid'), loss='BCE')"),
    ("build(Dense(1, 'identity'), loss='BCE')", 'outputs from 0 to 1 with the loss BCE, got '
                                                'identity: use sigmoid, or MSE as a loss',
     "build(Dense(1, 'sigmoid'), loss='BCE')",
     "build(Dense(1, 'identity'), loss='MSE')"),
    ("build(Dense(1, 'relu'), loss='BCE')", 'with the loss BCE, got relu',
     "build(Dense(1, 'relu'), loss='MSE')"),
    ("build(Dense(), loss='BCE', on=data(Y=Y + 1))", 'labels from 0 to 1 with the loss BCE, got 1 '
                                                     'to 2 in dtrain: use Y_encode=True',
     "build(Dense(2), loss='BCE', on=data(Y=Y + 1, Y_encode=True))"),
    ("build(Dense(1, 'relu'), loss='MSLE', on=data(Y=-3 * Y))", 'labels above -1 with the loss',
     "build(Dense(1, 'relu'), loss='MSE', on=data(Y=-3 * Y))"),
    ("build(Dense(), loss='mse')",
     "no loss 'mse': expected one of MSE, MAE, Huber, MSLE, BCE, CCE; did you mean 'MSE'?",
     "build(Dense(), loss='MSE')"),
    ("build(Dense(), loss='categorical_crossentropy')",
     'expected one of MSE, MAE, Huber, MSLE, BCE, CCE'),
    ("build(Dense(), loss=['MSE'])", "no loss ['MSE']",
     "build(Dense(), loss='MSE').train(1, verbose=0)"),
    ('build(Dense(), loss=None)', 'no loss None'),
    ('build(Dense(), loss=loss.MAE)', ACCEPTED),
    ("build(Dense(), metrics='accuracy')", ACCEPTED),
    ('build(Dense(), metrics=metrics.accuracy)', ACCEPTED),
    ('build(Dense(), metrics=[metrics.recall, loss.MAE])', ACCEPTED),
    ('build(Dense(), metrics=None)', ACCEPTED),
    ("build(Dense(), metrics='Accuracy')", "did you mean 'accuracy'?",
     "build(Dense(), metrics='accuracy')"),
    ("build(Dense(), metrics=['f1'])", "no metric 'f1': expected one of accuracy, recall,",
     "build(Dense(), metrics=['fscore'])"),
    ("build(Dense(), metrics=[['accuracy']])", "no metric ['accuracy']"),
    ('build(Dense(), metrics=3)', 'metrics to be a list of names, got 3'),
    ("build(Dense(1, 'tanh'), loss='MSLE')", 'outputs that are not negative with the loss MSLE, '
     'got tanh: use sigmoid, or MSE as a loss', "build(Dense(1, 'sigmoid'), loss='MSLE')",
     "build(Dense(1, 'tanh'), loss='MSE')"),
    ("build(Dense(), metrics=['precison'])", "did you mean 'precision'?",
     "build(Dense(), metrics=['precision'])"),
    ('build(Dense(), loss=squared, metrics=[partial(squared)])', "has a metric called 'squared' "
     'already: give yours another name', 'build(Dense(), loss=squared, metrics=[distance])'),
    ('build(Dense(), metrics=[Nameless()])', 'EpyNN expects a metric to have a name, got <',
     'build(Dense(), metrics=[squared])'),
    ('build(Dense(), loss=epynn.Dense)', "knows no loss <class 'epynn.dense.models.Dense'>"),

    # Weights
    ('data(weights=[1] * 5)', 'weights to be a number for each of 12 samples, none below 0 and not '
                              'all 0, got 5', 'data(weights=[1] * 12)'),
    ('data(weights=[-1] + [1] * 11)', 'none below 0 and not all 0', 'data(weights=[0] + [1] * 11)'),
    ('data(weights=[0] * 12)', 'not all 0'),
    ('data(weights=[np.nan] + [1] * 11)', 'weights to be a number for each of 12 samples'),
    ("data(weights='balanced')", "got 'balanced'"),
    ('Embedding(weights=[1])', 'expects X_data where there are weights',
     'Embedding(X, Y, weights=[1] * 12)'),
    ('data(sample_weight=[1] * 12)',
     "it takes X_data, Y_data, relative_size, batch_size, X_encode, Y_encode, "
     "X_scale, shuffle, stratify, like, weights; did you mean 'weights'?",
     'data(weights=[1] * 12)'),
    ("build(Dense(), class_weights='balance')", "'balanced', or a dict of weights by label, got "
                                               "'balance'",
     "build(Dense(), class_weights='balanced')"),
    ('build(Dense(), class_weights=[1, 2])', 'dict(enumerate(weights))',
     'build(Dense(), class_weights=dict(enumerate([1, 2])))'),
    ('build(Dense(), class_weights={2: 3})', 'for labels among [0, 1], got one for 2',
     'build(Dense(), class_weights={1: 3})'),
    ('build(Dense(), class_weights={1: -3})', 'numbers of 0 or more, got -3'),
    ("build(Dense(), class_weights={1: 'much'})", "numbers of 0 or more, got 'much'"),
    ('build(Dense(), class_weights={0: 0, 1: 0})', 'above 0 for some class of the training set'),
    ("build(Dense(1, 'identity'), class_weights='balanced', on=data(Y=np.arange(12) / 3))",
     'class_weights with classes only, got values as targets',
     "build(Dense(1, 'identity'), on=data(Y=np.arange(12) / 3, weights=np.arange(12)))"),
    ("build(Dense(), class_weight='balanced')",
     'it takes loss, se_hPars, metrics, seed, params, end, dtype, verbose, class_weights; did you',
     "build(Dense(), class_weights='balanced')"),
    ('net().evaluate(X, Y, weights=[1])', 'weights to be a number for each of 12 samples',
     'net().evaluate(X, Y, weights=[1] * 12)'),
    ('net().evaluate(weights=[1])', 'weights to be True or False',
     'net().evaluate(weights=True)'),
    ("build(Dense(1, 'identity'), metrics=['AUC'], on=data(Y=np.arange(12) / 3))",
     "got AUC: use 'R2'"),
    ("build(Dense(3, 'softmax'), metrics=['AUC'], on=data(Y=np.arange(12) % 3, Y_encode=True))",
     'two classes with the metric AUC, got 3 outputs',
     "build(Dense(3, 'softmax'), metrics=['macro_recall'], "
     'on=data(Y=np.arange(12) % 3, Y_encode=True))'),
    ("build(Dense(), metrics=['top_k'])", 'metric top_k: use accuracy, or Y_encode=True',
     "build(Dense(2, 'softmax'), metrics=['top_k'], on=data(Y_encode=True))"),
    ("build(Dense(), metrics=['roc_auc'])", "did you mean 'AUC'?"),
    ("build(Dense(), metrics=['balanced_accuracy'])", "did you mean 'macro_recall'?"),
    ("build(Dense(), loss='smooth_l1')", "did you mean 'Huber'?"),

    # Hyperparameters
    ("build(Dense(), se_hPars={'learning_rate': '0.1'})",
     "EpyNN expects learning_rate to be a number of 0 or more, got '0.1'"),
    ("build(Dense(), se_hPars={'learning_rate': -0.1})", 'got -0.1'),
    ("build(Dense(), se_hPars={'learning_rate': np.nan})", 'got nan'),
    ("build(Dense(), se_hPars={'learning_rate': None})", 'got None'),
    ("build(Dense(), se_hPars={'learning_rate': np.array(0.1)})", 'number of 0 or more, got array'),
    ("build(Dense(), se_hPars={'learning_rate': np.float32(0.1)}).write()", ACCEPTED),
    ("build(Dense(), se_hPars={'lr': 0.1})", "EpyNN knows no hyperparameter 'lr': expected one of "
                                             'optimizer, learning_rate, schedule'),
    ("build(Dense(), se_hPars={'learning_rte': 0.1})", "did you mean 'learning_rate'?",
     "build(Dense(), se_hPars={'learning_rate': 0.1})"),
    ('build(Dense(), se_hPars=0.1)', "EpyNN expects se_hPars to be a dict, such as "
                                     "{'learning_rate': 0.1}, got 0.1",
     "build(Dense(), se_hPars={'learning_rate': 0.1})"),
    ('build(Dense(), se_hPars=None)', ACCEPTED),
    ('Dense(se_hPars=0.1)', "Dense expects se_hPars to be a dict, such as"),
    ("build(Dense(se_hPars={'learning_rate': -1}))", 'Dense (layer 1) expects learning_rate'),
    ("build(Dense(), se_hPars={'schedule': 'cosine_annealing'})", "did you mean 'cosine'?",
     "build(Dense(), se_hPars={'schedule': 'cosine'}).train(2, verbose=0)"),
    ("build(Dense(), se_hPars={'schedule': 'StepLR'})", 'expected one of steady, exp_decay, '
     "lin_decay, cosine, step, one_cycle; did you mean 'step'?",
     "build(Dense(), se_hPars={'schedule': 'step', 'step_epochs': 1}).train(2, verbose=0)"),
    ("build(Dense(), se_hPars={'schedule': 'OneCycleLR'})", "did you mean 'one_cycle'?",
     "build(Dense(), se_hPars={'schedule': 'one_cycle'}).train(2, verbose=0)"),
    ("build(Dense(), se_hPars={'schedule': ['steady']})", "no schedule ['steady']"),
    ("build(Dense(), se_hPars={'cycle_epochs': 1.5})", 'cycle_epochs to be an integer of 0'),
    ("build(Dense(), se_hPars={'cycle_descent': 50})", 'cycle_descent to be a number from 0 to 1'),
    ("build(Dense(), se_hPars={'softmax_temperature': 0})", 'to be a number above 0, got 0'),
    ("build(Dense(se_hPars={'alpha': 1}))", "Dense (layer 1) knows no hyperparameter 'alpha'",
     "build(Dense(se_hPars={'ELU_alpha': 1}))"),
    ("build(Dense(), se_hPars={'optimizer': 'sgd'})", "did you mean 'SGD'?",
     "build(Dense(), se_hPars={'optimizer': 'SGD'})"),
    ("build(Dense(), se_hPars={'optimizer': epynn.Dense})", 'knows no optimizer <class'),
    ("build(Dense(), se_hPars={'optimizer': 'adam'})", "did you mean 'Adam'?",
     "build(Dense(), se_hPars={'optimizer': 'Adam'}).train(1, verbose=0)"),
    ("build(Dense(), se_hPars={'optimizer': 'adamw'})", "did you mean 'AdamW'?",
     "build(Dense(), se_hPars={'optimizer': 'AdamW', 'weight_decay': 0.01}).train(1, verbose=0)"),
    ("build(Dense(), se_hPars={'optimizer': 'rmsprop'})", "did you mean 'RMSprop'?",
     "build(Dense(), se_hPars={'optimizer': 'RMSprop'}).train(1, verbose=0)"),
    ("build(Dense(), se_hPars={'optimizer': 'sgd_momentum'})", "did you mean 'Momentum'?",
     "build(Dense(), se_hPars={'optimizer': 'Momentum'}).train(1, verbose=0)"),
    ("build(Dense(), se_hPars={'optimizer': 'lbfgs'})", 'expected one of SGD, Momentum, Nesterov, '
                                                        'AdaGrad, RMSprop, Adam, AdamW'),
    ("build(Dense(), se_hPars={'weight_decay': -1})", 'weight_decay to be a number of 0 or more'),
    ("build(Dense(), se_hPars={'max_norm': -1})", 'max_norm to be a number of 0 or more'),
    ("build(Dense(), se_hPars={'max_norm': True})", 'max_norm to be a number of 0 or more'),
    ("build(Dense(), se_hPars={'momentum': 1})", 'momentum to be a number from 0 to below 1'),
    ("build(Dense(), se_hPars={'rho': 1.5})", 'rho to be a number from 0 to below 1, got 1.5'),
    ("build(Dense(), se_hPars={'beta_1': 1})", 'beta_1 to be a number from 0 to below 1'),
    ("build(Dense(), se_hPars={'beta_2': -0.1})", 'beta_2 to be a number from 0 to below 1'),
    ("build(Dense(), se_hPars={'betas': (0.9, 0.999)})", "did you mean 'beta_1'?",
     "build(Dense(), se_hPars={'optimizer': 'Adam', 'beta_1': 0.8, 'beta_2': 0.99})"),
    ("build(Dense(), se_hPars={'epsilon': 0})", 'epsilon to be a number above 0, got 0'),
    ("build(Dense(), se_hPars={'eps': 1e-8})", "did you mean 'epsilon'?"),
    ("build(Dense(), se_hPars={'warmup_epochs': -1})", 'warmup_epochs to be an integer of 0'),
    ("build(Dense(), se_hPars={'schedule': 'cosine', 'warmup_epochs': 5, 'cycle_epochs': 5})",
     'warmup_epochs to be less than cycle_epochs, got 5 of 5',
     "build(Dense(), se_hPars={'schedule': 'cosine', 'warmup_epochs': 1, 'cycle_epochs': 5})"),
    ("build(Dense(), se_hPars={'step_epochs': 0.5})", 'step_epochs to be an integer of 0 or more'),
    ("build(Dense(), se_hPars={'step_factor': 10})", 'step_factor to be a number from 0 to 1'),
    ("build(Dense(), se_hPars={'step_size': 10})", "did you mean 'step_epochs'?"),
    ("build(Dense(), se_hPars={'global_clipnorm': 1})", "did you mean 'max_norm'?",
     "build(Dense(), se_hPars={'max_norm': 1}).train(1, verbose=0)"),
    ("build(Dense(se_hPars={'max_norm': 1}))", 'Dense (layer 1) cannot have a max_norm of its own, '
     'which is the norm of the gradients of all layers: give it to initialize, '
     "se_hPars={'max_norm': 1}",
     "build(Dense(), se_hPars={'max_norm': 1}).train(1, verbose=0)"),
    ("build(Dense(), se_hPars={'l2': 0.1})", "did you mean 'weight_decay'?",
     "build(Dense(), se_hPars={'weight_decay': 0.1}).train(1, verbose=0)"),
    ("build(Dense(), se_hPars={'l1': 0.1})", 'an optimizer of your own that adds the sign of W'),
    ("build(Dense(), weight_decay=0.1)", 'it takes loss, se_hPars, metrics, seed, params, end, '
     "dtype, verbose, class_weights; instead: se_hPars={'weight_decay': ...}, given to initialize"),

    # Hyperparameters that nothing would look at
    ("build(Dense(), se_hPars={'momentum': 0.9})", 'EpyNN was given momentum, which no layer looks '
     'at: set optimizer to Momentum or Nesterov, or leave momentum out',
     "build(Dense(), se_hPars={'momentum': 0.9, 'optimizer': 'Nesterov'})",
     "build(Dense(se_hPars={'optimizer': 'Momentum'}), se_hPars={'momentum': 0.5})",
     "build(Dense(), se_hPars={'momentum': 0.5, 'optimizer': stand})"),
    ("build(Dense(), se_hPars={**epynn.settings.se_hPars, 'rho': 0.5})", 'set optimizer to RMSprop',
     'build(Dense(), se_hPars={**epynn.settings.se_hPars})'),
    ("build(Dense(), se_hPars={'warmup_epochs': 3})", 'set schedule to cosine or one_cycle',
     "build(Dense(), se_hPars={'warmup_epochs': 3, 'schedule': 'one_cycle'})"),
    ("build(Dense(), se_hPars={'schedule': 'step', 'decay_k': 3})", 'set schedule to exp_decay or '
                                                                    'lin_decay'),
    ("build(Dense(se_hPars={'beta_1': 0.5}), Dense(), se_hPars={'optimizer': 'RMSprop'})",
     'Dense (layer 1) was given beta_1'),
    ("build(Dense(), se_hPars={'optimizer': 'AdamW'})", 'Dense (layer 1) has the optimizer AdamW '
     'and no weight_decay, which is Adam: set weight_decay, to 0.01 for example',
     "build(Dense(), se_hPars={'optimizer': 'AdamW', 'weight_decay': 0.01})"),
    ("other_optimizer('RMSprop')", 'RMSprop begins anew, without what Adam kept of the parameters '
                                   'of Dense (layer 1)',
     "other_optimizer('AdamW')"),
    ("other_optimizer('SGD')", 'SGD begins anew, without what Adam kept'),
    ('other_optimizer(stand)', 'stand begins anew, without what Adam kept'),
    ("build(Dense(), se_hPars={'schedule': lambda x, epochs, hPars: -1}).train(1, verbose=0)",
     'to give a learning rate of 0 or more, got -1 for epoch 0',
     "build(Dense(), se_hPars={'schedule': lambda x, epochs, hPars: 1}).train(1, verbose=0)"),
    ("setting(net(), 'se_hPars', {'learning_rte': 1}).train(1, verbose=0)",
     "did you mean 'learning_rate'?",
     "setting(net(), 'se_hPars', {'learning_rate': 1}).train(1, verbose=0)"),

    # Seeds and precision
    ("build(Dense(), seed='a')", "seed to be an integer of 0 or more, or None, got 'a'"),
    ('build(Dense(), seed=-1)', 'or None, got -1'),
    ('build(Dense(), seed=1.5)', 'or None, got 1.5'),
    ('build(Dense(), seed=np.random.default_rng(1))', 'or None, got Generator'),
    ('build(Dense(), seed=np.int32(3))', ACCEPTED),
    ("build(Dense(), dtype='int')", "no dtype 'int64': expected one of float64, float32"),
    ("build(Dense(), dtype='float16')", "no dtype 'float16'"),
    ("build(Dense(), dtype='flaot')", "no dtype 'flaot'",
     "build(Dense(), dtype='float64')"),
    ('build(Dense(), dtype=np.float32)', ACCEPTED),
    ("Dense().build(X, dtype='int')", "no dtype 'int64': expected one of float64, float32",
     "Dense().build(X, dtype='float32')"),
    ("Dense().build(X, seed='a')", "seed to be an integer of 0 or more", 'Dense().build(X, seed=3)',
     'Dense().build(X, seed=rng)'),

    # Functions of one's own
    ('build(Dense(), loss=lambda Y, A: Y - A)', 'f(Y, A, deriv=False)',
     'build(Dense(), loss=lambda Y, A, deriv=False: Y - A).train(1, verbose=0)'),
    ('build(Dense(), loss=lambda Y, A, deriv=False: 1.0)', 'f(Y, A, deriv=False)'),
    ('build(Dense(), metrics=[lambda Y: 1.0]).train(1, verbose=0)', 'f(Y, A)',
     'build(Dense(), metrics=[lambda Y, A: 1.0]).train(1, verbose=0)'),
    ('build(Dense(), metrics=[lambda Y, A: None]).train(1, verbose=0)', 'a number'),
    ("build(Dense(), se_hPars={'schedule': lambda x: 1}).train(1, verbose=0)",
     'f(x, epochs, hPars)',
     "build(Dense(), se_hPars={'schedule': lambda x, epochs, hPars: 1}).train(2, verbose=0)"),
    ("build(Dense(), se_hPars={'optimizer': lambda W, dW: 1}).train(1, verbose=0)",
     'f(W, dW, state, lrate, hPars)',
     "build(Dense(), se_hPars={'optimizer': lambda W, dW, state, lrate, hPars: 1})"
     '.train(1, verbose=0)'),

    # Training
    ('train(0)', 'train expects epochs to be an integer of 1 or more, got 0'),
    ("train('10')", "got '10'"),
    ('train(2.5)', 'got 2.5'),
    ('train(X, Y)', 'train expects epochs to be an integer of 1 or more, got an array of shape'),
    ("train(1, verbose='yes')", "train expects verbose to be an integer of 0 or more, got 'yes'"),
    ('train(1, verbose=-1)', 'verbose to be an integer of 0 or more, got -1'),
    ('train(1, verbose=True)', ACCEPTED),
    ('train(1, verbose=False)', ACCEPTED),
    ("train(1, on_nan='rise')", "no on_nan 'rise': expected one of raise, stop, ignore; did you "
                                "mean 'raise'?",
     "train(1, on_nan='raise')"),
    ('train(1, checkpoint=0)', 'checkpoint to be an integer of 1 or more, got 0'),
    ("train(1, checkpoint='models')", "got 'models'"),
    ("build(Dense(1, 'identity'), on=data(1e300 * X)).train(1, verbose=0)", 'X_scale=True',
     "build(Dense(1, 'identity'), on=data(1e300 * X, X_scale=True)).train(1, verbose=0)"),
    ('exploding()', 'Try a smaller learning_rate, features scaled to [0, 1] (X_scale=True), or '
     'clip_gradients=True in recurrent layers', 'exploding(learning_rate=1e-6)',
     'exploding(X_scale=True, learning_rate=0.1)', "exploding(on_nan='ignore')",
     "exploding(on_nan='stop')"),
    ('train(1, callbacks=3)', 'callbacks to be a list of callbacks, instances of '
     'epynn.network.callbacks.Callback, got 3', 'train(1, callbacks=[epynn.Callback()])'),
    ('train(1, callbacks=[EarlyStopping])', 'callbacks to be a list of callbacks',
     'train(1, callbacks=[EarlyStopping()])', 'train(1, callbacks=EarlyStopping())'),
    ("train(1, callbacks=[EarlyStopping('val_loss')])", "EarlyStopping expects monitor to be "
     "'loss' or a metric that is followed, accuracy, MSE, got 'val_loss'; instead: monitor='loss', "
     "on='dval'", "train(1, callbacks=[EarlyStopping(monitor='loss', on='dval')])"),
    ("train(1, callbacks=[EarlyStopping('val_acc')])", "instead: monitor='accuracy', on='dval'",
     "train(1, callbacks=[EarlyStopping(monitor='accuracy', on='dval')])"),
    ("train(1, callbacks=[ReduceOnPlateau('recall')])", "got 'recall'; initialize(metrics="
     "['recall']) follows it", "build(Dense(), metrics=['recall']).train(1, 0, "
     "callbacks=[ReduceOnPlateau('recall')])"),
    ("train(1, callbacks=[Checkpoint(best=True, monitor='acuracy')])", "did you mean 'accuracy'?"),
    ("EarlyStopping(monitor=distance)", 'EarlyStopping expects monitor to be the name of a metric'),
    ("build(Dense(), metrics=[distance]).train(1, callbacks=[EarlyStopping('distance')])",
     "mode to say which values of your own metric distance are better, mode='min' or mode='max'",
     "build(Dense(), metrics=[distance]).train(1, 0, callbacks=[EarlyStopping('distance', "
     "mode='min')])"),
    ('build(Dense(), loss=squared).train(1, 0, callbacks=[EarlyStopping()])', ACCEPTED),
    ('build(Dense(), on=data(relative_size=(1, 0, 0))).train(1, callbacks=[EarlyStopping()])',
     'EarlyStopping expects samples in dval, got none: split the data, as Embedding(X, Y, '
     "relative_size=(2, 1, 1)) does, or take on='dtrain'",
     'build(Dense(), on=data(relative_size=(2, 1, 1))).train(1, 0, callbacks=[EarlyStopping()])',
     'build(Dense(), on=data(relative_size=(1, 0, 0))).train(1, 0, '
     "callbacks=[EarlyStopping(on='dtrain')])"),
    ("EarlyStopping(on='val')", "EarlyStopping knows no on 'val': expected one of dtrain, dval, "
     "dtest; did you mean 'dval'?", "EarlyStopping(on='dval')"),
    ('EarlyStopping(patience=0)', 'patience to be an integer of 1 or more, got 0'),
    ('EarlyStopping(patience=2.5)', 'got 2.5'),
    ('EarlyStopping(min_delta=-1)', 'min_delta to be a number of 0 or more, got -1'),
    ('EarlyStopping(min_delta=np.nan)', 'got nan'),
    ("EarlyStopping(restore_best='no')", 'restore_best to be True or False'),
    ("EarlyStopping(mode='auto')", "EarlyStopping knows no mode 'auto': expected one of min, max"),
    ('EarlyStopping().restore(net())', 'EarlyStopping has no epoch of this network to go back to: '
     'give it to train(epochs, callbacks=[...]) first',
     '[train(1, callbacks=[stopping]) or stopping.best_epoch for stopping in [EarlyStopping()]]'),
    ('Checkpoint()', 'Checkpoint expects every=n, to write after every n epochs, or best=True, to '
     'write when the network is better than before, got every=None and best=False',
     'train(1, callbacks=[Checkpoint(every=1), Checkpoint(best=True, path="best.npz")])'),
    ('Checkpoint(2, True)', 'got every=2 and best=True: for both, give train two Checkpoints'),
    ('Checkpoint(0)', 'Checkpoint expects every to be an integer of 1 or more, got 0'),
    ("Checkpoint(2, monitor='MSE')", 'monitor, on and mode with best=True only',
     "Checkpoint(best=True, monitor='MSE')"),
    ('Checkpoint(2, path=3)', 'Checkpoint expects the path of a file, got 3'),
    ('ReduceOnPlateau(factor=10)', 'factor to be a number between 0 and 1, got 10',
     'ReduceOnPlateau(factor=0.1)'),
    ('ReduceOnPlateau(patience=-1)', 'patience to be an integer of 1 or more'),
    ('ReduceOnPlateau(least=-1)', 'least to be a number of 0 or more, got -1'),
    ('LearningRateFinder(0, 1)', 'LearningRateFinder expects low to be a number above 0, got 0'),
    ('LearningRateFinder(1, 0.1)', 'low to be less than high, got low=1 and high=0.1',
     'LearningRateFinder(0.1, 1)'),
    ('LearningRateFinder().run(EpyNN([data(), Dense()]))', 'cannot look for a learning rate before '
     'it is initialized: call initialize()', 'LearningRateFinder().run(net(), epochs=10)'),
    ('LearningRateFinder().run(X)', 'LearningRateFinder expects a network to run, got an array'),
    ('LearningRateFinder().run(net())', '10 updates or more, got 1, in 1 epochs of 1 batches: take '
     'more epochs, or smaller batches', 'LearningRateFinder().run(net(), epochs=10)',
     'LearningRateFinder().run(build(Dense(), on=data(batch_size=1)), epochs=2)'),
    ('LearningRateFinder().suggestion', 'LearningRateFinder has no losses yet: call run(model)'),
    ('LearningRateFinder().plot()', 'has no losses yet: call run(model) first'),
    ('History()', "History missing a required argument: 'path': it takes path, append",
     "History('history.csv')"),
    ('History(3)', 'History expects the path of a file, got 3'),
    ("History('h.csv', append='no')", 'append to be True or False'),
    ("History('.')", 'History expects the path of a file, got the directory .'),
    ("Checkpoint(2, path='.')", 'Checkpoint expects the path of a file, got the directory .'),

    # What needs parameters, or data
    ('EpyNN([data(), Dense()]).predict(X)', 'EpyNN cannot predict before it is initialized: call '
                                            'initialize() or train() first',
     '[model.train(1, verbose=0) or model.predict(X) for model in [EpyNN([data(), Dense()])]]'),
    ('EpyNN([data(), Dense()]).evaluate()', 'EpyNN cannot evaluate before it is initialized'),
    ('EpyNN([data(), Dense()]).write()', 'EpyNN cannot write before it is initialized'),
    ('EpyNN([data(), Dense()]).forward(X)', 'EpyNN cannot go forward before it is initialized'),
    ('EpyNN([data(), Dense()]).backward(X)', 'its output, which it does not have yet, got '
                                            'shape (12, 4): call forward(X) first'),
    ('EpyNN([data(), Dense()]).plot()', 'nothing to plot before it is trained',
     'trained().plot()'),
    ('net().plot()', 'nothing to plot before it is trained: call train() first'),
    ('Dense().forward(X)', 'Dense has no parameters yet: initialize its network, or call build(X)',
     'Dense().build(X).forward(X)',
     'net().layers[1].forward(X)'),
    ('Dense().backward(X)', 'expects the gradient with respect to its output, which it does not '
                             'have yet',
     '[layer.backward(layer.forward(X)) for layer in [Dense().build(X)]]'),
    ('net().forward(X[:, :3])', 'Dense (layer 1) expects input of shape (samples, ..., features = '
                                '4), got (12, 3)',
     'net().forward(X)'),
    ('net().forward(X.tolist())', ACCEPTED),
    ('net().layers[1].forward(X.tolist())', ACCEPTED),
    ('net().backward(np.ones((8, 2)))', 'of shape (8, 1), got shape (8, 2)',
     'net().backward(np.ones((8, 1)))'),
    ('net().report(0)', 'report expects every to be an integer of 1 or more, got 0'),
    ('EpyNN([data(), Dense()]).report()', 'EpyNN cannot report before it is initialized: call '
     'initialize() or train() first', '[model.report() for model in [trained()]]'),

    # Prediction
    ('net().predict(X[:, :3])', 'its parameters were made for the former, give data of that size',
     'net().predict(X)',
     'build(Dense(), on=data(X[:, :3])).predict(X[:, :3])'),
    ('net().predict(X[0])', '; X[:, np.newaxis] makes a sample of each number, X[np.newaxis] one '
                            'of them all',
     'net().predict(X[0][np.newaxis])',
     'build(Dense(), on=data(X[:, :1])).predict(X[0][:, np.newaxis])'),
    ('net().predict(None)', 'a list or an array of samples, got NoneType'),
    ('net().predict([])', 'at least one sample, got none',
     'net().predict(X[:1])'),
    ('net().predict(net().embedding.dval)', 'a list or an array of samples, got dataSet'),
    ('net().predict(np.nan * X)', 'finite features, got nan in sample 0'),
    ("net().predict(X, X_encode='no')", "X_encode to be True or False, got 'no'"),
    ("build(RNN(), Dense(), on=data(W, X_encode=True)).predict([['middle']], X_encode=True)",
     "knows no symbol 'middle', found in sample 0 at position (0,): expected one of 'high', 'low'"),
    ("build(RNN(), Dense(), on=data(['ab', 'ba', 'aa'], [0, 1, 1], X_encode=True))"
     ".predict(['ax'], X_encode=True)", "no symbol 'x', found in sample 0 at position (1,): "
     "expected one of 'a', 'b', those of the training data",
     "build(RNN(), Dense(), on=data(['ab', 'ba', 'aa'], [0, 1, 1], X_encode=True))"
     ".predict(['ab'], X_encode=True)"),
    ("build(RNN(), Dense(), on=data([[1, 2], [2, 1]] * 2, [0, 1] * 2, X_encode=True))"
     ".predict(['12'], X_encode=True)", "no symbol '1'"),

    # Files
    ('read_model(text_file())', 'notes.txt cannot be read as a model: it is damaged or not one'),
    ("read_model('nowhere.npz')", 'read_model found no file nowhere.npz'),
    ('read_model()', 'write one with model.write(), or give the path of one',
     '[net().write(), read_model()]',
     "read_model(net().write('here.npz'))"),
    ('read_model(net())', 'read_model expects the path of a file, got EpyNN('),
    ("net().write('.')", 'write expects the path of a file, got the directory .'),
    ('net().write(3)', 'write expects the path of a file, got 3'),
    ("write_model('model.npz', net())", 'write_model expects a network, then a path, got',
     "write_model(net(), 'model.npz')"),
    ('again(build(Dense(1, linear)))', "no function 'linear': give it, custom_objects={'linear'",
     "read_model(build(Dense(1, linear)).write('model.npz'), custom_objects={'linear': linear})"),
    ('build(*[Dense(1, lambda x, deriv=False: x**0) for _ in range(2)]).write()',
     "two functions called '<lambda>' apart: give each a name of its own, with def",
     'build(Dense(1, linear), Dense(1, own_relu)).write()'),
    ('again(build(Dense(1, own_relu)))', "a function 'relu' that is not the one of this library",
     "read_model(build(Dense(1, own_relu)).write('model.npz'), custom_objects={'relu': own_relu})"),
    ('again(build(OwnDense()))', "a layer 'Dense' that is not known: give the class",
     "read_model(build(OwnDense()).write('model.npz'), custom_objects={'Dense': OwnDense})"),
    ('again().train(1, verbose=0)', 'train expects an Embedding with data and labels, got one '
                                    'without: assign one to model.embedding',
     'again(X=X).train(1, verbose=0)'),
    ('again().evaluate()', 'evaluate expects an Embedding with data and labels',
     'again(X=X).evaluate()'),
    ('again(Y=None).evaluate()', 'evaluate expects an Embedding with data and labels'),
    ('again(X=X[:, :2]).train(1, verbose=0)', '(samples, ..., features = 4), got (8, 2)'),
    ('again(Y_encode=True).train(1, verbose=0)', 'but the labels have shape (8, 2)'),
    ('again(Y_encode=True).evaluate()', 'but the labels have shape (8, 2)',
     'again(build(Dense(2), on=data(Y_encode=True)), Y_encode=True).evaluate()'),
    ('again(X=W, X_encode=True)',
     'features as it was trained on, numbers as they are, got Symbols'),
    ("again(build(RNN(), Dense(), on=data(W, X_encode=True)), X=[['low'] * 2] * 12, X_encode=True)",
     "got Symbols {'elements': ['low']}: give the Embedding like=model.embedding",
     'again(build(RNN(), Dense(), on=data(W, X_encode=True)), like=True, X=W, X_encode=True)'),
    ('again(build(Convolution(2, np.array([3, 3])), Flatten(), Dense(), on=data(I)))', ACCEPTED),
    ('again(X_scale=True)', 'features as it was trained on, numbers as they are, got Range',
     'again(X=X, like=True)'),
    ('again(X_scale=True, like=True)', 'expects X_scale=False, as the one that it should be like, '
     'got True: leave X_scale out'),
    ("configure_directory(clear='no')", "clear to be True or False, got 'no'"),
    ('with_weights(np.ones((4, 1), np.float32)).write()', "write expects p['W'] of Dense (layer 1) "
     'to have type float64 and shape (4, 1), got float32 and (4, 1): change values in place, '
     "p['W'][:] = ..., or make another layer",
     "[np.copyto(model.layers[1].p['W'], np.ones((4, 1), np.float32)) or model.write() "
     'for model in [net()]]'),
    ('with_weights(np.ones((5, 1))).write()', 'and shape (4, 1), got float64 and (5, 1)'),
    ("[model.layers[1].p.pop('b') is model.write() for model in [net()]]", 'write expects a '
     'parameter b in Dense (layer 1), found W: initialize the network',
     "[model.layers[1].p.pop('b') is model.initialize(verbose=False) or model.write() "
     'for model in [net()]]'),
    ("setting(net(), 'embedding', Dense())", 'EpyNN expects an Embedding as its first layer, got '
     'Dense', "setting(net(), 'embedding', data())"),
    ("again(build(Dense(), loss=squared))", "no function 'squared': give it, custom_objects=",
     "read_model(build(Dense(), loss=squared).write('model.npz'), "
     "custom_objects={'squared': squared})"),
    ("build(Dense(), se_hPars={'optimizer': partial(stand)}).write()", 'which has no name'),
    ('again(build(Dense(), on=data(X_scale=True)), X=X / 2, X_scale=True)',
     'give the Embedding like=model.embedding',
     'again(build(Dense(), on=data(X_scale=True)), X=X / 2, like=True)',
     'again(build(Dense(), on=data(X_scale=True)), X=X / 2, X_scale=True, like=True)'),

    # Checking gradients
    ("gradcheck(Dense(), X, method='exact')", "method to be complex or central, got 'exact'"),
    ('gradcheck(Dense, X)', 'gradcheck expects a layer or a network, got <class'),
    ('gradcheck(net(), X)', 'expects targets Y for a network, got none',
     'gradcheck(net(), X, Y)'),
    ('gradcheck(net(), X, np.eye(2)[Y])', 'but the labels have shape (12, 2)'),
    ('gradcheck(Dense(), X, most=0)', 'most to be an integer of 1 or more, got 0'),
    ('gradcheck(EpyNN([data(), Dense()]), X, Y)', 'cannot be checked before it is initialized'),
    # Pictures
    ('plot_states(Dropout())', 'plot_states expects a recurrent layer, RNN, GRU or LSTM, got '
     'Dropout', 'plot_states(recurrent())'),
    ("plot_states('GRU')", "got 'GRU'"),
    ('plot_states(Shortcut([recurrent()]))', 'got Shortcut: give one of its sublayers',
     'plot_states(Shortcut([recurrent()]).sublayers[0])'),
    ('plot_states(GRU())', "finds no 'h' in GRU, which keeps nothing so far: train its network, or "
     'go forward and backward with training on', 'plot_states(recurrent())',
     '[model.train(1, verbose=0) or plot_states(model.layers[1]) '
     'for model in [build(GRU(2), Dense(), on=data(S))]]'),
    ("plot_states(recurrent(), names='C_')", "no 'C_' in GRU (layer 1), which keeps X, z_",
     "plot_states(recurrent(), names='z_')"),
    ('plot_states(recurrent(), 12)', 'sample to be 0 to 11, a sample of the last batch of GRU '
     '(layer 1), got 12', 'plot_states(recurrent(), 11)'),
    ('plot_gradient_flow(GRU())', 'go forward and backward with training on',
     'plot_gradient_flow(recurrent())'),
    ('plot_filters(Convolution())', 'no filters in Convolution yet: initialize its network, or '
     'call build(X) where it has none', 'plot_filters(convolution())',
     'plot_filters(Convolution().build(I))'),
    ('plot_filters(None)', 'expects a layer with filters, Convolution, got None'),
    ('plot_feature_maps(None)', 'expects a layer, got None'),
    ("plot_feature_maps(convolution(), name='W')", "finds no 'W' in Convolution",
     "plot_feature_maps(convolution(), name='A')"),
    ('plot_feature_maps(recurrent())', "finds no 'A' in GRU"),
    ('plot_feature_maps(net().layers[1])', 'expects images, (samples, height, width, maps), got A '
     'of shape (8, 1) in Dense (layer 1): give a Convolution or Pooling',
     'plot_feature_maps(convolution())'),
    ('plot_weights(EpyNN([data(), Dense()]))', 'no parameters in EpyNN: initialize the network '
     'first, and give it, or a layer that learns', 'plot_weights(net())',
     'plot_weights(net().layers[1])'),
    ('plot_weights(None)', 'no parameters in None'),
    ('plot_confusion(data().dtrain)', 'dtrain has no predictions yet: call evaluate() first',
     '[model.evaluate() and plot_confusion(model.embedding.dtrain) for model in [net()]]'),
    ('plot_confusion(net().predict(X))', 'predict has no labels to compare its predictions with',
     '[model.evaluate() and plot_confusion(model.embedding.dval) for model in [net()]]'),
    ('plot_gradient_norms(net())', 'no gradient norms to plot yet: call train() first',
     'plot_gradient_norms(trained())'),
    ('[model.evaluate() and plot_confusion(model.embedding.dval) for model in '
     "[build(Dense(1, 'identity'), on=data(Y=X[:, 0]))]]", 'dval has targets that are numbers and '
     'no classes to count: plot outputs against targets, plt.plot(dset.Y, dset.A, ".")'),
]

# Words of Keras, PyTorch and scikit-learn; an error about them may be of a class of Python
WORDS = [
    ('net().fit(X, Y)', 'train(epochs)', 'net().train(1, verbose=0)'),
    ("net().compile(optimizer='SGD', loss='MSE')",
     "instead: initialize(loss=..., metrics=[...], se_hPars={'learning_rate': ...})",
     "net().initialize(loss='MSE', se_hPars={'optimizer': 'SGD'}, verbose=False)"),
    ('net().add(Dense())',
     'instead: EpyNN([Embedding(...), Dense(...), ...]) takes all layers at once',
     'EpyNN([data(), Dense(3), Dense()])'),
    ('net().evaluate(X, Y)', ACCEPTED),
    ('net().predict_proba(X)', 'predict(X).A', 'net().predict(X).A'),
    ('net().score(X, Y)', 'evaluate()', 'net().evaluate()'),
    ("net().save('model.npz')", 'instead: write(path)', "net().write('model.npz')"),
    ("net().load('model.npz')", 'read_model', "read_model(net().write('model.npz'))"),
    ('net().parameters()', 'instead: layers[i].p', 'net().layers[1].p'),
    ('net().history', 'metrics', 'net().metrics'),
    ('net()(X)', 'predict(X)', 'net().predict(X)'),
    ('Dense(3)(X)', 'forward(X)', 'Dense(3).build(X).forward(X)'),
    ('EpyNN()', "EpyNN missing a required argument: 'layers': it takes layers, name",
     'EpyNN([data(), Dense()])'),
    ('EpyNN(data(), Dense())', 'EpyNN expects a list of layers, got Embedding',
     'EpyNN([data(), Dense()])'),
    ("EpyNN([data(), Dense()], loss='MSE')", 'initialize(loss=', "build(Dense(), loss='MSE')"),
    ('train(1, validation_data=(X, Y))', 'relative_size', 'data(relative_size=(2, 1, 0))'),
    ('train(1, batch_size=4)', 'instead: Embedding(X, Y, batch_size=...)', 'data(batch_size=4)'),
    ('train(1, learning_rate=0.1)', "instead: se_hPars={'learning_rate': ...}, given to initialize",
     "build(Dense(), se_hPars={'learning_rate': 0.1})"),
    ("build(Dense(), optimizer='SGD')", 'se_hPars=',
     "build(Dense(), se_hPars={'optimizer': 'SGD'})"),
    ('build(Dense(), callbacks=[Callback()])', 'train(', 'train(1, callbacks=[Callback()])'),
    ('train(1, callbacks=[Callback])',
     'train expects callbacks to be a list of callbacks, instances of epynn.network.ca'),
    ('net().train()',
     "train missing a required argument: 'epochs': it takes epochs, verbose, init_logs",
     'net().train(1, verbose=0)'),
    ("train(1, 0, 'no')", 'init_logs to be True or False', 'train(1, 0, False)'),
    ("build(Dense(), params='no')", 'params to be True or False', 'build(Dense(), params=True)'),
    ("build(Dense(), verbose='no')", 'verbose to be', 'build(Dense(), verbose=False)'),
    ("build(Dense(), metrics={'accuracy': distance})", 'metrics to be a list',
     'build(Dense(), metrics=[distance])'),
    ("build(Dense(), se_hPars={'learning_rate': Fraction(1, 10)})", ACCEPTED),
    ("net().forward('a')", 'expects numbers'),
    ('net().forward([])',
     'Dense (layer 1) expects input of shape (samples, ..., features = 4), got (0,): put a '),
    ("build(Dense(), loss='mean_squared_error')", "did you mean 'MSE'?"),
    ("build(Dense(), loss='sparse_categorical_crossentropy')",
     "one of MSE, MAE, Huber, MSLE, BCE, CCE; did you mean 'CCE'?"),
    ("build(Dense(), metrics=['acc'])", "did you mean 'accuracy'?"),
    ("build(Dense(), metrics=['f1_score'])", "did you mean 'fscore'?"),
    ("Dense(3, 'leaky_relu')", "did you mean 'lrelu'?", "Dense(3, 'lrelu')"),
    ("Dense(3, 'linear')", "did you mean 'identity'?", "Dense(3, 'identity')"),
    ("Dense(3, initialization='glorot_uniform')", "did you mean 'xavier'?",
     "Dense(3, initialization='xavier')"),
    ("build(Dense(), loss=np.str_('BCE')).write()", ACCEPTED),
    ('Dense(3, input_shape=(4,))', 'instead: shapes follow from the data',
     'build(Dense(3), Dense())'),
    ('Dense(in_features=4, out_features=3)', 'instead: shapes follow from the data',
     'Dense(units=3)'),
    ('LSTM(input_size=3, hidden_size=4)', 'instead: shapes follow from the data',
     'LSTM(unit_cells=4)'),
    ('Convolution(8, kernel_size=3)', "did you mean 'filter_size'?",
     'Convolution(8, filter_size=3)'),
    ('Dropout(p=0.5)', "did you mean 'drop_prob'?"),
    ('data(validation_data=(X, Y))',
     'instead: Embedding(X, Y, relative_size=(2, 1, 0)) splits the data given',
     'data(relative_size=(1, 1, 0))'),
    ('data(test_size=0.2)', 'instead: Embedding(X, Y, relative_size=(3, 0, 1))',
     'data(relative_size=(8, 0, 2))'),
    ('data(random_state=1)', 'instead: Embedding(X, Y, shuffle=seed) and initialize(seed=...)',
     'data(shuffle=1)'),
    ('data().fit_transform(X)',
     'instead: Embedding encodes and scales when it is made, see dtrain.X', 'data().dtrain.X'),
    ('data().transform(X)',
     'instead: inputs(X_data).X has samples encoded and scaled as those of training',
     'data().inputs(X).X'),
    ('Dense().weights', "instead: p of a layer, such as layers[1].p['W']",
     "Dense().build(X).p['W']"),
    ('net().embedding.X_data',
     'instead: dtrain.X, dval.X and dtest.X have the samples of each set',
     'net().embedding.dtrain.X'),
    ('net().embedding.dtrain.x', "did you mean 'X'?"),
    ('Symbols().transform(W)', 'Symbols has learned none yet: call fit(X) first',
     'Symbols().fit(W).transform(W)', 'Symbols().fit_transform(W.tolist())'),
    ("Classes().transform(['a'])", 'call fit(Y) first',
     "Classes().fit(['a', 'b']).transform(['a'])"),
    ('Range().fit_transform(X.tolist())', ACCEPTED),
    ('EarlyStopping(restore_best_weights=True)', "did you mean 'restore_best'?",
     'EarlyStopping(restore_best=True)'),
    ('EarlyStopping(verbose=1)', 'instead: train(epochs, verbose=0)'),
    ('Checkpoint(filepath="m.npz", save_best_only=True)', "did you mean 'path'?",
     'Checkpoint(path="m.npz", best=True)'),
    ('Checkpoint(save_best_only=True)', "did you mean 'best'?"),
    ('ReduceOnPlateau(min_lr=1e-5)', "did you mean 'least'?", 'ReduceOnPlateau(least=1e-5)'),
    ("History(filename='log.csv')", "did you mean 'path'?", "History(path='log.csv')"),
    ('History("log.csv", separator=";")', 'instead: it is a comma'),
]
TABLE += WORDS

NAMES = {**vars(epynn), **vars(plot), **globals(), 'loss': loss, 'metrics': metrics,
         'Fraction': Fraction, 'Symbols': Symbols, 'Classes': Classes, 'Range': Range,
         'partial': partial, 'Shortcut': Shortcut, 'csr_array': csr_array, 'gradcheck': gradcheck}
EXPLAINED = (ValueError, RuntimeError, FloatingPointError, OSError, NotImplementedError,
             UserWarning)           # which is an error in tests
# Where Python has a class for such an error, the error is of that class
PYTHONS_OWN = {'it takes': TypeError, 'cannot be set': TypeError, 'no setter': AttributeError,
               'once it is made': AttributeError, 'set it in __init__': AttributeError}

FOREIGN = {row[0] for row in WORDS}
MISTAKES = {row[0]: row[1] for row in TABLE if row[1] is not ACCEPTED}
UNDERSTOOD = dict.fromkeys([row[0] for row in TABLE if row[1] is ACCEPTED]
                           + [remedy for row in TABLE for remedy in row[2:]])

# What the library does not say yet, or says wrongly: each is expected to fail
NOT_YET = dict.fromkeys(['Dense(3)(X)'],
                        'an error of Python alone')


def short(code):
    return re.sub(r'\s+', '', code)


def each(codes):
    return pytest.mark.parametrize('code', [
        pytest.param(code, marks=pytest.mark.xfail(reason=NOT_YET[code]) if code in NOT_YET else ())
        for code in codes], ids=short)


def run(code):
    return eval(code, NAMES)


@pytest.fixture(autouse=True)
def in_an_empty_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@each(MISTAKES)
def test_a_mistake_is_explained(code):
    message = MISTAKES[code]
    expected = next((error for part, error in PYTHONS_OWN.items() if part in message), EXPLAINED)
    if code in FOREIGN:
        expected = (*EXPLAINED, TypeError, AttributeError)
    with pytest.raises(expected) as caught:
        run(code)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 600


@each(UNDERSTOOD)
def test_what_is_meant_works_and_so_does_each_remedy(code):
    run(code)


def test_the_table_has_no_row_twice():
    assert len({row[0] for row in TABLE}) == len(TABLE)
    assert not set(MISTAKES) & set(UNDERSTOOD)


def test_a_layer_taken_by_a_second_network_is_as_new():
    layer, twin = epynn.Dense(3, 'tanh'), epynn.Dense(3, 'tanh')
    build(layer, epynn.Dense(), seed=5).train(2, verbose=0)
    again, fresh = (build(x, epynn.Dense(), seed=7) for x in (layer, twin))
    for model in (again, fresh):
        model.train(2, verbose=0)
    assert again.metrics == fresh.metrics
    assert again.predict(X).A.tobytes() == fresh.predict(X).A.tobytes()


def test_parameters_may_go_on_to_a_second_network():
    """What is learned is kept with params=False, which is how to use layers trained elsewhere."""
    layer = epynn.Dense(3, 'tanh')
    build(layer, epynn.Dense()).train(2, verbose=0)
    learned = layer.p['W'].copy()
    build(layer, epynn.Dense(2, 'softmax'), on=data(Y_encode=True), params=False)
    np.testing.assert_array_equal(layer.p['W'], learned)
