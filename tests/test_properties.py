"""What holds whatever the shapes, the samples, the settings: tried on many, drawn by hypothesis."""
import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from networks import bits

from epynn import (
    GRU,
    LSTM,
    RNN,
    Convolution,
    Dense,
    Dropout,
    Embedding,
    EpyNN,
    Flatten,
    Pooling,
    read_model,
)
from epynn.commons.loss import losses
from epynn.commons.maths import activations, clip_gradient, orthogonal, softmax, xavier
from epynn.commons.metrics import metrics
from epynn.commons.models import Layer
from epynn.commons.schedule import schedules
from epynn.embedding.encoding import Range
from epynn.gradcheck import gradcheck
from epynn.settings import se_hPars

precisions = pytest.mark.parametrize('dtype', [np.float32, np.float64])
few = settings(max_examples=20)
# Of so few samples a set may lack a class
few_samples = pytest.mark.filterwarnings('ignore:the (validation|test) set (holds|lacks) labels')
sizes = st.integers(1, 5)
seeds = st.integers(0, 2**32)
elementwise = st.sampled_from([name for name in activations if name != 'softmax'])


def numbers(dtype, low=None, high=None):
    """All finite floats of a kind, subnormal ones and the largest too."""
    return st.floats(low, high, allow_nan=False, allow_infinity=False,
                     width=np.dtype(dtype).itemsize * 8)


def tables(dtype, low=None, high=None):
    return arrays(dtype, array_shapes(min_dims=2, max_dims=2, max_side=4),
                  elements=numbers(dtype, low, high))


# Losses, over all finite floats. Warnings are errors here

@precisions
@pytest.mark.parametrize('name', ['BCE', 'CCE'])
@given(data=st.data())
def test_losses_of_probabilities_are_finite(name, dtype, data):
    A = data.draw(tables(dtype, 0, 1))
    Y = data.draw(arrays(dtype, A.shape, elements=numbers(dtype, 0, 1)))
    value, derivative = losses[name](Y, A), losses[name](Y, A, deriv=True)
    assert value.dtype == derivative.dtype == dtype
    assert value.shape == A.shape[:1] and derivative.shape == A.shape
    assert np.isfinite(value).all() and np.isfinite(derivative).all()


@precisions
@pytest.mark.parametrize('name', ['MSE', 'MAE', 'MSLE'])
@given(data=st.data())
def test_other_losses_are_finite_or_beyond_all_numbers(name, dtype, data):
    A = data.draw(tables(dtype))
    least = -1 + 1e-6 if name == 'MSLE' else None
    least = None if least is None else float(dtype(least))
    Y = data.draw(arrays(dtype, A.shape, elements=numbers(dtype, least)))
    value, derivative = losses[name](Y, A), losses[name](Y, A, deriv=True)
    assert value.dtype == derivative.dtype == dtype
    assert not np.isnan(value).any() and not np.isnan(derivative).any() and (value >= 0).all()
    most = np.sqrt(np.finfo(dtype).max) / 4
    if name == 'MSLE' or (np.abs(A).max() < most and np.abs(Y).max() < most):
        assert np.isfinite(value).all() and np.isfinite(derivative).all()


@precisions
@pytest.mark.parametrize('name', ['sigmoid', 'softmax'])
@given(data=st.data())
def test_cross_entropy_through_its_activation_is_finite_for_any_input(name, dtype, data):
    Z = data.draw(tables(dtype))
    Y = np.zeros_like(Z)
    Y[:, data.draw(st.integers(0, Z.shape[1] - 1))] = 1
    A = activations[name](Z)
    loss = losses['CCE' if name == 'softmax' else 'BCE']
    dZ = Dense(2, name).chain('activate', loss(Y, A, deriv=True), Z, A)
    expected = A - Y if name == 'softmax' else (A - Y) / Z.shape[1]
    assert np.isfinite(loss(Y, A)).all()
    np.testing.assert_allclose(dZ, expected, atol=8 * np.finfo(dtype).eps)


