"""Data of any kind become numbers, sets and batches; what is wrong with them is said."""
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epynn import Embedding
from epynn.embedding.encoding import Symbols


class Frame:
    """Like a data frame of pandas: rows that NumPy can have, and not much of a sequence."""

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def __getitem__(self, column):
        raise KeyError(column)

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype)


def everything(X_data, Y_data=None, **arguments):
    """An Embedding with all samples in its training set."""
    return Embedding(X_data, Y_data, relative_size=(1, 0, 0), **arguments)


# What may be given

@pytest.mark.parametrize('X_data', [
    [[1, 2], [3, 4], [5, 6]],
    ((1, 2), (3, 4), (5, 6)),
    [(1.0, 2.0), (3.0, 4.0), (5.0, 6.0)],
    np.array([[1, 2], [3, 4], [5, 6]]),
    [np.array([1, 2]), np.array([3, 4], np.int16), np.array([5, 6], np.uint8)],
    np.array([[1, 2], [3, 4], [5, 6]], object),
    Frame([[1, 2], [3, 4], [5, 6]]),
    Frame(np.array([[1, 2], [3, 4], [5, 6]], object)),
    [Frame([1, 2]), Frame([3, 4]), Frame([5, 6])],
], ids=['lists', 'tuples', 'floats', 'array', 'arrays of several types', 'object array', 'frame',
        'frame of objects', 'list of frames'])
def test_samples_in_any_form(X_data):
    X = everything(X_data).dtrain.X
    assert X.dtype != object
    np.testing.assert_array_equal(X, [[1, 2], [3, 4], [5, 6]])


@pytest.mark.parametrize('Y_data', [[0, 1, 1], (0, 1, 1), np.array([[0], [1], [1]]),
                                    Frame([0, 1, 1]), [False, True, True],
                                    np.array([0, 1, 1], object)],
                         ids=['list', 'tuple', 'column', 'frame', 'booleans', 'objects'])
def test_labels_in_any_form(Y_data):
    dtrain = everything([[1], [2], [3]], Y_data).dtrain
    np.testing.assert_array_equal(dtrain.Y, [[0], [1], [1]])
    assert dtrain.y.tolist() == [0, 1, 1]


@pytest.mark.parametrize('X_data, e2i, symbols', [
    ([[7, 3], [3, 10]], {3: 0, 7: 1, 10: 2}, [[1, 0], [0, 2]]),
    ([[0.5, -1.0], [0.5, 0.5]], {-1.0: 0, 0.5: 1}, [[1, 0], [1, 1]]),
    ([[True, False], [True, True]], {False: 0, True: 1}, [[1, 0], [1, 1]]),
    (['cab', 'abb'], {'a': 0, 'b': 1, 'c': 2}, [[2, 0, 1], [0, 1, 1]]),
    ([['low', 'high'], ['high', 'high']], {'high': 0, 'low': 1}, [[1, 0], [0, 0]]),
    ([list('ba'), tuple('aa')], {'a': 0, 'b': 1}, [[1, 0], [0, 0]]),
    (np.array(['ba', 'aa']), {'a': 0, 'b': 1}, [[1, 0], [0, 0]]),
    (Frame([['y', 'x'], ['x', 'x']]), {'x': 0, 'y': 1}, [[1, 0], [0, 0]]),
    (Frame(np.array([['y', 'x'], ['x', 'x']], object)), {'x': 0, 'y': 1}, [[1, 0], [0, 0]]),
    ([np.array([5, 6], np.int8), np.array([6, 6], np.int64)], {5: 0, 6: 1}, [[0, 1], [1, 1]]),
], ids=['integers', 'floats', 'booleans', 'strings', 'words', 'lists of characters',
        'array of strings', 'frame', 'frame of objects', 'list of arrays'])
def test_one_hot_encoding(X_data, e2i, symbols):
    embedding = everything(X_data, [0, 1], X_encode=True)
    assert embedding.e2i == e2i and embedding.i2e == {i: e for e, i in e2i.items()}
    assert {type(e) for e in embedding.e2i} == {type(e) for e in e2i}
    np.testing.assert_array_equal(embedding.dtrain.X, np.eye(len(e2i))[symbols])
    assert embedding.dtrain.X.dtype == np.uint8


