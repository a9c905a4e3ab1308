"""Weights: a sample of weight 3 is as good as three samples, for losses, gradients and training."""
import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from epynn import GRU, Dense, Embedding, EpyNN, Flatten, read_model, softmax
from epynn.commons.metrics import metrics, of_outputs

RNG = np.random.default_rng(5)
X = RNG.standard_normal((20, 4))
y = RNG.integers(0, 3, 20)
COPIES = RNG.integers(0, 4, 20)
CLASS_COPIES = {0: 1, 1: 3, 2: 2}


def network(X, Y, weights=None, class_weights=None, layers=None, **settings):
    """A network in which all samples are in the training set and in one batch."""
    embedding = Embedding(X, Y, relative_size=(1, 0, 0), Y_encode=True, weights=weights)
    model = EpyNN([embedding, *(layers or [Dense(5, 'tanh'), Dense(3, softmax)])])
    model.initialize(loss='CCE', seed=3, verbose=False, class_weights=class_weights,
                     se_hPars={'learning_rate': 0.05}, **settings)
    return model


def parameters(model):
    return [W for layer in model.walk() for W in layer.p.values()]


def assert_same(one, other):
    one.train(20, verbose=0)
    other.train(20, verbose=0)
    for W, V in zip(parameters(one), parameters(other), strict=True):
        np.testing.assert_allclose(W, V, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(one.metrics['CCE'][0], other.metrics['CCE'][0], rtol=1e-12)


# Repetition

def test_sample_weights_are_repeated_samples():
    assert_same(network(X, y, weights=COPIES),
                network(np.repeat(X, COPIES, axis=0), np.repeat(y, COPIES)))


def test_class_weights_are_repeated_samples():
    copies = [CLASS_COPIES[label] for label in y]
    assert_same(network(X, y, class_weights=CLASS_COPIES),
                network(np.repeat(X, copies, axis=0), np.repeat(y, copies)))


def test_both_multiply():
    copies = COPIES * [CLASS_COPIES[label] for label in y]
    assert_same(network(X, y, weights=COPIES, class_weights=CLASS_COPIES),
                network(np.repeat(X, copies, axis=0), np.repeat(y, copies)))


@pytest.mark.parametrize('weights, class_weights', [(COPIES, None), (None, CLASS_COPIES)],
                         ids=['of samples', 'of classes'])
def test_weights_of_sequences_are_repeated_samples(weights, class_weights):
    S = RNG.standard_normal((20, 6, 2))
    copies = COPIES if class_weights is None else [CLASS_COPIES[label] for label in y]
    one, other = (network(*data, layers=[GRU(3, sequences=True), Flatten(), Dense(3, softmax)],
                          **given) for data, given in (
        ((S, y), {'weights': weights, 'class_weights': class_weights}),
        ((np.repeat(S, copies, axis=0), np.repeat(y, copies)), {})))
    assert_same(one, other)


def test_weights_of_one_are_none():
    assert_same(network(X, y, weights=np.ones(20), class_weights={0: 1}), network(X, y))


def test_weights_go_with_their_samples_into_sets_and_batches():
    embedding = Embedding(X, y, Y_encode=True, batch_size=5, shuffle=1, relative_size=(2, 1, 1),
                          weights=np.arange(1, 21))
    for dset in (*embedding.dsets, *embedding.batch_dtrain, embedding.view().dval):
        np.testing.assert_array_equal(dset.weights, dset.ids + 1)


# Balance

@pytest.mark.parametrize('labels', [y, np.array(list('abc'))[y], y * 10 - 5], ids=str)
def test_balanced_is_what_scikit_learn_calls_so(labels):
    model = network(X, labels, class_weights='balanced')
    expected = compute_class_weight('balanced', classes=np.unique(labels), y=labels)
    np.testing.assert_allclose([model.class_weights[i] for i in range(3)], expected, rtol=1e-15)


def test_balanced_classes_weigh_the_same():
    model = network(X, y, class_weights='balanced')
    weights = np.array([model.class_weights[label] for label in y])
    for label in range(3):
        assert weights[y == label].sum() == pytest.approx(20 / 3)


def test_classes_are_called_as_they_are_in_the_data():
    names = np.array(['no', 'perhaps', 'yes'])[y]
    by_name = network(X, names, class_weights={'yes': 2, 'no': 0.5})
    assert by_name.class_weights == {0: 0.5, 2: 2.0}


def test_a_single_output_has_two_classes():
    embedding = Embedding(X, y == 1, relative_size=(1, 0, 0))
    model = EpyNN([embedding, Dense()])
    model.initialize(loss='BCE', verbose=False, class_weights={1: 4})
    light = model.inference()
    before = embedding.dtrain.y
    np.testing.assert_array_equal(light.class_weights[1] * before + (1 - before),
                                  np.where(before == 1, 4, 1))


# Files, evaluation

def test_class_weights_are_kept_in_a_file(tmp_path):
    model = network(X, y, class_weights='balanced')
    model.train(3, verbose=0)
    again = read_model(model.write(tmp_path / 'model.npz'))
    assert again.class_weights == model.class_weights
    again.embedding = Embedding(X, y, relative_size=(1, 0, 0), Y_encode=True)
    model.train(3, verbose=0)
    again.train(3, verbose=0)
    assert again.metrics == model.metrics


def test_metrics_weigh_only_where_they_are_asked_to():
    model = network(X, y, weights=COPIES, metrics=['accuracy', 'macro_recall', 'top_k'])
    repeated = network(np.repeat(X, COPIES, axis=0), np.repeat(y, COPIES),
                       metrics=['accuracy', 'macro_recall', 'top_k'])
    plain = network(X, y, metrics=['accuracy', 'macro_recall', 'top_k'])
    usual, asked = model.evaluate(), model.evaluate(weights=True)
    for name in ('accuracy', 'macro_recall', 'top_k'):
        assert usual[name][0] == plain.evaluate()[name][0]
        assert asked[name][0] == pytest.approx(repeated.evaluate()[name][0], rel=1e-12)
    assert usual['CCE'] == asked['CCE']
    assert usual['CCE'][0] == pytest.approx(repeated.evaluate()['CCE'][0], rel=1e-12)
    of_data = model.evaluate(X, y, weights=COPIES)
    for name, values in asked.items():
        assert of_data[name] == pytest.approx(values[0], rel=1e-12)


@pytest.mark.parametrize('name', [*metrics, *of_outputs])
def test_each_metric_with_weights_is_that_of_repeated_samples(name):
    if name in of_outputs:
        Y, A = RNG.random((20, 1)).round(1), RNG.random((20, 1)).round(1)
        if name == 'AUC':
            Y = Y > 0.5
        if name == 'top_k':
            Y, A = np.eye(3)[y], RNG.random((20, 3))
    else:
        Y, A = y, RNG.integers(0, 3, 20)
    function = {**metrics, **of_outputs}[name]
    assert function(Y, A, weights=COPIES) == pytest.approx(
        function(np.repeat(Y, COPIES, axis=0), np.repeat(A, COPIES, axis=0)), rel=1e-12)


def test_a_set_whose_weights_are_all_zero_has_no_loss():
    weights = np.array([1.0] * 14 + [0] * 6)
    model = EpyNN([Embedding(X, y, Y_encode=True, relative_size=(14, 6, 0), weights=weights),
                   Dense(3, softmax)])
    model.initialize(verbose=False)
    train, val, test = model.evaluate()['MSE']
    assert np.isfinite(train) and np.isnan(val) and test is None


def test_what_counts_nothing_may_be_infinite():
    far = X.copy()
    far[3] = 1e200
    weights = np.ones(20)
    weights[3] = 0
    embedding = Embedding(far, X[:, :1], relative_size=(1, 0, 0), weights=weights)
    model = EpyNN([embedding, Dense(1, 'identity')])
    model.initialize(verbose=False, seed=1)
    assert np.isfinite(model.evaluate()['MSE'][0])
