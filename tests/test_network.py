"""A network is checked, learns, goes on learning, and gives the same again for the same seed."""
import json
import random
import re
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from networks import ALL, NETWORKS, bits, data_of, embedding, network, samples

import epynn
from epynn import (
    GRU,
    LSTM,
    RNN,
    Dense,
    Dropout,
    Embedding,
    EpyNN,
    Flatten,
    Template,
    read_model,
    relu,
    softmax,
)
from epynn.commons import metrics as metrics_module
from epynn.display.plot import plot_confusion
from epynn.gradcheck import gradcheck
from epynn.settings import se_hPars

every_network = pytest.mark.parametrize('kind', NETWORKS)
DECAY = {'learning_rate': 0.05, 'schedule': 'exp_decay', 'cycle_epochs': 2, 'cycle_descent': 0.1}
REFERENCES = Path(__file__).parent / 'references'


# Trajectories of EpyNN 1.2.13

with np.load(REFERENCES / 'epynn_1_2_13.npz', allow_pickle=False) as archive:
    RECORDED = dict(archive)
RUNS = json.loads(str(RECORDED['settings']))['cases']


def tuples(arguments):
    return {k: tuple(v) if isinstance(v, list) else v for k, v in arguments.items()}


@pytest.mark.parametrize('run', RUNS, ids=lambda run: run['name'])
def test_training_follows_the_trajectories_of_EpyNN_1_2_13(run):
    def recorded(*path):
        return RECORDED['/'.join((run['name'], *map(str, path)))]

    X = recorded('X_data')
    if p := run['layers'][0]['args'].get('padding'):
        # It padded all sides, but counted positions as without, so that the last rows and columns
        # were never seen: as if zeros were on two sides only
        X = np.pad(X, ((0, 0), (p, 0), (p, 0), (0, 0)))[:, :X.shape[1], :X.shape[2]]
    layers = [getattr(epynn, entry['layer'])(
        **{**tuples(entry['args']), **({'padding': 0} if p and not i else {})},
        **({'se_hPars': entry['se_hPars']} if entry['se_hPars'] else {}))
        for i, entry in enumerate(run['layers'])]
    data = Embedding(X, recorded('Y_data'), **tuples(run['embedding']))
    model = EpyNN([data, *layers])
    model.initialize(loss=run['loss'], se_hPars=run['se_hPars'], metrics=run['metrics'],
                     seed=run['seed'])
    for i, layer in enumerate(layers, start=1):
        for name, W in layer.p.items():
            np.testing.assert_allclose(W, recorded('initial', i, name), rtol=1e-12, atol=1e-15)
    model.train(run['epochs'], verbose=0)

    for i, layer in enumerate(layers, start=1):
        for name, W in layer.p.items():
            np.testing.assert_allclose(W, recorded('final', i, name), rtol=1e-9, atol=1e-12)
    for name in {*run['metrics'], run['loss']}:
        for dset, values in zip(('dtrain', 'dval', 'dtest'), model.metrics[name], strict=True):
            np.testing.assert_allclose(values, recorded('metrics', name, dset), rtol=1e-9)


# The same seed, the same bits

@every_network
def test_same_seed_same_bits_whatever_else_happens(kind):
    expected = network(kind, seed=3)
    expected.train(3, verbose=0)

    np.random.seed(0)                                                   # noqa: NPY002
    random.seed(0)
    shared = embedding()
    model, other = network(kind, shared, seed=3), network('rnn', shared, seed=8)
    for _ in range(3):
        np.random.random(5)                                             # noqa: NPY002
        random.random()
        other.train(1, verbose=0)
        model.train(1, verbose=0)
        model.evaluate()
        other.initialize(seed=1)
    assert bits(model) == bits(expected)


def test_a_network_of_another_precision_on_the_same_embedding_changes_nothing():
    alone = network(seed=3)
    alone.train(2, verbose=0)
    shared = embedding()
    model = network(data=shared, seed=3)
    network(data=shared, seed=3, dtype='float32')
    model.train(2, verbose=0)
    assert bits(model) == bits(alone)


@every_network
def test_initializing_again_begins_anew(kind):
    model = network(kind, seed=3)
    model.train(2, verbose=0)
    first = bits(model)
    model.initialize(seed=3)
    assert model.e == 0
    model.train(2, verbose=0)
    assert bits(model) == first


