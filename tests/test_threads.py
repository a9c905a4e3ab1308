"""Predictions do not disturb training, nor each other, whichever thread they come from."""
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from networks import bits, embedding, samples

from epynn import GRU, Dense, Dropout, EpyNN, softmax

X, _ = samples(200, seed=7)


def gru(learning_rate=0.1):
    model = EpyNN([embedding(), GRU(4), Dropout(0.3), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False, se_hPars={'learning_rate': learning_rate})
    model.train(1, verbose=0)
    return model


def requests(n, seed=0):
    """Slices of X of different sizes."""
    rng = np.random.default_rng(seed)
    starts, sizes = rng.integers(0, 150, n), rng.integers(1, 50, n)
    return [slice(start, start + size) for start, size in zip(starts, sizes, strict=True)]


def predict_concurrently(model, n):
    """Outputs of n predictions in four threads, and what the same ones give one by one."""
    rows = requests(n)
    alone = [model.predict(X[part]).A for part in rows]
    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(lambda part: model.predict(X[part]).A, rows)), alone


def test_predictions_in_four_threads_are_those_of_one():
    together, alone = predict_concurrently(gru(), 400)
    assert all(np.array_equal(A, B) for A, B in zip(together, alone, strict=True))


@pytest.mark.slow
def test_two_thousand_predictions_beside_training_are_those_of_one():
    """With a learning rate of 0 training leaves the parameters, and so the outputs, as they are."""
    model = gru(learning_rate=0)
    stop = threading.Event()
    trainer = threading.Thread(target=lambda: [model.train(1, verbose=0)
                                               for _ in iter(stop.is_set, True)])
    trainer.start()
    together, alone = predict_concurrently(model, 2000)
    stop.set()
    trainer.join()
    assert model.e > 1 and all(np.array_equal(A, B) for A, B in zip(together, alone, strict=True))


def test_an_evaluation_does_not_see_what_another_thread_evaluates_meanwhile():
    model = gru()

    def meddle(Y, A):                   # as if another thread were faster, with other parameters
        for dset in model.embedding.dsets:
            dset.A, dset.P = np.full_like(A, 0.5), np.zeros(len(A), int)
        return np.zeros(len(A))

    expected = model.evaluate()
    model.functions['meddle'] = meddle
    model.metrics = {'meddle': [[], [], []], **model.metrics}
    values = model.evaluate()
    assert {name: values[name] for name in expected} == expected


def test_training_is_bit_for_bit_the_same_beside_predictions():
    alone, beside = gru(), gru()
    alone.train(20, verbose=0)
    stop, errors = threading.Event(), []

    def predict():
        try:
            while not stop.is_set():
                for part in requests(5):
                    assert np.isfinite(beside.predict(X[part]).A).all()
                beside.evaluate()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=predict) for _ in range(3)]
    for thread in threads:
        thread.start()
    beside.train(20, verbose=0)
    stop.set()
    for thread in threads:
        thread.join()
    assert not errors and bits(beside) == bits(alone)
    assert all(layer.training for layer in beside.layers)
