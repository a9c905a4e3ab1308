"""Plots show the numbers that are there, in the axes they are given, and leave nothing behind."""
import tracemalloc
import types

import matplotlib
import numpy as np
import pytest
from layers import PLAIN, all_layers, forward
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from networks import (
    NETWORKS,
    VERSION_1,
    bits,
    embedding,
    network,
    samples,
    version_1_data,
)

from epynn import (
    GRU,
    LSTM,
    RNN,
    Convolution,
    Dense,
    Embedding,
    EpyNN,
    Flatten,
    Pooling,
    read_model,
    softmax,
    tanh,
)
from epynn.commons.recurrence import Recurrent
from epynn.display.plot import (
    Drawn,
    plot_confusion,
    plot_feature_maps,
    plot_filters,
    plot_gradient_flow,
    plot_gradient_norms,
    plot_states,
    plot_weights,
)

RECURRENT = [RNN, GRU, LSTM]
NAMES = {RNN: ['h'], GRU: ['h', 'z', 'r', 'hh'], LSTM: ['h', 'C_', 'f', 'i', 'g', 'o']}


@pytest.fixture(autouse=True)
def nothing_is_left_behind():
    settings = dict(matplotlib.rcParams)
    yield
    assert plt.get_fignums() == [] and dict(matplotlib.rcParams) == settings


@pytest.fixture
def ax():
    """Axes of a figure of one's own, which stays one's own to close."""
    return Figure().subplots()


def drawn(figure):
    """The figure, after everything in it was really drawn."""
    figure.canvas.draw()
    return figure


def lines(ax):
    return {line.get_label(): line.get_ydata() for line in ax.lines}


def trained(kind='gru', epochs=3, **arguments):
    model = network(kind, seed=1, **arguments)
    model.train(epochs, verbose=0)
    return model


def used(kind, units=3, m=4, s=9, lengths=None, **arguments):
    """A recurrent layer after a forward and a backward pass."""
    layer, rng = kind(units, **arguments), np.random.default_rng(0)
    layer.index = 1
    X = rng.standard_normal((m, s, 2))
    A = layer.build(X, seed=0).forward(X, None if lengths is None else np.array(lengths))
    layer.backward(rng.standard_normal(A.shape))
    return layer


def images(m=5):
    model = EpyNN([Embedding(np.random.default_rng(0).standard_normal((m, 9, 8, 1)),
                             np.arange(m) % 2, relative_size=(1, 0, 0)),
                   Convolution(5, 3, strides=1, padding=1), Pooling(2), Convolution(2, 2, 1),
                   Flatten(), Dense()])
    model.initialize(seed=1, verbose=False)
    return model


# Norms of gradients over training

def test_gradient_norms_are_drawn_for_each_layer_that_learns():
    model = trained(epochs=4)
    figure, ax = drawn_axes(plot_gradient_norms(model))
    learning = [layer for layer in model.layers if layer.p]
    assert list(lines(ax)) == [layer.title for layer in learning]
    for layer in learning:
        np.testing.assert_array_equal(lines(ax)[layer.title], layer.gradient_norms)
        assert len(layer.gradient_norms) == 4
    assert ax.get_yscale() == 'log' and ax.get_xlabel() == 'epoch'
    assert ax.get_title() == 'gru: gradients of each layer'
    assert len({line.get_color() for line in ax.lines}) == 3
    assert all(tick == int(tick) for tick in ax.get_xticks())


def drawn_axes(result):
    figure, axes = result
    assert isinstance(result, Drawn) and isinstance(figure, Figure)
    return Drawn(drawn(figure), axes)


def test_a_gradient_norm_is_that_of_the_last_batch():
    model = trained(epochs=2)
    for layer in model.layers:
        norm = np.sqrt(sum((dW**2).sum() for dW in layer.g.values()))
        assert layer.gradient_norms[1:] == ([pytest.approx(norm, rel=1e-12)] if layer.p else [])
        assert all(type(norm) is float for norm in layer.gradient_norms)


