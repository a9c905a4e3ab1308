"""How does a file become a network again? Every entry is checked before it is believed."""
from __future__ import annotations

import json
import math
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from epynn.commons.checks import one_of
from epynn.commons.library import ModelFileError
from epynn.commons.loss import losses
from epynn.commons.metrics import metrics as known_metrics
from epynn.commons.metrics import of_values
from epynn.commons.models import Layer
from epynn.display.html import Metrics
from epynn.embedding.encoding import SCALES, Classes, Symbols, from_settings
from epynn.layers import layers as known_layers
from epynn.network.file import FORMAT, VERSION, known_functions
from epynn.network.hyperparameters import model_hyperparameters
from epynn.network.models import EpyNN
from epynn.settings import se_hPars as default_hPars
from epynn.speed.memory import keep_freed_memory

MAX_HEADER, MAX_PARTS, MAX_LAYERS = 2**26, 10**6, 10**4     # bytes, lists and dicts, layers
MAX_PAUSE = 128                         # passes that a recurrent layer goes without windows
Entry = dict[str, Any]


def read_file(path: Path, custom_objects: Mapping[str, Any]) -> EpyNN:
    """The network that a file describes."""
    if not path.is_file():
        raise FileNotFoundError(f'read_model found no file {path}')
    with open(path, 'rb') as file:
        try:
            with zipfile.ZipFile(file) as archive:
                return build_model(archive, path.stat().st_size, custom_objects)
        except ModelFileError as error:
            raise ModelFileError(f'{path} cannot be read as a model: {error}') from None
        except Exception as error:          # whatever a damaged file leads to
            raise ModelFileError(f'{path} cannot be read as a model: it is damaged or not one '
                                 f'({type(error).__name__}: {error})') from error


def build_model(archive: zipfile.ZipFile, size: int, custom_objects: Mapping[str, Any]) -> EpyNN:
    """The network that an archive describes."""
    check_members(archive, size)
    head = read_header(archive)
    if head['version'] == 1:
        head = from_version_1(head)
    check_progress(head)
    layers = [make_layer(entry, custom_objects) for entry in head['layers']]
    model = EpyNN(layers, name=head['name'])
    read_settings(model, head, custom_objects)
    read_encoding(model, head)

    expected = {'header.npy'}
    for i, (layer, entry) in enumerate(zip(model.layers, head['layers'], strict=True)):
        expected |= read_state(archive, layer, entry, f'layer{i}', model)
    strange = sorted(set(archive.namelist()) - expected)
    if strange:
        raise ModelFileError(f'it has parts that no model has, such as {strange[0][:80]!r}')
    model.claim_layers()
    model.skip_gradient_by_data()
    model.initialized = True
    keep_freed_memory()
    return model


# The archive

def check_members(archive: zipfile.ZipFile, size: int) -> None:
    """Nothing compressed, nothing twice, nothing larger than the file."""
    members, names = archive.infolist(), archive.namelist()
    if any(m.compress_type != zipfile.ZIP_STORED for m in members) \
            or sum(m.file_size for m in members) > size:
        raise ModelFileError('its parts are compressed, or larger than the file')
    if 'header.npy' not in names:
        raise ModelFileError('it has no header')
    if len(set(names)) < len(names):
        raise ModelFileError('it has two parts of one name')


def read_header(archive: zipfile.ZipFile) -> Entry:
    """The text of JSON that a model begins with."""
    if archive.getinfo('header.npy').file_size > MAX_HEADER:
        raise ModelFileError('its header is too long')
    text = read_array(archive, 'header').tobytes()
    if text.count(b'[') + text.count(b'{') > MAX_PARTS:
        raise ModelFileError('its header has too many parts')
    head = json.loads(text)
    if not isinstance(head, dict) or head.get('format') != FORMAT:
        raise ModelFileError('it is not a model of this library')
    if head['version'] not in range(1, VERSION + 1):
        raise ModelFileError(f'its format has version {head["version"]}, but this library reads '
                             f'versions 1 to {VERSION}: install a newer epynn')
    if text.count(b'"class"') > MAX_LAYERS:
        raise ModelFileError(f'it has more than {MAX_LAYERS} layers')
    return head


