"""A model file is saved as any program saves a file: modes, links, pipes, names; none is lost."""
import os
import stat
import threading
import time

import pytest
from networks import bits, network

from epynn import EpyNN, ModelFileError, read_model
from epynn.network.names import clean, is_file_name

needs_modes = pytest.mark.skipif(os.name == 'nt', reason='Windows has no modes')


@pytest.fixture(scope='module')
def model():
    return network(seed=1)


def clock_at(monkeypatch, second=1_700_000_000):
    monkeypatch.setattr(time, 'time', lambda: second + 0.5)


# Names

def test_networks_of_one_name_and_second_have_names_of_their_own(monkeypatch):
    clock_at(monkeypatch, 1_700_000_001)
    unames = [network().uname for _ in range(3)]
    assert unames == [f'1700000001_dense{end}' for end in ('', '_2', '_3')]


def test_networks_of_one_name_and_second_have_files_of_their_own(monkeypatch):
    clock_at(monkeypatch, 1_700_000_002)
    models = [network(seed=seed) for seed in range(3)]
    paths = [model.write() for model in models]
    for path, model in zip(paths, models, strict=True):
        assert bits(read_model(path)) == bits(model)


def test_a_network_writes_over_its_own_file_and_no_other(monkeypatch):
    clock_at(monkeypatch)
    first, second = network(seed=1), network(seed=2)
    second.uname = first.uname                      # as that of another process may be
    path = first.write()
    other = second.write()
    assert other != path and second.uname == f'{first.uname}_3' == other.stem
    assert read_model(other).uname == other.stem
    first.train(1, verbose=0)
    assert (first.write(), second.write()) == (path, other)
    assert bits(read_model(path)) == bits(first) and bits(read_model(other)) == bits(second)


def test_a_network_from_a_file_keeps_its_name_and_writes_over_that_file():
    path = network(seed=1).write()
    again = read_model(path)
    assert again.write() == path and again.uname == path.stem
    assert list(path.parent.iterdir()) == [path]
    elsewhere = read_model(again.write('elsewhere.npz'))
    assert elsewhere.write() != path                # it was not read from there


@pytest.mark.skipif(not hasattr(os, 'fork'), reason='needs fork')
def test_processes_of_one_name_and_second_have_files_of_their_own(tmp_path):
    model = network(seed=1)
    children = []
    for _ in range(8):
        children.append(os.fork())
        if not children[-1]:
            try:
                model.write()
            finally:
                os._exit(0)
    for child in children:
        os.waitpid(child, 0)
    written = list((tmp_path / 'models').iterdir())
    assert len(written) == 8
    assert all(bits(read_model(path)) == bits(model) for path in written)


def test_without_links_no_other_file_is_overwritten_either(monkeypatch):
    def no_links(*_):
        raise OSError('no links on this file system')

    monkeypatch.setattr(os, 'link', no_links)
    first, second = network(seed=1), network(seed=2)
    second.uname = first.uname
    paths = [first.write(), second.write()]
    assert [bits(read_model(path)) for path in paths] == [bits(first), bits(second)]


@pytest.mark.parametrize('name', ['a' * 300, 'é' * 300, '深' * 300, '𝒳' * 300, 'a' + '深' * 300])
def test_long_names_are_cut_between_characters(name):
    model = network(seed=1)
    model.uname = EpyNN(model.layers, name=name).uname
    path = model.write()
    assert len(path.name.encode()) <= 255 and read_model(path).uname == path.stem
    assert '\ufffd' not in model.uname and name.startswith(model.uname.split('_', 1)[1][:40])


@pytest.mark.parametrize('uname', ['', '.', '..', '../up', '/root', 'a\\b', 'c:d', 'a\0b', '\ud800',
                                   'a\nb', 5, None, 'x' * 260], ids=repr)
def test_a_name_that_leads_elsewhere_is_refused(uname):
    model = network(seed=1)
    model.uname = uname
    with pytest.raises(ValueError, match='uname to be the name of a file'):
        model.write('model.npz')


def test_the_name_of_any_network_is_the_name_of_a_file():
    for name in ('', ' ', '../..', 'a/b\\c:d', '\0', '\ud800', 'Ünï', '1\n2'):
        assert is_file_name('1_' + clean(name)) and EpyNN(network().layers, name=name).uname


# Modes, links, pipes

