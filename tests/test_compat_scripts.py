"""Scripts as they were written for EpyNN 1.2.13 run to their end, without a warning.

Each is in the style of one of its seven examples, and stands in ``scripts_1_2_13``.
"""
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent / 'scripts_1_2_13'
EXAMPLES = ['dummy_boolean', 'dummy_string', 'dummy_time', 'dummy_image', 'ptm_protein',
            'captcha_mnist', pytest.param('author_music', marks=pytest.mark.slow)]
WRITTEN = {'dummy_boolean': 1, 'dummy_string': 0, 'dummy_time': 1, 'dummy_image': 0,
           'ptm_protein': 1, 'captcha_mnist': 0, 'author_music': 0}         # plots


def test_there_is_a_script_for_each_example():
    assert {path.stem for path in SCRIPTS.glob('*.py')} == set(WRITTEN)


@pytest.mark.parametrize('name', EXAMPLES)
def test_a_script_runs_from_imports_to_predictions(name, tmp_path):
    paths = [str(SCRIPTS.parent.parent), *filter(None, [os.environ.get('PYTHONPATH')])]
    done = subprocess.run(
        # What releases of matplotlib and pyparsing deprecate of each other is theirs to mend
        [sys.executable, '-B', '-W', 'error', '-W', 'ignore::DeprecationWarning',
         str(SCRIPTS / f'{name}.py')],
        cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, 'MPLBACKEND': 'agg', 'PYTHONPATH': os.pathsep.join(paths)})
    assert (done.returncode, done.stderr) == (0, '')
    assert '--- EpyNN Check OK! ---' in done.stdout
    predictions = re.findall(r'^(\d) (\d) \[[\d. \n]+\]$', done.stdout, re.M)
    assert [int(n) for n, _ in predictions] == list(range(10))
    assert len(list((tmp_path / 'plots').iterdir())) == WRITTEN[name]
    assert not (tmp_path / 'settings.py').exists()
    assert ('softmax_temperature 5' in done.stdout) == (name == 'captcha_mnist')