alphabets = st.one_of(st.lists(st.integers(-2**40, 2**40), min_size=1, unique=True),
                      st.lists(st.text(min_size=1, max_size=5), min_size=1, unique=True)
                      .filter(lambda words: not any('\0' in word for word in words)))


@given(alphabet=alphabets, m=st.integers(1, 5), s=st.integers(1, 7), seed=st.integers(0, 99))
def test_what_is_encoded_can_be_decoded(alphabet, m, s, seed):
    X = np.array(alphabet)[np.random.default_rng(seed).integers(0, len(alphabet), (m, s))]
    symbols = Symbols().fit(X)
    one_hot = np.asarray(symbols.transform(X))
    assert (one_hot.sum(axis=-1) == 1).all()
    np.testing.assert_array_equal(np.array(list(symbols.e2i))[one_hot.argmax(axis=-1)], X)


def test_many_symbols():
    X = np.arange(600).reshape(2, 300)
    dtrain = everything(X, X_encode=True).dtrain
    np.testing.assert_array_equal(dtrain.X.argmax(axis=-1), X)


def test_sequences_of_unequal_length_end_in_zeros():
    X = [np.full((3, 2), 1.5), np.full((1, 2), 2), np.full((2, 2), 3)]
    dtrain = everything(X, [0, 1, 0], X_scale=True).dtrain
    assert dtrain.lengths.tolist() == [3, 1, 2]
    np.testing.assert_array_equal(dtrain.X[..., 0], [[0, 0, 0], [1 / 3, 0, 0], [1, 1, 0]])

    dtrain = everything(['ab', 'b', 'aab'], X_encode=True).dtrain
    assert dtrain.lengths.tolist() == [2, 1, 3]
    np.testing.assert_array_equal(dtrain.X[1], [[0, 1], [0, 0], [0, 0]])
    assert dtrain.X.shape == (3, 3, 2)


def test_scaling_is_by_the_range_of_all_features():
    embedding = everything([[2, 4], [6, 10]], X_scale=True)
    np.testing.assert_array_equal(embedding.dtrain.X, [[0, 0.25], [0.5, 1]])
    np.testing.assert_array_equal(everything([[3, 3], [3, 3]], X_scale=True).dtrain.X, 0)


@pytest.mark.parametrize('Y_data', [[2, 0, 1], [[2], [0], [1]], [2.0, 0.0, 1.0]])
def test_labels_are_one_hot_encoded(Y_data):
    dtrain = everything([[1], [2], [3]], Y_data, Y_encode=True).dtrain
    np.testing.assert_array_equal(dtrain.Y, [[0, 0, 1], [1, 0, 0], [0, 1, 0]])
    assert dtrain.y.tolist() == [2, 0, 1]


# Sets and batches

@pytest.mark.parametrize('n, relative_size, sizes', [
    (256, (2, 1, 0), (171, 85, 0)),         # round(170.67), round(85.33), the rest
    (10, (2, 1, 1), (5, 2, 3)),             # round(2.5) is 2, the even one
    (10, (8, 1, 1), (8, 1, 1)),
    (7, (1, 1, 1), (2, 2, 3)),
    (5, (1, 0, 0), (5, 0, 0)),
    (3, (0.5, 0.5, 0), (2, 1, 0)),          # round(1.5) is 2, which leaves 1
    (4, (1, 0, 1), (2, 0, 2)),
])
def test_split_is_rounded_in_order_and_leaves_the_rest_to_the_last(n, relative_size, sizes):
    X = np.arange(n)[:, np.newaxis]
    embedding = Embedding(X, X[:, 0], relative_size=relative_size)
    sets = (embedding.dtrain, embedding.dval, embedding.dtest)
    assert tuple(map(len, sets)) == sizes
    assert [dset.name for dset in sets] == ['dtrain', 'dval', 'dtest']
    assert [dset.active for dset in sets] == [size > 0 for size in sizes]
    assert embedding.dsets == [dset for dset in sets if dset.active]
    np.testing.assert_array_equal(np.concatenate([dset.X for dset in embedding.dsets]), X)
    np.testing.assert_array_equal(np.concatenate([dset.ids for dset in sets]), np.arange(n))


@given(n=st.integers(1, 60), shares=st.tuples(st.integers(1, 9), st.integers(0, 9),
                                              st.integers(0, 9)),
       batch_size=st.one_of(st.none(), st.integers(1, 70)))
