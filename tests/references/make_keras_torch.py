"""What do Keras and PyTorch say? Small references for tests/test_references.py.

    pip install 'epynn[reference]'
    python tests/references/make_keras_torch.py

writes ``keras_torch.npz`` next to this file and prints how far this library is from each number in
it. Keras runs on PyTorch, and everything in double precision. Keras layers are those of Keras;
what it has not (a temperature of softmax, sequences of unequal length) is written out in
tensor operations of PyTorch, equation by equation, and differentiated by its autograd.
"""
import json
import os
import sys
from pathlib import Path

import numpy as np

import epynn
from epynn.commons.loss import losses
from epynn.commons.metrics import metrics

PATH = Path(__file__).with_name('keras_torch.npz')
IMAGES, SEQUENCES, ROWS = (2, 7, 6, 2), (3, 6, 2), (5, 4)

# What is compared


def layers():
    """Layers with their arguments, by the library that has them."""
    for name in ('identity', 'relu', 'lrelu', 'elu', 'sigmoid', 'tanh', 'softmax'):
        yield 'keras', 'Dense', ROWS, {'units': 3, 'activate': name}, None
        yield 'torch', 'Dense', ROWS, {'units': 3, 'activate': name, 'se_hPars': {
            'softmax_temperature': 2.5, 'LRELU_alpha': 0.1, 'ELU_alpha': 0.5}}, None
    for sequences in (False, True):
        for layer in ('RNN', 'GRU', 'LSTM'):
            options = {'unit_cells': 3, 'sequences': sequences, 'clip_gradients': False}
            yield 'keras', layer, SEQUENCES, options, None
            yield 'torch', layer, SEQUENCES, options, None
            yield 'torch', layer, SEQUENCES, {**options, 'windows': 2}, [6, 1, 4]
    for name in ('softmax', 'relu'):            # for each step of a sequence
        yield 'keras', 'Dense', SEQUENCES, {'units': 3, 'activate': name}, None
        yield 'torch', 'Dense', SEQUENCES, {'units': 3, 'activate': name}, None
    yield 'keras', 'GRU', SEQUENCES, {'unit_cells': 2, 'activate': 'elu',
                                      'activate_update': 'tanh', 'activate_reset': 'tanh'}, None
    for options in ({'heads': 1}, {'heads': 2, 'units': 6}, {'heads': 2, 'causal': True}):
        for lengths in (None, [6, 1, 4]):
            yield 'torch', 'Attention', SEQUENCES, options, lengths
    for options in ({}, {'strides': 1}, {'filter_size': [2, 4], 'strides': [3, 1]},
                    {'strides': [1, 2], 'padding': 2}, {'padding': [0, 1], 'use_bias': False}):
        yield 'keras', 'Convolution', IMAGES, {'unit_filters': 3, **options, 'activate': 'tanh'}, \
            None
    for pool in ('max', 'mean'):
        for options in ({}, {'strides': 1}, {'pool_size': [3, 2], 'strides': [2, 3]}):
            yield 'keras', 'Pooling', IMAGES, {'pool': pool, **options}, None


def networks():
    """Networks to be trained with SGD: their layers, loss, shape of the samples, and classes."""
    rows, images, sequences = (20, 4), (20, 6, 6, 1), (20, 7, 2)
    hidden, softmax = ['Dense', {'units': 5, 'activate': 'relu'}], \
        ['Dense', {'units': 3, 'activate': 'softmax'}]
    one, between = ['Dense', {'units': 1}], ['Dense', {'units': 1, 'activate': 'tanh'}]
    yield 'dense', [hidden, one], 'BCE', rows, 0, 0.05
    yield 'dense, MSE', [hidden, between], 'MSE', rows, 0, 0.02
    yield 'cnn', [['Convolution', {'unit_filters': 3, 'strides': 1, 'padding': 1}],
                  ['Pooling', {'pool': 'max'}], ['Flatten', {}], softmax], 'CCE', images, 3, 0.02
    for layer in ('RNN', 'GRU', 'LSTM'):
        last = [layer, {'unit_cells': 3, 'clip_gradients': False}]
        first = [layer, {**last[1], 'sequences': True}]
        yield layer.lower(), [last, softmax], 'CCE', sequences, 3, 0.05
        yield f'{layer.lower()}, sequences', [first, last, one], 'MSE', sequences, 0, 0.05
        # Targets for each step, of which the loss is the mean: see steps_of
        yield f'{layer.lower()}, each step', [first, softmax], 'CCE', sequences, 3, 0.05


