"""What outputs mean: classes, several labels at once, or values; metrics and losses of each."""
import itertools
import math

import numpy as np
import pytest

from epynn import GRU, RNN, Dense, Embedding, EpyNN, Flatten, read_model
from epynn.commons import loss
from epynn.commons.loss import losses
from epynn.commons.metrics import (
    R2,
    RMSE,
    accuracy,
    confusion,
    kind_of,
    metrics,
    per_label,
    precision,
)

rng = np.random.default_rng(0)
X = rng.standard_normal((24, 4))
VALUES = np.stack([2 * X[:, 0] + 1, X[:, 1] - X[:, 2]], axis=1)
AT_ONCE = (X[:, :3] > 0).astype(int)            # several labels for each sample
AT_ONCE[:2] = [[1, 1, 0], [0, 0, 0]]
ONE = np.arange(24) % 3                         # a class for each sample


def network(Y, units, activate, Y_encode=False, **settings):
    model = EpyNN([Embedding(X, Y, Y_encode=Y_encode), Dense(units, activate)])
    model.initialize(**{'seed': 1, 'verbose': False, **settings})
    return model


# What targets are

@pytest.mark.parametrize('Y, kind', [
    ([[0], [1], [1]], 'classes'), ([[-1], [1]], 'classes'), ([[0], [0]], 'classes'),
    ([[0], [1], [2]], 'values'), ([[0.5], [1]], 'values'),
    ([[1, 0], [0, 1]], 'classes'), ([[1, 1], [0, 1]], 'labels'), ([[0, 0], [0, 1]], 'labels'),
    ([[2, 0], [0, 1]], 'values'), ([[0.5, 0.5]], 'values'), ([[-1, 1], [1, 1]], 'values'),
])
def test_targets_are_classes_labels_or_values(Y, kind):
    assert kind_of(np.array(Y, float)) == kind


@pytest.mark.parametrize('Y, units, activate, task', [
    (ONE % 2, 1, 'sigmoid', 'classes'), (np.eye(3)[ONE], 3, 'softmax', 'classes'),
    (AT_ONCE, 3, 'sigmoid', 'labels'), (VALUES, 2, 'identity', 'values'),
    (VALUES[:, 0], 1, 'identity', 'values'), (ONE, 1, 'identity', 'values'),
], ids=['two classes', 'classes', 'several labels', 'values', 'one value', 'counts'])
def test_each_set_and_the_network_know_what_the_targets_are(Y, units, activate, task):
    model = network(Y, units, activate)
    assert model.task == task
    assert {dset.kind for dset in model.embedding.dsets} == {task}
    assert all(batch.kind == task for batch in model.embedding.batch_dtrain)
    assert read_model(model.write('model.npz')).task == task


@pytest.mark.parametrize('encode', [['dog', 'cat', 'eel'], [-3, 100, 7]], ids=['text', 'gaps'])
def test_predicted_classes_are_read_from_those_of_the_embedding(encode):
    names = np.array(encode)[ONE]
    model = EpyNN([Embedding(X + 9 * np.eye(4)[ONE], names, Y_encode=True), Dense(3, 'softmax')])
    model.initialize(loss='CCE', seed=1, verbose=False)
    model.train(60, verbose=0)
    dset = model.predict(X + 9 * np.eye(4)[ONE])
    assert dset.P.shape == (24,)
    assert model.embedding.classes[dset.P].tolist() == names.tolist()


# Values

def test_predicted_values_are_the_outputs():
    model = network(VALUES, 2, 'identity')
    dset = model.predict(X)
    assert dset.P.shape == (24, 2)
    np.testing.assert_array_equal(dset.P, dset.A)
    dtrain = model.embedding.dtrain
    assert dtrain.b == {}
    np.testing.assert_array_equal(dtrain.y, dtrain.Y)


def test_values_are_followed_by_MAE_and_R2():
    model = network(VALUES, 2, 'identity', se_hPars={'learning_rate': 0.02})
    assert list(model.metrics) == ['MAE', 'R2', 'MSE']
    model.train(200, verbose=0)
    assert model.metrics['R2'][1][-1] > 0.99 and model.metrics['MAE'][1][-1] < 0.05
    assert list(network(ONE % 2, 1, 'sigmoid').metrics) == ['accuracy', 'MSE']


@pytest.mark.parametrize('name', metrics)
def test_metrics_of_classes_are_refused_for_values(name):
    with pytest.raises(ValueError, match=f"no classes, got {name}: use 'R2', 'RMSE', 'MAE' or "
                                         "'MSE', or Y_encode=True"):
        network(VALUES, 2, 'identity', metrics=['R2', name])
    network(VALUES, 2, 'identity', metrics=['R2', 'RMSE', 'MAE', 'MSE'])
    network(ONE, 3, 'softmax', Y_encode=True, metrics=[name])