def test_a_gradient_norm_is_computed_of_any_layout_without_a_copy_of_what_is_large():
    layer = Dense()
    layer.g = {'dW': np.arange(6.0).reshape(2, 3).T, 'db': np.full((1, 2), 2.0)[:, ::2]}
    assert layer.gradient_norm() == pytest.approx(np.sqrt(55 + 4))
    layer.g = {'dW': np.ones((1000, 1000))}
    tracemalloc.start()
    assert layer.gradient_norm() == pytest.approx(1000)
    assert tracemalloc.get_traced_memory()[1] < 100_000
    tracemalloc.stop()


def test_clipped_gradients_are_measured_after_clipping():
    model = EpyNN([embedding(), RNN(3, clip_gradients=True), Dense(2, softmax)])
    model.initialize(seed=1, verbose=False, se_hPars={'learning_rate': 1})
    model.train(5, verbose=0)
    assert max(model.layers[1].gradient_norms) <= 0.25 * (1 + 1e-12)


@pytest.mark.parametrize('epochs, layers', [(1, 1), (1, 12), (200, 3), (5, 30)])
def test_any_number_of_epochs_and_layers(epochs, layers):
    model = EpyNN([embedding(), Flatten(), *(Dense(2, tanh) for _ in range(layers))])
    model.initialize(seed=1, verbose=False)
    model.train(1, verbose=0)
    for layer in model.layers:
        layer.gradient_norms *= epochs
    model.e = epochs
    figure, ax = drawn_axes(plot_gradient_norms(model))
    assert len(ax.lines) == layers
    assert len({matplotlib.colors.to_hex(line.get_color()) for line in ax.lines}) == layers
    ticks = [tick for tick in ax.get_xticks() if -0.5 <= tick <= epochs - 0.5]
    assert ticks and all(tick == int(tick) for tick in ticks)


@pytest.mark.parametrize('norms', [[0.0, 0.0], [np.nan, np.nan], [0.0, 1e-300], [np.inf, 1.0],
                                   [np.nan, 1e308], [5e-324, 1.0]])
def test_norms_that_a_logarithm_does_not_like(norms):
    model = trained('dense', 2)
    for layer in model.layers:
        if layer.p:
            layer.gradient_norms = norms
    _, ax = drawn_axes(plot_gradient_norms(model))
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), norms)


def test_norms_go_through_files_and_on_from_them(tmp_path):
    at_once, parts = trained(epochs=5), trained(epochs=3)
    again = read_model(parts.write(tmp_path / 'model.npz'))
    assert [layer.gradient_norms for layer in again.layers] \
        == [layer.gradient_norms for layer in parts.layers]
    again.embedding = embedding()
    again.train(2, verbose=0)
    assert bits(again) == bits(at_once)
    assert [layer.gradient_norms for layer in again.layers] \
        == [layer.gradient_norms for layer in at_once.layers]
    again.initialize(seed=2, verbose=False)
    assert not any(layer.gradient_norms for layer in again.layers)


def test_epochs_without_norms_are_a_gap():
    """Files of format 1 that were written before there were norms have none."""
    old = read_model(VERSION_1)
    with pytest.raises(RuntimeError, match='no gradient norms to plot yet: call train'):
        plot_gradient_norms(old)
    old.embedding = version_1_data()
    old.train(2, verbose=0)                                     # the remedy
    for line in drawn_axes(plot_gradient_norms(old)).axes.lines:
        assert np.isnan(line.get_ydata()).tolist() == [True, True, False, False]


def test_several_networks_in_one_picture(ax):
    small, large = trained(), trained()
    for layer in large.layers:
        layer.gradient_norms = [1e9 * norm for norm in layer.gradient_norms]
    for model in (large, small):
        plot_gradient_norms(model, ax=ax)
    low, high = ax.get_ylim()
    shown = np.concatenate([line.get_ydata() for line in ax.lines])
    assert len(ax.lines) == 6 and low <= shown.min() < shown.max() <= high


