"""What write writes, read_model gives back; what it could not, write refuses and says what."""
import functools
import json
import os

import numpy as np
import pytest
from model_files import change_entries, header_of
from networks import NETWORKS, bits, embedding, network, samples
from own_layers import OWN_LAYERS, RunningMean, Shortcut

from epynn import GRU, Dense, Dropout, Embedding, EpyNN, Layer, read_model, softmax
from epynn.network.callbacks import Callback
from epynn.network.file import header

MORE = int(os.environ.get('EPYNN_TEST_MORE', 1))        # so many times as many random trials


def of_layers():
    """A trained network of layers in layers and a buffer."""
    model = EpyNN([embedding(), Shortcut([GRU(3, sequences=True), Dropout(0.2), Dropout(0.1)]),
                   GRU(3), RunningMean(0.3), Dense(2, softmax)], name='of layers')
    model.initialize(loss='CCE', seed=1, verbose=False)
    model.train(2, verbose=0)
    return model


def everything(model):
    return json.dumps(header(model), sort_keys=True), bits(model)


# An epoch that was interrupted

class StopAt(Callback):
    """End training after a batch."""

    def __init__(self, epoch, batch):
        self.at = epoch, batch

    def on_batch_end(self, model):
        if (model.e, model.batch) == self.at:
            model.stop_training = True


@pytest.mark.parametrize('batch', [1, 2, 3])            # of three
@pytest.mark.parametrize('kind', NETWORKS)
def test_an_epoch_interrupted_after_any_batch_records_the_same_norms(kind, batch):
    at_once, in_parts = network(kind, seed=1), network(kind, seed=1)
    at_once.train(3, verbose=0)
    in_parts.train(3, verbose=0, callbacks=[StopAt(1, batch)])
    assert (in_parts.e, in_parts.batch) == (1, batch)
    again = read_model(in_parts.write('model.npz'))
    twice = read_model(again.write('again.npz'))
    for model in (again, twice):
        model.embedding = embedding()
        model.train(2, verbose=0)
        assert bits(model) == bits(at_once)
        assert [layer.gradient_norms for layer in model.layers] == [
            layer.gradient_norms for layer in at_once.layers]


def test_a_layer_that_is_frozen_records_the_norm_that_it_would_without_a_file():
    first, second = network('gru', seed=1), network('gru', seed=1)
    for model in (first, second):
        model.train(2, verbose=0)
    second = read_model(second.write('model.npz'))
    second.embedding = embedding()
    for model in (first, second):
        for layer in model.layers[1:3]:
            layer.trainable = False
        model.skip_gradient_by_data()
        model.train(1, verbose=0)
    for layer, twin in zip(first.layers, second.layers, strict=True):
        assert repr(layer.gradient_norms) == repr(twin.gradient_norms)


# Layers that draw from one generator

def test_layers_in_a_layer_go_on_drawing_from_one_generator():
    never_stopped, model = of_layers(), of_layers()
    never_stopped.train(2, verbose=0)
    again = read_model(model.write('model.npz'), custom_objects=OWN_LAYERS)
    assert again.layers[1].layers[1].rng is again.layers[1].rng
    again.embedding = embedding()
    again.train(2, verbose=0)
    assert bits(again) == bits(never_stopped)