def read_array(archive: zipfile.ZipFile, name: str, shape: Any = None,
               dtype: Any = None) -> np.ndarray:
    """An array of the archive, checked before any memory is given to it."""
    with archive.open(f'{name}.npy') as member:
        version = np.lib.format.read_magic(member)
        if version != (1, 0):
            raise ModelFileError(f'{name} has an unknown array format')
        found, fortran, found_dtype = np.lib.format.read_array_header_1_0(member)
        if shape is not None and (found != tuple(shape) or found_dtype != dtype):
            raise ModelFileError(f'{name} should have shape {shape} and type {dtype}, '
                                 f'has {found} and {found_dtype}')
        size = math.prod(found) * found_dtype.itemsize
        if found_dtype.hasobject or size > archive.getinfo(f'{name}.npy').file_size:
            raise ModelFileError(f'{name} is not what its size says')
        array = np.empty(found, found_dtype, order='F' if fortran else 'C')
        buffer = array.reshape(-1, order='A').view(np.uint8)
        read = 0
        while read < size:
            part = member.read(min(2**20, size - read))
            if not part:
                raise ModelFileError(f'{name} is cut short')
            buffer[read:read + len(part)] = np.frombuffer(part, np.uint8)
            read += len(part)
        if member.read(1):              # to the end, where the checksum is compared
            raise ModelFileError(f'{name} is longer than it says')
    return np.ascontiguousarray(array) if array.ndim else array


# What the header says

def from_version_1(head: Entry) -> Entry:
    """A header of format 1 as one of format 2: what format 1 could not say has its default."""
    def entry(old: Entry) -> Entry:
        kept = old['scalars']
        if 'pause' in kept:             # of a recurrent layer
            kept = {'_pause': kept['pause'], '_last_pause': kept['pauses']}
        elif not old.get('own'):        # arguments, which are among the arguments too
            kept = {}
        return {**old, 'arguments': tuples(old['arguments']), 'scalars': kept, 'trainable': True,
                'gradient_norms': old.get('gradient_norms', []),        # not in the first files
                'buffers': {}, 'optimizer': {}, 'sublayers': []}
    if head['elements']:
        inputs = {'kind': 'Symbols', 'elements': head['elements']}
    elif head['range']:
        inputs = {'kind': 'Range', 'low': head['range'][0], 'high': head['range'][1]}
    else:
        inputs = {'kind': 'Unchanged'}
    return {**head, 'inputs': inputs, 'classes': None, 'padded': False, 'task': 'classes',
            'functions': [], 'layers': [entry(old) for old in head['layers']]}


def tuples(value: Any) -> Any:
    """What a list is in format 1: a tuple."""
    if isinstance(value, list):
        return {'tuple': [tuples(v) for v in value]}
    return {k: tuples(v) for k, v in value.items()} if isinstance(value, dict) else value


def make_layer(entry: Entry, custom_objects: Mapping[str, Any]) -> Layer:
    """A layer as its constructor makes it."""
    classes = custom_objects if entry.get('own') else {**known_layers, **custom_objects}
    name = entry['class']
    if name not in classes:
        raise ModelFileError(f'it has a layer {name!r} that is not known: give the class, '
                             f'custom_objects={{{name!r}: ...}}')
    return classes[name](**{k: from_json(v, custom_objects)
                            for k, v in entry['arguments'].items()})


def from_json(value: Any, custom_objects: Mapping[str, Any]) -> Any:
    """The inverse of to_json."""
    if isinstance(value, list):
        return [from_json(v, custom_objects) for v in value]
    if not isinstance(value, dict):
        return value
    if 'tuple' in value:
        return tuple(from_json(v, custom_objects) for v in value['tuple'])
    if 'dict' in value:
        return {k: from_json(v, custom_objects) for k, v in value['dict'].items()}
    if 'layer' in value:
        return make_layer(value['layer'], custom_objects)
    return function_named(value['function'], bool(value.get('own')), custom_objects)


