"""Where do the matrices of four gates go, in Keras and in PyTorch?"""
from pathlib import Path

from diagram import DATA, GATE, GRADIENT, PARAMETER, STATE, arrow, canvas, pale
from matplotlib.patches import Rectangle
from style import save

HERE = Path(__file__).resolve().parent
E, U, CELL = 4, 3, 0.14                 # elements, units, inches of a number
COLOURS = {'f': GATE, 'i': PARAMETER, 'g': GRADIENT, 'o': STATE}
FRAME = {'linewidth': 1.3, 'zorder': 3}


def gate(ax, x, y, name, rows, columns):
    """The matrix of one gate, its lower left corner at x, y."""
    colour = COLOURS[name]
    ax.add_patch(Rectangle((x, y), columns * CELL, rows * CELL, edgecolor=colour,
                           facecolor=pale(colour, 0.25), **FRAME))
    for i in range(1, columns):
        ax.plot([x + i * CELL] * 2, [y, y + rows * CELL], color=colour, lw=0.4, zorder=4)
    for i in range(1, rows):
        ax.plot([x, x + columns * CELL], [y + i * CELL] * 2, color=colour, lw=0.4, zorder=4)
    ax.text(x + columns * CELL / 2, y + rows * CELL / 2, name, ha='center', va='center',
            fontsize=11, fontweight='bold', color=DATA, zorder=5)


ax = canvas(7.9, 2.75)
middle = 1.15
for n, name in enumerate('figo'):
    x, y = 0.15 + (n % 2) * 0.75, middle + 0.12 - (n // 2) * 0.85
    gate(ax, x, y, name, E, U)
for n, name in enumerate('ifgo'):
    gate(ax, 2.75 + n * U * CELL, middle - E * CELL / 2, name, E, U)
    gate(ax, 6.2, middle + (2 - n - 1) * U * CELL, name, U, E)
arrow(ax, (1.55, middle), (2.6, middle), DATA, 'np.hstack')
arrow(ax, (4.6, middle), (6.05, middle), DATA, 'transpose')
for x, title, shape in ((0.7, 'epynn', 'Uf, Ui, Ug, Uo: (e, u) each'),
                        (3.6, 'Keras', 'kernel: (e, 4 u)'),
                        (6.48, 'PyTorch', 'weight_ih_l0: (4 u, e)')):
    ax.text(x, 2.55, title, fontsize=11, fontweight='bold', ha='center', va='center')
    ax.text(x, 2.28, shape, fontsize=9.5, ha='center', va='center', color='#57606a')
save(ax.figure, 'leaving-gates', HERE)