# Activations, initial weights, clipping

@precisions
@given(data=st.data())
def test_softmax_is_a_distribution_at_any_temperature(dtype, data):
    Z = data.draw(tables(dtype))
    T = data.draw(st.floats(1e-3, 1e3))
    A = softmax(Z, softmax_temperature=T)
    assert A.dtype == dtype and (A > 0).all()
    np.testing.assert_allclose(A.sum(axis=1), 1, rtol=1e-6)
    jacobian = softmax(Z, deriv=True, softmax_temperature=T)
    np.testing.assert_allclose(jacobian.sum(axis=1), 0, atol=1e-5 / T)


@given(name=elementwise, data=st.data(), alpha=st.floats(0, 10))
def test_derivatives_belong_to_their_activations(name, data, alpha):
    """Between any two points the slope of the secant is among the derivatives there."""
    x = np.sort(data.draw(arrays(np.float64, 2, elements=st.floats(-30, 30))))
    assume(x[1] - x[0] > 1e-3 and not x[0] < 0 < x[1])
    arguments = {f'{name.upper()}_alpha': alpha} if name in ('elu', 'lrelu') else {}
    f = activations[name]
    y = f(x, **arguments)
    secant = (y[1] - y[0]) / (x[1] - x[0])
    along = f(np.linspace(*x, 200), deriv=True, **arguments)
    assert along.min() - 1e-2 <= secant <= along.max() + 1e-2


@given(shape=array_shapes(min_dims=2, max_dims=4, max_side=7), seed=seeds,
       initialization=st.sampled_from([xavier, orthogonal]))
def test_initial_weights_have_their_shape_and_their_seed(shape, seed, initialization):
    first, again = (initialization(shape, rng=np.random.default_rng(seed)) for _ in range(2))
    assert first.shape == shape and np.isfinite(first).all()
    assert first.tobytes() == again.tobytes()


@precisions
@given(data=st.data(), most=st.floats(1e-3, 1e3))
def test_clipped_gradients_keep_their_direction(dtype, data, most):
    layer = Layer()
    layer.g = {name: data.draw(tables(dtype)) for name in ('dU', 'dV')}
    before = {name: g.copy() for name, g in layer.g.items()}
    clip_gradient(layer, most)
    largest = max(np.abs(g).max() for g in before.values())
    unit = {name: g.astype(np.float64) / (float(largest) or 1) for name, g in before.items()}
    norm = math.sqrt(sum((g**2).sum() for g in unit.values()))      # times the largest
    size = min(float(largest), most / norm if norm else 0)
    for name, g in layer.g.items():
        assert g.dtype == dtype
        np.testing.assert_allclose(g, unit[name] * size, rtol=1e-5,
                                   atol=1e-5 * most + float(np.finfo(dtype).tiny))


# Metrics, schedules

@given(data=st.data(), classes=st.integers(1, 4))
def test_metrics_are_shares_and_order_does_not_matter(data, classes):
    m = data.draw(st.integers(0, 20))
    labels = st.lists(st.integers(0, classes - 1), min_size=m, max_size=m)
    y, P = np.array(data.draw(labels), int), np.array(data.draw(labels), int)
    positive = data.draw(st.integers(0, classes - 1))
    order = np.random.default_rng(data.draw(seeds)).permutation(m)
    values = {name: f(y, P, positive) for name, f in metrics.items() if 'macro' not in name}
    values |= {name: f(y, P) for name, f in metrics.items() if 'macro' in name}
    for name, value in values.items():
        assert math.isnan(value) or 0 <= value <= 1
        of_one = [] if 'macro' in name else [positive]
        np.testing.assert_equal(metrics[name](y[order], P[order], *of_one), value)
        if len(y) and (y == P).all():
            assert math.isnan(value) or value == 1
    if values['recall'] > 0:
        p, r = values['precision'], values['recall']
        assert values['fscore'] == pytest.approx(2 * p * r / (p + r))


