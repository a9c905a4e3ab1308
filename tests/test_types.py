"""Every public function is annotated, and a script of a user passes a strict type checker."""
import importlib
import importlib.util
import inspect
import os
import pkgutil
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import epynn

SCRIPT = Path(__file__).with_name('typed_script.py')
MODULES = [module.name for module in pkgutil.walk_packages(epynn.__path__, 'epynn.')
           if not module.name.startswith('epynn.compat') and module.name != 'epynn.__main__']


def functions(module):
    """The functions of a module, and the methods of its classes."""
    for thing in vars(module).values():
        if getattr(thing, '__module__', None) != module.__name__:
            continue
        if inspect.isfunction(thing):
            yield thing
        elif inspect.isclass(thing):
            yield from (f for f in vars(thing).values() if inspect.isfunction(f)
                        and f.__module__ == module.__name__)


@pytest.mark.parametrize('name', MODULES)
def test_every_function_is_annotated(name):
    for function in functions(importlib.import_module(name)):
        if function.__name__ in ('__new__', '__replace__', '_replace', '_asdict', '_make'):
            continue                                    # of a NamedTuple, or Layer.__new__
        signature = inspect.signature(function)
        missing = [p for p in signature.parameters.values()
                   if p.name not in ('self', 'cls', 'layer') and p.annotation is p.empty]
        assert not missing, f'{function.__qualname__}: {missing}'
        assert signature.return_annotation is not signature.empty, function.__qualname__


def test_the_script_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(SCRIPT), run_name='__main__')
    assert '(10, 8, 4)' in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.skipif(not importlib.util.find_spec('mypy'), reason='needs mypy')
def test_the_script_passes_a_strict_type_checker(tmp_path):
    """From elsewhere, so that the installed library is what is checked against."""
    script = tmp_path / SCRIPT.name
    script.write_bytes(SCRIPT.read_bytes())
    done = subprocess.run([sys.executable, '-m', 'mypy', '--strict', script.name], cwd=tmp_path,
                          capture_output=True, text=True,
                          env={**os.environ, 'MYPY_CACHE_DIR': str(tmp_path / 'cache')})
    assert done.returncode == 0, done.stdout + done.stderr
