"""Targets for each step: a Dense layer on the last axis, the mean loss of a sample's own steps."""
import numpy as np
import pytest
from networks import bits

from epynn import GRU, LSTM, RNN, Dense, Dropout, Embedding, EpyNN, Flatten, read_model
from epynn.commons.loss import losses
from epynn.display.plot import plot_confusion
from epynn.gradcheck import gradcheck
from epynn.network.loss import loss_gradient, target_weights

RNG = np.random.default_rng(2)
LENGTHS = np.array([7, 3, 1, 5, 7, 2, 6, 4, 7, 3, 5, 1])
S = [RNG.standard_normal((n, 2)) for n in LENGTHS]
LABELS = [(x.sum(axis=1) > 0).astype(int) + (x[:, 0] > 1) for x in S]           # 0, 1 or 2 a step
VALUES = [x.cumsum(axis=0) for x in S]
layers = pytest.mark.parametrize('layer', [RNN, GRU, LSTM])


def tagger(layer=GRU, X=S, Y=LABELS, classes=3, loss='CCE', relative_size=(1, 0, 0), seed=1,
           **settings):
    """A network that says something of each step; values where there are no classes."""
    last = Dense(classes, 'softmax') if classes else Dense(2, 'identity')
    model = EpyNN([Embedding(X, Y, Y_encode=bool(classes), relative_size=relative_size),
                   layer(3, sequences=True, clip_gradients=False), last])
    model.initialize(loss=loss, seed=seed, verbose=False, **settings)
    return model


def values(**options):
    return tagger(Y=VALUES, classes=0, loss='MSE', **options)


# Dense

@pytest.mark.parametrize('shape', [(3, 4), (3, 5, 4), (2, 3, 5, 4)], ids=str)
def test_dense_is_the_same_at_each_place(shape):
    X = RNG.standard_normal(shape)
    layer = Dense(3, 'softmax').build(X, seed=1)
    A = layer.forward(X)
    assert A.shape == (*shape[:-1], 3)
    rows = Dense(3, 'softmax').build(X.reshape(-1, 4), seed=1)
    np.testing.assert_allclose(A.reshape(-1, 3), rows.forward(X.reshape(-1, 4)), rtol=1e-13)
    R = RNG.standard_normal(A.shape)
    dX = layer.backward(R)
    np.testing.assert_allclose(dX.reshape(-1, 4), rows.backward(R.reshape(-1, 3)), rtol=1e-12)
    for name in layer.g:
        np.testing.assert_allclose(layer.g[name], rows.g[name], rtol=1e-12, atol=1e-14)


def test_dense_on_symbols_of_sequences_is_that_on_their_vectors():
    words = ['acgt', 'ttga', 'ccca']
    embedding = Embedding(words, [[0, 1, 1, 0]] * 3, X_encode=True, Y_encode=True,
                          relative_size=(1, 0, 0))
    X = embedding.dtrain.inputs
    one, other = (Dense(2, 'tanh').build(np.asarray(X, float), seed=1) for _ in range(2))
    R = RNG.standard_normal((3, 4, 2))
    np.testing.assert_allclose(one.forward(X), other.forward(np.asarray(X, float)), rtol=1e-14)
    one.needs_dX = other.needs_dX = False
    one.backward(R), other.backward(R)
    np.testing.assert_allclose(one.g['dW'], other.g['dW'], rtol=1e-13)


# The loss is the mean over a sample's own steps

@layers
def test_a_batch_is_its_sequences_one_by_one(layer):
    model = tagger(layer)
    model.embedding.reorder()
    batch = model.embedding.dtrain
    batch.A = model.forward(batch.inputs, batch.lengths)
    model.backward(loss_gradient(model, batch))
    summed = {(inner.index, name): np.array(dW) for inner in model.walk()
              for name, dW in inner.g.items()}
    alone = {key: np.zeros_like(dW) for key, dW in summed.items()}
    total = 0
    for x, label in zip(S, LABELS, strict=True):
        A = model.forward(x[np.newaxis])
        Y = np.eye(3)[label][np.newaxis]
        total += losses['CCE'](Y, A).mean()                             # over its own steps
        model.backward(losses['CCE'](Y, A, deriv=True) / len(x))
        for inner in model.walk():
            for name, dW in inner.g.items():
                alone[inner.index, name] += dW
    for key, dW in summed.items():
        np.testing.assert_allclose(dW, alone[key], rtol=1e-10, atol=1e-13)
    assert model.evaluate()['CCE'][0] == pytest.approx(total / len(S), rel=1e-12)


