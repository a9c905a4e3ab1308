"""What is told of training, when, and what it can do about it."""
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from networks import ALL, bits, data_of, embedding, network
from own_layers import RunningMean, Shortcut

import epynn
from epynn import (
    Callback,
    Checkpoint,
    Dense,
    Dropout,
    EarlyStopping,
    EpyNN,
    Flatten,
    History,
    LearningRateFinder,
    ReduceOnPlateau,
)

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


def test_callbacks_are_told_of_an_error_before_the_end():
    told = []

    class Told(Callback):
        def on_error(self, model, error):
            told.append(error)

        def on_train_end(self, model):
            told.append('end')

    trouble = ZeroDivisionError()

    def fail(model):
        raise trouble

    with pytest.raises(ZeroDivisionError):
        trained(Told(), At('on_batch_end', fail, n=2))
    assert told == [trouble, 'end']
    told.clear()
    trained(Told())
    assert told == ['end']
    told.clear()
    with pytest.raises(KeyboardInterrupt):
        trained(Told(), At('on_batch_end', interrupt))
    assert isinstance(told[0], KeyboardInterrupt) and told[1:] == ['end']


def test_what_a_callback_has_to_say_is_printed_unless_training_is_silent(capsys):
    class Says(Callback):
        message = 'All is well.'

    model = network(seed=1, verbose=False)
    model.train(1, verbose=0, callbacks=[Says()])
    assert not capsys.readouterr().out
    model.train(1, init_logs=False, callbacks=[Says()])
    assert capsys.readouterr().out.endswith('\n\nAll is well.\n\n')


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


# Early stopping, and whatever else looks for the best epoch

def with_buffers(**arguments):
    """A network that has all that there is to go back to: Dropout, buffers, layers in layers."""
    model = EpyNN([embedding(), Flatten(), RunningMean(), Dense(4, 'tanh'),
                   Shortcut([Dropout(0.3), Dense(4, 'tanh')]), Dense(2, 'softmax')])
    model.initialize(seed=1, verbose=False, **arguments)
    return model


def momentum(W, dW, state, lrate, hPars):
    state['v'] = 0.9 * state.get('v', 0) + dW
    W -= lrate * state['v']


def kept(model):
    """The bits that EarlyStopping goes back to."""
    return bits(model)[0]


def with_states(**arguments):
    """A recurrent network."""
    return network('gru', seed=1, verbose=False, **arguments)


class Scripted(EpyNN):
    """A network whose losses are said beforehand: (training, validation) of each epoch."""

    def evaluate(self):
        values = super().evaluate()
        if self.e < len(self.script):
            values[self.loss][:2] = self.script[self.e]
        return values


def scripted(*validation, make=with_buffers, **arguments):
    model = make(**arguments)
    model.__class__, model.script = Scripted, [(1.0, value) for value in validation]
    return model


FALLS_AND_RISES = (5, 4, 3, 2, 3, 4, 5, 6, 7, 8)
RULES = {'SGD': {}, 'Adam': {'optimizer': 'Adam'}, 'own': {'optimizer': momentum}}


@pytest.mark.parametrize('hPars', RULES.values(), ids=RULES)
@pytest.mark.parametrize('make', [with_buffers, with_states])
def test_the_very_bits_of_the_best_epoch_come_back(make, hPars):
    model, best, last = (scripted(*FALLS_AND_RISES, make=make, se_hPars=hPars) for _ in range(3))
    stopping = EarlyStopping(patience=3)
    model.train(10, verbose=0, callbacks=[stopping])
    assert (stopping.best_epoch, stopping.best_value, stopping.stopped_epoch) == (3, 2, 6)
    assert model.e == 7
    best.train(4, verbose=0)
    last.train(7, verbose=0)
    assert kept(model) == kept(best) != kept(last)
    X = model.embedding.dval.X
    assert model.predict(X).A.tobytes() == best.predict(X).A.tobytes()
    assert model.embedding.dval.A.tobytes() == best.embedding.dval.A.tobytes()


