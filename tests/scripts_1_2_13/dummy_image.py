"""Images, dense and convolutional, as such a script was written for EpyNN 1.2.13."""
import random

import numpy as np

import epynn.initialize
from epynn.commons.library import configure_directory, read_model
from epynn.commons.maths import lrelu, relu, softmax
from epynn.convolution.models import Convolution
from epynn.dense.models import Dense
from epynn.dropout.models import Dropout
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.network.models import EpyNN
from epynn.pooling.models import Pooling
from epynnlive.dummy_image.prepare_dataset import prepare_dataset
from epynnlive.dummy_image.settings import se_hPars

random.seed(1)
np.set_printoptions(threshold=10)
configure_directory()

X_features, Y_label = prepare_dataset(N_SAMPLES=90)
embedding = Embedding(X_data=X_features,
                      Y_data=Y_label,
                      X_scale=True,
                      Y_encode=True,
                      batch_size=32,
                      relative_size=(2, 1, 0))
print(embedding.dtrain.X.shape, embedding.dtrain.b)

name = 'Flatten_Dense-64-relu_Dense-2-softmax'
se_hPars['learning_rate'] = 0.001
model = EpyNN(layers=[embedding, Flatten(), Dense(64, relu), Dropout(0.5), Dense(2, softmax)],
              name=name)
model.initialize(loss='CCE', seed=1, se_hPars=se_hPars.copy(), end='\r')
model.train(epochs=4, init_logs=False)

name = 'Convolution-6-4_Pooling-3-Max_Flatten_Dense-2-softmax'
se_hPars['schedule'] = 'lin_decay'
se_hPars['LRELU_alpha'] = 0.01
model = EpyNN(layers=[
    embedding,
    Convolution(unit_filters=6, filter_size=(4, 4), activate=lrelu),
    Pooling(pool_size=(3, 3), pool=np.median),
    Flatten(),
    Dense(2, softmax)], name=name)
model.initialize(loss='CCE', seed=1, se_hPars=se_hPars.copy(), end='\r')
model.train(epochs=3, init_logs=False)

X_features, _ = prepare_dataset(N_SAMPLES=10)
dset = model.predict(X_features, X_scale=True)
for n, pred, probs in zip(dset.ids, dset.P, dset.A):
    print(n, pred, probs)
