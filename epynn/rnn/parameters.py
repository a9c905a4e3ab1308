"""What does an RNN learn, and how?"""
from epynn.speed.one_hot import transpose_matmul


def rnn_compute_shapes(layer):
    """Weights of the input (e, u) and of the state before (u, u), a bias for each unit."""
    e, u = layer.d['e'], layer.d['u']
    return {'U': (e, u), 'V': (u, u), 'b': (1, u)}


def rnn_compute_gradients(layer):
    """``h_ = X U + hp V + b`` at every step: the same parameters, so their gradients add up."""
    X, hp, dh_ = layer.fc['X'], layer.fc['hp'], layer.bc['dh_']

    layer.g['dU'] = transpose_matmul(X, dh_)                            # (e, u)
    layer.g['dV'] = transpose_matmul(hp, dh_)                           # (u, u)
    layer.g['db'] = dh_.sum(axis=0).sum(axis=0, keepdims=True)          # (1, u)
