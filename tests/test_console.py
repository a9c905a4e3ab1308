"""What is shown on a terminal, in a notebook, in a log file; and what an import does: nothing."""
import json
import os
import re
import subprocess
import sys
import types

import numpy as np
import pytest
from networks import embedding, network

from epynn import Dense, EpyNN, Flatten, softmax
from epynn.display import console
from epynn.display.rows import text_table

TRAIN = '''
import numpy as np
import epynn.initialize
from epynn import Dense, Embedding, EpyNN
from epynn.display import console
console.INTERVAL = 0
X = np.random.default_rng(0).standard_normal((40, 3))
model = EpyNN([Embedding(X, X[:, 0] > 0, batch_size=6), Dense()], name='shown')
model.initialize(seed=1, metrics=['accuracy', 'recall'], end='\\r')
model.train(3, init_logs=INIT_LOGS)
'''
PROGRESS = re.compile(
    r'Epoch (\d), batch (\d)/(\d): accuracy [01]\.\d{3}, loss \d\.\d+, '
    r'\d[.\d]*(?:e\+\d\d)? (?:epochs/s|s/epoch), \d+ s left')


def python(code, directory, terminal=False, **environment):
    """What a Python of its own prints: standard output and error, on a terminal or in a file."""
    env = {k: v for k, v in os.environ.items() if k not in ('NO_COLOR', 'FORCE_COLOR')}
    env |= {'PYTHONPATH': os.pathsep.join(p for p in sys.path if p), 'TERM': 'xterm', **environment}
    command = [sys.executable, '-c', code]
    if not terminal:
        return subprocess.run(command, cwd=directory, env=env, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL).stdout
    pty = pytest.importorskip('pty')        # not on Windows
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=directory, env=env, stdin=theirs, stdout=theirs,
                          stderr=theirs):
        os.close(theirs)
        parts = []
        try:
            while part := os.read(ours, 2**16):
                parts.append(part)
        except OSError:                                 # the end of a terminal
            pass
    os.close(ours)
    return b''.join(parts).decode().replace('\r\n', '\n')


@pytest.fixture(scope='module')
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp('console')


@pytest.fixture(scope='module')
def terminal(directory):
    return python(TRAIN.replace('INIT_LOGS', 'False'), directory, terminal=True)


@pytest.fixture(scope='module')
def log_file(directory):
    return python(TRAIN.replace('INIT_LOGS', 'True'), directory)


def plain(text):
    return re.sub(r'\x1b\[[\d;]*m', '', text)


def table(text):
    """Cells of the table of epochs, the last in a text."""
    rows = [[cell.strip() for cell in line[1:-1].split('|')]
            for line in text.splitlines() if line.startswith('|')]
    begin = max(i for i, row in enumerate(rows) if row[0] == 'epoch')
    return rows[begin:]


# On a terminal

def test_a_terminal_shows_the_check_first(terminal):
    assert plain(terminal).startswith('--- EpyNN Check OK! ---')


def test_a_terminal_shows_progress_in_place(terminal):
    line = plain(terminal).split('\n')[0]               # one line, rewritten again and again
    shown = [PROGRESS.fullmatch(part.strip()) for part in line.split('\r')[1:] if part.strip()]
    assert all(shown) and len(shown) > 3
    places = [tuple(map(int, match.groups())) for match in shown]
    assert places == sorted(places) and places[0][0] == 0 and places[-1] == (2, 4, 4)
    lengths = [len(part) for part in line.split('\r')[2:]]
    contents = [len(part.rstrip()) for part in line.split('\r')[2:]]
    assert all(length >= before for length, before in zip(lengths[1:], contents, strict=False))


def test_a_terminal_is_coloured(terminal):
    assert '\x1b[' in terminal and plain(terminal) != terminal


@pytest.mark.parametrize('columns', [50, 79])
def test_nothing_is_wider_than_the_terminal(columns, directory):
    shown = plain(python(TRAIN.replace('INIT_LOGS', 'True'), directory, terminal=True,
                         COLUMNS=str(columns)))
    assert 'hyperparameters' in shown and 'Experiment' in shown
    for line in shown.split('\n')[1:]:                  # after the check, which is of fixed width
        for part in line.split('\r'):
            assert len(part.rstrip()) <= columns or not part.startswith(('|', '+', 'Epoch')), part


def test_no_color_means_no_colour(directory):
    shown = python(TRAIN.replace('INIT_LOGS', 'True') + '\nraise ValueError("mine")', directory,
                   terminal=True, NO_COLOR='1')
    assert 'ValueError: mine' in shown and 'Check OK' in shown
    assert '\x1b' not in shown


def test_uncaught_errors_are_coloured_on_a_terminal_only(directory):
    code = ('import epynn.initialize\nerror = ValueError("mine")\nerror.add_note("and a note")\n'
            'raise error')
    shown, logged = python(code, directory, terminal=True), python(code, directory)
    assert '\x1b[' in shown and '\x1b' not in logged
    assert plain(shown) == logged
    assert re.fullmatch(r'Traceback .*\nValueError: mine\nand a note\n', logged, re.DOTALL)


# In a log file

def test_a_log_file_has_no_control_characters_and_no_progress(log_file):
    assert not re.search(r'[^\x20-\x7e\n]', log_file)
    assert 'Batch' not in log_file
    assert log_file.startswith('--- EpyNN Check OK! ---\n')


def test_a_log_file_has_no_line_longer_than_a_table_row(log_file):
    lines = log_file.splitlines()
    row = max(len(line) for line in lines if line.startswith('|'))
    assert max(map(len, lines)) <= row


def test_force_color_means_colour(directory):
    code = 'from networks import network\nnetwork(seed=1)'
    assert '\x1b[' in python(code, directory, FORCE_COLOR='1')


