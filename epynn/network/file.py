"""What of a network goes into a file? All but its data, as arrays and a text of JSON.

A model file is a NumPy archive (``.npz``, nothing compressed, nothing pickled): ``header``, a
JSON text, and an array ``layer<i>.<name>`` for each parameter of the layer at position i, with
``layer<i>.buffers.<name>`` and ``layer<i>.optimizer.<parameter>.<name>`` where there are any; those
of the layers in it are ``layer<i>.<j>.<name>`` and so on. Layers and functions are named in the
header and looked up in the tables of this library, never imported by a name that a file gives.
"""
from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

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
from epynn.network.names import another_name, claim, is_file_name, is_own
from epynn.network.saving import save
from epynn.settings import se_hPars as default_hPars

if TYPE_CHECKING:
    from epynn.network.models import EpyNN

FORMAT, VERSION = 'epynn model', 2
MOST_BITS = 10_000                      # Python reads no integers of more than 4300 digits
Own = dict[str, Any]                    # functions and classes of one's own, by name

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
        ``models/<uname>.npz`` by default. If a file is there that this network has not written,
        nor was read from, it takes another ``uname`` first. A path that is given is written to
        in any case. The file is complete or not there, see :mod:`epynn.network.saving`.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    RuntimeError
        If the network was never initialized.
    ValueError
        Where it has something that could not be read back, saying what.
    OSError
        Where it cannot be written; a file that was there before is kept.
    """
    model.check_ready('write')
    if path is None:
        path = write_by_its_name(model)
    else:
        path = as_path('write', path)
        save(path, partial(write_archive, contents(model)))
    claim(model, path)
    return path


def write_by_its_name(model: EpyNN) -> Path:
    """Write a network to a file of its own, under another name where its own is taken."""
    name = model.uname
    while True:
        write = partial(write_archive, contents(model))     # the uname is among the contents
        path = Path('models', f'{model.uname}.npz')
        own = is_own(model, path)
        if (own or not path.exists()) and save(path, write, overwrite=own):
            return path
        model.uname = another_name(name)


def write_archive(arrays: dict[str, np.ndarray], file: BinaryIO) -> None:
    """Write arrays as a NumPy archive, nothing compressed, nothing pickled."""
    with zipfile.ZipFile(file, 'w') as archive:
        for name, A in arrays.items():
            with archive.open(f'{name}.npy', 'w', force_zip64=True) as member:
                np.lib.format.write_array(member, A, allow_pickle=False)


def contents(model: EpyNN) -> dict[str, np.ndarray]:
    """All that the file of a network holds, by name, after a look at whether it can be read back.

    Raises
    ------
    ValueError
        Where it could not, saying what is in the way.
    """
    from epynn.network.reading import check_readable  # it makes an EpyNN, which writes itself

    arrays: dict[str, np.ndarray] = {}
    for i, layer in enumerate(model.layers):
        with said_of(layer.title):
            collect(arrays, layer, f'layer{i}', model.dtype)
    own: Own = {}
    with said_of('the network'):
        text = json.dumps(header(model, own)).encode()
    check_readable(text, arrays, own)
    return {'header': np.frombuffer(text, np.uint8), **arrays}


@contextmanager
def said_of(what: str) -> Iterator[None]:
    """Whatever goes wrong because something strange was put somewhere is an error of what it is."""
    try:
        yield
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(f'write cannot write {what}, which has something that does not belong '
                         f'there: {type(error).__name__}, {error}') from error


def collect(arrays: dict[str, np.ndarray], layer: Layer, where: str, dtype: np.dtype) -> None:
    """Add the arrays of a layer, and of those in it, by the names that they have in a file."""
    check_parameters(layer, dtype)
    for name, W in layer.p.items():
        arrays[f'{where}.{name}'] = W
    for name, B in layer.buffers.items():
        arrays[f'{where}.buffers.{name}'] = numbers(B, f'buffers[{name!r}] of {layer.title}')
    for parameter, kept in layer.optimizer_state.items():
        for name, A in kept.items():
            arrays[f'{where}.optimizer.{parameter}.{name}'] = numbers(
                A, f'optimizer_state[{parameter!r}][{name!r}] of {layer.title}')
    for name in (*layer.p, *layer.buffers, *layer.optimizer_state,
                 *(name for kept in layer.optimizer_state.values() for name in kept)):
        if not isinstance(name, str) or not name.isidentifier():
            raise ValueError(f"write expects the names of arrays to be letters, digits and '_', "
                             f'such as W_1, got {name!r} in {layer.title}')
    for j, sublayer in enumerate(layer.sublayers):
        collect(arrays, sublayer, f'{where}.{j}', dtype)


def check_parameters(layer: Layer, dtype: np.dtype) -> None:
    """An error unless the parameters are those that a layer like this one has."""
    if missing := [letter for letter in layer.fixed_axes if letter not in layer.d]:
        raise ValueError(f'write expects {layer.title} to know its dimension {missing[0]}: it was '
                         'added to a network that is initialized, initialize() it again')
    shapes = layer.compute_shapes()
    for name, W in layer.p.items():
        if not isinstance(W, np.ndarray) or W.dtype != dtype or W.shape != shapes.get(name):
            raise ValueError(f'write expects p[{name!r}] of {layer.title} to have type {dtype} and '
                             f'shape {shapes.get(name, "of a parameter that it has")}, got '
                             f'{getattr(W, "dtype", type(W).__name__)} and {np.shape(W)}: change '
                             f'values in place, p[{name!r}][:] = ..., or make another layer')
    for name in shapes:
        if name not in layer.p:
            raise ValueError(f'write expects a parameter {name} in {layer.title}, found '
                             f'{", ".join(layer.p) or "none"}: initialize the network')


def numbers(A: Any, what: str) -> np.ndarray:
    """An array of numbers, or an error that says what it is not."""
    A = np.asarray(A)
    if A.dtype.kind not in 'biufc':
        raise ValueError(f'write expects {what} to be an array of numbers, got one of {A.dtype}')
    return A


def header(model: EpyNN, own: Own | None = None) -> dict[str, Any]:
    """All of a network but its arrays, in the types of JSON; what is one's own goes to ``own``."""
    own = {} if own is None else own
    embedding = model.embedding
    if not is_file_name(model.uname):
        raise ValueError('write expects uname to be the name of a file, without a directory, got '
                         f'{shown(model.uname)}')
    for name, function in model.functions.items():
        note(own, name, function)
    return {
        'format': FORMAT, 'version': VERSION,
        'name': model.name, 'uname': model.uname,
        'layers': [{**recipe(layer, own), **state(layer, own)} for layer in model.layers],
        'inputs': {'kind': type(embedding.x_transform).__name__,
                   **embedding.x_transform.settings()},
        'classes': None if embedding.y_transform is None else embedding.y_transform.classes,
        'steps': model.steps, 'padded': model.padded,
        'per_step': model.per_step, 'task': model.task,
        'sample_shape': None if model.sample_shape is None else list(model.sample_shape),
        'class_weights': None if model.class_weights is None else [
            [to_json(label), float(weight)] for label, weight in model.class_weights.items()],
        'loss': model.loss, 'functions': list(model.functions), 'dtype': model.dtype.name,
        'hyperparameters': {k: to_json(v, f'se_hPars[{k!r}]', own)
                            for k, v in {**default_hPars, **model.se_hPars}.items()},
        'metrics': {name: [floats(values, f'metrics[{name!r}]') for values in sets]
                    for name, sets in model.metrics.items()},
        **{name: to_json(value, name) for name, value in (
            ('seed', model.seed), ('epoch', model.e), ('epochs', model.epochs),
            ('batch', model.batch), ('shuffles', embedding.shuffles))},
    }