def test_seeds_differ_and_0_is_one():
    assert bits(network(seed=0)) == bits(network(seed=0))
    assert bits(network(seed=0)) != bits(network(seed=1))
    assert bits(network(seed=None)) != bits(network(seed=None))


def test_layers_of_one_shape_draw_different_parameters():
    model = EpyNN([embedding(), Flatten(), Dense(24), Dense(24), Dense(2)])
    model.initialize(seed=0)
    first, second = (layer.p['W'] for layer in model.layers[2:4])
    assert first.shape == second.shape and not np.isclose(first, second).any()


def test_global_generators_are_untouched():
    before = random.getstate(), np.random.get_state()[1].tobytes()      # noqa: NPY002
    model = network(seed=None)
    model.train(1, verbose=0)
    model.predict(samples(3)[0])
    assert (random.getstate(), np.random.get_state()[1].tobytes()) == before    # noqa: NPY002


def test_settings_are_never_written_to():
    given, own = MappingProxyType(dict(DECAY)), MappingProxyType({'learning_rate': 0.2})
    defaults = dict(se_hPars)
    model = EpyNN([embedding(), Flatten(), Dense(2, softmax, se_hPars=own)])
    model.initialize(se_hPars=given, metrics=('recall',), seed=1)
    model.train(2, verbose=0)
    assert (given, own, se_hPars) == (DECAY, {'learning_rate': 0.2}, defaults)
    assert model.layers[2].se_hPars['learning_rate'] == 0.2
    assert model.layers[2].lrate[0] == 0.2


# Training, and going on

@every_network
def test_training_in_parts_is_training_at_once(kind):
    at_once, in_parts = (network(kind, seed=5, se_hPars=DECAY) for _ in range(2))
    at_once.train(5, verbose=0)
    in_parts.train(3, verbose=0)
    in_parts.train(2, verbose=0)
    assert in_parts.e == in_parts.epochs == 5
    assert bits(in_parts) == bits(at_once)


@every_network
def test_a_file_between_is_as_if_never_stopped(kind, tmp_path):
    never_stopped = network(kind, seed=5, se_hPars=DECAY, metrics=['accuracy', 'precision'])
    never_stopped.train(5, verbose=0)
    model = network(kind, seed=5, se_hPars=DECAY, metrics=['accuracy', 'precision'])
    model.train(3, verbose=0)
    model.write(tmp_path / 'model.npz')
    model = read_model(tmp_path / 'model.npz')
    model.embedding = embedding()
    model.train(2, verbose=0)
    assert bits(model) == bits(never_stopped)


def chaotic_data():
    return Embedding(np.random.default_rng(0).standard_normal((6, 1200, 2)), [0, 1] * 3,
                     batch_size=1, relative_size=(1, 0, 0))


def make_chaotic(model):
    """Initialize with weights that make any rounding large, and windows useless."""
    model.initialize(seed=1, se_hPars={'learning_rate': 1e-3})
    model.layers[1].p['V'] *= 2.2
    return model


def chaotic():
    return make_chaotic(EpyNN([chaotic_data(), RNN(24), Dense()]))


def test_a_file_between_is_as_if_never_stopped_where_rounding_decides(tmp_path):
    never_stopped, model = chaotic(), chaotic()
    never_stopped.train(2, verbose=0)
    model.train(1, verbose=0)
    model = read_model(model.write(tmp_path / 'model.npz'))
    model.embedding = chaotic_data()
    model.train(1, verbose=0)
    assert bits(model) == bits(never_stopped)


@pytest.mark.slow
def test_initializing_again_and_predicting_change_nothing_where_rounding_decides():
    expected, model = chaotic(), chaotic()
    expected.train(5, verbose=0)
    model.train(1, verbose=0)
    make_chaotic(model)
    for _ in range(5):
        model.train(1, verbose=0)
        model.predict(chaotic_data().dtrain.X)
    assert bits(model) == bits(expected)


