"""How does dL/dA become dL/dX in Dropout?"""


def dropout_backward(layer, dA):
    """The gradient of what was kept, scaled as it was; nothing for what was dropped."""
    D, keep_prob = layer.fc['D'], 1 - layer.o['drop_prob']

    # (2) Drop and scale
    dX = dA * D / keep_prob                                 # (m, ...)

    layer.bc['dA'], layer.bc['dX'] = dA, dX
    return dX