def test_padding_counts_for_nothing():
    model, longer = tagger(), tagger(X=[*S, np.ones((30, 2))], Y=[*LABELS, [0] * 30],
                                     relative_size=(12, 1, 0))
    model.train(5, verbose=0)
    longer.train(5, verbose=0)
    assert longer.embedding.dtrain.inputs.shape[1] == 30
    np.testing.assert_allclose(longer.metrics['CCE'][0], model.metrics['CCE'][0], rtol=1e-10)
    assert longer.metrics['accuracy'][0] == model.metrics['accuracy'][0]


@pytest.mark.parametrize('make', [tagger, values], ids=['classes', 'values'])
def test_gradients_of_a_network_are_derivatives(make):
    model = make()
    dtrain = model.embedding.dtrain
    check = gradcheck(model, dtrain.X, dtrain.Y, dtrain.lengths)
    assert max(row['error'] for row in check.rows) < 1e-12


def test_equal_lengths_need_no_padding():
    X, Y = RNG.standard_normal((6, 5, 2)), RNG.integers(0, 3, (6, 5))
    model = tagger(X=X, Y=Y)
    assert model.embedding.dtrain.padding is None and model.embedding.dtrain.Y.shape == (6, 5, 3)
    np.testing.assert_allclose(target_weights(model, model.embedding.dtrain), 1 / 5)
    as_vectors = EpyNN([Embedding(X, np.eye(3)[Y], relative_size=(1, 0, 0)),
                        GRU(3, sequences=True), Dense(3, 'softmax')])
    as_vectors.initialize(loss='CCE', seed=1, verbose=False)
    model.train(5, verbose=0)
    as_vectors.train(5, verbose=0)
    assert bits(model)[0] == bits(as_vectors)[0] and model.metrics == as_vectors.metrics


def test_class_weights_weigh_steps():
    model = tagger(class_weights={0: 2, 1: 0})
    dtrain = model.embedding.dtrain
    weights = target_weights(model, dtrain)
    for row, label, n in zip(weights, LABELS, LENGTHS, strict=True):
        np.testing.assert_allclose(row[:n], np.array([2, 0, 1])[label] / n)
        assert not row[n:].any()


# Labels, predictions, metrics

def test_labels_and_predictions_of_padding_are_minus_one():
    model = tagger()
    model.train(30, verbose=0)
    dtrain = model.embedding.dtrain
    for y, P, A, label, n in zip(dtrain.y, dtrain.P, dtrain.A, LABELS, LENGTHS, strict=True):
        np.testing.assert_array_equal(y[:n], label)
        np.testing.assert_array_equal(P[:n], A[:n].argmax(axis=1))
        assert (y[n:] == -1).all() and (P[n:] == -1).all() and not A[n:].any()
    joined = np.concatenate(LABELS)
    assert dtrain.b == dict(enumerate(np.bincount(joined).tolist()))
    right = np.mean([p == t for p, t in zip(
        np.concatenate([P[:n] for P, n in zip(dtrain.P, LENGTHS, strict=True)]), joined,
        strict=True)])
    assert model.metrics['accuracy'][0][-1] == pytest.approx(right)


def test_it_learns_what_each_step_says():
    X = RNG.standard_normal((60, 9, 2))
    model = tagger(X=X, Y=(X[..., 0] > X[..., 1]).astype(int), classes=2, relative_size=(2, 1, 0),
                   se_hPars={'learning_rate': 0.1})
    model.train(60, verbose=0)
    assert model.metrics['accuracy'][1][-1] > 0.9
    dset = model.predict(X[:4])
    assert dset.P.shape == (4, 9) and dset.A.shape == (4, 9, 2)
    assert model.evaluate(X[:4], (X[:4, :, 0] > X[:4, :, 1]).astype(int))['accuracy'] > 0.8


def test_values_for_each_step():
    model = values(se_hPars={'learning_rate': 0.02})
    model.train(50, verbose=0)
    assert model.task == 'values' and list(model.metrics) == ['MAE', 'R2', 'MSE']
    dtrain = model.embedding.dtrain
    A, Y = dtrain.each(dtrain.A), np.concatenate(VALUES)
    assert model.metrics['R2'][0][-1] == pytest.approx(
        np.mean(1 - ((Y - A)**2).sum(0) / ((Y - Y.mean(0))**2).sum(0)))
    assert model.metrics['MSE'][0][-1] < model.metrics['MSE'][0][0]
    np.testing.assert_allclose(model.predict(S).A, dtrain.A, rtol=1e-12)


def test_several_labels_a_step():
    Y = [np.column_stack([x[:, 0] > 0, x[:, 1] > 0]).astype(int) for x in S]
    model = EpyNN([Embedding(S, Y, relative_size=(1, 0, 0)), RNN(3, sequences=True), Dense(2)])
    model.initialize(loss='BCE', seed=1, verbose=False, metrics=['accuracy', 'macro_recall'])
    model.train(40, verbose=0)
    assert model.task == 'labels' and model.metrics['accuracy'][0][-1] > 0.7
    assert model.metrics['macro_recall'][0][-1] > 0.5


