"""What does a Dense layer learn, and how?"""
from epynn.speed.one_hot import transpose_matmul


def dense_compute_shapes(layer):
    """A weight from each of n features to each of u units; a bias for each unit."""
    n, u = layer.d['n'], layer.d['u']
    return {'W': (n, u), 'b': (1, u)}


def dense_compute_gradients(layer):
    """Z = X W + b, so dL/dW = X.T dZ and dL/db = dZ, summed over the samples."""
    X, dZ = layer.fc['X'], layer.bc['dZ']

    layer.g['dW'] = transpose_matmul(X, dZ)                 # (n, m) (m, u) -> (n, u)
    layer.g['db'] = dZ.sum(axis=0, keepdims=True)           # (m, u) -> (1, u)
