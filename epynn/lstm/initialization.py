"""What exists before the first step of an LSTM?"""
import numpy as np

GATES = ('f', 'i', 'g', 'o')            # forget gate, input gate, candidate, output gate


def lstm_initialize_parameters(layer):
    """Random weights, drawn gate by gate in the order U, V; biases of zero."""
    shapes = layer.compute_shapes()
    for gate in GATES:
        for weight in (f'U{gate}', f'V{gate}'):
            layer.p[weight] = layer.initialization(shapes[weight], rng=layer.rng)
        layer.p[f'b{gate}'] = np.zeros(shapes[f'b{gate}'])


def lstm_initialize_forward(layer, x):
    """Room for the hidden states and the memories, beginning with zero before the first step,
    for each gate before and after activation, and for the memory after activation."""
    s, m, u = x.shape
    states = np.zeros((2, s + 1, m, u), x.dtype)
    return *states, *layer.room(x, 9)


def lstm_initialize_backward(layer, dA):
    """Room for the gradients of both states, beginning with zero after the last step, of the
    memory, and of each gate before activation."""
    s, m, u = dA.shape
    states = np.zeros((2, s + 1, m, u), dA.dtype)
    return *states, *layer.room(dA, 5)
