"""How many steps are computed, when a recurrence remembers for long?

    python docs/figures/sweeps.py

One-unit layers on the tutorial's batch, 16 sequences of 10,000 steps. For each: its memory,
the steps after which two different beginnings are the same bit for bit, and the steps that
windows need for all of it, in units of the plain loop.
"""
import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, FAINT, INK, ORANGE, save

from epynn import GRU, RNN
from epynn.speed.one_hot import OneHot
from epynn.speed.windows import number_of_windows

SAMPLES, STEPS, SYMBOLS = 16, 10_000, 16
FAMILIES = (
    ('RNN, V from 0.1 to 1.5', ORANGE, 'o', RNN, 'V', np.linspace(0.1, 1.5, 29)),
    ('GRU, bias of the update gate from -2 to 7', BLUE, 's', GRU, 'bz', np.linspace(-2, 7, 28)),
)


def sequences(first):
    """The same random symbols but for the first step, 16 x 10,000."""
    symbols = np.random.default_rng(0).integers(0, SYMBOLS, (SAMPLES, STEPS)).astype(np.uint8)
    symbols[:, 0] = first
    return OneHot(symbols, SYMBOLS)


def make(kind, parameter, value, windows=None):
    layer = kind(1, sequences=True, windows=windows)
    layer.build(sequences(0), seed=1)
    layer.p[parameter][:] = value
    return layer


def memory(layer):
    """Steps until states that began differently are the same, in all samples."""
    U = next(W for name, W in layer.p.items() if name.startswith('U')).sum(axis=1)
    one, other = (layer.forward(sequences(symbol)) for symbol in (U.argmin(), U.argmax()))
    differ = np.flatnonzero((one != other).any(axis=(0, 2)))
    return differ[-1] + 1 if len(differ) else 0


def steps_computed(layer):
    """Steps of the loop in one forward pass, of all windows at once or of one."""
    steps, computed = layer.steps, []

    def counted(cache, *states):
        for step in steps(cache, *states):
            computed.append(step)
            yield step

    layer.steps = counted
    layer.forward(sequences(0))
    return len(computed)


def main():
    window = -(-STEPS // number_of_windows(SAMPLES, STEPS, 1))
    figure, axis = plt.subplots(figsize=(9.5, 4.4))
    for name, colour, mark, kind, parameter, values in FAMILIES:
        points = np.array([(memory(make(kind, parameter, value, windows=1)),
                            steps_computed(make(kind, parameter, value))) for value in values])
        print(name, *zip(values.round(2).tolist(), *points.T.tolist(), strict=True), sep='\n  ')
        axis.plot(*points.T, mark, color=colour, label=name, markersize=7, alpha=0.85,
                  clip_on=False)
    axis.set(xscale='log', yscale='log', xlabel='memory: steps until two beginnings are the same',
             ylabel='steps computed', xlim=(8, STEPS), ylim=(window * 0.8, 2.4 * STEPS))
    axis.axhline(STEPS, color=INK, linewidth=1.2)
    axis.annotate('the plain loop', (8, STEPS), (4, 4), textcoords='offset points', color=INK)
    axis.axvline(window, color=INK, linewidth=1.2, linestyle=':')
    axis.annotate('one window', (window, window * 0.85), (4, 0), textcoords='offset points',
                  color=INK)
    sweeps = axis.secondary_yaxis('right', functions=(lambda n: n / window, lambda n: n * window))
    sweeps.set_ylabel(f'sweeps, of {window} steps each')
    for where in (axis.xaxis, axis.yaxis, sweeps.yaxis):
        where.set_major_formatter(lambda n, _: f'{n:,.0f}')
    sweeps.spines[:].set_visible(False)
    axis.grid(which='minor', color=FAINT, linewidth=0.3)
    axis.legend(labelcolor=INK, loc='lower right', bbox_to_anchor=(1, 0.06))
    save(figure, 'sweeps')


if __name__ == '__main__':
    main()
