"""How does the gradient of the loss reach every parameter?"""


def model_backward(model, dA):
    """Pass the gradient through the layers in reverse, each giving its input's to the one before.

    It ends at the first layer that learns: nobody asks for the gradient by the data.

    Parameters
    ----------
    dA : numpy.ndarray, shape (m, c)
        Gradient of the loss by the output of the network.
    """
    for layer in reversed(model.layers):
        dA = layer.backward(dA)
        if not layer.needs_dX:
            break
