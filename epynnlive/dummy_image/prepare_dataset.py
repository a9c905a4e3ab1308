"""Is a row and a column of an image blank? Tones at random, some of them wiped out."""
import random

import numpy as np

from epynn.commons.checks import positive_integer

SIZE = 28                               # height and width [pixels]
TONES = 16                              # from 0, blank, to 15


def prepare_dataset(N_SAMPLES: int = 100) -> tuple[list[np.ndarray], list[int]]:
    """Prepare N_SAMPLES images of 28 x 28 pixels, with their labels.

    A coin decides whether one row and one column, at random, are blank. The samples follow
    :func:`random.seed`.

    Parameters
    ----------
    N_SAMPLES : int, optional
        How many images.

    Returns
    -------
    X_features : list of ndarray of int, each of shape (28, 28, 1)
        Tones from 0 to 15; the last axis is the depth.
    Y_label : list of int
        0 where a row and a column are blank, 1 where no pixel was touched.

    Raises
    ------
    ValueError
        Where N_SAMPLES is not a positive integer.
    """
    positive_integer('prepare_dataset', 'N_SAMPLES', N_SAMPLES)
    rng = np.random.default_rng(random.getrandbits(64))
    Y_label = rng.integers(2, size=N_SAMPLES).tolist()
    return [image(label, rng) for label in Y_label], Y_label


def image(label, rng):
    """Random tones, a row and a column of them blank where the label is 0, the positive class."""
    x = rng.integers(TONES, size=(SIZE, SIZE, 1))
    if label == 0:
        x[rng.integers(SIZE)] = 0
        x[:, rng.integers(SIZE)] = 0
    return x


def features_image():
    """A sample of :func:`prepare_dataset`, of either label, by a coin."""
    return prepare_dataset(1)[0][0]


def label_features(features):
    """0, the positive class, where a row and a column are blank."""
    blank = features == 0
    return 0 if blank.all(axis=(1, 2)).any() and blank.all(axis=(0, 2)).any() else 1
