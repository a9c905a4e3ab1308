"""What does Dropout drop, and what if the mask is shared along an axis?

    python docs/learn/figures/dropout.py
"""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / 'figures'))
import numpy as np  # noqa: E402
from diagram import DATA, GATE, GRADIENT, canvas, matrix, pale  # noqa: E402
from matplotlib.patches import Rectangle  # noqa: E402
from style import save  # noqa: E402

CELL = 0.3


def numbers(ax, x, y, values, name, colour, form='{:g}', off=None):
    """A matrix with its numbers in it, those that are off in white; its end."""
    rows, columns = values.shape
    matrix(ax, x, y - rows * CELL / 2, rows, columns, name, colour, CELL)
    for i, j in np.ndindex(*values.shape):
        left, bottom = x + j * CELL, y + (rows / 2 - 1 - i) * CELL
        gone = off is not None and off[i, j]
        if gone:
            ax.add_patch(Rectangle((left, bottom), CELL, CELL, facecolor='white',
                                   edgecolor=colour, linewidth=0.5, zorder=3))
        ax.text(left + CELL / 2, bottom + CELL / 2, form.format(values[i, j]), ha='center',
                va='center', fontsize=8.5, color=pale(DATA, 0.5) if gone else DATA, zorder=4)
    return x + columns * CELL


def sign(ax, x, y, text, room=0.48):
    ax.text(x + room / 2, y, text, ha='center', va='center', fontsize=12)
    return x + room


def passes():
    """X times D over 1 - p is A; and the same with gradients."""
    X = np.array([[3, 1, 4, 2], [2, 5, 1, 3], [1, 2, 3, 1]])
    D = np.array([[1, 0, 1, 1], [0, 1, 0, 1], [1, 0, 1, 0]])
    dA = np.array([[2, 1, -1, 3], [1, -2, 2, 1], [-1, 1, 1, 2]])
    ax = canvas(8.3, 3.4)
    for y, start, name, result, colour in ((2.5, X, '$X$', '$A$', DATA),
                                           (0.75, dA, '$dA$', '$dX$', GRADIENT)):
        x = numbers(ax, 0.2, y, start, name, colour)
        x = sign(ax, x, y, '×')
        x = numbers(ax, x, y, D, '$D$', GATE, off=D == 0)
        x = sign(ax, x, y, '/ 0.5  =', 1.1)
        numbers(ax, x, y, start * D / 0.5, result, colour, off=D == 0)
    ax.text(6.25, 2.5, 'What is kept is doubled,\nfor half of it is missing.', ha='left',
            va='center', fontsize=10)
    ax.text(6.25, 0.75, 'The same mask on the way\nback: what had no part gets\nno blame.',
            ha='left', va='center', fontsize=10)
    return ax.figure


def shared():
    """Masks of two sequences of five steps and four elements, apart and shared along the steps."""
    ax = canvas(8.3, 2.5)
    for left, title, shape in ((0.2, 'axis=()', (2, 5, 4)), (4.4, 'axis=1', (2, 1, 4))):
        D = np.random.default_rng(4).random(shape) > 0.5             # as on the page
        D = np.broadcast_to(D, (2, 5, 4)).astype(int)
        ax.text(left, 2.3, title, ha='left', va='center', fontsize=10.5, family='monospace')
        for i, name in enumerate(('one sample', 'another')):
            x = left + 0.45 + i * 1.75
            numbers(ax, x, 1.05, D[i], '', GATE, off=D[i] == 0)
            ax.text(x + 2 * CELL, 1.9, name, ha='center', va='center', fontsize=9)
            ax.text(x + 2 * CELL, 0.17, 'elements', ha='center', va='center', fontsize=8.5)
        ax.text(left + 0.3, 1.05, 'steps', ha='center', va='center', fontsize=8.5, rotation=90)
    return ax.figure


if __name__ == '__main__':
    save(passes(), 'dropout-passes', HERE)
    save(shared(), 'dropout-shared', HERE)