def test_the_bits_of_the_best_epoch_come_back_with_a_real_loss():
    model = network(seed=1, verbose=False, se_hPars={'learning_rate': 1.0})
    stopping = EarlyStopping(patience=3)
    model.train(200, verbose=0, callbacks=[stopping])
    losses = model.metrics['MSE'][1]
    assert model.e < 200 and stopping.best_epoch == losses.index(min(losses)) == model.e - 4
    assert model.evaluate()['MSE'][1] == stopping.best_value == min(losses)


def test_a_file_written_afterwards_holds_the_best_epoch():
    model, stopping = scripted(*FALLS_AND_RISES, make=lambda: network(seed=1, verbose=False)), \
        EarlyStopping(patience=3)
    model.train(10, verbose=0, callbacks=[stopping])
    model.__class__ = EpyNN
    assert kept(epynn.read_model(model.write('best.npz'))) == kept(model)


def test_it_goes_back_where_all_epochs_are_done_too():
    model, best = scripted(*FALLS_AND_RISES), scripted(*FALLS_AND_RISES)
    stopping = EarlyStopping(patience=50)
    model.train(6, verbose=0, callbacks=[stopping])
    best.train(4, verbose=0)
    assert kept(model) == kept(best) and stopping.stopped_epoch is None


def test_nothing_comes_back_unless_asked_for_until_it_is():
    model, plain = scripted(*FALLS_AND_RISES), scripted(*FALLS_AND_RISES)
    stopping = EarlyStopping(patience=3, restore_best=False)
    model.train(10, verbose=0, callbacks=[stopping])
    plain.train(7, verbose=0)
    assert stopping.stopped_epoch == 6 and bits(model) == bits(plain)
    with pytest.raises(RuntimeError, match='no epoch of this network to go back to'):
        stopping.restore(model)


@pytest.mark.parametrize('n', [1, 3, 11, 20])
def test_an_interrupt_within_an_epoch_changes_nothing_and_counting_goes_on(n):
    """The n-th batch, of 3 an epoch: before the best epoch, within it, and after it."""
    model, plain = scripted(*FALLS_AND_RISES), scripted(*FALLS_AND_RISES)
    stopping, whole = EarlyStopping(patience=3), EarlyStopping(patience=3)
    with pytest.raises(KeyboardInterrupt):
        model.train(10, verbose=0, callbacks=[stopping, At('on_batch_end', interrupt, n)])
    twin = scripted(*FALLS_AND_RISES)
    twin.train(10, verbose=0, callbacks=[At('on_batch_end', stop, n)])
    assert bits(model) == bits(twin)
    model.train(10 - model.e, verbose=0, callbacks=[stopping])
    plain.train(10, verbose=0, callbacks=[whole])
    assert bits(model) == bits(plain)
    assert (stopping.best_epoch, stopping.stopped_epoch) == (3, 6)


def test_an_interrupt_at_the_end_of_an_epoch_changes_nothing_either():
    model, plain = scripted(*FALLS_AND_RISES), scripted(*FALLS_AND_RISES)
    stopping = EarlyStopping(patience=50)
    with pytest.raises(KeyboardInterrupt):
        model.train(10, verbose=0, callbacks=[stopping, At('on_epoch_end', interrupt, 6)])
    plain.train(6, verbose=0)
    assert bits(model) == bits(plain)
    stopping.restore(model)
    best = scripted(*FALLS_AND_RISES)
    best.train(4, verbose=0)
    assert kept(model) == kept(best)


@pytest.mark.parametrize('on_nan', ['raise', 'stop'])
def test_numbers_that_are_not_finite_bring_the_best_epoch_back(on_nan):
    def spoil(model):
        model.layers[-1].p['W'][:] = np.nan

    model, best = scripted(*FALLS_AND_RISES), scripted(*FALLS_AND_RISES)
    try:
        model.train(10, verbose=0, on_nan=on_nan,
                    callbacks=[EarlyStopping(), At('on_epoch_begin', spoil, 6)])
    except FloatingPointError:
        assert on_nan == 'raise'
    best.train(4, verbose=0)
    assert kept(model) == kept(best)


