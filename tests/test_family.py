"""LSTM, Convolution, Pooling and Template do what their equations say."""
import json
import runpy
from itertools import product
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
    Layer,
    Pooling,
    Template,
    read_model,
)
from epynn.commons.maths import activations, sigmoid
from epynn.gradcheck import gradcheck

pytestmark = pytest.mark.filterwarnings('error')
HERE = Path(__file__).parent


def built(layer, X, seed=0):
    """The layer with parameters for X, its biases not zero."""
    layer.rng = np.random.default_rng(seed)
    layer.build(X)
    for name, W in layer.p.items():
        if name.startswith('b'):
            W += 0.1 * layer.rng.standard_normal(W.shape)
    return layer


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


# Naive twins: plain loops, straight from the equations


def naive_lstm(layer, X):
    """h of every step, (m, s, u), one sample, one step and one unit at a time."""
    p, (m, s, e), u = layer.p, X.shape, layer.d['u']
    f_of = {'f': layer.activate_forget, 'i': layer.activate_input,
            'g': layer.activate_candidate, 'o': layer.activate_output}
    H = np.zeros((m, s, u))
    for n in range(m):
        h, C = np.zeros(u), np.zeros(u)
        for t in range(s):
            hp, h = h, np.zeros(u)
            for k in range(u):
                gate = {}
                for name, activate in f_of.items():
                    z = p[f'b{name}'][0, k]
                    z += sum(X[n, t, j] * p[f'U{name}'][j, k] for j in range(e))
                    z += sum(hp[j] * p[f'V{name}'][j, k] for j in range(u))
                    gate[name] = activate(np.array(z))
                C[k] = gate['f'] * C[k] + gate['i'] * gate['g']
                h[k] = gate['o'] * layer.activate(C[k])
            H[n, t] = h
    return H


def naive_convolution(X, W, b, strides, padding, dZ=None):
    """Z, or with dZ the gradients by X, W and b, one position at a time."""
    (sh, sw), (ph, pw) = strides, padding
    fh, fw, _, u = W.shape
    m, h, w, d = X.shape
    oh, ow = (h + 2 * ph - fh) // sh + 1, (w + 2 * pw - fw) // sw + 1
    Xp = np.zeros((m, h + 2 * ph, w + 2 * pw, d))
    Xp[:, ph:ph + h, pw:pw + w] = X
    Z, dXp, dW = np.zeros((m, oh, ow, u)), np.zeros_like(Xp), np.zeros_like(W)
    for y, x in product(range(oh), range(ow)):
        seen = np.s_[:, y * sh:y * sh + fh, x * sw:x * sw + fw]
        Z[:, y, x] = np.tensordot(Xp[seen], W, axes=3) + b
        if dZ is not None:
            dW += np.tensordot(Xp[seen], dZ[:, y, x], axes=(0, 0))
            dXp[seen] += np.tensordot(dZ[:, y, x], W, axes=(1, 3))
    return Z if dZ is None else (dXp[:, ph:ph + h, pw:pw + w], dW, dZ.sum(axis=(0, 1, 2)))


def naive_pooling(X, window, strides, pool, dA=None):
    """A, or with dA the gradient by X, one window of one sample at a time."""
    (ph, pw), (sh, sw) = window, strides
    m, h, w, d = X.shape
    oh, ow = (h - ph) // sh + 1, (w - pw) // sw + 1
    A, dX = np.zeros((m, oh, ow, d)), np.zeros_like(X)
    for n, y, x, c in np.ndindex(m, oh, ow, d):
        places = list(product(range(y * sh, y * sh + ph), range(x * sw, x * sw + pw)))
        values = [X[n, i, j, c] for i, j in places]
        A[n, y, x, c] = {'max': max, 'min': min, 'mean': np.mean}[pool](values)
        if dA is None:
            continue
        if pool == 'mean':
            for i, j in places:
                dX[n, i, j, c] += dA[n, y, x, c] / len(places)
        else:
            i, j = places[values.index(A[n, y, x, c])]          # the first of equal ones
            dX[n, i, j, c] += dA[n, y, x, c]
    return A if dA is None else dX


