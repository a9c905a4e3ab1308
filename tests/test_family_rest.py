"""Arguments, files and networks of LSTM, Convolution, Pooling and Template.

To be merged into test_mistakes.py, test_files.py and test_network.py.
"""
import json
import runpy
from pathlib import Path

import numpy as np
import pytest

import epynn
from epynn import (
    LSTM,
    Convolution,
    Dense,
    Embedding,
    EpyNN,
    Flatten,
    Pooling,
    Template,
    read_model,
    sigmoid,
)
from epynn.gradcheck import gradcheck

HERE = Path(__file__).parent


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


# Mistakes in arguments: for test_mistakes.py

@pytest.mark.parametrize('kind, arguments, message', [
    (Convolution, {'unit_filters': 0}, 'unit_filters to be an integer of 1 or more, got 0'),
    (Convolution, {'filter_size': 0}, 'filter_size .* got 0'),
    (Convolution, {'filter_size': (3, 3, 3)}, 'filter_size'),
    (Convolution, {'strides': 0}, 'strides to be an integer of 1 or more.* got 0'),
    (Convolution, {'strides': (1, 0)}, 'strides'),
    (Convolution, {'padding': -1}, 'padding to be an integer of 0 or more.* got -1'),
    (Convolution, {'activate': 'softmax'}, 'softmax in a Dense layer'),
    (Convolution, {'activate': 'rlu'}, "did you mean 'relu'"),
    (Convolution, {'initialization': 3}, 'initialization to be a function'),
    (Pooling, {'pool_size': 0}, 'pool_size .* got 0'),
    (Pooling, {'strides': 0}, 'strides .* got 0'),
    (Pooling, {'pool': np.median}, "no pool 'median': expected one of max, min, mean"),
    (Pooling, {'pool': 'avg'}, "no pool 'avg'"),
    (Pooling, {'pool': None}, "no pool 'None'"),
    (LSTM, {'unit_cells': 0}, 'unit_cells to be an integer of 1 or more, got 0'),
    (LSTM, {'activate_forget': 'softmax'}, 'activate_forget to work element by element'),
    (LSTM, {'activate': 'tahn'}, "did you mean 'tanh'"),
    (LSTM, {'windows': 0}, 'windows'),
], ids=lambda value: getattr(value, '__name__', None))
def test_arguments_that_cannot_be_are_errors(kind, arguments, message):
    with pytest.raises(ValueError, match=message):
        kind(**arguments)


# Networks: for test_network.py

def test_a_template_changes_nothing_in_a_network():
    X, Y = normal(30, 4), np.arange(30) % 2
    metrics = []
    for between in ([], [Template()]):
        model = EpyNN([Embedding(X, Y), Dense(3, 'tanh'), *between, Dense(1)])
        model.initialize(seed=1, verbose=False)
        for n, layer in enumerate((model.layers[1], model.layers[-1])):
            for i, W in enumerate(layer.p.values()):
                W[:] = normal(*W.shape, seed=10 * n + i)
        model.train(3, verbose=0)
        metrics.append(model.metrics)
    assert metrics[0] == metrics[1]


def lstm_network():
    X = normal(40, 12, 2)
    return EpyNN([Embedding(X, (X.sum(axis=(1, 2)) > 0).astype(int), batch_size=9),
                  LSTM(3, sequences=True, clip_gradients=True), LSTM(2), Dense(1, sigmoid)])


def image_network():
    X = normal(40, 8, 8, 1)
    y = (X[:, :4].mean(axis=(1, 2, 3)) > X[:, 4:].mean(axis=(1, 2, 3))).astype(int)
    return EpyNN([Embedding(X, y, batch_size=9, Y_encode=True),
                  Convolution(3, 3, strides=1, padding=1, use_bias=False), Pooling(2),
                  Convolution(2, (2, 3), strides=(2, 1), padding=(0, 1), activate='elu'),
                  Pooling((1, 2), strides=1, pool=np.mean), Template(), Flatten(),
                  Dense(2, 'softmax')])


networks = pytest.mark.parametrize('network', [lstm_network, image_network])


