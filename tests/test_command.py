"""The command epynn: what it shows, runs, copies and checks; what it refuses, and how it ends."""
import os
import re
import signal
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

import epynn
from epynn import Dense, command, gradcheck

ROOT = Path(epynn.__file__).resolve().parent.parent
EXAMPLES = [row['name'] for row in command.course()]


def environment(**more):
    env = {k: v for k, v in os.environ.items()
           if k not in ('EPYNN_FAST', 'FORCE_COLOR', 'PYTHONPATH')}
    return env | {'PYTHONPATH': str(ROOT), 'COLUMNS': '80', 'OPENBLAS_NUM_THREADS': '1'} | more


def ran(arguments, folder, **more):
    """A Python process of its own, in a folder."""
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=environment(**more),
                          capture_output=True, text=True, encoding='utf-8', timeout=60)


@pytest.fixture(autouse=True)
def empty_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv('COLUMNS', '80')
    for name in ('FORCE_COLOR', 'EPYNN_FAST'):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


# What is asked for

def test_the_command_is_installed_with_the_library():
    [entry] = (metadata.entry_points(group='console_scripts', name='epynn')
               or [metadata.EntryPoint('epynn', declared(), 'console_scripts')])
    assert entry.load() is command.main


def declared():
    """The function that pyproject.toml names, where the library is not installed."""
    text = (ROOT / 'pyproject.toml').read_text(encoding='utf-8')
    return re.search(r'^\[project.scripts\]\nepynn = "(.*)"$', text, re.M)[1]


def test_python_m_epynn_is_the_same_command(tmp_path):
    assert ran(['-m', 'epynn', '--version'], tmp_path).stdout == f'epynn {epynn.__version__}\n'


def test_alone_it_shows_its_help(capsys):
    assert command.main([]) == 0
    alone = capsys.readouterr().out
    with pytest.raises(SystemExit, match='0'):
        command.main(['--help'])
    assert alone == capsys.readouterr().out
    assert all(f'\n    {name} ' in alone for name in ('list', 'run', 'copy', 'check'))


@pytest.mark.parametrize('arguments', [[], ['list'], ['run'], ['copy'], ['check']])
def test_help_fits_a_terminal(arguments, capsys):
    with pytest.raises(SystemExit, match='0'):
        command.main([*arguments, '--help'])
    assert max(map(len, capsys.readouterr().out.splitlines())) < 80


@pytest.mark.parametrize('arguments, said', [
    (['run', 'autor_music'], "no example 'autor_music': did you mean author_music?"),
    (['run', 'MNIST'], "no example 'MNIST': did you mean captcha_mnist?"),
    (['run', 'xyz'], f"no example 'xyz': there are {', '.join(EXAMPLES)}"),
    (['run', 'source'], "no example 'source': "),
    (['copy', 'sauce'], "no example 'sauce': did you mean source?"),
    (['lst'], "no command 'lst': did you mean list?"),
    (['xyz'], "no command 'xyz': there are list, run, copy, check"),
    (['run'], 'the following arguments are required: NAME'),
    (['list', '--fast'], 'unrecognized arguments: --fast'),
])
def test_mistakes_exit_with_2_and_say_what_may_be_meant(arguments, said, capsys, empty_directory):
    with pytest.raises(SystemExit) as end:
        command.main(arguments)
    assert end.value.code == 2
    out, err = capsys.readouterr()
    assert not out and said in err
    assert not any(empty_directory.iterdir())


# epynn list

def test_list_shows_the_course_in_order(capsys):
    assert command.main(['list']) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split()[:2] for line in lines if line[:1].isdigit()] == [
        [str(i), name] for i, name in enumerate(EXAMPLES, 1)]
    said = ' '.join(' '.join(lines).split())
    for row in command.course():
        assert row['what it teaches'] in said and row['time'] in said