def test_tables_of_data_architecture_and_hyperparameters(log_file):
    for text in ('shown: data', 'shown: architecture', 'shown: hyperparameters'):
        assert text in log_file
    for row in (r'dtrain +\| +27 +\| +0: \d+, 1: \d+ +\| +3 ', r'dval +\| +13 ', r'batch +\| +6 ',
                r'1 +\| +Dense .* sigmoid +\| +W 3x1, b 1x1 +\| +4 ',
                r'learning_rate +\| +0\.1 ', r'schedule +\| +steady '):
        assert re.search(row, log_file), row


# In a notebook

def test_a_notebook_shows_progress_in_place(monkeypatch):
    shown = []

    class Handle:
        def update(self, data, raw):
            shown.append(('update', data['text/plain']))

    def display(data, raw, display_id):
        shown.append(('display', data['text/plain']))
        return Handle()

    module = types.ModuleType('IPython.display')
    module.display = display
    monkeypatch.setitem(sys.modules, 'IPython.display', module)
    monkeypatch.setattr(console, 'in_notebook', lambda: True)
    monkeypatch.setattr(console, 'INTERVAL', 0)
    network(seed=1).train(2)
    assert [how for how, _ in shown] == ['display'] + ['update'] * (len(shown) - 1)
    assert len(shown) > 2 and all(PROGRESS.fullmatch(text) for _, text in shown)


# The table of epochs

def test_the_table_of_epochs(capsys):
    model = EpyNN([embedding(), Flatten(), Dense(3, se_hPars={'learning_rate': 0.02}),
                   Dense(2, softmax)], name='a name')
    model.initialize(seed=1, metrics=['accuracy', 'recall'], loss='CCE')
    model.train(3, init_logs=False)
    shown = capsys.readouterr().out
    assert shown.splitlines()[1] == f'Experiment {model.uname}'         # once, above the table
    head, sets, *rows = table(shown)
    assert head == ['epoch', 'lrate', 'lrate', 'accuracy', '', '', 'recall', '', '', 'CCE', '', '']
    assert sets == ['', 'Dense', 'Dense', *['dtrain', 'dval', 'dtest'] * 3]
    assert len(rows) == 3
    for e, row in enumerate(rows):
        values = [f'{values[e]:.3f}' for metric in model.metrics.values() for values in metric]
        assert row == [str(e), '2.00e-02', '1.00e-01', *values]


@pytest.mark.parametrize('epochs, verbose, shown', [
    (3, None, [0, 1, 2]), (25, None, [*range(0, 25, 2)]), (24, None, [*range(0, 24, 2), 23]),
    (7, 3, [0, 3, 6]), (6, 5, [0, 5]), (4, 100, [0, 3]),
])
def test_rows_for_every_so_many_epochs_and_the_last(epochs, verbose, shown, capsys):
    model = network(seed=1)
    model.train(epochs, verbose=verbose)
    rows = table(capsys.readouterr().out)[2:]
    assert [int(row[0]) for row in rows] == shown


def test_report_shows_the_table_again(capsys):
    model = network(seed=1)
    model.train(2, verbose=0)
    capsys.readouterr()
    model.report()
    assert [row[0] for row in table(capsys.readouterr().out)[2:]] == ['0', '1']


def test_metrics_that_are_nan_are_shown(capsys):
    model = EpyNN([embedding(), Flatten(), Dense(2, softmax)])
    model.initialize(seed=1, metrics=['precision'])
    model.layers[2].p['b'][:] = [-1e3, 1e3]             # never label 0: no positive prediction
    model.train(1, init_logs=False)
    assert 'nan' in table(capsys.readouterr().out)[2]


@pytest.mark.parametrize('initialized', [True, False])
def test_verbose_0_is_silence(initialized, capsys):
    model = network(**({'seed': 1} if initialized else {}))
    capsys.readouterr()
    model.train(2, verbose=0)
    assert capsys.readouterr() == ('', '')


# Imports

@pytest.mark.parametrize('module', ['epynn', 'epynn.initialize'])
def test_an_import_does_nothing(module, tmp_path):
    state = python(f'''
import json, os, random, sys, warnings
import numpy, scipy.sparse, tabulate, termcolor
def state():
    return [os.getcwd(), os.listdir(), dict(os.environ), str(numpy.geterr()), sys.path,
            str(numpy.get_printoptions()), repr(sys.excepthook), str(warnings.filters),
            str(random.getstate()), str(numpy.random.get_state()), repr(sys.stdout),
            sys.getrecursionlimit(), repr(warnings.showwarning)]
before = state()
import {module}
print(json.dumps([before == state(), 'matplotlib.pyplot' in sys.modules]))
''', tmp_path)
    assert json.loads(state) == [True, False]


def test_importing_initialize_changes_the_hook_on_a_terminal_only(tmp_path):
    code = 'import sys, epynn.initialize; print(sys.excepthook is sys.__excepthook__)'
    assert python(code, tmp_path) == 'True\n'
    assert python(code, tmp_path, terminal=True) == 'False\n'


def test_the_network_leaves_settings_of_numpy_alone():
    before = np.geterr(), np.get_printoptions()
    model = network(seed=1)
    model.train(1, verbose=0)
    model.plot()
    assert (np.geterr(), np.get_printoptions()) == before


def test_a_table_of_large_numbers_fits_a_narrow_terminal():
    """Cells such as '12,816' are text, and stay what they are when long ones beside are broken."""
    rows = [[1, 'Dense', 'W 800x16, b 1x16, and more that is long enough to be broken', '12,816']]
    table = text_table(rows, ['', 'layer', 'parameters', 'trainable'], 60)
    assert '12,816' in table and max(map(len, table.splitlines())) <= 60
