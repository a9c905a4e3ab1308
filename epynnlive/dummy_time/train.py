"""Find a sine in noise: python -m epynnlive.dummy_time.train

A network that overfits, the same in batches and with Dropout, and an RNN. The notebook
``train.ipynb`` beside this file explains every step.
"""
import random

import numpy as np
from tabulate import tabulate

import epynn.initialize  # noqa: F401 (colours the traceback of an error on a terminal)
from epynn.commons.maths import relu, softmax
from epynn.dense.models import Dense
from epynn.dropout.models import Dropout
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.network.models import EpyNN
from epynn.rnn.models import RNN
from epynnlive.dummy_time.prepare_dataset import prepare_series
from epynnlive.dummy_time.settings import EPOCHS, N_SAMPLES, se_hPars


def main():
    # DATASET: the series follow this seed
    random.seed(1)
    X_features, Y_label = prepare_series(N_SAMPLES)
    X_steps = np.array(X_features)[:, :, np.newaxis]                # (m, 128, 1)

    whole = Embedding(X_features, Y_label, Y_encode=True)
    batches = Embedding(X_features, Y_label, Y_encode=True, batch_size=32)
    sequences = Embedding(X_steps, Y_label, Y_encode=True, batch_size=32)
    print(f'{len(X_features)} series; training set {whole.dtrain.X.shape}, '
          f'balance {whole.dtrain.b}; validation set {whole.dval.X.shape}, {whole.dval.b}\n')

    # NETWORKS: data, and layers between them and the two outputs. One batch of all samples sums
    # 25 times as many gradients: it takes smaller steps
    networks = {
        'One-batch': (whole, [Dense(64, relu)], 0.0003),
        'Batches': (batches, [Dense(64, relu)], 0.003),
        'Dropout': (batches, [Dropout(0.5), Dense(64, relu)], 0.003),
        'RNN-4': (sequences, [RNN(4, sequences=True, clip_gradients=False), Flatten()], 0.003),
    }
    results = []
    for name, (embedding, layers, learning_rate) in networks.items():
        model = EpyNN([embedding, *layers, Dense(2, softmax)], name=name)
        model.initialize(loss='CCE', seed=1, se_hPars={**se_hPars, 'learning_rate': learning_rate},
                         end='\r')
        model.train(EPOCHS, init_logs=False)
        training, validation, _ = model.metrics['accuracy']
        numbers = sum(W.size for layer in model.layers for W in layer.p.values())
        results.append([name, numbers, f'{training[-1]:.3f}', f'{validation[-1]:.3f}'])
    print(tabulate(results, ['network', 'trainable parameters', 'training', 'validation'],
                   tablefmt='pretty', disable_numparse=True))


if __name__ == '__main__':
    main()
