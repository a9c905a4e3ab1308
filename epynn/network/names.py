"""What are a network and its files called, so that no network writes over the file of another?"""
from __future__ import annotations

import re
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from epynn.network.models import EpyNN

LONGEST = 200                           # bytes of a name: with suffixes a file may have 255
given: set[str] = set()                 # unames of this process
lock = threading.Lock()

# Files that a network has written, or was read from. A copy of a network has none.
files: WeakKeyDictionary[EpyNN, set[Path]] = WeakKeyDictionary()


def unique_name(name: str) -> str:
    """``<unix time>_<name>``, the name in characters that every file system takes."""
    return another_name(f'{int(time.time())}_{clean(name)}')


def clean(name: str) -> str:
    """A name as the name of a file: nothing but letters, digits and ``-._``, and not too long."""
    plain = re.sub(r'[^-.\w]+', '_', name).encode()
    return plain[:LONGEST].decode(errors='ignore')      # a character that was cut is left out


def another_name(uname: str) -> str:
    """The name, or ``<name>_2`` and so on where a network of this process had it before."""
    with lock:
        found, n = uname, 1
        while found in given:
            n += 1
            found = f'{uname}_{n}'
        given.add(found)
    return found


def give_back(uname: str) -> None:
    """Let others have a name that no network goes by after all."""
    given.discard(uname)


def is_file_name(uname: object) -> bool:
    """Whether it can be the name of a file, with a suffix, in any directory."""
    return (isinstance(uname, str) and re.search(r'[/\\:\0]', uname) is None
            and 0 < len(uname.encode(errors='replace')) <= 250 and uname not in ('.', '..')
            and uname.isprintable())


def is_own(model: EpyNN, path: Path) -> bool:
    """Whether the network has written the file, or was read from it."""
    return path.resolve() in files.get(model, ())


def claim(model: EpyNN, path: Path) -> None:
    """Note that the file is the network's own."""
    files.setdefault(model, set()).add(path.resolve())
