"""How does X become A in a Template?"""


def template_forward(layer, X):
    """X as it is, shape (m, ...).

    Number the steps: the backward pass undoes them from the last to the first. Keep in
    ``layer.fc`` what it will need. Outside training (``layer.training`` is False) the cache is
    dropped after the pass.
    """
    fc = layer.fc

    # (1) Pass on
    A = X                                                   # (m, ...)

    fc['X'], fc['A'] = X, A
    return A
