"""A file whose header somebody has edited is a network that works, or a ModelFileError."""
import copy
import json
import warnings

import numpy as np
import pytest
from model_files import header_of, header_part, parts, write_parts
from own_layers import RunningMean, Shortcut

from epynn import (
    GRU,
    Bidirectional,
    Dense,
    Dropout,
    Embedding,
    EpyNN,
    Flatten,
    Layer,
    ModelFileError,
    Residual,
    read_model,
    relu,
    softmax,
)
from epynn.commons.arguments import Argument
from epynn.dropout.models import probability
from epynn.network.file import header

DRAWN = np.random.default_rng(0).integers(0, 3, (24, 4))
NUMBERS = np.random.default_rng(1).standard_normal((24, 4, 3)).round(2)


class CheckedMean(RunningMean):
    """One that checks its argument, as the layers of the library do."""

    rate = Argument(probability)


def squares(Y, A, deriv=False):
    """A loss."""
    return 2 * (A - Y) if deriv else ((A - Y)**2).sum(axis=1)


def Velocity(W, dW, state, lrate, hPars):
    """An optimizer."""
    v = state.setdefault('v', np.zeros_like(W))
    v *= 0.9
    v += dW
    W -= lrate * v


OWN = {'Shortcut': Shortcut, 'CheckedMean': CheckedMean, 'squares': squares, 'Velocity': Velocity}


# Networks, and data that match what was read

def words(elements):
    return [[elements[i % len(elements)] for i in row] for row in DRAWN.tolist()]


def labels(classes):
    return [classes[i % len(classes)] for i in DRAWN[:, 0].tolist()]


def encoded():
    """A GRU of symbols."""
    return [Embedding(words('abc'), labels(range(3)), X_encode=True, Y_encode=True, batch_size=5),
            GRU(3, sequences=True), Dropout(0.2, axis=1), GRU(2), Dense(3, softmax)], {
                'loss': 'CCE', 'metrics': ['accuracy', 'recall']}


def scaled():
    """Dense layers of scaled features, with classes of its own."""
    return [Embedding(NUMBERS, labels(['cat', 'dog', 'emu']), X_scale='features', Y_encode=True,
                      batch_size=5), Flatten(), Dense(4, relu), Dropout(0.3), Dense(3, softmax)], {
                'se_hPars': {'schedule': 'exp_decay', 'cycle_epochs': 2}}


def of_layers():
    """Layers in layers, buffers, an optimizer and a loss of one's own."""
    return [Embedding(NUMBERS, labels(range(3)), X_scale=True, Y_encode=True, batch_size=5),
            Shortcut([GRU(3, sequences=True), Dropout(0.2)]), GRU(3, se_hPars={'decay_k': 0.1}),
            CheckedMean(0.3), Shortcut([Shortcut([Dense(3, 'tanh')])]), Dense(3, softmax)], {
                'loss': squares, 'se_hPars': {'optimizer': Velocity, 'learning_rate': 0.05}}


def composite():
    """Layers of the library that hold layers."""
    return [Embedding(NUMBERS, labels(range(3)), Y_encode=True, batch_size=5),
            Residual([Bidirectional(GRU(2, sequences=True), 'mean'), Dropout(0.2),
                      Residual([Dense(4, relu), Dense(2)]), Dense(3)]),
            Bidirectional(GRU(2)), Dense(3, softmax)], {'loss': 'CCE'}


def made(kind):
    layers, settings = kind()
    model = EpyNN(layers, name=kind.__name__)
    model.initialize(seed=1, verbose=False, **settings)
    model.train(2, verbose=0)
    return model


def inputs(model):
    """Samples as the network was trained on, whatever its symbols are called."""
    elements = list(model.embedding.e2i)
    return words(elements) if elements else NUMBERS


def matching(model):
    """Training data for a network, of its own symbols and classes."""
    before = model.embedding
    return Embedding(inputs(model), labels(before.classes.tolist()),
                     batch_size=before.batch_size, like=before)


def arrays(model):
    return [A.tobytes() for layer in model.walk()
            for kept in (layer.p, layer.buffers, *layer.optimizer_state.values())
            for A in kept.values()]


def outputs(model):
    """What the network predicts, with whatever scale and parameters it has."""
    embedding = model.embedding
    with np.errstate(all='ignore'):
        found = model.predict(inputs(model), X_encode=embedding.X_encode,
                              X_scale=embedding.X_scale)
    return found.A.tobytes(), found.P.tolist()


def trained_on(model):
    """Outputs and arrays, as they are and after one more epoch."""
    before = outputs(model), arrays(model)
    model.embedding = matching(model)
    with warnings.catch_warnings():         # another optimizer may have to begin anew
        warnings.filterwarnings('ignore', '.* begins anew')
        model.train(1, verbose=0, on_nan='ignore')
    return before, outputs(model), arrays(model)


def everything(model):
    return json.dumps(header(model), sort_keys=True), arrays(model)


# Edits

