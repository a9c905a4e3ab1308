"""A perceptron on booleans, as such a script was written for EpyNN 1.2.13."""
import random

import numpy as np

import epynn.initialize
from epynn.commons.library import configure_directory, read_model
from epynn.commons.maths import sigmoid
from epynn.dense.models import Dense
from epynn.embedding.models import Embedding
from epynn.network.models import EpyNN
from epynnlive.dummy_boolean.prepare_dataset import prepare_dataset
from epynnlive.dummy_boolean.settings import se_hPars

random.seed(1)
np.random.seed(1)
np.set_printoptions(precision=3, threshold=10)
np.seterr(all='warn')

configure_directory(clear=True)

X_features, Y_label = prepare_dataset(N_SAMPLES=50)

embedding = Embedding(X_data=X_features,
                      Y_data=Y_label,
                      relative_size=(2, 1, 0))

name = 'Perceptron_Dense-1-sigmoid'
dense = Dense(1, sigmoid)
model = EpyNN(layers=[embedding, dense], name=name)

se_hPars['learning_rate'] = 0.1
model.initialize(loss='BCE', seed=1, metrics=['accuracy', 'recall', 'precision'],
                 se_hPars=se_hPars.copy(), end='\r')
model.train(epochs=20, verbose=5, init_logs=False)
model.plot(path=False)
model.plot(pyplot=True, path='plots')

model.write()
model = read_model()

X_features, _ = prepare_dataset(N_SAMPLES=10)
dset = model.predict(X_features)
for n, pred, probs in zip(dset.ids, dset.P, dset.A):
    print(n, pred, probs)
