"""Keras and PyTorch agree: with the numbers kept in a file, and live where they are installed."""
import importlib.util

import numpy as np
import pytest
from references import make_keras_torch as references

KEPT = list(references.read())
CASES = list(references.cases())


def assert_agreement(case, given, found):
    mine = references.ours(case, given)
    within = references.tolerance(case)
    assert found
    for name, W in found.items():
        np.testing.assert_allclose(mine[name], W, rtol=within, atol=within, err_msg=name)


@pytest.mark.parametrize('case, given, found', KEPT,
                         ids=lambda value: references.title(value) if 'kind' in value else '')
def test_numbers_kept_from_keras_and_pytorch(case, given, found):
    assert_agreement(case, given, found)


def test_the_file_is_small_and_holds_every_case():
    assert references.PATH.stat().st_size < 300_000
    assert [references.title(case) for case, *_ in KEPT] == list(map(references.title, CASES))
    trained = {case['name'] for case, *_ in KEPT if case['kind'] == 'training'}
    assert {'dense', 'cnn', 'gru', 'lstm'} <= trained


@pytest.mark.filterwarnings('ignore')           # what they warn of is theirs to mend
@pytest.mark.parametrize('case', CASES, ids=references.title)
def test_keras_and_pytorch_here_and_now(case):
    needed = {'torch', case['library']}
    if not all(importlib.util.find_spec(name) for name in needed):
        pytest.skip(f'needs {" and ".join(sorted(needed))}: pip install epynn[reference]')
    given = references.inputs(case, seed=1)
    assert_agreement(case, given, references.theirs(case, given))