def test_training_learns():
    model = EpyNN([embedding(n=200), Flatten(), Dense(2, softmax)])
    model.initialize(loss='CCE', seed=1)
    model.train(30, verbose=0)
    assert model.metrics['accuracy'][0][-1] > 0.95
    assert model.metrics['CCE'][0][-1] < 0.5 * model.metrics['CCE'][0][0]


def test_a_template_changes_nothing_in_a_network():
    rng = np.random.default_rng(0)
    X, Y = rng.standard_normal((30, 4)), np.arange(30) % 2
    metrics = []
    for between in ([], [Template()]):
        model = EpyNN([Embedding(X, Y), Dense(3, 'tanh'), *between, Dense()])
        model.initialize(seed=1, verbose=False)
        for n, layer in enumerate((model.layers[1], model.layers[-1])):
            for i, W in enumerate(layer.p.values()):
                W[:] = np.random.default_rng(10 * n + i).standard_normal(W.shape)
        model.train(3, verbose=0)
        metrics.append(model.metrics)
    assert metrics[0] == metrics[1]


@pytest.mark.parametrize('kind', ALL)
def test_networks_learn_and_their_gradients_are_derivatives(kind):
    model = EpyNN([data_of(kind), *ALL[kind]()])
    model.initialize(seed=1, se_hPars={'learning_rate': 0.05}, verbose=False)
    batch = model.embedding.batch_dtrain[0]
    assert gradcheck(model, batch.X, batch.Y, most=10).error < 1e-11
    model.train(30, verbose=0)
    losses = model.metrics['MSE'][0]
    assert losses[-1] < 0.95 * losses[0]


def test_an_lstm_learns_from_sequences_of_unequal_length_as_from_symbols():
    rng = np.random.default_rng(0)
    words = [''.join(rng.choice(list('ABC'), rng.integers(3, 9))) for _ in range(60)]
    Y = [int(word[-1] == 'A') for word in words]
    model = EpyNN([Embedding(words, Y, X_encode=True, batch_size=10), LSTM(4), Dense()])
    model.initialize(loss='BCE', seed=1, verbose=False)
    model.train(40, verbose=0)
    assert model.metrics['accuracy'][0][-1] == 1.0
    few = model.predict(words[:5], X_encode=True).A
    np.testing.assert_allclose(model.predict(words, X_encode=True).A[:5], few, rtol=1e-12)


def test_train_initializes_with_the_defaults():
    model = EpyNN([Embedding(samples()[0], samples()[1]), Flatten(), Dense()])
    model.train(1, verbose=0)
    assert model.initialized and model.loss == 'MSE' and list(model.metrics) == ['accuracy', 'MSE']
    assert model.layers[2].lrate == [0.1]


def test_learning_rates_are_those_that_were_used():
    model = network(seed=1, se_hPars={'learning_rate': 0.1, 'schedule': 'exp_decay'})
    model.train(2, verbose=0)
    used = list(model.layers[2].lrate)
    model.train(2, verbose=0)
    assert model.layers[2].lrate[:2] == used


def test_metrics_have_one_value_an_epoch_for_each_set_that_is_there():
    model = network(data=embedding(relative_size=(2, 1, 0)), seed=1,
                    metrics=['recall', 'MAE', 'accuracy'], loss='CCE')
    model.train(3, verbose=0)
    assert list(model.metrics) == ['recall', 'MAE', 'accuracy', 'CCE']
    assert [[len(values) for values in sets] for sets in model.metrics.values()] == [[3, 3, 0]] * 4


def test_evaluate_gives_the_metrics_of_outputs_and_predictions():
    model = network(seed=1, metrics=['precision', 'BCE'])
    values = model.evaluate()
    for i, dset in enumerate(model.embedding.dsets):
        assert dset.A.shape == dset.Y.shape
        np.testing.assert_array_equal(dset.P, dset.A.argmax(axis=1))
        np.testing.assert_equal(values['precision'][i], metrics_module.precision(dset.y, dset.P))
        assert values['MSE'][i] == pytest.approx(((dset.A - dset.Y) ** 2).mean())


