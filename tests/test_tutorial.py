"""Do the cells of the music tutorial run as they stand, in order, in one process?

The clips are cut to their first 400 steps; the notebook itself, in full length, is run among the
tests of the course.
"""
import random
import re

import numpy as np
import pytest

import epynn.initialize  # noqa: F401
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

STEPS = 400


def short(clips):
    return [clip[:STEPS] for clip in clips]


@pytest.fixture
def a_folder_of_its_own():
    """Not here: the cells of a page run in one folder, one after the other."""


@pytest.fixture(scope='module')
def here(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp('tutorial'))
        download_music()
        yield patch


def test_the_cells_of_the_page(here, capsys):
    random.seed(1)
    configure_directory()
    X_features, Y_label = prepare_dataset(N_SAMPLES=256)
    assert len(X_features) == 256 and X_features[0].shape == (10000,)
    assert 0 <= np.min(X_features) < np.max(X_features) <= 15
    X_features = short(X_features)

    def embed():
        return Embedding(X_data=X_features,
                         Y_data=Y_label,
                         X_encode=True,
                         Y_encode=True,
                         batch_size=16,
                         relative_size=(2, 1, 0))

    embedding = embed()
    assert embedding.dtrain.X.shape == (171, STEPS, len(embedding.e2i))
    assert list(embedding.dtrain.b) == [0, 1] and sum(embedding.dtrain.b.values()) == 171

    hPars = se_hPars.copy()
    for head, epochs in (([], 10), ([RNN(1, sequences=True)], 3), ([GRU(1, sequences=True)], 3)):
        hPars['learning_rate'] = 0.01
        hPars['softmax_temperature'] = 1
        name = '-'.join(['net', *(type(layer).__name__ for layer in head)])
        layers = [embedding, *head, Flatten(), Dense(64, relu), Dropout(0.5), Dense(2, softmax)]
        model = EpyNN(layers=layers, name=name)
        model.initialize(loss='MSE', seed=1, metrics=['accuracy', 'recall', 'precision'],
                         se_hPars=hPars.copy(), end='\r')
        model.train(epochs=epochs, init_logs=False)

        printed = capsys.readouterr().out
        assert '--- EpyNN Check OK! ---' in printed
        assert re.search(r'epoch .* lrate .* accuracy .* recall .* precision .* MSE ', printed)
        assert len(re.findall(r'^\| +\d+ +\|', printed, re.M)) == epochs
        assert printed.count(model.uname) == 1 and model.uname.endswith(f'_{name}')
        assert [len(sets[0]) for sets in model.metrics.values()] == [epochs] * 4
        embedding = embedding if head else embed()

    model.write()
    expected = model.predict(short(prepare_dataset(N_SAMPLES=256)[0]), X_encode=True)
    model = read_model()
    X_features, _ = prepare_dataset(N_SAMPLES=10)
    dset = model.predict(short(X_features), X_encode=True)
    rows = list(zip(dset.ids, dset.P, dset.A, strict=True))
    assert [n for n, _, _ in rows] == list(range(10))
    assert all(pred in (0, 1) and probs.shape == (2,) for _, pred, probs in rows)
    np.testing.assert_allclose(dset.A.sum(axis=1), 1)
    assert expected.A.shape == (256, 2)