def test_R2_and_RMSE_by_hand():
    Y, A = [1.0, 2, 3, 6], [1.0, 2, 4, 5]       # mean 3, squares about it 14, squared errors 2
    for shape in (-1, (4, 1)):
        y, a = np.reshape(Y, shape), np.reshape(A, shape)
        assert R2(y, a) == pytest.approx(1 - 2 / 14)
        assert RMSE(y, a) == pytest.approx(math.sqrt(2 / 4))
    assert R2(np.stack([Y, Y], 1), np.stack([Y, A], 1)) == pytest.approx((1 + 1 - 2 / 14) / 2)
    assert R2(Y, [3] * 4) == 0 and math.isnan(R2([2, 2], [1, 2]))
    assert math.isnan(R2([], [])) and math.isnan(RMSE([], []))


def test_R2_and_RMSE_of_outputs_beyond_all_numbers():
    assert RMSE([1, 2], [np.inf, 1]) == np.inf and R2([1, 2], [1e200, 1]) == -np.inf
    assert math.isnan(R2([1, 2], [np.nan, 1])) and math.isnan(RMSE([1, 2], [np.nan, 1]))


# Several labels at once

def test_predictions_of_several_labels_are_0_and_1_for_each():
    model = network(AT_ONCE, 3, 'sigmoid', metrics=['accuracy', 'recall'])
    model.train(300, verbose=0)
    dset = model.predict(X)
    assert dset.P.shape == (24, 3) and set(np.unique(dset.P)) == {0, 1}
    np.testing.assert_array_equal(dset.P, dset.A > 0.5)
    assert model.metrics['accuracy'][0][-1] > 0.9
    dtrain = model.embedding.dtrain
    assert model.metrics['accuracy'][0][-1] == pytest.approx((dtrain.P == dtrain.Y).mean())


def test_metrics_of_several_labels_are_means_over_them():
    """The same as scikit-learn with average='macro', by its formulas."""
    Y, P = np.array([[1, 1], [0, 1], [1, 0], [1, 1]]), np.array([[1, 0], [1, 1], [0, 0], [1, 1]])
    # Label 0: tp 2, fn 1, fp 1, tn 0. Label 1: tp 2, fn 1, fp 0, tn 1
    expected = {'accuracy': [2 / 4, 3 / 4], 'recall': [2 / 3, 2 / 3], 'precision': [2 / 3, 2 / 2],
                'fscore': [4 / 6, 4 / 5], 'specificity': [0, 1], 'NPV': [0, 1 / 2]}
    for name, values in expected.items():
        assert per_label(metrics[name], Y, P) == pytest.approx(values)
        assert metrics[name](Y, P) == pytest.approx(sum(values) / 2)
    assert per_label(accuracy, Y, 0.1 + 0.8 * P) == per_label(accuracy, Y, P)


def test_a_label_that_a_metric_is_undefined_for_is_left_out_of_the_mean():
    Y, P = np.array([[1, 1], [0, 1]]), np.array([[0, 1], [0, 1]])
    assert math.isnan(per_label(precision, Y, P)[0]) and precision(Y, P) == 1


# Metrics and losses of every combination of shapes

y, predicted = np.array([0, 1, 1, 0, 1]), np.array([0, 1, 0, 0, 0])
FORMS = {
    'labels': lambda v: v, 'floats': lambda v: v.astype(float), 'list': lambda v: v.tolist(),
    'booleans': lambda v: v == 1, 'column': lambda v: v[:, np.newaxis],
    'outputs of one': lambda v: 0.1 + 0.8 * v[:, np.newaxis], 'one-hot': lambda v: np.eye(2)[v],
    'outputs': lambda v: 0.1 + 0.8 * np.eye(2)[v],
}


@pytest.mark.parametrize('forms', list(itertools.product(FORMS, FORMS)), ids=' and '.join)
def test_metrics_are_the_same_whatever_the_form(forms):
    one, two = (FORMS[form] for form in forms)
    for metric in (*metrics.values(), confusion):
        assert metric(one(y), two(predicted)) == metric(y, predicted)


@pytest.mark.parametrize('shapes', [
    (s, t) for s, t in itertools.product([(), (6,), (5,), (1,), (6, 1), (1, 6), (6, 2), (6, 3),
                                          (6, 0), (6, 2, 2)], repeat=2)
    if s[:1] != t[:1] or len(s) in (0, 3) or len(t) in (0, 3) or 0 in s + t
    or (len(s) == len(t) == 2 and s[1] != t[1] and 1 not in (s[1], t[1]))], ids=str)