def test_the_course_is_all_there_is():
    folders = {path.parent.name for path in (ROOT / 'epynnlive').glob('*/train.py')}
    assert set(EXAMPLES) == folders and len(EXAMPLES) == len(folders) == 7


def test_list_needs_no_more_than_the_library(tmp_path):
    code = 'import sys; from epynn.command import main; main(["list"]); print(*sys.modules)'
    loaded = ran(['-c', code], tmp_path).stdout.splitlines()[-1].split()
    assert 'epynn' in loaded
    assert not {'matplotlib.pyplot', 'scipy.signal', 'epynnlive.dummy_boolean'} & set(loaded)


@pytest.mark.parametrize('setting, coloured', [
    ({}, False), ({'FORCE_COLOR': '1'}, True), ({'FORCE_COLOR': '1', 'NO_COLOR': '1'}, False)])
def test_colours_are_for_terminals(setting, coloured, tmp_path):
    done = ran(['-m', 'epynn', 'list'], tmp_path, **setting)
    assert ('\x1b[1mdummy_boolean' in done.stdout) == coloured
    assert ('\x1b' in done.stdout) == coloured


# epynn run

@pytest.mark.slow
def test_run_is_the_training_script(tmp_path):
    done = ran(['-m', 'epynn', 'run', 'dummy_boolean', '--fast'], tmp_path)
    same = ran(['-m', 'epynnlive.dummy_boolean.train'], tmp_path, EPYNN_FAST='1')
    assert done.returncode == same.returncode == 0
    assert not done.stderr and '60 samples' in done.stdout
    name = re.compile(r'\d+_Dense-1')               # it begins with the time
    assert name.sub('', done.stdout) == name.sub('', same.stdout)
    assert not any(tmp_path.iterdir())


def test_fast_is_only_where_asked_for(monkeypatch):
    seen = []
    monkeypatch.setattr(command.runpy, 'run_module',
                        lambda *args, **kwargs: seen.append((args, os.environ.get('EPYNN_FAST'))))
    monkeypatch.setenv('EPYNN_FAST', '0')
    assert command.main(['run', 'ptm_protein']) == 0
    assert command.main(['run', 'ptm_protein', '--fast']) == 0
    train = ('epynnlive.ptm_protein.train',)
    assert seen == [(train, '0'), (train, '1')]


@pytest.mark.parametrize('ends, code', [('sys.exit(3)', 3), ('sys.exit()', 0), ('1 / 0', 1),
                                        ('raise KeyboardInterrupt', 130)])
def test_exit_codes_are_passed_on(ends, code, tmp_path):
    code_of = ('import runpy, sys; from epynn import command\n'
               f'def run_module(*args, **kwargs): {ends}\n'
               'runpy.run_module = run_module\n'
               'sys.exit(command.main(["run", "dummy_boolean"]))')
    done = ran(['-c', code_of], tmp_path)
    assert done.returncode == code
    assert ('Traceback' in done.stderr) == (code == 1)