@needs_modes
@pytest.mark.parametrize('mode', [0o600, 0o640, 0o664, 0o755])
def test_a_file_keeps_its_mode(tmp_path, model, mode):
    path = model.write(tmp_path / 'model.npz')
    path.chmod(mode)
    model.write(path)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@needs_modes
@pytest.mark.parametrize('umask', [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_of_any_new_file(tmp_path, model, umask):
    before = os.umask(umask)
    try:
        path = model.write(tmp_path / 'model.npz')
        (tmp_path / 'any').touch()
        assert path.stat().st_mode == (tmp_path / 'any').stat().st_mode
    finally:
        assert os.umask(before) == umask


def test_the_umask_is_not_touched(tmp_path, model, monkeypatch):
    def never(mask):
        raise AssertionError('it is that of all threads')

    monkeypatch.setattr(os, 'umask', never)
    model.write(tmp_path / 'model.npz')


@needs_modes
def test_a_file_that_may_not_be_written_to_is_kept(tmp_path, model, monkeypatch):
    path = model.write(tmp_path / 'model.npz')
    before = path.read_bytes()
    path.chmod(0o444)
    access = os.access
    monkeypatch.setattr(os, 'access', lambda p, mode: access(p, mode) and not (     # root may
        mode == os.W_OK and not os.stat(p).st_mode & 0o222))
    with pytest.raises(PermissionError, match='the network was not written'):
        network(seed=2).write(path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == 'nt', reason='links need rights on Windows')
def test_a_link_is_followed(tmp_path, model):
    (tmp_path / 'kept').mkdir()
    target, link = tmp_path / 'kept' / 'model.npz', tmp_path / 'latest.npz'
    link.symlink_to('kept/model.npz')
    for _ in range(2):                              # where there is none yet, and one to replace
        assert model.write(link) == link
        assert link.is_symlink() and not target.is_symlink()
        assert bits(read_model(target)) == bits(read_model(link)) == bits(model)
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.skipif(os.name == 'nt', reason='links need rights on Windows')
def test_a_link_to_itself_is_an_error(tmp_path, model):
    link = tmp_path / 'link.npz'
    link.symlink_to(link)
    with pytest.raises(OSError, match='the network was not written'):
        model.write(link)
    assert list(tmp_path.iterdir()) == [link]


@pytest.mark.skipif(not hasattr(os, 'mkfifo'), reason='needs named pipes')
def test_a_pipe_is_written_to(tmp_path, model):
    pipe, came = tmp_path / 'pipe', []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: came.append(pipe.read_bytes()))
    reader.start()
    model.write(pipe)
    reader.join()
    (tmp_path / 'model.npz').write_bytes(came[0])
    assert bits(read_model(tmp_path / 'model.npz')) == bits(model) and pipe.is_fifo()


@pytest.mark.skipif(not os.path.exists('/dev/null'), reason='needs a device')
def test_a_device_is_written_to(model):
    model.write('/dev/null')
    assert stat.S_ISCHR(os.stat('/dev/null').st_mode)


# Long names

@pytest.mark.parametrize('name', ['n' * 255, 'é' * 127, '🙂' * 63])
def test_a_name_as_long_as_any_works(tmp_path, model, name):
    path = model.write(tmp_path / name)
    model.write(path)
    assert bits(read_model(path)) == bits(model) and list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize('name', ['n' * 256, 'new/' + 'n' * 256, 'new/er/' + 'é' * 128,
                                  'new/' + 'd' * 256 + '/model.npz', 'n/' * 3000 + 'model'])
def test_a_name_longer_than_any_leaves_nothing_behind(tmp_path, model, name):
    with pytest.raises(OSError, match='the network was not written'):
        model.write(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_directories_made_for_a_file_that_was_not_written_are_gone(tmp_path, model, monkeypatch):
    (tmp_path / 'there').mkdir()

    def full(*_):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(OSError, match='No space left'):
        model.write(tmp_path / 'there' / 'new' / 'newer' / 'model.npz')
    assert [p.name for p in tmp_path.rglob('*')] == ['there']


def test_a_file_where_a_directory_should_be_is_an_error(tmp_path, model):
    (tmp_path / 'models').touch()
    with pytest.raises(OSError, match='the network was not written'):
        model.write()
    assert (tmp_path / 'models').read_bytes() == b''
    with pytest.raises(ModelFileError):
        read_model(tmp_path / 'models')
