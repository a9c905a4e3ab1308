"""Which of two is in the majority? Booleans at random, and the label that counting gives."""
import random

from epynn.commons.checks import positive_integer

N_FEATURES = 11                         # an odd number: there are no ties


def prepare_dataset(N_SAMPLES: int = 100) -> tuple[list[list[bool]], list[int]]:
    """Prepare N_SAMPLES samples of 11 booleans, with their labels.

    The samples follow :func:`random.seed`.

    Parameters
    ----------
    N_SAMPLES : int, optional
        How many samples.

    Returns
    -------
    X_features : list of lists of 11 bool
        True or False with equal chances.
    Y_label : list of int
        0 where more are True than False, else 1.

    Raises
    ------
    ValueError
        Where N_SAMPLES is not a positive integer.
    """
    positive_integer('prepare_dataset', 'N_SAMPLES', N_SAMPLES)
    X_features = [features_boolean() for _ in range(N_SAMPLES)]
    return X_features, [label(features) for features in X_features]


def features_boolean(N_FEATURES=N_FEATURES):
    """A sample: booleans, True or False with equal chances."""
    return random.choices([True, False], k=N_FEATURES)


def label(features):
    """0, the positive class, where more features are True than False."""
    return 0 if sum(features) > len(features) / 2 else 1


label_features = label                  # as EpyNN 1.2.13 called it