def cases():
    """Everything that is compared, each a dict that JSON can hold."""
    for library, layer, shape, arguments, lengths in layers():
        yield {'kind': 'layer', 'library': library, 'layer': layer, 'shape': shape,
               'arguments': arguments, 'lengths': lengths}
    for library in ('keras', 'torch'):
        for loss in losses:
            yield {'kind': 'loss', 'library': library, 'loss': loss, 'shape': (6, 3)}
    for metric in metrics:
        if metric.startswith('macro'):          # those are of several classes: see scikit-learn
            continue
        yield {'kind': 'metric', 'library': 'keras', 'metric': metric, 'shape': (40,)}
    for name, stack, loss, shape, classes, rate in networks():
        yield {'kind': 'training', 'library': 'keras', 'name': name, 'layers': stack,
               'loss': loss, 'shape': shape, 'classes': classes, 'rate': rate, 'seed': 7,
               'batch_size': 4, 'epochs': 4}
    yield from bidirectional()


def bidirectional():
    """Bidirectional layers, each way of merging, and a network of them."""
    for kind in ('RNN', 'GRU', 'LSTM'):
        for sequences in (False, True):
            layer = [kind, {'unit_cells': 3, 'sequences': sequences, 'clip_gradients': False}]
            for merge in ('concat', 'sum', 'mean', 'mul') if kind == 'GRU' else ('concat',):
                yield {'kind': 'layer', 'library': 'keras', 'layer': 'Bidirectional',
                       'shape': SEQUENCES, 'arguments': {'layer': layer, 'merge': merge},
                       'lengths': None}
            yield {'kind': 'layer', 'library': 'torch', 'layer': 'Bidirectional',
                   'shape': SEQUENCES, 'arguments': {'layer': layer, 'merge': 'concat'},
                   'lengths': [6, 1, 4]}
    inner = {'unit_cells': 3, 'clip_gradients': False}
    yield {'kind': 'training', 'library': 'keras', 'name': 'bidirectional', 'layers': [
        ['Bidirectional', {'layer': ['GRU', {**inner, 'sequences': True}], 'merge': 'concat'}],
        ['Bidirectional', {'layer': ['LSTM', inner], 'merge': 'sum'}],
        ['Dense', {'units': 3, 'activate': 'softmax'}]], 'loss': 'CCE', 'shape': (20, 7, 2),
        'classes': 3, 'rate': 0.05, 'seed': 7, 'batch_size': 4, 'epochs': 4}


def title(case):
    """A case in one line."""
    if case['kind'] == 'layer':
        options = {**case['arguments'], **({'lengths': case['lengths']} if case['lengths'] else {})}
        options.pop('clip_gradients', None)
        if options.pop('se_hPars', None):
            options['se_hPars'] = '...'
        what = f'{case["layer"]}({", ".join(f"{k}={v}" for k, v in options.items())})'
    else:
        what = {'loss': 'loss ', 'metric': 'metric ', 'training': '20 updates of '}[case['kind']]
        what += case.get('loss' if case['kind'] == 'loss' else case['kind']) or case['name']
    return f'{case["library"]}: {what}'


def tolerance(case):
    return 1e-8 if case['kind'] == 'training' else 1e-10


# What is put in, drawn at random: the same for both sides


