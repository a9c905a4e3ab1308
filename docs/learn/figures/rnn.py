"""What does a recurrent layer look like when its steps are laid out side by side?

    PYTHONPATH=docs/figures python docs/learn/figures/rnn.py
"""
from pathlib import Path

from diagram import DATA, GRADIENT, PARAMETER, STATE, box, canvas, wire
from style import INK, save

FOLDER = Path(__file__).resolve().parent
GREY = '#57606a'
STEPS = 1.75, 4.15, 6.55, 8.95
MIDDLE, BOTTOM, TOP = 2.35, 1.05, 3.65
WIDE, HIGH, APART = 0.6, 0.36, 0.13     # half of a box; of the way between there and back


def text(ax, x, y, words, colour=INK, size=10, ha='center'):
    ax.text(x, y, words, color=colour, fontsize=size, ha=ha, va='center', zorder=6)


def unrolled():
    ax = canvas(10.7, 4.7)
    for s, x in enumerate(STEPS):
        box(ax, x, MIDDLE, '', STATE, width=2 * WIDE, height=2 * HIGH)
        text(ax, x, MIDDLE + 0.02, f'h[{s}]', size=11.5)

        wire(ax, [(x - APART, BOTTOM), (x - APART, MIDDLE - HIGH)], DATA)
        wire(ax, [(x - APART, MIDDLE + HIGH), (x - APART, TOP)], DATA)
        wire(ax, [(x + APART, TOP), (x + APART, MIDDLE + HIGH)], GRADIENT, width=1.7)
        wire(ax, [(x + APART, MIDDLE - HIGH), (x + APART, BOTTOM)], GRADIENT, width=1.7)
        text(ax, x - APART - 0.08, (BOTTOM + MIDDLE - HIGH) / 2, 'U', PARAMETER, ha='right')
        text(ax, x + APART + 0.08, (BOTTOM + MIDDLE - HIGH) / 2, 'Uᵀ', PARAMETER, ha='left')
        text(ax, x - 0.05, BOTTOM - 0.17, f'X[{s}]', ha='right')
        text(ax, x + 0.05, BOTTOM - 0.17, f'dX[{s}]', GRADIENT, ha='left')
        text(ax, x - 0.05, TOP + 0.17, f'A[{s}]', ha='right')
        text(ax, x + 0.05, TOP + 0.17, f'dA[{s}]', GRADIENT, ha='left')

        left, right = x - WIDE, (STEPS[s - 1] + WIDE if s else 0.42)
        wire(ax, [(right, MIDDLE + APART), (left, MIDDLE + APART)], STATE)
        wire(ax, [(left, MIDDLE - APART), (right, MIDDLE - APART)], GRADIENT, width=1.7)
        middle = (left + right) / 2
        text(ax, middle, MIDDLE + APART + 0.17, 'V', PARAMETER)
        text(ax, middle, MIDDLE - APART - 0.17, 'Vᵀ', PARAMETER)

    text(ax, 0.34, MIDDLE + APART, '0', STATE, 11, 'right')
    wire(ax, [(10.1, MIDDLE - APART), (STEPS[-1] + WIDE, MIDDLE - APART)], GRADIENT, width=1.7)
    text(ax, 10.18, MIDDLE - APART, '0', GRADIENT, 11, 'left')
    text(ax, (STEPS[0] + STEPS[1]) / 2, MIDDLE + 0.62, 'hp[1] = h[0]', STATE, 9)
    text(ax, (STEPS[0] + STEPS[1]) / 2, MIDDLE - 0.62, 'dhn[0] = dhp[1]', GRADIENT, 9)

    wire(ax, [(4.4, 4.4), (6.3, 4.4)], STATE)
    text(ax, 4.3, 4.4, 'time', STATE, ha='right')
    wire(ax, [(6.3, 0.32), (4.4, 0.32)], GRADIENT, width=1.7)
    text(ax, 6.4, 0.32, 'backpropagation through time', GRADIENT, ha='left')
    save(ax.figure, 'rnn-unrolled', FOLDER)


if __name__ == '__main__':
    unrolled()
