"""What is told of training, when, and what it can do about it."""
import os
import signal
import threading

import numpy as np
import pytest
from networks import bits, network

from epynn import Callback, EpyNN
from epynn.network.callbacks import Checkpoint

HOOKS = ('on_train_begin', 'on_epoch_begin', 'on_forward', 'on_batch_end', 'on_epoch_end',
         'on_train_end')


class Diary(Callback):
    """It notes what it was told, and how far the network was."""

    def __init__(self):
        self.entries = []


for hook in HOOKS:
    setattr(Diary, hook, lambda self, model, hook=hook: self.entries.append(
        (hook, model.e, model.batch)))


class At(Callback):
    """It does something when something comes for the n-th time."""

    def __init__(self, hook, act, n=1):
        self.left = n
        setattr(self, hook, lambda model: self.count(act, model))

    def count(self, act, model):
        self.left -= 1
        if self.left == 0:
            act(model)


def stop(model):
    model.stop_training = True


def trained(*callbacks, epochs=2, **arguments):
    model = network(seed=1, verbose=False)
    model.train(epochs, verbose=0, callbacks=callbacks, **arguments)
    return model


def test_callbacks_are_told_of_everything_in_order():
    diary = Diary()
    batches = len(trained(diary).embedding.batches())
    expected = [('on_train_begin', 0, 0)]
    for e in range(2):
        expected.append(('on_epoch_begin', e, 0))
        for i in range(batches):
            expected += [('on_forward', e, i), ('on_batch_end', e, i + 1)]
        expected.append(('on_epoch_end', e + 1, 0))
    assert diary.entries == [*expected, ('on_train_end', 2, 0)]


def test_a_callback_that_does_nothing_changes_nothing():
    assert bits(trained(Callback(), Diary())) == bits(trained())


@pytest.mark.parametrize('hook, e, batch', [
    ('on_batch_end', 0, 1), ('on_forward', 0, 1), ('on_epoch_end', 1, 0)])
def test_stopping_ends_training_after_the_batch_or_epoch_under_way(hook, e, batch):
    model = trained(At(hook, stop), epochs=3)
    assert (model.e, model.batch) == (e, batch)
    model.train(3 - e, verbose=0)                       # it goes on from there
    assert bits(model) == bits(trained(epochs=3))


def test_stopping_holds_for_one_call_of_train():
    model = trained(At('on_epoch_end', stop))
    model.train(2, verbose=0)
    assert model.e == 3


def test_the_batch_under_way_is_there_to_look_at():
    seen = []

    class Look(Callback):
        def on_forward(self, model):
            seen.append((model.minibatch.A.shape, model.minibatch.Y.shape, len(model.minibatch)))

    model = trained(Look())
    assert set(seen) == {((7, 2), (7, 2), 7)} and model.minibatch is None


def test_an_own_early_stopping_in_ten_lines():
    class Patience(Callback):
        def __init__(self, epochs):
            self.epochs = epochs

        def on_epoch_end(self, model):
            losses = model.metrics[model.loss][1]
            if len(losses) - 1 - losses.index(min(losses)) >= self.epochs:
                model.stop_training = True

    model = network(seed=1, verbose=False, se_hPars={'learning_rate': 1.0})
    model.train(200, verbose=0, callbacks=[Patience(3)])
    losses = model.metrics['MSE'][1]
    assert model.e < 200 and losses.index(min(losses)) == model.e - 4


@pytest.mark.parametrize('callbacks', [3, [3], Callback, [Callback], ['early'], None])
def test_what_is_no_callback_is_refused(callbacks):
    with pytest.raises(ValueError, match='train expects callbacks to be a list of callbacks'):
        network(seed=1, verbose=False).train(1, verbose=0, callbacks=callbacks)


def test_a_single_callback_needs_no_list():
    model, diary = network(seed=1, verbose=False), Diary()
    model.train(1, verbose=0, callbacks=diary)
    assert diary.entries


def test_whatever_happens_all_are_told_of_the_end():
    first, last = Diary(), Diary()

    def fail(model):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        trained(first, At('on_batch_end', fail, n=2), last)
    assert first.entries[-1] == last.entries[-1] == ('on_train_end', 0, 2)
    with pytest.raises(ZeroDivisionError):
        trained(first, At('on_train_end', fail), last)
    assert first.entries[-1] == last.entries[-1] == ('on_train_end', 2, 0)


def test_numbers_that_are_not_finite_never_reach_the_parameters():
    model = network(seed=1, verbose=False)
    model.layers[-1].p['W'][0, 0] = np.nan
    kept = {name: W.copy() for name, W in model.layers[2].p.items()}
    diary = Diary()
    with pytest.raises(FloatingPointError, match='in epoch 0, in batch 0: first in parameter W'):
        model.train(1, verbose=0, callbacks=[diary])
    for name, W in kept.items():
        np.testing.assert_array_equal(model.layers[2].p[name], W)
    assert diary.entries[-1] == ('on_train_end', 0, 0)


