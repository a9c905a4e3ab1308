"""Peptides, as such a script was written for EpyNN 1.2.13."""
import random

import numpy as np

import epynn.initialize
from epynn.commons.library import configure_directory, read_model
from epynn.commons.maths import relu, softmax
from epynn.dense.models import Dense
from epynn.dropout.models import Dropout
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.lstm.models import LSTM
from epynn.network.models import EpyNN
from epynnlive.ptm_protein.prepare_dataset import download_sequences, prepare_dataset
from epynnlive.ptm_protein.settings import se_hPars

random.seed(1)
configure_directory()

download_sequences()
X_features, Y_label = prepare_dataset(N_SAMPLES=200)
print(''.join(X_features[0]), len(X_features[0]), Y_label[0])

embedding = Embedding(X_data=X_features,
                      Y_data=Y_label,
                      X_encode=True,
                      Y_encode=True,
                      batch_size=32,
                      relative_size=(2, 1, 0))

name = 'LSTM-8-Seq_Flatten_Dense-16-relu_Dropout05_Dense-2-softmax'
se_hPars['learning_rate'] = 0.01
se_hPars['schedule'] = 'exp_decay'
se_hPars['cycle_epochs'] = 4
se_hPars['cycle_descent'] = 0.2
layers = [embedding, LSTM(8, sequences=True), Flatten(), Dense(16, relu), Dropout(0.5),
          Dense(2, softmax)]
model = EpyNN(layers=layers, name=name)
model.initialize(loss='CCE', seed=1, metrics=['accuracy', 'fscore', 'specificity', 'NPV'],
                 se_hPars=se_hPars.copy(), end='\r')
model.train(epochs=8, init_logs=False)
print(model.layers[1].lrate)
model.plot(pyplot=False)

model.write()
model = read_model()
X_features, _ = prepare_dataset(N_SAMPLES=10)
dset = model.predict(X_features, X_encode=True)
for n, pred, probs in zip(dset.ids, dset.P, dset.A):
    print(n, pred, probs)
