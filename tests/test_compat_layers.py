"""Layers that were written for EpyNN 1.2.13 train here as the layers of the library do."""
import numpy as np
import pytest

from epynn import (
    Dense,
    Embedding,
    EpyNN,
    Flatten,
    Layer,
    Template,
    read_model,
    relu,
    softmax,
    tanh,
    xavier,
)
from epynn.commons.maths import hadamard
from epynn.gradcheck import gradcheck

X, y = np.random.default_rng(0).standard_normal((40, 6)), np.arange(40) % 2


def dense_compute_shapes(layer, A):
    layer.fs['X'] = A.shape
    layer.d['m'], layer.d['n'] = layer.fs['X']
    layer.fs['W'] = (layer.d['n'], layer.d['u'])
    layer.fs['b'] = (1, layer.d['u'])


def dense_initialize_parameters(layer):
    layer.p['W'] = layer.initialization(layer.fs['W'], rng=layer.np_rng)
    layer.p['b'] = np.zeros(layer.fs['b'])


def dense_forward(layer, A):
    X = layer.fc['X'] = A
    Z = layer.fc['Z'] = X @ layer.p['W'] + layer.p['b']
    layer.fc['A'] = layer.activate(Z)
    return layer.fc['A']


def dense_backward(layer, dX):
    dA = layer.bc['dA'] = dX
    dZ = layer.bc['dZ'] = hadamard(dA, layer.activate(layer.fc['Z'], deriv=True))
    layer.bc['dX'] = dZ @ layer.p['W'].T
    return layer.bc['dX']


def dense_compute_gradients(layer):
    X, dZ = layer.fc['X'], layer.bc['dZ']
    layer.g['dW'] = X.T @ dZ
    layer.g['db'] = np.sum(dZ, axis=0, keepdims=True)


def dense_update_parameters(layer):
    for gradient in layer.g:
        layer.p[gradient[1:]] -= layer.lrate[layer.e] * layer.g[gradient]


class Old:
    """The methods of a layer as 1.2.13 documents them, around functions of one's own."""

    def compute_shapes(self, A):
        dense_compute_shapes(self, A)

    def initialize_parameters(self):
        dense_initialize_parameters(self)

    def forward(self, A):
        self.compute_shapes(A)
        A = dense_forward(self, A)
        self.update_shapes(self.fc, self.fs)
        return A

    def backward(self, dX):
        dX = dense_backward(self, dX)
        self.update_shapes(self.bc, self.bs)
        return dX

    def compute_gradients(self):
        dense_compute_gradients(self)

    def update_parameters(self):
        dense_update_parameters(self)


def old_init(self, units=1, activate=tanh, initialization=xavier, se_hPars=None):
    super(type(self), self).__init__(se_hPars=se_hPars)
    self.initialization = initialization
    self.activation = {'activate': activate.__name__}
    self.activate = activate
    self.d['u'] = units


METHODS = {name: method for name, method in vars(Old).items() if callable(method)}
KINDS = {
    'Layer': type('OwnLayer', (Layer,), {**METHODS, '__init__': old_init}),
    'Template': type('OwnTemplate', (Template,), {**METHODS, '__init__': old_init}),
    'Dense': type('OwnDense', (Dense,), METHODS),
}


def trained(first, last=None, epochs=5, **options):
    model = EpyNN([Embedding(X, y, Y_encode=True, batch_size=8), first,
                   last or Dense(2, softmax)])
    model.initialize(loss='CCE', seed=1, verbose=False, se_hPars={
        'learning_rate': 0.05, 'schedule': 'exp_decay', **options})
    if epochs:
        model.train(epochs, verbose=0)
    return model


def assert_same(found, expected):
    for one, other in zip(found.layers, expected.layers, strict=True):
        for name, W in other.p.items():
            np.testing.assert_allclose(one.p[name], W, rtol=1e-12, atol=1e-15)
    for name, sets in expected.metrics.items():
        np.testing.assert_allclose(found.metrics[name][0], sets[0], rtol=1e-12)


