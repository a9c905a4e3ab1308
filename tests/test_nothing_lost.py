"""Whatever happens to process, disk or file: the old model, the new one, or an error."""
import errno
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
import zipfile
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from model_files import header_of, header_part, npy, parts, write_parts
from networks import ALL, NETWORKS, VERSION_1, bits, data_of, embedding, version_1_data

from epynn import (
    GRU,
    Dense,
    Dropout,
    Embedding,
    EpyNN,
    ModelFileError,
    Template,
    read_model,
)
from epynn.network.file import header

HERE = Path(__file__).parent
MORE = int(os.environ.get('EPYNN_TEST_MORE', 1))        # so many times as many random trials


def small(seed=1):
    """A trained network whose file has every kind of entry: symbols, metrics, generators."""
    words = ['abca', 'bcab', 'cabc', 'aabb', 'bbcc', 'ccaa'] * 2
    model = EpyNN([Embedding(words, [0, 1] * 6, X_encode=True, Y_encode=True, batch_size=3),
                   GRU(2), Dropout(0.2), Dense(2, 'softmax')], name='small')
    model.initialize(loss='CCE', metrics=['accuracy', 'recall'], seed=seed, verbose=False)
    model.train(2, verbose=0)
    return model


def everything(model):
    """All that a model file says of a network, in the same types."""
    return json.dumps(header(model), sort_keys=True), bits(model)[0]


# A process killed while it writes

WRITER = '''
import os, random, signal, sys, time
sys.path.insert(0, {tests!r})
from test_nothing_lost import small, everything
from epynn import read_model

models = [small(seed) for seed in (1, 2)]
known = [everything(model) for model in models]
path = models[0].write('models/model.npz')

def write():
    for i in range({writes}):
        models[(i + 1) % 2].write(path)

start = time.perf_counter()
write()
took = time.perf_counter() - start
draw, found, killed = random.Random(0), [0, 0], 0
for _ in range({kills}):
    child = os.fork()
    if not child:
        while True:
            write()
    time.sleep(draw.random() * took)
    os.kill(child, signal.SIGKILL)
    killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    found[known.index(everything(read_model(path)))] += 1
    assert known.index(everything(read_model())) >= 0       # what is left behind is no model
print(killed, *found)
'''


def run(script, directory, **values):
    environment = {**os.environ, 'PYTHONPATH': str(HERE.parent), 'OPENBLAS_NUM_THREADS': '1'}
    return subprocess.run([sys.executable, '-c', script.format(tests=str(HERE), **values)],
                          cwd=directory, env=environment, capture_output=True, text=True,
                          timeout=300)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, 'fork'), reason='needs fork and SIGKILL')
def test_a_process_killed_at_any_moment_leaves_the_old_file_or_the_new(tmp_path):
    kills = 6 * MORE
    done = run(WRITER, tmp_path, writes=40, kills=kills)
    assert done.returncode == 0, done.stderr
    killed, first, second = map(int, done.stdout.split()[-3:])
    print(f'{kills} processes, {killed} killed, {first} files of one, {second} of the other')
    assert first + second == killed == kills


# A disk that is full, a directory that may not be written to

FULL = '''
import errno, os, resource, signal, sys
sys.path.insert(0, {tests!r})
from test_nothing_lost import everything, small
from epynn import read_model

model = small()
path = model.write('models/model.npz')
before, size = everything(model), path.stat().st_size
model.train(1, verbose=0)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for room in [*range(0, size, size // 40), size - 1]:
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))
    try:
        model.write(path)
    except OSError as error:
        assert error.errno == errno.EFBIG and str(path) in str(error), error
        assert 'the network was not written' in str(error), error
    else:
        raise AssertionError('written')
    assert os.listdir('models') == ['model.npz'] and everything(read_model(path)) == before
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
assert everything(read_model(model.write(path))) == everything(model)
'''


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, 'SIGXFSZ'), reason='needs a limit of the size of files')
def test_no_room_for_the_file_keeps_the_old_one_and_says_so(tmp_path):
    done = run(FULL, tmp_path)
    assert done.returncode == 0, done.stderr
    assert not done.stderr


READ_ONLY = '''
import os, sys
sys.path.insert(0, {tests!r})
from test_nothing_lost import everything, small
from epynn import read_model

model = small()
path = model.write('models/model.npz')
before = everything(model)
read_model(path)                    # all that is imported for it, before permissions go
model.train(1, verbose=0)
os.chmod('models', 0o555)
os.chmod('.', 0o755)
if os.geteuid() == 0:               # root may write anywhere: be nobody
    os.setuid(65534)
try:
    model.write(path)
except PermissionError as error:
    assert 'the network was not written' in str(error) and str(path) in str(error), error
else:
    raise AssertionError('written')
assert os.listdir('models') == ['model.npz'] and everything(read_model(path)) == before
'''


