"""Small networks to be trained in tests: one of each kind, on data that can be learned."""
from pathlib import Path

import numpy as np

from epynn import (
    GRU,
    LSTM,
    RNN,
    Convolution,
    Dense,
    Dropout,
    Embedding,
    EpyNN,
    Flatten,
    Pooling,
    Template,
    relu,
    softmax,
)

NETWORKS = {        # layers after the Embedding, of samples of 8 steps and 3 elements
    'dense': lambda: [Flatten(), Dense(5, relu), Dropout(0.3), Dense(2, softmax)],
    'rnn': lambda: [RNN(3, sequences=True), Dropout(0.2, axis=1), Flatten(), Dense(2, softmax)],
    'gru': lambda: [GRU(3, sequences=True), GRU(2), Dropout(0.1), Dense(2, softmax)],
}

ALL = {             # and with layers and options of every other kind
    **NETWORKS,
    'lstm': lambda: [LSTM(3, sequences=True, clip_gradients=True), Dropout(0.2), LSTM(2),
                     Dense(2, softmax)],
    'convolution': lambda: [Convolution(3, 2, strides=1, padding=1, use_bias=False), Pooling(2),
                            Convolution(2, (2, 3), strides=(2, 1), padding=(0, 1), activate='elu'),
                            Pooling((1, 2), strides=1, pool=np.mean), Dropout(0.3), Flatten(),
                            Dense(2, softmax)],
    'template': lambda: [Template(), Flatten(), Template(), Dense(2, softmax)],
}

VERSION_1 = Path(__file__).parent / 'references' / 'model_v1.npz'       # a file of format 1


def samples(n=45, seed=0):
    """Sequences (n, 8, 3), and labels 0 or 1 by what they begin with."""
    X = np.random.default_rng(seed).standard_normal((n, 8, 3)).round(2)
    return X, (X[:, 0].sum(axis=-1) > 0).astype(int)


def embedding(n=45, seed=0, **arguments):
    return Embedding(*samples(n, seed), Y_encode=True,
                     **{'batch_size': 7, 'relative_size': (2, 1, 1), **arguments})


def data_of(kind, **arguments):
    """Data for one of ALL: images of depth 1 for the one that wants images."""
    if kind != 'convolution':
        return embedding(**arguments)
    X, Y = samples(45)
    return Embedding(X[..., np.newaxis], Y, Y_encode=True, **{'batch_size': 7, **arguments})


def version_1_data():
    """The data that the network in VERSION_1 was trained on."""
    words = ['abca', 'bcab', 'cabc', 'aabb', 'bbcc', 'ccaa'] * 2
    return Embedding(words, [0, 1] * 6, X_encode=True, Y_encode=True, batch_size=3)


def network(kind='dense', data=None, **arguments):
    """A network, initialized where arguments for that are given."""
    model = EpyNN([data or embedding(), *NETWORKS[kind]()], name=kind)
    if arguments:
        model.initialize(**arguments)
    return model


def bits(model):
    """All that training made of a network: arrays that are kept, metrics, epoch."""
    kept = [A.tobytes() for layer in model.walk()
            for arrays in (layer.p, layer.buffers, *layer.optimizer_state.values())
            for A in arrays.values()]
    return kept, repr(model.metrics), model.e
