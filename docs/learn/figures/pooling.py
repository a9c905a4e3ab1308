"""Which pixel is taken from a window, and which gets the gradient?

    python docs/learn/figures/pooling.py
"""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / 'figures'))
import numpy as np  # noqa: E402
from diagram import DATA, GRADIENT, arrow, canvas, matrix, pale  # noqa: E402
from matplotlib.patches import Rectangle  # noqa: E402
from style import save  # noqa: E402

from epynn import Pooling  # noqa: E402

CELL = 0.34
X = np.array([[1, 3, 2, 0], [5, 3, 0, 2], [0, 1, 7, 4], [3, 0, 2, 7]])
dA = np.array([[8, -4], [2, 6]])


def numbers(ax, x, y, values, name, colour, filled=None):
    """A matrix around height y with its numbers, windows outlined, some cells filled; its end."""
    rows, columns = values.shape
    matrix(ax, x, y - rows * CELL / 2, rows, columns, name, colour, CELL)
    for i, j in np.ndindex(*values.shape):
        left, bottom = x + j * CELL, y + (rows / 2 - 1 - i) * CELL
        if filled is not None and filled[i, j]:
            ax.add_patch(Rectangle((left, bottom), CELL, CELL, facecolor=pale(colour, 0.45),
                                   edgecolor=colour, linewidth=0.5, zorder=3))
        ax.text(left + CELL / 2, bottom + CELL / 2, f'{values[i, j]:g}', ha='center',
                va='center', fontsize=9.5, zorder=4)
    for i, j in np.ndindex(rows // 2, columns // 2):
        if rows > 2:
            ax.add_patch(Rectangle((x + 2 * j * CELL, y + (rows / 2 - 2 - 2 * i) * CELL), 2 * CELL,
                                   2 * CELL, fill=False, linewidth=2, edgecolor=colour, zorder=5))
    return x + columns * CELL


def passes():
    """Max and mean pooling of the same image, forward and backward."""
    ax = canvas(8.3, 4.4)
    for y, pool in ((3.15, 'max'), (0.95, 'mean')):
        layer = Pooling(2, pool=pool)
        A = layer.forward(X[np.newaxis, :, :, np.newaxis].astype(float))[0, :, :, 0]
        dX = layer.backward(dA[np.newaxis, :, :, np.newaxis].astype(float))[0, :, :, 0]
        dX += 0                                                         # no -0
        x = numbers(ax, 0.2, y, X, '$X$', DATA, dX != 0)
        arrow(ax, (x + 0.15, y), (x + 1.05, y), text=pool, shift=(0, 0.14))
        x = numbers(ax, x + 1.2, y, A, '$A$', DATA)
        x = numbers(ax, x + 1.2, y, dA, '$dA$', GRADIENT)
        arrow(ax, (x + 0.15, y), (x + 1.05, y), GRADIENT)
        numbers(ax, x + 1.2, y, dX, '$dX$', GRADIENT, dX != 0)
    return ax.figure


if __name__ == '__main__':
    save(passes(), 'pooling-passes', HERE)
