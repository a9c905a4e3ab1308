"""Recurrent layers do what their equations say, step by step, however they go about it."""
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epynn import GRU, LSTM, RNN
from epynn.commons.maths import sigmoid, tanh
from epynn.speed.windows import distance

# The naive twins: one sample after the other, one step after the other, straight from the
# equations. X (m, s, e), dA (m, s, u) -> A (m, s, u), dX (m, s, e), gradients of the parameters

def rnn_twin(p, X, dA):
    U, V, b = p['U'], p['V'], p['b'][0]
    A, dX, g = np.zeros(dA.shape), np.zeros(X.shape), {name: np.zeros(p[name].shape) for name in p}
    for i in range(len(X)):
        x, hp, h_ = X[i], {}, {}
        h = np.zeros(len(b))
        for s in range(len(x)):
            hp[s] = h
            h_[s] = x[s] @ U + hp[s] @ V + b
            h = A[i, s] = tanh(h_[s])

        dhp = np.zeros(len(b))
        for s in reversed(range(len(x))):
            dh = dA[i, s] + dhp
            dh_ = dh * tanh(h_[s], deriv=True)
            dhp = V @ dh_
            dX[i, s] = U @ dh_
            g['U'] += np.outer(x[s], dh_)
            g['V'] += np.outer(hp[s], dh_)
            g['b'] += dh_
    return A, dX, g


def gru_twin(p, X, dA):
    A, dX, g = np.zeros(dA.shape), np.zeros(X.shape), {name: np.zeros(p[name].shape) for name in p}
    for i in range(len(X)):
        x, hp, z_, r_, hh_ = X[i], {}, {}, {}, {}
        h = np.zeros(dA.shape[-1])
        for s in range(len(x)):
            hp[s] = h
            z_[s] = x[s] @ p['Uz'] + hp[s] @ p['Vz'] + p['bz'][0]
            r_[s] = x[s] @ p['Ur'] + hp[s] @ p['Vr'] + p['br'][0]
            hh_[s] = x[s] @ p['Uhh'] + (sigmoid(r_[s]) * hp[s]) @ p['Vhh'] + p['bhh'][0]
            z = sigmoid(z_[s])
            h = A[i, s] = z * hp[s] + (1 - z) * tanh(hh_[s])

        dhp = np.zeros(dA.shape[-1])
        for s in reversed(range(len(x))):
            z, r, hh = sigmoid(z_[s]), sigmoid(r_[s]), tanh(hh_[s])
            dh = dA[i, s] + dhp
            dhh_ = dh * (1 - z) * tanh(hh_[s], deriv=True)
            drhp = p['Vhh'] @ dhh_
            dr_ = drhp * hp[s] * sigmoid(r_[s], deriv=True)
            dz_ = dh * (hp[s] - hh) * sigmoid(z_[s], deriv=True)
            dhp = dh * z + drhp * r + p['Vr'] @ dr_ + p['Vz'] @ dz_
            dX[i, s] = p['Uz'] @ dz_ + p['Ur'] @ dr_ + p['Uhh'] @ dhh_
            for gate, seen, d_ in (('z', hp[s], dz_), ('r', hp[s], dr_), ('hh', r * hp[s], dhh_)):
                g[f'U{gate}'] += np.outer(x[s], d_)
                g[f'V{gate}'] += np.outer(seen, d_)
                g[f'b{gate}'] += d_
    return A, dX, g


def lstm_twin(p, X, dA):
    A, dX, g = np.zeros(dA.shape), np.zeros(X.shape), {name: np.zeros(p[name].shape) for name in p}
    for i in range(len(X)):
        x, hp, Cp_, C_, z = X[i], {}, {}, {}, {}
        h = memory = np.zeros(dA.shape[-1])
        for s in range(len(x)):
            hp[s], Cp_[s] = h, memory
            z[s] = {gate: x[s] @ p[f'U{gate}'] + h @ p[f'V{gate}'] + p[f'b{gate}'][0]
                    for gate in 'figo'}
            C_[s] = memory = sigmoid(z[s]['f']) * Cp_[s] + sigmoid(z[s]['i']) * tanh(z[s]['g'])
            h = A[i, s] = sigmoid(z[s]['o']) * tanh(C_[s])

        dhp = dCp_ = np.zeros(dA.shape[-1])
        for s in reversed(range(len(x))):
            dh = dA[i, s] + dhp
            dC_ = dh * sigmoid(z[s]['o']) * tanh(C_[s], deriv=True) + dCp_
            d = {'o': dh * tanh(C_[s]) * sigmoid(z[s]['o'], deriv=True),
                 'g': dC_ * sigmoid(z[s]['i']) * tanh(z[s]['g'], deriv=True),
                 'i': dC_ * tanh(z[s]['g']) * sigmoid(z[s]['i'], deriv=True),
                 'f': dC_ * Cp_[s] * sigmoid(z[s]['f'], deriv=True)}
            dCp_ = dC_ * sigmoid(z[s]['f'])
            dhp = sum(p[f'V{gate}'] @ d[gate] for gate in d)
            dX[i, s] = sum(p[f'U{gate}'] @ d[gate] for gate in d)
            for gate in d:
                g[f'U{gate}'] += np.outer(x[s], d[gate])
                g[f'V{gate}'] += np.outer(hp[s], d[gate])
                g[f'b{gate}'] += d[gate]
    return A, dX, g