# States over time

@pytest.mark.parametrize('kind', RECURRENT)
@pytest.mark.parametrize('windows', [1, 3])
def test_states_are_those_of_the_last_batch(kind, windows):
    layer = used(kind, windows=windows, sequences=True)
    figure, axes = drawn_axes(plot_states(layer, sample=2))
    assert axes.shape == (len(NAMES[kind]),)
    for ax, name in zip(axes, NAMES[kind], strict=True):
        A = layer.fc[name][2]
        assert len(ax.lines) == 3
        for unit, line in enumerate(ax.lines):
            np.testing.assert_array_equal(line.get_ydata(), A[:, unit])
            np.testing.assert_array_equal(line.get_xdata(), np.arange(9))
        assert ax.get_ylabel().endswith(f' {name}')
    assert axes[0].get_title() == f'{kind.__name__} (layer 1): sample 2 of the last batch'
    assert axes[-1].get_xlabel() == 'step'
    assert [text.get_text() for text in axes[0].get_legend().get_texts()] == ['0', '1', '2']


@pytest.mark.parametrize('kind', RECURRENT)
def test_many_units_are_an_image(kind):
    layer = used(kind, units=20)
    figure, axes = drawn_axes(plot_states(layer, sample=1))
    for ax, name in zip(axes, NAMES[kind], strict=True):
        [image] = ax.images
        np.testing.assert_array_equal(image.get_array(), layer.fc[name][1].T)
        assert not ax.lines and ax.get_ylabel() == 'unit'
    assert len(figure.axes) == 2 * len(axes)                    # each with a scale of colours


@pytest.mark.parametrize('units', [2, 20])
@pytest.mark.parametrize('sample, end', [(0, 9), (1, 1), (2, 4)])
def test_states_end_where_their_sample_ends(units, sample, end):
    layer = used(GRU, units, lengths=(9, 1, 4, 8))
    _, axes = drawn_axes(plot_states(layer, sample))
    for ax in axes:
        shown = ax.lines[0].get_ydata() if units == 2 else ax.images[0].get_array()[0]
        assert len(shown) == end


def test_states_are_those_of_training_whatever_was_evaluated_since():
    X, y = samples(20)
    X = [x[:n] for x, n in zip(X, np.random.default_rng(0).integers(1, 9, 20), strict=True)]
    model = EpyNN([Embedding(X, y, relative_size=(1, 1, 0), batch_size=4), GRU(2), Dense()])
    model.initialize(seed=1, verbose=False)
    model.train(1, verbose=0)
    layer = model.layers[1]
    before = [ax.lines[0].get_ydata() for ax in plot_states(layer, 1).axes]
    model.predict([np.ones((8, 3))])
    for ax, values in zip(plot_states(layer, 1).axes, before, strict=True):
        np.testing.assert_array_equal(ax.lines[0].get_ydata(), values)
    assert len(layer.lengths) == 4


def test_states_of_any_name_in_axes_of_ones_own():
    layer = used(LSTM)
    figure = Figure()
    axes = figure.subplots(1, 2)
    result = plot_states(layer, names=['C_', 'dC_'], axes=axes)
    assert result.figure is figure and list(result.axes) == list(axes)
    np.testing.assert_array_equal(axes[1].lines[0].get_ydata(), layer.bc['dC_'][0, :, 0])
    drawn(figure)
    _, [ax] = plot_states(layer, names='o')
    assert ax.get_ylim() == (-0.05, 1.05)                       # a gate, from shut to open
    with pytest.raises(ValueError, match='plot_states expects 6 axes, one for each name, got 2'):
        plot_states(layer, axes=axes)


def test_long_sequences_are_drawn_in_full():
    layer = used(RNN, units=1, m=2, s=10_000)
    figure, [ax] = drawn_axes(plot_states(layer))
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), layer.fc['h'][0, :, 0])
    assert ax.lines[0].get_linewidth() < 1 and ax.get_legend() is None


