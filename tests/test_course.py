"""Do the six live examples hold what they say: their data, their scripts and their notebooks?"""
import gzip
import importlib
import os
import random
import re
import struct
from pathlib import Path

import nbformat
import numpy as np
import pytest
from jupyter_client import AsyncKernelManager
from jupyter_core.utils import run_sync
from nbclient import NotebookClient

from epynn.settings import se_hPars as defaults
from epynnlive.captcha_mnist import prepare_dataset as captcha
from epynnlive.dummy_string import prepare_dataset as strings
from epynnlive.ptm_protein import prepare_dataset as ptm

EXAMPLES = ('dummy_boolean', 'dummy_string', 'dummy_time', 'dummy_image', 'captcha_mnist',
            'ptm_protein')
COURSE = Path(captcha.__file__).parents[1]
NOTEBOOKS = [f'{name}/{kind}.ipynb' for name in (*EXAMPLES, 'author_music')
             for kind in ('prepare_dataset', 'train')]

# What the course prepares, where that is not what EpyNN 1.2.13 did: see test_compat_examples
OF_THE_COURSE = dict.fromkeys(EXAMPLES, 'prepare_dataset') | {
    'dummy_string': 'prepare_strings', 'dummy_time': 'prepare_series',
    'captcha_mnist': 'prepare_digits', 'ptm_protein': 'prepare_peptides'}


def prepare(name, n, seed=1):
    random.seed(seed)
    return getattr(module(name, 'prepare_dataset'), OF_THE_COURSE[name])(n)


def module(name, kind):
    return importlib.import_module(f'epynnlive.{name}.{kind}')


