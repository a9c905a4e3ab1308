"""Recurrent layers do what their equations say, step by step, however they go about it."""
from itertools import cycle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from layers import ELEMENTWISE

from epynn import GRU, LSTM, RNN
from epynn.commons.maths import sigmoid, tanh
from epynn.gru.reference import gru_reference
from epynn.lstm.reference import lstm_reference
from epynn.rnn.reference import rnn_reference
from epynn.speed.windows import distance, samples_first, time_first

REFERENCES = {RNN: rnn_reference, GRU: gru_reference, LSTM: lstm_reference}
kinds = pytest.mark.parametrize('kind', REFERENCES, ids=lambda kind: kind.__name__)
either = pytest.mark.parametrize('sequences', [False, True], ids=['last', 'sequences'])


def recurrent(kind, e, u, seed=0, scale=1.0, dtype=np.float64, **arguments):
    """A layer with weights of a given scale, from forgetful, far below 1, to chaotic, above."""
    rng = np.random.default_rng(seed)
    layer = kind(u, clip_gradients=False, **arguments).build(np.zeros((1, 1, e)), rng, dtype)
    for name, W in layer.p.items():
        W[:] = rng.standard_normal(W.shape) * (scale if name[0] == 'V' else 1) / np.sqrt(len(W))
    for gate in ('bz', 'bf'):
        if gate in layer.p and scale < 0.5:
            layer.p[gate][:] = -2                       # update and forget gates that keep little
    return layer


def run(layer, X, dA, lengths=None):
    """Output, and gradients with respect to the input and to the parameters."""
    A = layer.forward(X, lengths)
    dX = layer.backward(dA if layer.sequences else dA[:, -1])
    return A, dX, dict(layer.g)


