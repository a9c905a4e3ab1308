"""Find blank rows and columns: python -m epynnlive.dummy_image.train

A feed-forward network, then a convolution. The notebook ``train.ipynb`` beside this file explains
every step.
"""
import random

import numpy as np
from tabulate import tabulate

import epynn.initialize  # noqa: F401 (colours the traceback of an error on a terminal)
from epynn.commons.maths import relu, softmax
from epynn.convolution.models import Convolution
from epynn.dense.models import Dense
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.network.models import EpyNN
from epynn.pooling.models import Pooling
from epynnlive.dummy_image.prepare_dataset import prepare_dataset
from epynnlive.dummy_image.settings import EPOCHS, N_SAMPLES, se_hPars


def main():
    # DATASET: the images follow this seed
    random.seed(1)
    X_features, Y_label = prepare_dataset(N_SAMPLES)
    embedding = Embedding(X_features, Y_label, X_scale=True, Y_encode=True, batch_size=32,
                          relative_size=(2, 1, 0))
    print(f'{len(X_features)} images; training set {embedding.dtrain.X.shape}, '
          f'balance {embedding.dtrain.b}; validation set balance {embedding.dval.b}\n')

    # NETWORKS: what stands between the pixels and the two outputs, and the size of the steps
    networks = {
        'Dense-64': ([Flatten(), Dense(64, relu)], 0.001),
        'Convolution-8': ([Convolution(8, (4, 4), strides=1), Pooling((5, 5)), Flatten()], 0.005),
    }
    results = []
    for name, (layers, learning_rate) in networks.items():
        model = EpyNN([embedding, *layers, Dense(2, softmax)], name=name)
        model.initialize(loss='CCE', seed=1, se_hPars={**se_hPars, 'learning_rate': learning_rate},
                         end='\r')
        model.train(EPOCHS, init_logs=False)
        training, validation, _ = model.metrics['accuracy']
        numbers = sum(W.size for layer in model.layers for W in layer.p.values())
        results.append([name, numbers, f'{training[-1]:.3f}', f'{validation[-1]:.3f}'])
    print(tabulate(results, ['network', 'trainable parameters', 'training', 'validation'],
                   tablefmt='pretty', disable_numparse=True))

    # WHAT IT LEARNED: a filter whose weights are below zero answers to what is blank
    W = model.layers[1].p['W']                                  # (4, 4, 1, 8)
    print('\nsum of the weights of each filter', np.round(W.sum(axis=(0, 1, 2)), 2))


if __name__ == '__main__':
    main()
