"""Which matrix meets which in a Dense layer, on the way there and back?

    python docs/learn/figures/dense.py
"""
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / 'figures'))
from diagram import DATA, GRADIENT, PARAMETER, arrow, canvas, matrix  # noqa: E402
from matplotlib.patches import Rectangle  # noqa: E402
from style import save  # noqa: E402

M, N, U, CELL = 6, 4, 3, 0.2


def placed(ax, x, y, rows, columns, name, colour, shape, row=None, column=None):
    """A matrix with its middle at height y, a row, a column or a cell of it filled; its end."""
    bottom = y - rows * CELL / 2
    matrix(ax, x, bottom, rows, columns, name, colour, CELL, shape)
    if row is not None or column is not None:
        wide = 1 if column is not None else columns
        high = 1 if row is not None else rows
        left = x + (column or 0) * CELL
        top = bottom + (rows - (row or 0)) * CELL
        ax.add_patch(Rectangle((left, top - high * CELL), wide * CELL, high * CELL,
                               facecolor=colour, alpha=0.55, zorder=3))
    return x + columns * CELL


def sign(ax, x, y, text):
    ax.text(x, y, text, ha='center', va='center', fontsize=13)
    return x + 0.22


def forward():
    ax, y = canvas(8.2, 2.25), 1.05
    x = placed(ax, 0.15, y, M, N, '$X$', DATA, '(m, n)', row=2)
    x = sign(ax, x + 0.22, y, '@')
    x = placed(ax, x, y, N, U, '$W$', PARAMETER, '(n, u)', column=1)
    x = sign(ax, x + 0.22, y, '+')
    x = placed(ax, x, y, 1, U, '$b$', PARAMETER, '(1, u)', column=1)
    x = sign(ax, x + 0.22, y, '=')
    x = placed(ax, x, y, M, U, '$Z$', DATA, '(m, u)', row=2, column=1)
    arrow(ax, (x + 0.15, y), (x + 0.95, y), text='$f$')
    placed(ax, x + 1.1, y, M, U, '$A$', DATA, '(m, u)', row=2, column=1)
    ax.text(6.15, y, 'A row of $X$ is a sample,\na column of $W$ a unit:\nwhere they meet, one '
            'number.', ha='left', va='center', fontsize=10)
    return ax.figure


def backward():
    ax = canvas(8.2, 4.35)
    notes = (
        (3.3, 'A feature reached all units\nof its sample: a row of $dZ$\nwith a row of $W$.'),
        (1.05, 'A weight was used by all\nsamples: a column of $X$\nwith a column of $dZ$.'),
    )
    for y, text in notes:
        ax.text(4.1, y, text, ha='left', va='center', fontsize=10)

    y = 3.2
    x = placed(ax, 0.15, y, M, U, '$dZ$', GRADIENT, '(m, u)', row=2)
    x = sign(ax, x + 0.22, y, '@')
    x = placed(ax, x, y, U, N, '$W^T$', PARAMETER, '(u, n)', column=1)
    x = sign(ax, x + 0.22, y, '=')
    placed(ax, x, y, M, N, '$dX$', GRADIENT, '(m, n)', row=2, column=1)

    y = 0.95
    x = placed(ax, 0.15, y, N, M, '$X^T$', DATA, '(n, m)', row=1)
    x = sign(ax, x + 0.22, y, '@')
    x = placed(ax, x, y, M, U, '$dZ$', GRADIENT, '(m, u)', column=1)
    x = sign(ax, x + 0.22, y, '=')
    placed(ax, x, y, N, U, '$dW$', GRADIENT, '(n, u)', row=1, column=1)

    y, x = 0.95, 6.3
    x = placed(ax, x, y, M, U, '$dZ$', GRADIENT, '(m, u)', column=1)
    arrow(ax, (x + 0.12, y), (x + 0.52, y), text='$\\sum$', shift=(0, 0.17))
    placed(ax, x + 0.62, y, 1, U, '$db$', GRADIENT, '(1, u)', column=1)
    return ax.figure


if __name__ == '__main__':
    save(forward(), 'dense-forward', HERE)
    save(backward(), 'dense-backward', HERE)