def recipe(layer: Layer, own: Own) -> dict[str, Any]:
    """How a layer is made again: its class and its arguments."""
    name, kind = type(layer).__name__, type(layer)
    is_own = known_layers.get(name, kind) is not kind
    if is_own or name not in known_layers:
        note(own, name, kind)
    return {'class': name, **({'own': True} if is_own else {}),
            'arguments': {k: to_json(v, f'{k} of {layer.title}', own)
                          for k, v in layer.arguments().items()}}


def state(layer: Layer, own: Own, outer: Layer | None = None) -> dict[str, Any]:
    """What became of a layer since it was made, but for the numbers in its arrays.

    Parameters
    ----------
    own : dict
        Where functions of one's own are noted.
    outer : Layer, optional
        The layer that holds this one; most often both draw from one generator.
    """
    shared = outer is not None and layer.rng is outer.rng
    return {
        'dimensions': {k: to_json(layer.d[k], f'd[{k!r}] of {layer.title}')
                       for k in layer.fixed_axes if k in layer.d},
        'parameters': {name: list(W.shape) for name, W in layer.p.items()},
        'buffers': {name: kind(B) for name, B in layer.buffers.items()},
        'optimizer': {parameter: {name: kind(A) for name, A in arrays.items()}
                      for parameter, arrays in layer.optimizer_state.items() if arrays},
        'scalars': {text(k, f'o of {layer.title}'): to_json(v, f"o[{k!r}] of {layer.title}", own)
                    for k, v in layer.o.items() if k != 'seed'},    # that of the network
        'trainable': bool(layer.trainable),
        'learning_rates': floats(layer.lrate, f'lrate of {layer.title}'),
        'gradient_norms': floats(layer.gradient_norms, f'gradient_norms of {layer.title}'),
        'gradient_norm': last_norm(layer) if layer.p else None,
        'generator': None if shared else generator(layer),
        'sublayers': [state(sublayer, own, layer) for sublayer in layer.sublayers],
    }


