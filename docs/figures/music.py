"""Draw the picture of the README: one clip, and what three networks learn of 256 of them.

    python docs/figures/music.py        # writes music.png beside this file
"""
import contextlib
import os
import random
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from epynn import GRU, RNN, Dense, Dropout, Embedding, EpyNN, Flatten, relu, softmax
from epynn.display.plot import BLUE, GREEN, ORANGE, plot_confusion
from epynnlive.author_music.prepare_dataset import download_music, prepare_dataset
from epynnlive.author_music.settings import se_hPars

here = Path(__file__).resolve().parent
with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), \
        open(os.devnull, 'w') as nowhere, contextlib.redirect_stdout(nowhere):
    random.seed(1)
    download_music()
    X, Y = prepare_dataset(N_SAMPLES=256)

embedding = Embedding(X, Y, X_encode=True, Y_encode=True, batch_size=16)
heads = {'feed-forward': [], 'RNN': [RNN(1, sequences=True)], 'GRU': [GRU(1, sequences=True)]}
curves = {}
for name, head in heads.items():
    scores = []
    for seed in range(1, 6):
        model = EpyNN([embedding, *head, Flatten(), Dense(64, relu), Dropout(0.5),
                       Dense(2, softmax)])
        model.initialize(seed=seed, se_hPars=se_hPars, verbose=False)
        model.train(10, verbose=0)
        scores.append(model.metrics['accuracy'][1])
        if (name, seed) == ('RNN', 1):
            confused = model.embedding.dval         # with the outputs of this network
    curves[name] = np.array(scores)

fig, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 3.6), layout='constrained',
                                          width_ratios=(1.3, 1.3, 1))
for label, name, color, shift in ((0, 'true author', BLUE, 0), (1, 'false author', ORANGE, 17)):
    clip = X[Y.index(label)]
    clip = clip[np.argmax(clip[:9700]):][:200]
    left.step(np.arange(200) / 10, clip + shift, where='mid', color=color, linewidth=1)
    left.text(20.5, shift + 7.5, name, color=color, va='center')
left.set(xlabel='time [ms]', yticks=(0, 15, 17, 32), yticklabels=(0, 15, 0, 15), ylabel='level',
         title='20 ms of two clips', xlim=(0, 26))
for (name, scores), color in zip(curves.items(), ('#666666', BLUE, GREEN), strict=True):
    middle.plot(range(1, 11), scores.mean(axis=0), color=color, marker='o', markersize=4,
                label=name)
    middle.fill_between(range(1, 11), scores.min(axis=0), scores.max(axis=0), color=color,
                        alpha=0.12, linewidth=0)
majority = max(embedding.dval.b.values()) / len(embedding.dval)
middle.axhline(majority, color='#999999', linestyle=':')
middle.text(1, majority - 0.01, 'majority class', color='#777777', va='top', fontsize=8)
middle.set(xlabel='epochs', ylabel='validation accuracy', xlim=(0.5, 10.5), xticks=range(1, 11),
           title='Three networks, five seeds each')
middle.legend(loc='lower right', frameon=False)
plot_confusion(confused, names=['true', 'false'], ax=right)
right.set(title='RNN on clips it never heard')
for ax in (left, middle):
    ax.spines[['top', 'right']].set_visible(False)
fig.savefig(here / 'music.png', dpi=130)
