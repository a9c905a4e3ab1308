"""How are diagrams drawn? Boxes, circles, matrices and arrows, in units of an inch.

Colours mean the same in all of them: ``DATA`` goes forward, ``PARAMETER`` is learned,
``GRADIENT`` goes back, ``GATE`` is between 0 and 1, ``STATE`` is what a step takes from the one
before.
"""
import matplotlib.pyplot as plt
from matplotlib.colors import to_rgb
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Rectangle
from style import BLUE, GREEN, INK, ORANGE, VIOLET

DATA, PARAMETER, GRADIENT, GATE, STATE = INK, BLUE, ORANGE, GREEN, VIOLET


def canvas(width, height):
    """An empty axes, in inches from the lower left."""
    figure = plt.figure(figsize=(width, height), layout='none')
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(0, height), aspect='equal')
    ax.axis('off')
    return ax


def pale(colour, share=0.12):
    """A colour mixed with white."""
    return tuple(1 - share * (1 - c) for c in to_rgb(colour))


def box(ax, x, y, text, colour=DATA, width=0.9, height=0.46, size=10):
    """A rounded box around a text, centred at x, y."""
    ax.add_patch(FancyBboxPatch((x - width / 2, y - height / 2), width, height,
                                boxstyle='round,pad=0,rounding_size=0.09', linewidth=1.3,
                                edgecolor=colour, facecolor=pale(colour), zorder=2))
    ax.text(x, y, text, ha='center', va='center', fontsize=size, color=INK, zorder=3)


def circle(ax, x, y, text, colour=DATA, radius=0.16, size=11):
    """An operation, such as × or +, centred at x, y."""
    ax.add_patch(Circle((x, y), radius, linewidth=1.3, edgecolor=colour, facecolor='white',
                        zorder=2))
    ax.text(x, y, text, ha='center', va='center', fontsize=size, color=INK, zorder=3)


def wire(ax, points, colour=DATA, end='-|>', width=1.4, over=False):
    """A line through points with an arrow at its end; ``over`` lifts it above those it crosses."""
    (*_, before, last) = points
    if over:
        ax.plot(*zip(*points[:-1], _short_of(before, last, 0.12), strict=True), color='white',
                linewidth=width + 5, solid_capstyle='butt', zorder=1)
    stop = _short_of(before, last, 0.06) if end == '-|>' else last
    ax.plot(*zip(*points[:-1], stop, strict=True), color=colour, linewidth=width,
            solid_joinstyle='round', solid_capstyle='butt', zorder=1)
    if end == '-|>':
        ax.add_patch(FancyArrowPatch(before, last, arrowstyle=end, mutation_scale=13, linewidth=0,
                                     color=colour, shrinkA=0, shrinkB=0, zorder=1))


def _short_of(before, last, by):
    """The point that is a distance short of the last one."""
    length = sum((b - a)**2 for a, b in zip(before, last, strict=True))**0.5
    return tuple(b - by * (b - a) / length for a, b in zip(before, last, strict=True))


def badge(ax, x, y, text, colour=GRADIENT, radius=0.13, size=9.5):
    """A filled disc with a number, to be spoken of in the text."""
    ax.add_patch(Circle((x, y), radius, linewidth=0, facecolor=colour, zorder=4))
    ax.text(x, y, text, ha='center', va='center_baseline', fontsize=size, color='white',
            weight='bold', zorder=5)


def matrix(ax, x, y, rows, columns, name, colour=DATA, cell=0.17, shape=None):
    """A matrix of cells, its lower left corner at x, y, with its name above and shape below."""
    ax.add_patch(Rectangle((x, y), columns * cell, rows * cell, edgecolor=colour, linewidth=1.3,
                           facecolor=pale(colour), zorder=2))
    for i in range(1, columns):
        ax.plot([x + i * cell] * 2, [y, y + rows * cell], color=colour, lw=0.5, zorder=3)
    for i in range(1, rows):
        ax.plot([x, x + columns * cell], [y + i * cell] * 2, color=colour, lw=0.5, zorder=3)
    middle = x + columns * cell / 2
    ax.text(middle, y + rows * cell + 0.07, name, ha='center', va='bottom', fontsize=11)
    if shape:
        ax.text(middle, y - 0.07, shape, ha='center', va='top', fontsize=8.5, color='#57606a')


def arrow(ax, start, end, colour=DATA, text='', bend=0.0, dashed=False, at=0.5, shift=(0, 0.1)):
    """An arrow between two points; its text stands at a share of the way, shifted."""
    ax.add_patch(FancyArrowPatch(start, end, arrowstyle='-|>', mutation_scale=11, linewidth=1.3,
                                 color=colour, shrinkA=0, shrinkB=0, zorder=1,
                                 linestyle=(0, (4, 2.5)) if dashed else '-',
                                 connectionstyle=f'arc3,rad={bend}'))
    if text:
        x, y = (a + at * (b - a) for a, b in zip(start, end, strict=True))
        ax.text(x + shift[0], y + shift[1], text, ha='center', va='center', fontsize=9.5,
                color=colour)
