"""What does an LSTM learn, and how?"""
from epynn.speed.one_hot import transpose_matmul
from epynn.lstm.initialization import GATES


def lstm_compute_shapes(layer):
    """For each gate, weights of the input (e, u) and of the state before (u, u), and a bias."""
    e, u = layer.d['e'], layer.d['u']
    return {name: shape for gate in GATES
            for name, shape in ((f'U{gate}', (e, u)), (f'V{gate}', (u, u)), (f'b{gate}', (1, u)))}


def lstm_compute_gradients(layer):
    """Each gate is X U + hp V + b at every step: gradients add up over steps."""
    fc, bc, g = layer.fc, layer.bc, layer.g

    for gate in GATES:
        d_ = bc[f'd{gate}_']                                                # (s, m, u)
        g[f'dU{gate}'] = transpose_matmul(fc['X'], d_)                      # (e, u)
        g[f'dV{gate}'] = transpose_matmul(fc['hp'], d_)                     # (u, u)
        g[f'db{gate}'] = d_.sum(axis=0).sum(axis=0, keepdims=True)          # (1, u)
