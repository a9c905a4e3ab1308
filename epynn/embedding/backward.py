"""How does dL/dA become dL/dX in an Embedding?"""


def embedding_backward(layer, dA):
    """The gradient as it comes: this is where it ends, for data are not learned."""
    # (1) Pass on
    dX = dA

    layer.bc['dA'], layer.bc['dX'] = dA, dX
    return dX
