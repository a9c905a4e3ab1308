"""Is there a tone in the noise? White noise, with a sine of random frequency or without."""
import random

import numpy as np

from epynn.commons.checks import positive_integer

N_POINTS = 128
AMPLITUDE = 2.0                         # of the sine; the noise has a standard deviation of 1
CYCLES = (1, 16)                        # of the sine over all points: eight points or more each


def prepare_dataset(N_SAMPLES: int = 100) -> tuple[list[np.ndarray], list[int]]:
    """Prepare N_SAMPLES series of 128 steps of one element, with their labels.

    These are the series of :func:`prepare_series`, as recurrent layers take them, and as EpyNN
    1.2.13 prepared them.

    Parameters
    ----------
    N_SAMPLES : int, optional
        How many series.

    Returns
    -------
    X_features : list of ndarray of float, each of shape (128, 1)
    Y_label : list of int
        0 where there is a sine, 1 where there is noise only.

    Raises
    ------
    ValueError
        Where N_SAMPLES is not a positive integer.
    """
    X_features, Y_label = prepare_series(N_SAMPLES)
    return [x[:, np.newaxis] for x in X_features], Y_label


def prepare_series(N_SAMPLES: int = 100) -> tuple[list[np.ndarray], list[int]]:
    """Prepare N_SAMPLES series of 128 points, with their labels.

    A coin decides whether there is a sine, of a frequency and a phase at random. Each series is
    then divided by its own standard deviation, so that loudness does not tell. The samples
    follow :func:`random.seed`.

    Parameters
    ----------
    N_SAMPLES : int, optional
        How many series.

    Returns
    -------
    X_features : list of ndarray of float, each of shape (128,)
        Series with a mean near 0 and a standard deviation of 1.
    Y_label : list of int
        0 where there is a sine, 1 where there is noise only.

    Raises
    ------
    ValueError
        Where N_SAMPLES is not a positive integer.
    """
    positive_integer('prepare_series', 'N_SAMPLES', N_SAMPLES)
    rng = np.random.default_rng(random.getrandbits(64))
    Y_label = rng.integers(2, size=N_SAMPLES).tolist()
    return [series(label, rng) for label in Y_label], Y_label


def series(label, rng):
    """Noise, and a sine in it where the label is 0, the positive class: (128,)."""
    x = rng.standard_normal(N_POINTS)
    if label == 0:
        time = np.arange(N_POINTS) / N_POINTS                   # [0, 1)
        x += AMPLITUDE * np.sin(2 * np.pi * (rng.uniform(*CYCLES) * time + rng.uniform()))
    return x / x.std()


def features_time():
    """A sample of :func:`prepare_dataset`, of either label, by a coin."""
    return prepare_dataset(1)[0][0]


def label_features(features):
    """The label that a spectrum tells: 0 where one frequency has more than a fifth of the power.

    Noise alone has such a peak, and a sine has none, less than once in fifty times.
    """
    power = np.abs(np.fft.rfft(np.ravel(features))) ** 2            # (65,)
    return 0 if power.max() > 0.2 * power.sum() else 1