def inputs(case, seed=0):
    rng = np.random.default_rng(seed)
    if case['kind'] == 'layer':
        X = rng.standard_normal(case['shape'])
        p = {name: 0.7 * rng.standard_normal(W.shape)
             for name, W in parameters(layer_of(case, X)).items()}
        layer = layer_of(case, X)
        return {'X': X, **p, 'R': rng.standard_normal(layer.forward(X).shape)}
    if case['kind'] == 'loss':
        Z = rng.standard_normal(case['shape'])
        one_hot = np.eye(Z.shape[1])[rng.integers(0, Z.shape[1], len(Z))]
        return {'Z': Z, 'Y': one_hot if case['loss'] in ('BCE', 'CCE') else rng.random(Z.shape)}
    if case['kind'] == 'metric':
        return {'y': rng.integers(0, 2, case['shape']), 'P': rng.integers(0, 2, case['shape'])}
    X = rng.standard_normal(case['shape'])
    sums = X.reshape(len(X), -1).sum(axis=1)
    y = np.searchsorted(np.quantile(sums, [1 / 3, 2 / 3] if case['classes'] else [0.5]), sums)
    Y = np.eye(3)[y] if case['classes'] else y[:, np.newaxis].astype(float)
    if steps_of(case) > 1:
        Y = np.eye(3)[np.searchsorted([-0.5, 0.5], X.sum(axis=2))]
    model = model_of(case, {'X': X, 'Y': Y})
    p = {f'{i}.{name}': W + 0.1 * rng.standard_normal(W.shape)
         for i, layer in enumerate(model.layers) for name, W in parameters(layer).items()}
    return {'X': X, 'Y': Y, **p}


def steps_of(case):
    """Steps that have targets of their own: Keras adds their losses up, here is the mean."""
    return case['shape'][1] if case['name'].endswith('each step') else 1


# This library

def parameters(layer, kept='p'):
    """Those of a layer, and those of the layers in it, as W@0, or their gradients dW@0."""
    return {**getattr(layer, kept), **{
        f'{name}@{j}': W for j, inner in enumerate(layer.sublayers)
        for name, W in getattr(inner, kept).items()}}


def made(name, arguments):
    """A layer of this library, of arguments as JSON holds them."""
    arguments = dict(arguments)
    if name == 'Bidirectional':
        arguments['layer'] = made(*arguments['layer'])
    return getattr(epynn, name)(**{k: tuple(v) if isinstance(v, list) else v
                                   for k, v in arguments.items()})


def layer_of(case, X):
    """The layer, with parameters."""
    return made(case['layer'], case['arguments']).build(X, seed=0)


def model_of(case, given):
    stack = [made(name, arguments) for name, arguments in case['layers']]
    data = epynn.Embedding(given['X'], given['Y'], relative_size=(1, 0, 0),
                           batch_size=case['batch_size'])
    model = epynn.EpyNN([data, *stack])
    model.initialize(loss=case['loss'], seed=case['seed'], verbose=False,
                     se_hPars={'learning_rate': case['rate']})
    return model


def ours(case, given):
    """What this library makes of the inputs."""
    if case['kind'] == 'layer':
        layer = layer_of(case, given['X'])
        for name, W in parameters(layer).items():
            W[:] = given[name]
        A = layer.forward(given['X'], None if not case['lengths'] else np.array(case['lengths']))
        dX = layer.backward(given['R'])
        return {'A': A, 'dX': dX, **parameters(layer, 'g')}
    if case['kind'] == 'loss':
        f, Y = losses[case['loss']], given['Y']
        layer = epynn.Dense(3, 'softmax' if case['loss'] == 'CCE' else 'sigmoid')
        layer.build(given['Z'], seed=0)
        layer.p['W'][:], layer.p['b'][:] = np.eye(3), 0
        A = layer.forward(given['Z'])
        dA = f(Y, A, deriv=True)
        return {'L': f(Y, A), 'dA': dA, 'dZ': layer.backward(dA)}
    if case['kind'] == 'metric':
        return {'value': np.array(metrics[case['metric']](given['y'], given['P']))}
    model = model_of(case, given)
    for i, layer in enumerate(model.layers):
        for name, W in parameters(layer).items():
            W[:] = given[f'{i}.{name}']
    model.train(case['epochs'], verbose=0)
    return {'losses': np.array(model.metrics[case['loss']][0]),
            'A': model.predict(given['X']).A,
            **{f'final {i}.{name}': W for i, layer in enumerate(model.layers)
               for name, W in parameters(layer).items()}}


