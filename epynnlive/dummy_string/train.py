"""Compare the ends of strings: python -m epynnlive.dummy_string.train

A perceptron, a network with a hidden layer, an RNN, an LSTM and a GRU learn the same strings.
The notebook ``train.ipynb`` beside this file explains one-hot encoding, and every step.
"""
import random

from tabulate import tabulate

import epynn.initialize  # noqa: F401 (colours the traceback of an error on a terminal)
from epynn.commons.maths import relu, softmax
from epynn.dense.models import Dense
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.gru.models import GRU
from epynn.lstm.models import LSTM
from epynn.network.models import EpyNN
from epynn.rnn.models import RNN
from epynnlive.dummy_string.prepare_dataset import draw_string, label, prepare_strings
from epynnlive.dummy_string.settings import EPOCHS, N_SAMPLES, se_hPars


def main():
    # DATASET: the strings follow this seed
    random.seed(1)
    X_features, Y_label = prepare_strings(N_SAMPLES)
    embedding = Embedding(X_features, Y_label, X_encode=True, Y_encode=True, batch_size=16,
                          relative_size=(2, 1, 0))
    print(f'{len(X_features)} strings; training set {embedding.dtrain.X.shape}, '
          f'balance {embedding.dtrain.b}\n')

    # NETWORKS: what stands between the letters and the two outputs
    hidden = {
        'Perceptron': [Flatten()],
        'Dense-32': [Flatten(), Dense(32, relu)],
        'RNN-16': [RNN(16, clip_gradients=False)],
        'LSTM-16': [LSTM(16)],
        'GRU-16': [GRU(16)],
    }
    models, results = {}, []
    for name, layers in hidden.items():
        model = models[name] = EpyNN([embedding, *layers, Dense(2, softmax)], name=name)
        model.initialize(loss='CCE', seed=1, se_hPars=se_hPars, end='\r')
        model.train(EPOCHS, init_logs=False)
        training, validation, _ = model.metrics['accuracy']
        results.append([name, f'{training[-1]:.3f}', f'{validation[-1]:.3f}'])
    print(tabulate(results, ['network', 'training', 'validation'], tablefmt='pretty',
                   disable_numparse=True))

    # OTHER LENGTHS: a recurrent network takes them, whether it is right about them or not
    for length in (4, 6, 8, 12):
        strings = [draw_string(length) for _ in range(300)]
        right = {name: sum(P == label(string) for string, P in zip(
            strings, models[name].predict(strings, X_encode=True).P, strict=True)) / len(strings)
            for name in ('RNN-16', 'LSTM-16', 'GRU-16')}
        print(f'strings of {length:2}:', ', '.join(f'{k} {v:.2f}' for k, v in right.items()))


if __name__ == '__main__':
    main()
