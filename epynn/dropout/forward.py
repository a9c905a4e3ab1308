"""How does X become A in Dropout?"""
from epynn.dropout.initialization import dropout_initialize_forward


def dropout_forward(layer, X):
    """X with some features dropped and the others scaled up; X itself outside training."""
    if not layer.training:
        return X
    keep_prob = 1 - layer.o['drop_prob']

    # (1) Mask of what is kept
    D = dropout_initialize_forward(layer, X.shape)          # (m, ...)

    # (2) Drop and scale
    A = X * D / keep_prob

    layer.fc['D'], layer.fc['A'] = D, A
    return A