# The other libraries


def theirs(case, given):
    """What Keras or PyTorch makes of the inputs."""
    if case['library'] == 'torch':
        return {'layer': torch_layer, 'loss': torch_loss}[case['kind']](case, given)
    return {'layer': keras_layer, 'loss': keras_loss, 'metric': keras_metric,
            'training': keras_training}[case['kind']](case, given)


def import_keras():
    os.environ['KERAS_BACKEND'] = 'torch'
    import keras
    from keras.src.backend.common import dtypes
    keras.config.set_floatx('float64')
    keras.config.set_epsilon(np.finfo(float).tiny)      # what it adds to what it divides by
    # But for TensorFlow, Keras takes a product of doubles for one of singles, as JAX does; here
    # the digits matter, so it is told not to
    dtypes.BIT64_TO_BIT32_DTYPE['float64'] = 'float64'
    return keras


GATES = {'RNN': [''], 'GRU': ['z', 'r', 'hh'], 'LSTM': ['i', 'f', 'g', 'o']}    # order of Keras


def keras_weights(name, p):
    """Our parameters, or their gradients, as Keras has them."""
    if name == 'Bidirectional':
        return [W for j in '01' for W in keras_weights(*direction(p, j))]
    if name in GATES:
        U, V, b = ([p[f'{kind}{gate}'] for gate in GATES[name]] for kind in 'UVb')
        return [np.hstack(U), np.hstack(V), np.hstack(b).reshape(-1)]
    return [p[name].reshape(-1) if name == 'b' else p[name] for name in 'Wb' if name in p]


def direction(p, j):
    """Kind and parameters of one direction of a bidirectional layer."""
    own = {k.split('@')[0]: W for k, W in p.items() if k.endswith(f'@{j}')}
    return next(kind for kind, gates in GATES.items() if f'U{gates[0]}' in own), own


def our_weights(name, weights, shapes):
    """The inverse of keras_weights."""
    if name == 'Bidirectional':
        half = len(weights) // 2
        return {f'{k}@{j}': W for j, part in ((0, weights[:half]), (1, weights[half:]))
                for k, W in our_weights(direction(shapes, j)[0], part,
                                        direction(shapes, j)[1]).items()}
    if name in GATES:
        n = len(GATES[name])
        names = [f'{kind}{gate}' for kind in 'UVb' for gate in GATES[name]]
        parts = [part for W in weights for part in np.split(W, n, axis=-1)]
    else:
        names, parts = ['W', 'b'], weights
    return {k: np.reshape(W, shapes[k]) for k, W in zip(names, parts, strict=False)}


def keras_stack(name, arguments):
    """Layers of Keras that do what ours does; the one with the parameters is the last."""
    keras = import_keras()
    of = {'identity': 'linear', 'lrelu': lambda x: keras.activations.leaky_relu(x, 0.3)}
    f = {k: of.get(v, v) for k, v in arguments.items() if k.startswith('activate')}
    L = keras.layers
    if name == 'Dense':
        return [L.Dense(arguments['units'], f.get('activate', 'sigmoid'))]
    if name == 'Flatten':
        return [L.Flatten()]
    if name == 'Bidirectional':
        [inner] = keras_stack(*arguments['layer'])
        merge = {'mean': 'ave'}.get(arguments['merge'], arguments['merge'])
        return [L.Bidirectional(inner, merge_mode=merge)]
    if name in GATES:
        u, options = arguments['unit_cells'], {
            'return_sequences': arguments.get('sequences', False),
            'activation': f.get('activate', 'tanh')}
        if name == 'RNN':
            return [L.SimpleRNN(u, **options)]
        if name == 'GRU':       # the only one with a gate activation; both gates share it
            return [L.GRU(u, reset_after=False, **options,
                          recurrent_activation=f.get('activate_update', 'sigmoid'))]
        return [L.LSTM(u, **options)]
    if name == 'Convolution':
        size = arguments.get('filter_size', [3, 3])
        padding = arguments.get('padding', 0)
        ph, pw = padding if isinstance(padding, list) else (padding, padding)
        return [L.ZeroPadding2D((ph, pw)), L.Conv2D(
            arguments['unit_filters'], size, arguments.get('strides', size),
            activation=f.get('activate', 'relu'), use_bias=arguments.get('use_bias', True))]
    size = arguments.get('pool_size', [2, 2])
    kind = {'max': L.MaxPooling2D, 'mean': L.AveragePooling2D}[arguments['pool']]
    return [kind(size, arguments.get('strides', size))]