def test_metrics_refuse_what_would_be_broadcast(shapes):
    first, second = map(np.ones, shapes)
    for function in (*metrics.values(), R2, RMSE):
        with pytest.raises(ValueError, match='metrics expect'):
            function(first, second)


@pytest.mark.parametrize('other', [[0, 1], [[0], [1]], [[1, 0, 0], [0, 1, 1]]],
                         ids=['labels', 'column', 'three'])
def test_several_labels_at_once_are_not_compared_with_anything_else(other):
    for pair in itertools.permutations([np.array([[1, 1], [0, 1]]), np.array(other)]):
        with pytest.raises(ValueError, match='labels and predictions of as many classes'):
            accuracy(*pair)


def test_metrics_of_text_and_of_what_is_no_number():
    assert accuracy(['a', 'b', 'b'], ['a', 'b', 'a']) == 2 / 3
    assert precision(['a', 'b', 'b'], ['a', 'b', 'a'], positive='a') == 0.5
    with pytest.raises(ValueError, match='finite labels and predictions, got nan in sample 0'):
        accuracy([np.nan, 1], [0, 1])
    with pytest.raises(ValueError, match='as many outputs as targets, numbers, got <U1'):
        R2(['a'], ['b'])


@pytest.mark.parametrize('name', losses)
@pytest.mark.parametrize('deriv', [False, True])
def test_losses_take_any_form_of_one_shape(name, deriv):
    Y, A = np.array([[1.0, 0], [0, 1]]), np.array([[0.5, 0.25], [0.25, 0.75]])
    expected = losses[name](Y, A, deriv=deriv)
    for forms in ((Y.tolist(), A.tolist()), (Y.astype(int), A), (Y == 1, A)):
        np.testing.assert_array_equal(losses[name](*forms, deriv=deriv), expected)
    column = losses[name](Y[:, :1], A[:, :1], deriv=deriv)
    for first, second in itertools.product((Y[:, 0], Y[:, :1]), (A[:, 0], A[:, :1])):
        np.testing.assert_array_equal(losses[name](first, second, deriv=deriv), column)


@pytest.mark.parametrize('name', losses)
@pytest.mark.parametrize('shapes', [
    (s, t) for s, t in itertools.product([(), (3,), (1,), (3, 1), (1, 3), (3, 3)], repeat=2)
    if (s != t and (*s, 1)[:2] != (*t, 1)[:2]) or () in (s, t)], ids=str)
def test_losses_refuse_what_would_be_broadcast(name, shapes):
    with pytest.raises(ValueError, match=f'{name} expects outputs of the shape of the targets'):
        losses[name](*(np.full(shape, 0.5) for shape in shapes))


def test_losses_of_text_are_refused():
    with pytest.raises(ValueError, match='MSE expects targets and outputs to be numbers, got <U1'):
        loss.MSE([['a']], [['b']])


# Targets that cannot be, in any set, whenever they come

BAD = np.where(np.arange(24) == 20, 5, ONE % 2)         # in the validation set


@pytest.mark.parametrize('settings', [{}, {'loss': 'BCE'}], ids=['MSE', 'BCE'])
def test_labels_out_of_range_in_the_validation_set_are_refused(settings):
    match = r'0 to 5 in dval: use Y_encode=True'
    with pytest.raises(ValueError, match=match):
        network(BAD, 1, 'sigmoid', **settings)
    model = network(ONE % 2, 1, 'sigmoid', **settings)
    with pytest.raises(ValueError, match=match):
        model.embedding = Embedding(X, BAD)
    model.train(1, verbose=0)                           # with the data that it has
    model = EpyNN([Embedding(X, BAD), Dense()])
    with pytest.raises(ValueError, match=r'0 to 5 in dval'):
        model.train(1, verbose=0)


def test_a_class_that_only_the_validation_set_has_is_encoded():
    labels = np.array(['a', 'b'])[ONE % 2]
    labels[20] = 'c'
    with pytest.warns(UserWarning, match="validation set holds labels .* lacks: 'c'"):
        model = network(labels, 3, 'softmax', Y_encode=True)
    assert model.evaluate()['accuracy'][1] is not None


# Other data