def test_states_that_are_not_finite_are_drawn():
    for units in (2, 20):
        layer = used(GRU, units)
        for name in ('h', 'z', 'hh'):
            layer.fc.time_first[name][...] = np.nan
        drawn_axes(plot_states(layer))


# The flow of the gradient back in time

@pytest.mark.parametrize('kind', RECURRENT)
@pytest.mark.parametrize('sequences', [False, True])
@pytest.mark.parametrize('lengths', [None, (9, 1, 4, 8)])
def test_the_gradient_is_followed_back_from_the_end_of_each_sample(kind, sequences, lengths):
    layer = used(kind, sequences=sequences, lengths=lengths)
    _, ax = drawn_axes(plot_gradient_flow(layer))
    dh = layer.bc['dA'] + layer.bc['dhn']
    at = [[] for _ in range(9)]                                 # norms, by steps back
    for i in range(4):
        end = lengths[i] if lengths else 9
        for t in range(end):
            at[end - 1 - t].append(np.linalg.norm(dh[i, t]))
    [(label, median)] = lines(ax).items()
    assert label == 'median of 4 samples'
    np.testing.assert_allclose(median, [np.median(norms) for norms in at], rtol=1e-12)
    band = ax.collections[0].get_paths()[0].vertices
    for t, norms in enumerate(at):
        ys = band[band[:, 0] == t][:, 1]
        assert ys.min() == pytest.approx(min(norms), rel=1e-12)
        assert ys.max() == pytest.approx(max(norms), rel=1e-12)
    assert ax.get_yscale() == 'log' and ax.get_xlabel() == 'steps back from the last'


def test_a_gradient_that_vanishes_altogether_is_seen_to():
    layer = used(RNN, 1, m=3, s=4000)
    layer.p['V'][:] = 0.5
    A = layer.forward(np.zeros((3, 4000, 2)))
    layer.backward(np.ones_like(A))
    figure, ax = drawn_axes(plot_gradient_flow(layer))
    norms = lines(ax)['median of 3 samples']
    end = np.flatnonzero(norms)[-1]
    assert 1000 < end < 1100                                    # 2^-1074 is the smallest number
    np.testing.assert_allclose(norms[:1000], 0.5**np.arange(1000.0), rtol=1e-9)
    assert ax.get_xlim()[1] < 1.2 * end
    assert [text.get_text() for text in ax.texts] == ['exactly 0 beyond']


@pytest.mark.parametrize('value', [0, np.nan, np.inf])
def test_gradients_that_a_logarithm_does_not_like(value):
    layer = used(GRU)
    layer.bc.time_first['dA'][...] = value
    layer.bc.time_first['dhn'][...] = 0
    with np.errstate(all='raise'):
        drawn_axes(plot_gradient_flow(layer))


def test_one_sample_has_no_band(ax):
    layer = used(GRU, m=1)
    result = plot_gradient_flow(layer, ax=ax)
    assert result.axes is ax and not ax.collections and list(lines(ax)) == ['one sample']


# Filters and feature maps

def tile(ax, i, j, h, w, rows, columns):
    """A tile of an image of tiles with gaps between them."""
    image = ax.images[0].get_array()
    down = (image.shape[0] - h) // (rows - 1) if rows > 1 else h
    right = (image.shape[1] - w) // (columns - 1) if columns > 1 else w
    return image[i * down:i * down + h, j * right:j * right + w]


def test_filters_are_drawn_by_depth_and_number():
    layer = images().layers[3]                                  # 2 x 2 x 5 x 2
    _, ax = drawn_axes(plot_filters(layer))
    for d, u in np.ndindex(5, 2):
        np.testing.assert_array_equal(tile(ax, d, u, 2, 2, 5, 2), layer.p['W'][:, :, d, u])
    low, high = ax.images[0].get_clim()
    assert low == -high == -np.abs(layer.p['W']).max()          # white is zero
    assert [text.get_text() for text in ax.texts] == ['0', '1']
    assert [label.get_text() for label in ax.get_yticklabels()] == list('01234')
    assert np.ma.getmaskarray(ax.images[0].get_array()).any() or \
        np.isnan(ax.images[0].get_array()).any()