def test_a_loss_of_nan_is_never_the_best():
    nan = float('nan')
    model, stopping = scripted(nan, 3, nan, nan, 5), EarlyStopping(patience=3)
    model.train(10, verbose=0, on_nan='ignore', callbacks=[stopping])
    assert (stopping.best_epoch, stopping.stopped_epoch) == (1, 4)
    model, stopping = scripted(nan, nan, nan), EarlyStopping(patience=3)
    model.train(3, verbose=0, on_nan='ignore', callbacks=[stopping])
    assert (stopping.best_epoch, stopping.best_value, stopping.stopped_epoch) == (None, None, 2)


def test_better_means_better_by_min_delta():
    for min_delta, expected in ((0, (3, None)), (0.5, (0, 2)), (0.25, (2, None))):
        model = scripted(3, 2.75, 2.5, 2.25)
        stopping = EarlyStopping(patience=2, min_delta=min_delta)
        model.train(4, verbose=0, callbacks=[stopping])
        assert (stopping.best_epoch, stopping.stopped_epoch) == expected


def test_what_is_better_follows_from_the_metric():
    """Losses and RMSE fall, metrics and R2 rise; of one's own metric, one says so."""
    def furthest(Y, A):
        return np.abs(A - Y).max()

    class Follow(Callback):
        def on_epoch_end(self, model):
            model.metrics[self.name][0][-1] = {0: 3, 1: 9, 2: 1, 3: 5}[model.e - 1]

    for name, mode, best in (('MSE', None, 2), ('loss', None, 2), ('MAE', None, 2),
                             ('RMSE', None, 2), ('accuracy', None, 1), ('recall', None, 1),
                             ('R2', None, 1), ('furthest', 'min', 2), ('furthest', 'max', 1),
                             ('accuracy', 'min', 2), ('MSE', 'max', 1)):
        model = with_buffers(metrics=['MAE', 'RMSE', 'accuracy', 'recall', 'R2', furthest])
        follow, stopping = Follow(), EarlyStopping(name, 'dtrain', mode=mode)
        follow.name = 'MSE' if name == 'loss' else name
        model.train(4, verbose=0, callbacks=[follow, stopping])
        assert stopping.best_epoch == best, name


def test_patience_is_new_in_the_next_training_and_the_best_is_still_known():
    model, stopping = scripted(*FALLS_AND_RISES), EarlyStopping(patience=3)
    model.train(10, verbose=0, callbacks=[stopping])
    after = kept(model)
    model.train(10, verbose=0, callbacks=[stopping])
    assert model.e == 10 and stopping.stopped_epoch == 9 and kept(model) == after
    model.initialize(seed=1, verbose=False)                     # another network, so to say
    model.script = [(1.0, 9), (1.0, 10)]
    model.train(2, verbose=0, callbacks=[stopping])
    assert (stopping.best_epoch, stopping.best_value) == (0, 9)


def test_early_stopping_says_what_it_did(capsys):
    model = scripted(*FALLS_AND_RISES)
    model.train(10, init_logs=False, callbacks=[EarlyStopping(patience=3)])
    assert ('Stopped after epoch 6. Best: epoch 3, MSE on dval 2; its parameters are back.'
            in capsys.readouterr().out)
    scripted(*FALLS_AND_RISES).train(10, verbose=0, callbacks=[EarlyStopping(patience=3)])
    assert not capsys.readouterr().out


def test_several_in_one_list_each_do_their_work():
    model = scripted(*FALLS_AND_RISES)
    stopping, plateau = EarlyStopping(patience=4), ReduceOnPlateau(patience=2, factor=0.5)
    model.train(10, verbose=0, callbacks=[stopping, Checkpoint(best=True, path='best.npz'), plateau,
                                          History('all.csv')])
    assert stopping.stopped_epoch == 7 and plateau.reductions == {6: 0.05, 8: 0.025}
    assert len(np.genfromtxt('all.csv', delimiter=',', names=True)) == 8
    own = {'Shortcut': Shortcut, 'RunningMean': RunningMean}
    assert kept(epynn.read_model('best.npz', custom_objects=own)) == kept(model)


