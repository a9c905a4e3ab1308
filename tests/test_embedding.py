"""Data of any kind become numbers, sets and batches; what is wrong with them is said."""
import datetime
import re
from collections import Counter
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epynn import Dense, Embedding, EpyNN, read_model
from epynn.embedding.encoding import Symbols

nan = float('nan')


class Frame:
    """Like a data frame of pandas: rows that NumPy can have, and not much of a sequence."""

    def __init__(self, values, columns=None):
        self.values = values
        if columns is not None:
            self.columns = columns

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
    [[Fraction(1), Decimal(2)], [Fraction(6, 2), 4], [5, 6]],
    Frame([[1, 2], [3, 4], [5, 6]]),
    Frame(np.array([[1, 2], [3, 4], [5, 6]], object)),
    [Frame([1, 2]), Frame([3, 4]), Frame([5, 6])],
], ids=['lists', 'tuples', 'floats', 'array', 'arrays of several types', 'object array',
        'fractions', 'frame', 'frame of objects', 'list of frames'])
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
    assert embedding.dtrain.X.dtype == np.float64


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


@pytest.mark.filterwarnings('ignore:the .* set .* labels')       # of one or two samples each
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


def test_one_hot_encoded_music_takes_a_byte_a_symbol_and_is_seen_as_floats():
    clips = list(np.random.default_rng(0).integers(0, 16, (256, 10_000)))
    embedding = Embedding(clips, np.arange(256) % 2, X_encode=True, Y_encode=True, batch_size=16)
    assert embedding.dtrain.X.shape == (171, 10_000, 16)
    assert embedding.dtrain.X.dtype == np.float64
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


# What is missing, or of no kind that a network takes

@pytest.mark.parametrize('wrap', [list, lambda rows: np.array(rows, object),
                                  lambda rows: Frame(np.array(rows, object))],
                         ids=['list', 'object array', 'frame'])
@pytest.mark.parametrize('missing', [nan, None], ids=repr)
def test_a_missing_value_among_text_is_an_error_that_says_where(wrap, missing):
    rows = [['red', 'big'], ['blue', missing], ['red', 'small']]
    with pytest.raises(ValueError, match=rf'got {missing!r}.* in sample 1, at position \(1,\)'):
        everything(wrap(rows), X_encode=True)
    words = [['red'], [missing], ['blue']]
    with pytest.raises(ValueError, match=f'got {missing!r}.* in sample 1'):
        everything(wrap(words), X_encode=True)
    with pytest.raises(ValueError, match=f'got {missing!r} in sample 1: drop those samples first'):
        everything(np.zeros((3, 1)), wrap([row[0] for row in words]), Y_encode=True)


def test_a_missing_value_in_a_named_column_is_found_by_its_name():
    frame = Frame(np.array([['red', 'big'], ['blue', nan]], object), columns=['color', 'size'])
    with pytest.raises(ValueError, match='got nan among text in sample 1, in column size'):
        everything(frame, X_encode=True)


@pytest.mark.parametrize('missing', [nan, None], ids=repr)
def test_a_word_that_is_missing_in_a_list_of_words(missing):
    with pytest.raises(ValueError, match=f'got {missing!r}.* in sample 1: drop or replace it'):
        everything(['ab', missing, 'b'], X_encode=True)


def test_the_word_nan_is_a_word():
    assert everything([['nan'], ['None']], ['None', 'nan'], X_encode=True,
                      Y_encode=True).e2i == {'None': 0, 'nan': 1}


