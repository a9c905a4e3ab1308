"""Which generator draws what, for a network with seed 1?"""
from pathlib import Path

from diagram import DATA, GATE, PARAMETER, STATE, arrow, box, canvas
from style import save

HERE = Path(__file__).resolve().parent
LAYERS = (
    ('Embedding', 'order of the\nsamples, each epoch', STATE),
    ('Dense(16)', 'W, once', PARAMETER),
    ('Dropout(0.2)', 'a mask for\neach batch', GATE),
    ('Dense(2)', 'W, once', PARAMETER),
)

ax = canvas(7.9, 2.55)
for y, text in ((2.2, 'position'), (1.78, 'layer'), (1.0, 'default_rng'), (0.4, 'draws')):
    ax.text(0.05, y, text, fontsize=9.5, va='center', color='#57606a')
for i, (name, draws, colour) in enumerate(LAYERS):
    x = 1.95 + 1.72 * i
    ax.text(x, 2.2, str(i), fontsize=10.5, ha='center', va='center')
    box(ax, x, 1.78, name, DATA, 1.25)
    arrow(ax, (x, 1.23), (x, 1.53), colour)
    box(ax, x, 1.0, f'1 + 1 + {i} = {2 + i}', colour, 1.25)
    ax.text(x, 0.4, draws, fontsize=9.5, ha='center', va='center', color=colour, linespacing=1.3)
    if i:
        arrow(ax, (x - 1.72 + 0.63, 1.78), (x - 0.63, 1.78), DATA)
save(ax.figure, 'reproducibility-generators', HERE)
