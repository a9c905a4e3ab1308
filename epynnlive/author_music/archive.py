"""How do recordings from elsewhere get here? Downloaded, checked, and only then unpacked."""
import bz2
import errno
import gzip
import hashlib
import lzma
import stat
import sys
import tarfile
import urllib.request
import zipfile
import zlib
from pathlib import PurePosixPath

AUTHORS = ('true', 'false')
MAX_BYTES = 8 * 2**30       # of an archive, and of what it unpacks to
MAX_RATIO = 50              # unpacked to packed: audio seldom reaches 5, a bomb starts at 1,000
MAX_SLACK = 16 * 2**20      # what may be unpacked whatever the ratio: little archives of silence
MAX_MEMBERS = 10_000
BLOCK = 2**18

COMPRESSIONS = {b'\x1f\x8b': gzip.open, b'BZh': bz2.open, b'\xfd7zXZ\x00': lzma.open}
DAMAGE = (tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, gzip.BadGzipFile,
          EOFError, RuntimeError, UnicodeError, OverflowError)


def fetch(url, path, sha256=None):
    """Download url to path, and compare its checksum.

    Parameters
    ----------
    url : str
        Any address that urllib opens: ``https://``, ``http://``, ``file://``.
    path : pathlib.Path
        Where to write. The caller removes it, also after an error.
    sha256 : str, optional
        64 hexadecimal digits. Without, the checksum is printed, to be given the next time.

    Raises
    ------
    ValueError
        Where the checksum differs, or the download is larger than ``MAX_BYTES``.
    OSError
        Where the address cannot be opened, or the connection ends too early.
    """
    if sha256 is not None:
        sha256 = str(sha256).strip().lower()
        if len(sha256) != 64 or set(sha256) - set('0123456789abcdef'):
            raise ValueError(f'sha256 expects 64 hexadecimal digits, got {sha256!r}')
    digest, got = hashlib.sha256(), 0
    try:
        with urllib.request.urlopen(url, timeout=60) as source, open(path, 'wb') as target:
            length = source.headers.get('Content-Length') or ''
            size = int(length) if length.isdecimal() else None
            while block := source.read(BLOCK):
                got += len(block)
                if got > MAX_BYTES:
                    raise ValueError(f'{url} is larger than {MAX_BYTES:,} bytes')
                digest.update(block)
                target.write(block)
                _progress(got, size)
    except OSError as error:
        raise OSError(f'{url} could not be downloaded: {error}') from error
    finally:
        _progress_ends()
    if size is not None and got != size:
        raise OSError(f'{url} ended after {got:,} of {size:,} bytes: try again')
    if sha256 is None:
        print(f'{url}\nsha256={digest.hexdigest()!r}  (give it to be sure of the same file again)')
    elif digest.hexdigest() != sha256:
        raise ValueError(f'{url} has the SHA-256 checksum {digest.hexdigest()}, expected {sha256}: '
                         'it is damaged, or not the file you think it is')


def unpack(archive, folder, name):
    """Write the .wav files of true/ and false/ in an archive to folder/true and folder/false.

    The archive is a .zip, or a .tar that may be compressed (gzip, bzip2, xz); true/ and false/
    may stand inside one folder. Everything else in it is left there. No name in the archive
    chooses where anything is written, and one that tries to is refused with all the rest.

    Parameters
    ----------
    archive, folder : pathlib.Path
        What to read, and an existing folder to write to. The caller removes both after an error.
    name : str
        What to call the archive in messages.

    Raises
    ------
    ValueError
        Where the archive is damaged or hostile, or holds no recordings of one of the authors.
    """
    limit = min(MAX_BYTES, MAX_SLACK + MAX_RATIO * archive.stat().st_size)
    count = dict.fromkeys(AUTHORS, 0)
    for author in AUTHORS:
        (folder / author).mkdir()
    try:
        with open(archive, 'rb') as file:
            members = _zip if zipfile.is_zipfile(file) else _tar
            file.seek(0)
            for number, (path, source) in enumerate(members(file, folder / 'tar', limit)):
                if number == MAX_MEMBERS:
                    raise ValueError(f'has more than {MAX_MEMBERS:,} members')
                author = _author(path)
                if author and source:
                    with source, open(folder / author / PurePosixPath(path).name, 'xb') as target:
                        limit -= _copy(source, target, limit)
                    count[author] += 1
    except FileExistsError as error:
        raise ValueError(f'{name} holds two files for {error.filename}') from error
    except (ValueError, *DAMAGE) as error:
        raise ValueError(f'{name} is not an archive to unpack: {error}') from error
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            raise ValueError(f'{name} is not an archive to unpack: a file in it has a name of '
                             f'{len(PurePosixPath(path).name)} characters') from error
        if error.errno is not None:         # the disk's trouble, not the archive's
            raise
        raise ValueError(f'{name} is not an archive to unpack: {error}') from error
    if not all(count.values()):
        raise ValueError(f'{name} expects .wav files in the folders true/ and false/, got '
                         f'{count["true"]} in true/ and {count["false"]} in false/')


def _zip(file, scratch, limit):
    """Yield the path of each member of a .zip, and the open file where it is one."""
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            kind = stat.S_IFMT(member.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise ValueError(f'{member.filename!r} is neither a file nor a folder')
            yield member.filename, None if member.is_dir() else archive.open(member)


def _tar(file, scratch, limit):
    """Yield the path of each member of a .tar, and the open file where it is one."""
    # Decompressed first, under a limit: the headers of a .tar may themselves be a bomb
    start = file.peek(8)
    for magic, decompress in COMPRESSIONS.items():
        if start.startswith(magic):
            with decompress(file) as source, open(scratch, 'wb') as target:
                _copy(source, target, limit)
            break
    else:
        scratch = file.name
    with tarfile.open(scratch, 'r:') as archive:
        for member in archive:
            if not (member.isreg() or member.isdir()):
                raise ValueError(f'{member.name!r} is neither a file nor a folder')
            yield member.name, archive.extractfile(member) if member.isreg() else None


def _author(path):
    """Whose recording is this member? 'true', 'false', or None for what is not a recording."""
    if not path or '\\' in path or ':' in path or '\0' in path:
        raise ValueError(f'{path!r} is not a plain relative path')
    path = PurePosixPath(path)
    if path.is_absolute() or '..' in path.parts:
        raise ValueError(f'{str(path)!r} leads out of the archive')
    *folders, name = path.parts or ('',)
    if name.startswith('.') or not name.lower().endswith('.wav'):
        return None
    return folders[-1] if len(folders) in (1, 2) and folders[-1] in AUTHORS else None


def _copy(source, target, limit):
    """Copy to the end and return how many bytes; more than limit is an error, whatever was said."""
    copied = 0
    while block := source.read(BLOCK):
        copied += len(block)
        if copied > limit:
            raise ValueError('it unpacks to far more than recordings would')
        target.write(block)
    return copied


def _progress(got, size):
    """One line on a terminal, nothing in a log."""
    if sys.stderr.isatty():
        share = f' of {size / 1e6:.1f}' if size else ''
        sys.stderr.write(f'\r{got / 1e6:.1f}{share} MB')


def _progress_ends():
    if sys.stderr.isatty():
        sys.stderr.write('\n')