@given(name=st.sampled_from(list(schedules)), rate=st.floats(0, 1e6), k=st.floats(0, 100),
       cycle=st.integers(0, 40), descent=st.floats(0, 1), epochs=st.integers(1, 60))
def test_learning_rates_begin_at_theirs_and_never_grow_within_a_cycle(name, rate, k, cycle,
                                                                      descent, epochs):
    hPars = {**se_hPars, 'learning_rate': rate, 'decay_k': k, 'cycle_epochs': cycle,
             'cycle_descent': descent}
    rates = [schedules[name](x, epochs, hPars) for x in range(epochs)]
    assert rates[0] == rate and all(0 <= r <= rate for r in rates)
    for x in range(1, epochs):
        if name != 'exp_decay' or x % (cycle or epochs):
            assert rates[x] <= rates[x - 1]
        else:
            assert rates[x] == rate * (1 - descent)**(x // cycle)


# Data: encoded, scaled, split, drawn in batches

@given(X=st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=6)
       .filter(lambda X: not any('\0' in x for x in X)))
def test_sequences_of_any_alphabet_and_length_are_encoded_and_decoded(X):
    embedding = Embedding(X, relative_size=(1, 0, 0), X_encode=True)
    dset = embedding.dtrain
    lengths = dset.lengths if dset.lengths is not None else [len(X[0])] * len(X)
    decoded = [''.join(embedding.i2e[int(row.argmax())] for row in x[:n])
               for x, n in zip(dset.X, lengths, strict=True)]
    assert decoded == X
    for x, n in zip(dset.X, lengths, strict=True):
        assert (x[:n].sum(axis=1) == 1).all() and not x[n:].any()
    assert sorted(embedding.e2i) == sorted(set(''.join(X)))


@given(y=st.lists(st.integers(0, 5), min_size=2, max_size=30))
def test_labels_are_encoded_decoded_and_counted(y):
    names = sorted(set(y))
    y = [names.index(label) for label in y]             # without gaps
    assume(len(names) > 1)
    X = np.zeros((len(y), 1))
    for arguments in ({}, {'Y_encode': True})[len(names) > 2:]:     # many numbers are no classes
        dtrain = Embedding(X, y, relative_size=(1, 0, 0), **arguments).dtrain
        assert dtrain.y.tolist() == y and dtrain.b == dict(sorted(Counter(y).items()))
    assert dtrain.Y.shape == (len(y), len(names)) and (dtrain.Y.sum(axis=1) == 1).all()


@precisions
@given(data=st.data())
def test_scaled_features_lie_between_0_and_1(dtype, data):
    X = data.draw(tables(dtype))
    scaled = Range().fit(X).transform(X)
    assert scaled.dtype == np.float64 and (scaled >= 0).all() and (scaled <= 1).all()
    if X.min() < X.max():
        assert scaled.min() == 0 and scaled.max() == 1
    order = np.argsort(X, axis=None)
    assert (np.diff(scaled.reshape(-1)[order]) >= 0).all()


@few_samples
@pytest.mark.filterwarnings('ignore:the .* set .* labels')       # of one or two samples each
@given(n=st.integers(1, 60), seed=seeds, batch_size=st.integers(1, 70),
       shares=st.tuples(st.floats(0.1, 9), st.floats(0, 9), st.floats(0, 9)))