TWINS = {RNN: rnn_twin, GRU: gru_twin, LSTM: lstm_twin}
kinds = pytest.mark.parametrize('kind', TWINS, ids=lambda kind: kind.__name__)
either = pytest.mark.parametrize('sequences', [False, True], ids=['last', 'sequences'])


def recurrent(kind, e, u, seed=0, scale=1.0, dtype=np.float64, **arguments):
    """A layer with weights of a given scale, from forgetful, far below 1, to chaotic, above."""
    layer, rng = kind(u, clip_gradients=False, **arguments), np.random.default_rng(seed)
    layer.rng, layer.dtype = rng, np.dtype(dtype)
    layer.build(np.zeros((1, 1, e), dtype))
    for name, W in layer.p.items():
        W[:] = rng.standard_normal(W.shape) * (scale if name[0] == 'V' else 1) / np.sqrt(len(W))
    for gate in ('bz', 'bf'):
        if gate in layer.p and scale < 0.5:
            layer.p[gate][:] = -2                       # update and forget gates that keep little
    return layer


def run(layer, X, dA, lengths=None):
    """Output, gradient by the input, gradients by the parameters."""
    A = layer.forward(X, lengths)
    dX = layer.backward(dA if layer.sequences else dA[:, -1])
    return A, dX, {name: layer.g[f'd{name}'] for name in layer.p}


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
def test_layers_agree_with_their_naive_twins(kind, sequences, m, s, e, u, windows):
    layer, (X, dA) = recurrent(kind, e, u, sequences=sequences, windows=windows), data(m, s, e, u)
    if not sequences:
        dA[:, :-1] = 0                                  # only the last state leaves the layer
    A, dX, g = TWINS[kind](layer.p, X, dA)
    assert_runs_agree(run(layer, X, dA), (A if sequences else A[:, -1], dX, g), 1e-12)


shapes = {'kind': st.sampled_from(list(TWINS)), 'sequences': st.booleans(),
          'm': st.integers(1, 4), 's': st.integers(1, 400), 'windows': st.integers(2, 25),
          'seed': st.integers(0, 1000)}


@given(**shapes, scale=st.sampled_from([0.1, 0.5, 1.0, 3.0, 8.0, 30.0]))
def test_windows_of_one_unit_are_bit_for_bit_the_plain_loop(kind, sequences, m, s, windows, scale,
                                                            seed):
    X, dA = data(m, s, 1, 1, seed)
    plain, windowed = (recurrent(kind, 1, 1, seed, scale, sequences=sequences, windows=k)
                       for k in (1, windows))
    assert_runs_agree(run(windowed, X, dA), run(plain, X, dA), 1e-13)
    for state in ('h', 'dhn'):
        np.testing.assert_array_equal(windowed.over_time(state), plain.over_time(state))


@given(**shapes, u=st.integers(2, 8), scale=st.sampled_from([0.1, 0.5, 1.0]))
def test_windows_agree_with_the_plain_loop(kind, sequences, m, s, u, windows, scale, seed):
    X, dA = data(m, s, 2, u, seed)
    plain, windowed = (recurrent(kind, 2, u, seed, scale, sequences=sequences, windows=k)
                       for k in (1, windows))
    assert_runs_agree(run(windowed, X, dA), run(plain, X, dA), 1e-13)


def rnn_step(p, X, hp, dA, dhn):
    """State, and gradient by the state before, from what the neighbouring steps gave."""
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
    hp, h, dA, dhn = (layer.over_time(name) for name in ('hp', 'h', 'dA', 'dhn'))
    assert not hp[:, 0].any() and not dhn[:, -1].any()
    np.testing.assert_array_equal(hp[:, 1:], h[:, :-1])
    expected_h, dhp = STEPS[kind](layer.p, X, hp, dA, dhn)
    assert_close(h, expected_h, 1e-12)
    if s > 1:
        assert_close(dhn[:, :-1], dhp[:, 1:], 1e-12)


@kinds
def test_windows_agree_with_the_plain_loop_where_nothing_is_forgotten(kind):
    """A latch: the state stays where the first inputs pushed it."""
    layers = [recurrent(kind, 1, 1, sequences=True, windows=windows) for windows in (1, 16)]
    for layer in layers:
        for name, W in layer.p.items():
            W[:] = {'V': 4, 'Vz': 0, 'bz': 30, 'bf': 30}.get(name, 0.5)
    X, dA = data(3, 640, 1, 1)
    (A, dX, g), expected = run(layers[1], X, dA), run(layers[0], X, dA)
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


@kinds
def test_a_layer_that_never_forgets_soon_stops_trying(kind):
    X, _ = data(2, 1500, 2, 6)
    layer = recurrent(kind, 2, 6, scale=30.0)
    passes = 60
    assert sum(steps_taken(layer, X) for _ in range(passes)) < 1.1 * passes * 1500


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
        layer = GRU(1, sequences=True, windows=windows)
        layer.rng = np.random.default_rng(2)
        layer.build(X)
        outputs.append(layer.forward(X))
        gradients.append(layer.backward(np.ones((4, 6000, 1))))
    np.testing.assert_allclose(outputs[1], outputs[0], rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(gradients[1], gradients[0], rtol=1e-12, atol=1e-15)
