"""What does a Template learn, and how?"""


def template_compute_shapes(layer):
    """Shape of each parameter by its name; here there are none.

    With parameters, from sizes of the input and of its own: {'W': (n, u), 'b': (1, u)}.
    """
    return {}


def template_compute_gradients(layer):
    """Nothing, for there is nothing to learn.

    With parameters, ``layer.g['dW']`` for each ``layer.p['W']``, summed over the samples of the
    batch: layer.g['dW'] = layer.fc['X'].T @ layer.bc['dZ'].
    """
