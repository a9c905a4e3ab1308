"""How fast does a recurrence forget where it began, and a gradient where it came from?

    python docs/figures/forgetting.py

Two sequences that differ in their first step only go through the same layer. Left: how far the
states of the two are apart, until they are the same bit for bit (dots). Right: the gradient of
the last state with respect to the states before it.
"""
import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, GREEN, INK, ORANGE, VIOLET, save

from epynn import GRU, RNN

STEPS = 400
SMALLEST = 1e-17                        # where a difference of nothing is drawn


def layers():
    """One-unit layers with input of 16 symbols, from quick to forget to unable to."""
    cases = (('RNN, V = 0.5', ORANGE, RNN, {'V': 0.5}),
             ('GRU, as initialized', BLUE, GRU, {}),
             ('GRU, update gate biased by 2', GREEN, GRU, {'bz': 2}),
             ('RNN, V = 1.5, weak input', VIOLET, RNN, {'V': 1.5, 'U': 0.05}))
    for name, colour, kind, change in cases:
        layer = kind(1, sequences=True, clip_gradients=False, windows=1)
        layer.build(inputs(), seed=3)
        for parameter, value in change.items():
            W = layer.p[parameter]
            W[:] = W * value / np.abs(W).max() if parameter == 'U' else value
        yield name, colour, layer


def inputs():
    """Two random sequences of 16 symbols, one-hot, equal but for their first step."""
    symbols = np.random.default_rng(3).integers(0, 16, STEPS)
    X = np.eye(16)[np.stack([symbols, symbols])]
    X[:, 0] = np.stack([10 * np.ones(16), -10 * np.ones(16)])       # as far apart as can be
    return X


def main():
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.9), sharey=True)
    for name, colour, layer in layers():
        h = layer.forward(inputs())[..., 0]                         # (2, s)
        apart = np.abs(h[0] - h[1])
        met = np.flatnonzero(apart)[-1] + 1                         # equal from here on
        left.semilogy(apart[:met], color=colour, linewidth=1.8)
        if met < STEPS:
            left.plot(met, SMALLEST, 'o', color=colour, markersize=8, clip_on=False)
            left.annotate(f'{met}', (met, SMALLEST), (7, 5), textcoords='offset points',
                          color=colour)

        dA = np.zeros((2, STEPS, 1))
        dA[:, -1] = 1                                               # L is the last state
        layer.backward(dA)
        gradient = np.abs(layer.bc['dhn'])[0, ::-1, 0]              # 1, 2, ... steps before
        right.semilogy(np.maximum(gradient[1:], SMALLEST / 10), color=colour, linewidth=1.8,
                       label=name)

    left.set(title='Two beginnings become one', xlabel='steps since the two were different',
             ylabel='difference of the states', ylim=(SMALLEST, 5), xlim=(0, 250))
    right.set(title='A gradient vanishes', xlabel='steps back from the loss',
              ylabel='gradient with respect to the state', xlim=(0, 250))
    right.tick_params(labelleft=True)
    right.legend(labelcolor=INK, loc='upper right', bbox_to_anchor=(1, 0.9))
    save(figure, 'forgetting')


if __name__ == '__main__':
    main()
