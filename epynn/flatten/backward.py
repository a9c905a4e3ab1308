"""How does dL/dA become dL/dX in a Flatten layer?"""


def flatten_backward(layer, dA):
    """The same gradients, in the shape of X."""
    # (1) The one axis becomes what it was
    dX = dA.reshape(layer.fc['X'].shape)                    # (m, n) -> (m, ...)

    layer.bc['dA'], layer.bc['dX'] = dA, dX
    return dX
