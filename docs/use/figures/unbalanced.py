"""Which counts are recall and precision a ratio of?"""
from pathlib import Path

from diagram import DATA, GATE, PARAMETER, canvas, pale
from matplotlib.patches import FancyBboxPatch, Rectangle
from style import save

HERE = Path(__file__).resolve().parent
WIDE, HIGH = 1.15, 0.62


def table(ax, x, y, title, colour, row=None, column=None):
    """Four counts, and a frame around the row or column of which one is a share."""
    names = (('found', 'missed'), ('false alarm', 'left alone'))
    for i in range(2):
        for j in range(2):
            part, whole = i == j == 0, row == i or column == j
            ax.add_patch(Rectangle((x + j * WIDE, y - (i + 1) * HIGH), WIDE, HIGH, linewidth=1,
                                   edgecolor='white',
                                   facecolor=pale(colour, 0.55 if part else 0.18)
                                   if whole else '#f3f4f6'))
            ax.text(x + (j + 0.5) * WIDE, y - (i + 0.5) * HIGH, names[i][j], ha='center',
                    va='center', fontsize=10, color=DATA, fontweight='bold' if part else None)
    left, down = (x, y - (row + 1) * HIGH) if row is not None else (x + column * WIDE, y - 2 * HIGH)
    size = (2 * WIDE, HIGH) if row is not None else (WIDE, 2 * HIGH)
    ax.add_patch(FancyBboxPatch((left, down), *size, boxstyle='round,pad=0.03,rounding_size=0.06',
                                facecolor='none', edgecolor=colour, linewidth=1.8))
    for j, name in enumerate(('alarm', 'none')):
        ax.text(x + (j + 0.5) * WIDE, y + 0.16, name, ha='center', va='center', fontsize=9.5)
    for i, name in enumerate(('fault', 'well')):
        ax.text(x - 0.14, y - (i + 0.5) * HIGH, name, ha='right', va='center', fontsize=9.5)
    ax.text(x + WIDE, y + 0.5, title, ha='center', va='center', fontsize=11, color=colour,
            fontweight='bold')


ax = canvas(7.4, 2.2)
table(ax, 0.75, 1.45, 'recall: found, of all faults', GATE, row=0)
table(ax, 4.65, 1.45, 'precision: found, of all alarms', PARAMETER, column=0)
save(ax.figure, 'unbalanced-ratios', HERE)