def test_evaluation_changes_nothing_and_drops_nothing():
    evaluated, other = (EpyNN([embedding(), Flatten(), Dropout(0.9), Dense(2)]) for _ in range(2))
    for model in (evaluated, other):
        model.initialize(seed=1)
    dtrain = evaluated.embedding.dtrain
    assert evaluated.evaluate() == evaluated.evaluate()
    W, b = evaluated.layers[3].p.values()
    expected = 1 / (1 + np.exp(-(dtrain.X.reshape(len(dtrain), -1) @ W + b)))
    np.testing.assert_allclose(dtrain.A, expected, rtol=1e-13)
    for model in (evaluated, other):
        model.train(1, verbose=0)
    assert bits(evaluated) == bits(other)


def test_parameters_that_are_kept():
    model = network(seed=1)
    model.train(2, verbose=0)
    kept, *_ = bits(model)
    model.initialize(seed=2, params=False)
    assert bits(model)[0] == kept and model.e == 0
    model.initialize(seed=2, params=False, dtype='float32')
    assert {W.dtype for layer in model.layers for W in layer.p.values()} == {np.dtype('float32')}


@every_network
@pytest.mark.parametrize('number', [float, np.float64], ids=['python', 'numpy'])
def test_single_precision_is_kept_throughout(kind, number):
    hPars = {key: number(value) for key, value in se_hPars.items()
             if key not in ('schedule', 'optimizer')}
    model = EpyNN([embedding(), *NETWORKS[kind]()[:-1], Dense(4, 'elu'), Dense(2, softmax)])
    model.initialize(seed=1, dtype='float32', se_hPars=hPars)
    model.train(2, verbose=0)
    kinds = {f'{layer.title} {name}': array.dtype.name for layer in model.layers[1:]
             for cache in (layer.p, layer.g, layer.fc, layer.bc) for name, array in cache.items()
             if array.dtype.kind == 'f'}
    assert {name for name, kind in kinds.items() if kind != 'float32'} == set()
    assert model.predict(samples(3)[0]).A.dtype == np.float32


def test_unequal_lengths_are_each_as_if_alone():
    rng = np.random.default_rng(0)
    X = [rng.standard_normal((n, 3)) for n in (4, 9, 1, 6, 9, 2)]
    model = EpyNN([Embedding(X, [0, 1, 0, 1, 0, 1], relative_size=(1, 0, 0), Y_encode=True),
                   GRU(4, sequences=True), RNN(3), Dense(2, softmax)])
    model.initialize(seed=1)
    model.train(2, verbose=0)
    together = model.predict(X).A
    for x, A in zip(X, together, strict=True):
        np.testing.assert_allclose(model.predict([x]).A[0], A, rtol=1e-12)
    assert model.predict(rng.standard_normal((2, 30, 3))).A.shape == (2, 2)


def test_sequences_may_be_shorter_than_the_weights_after_flatten():
    model = EpyNN([embedding(), RNN(2, sequences=True), Flatten(), Dense(2)])
    model.initialize(seed=1)
    rnn, _, dense = model.layers[1:]
    X = samples(2)[0][:, :5]
    h = np.zeros((2, 8, 2))
    for s in range(5):
        h[:, s] = np.tanh(X[:, s] @ rnn.p['U'] + h[:, s - 1] @ rnn.p['V'])
    expected = 1 / (1 + np.exp(-h.reshape(2, -1) @ dense.p['W']))
    np.testing.assert_allclose(model.predict(X).A, expected, rtol=1e-12)


def test_predict_gives_ids_inputs_outputs_and_labels():
    model = network(seed=1)
    X, _ = samples(20, seed=9)
    dset = model.predict(X)
    assert len(dset) == 20 and list(dset.ids) == list(range(20))
    np.testing.assert_array_equal(dset.X, X)
    np.testing.assert_allclose(dset.A.sum(axis=1), 1)
    np.testing.assert_array_equal(dset.P, dset.A.argmax(axis=1))
    assert [tuple(row) for row in zip(dset.ids, dset.P, dset.A, strict=True)]


def test_predict_scales_and_encodes_as_in_training():
    X = np.array([[0, 10], [5, 2], [4, 4], [8, 1]])
    scaled = EpyNN([Embedding(X, [0, 1, 0, 1], X_scale=True), Dense()])
    scaled.initialize(seed=1)
    np.testing.assert_array_equal(scaled.predict([[5, 20]], X_scale=True).X, [[0.5, 2]])
    encoded = EpyNN([Embedding(['ab', 'ca'], [0, 1], relative_size=(1, 0, 0), X_encode=True),
                     RNN(), Dense()])
    encoded.initialize(seed=1)
    np.testing.assert_array_equal(encoded.predict(['c'], X_encode=True).X, [[[0, 0, 1]]])


