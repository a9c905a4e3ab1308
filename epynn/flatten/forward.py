"""How does X become A in a Flatten layer?"""


def flatten_forward(layer, X):
    """The same numbers, one row a sample, shape (m, n)."""
    fc = layer.fc

    # (1) All axes but the first become one
    A = X.reshape(len(X), -1)                               # (m, ...) -> (m, n)

    fc['X'], fc['A'] = X, A
    return A