def test_masked_features_and_labels_are_errors_whose_remedies_work():
    X_data = np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]], [[0, 1], [0, 0]])
    for masked in (X_data, list(X_data), [X_data[0], X_data[1].filled()]):
        with pytest.raises(ValueError, match='got masked ones') as caught:
            everything(masked)
        remedy = re.search(r'first, (.+) puts zeros', str(caught.value))[1]
        filled = eval(remedy, {'np': np, 'X_data': masked})
        np.testing.assert_array_equal(everything(filled).dtrain.X, [[1, 0], [3, 4]])

    Y_data = np.ma.masked_array([0, 1, 1], [0, 1, 0])
    for masked in (Y_data, list(Y_data), Y_data[:, np.newaxis]):
        with pytest.raises(ValueError, match='labels to be there, got masked ones') as caught:
            everything(np.arange(3), masked)
        names = {'np': np, 'X_data': np.arange(3), 'Y_data': masked}
        found = re.search(r'with (keep .+), (np.asarray.+) and (\[.+\]) remain', str(caught.value))
        exec(found[1], names)
        dtrain = everything(eval(found[2], names), eval(found[3], names)).dtrain
        assert dtrain.X.tolist() == [0, 2] and dtrain.Y.tolist() == [[0], [1]]
    assert everything(np.ma.masked_array([[1.0]], [[False]])).dtrain.X.tolist() == [[1]]


@pytest.mark.parametrize('wrap', [list, np.array, lambda rows: np.array(rows, object),
                                  lambda rows: Frame(np.array(rows, object),
                                                     ['age', 'color', 'size'])],
                         ids=['list', 'array', 'object array', 'frame'])
def test_a_column_of_text_in_a_table_is_named_and_the_remedy_works(wrap):
    rows = [[20, 'red', 1.5], [30, 'blue', 2.5], [40, 'red', 3.5]]
    table = wrap(rows)
    name = 'color' if isinstance(table, Frame) else '1'
    with pytest.raises(ValueError, match=f"text in column {name}, such as 'red'") as caught:
        everything(table)
    column, n = [row[1] for row in rows], 2
    numbered, one_hot = (part for part in re.findall(r'np\.\S+\(.*?\)\S*', str(caught.value)))
    codes = eval(numbered, {'np': np, 'column': column})
    columns = eval(one_hot.replace('...', 'codes'), {'np': np, 'n': n, 'codes': codes})
    assert codes.tolist() == [1, 0, 1]
    numbers = np.array([[row[0], row[2]] for row in rows])
    assert everything(np.hstack([numbers, columns])).dtrain.X.shape == (3, 4)
    with pytest.raises(ValueError, match=r'make text of all: np.array\(X_data\).astype'):
        everything(rows, X_encode=True)
    assert len(everything(np.array(rows).astype(str), X_encode=True).e2i) == 8


def test_numbers_that_came_as_text():
    X_data = [['1', '2.5'], ['3', '1e3']]
    with pytest.raises(ValueError, match=r"text such as '1' .*: np.array\(X_data, float\) makes"):
        everything(X_data)
    assert everything(np.array(X_data, float)).dtrain.X.max() == 1000


days = [datetime.date(2024, 1, 1), datetime.date(2024, 1, 31)]


@pytest.mark.parametrize('X_data, X', [
    (np.array(days, 'M8[D]'), [0, 30]),
    (days, [0, 30]),
    ([[np.datetime64(day)] for day in days], [[0], [30]]),
    (np.array([36, 12], 'm8[h]'), [1.5, 0.5]),
    (np.array([[1 + 2j], [3j]]), [[[1, 2]], [[0, 3]]]),
    ([[1 + 2j], [3j]], [[[1, 2]], [[0, 3]]]),
    (np.array([(1, 2.5), (3, 4.5)], [('a', int), ('b', float)]), [[1, 2.5], [3, 4.5]]),
], ids=['dates', 'list of dates', 'list of datetimes', 'time spans',
        'complex', 'list of complex', 'records'])
def test_the_remedy_for_dates_and_complex_numbers_can_be_followed(X_data, X):
    with pytest.raises(ValueError, match='^Embedding expects numbers') as caught:
        everything(X_data)
    names = {'np': np, 'X_data': X_data}
    message = str(caught.value).removesuffix(' are days')
    if found := re.search('with (X = .+?), (?=\\(|np)', message):
        exec(found[1], names)
        remedy = message[found.end():]
    else:
        remedy = re.search(r'np\..+', message)[0]
    np.testing.assert_array_equal(everything(eval(remedy, names)).dtrain.X, X)