@pytest.fixture(autouse=True)
def empty_directory(tmp_path, monkeypatch):
    """No data of the user's, and nothing left behind."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Data

@pytest.mark.parametrize('name', EXAMPLES)
def test_data_follow_the_seed(name):
    X, Y = prepare(name, 40)
    X_again, Y_again = prepare(name, 40)
    X_other, _ = prepare(name, 40, seed=2)
    assert len(X) == len(Y) == 40
    assert np.array_equal(X, X_again) and Y == Y_again
    assert not np.array_equal(X, X_other)


@pytest.mark.parametrize('name', EXAMPLES)
def test_labels_are_balanced_integers_from_0(name):
    _, Y = prepare(name, 1000)
    classes = 10 if name == 'captcha_mnist' else 2
    assert all(type(label) is int for label in Y)
    assert np.bincount(Y).tolist() == pytest.approx([1000 / classes] * classes, rel=0.25)


@pytest.mark.parametrize('name, shape, low, high', [
    ('dummy_boolean', (11,), 0, 1), ('dummy_image', (28, 28, 1), 0, 15),
    ('captcha_mnist', (8, 8, 1), 0, 16), ('dummy_time', (128,), -6, 6)])
def test_arrays_have_the_shape_and_range_they_should(name, shape, low, high):
    X, _ = prepare(name, 60)
    assert all(np.shape(x) == shape for x in X)
    assert low <= np.min(X) <= np.max(X) <= high


@pytest.mark.parametrize('name', EXAMPLES)
@pytest.mark.parametrize('n', [0, -1, 2.5, 'ten'])
def test_a_number_of_samples_that_is_none_is_refused(name, n):
    with pytest.raises(ValueError, match='N_SAMPLES'):
        prepare(name, n)


def test_booleans_are_positive_where_more_are_true():
    for x, label in zip(*prepare('dummy_boolean', 200), strict=True):
        assert label == (0 if list(x).count(True) >= 6 else 1)


def test_strings_are_positive_where_first_and_last_are_equal():
    X, Y = prepare('dummy_string', 200)
    for x, label in zip(X, Y, strict=True):
        assert len(x) == 6 and set(x) <= set('ABCD')
        assert label == (0 if x[0] == x[-1] else 1)
    assert len(strings.draw_string(9)) == 9


def test_series_are_positive_where_a_sine_stands_out_and_loudness_does_not_tell():
    X, Y = (np.array(values) for values in prepare('dummy_time', 400))
    assert X.std(axis=1) == pytest.approx(1)
    spectrum = np.abs(np.fft.rfft(X)) ** 2                  # (m, 65)
    peak = spectrum.max(axis=1) / spectrum.sum(axis=1)
    assert np.mean((peak > 0.2) == (Y == 0)) > 0.98
    assert spectrum[Y == 0][:, 1:].argmax(axis=1).max() + 1 <= 17         # cycles


def test_images_are_positive_where_a_row_and_a_column_are_blank():
    for x, label in zip(*prepare('dummy_image', 200), strict=True):
        rows, columns = (x == 0).all(axis=(1, 2)).sum(), (x == 0).all(axis=(0, 2)).sum()
        assert (rows, columns) == ((1, 1) if label == 0 else (0, 0))


def test_digits_are_all_of_the_set_in_the_package_each_once():
    X, Y = prepare('captcha_mnist', None)
    assert np.bincount(Y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    with np.load(captcha.PACKAGED) as archive:
        packaged = archive['images'].reshape(1797, -1)
    rows = np.array(X).reshape(1797, -1)
    assert np.array_equal(np.sort(rows, axis=0), np.sort(packaged, axis=0))
    assert captcha.PACKAGED.stat().st_size < 100_000
    with pytest.raises(ValueError, match='up to 1797'):
        captcha.prepare_digits(1798)


def test_peptides_have_their_site_in_the_middle_and_the_motif_where_positive():
    X, Y = prepare('ptm_protein', 2000)
    assert all(re.fullmatch('[ACDEFGHIKLMNPQRSTVWY]{10}[ST][ACDEFGHIKLMNPQRSTVWY]{10}', x)
               for x in X)
    proline = [np.mean([x[11] == 'P' for x, y in zip(X, Y, strict=True) if y == label])
               for label in (0, 1)]
    share = 15 * 4.92 / (100 + 14 * 4.92 - 0.7 * 1.69) * 100        # as the motif has it [%]
    assert proline == pytest.approx([share / 100, 0.0492], abs=0.04)


@pytest.mark.slow
def test_log_odds_are_the_best_guess_of_synthetic_peptides():
    X, Y = prepare('ptm_protein', 2000)
    right = np.mean([(ptm.log_odds(x) < 0) == y for x, y in zip(X, Y, strict=True)])
    assert right == pytest.approx(0.78, abs=0.03)
    for label in (0, 1):
        assert all(sum(column.values()) == pytest.approx(1) for column in ptm.frequencies(label))


# Data of the user's

def write_idx(path, values, dtype=8, compress=True):
    values = np.asarray(values, np.uint8)
    raw = bytes([0, 0, dtype, values.ndim]) + struct.pack(f'>{values.ndim}I', *values.shape)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(gzip.compress(raw + values.tobytes()) if compress else raw + values.tobytes())


def mnist(images, labels, name='data/train'):
    write_idx(Path(name + captcha.IMAGES), images)
    write_idx(Path(name + captcha.LABELS), labels)


def test_mnist_files_are_used_where_there_are_any():
    images = np.arange(5 * 28 * 28).reshape(5, 28, 28) % 256
    mnist(images[:3], [7, 0, 9])
    mnist(images[3:], [1, 2], 'data/t10k')
    random.seed(1)
    X, Y = captcha.prepare_digits()
    assert sorted(Y) == [0, 1, 2, 7, 9]
    for x, label in zip(X, Y, strict=True):
        assert np.array_equal(x[:, :, 0], images[[7, 0, 9, 1, 2].index(label)])
    assert len(captcha.prepare_digits(2)[0]) == 2
    with pytest.raises(ValueError, match='up to 5'):
        captcha.prepare_digits(6)


IMAGES = np.zeros((3, 4, 4))


@pytest.mark.parametrize('spoil, message', [
    (lambda path: path.write_bytes(b'not compressed'), 'gzip'),
    (lambda path: path.write_bytes(path.read_bytes()[:-9]), 'complete'),
    (lambda path: path.write_bytes(gzip.compress(b'')), 'begins with 0 0 8'),
    (lambda path: path.write_bytes(gzip.compress(b'\0\0\x08\x03\0\0')), 'lengths of 3 axes'),
    (lambda path: path.write_bytes(gzip.compress(b'\0\0\x08\x03' + b'\xff' * 12)), '1 GB'),
    (lambda path: write_idx(path, IMAGES, dtype=13), 'begins with 0 0 8'),
    (lambda path: path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:-1])),
     '48 values'),
    (lambda path: path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()) + b'1')),
     'got more'),
    (lambda path: write_idx(path, IMAGES[0]), 'images'),
    (lambda path: write_idx(path, IMAGES[:0]), 'images')])
def test_a_file_of_images_that_is_none_is_named(spoil, message):
    mnist(IMAGES, [1, 2, 3])
    path = Path('data/train' + captcha.IMAGES)
    spoil(path)
    with pytest.raises(ValueError, match=message) as error:
        captcha.prepare_digits()
    assert str(path) in str(error.value)


@pytest.mark.parametrize('labels, message', [
    ([1, 2], 'label for each of 3'), ([1, 2, 10], 'has 10'), ([[1], [2], [3]], 'shape')])
def test_labels_that_do_not_fit_the_images_are_named(labels, message):
    mnist(IMAGES, labels)
    with pytest.raises(ValueError, match=message) as error:
        captcha.prepare_digits()
    assert 'train-labels' in str(error.value)


def test_images_without_labels_and_of_two_sizes_are_named():
    write_idx(Path('data/train' + captcha.IMAGES), IMAGES)
    with pytest.raises(FileNotFoundError, match='no train-labels'):
        captcha.prepare_digits()
    mnist(IMAGES, [1, 2, 3])
    mnist(np.zeros((3, 5, 5)), [1, 2, 3], 'data/zoom')
    with pytest.raises(ValueError, match='zoom-images.*size of the others'):
        captcha.prepare_digits()


def peptide_files(positive, negative):
    Path('data').mkdir(exist_ok=True)
    for name, text in zip(ptm.FILES, (positive, negative), strict=True):
        if text is not None:
            (Path('data') / name).write_text(text)


def test_peptide_files_are_used_where_there_are_any():
    s, t = 'A' * 10 + 'S' + 'C' * 10, 'D' * 10 + 'T' + 'E' * 10
    peptide_files(f'{s}\n\n{t.lower()}\n', f'{t[:10]}S{t[11:]}\r\n')
    X, Y = ptm.prepare_peptides(None)
    assert dict(zip(X, Y, strict=True)) == {s: 0, t: 0, f'{t[:10]}S{t[11:]}': 1}
    assert len(ptm.prepare_peptides(2)[0]) == 2
    with pytest.raises(ValueError, match='up to 3'):
        ptm.prepare_peptides(4)


@pytest.mark.parametrize('line', ['A' * 21, 'A' * 10 + 'S' + 'A' * 9, 'A' * 10 + 'S' + '1' * 10])
def test_a_line_that_is_no_peptide_is_named(line):
    good = 'A' * 10 + 'S' + 'A' * 10
    peptide_files(good, f'{good}\n{line}\n')
    with pytest.raises(ValueError, match=r'21_negative\.dat, line 2: expected 21 letters'):
        ptm.prepare_peptides(2)


def test_peptide_files_that_are_missing_empty_or_no_text_are_named():
    good = 'A' * 10 + 'S' + 'A' * 10
    peptide_files(good, None)
    with pytest.raises(FileNotFoundError, match='21_negative'):
        ptm.prepare_peptides(1)
    peptide_files(good, '\n')
    with pytest.raises(ValueError, match='21_negative.*empty'):
        ptm.prepare_peptides(1)
    peptide_files('\u00c5' * 21, good)
    with pytest.raises(ValueError, match='21_positive.*plain text'):
        ptm.prepare_peptides(1)


def test_synthetic_peptides_have_no_end():
    with pytest.raises(ValueError, match='no end'):
        ptm.prepare_peptides(None)


# Settings and scripts

@pytest.mark.parametrize('name', EXAMPLES)
def test_settings_are_a_dict_of_their_own(name):
    se_hPars = module(name, 'settings').se_hPars
    assert se_hPars is not defaults
    assert list(se_hPars) == list(defaults)


def test_the_perceptron_counts_a_majority(capsys, empty_directory):
    module('dummy_boolean', 'train').main()
    printed = capsys.readouterr().out
    training = float(re.findall(r'^\|\s+99 +\|.*', printed, re.M)[0].split('|')[3])
    assert training > 0.95
    assert not any(empty_directory.iterdir())


@pytest.mark.slow
def test_the_convolution_reads_digits(capsys, empty_directory):
    module('captcha_mnist', 'train').main()
    scores = re.search(r'\| Convolution-16 +\|.*', capsys.readouterr().out)[0].split('|')
    assert float(scores[4]) > 0.95
    assert not any(empty_directory.iterdir())


# Notebooks

@pytest.fixture(scope='module')
def kernel(tmp_path_factory):
    """One kernel for all notebooks, in an empty directory, told to be quick."""
    home = tmp_path_factory.mktemp('kernel')
    paths = [str(COURSE.parent), *filter(None, [os.environ.get('PYTHONPATH')])]
    env = {k: v for k, v in os.environ.items() if k != 'MPLBACKEND'}        # as notebooks have it
    env |= {'EPYNN_FAST': '1', 'PYTHONPATH': os.pathsep.join(paths), 'IPYTHONDIR': str(home)}
    manager = AsyncKernelManager(kernel_name='python3')
    run_sync(manager.start_kernel)(env=env, cwd=str(tmp_path_factory.mktemp('notebooks')))
    yield manager
    run_sync(manager.shutdown_kernel)(now=True)


@pytest.mark.slow
@pytest.mark.parametrize('path', NOTEBOOKS)
def test_notebooks_run(path, kernel):
    notebook = nbformat.read(COURSE / path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell('%reset -f\nassert "np" not in dir()'))
    client = NotebookClient(notebook, km=kernel, timeout=600)
    try:
        client.execute()
    finally:
        client.kc.stop_channels()
    assert_clean(notebook)


@pytest.mark.parametrize('path', NOTEBOOKS)
def test_notebooks_are_committed_with_their_outputs(path):
    text = (COURSE / path).read_text()
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert len(text) < 500_000
    code = [cell for cell in notebook.cells if cell.cell_type == 'code']
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert sum(bool(cell.outputs) for cell in code) > len(code) / 2
    assert any('image/png' in output.get('data', {}) for cell in code for output in cell.outputs)
    assert_clean(notebook)
    assert 'Questions to try' in notebook.cells[-1].source


def assert_clean(notebook):
    """No errors, no warnings, and nothing of the machine that it ran on."""
    for cell in notebook.cells:
        for output in cell.get('outputs', []):
            assert output.output_type != 'error'
            assert output.get('name') != 'stderr', output.text
            text = output.get('text', output.get('data', {}).get('text/plain', ''))
            assert not re.search(r'/(tmp|home|root|Users|work)/|0x[0-9a-f]{6}', text)
