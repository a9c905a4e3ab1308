"""What every layer does the same way, whatever it computes."""
import copy
import inspect

import numpy as np
import pytest
from layers import (
    CASES,
    ELSEWHERE,
    LAYERS,
    PLAIN,
    SHAPES,
    SOME,
    all_cases,
    all_layers,
    forward,
    layers_that_learn,
    some_cases,
)

from epynn import Dense, Dropout, Template, tanh
from epynn.commons.arguments import Argument
from epynn.commons.models import Layer
from epynn.layers import layers
from epynn.settings import se_hPars
from epynn.speed.one_hot import OneHot

layers_with_axes = pytest.mark.parametrize(
    'case', [case for case in PLAIN if case.kind.axes], ids=str)
layers_with_fixed_axes = pytest.mark.parametrize(
    'case', [case for case in PLAIN if case.kind.fixed_axes], ids=str)


def pass_through(layer, X, lengths=None):
    """Output and gradient with respect to the input, of a forward and a backward pass."""
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


def test_every_layer_of_the_registry_is_tested_here():
    assert {*LAYERS, *ELSEWHERE} == {*layers}


@pytest.mark.parametrize('name', LAYERS)
def test_every_argument_of_a_layer_is_tried(name):
    tried = {argument for case in CASES if case.kind is layers[name] for argument in case.arguments}
    assert {*inspect.signature(layers[name]).parameters} - {'se_hPars'} <= tried


# Passes, forward and backward

@some_cases
def test_shapes_are_those_of_the_equations(case):
    layer, X = case.layer(), case.X()
    A, dX = pass_through(layer, X, case.steps())
    assert dX.shape == X.shape and len(A) == len(X)
    assert {f'd{name}': W.shape for name, W in layer.p.items()} \
        == {name: dW.shape for name, dW in layer.g.items()}
    assert {name: W.shape for name, W in layer.p.items()} == layer.compute_shapes()
    assert layer.fs == {**layer.compute_shapes(),
                        **{name: array.shape for name, array in layer.fc.items()}}
    assert layer.bs == {name: array.shape for name, array in layer.bc.items()}
    assert {'dA', 'dX'} <= layer.bc.keys()
    assert layer.d.items() >= (layer.axis_sizes(X.shape) if layer.axes else {}).items()
    assert not {'u', *case.arguments} & layer.d.keys()      # dimensions of the data, no arguments


@some_cases
def test_a_new_pass_has_new_caches(case):
    layer, X = case.layer(), case.X()
    pass_through(layer, X, case.steps())
    caches, kept = (layer.fc, layer.bc), arrays(layer)
    pass_through(layer, X + 1, case.steps())
    assert layer.fc is not caches[0] and layer.bc is not caches[1]
    for cache, before in zip(('fc', 'bc'), caches, strict=True):
        for name, array in before.items():              # what one held of the old is as it was
            np.testing.assert_array_equal(array, kept[cache, name])


@some_cases
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


@some_cases
def test_the_same_again_is_the_same(case):
    first, second = case.layer(), case.layer()
    A, dX = pass_through(first, case.X(), case.steps())
    for _ in range(2):
        for found, expected in zip(pass_through(second, case.X(), case.steps()), (A, dX),
                                   strict=True):
            np.testing.assert_array_equal(found, expected)
    assert_same(arrays(second), arrays(first))


@some_cases
def test_single_precision_is_kept(case):
    layer, X = case.layer(np.float32), case.X(np.float32)
    A, dX = pass_through(layer, X, case.steps())
    layer.update_parameters(0.1)
    kinds = {name: array.dtype for name, array in arrays(layer).items() if array.dtype != bool}
    assert {*kinds.values(), A.dtype, dX.dtype} == {np.dtype('float32')}, kinds
    expected = pass_through(case.layer(), X.astype(float), case.steps())
    for found, precise in zip((A, dX), expected, strict=True):
        np.testing.assert_allclose(found, precise, rtol=1e-3, atol=1e-4)


@some_cases
def test_an_update_is_a_step_against_the_gradient(case):
    layer = case.layer()
    pass_through(layer, case.X(), case.steps())
    before = arrays(layer)
    layer.update_parameters(0.5)
    for name, W in layer.p.items():
        np.testing.assert_allclose(W, before['p', name] - 0.5 * before['g', f'd{name}'],
                                   rtol=1e-14)


@layers_that_learn
def test_the_gradient_with_respect_to_the_data_is_spared_where_nobody_asks(case):
    layer = case.layer()
    pass_through(layer, case.X())
    gradients = copy.deepcopy(layer.g)
    layer.needs_dX = False
    _, dX = pass_through(layer, case.X())
    assert dX is None and 'dX' not in layer.bc
    assert_same(layer.g, gradients)


