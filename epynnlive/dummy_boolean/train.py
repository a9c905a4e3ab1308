"""Tell which of two is in the majority, with one unit: python -m epynnlive.dummy_boolean.train

The notebook ``train.ipynb`` beside this file works a forward and a backward pass by hand.
"""
import random

import numpy as np

import epynn.initialize  # noqa: F401 (colours the traceback of an error on a terminal)
from epynn.commons.maths import sigmoid
from epynn.dense.models import Dense
from epynn.embedding.models import Embedding
from epynn.network.models import EpyNN
from epynnlive.dummy_boolean.prepare_dataset import prepare_dataset
from epynnlive.dummy_boolean.settings import EPOCHS, N_SAMPLES, se_hPars


def main():
    # DATASET: the samples follow this seed
    random.seed(1)
    X_features, Y_label = prepare_dataset(N_SAMPLES)
    embedding = Embedding(X_features, Y_label, relative_size=(2, 1, 0))
    print(f'{len(X_features)} samples of {len(X_features[0])} booleans; '
          f'training set {embedding.dtrain.X.shape}, balance {embedding.dtrain.b}\n')

    # NETWORK: a weight for each boolean, a bias, a sigmoid
    model = EpyNN([embedding, Dense(1, sigmoid)], name='Dense-1')
    model.initialize(loss='MSE', seed=1, se_hPars=se_hPars, end='\r')
    model.train(EPOCHS, init_logs=False)

    # WHAT IT LEARNED: every boolean counts as much as any other
    perceptron = model.layers[-1]
    print('weights', np.round(perceptron.p['W'][:, 0], 2))
    print('bias   ', np.round(perceptron.p['b'][0], 2))

    # PREDICT: label 0 says that more are True
    X_features, Y_label = prepare_dataset(5)
    dset = model.predict(X_features)
    print('\nTrue of 11   label   predicted   output')
    for features, label, P, A in zip(X_features, Y_label, dset.P, dset.A[:, 0], strict=True):
        print(f'{sum(features):10}   {label:5}   {P:9}   {A:6.3f}')


if __name__ == '__main__':
    main()