def keras_layer(case, given):
    import torch
    X = torch.tensor(given['X'], requires_grad=True)
    A, stack = X, keras_stack(case['layer'], case['arguments'])
    for layer in stack[:-1]:
        A = layer(A)
    stack[-1].build(tuple(A.shape))
    stack[-1].set_weights(keras_weights(case['layer'], given))
    A = stack[-1](A)
    (A * torch.tensor(given['R'])).sum().backward()
    shapes = {k: W.shape for k, W in given.items()}
    gradients = [v.value.grad.numpy() for v in stack[-1].trainable_variables]
    gradients = our_weights(case['layer'], gradients, shapes)
    return {'A': A.detach().numpy(), 'dX': X.grad.numpy(),
            **{f'd{k}': g for k, g in gradients.items()}}


def keras_loss(case, given):
    import torch
    keras = import_keras()
    f = {'MSE': 'mean_squared_error', 'MAE': 'mean_absolute_error',
         'Huber': 'huber', 'MSLE': 'mean_squared_logarithmic_error', 'BCE': 'binary_crossentropy',
         'CCE': 'categorical_crossentropy'}[case['loss']]
    Y, Z = torch.tensor(given['Y']), torch.tensor(given['Z'], requires_grad=True)
    A = keras.ops.softmax(Z) if case['loss'] == 'CCE' else keras.ops.sigmoid(Z)
    A.retain_grad()
    L = getattr(keras.losses, f)(Y, A)
    L.sum().backward()
    found = {'L': L.detach().numpy(), 'dA': A.grad.numpy(), 'dZ': Z.grad.numpy()}
    if case['loss'] == 'CCE':   # Keras divides A by its sum, so only Z tells the gradient apart
        del found['dA']
    return found


def keras_metric(case, given):
    keras, name = import_keras(), case['metric']
    # Label 0 is our positive class, 1 is that of Keras
    y, P = 1 - given['y'], 1 - given['P']
    if name in ('specificity', 'NPV'):              # recall and precision of the other class
        y, P = given['y'], given['P']
    if name == 'fscore':
        metric = keras.metrics.F1Score(average=None)
        value = metric(np.eye(2)[y], np.eye(2)[P].astype(float))[1]
    else:
        kind = {'accuracy': 'Accuracy', 'recall': 'Recall', 'specificity': 'Recall'}
        value = getattr(keras.metrics, kind.get(name, 'Precision'))()(y, P)
    return {'value': np.array(float(value))}


def keras_training(case, given):
    """The compiled model, SGD and train_on_batch of Keras, with its losses summed over a batch."""
    import torch
    keras = import_keras()
    model, named = keras.Sequential([keras.Input(case['shape'][1:])]), []
    for i, (name, arguments) in enumerate(case['layers'], start=1):
        stack = keras_stack(name, arguments)
        for layer in stack:
            model.add(layer)
        p = {k.split('.')[1]: W for k, W in given.items() if k.startswith(f'{i}.')}
        if p:
            stack[-1].set_weights(keras_weights(name, p))
            named.append((i, name, stack[-1], {k: W.shape for k, W in p.items()}))
    loss = {'MSE': keras.losses.MeanSquaredError, 'BCE': keras.losses.BinaryCrossentropy,
            'CCE': keras.losses.CategoricalCrossentropy}[case['loss']](reduction='sum')
    model.compile(keras.optimizers.SGD(case['rate'] / steps_of(case)), loss)

    # Our order of the samples, as docs and DESIGN give it: shuffled once before training, then
    # at each epoch
    X, Y, size = given['X'], given['Y'], case['batch_size']
    order, rng = list(range(len(X))), np.random.default_rng(case['seed'] + 1)
    rng.shuffle(order)
    curve = []
    for _ in range(case['epochs']):
        rng.shuffle(order)
        for i in range(0, len(order) - size + 1, size):
            model.train_on_batch(X[order[i:i + size]], Y[order[i:i + size]])
        with torch.no_grad():
            curve.append(float(loss(torch.tensor(Y), model(torch.tensor(X))))
                         / len(X) / steps_of(case))
    final = {f'final {i}.{k}': W for i, name, layer, shapes in named
             for k, W in our_weights(name, layer.get_weights(), shapes).items()}
    return {'losses': np.array(curve), 'A': model.predict(X, verbose=0), **final}