def function_named(name: str, own: bool, custom_objects: Mapping[str, Any]) -> Any:
    """A function of this library, or one that was given."""
    if own and custom_objects.get(name) is known_functions.get(name) is not None:
        raise ModelFileError(f'it has a function {name!r} that is not the one of this library: '
                             f'give it, custom_objects={{{name!r}: ...}}')
    functions = custom_objects if own else {**known_functions, **custom_objects}
    if name not in functions:
        raise ModelFileError(
            f'it has a function {name!r} that is not the one of this library: give it, '
            f'custom_objects={{{name!r}: ...}}' if name in known_functions else
            f'this library has no function {name!r}: give it, custom_objects={{{name!r}: ...}}')
    return functions[name]


def read_settings(model: EpyNN, head: Entry, custom_objects: Mapping[str, Any]) -> None:
    """Loss, metrics, precision, hyperparameters, and how far training went."""
    model.uname = str(head['uname'])
    model.functions = {name: function_named(name, True, custom_objects)
                       for name in head['functions']}
    names = [*known_metrics, *of_values, *losses, *model.functions]
    model.loss = one_of('The model file', 'loss', head['loss'], [*losses, *model.functions])
    for name in head['metrics']:
        one_of('The model file', 'metric', name, names)
    model.dtype = np.dtype(one_of('The model file', 'dtype', head['dtype'],
                                  ('float64', 'float32')))
    model.metrics = Metrics(head['metrics'])
    model.seed, model.e, model.epochs = head['seed'], head['epoch'], head['epochs']
    model.batch, model.steps, model.padded = head['batch'], head['steps'], head['padded'] is True
    model.task = one_of('The model file', 'task', head['task'], ('classes', 'labels', 'values'))
    given = {k: from_json(v, custom_objects) for k, v in head['hyperparameters'].items()}
    model.se_hPars = {**default_hPars, **given}
    model_hyperparameters(model, model.se_hPars)


def read_encoding(model: EpyNN, head: Entry) -> None:
    """What turns features and labels into numbers: symbols of the training data, or their scale."""
    embedding, classes = model.embedding, head['classes']
    kind = head['inputs'].pop('kind')
    expected = Symbols if embedding.X_encode else SCALES[embedding.X_scale]
    if kind != expected.__name__:
        raise ModelFileError(f'its inputs should be {expected.__name__}, as its Embedding says, '
                             f'they are {kind!r}')
    embedding.x_transform = from_settings(kind, head['inputs'])
    if classes is not None:
        if not embedding.Y_encode or not isinstance(classes, list) or len(classes) < 2 \
                or len(set(classes)) < len(classes) \
                or len({isinstance(c, str) for c in classes}) > 1 \
                or not all(isinstance(c, (str, int, float)) for c in classes):
            raise ModelFileError('its classes should be different labels, with Y_encode, or none')
        embedding.y_transform = Classes(classes)
    embedding.shuffles = head['shuffles']


