"""Where do models live? Directories, and files that hold a network without its data.

A model file is a NumPy archive (``.npz``, nothing compressed, nothing pickled): ``header``, a
JSON text, and an array ``layer<i>.<name>`` for each parameter of the layer at position i.
Layers and functions are named in the header and looked up in the tables of this library, never
imported by a name that a file gives.
"""
import json
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from epynn.commons.checks import flag, one_of, shown
from epynn.commons.loss import losses
from epynn.commons.maths import activations, initializations
from epynn.commons.metrics import metrics as known_metrics
from epynn.commons.models import keep_freed_memory
from epynn.display.html import Metrics

FORMAT, VERSION = 'epynn model', 1
MAX_HEADER, MAX_PARTS, MAX_LAYERS = 2**26, 10**6, 10**4     # bytes, lists and dicts, layers


class ModelFileError(ValueError):
    """A file that is not a model, or is damaged, or needs what this library does not have."""


def configure_directory(clear=False):
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


def known_layers():
    """The layers that a file may name."""
    from epynn.convolution.models import Convolution
    from epynn.dense.models import Dense
    from epynn.dropout.models import Dropout
    from epynn.embedding.models import Embedding
    from epynn.flatten.models import Flatten
    from epynn.gru.models import GRU
    from epynn.lstm.models import LSTM
    from epynn.pooling.models import Pooling
    from epynn.rnn.models import RNN
    from epynn.template.models import Template
    return {layer.__name__: layer for layer in (
        Embedding, Dense, Flatten, Dropout, RNN, GRU, LSTM, Convolution, Pooling, Template)}


def known_functions():
    """The functions that a file may name."""
    return {**activations, **initializations, 'max': np.max, 'min': np.min, 'mean': np.mean}


def model_write(model, path=None):
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
    OSError
        Where it cannot be written; a file that was there before is kept.
    """
    model.check_ready('write')
    path = Path('models', f'{model.uname}.npz') if path is None else as_path('write', path)
    if path.is_dir():
        raise IsADirectoryError(f'write expects the path of a file, got the directory {path}')
    check_names(model)
    arrays = {f'layer{i}.{name}': W for i, layer in enumerate(model.layers)
              for name, W in layer.p.items()}
    text = json.dumps(header(model)).encode()

    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f'.{path.name}.',
                                             suffix='.tmp')
        with os.fdopen(handle, 'wb') as file:
            np.savez(file, header=np.frombuffer(text, np.uint8), **arrays)
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
    return path


def check_names(model):
    """An error for two functions of one name, which a file could not tell apart."""
    known, seen = known_functions(), {}
    for layer in model.layers:
        for f in layer.arguments.values():
            if callable(f) and known.get(f.__name__) is None \
                    and seen.setdefault(f.__name__, f) is not f:
                raise ValueError(f'write cannot tell two functions called {f.__name__!r} apart: '
                                 'give each a name of its own, with def')


def as_path(owner, path):
    """A path, from a string or anything like a path."""
    try:
        return Path(path)
    except TypeError:
        raise ValueError(f'{owner} expects the path of a file, got {shown(path)}') from None


def write_model(model, path=None):
    """Write a network to a file, see :meth:`.EpyNN.write`."""
    if not hasattr(model, 'check_ready'):
        raise ValueError(f'write_model expects a network, then a path, got {shown(model)} first')
    return model.write(path)


def header(model):
    """All of a network but its arrays, in the types of JSON."""
    embedding = model.embedding
    return {
        'format': FORMAT, 'version': VERSION,
        'name': model.name, 'uname': model.uname,
        'layers': [{
            'class': type(layer).__name__,
            **({'own': True} if known_layers().get(type(layer).__name__, type(layer))
               is not type(layer) else {}),
            'arguments': {k: plain(v) for k, v in layer.arguments.items()},
            'dimensions': {k: layer.d[k] for k in layer.fixed if k in layer.d},
            'parameters': {name: list(W.shape) for name, W in layer.p.items()},
            'scalars': {k: plain(v) for k, v in layer.o.items()},
            'learning_rates': layer.lrate,
            'gradient_norms': layer.gradient_norms,
            'generator': layer.rng.bit_generator.state if layer.rng else None,
        } for layer in model.layers],
        'elements': list(embedding.e2i), 'range': embedding.x_range,
        'steps': model.steps,
        'loss': model.loss, 'dtype': model.dtype.name,
        'hyperparameters': {k: plain(v) for k, v in model.se_hPars.items()},
        'metrics': model.metrics, 'seed': model.seed,
        'epoch': model.e, 'epochs': model.epochs, 'batch': model.batch, 'shuffles': model.shuffles,
    }


def plain(value):
    """An argument of a layer in the types of JSON; a function as its name."""
    if callable(value):
        name = value.__name__
        other = {**activations, **initializations}.get(name, value) is not value
        return {'function': name, **({'own': True} if other else {})}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {'dict': {k: plain(v) for k, v in value.items()}}
    return value.item() if isinstance(value, np.generic) else value


def unplain(value, functions):
    """The inverse of plain; sequences become tuples."""
    if isinstance(value, list):
        return tuple(unplain(v, functions) for v in value)
    if isinstance(value, dict) and 'dict' in value:
        return {k: unplain(v, functions) for k, v in value['dict'].items()}
    if isinstance(value, dict):
        name = value['function']
        if value.get('own') and functions.get(name) is known_functions().get(name):
            raise ModelFileError(f'it has a function {name!r} that is not the one of this library: '
                                 f'give it, custom_objects={{{name!r}: ...}}')
        if name not in functions:
            raise ModelFileError(f'this library has no function {name!r}: give it, '
                                 f'custom_objects={{{name!r}: ...}}')
        return functions[name]
    return value


def read_model(path=None, custom_objects=None):
    """Read a network from a file.

    It predicts as it did when it was written. To train on, give it the data:
    ``model.embedding = Embedding(...)``.

    Parameters
    ----------
    path : str or path-like, optional
        The newest file in ``models/`` by default.
    custom_objects : dict, optional
        Layers and functions of your own that the file names, ``{name: object}``.

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
    if path is None:
        written = sorted(Path('models').glob('*.npz'), key=lambda p: p.stat().st_mtime_ns)
        if not written:
            raise FileNotFoundError(f'read_model found no model in {Path("models").resolve()}: '
                                    'write one with model.write(), or give the path of one')
        path = written[-1]
    path = as_path('read_model', path)
    if not path.is_file():
        raise FileNotFoundError(f'read_model found no file {path}')
    with open(path, 'rb') as file:
        try:
            with zipfile.ZipFile(file) as archive:
                return build_model(archive, path.stat().st_size, custom_objects or {})
        except ModelFileError as error:
            raise ModelFileError(f'{path} cannot be read as a model: {error}') from None
        except Exception as error:          # whatever a damaged file leads to
            raise ModelFileError(f'{path} cannot be read as a model: it is damaged or not one '
                                 f'({type(error).__name__}: {error})') from error


