"""What every layer does the same way, whatever it computes."""
import copy

import numpy as np
import pytest
from layers import CASES, PLAIN, Case, all_cases, all_layers, forward

from epynn import Dense, Dropout, Flatten, sigmoid
from epynn.commons.models import Layer
from epynn.settings import se_hPars
from epynn.speed.one_hot import BLOCK, OneHot, descend, norm, transpose_matmul

layers_with_axes = pytest.mark.parametrize(
    'case', [case for case in PLAIN if case.kind.axes], ids=str)
layers_with_fixed_axes = pytest.mark.parametrize(
    'case', [case for case in PLAIN if case.kind.fixed], ids=str)


def pass_through(layer, X, lengths=None):
    """Output and gradient by the input, of a forward and a backward pass."""
    A = forward(layer, X, lengths)
    return A, layer.backward(np.ones_like(A))


def arrays(layer):
    """Copies of all arrays that a layer holds."""
    return {(cache, name): array.copy() for cache in ('p', 'g', 'fc', 'bc')
            for name, array in getattr(layer, cache).items()}


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for name in expected:
        np.testing.assert_array_equal(found[name], expected[name])


@all_cases
def test_shapes(case):
    layer, X = case.layer(), case.X()
    A, dX = pass_through(layer, X, case.steps())
    assert dX.shape == X.shape and len(A) == len(X)
    assert {f'd{name}': W.shape for name, W in layer.p.items()} \
        == {name: dW.shape for name, dW in layer.g.items()}
    assert {name: layer.fs[name] for name in layer.p} == dict(layer.compute_shapes())
    assert {name: layer.fs[name] for name in layer.fc} \
        == {name: array.shape for name, array in layer.fc.items()}
    assert layer.bs == {name: array.shape for name, array in layer.bc.items()}
    assert {'dA', 'dX'} <= layer.bc.keys()
    assert {letter: layer.d[letter] for letter in layer.axes} \
        == dict(zip(layer.axes, X.shape, strict=False))


@all_cases
def test_a_new_pass_has_new_caches(case):
    layer, X = case.layer(), case.X()
    pass_through(layer, X, case.steps())
    caches, kept = (layer.fc, layer.bc), arrays(layer)
    pass_through(layer, X + 1, case.steps())
    assert layer.fc is not caches[0] and layer.bc is not caches[1]
    for cache, before in zip(('fc', 'bc'), caches, strict=True):
        for name, array in before.items():              # what one held of the old is as it was
            np.testing.assert_array_equal(array, kept[cache, name])


@all_cases
def test_input_and_gradient_are_not_changed(case):
    layer, X = case.layer(), case.X()
    A = forward(layer, X, case.steps())
    dA = np.random.default_rng(5).standard_normal(A.shape)
    given = dA.copy()
    A_before = A.copy()
    layer.backward(dA)
    np.testing.assert_array_equal(X, case.X())
    np.testing.assert_array_equal(dA, given)
    np.testing.assert_array_equal(A, A_before)


@all_cases
def test_the_same_again_is_the_same(case):
    first, second = case.layer(), case.layer()
    A, dX = pass_through(first, case.X(), case.steps())
    for _ in range(2):
        for found, expected in zip(pass_through(second, case.X(), case.steps()), (A, dX),
                                   strict=True):
            np.testing.assert_array_equal(found, expected)
    assert_same(arrays(second), arrays(first))


@all_cases
def test_inference_keeps_nothing_and_leaves_what_training_kept(case):
    layer, X = case.layer(), case.X()
    A, dX = pass_through(layer, X, case.steps())
    kept, shapes = arrays(layer), copy.deepcopy((layer.fs, layer.bs))
    layer.training = False
    inferred = layer.forward(2 * X[:1], None if case.lengths is None else case.steps()[:1])
    np.testing.assert_array_equal(
        layer.forward(2 * X[:1], None if case.lengths is None else case.steps()[:1]), inferred)
    assert_same(arrays(layer), kept)
    assert (layer.fs, layer.bs) == shapes
    if case.kind is not Dropout:
        np.testing.assert_array_equal(layer.forward(X, case.steps()), A)