def test_checkpoints_are_written_after_some_epochs():
    written = []

    class Model(EpyNN):
        def write(self, path=None):
            written.append(self.e)

    model = network(seed=1, verbose=False)
    model.__class__ = Model
    model.train(5, verbose=0, checkpoint=2)
    assert written == [2, 4]
    model.train(3, verbose=0, callbacks=[Checkpoint(3)])
    assert written == [2, 4, 6]


def test_a_subclass_may_evaluate_and_report_in_its_own_way(capsys):
    class Model(EpyNN):
        def evaluate(self):
            return {**super().evaluate(), 'accuracy': [0.5, None, None]}

        def report(self, every=1):
            print(f'reported, a row for every {every}')

    model = network(seed=1, verbose=False)
    model.__class__ = Model
    model.train(2, verbose=2, init_logs=False)
    assert model.metrics['accuracy'] == [[0.5, 0.5], [], []]
    assert 'reported, a row for every 2' in capsys.readouterr().out


# Ctrl-C

def interrupt(model):
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.parametrize('hook, e, batch', [('on_batch_end', 0, 2), ('on_epoch_begin', 1, 1)])
def test_an_interrupt_ends_training_after_the_batch_and_loses_nothing(hook, e, batch):
    model = network(seed=1, verbose=False)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        model.train(3, verbose=0, callbacks=[At(hook, interrupt, n=2)])
    assert (model.e, model.batch) == (e, batch)
    assert signal.getsignal(signal.SIGINT) is before
    model.train(3 - e, verbose=0)
    assert bits(model) == bits(trained(epochs=3))


def test_a_handler_that_is_not_pythons_own_is_left_alone():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(True))
    try:
        model = trained(At('on_batch_end', interrupt))
    finally:
        signal.signal(signal.SIGINT, before)
    assert heard == [True] and model.e == 2


def test_a_process_that_ignores_ctrl_c_goes_on_ignoring_it():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert trained(At('on_batch_end', interrupt)).e == 2
        assert signal.getsignal(signal.SIGINT) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_training_in_a_thread_leaves_signals_alone():
    before, results = signal.getsignal(signal.SIGINT), []
    thread = threading.Thread(target=lambda: results.append(trained()))
    thread.start()
    thread.join()
    assert results[0].e == 2 and signal.getsignal(signal.SIGINT) is before


# Functions of one's own

def test_losses_metrics_and_schedules_may_be_functions():
    def Squared(Y, A, deriv=False):
        return 2 * (A - Y) if deriv else ((A - Y)**2).sum(axis=1)

    def furthest(Y, A):
        return np.abs(A - Y).max()

    def halved(x, epochs, hPars):
        return hPars['learning_rate'] / 2**x

    model = network(verbose=False, seed=1, loss=Squared, metrics=['accuracy', furthest],
                    se_hPars={'learning_rate': 0.2, 'schedule': halved})
    model.train(3, verbose=1)
    assert list(model.metrics) == ['accuracy', 'furthest', 'Squared'] and model.loss == 'Squared'
    assert model.layers[-1].lrate == [0.2, 0.1, 0.05]
    A, Y = model.embedding.dtrain.A, model.embedding.dtrain.Y
    assert model.metrics['furthest'][0][-1] == furthest(Y, A)
    assert model.metrics['Squared'][0][-1] == pytest.approx(Squared(Y, A).mean())
    other = network(verbose=False, seed=1, loss='MSE', se_hPars={'learning_rate': 0.4,
                                                                'schedule': halved})
    other.train(3, verbose=0)                           # half the loss, twice the learning rate
    np.testing.assert_allclose(other.layers[-1].p['W'], model.layers[-1].p['W'], rtol=1e-12)


@pytest.mark.parametrize('arguments, message', [
    ({'loss': lambda Y, A, deriv=False: A, 'metrics': [lambda Y, A: 1.0]}, "called '<lambda>'"),
    ({'loss': 3}, 'knows no loss 3'), ({'metrics': [print, 'acuracy']}, "did you mean 'accuracy'"),
    ({'se_hPars': {'schedule': 'cosin'}}, 'knows no schedule'),
    ({'se_hPars': {'optimizer': 'sgd'}}, "did you mean 'SGD'"),
])
def test_what_is_no_loss_metric_or_schedule_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        network(verbose=False, seed=1, **arguments)


def test_a_schedule_that_gives_no_rate_is_an_error():
    model = network(verbose=False, seed=1, se_hPars={'schedule': lambda x, epochs, hPars: -1})
    with pytest.raises(ValueError, match='to give a learning rate of 0 or more, got -1 for epoch'):
        model.train(1, verbose=0)


def test_an_optimizer_may_be_a_function_and_its_state_is_kept():
    def Momentum(W, dW, state, lrate, hPars):
        state['v'] = 0.9 * state.get('v', 0) + dW
        W -= lrate * state['v']

    model = network(verbose=False, seed=1, se_hPars={'optimizer': Momentum})
    model.train(2, verbose=0)
    state = model.layers[-1].optimizer_state
    assert {name: arrays['v'].shape for name, arrays in state.items()} \
        == {name: W.shape for name, W in model.layers[-1].p.items()}
    plain = network(verbose=False, seed=1)
    plain.train(2, verbose=0)
    assert bits(plain) != bits(model)
