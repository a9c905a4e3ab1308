"""Tell two guitarists apart, from one-second clips of 10,000 steps: python -m ...train

A feed-forward network, an RNN and a GRU learn the same clips. The RNN is then written to a file,
read back, and predicts clips of recordings kept aside. The notebook ``train.ipynb`` beside this
file explains every step.
"""
import random

import numpy as np

import epynn.initialize  # noqa: F401 (colours the traceback of an error on a terminal)
from epynn.commons.library import configure_directory, read_model
from epynn.commons.maths import relu, softmax
from epynn.dense.models import Dense
from epynn.dropout.models import Dropout
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.gru.models import GRU
from epynn.network.models import EpyNN
from epynn.rnn.models import RNN
from epynnlive.author_music.prepare_dataset import download_music, prepare_dataset
from epynnlive.author_music.settings import se_hPars


def main():
    # CONFIGURE: the shuffle of the clips follows this seed
    random.seed(1)
    np.set_printoptions(threshold=10)
    configure_directory()

    # DATASET
    download_music()
    X_features, Y_label = prepare_dataset(N_SAMPLES=256)

    embedding = Embedding(X_data=X_features,
                          Y_data=Y_label,
                          X_encode=True,
                          Y_encode=True,
                          batch_size=16,
                          relative_size=(2, 1, 0))
    print(f'{len(X_features)} clips of {len(X_features[0])} steps; '
          f'training set {embedding.dtrain.X.shape}, balance {embedding.dtrain.b}\n')

    # NETWORKS: the same Dense layers, behind what each sees of the clips
    heads = {
        'Flatten_Dense-64-relu_Dropout05_Dense-2-softmax': ([], 10),
        'RNN-1-Seq_Flatten_Dense-64-relu_Dropout05_Dense-2-softmax':
            ([RNN(1, sequences=True)], 3),
        'GRU-1-Seq_Flatten_Dense-64-relu_Dropout05_Dense-2-softmax':
            ([GRU(1, sequences=True)], 3),
    }
    models = {}
    for name, (head, epochs) in heads.items():
        layers = [embedding, *head, Flatten(), Dense(64, relu), Dropout(0.5), Dense(2, softmax)]
        model = models[name] = EpyNN(layers=layers, name=name)
        model.initialize(loss='MSE', seed=1, metrics=['accuracy', 'recall', 'precision'],
                         se_hPars=se_hPars.copy(), end='\r')
        model.train(epochs=epochs, init_logs=False)

    # WRITE, READ & PREDICT: the RNN, and clips of recordings that it was not trained on
    path = models['RNN-1-Seq_Flatten_Dense-64-relu_Dropout05_Dense-2-softmax'].write()
    model = read_model()
    print(f'Written to and read from {path}, {path.stat().st_size / 1e6:.1f} MB\n')

    X_features, Y_label = prepare_dataset(N_SAMPLES=10, held_out=True)
    dset = model.predict(X_features, X_encode=True)
    print('clip  author  predicted  probabilities')
    for n, pred, probs, label in zip(dset.ids, dset.P, dset.A, Y_label, strict=True):
        print(f'{n:4}  {label:6}  {pred:9}  {probs}')


if __name__ == '__main__':
    main()
