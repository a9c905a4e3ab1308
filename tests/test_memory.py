"""Evaluation takes memory for a batch, not for a set, and keeps none."""
import tracemalloc

import numpy as np
import pytest

from epynn import GRU, Dense, Embedding, EpyNN, Flatten, softmax

KINDS = {'dense': lambda: [Flatten(), Dense(50), Dense(2, softmax)],
         'gru': lambda: [GRU(2, sequences=True), Flatten(), Dense(2, softmax)]}


def memory_of_evaluation(kind, samples, batch_size):
    """Bytes at the peak of an evaluation, and those kept after it."""
    X = np.random.default_rng(0).integers(0, 8, (samples, 300))
    model = EpyNN([Embedding(X, np.arange(samples) % 2, relative_size=(1, 0, 0), X_encode=True,
                             Y_encode=True, batch_size=batch_size), *KINDS[kind]()])
    model.initialize(seed=1)
    model.evaluate()
    tracemalloc.start()
    try:
        model.evaluate()
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return peak, kept


@pytest.mark.parametrize('kind', KINDS)
def test_evaluation_takes_memory_for_a_batch(kind):
    small, _ = memory_of_evaluation(kind, 256, 128)
    of_four_times_the_set, kept = memory_of_evaluation(kind, 1024, 128)
    of_twice_the_batch, _ = memory_of_evaluation(kind, 1024, 256)
    assert of_four_times_the_set < 1.2 * small + 100_000
    assert of_twice_the_batch < 2.2 * small
    assert kept < 100_000