def last_norm(layer: Layer) -> float:
    """Norm of the last gradients, which an epoch that was interrupted records at its end."""
    with np.errstate(all='ignore'):
        return layer.gradient_norm()


def generator(layer: Layer) -> dict[str, Any]:
    """State of the generator of a layer."""
    found = dict(layer.rng.bit_generator.state)
    if found['bit_generator'] != 'PCG64':
        raise ValueError(f'write expects {layer.title} to draw from a generator of NumPy as '
                         f"np.random.default_rng makes it, got {found['bit_generator']}")
    return found


def kind(A: Any) -> list[Any]:
    """Shape and type of an array."""
    return [list(np.shape(A)), np.asarray(A).dtype.str]


def floats(values: Iterable[Any], what: str) -> list[float]:
    """A list of floats, or an error that says what it is not."""
    try:
        return [float(value) for value in values]
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f'write expects {what} to be a list of numbers, got '
                         f'{shown(values)}') from None


def text(key: Any, what: str) -> str:
    """A key that is text, or an error."""
    if not isinstance(key, str):
        raise ValueError(f'write expects the keys in {what} to be text, got {shown(key)}')
    return key


def note(own: Own, name: str, value: Any) -> None:
    """Note what is one's own; an error for two of one name, which a file could not tell apart."""
    if own.setdefault(name, value) is not value:
        what = 'classes' if isinstance(value, type) else 'functions'
        raise ValueError(f'write cannot tell two {what} called {name!r} apart: give each a name '
                         'of its own, with ' + ('class' if isinstance(value, type) else 'def'))


def to_json(value: Any, what: str = 'a hyperparameter', own: Own | None = None) -> Any:
    """A value in the types of JSON: a function as its name, a layer as its recipe."""
    own = {} if own is None else own
    if isinstance(value, Layer):
        return {'layer': recipe(value, own)}
    if callable(value):
        return function_to_json(value, what, own)
    if isinstance(value, np.ndarray):
        return {'array': to_json(value.tolist(), what),
                'shape': list(value.shape), 'dtype': value.dtype.str}
    if isinstance(value, tuple):
        return {'tuple': [to_json(v, what, own) for v in value]}
    if isinstance(value, list):
        return [to_json(v, what, own) for v in value]
    if isinstance(value, dict):
        if all(isinstance(k, str) for k in value):
            return {'dict': {k: to_json(v, what, own) for k, v in value.items()}}
        return {'dict': [[to_json(k, what, own), to_json(v, what, own)]
                         for k, v in value.items()]}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise ValueError(f'write cannot write {what}, an integer of {value.bit_length()} bits')
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise ValueError(f'write cannot write {what}, {shown(value)}: a file holds numbers, text, '
                     'lists and dicts of them, functions and layers')


def function_to_json(function: Any, what: str, own: Own) -> dict[str, Any]:
    """A function as its name, and whether it is one's own."""
    name = getattr(function, '__name__', None)
    if name is None:
        raise ValueError(f'write cannot write {what}, {shown(function)}, which has no name: give '
                         "its parameters in se_hPars, such as {'LRELU_alpha': 0.1}, or write "
                         'it as a function, with def')
    if known_functions.get(name) is function:
        return {'function': name}
    note(own, name, function)
    return {'function': name, **({'own': True} if name in known_functions else {})}
