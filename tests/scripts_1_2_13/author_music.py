"""Clips of music, fewer and shorter ones, as such a script was written for EpyNN 1.2.13."""
import random

import numpy as np

import epynn.initialize
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

random.seed(1)
np.set_printoptions(threshold=10)
np.seterr(all='warn')
np.seterr(under='ignore')

configure_directory()

download_music()
X_features, Y_label = prepare_dataset(N_SAMPLES=64)
print(len(X_features), X_features[0].shape, np.min(X_features[0]), np.max(X_features[0]))

embedding = Embedding(X_data=[x[:500] for x in X_features],
                      Y_data=Y_label,
                      X_encode=True,
                      Y_encode=True,
                      batch_size=16,
                      relative_size=(2, 1, 0))
print(embedding.dtrain.X.shape)
print(embedding.dtrain.b)

for name, head in (('Dense', []), ('RNN-1', [RNN(1, sequences=True)]),
                   ('GRU-1', [GRU(1, sequences=True)])):
    se_hPars['learning_rate'] = 0.01
    se_hPars['softmax_temperature'] = 1
    layers = [embedding, *head, Flatten(), Dense(64, relu), Dropout(0.5), Dense(2, softmax)]
    model = EpyNN(layers=layers, name=name)
    model.initialize(loss='MSE', seed=1, metrics=['accuracy', 'recall', 'precision'],
                     se_hPars=se_hPars.copy(), end='\r')
    model.train(epochs=2, init_logs=False)

model.write()
model = read_model()

X_features, _ = prepare_dataset(N_SAMPLES=10)
dset = model.predict([x[:500] for x in X_features], X_encode=True)
for n, pred, probs in zip(dset.ids, dset.P, dset.A):
    print(n, pred, probs)
