"""Are two letters equal? Strings at random, and the label that their ends give."""
import random

from epynn.commons.checks import positive_integer

ALPHABET = 'ABCD'
LENGTH = 6                              # of the strings of the course


def prepare_dataset(N_SAMPLES: int = 100) -> tuple[list[list[str]], list[int]]:
    """Prepare N_SAMPLES lists of 12 letters, with their labels, as EpyNN 1.2.13 did.

    The samples follow :func:`random.seed`. The course takes shorter ones, as text, which networks
    with a memory learn in a minute: :func:`prepare_strings`.

    Parameters
    ----------
    N_SAMPLES : int, optional
        How many samples.

    Returns
    -------
    X_features : list of lists of 12 str
        Letters from A to D.
    Y_label : list of int
        0 where the first letter and the last are equal, else 1.

    Raises
    ------
    ValueError
        Where N_SAMPLES is not a positive integer.
    """
    positive_integer('prepare_dataset', 'N_SAMPLES', N_SAMPLES)
    X_features = [features_string() for _ in range(N_SAMPLES)]
    return X_features, [label_features(features) for features in X_features]


def prepare_strings(N_SAMPLES: int = 100) -> tuple[list[str], list[int]]:
    """Prepare N_SAMPLES strings of 6 letters, with their labels.

    Of strings at random one in four would end as it begins. A coin decides instead, so that
    there are about as many of either label. The samples follow :func:`random.seed`.

    Parameters
    ----------
    N_SAMPLES : int, optional
        How many strings.

    Returns
    -------
    X_features : list of str, each of 6 letters
        Letters from A to D.
    Y_label : list of int
        0 where the first letter and the last are equal, else 1.

    Raises
    ------
    ValueError
        Where N_SAMPLES is not a positive integer.
    """
    positive_integer('prepare_strings', 'N_SAMPLES', N_SAMPLES)
    X_features = [draw_string() for _ in range(N_SAMPLES)]
    return X_features, [label(string) for string in X_features]


def draw_string(length=LENGTH):
    """A string that ends with its first letter as often as with another."""
    *letters, _ = random.choices(ALPHABET, k=length)
    others = [letter for letter in ALPHABET if letter != letters[0]]
    last = letters[0] if random.random() < 0.5 else random.choice(others)
    return ''.join([*letters, last])


def label(string):
    """0, the positive class, where the first letter and the last are equal."""
    return 0 if string[0] == string[-1] else 1


def features_string(N_FEATURES=12):
    """A sample of :func:`prepare_dataset`: letters that end as they begin, or not, by a coin."""
    return list(draw_string(N_FEATURES))


label_features = label                  # as EpyNN 1.2.13 called it
