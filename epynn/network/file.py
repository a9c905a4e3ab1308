"""What of a network goes into a file? All but its data, as arrays and a text of JSON.

A model file is a NumPy archive (``.npz``, nothing compressed, nothing pickled): ``header``, a
JSON text, and an array ``layer<i>.<name>`` for each parameter of the layer at position i, with
``layer<i>.buffers.<name>`` and ``layer<i>.optimizer.<parameter>.<name>`` where there are any; those
of the layers in it are ``layer<i>.<j>.<name>`` and so on. Layers and functions are named in the
header and looked up in the tables of this library, never imported by a name that a file gives.
"""
from __future__ import annotations

import json
import os
import tempfile
import zipfile
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.commons.arguments import explained
from epynn.commons.checks import shown
from epynn.commons.library import as_path
from epynn.commons.loss import losses
from epynn.commons.maths import activations, initializations
from epynn.commons.metrics import metrics
from epynn.commons.models import Layer
from epynn.commons.optimizers import optimizers
from epynn.commons.schedule import schedules
from epynn.layers import layers as known_layers

if TYPE_CHECKING:
    from epynn.network.models import EpyNN

FORMAT, VERSION = 'epynn model', 2

# The functions that a file may name
known_functions: dict[str, Any] = {
    **activations, **initializations, **losses, **metrics, **schedules, **optimizers,
    'max': np.max, 'min': np.min, 'mean': np.mean}


@explained
def model_write(model: EpyNN, path: str | PathLike[str] | None = None) -> Path:
    """Write the network to a file: all that it takes to predict and to go on training.

    Parameters
    ----------
    path : str or path-like, optional
        ``models/<uname>.npz`` by default. The file is complete or not there: it is written under
        another name first, then renamed.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    RuntimeError
        If the network was never initialized.
    ValueError
        Where it has something that could not be read back.
    OSError
        Where it cannot be written; a file that was there before is kept.
    """
    model.check_ready('write')
    path = Path('models', f'{model.uname}.npz') if path is None else as_path('write', path)
    if path.is_dir():
        raise IsADirectoryError(f'write expects the path of a file, got the directory {path}')
    arrays: dict[str, np.ndarray] = {}
    for i, layer in enumerate(model.layers):
        collect(arrays, layer, f'layer{i}', model.dtype)
    check_names(model)
    text = json.dumps(header(model)).encode()
    write_archive(path, {'header': np.frombuffer(text, np.uint8), **arrays})
    return path


def write_archive(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write arrays to a file that is complete or not there."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f'.{path.name}.',
                                             suffix='.tmp')
        with os.fdopen(handle, 'wb') as file:
            with zipfile.ZipFile(file, 'w') as archive:
                for name, A in arrays.items():
                    with archive.open(f'{name}.npy', 'w', force_zip64=True) as member:
                        np.lib.format.write_array(member, A, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)         # as any new file, not as a private one
        os.replace(temporary, path)
    except BaseException as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OSError(error.errno, f'{error.strerror}: the network was not written, and a '
                          'file that was there before is as it was', str(path)) from error
        raise


def collect(arrays: dict[str, np.ndarray], layer: Layer, where: str, dtype: np.dtype) -> None:
    """Add the arrays of a layer, and of those in it, by the names that they have in a file."""
    shapes = layer.compute_shapes()
    for name, W in layer.p.items():
        if W.dtype != dtype or W.shape != shapes.get(name):
            raise ValueError(f'write expects p[{name!r}] of {layer.title} to have type {dtype} and '
                             f'shape {shapes.get(name, "of a parameter that it has")}, got '
                             f'{W.dtype} and {W.shape}: change values in place, p[{name!r}][:] = '
                             '..., or make another layer')
        arrays[f'{where}.{name}'] = W
    for name in shapes:
        if name not in layer.p:
            raise ValueError(f'write expects a parameter {name} in {layer.title}, found '
                             f'{", ".join(layer.p) or "none"}: initialize the network')
    for name, B in layer.buffers.items():
        arrays[f'{where}.buffers.{name}'] = np.asarray(B)
    for parameter, state in layer.optimizer_state.items():
        for name, A in state.items():
            arrays[f'{where}.optimizer.{parameter}.{name}'] = np.asarray(A)
    for j, sublayer in enumerate(layer.sublayers):
        collect(arrays, sublayer, f'{where}.{j}', dtype)