@pytest.mark.parametrize('wrap', [list, np.array], ids=['list', 'array'])
def test_the_remedy_for_bytes_can_be_followed(wrap):
    X_data = wrap([b'ab', b'ba'])
    with pytest.raises(ValueError, match='make text of bytes, .+, and use X_encode') as caught:
        everything(X_data)
    text = eval(re.search('bytes, (.+), and', str(caught.value))[1], {'np': np, 'X_data': X_data})
    assert everything(text, X_encode=True).e2i == {'a': 0, 'b': 1}
    with pytest.raises(ValueError, match=r'np.char.decode\(Y_data\), and use Y_encode=True'):
        everything([1, 2], X_data)


# Which samples go to which set

def test_data_sorted_by_class_warn_where_they_are_given():
    with pytest.warns(UserWarning, match='the validation set lacks labels .* holds: 0; data sorted '
                                         'by label need shuffle=1, a seed, and stratify') as caught:
        Embedding(np.zeros((12, 1)), np.repeat([0, 1], 6))
    assert caught[0].filename == __file__
    with pytest.warns(UserWarning, match="test set holds labels that the training set lacks: 'c'"):
        Embedding(np.zeros((9, 1)), ['a', 'b', 'a', 'b', 'a', 'b', 'c', 'c', 'c'], (2, 0, 1),
                  Y_encode=True)
    with pytest.warns(UserWarning, match='lacks: 2; stratify=True keeps the shares of each$'):
        Embedding(np.zeros((5, 1)), [0, 1, 0, 1, 2], (4, 1, 0), Y_encode=True, shuffle=8)
    with pytest.warns(UserWarning, match='too few samples of them for each set: get more'):
        Embedding(np.zeros((5, 1)), [0, 1, 0, 1, 2], (1, 1, 0), Y_encode=True, stratify=True)


def test_what_a_small_set_lacks_by_chance_is_no_cause_for_a_warning():
    Embedding(np.zeros((4, 1)), [0, 1, 1, 0])           # warnings are errors here


@pytest.mark.parametrize('shuffle', [None, 1])
def test_stratified_sets_have_the_shares_of_each_class(shuffle):
    y = np.repeat(['a', 'b', 'c'], [60, 30, 12])
    embedding = Embedding(np.arange(102), y, (4, 1, 1), Y_encode=True, stratify=True,
                          shuffle=shuffle)
    assert [dset.b for dset in embedding.dsets] == [
        {0: 40, 1: 20, 2: 8}, {0: 10, 1: 5, 2: 2}, {0: 10, 1: 5, 2: 2}]
    ids = embedding.dtrain.ids.tolist()
    assert (sorted(ids) == ids) == (shuffle is None)    # in the order given, or shuffled


@given(counts=st.lists(st.integers(1, 9), min_size=2, max_size=8),
       shares=st.tuples(st.integers(1, 9), st.integers(0, 9), st.integers(0, 9)),
       shuffle=st.one_of(st.none(), st.integers(0, 99)))
@pytest.mark.filterwarnings('ignore:the (validation|test) set')
def test_stratified_sets_are_as_large_as_others_and_each_class_gets_its_share(counts, shares,
                                                                              shuffle):
    y, X = np.repeat(np.arange(len(counts)), counts), np.arange(sum(counts))
    if round(shares[0] / sum(shares) * len(y)) == 0:
        return
    made = [Embedding(X, y, shares, Y_encode=True, shuffle=shuffle, stratify=stratify)
            for stratify in (False, True)]
    sizes = [[len(d) for d in (e.dtrain, e.dval, e.dtest)] for e in made]
    assert sizes[0] == sizes[1]
    assert sorted(i for d in made[1].dsets for i in d.ids) == list(range(len(y)))
    for dset in made[1].dsets:
        got = Counter(y[dset.ids].tolist())
        for label, count in enumerate(counts):
            assert abs(got[label] - count * len(dset) / len(y)) < 2


def test_several_labels_at_once_are_stratified_by_their_combination():
    Y = np.tile([[1, 1, 0], [0, 1, 0], [0, 0, 0]], (4, 1))
    dtrain = Embedding(np.arange(12), Y, (1, 1, 0), stratify=True).dtrain
    assert Counter(map(tuple, dtrain.Y.astype(int).tolist())) == {
        (1, 1, 0): 2, (0, 1, 0): 2, (0, 0, 0): 2}