def test_text_labels_of_unequal_lengths():
    names = [np.array(['noun', 'verb', 'word'])[label] for label in LABELS]
    model = tagger(Y=names)
    assert model.embedding.classes.tolist() == ['noun', 'verb', 'word']
    assert bits(model) == bits(tagger())
    scores = model.evaluate(S[:3], names[:3])
    assert scores == model.evaluate(S[:3], [label.tolist() for label in names[:3]])
    with pytest.raises(ValueError, match=r"no label 'adverb', found in sample 1 at step 2"):
        model.evaluate(S[:2], [names[0], ['noun', 'verb', 'adverb']])


# Files, own layers between, displays

def test_a_file_holds_a_network_of_steps(tmp_path):
    model = tagger()
    model.train(2, verbose=0)
    again = read_model(model.write(tmp_path / 'model.npz'))
    np.testing.assert_array_equal(again.predict(S).A, model.predict(S).A)
    again.embedding = Embedding(S, LABELS, Y_encode=True, relative_size=(1, 0, 0))
    model.train(2, verbose=0)
    again.train(2, verbose=0)
    assert bits(again) == bits(model)


def test_dropout_and_dense_between():
    model = EpyNN([Embedding(S, LABELS, Y_encode=True), GRU(4, sequences=True), Dense(5, 'relu'),
                   Dropout(0.2), LSTM(3, sequences=True), Dense(3, 'softmax')])
    model.initialize(loss='CCE', seed=1, verbose=False)
    model.train(3, verbose=0)
    assert np.isfinite(model.metrics['CCE'][0]).all()


@pytest.mark.parametrize('make', [tagger, values], ids=['classes', 'values'])
def test_displays_show_sequences(make, capsys):
    model = make()
    model.train(2)
    model.summary()
    html = ''.join(shown._repr_html_() for shown in (
        model, model.embedding, model.embedding.dtrain))
    assert '-1, -1' not in capsys.readouterr().out and 'dtrain' in html
    assert 'predicted as' not in html


def test_confusion_counts_steps():
    model = tagger()
    model.evaluate()
    ax = plot_confusion(model.embedding.dtrain).axes
    assert sum(int(text.get_text()) for text in ax.texts) == LENGTHS.sum()


# What cannot be

@pytest.mark.parametrize('make, message', [
    (lambda: tagger(Y=LABELS[:-1]), 'one label a sample, got 12 samples in X_data and 11'),
    (lambda: tagger(Y=[*LABELS[:-1], [0, 1]]), '1 steps and 2 labels in sample 11'),
    (lambda: tagger(X=RNG.random((4, 5, 2)), Y=RNG.integers(0, 3, (4, 6, 3)), classes=0),
     'to be for each step, got 5 steps in X_data'),
    (lambda: tagger(X=RNG.random((4, 5)), Y=RNG.random((4, 5, 3)), classes=0),
     'targets for each step need samples that are sequences'),
    (lambda: tagger(X=RNG.random((4, 5, 2)), Y=np.eye(3)[RNG.integers(0, 3, (4, 5))]),
     'leave Y_encode out if it is one-hot already'),
    (lambda: Embedding(S, LABELS, Y_encode=True, stratify=True), 'leave stratify out'),
    (lambda: tagger(X=RNG.random((4, 5, 2)), Y=[0, 1, 2, 0]),
     'put a Flatten before it, or sequences=False into the last recurrent layer'),
], ids=range(7))
def test_what_does_not_fit_is_explained(make, message):
    with pytest.raises(ValueError, match=message.replace('(', r'\(')):
        make()


def test_targets_for_steps_of_a_network_that_gives_one_output():
    with pytest.raises(ValueError, match='put sequences=True into recurrent layers'):
        EpyNN([Embedding(S, LABELS, Y_encode=True), GRU(3), Dense(3, 'softmax')]).initialize()
    X, Y = RNG.standard_normal((6, 5, 2)), RNG.standard_normal((6, 5))
    with pytest.raises(ValueError, match=r'for one a step give Y_data\[..., np.newaxis\]'):
        EpyNN([Embedding(X, Y), GRU(3, sequences=True), Dense(1, 'identity')]).initialize()
    flat = EpyNN([Embedding(X, Y), Flatten(), Dense(5, 'identity')])
    flat.initialize(verbose=False)                      # five outputs of a sample, as ever
    assert flat.embedding.dtrain.Y.shape[1:] == (5,)