@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('activate', [tanh, relu])
def test_all_holes_at_once(kind, activate):
    assert_same(trained(KINDS[kind](4, activate)), trained(Dense(4, activate)))


@pytest.mark.parametrize('kind', KINDS)
def test_as_the_output_layer(kind):
    assert_same(trained(Dense(4, tanh), KINDS[kind](2, softmax)), trained(Dense(4, tanh)))


def plain_init(self, units=1, activate=tanh, initialization=xavier, se_hPars=None):
    Layer.__init__(self, se_hPars)
    self.units, self.activate, self.initialization = units, activate, initialization


@pytest.mark.parametrize('kind', KINDS)
@pytest.mark.parametrize('hole', METHODS)
def test_each_hole_alone_where_the_rest_is_of_the_library(kind, hole):
    if kind == 'Dense':
        own = type('Own', (Dense,), {hole: METHODS[hole]})
    else:
        rest = {name: method for name, method in vars(Dense).items()
                if name not in ('__module__', '__doc__', '__dict__', '__weakref__')
                and name != {'forward': 'forward_pass', 'backward': 'backward_pass'}.get(hole)}
        own = type('Own', (KINDS[kind].__mro__[1],), {**rest, '__init__': plain_init,
                                                      hole: METHODS[hole]})
    assert_same(trained(own(4, tanh)), trained(Dense(4, tanh)))


class Louder(Dense):
    """A Dense whose methods call those of the library and do a little more."""

    updates = 0

    def compute_shapes(self, A):
        super().compute_shapes(A)
        self.fs['gain'] = (1, self.d['u'])

    def initialize_parameters(self):
        super().initialize_parameters()
        self.p['gain'] = np.full(self.fs['gain'], 2.)

    def forward(self, A):
        self.fc['inner'] = super().forward(A)
        return self.fc['inner'] * self.p['gain']

    def backward(self, dX):
        self.bc['dgain'] = dX * self.fc['inner']
        own = self.bc['dgain']
        dX = super().backward(dX * self.p['gain'])
        self.bc['dgain'] = own
        return dX

    def compute_gradients(self):
        super().compute_gradients()
        self.g['dgain'] = self.bc['dgain'].sum(axis=0, keepdims=True)

    def update_parameters(self):
        self.updates += 1
        super().update_parameters()


def test_methods_may_call_those_of_the_library():
    model = trained(Louder(4, tanh))
    layer = model.layers[1]
    assert layer.updates == 5 * 3 and layer.p['gain'].shape == (1, 4)
    assert not np.allclose(layer.p['gain'], 2)
    losses = model.metrics['CCE'][0]
    assert losses[-1] < losses[0]
    assert gradcheck(model, X, np.eye(2)[y]).error < 1e-5


@pytest.mark.parametrize('kind', KINDS)
def test_what_is_shown_of_a_network_shows_them(kind, capsys):
    model = trained(KINDS[kind](4, tanh))
    model.train(1)
    model.summary()
    model.layers[1].summary()
    assert capsys.readouterr().out.count(KINDS[kind].__name__) > 3
    assert KINDS[kind].__name__ in repr(model) and KINDS[kind].__name__ in model._repr_html_()


@pytest.mark.parametrize('kind', KINDS)
def test_gradients_are_derivatives(kind):
    layer = KINDS[kind](4, tanh)
    layer.build(X, seed=1)
    assert gradcheck(layer, X).error < 1e-6


def test_the_epoch_is_known_and_so_is_its_learning_rate():
    seen = []

    class Watched(Dense):
        def update_parameters(self):
            seen.append((self.e, self.lrate[self.e]))
            super().update_parameters()
    model = trained(Watched(4, tanh), epochs=3, schedule='lin_decay')
    model.train(1, verbose=0)
    assert [e for e, _ in seen] == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3
    assert [rate for _, rate in seen[::3]] == model.layers[1].lrate