def read_array(archive, name, shape=None, dtype=None):
    """An array of the archive, checked before any memory is given to it."""
    with archive.open(f'{name}.npy') as member:
        version = np.lib.format.read_magic(member)
        if version != (1, 0):
            raise ModelFileError(f'{name} has an unknown array format')
        found, fortran, found_dtype = np.lib.format.read_array_header_1_0(member)
        if shape is not None and (found != shape or found_dtype != dtype):
            raise ModelFileError(f'{name} should have shape {shape} and type {dtype}, '
                                 f'has {found} and {found_dtype}')
        size = int(np.prod(found, dtype=object)) * found_dtype.itemsize
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
    return np.ascontiguousarray(array)


def build_model(archive, size, custom_objects):
    """The network that an archive describes."""
    from epynn.network.hyperparameters import model_hyperparameters
    from epynn.network.models import EpyNN

    members = archive.infolist()
    if any(m.compress_type != zipfile.ZIP_STORED for m in members) \
            or sum(m.file_size for m in members) > size:
        raise ModelFileError('its parts are compressed, or larger than the file')
    names = archive.namelist()
    if 'header.npy' not in names:
        raise ModelFileError('it has no header')
    if len(set(names)) < len(names):
        raise ModelFileError('it has two parts of one name')
    if archive.getinfo('header.npy').file_size > MAX_HEADER:
        raise ModelFileError('its header is too long')
    text = read_array(archive, 'header').tobytes()
    if text.count(b'[') + text.count(b'{') > MAX_PARTS:
        raise ModelFileError('its header has too many parts')
    head = json.loads(text)
    if not isinstance(head, dict) or head.get('format') != FORMAT:
        raise ModelFileError('it is not a model of this library')
    if head['version'] != VERSION:
        raise ModelFileError(f'its format has version {head["version"]}, but this library reads '
                             f'version {VERSION}: install a newer epynn')

    classes = {**known_layers(), **custom_objects}
    functions = {**known_functions(), **custom_objects}
    layers = []
    if len(head['layers']) > MAX_LAYERS:
        raise ModelFileError(f'it has more than {MAX_LAYERS} layers')
    for entry in head['layers']:
        if entry['class'] not in (custom_objects if entry.get('own') else classes):
            raise ModelFileError(f'it has a layer {entry["class"]!r} that is not known: give the '
                                 f'class, custom_objects={{{entry["class"]!r}: ...}}')
        arguments = {k: unplain(v, functions) for k, v in entry['arguments'].items()}
        layer = classes[entry['class']](**arguments)
        layer.d.update(entry['dimensions'])
        layer.o.update({k: unplain(v, functions) for k, v in entry['scalars'].items()})
        layer.lrate = entry['learning_rates']
        layer.gradient_norms = entry.get('gradient_norms', [])      # not in the first files
        layers.append(layer)

    model = EpyNN(layers, name=head['name'])
    model.uname = head['uname']
    model.loss = one_of('The model file', 'loss', head['loss'], losses)
    model.dtype = np.dtype(one_of('The model file', 'dtype', head['dtype'],
                                  ('float64', 'float32')))
    for name in head['metrics']:
        one_of('The model file', 'metric', name, [*known_metrics, *losses])
    model.metrics, model.se_hPars = Metrics(head['metrics']), head['hyperparameters']
    model.seed, model.e, model.epochs = head['seed'], head['epoch'], head['epochs']
    model.batch, model.shuffles, model.steps = head['batch'], head['shuffles'], head['steps']
    check_progress(head)
    model_hyperparameters(model, model.se_hPars)

    embedding = model.embedding
    embedding.e2i = {element: i for i, element in enumerate(head['elements'])}
    embedding.i2e = dict(enumerate(head['elements']))
    embedding.x_range = tuple(head['range']) if head['range'] else None

    for i, (layer, entry) in enumerate(zip(layers, head['layers'], strict=True)):
        layer.dtype = model.dtype
        shapes = {k: tuple(v) for k, v in entry['parameters'].items()}
        if shapes != layer.compute_shapes():
            raise ModelFileError(f'{layer.title} should have parameters of shapes '
                                 f'{layer.compute_shapes()}, has {shapes}')
        layer.p = {name: read_array(archive, f'layer{i}.{name}', shape, model.dtype)
                   for name, shape in shapes.items()}
        layer.allocate()
        if entry['generator']:
            layer.rng = np.random.default_rng(0)
            layer.rng.bit_generator.state = entry['generator']
    known = {f'layer{i}.{name}.npy' for i, layer in enumerate(layers) for name in layer.p}
    strange = sorted(set(names) - known - {'header.npy'})
    if strange:
        raise ModelFileError(f'it has parts that no model has, such as {strange[0][:80]!r}')
    model.own()
    model.stop_at_first_parameters()
    model.initialized = True
    keep_freed_memory()
    return model


