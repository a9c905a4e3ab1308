"""Where do models live? Directories, and files that hold a network without its data."""
from __future__ import annotations

import shutil
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from epynn.commons.checks import flag, shown

if TYPE_CHECKING:
    from epynn.network.models import EpyNN


class ModelFileError(ValueError):
    """A file that is not a model, or is damaged, or needs what this library does not have."""


def configure_directory(clear: bool = False) -> None:
    """Make ``datasets/``, ``models/`` and ``plots/`` in the working directory.

    Parameters
    ----------
    clear : bool, default False
        Whether to delete what is in them.
    """
    clear = flag('configure_directory', 'clear', clear)
    for name in ('datasets', 'models', 'plots'):
        if clear and Path(name).is_dir():
            shutil.rmtree(name)
        Path(name).mkdir(exist_ok=True)


def write_model(model: EpyNN, path: str | PathLike[str] | None = None,
                model_path: str | PathLike[str] | None = None) -> Path:
    """Write a network to a file, see :meth:`.EpyNN.write`; ``model_path`` is ``path``."""
    if not hasattr(model, 'check_ready'):
        raise ValueError(f'write_model expects a network, then a path, got {shown(model)} first')
    return model.write(one_path('write_model', path, model_path))


def read_model(path: str | PathLike[str] | None = None,
               custom_objects: Mapping[str, Any] | None = None,
               model_path: str | PathLike[str] | None = None) -> EpyNN:
    """Read a network from a file.

    It predicts as it did when it was written. To train on, give it the data:
    ``model.embedding = Embedding(...)``.

    Parameters
    ----------
    path : str or path-like, optional
        The newest file in ``models/`` by default.
    custom_objects : dict, optional
        Layers and functions of your own that the file names, ``{name: object}``.
    model_path : str or path-like, optional
        The same as ``path``, as EpyNN 1.2.13 called it.

    Returns
    -------
    EpyNN

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ModelFileError
        If the file is not a model, or damaged, or needs what is not known here.
    """
    from epynn.network.reading import read_file  # it makes an EpyNN, which is made of all this

    path = one_path('read_model', path, model_path)
    if path is None:
        written = sorted(Path('models').glob('*.npz'), key=lambda p: p.stat().st_mtime_ns)
        if not written:
            raise FileNotFoundError(f'read_model found no model in {Path("models").resolve()}: '
                                    'write one with model.write(), or give the path of one')
        path = written[-1]
    return read_file(as_path('read_model', path), custom_objects or {})


def one_path(owner: str, path: Any, model_path: Any) -> Any:
    """The one of two arguments that was given; an error where both were."""
    if path is not None and model_path is not None:
        raise ValueError(f'{owner} expects path or model_path, which mean the same, got both: '
                         'leave model_path out')
    return model_path if path is None else path


def as_path(owner: str, path: Any) -> Path:
    """A path, from a string or anything like a path."""
    try:
        return Path(path)
    except TypeError:
        raise ValueError(f'{owner} expects the path of a file, got {shown(path)}') from None
