"""How does X become A in an RNN?"""
from epynn.rnn.initialization import rnn_initialize_forward


def rnn_forward(layer, X):
    """h = f(X U + hp V + b) step by step, shape (m, s, u), or (m, u) of the last step."""
    p, fc = layer.p, layer.fc

    # (1) Time first: one step of all samples is one block of memory
    X = layer.cut(X)                                        # (m, s, e) -> (s, m, e)

    # (2) The input's share waits for no earlier step: all steps at once
    x = X @ p['U'] + p['b']                                 # (s, m, e) -> (s, m, u)

    # (3) hp is h one step late: one array, two views
    state, h_ = rnn_initialize_forward(layer, x)
    hp, h = state[:-1], state[1:]

    for s in layer.steps(state):
        # (4s) State, from the input and the state before
        h_[s] = x[s] + hp[s].dot(p['V'])
        h[s] = layer.activate(h_[s])

    layer.clear_padding(h_, h)
    fc['X'], fc['hp'], fc['h_'], fc['h'] = X, hp, h_, h
    return layer.outputs(h)