# Every layer, every option

element_by_element = [name for name in activations if name != 'softmax']
SEQUENCES, IMAGES = normal(3, 7, 2), normal(2, 7, 6, 2)
STRIDES, WINDOWS = (None, 1, (2, 3)), (2, (3, 2))
LAYERS = [
    *((LSTM, {'unit_cells': 3, role: name}, None)
      for role in ('activate', 'activate_output', 'activate_candidate', 'activate_input',
                   'activate_forget') for name in element_by_element),
    *((LSTM, {'unit_cells': 2, 'sequences': sequences, 'windows': windows}, lengths)
      for sequences in (False, True) for windows in (None, 1, 3) for lengths in (None, [7, 1, 4])),
    (LSTM, {'unit_cells': 2, 'initialization': 'xavier'}, None),
    *((Convolution, {'unit_filters': 3, 'strides': 1, 'activate': name}, None)
      for name in element_by_element),
    *((Convolution, {'unit_filters': 3, 'filter_size': size, 'strides': strides,
                     'padding': padding, 'use_bias': use_bias, 'activate': 'tanh'}, None)
      for size in WINDOWS for strides in STRIDES for padding in (0, (1, 2))
      for use_bias in (True, False)),
    *((Pooling, {'pool_size': size, 'strides': strides, 'pool': pool}, None)
      for size in WINDOWS for strides in STRIDES for pool in ('max', 'min', 'mean')),
    (Template, {}, None),
]


def inputs_of(cls):
    return IMAGES if cls in (Convolution, Pooling) else SEQUENCES


def names(case):
    return case.__name__ if isinstance(case, type) else None


@pytest.mark.parametrize('cls, options, lengths', LAYERS, ids=names)
def test_gradients_are_derivatives(cls, options, lengths):
    X = inputs_of(cls)
    layer = built(cls(**options), X)
    assert gradcheck(layer, X, lengths=lengths, method='complex', most=30).error < 1e-12
    assert gradcheck(layer, X, lengths=lengths, method='central', most=10).error < 1e-6


@pytest.mark.parametrize('cls, options, lengths', LAYERS, ids=names)
def test_shapes_are_recorded_and_inputs_left_alone(cls, options, lengths):
    X = inputs_of(cls)
    before, lengths = X.copy(), None if lengths is None else np.array(lengths)
    layer = built(cls(**options), X)
    A = layer.forward(X, lengths)
    dX = layer.backward(np.ones_like(A))
    assert np.array_equal(X, before)
    assert dX.shape == X.shape and layer.bs['dX'] is not None
    assert {f'd{k}': W.shape for k, W in layer.p.items()} == {k: g.shape for k, g in
                                                              layer.g.items()}
    assert dict(layer.compute_shapes()) == {k: W.shape for k, W in layer.p.items()}
    assert layer.fs.items() >= {k: V.shape for k, V in layer.fc.items()}.items()


@pytest.mark.parametrize('cls, options', [
    (LSTM, {'unit_cells': 2}), (LSTM, {'unit_cells': 2, 'windows': 3}), (Convolution, {}),
    (Convolution, {'strides': 1, 'padding': 1}), (Pooling, {}), (Pooling, {'pool': 'mean'}),
    (Template, {}),
])
def test_single_precision_stays_single(cls, options):
    X = inputs_of(cls).astype(np.float32)
    layer = cls(**options)
    layer.dtype = X.dtype
    A = built(layer, X).forward(X)
    dX = layer.backward(A)
    arrays = [A, dX, *layer.p.values(), *layer.g.values(), *layer.fc.values(), *layer.bc.values()]
    assert {a.dtype for a in arrays} == {X.dtype}