@all_cases
def test_single_precision_is_kept(case):
    layer, X = case.layer(np.float32), case.X(np.float32)
    A, dX = pass_through(layer, X, case.steps())
    layer.update_parameters(0.1)
    kinds = {name: array.dtype for name, array in arrays(layer).items() if array.dtype != bool}
    assert {*kinds.values(), A.dtype, dX.dtype} == {np.dtype('float32')}, kinds
    expected = pass_through(case.layer(), X.astype(float), case.steps())
    for found, precise in zip((A, dX), expected, strict=True):
        np.testing.assert_allclose(found, precise, rtol=1e-3, atol=1e-4)


@all_cases
def test_an_update_is_a_step_down_the_gradient(case):
    layer = case.layer()
    pass_through(layer, case.X(), case.steps())
    before = arrays(layer)
    layer.update_parameters(0.5)
    for name, W in layer.p.items():
        np.testing.assert_allclose(W, before['p', name] - 0.5 * before['g', f'd{name}'],
                                   rtol=1e-14)


@all_layers
def test_one_sample(case):
    layer, X = case.layer(), case.X()
    layer.training = False
    together = layer.forward(X)
    for i in range(len(X)):
        np.testing.assert_allclose(layer.forward(X[i:i + 1])[0], together[i], rtol=1e-12)
    layer.training = True
    A, dX = pass_through(layer, X[:1])
    assert A.shape == (1, *together.shape[1:]) and dX.shape == X[:1].shape


@pytest.mark.parametrize('case', [case for case in CASES if 's' in case.kind.axes], ids=str)
def test_one_step(case):
    X = case.X()[:, :1]
    lengths = None if case.lengths is None else np.ones(len(X), int)
    A, dX = pass_through(case.layer(), X, lengths)
    assert A.shape[1:-1] == ((1,) if case.arguments.get('sequences') else ())
    assert dX.shape == X.shape and np.isfinite(dX).all()


@layers_with_axes
@pytest.mark.parametrize('change', [lambda X: X[0], lambda X: X[..., np.newaxis]],
                         ids=['fewer', 'more'])
def test_wrong_number_of_axes_is_explained(case, change):
    X = change(case.X())
    with pytest.raises(ValueError) as caught:
        case.layer().forward(X)
    expected = ', '.join(case.kind.axes.values())
    message = str(caught.value)
    assert message.startswith(f'{case.kind.__name__} (layer 1) expects input of shape (')
    assert f'got {X.shape}' in message and case.kind.remedy in message
    assert all(axis in message for axis in expected.split(', '))


@layers_with_fixed_axes
def test_other_features_than_in_training_are_explained(case):
    X = np.concatenate([case.X()] * 2, axis=-1)
    [letter] = case.kind.fixed
    layer = case.layer()
    with pytest.raises(ValueError) as caught:
        layer.forward(X)
    assert f'{case.kind.axes[letter]} = {layer.d[letter]}' in str(caught.value)
    assert f'got {X.shape}' in str(caught.value)
    layer.forward(case.X())                             # and the layer is as it was


@pytest.mark.parametrize('case', [case for case in CASES if not case.lengths], ids=str)
def test_one_hot_input_is_as_its_vectors(case):
    """Kept as symbols or unfolded, padding (symbol e) included."""
    *shape, e = case.shape
    one_hot = OneHot(np.random.default_rng(0).integers(0, e + 1, shape).astype(np.uint8), e)
    X = np.asarray(one_hot, dtype=np.float64)
    kept, unfolded = case.layer(), case.layer()
    for layer in (kept, unfolded):
        layer.needs_dX = not layer.p
    A = np.asarray(forward(kept, one_hot))
    np.testing.assert_allclose(A, forward(unfolded, X), rtol=1e-13, atol=1e-15)
    for layer in (kept, unfolded):
        layer.backward(np.ones_like(A, dtype=np.float64))
    for name in unfolded.g:
        np.testing.assert_allclose(kept.g[name], unfolded.g[name], rtol=1e-12, atol=1e-14)


