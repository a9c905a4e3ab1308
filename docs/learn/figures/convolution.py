"""What does a filter see, and where does its gradient come from?

    python docs/learn/figures/convolution.py
"""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / 'figures'))
import numpy as np  # noqa: E402
from diagram import DATA, GRADIENT, PARAMETER, arrow, canvas, matrix, pale  # noqa: E402
from matplotlib.patches import Rectangle  # noqa: E402
from style import save  # noqa: E402

SIZE, WINDOW, CELL = 5, 3, 0.28
OUT = SIZE - WINDOW + 1
X = np.array([[0, 0, 1, 0, 0], [0, 1, 1, 0, 0], [0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [0, 1, 1, 1, 0]])
W = np.array([[-1, 1, 0], [-1, 1, 0], [-1, 1, 0]])
SEEN = np.lib.stride_tricks.sliding_window_view(X, (WINDOW, WINDOW))     # (3, 3, 3, 3)
Z = (SEEN * W).sum(axis=(2, 3))
AT = (1, 1)                                                             # the position shown


def numbers(ax, x, y, values, name, colour, cell=CELL, filled=(), size=8.5):
    """A matrix around height y with its numbers, some of its cells filled; its end."""
    rows, columns = values.shape
    matrix(ax, x, y - rows * cell / 2, rows, columns, name, colour, cell)
    for i, j in np.ndindex(*values.shape):
        left, bottom = x + j * cell, y + (rows / 2 - 1 - i) * cell
        if (i, j) in filled:
            ax.add_patch(Rectangle((left, bottom), cell, cell, facecolor=pale(colour, 0.45),
                                   edgecolor=colour, linewidth=0.5, zorder=3))
        ax.text(left + cell / 2, bottom + cell / 2, f'{values[i, j]:g}', ha='center',
                va='center', fontsize=size, zorder=4)
    return x + columns * cell


def window(at, size=WINDOW):
    return {(at[0] + i, at[1] + j) for i, j in np.ndindex(size, size)}


def sign(ax, x, y, text, room=0.5):
    ax.text(x + room / 2, y, text, ha='center', va='center', fontsize=13)
    return x + room


def forward():
    """A window under a filter, and all windows as the rows of a matrix."""
    ax = canvas(8.4, 2.8)
    y = 1.3
    x = numbers(ax, 0.15, y, X, '$X$', DATA, filled=window(AT))
    x = sign(ax, x, y, '∗')
    x = numbers(ax, x, y, W, '$W$', PARAMETER, filled=window((0, 0)))
    x = sign(ax, x, y, '=')
    x = numbers(ax, x, y, Z, '$Z$', DATA, filled={AT})

    small, row = 0.215, AT[0] * OUT + AT[1]
    x += 0.75
    rows = SEEN.reshape(OUT * OUT, -1)
    x = numbers(ax, x, y, rows, '$X_w$, a row for each position', DATA, small,
                {(row, j) for j in range(WINDOW**2)}, 7)
    x = sign(ax, x, y, '@', 0.36)
    x = numbers(ax, x, y, W.reshape(-1, 1), '$W$', PARAMETER, small,
                {(j, 0) for j in range(WINDOW**2)}, 7)
    x = sign(ax, x, y, '=', 0.36)
    numbers(ax, x, y, Z.reshape(-1, 1), '$Z$', DATA, small, {(row, 0)}, 7)
    return ax.figure


def backward():
    """Two positions give their gradients to the pixels they saw, and to the filter."""
    dZ = np.array([[0, 0, 0], [0, 2, 0], [0, 0, 1]])
    dX = np.zeros((SIZE, SIZE), int)
    for y, x in np.ndindex(OUT, OUT):
        dX[y:y + WINDOW, x:x + WINDOW] += dZ[y, x] * W
    dW = np.einsum('yx,yxij->ij', dZ, SEEN)
    ax = canvas(8.4, 4.1)

    y = 3.0
    x = numbers(ax, 0.15, y, dZ, '$dZ$', GRADIENT, filled={(1, 1), (2, 2)})
    arrow(ax, (x + 0.12, y), (x + 0.78, y))
    ax.text(x + 0.45, y + 0.18, 'spread', ha='center', va='center', fontsize=9)
    end = numbers(ax, x + 0.95, y, dX, '$dX$', GRADIENT, filled=window((1, 1)) | window((2, 2)))
    for i, j in ((1, 1), (2, 2)):
        ax.add_patch(Rectangle((end - (SIZE - j) * CELL, y + (SIZE / 2 - i - WINDOW) * CELL),
                               WINDOW * CELL, WINDOW * CELL, fill=False, linewidth=2,
                               edgecolor=GRADIENT, zorder=5))
    ax.text(4.2, y, 'Each position gives its gradient, times $W$, to the\nwindow it saw. Where '
            'windows overlap, pixels add up.', ha='left', va='center', fontsize=10)

    y = 0.95
    x = numbers(ax, 0.15, y, SEEN[1, 1], '$X$ at (1, 1)', DATA)
    x = sign(ax, x, y, '× 2  +', 0.8)
    x = numbers(ax, x, y, SEEN[2, 2], '$X$ at (2, 2)', DATA)
    x = sign(ax, x, y, '× 1  =', 0.8)
    x = numbers(ax, x, y, dW, '$dW$', GRADIENT)
    ax.text(x + 0.35, y, 'One filter was used at all positions:\nwhat it saw at each, times the\n'
            'gradient there, adds up.', ha='left', va='center', fontsize=10)
    return ax.figure


if __name__ == '__main__':
    save(forward(), 'convolution-forward', HERE)
    save(backward(), 'convolution-backward', HERE)
