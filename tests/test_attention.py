"""Attention does what its equations say, one head and one query at a time."""
import tracemalloc

import numpy as np
import pytest
from networks import bits

from epynn import (
    GRU,
    Attention,
    Dense,
    Embedding,
    EpyNN,
    Flatten,
    PositionalEncoding,
    read_model,
)
from epynn.attention import models
from epynn.attention.initialization import sinusoids
from epynn.display.plot import plot_attention

RNG = np.random.default_rng(4)
X = RNG.standard_normal((4, 7, 6))
LENGTHS = np.array([7, 1, 4, 5])
masks = pytest.mark.parametrize('causal', [False, True])
some_lengths = pytest.mark.parametrize('lengths', [None, LENGTHS], ids=['equal', 'unequal'])


def layer_of(X=X, seed=1, **options):
    return Attention(**{'heads': 2, **options}).build(X, seed=seed)


def naive(layer, x, causal):
    """Outputs of one sequence (s, e): every head, query and key by itself."""
    p, heads = layer.p, layer.heads
    u = p['Wq'].shape[1]
    c = u // heads
    H = np.zeros((len(x), u))
    for h in range(heads):
        own = slice(h * c, (h + 1) * c)
        for i, query in enumerate(x @ p['Wq'][:, own]):
            seen = x[:i + 1] if causal else x
            scores = [query @ (key @ p['Wk'][:, own]) / np.sqrt(c) for key in seen]
            weights = np.exp(scores) / np.sum(np.exp(scores))
            H[i, own] = sum(w * (key @ p['Wv'][:, own]) for w, key in zip(weights, seen,
                                                                          strict=True))
    return H @ p['Wo']


@masks
@some_lengths
@pytest.mark.parametrize('heads, units', [(1, None), (2, None), (3, 9)])
def test_each_sequence_is_that_of_the_naive_loop(heads, units, causal, lengths):
    layer = layer_of(heads=heads, units=units, causal=causal)
    A = layer.forward(X, lengths)
    for a, x, n in zip(A, X, [7] * 4 if lengths is None else lengths, strict=True):
        np.testing.assert_allclose(a[:n], naive(layer, x[:n], causal), rtol=1e-12, atol=1e-14)
        assert not a[n:].any()


@masks
def test_a_batch_is_its_sequences_one_by_one(causal):
    layer, alone = layer_of(causal=causal), layer_of(causal=causal)
    layer.forward(X, LENGTHS)
    R = RNG.standard_normal(X.shape)
    dX = layer.backward(R)
    summed = {name: np.zeros_like(dW) for name, dW in layer.g.items()}
    for i, n in enumerate(LENGTHS):
        alone.forward(X[i:i + 1, :n])
        np.testing.assert_allclose(dX[i, :n], alone.backward(R[i:i + 1, :n])[0], rtol=1e-11,
                                   atol=1e-13)
        assert not dX[i, n:].any()
        for name, dW in alone.g.items():
            summed[name] += dW
    for name, dW in layer.g.items():
        np.testing.assert_allclose(dW, summed[name], rtol=1e-11, atol=1e-13)


@masks
@some_lengths
def test_weights_add_up_to_one_and_hide_what_is_hidden(causal, lengths):
    layer = layer_of(causal=causal)
    layer.forward(X, lengths)
    P = layer.fc['P']
    assert P.shape == (4, 2, 7, 7) and (P >= 0).all()
    np.testing.assert_allclose(P.sum(axis=-1), 1, rtol=1e-14)
    for i, n in enumerate([7] * 4 if lengths is None else lengths):
        assert not P[i, :, :, n:].any()
        if causal:
            assert not np.triu(P[i], 1).any()


@masks
@some_lengths
@pytest.mark.parametrize('block', [1, 40, 100])
def test_prediction_in_blocks_is_that_of_training(monkeypatch, causal, lengths, block):
    layer = layer_of(causal=causal)
    A = layer.forward(X, lengths)
    monkeypatch.setattr(models, 'BLOCK', block)
    assert len(list(layer.blocks())) == 1                   # in training, in one piece
    light = layer.inference()
    light.forward(X, lengths)
    assert len(list(light.blocks())) > 1
    np.testing.assert_allclose(light.forward(X, lengths), A, rtol=1e-13, atol=1e-15)


def test_prediction_on_long_sequences_needs_no_square_array():
    long = RNG.standard_normal((1, 8000, 4)).astype(np.float32)
    light = Attention().build(long, seed=1, dtype='float32').inference()
    light.forward(long[:, :10])
    tracemalloc.start()
    light.forward(long)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8000**2 * 4 / 8                           # an eighth of one array of s by s


@pytest.mark.parametrize('size', [1e200, 1e-200, 0.0])
def test_softmax_neither_overflows_nor_divides_by_zero(size):
    layer = layer_of()
    with np.errstate(over='ignore', under='ignore', invalid='raise', divide='raise'):
        A = layer.forward(np.sqrt(size) * X)
    assert np.isfinite(layer.fc['P']).all() and np.isfinite(A).all()


