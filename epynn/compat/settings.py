"""Where does ``from settings import se_hPars`` lead in a folder without ``settings.py``? Here.

EpyNN 1.2.13 wrote such a file into the working directory. Nothing is written here: where Python
finds no module of that name, it gets ``epynn/compat/defaults.py``.
"""
from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

DEFAULTS = Path(__file__).with_name('defaults.py')


class DefaultSettings(MetaPathFinder):
    """Finds a module ``settings`` when nobody else has: it stands last among the finders."""

    def find_spec(self, name: str, path: Sequence[str] | None,
                  target: ModuleType | None = None) -> ModuleSpec | None:
        """The defaults, for a module at the top that is called ``settings``; else nothing."""
        return spec_from_file_location(name, DEFAULTS) if name == 'settings' else None


def provide_settings() -> None:
    """Let a module ``settings`` be found from now on."""
    if not any(isinstance(finder, DefaultSettings) for finder in sys.meta_path):
        sys.meta_path.append(DefaultSettings())
