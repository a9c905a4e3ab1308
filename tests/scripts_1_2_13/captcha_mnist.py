"""Handwritten digits, as such a script was written for EpyNN 1.2.13."""
import random

import numpy as np

import epynn.initialize
from epynn.commons.library import configure_directory, read_model
from epynn.commons.maths import relu, softmax
from epynn.convolution.models import Convolution
from epynn.dense.models import Dense
from epynn.dropout.models import Dropout
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.network.models import EpyNN
from epynn.pooling.models import Pooling
from epynnlive.captcha_mnist.prepare_dataset import download_mnist, prepare_dataset
from epynnlive.captcha_mnist.settings import se_hPars

random.seed(1)
configure_directory()

download_mnist()
X_features, Y_label = prepare_dataset(N_SAMPLES=300)
print(X_features[0].shape, np.min(X_features), np.max(X_features))

embedding = Embedding(X_data=X_features,
                      Y_data=Y_label,
                      X_scale=True,
                      Y_encode=True,
                      batch_size=32,
                      relative_size=(2, 1, 1))

name = 'Flatten_Dense-64-relu_Dropout05_Dense-10-softmax'
se_hPars['learning_rate'] = 0.01
se_hPars['softmax_temperature'] = 5
model = EpyNN(layers=[embedding, Flatten(), Dense(64, relu), Dropout(0.5), Dense(10, softmax)],
              name=name)
model.initialize(loss='CCE', seed=1, se_hPars=se_hPars.copy(), end='\r')
model.train(epochs=5, init_logs=False)

name = 'Convolution-8-4_Pooling-2-Max_Flatten_Dense-10-softmax'
se_hPars['softmax_temperature'] = 1
model = EpyNN(layers=[embedding, Convolution(8, (4, 4)), Pooling((2, 2)), Flatten(),
                      Dense(10, softmax)], name=name)
model.initialize(loss='CCE', seed=1, se_hPars=se_hPars.copy(), end='\r')
model.train(epochs=5, init_logs=False)

model.write()
model = read_model()
X_features, _ = prepare_dataset(N_SAMPLES=10)
dset = model.predict(X_features, X_scale=True)
for n, pred, probs in zip(dset.ids, dset.P, dset.A):
    print(n, pred, probs)