@few
def test_batches_of_every_epoch_are_parts_of_the_training_set(n, seed, batch_size, shares):
    assume(round(shares[0] / sum(shares) * n))
    X = np.arange(n)[:, np.newaxis]
    embedding = Embedding(X, X % 2, relative_size=shares, batch_size=batch_size)
    model = EpyNN([embedding, Dense()])
    model.initialize(seed=seed, verbose=False)
    embedding, orders = model.embedding, set()
    train = len(embedding.dtrain)
    for _ in range(3):
        embedding.reorder()
        batches = embedding.batch_dtrain
        ids = [int(i) for batch in batches for i in batch.ids]
        size = min(batch_size, train)
        assert [len(batch) for batch in batches] == [size] * (train // size)
        assert len(set(ids)) == len(ids) and set(ids) <= set(range(train))
        assert all((batch.X == batch.ids[:, np.newaxis]).all() for batch in batches)
        assert all((batch.y == batch.ids % 2).all() for batch in batches)
        orders.add(tuple(ids))
    assert len(orders) > 1 or train < 8
    every = [i for dset in (embedding.dtrain, embedding.dval, embedding.dtest) for i in dset.ids]
    assert every == list(range(n))


# Layers of any shape: their gradients are derivatives, and add up over samples

@st.composite
def layers(draw):
    """A layer with any arguments, an input for it, and lengths or None."""
    kind = draw(st.sampled_from([Dense, RNN, GRU, LSTM, Convolution, Pooling, Dropout, Flatten]))
    m, rng, lengths = draw(sizes), np.random.default_rng(draw(seeds)), None
    if kind is Dense:
        shape = m, draw(sizes)
        layer = Dense(draw(st.integers(2, 5)), draw(st.sampled_from(list(activations))))
    elif kind in (RNN, GRU, LSTM):
        shape = m, draw(st.integers(1, 9)), draw(sizes)
        layer = kind(draw(sizes), draw(elementwise), sequences=draw(st.booleans()),
                     windows=draw(st.sampled_from([None, 1, 2, 3])),
                     clip_gradients=False, initialization=draw(st.sampled_from(['xavier',
                                                                               'orthogonal'])))
        if draw(st.booleans()):
            lengths = rng.integers(1, shape[1] + 1, m)
            lengths[0] = shape[1]
    elif kind in (Convolution, Pooling):
        window, strides = (tuple(draw(st.integers(1, 3)) for _ in 'hw') for _ in range(2))
        shape = m, *(n + draw(st.integers(0, 4)) for n in window), draw(st.integers(1, 3))
        if kind is Convolution:
            layer = Convolution(draw(st.integers(1, 3)), window, strides, draw(st.integers(0, 2)),
                                draw(elementwise), use_bias=draw(st.booleans()))
        else:
            layer = Pooling(window, strides, draw(st.sampled_from(['max', 'min', 'mean'])))
    else:
        shape = m, *draw(array_shapes(max_dims=3, max_side=4))
        layer = Flatten() if kind is Flatten else Dropout(
            draw(st.floats(0, 0.99)), draw(st.sampled_from([(), 0, 1, (0, -1)])))
    return layer, rng.standard_normal(shape), lengths


@given(case=layers())
def test_gradients_are_derivatives_whatever_the_shape(case):
    layer, X, lengths = case
    layer.build(X, seed=0)
    for W in layer.p.values():              # at a bias of 0 relu has no derivative
        W += 0.1 * layer.rng.standard_normal(W.shape)
    assert gradcheck(layer, X, lengths=lengths, most=12).error < 1e-11


@given(case=layers())
def test_gradients_add_up_over_samples(case):
    layer, X, lengths = case
    assume(not isinstance(layer, Dropout))
    layer.build(X, seed=0)
    A = layer.forward(X, lengths)
    R = np.random.default_rng(1).standard_normal(A.shape)
    dX = layer.backward(R)
    together = {name: g.copy() for name, g in layer.g.items()}
    sums = {name: np.zeros_like(g) for name, g in together.items()}
    for i in range(len(X)):
        one = None if lengths is None else lengths[i:i + 1]
        np.testing.assert_allclose(layer.forward(X[i:i + 1], one), A[i:i + 1], atol=1e-12)
        np.testing.assert_allclose(layer.backward(R[i:i + 1]), dX[i:i + 1], atol=1e-11)
        for name in sums:
            sums[name] += layer.g[name]
    for name, g in together.items():
        np.testing.assert_allclose(g, sums[name], rtol=1e-9, atol=1e-10)


# Networks with any settings

@st.composite
def networks(draw):
    """How to make a network of sequences, as often as wanted, with any settings."""
    m, s, e = draw(st.integers(4, 14)), draw(sizes), draw(sizes)
    classes, seed = draw(st.integers(2, 3)), draw(seeds)
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((m, s, e))
    y = np.concatenate([np.arange(classes), rng.integers(0, classes, m - classes)])
    recurrent = draw(st.sampled_from([RNN, GRU, LSTM]))
    units, drop, sequences = draw(sizes), draw(st.floats(0, 0.9)), draw(st.booleans())
    activate = draw(st.sampled_from(['tanh', 'sigmoid']))
    loss = draw(st.sampled_from(['MSE', 'MAE', 'CCE', 'BCE', 'MSLE']))
    split = {'relative_size': draw(st.tuples(st.integers(2, 9), st.integers(0, 3),
                                             st.integers(0, 3))),
             'batch_size': draw(st.one_of(st.none(), st.integers(1, 20)))}
    settings = {
        'loss': loss, 'seed': seed, 'dtype': draw(st.sampled_from(['float32', 'float64'])),
        'metrics': draw(st.lists(st.sampled_from([*metrics, *losses]), max_size=4)),
        'se_hPars': {
            'learning_rate': draw(st.floats(0, 0.1)),
            'schedule': draw(st.sampled_from(list(schedules))),
            'decay_k': draw(st.floats(1e-3, 1)),
            'cycle_epochs': draw(st.integers(1, 4)),
            'cycle_descent': draw(st.floats(0, 1)),
            'softmax_temperature': draw(st.floats(0.5, 4)),
        }}
    scaled = draw(st.booleans())

    def data():
        return Embedding(X, y, Y_encode=True, X_scale=scaled, **split)

    def make():
        between = [Flatten()] if sequences else []
        model = EpyNN([data(), recurrent(units, activate, sequences=sequences), Dropout(drop),
                       *between, Dense(classes, 'softmax')])
        model.initialize(**settings, verbose=False)
        return model

    assume(round(split['relative_size'][0] / sum(split['relative_size']) * m))
    return make, data, X, scaled


@few_samples
@given(case=networks(), stop=st.integers(1, 3))
@few
def test_training_is_finite_repeatable_and_can_be_gone_on_with(case, stop, tmp_path_factory):
    make, data, X, scaled = case
    model, again, in_parts = make(), make(), make()
    model.train(4, verbose=0)
    again.train(4, verbose=0)
    assert bits(again) == bits(model)
    for sets in model.metrics.values():
        assert [len(values) for values in sets] == [
            4 * dset.active for dset in (model.embedding.dtrain, model.embedding.dval,
                                         model.embedding.dtest)]
    assert np.isfinite(model.metrics[model.loss][0]).all()
    assert {W.dtype for layer in model.layers for W in layer.p.values()} == {model.dtype}

    in_parts.train(stop, verbose=0)
    path = tmp_path_factory.mktemp('models') / 'model.npz'
    from_file = read_model(in_parts.write(path))
    from_file.embedding = data()
    from_file.train(4 - stop, verbose=0) if stop < 4 else None
    np.testing.assert_equal(from_file.metrics, model.metrics)
    assert bits(from_file)[0] == bits(model)[0]


@few_samples
@given(case=networks())
@few
def test_a_prediction_does_not_depend_on_the_samples_beside_it(case):
    make, _, X, scaled = case
    model = make()
    together = model.predict(X, X_scale=scaled)
    np.testing.assert_allclose(together.A.sum(axis=1), 1, rtol=1e-5)
    for i in range(0, len(X), 3):
        alone = model.predict(X[i:i + 1], X_scale=scaled)
        np.testing.assert_allclose(alone.A[0], together.A[i], rtol=2e-4)