def test_a_seed_shuffles_the_same_way_each_time():
    first, again, other = (Embedding(np.arange(50), np.arange(50) % 2, (1, 1, 0), shuffle=seed)
                           for seed in (1, 1, 2))
    assert first.dtrain.ids.tolist() == again.dtrain.ids.tolist() != other.dtrain.ids.tolist()
    np.testing.assert_array_equal(first.dtrain.Y[:, 0], first.dtrain.X % 2)


@pytest.mark.parametrize('n, relative_size, sizes', [
    (101, (1, 1, 0), (50, 51, 0)), (101, (1, 0, 1), (50, 0, 51)), (101, (1, 0, 0), (101, 0, 0)),
    (5, (9, 1, 0), (4, 1, 0)),              # round(4.5) is 4
    (3, (9, 1, 0), (3, 0, 0)),
])
def test_a_share_of_0_is_no_sample(n, relative_size, sizes):
    embedding = Embedding(np.arange(n), np.arange(n) % 2, relative_size)
    assert tuple(map(len, (embedding.dtrain, embedding.dval, embedding.dtest))) == sizes


# Scaling by the training set, each feature for itself

def by_hand(kind, train, X):
    """The same as MinMaxScaler and StandardScaler of scikit-learn."""
    if kind == 'features':
        low, high = train.min(axis=0), train.max(axis=0)
        return (X - low) / np.where(high > low, high - low, 1)
    deviation = np.sqrt(((train - train.mean(axis=0))**2).mean(axis=0))
    return (X - train.mean(axis=0)) / np.where(deviation > 0, deviation, 1)


scalings = pytest.mark.parametrize('kind', ['features', 'standard'])


@scalings
@pytest.mark.parametrize('shape', [(20, 3), (20, 4, 3), (20, 2, 2, 3)], ids=str)
def test_each_feature_is_scaled_by_the_training_set(kind, shape):
    X = np.random.default_rng(0).normal(5, [1, 100, 1e-3], shape)
    X[..., 2] = 7                                       # a constant
    X[15:, ..., 2] = 8                                  # not so in the other sets
    embedding = Embedding(X, np.arange(20) % 2, (3, 1, 0), X_scale=kind)
    train = X[:15].reshape(-1, 3)
    for dset, rows in ((embedding.dtrain, X[:15]), (embedding.dval, X[15:])):
        np.testing.assert_allclose(dset.X, by_hand(kind, train, rows), rtol=1e-12, atol=1e-12)
    assert (embedding.dtrain.X[..., 2] == 0).all()


@scalings
def test_padding_counts_for_nothing_when_features_are_scaled(kind):
    X = [np.array([[1.0, 10], [3, 20]]), np.array([[5.0, 60]]), np.array([[7.0, 70]] * 3)]
    dtrain = everything(X, [0, 1, 0], X_scale=kind).dtrain
    train = np.concatenate(X)
    for x, scaled in zip(X, dtrain.X, strict=True):
        np.testing.assert_allclose(scaled[:len(x)], by_hand(kind, train, x), atol=1e-12)
        assert not scaled[len(x):].any()


@scalings
def test_features_scaled_are_written_and_read(kind):
    X = np.random.default_rng(0).normal(5, [1, 100, 10], (20, 3))
    model = EpyNN([Embedding(X, np.arange(20) % 2, X_scale=kind), Dense()])
    model.initialize(seed=1, verbose=False)
    again = read_model(model.write('model.npz'))
    assert again.embedding.x_transform == model.embedding.x_transform
    for one, two in zip(*(vars(m.predict(X, X_scale=kind)).items() for m in (model, again)),
                        strict=True):
        np.testing.assert_array_equal(one[1], two[1])
    with pytest.raises(ValueError, match=r'expects 3 features .*, got X_data of shape \(20, 2\)'):
        model.predict(X[:, :2], X_scale=kind)
    with pytest.raises(ValueError, match=r'X\[np.newaxis\] makes one sample'):
        model.predict(X[0], X_scale=kind)