def read_state(archive: zipfile.ZipFile, layer: Layer, entry: Entry, where: str,
               model: EpyNN) -> set[str]:
    """Give a layer the arrays and all else that it had; the names of the parts that were read."""
    layer.dtype = model.dtype
    sizes = entry['dimensions']
    if not set(sizes) <= set(layer.fixed_axes) or not all(is_count(v, 1) for v in sizes.values()):
        raise ModelFileError(f'it is damaged: {layer.title} cannot have the dimensions {sizes}')
    layer.d.update(sizes)
    layer.trainable = entry['trainable']
    layer.lrate, layer.gradient_norms = entry['learning_rates'], entry['gradient_norms']
    layer.o.update(scalars(layer, entry))
    layer.rng = np.random.default_rng(0)

    shapes = {k: tuple(v) for k, v in entry['parameters'].items()}
    if shapes != layer.compute_shapes():
        raise ModelFileError(f'{layer.title} should have parameters of shapes '
                             f'{layer.compute_shapes()}, has {shapes}')
    if entry['buffers']:
        layer.initialize_parameters()           # it makes buffers too
    if {name: list(kind[0]) for name, kind in entry['buffers'].items()} != {
            name: list(np.shape(B)) for name, B in layer.buffers.items()}:
        raise ModelFileError(f'{layer.title} should have buffers of the names and shapes that it '
                             'makes in initialize_parameters')
    layer.p = {name: read_array(archive, f'{where}.{name}', shape, model.dtype)
               for name, shape in shapes.items()}
    layer.buffers = {name: read_array(archive, f'{where}.buffers.{name}', *kind)
                     for name, kind in entry['buffers'].items()}
    layer.optimizer_state = {parameter: {
        name: read_array(archive, f'{where}.optimizer.{parameter}.{name}', *kind)
        for name, kind in arrays.items()} for parameter, arrays in entry['optimizer'].items()}
    for parameter, arrays in layer.optimizer_state.items():
        if parameter not in shapes or any(A.shape not in (shapes[parameter], ())
                                          for A in arrays.values()):
            raise ModelFileError(f'{layer.title} has the state of an optimizer for other '
                                 f'parameters than {", ".join(shapes) or "none"}, or other shapes')
    layer.fs.update(shapes)
    if entry['generator']:
        layer.rng.bit_generator.state = entry['generator']
    read = {f'{where}.{name}.npy' for name in (
        *layer.p, *(f'buffers.{name}' for name in layer.buffers),
        *(f'optimizer.{parameter}.{name}' for parameter, arrays in layer.optimizer_state.items()
          for name in arrays))}
    for j, (inner, its) in enumerate(zip(layer.sublayers, entry['sublayers'], strict=True)):
        read |= read_state(archive, inner, its, f'{where}.{j}', model)
    return read


def scalars(layer: Layer, entry: Entry) -> Entry:
    """Other scalars: those of the library's layers are counts, those of one's own anything."""
    given = {k: from_json(v, {}) for k, v in entry['scalars'].items()}
    if type(layer) in known_layers.values() and not (
            set(given) == set(layer.o) and all(is_count(v) and v <= MAX_PAUSE
                                               for v in given.values())):
        raise ModelFileError(f'it is damaged: {layer.title} cannot have the scalars {given}')
    return given


def is_count(value: Any, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def check_progress(head: Entry) -> None:
    """Epochs, seed, metrics and learning rates as a network that was trained has them."""
    for name in ('epoch', 'epochs', 'batch', 'shuffles', 'steps', 'seed'):
        if not is_count(head[name]):
            raise ModelFileError(f'its {name} should be an integer of 0 or more, is {head[name]!r}')
    epoch = head['epoch']
    if head['shuffles'] > epoch + 1000:         # an epoch shuffles once, each time tried
        raise ModelFileError(f'its samples were shuffled {head["shuffles"]} times in '
                             f'{epoch} epochs, which no training does')
    for name, sets in head['metrics'].items():
        if not (isinstance(sets, list) and len(sets) == 3 and all(
                isinstance(values, list) and len(values) in (0, epoch)
                and all(isinstance(v, float) for v in values) for values in sets)):
            raise ModelFileError(f'its metrics should have {epoch} numbers of {name} for '
                                 'each of three sets, or none, as its epoch says')
    for entry in head['layers']:
        check_layer_progress(entry, epoch)


def check_layer_progress(entry: Entry, epoch: int) -> None:
    """Learning rates and gradient norms of a layer, and of those in it."""
    rates, norms = entry['learning_rates'], entry['gradient_norms']
    if (entry['parameters'] and len(rates) < epoch) or not all(
            isinstance(v, (int, float)) and 0 <= v <= 1e308 for v in rates):
        raise ModelFileError(f'it should have {epoch} learning rates, as its epoch says')
    if not (isinstance(norms, list) and len(norms) in (0, epoch)
            and all(isinstance(v, float) for v in norms)):
        raise ModelFileError(f'it should have {epoch} gradient norms, as its epoch says, or none')
    for inner in entry['sublayers']:
        check_layer_progress(inner, epoch)
