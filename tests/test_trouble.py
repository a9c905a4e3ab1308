"""When training goes wrong it says so early; when it is interrupted nothing is lost."""
import os
import signal

import numpy as np
import pytest
from networks import NETWORKS, bits, embedding, network, samples

from epynn import Dense, Embedding, EpyNN, read_model

every_network = pytest.mark.parametrize('kind', NETWORKS)


def exploding():
    """A network whose weights are soon beyond all numbers."""
    X = 100 * np.random.default_rng(0).standard_normal((30, 3))
    model = EpyNN([Embedding(X, [0, 1] * 15), Dense(4, 'relu'), Dense(1, 'identity')])
    model.initialize(seed=1, se_hPars={'learning_rate': 10.0})
    return model


@pytest.mark.filterwarnings('ignore::RuntimeWarning')
def test_numbers_that_are_not_finite_are_an_error_that_says_where():
    with pytest.raises(FloatingPointError) as caught:
        exploding().train(50, verbose=0)
    for text in ('epoch', 'Dense (layer', 'Norms of the last gradients', 'learning_rate'):
        assert text in str(caught.value)


@pytest.mark.filterwarnings('ignore::RuntimeWarning')
def test_numbers_that_are_not_finite_end_training_or_do_not(capsys):
    model = exploding()
    model.train(50, verbose=0, on_nan='stop')
    assert model.e < 50 and 'not finite' in capsys.readouterr().out
    model = exploding()
    model.train(50, verbose=0, on_nan='ignore')
    assert model.e == 50
    with pytest.raises(ValueError, match="no on_nan 'shrug': expected one of raise, stop, ignore"):
        model.train(1, on_nan='shrug')


def interrupt_at(model, call):
    """Let Ctrl-C come while the last layer goes forward for the so many-th time."""
    layer, calls = model.layers[-1], 0
    forward_pass = layer.forward_pass

    def interrupted(X):
        nonlocal calls
        calls += 1
        if calls == call:
            os.kill(os.getpid(), signal.SIGINT)
        return forward_pass(X)

    layer.forward_pass = interrupted


@every_network
@pytest.mark.parametrize('call', [1, 3, 4, 6, 8, 9])    # an epoch: 3 batches, then 3 evaluations
def test_an_interrupt_is_heard_and_training_goes_on_from_there(kind, call, tmp_path):
    never_stopped = network(kind, seed=1)
    never_stopped.train(3, verbose=0)
    model = network(kind, seed=1)
    interrupt_at(model, call)
    with pytest.raises(KeyboardInterrupt):
        model.train(3, verbose=0)
    assert {len(values) for sets in model.metrics.values() for values in sets} == {model.e}

    from_file = read_model(model.write(tmp_path / 'model.npz'))
    from_file.embedding = embedding()
    for again in (model, from_file):
        again.train(3 - again.e, verbose=0)
        assert bits(again) == bits(never_stopped)


def test_an_interrupt_after_the_last_batch_is_not_lost():
    model, never_stopped = network(seed=1), network(seed=1)
    never_stopped.train(3, verbose=0)
    interrupt_at(model, 17)
    with pytest.raises(KeyboardInterrupt):
        model.train(3, verbose=0)
    assert bits(model) == bits(never_stopped)


def test_the_table_so_far_is_shown_after_an_interrupt(capsys):
    model = network(seed=1)
    interrupt_at(model, 8)
    with pytest.raises(KeyboardInterrupt):
        model.train(3)
    assert model.uname in capsys.readouterr().out


def test_interrupts_are_as_before_after_training():
    before = signal.getsignal(signal.SIGINT)
    model = network(seed=1)
    model.train(1, verbose=0)
    assert signal.getsignal(signal.SIGINT) is before


def test_checkpoints(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    model, unwatched = network(seed=1), network(seed=1)
    epochs = []
    write = EpyNN.write
    monkeypatch.setattr(EpyNN, 'write', lambda self: epochs.append(self.e) or write(self))
    model.train(5, verbose=0, checkpoint=2)
    unwatched.train(5, verbose=0)
    assert epochs == [2, 4] and bits(model) == bits(unwatched)
    assert read_model().e == 4 and len(list((tmp_path / 'models').iterdir())) == 1
    X, _ = samples(3)
    assert np.isfinite(read_model().predict(X).A).all()