# Checkpoints

def test_a_checkpoint_is_written_whenever_the_network_is_better(tmp_path):
    written = []

    class Model(Scripted):
        def write(self, path=None):
            written.append((self.e, path))

    model = scripted(5, 6, 4, 4, 3)
    model.__class__ = Model
    model.train(2, verbose=0)
    model.train(3, verbose=0, callbacks=[Checkpoint(best=True, path=tmp_path / 'best.npz')])
    assert written == [(3, tmp_path / 'best.npz'), (5, tmp_path / 'best.npz')]


def test_a_checkpoint_goes_where_it_is_told():
    model = network(seed=1, verbose=False)
    model.train(3, verbose=0, callbacks=[Checkpoint(2, path='here.npz')])
    assert epynn.read_model('here.npz').e == 2


# A rate that falls on plateaus

def test_the_learning_rate_falls_where_the_loss_does_not():
    model = scripted(5, 4, 4, 4, 4, 4, 4, 4)
    model.layers[3].se_hPars['learning_rate'] = 0.5
    model.layers[-1].se_hPars['learning_rate'] = 0
    plateau = ReduceOnPlateau(patience=2, factor=0.5, least=0.03)
    model.train(8, verbose=0, callbacks=[plateau])
    assert plateau.reductions == {4: 0.05, 6: 0.03, 8: 0.03}
    assert model.layers[2].lrate == [0.1] * 4 + [0.05] * 2 + [0.03] * 2
    assert model.layers[3].lrate == [0.5] * 4 + [0.25] * 2 + [0.125] * 2
    assert model.layers[-1].lrate == [0] * 8
    assert model.se_hPars['learning_rate'] == 0.03
    model.train(1, verbose=0)                                   # it holds from then on
    assert model.layers[2].lrate[-1] == 0.03 and model.layers[3].lrate[-1] == 0.0625


def test_a_reduced_rate_is_what_is_learned_with_shown_and_written(capsys):
    model = scripted(5, 4, 4, 4, make=lambda: network(seed=1, verbose=False))
    model.train(4, init_logs=False, callbacks=[ReduceOnPlateau(patience=1, factor=0.5)])
    said = capsys.readouterr().out
    assert 'Learning rate reduced 2 times, to 0.025 after epoch 3.' in said
    plain = network(seed=1, verbose=False, se_hPars={
        'schedule': lambda x, epochs, hPars: 0.1 if x < 3 else 0.05})
    plain.train(4, verbose=0)
    assert kept(model) == kept(plain)
    model.__class__ = EpyNN
    assert epynn.read_model(model.write('m.npz')).se_hPars['learning_rate'] == 0.025


def test_a_plateau_is_counted_through_an_interrupt():
    whole, parts = scripted(5, 4, 4, 4, 4, 4, 4), scripted(5, 4, 4, 4, 4, 4, 4)
    whole.train(7, verbose=0, callbacks=[ReduceOnPlateau(patience=2)])
    plateau = ReduceOnPlateau(patience=2)
    with pytest.raises(KeyboardInterrupt):
        parts.train(7, verbose=0, callbacks=[plateau, At('on_batch_end', interrupt, 14)])
    parts.train(7 - parts.e, verbose=0, callbacks=[plateau])
    assert bits(whole) == bits(parts)


# The range test