@networks
def test_networks_learn_and_their_gradients_are_derivatives(network):
    model = network()
    model.initialize(seed=1, se_hPars={'learning_rate': 0.05}, verbose=False)
    batch = model.embedding.batch_dtrain[0]
    assert gradcheck(model, batch.X, batch.Y, most=10).error < 1e-12
    model.train(25, verbose=0)
    loss = model.metrics['MSE'][0]
    assert loss[-1] < 0.95 * loss[0]


def test_an_lstm_learns_from_sequences_of_unequal_length_as_from_symbols():
    rng = np.random.default_rng(0)
    words = [''.join(rng.choice(list('ABC'), rng.integers(3, 9))) for _ in range(60)]
    Y = [int(word[-1] == 'A') for word in words]
    model = EpyNN([Embedding(words, Y, X_encode=True, batch_size=10), LSTM(4), Dense(1, sigmoid)])
    model.initialize(loss='BCE', seed=1, verbose=False)
    model.train(40, verbose=0)
    assert model.metrics['accuracy'][0][-1] == 1.0
    few = model.predict(words[:5], X_encode=True).A
    np.testing.assert_allclose(model.predict(words, X_encode=True).A[:5], few, rtol=1e-12)


def test_padded_images_follow_the_trajectory_of_EpyNN_1_2_13():
    """It put zeros on all sides but counted positions as without, so that the last rows and
    columns were never seen: here such zeros are on two sides only."""
    with np.load(HERE / 'references' / 'epynn_1_2_13.npz', allow_pickle=False) as archive:
        recorded = dict(archive)
    [case] = [case for case in json.loads(str(recorded['settings']))['cases']
              if any(layer['args'].get('padding') for layer in case['layers'])]

    def tuples(arguments):
        return {k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()}

    name, (first, *rest) = case['name'], case['layers']
    p = first['args'].pop('padding')
    X = recorded[f'{name}/X_data']
    X = np.pad(X, ((0, 0), (p, 0), (p, 0), (0, 0)))[:, :X.shape[1], :X.shape[2]]
    model = EpyNN([Embedding(X, recorded[f'{name}/Y_data'], **tuples(case['embedding'])),
                   *(getattr(epynn, layer['layer'])(**tuples(layer['args']))
                     for layer in (first, *rest))])
    model.initialize(loss=case['loss'], se_hPars=case['se_hPars'], metrics=case['metrics'],
                     seed=case['seed'], verbose=False)
    model.train(case['epochs'], verbose=0)
    for i, layer in enumerate(model.layers):
        for parameter, W in layer.p.items():
            np.testing.assert_allclose(W, recorded[f'{name}/final/{i}/{parameter}'], rtol=1e-9,
                                       atol=1e-12)
    for metric, values in model.metrics.items():
        for dset, found in zip(('dtrain', 'dval', 'dtest'), values, strict=True):
            np.testing.assert_allclose(found, recorded[f'{name}/metrics/{metric}/{dset}'],
                                       rtol=1e-9)


# Files: for test_files.py

@networks
def test_networks_are_written_and_read(network, tmp_path):
    straight, model = network(), network()
    straight.initialize(seed=3, verbose=False)
    straight.train(4, verbose=0)
    model.initialize(seed=3, verbose=False)
    model.train(2, verbose=0)
    again = read_model(model.write(tmp_path / 'model.npz'))
    X = model.embedding.dtrain.X
    assert np.array_equal(again.predict(X).A, model.predict(X).A)
    assert [layer.arguments() for layer in again.layers[1:]] \
        == [layer.arguments() for layer in model.layers[1:]]
    again.embedding = network().embedding
    again.train(2, verbose=0)
    assert again.metrics == straight.metrics
    for layer, twin in zip(again.layers, straight.layers, strict=True):
        assert all(np.array_equal(W, twin.p[name]) for name, W in layer.p.items())


# The example of a layer of one's own: for whoever owns the examples

def test_the_worked_example_runs(capsys):
    example = runpy.run_path(str(HERE.parent / 'examples' / 'custom_layer.py'))
    example['main']()
    out = capsys.readouterr().out
    assert 'complex step' in out and 'the same as before' in out and 'NOT' not in out
    layer, X = example['LayerNorm'](), normal(4, 5)
    layer.build(X, seed=0)
    layer.p['gamma'][:] = normal(1, 5, seed=3)
    for method, limit in (('complex', 1e-12), ('central', 1e-6)):
        assert gradcheck(layer, X, method=method).error < limit
