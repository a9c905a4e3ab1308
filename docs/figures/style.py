"""How do the figures look? Readable on white and on black, and without telling red from green."""
from pathlib import Path

import matplotlib

matplotlib.use('agg')

HERE = Path(__file__).resolve().parent
INK, FAINT = '#808890', '#80889040'
ORANGE, BLUE, GREEN, VIOLET = '#e0701a', '#2f86c9', '#1f9e7a', '#9a7fc4'

matplotlib.rcParams.update({
    'font.size': 9.5, 'text.color': INK, 'axes.labelcolor': INK, 'axes.edgecolor': INK,
    'xtick.color': INK, 'ytick.color': INK, 'axes.titlecolor': INK, 'axes.titlelocation': 'left',
    'axes.titlesize': 10.5, 'axes.titleweight': 'bold', 'axes.spines.top': False,
    'axes.spines.right': False, 'axes.grid': True, 'grid.color': FAINT, 'grid.linewidth': 0.7,
    'legend.frameon': False, 'savefig.transparent': True, 'figure.constrained_layout.use': True,
    'svg.hashsalt': 'epynn',
})


def save(figure, name):
    """The same bytes each time, as long as nothing changes in the figure."""
    figure.savefig(HERE / f'{name}.svg', metadata={'Date': None})
