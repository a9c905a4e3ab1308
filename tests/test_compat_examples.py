"""The live examples prepare what they did in EpyNN 1.2.13: samples of the same kind and shape."""
import importlib
import inspect
import random
from pathlib import Path

import numpy as np
import pytest
from test_course import mnist, peptide_files

from epynnlive.captcha_mnist.prepare_dataset import download_mnist
from epynnlive.captcha_mnist.prepare_dataset import prepare_dataset as digits
from epynnlive.ptm_protein.prepare_dataset import download_sequences
from epynnlive.ptm_protein.prepare_dataset import prepare_dataset as peptides

LETTERS = set('ACDEFGHIKLMNPQRSTVWY_')


def is_list_of(kind, length):
    return lambda x: type(x) is list and len(x) == length and {type(e) for e in x} == {kind}


def is_array_of(kind, shape):
    return lambda x: type(x) is np.ndarray and x.shape == shape and x.dtype.kind in kind


SAMPLES = {
    'dummy_boolean': is_list_of(bool, 11), 'dummy_string': is_list_of(str, 12),
    'dummy_time': is_array_of('f', (128, 1)), 'dummy_image': is_array_of('iuf', (28, 28, 1)),
    'captcha_mnist': is_array_of('f', (28, 28, 1)), 'ptm_protein': is_list_of(str, 21)}
every_example = pytest.mark.parametrize('name', SAMPLES)


def module(name):
    return importlib.import_module(f'epynnlive.{name}.prepare_dataset')


@every_example
def test_samples_are_of_the_kind_they_were(name):
    random.seed(1)
    X, Y = module(name).prepare_dataset(N_SAMPLES=30)
    assert len(X) == len(Y) == 30 and all(SAMPLES[name](x) for x in X)
    assert {type(label) for label in Y} == {int}


@every_example
def test_by_default_there_are_100(name):
    prepare = module(name).prepare_dataset
    assert inspect.signature(prepare).parameters['N_SAMPLES'].default == 100
    X, Y = prepare()
    assert len(X) == len(Y) == 100


@every_example
def test_samples_follow_the_seed(name):
    found = []
    for seed in (1, 1, 2):
        random.seed(seed)
        found.append(module(name).prepare_dataset(20)[0])
    assert np.array_equal(found[0], found[1]) and not np.array_equal(found[0], found[2])


@pytest.mark.parametrize('name, features', [
    ('dummy_boolean', 'features_boolean'), ('dummy_string', 'features_string'),
    ('dummy_time', 'features_time'), ('dummy_image', 'features_image')])
def test_single_samples_are_drawn_and_labelled(name, features):
    random.seed(1)
    label_features = module(name).label_features
    drawn = [getattr(module(name), features)() for _ in range(40)]
    assert all(SAMPLES[name](x) for x in drawn)
    assert {label_features(x) for x in drawn} == {0, 1}
    X, Y = module(name).prepare_dataset(300)
    right = np.mean([label_features(x) == label for x, label in zip(X, Y, strict=True)])
    assert right == 1 or (name == 'dummy_time' and right > 0.98)


def test_numbers_of_features_may_be_given():
    assert len(module('dummy_boolean').features_boolean(7)) == 7
    assert len(module('dummy_string').features_string(N_FEATURES=9)) == 9


def test_digits_of_the_package_are_drawn_larger():
    random.seed(1)
    X, Y = digits(50)
    random.seed(1)
    small, labels = module('captcha_mnist').prepare_digits(50)
    assert Y == labels and np.min(X) == 0 and np.max(X) == pytest.approx(255)
    for large, x in zip(X, small, strict=True):
        np.testing.assert_allclose(large[[0, 0, -1, -1], [0, -1, 0, -1], 0],
                                   x[[0, 0, -1, -1], [0, -1, 0, -1], 0] * (255 / 16))
        assert large.mean() == pytest.approx(x.mean() * 255 / 16, rel=0.25)


def test_digits_of_ones_own_are_floats():
    images = np.random.default_rng(0).integers(0, 256, (5, 28, 28))
    mnist(images, [7, 0, 9, 1, 2])
    X, Y = digits(None)
    for x, label in zip(X, Y, strict=True):
        assert x.dtype == np.float64
        np.testing.assert_array_equal(x[:, :, 0], images[[7, 0, 9, 1, 2].index(label)])


def test_some_peptides_end_and_none_loses_its_site():
    random.seed(1)
    X, Y = peptides(2000)
    texts = [''.join(x) for x in X]
    assert set().union(*X) == LETTERS and all(x[10] in 'ST' for x in X)
    assert all('_' not in x.strip('_') for x in texts)
    assert np.mean(['_' in x for x in texts]) == pytest.approx(0.05, abs=0.02)
    assert {label for x, label in zip(texts, Y, strict=True) if '_' in x} == {0, 1}


def test_peptides_of_ones_own_may_end():
    s, t = 'A' * 10 + 'S' + 'C' * 8 + '__', '_' * 3 + 'D' * 7 + 'T' + 'E' * 10
    peptide_files(f'{s}\n', f'{t}\n')
    X, Y = peptides(None)
    assert dict(zip(map(''.join, X), Y, strict=True)) == {s: 0, t: 1}


@pytest.mark.parametrize('download, fill, told', [
    (download_mnist, lambda: mnist(np.zeros((2, 28, 28)), [1, 2]), 'put its files into data/'),
    (download_sequences, lambda: peptide_files('A', 'C'), '21_positive.dat and 21_negative.dat')])
def test_nothing_is_downloaded_and_it_is_said_what_is_used(download, fill, told, capsys):
    assert download() is None and told in capsys.readouterr().out
    assert list(Path().iterdir()) == []
    fill()
    download()
    assert capsys.readouterr().out == ''