def test_data_without_labels_leave_the_classes_as_they_are():
    X, Y = samples()
    names = np.array(['no', 'yes'])[Y]
    model = EpyNN([Embedding(X, names, Y_encode=True), GRU(2), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False)
    for unlabelled in (Embedding(X), Embedding(X, like=model.embedding), Embedding()):
        model.embedding = unlabelled
        again = read_model(model.write('model.npz'))
        assert again.embedding.classes.tolist() == ['no', 'yes']
        again.embedding = Embedding(X, names, Y_encode=True)
        again.train(1, verbose=0)


# What may be set, and comes back equal

class Anything(Layer):
    """A layer with an argument of any kind."""

    def __init__(self, value=None):
        super().__init__()
        self.value = value

    def forward_pass(self, X):
        return X

    def backward_pass(self, dA):
        return dA


def with_anything(value):
    model = EpyNN([embedding(), GRU(2), Anything(value), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False)
    return model


def equal(a, b):
    if isinstance(a, np.ndarray):
        return type(b) is np.ndarray and (a.shape, a.dtype) == (b.shape, b.dtype) \
            and np.array_equal(a, b, equal_nan=a.dtype.kind == 'f')
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(equal, a, b))
    if isinstance(a, dict):
        return list(a) == list(b) and all(equal(a[k], b[k]) for k in a)
    return a == b or (a != a and b != b)


VALUES = [
    {0: 1.5, 1: 2}, {(1, 2): {'a': [None, True]}}, {'dict': 1, 'function': 'relu', 'layer': 3},
    {'tuple': [1]}, (), [], {}, '', '\ud800', '\0"class"[', 10**300, -0.0, float('inf'),
    float('nan'), np.arange(6).reshape(2, 3), np.array([[1.5], [float('nan')]], np.float32),
    np.zeros((0, 3)), np.array(['a', 'bcd']), np.array([True, False]), [np.arange(3), (1, (2,))],
    np.float32(0.1), np.array(3), np.int8(5), np.str_('text'), np.bool_(True),
]
FUNCTIONS = [len, Dense, {'f': np.tanh}]


@pytest.mark.parametrize('where, value', [*(('argument', value) for value in VALUES + FUNCTIONS),
                                          *(('o', value) for value in VALUES)],
                         ids=lambda v: repr(v)[:40].replace('\0', '0'))
def test_a_value_is_read_back_equal(where, value):
    model = with_anything(value if where == 'argument' else None)
    if where == 'o':
        model.layers[2].o['value'] = value
    again = read_model(model.write('model.npz'), custom_objects={
        'Anything': Anything, 'len': len, 'tanh': np.tanh, 'Dense': Dense}).layers[2]
    found = again.value if where == 'argument' else again.o['value']
    assert equal(value, found), found


@pytest.mark.parametrize('value', [
    {1, 2}, 1j, b'bytes', object(), np.array([object()]), np.array(['2000-01-01'], 'M8[D]'),
    np.longdouble(1), 10**5000, [{'a': {1}}], functools.partial(len)],
    ids=lambda v: type(v).__name__)
def test_a_value_that_a_file_cannot_hold_is_refused(value):
    with pytest.raises(ValueError, match='write cannot write .*Anything'):
        with_anything(value).write('model.npz')
    assert not os.path.exists('model.npz')


def own(name, value):
    """A change of attributes of the network."""
    return lambda model: setattr(model, name, value)


def of(i, change):
    """A change to a layer."""
    return lambda model: change(model.layers[i])


READ_BACK = {
    'seed of NumPy': own('seed', np.int64(7)),
    'epochs of NumPy': own('epochs', np.int32(9)),
    'large seed': own('seed', 2**200),
    'text with surrogates': own('name', 'a\ud800"class"[{'),
    'another uname': own('uname', 'The best one, é'),
    'another loss': lambda model: (setattr(model, 'loss', 'MSE'),
                                   model.metrics.update(MSE=model.metrics['CCE'])),
    'lrate as an array': of(2, lambda layer: setattr(layer, 'lrate', np.array([0.1, 0.2]))),
    'lrate of integers': of(2, lambda layer: setattr(layer, 'lrate', [1, np.float32(0.5)])),
    'norms as a tuple': of(2, lambda layer: setattr(layer, 'gradient_norms', (1, float('inf')))),
    'metrics of NumPy': lambda model: model.metrics.update(CCE=[np.ones(2), (1, 2), []]),
    'a parameter in another order': of(2, lambda layer: layer.p.update(
        Uz=np.asfortranarray(layer.p['Uz']))),
    'parameters that are not finite': of(4, lambda layer: layer.p['W'].fill(np.nan)),
    'hyperparameters of NumPy': lambda model: model.se_hPars.update(learning_rate=np.float32(1)),
    'fewer hyperparameters': lambda model: model.se_hPars.pop('schedule'),
    'a hyperparameter of a layer': of(4, lambda layer: layer.se_hPars.update(decay_k=2)),
    'an argument set later': of(2, lambda layer: setattr(layer, 'clip_gradients', True)),
    'a frozen layer': of(1, lambda layer: setattr(layer, 'trainable', False)),
    'a buffer of integers': of(3, lambda layer: layer.buffers.update(mean=np.array([[1, 2, 3]]))),
    'state of an optimizer': of(4, lambda layer: (
        layer.se_hPars.update(optimizer='Adam'), layer.optimizer_state.update(
            W={'m': np.ones((3, 2)), 'v': np.ones((3, 2)), 't': np.array(3)}))),
    'another generator': of(2, lambda layer: setattr(layer, 'rng', np.random.default_rng(9))),
}


@pytest.mark.parametrize('what', READ_BACK)
def test_what_is_set_later_is_read_back(what):
    model = of_layers()
    READ_BACK[what](model)
    again = read_model(model.write('model.npz'), custom_objects=OWN_LAYERS)
    assert everything(again)[0] == everything(model)[0]
    assert everything(again)[1][0] == everything(model)[1][0]
    again.embedding = embedding()
    again.train(1, verbose=0, on_nan='ignore')


REFUSED = {
    'float32 in p': (of(4, lambda layer: layer.p.update(W=np.ones((3, 2), np.float32))),
                     r"p\['W'\] of Dense \(layer 4\) to have type float64"),
    'another shape in p': (of(4, lambda layer: layer.p.update(W=np.ones((4, 2)))), r"p\['W'\]"),
    'a list in p': (of(4, lambda layer: layer.p.update(W=[[1.0] * 2] * 3)), r"p\['W'\].*got list"),
    'something else in p': (of(4, lambda layer: layer.p.update(V=np.ones(3))), r"p\['V'\]"),
    'nothing in p': (of(4, lambda layer: layer.p.pop('b')), r'a parameter b in Dense \(layer 4\)'),
    'None as p': (of(4, lambda layer: setattr(layer, 'p', None)), r'Dense \(layer 4\)'),
    'None as o': (of(2, lambda layer: setattr(layer, 'o', None)), 'the network'),
    'another scalar': (of(2, lambda layer: layer.o.update(more=1)), 'GRU.*scalars'),
    'a scalar that is no count': (of(2, lambda layer: layer.o.update(_pause=0.5)),
                                  'GRU.*scalars'),
    'a key that is no text': (of(3, lambda layer: layer.o.update({1: 2})), 'o of RunningMean'),
    'a set in o': (of(3, lambda layer: layer.o.update(a={1})), r"o\['a'\] of RunningMean"),
    'a buffer of objects': (of(3, lambda layer: layer.buffers.update(mean=np.full((1, 3), None))),
                            r"buffers\['mean'\] of RunningMean"),
    'a buffer of another shape': (of(3, lambda layer: layer.buffers.update(mean=np.ones(3))),
                                  'RunningMean.*buffers'),
    'a buffer more': (of(3, lambda layer: layer.buffers.update(other=np.ones(3))),
                      'RunningMean.*buffers'),
    'a buffer called a path': (of(3, lambda layer: layer.buffers.update({'../up': np.ones(3)})),
                               r"'\.\./up' in RunningMean"),
    'a buffer called 1': (of(3, lambda layer: layer.buffers.update({1: np.ones(3)})),
                          'got 1 in RunningMean'),
    'a buffer of structures': (of(3, lambda layer: layer.buffers.update(
        mean=np.zeros((1, 3), 'i4,f8'))), 'array of numbers'),
    'state for nothing': (of(4, lambda layer: layer.optimizer_state.update(V={'v': np.ones(3)})),
                          'Dense.*state of an optimizer'),
    'state of another shape': (of(4, lambda layer: layer.optimizer_state.update(
        W={'v': np.ones(3)})), 'Dense.*state of an optimizer'),
    'a rate that is not finite': (of(2, lambda layer: layer.lrate.__setitem__(0, float('nan'))),
                                  'learning rates'),
    'a rate too few': (of(2, lambda layer: layer.lrate.pop()), '2 learning rates'),
    'rates of text': (of(2, lambda layer: setattr(layer, 'lrate', ['a', 'b'])), 'lrate of GRU'),
    'no rates': (of(2, lambda layer: setattr(layer, 'lrate', None)), 'lrate of GRU'),
    'a norm more': (of(2, lambda layer: layer.gradient_norms.append(1.0)), 'gradient norms'),
    'a norm of None': (of(2, lambda layer: layer.gradient_norms.__setitem__(0, None)),
                       'gradient_norms of GRU'),
    'metrics too few': (lambda model: model.metrics['CCE'][0].pop(), '2 numbers of CCE'),
    'an unknown metric': (lambda model: model.metrics.update(acc=[[], [], []]), "metric 'acc'"),
    'metrics without the loss': (lambda model: model.metrics.pop('CCE'), 'loss CCE'),
    'no metrics': (own('metrics', None), 'the network'),
    'another epoch': (own('e', 5), 'epochs'),
    'an epoch before': (own('e', 1), 'metrics'),
    'an epoch of text': (own('e', '2'), 'epoch should be an integer'),
    'a negative seed': (own('seed', -1), 'seed should be an integer'),
    'a seed beyond all': (own('seed', 10**5000), 'seed, an integer of'),
    'a negative batch': (own('batch', -1), 'batch'),
    'a name that is no text': (own('name', 5), 'name should be text'),
    'a name of brackets': (own('name', '[' * 2 * 10**6), 'too many parts'),
    'a loss that does not fit': (own('loss', 'R2'), "loss 'R2'"),
    'an unknown loss': (own('loss', 'nothing'), "loss 'nothing'"),
    'an unknown task': (own('task', 'none'), "task 'none'"),
    'a task that does not fit': (own('task', 'labels'), 'task should be classes'),
    'a precision that does not fit': (own('dtype', np.dtype('float32')), 'type float32'),
    'a precision as text': (own('dtype', 'float64'), 'the network'),
    'a rate of nan': (lambda model: model.se_hPars.update(learning_rate=float('nan')),
                      'learning_rate'),
    'a rate beyond all': (lambda model: model.se_hPars.update(learning_rate=10**400),
                          'learning_rate'),
    'a rate of a layer that is infinite': (
        of(4, lambda layer: layer.se_hPars.update(learning_rate=float('inf'))),
        r'Dense \(layer 4\) expects learning_rate'),
    'an unknown hyperparameter': (lambda model: model.se_hPars.update(lr=1), "'lr'"),
    'an unknown hyperparameter of a layer': (of(4, lambda layer: layer.se_hPars.update(lr=1)),
                                             r"Dense \(layer 4\) knows no hyperparameter 'lr'"),
    'no hyperparameters': (own('se_hPars', None), 'the network'),
    'a layer more in a layer': (lambda model: model.layers[1].layers.append(Dense(3)),
                                'Dense to know its dimension n'),
    'a layer less in a layer': (lambda model: model.layers[1].layers.clear(), None),
    'another generator': (of(2, lambda layer: setattr(layer, 'rng', np.random.Generator(
        np.random.MT19937(1)))), 'GRU.*MT19937'),
    'no generator': (of(2, lambda layer: setattr(layer, 'rng', None)), 'the network'),
    'a layer that gives another shape': (of(2, lambda layer: setattr(layer, 'sequences', True)),
                                         r'RunningMean \(layer 3\) takes samples, features'),
    'another dimension': (of(4, lambda layer: layer.d.update(n=7)), r"p\['W'\] of Dense"),
}


@pytest.mark.parametrize('what', REFUSED)
def test_what_could_not_be_read_back_is_refused(what):
    model = of_layers()
    path = model.write('model.npz')
    before = path.read_bytes()
    change, message = REFUSED[what]
    change(model)
    if message is None:                             # or it is written, and read back the same
        read = read_model(model.write('other.npz'), custom_objects=OWN_LAYERS)
        assert everything(read)[0] == everything(model)[0]
        return
    with pytest.raises(ValueError, match=f'write (expects|cannot).*{message}'):
        model.write(path)
    assert path.read_bytes() == before and os.listdir() == ['model.npz']


def test_two_classes_of_one_name_are_refused():
    class Anything(Dense):
        """Another one."""

    model = EpyNN([embedding(), GRU(2), Anything(2), with_anything(None).layers[2].__class__(),
                   Dense(2, softmax)])
    model.initialize(seed=1, verbose=False)
    with pytest.raises(ValueError, match="two classes called 'Anything' apart"):
        model.write('model.npz')


def test_a_layer_that_is_not_what_its_arguments_say_is_refused():
    class Doubled(Anything):
        """A layer that keeps something else than it was given."""

        def __init__(self, value=1):
            super().__init__(2 * value)

    model = EpyNN([embedding(), GRU(2), Doubled(), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False)
    with pytest.raises(ValueError, match=r'another layers\.2\.arguments\.value, 4 instead of 2'):
        model.write('model.npz')


def test_a_file_that_names_an_array_of_objects_is_refused():
    model = with_anything(np.arange(3))
    path = model.write('model.npz')
    for dtype in ('|O', 'M8[s]', 'V8'):
        change_entries(path, ('layers', 2, 'arguments', 'value', 'dtype', dtype))
        with pytest.raises(ValueError, match='cannot be read'):
            read_model(path, custom_objects={'Anything': Anything})
    assert header_of(path)['layers'][2]['arguments']['value']['shape'] == [3]