@pytest.mark.parametrize('cls, options', [(LSTM, {}), (Convolution, {})])
def test_the_gradient_by_the_data_is_spared_where_nobody_asks(cls, options):
    X = inputs_of(cls)
    layer = built(cls(**options), X)
    layer.backward(np.ones_like(layer.forward(X)))
    gradients = {k: g.copy() for k, g in layer.g.items()}
    layer.needs_dX = False
    assert layer.backward(np.ones_like(layer.forward(X))) is None
    assert 'dX' not in layer.bc
    assert all(np.array_equal(layer.g[k], g) for k, g in gradients.items())


@pytest.mark.parametrize('cls, options', [
    (LSTM, {'unit_cells': 2}), (Convolution, {}), (Pooling, {}), (Template, {}),
])
def test_evaluation_keeps_the_caches_of_training(cls, options):
    X = inputs_of(cls)
    layer = built(cls(**options), X)
    A, kept = layer.forward(X), layer.fc
    layer.training = False
    assert np.array_equal(layer.forward(X), A)
    assert layer.fc is kept


# LSTM


@pytest.mark.parametrize('windows', [1, 3])
@pytest.mark.parametrize('options', [
    {}, {'activate': 'identity', 'activate_candidate': 'elu'},
    {'activate_output': 'tanh', 'activate_input': 'relu', 'activate_forget': 'lrelu'},
], ids=str)
def test_lstm_is_its_equations(options, windows):
    layer = built(LSTM(3, sequences=True, windows=windows, **options), SEQUENCES)
    H = naive_lstm(layer, SEQUENCES)
    np.testing.assert_allclose(layer.forward(SEQUENCES), H, rtol=0, atol=1e-14)
    last = built(LSTM(3, windows=windows, **options), SEQUENCES)
    np.testing.assert_allclose(last.forward(SEQUENCES), H[:, -1], rtol=0, atol=1e-14)


def test_lstm_keeps_what_its_equations_name():
    X = normal(4, 9, 2)
    layer = built(LSTM(3, sequences=True, windows=2), X)
    layer.backward(np.ones_like(layer.forward(X)))
    assert set(layer.fc) == {'X', 'h', 'hp', 'o_', 'o', 'i_', 'i', 'f_', 'f', 'g_', 'g', 'C_',
                             'Cp_', 'C'}
    assert set(layer.bc) == {'dA', 'dh', 'dhn', 'dC_', 'dCn', 'do_', 'dg_', 'di_', 'df_', 'dX'}
    assert list(layer.p) == ['Uf', 'Vf', 'bf', 'Ui', 'Vi', 'bi', 'Ug', 'Vg', 'bg', 'Uo', 'Vo', 'bo']
    h, hp, C_, Cp_, f, i, g = (layer.over_time(k) for k in ('h', 'hp', 'C_', 'Cp_', 'f', 'i', 'g'))
    assert np.array_equal(h[:, :-1], hp[:, 1:]) and np.array_equal(C_[:, :-1], Cp_[:, 1:])
    assert not hp[:, 0].any() and not Cp_[:, 0].any()
    assert np.array_equal(C_, f * Cp_ + i * g)


@pytest.mark.parametrize('sequences', [False, True])
@pytest.mark.parametrize('lengths', [None, [300, 1, 170, 99]], ids=['equal', 'unequal'])
@pytest.mark.parametrize('windows', [2, 7, None])
@pytest.mark.parametrize('remembers', [False, True])
def test_windows_change_nothing(sequences, lengths, windows, remembers):
    X = normal(4, 300, 2)
    lengths = None if lengths is None else np.array(lengths)
    one = built(LSTM(2, sequences=sequences, windows=1), X)
    many = built(LSTM(2, sequences=sequences, windows=windows), X)
    for layer in (one, many):
        layer.p['bf'] += 25. * remembers            # a forget gate that is 1: nothing is forgotten
    A = one.forward(X, lengths)
    R = normal(*A.shape, seed=1)
    np.testing.assert_allclose(many.forward(X, lengths), A, rtol=0, atol=1e-13)
    dX = one.backward(R)
    np.testing.assert_allclose(many.backward(R), dX, rtol=1e-12, atol=1e-12)
    assert many.d['k'] > 1
    for name, g in one.g.items():
        np.testing.assert_allclose(many.g[name], g, rtol=1e-12, atol=1e-10)