def test_large_weights_and_long_one_hot_rows():
    """What is worked through in parts, to stay in the cache, is all worked through."""
    one_hot = OneHot(np.random.default_rng(0).integers(0, 9, (3, 1001)).astype(np.uint8), 8)
    X = np.asarray(one_hot, dtype=np.float64)
    dense = Case(Dense, (3, 8008), {'units': 40}).layer()
    flat, before = Flatten(), dense.p['W'].copy()
    A = dense.forward(flat.forward(one_hot))
    np.testing.assert_allclose(A, sigmoid(X.reshape(3, -1) @ dense.p['W'] + dense.p['b']),
                               rtol=1e-12)
    dense.needs_dX = False
    dense.backward(A)
    expected = X.reshape(3, -1).T @ dense.bc['dZ']
    np.testing.assert_allclose(dense.g['dW'], expected, rtol=1e-12, atol=1e-15)
    dense.update_parameters(0.5)
    np.testing.assert_allclose(dense.p['W'], before - 0.5 * expected, rtol=1e-12)


@all_layers
def test_hyperparameters_are_bound_and_never_written_to(case):
    layer, given, defaults = case.layer(), {'learning_rate': 0.7}, dict(se_hPars)
    layer.bind(given)
    layer.se_hPars['learning_rate'] = 3
    assert given == {'learning_rate': 0.7} and se_hPars == defaults


@all_layers
def test_nothing_is_shared_between_layers_of_a_kind(case):
    first, second = case.layer(), case.layer()
    for name in ('d', 'p', 'g', 'o', 'fc', 'bc', 'fs', 'bs', 'activation', 'se_hPars'):
        assert getattr(first, name) is not getattr(second, name)


@all_layers
def test_a_layer_only_fills_holes(case):
    """What the base class does the same way for all is overridden by none."""
    own = {name for kind in case.kind.__mro__[:-2] for name in vars(kind)}
    assert not own & {'forward', 'backward', 'build', 'bind', 'check', 'update_parameters',
                      'allocate_gradients', 'title', '__new__'}
    assert issubclass(case.kind, Layer)


@all_layers
def test_a_copy_is_another_layer_that_does_the_same(case):
    layer = case.layer()
    other = copy.deepcopy(layer)
    np.testing.assert_array_equal(forward(other, case.X()), forward(layer, case.X()))
    for W in other.p.values():
        W += 1
    assert_same(layer.p, case.layer().p)


@all_layers
def test_summary_has_every_array_with_its_shape_and_range(case, capsys):
    layer = case.layer()
    pass_through(layer, case.X())
    kept = arrays(layer)
    layer.summary()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f'{case.kind.__name__} (layer 1)'
    for (cache, name), array in kept.items():
        [line] = [line for line in lines if f" {cache}['{name}'] " in line]
        cells = [cell.strip() for cell in line.split('|')]
        assert cells[3] == ' x '.join(map(str, array.shape))
        assert cells[4] == f'{array.min():.3g} to {array.max():.3g}'
    assert layer._repr_html_().count('<tr>') == len(kept) + 1
    assert_same(arrays(layer), kept)


# Dropout, the one that draws

def test_dropout_drops_its_share_and_scales_the_rest():
    layer = Dropout(0.3)
    layer.rng = np.random.default_rng(0)
    X = np.ones((200, 50))
    A = layer.forward(X)
    assert set(np.unique(A)) == {0, 1 / 0.7}
    assert np.mean(A == 0) == pytest.approx(0.3, abs=0.02)
    np.testing.assert_array_equal(layer.backward(X), A)
    layer.training = False
    np.testing.assert_array_equal(layer.forward(X), X)