def test_plot_returns_the_figure_and_saves_where_told(tmp_path):
    import matplotlib.pyplot as plt
    model = network(seed=1, metrics=['accuracy', 'recall'])
    model.train(3, verbose=0)
    figure = model.plot(path=tmp_path / 'curves.png')
    assert (tmp_path / 'curves.png').stat().st_size > 1000
    assert [ax.get_title() for ax in figure.axes] == ['accuracy', 'recall', 'MSE (loss)']
    np.testing.assert_array_equal(figure.axes[2].lines[0].get_ydata(), model.metrics['MSE'][0])
    assert not plt.get_fignums()


def test_confusion_is_counted_by_label_and_prediction():
    dset = Embedding(np.zeros((6, 1)), [0, 0, 1, 1, 1, 2], relative_size=(1, 0, 0),
                     Y_encode=True).dtrain
    with pytest.raises(RuntimeError, match='dtrain has no predictions yet'):
        plot_confusion(dset)
    dset.P = np.array([0, 1, 1, 1, 0, 1])
    _, ax = plot_confusion(dset, names=['a', 'b', 'c'])
    counts = np.array([int(text.get_text()) for text in ax.texts]).reshape(3, 3)
    np.testing.assert_array_equal(counts, [[1, 1, 0], [1, 2, 0], [0, 1, 0]])
    assert [text.get_text() for text in ax.get_yticklabels()] == ['a', 'b', 'c']


def test_summary_names_layers_and_parameters(capsys):
    model = network('gru', seed=1)
    capsys.readouterr()
    model.summary()
    shown = capsys.readouterr().out
    numbers = sum(W.size for layer in model.layers for W in layer.p.values())
    assert f'{numbers} trainable parameters' in shown and 'Uz 3x3, Vz 3x3, bz 1x3' in shown


def test_names():
    model = EpyNN([embedding(), Flatten(), Dense(2)], name='a b/c')
    assert model.name == 'a b/c' and re.fullmatch(r'\d{10}_a_b_c', model.uname)


# Errors in initialize

X, Y = samples()


def build(*layers, data=None, **arguments):
    return network_of(data or Embedding(X, Y), *layers, **arguments)


def network_of(*layers, **arguments):
    model = EpyNN(layers)
    model.initialize(**{'seed': 1, **arguments})
    return model


def test_a_network_that_is_not_initialized_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RuntimeError):
        network().write()
    assert not list(tmp_path.iterdir())


def test_errors_in_initialize_note_the_shapes_so_far():
    with pytest.raises(ValueError) as caught:
        build(GRU(2, sequences=True), Dropout(0.1), Flatten(), RNN(2), Dense(),
              data=embedding(batch_size=5))
    assert caught.value.args[0].startswith('RNN (layer 4)')
    [note] = caught.value.__notes__
    assert 'did not get past RNN (layer 4)' in note
    for line in ('Embedding (layer 0): input (5, 8, 3)', 'GRU (layer 1): input (5, 8, 3)',
                 'Dropout (layer 2): input (5, 8, 2)', 'Flatten (layer 3): input (5, 8, 2)'):
        assert line in note


def test_errors_within_a_layer_are_passed_on_with_the_note():
    def broken(x, deriv=False):
        raise KeyError('mine')

    with pytest.raises(KeyError, match='mine') as caught:
        build(Flatten(), Dense(2, relu), Dense(1, broken))
    assert 'did not get past Dense (layer 3)' in caught.value.__notes__[0]


def test_a_failed_initialize_leaves_what_was_there():
    model = network(seed=1)
    model.train(1, verbose=0)
    before = bits(model)
    with pytest.raises(ValueError, match='knows no'):
        model.initialize(loss='CCE', metrics=['nothing'])
    assert model.loss == 'MSE' and bits(model) == before


def test_a_name_of_a_metric_is_accepted_for_a_list():
    assert list(network(seed=1, metrics='recall').metrics) == ['recall', 'MSE']