@pytest.mark.parametrize('sequences', [False, True])
@pytest.mark.parametrize('windows', [1, 4, None])
def test_unequal_lengths_equal_one_by_one(sequences, windows):
    lengths = np.array([40, 1, 23, 8, 39])
    X = normal(5, 40, 2)
    together = built(LSTM(3, sequences=sequences, windows=windows), X)
    A = together.forward(X, lengths)
    R = normal(*A.shape, seed=1)
    dX = together.backward(R)
    sums = {name: np.zeros_like(g) for name, g in together.g.items()}
    for n, steps in enumerate(lengths):
        alone = built(LSTM(3, sequences=sequences, windows=1), X[n:n + 1, :steps])
        upto = np.s_[n:n + 1, :steps] if sequences else np.s_[n:n + 1]
        np.testing.assert_allclose(A[upto], alone.forward(X[n:n + 1, :steps]), rtol=0, atol=1e-12)
        dX_alone = alone.backward(R[upto])
        np.testing.assert_allclose(dX[n:n + 1, :steps], dX_alone, rtol=0, atol=1e-12)
        assert not dX[n, steps:].any()
        assert not sequences or not A[n, steps:].any()
        for name in sums:
            sums[name] += alone.g[name]
    for name, g in together.g.items():
        np.testing.assert_allclose(g, sums[name], rtol=0, atol=1e-12)


def test_lstm_clips_its_gradients_together():
    layer = built(LSTM(3, clip_gradients=True), SEQUENCES)
    layer.backward(100 * np.ones_like(layer.forward(SEQUENCES)))
    assert np.sqrt(sum((g**2).sum() for g in layer.g.values())) == pytest.approx(0.25, rel=1e-12)


# Convolution and Pooling


@pytest.mark.parametrize('padding', [0, 1, (2, 1)], ids=str)
@pytest.mark.parametrize('strides', [None, 1, 2, (1, 3), (4, 4)], ids=str)
@pytest.mark.parametrize('size', [1, 2, (3, 2), (1, 4), (7, 6)], ids=str)
@pytest.mark.parametrize('use_bias', [True, False])
def test_convolution_is_its_equation(size, strides, padding, use_bias):
    layer = built(Convolution(3, size, strides, padding, 'tanh', use_bias=use_bias), IMAGES)
    W, b = layer.p['W'], layer.p.get('b', np.zeros(3))
    A = layer.forward(IMAGES)
    given = W, b, layer.o['strides'], layer.o['padding']
    np.testing.assert_allclose(A, np.tanh(naive_convolution(IMAGES, *given)), rtol=0, atol=1e-14)
    dA = normal(*A.shape, seed=1)
    dX = layer.backward(dA)
    by_X, by_W, by_b = naive_convolution(IMAGES, *given, dZ=dA * (1 - A**2))
    np.testing.assert_allclose(dX, by_X, rtol=0, atol=1e-13)
    np.testing.assert_allclose(layer.g['dW'], by_W, rtol=0, atol=1e-13)
    assert ('b' in layer.p) == ('db' in layer.g) == use_bias
    if use_bias:
        np.testing.assert_allclose(layer.g['db'], by_b, rtol=0, atol=1e-13)


@pytest.mark.parametrize('pool', ['max', 'min', 'mean'])
@pytest.mark.parametrize('strides', [None, 1, 2, (1, 3), (3, 1), (4, 4)], ids=str)
@pytest.mark.parametrize('size', [1, 2, (3, 2), (2, 3), (7, 6)], ids=str)
def test_pooling_is_its_equation_and_a_tie_goes_to_the_first(size, strides, pool):
    X = np.random.default_rng(2).integers(0, 3, IMAGES.shape).astype(float)     # full of ties
    layer = Pooling(size, strides, pool)
    A = layer.forward(X)
    given = layer.o['pool_size'], layer.o['strides'], pool
    np.testing.assert_allclose(A, naive_pooling(X, *given), rtol=0, atol=1e-15)
    dA = normal(*A.shape, seed=1)
    np.testing.assert_allclose(layer.backward(dA), naive_pooling(X, *given, dA=dA),
                               rtol=0, atol=1e-14)


