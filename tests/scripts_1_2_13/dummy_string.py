"""Recurrent networks on letters, as such a script was written for EpyNN 1.2.13."""
import random

import numpy as np

import epynn.initialize
from epynn.commons.io import one_hot_decode_sequence
from epynn.commons.library import configure_directory, read_model, write_model
from epynn.commons.maths import relu, sigmoid, softmax, tanh
from epynn.dense.models import Dense
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.gru.models import GRU
from epynn.lstm.models import LSTM
from epynn.network.models import EpyNN
from epynn.rnn.models import RNN
from epynnlive.dummy_string.prepare_dataset import prepare_dataset
from settings import se_hPars

random.seed(1)
np.set_printoptions(precision=3, threshold=10)

configure_directory()

X_features, Y_label = prepare_dataset(N_SAMPLES=120)

embedding = Embedding(X_data=X_features,
                      Y_data=Y_label,
                      X_encode=True,
                      Y_encode=True,
                      batch_size=16,
                      relative_size=(2, 1, 0))

print(embedding.d['e'], embedding.e2i)
print(one_hot_decode_sequence(embedding.dtrain.X[0], embedding.i2e))

se_hPars['learning_rate'] = 0.05
se_hPars['softmax_temperature'] = 1
se_hPars['schedule'] = 'exp_decay'

for name, layers in (
        ('Flatten_Dense-2-softmax', [Flatten(), Dense(2, softmax)]),
        ('RNN-8_Dense-2-softmax', [RNN(8, tanh), Dense(2, softmax)]),
        ('LSTM-8_Dense-2-softmax', [LSTM(8), Dense(2, softmax)]),
        ('GRU-8-Seq_Flatten_Dense-8-relu_Dense-2-softmax',
         [GRU(unit_cells=8, activate=tanh, activate_update=sigmoid, sequences=True), Flatten(),
          Dense(8, relu), Dense(2, softmax)])):
    model = EpyNN(layers=[embedding, *layers], name=name)
    model.initialize(loss='CCE', seed=1, metrics=['accuracy'], se_hPars=se_hPars.copy(),
                     end='\r')
    model.train(epochs=6, init_logs=False)

write_model(model, model_path='models/last.pickle')
model = read_model(model_path='models/last.pickle')

X_features, _ = prepare_dataset(N_SAMPLES=10)
dset = model.predict(X_features, X_encode=True)
for n, pred, probs in zip(dset.ids, dset.P, dset.A):
    print(n, pred, probs)