@pytest.mark.skipif(not hasattr(os, 'geteuid'), reason='needs the permissions of POSIX')
def test_a_read_only_directory_keeps_the_old_file_and_says_so(tmp_path):
    done = run(READ_ONLY, tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize('where', ['open', 'fsync', 'chmod', 'replace'])
@pytest.mark.parametrize('number', [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_any_call_of_the_system_may_fail(tmp_path, monkeypatch, where, number):
    def fail(*_, **__):
        raise OSError(number, os.strerror(number))

    path = small().write(tmp_path / 'model.npz')
    before, model = path.read_bytes(), small(seed=2)
    monkeypatch.setattr(os, where, fail)
    with pytest.raises(OSError, match='the network was not written, and a file that was there'):
        model.write(path)
    monkeypatch.undo()
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_training_in_another_thread_is_the_same():
    here, there = small(), small()
    here.train(2, verbose=0)
    thread = threading.Thread(target=there.train, args=(2, 0))
    thread.start()
    thread.join()
    assert everything(there)[1] == everything(here)[1]


@pytest.mark.parametrize('on_nan', ['raise', 'stop', 'ignore'])
def test_a_network_that_is_not_finite_any_more_is_written_and_read(tmp_path, on_nan):
    model = small()
    model.layers[1].p['Uz'][0, 0] = np.nan
    if on_nan == 'raise':
        with pytest.raises(FloatingPointError, match='first in parameter Uz of GRU'):
            model.train(2, verbose=0)
    else:
        model.train(2, verbose=0, on_nan=on_nan)
    again = read_model(model.write(tmp_path / 'model.npz'))
    assert everything(again) == everything(model)


def test_a_checkpoint_that_cannot_be_written_leaves_a_network_that_goes_on(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    never_stopped, model = small(), small()
    never_stopped.train(4, verbose=0)
    last_good = model.write()

    def fail(*_):
        raise OSError(errno.ENOSPC, 'No space left on device')

    with monkeypatch.context() as context:
        context.setattr(os, 'fsync', fail)
        with pytest.raises(OSError, match='No space left on device'):
            model.train(4, verbose=0, checkpoint=2)
    assert model.e == 4 and read_model(last_good).e == 2
    model.train(2, verbose=0)
    assert everything(model)[1] == everything(never_stopped)[1]


# Files with a bit changed, a piece cut out, a piece put in

def regions(content):
    """Kinds of bytes in a model file, each with where they begin and end."""
    found, end = {}, 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for part in archive.infolist():
            at = part.header_offset + 26
            name, extra = np.frombuffer(content[at:at + 4], '<u2').tolist()
            start = part.header_offset + 30 + name + extra
            kind = 'text of the header' if part.filename == 'header.npy' else 'parameters'
            found.setdefault('local headers', []).append((part.header_offset, start))
            found.setdefault('headers of arrays', []).append((start, start + 128))
            found.setdefault(kind, []).append((start + 128, start + part.file_size))
            end = start + part.file_size
        found['directory'] = [(end, archive.start_dir), (archive.start_dir, len(content) - 22)]
    found['end'] = [(len(content) - 22, len(content))]
    return {kind: [i for a, b in spans for i in range(a, b)] for kind, spans in found.items()}


def try_each(tmp_path, changed):
    """How many changed files are refused, and how many are the very same model."""
    path = small().write(tmp_path / 'model.npz')
    whole, expected = path.read_bytes(), everything(read_model(path))
    refused = same = 0
    for content in changed(whole):
        path.write_bytes(content)
        try:
            assert everything(read_model(path)) == expected
            same += 1
        except ModelFileError as error:
            assert str(error).startswith(f'{path} cannot be read as a model: ')
            refused += 1
    print(f'{refused} refused, {same} the same')
    return refused, same


REGIONS = ['local headers', 'headers of arrays', 'text of the header', 'parameters', 'directory',
           'end']


@pytest.mark.parametrize('region', REGIONS)
def test_a_flipped_bit_is_noticed_or_does_nothing(tmp_path, region):
    def changed(whole):
        rng, places = np.random.default_rng(REGIONS.index(region)), regions(whole)[region]
        for _ in range(40 * MORE):
            flipped = bytearray(whole)
            flipped[rng.choice(places)] ^= 1 << rng.integers(8)
            yield flipped

    refused, same = try_each(tmp_path, changed)
    if region in ('headers of arrays', 'text of the header', 'parameters'):
        assert same == 0                                # what is read has a checksum
    assert refused > 10 * MORE


def test_every_region_of_the_file_is_tried(tmp_path):
    content = small().write(tmp_path / 'model.npz').read_bytes()
    found = regions(content)
    assert list(found) and set(found) == set(REGIONS)
    assert sorted(i for places in found.values() for i in places) == list(range(len(content)))


@pytest.mark.parametrize('how', ['cut short', 'cut out', 'put in', 'doubled', 'overwritten'])
def test_a_file_with_a_piece_changed_is_noticed(tmp_path, how):
    def changed(whole):
        rng = np.random.default_rng(len(how))
        for _ in range(30 * MORE):
            a, n = rng.integers(len(whole)), rng.integers(1, 600)
            junk = rng.integers(0, 256, n).astype(np.uint8).tobytes()
            before, piece, after = whole[:a], whole[a:a + n], whole[a + n:]
            yield {'cut short': before, 'cut out': before + after,
                   'put in': before + junk + piece + after,
                   'doubled': before + piece + piece + after,
                   'overwritten': before + junk[:len(piece)] + after}[how]

    refused, same = try_each(tmp_path, changed)
    assert refused > 0.9 * (refused + same)


# Files that somebody made to do harm

def claiming(shape, data=b''):
    """The bytes of an array that says it has another shape."""
    header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}"
    header = header.ljust(128 - 10 - 1).encode() + b'\n'
    return b'\x93NUMPY\x01\x00' + len(header).to_bytes(2, 'little') + header + data


def with_header(change):
    """A file whose header is changed by a function."""
    def hostile(path):
        head = header_of(path)
        change(head)
        return [('header.npy', header_part(head)), *parts(path)[1:]]
    return hostile


def huge_parameters(head):
    head['layers'][3]['arguments'] = {'units': 10**9, 'activate': {'function': 'softmax'}}
    head['layers'][3]['parameters'] = {'W': [2, 10**9], 'b': [1, 10**9]}


def many_layers(n):
    return lambda head: head['layers'].extend([{
        'class': 'Flatten', 'arguments': {}, 'dimensions': {}, 'parameters': {}, 'buffers': {},
        'optimizer': {}, 'scalars': {}, 'trainable': True, 'learning_rates': [0, 0],
        'gradient_norms': [], 'gradient_norm': None, 'generator': None, 'sublayers': []}] * n)


def layers_in_an_argument(n):
    return lambda head: head['layers'][3]['arguments'].update(
        units=[{'layer': {'class': 'Flatten', 'arguments': {}}}] * n)


def nested_zip(path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, 'w', zipfile.ZIP_DEFLATED) as archive:
        archive.writestr('layer3.W.npy', bytes(10**7))
    return [*[(n, d) for n, d in parts(path) if n != 'layer3.W.npy'],
            ('layer3.W.npy', inner.getvalue())]


def bomb(path):
    return [(name, data if name == 'header.npy' else npy(np.zeros(5 * 10**6)))
            for name, data in parts(path)], zipfile.ZIP_DEFLATED


HOSTILE = {
    'an array that claims 10**12 numbers': lambda path: [
        (n, claiming('(1000000, 1000000)') if n == 'layer3.W.npy' else d) for n, d in parts(path)],
    'a header that claims 10**12 bytes': lambda path: [
        ('header.npy', claiming('(1000000000000,)')), *parts(path)[1:]],
    'a shape below 0': lambda path: [('header.npy', claiming('(-1,)')), *parts(path)[1:]],
    'a shape that overflows': lambda path: [
        ('header.npy', claiming('(4294967296, 4294967296)')), *parts(path)[1:]],
    'a shape that is a program': lambda path: [
        ('header.npy', claiming('__import__("os").system("touch harm")')), *parts(path)[1:]],
    'a layer of 10**9 units': with_header(huge_parameters),
    'a million layers': with_header(many_layers(500_000)),
    'ten thousand layers more than it may have': with_header(many_layers(10_000)),
    'layers without end in an argument': with_header(layers_in_an_argument(12_000)),
    'a header of lists in lists': lambda path: [
        ('header.npy', header_part(b'[' * 900_000 + b']' * 900_000)), *parts(path)[1:]],
    'a header of 20 million lists': lambda path: [
        ('header.npy', header_part(b'[' + b'[],' * 2 * 10**7 + b'[]]')), *parts(path)[1:]],
    'a header of one long number': lambda path: [
        ('header.npy', header_part(b'1' * 10**7)), *parts(path)[1:]],
    'a header of 70 MB': lambda path: [
        ('header.npy', header_part(b' ' * 7 * 10**7)), *parts(path)[1:]],
    'an array of another format': lambda path: [
        ('header.npy', b'\x93NUMPY\x02' + header_part(b'{}')[7:]), *parts(path)[1:]],
    'an array longer than it says': lambda path: [
        ('header.npy', claiming('(2,)', bytes(24))), *parts(path)[1:]],
    'learning rates of other epochs': with_header(
        lambda head: head['layers'][3].update(learning_rates=[])),
    'learning rates of text': with_header(
        lambda head: head['layers'][3].update(learning_rates=['a', 'b'])),
    'a compressed bomb': bomb,
    'an archive in the archive': nested_zip,
    'two parts of one name': lambda path: [*parts(path), parts(path)[1]],
    'two headers': lambda path: [parts(path)[0], *parts(path)],
    'an array of a buffer that is not there': with_header(
        lambda head: head['layers'][3].update(buffers={'mean': [[10**12], '<f8']})),
    'a buffer of objects': lambda path: [*with_header(
        lambda head: head['layers'][3].update(buffers={'mean': [[2], '|O']}))(path),
        ('layer3.buffers.mean.npy', npy(np.full(2, None)))],
    'a buffer with a path upwards': lambda path: [*with_header(
        lambda head: head['layers'][3].update(buffers={'../../harm': [[2], '<f8']}))(path),
        ('layer3.buffers.../../harm.npy', npy([1.0, 2.0]))],
    'state of an optimizer for nothing': lambda path: [*with_header(
        lambda head: head['layers'][3].update(optimizer={'V': {'v': [[2], '<f8']}}))(path),
        ('layer3.optimizer.V.v.npy', npy([1.0, 2.0]))],
    'layers in a layer that holds none': with_header(
        lambda head: head['layers'][3].update(sublayers=[head['layers'][2]])),
    'a part with a path upwards': lambda path: [*parts(path), ('../../harm.npy', npy([1.0]))],
    'a part with an absolute path': lambda path: [*parts(path), ('/harm.npy', npy([1.0]))],
    'a part that is a program': lambda path: [*parts(path), ('harm.py', b'raise SystemExit')],
    'a parameter with a path upwards': with_header(
        lambda head: head['layers'][3]['parameters'].update({'../../harm': [1, 1]})),
    'a pickle': lambda path: [
        (n, npy(np.full((2, 2), Template(), object)) if n == 'layer3.W.npy' else d)
        for n, d in parts(path)],
    'a class elsewhere': with_header(
        lambda head: head['layers'][3].update({'class': 'subprocess.Popen'})),
    'a function elsewhere': with_header(
        lambda head: head['layers'][3]['arguments'].update(activate={'function': 'os.system'})),
    'metrics without end': with_header(
        lambda head: head.update(metrics={'accuracy': [[0.5] * 10**6, [], []]})),
    'an epoch beyond all': with_header(lambda head: head.update(epoch=10**30)),
    'shuffles without end': with_header(lambda head: head.update(shuffles=10**15)),
    'a generator of another kind': with_header(
        lambda head: head['layers'][1].update(generator={'bit_generator': 'MT19937'})),
    'a version to come': with_header(lambda head: head.update(version=3)),
}

LARGE = {'a million layers', 'a header of 20 million lists', 'a header of 70 MB',
         'a compressed bomb', 'metrics without end', 'ten thousand layers more than it may have',
         'layers without end in an argument'}


@pytest.mark.filterwarnings('ignore:Duplicate name')
@pytest.mark.parametrize('what', [
    pytest.param(what, marks=pytest.mark.slow if what in LARGE else ()) for what in HOSTILE])
def test_a_file_made_to_do_harm_is_refused_at_once(tmp_path, monkeypatch, what):
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'in').mkdir()
    path = small().write(tmp_path / 'in' / 'model.npz')
    made = HOSTILE[what](path)
    content, compression = made if isinstance(made, tuple) else (made, zipfile.ZIP_STORED)
    write_parts(path, content, compression)
    size = path.stat().st_size
    before = sorted(tmp_path.rglob('*'))

    tracemalloc.start()
    start = time.perf_counter()
    try:
        with pytest.raises(ModelFileError):
            read_model(path)
        took, peak = time.perf_counter() - start, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert took < 5, f'{took:.1f} s'                    # a busy machine, and traced
    assert peak < 20e6 + 8 * size, f'{peak / 1e6:.0f} MB'
    assert sorted(tmp_path.rglob('*')) == before


def test_networks_that_share_an_embedding_are_written_each_by_itself(tmp_path):
    shared = embedding()
    first, second = (EpyNN([shared, *NETWORKS['dense']()], name=name) for name in 'ab')
    for model, epochs in ((first, 5), (second, 2)):
        model.initialize(seed=1, verbose=False)
        model.train(epochs, verbose=0)
    for model in (first, second):
        assert bits(read_model(model.write(tmp_path / 'model.npz'))) == bits(model)


# Version 1 of the format, to be read for ever

RECORDED = [[0.5118126332275944, 0.4881873667724056], [0.4990878880044657, 0.5009121119955343],
            [0.5471165382230678, 0.45288346177693223]]


def version_1():
    """The network in that file, as it was made."""
    model = EpyNN([version_1_data(), GRU(2), Dropout(0.25), Dense(2, 'softmax')],
                  name='version 1')
    model.initialize(loss='CCE', metrics=['accuracy', 'recall'], seed=1, verbose=False,
                     se_hPars={'learning_rate': 0.1, 'schedule': 'exp_decay', 'cycle_epochs': 4})
    model.train(2, verbose=0)
    return model


def test_files_of_version_1_are_read_for_ever():
    model = read_model(VERSION_1)
    assert (model.name, model.e, model.loss, model.seed) == ('version 1', 2, 'CCE', 1)
    assert model.embedding.e2i == {'a': 0, 'b': 1, 'c': 2}
    assert list(model.metrics) == ['accuracy', 'recall', 'CCE']
    A = model.predict(['abc', 'ccccc', 'b'], X_encode=True).A
    np.testing.assert_allclose(A, RECORDED, rtol=1e-12)


def test_files_of_version_1_go_on_where_they_ended():
    model, never_stopped = read_model(VERSION_1), version_1()
    model.embedding = never_stopped.embedding
    for each in (model, never_stopped):
        each.train(2, verbose=0)
    np.testing.assert_allclose(model.metrics['CCE'][0], never_stopped.metrics['CCE'][0],
                               rtol=1e-9)


# Going on from a file

SCHEDULES = {
    'steady': {}, 'exp_decay': {'schedule': 'exp_decay', 'cycle_epochs': 2, 'cycle_descent': 0.2},
    'lin_decay': {'schedule': 'lin_decay', 'decay_k': 0.01},
}


SIZES = [(1, 0, 0), (2, 1, 0), (3, 0, 1), (2, 1, 1)]


def every_fifth(cases):
    """Cases, of which all but each fifth are slow, so that each option is among the others."""
    return [pytest.param(*case, id='-'.join(map(str, case)).replace(' ', ''),
                         marks=pytest.mark.slow if i % 5 else ()) for i, case in enumerate(cases)]


@pytest.mark.parametrize('kind, schedule, relative_size',
                         every_fifth(product(ALL, SCHEDULES, SIZES)))
def test_going_on_from_a_file_is_never_having_stopped(kind, schedule, relative_size, tmp_path):
    def made():
        model = EpyNN([data_of(kind, relative_size=relative_size), *ALL[kind]()])
        model.initialize(seed=3, verbose=False, metrics=['accuracy', 'recall'],
                         se_hPars={'learning_rate': 0.1, **SCHEDULES[schedule]})
        return model

    at_once, in_parts = made(), made()
    at_once.train(5, verbose=0)
    in_parts.train(3, verbose=0)
    from_file = read_model(in_parts.write(tmp_path / 'model.npz'))
    from_file.embedding = data_of(kind, relative_size=relative_size)
    for model in (in_parts, from_file):
        model.train(2, verbose=0)
        assert bits(model) == bits(at_once)
    for layer, twin in zip(from_file.layers, at_once.layers, strict=True):
        assert not layer.p or layer.lrate == twin.lrate
    twice = read_model(from_file.write(tmp_path / 'model.npz'))
    assert bits(twice) == bits(at_once)


def test_going_on_with_other_sets_is_nan_where_there_was_none(tmp_path, capsys):
    model = EpyNN([embedding(relative_size=(2, 1, 0)), *NETWORKS['dense']()])
    model.initialize(seed=1, verbose=False)
    for relative_size in ((2, 1, 0), (1, 0, 0), (2, 1, 1)):
        model.embedding = embedding(relative_size=relative_size)
        model.report()
        model.train(2, verbose=1)
    there = [[v == v for v in values] for values in model.metrics['MSE']]
    yes, no = [True] * 2, [False] * 2
    assert there == [yes * 3, yes + no + yes, no * 2 + yes]
    assert 'nan' in capsys.readouterr().out
    assert bits(read_model(model.write(tmp_path / 'model.npz'))) == bits(model)
    model.plot(pyplot=False)