@pytest.mark.parametrize('kind', ALL)
def test_the_range_test_leaves_no_trace(kind):
    def make():
        model = EpyNN([data_of(kind), *ALL[kind]()], name=kind)
        model.initialize(seed=1, verbose=False)
        model.train(2, verbose=0, callbacks=[At('on_batch_end', stop, 5)])
        return model

    tried, plain = make(), make()
    before, order = bits(tried), list(tried.embedding.order)
    finder = LearningRateFinder().run(tried, epochs=5)
    assert bits(tried) == before and tried.embedding.order == order
    assert tried.layers[-1].lrate == plain.layers[-1].lrate
    for model in (tried, plain):
        model.train(2, verbose=0)
    assert bits(tried) == bits(plain)
    assert len(finder.losses) == len(finder.rates) >= 10


def test_the_range_test_copies_no_data():
    model, seen = network(seed=1, verbose=False), []

    class Look(LearningRateFinder):
        def on_train_begin(self, other):
            super().on_train_begin(other)
            seen.append(other)

    Look().run(model, epochs=4)
    assert seen[0] is not model and seen[0].embedding.dtrain.X is model.embedding.dtrain.X
    assert not np.shares_memory(seen[0].layers[-1].p['W'], model.layers[-1].p['W'])


def test_rates_rise_by_the_same_factor_from_low_to_high():
    finder = LearningRateFinder(1e-7, 1e-3).run(network(seed=1, verbose=False), epochs=5)
    batches = len(embedding().batches())
    np.testing.assert_allclose(finder.rates, np.geomspace(1e-7, 1e-3, 5 * batches))
    first = network(seed=1, verbose=False)
    batch = first.embedding.dtrain
    seen = []
    first.train(1, verbose=0, callbacks=[At('on_forward', lambda model: seen.append(np.mean(
        model.loss_function(model.minibatch.Y, model.minibatch.A))))])
    assert finder.losses[0] == seen[0] and len(batch)


def test_given_to_train_the_network_itself_learns_at_these_rates():
    model, frozen = (network(seed=1, verbose=False) for _ in range(2))
    finder = LearningRateFinder(1e-3, 0.1)
    frozen.layers[-1].se_hPars['learning_rate'] = 0
    before = [model.layers[-1].p['W'].tobytes() for model in (model, frozen)]
    model.train(4, verbose=0, callbacks=[finder])
    assert model.e == 4 and model.layers[-1].lrate[-1] == pytest.approx(0.1)
    frozen.train(4, verbose=0, callbacks=[LearningRateFinder(1e-3, 0.1)])
    assert model.layers[-1].p['W'].tobytes() != before[0]
    assert frozen.layers[-1].p['W'].tobytes() == before[1]


