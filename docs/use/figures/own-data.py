"""What becomes of samples and labels in an Embedding?"""
from pathlib import Path

from diagram import DATA, GRADIENT, PARAMETER, STATE, arrow, canvas, pale
from matplotlib.patches import Rectangle
from style import save

HERE = Path(__file__).resolve().parent
SETS = (('dtrain', 8, PARAMETER), ('dval', 4, STATE))
WORDS = ('GATT', 'ACAT', 'CGCA', 'TTAG', 'CATT', 'GGAC', 'ATAT', 'CTGA', 'TACC', 'AGTA', 'GCGT',
         'TCAA')
ELEMENTS = 'ACGT'
ROW, CELL = 0.2, 0.062                  # height of a sample, width of a number


def symbols(ax, x, y, word, colour='black'):
    """A sample as it was given."""
    ax.text(x, y + ROW * 0.4, word, family='monospace', fontsize=9.5, va='center', color=colour)


def numbers(ax, x, y, word, colour):
    """A sample, one-hot: a white cell for 0, a dark one for 1."""
    for step, letter in enumerate(word):
        for element in range(4):
            one = ELEMENTS.index(letter) == element
            ax.add_patch(Rectangle((x + (4 * step + element) * CELL, y), CELL, ROW * 0.8,
                                   facecolor=colour if one else pale(colour, 0.08),
                                   edgecolor='white', linewidth=0.6))


top = 3.0
ax = canvas(7.9, 3.45)
colours = [colour for _, n, colour in SETS for _ in range(n)]

for x, text in ((0.05, '(1) read'), (1.3, '(2) split'), (3.05, '(3) encode, or scale'),
                (5.9, '(4) draw batches')):
    ax.text(x, top + 0.28, text, fontsize=10.5, fontweight='bold', va='center')

for i, word in enumerate(WORDS):
    symbols(ax, 0.1, top - (i + 0.9) * ROW, word)
arrow(ax, (0.75, top - 6 * ROW), (1.3, top - 6 * ROW), DATA)

shift = 0
for name, n, colour in SETS:
    for i in range(n):
        y = top - 0.25 * shift - (8 * shift + i + 0.9) * ROW
        symbols(ax, 1.4, y, WORDS[8 * shift + i], colour)
        numbers(ax, 3.4, y, WORDS[8 * shift + i], colour)
    middle = top - 0.25 * shift - (8 * shift + n / 2) * ROW
    arrow(ax, (2.6, middle), (3.25, middle), colour)
    ax.text(1.97, middle, name, color=colour, fontsize=10.5, va='center')
    shift += 1
arrow(ax, (4.8, top - 4 * ROW), (5.75, top - 4 * ROW), PARAMETER)

order = (5, 2, 7, 0, 4, 1, 6, 3)
for k, i in enumerate(order):
    gap = 0.14 * (k // 4)
    numbers(ax, 5.9, top - gap - (k + 0.9) * ROW, WORDS[i], colours[i])
    if k % 4 == 0:
        ax.text(7.0, top - gap - (k + 2) * ROW, f'batch {k // 4}', fontsize=9.5, color=GRADIENT,
                va='center')
ax.text(5.9, top - 0.14 - 8.5 * ROW, 'shuffled at each epoch', fontsize=9, color=DATA, va='top')
save(ax.figure, 'own-data-embedding', HERE)
