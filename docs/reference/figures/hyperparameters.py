"""What do the schedules of the learning rate look like?"""
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from style import BLUE, GREEN, INK, ORANGE, VIOLET, save

from epynn.commons.schedule import schedules
from epynn.settings import se_hPars

EPOCHS = 100
DECAYS = (("'steady'", INK, {'schedule': 'steady'}),
          ("'exp_decay'", BLUE, {'schedule': 'exp_decay'}),
          ("'exp_decay', cycle_epochs=25, cycle_descent=0.3", ORANGE,
           {'schedule': 'exp_decay', 'cycle_epochs': 25, 'cycle_descent': 0.3}),
          ("'lin_decay'", GREEN, {'schedule': 'lin_decay'}),
          ("'lin_decay', decay_k=0.001", VIOLET, {'schedule': 'lin_decay', 'decay_k': 0.001}))
PLANS = (("'step'", INK, {'schedule': 'step'}),
         ("'cosine'", BLUE, {'schedule': 'cosine'}),
         ("'cosine', warmup_epochs=5, cycle_epochs=50, cycle_descent=0.3", ORANGE,
          {'schedule': 'cosine', 'warmup_epochs': 5, 'cycle_epochs': 50, 'cycle_descent': 0.3}),
         ("'one_cycle'", GREEN, {'schedule': 'one_cycle'}))


def main():
    figure = plt.figure(figsize=(9.5, 7.6))
    for part, cases in zip(figure.subfigures(2, 1), (DECAYS, PLANS), strict=True):
        left, right = part.subplots(1, 2)
        for name, colour, change in cases:
            hPars = {**se_hPars, **change}
            rates = [schedules[hPars['schedule']](x, EPOCHS, hPars) for x in range(EPOCHS)]
            for ax in (left, right):
                ax.step(np.arange(EPOCHS), rates, where='post', color=colour, linewidth=1.8,
                        label=name)
        left.set(title='Learning rate', xlabel='epoch', xlim=(0, EPOCHS), ylim=(0, 0.105))
        right.set(title='The same, on a logarithmic scale', xlabel='epoch', xlim=(0, EPOCHS),
                  yscale='log', ylim=(1e-4, 0.13))
        part.legend(*left.get_legend_handles_labels(), loc='outside lower center', ncols=3)
    save(figure, 'hyperparameters-schedules', Path(__file__).resolve().parent)


if __name__ == '__main__':
    main()