@pytest.mark.parametrize('name, function', [('max', np.max), ('min', np.min), ('mean', np.mean)])
def test_pool_is_a_function_or_its_name(name, function):
    assert np.array_equal(Pooling(pool=name).forward(IMAGES),
                          Pooling(pool=function).forward(IMAGES))


def test_convolution_takes_images_of_any_size_at_prediction():
    layer = built(Convolution(2, 3, strides=1), IMAGES)
    larger = normal(1, 11, 9, 2)
    assert layer.forward(larger).shape == (1, 9, 7, 2)
    np.testing.assert_allclose(layer.forward(larger)[:, :5, :4],
                               layer.forward(larger[:, :7, :6]), rtol=0, atol=1e-14)


@pytest.mark.parametrize('image', [(3, 4), (4, 3), (2, 2)])
@pytest.mark.parametrize('cls, options', [(Convolution, {'filter_size': 4}),
                                          (Pooling, {'pool_size': 4})])
def test_a_window_larger_than_the_image_is_an_error(cls, options, image):
    X = np.ones((2, *image, 1))
    layer = built(cls(**options), X)
    with pytest.raises(ValueError, match=r'4 x 4 or more.*got \d x \d'):
        layer.forward(X)


def test_a_frame_makes_the_image_large_enough():
    X = np.ones((2, 2, 3, 1))
    layer = built(Convolution(1, 4, strides=1, padding=1, activate='identity'), X)
    A = layer.forward(X)
    assert A.shape == (2, 1, 2, 1)
    seen = layer.p['W'][1:3, 1:4].sum(), layer.p['W'][1:3, :3].sum()
    np.testing.assert_allclose(A[0, 0, :, 0] - layer.p['b'][0], seen, rtol=0, atol=1e-15)


@pytest.mark.parametrize('make, message', [
    (lambda: Convolution(0), 'unit_filters to be an integer of 1 or more, got 0'),
    (lambda: Convolution(1, 0), 'filter_size .* got 0'),
    (lambda: Convolution(1, (3, 3, 3)), 'filter_size'),
    (lambda: Convolution(1, strides=0), 'strides to be an integer of 1 or more.* got 0'),
    (lambda: Convolution(1, strides=(1, 0)), 'strides'),
    (lambda: Convolution(1, padding=-1), 'padding to be an integer of 0 or more.* got -1'),
    (lambda: Convolution(1, activate='softmax'), 'softmax in a Dense layer'),
    (lambda: Convolution(1, activate='rlu'), "did you mean 'relu'"),
    (lambda: Convolution(1, initialization=3), 'initialization to be a function'),
    (lambda: Pooling(0), 'pool_size .* got 0'),
    (lambda: Pooling(strides=0), 'strides .* got 0'),
    (lambda: Pooling(pool=np.median), "no pool 'median': expected one of max, min, mean"),
    (lambda: Pooling(pool='avg'), "no pool 'avg'"),
    (lambda: Pooling(pool=None), "no pool 'None'"),
    (lambda: LSTM(0), 'unit_cells to be an integer of 1 or more, got 0'),
    (lambda: LSTM(2, activate_forget='softmax'), 'activate_forget to work element by element'),
    (lambda: LSTM(2, activate='tahn'), "did you mean 'tanh'"),
    (lambda: LSTM(2, windows=0), 'windows'),
], ids=str)
def test_arguments_that_cannot_be_are_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize('cls, X, message', [
    (Convolution, np.ones((4, 8, 8)), r'\(samples, height, width, depth\).*newaxis'),
    (Convolution, np.ones((4, 64)), 'remove the Flatten before it'),
    (Pooling, np.ones((4, 64)), 'put it before the Flatten'),
    (LSTM, np.ones((4, 64)), r'\(samples, steps, elements\), got \(4, 64\)'),
])
def test_inputs_of_the_wrong_shape_are_errors_with_a_remedy(cls, X, message):
    with pytest.raises(ValueError, match=message):
        cls().build(X)