def slope(*layers, n=1600):
    """A network that learns a line, whose loss falls at some rates and rises at larger ones."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, 3))
    model = EpyNN([epynn.Embedding(X, X @ [[1.0], [2], [3]], batch_size=8), Dense(1, 'identity')])
    model.initialize(seed=1, verbose=False)
    return model


def test_the_suggestion_is_a_rate_at_which_the_network_learns():
    """Its loss is near 0 after one epoch at that rate, and the range test ends before 10."""
    finder = LearningRateFinder().run(slope())
    assert finder.rates[-1] < 1 and finder.losses[-1] > 4 * min(finder.losses)
    model = slope()
    start = model.evaluate()['MSE'][0]
    model.se_hPars['learning_rate'] = finder.suggestion
    model.train(1, verbose=0)
    assert model.metrics['MSE'][0][-1] < 0.01 * start


def test_a_loss_that_never_falls_suggests_nothing():
    model = network(seed=1, verbose=False)
    finder = LearningRateFinder().run(model, epochs=4)
    finder.losses = sorted(finder.losses)
    assert finder.suggestion is None and finder.plot().axes.get_legend() is not None


def test_the_plot_of_a_range_test_marks_the_suggestion():
    finder = LearningRateFinder().run(slope())
    ax = finder.plot().axes
    assert ax.get_xscale() == 'log'
    marks = [line for line in ax.lines if len(line.get_xdata()) == 1]
    assert [line.get_xdata()[0] for line in marks] == [finder.suggestion]


# A file of values

def read(path):
    return np.genfromtxt(path, delimiter=',', names=True, ndmin=1)


def test_history_is_a_table_of_all_values():
    model = network(seed=1, verbose=False, metrics=['accuracy', 'NPV'],
                    se_hPars={'schedule': 'exp_decay'})
    history = History('here/history.csv')
    model.train(2, verbose=0, callbacks=[history])
    model.train(1, verbose=0, callbacks=[history])              # it goes on with its file
    table = read('here/history.csv')
    assert table.dtype.names == ('epoch', 'seconds', 'learning_rate', *(
        f'{metric}_{dset}' for metric in ('accuracy', 'NPV', 'MSE')
        for dset in ('dtrain', 'dval', 'dtest')))
    assert table['epoch'].tolist() == [0, 1, 2] and (table['seconds'] > 0).all()
    assert table['learning_rate'].tolist() == model.layers[-1].lrate
    for metric, sets in model.metrics.items():
        for dset, values in zip(('dtrain', 'dval', 'dtest'), sets, strict=True):
            np.testing.assert_array_equal(table[f'{metric}_{dset}'], values)


def test_history_appends_where_asked_to_and_columns_agree():
    for append, rows in ((False, [0]), (False, [0]), (True, [0, 0]), (True, [0, 0, 0])):
        network(seed=1, verbose=False).train(1, verbose=0, callbacks=[History('h.csv', append)])
        assert read('h.csv')['epoch'].tolist() == rows
    before = Path('h.csv').read_text()
    with pytest.raises(ValueError, match='History expects h.csv to have the columns epoch, .*, as '
                                         'the network has them now, got .*: give another path'):
        network(seed=1, verbose=False, metrics=['recall']).train(
            1, verbose=0, callbacks=[History('h.csv', append=True)])
    assert Path('h.csv').read_text() == before


def test_an_interrupted_epoch_is_one_row():
    history, model = History('h.csv'), network(seed=1, verbose=False)
    with pytest.raises(KeyboardInterrupt):
        model.train(3, verbose=0, callbacks=[history, At('on_batch_end', interrupt, 6)])
    model.train(2, verbose=0, callbacks=[history])
    assert read('h.csv')['epoch'].tolist() == [0, 1, 2]


def test_a_kill_loses_no_epoch_that_is_done():
    code = """
import os
from networks import network
from epynn import Callback, History
class Kill(Callback):
    def on_batch_end(self, model):
        if (model.e, model.batch) == (3, 2):
            os._exit(9)                 # nothing is closed, as by kill -9
network(seed=1, verbose=False).train(9, verbose=0, callbacks=[History('h.csv'), Kill()])
"""
    path = os.pathsep.join([os.path.dirname(__file__), *sys.path])
    done = subprocess.run([sys.executable, '-c', code], env={**os.environ, 'PYTHONPATH': path})
    assert done.returncode == 9
    assert read('h.csv')['epoch'].tolist() == [0, 1, 2]


# The best epoch in a plot

def marked(model):
    """The epochs at which each panel of the plot has a line, and what the legend says."""
    axes = model.plot(pyplot=False).axes
    lines = [[line.get_xdata()[0] for line in ax.lines if line.get_label().startswith('best')]
             for ax in axes]
    return lines, [text.get_text() for ax in axes if ax.get_legend()
                   for text in ax.get_legend().get_texts()]


def test_the_plot_marks_the_best_epoch_in_every_panel_and_names_it_once():
    model = scripted(*FALLS_AND_RISES, metrics=['accuracy', 'recall'])
    model.train(1, verbose=0)
    assert marked(model)[0] == [[], [], []]                     # one epoch is no choice
    model.train(5, verbose=0)
    lines, texts = marked(model)
    assert lines == [[3], [3], [3]] and texts.count('best: epoch 3') == 1
    alone = network(data=embedding(relative_size=(1, 0, 0)), seed=1, verbose=False)
    alone.train(4, verbose=0)
    assert marked(alone)[0] == [[np.argmin(alone.metrics['MSE'][0])]] * 2
