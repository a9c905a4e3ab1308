"""Which part of a layer is yours, and which is there already?"""
from pathlib import Path

from diagram import DATA, GRADIENT, PARAMETER, arrow, box, canvas
from matplotlib.patches import FancyBboxPatch
from style import save

HERE = Path(__file__).resolve().parent
GREY = '#8b949e'
ROWS = (
    ('build', (('check axes', False), ('compute_shapes', True),
               ('initialize_parameters', True), ('precision', False)), PARAMETER),
    ('forward', (('check axes', False), ('forward_pass', True), ('record shapes', False)), DATA),
    ('backward', (('check shape', False), ('backward_pass', True), ('compute_gradients', True),
                  ('check, clip', False)), GRADIENT),
    ('update', (('W -= lrate * dW', False),), PARAMETER),
)


def there_already(ax, x, y, text, width, height=0.46):
    """A dashed box, centred at x, y."""
    ax.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height, edgecolor=GREY,
                                boxstyle='round,pad=0,rounding_size=0.09', linewidth=1.1,
                                linestyle=(0, (3.5, 2.5)), facecolor='none'))
    ax.text(x, y, text, ha='center', va='center', fontsize=9.5, color='#57606a')


ax = canvas(7.9, 3.5)
for i, (name, parts, colour) in enumerate(ROWS):
    y, x = 3.2 - 0.7 * i, 1.1
    ax.text(0.05, y, name, fontsize=10.5, fontweight='bold', va='center', color=colour)
    for j, (text, yours) in enumerate(parts):
        width = 0.32 + 0.077 * len(text)
        if j:
            arrow(ax, (x, y), (x + 0.3, y), GREY)
            x += 0.3
        if yours:
            box(ax, x + width / 2, y, text, colour, width, size=9.5)
        else:
            there_already(ax, x + width / 2, y, text, width)
        x += width
box(ax, 4.75, 0.3, 'yours', DATA, 0.8, size=9.5)
there_already(ax, 6.5, 0.3, 'there, in the class Layer', 2.3)
save(ax.figure, 'own-layer-holes', HERE)
