"""What exists before the first step of an RNN?"""
import numpy as np


def rnn_initialize_parameters(layer):
    """Random weights, drawn in the order U, V; biases of zero."""
    shapes = layer.compute_shapes()
    layer.p['U'] = layer.initialization(shapes['U'], rng=layer.rng)
    layer.p['V'] = layer.initialization(shapes['V'], rng=layer.rng)
    layer.p['b'] = np.zeros(shapes['b'])


def rnn_initialize_forward(layer, x):
    """Room for the states, beginning with zero before the first step, and for ``h_``."""
    s, m, u = x.shape
    state = np.zeros((s + 1, m, u), x.dtype)
    return state, *layer.room(x, 1)


def rnn_initialize_backward(layer, dA):
    """Room for the gradients of the states, beginning with zero behind the last, and ``dh_``."""
    s, m, u = dA.shape
    state = np.zeros((s + 1, m, u), dA.dtype)
    return state, *layer.room(dA, 1)