@layers_that_learn
def test_a_layer_that_is_not_trainable_passes_gradients_through_and_has_none_of_its_own(case):
    layer = case.layer()
    A, dX = pass_through(layer, case.X())
    layer.trainable = False
    found = pass_through(layer, case.X())
    assert layer.g == {}
    np.testing.assert_array_equal(found[0], A)
    np.testing.assert_array_equal(found[1], dX)


@all_layers
def test_one_sample_is_as_among_others(case):
    layer, X = case.layer(), case.X()
    light = layer.inference()
    together = light.forward(X)
    for i in range(len(X)):
        np.testing.assert_allclose(light.forward(X[i:i + 1])[0], together[i], rtol=1e-12)
    A, dX = pass_through(layer, X[:1])
    assert A.shape == (1, *together.shape[1:]) and dX.shape == X[:1].shape


@pytest.mark.parametrize('case', [case for case in SOME if 's' in case.kind.axes], ids=str)
def test_a_sequence_may_have_one_step(case):
    X = case.X()[:, :1]
    lengths = None if case.lengths is None else np.ones(len(X), int)
    A, dX = pass_through(case.layer(), X, lengths)
    assert A.shape[1:-1] == ((1,) if case.gives_sequences() else ())
    assert dX.shape == X.shape and np.isfinite(dX).all()


@pytest.mark.parametrize('case', [case for case in SOME if not case.lengths], ids=str)
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


# Prediction: light copies

@some_cases
def test_a_prediction_leaves_no_trace_in_the_layer(case):
    layer, X = case.layer(), case.X()
    A, dX = pass_through(layer, X, case.steps())
    kept = arrays(layer)
    others = copy.deepcopy((layer.fs, layer.bs, layer.d, layer.o, layer.input_shape,
                            layer.output_shape, layer.rng.bit_generator.state))
    light = layer.inference()
    steps = None if case.lengths is None else case.steps()[:1]
    predicted = light.forward(2 * X[:1], steps)
    np.testing.assert_array_equal(light.forward(2 * X[:1], steps), predicted)
    assert light.fc == light.bc == light.g == {}
    if layer.p:
        with pytest.raises(TypeError):                  # nor does an error in the midst of it
            light.forward(np.full(X.shape, None))
    assert all(light.p[name] is W for name, W in layer.p.items())
    assert_same(arrays(layer), kept)
    assert others == (layer.fs, layer.bs, layer.d, layer.o, layer.input_shape, layer.output_shape,
                      layer.rng.bit_generator.state)
    if not any(isinstance(each, Dropout) for each in layer.walk()):
        np.testing.assert_array_equal(light.forward(X, case.steps()), A)
    np.testing.assert_array_equal(layer.backward(np.ones_like(A)), dX)


# Inputs of the wrong shape

@layers_with_axes
@pytest.mark.parametrize('change', [lambda X: X[0], lambda X: X[..., np.newaxis]],
                         ids=['fewer', 'more'])
def test_wrong_number_of_axes_is_explained(case, change):
    X = change(case.X())
    if '...' in case.kind.axes and X.ndim >= 2:         # takes any number of axes
        assert case.layer().axis_sizes(X.shape)
        return
    with pytest.raises(ValueError) as caught:
        case.layer().forward(X)
    message = str(caught.value)
    assert message.startswith(f'{case.kind.__name__} (layer 1) expects input of shape (')
    remedy = case.kind.remedies.get(X.ndim, case.kind.remedy)
    assert f'got {X.shape}' in message and remedy in message
    assert all(axis in message for axis in case.kind.axes.values())


@layers_with_fixed_axes
def test_other_features_than_in_training_are_explained(case):
    X = np.concatenate([case.X()] * 2, axis=-1)
    [letter] = case.kind.fixed_axes
    layer = case.layer()
    with pytest.raises(ValueError) as caught:
        layer.forward(X)
    assert f'{case.kind.axes[letter]} = {layer.d[letter]}' in str(caught.value)
    assert f'got {X.shape}' in str(caught.value)
    layer.forward(case.X())                             # and the layer is as it was


# Building, arguments, hyperparameters

@layers_that_learn
def test_the_same_seed_builds_the_same_parameters(case):
    first, again, other = (case.made().build(case.X(), seed=seed)
                           for seed in (3, 3, 4))
    assert_same(first.p, again.p)
    assert any((W != other.p[name]).any() for name, W in first.p.items())
    assert_same(first.p, case.made().build(
        case.X(), seed=np.random.default_rng(3)).p)


