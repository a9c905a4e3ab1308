"""Every layer with every option: an entry in LAYERS puts a layer into all tests of all layers.

The layers themselves come from the registry; a layer that has no entry here fails a test.
"""
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pytest

from epynn import GRU, LSTM, RNN, Dense, Dropout, Residual, Template
from epynn.bidirectional.forward import MERGES
from epynn.commons.maths import activations, orthogonal, xavier
from epynn.layers import layers

ELEMENTWISE = [name for name in activations if name != 'softmax']
SHAPES = {'LRELU_alpha': 0.1, 'ELU_alpha': 0.5, 'softmax_temperature': 2.5}


@dataclass
class Case:
    """A kind of layer with some arguments, and what it is fed with."""

    kind: type
    shape: tuple                        # of its input
    arguments: dict = field(default_factory=dict)
    lengths: tuple | None = None        # steps of each sample

    def __str__(self):
        """A name that is the same in every process: functions by their names."""
        given = {**self.arguments, **({'lengths': self.lengths} if self.lengths else {})}
        words = (f'{k}={getattr(v, "__name__", v)}' for k, v in given.items())
        return f'{self.kind.__name__}({", ".join(words)})'.replace(' ', '')

    def X(self, dtype=np.float64, seed=0):
        return np.random.default_rng(seed).normal(0, 0.5, self.shape).astype(dtype)

    def gives_sequences(self):
        """Whether it returns something for each step: a recurrent layer, or one that holds it,
        where it is told to."""
        layer = self.arguments['layer'] if 'layer' in self.arguments else self.kind()
        return self.arguments.get('sequences', getattr(layer, 'sequences', True))

    def steps(self):
        return None if self.lengths is None else np.array(self.lengths)

    def made(self):
        """The layer as its constructor makes it, of layers of its own where it holds any."""
        return self.kind(**deepcopy(self.arguments))

    def layer(self, dtype=np.float64, shape=None):
        """The layer with parameters: random, biases too, and small, so that nothing explodes."""
        layer = self.made()
        layer.index = 1
        layer.build(np.zeros(shape or self.shape, dtype), seed=1, dtype=dtype)
        rng = np.random.default_rng(1)
        for W in (W for each in layer.walk() for W in each.p.values()):
            W += rng.standard_normal(W.shape).astype(dtype)
            W *= 0.3
        return layer


def forward(layer, X, lengths=None):
    """Output, with the same random draws each time."""
    rng = np.random.default_rng(2)
    for each in layer.walk():
        each.rng = rng
    return layer.forward(X, lengths)


def each(**options):
    """Options, one at a time."""
    return [{name: value} for name, values in options.items() for value in values]


def crossed(**options):
    """Options, every value of one with every value of the others."""
    return [dict(zip(options, values, strict=True)) for values in product(*options.values())]


WEIGHTS = {'initialization': (orthogonal, xavier)}
RECURRENT = (crossed(sequences=(False, True), windows=(1, 4), lengths=(None, (9, 1, 4, 8)))
             + each(clip_gradients=(True, False), unit_cells=(1,), **WEIGHTS))

LAYERS = {      # by name: shape of the input, arguments that it always has, and options tried
    'Dense': ((5, 4), {'units': 3}, each(activate=activations, **WEIGHTS)
              + crossed(activate=('lrelu', 'elu', 'softmax'), se_hPars=[SHAPES])),
    'Flatten': ((5, 4, 3), {}, [{}]),
    'Dropout': ((5, 4, 3), {}, each(drop_prob=(0, 0.3, 0.9), axis=(1, (1, 2), -1))),
    'RNN': ((4, 9, 3), {'unit_cells': 2}, RECURRENT + each(activate=ELEMENTWISE)),
    'GRU': ((4, 9, 3), {'unit_cells': 2}, RECURRENT
            + each(activate=ELEMENTWISE, activate_update=ELEMENTWISE, activate_reset=ELEMENTWISE)),
    'LSTM': ((4, 9, 3), {'unit_cells': 2}, RECURRENT
             + each(activate=ELEMENTWISE, activate_output=ELEMENTWISE,
                    activate_candidate=ELEMENTWISE, activate_input=ELEMENTWISE,
                    activate_forget=ELEMENTWISE)),
    'Convolution': ((3, 7, 6, 2), {'unit_filters': 2},
                    each(activate=ELEMENTWISE, filter_size=(2, (2, 3)), strides=(1, (2, 1), 4),
                         padding=(1, (0, 2)), use_bias=(True, False), **WEIGHTS)),
    'Pooling': ((3, 7, 6, 2), {}, each(pool=(np.max, np.min, np.mean), pool_size=(3, (2, 3)))
                + crossed(pool=('max', 'min', 'mean'), strides=(1, (1, 3)))),
    'Template': ((5, 4), {}, [{}]),
    'Attention': ((3, 5, 4), {}, crossed(heads=(1, 2), units=(None, 6), causal=(False, True),
                                         lengths=(None, (5, 1, 3)))
                  + each(**WEIGHTS)),
    'PositionalEncoding': ((3, 5, 4), {}, crossed(lengths=(None, (5, 1, 3)))
                           + crossed(learned=[True], steps=(5, 8), lengths=(None, (5, 1, 3)))),
    'Bidirectional': ((4, 9, 3), {'layer': GRU(2)}, [
        {'layer': layer, 'merge': merge, 'lengths': lengths} for merge in MERGES
        for layer in (LSTM(2), RNN(2, sequences=True)) for lengths in (None, (9, 1, 4, 8))]
        + [{'layer': GRU(2, sequences=True, windows=4), 'lengths': (9, 1, 4, 8)}]),
    'Residual': ((5, 4), {'layers': [Dense(4)]}, each(layers=(
        [Dense(3, 'tanh'), Residual([Dense(3)]), Dense(4)], [Template(), Dropout(0.3)]))),
}
ELSEWHERE = {'Embedding': 'its input are data, and it passes them on: see test_embedding.py'}

CASES = [Case(layers[name], shape, {**always, **{k: v for k, v in option.items()
                                                 if k != 'lengths'}}, option.get('lengths'))
         for name, (shape, always, options) in LAYERS.items() for option in options]

# One of each layer, for what has nothing to do with options
PLAIN = [Case(layers[name], shape, always) for name, (shape, always, _) in LAYERS.items()]

# Each layer with what changes the way it computes; which activation it has makes no difference
SOME = [case for case in CASES if not any(name.startswith(('activate', 'initialization'))
                                          for name in case.arguments)] + PLAIN[:1]

all_cases = pytest.mark.parametrize('case', CASES, ids=str)
some_cases = pytest.mark.parametrize('case', SOME, ids=str)
all_layers = pytest.mark.parametrize('case', PLAIN, ids=str)
layers_that_learn = pytest.mark.parametrize(
    'case', [case for case in PLAIN if case.layer().p], ids=str)