def test_filters_of_depth_1_are_set_in_lines():
    layer = images().layers[1]                                  # 3 x 3 x 1 x 5, in 4 columns
    _, ax = drawn_axes(plot_filters(layer))
    for u in range(5):
        np.testing.assert_array_equal(tile(ax, u // 4, u % 4, 3, 3, 2, 4), layer.p['W'][..., 0, u])
    assert [text.get_text() for text in ax.texts] == list('01234')


@pytest.mark.parametrize('name', ['A', 'Z', 'X', 'Xp', 'dA'])
def test_feature_maps_are_those_of_a_sample(name):
    layer = images().layers[1]
    A = {**layer.fc, **layer.bc}[name]
    _, ax = drawn_axes(plot_feature_maps(layer, sample=3, name=name))
    _, h, w, maps = A.shape
    columns = 1 if maps == 1 else 4
    for j in range(maps):
        shown = tile(ax, j // columns, j % columns, h, w, -(-maps // columns), columns)
        np.testing.assert_array_equal(shown, A[3, :, :, j])
    assert ax.get_title() == f'Convolution (layer 1): {name} of sample 3'
    assert (ax.images[0].get_cmap().name == 'RdBu_r') == (A[3].min() < 0)


def test_feature_maps_of_pooling_in_axes_of_ones_own(ax):
    layer = images().layers[2]
    result = plot_feature_maps(layer, ax=ax)
    assert result.axes is ax and result.figure is ax.figure
    drawn(ax.figure)


@pytest.mark.parametrize('value', [0, 3, np.nan, np.inf])
def test_images_of_one_value_are_drawn(value):
    model = images()
    model.layers[1].fc['A'][...] = value
    model.layers[1].p['W'][...] = value
    drawn_axes(plot_feature_maps(model.layers[1]))
    drawn_axes(plot_filters(model.layers[1]))


# Parameters

@pytest.mark.parametrize('kind', NETWORKS)
def test_histograms_of_all_parameters(kind):
    model = network(kind, seed=1)
    _, axes = drawn_axes(plot_weights(model))
    named = [(layer, name) for layer in model.layers for name in layer.p]
    assert [ax.get_title() for ax in axes] == [f'{layer.title}: {name}' for layer, name in named]
    for ax, (layer, name) in zip(axes, named, strict=True):
        W = layer.p[name]
        counts = [bar.get_height() for bar in ax.patches]
        expected, edges = np.histogram(W, len(counts))
        np.testing.assert_array_equal(counts, expected)
        np.testing.assert_allclose([bar.get_x() for bar in ax.patches], edges[:-1], atol=1e-12)


@pytest.mark.parametrize('case', [case for case in PLAIN if case.layer().p], ids=str)
def test_histograms_of_a_layer_in_axes_of_ones_own(case):
    layer = case.layer()
    axes = Figure().subplots(2, 7)
    result = plot_weights(layer, axes=axes.flat[:len(layer.p)])
    assert list(result.axes) == list(axes.flat[:len(layer.p)])
    assert all(ax.get_xlabel() == 'value' and ax.get_ylabel() == 'count' for ax in result.axes)
    with pytest.raises(ValueError, match=f'expects {len(layer.p)} axes, one for each parameter'):
        plot_weights(layer, axes=axes)


@pytest.mark.parametrize('value', [0, np.nan, np.inf])
def test_histograms_of_what_is_not_finite(value):
    model = network(seed=1)
    W = model.layers[2].p['W']
    W[...] = value
    _, axes = drawn_axes(plot_weights(model))
    assert ('not finite' in axes[0].get_title()) == (value != 0)
    W[0, 0] = 1
    drawn_axes(plot_weights(model))


# In general

PLOTS = {
    'norms': lambda ax: plot_gradient_norms(trained(), ax=ax),
    'states': lambda ax: plot_states(used(RNN), axes=None if ax is None else [ax]),
    'flow': lambda ax: plot_gradient_flow(used(GRU), ax=ax),
    'filters': lambda ax: plot_filters(images().layers[1], ax=ax),
    'maps': lambda ax: plot_feature_maps(images().layers[1], ax=ax),
    'weights': lambda ax: plot_weights(used_weights(), axes=None if ax is None else [ax]),
    'confusion': lambda ax: plot_confusion(evaluated(), ax=ax),
}
every_plot = pytest.mark.parametrize('plot', PLOTS.values(), ids=PLOTS)


def used_weights():
    return Convolution(use_bias=False).build(np.zeros((2, 5, 5, 1)), seed=0)


def evaluated():
    model = trained('dense')
    model.evaluate()
    return model.embedding.dval


@every_plot
def test_a_plot_goes_into_the_axes_it_is_given(plot):
    figure, (other, ax) = plt.subplots(1, 2)
    result = plot(ax)
    assert result.figure is figure and np.ravel([result.axes]).tolist() == [ax]
    assert ax.has_data() and not other.has_data()
    assert plt.get_fignums() == [figure.number]                 # still there, and the only one
    assert result._repr_mimebundle_() == {}                     # pyplot will show it
    plt.close(figure)


@pytest.mark.slow
@every_plot
def test_a_plot_has_a_title_and_can_be_saved_in_any_size(plot, tmp_path):
    figure, axes = plot(None)
    assert np.ravel([axes])[0].get_title()
    for size, ending in (((12, 8), 'svg'), ((3, 2.4), 'png')):
        figure.set_size_inches(size)
        figure.savefig(tmp_path / f'plot.{ending}')
        assert (tmp_path / f'plot.{ending}').stat().st_size > 1000


@every_plot
def test_nothing_is_shown(plot, monkeypatch):
    monkeypatch.setattr(plt, 'show', None)
    monkeypatch.setattr(Figure, 'show', None)
    plot(None)


def test_a_notebook_shows_the_picture(monkeypatch):
    import IPython
    from IPython.core.formatters import DisplayFormatter
    from IPython.core.pylabtools import print_figure
    formatter = DisplayFormatter()
    formatter.formatters['image/png'].for_type(Figure, lambda f: print_figure(f, base64=True))
    monkeypatch.setattr(IPython, 'get_ipython',
                        lambda: types.SimpleNamespace(display_formatter=formatter))
    data, _ = formatter.format(plot_gradient_flow(used(GRU)))
    assert len(data['image/png']) > 1000


@all_layers
def test_what_a_layer_cannot_show_it_says(case):
    layer = case.layer()
    recurrent, image = isinstance(layer, Recurrent), isinstance(layer, (Convolution, Pooling))
    for plot, fits in ((plot_states, recurrent), (plot_gradient_flow, recurrent),
                       (plot_feature_maps, image)):
        with pytest.raises((ValueError, RuntimeError), match=r'\(layer 1\)'):
            plot(layer)                                         # not used yet
        layer.backward(np.ones_like(forward(layer, case.X())))
        if fits:
            plot(layer)
            for sample in (len(case.X()), -1, 0.5, True):
                if plot is not plot_gradient_flow:
                    with pytest.raises(ValueError, match='expects sample to be 0 to'):
                        plot(layer, sample)
        else:
            with pytest.raises((ValueError, RuntimeError), match=r'\(layer 1\)'):
                plot(layer)
        layer.fc, layer.bc = {}, {}
    if not any(each.p for each in layer.walk()):
        with pytest.raises(RuntimeError, match='finds no parameters in'):
            plot_weights(layer)
    if not isinstance(layer, Convolution):
        with pytest.raises(ValueError, match='expects a layer with filters, Convolution, got'):
            plot_filters(layer)