def test_order_does_not_matter_without_a_positional_encoding():
    order, layer = RNG.permutation(7), layer_of()
    A = layer.forward(X)
    np.testing.assert_allclose(layer.forward(X[:, order]), A[:, order], rtol=1e-12, atol=1e-14)
    E = PositionalEncoding()
    Z = E.forward(X)
    assert not np.allclose(layer.forward(E.forward(X[:, order])), layer.forward(Z)[:, order])


def test_the_encoding_is_that_of_the_paper():
    E = sinusoids(50, 6)
    for t, i in ((0, 0), (3, 0), (3, 1), (17, 4), (49, 5)):
        angle = t / 10000 ** ((i - i % 2) / 6)
        assert E[t, i] == pytest.approx([np.sin, np.cos][i % 2](angle), abs=1e-15)
    assert len(np.unique(sinusoids(500, 7).round(9), axis=0)) == 500        # e may be odd


def test_a_learned_encoding_learns_only_the_steps_that_there_are():
    layer = PositionalEncoding(learned=True, steps=10).build(X, seed=1)
    layer.forward(X, LENGTHS)
    R = RNG.standard_normal(X.shape)
    layer.backward(R)
    for t in range(10):
        expected = sum(R[i, t] for i, n in enumerate(LENGTHS) if t < n)
        np.testing.assert_allclose(layer.g['dE'][t], expected, atol=1e-14)


# Networks

def transformer(S, Y, seed=1, **options):
    model = EpyNN([Embedding(S, Y, X_encode=True, Y_encode=True, relative_size=(1, 0, 0),
                             batch_size=16),
                   Dense(8, 'identity'), PositionalEncoding(), Attention(heads=2, **options),
                   Flatten(), Dense(2, 'softmax')])
    model.initialize(loss='CCE', seed=seed, verbose=False,
                     se_hPars={'optimizer': 'Adam', 'learning_rate': 0.01})
    return model


def texts(m=64):
    rng = np.random.default_rng(3)
    S = [''.join(rng.choice(list('abc'), 8)) for _ in range(m)]
    return S, [int(text[0] == text[-1]) for text in S]


def test_it_learns_to_compare_two_steps():
    model = transformer(*texts(200))
    model.train(60, verbose=0)
    assert model.metrics['accuracy'][0][-1] > 0.95


def test_it_is_the_same_after_a_file_in_the_middle_of_an_epoch(tmp_path):
    S, Y = texts()
    model, again = transformer(S, Y), transformer(S, Y)
    model.train(4, verbose=0)
    again.train(2, verbose=0)
    again = read_model(again.write(tmp_path / 'model.npz'))
    again.embedding = Embedding(S, Y, like=again.embedding, relative_size=(1, 0, 0), batch_size=16)
    again.train(2, verbose=0)
    assert bits(again) == bits(model)


def test_padding_of_other_samples_changes_nothing():
    S = [RNG.standard_normal((n, 3)) for n in (5, 2, 7, 3)]
    longer = [*S, np.ones((20, 3))]
    one, other = (EpyNN([Embedding(data, [[0] * len(x) for x in data[:-1]] + [[1] * len(data[-1])],
                                   Y_encode=True, relative_size=(1, 0, 0)),
                         Attention(), GRU(2, sequences=True), Dense(2, 'softmax')])
                  for data in (S, longer))
    for model in (one, other):
        model.initialize(loss='CCE', seed=1, verbose=False)
    np.testing.assert_allclose(other.predict(longer).A[:4, :7], one.predict(S).A, rtol=1e-12,
                               atol=1e-15)


# Pictures

def test_each_head_is_a_picture_of_its_weights():
    layer = layer_of()
    layer.forward(X, LENGTHS)
    result = plot_attention(layer, sample=2, steps=list('abcd'))
    assert len(result.axes) == 2
    for head, ax in enumerate(result.axes):
        np.testing.assert_array_equal(ax.images[0].get_array(), layer.fc['P'][2, head, :4, :4])
        assert [t.get_text() for t in ax.get_xticklabels()] == list('abcd')


# What cannot be

@pytest.mark.parametrize('make, message', [
    (lambda: Attention(heads=2, units=3), 'units to be a multiple of its heads, 2, got 3: try 4'),
    (lambda: Attention(heads=4).build(X), r'elements, 6, to be a multiple of its heads, 4: give '
                                          'units, such as units=8'),
    (lambda: Attention(heads=0), 'heads to be an integer of 1 or more, got 0'),
    (lambda: Attention().build(X[0]), 'expects input of shape'),
    (lambda: PositionalEncoding(learned=True), 'expects steps, the most that a sequence has'),
    (lambda: PositionalEncoding(steps=4), 'with learned=True and only then'),
    (lambda: PositionalEncoding(learned=True, steps=4).build(X).forward(X),
     '4 steps or less, for which it has an encoding, got 7: give it more steps'),
    (lambda: plot_attention(Dense(2)), 'plot_attention expects an Attention layer'),
    (lambda: plot_attention(Attention()), 'go forward'),
], ids=range(9))
def test_what_does_not_fit_is_explained(make, message):
    with pytest.raises((ValueError, RuntimeError), match=message):
        make()
