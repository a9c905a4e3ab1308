"""Read handwritten digits: python -m epynnlive.captcha_mnist.train

A perceptron, a network with a hidden layer, then a convolution. The notebook ``train.ipynb``
beside this file explains every step, and looks at the errors.
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
from epynnlive.captcha_mnist.prepare_dataset import prepare_digits
from epynnlive.captcha_mnist.settings import EPOCHS, N_SAMPLES, se_hPars


def main():
    # DATASET: the order of the digits follows this seed
    random.seed(1)
    X_features, Y_label = prepare_digits(N_SAMPLES)
    embedding = Embedding(X_features, Y_label, X_scale=True, Y_encode=True, batch_size=32,
                          relative_size=(2, 1, 0))
    print(f'{len(X_features)} digits; training set {embedding.dtrain.X.shape}, '
          f'balance {embedding.dtrain.b}\n')

    # NETWORKS: what stands between the pixels and the ten outputs
    hidden = {
        'Perceptron': [Flatten()],
        'Dense-64': [Flatten(), Dense(64, relu)],
        'Convolution-16': [Convolution(16, (3, 3), strides=1), Pooling((2, 2)), Flatten()],
    }
    results = []
    for name, layers in hidden.items():
        model = EpyNN([embedding, *layers, Dense(10, softmax)], name=name)
        model.initialize(loss='CCE', seed=1, se_hPars=se_hPars, end='\r')
        model.train(EPOCHS, init_logs=False)
        training, validation, _ = model.metrics['accuracy']
        numbers = sum(W.size for layer in model.layers for W in layer.p.values())
        results.append([name, numbers, f'{training[-1]:.3f}', f'{validation[-1]:.3f}'])
    print(tabulate(results, ['network', 'trainable parameters', 'training', 'validation'],
                   tablefmt='pretty', disable_numparse=True))

    # ERRORS of the convolution
    dval = model.embedding.dval             # with the outputs of this network
    wrong = np.flatnonzero(dval.P != dval.y)
    print(f'\n{len(wrong)} of {len(dval)} taken for another digit:',
          ', '.join(f'{dval.y[i]} for {dval.P[i]}' for i in wrong))


if __name__ == '__main__':
    main()
