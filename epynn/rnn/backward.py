"""How does dL/dA become dL/dX in an RNN?"""
from epynn.rnn.initialization import rnn_initialize_backward


def rnn_backward(layer, dA):
    """Backpropagation through time, dL/dX of shape (m, s, e)."""
    p, fc, bc = layer.p, layer.fc, layer.bc

    # (4) The slope of f waits for no other step: all steps at once
    slope = layer.slope('activate', fc['h_'], fc['h'])      # (s, m, u)

    # (3) Time runs backward: dhn comes from the next step, dhp goes to the one before
    dA = layer.output_gradients(dA)
    state, dh_ = rnn_initialize_backward(layer, dA)
    dhp, dhn = state[:-1], state[1:]

    for s in layer.steps(state, backward=True):
        # (4s) State, seen by the next layer and by the next step
        dh_[s] = (dA[s] + dhn[s]) * slope[s]
        dhp[s] = dh_[s].dot(p['V'].T)

    bc['dA'], bc['dhn'], bc['dh_'] = dA, dhn, dh_
    if not layer.needs_dX:
        return None

    # (2) The input's share, all steps at once
    dX = bc['dX'] = dh_ @ p['U'].T                          # (s, m, u) -> (s, m, e)

    # (1) Samples first again
    return layer.input_gradients(dX)                        # (s, m, e) -> (m, s, e)