def check_names(model: EpyNN) -> None:
    """An error for two functions of one name, which a file could not tell apart."""
    seen: dict[str, Any] = dict(model.functions)
    for layer in model.walk():
        for f in (*layer.arguments().values(), *layer.se_hPars.values()):
            name = str(getattr(f, '__name__', None))
            if callable(f) and name not in known_functions and seen.setdefault(name, f) is not f:
                raise ValueError(f'write cannot tell two functions called {name!r} apart: give '
                                 'each a name of its own, with def')


def header(model: EpyNN) -> dict[str, Any]:
    """All of a network but its arrays, in the types of JSON."""
    embedding = model.embedding
    return {
        'format': FORMAT, 'version': VERSION,
        'name': model.name, 'uname': model.uname,
        'layers': [{**recipe(layer), **state(layer)} for layer in model.layers],
        'inputs': {'kind': type(embedding.x_transform).__name__,
                   **embedding.x_transform.settings()},
        'classes': None if embedding.y_transform is None else embedding.y_transform.classes,
        'steps': model.steps, 'padded': model.padded, 'task': model.task,
        'loss': model.loss, 'functions': list(model.functions), 'dtype': model.dtype.name,
        'hyperparameters': {k: to_json(v) for k, v in model.se_hPars.items()},
        'metrics': model.metrics, 'seed': model.seed,
        'epoch': model.e, 'epochs': model.epochs, 'batch': model.batch,
        'shuffles': embedding.shuffles,
    }


def recipe(layer: Layer) -> dict[str, Any]:
    """How a layer is made again: its class and its arguments."""
    name = type(layer).__name__
    own = known_layers.get(name, type(layer)) is not type(layer)
    return {'class': name, **({'own': True} if own else {}),
            'arguments': {k: to_json(v, f'{k} of {layer.title}')
                          for k, v in layer.arguments().items()}}


def state(layer: Layer) -> dict[str, Any]:
    """What became of a layer since it was made, but for the numbers in its arrays."""
    return {
        'dimensions': {k: layer.d[k] for k in layer.fixed_axes if k in layer.d},
        'parameters': {name: list(W.shape) for name, W in layer.p.items()},
        'buffers': {name: kind(B) for name, B in layer.buffers.items()},
        'optimizer': {parameter: {name: kind(A) for name, A in arrays.items()}
                      for parameter, arrays in layer.optimizer_state.items() if arrays},
        'scalars': {k: to_json(v, f"o[{k!r}] of {layer.title}") for k, v in layer.o.items()},
        'trainable': bool(layer.trainable),
        'learning_rates': layer.lrate,
        'gradient_norms': layer.gradient_norms,
        'generator': layer.rng.bit_generator.state,
        'sublayers': [state(sublayer) for sublayer in layer.sublayers],
    }


def kind(A: Any) -> list[Any]:
    """Shape and type of an array."""
    return [list(np.shape(A)), np.asarray(A).dtype.str]


def to_json(value: Any, what: str = 'a hyperparameter') -> Any:
    """A value in the types of JSON: a function as its name, a layer as its recipe."""
    if isinstance(value, Layer):
        return {'layer': recipe(value)}
    if callable(value):
        name = getattr(value, '__name__', None)
        if name is None:
            raise ValueError(f'write cannot write {what}, {shown(value)}, which has no name: give '
                             "its parameters in se_hPars, such as {'LRELU_alpha': 0.1}, or write "
                             'it as a function, with def')
        own = known_functions.get(name, value) is not value
        return {'function': name, **({'own': True} if own else {})}
    if isinstance(value, np.ndarray):
        return to_json(value.tolist(), what)
    if isinstance(value, tuple):
        return {'tuple': [to_json(v, what) for v in value]}
    if isinstance(value, list):
        return [to_json(v, what) for v in value]
    if isinstance(value, dict):
        return {'dict': {str(k): to_json(v, what) for k, v in value.items()}}
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise ValueError(f'write cannot write {what}, {shown(value)}: a file holds numbers, text, '
                     'lists and dicts of them, functions and layers')
