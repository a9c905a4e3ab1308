"""How is a file saved, so that it is complete or not there? Under another name, then renamed."""
from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

NEW = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, 'O_BINARY', 0)


def save(path: Path, write: Callable[[BinaryIO], None], overwrite: bool = True) -> bool:
    """Save a file as any program does, but at once or not at all.

    A link is followed, a file that was there keeps its mode, a pipe or a device is written to.
    Directories that are missing are made, and taken away again if nothing could be saved.

    Parameters
    ----------
    path : pathlib.Path
    write : callable
        ``f(file)`` writes what the file is to hold.
    overwrite : bool, default True
        Whether to take the place of a file that is there.

    Returns
    -------
    bool
        False where there is a file, and it is not to be overwritten.

    Raises
    ------
    OSError
        That of the system, with the path; a file that was there before is as it was.
    """
    missing: list[Path] = []
    try:
        missing += [p for p in (path.parent, *path.parent.parents) if not p.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        return save_in_directory(path, write, overwrite)
    except BaseException as error:
        for directory in missing:
            with suppress(OSError):
                directory.rmdir()
        if isinstance(error, OSError):
            raise OSError(error.errno, f'{error.strerror or error}: the network was not written, '
                          'and a file that was there before is as it was', str(path)) from error
        raise


def save_in_directory(path: Path, write: Callable[[BinaryIO], None], overwrite: bool) -> bool:
    """Save a file in a directory that is there."""
    before = status(path)
    if before is not None and not stat.S_ISREG(before.st_mode):
        if stat.S_ISDIR(before.st_mode):
            raise OSError(errno.EISDIR, 'write expects the path of a file, got the directory '
                                        f'{path}')
        with open(path, 'wb') as file:          # a pipe or a device: there is nothing to rename
            write(file)
        return True
    target = Path(os.path.realpath(path))
    if before is not None and not os.access(target, os.W_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    temporary = target.with_name(f'.{secrets.token_hex(8)}.tmp')    # short, whatever the name
    handle = os.open(temporary, NEW, 0o666)     # a mode as that of any new file
    try:
        with os.fdopen(handle, 'wb') as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        if before is not None:
            keep_mode(temporary, before)
        return put(temporary, target, overwrite)
    finally:
        temporary.unlink(missing_ok=True)


def status(path: Path) -> os.stat_result | None:
    """What the system says of a file, links followed; None where there is none."""
    try:
        return os.stat(path)
    except FileNotFoundError:
        return None


def keep_mode(temporary: Path, before: os.stat_result) -> None:
    """Permissions and owner of the file that is replaced, as far as one may give them."""
    if hasattr(os, 'chown'):
        with suppress(PermissionError):
            os.chown(temporary, before.st_uid, before.st_gid)
    os.chmod(temporary, stat.S_IMODE(before.st_mode))


def put(temporary: Path, target: Path, overwrite: bool) -> bool:
    """Give a file its name; False where another has it that is not to be overwritten."""
    if overwrite:
        os.replace(temporary, target)
        return True
    try:
        os.link(temporary, target)              # unlike a rename, never over another file
    except FileExistsError:
        return False
    except (OSError, AttributeError):           # a file system without links
        if target.exists():
            return False
        os.replace(temporary, target)
    return True
