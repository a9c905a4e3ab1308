"""Time series of one element, as such a script was written for EpyNN 1.2.13."""
import random

import numpy as np

import epynn.initialize
from epynn.commons.library import configure_directory, read_model
from epynn.commons.logs import process_logs
from epynn.commons.maths import relu, softmax
from epynn.dense.models import Dense
from epynn.dropout.models import Dropout
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.network.models import EpyNN
from epynn.rnn.models import RNN
from epynnlive.dummy_time.prepare_dataset import prepare_dataset
from epynnlive.dummy_time.settings import se_hPars

random.seed(1)
configure_directory()

X_features, Y_label = prepare_dataset(N_SAMPLES=128)
print(X_features[0].shape)

embedding = Embedding(X_data=X_features,
                      Y_data=Y_label,
                      Y_encode=True,
                      batch_size=16,
                      relative_size=(2, 1, 1))

process_logs('A feed-forward network', level=1)
name = 'Flatten_Dropout-02_Dense-64-relu_Dropout-05_Dense-2-softmax'
se_hPars['learning_rate'] = 0.005
layers = [embedding, Flatten(), Dropout(0.2), Dense(64, relu), Dropout(0.5), Dense(2, softmax)]
model = EpyNN(layers=layers, name=name)
model.initialize(loss='MSE', seed=1, metrics=['accuracy', 'MAE'], se_hPars=se_hPars.copy())
model.train(epochs=10, init_logs=False)

process_logs('A recurrent network', level=4)
name = 'RNN-10_Dense-2-softmax'
model = EpyNN(layers=[embedding, RNN(10), Dense(2, softmax)], name=name)
model.initialize(loss='MSE', seed=1, se_hPars=se_hPars.copy())
model.train(epochs=5)
model.plot(pyplot=False)

model.write(path='time.npz')
model = read_model(path='time.npz')
X_features, _ = prepare_dataset(N_SAMPLES=10)
dset = model.predict(X_features)
for n, pred, probs in zip(dset.ids, dset.P, dset.A):
    print(n, pred, probs)
