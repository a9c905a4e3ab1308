"""Every mistake that a newcomer makes is explained, or understood: one table, one row for each."""
import re
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

import epynn
from epynn.commons import loss, metrics
from epynn.gradcheck import gradcheck

rng = np.random.default_rng(0)
X, Y = rng.standard_normal((12, 4)), np.arange(12) % 2          # samples and labels
S = rng.standard_normal((12, 8, 3))                             # sequences
I = rng.standard_normal((12, 6, 6, 1))                          # images        # noqa: E741
W = np.array([['low', 'high'], ['high', 'low']] * 6)            # words


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


def again(model=None, **arguments):
    """A network from a file, with other data where they are given."""
    model = epynn.read_model((model or net()).write('model.npz'))
    if arguments:
        model.embedding = data(**arguments)
    return model


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


def nothing_deriv(x):
    return x


def linear(x, deriv=False):
    return np.ones_like(x) if deriv else x


def own_relu(x, deriv=False):
    return linear(x, deriv)


own_relu.__name__ = 'relu'
OwnDense = type('Dense', (epynn.Dense,), {})

ACCEPTED = None

TABLE = [       # what somebody writes, and what the error says; or None where it is understood
    # Layers in the wrong order, or none
    ('EpyNN([Dense(), data()])', 'expects an Embedding as its first layer and nowhere else, got '
                                 'Dense at position 0'),
    ('EpyNN([Dense()])', 'expects an Embedding as its first layer'),
    ('EpyNN([data(), data(), Dense()])', 'nowhere else, got Embedding at position 1'),
    ('EpyNN([X, Dense()])', 'expects layers, got an array of shape (12, 4) at position 0'),
    ('EpyNN([data()])', 'an Embedding and at least one more layer, got 1 in all'),
    ('EpyNN([])', 'at least one more layer, got 0 in all'),
    ('EpyNN(data())', 'expects a list of layers, got Embedding'),
    ('EpyNN(None)', 'expects a list of layers, got NoneType'),
    ('EpyNN((data(), Dense()))', ACCEPTED),
    ('EpyNN([data(), Flatten, Dense()])', 'at position 1: write it with parentheses'),
    ('EpyNN([Embedding, Dense()])', 'at position 0: write it with parentheses'),
    ("EpyNN([data(), 'Dense'])", "expects layers, got 'Dense' at position 1"),
    ('EpyNN([data(), [Dense(), Dense()]])', 'expects layers, got [Dense(), Dense()]'),
    ('EpyNN([data(), *[Dense()] * 2])', 'each layer once, got the same Dense'),
    ('EpyNN([data(), Dense()], name=3)', ACCEPTED),
    ("EpyNN([data(), Dense()], name='../' + 'x' * 500).initialize(verbose=False)", ACCEPTED),

    # One layer in two networks: the one initialized last has it, the other says so
    ('two_networks_with_the_same(Dense(), lambda first: first.predict(X))',
     'EpyNN cannot predict: the parameters of Dense (layer 1) belong to another network'),
    ('two_networks_with_the_same(Dense(), lambda first: first.train(1, verbose=0))',
     'Make a layer of its own for each network, or initialize() this one again'),
    ('two_networks_with_the_same(Dense(), lambda first: first.write())', 'EpyNN cannot write'),
    ('two_networks_with_the_same(Dense(), lambda first: first.initialize(verbose=False))',
     ACCEPTED),
    ('[build(Dense(), on=on).train(1, verbose=0) for on in [data()] * 2]', ACCEPTED),
    ('with_a_layer_more(lambda model: model.predict(X))',
     'cannot predict: the parameters of Dense belong to another network, or to none'),
    ('with_a_layer_more(lambda model: model.train(1, verbose=0))', 'cannot train'),

    # Shapes that do not fit
    ('build(Dense(), on=data(S))', 'Dense (layer 1) expects input of shape (samples, features), '
                                   'got (8, 8, 3): put a Flatten before it'),
    ('build(GRU(2, sequences=True), Dense(), on=data(S))', 'sequences=False into a recurrent'),
    ('build(RNN(2), RNN(2), Dense(), on=data(S))', 'RNN (layer 2) expects input of shape '
                                                   '(samples, steps, elements), got (8, 2)'),
    ('build(Flatten(), LSTM(2), Dense(), on=data(S))', 'got (8, 24): remove the Flatten before it'),
    ('build(RNN(2), Dense())', 'X[..., np.newaxis] makes one of each row of numbers'),
    ('build(RNN(2), Dense(), on=data(I))', 'RNN (layer 1) expects input of shape (samples, steps'),
    ('build(Dense(), on=data(X[:, 0]))', '; X[:, np.newaxis] makes a sample of each'),
    ('build(Convolution(2), Flatten(), Dense())', 'expects input of shape (samples, height, width, '
                                                  'depth), got (8, 4): remove the Flatten'),
    ('build(Convolution(2), Flatten(), Dense(), on=data(I[..., 0]))', 'X[..., np.newaxis] makes'),
    ('build(Flatten(), Convolution(2), Dense(), on=data(I))', 'Convolution (layer 2) expects'),
    ('build(Convolution(2), Dense(), on=data(I))', 'got (8, 2, 2, 2): put a Flatten before it'),
    ('build(Convolution(2, 7), Flatten(), Dense(), on=data(I))',
     'expects images of 7 x 7 or more, the size of its window, got 6 x 6: take a smaller window'),
    ('build(Pooling(7), Flatten(), Dense(), on=data(I))', 'Pooling (layer 1) expects images of 7'),
    ('build(Convolution(2), Pooling(3), Flatten(), Dense(), on=data(I))', 'got 2 x 2'),
    ('build(Pooling(), Dense())', 'put it before the Flatten, and give images'),
    ('build(Dropout(0.5, axis=3), Dense())', 'axis to be among those of its input of shape (8, 4)'),

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
                         "elu, sigmoid, tanh, softmax; did you mean 'relu'?"),
    ("Dense(3, 'sigmod')", "did you mean 'sigmoid'?"),
    ('Dense(relu, 3)', 'Dense expects activate to be a function, such as identity, relu'),
    ('Dense(3, relu(X))', 'such as identity, relu, lrelu, elu, sigmoid, tanh, softmax, got an '
                          'array of shape (12, 4)'),
    ('Dense(3, Dense)', "to be a function, such as identity, relu, lrelu, elu, sigmoid, tanh, "
                        "softmax, got <class"),
    ('Dense(3, None)', 'got None'),
    ('Dense(3, np.tanh)', "to be a function f(x, deriv=...), got <ufunc 'tanh'>: give its name, "
                          "'tanh'"),
    ('Dense(3, nothing_deriv)', 'to be a function f(x, deriv=...), got <function nothing_deriv'),
    ('build(Dense(1, linear)).train(1, verbose=0)', ACCEPTED),
    ('Dense(1, softmax)', 'two units or more with softmax, got 1, whose output would always be 1: '
                          'use sigmoid, or a unit for each class'),
    ('RNN(2, softmax)', 'RNN expects activate to work element by element, got softmax: use softmax '
                        'in a Dense layer'),
    ("LSTM(2, activate_forget='softmax')", 'LSTM expects activate_forget to work element by'),
    ('Convolution(2, activate=softmax)', 'Convolution expects activate to work element by element'),
    ("Dense(3, activation='relu')", "Dense got an unexpected keyword argument 'activation': it "
                                    "takes units, activate, initialization, se_hPars"),
    ('GRU(units=3)', "GRU got an unexpected keyword argument 'units': it takes unit_cells"),
    ('GRU(3, return_sequences=True)', "'return_sequences': it takes unit_cells, activate,"),
    ('Dropout(rate=0.5)', "Dropout got an unexpected keyword argument 'rate': it takes drop_prob"),
    ("Dense(3, initialization='glorot')", "no initialization 'glorot': expected one of xavier"),
    ('Dense(3, initialization=None)', 'initialization to be a function, such as xavier'),
    ('Dense(3, initialization=np.zeros)', 'initialization to be a function f(x, rng=...), got'),
    ('build(Dense(initialization=lambda shape, rng: np.zeros(3)))',
     'Dense (layer 1) expects W to begin with shape (4, 1), got (3,): check initialization'),
    ("GRU(2, sequences='no')", "GRU expects sequences to be True or False, got 'no'"),
    ("RNN(2, clip_gradients='no')", "RNN expects clip_gradients to be True or False, got 'no'"),
    ('GRU(2, sequences=1)', ACCEPTED),
    ('GRU(2, windows=0)', 'GRU expects windows to be an integer of 1 or more, got 0'),
    ('Dropout(50)', 'Dropout expects drop_prob to be a probability, 0 or more and below 1, got 50: '
                    'Dropout(0.5) drops half of the features'),
    ('Dropout(1)', 'below 1, got 1'),
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
    ('Pooling(pool=np.median)', "no pool 'median'"),
    ('Pooling(pool=np.mean)', ACCEPTED),

    # Data
    ('data(None, Y)', 'expects X_data where there is Y_data, got None'),
    ('data([], [])', 'at least one sample, got none: X_data is empty'),
    ('data((x for x in X))', 'a list or an array of samples, got generator'),
    ('data(set(range(12)))', 'a list or an array of samples, got set'),
    ("data('train.csv')", 'a list or an array of samples, got str'),
    ('data(zip(X, Y), None)', 'a list or an array of samples, got zip'),
    ('data(X.tolist(), Y.tolist())', ACCEPTED),
    ('data(tuple(X), tuple(Y))', ACCEPTED),
    ('data(X[:3], Y)', 'one label a sample, got 3 samples in X_data and 12 labels in Y_data'),
    ('data(np.where(X > 2, np.nan, X) * np.nan)', 'finite features, got nan in sample 0, at '
                                                  'position (0,): drop or replace those samples'),
    ('data(np.full((12, 4), np.inf))', 'finite features, got inf in sample 0'),
    ('data([[1, None]] * 12)', 'numbers or text, got None in sample 0: drop or replace it'),
    ('data([[1, 2], [3]] * 6)', 'the same number of features in every sample, got 2 in sample 0 '
                                'and 1 in sample 1'),
    ("data([[1, 2], ['a', 'b']] * 6)", 'all samples to be text or all to be numbers, got int64'),
    ('data([[10**30, 1]] * 12)', 'numbers or text, got 1000000000000000000000000000000'),
    ('data(np.ma.masked_array(X, X > 0))', 'all features to be there, got masked ones'),
    ('data(csr_array(np.eye(12)))', ACCEPTED),
    ('data(W)', "got features of type <U4 such as 'low': use X_encode=True to one-hot encode"),
    ("data([b'ab', b'ba'] * 6, X_encode=True)", 'symbols to be text or numbers, got |S2'),
    ("data(np.zeros((12, 3), 'M8[D]'), X_encode=True)", 'symbols to be text or numbers, got dat'),
    ('data(W, X_encode=True, X_scale=True)', 'X_encode or X_scale, got both'),
    ("data(X_scale='no')", "Embedding expects X_scale to be True or False, got 'no'"),
    ('data(Y_encoded=True)', "Embedding got an unexpected keyword argument 'Y_encoded': it takes "
                             'X_data, Y_data, relative_size, batch_size, X_encode, Y_encode'),
    ('Embedding(X, Y, True)', 'relative_size to be three numbers, those of training, validation '
                              'and test set, none below 0 and not all 0, got True'),
    ('data(relative_size=(2, 1))', 'relative_size to be three numbers'),
    ('data(relative_size=(0, 1, 1))', 'a training set, got none of 12 samples'),
    ('data(relative_size=(70, 20, 10))', ACCEPTED),
    ('data(batch_size=0)', 'batch_size to be an integer of 1 or more, got 0'),
    ("data(batch_size='8')", "batch_size to be an integer of 1 or more, got '8'"),
    ('build(Dense(), on=data(batch_size=1000)).train(1, verbose=0)', ACCEPTED),

    # Labels
    ('build(Dense(), on=data(Y=None))', 'expects labels to train with, got none: give Y_data'),
    ('build(Dense(), on=Embedding())', 'expects an Embedding with data to initialize'),
    ('data(Y=Y + 1, Y_encode=True)', 'labels 0 to 1 with Y_encode=True, got 1, 2: number the '
                                     'classes from 0, without gaps'),
    ('data(Y=0 * Y, Y_encode=True)', 'two classes or more with Y_encode=True, got label 0 only'),
    ("data(Y=['cat', 'dog'] * 6)", 'Y_data to be numbers of shape (samples,) or (samples, outputs)'
                                   ', got <U3 of shape (12,): number the classes from 0'),
    ('data(Y=np.eye(2)[Y], Y_encode=True)', 'leave Y_encode out if it is one-hot already'),
    ('data(Y=[np.nan] * 12)', 'finite labels, got nan in sample 0'),
    ('data(Y=[None] * 12)', 'Y_data to be numbers of shape'),
    ('data(Y=(y for y in Y))', 'got generator: number the classes from 0'),
    ('data(Y=1)', 'got int: number the classes from 0'),
    ('build(Dense(), on=data(Y=Y > 0))', ACCEPTED),
    ('build(Dense(), on=data(Y=Y + 1))',
     'Dense (layer 1) gives outputs from 0 to 1, those of sigmoid, but the labels go from 1 to 2: '
     'number two classes 0 and 1, use Y_encode=True for more, or identity for other numbers'),
    ('build(Dense(), on=data(Y=np.arange(12) % 3))', 'but the labels go from 0 to 2'),
    ("build(Dense(1, 'tanh'), on=data(Y=2 * Y - 1))", ACCEPTED),
    ("build(Dense(1, 'identity'), on=data(Y=100.5 * Y))", ACCEPTED),
    ('build(Dense(2, softmax))', 'Dense (layer 1) gives outputs of shape (8, 2), but the labels '
                                 'have shape (8, 1): expected 1 units in the last layer, or '
                                 'Y_encode=True in Embedding'),
    ("build(Dense(2, softmax), loss='CCE')", 'or Y_encode=True in Embedding'),
    ('build(Dense(), on=data(Y_encode=True))', 'labels have shape (8, 2): expected 2 units'),
    ('build(Dense(3, softmax), on=data(Y_encode=True))', 'expected 2 units in the last layer'),

    # Losses and metrics
    ("build(Dense(), loss='CCE')", 'expects softmax with the loss CCE, got sigmoid: use softmax, '
                                   'or BCE or MSE as a loss'),
    ("build(Dense(1, 'tanh'), loss='BCE')", 'with the loss BCE, got tanh: use sigmoid'),
    ("build(Dense(1, 'identity'), loss='BCE')", 'outputs from 0 to 1 with the loss BCE, got '
                                                'identity: use sigmoid, or MSE as a loss'),
    ("build(Dense(1, 'relu'), loss='BCE')", 'with the loss BCE, got relu'),
    ("build(Dense(), loss='BCE', on=data(Y=Y + 1))", 'labels from 0 to 1 with the loss BCE, got 1 '
                                                     'to 2: number two classes 0 and 1'),
    ("build(Dense(1, 'relu'), loss='MSLE', on=data(Y=-3 * Y))", 'labels above -1 with the loss'),
    ("build(Dense(), loss='mse')", "no loss 'mse': expected one of MSE, MAE, MSLE, BCE, CCE; did "
                                   "you mean 'MSE'?"),
    ("build(Dense(), loss='categorical_crossentropy')", 'expected one of MSE, MAE, MSLE, BCE, CCE'),
    ("build(Dense(), loss=['MSE'])", "no loss ['MSE']"),
    ('build(Dense(), loss=None)', 'no loss None'),
    ('build(Dense(), loss=lambda Y, A: Y - A)', 'no loss <function'),
    ('build(Dense(), loss=loss.MAE)', ACCEPTED),
    ("build(Dense(), metrics='accuracy')", ACCEPTED),
    ('build(Dense(), metrics=metrics.accuracy)', ACCEPTED),
    ('build(Dense(), metrics=[metrics.recall, loss.MAE])', ACCEPTED),
    ('build(Dense(), metrics=None)', ACCEPTED),
    ("build(Dense(), metrics='Accuracy')", "did you mean 'accuracy'?"),
    ("build(Dense(), metrics=['f1'])", "no metric 'f1': expected one of accuracy, recall,"),
    ("build(Dense(), metrics=[['accuracy']])", "no metric ['accuracy']"),
    ('build(Dense(), metrics=3)', 'metrics to be a list of names, got 3'),

    # Hyperparameters
    ("build(Dense(), se_hPars={'learning_rate': '0.1'})",
     "EpyNN expects learning_rate to be a number of 0 or more, got '0.1'"),
    ("build(Dense(), se_hPars={'learning_rate': -0.1})", 'got -0.1'),
    ("build(Dense(), se_hPars={'learning_rate': np.nan})", 'got nan'),
    ("build(Dense(), se_hPars={'learning_rate': None})", 'got None'),
    ("build(Dense(), se_hPars={'learning_rate': np.array(0.1)})", 'number of 0 or more, got array'),
    ("build(Dense(), se_hPars={'learning_rate': np.float32(0.1)}).write()", ACCEPTED),
    ("build(Dense(), se_hPars={'lr': 0.1})", "EpyNN knows no hyperparameter 'lr': expected one of "
                                             'learning_rate, schedule'),
    ("build(Dense(), se_hPars={'learning_rte': 0.1})", "did you mean 'learning_rate'?"),
    ('build(Dense(), se_hPars=0.1)', "EpyNN expects se_hPars to be a dict, such as "
                                     "{'learning_rate': 0.1}, got 0.1"),
    ('build(Dense(), se_hPars=None)', ACCEPTED),
    ('Dense(se_hPars=0.1)', "Dense expects se_hPars to be a dict, such as"),
    ("build(Dense(se_hPars={'learning_rate': -1}))", 'Dense (layer 1) expects learning_rate'),
    ("build(Dense(), se_hPars={'schedule': 'cosine'})", 'expected one of steady, exp_decay'),
    ("build(Dense(), se_hPars={'schedule': ['steady']})", "no schedule ['steady']"),
    ("build(Dense(), se_hPars={'cycle_epochs': 1.5})", 'cycle_epochs to be an integer of 0'),
    ("build(Dense(), se_hPars={'cycle_descent': 50})", 'cycle_descent to be a number from 0 to 1'),
    ("build(Dense(), se_hPars={'softmax_temperature': 0})", 'to be a number above 0, got 0'),

    # Seeds and precision
    ("build(Dense(), seed='a')", "seed to be an integer of 0 or more, or None, got 'a'"),
    ('build(Dense(), seed=-1)', 'or None, got -1'),
    ('build(Dense(), seed=1.5)', 'or None, got 1.5'),
    ('build(Dense(), seed=np.random.default_rng(1))', 'or None, got Generator'),
    ('build(Dense(), seed=np.int32(3))', ACCEPTED),
    ("build(Dense(), dtype='int')", "no dtype 'int64': expected one of float64, float32"),
    ("build(Dense(), dtype='float16')", "no dtype 'float16'"),
    ("build(Dense(), dtype='flaot')", "no dtype 'flaot'"),
    ('build(Dense(), dtype=np.float32)', ACCEPTED),

    # Training
    ('train(0)', 'train expects epochs to be an integer of 1 or more, got 0'),
    ("train('10')", "got '10'"),
    ('train(2.5)', 'got 2.5'),
    ('train(X, Y)', 'train expects epochs to be an integer of 1 or more, got an array of shape'),
    ("train(1, verbose='yes')", "train expects verbose to be an integer of 1 or more, got 'yes'"),
    ('train(1, verbose=-1)', 'verbose to be an integer of 1 or more, got -1'),
    ('train(1, verbose=True)', ACCEPTED),
    ('train(1, verbose=False)', ACCEPTED),
    ("train(1, on_nan='rise')", "no on_nan 'rise': expected one of raise, stop, ignore; did you "
                                "mean 'raise'?"),
    ('train(1, checkpoint=0)', 'checkpoint to be an integer of 1 or more, got 0'),
    ("train(1, checkpoint='models')", "got 'models'"),
    ("build(Dense(3, 'relu'), Dense(1, 'identity'), se_hPars={'learning_rate': 1e6})"
     '.train(50, verbose=0)', 'Try a smaller learning_rate, features scaled to [0, 1]'),
    ("build(Dense(1, 'identity'), on=data(1e300 * X)).train(1, verbose=0)", 'X_scale=True'),

    # What needs parameters, or data
    ('EpyNN([data(), Dense()]).predict(X)', 'EpyNN cannot predict before it is initialized: call '
                                            'initialize() or train() first'),
    ('EpyNN([data(), Dense()]).evaluate()', 'EpyNN cannot evaluate before it is initialized'),
    ('EpyNN([data(), Dense()]).write()', 'EpyNN cannot write before it is initialized'),
    ('EpyNN([data(), Dense()]).forward(X)', 'EpyNN cannot go forward before it is initialized'),
    ('EpyNN([data(), Dense()]).backward(X)', 'of shape none yet, got (12, 4): go forward before'),
    ('EpyNN([data(), Dense()]).plot()', 'nothing to plot before it is trained'),
    ('net().plot()', 'nothing to plot before it is trained: call train() first'),
    ('Dense().forward(X)', 'Dense has no parameters yet: initialize its network, or call build(X)'),
    ('Dense().backward(X)', 'expects the gradient by its output, of shape none yet'),
    ('net().forward(X[:, :3])', 'Dense (layer 1) expects input of shape (samples, features = 4), '
                                'got (12, 3)'),
    ('net().forward(X.tolist())', ACCEPTED),
    ('net().layers[1].forward(X.tolist())', ACCEPTED),
    ('net().backward(np.ones((8, 2)))', 'of shape (8, 1), got (8, 2)'),
    ('net().report(0)', 'report expects every to be an integer of 1 or more, got 0'),

    # Prediction
    ('net().predict(X[:, :3])', 'its parameters were made for the former, give data of that size'),
    ('net().predict(X[0])', '; X[:, np.newaxis] makes a sample of each number, X[np.newaxis] one '
                            'of them all'),
    ('net().predict(None)', 'a list or an array of samples, got NoneType'),
    ('net().predict([])', 'at least one sample, got none'),
    ('net().predict(net().embedding.dval)', 'a list or an array of samples, got dataSet'),
    ('net().predict(np.nan * X)', 'finite features, got nan in sample 0'),
    ('net().predict(X, X_scale=True)', 'predict expects X_scale=False, as the network was trained'),
    ('build(Dense(), on=data(X_scale=True)).predict(X)', 'predict expects X_scale=True'),
    ("net().predict(X, X_encode='no')", "X_encode to be True or False, got 'no'"),
    ("build(RNN(), Dense(), on=data(W, X_encode=True)).predict([['middle']], X_encode=True)",
     "knows no symbol 'middle', found in sample 0 at position (0,): expected one of 'high', 'low'"),

    # Files
    ('read_model(text_file())', 'notes.txt cannot be read as a model: it is damaged or not one'),
    ("read_model('nowhere.npz')", 'read_model found no file nowhere.npz'),
    ('read_model()', 'write one with model.write(), or give the path of one'),
    ('read_model(net())', 'read_model expects the path of a file, got EpyNN('),
    ("net().write('.')", 'write expects the path of a file, got the directory .'),
    ('net().write(3)', 'write expects the path of a file, got 3'),
    ("write_model('model.npz', net())", 'write_model expects a network, then a path, got'),
    ('again(build(Dense(1, linear)))', "no function 'linear': give it, custom_objects={'linear'"),
    ('build(*[Dense(1, lambda x, deriv=False: x**0) for _ in range(2)]).write()',
     "two functions called '<lambda>' apart: give each a name of its own, with def"),
    ('again(build(Dense(1, own_relu)))', "a function 'relu' that is not the one of this library"),
    ('again(build(OwnDense()))', "a layer 'Dense' that is not known: give the class"),
    ('again().train(1, verbose=0)', 'train expects an Embedding with data and labels, got one '
                                    'without: assign one to model.embedding'),
    ('again().evaluate()', 'evaluate expects an Embedding with data and labels'),
    ('again(Y=None).evaluate()', 'evaluate expects an Embedding with data and labels'),
    ('again(X=X[:, :2]).train(1, verbose=0)', '(samples, features = 4), got (8, 2)'),
    ('again(Y_encode=True).train(1, verbose=0)', 'but the labels have shape (8, 2)'),
    ('again(Y_encode=True).evaluate()', 'but the labels have shape (8, 2)'),
    ('again(X=W, X_encode=True)', 'an Embedding with the symbols that it was trained on'),
    ('again(build(Convolution(2, np.array([3, 3])), Flatten(), Dense(), on=data(I)))', ACCEPTED),
    ('again(X_scale=True)', 'the range that it was trained on'),
    ("configure_directory(clear='no')", "clear to be True or False, got 'no'"),

    # Checking gradients
    ("gradcheck(Dense(), X, method='exact')", "method to be complex or central, got 'exact'"),
    ('gradcheck(Dense, X)', 'gradcheck expects a layer or a network, got <class'),
    ('gradcheck(net(), X)', 'expects targets Y for a network, got none'),
    ('gradcheck(net(), X, np.eye(2)[Y])', 'but the labels have shape (12, 2)'),
    ('gradcheck(Dense(), X, most=0)', 'most to be an integer of 1 or more, got 0'),
    ('gradcheck(EpyNN([data(), Dense()]), X, Y)', 'cannot be checked before it is initialized'),
]

NAMES = {**vars(epynn), **globals(), 'loss': loss, 'metrics': metrics, 'csr_array': csr_array,
         'gradcheck': gradcheck}
EXPLAINED = (ValueError, RuntimeError, FloatingPointError, OSError)


@pytest.mark.parametrize('code, message', TABLE, ids=lambda value: re.sub(r'\s+', '', str(value)))
def test_a_mistake_is_explained_or_understood(code, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    if message is ACCEPTED:
        eval(code, NAMES)
        return
    keyword = 'it takes' in message                     # Python's own class for wrong arguments
    with pytest.raises(TypeError if keyword else EXPLAINED) as caught:
        eval(code, NAMES)
    assert message in str(caught.value)
    assert len(str(caught.value)) < 600


def test_the_table_is_long_and_has_no_row_twice():
    assert len(TABLE) >= 60 and len({code for code, _ in TABLE}) == len(TABLE)


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