@layers_that_learn
def test_a_layer_without_parameters_says_what_is_missing(case):
    with pytest.raises(RuntimeError, match=r'no parameters yet.*build\(X\)'):
        case.made().forward(case.X())


@all_cases
def test_arguments_make_the_same_layer_again(case):
    layer = case.layer()
    given = layer.arguments()
    assert list(given) == list(inspect.signature(case.kind).parameters)
    again = case.kind(**given)
    assert again.arguments() == given and repr(again) == repr(layer)


@all_layers
def test_an_argument_is_an_attribute_of_its_name_and_checked_whenever_it_is_set(case):
    layer = case.made()
    for name, value in layer.arguments().items():
        if isinstance(getattr(case.kind, name, None), Argument):
            setattr(layer, name, value)
            assert layer.arguments()[name] == value
            with pytest.raises(ValueError, match=name):
                setattr(layer, name, {'no': 'such value'})
            assert layer.arguments()[name] == value


@all_layers
def test_hyperparameters_of_a_layer_are_its_own(case):
    layer, defaults = case.layer(), dict(se_hPars)
    layer.se_hPars['learning_rate'] = 3
    assert se_hPars == defaults and case.layer().se_hPars['learning_rate'] == 0.1


def test_hyperparameters_are_those_of_now():
    given = {'LRELU_alpha': 0.1}
    dense, x = Dense(2, 'lrelu', se_hPars=given), np.array([-1.0])
    assert dense.activate(x) == -0.1
    dense.se_hPars['LRELU_alpha'] = 0.4
    assert dense.activate(x) == -0.4 and given == {'LRELU_alpha': 0.1}
    assert Dense(2, 'lrelu').activate(x) == -0.3        # of the defaults


@pytest.mark.parametrize('name', ['lrelu', 'elu', 'softmax'])
def test_hyperparameters_reach_the_activation_in_both_passes(name):
    X = np.random.default_rng(0).standard_normal((4, 3))
    of_layer, plain = Dense(3, name, se_hPars=SHAPES).build(X, 0), Dense(3, name).build(X, 0)
    A, dX = pass_through(of_layer, X)
    other_A, other_dX = pass_through(plain, X)
    assert np.abs(A - other_A).max() > 1e-3
    assert name == 'softmax' or np.abs(dX - other_dX).max() > 1e-3


@all_layers
def test_nothing_is_shared_between_layers_of_a_kind(case):
    first, second = case.layer(), case.layer()
    for name in ('d', 'p', 'g', 'o', 'fc', 'bc', 'fs', 'bs', 'buffers', 'optimizer_state',
                 'se_hPars', 'lrate', 'gradient_norms', 'rng'):
        assert getattr(first, name) is not getattr(second, name)
    assert first.se_hPars.maps[0] is not second.se_hPars.maps[0]


HOLES = {'compute_shapes', 'initialize_parameters', 'forward_pass', 'backward_pass',
         'compute_gradients', 'check_arguments', 'restart', 'new_cache',
         'build_sublayers'}


def methods(kind):
    """Public methods and properties that a class itself defines."""
    return {name for name, value in vars(kind).items() if not name.startswith('_')
            and (inspect.isfunction(value) or isinstance(value, property))}


@pytest.mark.parametrize('kind', layers.values(), ids=list(layers))
def test_a_layer_fills_holes_and_overrides_nothing_else(kind):
    for derived in kind.__mro__[:-2]:
        for base in derived.__mro__[1:-1]:
            assert not methods(derived) & methods(base) - HOLES
        assert '__new__' not in vars(derived)


def test_holes_are_methods_of_a_layer_and_its_docstring_names_them():
    assert HOLES < methods(Layer)
    assert all(name in Layer.__doc__ for name in HOLES)


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
    kept = [arrays(each) for each in layer.walk()]
    layer.summary()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f'{case.kind.__name__} (layer 1)'
    rows = [[cell.strip() for cell in line.split('|')] for line in lines if "['" in line]
    names = [key for found in kept for key in found.items()]
    assert len(rows) == len(names)
    for cells, ((cache, name), array) in zip(rows, names, strict=True):
        assert cells[1] == f"{cache}['{name}']"
        assert cells[3] == ' x '.join(map(str, array.shape))
        assert cells[4] == f'{array.min():.3g} to {array.max():.3g}'
    assert layer._repr_html_().count('<tr>') == len(names) + sum(map(bool, kept))
    for each, before in zip(layer.walk(), kept, strict=True):
        assert_same(arrays(each), before)


# What a layer of one's own may forget