def hears_ctrl_c():
    """What a shell starts in the background does not, and neither do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(os.name == 'nt', reason='signals are sent to a process in another way')
def test_ctrl_c_ends_with_130_and_no_traceback(tmp_path):
    process = subprocess.Popen([sys.executable, '-u', '-m', 'epynn', 'run', 'dummy_string'],
                               cwd=tmp_path, env=environment(), text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               preexec_fn=hears_ctrl_c)
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert 'Traceback' not in out + err


@pytest.mark.skipif(os.name == 'nt', reason='pipes break in another way')
def test_a_broken_pipe_makes_no_noise(tmp_path):
    process = subprocess.Popen([sys.executable, '-m', 'epynn', 'list'], cwd=tmp_path,
                               env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == b''
    assert process.wait(timeout=30) == 141
    process.stderr.close()


@pytest.mark.parametrize('what, where, hint', [
    ('dummy_boolean', '.', f"'python {Path('dummy_boolean', 'train.py')}'"),
    ('dummy_boolean', 'dummy_boolean', "'python train.py'"),
    ('source', 'source', "'python -m epynn run dummy_boolean'"),
])
def test_run_beside_a_copy_tells_which_one_it_is(what, where, hint, monkeypatch, capsys):
    monkeypatch.setattr(command.runpy, 'run_module', lambda *args, **kwargs: None)
    command.main(['copy', what])
    monkeypatch.chdir(where)
    capsys.readouterr()
    assert command.main(['run', 'dummy_boolean']) == 0
    assert hint in capsys.readouterr().err
    assert command.main(['run', 'dummy_time']) == 0
    assert ('dummy_time' in capsys.readouterr().err) == (what == 'source')


@pytest.mark.parametrize('folder', ['.', 'epynnlive', 'epynnlive/dummy_boolean'])
def test_the_installed_example_is_no_copy_of_itself(folder, monkeypatch, capsys):
    monkeypatch.setattr(command.runpy, 'run_module', lambda *args, **kwargs: None)
    monkeypatch.chdir(ROOT / folder)
    assert command.main(['run', 'dummy_boolean']) == 0
    assert not capsys.readouterr().err


# epynn copy

def test_an_edit_of_a_copied_example_takes_effect(tmp_path):
    command.main(['copy', 'dummy_boolean', 'my folder'])
    copy = tmp_path / 'my folder' / 'dummy_boolean'
    settings, data = copy / 'settings.py', copy / 'prepare_dataset.py'
    settings.write_text(settings.read_text().replace('EPOCHS = 5 if', 'EPOCHS = 2 if'))
    data.write_text(data.read_text().replace('N_FEATURES = 11', 'N_FEATURES = 7'))
    done = ran(['train.py'], copy, EPYNN_FAST='1')
    assert done.returncode == 0, done.stderr
    assert 'of 7 booleans' in done.stdout
    assert re.findall(r'^\| +(\d+) +\|', done.stdout, re.M) == ['0', '1']


@pytest.mark.slow
def test_an_edit_of_the_copied_source_takes_effect(tmp_path):
    command.main(['copy', 'source'])
    copy = tmp_path / 'source'
    for path, old, new in [('epynn/__init__.py', f"'{epynn.__version__}'", "'mine'"),
                           ('epynnlive/dummy_boolean/settings.py', 'EPOCHS = 5', 'EPOCHS = 1')]:
        text = (copy / path).read_text(encoding='utf-8')
        assert old in text
        (copy / path).write_text(text.replace(old, new), encoding='utf-8')
    environ = {'PYTHONPATH': str(ROOT), 'EPYNN_FAST': '1'}
    assert ran(['-m', 'epynn', '--version'], copy, **environ).stdout == 'epynn mine\n'
    done = ran(['-m', 'epynn', 'run', 'dummy_boolean'], copy, **environ)
    assert re.findall(r'^\| +(\d+) +\|', done.stdout, re.M) == ['0']
    assert not done.stderr


@pytest.mark.parametrize('name', [EXAMPLES[0], *(pytest.param(name, marks=pytest.mark.slow)
                                                 for name in EXAMPLES[1:])])
def test_a_copied_example_stands_on_its_own(name, tmp_path):
    command.main(['copy', name])
    installed = ROOT / 'epynnlive' / name
    suffixes = {'.py', '.ipynb', '.md', '.npz'}
    assert {path.relative_to(tmp_path / name) for path in (tmp_path / name).rglob('*.*')} == {
        path.relative_to(installed) for path in installed.rglob('*.*')
        if path.suffix in suffixes and path.name != '__init__.py'
        and not any(part.startswith('.') for part in path.relative_to(installed).parts)}
    for path in (tmp_path / name).rglob('*.*'):
        if path.suffix in ('.py', '.ipynb'):
            assert 'epynnlive' not in path.read_text(encoding='utf-8')
    code = ('import sys, prepare_dataset, settings, train; '
            'print("epynnlive" in sys.modules, settings.__file__)')
    done = ran(['-B', '-c', code], tmp_path / name)
    assert done.stdout == f'False {tmp_path / name / "settings.py"}\n', done.stderr


def test_the_course_is_its_examples_and_its_page(tmp_path):
    command.main(['copy', 'course'])
    command.main(['copy', 'ptm_protein'])
    assert {path.name for path in (tmp_path / 'course').iterdir()} == {*EXAMPLES, 'README.md'}
    for path in (tmp_path / 'ptm_protein').iterdir():
        assert path.read_bytes() == (tmp_path / 'course/ptm_protein' / path.name).read_bytes()
    page = (tmp_path / 'course' / 'README.md').read_text(encoding='utf-8')
    assert '`python train.py`' in page and 'epynnlive' not in page
    for link in re.findall(r'\]\(([^)]+)\)', page):
        assert (tmp_path / 'course' / link).is_file()


def test_the_source_is_copied_byte_for_byte_and_nothing_else(tmp_path):
    kept = ROOT / 'epynnlive' / '__pycache__'       # of this process, at the latest
    assert kept.exists() or sys.dont_write_bytecode
    command.main(['copy', 'source'])
    copied = [path for path in (tmp_path / 'source').rglob('*') if path.is_file()]
    assert {path.relative_to(tmp_path / 'source').parts[0] for path in copied} == {
        'epynn', 'epynnlive'}
    assert (tmp_path / 'source/epynn/py.typed').exists()
    for path in copied:
        assert path.suffix != '.pyc'
        assert path.read_bytes() == (ROOT / path.relative_to(tmp_path / 'source')).read_bytes()


def test_what_is_there_is_not_overwritten_until_told(tmp_path, capsys):
    command.main(['copy', 'dummy_time'])
    settings, mine = tmp_path / 'dummy_time/settings.py', tmp_path / 'dummy_time/mine.py'
    original = settings.read_bytes()
    settings.write_text('EPOCHS = 1')
    mine.write_text('')
    capsys.readouterr()

    assert command.main(['copy', 'dummy_time']) == 1
    assert capsys.readouterr() == (
        '', 'epynn: error: dummy_time is there already (--force replaces its files)\n')
    assert settings.read_text() == 'EPOCHS = 1'

    assert command.main(['copy', 'dummy_time', '--force']) == 0
    assert settings.read_bytes() == original and mine.exists()


@pytest.mark.parametrize('arguments', [[], ['deep/er'], ['--force'], ['deep/er', '--force']])
def test_a_copy_that_fails_leaves_nothing_behind(arguments, tmp_path, monkeypatch, capsys):
    written, write_bytes = [], Path.write_bytes

    def full(path, data):
        if len(written) == 3:
            raise OSError(28, 'No space left on device', str(path))
        written.append(path)
        return write_bytes(path, data)

    monkeypatch.setattr(Path, 'write_bytes', full)
    assert command.main(['copy', 'captcha_mnist', *arguments]) == 1
    target = Path(arguments[0] if arguments[:1] == ['deep/er'] else '', 'captcha_mnist')
    assert capsys.readouterr().err == (
        f'epynn: error: cannot copy captcha_mnist to {target}: No space left on device\n')
    assert len(written) == 3 and not any(tmp_path.iterdir())


def test_a_forced_copy_that_fails_changes_nothing(tmp_path, monkeypatch):
    command.main(['copy', 'dummy_time'])
    settings = tmp_path / 'dummy_time' / 'settings.py'
    settings.write_text('mine')
    before = sorted((path, path.read_bytes()) for path in settings.parent.iterdir())

    def full(path, data):
        raise OSError(28, 'No space left on device', str(path))

    with monkeypatch.context() as patch:
        patch.setattr(Path, 'write_bytes', full)
        assert command.main(['copy', 'dummy_time', '--force']) == 1
    assert sorted((path, path.read_bytes()) for path in settings.parent.iterdir()) == before
    assert list(tmp_path.iterdir()) == [settings.parent]


def test_files_and_folders_are_not_mistaken_for_each_other(tmp_path, capsys):
    (tmp_path / 'file').touch()
    assert command.main(['copy', 'dummy_time', 'file']) == 1
    assert 'file is a file, where a folder should be' in capsys.readouterr().err
    (tmp_path / 'dummy_time/train.py').mkdir(parents=True)
    assert command.main(['copy', 'dummy_time', '--force']) == 1
    assert 'train.py is a folder, where a file should be' in capsys.readouterr().err
    assert len(list((tmp_path / 'dummy_time').iterdir())) == 1


@pytest.mark.skipif(os.name == 'nt', reason='permissions are others')
def test_a_copy_can_be_written_and_read_like_any_new_file(tmp_path):
    command.main(['copy', 'dummy_time'])
    (tmp_path / 'folder').mkdir()
    (tmp_path / 'file').touch()
    copy = tmp_path / 'dummy_time'
    assert copy.stat().st_mode == (tmp_path / 'folder').stat().st_mode
    assert (copy / 'train.py').stat().st_mode == (tmp_path / 'file').stat().st_mode


# epynn check

def few(*layers):
    """In place of the layers that are checked: these, which takes no time."""
    X = np.array([[0.1, -0.2], [0.3, 0.5], [-0.7, 1.1]])
    return lambda: ((layer, X, None) for layer in layers)


@pytest.fixture
def wrong():
    """A layer whose gradient is not the derivative."""
    class Wrong(Dense):
        def compute_gradients(self):
            super().compute_gradients()
            self.g['dW'] += 0.01

    return Wrong(2, 'tanh')


def test_check_shows_what_the_library_runs_on(capsys, monkeypatch):
    monkeypatch.setattr(gradcheck, 'cases', few(Dense(2, 'tanh')))
    monkeypatch.setenv('OPENBLAS_NUM_THREADS', '1')
    assert command.main(['check']) == 0
    out = capsys.readouterr().out
    facts = dict(line.split(None, 1) for line in out.split('\n\n')[0].splitlines())
    assert list(facts) == ['epynn', 'Python', 'system', 'NumPy', 'SciPy', 'matplotlib', 'BLAS',
                           'threads', 'processors']
    assert facts['epynn'].startswith(f'{epynn.__version__}, in ')
    assert facts['SciPy'] == metadata.version('scipy')
    assert facts['threads'].startswith('OPENBLAS_NUM_THREADS=1')
    assert re.search(r'^Dense\(2, tanh\) +3x2 ', out, re.M)
    assert out.endswith(': right\n') and '\n1 checks, ' in out


def test_check_exits_with_1_where_a_gradient_is_wrong(capsys, monkeypatch, wrong):
    monkeypatch.setattr(gradcheck, 'cases', few(Dense(), wrong))
    assert command.main(['check']) == 1
    assert capsys.readouterr().out.endswith(': WRONG\n')


def test_check_prints_the_table_of_gradcheck(capsys, monkeypatch):
    monkeypatch.setattr(gradcheck, 'cases', few(Dense(), Dense(2, 'relu')))
    assert gradcheck.main() == 0
    table = capsys.readouterr().out
    command.main(['check'])
    assert capsys.readouterr().out.endswith(f'\n\n{table}')


def test_every_row_of_the_table_fits_a_terminal():
    layers = list(gradcheck.cases())
    assert max(len(gradcheck.called(layer)) for layer, _, _ in layers) <= 46
    assert max(len(gradcheck.shape(X, lengths)) for _, X, lengths in layers) <= 9


def test_a_row_of_the_table_says_the_options_that_were_given():
    names = {gradcheck.called(layer) for layer, _, _ in gradcheck.cases()}
    assert {'Template()', 'Dropout(0.3, (1,))', 'Dense(3, initialization=orthogonal)',
            'GRU(2, sequences=True, windows=3)', 'Pooling((3,2), (2,3), min)'} <= names