@pytest.mark.parametrize('cls, X, other', [(Convolution, IMAGES, IMAGES[..., :1]),
                                           (LSTM, SEQUENCES, SEQUENCES[..., :1])])
def test_inputs_of_another_depth_are_errors(cls, X, other):
    layer = built(cls(), X)
    with pytest.raises(ValueError, match='parameters were made for the former'):
        layer.forward(other)


# Template, and a layer of one's own


def test_template_passes_everything_through():
    for X in (SEQUENCES, IMAGES, normal(3, 2)):
        layer = built(Template(), X)
        A = layer.forward(X)
        assert np.array_equal(A, X) and np.array_equal(layer.backward(A), X)
        assert layer.p == layer.g == {} and layer.compute_shapes() == {}


def test_template_changes_nothing_in_a_network():
    X, Y = normal(30, 4), np.arange(30) % 2
    metrics = []
    for between in ([], [Template()]):
        model = EpyNN([Embedding(X, Y), Dense(3, 'tanh'), *between, Dense(1)])
        model.initialize(seed=1, verbose=False)
        for layer, twin in zip((model.layers[1], model.layers[-1]), (1, 2), strict=True):
            for i, name in enumerate(layer.p):
                layer.p[name][:] = normal(*layer.p[name].shape, seed=10 * twin + i)
        model.train(3, verbose=0)
        metrics.append(model.metrics)
    assert metrics[0] == metrics[1]


def test_the_worked_example_runs(capsys):
    example = runpy.run_path(str(HERE.parent / 'examples' / 'custom_layer.py'))
    assert issubclass(example['LayerNorm'], Layer)
    example['main']()
    out = capsys.readouterr().out
    assert 'complex step' in out and 'the same as before' in out and 'NOT' not in out
    gamma, X = normal(1, 5, seed=3), normal(4, 5)
    layer = built(example['LayerNorm'](), X)
    layer.p['gamma'][:] = gamma
    for method, limit in (('complex', 1e-12), ('central', 1e-6)):
        assert gradcheck(layer, X, method=method).error < limit


# Networks


def images_and_labels(m=40):
    X = normal(m, 8, 8, 1)
    return X, (X[:, :4].mean(axis=(1, 2, 3)) > X[:, 4:].mean(axis=(1, 2, 3))).astype(int)


def lstm_network():
    X = normal(40, 12, 2)
    return EpyNN([Embedding(X, (X.sum(axis=(1, 2)) > 0).astype(int), batch_size=9),
                  LSTM(3, sequences=True, clip_gradients=True), LSTM(2), Dense(1, sigmoid)])


def image_network():
    return EpyNN([Embedding(*images_and_labels(), batch_size=9, Y_encode=True),
                  Convolution(3, 3, strides=1, padding=1, use_bias=False), Pooling(2),
                  Convolution(2, (2, 3), strides=(2, 1), padding=(0, 1), activate='elu'),
                  Pooling((1, 2), strides=1, pool=np.mean), Template(), Flatten(),
                  Dense(2, 'softmax')])


@pytest.mark.parametrize('network', [lstm_network, image_network])
def test_networks_learn_and_their_gradients_are_derivatives(network):
    model = network()
    model.initialize(seed=1, se_hPars={'learning_rate': 0.05}, verbose=False)
    batch = model.embedding.batch_dtrain[0]
    assert gradcheck(model, batch.X, batch.Y, most=10).error < 1e-12
    model.train(25, verbose=0)
    loss = model.metrics['MSE'][0]
    assert loss[-1] < 0.95 * loss[0]