def test_a_network_is_evaluated_and_trained_on_other_data_with_like():
    names = np.array(['dog', 'cat'])[(X[:, 0] > 0).astype(int)]
    for kind in (False, True, 'features', 'standard'):
        model = EpyNN([Embedding(X, names, Y_encode=True, X_scale=kind), Dense(2, 'softmax')])
        model.initialize(loss='CCE', seed=1, verbose=False)
        model.train(100, verbose=0)
        train = model.evaluate()['accuracy'][0]
        chosen = model.embedding.dtrain.ids
        model.embedding = Embedding(X[chosen], names[chosen], (1, 0, 0), like=model.embedding)
        assert model.evaluate()['accuracy'] == [train, None, None]
        model.train(1, verbose=0)
        model.embedding = Embedding(X[:1] * 3, names[:1], (1, 0, 0), like=model.embedding)
        assert model.embedding.classes.tolist() == ['cat', 'dog']
        model.evaluate()


@pytest.mark.parametrize('data, message', [
    (lambda: Embedding(X, ONE, Y_encode=True), r'classes that it was trained on, \[0, 1\], got'),
    (lambda: Embedding(X / 2, ONE % 2, Y_encode=True, X_scale=True), 'features as it was trained'),
], ids=['classes', 'scale'])
def test_other_data_that_do_not_fit_are_told_of_like(data, message):
    model = EpyNN([Embedding(X, ONE % 2, Y_encode=True, X_scale=True), Dense(2, 'softmax')])
    model.initialize(seed=1, verbose=False)
    with pytest.raises(ValueError, match=f'{message}.*: give the Embedding like=model.embedding'
                       if 'features' in message else 'like=model.embedding'):
        model.embedding = data()


# Sequences of unequal length

S = rng.standard_normal((12, 8, 3))
UNEQUAL = [s[:n] for n, s in zip([8, 3, 5, 2] * 3, S, strict=True)]


def test_a_network_without_a_recurrent_layer_predicts_samples_as_short_as_its_own_and_shorter():
    model = EpyNN([Embedding(UNEQUAL, np.arange(12) % 2), Flatten(), Dense()])
    model.initialize(seed=1, verbose=False)
    model.train(2, verbose=0)
    model.evaluate()
    own = model.predict(UNEQUAL[:8]).A
    np.testing.assert_allclose(own, model.embedding.dtrain.A, rtol=1e-12)
    for n in (1, 3, 5):                                 # none as long as the longest of training
        padded = np.zeros((12, 8, 3))
        padded[:, :n] = S[:, :n]
        np.testing.assert_allclose(model.predict([s[:n] for s in S]).A, model.predict(padded).A)
    again = read_model(model.write('model.npz'))
    np.testing.assert_array_equal(again.predict(UNEQUAL[3:4]).A, model.predict(UNEQUAL[3:4]).A)
    with pytest.raises(ValueError, match='sequences of 8 steps or less, got 9'):
        model.predict(np.zeros((1, 9, 3)))


@pytest.mark.parametrize('layers', [lambda: [RNN(2)], lambda: [GRU(2)],
                                    lambda: [RNN(2, sequences=True), Flatten()]],
                         ids=['RNN', 'GRU', 'sequences'])
def test_lengths_are_checked_before_a_network_goes_forward(layers):
    model = EpyNN([Embedding(S, np.arange(12) % 2), *layers(), Dense()])
    model.initialize(seed=1, verbose=False)
    labels = np.arange(12) % 2
    for wrong in (labels, labels.tolist(), [1.5] * 12, [8] * 11, [9] * 12, [True] * 12, 8, '8',
                  np.full((12, 1), 8)):
        with pytest.raises(ValueError, match='lengths to be the steps of each of 12 samples, '
                                             'integers from 1 to 8.*labels are not for forward'):
            model.forward(S, wrong)
    np.testing.assert_array_equal(model.forward(S, [8] * 12), model.forward(S))


def test_several_labels_at_once_stay_so_where_each_sample_happens_to_have_one():
    model = network(AT_ONCE, 3, 'sigmoid', metrics=['accuracy'])
    model.train(5, verbose=0)
    model.embedding = Embedding(X[:6], np.eye(3)[ONE[:6]], (1, 0, 0), like=model.embedding)
    value = model.evaluate()['accuracy'][0]
    dtrain = model.embedding.dtrain
    assert value == pytest.approx((dtrain.P == dtrain.Y).mean())


@pytest.mark.parametrize('Y', [AT_ONCE, np.eye(3)[ONE] / 2], ids=['labels', 'values'])
def test_other_data_whose_targets_are_of_another_kind_are_refused(Y):
    model = network(np.eye(3)[ONE], 3, 'softmax')
    with pytest.raises(ValueError, match='classes'):
        model.embedding = Embedding(X, Y)