def torch_activations(hPars):
    import torch
    return {
        'identity': lambda x: x, 'relu': torch.relu, 'sigmoid': torch.sigmoid, 'tanh': torch.tanh,
        'lrelu': lambda x: torch.where(x > 0, x, hPars['LRELU_alpha'] * x),
        'elu': lambda x: torch.where(x > 0, x, hPars['ELU_alpha'] * (torch.exp(x) - 1)),
        'softmax': lambda x: torch.softmax(x / hPars['softmax_temperature'], dim=-1),
    }


def torch_states(kind, p, X):
    """The states (s, u) of a recurrent layer that reads one sample (s, e), step by step."""
    import torch
    sigmoid, tanh, u = torch.sigmoid, torch.tanh, len(p[f'V{GATES[kind][0]}'])
    h, C, states = torch.zeros(1, u).double(), torch.zeros(1, u).double(), []
    for x in X:
        def gate(name, h, x=x):
            return x @ p[f'U{name}'] + h @ p[f'V{name}'] + p[f'b{name}']
        if kind == 'RNN':
            h = tanh(gate('', h))
        elif kind == 'GRU':
            z, r = sigmoid(gate('z', h)), sigmoid(gate('r', h))
            hh = tanh(x @ p['Uhh'] + (r * h) @ p['Vhh'] + p['bhh'])
            h = z * h + (1 - z) * hh
        else:
            C = sigmoid(gate('f', h)) * C + sigmoid(gate('i', h)) * tanh(gate('g', h))
            h = sigmoid(gate('o', h)) * tanh(C)
        states.append(h)
    return torch.cat(states)


def torch_layer(case, given):
    """The equations of the layer in tensor operations, step by step, sample by sample."""
    import torch
    p = {k: torch.tensor(W, requires_grad=k != 'R') for k, W in given.items()}
    f = torch_activations({**epynn.se_hPars, **case['arguments'].get('se_hPars', {})})
    X = p['X']
    if case['layer'] == 'Attention':
        A = torch_attention(case, p)
    elif case['layer'] == 'Dense':
        A = f[case['arguments']['activate']](X @ p['W'] + p['b'])
    else:
        both = case['layer'] == 'Bidirectional'
        kind, options = case['arguments']['layer'] if both else (case['layer'], case['arguments'])
        rows = []
        for n, steps in enumerate(case['lengths'] or [X.shape[1]] * len(X)):
            states = torch_states(kind, direction(p, 0)[1] if both else p, X[n, :steps])
            last = states[-1]
            if both:
                reverse = torch_states(kind, direction(p, 1)[1], X[n, :steps].flip(0))
                last = torch.cat([last, reverse[-1]])
                states = torch.cat([states, reverse.flip(0)], dim=1)
            padding = torch.zeros(X.shape[1] - steps, states.shape[1]).double()
            rows.append(torch.cat([states, padding]) if options['sequences'] else last)
        A = torch.stack(rows)
    (A * p['R']).sum().backward()
    return {'A': A.detach().numpy(), **{f'd{k}': W.grad.numpy() for k, W in p.items() if k != 'R'}}