@pytest.mark.parametrize('axis, masks', [((), 24), (1, 6), (-1, 8), ((1, 2), 2), (0, 12)])
def test_dropout_shares_its_mask_along_axes(axis, masks):
    layer = Dropout(0.5, axis=axis)
    layer.rng = np.random.default_rng(0)
    layer.forward(np.ones((2, 4, 3)))
    D = np.broadcast_to(layer.fc['D'], (2, 4, 3))
    for i in np.atleast_1d(axis).astype(int):
        np.testing.assert_array_equal(D, np.take(D, [0] * D.shape[i], axis=i))
    assert layer.fc['D'].size == masks


def test_the_gradient_of_flattened_one_hot_data_is_an_array_to_whoever_looks():
    rng = np.random.default_rng(0)
    X = OneHot(rng.integers(0, 6, (4, 7)), 5).reshape(4, -1)        # 5 is padding
    dZ = rng.standard_normal((4, 3))
    gradient, expected = transpose_matmul(X, dZ), np.asarray(X, dtype=float).T @ dZ
    assert gradient.shape == expected.shape and len(gradient) == 35 and gradient.size == 105
    for rows in (slice(None), slice(0, 5), slice(3, 22), slice(34, 35), slice(None, None, 4),
                 slice(-6, None), slice(9, 2), 3, [1, 20]):
        np.testing.assert_allclose(gradient[rows], expected[rows], rtol=1e-14, atol=1e-15)
    for look in (np.asarray, np.abs, np.linalg.norm, lambda g: g.max(), lambda g: 2 * g + g,
                 lambda g: (g**2).sum(), lambda g: g.copy(), lambda g: np.sum(g, axis=0)):
        np.testing.assert_allclose(look(gradient), look(expected), rtol=1e-14, atol=1e-15)
    assert norm(gradient) == pytest.approx(np.linalg.norm(expected), rel=1e-14)
    assert np.isnan(norm(transpose_matmul(X, dZ * np.nan)))
    gradient *= 2
    np.testing.assert_allclose(gradient, 2 * expected, rtol=1e-14, atol=1e-15)
    with pytest.raises(AttributeError, match='no attribute'):
        getattr(transpose_matmul(X, dZ), 'nothing')  # noqa: B009


def test_flattened_one_hot_data_of_many_blocks():
    rng = np.random.default_rng(0)
    X = OneHot(rng.integers(0, 5, (4, 30_000)), 4).reshape(4, -1)       # 4 is padding
    assert X.symbols.size > 3 * BLOCK
    W = rng.standard_normal((120_000, 3))
    Z = X @ W
    np.testing.assert_allclose(Z, np.asarray(X, dtype=float) @ W, rtol=1e-12, atol=1e-10)
    assert all(np.array_equal(X @ W, Z) for _ in range(20))     # whichever thread is first


def test_an_update_is_the_same_for_a_gradient_in_factors():
    rng = np.random.default_rng(0)
    X = OneHot(rng.integers(0, 16, (3, 2000)), 16).reshape(3, -1)
    dZ, W = rng.standard_normal((3, 8)), rng.standard_normal((32_000, 8))
    expected = W - 0.1 * np.asarray(X, dtype=float).T @ dZ
    descend(W, transpose_matmul(X, dZ), 0.1)
    np.testing.assert_allclose(W, expected, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize('name', ['identity', 'relu', 'lrelu', 'elu', 'sigmoid', 'tanh', 'softmax'])
@pytest.mark.parametrize('dtype', ['float64', 'float32'])
def test_a_slope_is_the_same_with_the_value_known(name, dtype):
    layer = Dense(3, name, se_hPars={'ELU_alpha': 0.7, 'LRELU_alpha': 0.1})
    layer.bind(se_hPars)
    Z = np.array([[-1e4, -800, -3], [0, 1e-8, 0.5], [2, 90, 1e4]], dtype)
    slope = layer.slope('activate', Z, layer.activate(Z))
    assert slope.dtype == dtype
    np.testing.assert_array_equal(slope, layer.activate(Z, deriv=True))
