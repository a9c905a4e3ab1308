"""Where training or data look like trouble, one line says so, with a remedy that helps."""
import numpy as np
import pytest

from epynn import Dense, Embedding, EpyNN, relu, softmax
from epynn.network.diagnosis import scale_hint, training_hint

rng = np.random.default_rng(0)
X = rng.standard_normal((200, 4))
y = (X[:, 0] > 0.5).astype(int)


def trained(*layers, X=X, y=y, epochs=3, rate=0.1, loss='MSE', Y_encode=True, batch_size=20,
            verbose=None, **arguments):
    model = EpyNN([Embedding(X, y, Y_encode=Y_encode, batch_size=batch_size, **arguments),
                   *(layers or (Dense(8, relu), Dense(2, softmax)))])
    model.initialize(seed=1, loss=loss, verbose=False, se_hPars={'learning_rate': rate})
    model.train(epochs, verbose=verbose, init_logs=verbose is not None)
    return model


def said(capsys):
    """What was printed after the last table."""
    return capsys.readouterr().out.rsplit('+\n', 1)[-1].strip()


def test_training_that_goes_well_says_nothing(capsys):
    model = trained(epochs=20)
    assert said(capsys) == '' and training_hint(model) == scale_hint(model) == ''


def test_a_loss_that_rises_is_said_and_a_smaller_rate_helps(capsys):
    targets = X @ [1.0, 2, 3, 4]
    arguments = {'y': targets, 'Y_encode': False, 'epochs': 4}
    trained(Dense(1, 'identity'), rate=0.2, **arguments)
    line = said(capsys)
    assert line.startswith('The loss on the training set rose from ')
    assert 'gradients add up over the 20 samples of a batch, so try a learning_rate of 0.02' in line
    model = trained(Dense(1, 'identity'), rate=0.02, **arguments)       # the remedy
    assert said(capsys) == '' and model.metrics['MSE'][0][-1] < model.metrics['MSE'][0][0]


def majority(verbose):
    """A network that knows no better than the most frequent label, trained with tiny steps."""
    model = EpyNN([Embedding(X, y, Y_encode=True, batch_size=20), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False, se_hPars={'learning_rate': 1e-6})
    model.layers[1].p['b'][:] = [[9, 0]]
    model.train(2, verbose=verbose, init_logs=False)


def test_a_majority_for_every_sample_is_said(capsys):
    majority(verbose=None)
    assert said(capsys).startswith('Every sample of the training set is predicted as 0: ')


def test_dead_units_are_said(capsys):
    model = EpyNN([Embedding(X, y, Y_encode=True, batch_size=20), Dense(8, relu),
                   Dense(2, softmax)])
    model.initialize(seed=1, verbose=False)
    model.layers[1].p['b'][:] = -100
    model.train(1, init_logs=False)
    assert said(capsys).startswith('All outputs of Dense (layer 1) are 0 in the last batch: its '
                                   'units are dead')


def test_gradients_of_zero_are_said(capsys):
    model = EpyNN([Embedding(X, X @ [1.0, 2, 3, 4], batch_size=20), Dense(1, 'identity')])
    model.initialize(seed=1, verbose=False)

    def no_gradients():
        model.layers[1].g = {f'd{name}': np.zeros(W.shape) for name, W in model.layers[1].p.items()}

    model.layers[1].compute_gradients = no_gradients
    model.train(1, init_logs=False)
    assert said(capsys).startswith('All gradients of the last batch are 0')


def test_silence_is_silence(capsys):
    majority(verbose=0)
    assert capsys.readouterr().out == ''


@pytest.mark.parametrize('factor, words', [(1, ''), (50, ''), (1e4, 'Feature 2 goes up to ')])
def test_features_of_sizes_far_apart_are_said_where_nothing_scales_them(factor, words, capsys):
    far = X * [1, 1, factor, 1]
    model = trained(X=far, verbose=1, epochs=1, rate=0.001)
    hint = scale_hint(model)
    assert hint.startswith(words) and bool(hint) == bool(words)
    assert (hint in capsys.readouterr().out) if hint else True
    assert scale_hint(trained(X=far, X_scale='standard', epochs=1)) == ''          # the remedy


# Other labelled data

def test_other_labelled_data_can_be_evaluated():
    model = trained(epochs=5, X_scale='standard')
    dval = model.embedding.dval
    rows = dval.ids
    found = model.evaluate(X[rows], y[rows])
    assert found == {name: values[1] for name, values in model.evaluate().items()}
    assert set(found) == {'accuracy', 'MSE'}
    with pytest.raises(ValueError, match='evaluate expects X_data and Y_data, got one of them'):
        model.evaluate(X)
    with pytest.raises(ValueError, match='knows no label 7'):
        model.evaluate(X[:2], [0, 7])


def test_training_goes_on_with_other_labelled_data():
    model = trained(epochs=2, X_scale='features')
    other = Embedding(X[::-1], y[::-1], batch_size=20, like=model.embedding)
    assert other.Y_encode and other.X_scale == 'features'
    np.testing.assert_array_equal(other.x_transform.low, model.embedding.x_transform.low)
    model.embedding = other
    model.train(1, verbose=0)
    assert model.e == 3
