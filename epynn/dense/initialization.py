"""What exists before the first step of a Dense layer?"""
import numpy as np


def dense_initialize_parameters(layer):
    """Random weights, so that units differ; biases of zero."""
    shapes = layer.compute_shapes()
    layer.p['W'] = layer.initialization(shapes['W'], rng=layer.rng)
    layer.p['b'] = np.zeros(shapes['b'])