def check_progress(head):
    """Epochs, seed, metrics and learning rates as a network that was trained has them."""
    for name in ('epoch', 'epochs', 'batch', 'shuffles', 'steps', 'seed'):
        if not isinstance(head[name], int) or head[name] < 0:
            raise ModelFileError(f'its {name} should be an integer of 0 or more, is {head[name]!r}')
    if head['shuffles'] > head['epoch'] + 1000:         # an epoch shuffles once, each time tried
        raise ModelFileError(f'its samples were shuffled {head["shuffles"]} times in '
                             f'{head["epoch"]} epochs, which no training does')
    for name, sets in head['metrics'].items():
        if not (isinstance(sets, list) and len(sets) == 3 and all(
                isinstance(values, list) and len(values) in (0, head['epoch'])
                and all(isinstance(v, float) for v in values) for values in sets)):
            raise ModelFileError(f'its metrics should have {head["epoch"]} numbers of {name} for '
                                 'each of three sets, or none, as its epoch says')
    for entry in head['layers']:
        rates = entry['learning_rates']
        missing = entry['parameters'] and len(rates) < head['epoch']
        if missing or not all(isinstance(v, (int, float)) for v in rates):
            raise ModelFileError(f'it should have {head["epoch"]} learning rates, as its epoch '
                                 'says')
        norms = entry.get('gradient_norms', [])
        if not (isinstance(norms, list) and len(norms) in (0, head['epoch'])
                and all(isinstance(v, float) for v in norms)):
            raise ModelFileError(f'it should have {head["epoch"]} gradient norms, as its epoch '
                                 'says, or none')
