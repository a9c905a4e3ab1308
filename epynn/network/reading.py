"""How does a file become a network again? Every entry is checked before it is believed."""
from __future__ import annotations

import json
import math
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from epynn.commons.checks import check_takes, flag, one_of, shown
from epynn.commons.library import ModelFileError
from epynn.commons.loss import losses
from epynn.commons.metrics import metrics as known_metrics
from epynn.commons.metrics import of_outputs
from epynn.commons.models import Layer
from epynn.commons.optimizers import optimizers
from epynn.commons.schedule import schedules
from epynn.display.html import Metrics
from epynn.embedding.encoding import SCALES, Classes, Symbols, from_settings, plain
from epynn.layers import layers as known_layers
from epynn.network.checks import check_loss, check_metrics
from epynn.network.file import FORMAT, VERSION, header, known_functions
from epynn.network.hyperparameters import model_hyperparameters
from epynn.network.models import EpyNN
from epynn.network.names import claim, clean, give_back, is_file_name
from epynn.network.shapes import shape_after
from epynn.settings import se_hPars as default_hPars
from epynn.speed.memory import keep_freed_memory

MAX_HEADER, MAX_PARTS, MAX_LAYERS = 2**30, 10**6, 10**4     # bytes, lists and dicts, layers
MAX_PAUSE = 128                         # passes that a recurrent layer goes without windows
Entry = dict[str, Any]


def read_file(path: Path, custom_objects: Mapping[str, Any]) -> EpyNN:
    """The network that a file describes."""
    if not path.is_file():
        raise FileNotFoundError(f'read_model found no file {path}')
    with open(path, 'rb') as file:
        try:
            with zipfile.ZipFile(file) as archive:
                check_members(archive, path.stat().st_size)
                head = read_header(read_array(archive, 'header').tobytes())
                model = build_model(head, Members(archive), custom_objects)
        except ModelFileError as error:
            raise ModelFileError(f'{path} cannot be read as a model: {error}') from None
        except Exception as error:          # whatever a damaged file leads to
            raise ModelFileError(f'{path} cannot be read as a model: it is damaged or not one '
                                 f'({type(error).__name__}: {error})') from error
    claim(model, path)
    return model


def check_readable(text: bytes, arrays: dict[str, np.ndarray],
                   custom_objects: Mapping[str, Any]) -> None:
    """An error for a network that a file would not give back, before one is written.

    Parameters
    ----------
    text : bytes
        The header.
    arrays : dict of numpy.ndarray
        All others, by their names in the file.
    custom_objects : dict
        What is one's own, by name.

    Raises
    ------
    ValueError
        Where it would be refused, or be another network.
    """
    try:
        again = build_model(read_header(text), Held(arrays), custom_objects)
        changed = difference(json.loads(text), json.loads(json.dumps(header(again))))
    except Exception as error:
        raise ValueError('write cannot write the network, which could not be read back: '
                         f'{error}') from error
    if changed:
        raise ValueError(f'write cannot write the network, which would be read back with another '
                         f'{changed}')


def difference(before: Any, after: Any, where: str = '') -> str:
    """Where two headers differ first, and how; empty where they do not."""
    if isinstance(before, dict) and isinstance(after, dict) and set(before) == set(after):
        pairs: Any = ((k, before[k], after[k]) for k in before)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = ((i, *pair) for i, pair in enumerate(zip(before, after, strict=True)))
    else:
        same = repr(before) == repr(after)              # nan is nan, 1 is not 1.0
        return '' if same else f'{where}, {shown(after)} instead of {shown(before)}'
    found = (difference(b, a, f'{where}.{key}' if where else str(key)) for key, b, a in pairs)
    return next(filter(None, found), '')


def build_model(head: Entry, parts: Parts, custom_objects: Mapping[str, Any]) -> EpyNN:
    """The network that a header and arrays describe."""
    if head['version'] == 1:
        head = from_version_1(head)
    check_progress(head)
    layers = [make_layer(entry, custom_objects) for entry in head['layers']]
    model = EpyNN(layers, name=text(head, 'name'))
    read_settings(model, head, custom_objects)
    read_encoding(model, head)

    expected = {'header'}
    for i, (layer, entry) in enumerate(zip(model.layers, head['layers'], strict=True)):
        expected |= read_state(parts, layer, entry, f'layer{i}', model)
    strange = sorted(parts.names() - expected)
    if strange:
        raise ModelFileError(f'it has parts that no model has, such as {strange[0][:80]!r}')
    check_fit(model)
    model.claim_layers()
    model.skip_gradient_by_data()
    model.initialized = True
    keep_freed_memory()
    return model


