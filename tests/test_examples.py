"""The worked example of a layer of one's own does what it says."""
import runpy
from pathlib import Path

import numpy as np

from epynn.gradcheck import gradcheck

EXAMPLES = Path(__file__).parent.parent / 'examples'


def normal(*shape, seed=0):
    return np.random.default_rng(seed).standard_normal(shape)


def test_the_worked_example_runs(capsys):
    example = runpy.run_path(str(EXAMPLES / 'custom_layer.py'))
    example['main']()
    out = capsys.readouterr().out
    assert 'complex step' in out and 'the same as before' in out and 'NOT' not in out
    layer, X = example['LayerNorm'](), normal(4, 5)
    layer.build(X, seed=0)
    layer.p['gamma'][:] = normal(1, 5, seed=3)
    for method, limit in (('complex', 1e-12), ('central', 1e-6)):
        assert gradcheck(layer, X, method=method).error < limit
