"""How do the figures look? Dark ink on white, and without telling red from green."""
from pathlib import Path

import matplotlib

matplotlib.use('agg')

HERE = Path(__file__).resolve().parent
INK, FAINT = '#24292f', '#d8dee4'
ORANGE, BLUE, GREEN, VIOLET = '#d55e00', '#0072b2', '#009e73', '#8a63b8'     # Okabe & Ito, 2008

matplotlib.rcParams.update({
    'axes.prop_cycle': matplotlib.cycler(color=[BLUE, ORANGE, GREEN, VIOLET, INK]),
    'font.size': 9.5, 'text.color': INK, 'axes.labelcolor': INK, 'axes.edgecolor': INK,
    'xtick.color': INK, 'ytick.color': INK, 'axes.titlecolor': INK, 'axes.titlelocation': 'left',
    'axes.titlesize': 10.5, 'axes.titleweight': 'bold', 'axes.spines.top': False,
    'axes.spines.right': False, 'axes.grid': True, 'grid.color': FAINT, 'grid.linewidth': 0.7,
    'legend.frameon': False, 'figure.constrained_layout.use': True, 'svg.hashsalt': 'epynn',
    'mathtext.fontset': 'cm',
})


def save(figure, name, folder=HERE):
    """The same bytes each time, as long as nothing changes in the figure."""
    figure.savefig(Path(folder) / f'{name}.svg', metadata={'Date': None}, bbox_inches='tight')