@pytest.mark.parametrize('network', [lstm_network, image_network])
def test_networks_are_written_and_read(network, tmp_path):
    straight, model = network(), network()
    straight.initialize(seed=3, verbose=False)
    straight.train(4, verbose=0)
    model.initialize(seed=3, verbose=False)
    model.train(2, verbose=0)
    again = read_model(model.write(tmp_path / 'model.npz'))
    X = model.embedding.dtrain.X
    assert np.array_equal(again.predict(X).A, model.predict(X).A)
    assert [layer.arguments for layer in again.layers[1:]] == [layer.arguments for layer
                                                               in model.layers[1:]]
    again.embedding = network().embedding
    again.train(2, verbose=0)
    assert again.metrics == straight.metrics
    for layer, twin in zip(again.layers, straight.layers, strict=True):
        assert all(np.array_equal(W, twin.p[name]) for name, W in layer.p.items())


def test_an_lstm_learns_from_sequences_of_unequal_length_as_from_symbols():
    rng = np.random.default_rng(0)
    words = [''.join(rng.choice(list('ABC'), rng.integers(3, 9))) for _ in range(60)]
    Y = [int(word[-1] == 'A') for word in words]
    model = EpyNN([Embedding(words, Y, X_encode=True, batch_size=10), LSTM(4), Dense(1, sigmoid)])
    model.initialize(loss='BCE', seed=1, verbose=False)
    model.train(40, verbose=0)
    assert model.metrics['accuracy'][0][-1] == 1.0
    assert np.array_equal(model.predict(words, X_encode=True).A[:5],
                          np.vstack([model.predict(words[:5], X_encode=True).A]))


# The same seed gives the same run as in EpyNN 1.2.13

REFERENCE = np.load(HERE / 'references' / 'epynn_1_2_13.npz', allow_pickle=False)
CASES = [case for case in json.loads(str(REFERENCE['settings']))['cases']
         if case['name'].startswith(('lstm', 'convolution'))]


def tuples(settings):
    return {k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()}


@pytest.mark.parametrize('case', CASES, ids=[case['name'] for case in CASES])
def test_trajectories_of_epynn_1_2_13(case):
    def recorded(*names):
        return REFERENCE['/'.join(map(str, (case['name'], *names)))]

    X, layers = recorded('X_data'), []
    for layer in case['layers']:
        options = tuples(layer['args'])
        p = options.pop('padding', 0)
        if p:
            # EpyNN 1.2.13 puts the frame on all sides, but counts positions as without a frame:
            # the last rows and columns are never seen. Here such a frame is on two sides only
            X = np.pad(X, ((0, 0), (p, 0), (p, 0), (0, 0)))[:, :X.shape[1], :X.shape[2]]
        layers.append(getattr(epynn, layer['layer'])(**options, **(
            {'se_hPars': layer['se_hPars']} if layer['se_hPars'] else {})))
    model = EpyNN([Embedding(X, recorded('Y_data'), **tuples(case['embedding'])), *layers])
    model.initialize(loss=case['loss'], se_hPars=case['se_hPars'], metrics=case['metrics'],
                     seed=case['seed'], verbose=False)

    def compare(when):
        for i, layer in enumerate(model.layers):
            for name in layer.p:
                np.testing.assert_allclose(layer.p[name], recorded(when, i, name),
                                           rtol=0, atol=1e-9)
            if 'W' in layer.p and 'b' not in layer.p:
                assert not recorded(when, i, 'b').any()

    compare('initial')
    model.train(case['epochs'], verbose=0)
    compare('final')
    for name, values in model.metrics.items():
        for dset, found in zip(('dtrain', 'dval', 'dtest'), values, strict=True):
            np.testing.assert_allclose(found, recorded('metrics', name, dset), rtol=0, atol=1e-9)


def test_there_are_trajectories_to_compare():
    assert len(CASES) >= 6
