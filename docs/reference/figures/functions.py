"""What do the activations look like, and their derivatives?"""
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, ORANGE, save

from epynn.commons.maths import elu, identity, lrelu, relu, sigmoid, tanh


def main():
    x = np.linspace(-4, 4, 801)
    functions = (identity, relu, lrelu, elu, sigmoid, tanh)
    figure, axes = plt.subplots(1, 6, figsize=(9.5, 2.1), sharey=True)
    for ax, f in zip(axes, functions, strict=True):
        ax.plot(x, f(x), color=BLUE, linewidth=1.8, label='$f(x)$')
        slope = f(x, deriv=True)
        jump = np.abs(np.diff(slope)) > 0.2                 # a step is not a line
        ax.plot(x, np.where(np.append(jump, False), np.nan, slope), color=ORANGE, linewidth=1.8,
                label="$f'(x)$")
        ax.set(title=f.__name__, ylim=(-1.2, 2.2), xlim=(-4, 4), xticks=(-3, 0, 3),
               yticks=(-1, 0, 1, 2))
    figure.legend(*axes[0].get_legend_handles_labels(), loc='outside right center')
    save(figure, 'functions-activations', Path(__file__).resolve().parent)


if __name__ == '__main__':
    main()
