"""What exists before the first step of a GRU?"""
import numpy as np

GATES = ('z', 'r', 'hh')                # update gate, reset gate, hidden hat


def gru_initialize_parameters(layer):
    """Random weights, drawn gate by gate in the order U, V; biases of zero."""
    shapes = layer.compute_shapes()
    for gate in GATES:
        for weight in (f'U{gate}', f'V{gate}'):
            layer.p[weight] = layer.initialization(shapes[weight], rng=layer.rng)
        layer.p[f'b{gate}'] = np.zeros(shapes[f'b{gate}'])


def gru_initialize_forward(layer, x):
    """Room for the states, beginning with zero before the first step, and for each gate,
    before and after activation."""
    s, m, u = x.shape
    state = np.zeros((s + 1, m, u), x.dtype)
    return state, *layer.room(x, 6)


def gru_initialize_backward(layer, dA):
    """Room for the gradients of the states, beginning with zero after the last step, and of
    each gate before activation."""
    s, m, u = dA.shape
    state = np.zeros((s + 1, m, u), dA.dtype)
    return state, *layer.room(dA, 3)
