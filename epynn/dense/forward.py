"""How does X become A in a Dense layer?"""


def dense_forward(layer, X):
    """A = f(X W + b), shape (m, u)."""
    p, fc = layer.p, layer.fc

    # (1) Weighted sum of the features, one for each unit
    Z = X @ p['W'] + p['b']                                 # (m, n) -> (m, u)

    # (2) Activation
    A = layer.activate(Z)

    fc['X'], fc['Z'], fc['A'] = X, Z, A
    return A