def data(m, s, e, u, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((m, s, e)), rng.standard_normal((m, s, u))


def assert_close(found, expected, tolerance, size=0):
    """Elements agree, relative to the largest of them, or to a size if that is larger."""
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= tolerance * max(np.abs(expected).max(), size)


def assert_runs_agree(found, expected, tolerance):
    (A, dX, g), (expected_A, expected_dX, expected_g) = found, expected
    assert_close(A, expected_A, tolerance)
    assert_close(dX, expected_dX, tolerance)
    for name in expected_g:                             # sums, as exact as their terms are
        assert_close(g[name], expected_g[name], tolerance, size=np.abs(expected_dX).sum())


@either
@kinds
@pytest.mark.parametrize('m, s, e, u', [(3, 40, 2, 3), (1, 70, 1, 1), (2, 1, 3, 2), (4, 2, 1, 5)])
@pytest.mark.parametrize('windows', [1, 5, None])
def test_layers_agree_with_their_reference(kind, sequences, m, s, e, u, windows):
    layer, (X, dA) = recurrent(kind, e, u, sequences=sequences, windows=windows), data(m, s, e, u)
    if not sequences:
        dA[:, :-1] = 0                                  # only the last state leaves the layer
    h, dX, g = REFERENCES[kind](layer.p, X, dA)
    assert_runs_agree(run(layer, X, dA), (h if sequences else h[:, -1], dX, g), 1e-12)
    np.testing.assert_allclose(layer.fc['h'], h, rtol=0, atol=1e-13)


# Each gate, from what the caches say went into it: with another activation in each role

GATES = {RNN: {'h': 'activate'},
         GRU: {'z': 'activate_update', 'r': 'activate_reset', 'hh': 'activate'},
         LSTM: {'f': 'activate_forget', 'i': 'activate_input', 'g': 'activate_candidate',
                'o': 'activate_output'}}
STATES = {RNN: {'h': 'hp'}, GRU: {'h': 'hp'}, LSTM: {'h': 'hp', 'C_': 'Cp_'}}


@kinds
@pytest.mark.parametrize('windows', [1, 3])
@pytest.mark.parametrize('shift', range(len(ELEMENTWISE)))
def test_every_gate_is_its_equation(kind, windows, shift):
    roles = list(dict.fromkeys([*GATES[kind].values(), 'activate']))
    functions = dict(zip(roles, cycle(ELEMENTWISE[shift:] + ELEMENTWISE[:shift]), strict=False))
    layer, (X, _) = recurrent(kind, 2, 3, scale=0.3, windows=windows, **functions), data(4, 7, 2, 3)
    layer.forward(X)
    fc, p = layer.fc, layer.p
    for gate, role in GATES[kind].items():
        seen, at = (fc['r'] * fc['hp'] if gate == 'hh' else fc['hp']), '' if kind is RNN else gate
        np.testing.assert_allclose(
            fc[f'{gate}_'], X @ p[f'U{at}'] + seen @ p[f'V{at}'] + p[f'b{at}'], rtol=1e-12,
            atol=1e-12)
        np.testing.assert_array_equal(fc[gate], getattr(layer, role)(fc[f'{gate}_']))
    if kind is GRU:
        np.testing.assert_array_equal(fc['h'], fc['z'] * fc['hp'] + (1 - fc['z']) * fc['hh'])
    if kind is LSTM:
        np.testing.assert_array_equal(fc['C_'], fc['f'] * fc['Cp_'] + fc['i'] * fc['g'])
        np.testing.assert_array_equal(fc['C'], layer.activate(fc['C_']))
        np.testing.assert_array_equal(fc['h'], fc['o'] * fc['C'])


# What the caches hold, and how

FORWARD = {RNN: 'X h hp h_', GRU: 'X h hp z_ z r_ r hh_ hh',
           LSTM: 'X h hp f_ f i_ i g_ g o_ o C_ Cp_ C'}
BACKWARD = {RNN: 'dA dX dhn dhp dh_', GRU: 'dA dX dhn dhp dz_ dr_ dhh_',
            LSTM: 'dA dX dhn dhp dCn dCp_ dC_ df_ di_ dg_ do_'}


@kinds
@pytest.mark.parametrize('windows', [1, 4])
def test_caches_have_the_names_and_the_shapes_of_the_equations(kind, windows):
    X, dA = data(3, 10, 2, 4)
    layer = recurrent(kind, 2, 4, sequences=True, windows=windows)
    _, dX, _ = run(layer, X, dA)
    assert {*layer.fc} == {*FORWARD[kind].split()} and {*layer.bc} == {*BACKWARD[kind].split()}
    for cache in (layer.fc, layer.bc):
        for name, A in cache.items():
            assert A.shape == (3, 10, 2 if 'X' in name else 4) and not A.flags.writeable
            assert name in cache and cache.shapes()[name] == A.shape
    for name, expected in (('X', X), ('dA', dA), ('dX', dX)):
        np.testing.assert_array_equal({**layer.fc, **layer.bc}[name], expected)


@kinds
@pytest.mark.parametrize('windows', [1, 4])
def test_a_state_is_that_of_the_step_before_and_zero_at_the_first(kind, windows):
    X, dA = data(3, 10, 2, 4)
    layer = recurrent(kind, 2, 4, scale=0.1, sequences=True, windows=windows)
    run(layer, X, dA)
    for now, before in STATES[kind].items():
        np.testing.assert_array_equal(layer.fc[before][:, 1:], layer.fc[now][:, :-1])
        assert not layer.fc[before][:, 0].any()
    for after, before in (('dhn', 'dhp'), *([('dCn', 'dCp_')] if kind is LSTM else [])):
        np.testing.assert_array_equal(layer.bc[after][:, :-1], layer.bc[before][:, 1:])
        assert not layer.bc[after][:, -1].any()


@kinds
def test_caches_are_filled_by_the_layer_alone(kind):
    layer = recurrent(kind, 2, 3)
    layer.forward(data(2, 5, 2, 3)[0])
    with pytest.raises(ValueError, match='read-only'):
        layer.fc['h'][:] = 0
    with pytest.raises(TypeError, match="'h' cannot be set"):
        layer.fc['h'] = np.zeros((2, 5, 3))
    with pytest.raises(KeyError):
        layer.fc['q']


@given(m=st.integers(1, 4), s=st.integers(1, 30), n=st.integers(1, 3), windows=st.integers(1, 30))
def test_time_first_and_samples_first_are_inverse(m, s, n, windows):
    A = np.arange(m * s * n, dtype=float).reshape(m, s, n)
    cut = time_first(A, min(windows, s), fill=-1)
    np.testing.assert_array_equal(samples_first(cut, m, s), A)
    assert np.count_nonzero(cut == -1) == cut.size - A.size


@kinds
def test_gradients_are_clipped_together_to_a_norm(kind):
    X, dA = data(4, 9, 2, 3)
    free, clipped = recurrent(kind, 2, 3), recurrent(kind, 2, 3)
    clipped.clip_gradients = True
    (_, _, g), (_, _, clipped_g) = run(free, X, 100 * dA), run(clipped, X, 100 * dA)
    norm = free.gradient_norm()
    assert norm > 1 and clipped.gradient_norm() == pytest.approx(0.25, rel=1e-12)
    for name in g:
        np.testing.assert_allclose(clipped_g[name], g[name] * 0.25 / norm, rtol=1e-12)


# Windows


shapes = {'kind': st.sampled_from(list(REFERENCES)), 'sequences': st.booleans(),
          'm': st.integers(1, 4), 's': st.integers(1, 400), 'windows': st.integers(2, 25),
          'seed': st.integers(0, 1000)}


@given(**shapes, scale=st.sampled_from([0.1, 0.5, 1.0, 3.0, 8.0, 30.0]))
def test_windows_of_one_unit_are_bit_for_bit_the_plain_loop(kind, sequences, m, s, windows, scale,
                                                            seed):
    X, dA = data(m, s, 1, 1, seed)
    plain, windowed = (recurrent(kind, 1, 1, seed, scale, sequences=sequences, windows=k)
                       for k in (1, windows))
    assert_runs_agree(run(windowed, X, dA), run(plain, X, dA), 1e-13)
    np.testing.assert_array_equal(windowed.fc['h'], plain.fc['h'])
    np.testing.assert_array_equal(windowed.bc['dhn'], plain.bc['dhn'])


@given(**shapes, u=st.integers(2, 8), scale=st.sampled_from([0.1, 0.5, 1.0]))
def test_windows_agree_with_the_plain_loop(kind, sequences, m, s, u, windows, scale, seed):
    X, dA = data(m, s, 2, u, seed)
    plain, windowed = (recurrent(kind, 2, u, seed, scale, sequences=sequences, windows=k)
                       for k in (1, windows))
    assert_runs_agree(run(windowed, X, dA), run(plain, X, dA), 1e-13)


def rnn_step(p, X, hp, dA, dhn):
    """State, and gradient with respect to the one before, from what its neighbours gave."""
    h_ = X @ p['U'] + hp @ p['V'] + p['b']
    return tanh(h_), ((dA + dhn) * tanh(h_, deriv=True)) @ p['V'].T


def gru_step(p, X, hp, dA, dhn):
    z_, r_ = (X @ p[f'U{gate}'] + hp @ p[f'V{gate}'] + p[f'b{gate}'] for gate in 'zr')
    z, r = sigmoid(z_), sigmoid(r_)
    hh_ = X @ p['Uhh'] + (r * hp) @ p['Vhh'] + p['bhh']
    dh = dA + dhn
    drhp = (dh * (1 - z) * tanh(hh_, deriv=True)) @ p['Vhh'].T
    dr_ = drhp * hp * sigmoid(r_, deriv=True)
    dz_ = dh * (hp - tanh(hh_)) * sigmoid(z_, deriv=True)
    return z * hp + (1 - z) * tanh(hh_), dh * z + drhp * r + dr_ @ p['Vr'].T + dz_ @ p['Vz'].T


STEPS = {RNN: rnn_step, GRU: gru_step}


@given(**{**shapes, 'kind': st.sampled_from(list(STEPS))}, u=st.integers(1, 16),
       scale=st.sampled_from([1.0, 3.0, 8.0, 30.0]))
def test_windows_hang_together_however_chaotic(kind, sequences, m, s, u, windows, scale, seed):
    """Chaos makes any rounding large, but each step still has to follow from its neighbours."""
    X, dA = data(m, s, 2, u, seed)
    layer = recurrent(kind, 2, u, seed, scale, sequences=sequences, windows=windows)
    run(layer, X, dA)
    hp, h, dA, dhn = layer.fc['hp'], layer.fc['h'], layer.bc['dA'], layer.bc['dhn']
    assert not hp[:, 0].any() and not dhn[:, -1].any()
    np.testing.assert_array_equal(hp[:, 1:], h[:, :-1])
    expected_h, dhp = STEPS[kind](layer.p, X, hp, dA, dhn)
    assert_close(h, expected_h, 1e-12)
    if s > 1:
        assert_close(dhn[:, :-1], dhp[:, 1:], 1e-12)


@either
@kinds
@pytest.mark.parametrize('lengths', [None, (640, 1, 301)], ids=['equal', 'unequal'])
def test_windows_agree_with_the_plain_loop_where_nothing_is_forgotten(kind, lengths, sequences):
    """A latch: the state stays where the first inputs pushed it."""
    lengths = None if lengths is None else np.array(lengths)
    layers = [recurrent(kind, 1, 1, sequences=sequences, windows=windows) for windows in (1, 16)]
    for layer in layers:
        for name, W in layer.p.items():
            W[:] = {'V': 4, 'Vz': 0, 'bz': 30, 'bf': 30}.get(name, 0.5)
    X, dA = data(3, 640, 1, 1)
    (A, dX, g), expected = run(layers[1], X, dA, lengths), run(layers[0], X, dA, lengths)
    np.testing.assert_array_equal(A, expected[0])
    assert_runs_agree((A, dX, g), expected, 1e-13)


def steps_taken(layer, X):
    """Times that the loop body runs in a forward pass."""
    taken, activate = 0, layer.activate

    def counted(*args, **kwargs):
        nonlocal taken
        taken += 1
        return activate(*args, **kwargs)

    layer.activate = counted
    layer.forward(X)
    layer.activate = activate
    return taken


@kinds
def test_a_layer_that_forgets_takes_fewer_steps(kind):
    X, _ = data(4, 4000, 2, 1)
    assert steps_taken(recurrent(kind, 2, 1, scale=0.3), X) < 4000 / 8
    assert steps_taken(recurrent(kind, 2, 1, scale=0.3, windows=1), X) == 4000


@pytest.mark.slow
@kinds
def test_a_layer_that_never_forgets_soon_stops_trying(kind):
    X, _ = data(2, 1500, 2, 6)
    layer = recurrent(kind, 2, 6, scale=30.0)
    passes = 60
    assert sum(steps_taken(layer, X) for _ in range(passes)) < 1.1 * passes * 1500


@pytest.mark.slow
@kinds
def test_a_layer_that_forgets_again_is_tried_again(kind):
    X, _ = data(2, 1500, 2, 3)
    layer, forgetful = (recurrent(kind, 2, 3, scale=scale) for scale in (30.0, 0.1))
    layer.forward(X)
    layer.p = forgetful.p
    assert min(steps_taken(layer, X) for _ in range(200)) < 1500 / 4


@either
@kinds
@pytest.mark.parametrize('windows', [1, 4, None])
def test_each_of_unequal_lengths_is_as_if_alone(kind, sequences, windows):
    lengths = np.array([23, 1, 90, 64, 2])
    layer = recurrent(kind, 2, 3, sequences=sequences, windows=windows)
    X, dA = data(5, 90, 2, 3)                           # what stands in the padding is noise
    A, dX, g = run(layer, X, dA, lengths)
    g = {name: dW.copy() for name, dW in g.items()}

    total = dict.fromkeys(g, 0)
    for i, n in enumerate(lengths):
        own = dA[i:i + 1, :n].copy()
        own[:, -1] = own[:, -1] if sequences else dA[i, -1]
        A_alone, dX_alone, g_alone = run(layer, X[i:i + 1, :n], own)
        assert_close(A[i:i + 1, :n] if sequences else A[i:i + 1], A_alone, 1e-12)
        assert_close(dX[i:i + 1, :n], dX_alone, 1e-12)
        total = {name: total[name] + g_alone[name] for name in g}
        assert not dX[i, n:].any()
        assert not sequences or not A[i, n:].any()
    for name in g:
        assert_close(g[name], total[name], 1e-12)


@kinds
def test_hidden_state_of_the_last_step_is_the_last_of_the_sequence(kind):
    X, _ = data(3, 50, 2, 4)
    every, last = (recurrent(kind, 2, 4, sequences=sequences) for sequences in (True, False))
    np.testing.assert_array_equal(every.forward(X)[:, -1], last.forward(X))


@pytest.mark.parametrize('dtype', ['float32', 'float64', 'complex128'])
def test_a_small_number_beside_a_large_one_counts(dtype):
    """Where rounding is forgiven, it is that of each number, not that of the largest."""
    before = np.array([[1.0], [1e-20]], dtype)
    after = np.array([[1.0], [2e-20]], dtype)
    assert distance(before, after) == pytest.approx(0.5)
    assert distance(before, before.copy()) == 0
    if dtype == 'complex128':
        assert distance(before + 1e-30j, before + 2e-30j) == pytest.approx(0.5)


def test_silence_is_done_in_windows_and_within_rounding():
    """A constant input brings states to rest a unit in the last place apart."""
    X = np.random.default_rng(0).standard_normal((4, 6000, 2))
    X[:, 500:2500] = X[:, 4000:5500] = 0.25
    outputs, gradients = [], []
    for windows in (1, 40):
        layer = GRU(1, sequences=True, windows=windows).build(X, seed=2)
        outputs.append(layer.forward(X))
        gradients.append(layer.backward(np.ones((4, 6000, 1))))
    np.testing.assert_allclose(outputs[1], outputs[0], rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(gradients[1], gradients[0], rtol=1e-12, atol=1e-15)