def torch_attention(case, p):
    """Scaled dot-product attention of PyTorch, between our products with weights."""
    import torch
    options, X = case['arguments'], p['X']
    (m, s, _), u = X.shape, p['Wq'].shape[1]
    heads = options['heads']
    Q, K, V = ((X @ p[name]).reshape(m, s, heads, u // heads).transpose(1, 2)
               for name in ('Wq', 'Wk', 'Wv'))
    seen = torch.ones(m, 1, s, s, dtype=torch.bool)
    if options.get('causal'):
        seen = torch.tril(seen)
    padding = torch.arange(s) >= torch.tensor(case['lengths'] or [s] * m)[:, None]
    H = torch.nn.functional.scaled_dot_product_attention(
        Q, K, V, attn_mask=seen & ~padding[:, None, None])
    A = H.transpose(1, 2).reshape(m, s, u) @ p['Wo']
    return A.masked_fill(padding[..., None], 0)


def torch_loss(case, given):
    """The definitions of the losses."""
    import torch
    Y, Z = torch.tensor(given['Y']), torch.tensor(given['Z'], requires_grad=True)
    A = torch.softmax(Z, dim=-1) if case['loss'] == 'CCE' else torch.sigmoid(Z)
    A.retain_grad()
    L = {'MSE': lambda: ((A - Y)**2).mean(dim=-1), 'MAE': lambda: (A - Y).abs().mean(dim=-1),
         'Huber': lambda: torch.nn.functional.huber_loss(A, Y, reduction='none').mean(dim=-1),
         'MSLE': lambda: ((torch.log(1 + A) - torch.log(1 + Y))**2).mean(dim=-1),
         'BCE': lambda: -(Y * torch.log(A) + (1 - Y) * torch.log(1 - A)).mean(dim=-1),
         'CCE': lambda: -(Y * torch.log(A)).sum(dim=-1)}[case['loss']]()
    L.sum().backward()
    return {'L': L.detach().numpy(), 'dA': A.grad.numpy(), 'dZ': Z.grad.numpy()}


# The file: all numbers of a case in one row, their names and shapes in an index


def write(path, entries):
    """entries: (case, given, found) each."""
    index, numbers = [], []
    for case, given, found in entries:
        index.append({'case': case, 'given': {k: np.shape(W) for k, W in given.items()},
                      'found': {k: np.shape(W) for k, W in found.items()}})
        numbers += [np.ravel(W).astype(np.float64) for W in (*given.values(), *found.values())]
    text = np.frombuffer(json.dumps(index).encode(), np.uint8)
    np.savez_compressed(path, index=text, numbers=np.concatenate(numbers))


def read(path=PATH):
    """(case, given, found) of each case in the file."""
    with np.load(path, allow_pickle=False) as archive:
        index, numbers = json.loads(archive['index'].tobytes()), archive['numbers']
    place = 0
    for entry in index:
        arrays = []
        for kind in ('given', 'found'):
            arrays.append({})
            for name, shape in entry[kind].items():
                size = int(np.prod(shape))
                arrays[-1][name] = numbers[place:place + size].reshape(shape)
                place += size
        yield entry['case'], *arrays


def distances(case, given, found):
    """For each array, its largest distance from ours, relative to its largest number above 1."""
    mine = ours(case, given)
    return {name: float(np.abs(mine[name] - W).max() / max(1, np.abs(W).max()))
            for name, W in found.items()}


def main():
    from importlib.metadata import version

    from tabulate import tabulate
    entries = []
    for case in cases():
        case = json.loads(json.dumps(case))
        given = inputs(case)
        entries.append((case, given, theirs(case, given)))
    write(PATH, entries)

    rows = []
    for case, given, found in read():
        apart = distances(case, given, found)
        rows.append([title(case), len(apart), f'{max(apart.values()):.1e}',
                     'ok' if max(apart.values()) <= tolerance(case) else 'APART'])
    print(tabulate(rows, ['reference', 'arrays', 'largest difference', ''], tablefmt='pretty',
                   colalign=('left',)))
    print(f'keras {version("keras")}, torch {version("torch")}, numpy {np.__version__}: '
          f'{len(rows)} references in {PATH.stat().st_size / 1000:.0f} kB')
    return int(any(row[-1] != 'ok' for row in rows))


if __name__ == '__main__':
    sys.exit(main())
