"""Words of Keras, PyTorch and scikit-learn are understood, or answered with what does it here."""
import copy
import pickle

import numpy as np
import pytest

from epynn import GRU, Convolution, Dense, Dropout, Embedding, EpyNN, relu, softmax
from epynn.commons.words import INSTEAD, SAME

X, y = np.random.default_rng(0).random((20, 3)), np.arange(20) % 2


def net():
    model = EpyNN([Embedding(X, y, Y_encode=True), Dense(4, relu), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False)
    return model


@pytest.mark.parametrize('call, message', [
    (lambda: Dense(3, activation='relu'), "did you mean 'activate'?"),
    (lambda: GRU(3, return_sequences=True), "did you mean 'sequences'?"),
    (lambda: GRU(hidden_size=3), "did you mean 'unit_cells'?"),
    (lambda: Convolution(filters=3), "did you mean 'unit_filters'?"),
    (lambda: Convolution(3, kernel_size=3), "did you mean 'filter_size'?"),
    (lambda: Dropout(rate=0.5), "did you mean 'drop_prob'?"),
    (lambda: Dense(3, input_shape=(4,)), 'shapes follow from the data'),
    (lambda: Dense(3, activate='leaky_relu'), "did you mean 'lrelu'?"),
    (lambda: Embedding(X, y, validation_split=0.2), 'relative_size=(4, 1, 0)'),
    (lambda: net().initialize(optimizer='adam'), "se_hPars={'optimizer': 'SGD'"),
    (lambda: net().initialize(metrics=['f1']), "did you mean 'fscore'?"),
    (lambda: net().initialize(loss='binary_crossentropy'), "did you mean 'BCE'?"),
    (lambda: net().initialize(loss='mean_squared_error'), "did you mean 'MSE'?"),
    (lambda: net().initialize(se_hPars={'lr': 0.1}), "did you mean 'learning_rate'?"),
    (lambda: net().initialize(random_state=3), "did you mean 'seed'?"),
    (lambda: net().train(3, validation_data=(X, y)), 'relative_size=(2, 1, 0)'),
    (lambda: net().train(3, batch_size=3), 'Embedding(X, Y, batch_size=...)'),
    (lambda: net().predict(X, batch_size=3), 'Embedding(X, Y, batch_size=...)'),
    (lambda: net().fit(X, y), 'train(epochs)'),
    (lambda: net().compile(loss='MSE'), 'initialize(loss=...'),
    (lambda: net().predict_proba(X), 'predict(X).A'),
    (lambda: net().history, 'metrics has the values'),
    (lambda: net().save('x'), 'write(path)'),
    (lambda: net().score(X, y), "evaluate()['accuracy']"),
    (lambda: net().predct(X), "did you mean 'predict'?"),
    (lambda: net().write(filepath='x.npz'), "did you mean 'path'?"),
])
def test_a_word_of_another_library_is_answered(call, message):
    with pytest.raises((TypeError, AttributeError, ValueError)) as caught:
        call()
    assert message in str(caught.value)


@pytest.mark.parametrize('call', [
    lambda: net().train(1, X, y), lambda: net().train(X, y), lambda: net().train(),
    lambda: net().predict(), lambda: net().train(1, verbose=1.5), lambda: EpyNN(),
    lambda: net().initialize(params='no'),
])
def test_no_call_ends_in_a_message_of_numpy_or_without_one(call):
    with pytest.raises((ValueError, TypeError)) as caught:
        call()
    assert ' expects ' in str(caught.value) or 'it takes' in str(caught.value)


def test_a_network_is_still_copied_and_pickled():
    model = net()
    for other in (copy.copy(model), copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        np.testing.assert_array_equal(other.predict(X).A, model.predict(X).A)
    assert not hasattr(model, 'nothing_of_the_kind')


def test_a_word_is_answered_in_one_way():
    both = set(SAME) & set(INSTEAD)
    assert both <= {'lr', 'epochs', 'random_state'}     # each as an argument of some other method
