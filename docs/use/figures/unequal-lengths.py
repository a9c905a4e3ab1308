"""What does padding do to the states of a recurrent layer, and to their gradients?"""
from pathlib import Path

from diagram import DATA, GRADIENT, STATE, arrow, canvas, pale
from matplotlib.patches import FancyBboxPatch
from style import save

HERE = Path(__file__).resolve().parent
WORDS = ('GATTA', 'CAT', 'GG')
LEFT, APART, SIDE, HIGH = 1.9, 0.95, 0.5, 0.4
PALE = '#c4cad1'


def cell(ax, x, y, text, colour, filled=False, beyond=False):
    """A step: solid inside the sequence, dashed and grey beyond its end."""
    ax.add_patch(FancyBboxPatch((x - SIDE / 2, y - HIGH / 2), SIDE, HIGH, linewidth=1.3, zorder=2,
                                boxstyle='round,pad=0,rounding_size=0.07',
                                linestyle=(0, (3, 2)) if beyond else '-',
                                edgecolor=PALE if beyond else colour,
                                facecolor='white' if beyond
                                else pale(colour, 0.5 if filled else 0.12)))
    ax.text(x, y, text, ha='center', va='center', fontsize=10, zorder=3,
            color='#8b949e' if beyond else DATA)


ax = canvas(7.9, 3.9)
for n, word in enumerate(WORDS):
    top = 3.3 - 1.2 * n
    ax.text(0.1, top - 0.3, f'sample {n}\nlength {len(word)}', fontsize=10, va='center',
            linespacing=1.5)
    for s in range(5):
        x, beyond, last = LEFT + APART * s, s >= len(word), s == len(word) - 1
        cell(ax, x, top, '0' if beyond else word[s], DATA, beyond=beyond)
        cell(ax, x, top - 0.6, '0' if beyond else f'$h_{s + 1}$', STATE, last, beyond)
        if not beyond:
            arrow(ax, (x, top - HIGH / 2), (x, top - 0.6 + HIGH / 2), DATA)
        if s and not beyond:
            arrow(ax, (x - APART + SIDE / 2, top - 0.54), (x - SIDE / 2, top - 0.54), STATE)
            arrow(ax, (x - SIDE / 2, top - 0.68), (x - APART + SIDE / 2, top - 0.68), GRADIENT)
        if last:
            ax.plot([x + SIDE / 2 + 0.02, 6.3], [top - 0.6] * 2, color=STATE, linewidth=1.3,
                    linestyle=(0, (1, 2.5)), zorder=1)
    cell(ax, 6.6, top - 0.6, f'$h_{len(word)}$', STATE, filled=True)
    ax.text(6.97, top - 0.6, 'to Dense', fontsize=9.5, va='center', color=STATE)
ax.text(LEFT - 0.42, 3.3, 'X', fontsize=11, ha='right', va='center', style='italic')
ax.text(LEFT - 0.42, 2.7, 'h', fontsize=11, ha='right', va='center', style='italic', color=STATE)
ax.text(LEFT - 0.25, 3.72, 'steps', fontsize=9.5, color=DATA, va='center')
arrow(ax, (LEFT + 0.25, 3.72), (LEFT + 1.1, 3.72), DATA)
ax.text(5.3, 3.72, 'gradients', fontsize=9.5, color=GRADIENT, va='center', ha='right')
arrow(ax, (6.25, 3.72), (5.4, 3.72), GRADIENT)
save(ax.figure, 'unequal-lengths-padding', HERE)
