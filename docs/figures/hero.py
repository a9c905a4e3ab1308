"""What does the library do? A second of sound goes through a GRU, and the gradient comes back.

    python docs/figures/hero.py         # writes hero.svg beside this file
"""
import contextlib
import os
import random
import tempfile

import numpy as np
from diagram import DATA, GRADIENT, STATE, arrow, box, canvas
from style import BLUE, save

from epynnlive.author_music.prepare_dataset import download_music, prepare_dataset

STEPS = (1.05, 2.65, 4.25)              # where the cells stand
LAST, Y = 5.95, 2.55                    # the last cell, and the height of all


def sound():
    """Some levels of a clip, from where it is loud."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), \
            open(os.devnull, 'w') as nowhere, contextlib.redirect_stdout(nowhere):
        random.seed(1)
        download_music()
        X, Y = prepare_dataset(N_SAMPLES=16)
    clip = X[Y.index(0)]
    return np.ravel(clip)[np.argmax(clip[:9700]):][:120]


def main():
    ax = canvas(6.7, 3.95)
    ax.set(xlim=(0.22, 6.92), ylim=(0.08, 4.03))

    # The sound, and what each cell hears of it
    levels = sound()
    x = np.linspace(0.35, 6.65, len(levels))
    ax.step(x, 0.45 + levels / 15 * 0.75, where='mid', color=BLUE, linewidth=1.3)
    ax.text(0.35, 0.22, 'sound in 16 levels, 10,000 a second', fontsize=10, color=BLUE,
            va='center')
    for i, cell in enumerate((*STEPS, LAST)):
        arrow(ax, (cell, 1.38), (cell, Y - 0.36), BLUE)
        name = ('$X_1$', '$X_2$', '$X_3$', '$X_s$')[i]
        ax.text(cell + 0.1, 1.68, name, color=BLUE, fontsize=12, va='center')
        box(ax, cell, Y, 'GRU', DATA, width=0.92, height=0.66, size=12)

    # Forward above, backward below
    for i, (here, there) in enumerate(zip(STEPS, (*STEPS[1:], LAST), strict=True)):
        dots = i == 2
        for y, start, end, colour, text, shift in (
                (Y + 0.17, here + 0.5, there - 0.5, STATE,
                 ('$h_1$', '$h_2$', '')[i], (0, 0.2)),
                (Y - 0.17, there - 0.5, here + 0.5, GRADIENT,
                 (r'$\partial L/\partial h_1$', r'$\partial L/\partial h_2$', '')[i], (0, -0.24))):
            if dots:
                middle = (start + end) / 2
                way = np.sign(end - start)
                ax.plot([start, middle - way * 0.13], [y, y], color=colour, linewidth=1.6)
                arrow(ax, (middle + way * 0.13, y), (end, y), colour)
                ax.text(middle, y, '···', ha='center', va='center', color=colour, fontsize=12)
            else:
                arrow(ax, (start, y), (end, y), colour, text, shift=shift)

    # Who plays?
    box(ax, LAST, 3.72, 'who is playing?', DATA, width=1.75, height=0.5, size=11)
    arrow(ax, (LAST - 0.12, Y + 0.36), (LAST - 0.12, 3.43), STATE, '$h_s$', shift=(-0.25, 0))
    arrow(ax, (LAST + 0.12, 3.43), (LAST + 0.12, Y + 0.36), GRADIENT,
          r'$\partial L/\partial h_s$', shift=(0.48, 0))
    ax.text(0.59, 3.78, 'forward: what is heard becomes a state', color=STATE, fontsize=11.5,
            va='center')
    ax.text(0.59, 3.45, 'backward: what was wrong becomes a gradient', color=GRADIENT,
            fontsize=11.5, va='center')
    save(ax.figure, 'hero')


if __name__ == '__main__':
    main()