class Scale(Layer):
    """A = X w, and its gradient left where ``gradients`` says."""

    def __init__(self, gradients):
        super().__init__()
        self.gradients = gradients

    def compute_shapes(layer):
        return {'w': (1,)}

    def initialize_parameters(layer):
        layer.p['w'] = np.ones(1)

    def forward_pass(layer, X):
        layer.fc['X'] = X
        return X * layer.p['w']

    def backward_pass(layer, dA):
        return dA * layer.p['w']

    def compute_gradients(layer):
        layer.g.update(layer.gradients)


@pytest.mark.parametrize('gradients, message', [
    ({}, r"respect to w in g\['dw'\], of shape \(1,\), found none: without it w would never"),
    ({'w': np.ones(1)}, r"respect to w in g\['dw'\].* found 'w'"),
    ({'dw': np.ones((1, 1))}, r"g\['dw'\] to have the shape of w, \(1,\), found \(1, 1\)"),
    ({'dw': np.ones(1), 'dv': np.ones(1)}, r"g\['dv'\] and no parameter 'v'"),
], ids=['missing', 'misnamed', 'of another shape', 'one too many'])
def test_each_parameter_has_to_have_one_gradient_of_its_shape(gradients, message):
    layer, X = Scale(gradients), np.ones((2, 3))
    layer.build(X).forward(X)
    with pytest.raises(ValueError, match=message):
        layer.backward(X)


def test_gradients_of_the_batch_before_are_forgotten():
    layer, X = Scale({'dw': np.ones(1)}), np.ones((2, 3))
    layer.build(X).forward(X)
    layer.backward(X)
    layer.gradients = {}
    with pytest.raises(ValueError, match='found none'):
        layer.backward(X)


def test_a_gradient_of_another_shape_than_the_output_is_explained():
    layer = Dense(3).build(np.ones((2, 4)))
    with pytest.raises(ValueError, match=r'does not have yet.*call forward\(X\) first'):
        layer.backward(np.ones((2, 3)))
    layer.forward(np.ones((2, 4)))
    with pytest.raises(ValueError, match=r'of shape \(2, 3\), got shape \(2, 4\)'):
        layer.backward(np.ones((2, 4)))


# Dense, Template and Dropout

def test_a_dense_layer_is_its_equation():
    X, dA = (np.random.default_rng(seed).standard_normal((4, 3)) for seed in (0, 1))
    layer = Dense(3, tanh).build(X, seed=0)
    layer.p['b'] += 0.1
    A = layer.forward(X)
    np.testing.assert_allclose(A, np.tanh(X @ layer.p['W'] + layer.p['b']), rtol=1e-14)
    dX, dZ = layer.backward(dA), dA * (1 - A**2)
    np.testing.assert_allclose(dX, dZ @ layer.p['W'].T, rtol=1e-14)
    np.testing.assert_allclose(layer.g['dW'], X.T @ dZ, rtol=1e-13)
    np.testing.assert_allclose(layer.g['db'], dZ.sum(axis=0, keepdims=True), rtol=1e-13)


@pytest.mark.parametrize('shape', [(3, 2), (3, 7, 2), (2, 7, 6, 2)], ids=str)
def test_a_template_passes_everything_through(shape):
    X = np.random.default_rng(0).standard_normal(shape)
    layer = Template().build(X)
    assert layer.p == {} and layer.forward(X) is X and layer.backward(X) is X


def test_dropout_drops_its_share_and_scales_the_rest():
    X = np.ones((200, 50))
    layer = Dropout(0.3).build(X, seed=0)
    A = layer.forward(X)
    assert set(np.unique(A)) == {0, 1 / 0.7}
    assert np.mean(A == 0) == pytest.approx(0.3, abs=0.02)
    np.testing.assert_array_equal(layer.backward(X), A)
    np.testing.assert_array_equal(layer.inference().forward(X), X)


def test_dropout_needs_no_network():
    assert Dropout(0.5).forward([[1.0, 2.0]]).shape == (1, 2)


@pytest.mark.parametrize('axis, masks', [((), 24), (1, 6), (-1, 8), ((1, 2), 2), (0, 12)])
def test_dropout_shares_its_mask_along_axes(axis, masks):
    X = np.ones((2, 4, 3))
    layer = Dropout(0.5, axis=axis).build(X, seed=0)
    layer.forward(X)
    D = np.broadcast_to(layer.fc['D'], X.shape)
    for i in np.atleast_1d(axis).astype(int):
        np.testing.assert_array_equal(D, np.take(D, [0] * D.shape[i], axis=i))
    assert layer.fc['D'].size == masks
