"""How does X become A in an Embedding?"""
from epynn.speed.one_hot import OneHot


def embedding_forward(layer, X):
    """The features as floating point numbers; one-hot ones pass as the symbols they are."""
    # (1) Pass on
    A = X if isinstance(X, OneHot) else X.astype(layer.dtype, copy=False)

    layer.fc['X'], layer.fc['A'] = X, A
    return A