@pytest.mark.parametrize('kind', KINDS)
def test_evaluation_and_prediction_leave_caches_alone(kind):
    model = trained(KINDS[kind](4, tanh))
    before = {name: A.copy() for name, A in model.layers[1].fc.items()}
    alone = model.predict(X).A
    model.evaluate()
    assert set(before) == {'X', 'Z', 'A'} and len(before['X']) == 8
    for name, A in model.layers[1].fc.items():
        np.testing.assert_array_equal(A, before[name])
    np.testing.assert_allclose(model.predict(X[:1]).A, alone[:1], rtol=1e-12)


def test_a_layer_without_parameters_sees_arrays_of_floats_and_every_input():
    class Half(Layer):
        def __init__(self):
            super().__init__()
            self.shapes = []

        def compute_shapes(self, A):
            self.fs['X'] = A.shape
            self.d['m'] = len(A)

        def forward(self, A):
            assert type(A) is np.ndarray and A.dtype == np.float64 and self.d['m'] == len(A)
            self.fc['A'] = A / 2
            return self.fc['A']

        def backward(self, dX):
            self.bc['dX'] = dX / 2
            return self.bc['dX']

    words = [''.join(row) for row in np.random.default_rng(0).choice(list('abc'), (30, 5))]
    model = EpyNN([Embedding(words, np.arange(30) % 2, X_encode=True), Half(), Flatten(), Dense()])
    model.initialize(seed=1, verbose=False)
    model.train(2, verbose=0)
    assert model.predict(words[:4], X_encode=True).A.shape == (4, 1)
    assert model.layers[1].fs['A'] == (20, 5, 3)


def test_a_frozen_layer_stands_still_and_one_without_a_gradient_is_told():
    model = trained(KINDS['Layer'](4), epochs=0)
    model.layers[1].trainable = False
    before = model.layers[1].p['W'].copy()
    model.train(2, verbose=0)
    np.testing.assert_array_equal(model.layers[1].p['W'], before)
    forgetful = type('Forgetful', (Dense,), {**METHODS, 'compute_gradients': lambda self: None})
    with pytest.raises(ValueError, match=r"leave the gradient with respect to W in g\['dW'\]"):
        trained(forgetful(4))


def test_a_layer_whose_arguments_are_attributes_is_written_and_read():
    model = trained(KINDS['Dense'](4, tanh))
    again = read_model(model.write('model.npz'), custom_objects={'OwnDense': KINDS['Dense']})
    np.testing.assert_array_equal(again.predict(X).A, model.predict(X).A)
    again.embedding = Embedding(X, y, Y_encode=True, batch_size=8)
    for each in (model, again):
        each.train(2, verbose=0)
    assert_same(again, model)


def test_layers_of_the_library_can_be_used_one_by_one_as_there():
    layer, same = Dense(4, tanh), Dense(4, tanh).build(X, seed=3)
    layer.np_rng = np.random.default_rng(3)
    layer.compute_shapes(X)
    assert layer.fs['W'] == (6, 4) and layer.d == {'m': 40, 'n': 6}
    layer.initialize_parameters()
    dA = np.ones((40, 4))
    for each in (layer, same):
        each.forward(X)
        each.backward(dA)
        each.compute_gradients()
    layer.lrate = [0.1]
    layer.update_parameters()
    same.update_parameters(0.1)
    np.testing.assert_array_equal(layer.p['W'], same.p['W'])


def test_layers_of_the_library_and_of_its_own_scheme_are_left_alone():
    class New(Dense):
        def compute_shapes(layer):
            return super().compute_shapes()

        def update_parameters(self, lrate):
            super().update_parameters(lrate)

        def forward(self, X, lengths=None):
            return super().forward(X, lengths)
    assert not {'needs_dX', 'build', 'activation'} & set(vars(New))
    assert_same(trained(New(4, tanh)), trained(Dense(4, tanh)))
