"""What can be done from a terminal? The course listed, run and copied; the library checked."""
import argparse
import difflib
import os
import re
import runpy
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from termcolor import colored

import epynn
import epynnlive
from epynn import gradcheck

LIBRARY, COURSE = Path(epynn.__file__).parent, Path(epynnlive.__file__).parent
THREADS = ('OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS', 'VECLIB_MAXIMUM_THREADS', 'OMP_NUM_THREADS')


class CommandError(Exception):
    """What cannot be done, and what to do instead; shown without a traceback."""


def main(arguments: list[str] | None = None) -> int:
    """The command ``epynn``.

    Parameters
    ----------
    arguments : list of str, optional
        Instead of those of the command line.

    Returns
    -------
    int
        The exit code: 0 for success, 1 for failure, 130 after Ctrl-C, 141 where nobody reads the
        output any more. Mistakes in the arguments exit with 2.
    """
    try:
        options = parsed(sys.argv[1:] if arguments is None else arguments)
        code = options.does(options)
        sys.stdout.flush()                  # here, where a broken pipe is still caught
        return code
    except CommandError as error:
        print(f'epynn: error: {error}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:                 # epynn list | head -1
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


# What is asked for

START_HERE = '''\
start here:
  epynn list                  the examples, and what each teaches
  epynn run dummy_boolean     watch the first one train
  epynn copy dummy_boolean    get its scripts and notebooks, to read and edit

'epynn COMMAND --help' tells more; 'python -m epynn' is the same command.'''
DETAILS = {
    'list': '''\
The time is that of 'epynn run', with all networks of the example.''',
    'run': '''\
examples of use:
  epynn run dummy_boolean
  epynn run author_music > music.txt      a log, without the progress line

This is 'python -m epynnlive.NAME.train', in the folder where you are. It runs
the example that is installed; a copy is run by 'python train.py' where it is.
captcha_mnist, ptm_protein and author_music look for data of yours in ./data.''',
    'copy': '''\
examples of use:
  epynn copy dummy_time           makes ./dummy_time
  epynn copy dummy_time mine      makes mine/dummy_time
  epynn copy course               makes ./course, with all examples
  epynn copy source               makes ./source, with epynn/ and epynnlive/

A copied example stands on its own: its modules import each other from the
folder that they are in, and 'python train.py' there runs what you edited.
Python that is started in source/ takes epynn and epynnlive from there, and
'python -m epynn run NAME' there runs what you edited.''',
    'check': '''\
Exits with 0 if all gradients are right, else with 1. If something looks wrong,
put the whole output into your report: epynn check > check.txt''',
}


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The arguments of the command line, with the function that does what they ask for."""
    examples = [row['name'] for row in course()]
    parser = argparse.ArgumentParser(
        prog='epynn', description=epynn.__doc__, epilog=START_HERE,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--version', action='version', help='show the version and exit',
                        version=f'epynn {epynn.__version__}')
    parser.set_defaults(does=lambda options: print_help(parser))
    commands = parser.add_subparsers(title='commands', metavar='COMMAND')
    add_command(commands, 'list', list_course, 'show the course: its examples, in order')

    run = add_command(commands, 'run', run_example, 'train the networks of an example')
    run.add_argument('name', metavar='NAME', type=one_of(examples),
                     help="one of those of 'epynn list'")
    run.add_argument('--fast', action='store_true',
                     help='less data and fewer epochs: enough to see that it runs, too little to '
                          'learn anything (author_music has no such version)')

    copy = add_command(commands, 'copy', copy_files,
                       'copy an example, or the source, to read and edit')
    copy.add_argument('name', metavar='NAME', type=one_of([*examples, 'course', 'source']),
                      help="one of those of 'epynn list', or 'course', or 'source'")
    copy.add_argument('folder', metavar='DIR', nargs='?', type=Path, default=Path(),
                      help='where the copy goes, as DIR/NAME; the current folder by default')
    copy.add_argument('--force', action='store_true',
                      help='replace files that are there already; files of other names stay')

    add_command(commands, 'check', check, 'check versions, BLAS, and the gradients of every layer')

    if arguments and not arguments[0].startswith('-') and arguments[0] not in commands.choices:
        parser.error(unknown('command', arguments[0], commands.choices))
    return parser.parse_args(arguments)


def add_command(commands: Any, name: str, does: Callable[[argparse.Namespace], int],
                summary: str) -> argparse.ArgumentParser:
    """A command, with the function that it calls, and what its help says."""
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=summary, description=summary[0].upper() + summary[1:] + '.',
        epilog=DETAILS[name], formatter_class=argparse.RawDescriptionHelpFormatter)
    made.set_defaults(does=does)
    return made


def print_help(parser: argparse.ArgumentParser) -> int:
    parser.print_help()
    return 0


def one_of(names: Collection[str]) -> Callable[[str], str]:
    """What argparse makes of a name: itself, or an error that tells which may be meant."""
    def known(name: str) -> str:
        if name not in names:
            raise argparse.ArgumentTypeError(unknown('example', name, names))
        return name
    return known


def unknown(kind: str, name: str, names: Collection[str]) -> str:
    """What is said of a name that is not known: the one that may be meant, or all there are."""
    close = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.5)
    return (f'no {kind} {name!r}: '
            + (f'did you mean {close[0]}?' if close else f'there are {", ".join(names)}'))


# epynn list

def course() -> list[dict[str, str]]:
    """The examples in order, as the table of the course's README has them.

    Returns
    -------
    list of dict
        The columns of the table, and the ``name`` of each example.
    """
    lines = (COURSE / 'README.md').read_text(encoding='utf-8').splitlines()
    header, *rows = [[cell.strip() for cell in line.split('|')[1:-1]]
                     for line in lines if line.startswith('|')]
    named = [dict(zip(header, row, strict=True)) for row in rows if row[0].isdigit()]
    return [row | {'name': row['example'].split('`')[1]} for row in named]


def list_course(options: argparse.Namespace) -> int:
    """The examples: name, time, what each teaches."""
    rows = course()
    name, time = (max(len(row[key]) for row in rows) for key in ('name', 'time'))
    margin = ' ' * (name + time + 6)
    width = min(shutil.get_terminal_size().columns, 100)
    print('The course, to be read in this order: what each example teaches.\n')
    for i, row in enumerate(rows, 1):
        text = textwrap.fill(row['what it teaches'], width, initial_indent=margin,
                             subsequent_indent=margin)
        print(f'{i} {colored(row["name"].ljust(name), attrs=["bold"])}  '
              f'{row["time"]:>{time}}  {text.lstrip()}')
    print('\nepynn run NAME     trains its networks\n'
          'epynn copy NAME    copies its scripts and notebooks, to read and edit')
    return 0


# epynn run

def run_example(options: argparse.Namespace) -> int:
    """Run the example that is installed, in this process and in this folder."""
    name = options.name
    if options.fast:
        os.environ['EPYNN_FAST'] = '1'
    script = COURSE / name / 'train.py'
    copies = {f'python {Path(name, "train.py")}': Path(name, 'train.py'),
              f'python -m epynn run {name}': Path('epynnlive', name, 'train.py')}
    if Path.cwd().name == name:
        copies['python train.py'] = Path('train.py')
    for how, copy in copies.items():
        if copy.exists() and not copy.samefile(script):
            print(f'epynn: this is the {name} that is installed;\n'
                  f"       '{how}' runs the copy that is here", file=sys.stderr)
    runpy.run_module(f'epynnlive.{name}.train', run_name='__main__', alter_sys=True)
    return 0


# epynn copy

def copy_files(options: argparse.Namespace) -> int:
    """Copy an example, all of them, or the source, and tell how to go on."""
    name, target = options.name, options.folder / options.name
    if os.path.lexists(target) and not options.force:
        raise CommandError(f'{target} is there already (--force replaces its files)')
    try:
        files = contents(name)
        place(files, target)
    except OSError as error:
        raise CommandError(f'cannot copy {name} to {target}: {error.strerror or error}') from None

    print(f'{target}: {len(files)} files')
    for top, several in sorted({(path.parts[0], len(path.parts) > 1) for path in files}):
        print(f'  {top}{"/" if several else ""}')
    print()
    if name == 'source':
        run = 'python -m epynn run dummy_boolean'
        print('Python that is started there takes epynn from there: what you edit takes effect.')
    else:
        run = 'python train.py'
        print('An example stands on its own: what you edit takes effect, in its notebooks too.')
    there = target / 'dummy_boolean' if name == 'course' else target
    quoted = f'"{there}"' if ' ' in str(there) else there
    print(f'\n  cd {quoted}\n  {run}')
    return 0


def place(files: dict[Path, bytes], target: Path) -> None:
    """Write files into a folder: complete elsewhere first, so that what fails leaves nothing."""
    near = next(path for path in (target, *target.parents) if path.exists())
    if not near.is_dir():
        raise CommandError(f'{near} is a file, where a folder should be')
    for path in files:
        if (target / path).is_dir():
            raise CommandError(f'{target / path} is a folder, where a file should be')
    with tempfile.TemporaryDirectory(prefix='.epynn-', dir=near) as scratch:
        made = Path(scratch, target.name)
        for path, data in files.items():
            (made / path).parent.mkdir(parents=True, exist_ok=True)
            (made / path).write_bytes(data)
        if target.exists():
            for path in files:
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                (made / path).replace(target / path)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            made.rename(target)


def contents(name: str) -> dict[Path, bytes]:
    """What is copied: a dict of relative paths and the bytes of each file."""
    if name == 'source':
        return {path.relative_to(folder.parent): path.read_bytes()
                for folder in (LIBRARY, COURSE) for path in files_of(folder)}
    folder = COURSE if name == 'course' else COURSE / name
    return {path.relative_to(folder): standing_alone(path)
            for path in files_of(folder) if path.name != '__init__.py'}


def files_of(folder: Path) -> list[Path]:
    """The files of a folder and of those in it; none that Python or Jupyter keep for themselves."""
    return [path for path in sorted(folder.rglob('*')) if path.is_file()
            and not any(part == '__pycache__' or part.startswith('.')
                        for part in path.relative_to(folder).parts)]


def standing_alone(path: Path) -> bytes:
    """A file of an example; its modules are those beside it, no longer those of epynnlive."""
    data = path.read_bytes()
    if path.suffix not in ('.py', '.ipynb', '.md'):
        return data
    text = data.decode('utf-8')
    text = re.sub(r'python -m \S+\.train\b', 'python train.py', text)
    text = re.sub(r'from epynnlive\.\w+ import', 'import', text)
    text = re.sub(r'epynnlive([./])\w+\1(?=\w)', '', text)
    return text.encode('utf-8')


# epynn check

def check(options: argparse.Namespace) -> int:
    """Print what the library runs on, then check the gradients of every layer."""
    facts = surroundings()
    width = max(map(len, facts))
    for name, fact in facts.items():
        print(f'{name:{width}}  {fact}')
    print('\nLargest error of the gradients of every layer, by two numeric derivatives:\n',
          flush=True)
    return gradcheck.main()


def surroundings() -> dict[str, Any]:
    """Versions, BLAS and its threads, processors: a dict of names and what is to be said."""
    import platform
    from importlib import metadata

    import numpy as np

    def version(name: str) -> str:
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            return 'not installed'

    built = np.show_config(mode='dicts').get('Build Dependencies', {}).get('blas', {})
    told = [f'{name}={os.environ[name]}' for name in THREADS if name in os.environ]
    try:
        from threadpoolctl import threadpool_info
        told += [f'{pool["internal_api"]} {pool["version"]}: {pool["num_threads"]}'
                 for pool in threadpool_info()]
    except ImportError:
        pass
    cpus: Any = os.cpu_count()
    if hasattr(os, 'sched_getaffinity') and len(os.sched_getaffinity(0)) != cpus:
        cpus = f'{len(os.sched_getaffinity(0))} of {cpus}'
    return {
        'epynn': f'{epynn.__version__}, in {LIBRARY}',
        'Python': f'{platform.python_version()} ({platform.python_implementation()})',
        'system': platform.platform(),
        'NumPy': np.__version__,
        'SciPy': version('scipy'),
        'matplotlib': version('matplotlib'),
        'BLAS': f'{built.get("name", "unknown")} {built.get("version", "")}'.rstrip(),
        'threads': ', '.join(told) or 'not limited by the environment',
        'processors': cpus,
    }