@scalings
def test_the_largest_numbers_are_scaled(kind):
    X = np.array([[1e308], [-1e308], [0]])
    if kind == 'features':
        assert everything(X, X_scale=kind).dtrain.X.tolist() == [[1], [0], [0.5]]
    assert everything(X * 1e-200, X_scale=kind).dtrain.X.max() > 0.9


# Labels of any kind, and encoding like another Embedding

@pytest.mark.parametrize('Y_data, classes', [
    (['dog', 'cat', 'dog', 'eel'], ['cat', 'dog', 'eel']),
    (np.array(['dog', 'cat', 'dog', 'eel'], object), ['cat', 'dog', 'eel']),
    ([7, -3, 7, 100], [-3, 7, 100]),
    ([[7], [-3], [7], [100]], [-3, 7, 100]),
    ([0.5, 0.25, 0.5, 2.0], [0.25, 0.5, 2]),
    ([1, 0, 1, 2], [0, 1, 2]),
    (Frame([7, -3, 7, 100]), [-3, 7, 100]),
], ids=['text', 'objects', 'gaps', 'column', 'floats', 'from 0', 'frame'])
def test_labels_of_any_kind_are_classes(Y_data, classes):
    embedding = everything([[1]] * 4, Y_data, Y_encode=True)
    assert embedding.classes.tolist() == classes
    assert embedding.dtrain.y.tolist() == [1, 0, 1, 2]
    assert embedding.dtrain.b == {0: 1, 1: 2, 2: 1}
    np.testing.assert_array_equal(embedding.classes[embedding.dtrain.y],
                                  np.asarray(Y_data).reshape(-1))


def test_labels_that_are_not_encoded_have_no_classes():
    assert everything([[1], [2]], [0, 1]).classes is None


def test_like_takes_symbols_scale_and_classes():
    words = Embedding(['ab', 'ca', 'bb', 'ac'], ['x', 'y'] * 2, (3, 1, 0), X_encode=True,
                      Y_encode=True)
    other = Embedding(['aa', 'bb'], ['y', 'x'], (1, 0, 0), like=words)
    assert other.e2i == words.e2i and other.classes.tolist() == ['x', 'y']
    assert other.dtrain.X.shape == (2, 2, 3) and other.dtrain.y.tolist() == [1, 0]
    for kind in (True, 'features', 'standard'):
        X = np.random.default_rng(0).normal(5, [1, 100], (12, 2))
        first = Embedding(X, np.arange(12) % 2, X_scale=kind)
        second = Embedding(X[4:8] * 2, like=first)
        assert second.X_scale == kind and second.x_transform == first.x_transform
        np.testing.assert_array_equal(second.dtrain.X, first.inputs(X[4:8] * 2).X[:3])


@pytest.mark.parametrize('arguments, message', [
    ({'X_data': ['ad'], 'Y_data': ['x']}, "knows no symbol 'd', found in sample 0"),
    ({'X_data': ['ab'], 'Y_data': ['z']}, "knows no label 'z', found in sample 0: expected one of "
                                          "'x', 'y'"),
    ({'X_data': ['ab'], 'Y_data': [1]}, "expects labels such as 'x', got 1"),
    ({'X_data': ['ab'], 'Y_data': ['x'], 'X_scale': True}, 'expects X_scale=False, as the one that '
                                                           'it should be like'),
])
def test_like_tells_what_does_not_fit(arguments, message):
    words = everything(['ab', 'ba'], ['x', 'y'], X_encode=True, Y_encode=True)
    with pytest.raises(ValueError, match=message):
        everything(**arguments, like=words)


def test_like_an_embedding_without_data_or_labels_has_its_settings():
    bare = Embedding(X_encode=True, Y_encode=True)
    assert Embedding(['ab'] * 3, ['x', 'y', 'x'], like=bare).classes.tolist() == ['x', 'y']
    unlabelled = Embedding(['ab', 'bc'], X_encode=True, Y_encode=True)
    other = everything(['aa', 'ca'], ['x', 'y'], like=unlabelled)
    assert other.classes.tolist() == ['x', 'y'] and other.e2i == unlabelled.e2i