VALUES = [
    None, True, False, 0, 1, 2, 3, -1, 8, 2**31, 2**63, 2**64, 10**400, -10**400, 0.0, 0.5, 1.0,
    -0.5, 1e-300, 1e308, float('inf'), float('-inf'), float('nan'), '', 'a', 'relu', 'softmax',
    'sigmoid', 'MSE', 'BCE', 'R2', 'Dense', 'Flatten', 'Template', 'float32', '\ud800', '\0',
    '../up', [], {}, [[]], [None], [0], [0.5, 0.5], [1, 2, 3], ['a', 'b', 'c'], {'a': 1},
    {'tuple': [1]},
    {'function': 'relu'}, {'function': 'squares'}, {'dict': {'learning_rate': 0.5}},
    {'layer': {'class': 'Flatten', 'arguments': {}}},
    {'array': [1.0], 'shape': [1], 'dtype': '<f8'},
]


def entries(value, path=()):
    """Paths of all entries of a header."""
    keys = range(len(value)) if isinstance(value, list) else value
    for key in keys if isinstance(value, (list, dict)) else ():
        yield (*path, key)
        yield from entries(value[key], (*path, key))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def similar(value, rng):
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return [value + 1, value - 1, value * 2, -value, type(value)(value / 2)][rng.integers(5)]
    if isinstance(value, str):
        return [value + 'x', value[:-1], value.upper(), 'a' + value][rng.integers(4)]
    if isinstance(value, list):
        return [value[:-1], value[1:], value + value[-1:], value[::-1]][rng.integers(4)]
    return dict(list(value.items())[:-1]) if value else [value]


def edit(head, rng):
    """Change one entry of a header; its path, and what was done."""
    paths = list(entries(head))
    short = [path for path in paths if 'generator' not in path or rng.random() < 0.1]
    path = short[rng.integers(len(short))]
    *before, key = path
    holder, how = at(head, before), rng.integers(6)
    if how == 0:
        del holder[key]
        return path, 'removed'
    if how == 1 and isinstance(holder, dict):
        holder[f'{key}_' if rng.random() < 0.5 else list(at(head, ()))[rng.integers(9)]] = \
            holder.pop(key)
        return path, 'renamed'
    if how in (2, 3):
        new = similar(holder[key], rng)
    elif how == 4:
        new = copy.deepcopy(at(head, paths[rng.integers(len(paths))]))
    else:
        new = copy.deepcopy(VALUES[rng.integers(len(VALUES))])
    holder[key] = new
    return path, new


# What a valid other value of is a valid other network; of anything else, it is the very same one
FREE = {'loss', 'hyperparameters', 'arguments', 'seed', 'batch', 'shuffles', 'generator',
        'trainable', 'inputs', 'classes'}


def try_edits(path, kind, n, seed):
    """How many edited headers are refused, the very same network, and others."""
    model = made(kind)
    model.write(path)
    whole, head = parts(path), header_of(path)
    expected = trained_on(read_model(path, OWN))
    counts = {'refused': 0, 'the same': 0, 'another': 0}
    for i in range(n):
        rng = np.random.default_rng([seed, i])
        edited = copy.deepcopy(head)
        done = [edit(edited, rng) for _ in range(1 + (rng.random() < 0.2))]
        write_parts(path, [('header.npy', header_part(edited)), *whole[1:]])
        try:
            result = try_one(path, kind, expected, done)
        except Exception as error:
            error.add_note(f'edit {i}: {done}')
            raise
        counts[result] += 1
    print(f'{kind.__name__}: {counts}')
    return counts


def inside_own(where):
    """Whether it is an argument of a layer that Shortcut holds."""
    return where.count('arguments') > 1


def try_one(path, kind, expected, done):
    """What an edited file is: refused, the very same network, or another that works."""
    try:
        model = read_model(path, OWN)
    except ModelFileError as error:
        assert str(error).startswith(f'{path} cannot be read as a model: ')
        return 'refused'
    assert arrays(model) == expected[0][1]
    again = read_model(model.write(path), OWN)
    assert everything(again) == everything(model)
    try:
        found = trained_on(model)
    except ValueError as error:         # how Shortcut connects its layers, only Shortcut can check
        assert kind is of_layers and any(inside_own(where) for where, _ in done), error
        return 'another'
    if found == expected:
        return 'the same'
    assert any(FREE & set(where) for where, _ in done), 'an entry that is checked'
    return 'another'


@pytest.mark.filterwarnings('ignore:.* begins anew')        # where another optimizer is edited in
@pytest.mark.filterwarnings('ignore:.* lrate that was set by hand')
@pytest.mark.parametrize('kind', [encoded, scaled, of_layers, composite])
@pytest.mark.parametrize('n, seed', [(1000, 1), pytest.param(8000, 2, marks=pytest.mark.slow)])
def test_an_edited_header_is_refused_or_a_network_that_works(tmp_path, kind, n, seed):
    counts = try_edits(tmp_path / 'model.npz', kind, n, seed)
    assert counts['refused'] > n / 3 and counts['the same'] and counts['another']


def test_all_kinds_of_layers_are_there():
    assert issubclass(CheckedMean, Layer) and all(made(kind).e == 2
                                                  for kind in (encoded, scaled, of_layers))
