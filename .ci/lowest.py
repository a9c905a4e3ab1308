"""Which are the lowest versions that pyproject.toml allows, of what is needed to run the tests?

    python .ci/lowest.py > lowest.txt && python -m pip install -r lowest.txt

They are known to have wheels for the lowest Python only: with a later one, nothing is printed.
"""
import re
import sys
import tomllib
from pathlib import Path

PYPROJECT = Path(__file__).resolve().parent.parent / 'pyproject.toml'


def lowest(requirement):
    """``numpy>=2.0`` as ``numpy==2.0``."""
    match = re.fullmatch(r'([\w.-]+)>=([\w.]+)', requirement)
    if not match:
        raise SystemExit(f'pyproject.toml: expected name>=version, got {requirement!r}')
    return '{}=={}'.format(*match.groups())


def main():
    project = tomllib.loads(PYPROJECT.read_text(encoding='utf-8'))['project']
    python = '{}.{}'.format(*sys.version_info)
    if project['requires-python'] != f'>={python}':
        return
    needed = [*project['dependencies'], *project['optional-dependencies']['test']]
    print('\n'.join(map(lowest, needed)))


if __name__ == '__main__':
    main()
