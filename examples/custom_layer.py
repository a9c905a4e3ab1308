"""How do I write a layer of my own? Layer normalization, from its equations to a trained network.

Run it with ``python examples/custom_layer.py``. It takes a few seconds.

Some samples are loud and some are quiet, and what tells them apart is not how loud they are.
Layer normalization (Ba, Kiros & Hinton, 2016) gives every sample the same mean and the same
spread before the next layer looks at it:

    mu    = mean of X over the features of each sample                  (m, 1)
    sigma = sqrt(mean of (X - mu)^2 over the features + epsilon)        (m, 1)
    Xh    = (X - mu) / sigma                                            (m, n)
    A     = Xh gamma + beta                                             (m, n)

with X of shape (m, n), and a scale gamma and an offset beta, (1, n) each, to be learned.
"""
import tempfile
from pathlib import Path

import numpy as np

from epynn import Argument, Dense, Embedding, EpyNN, Layer, read_model, sigmoid, tanh
from epynn.gradcheck import gradcheck


# (1) What exists before the first step: a scale of 1 and an offset of 0
def layernorm_initialize_parameters(layer):
    """Parameters that change nothing: gamma is 1, beta is 0."""
    for name, shape in layer.compute_shapes().items():
        layer.p[name] = np.full(shape, 1.0 if name == 'gamma' else 0.0)


# (2) How X becomes A: the equations, one after the other
def layernorm_forward(layer, X):
    """A = Xh gamma + beta, shape (m, n)."""
    p, fc = layer.p, layer.fc

    # (2a) Mean and spread of each sample
    mu = X.mean(axis=1, keepdims=True)                                  # (m, 1)
    sigma = np.sqrt(((X - mu)**2).mean(axis=1, keepdims=True) + layer.epsilon)

    # (2b) Normalize
    Xh = (X - mu) / sigma                                               # (m, n)

    # (2c) Scale and offset
    A = Xh * p['gamma'] + p['beta']

    fc['X'], fc['sigma'], fc['Xh'], fc['A'] = X, sigma, Xh, A
    return A


# (3) How dL/dA becomes dL/dX: the same steps, from the last to the first
def layernorm_backward(layer, dA):
    """dL/dX, shape (m, n)."""
    p, fc, bc = layer.p, layer.fc, layer.bc
    Xh, sigma = fc['Xh'], fc['sigma']

    # (2c) Scale and offset
    dXh = dA * p['gamma']                                               # (m, n)

    # (2b, 2a) X acts three times on Xh: by itself, in the mean, and in the spread. What the mean
    # and the spread take away from all features is what dXh has in common with 1 and with Xh
    along_mean = dXh.mean(axis=1, keepdims=True)                        # (m, 1)
    along_spread = (dXh * Xh).mean(axis=1, keepdims=True)               # (m, 1)
    dX = (dXh - along_mean - Xh * along_spread) / sigma                 # (m, n)

    bc['dA'], bc['dXh'], bc['dX'] = dA, dXh, dX
    return dX


# (4) What is learned, and how
def layernorm_compute_shapes(layer):
    """A scale and an offset for each of n features."""
    return {'gamma': (1, layer.d['n']), 'beta': (1, layer.d['n'])}


def layernorm_compute_gradients(layer):
    """A = Xh gamma + beta for every sample: gradients add up over samples."""
    dA, Xh = layer.bc['dA'], layer.fc['Xh']
    layer.g['dgamma'] = (dA * Xh).sum(axis=0, keepdims=True)            # (1, n)
    layer.g['dbeta'] = dA.sum(axis=0, keepdims=True)                    # (1, n)


# (5) The class: the shape of its input, its arguments, and the functions above as methods
def positive(owner, name, value):
    """A check: a number above 0."""
    if isinstance(value, (int, float)) and value > 0:
        return float(value)
    raise ValueError(f'{owner} expects {name} to be a number above 0, got {value!r}')


class LayerNorm(Layer):
    """Layer normalization, see the top of this file.

    Parameters
    ----------
    epsilon : float, default 1e-5
        Added to the variance, so that a sample whose features are all equal can be divided.
    """

    axes = {'m': 'samples', 'n': 'features'}
    fixed_axes = ('n',)                     # gamma and beta have that size
    remedy = 'put a Flatten before it'

    epsilon = Argument(positive)            # checked whenever it is set

    def __init__(self, epsilon=1e-5):
        super().__init__()
        self.epsilon = epsilon              # under its own name: so a file finds it

    compute_shapes = layernorm_compute_shapes
    initialize_parameters = layernorm_initialize_parameters
    forward_pass = layernorm_forward
    backward_pass = layernorm_backward
    compute_gradients = layernorm_compute_gradients


# (6) Data: a bump on the left (0) or on the right (1), from very quiet to very loud
def bumps(m, n=24, seed=0):
    """Samples (m, n) and labels (m,)."""
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, m)
    center = np.where(y == 0, n / 4, 3 * n / 4) + rng.normal(0, n / 10, m)
    bump = np.exp(-((np.arange(n) - center[:, np.newaxis]) / 3)**2)
    loudness = 10 ** rng.uniform(-3, 1, (m, 1))
    return loudness * (bump + 0.3 * rng.standard_normal((m, n))), y


def network(*normalization):
    """A small network, trained, with or without the new layer at its beginning."""
    X, y = bumps(600)
    embedding = Embedding(X, y, batch_size=20)
    model = EpyNN([embedding, *normalization, Dense(8, tanh), Dense(1, sigmoid)], name='LayerNorm')
    model.initialize(loss='BCE', seed=1, se_hPars={'learning_rate': 0.02}, verbose=False)
    model.train(epochs=30, verbose=0)
    return model


def main():
    """Check it, train with it, write it, read it."""
    # Is the backward pass the derivative of the forward pass? Move each number a little, and look
    rng = np.random.default_rng(1)
    X = rng.standard_normal((4, 6))
    layer = LayerNorm().build(X, seed=1)
    layer.p['gamma'] += 0.3 * rng.standard_normal((1, 6))       # somewhere not special
    check = gradcheck(layer, X)
    print(check)
    if check.error > 1e-12:
        raise SystemExit('The backward pass is not the derivative of the forward pass')

    print('\nQuiet and loud samples, without and with it')
    plain, normalized = network(), network(LayerNorm())
    for title, model in (('without', plain), ('with', normalized)):
        train, val, _ = model.evaluate()['accuracy']
        print(f'    {title:7}  accuracy {train:.2f} in training, {val:.2f} in validation')

    print('\nWritten and read again')
    with tempfile.TemporaryDirectory() as directory:
        path = normalized.write(Path(directory, 'layernorm.npz'))
        model = read_model(path, custom_objects={'LayerNorm': LayerNorm})
    X, y = bumps(1000, seed=2)
    P = model.predict(X).P
    same = np.array_equal(P, normalized.predict(X).P)
    print(f'    accuracy {np.mean(P == y):.2f} on 1000 new samples, '
          f'{"the same" if same else "NOT the same"} as before')


if __name__ == '__main__':
    main()