# Where the arrays are

class Parts(Protocol):
    """Arrays by name."""

    def names(self) -> set[str]:
        """Names of all of them."""

    def array(self, name: str, shape: Any, dtype: Any) -> np.ndarray:
        """One of them, which has to have that shape and type."""


class Held:
    """Arrays of a network, as they are."""

    def __init__(self, arrays: dict[str, np.ndarray]) -> None:
        self.arrays = arrays

    def names(self) -> set[str]:
        return set(self.arrays)

    def array(self, name: str, shape: Any, dtype: Any) -> np.ndarray:
        A = self.arrays[name]
        if (A.shape, A.dtype) != (tuple(shape), np.dtype(dtype)):
            raise ModelFileError(f'{name} should have shape {shape} and type {dtype}, '
                                 f'has {A.shape} and {A.dtype}')
        return A


class Members:
    """Arrays of an archive, read one by one."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def names(self) -> set[str]:
        return {name[:-4] if name.endswith('.npy') else f'{name}, which is no array'
                for name in self.archive.namelist()}

    def array(self, name: str, shape: Any, dtype: Any) -> np.ndarray:
        return read_array(self.archive, name, shape, dtype)


# The archive

def check_members(archive: zipfile.ZipFile, size: int) -> None:
    """Nothing compressed, nothing twice, nothing larger than the file."""
    members, names = archive.infolist(), archive.namelist()
    if any(m.compress_type != zipfile.ZIP_STORED for m in members) \
            or sum(m.file_size for m in members) > size:
        raise ModelFileError('its parts are compressed, or larger than the file')
    if 'header.npy' not in names:
        raise ModelFileError('it has no header')
    if archive.getinfo('header.npy').file_size > MAX_HEADER:
        raise ModelFileError('its header is too long')
    if len(set(names)) < len(names):
        raise ModelFileError('it has two parts of one name')


def read_header(text: bytes) -> Entry:
    """The text of JSON that a model begins with."""
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
                'gradient_norm': nan if old['parameters'] else None,
                'buffers': {}, 'optimizer': {}, 'sublayers': []}
    nan = float('nan')
    if head['elements']:
        inputs = {'kind': 'Symbols', 'elements': head['elements']}
    elif head['range']:
        inputs = {'kind': 'Range', 'low': head['range'][0], 'high': head['range'][1]}
    else:
        inputs = {'kind': 'Unchanged'}
    units = head['layers'][-1]['arguments'].get('units', 1)
    encoded = head['layers'][0]['arguments'].get('Y_encode') and units > 1
    return {**head, 'uname': clean(head['uname']), 'inputs': inputs, 'padded': False,
            'per_step': False, 'classes': list(range(units)) if encoded else None,
            'task': 'classes', 'sample_shape': None, 'class_weights': None, 'functions': [],
            'layers': [entry(old) for old in head['layers']]}


def tuples(value: Any) -> Any:
    """What a list is in format 1: a tuple."""
    if isinstance(value, list):
        return {'tuple': [tuples(v) for v in value]}
    return {k: tuples(v) for k, v in value.items()} if isinstance(value, dict) else value


def make_layer(entry: Entry, custom_objects: Mapping[str, Any]) -> Layer:
    """A layer as its constructor makes it."""
    classes = custom_objects if entry.get('own') else {**custom_objects, **known_layers}
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
        pairs = value['dict'].items() if isinstance(value['dict'], dict) else [
            (from_json(k, custom_objects), v) for k, v in value['dict']]
        return {k: from_json(v, custom_objects) for k, v in pairs}
    if 'array' in value:
        return array_from_json(value)
    if 'layer' in value:
        return make_layer(value['layer'], custom_objects)
    return function_named(value['function'], bool(value.get('own')), custom_objects)


def array_from_json(value: Entry) -> np.ndarray:
    """An array among the arguments of a layer."""
    given = np.dtype(value['dtype'])
    if given.kind not in 'biufcU':
        raise ModelFileError(f'it has an array of {given}')
    A = np.array(value['array'], None if given.kind == 'U' else given).reshape(value['shape'])
    return A.astype(given) if A.size else np.empty(A.shape, given)


def function_named(name: str, own: bool, custom_objects: Mapping[str, Any]) -> Any:
    """A function of this library, or one that was given."""
    if own and custom_objects.get(name) is known_functions.get(name) is not None:
        raise ModelFileError(f'it has a function {name!r} that is not the one of this library: '
                             f'give it, custom_objects={{{name!r}: ...}}')
    functions = custom_objects if own else {**custom_objects, **known_functions}
    if name not in functions:
        raise ModelFileError(
            f'it has a function {name!r} that is not the one of this library: give it, '
            f'custom_objects={{{name!r}: ...}}' if name in known_functions else
            f'this library has no function {name!r}: give it, custom_objects={{{name!r}: ...}}')
    return functions[name]


def read_settings(model: EpyNN, head: Entry, custom_objects: Mapping[str, Any]) -> None:
    """Loss, metrics, precision, hyperparameters, and how far training went."""
    give_back(model.uname)
    model.uname = head['uname']
    if not is_file_name(model.uname):
        raise ModelFileError(f'its uname should be the name of a file, is {shown(model.uname)}')
    model.functions = {name: function_named(name, True, custom_objects)
                       for name in head['functions']}
    model.dtype = np.dtype(one_of('The model file', 'dtype', head['dtype'],
                                  ('float64', 'float32')))
    model.seed, model.e, model.epochs = head['seed'], head['epoch'], head['epochs']
    model.batch, model.steps = head['batch'], head['steps']
    model.padded = flag('The model file', 'padded', head['padded'])
    model.per_step = flag('The model file', 'per_step', head['per_step'])
    model.sample_shape = read_sample_shape(head)
    model.class_weights = read_class_weights(head['class_weights'])
    model.task = one_of('The model file', 'task', head['task'], ('classes', 'labels', 'values'))
    read_functions(model, head)
    given = {k: from_json(v, custom_objects) for k, v in head['hyperparameters'].items()}
    for key, known in (('schedule', schedules), ('optimizer', optimizers)):
        for hPars in (given, *(layer.se_hPars.maps[0] for layer in model.walk())):
            value = hPars.get(key)
            is_ours = callable(value) and value in known_functions.values()
            if is_ours and value not in known.values():
                raise ModelFileError(f'its {key} should be {" or ".join(known)}, is {shown(value)}')
    model.se_hPars = {**default_hPars, **given}
    model_hyperparameters(model, model.se_hPars)


def read_functions(model: EpyNN, head: Entry) -> None:
    """Loss and metrics, which have to go with each other, the last layer and the task."""
    own, last = model.functions, model.layers[-1]
    model.loss = one_of('The model file', 'loss', head['loss'], [*losses, *own])
    model.metrics = Metrics(head['metrics'])
    for name in model.metrics:
        one_of('The model file', 'metric', name, [*known_metrics, *of_outputs, *losses, *own])
        if name in own:
            check_takes('The model file', 'metric', own[name], 'f(Y, A)', None, None)
    if model.loss in own:
        check_takes('The model file', 'loss', own[model.loss], 'f(Y, A, deriv=False)', None, None,
                    deriv=True)
    if model.loss not in model.metrics:
        raise ModelFileError(f'it should have its loss {model.loss} among its metrics')
    check_loss(model.loss, last)
    check_metrics(model.task, list(model.metrics), own)
    if model.task != 'classes' and (last.activation.get('activate') == 'softmax'
                                    or head['classes'] is not None):
        raise ModelFileError(f'its task should be classes, is {model.task}')


def read_class_weights(given: Any) -> dict[int, float] | None:
    """Weights of labels, [label, weight] of each, or none."""
    if given is None:
        return None
    if not isinstance(given, list) or not all(
            isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], int)
            and not isinstance(pair[0], bool) and isinstance(pair[1], float) and is_number(pair[1])
            and pair[1] >= 0 for pair in given) or len(dict(given)) < len(given):
        raise ModelFileError('its class_weights should be a number of 0 or more for each label, '
                             f'are {shown(given)}')
    return dict(given)


def read_sample_shape(head: Entry) -> tuple[int, ...] | None:
    """Shape of a sample as it was trained with; None where that is not known."""
    shape, steps = head['sample_shape'], head['steps']
    if shape is None:
        return None
    if not isinstance(shape, list) or not all(is_count(n, 1) for n in shape) \
            or steps != (shape[0] if shape else 0):
        raise ModelFileError(f'its sample_shape should be sizes, the first of them its steps, '
                             f'{steps}, is {shown(shape)}')
    return tuple(shape)


def read_encoding(model: EpyNN, head: Entry) -> None:
    """What turns features and labels into numbers: symbols of the training data, or their scale."""
    embedding, classes, shape = model.embedding, head['classes'], model.sample_shape
    settings = dict(head['inputs'])
    kind = settings.pop('kind')
    expected = Symbols if embedding.X_encode else SCALES[embedding.X_scale]
    if kind != expected.__name__:
        raise ModelFileError(f'its inputs should be {expected.__name__}, as its Embedding says, '
                             f'they are {shown(kind)}')
    if kind == 'Symbols':
        check_distinct('elements', settings['elements'])
    else:
        check_scale(kind, settings, shape)
    embedding.x_transform = from_settings(kind, settings)
    if kind == 'Symbols' and shape and shape[-1] != len(settings['elements']):
        raise ModelFileError(f'it should have {shape[-1]} elements, as its sample_shape says')
    if classes is None and embedding.Y_encode and shape:    # files of format 1 have no shape
        raise ModelFileError('it should have classes, as its Embedding says')
    if classes is not None:
        check_distinct('classes', classes)
        if not embedding.Y_encode or len(classes) < 2:
            raise ModelFileError('its classes should be two or more with Y_encode, else none')
        if any(isinstance(label, int) and not -2**63 <= label < 2**64 for label in classes):
            raise ModelFileError('its classes should be integers of 64 bits, or text')
        embedding.y_transform = Classes(classes)
    embedding.shuffles = head['shuffles']


def check_distinct(what: str, values: Any) -> None:
    """Symbols or labels as an Embedding learns them: distinct, sorted, of one kind."""
    good = isinstance(values, list) and values and all(
        isinstance(v, (str, bool)) or is_number(v) for v in values)
    found = np.unique(np.array(values)).tolist() if good else []
    if not good or repr(values) not in (repr(found), repr([plain(v) for v in found])):
        raise ModelFileError(f'its {what} should be distinct and in order, are {shown(values)}')


def check_scale(kind: str, settings: Entry, shape: tuple[int, ...] | None) -> None:
    """Numbers of a scale: one for all features, or one for each."""
    for name, values in settings.items():
        each = values if kind != 'Range' else [values]
        if not isinstance(each, list) or not all(is_number(v) for v in each) \
                or (kind != 'Range' and shape and len(each) != shape[-1]):
            raise ModelFileError(f'its {name} should be a number'
                                 f'{"" if kind == "Range" else " for each feature"}, '
                                 f'is {shown(values)}')


def check_fit(model: EpyNN) -> None:
    """Layers that fit each other, as far as it can be told; outputs for all classes."""
    shape = shape_after(model.layers[1:], model.sample_shape)
    classes = model.embedding.classes
    outputs = shape[-1] if shape else getattr(model.layers[-1], 'units', None)
    if (shape is not None and len(shape) != 1 + model.per_step) or (
            classes is not None and outputs is not None and outputs != len(classes)):
        raise ModelFileError(f'its outputs have shape {shape or (outputs,)} for each sample, which '
                             'fits neither labels nor classes')
    sizes = [n for layer in model.walk() for W in layer.p.values() for n in W.shape]
    if model.steps_are_fixed() and model.steps > max(sizes, default=0):
        raise ModelFileError(f'it should have weights for {model.steps} steps')


# What the layers are

def read_state(parts: Parts, layer: Layer, entry: Entry, where: str, model: EpyNN,
               outer: Layer | None = None) -> set[str]:
    """Give a layer the arrays and all else that it had; the names of the parts that were read."""
    layer.dtype = model.dtype
    sizes = entry['dimensions']
    if not set(sizes) <= set(layer.fixed_axes) or not all(is_count(v, 1) for v in sizes.values()):
        raise ModelFileError(f'{layer.title} cannot have the dimensions {shown(sizes)}')
    layer.d.update(sizes)
    layer.trainable = entry['trainable']
    layer.lrate = [float(v) for v in entry['learning_rates']]
    layer.gradient_norms = entry['gradient_norms']
    layer.o.update(scalars(layer, entry))
    layer.rng = np.random.default_rng(0)
    read = read_arrays(parts, layer, entry, where)
    read_generator(layer, entry['generator'], outer)
    if isinstance(entry['gradient_norm'], float) != bool(layer.p):
        raise ModelFileError(f'{layer.title} should have a gradient norm, if it has parameters')
    layer.norm_before = entry['gradient_norm'] if layer.p else layer.norm_before
    for j, (inner, its) in enumerate(zip(layer.sublayers, entry['sublayers'], strict=True)):
        read |= read_state(parts, inner, its, f'{where}.{j}', model, layer)
    return read


def read_arrays(parts: Parts, layer: Layer, entry: Entry, where: str) -> set[str]:
    """Parameters, buffers and the state of the optimizer; the names of the parts."""
    given, shapes = entry['parameters'], layer.compute_shapes()
    if layer.shapes_need_input:                 # which is not there: those of the file are taken
        shapes = {k: tuple(v) for k, v in given.items()}
    if {k: tuple(v) for k, v in given.items()} != shapes:
        raise ModelFileError(f'{layer.title} should have parameters of shapes {shapes}, '
                             f'has {shown(given)}')
    if entry['buffers']:
        layer.initialize_parameters()           # it makes buffers too
    if {name: list(kind[0]) for name, kind in entry['buffers'].items()} != {
            name: list(np.shape(B)) for name, B in layer.buffers.items()}:
        raise ModelFileError(f'{layer.title} should have buffers of the names and shapes that it '
                             'makes in initialize_parameters')
    read = set()

    def array(name: str, shape: Any, dtype: Any) -> np.ndarray:
        read.add(f'{where}.{name}')
        return parts.array(f'{where}.{name}', shape, dtype)

    layer.p = {name: array(name, shape, layer.dtype) for name, shape in shapes.items()}
    layer.buffers = {name: array(f'buffers.{name}', *kind)
                     for name, kind in entry['buffers'].items()}
    layer.optimizer_state = {parameter: {
        name: array(f'optimizer.{parameter}.{name}', *kind)
        for name, kind in arrays.items()} for parameter, arrays in entry['optimizer'].items()}
    for parameter, arrays in layer.optimizer_state.items():
        if parameter not in shapes or any(A.shape not in (shapes[parameter], ())
                                          for A in arrays.values()):
            raise ModelFileError(f'{layer.title} has the state of an optimizer for other '
                                 f'parameters than {", ".join(shapes) or "none"}, or other shapes')
    layer.fs.update(shapes)
    return read


def read_generator(layer: Layer, given: Any, outer: Layer | None) -> None:
    """What the layer draws from: a generator of its own, or that of the layer that holds it."""
    if given is None and outer is not None:
        layer.rng = outer.rng
        return
    layer.rng.bit_generator.state = given
    if layer.rng.bit_generator.state != given:
        raise ModelFileError(f'{layer.title} cannot have the generator {shown(given)}')


def scalars(layer: Layer, entry: Entry) -> Entry:
    """Other scalars: those of the library's layers are counts, those of one's own anything."""
    given = {k: from_json(v, {}) for k, v in entry['scalars'].items()}
    if type(layer) in known_layers.values() and not (
            set(given) == set(layer.o) and all(is_count(v) and v <= MAX_PAUSE
                                               for v in given.values())):
        raise ModelFileError(f'{layer.title} cannot have the scalars {shown(given)}')
    return given


# Entries

def text(head: Entry, name: str) -> str:
    """An entry that is text."""
    if not isinstance(head[name], str):
        raise ModelFileError(f'its {name} should be text, is {shown(head[name])}')
    return head[name]


def is_count(value: Any, least: int = 0) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def is_number(value: Any) -> bool:
    """Whether it is finite, and neither True nor False."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) \
        and abs(value) <= sys.float_info.max


def check_progress(head: Entry) -> None:
    """Epochs, seed, metrics and learning rates as a network that was trained has them."""
    for name in ('epoch', 'epochs', 'batch', 'shuffles', 'steps', 'seed'):
        if not is_count(head[name]):
            raise ModelFileError(f'its {name} should be an integer of 0 or more, is '
                                 f'{shown(head[name])}')
    epoch, shuffles = head['epoch'], head['shuffles']
    if head['epochs'] < epoch:
        raise ModelFileError(f'its epochs should be {epoch} or more, as its epoch says')
    if shuffles > epoch + 1000:                 # an epoch shuffles once, each time tried
        raise ModelFileError(f'its samples were shuffled {shuffles} times in '
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
    if not isinstance(rates, list) or (entry['parameters'] and len(rates) < epoch) or not all(
            is_number(v) and v >= 0 for v in rates):
        raise ModelFileError(f'it should have {epoch} learning rates, as its epoch says')
    if not (isinstance(norms, list) and len(norms) in (0, epoch)
            and all(isinstance(v, float) for v in norms)):
        raise ModelFileError(f'it should have {epoch} gradient norms, as its epoch says, or none')
    for inner in entry['sublayers']:
        check_layer_progress(inner, epoch)
