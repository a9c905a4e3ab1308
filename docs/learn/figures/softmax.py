"""What does softmax make of four numbers, and what comes back?

    python docs/learn/figures/softmax.py
"""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / 'figures'))
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
from diagram import GRADIENT, pale  # noqa: E402
from style import INK, save  # noqa: E402

from epynn.commons.maths import softmax  # noqa: E402

Z = np.array([1.0, 2.0, 0.0, -1.0])
Y = np.array([1, 0, 0, 0])


def bars(ax, values, title, colour, form='{:.2f}'):
    ax.bar(range(len(values)), values, width=0.66, color=pale(colour, 0.35), edgecolor=colour,
           linewidth=1.3, zorder=2)
    room = np.ptp([*values, 0]) * 0.04
    for i, value in enumerate(values):
        ax.text(i, value + (room if value >= 0 else -room), form.format(value), ha='center',
                va='bottom' if value >= 0 else 'top', fontsize=9)
    ax.axhline(0, color=INK, linewidth=1)
    ax.set(title=title, xticks=[], yticks=[])
    ax.margins(y=0.18)
    ax.spines[:].set_visible(False)
    ax.grid(False)


def main():
    figure, axes = plt.subplots(1, 5, figsize=(8.4, 2.1))
    A = softmax(Z[np.newaxis])[0]
    bars(axes[0], Z, '$Z$', INK, '{:.0f}')
    bars(axes[1], np.exp(Z), '$e^Z$', INK, '{:.1f}')
    bars(axes[2], A, '$A$, adds up to 1', INK)
    bars(axes[3], Y, '$Y$, the target', INK, '{:.0f}')
    bars(axes[4], A - Y, '$dZ = A - Y$', GRADIENT)
    save(figure, 'softmax-bars', HERE)


if __name__ == '__main__':
    main()