def test_sets_and_batches_are_parts_of_the_samples(n, shares, batch_size):
    if round(shares[0] / sum(shares) * n) == 0:
        return
    embedding = Embedding(np.arange(n)[:, np.newaxis], np.arange(n) % 3, relative_size=shares,
                          batch_size=batch_size)
    assert sorted(i for dset in embedding.dsets for i in dset.ids) == list(range(n))

    batches, train = embedding.batch_dtrain, len(embedding.dtrain)
    size = min(batch_size or train, train)
    assert [len(batch) for batch in batches] == [size] * (train // size)
    ids = [i for batch in batches for i in batch.ids]
    assert len(set(ids)) == len(ids) and set(ids) <= set(embedding.dtrain.ids)
    for batch in batches:                               # samples keep their labels
        np.testing.assert_array_equal(batch.Y[:, 0], batch.X[:, 0] % 3)


def test_a_set_tells_its_balance():
    embedding = everything(np.zeros((5, 1)), [2, 0, 2, 2, 1], Y_encode=True)
    assert list(embedding.dtrain.b.items()) == [(0, 1), (1, 1), (2, 3)]
    assert everything(np.zeros((3, 1)), [1, 0, 1]).dtrain.b == {0: 1, 1: 2}
    assert everything(np.zeros((3, 1)), [0.5, 0.1, 1]).dtrain.b == {}


def test_a_set_has_its_attributes():
    embedding = Embedding(np.zeros((6, 2, 3)), [0, 1] * 3)
    for dset in (embedding.dtrain, embedding.dval, embedding.dtest):
        assert dset.A is None and dset.P is None and len(dset) == len(dset.ids)
        assert repr(dset).startswith(f"dataSet('{dset.name}', {len(dset)} samples")
    assert embedding.dtrain.X.shape == (4, 2, 3) and len(embedding.dtest) == 0
    assert embedding.se_dataset['relative_size'] == (2, 1, 0)
    assert embedding.se_dataset['dtrain_size'] == 4


def test_an_embedding_without_data_waits_for_it():
    embedding = Embedding(batch_size=4)
    assert embedding.dsets == [] and not embedding.dtrain.active


def test_one_hot_encoded_music_takes_a_byte_an_element():
    clips = list(np.random.default_rng(0).integers(0, 16, (256, 10_000)))
    embedding = Embedding(clips, np.arange(256) % 2, X_encode=True, Y_encode=True, batch_size=16)
    assert embedding.dtrain.X.shape == (171, 10_000, 16)
    assert embedding.dtrain.X.dtype == np.uint8
    assert embedding.dtrain.inputs.nbytes <= 171 * 10_000 + 10_000
    assert len(embedding.batch_dtrain) == 10


def test_data_are_not_changed():
    X, Y = np.array([[1.0, 5.0], [3.0, 2.0]]), np.array([0, 1])
    embedding = everything(X, Y, X_scale=True, Y_encode=True)
    embedding.dtrain.X[:] = 9
    np.testing.assert_array_equal(X, [[1, 5], [3, 2]])
    np.testing.assert_array_equal(Y, [0, 1])


@pytest.mark.parametrize('trained, new, unknown', [
    (['ab', 'ba'], ['ax'], "'x'"),
    ([['low', 'high']], [['low', 'hi']], "'hi'"),
    ([[1, 2], [2, 1]], [[1, 3]], '3'),
    ([[1, 2], [2, 1]], [[-900, 900]], '-900'),
    ([[1, 2], [2, 1]], [[1, 2**70]], str(2**70)),
    ([[-5, 2**40]], [[2**40, 900]], '900'),
    ([[0.5, 1], [1, 1]], [[0.25, 1]], '0.25'),
    ([[True, False]], [[2, 0]], '2'),
    ([[1, 2], [2, 1]], ['12'], "'1'"),
    (['ab', 'ba'], [[1, 2]], '1'),
    ([[1, 2], [2, 1]], [[1, None]], 'None'),
], ids=['character', 'word', 'next integer', 'far integer', 'huge integer',
        'integer between', 'float', 'number for boolean', 'string for number',
        'number for string', 'missing'])
def test_an_unknown_symbol_is_named(trained, new, unknown):
    embedding = everything(trained, X_encode=True)
    with pytest.raises(ValueError, match=f'^Embedding .*{re.escape(unknown)}'):
        embedding.inputs(new)
