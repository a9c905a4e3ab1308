"""The benchmark works: its smallest case, without the peers. Nothing here is a matter of time."""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent
PAGE = '# A page\n\n<!-- benchmark: begin -->\nold\n<!-- benchmark: end -->\n\nmore\n'


@pytest.fixture(scope='module')
def run(tmp_path_factory):
    """Console output of a run, the folder it wrote to, and what was measured."""
    folder = tmp_path_factory.mktemp('benchmark')
    (folder / 'page.md').write_text(PAGE)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get('PYTHONPATH')]))
    done = subprocess.run(
        [sys.executable, ROOT / 'examples' / 'benchmark.py', '--smallest', '--peers', 'none',
         '--out', folder / 'out', '--page', folder / 'page.md'],
        capture_output=True, text=True, env={**os.environ, 'PYTHONPATH': path})
    assert done.returncode == 0, done.stderr
    return done.stdout, folder, json.loads((folder / 'out' / 'benchmark.json').read_text())


def test_every_case_has_a_time(run):
    rows = {(row['what'], row['pass'], row['dtype']): row['median'] for row in run[2]['rows']}
    expected = {(network, 'epoch', dtype) for dtype in ('float64', 'float32')
                for network in ('feed-forward', 'feed-forward, Adam', 'RNN-1, sequences',
                                'GRU-1, sequences')}
    expected |= {(f'{kind} {shape}', what, dtype) for kind in ('RNN', 'GRU')
                 for shape in ('2 x 60 x 16, 1 unit', '2 x 10 x 3, 2 units')
                 for what in ('forward', 'step') for dtype in ('float64', 'float32')}
    assert rows.keys() == expected
    assert all(median['epynn'] > 0 for median in rows.values())


def test_memory_is_that_of_a_process_of_its_own(run):
    memory = run[2]['memory, MB']
    assert memory.keys() == {f'{kind} {dtype}' for kind in ('Dense', 'Dense, Adam', 'RNN', 'GRU')
                             for dtype in ('float64', 'float32')}
    assert all(10 < megabytes < 1000 for megabytes in memory.values())


def test_windows_and_the_plain_loop_are_compared(run):
    windows = run[2]['windows']
    assert {(row['kind'], row['dtype']) for row in windows} == {
        (kind, dtype) for kind in ('RNN', 'GRU') for dtype in ('float64', 'float32')}
    assert all(row['difference'] < (1e-12 if row['dtype'] == 'float64' else 1e-3)
               for row in windows)


def test_tables_are_printed_and_written(run):
    console, folder, results = run
    written = (folder / 'out' / 'benchmark.md').read_text()
    assert written in console
    lines = [line for line in written.splitlines() if line.startswith('| ')]
    for row in results['rows']:
        assert any(row['what'] in line and row['dtype'] in line for line in lines)
    assert 'NumPy' in written


def test_the_page_is_filled_between_its_markers(run):
    _, folder, _ = run
    page = (folder / 'page.md').read_text()
    assert page.startswith('# A page\n') and page.endswith('\nmore\n')
    assert 'old' not in page and 'GRU-1, sequences' in page and 'out/benchmark.svg' in page


def test_the_picture_is_drawn(run):
    assert (run[1] / 'out' / 'benchmark.svg').read_text().startswith('<?xml')
