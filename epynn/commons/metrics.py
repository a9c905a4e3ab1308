"""How good is a prediction? Ratios of the counts of a confusion matrix; errors of numbers.

Every metric of classes is a function ``f(y, P, positive=0)`` of labels ``y`` and predicted labels
``P``: both of shape (m,) or (m, 1), or targets and outputs (m, c), the largest of which is the
label. **Label 0 is the positive class** unless told otherwise; with more than two classes, all
others are negative. A ratio over nothing is ``nan``.

Where a sample may have several labels at once, both are (m, c) of 0 and 1, and there the positive
class is 1: a metric is the mean over the c labels, and :func:`per_label` gives each.

``R2`` and ``RMSE`` are of targets and outputs that are numbers, (m,) or (m, c).
"""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

Metric = Callable[..., float]


def to_labels(A: np.ndarray) -> np.ndarray:
    """Labels meant by targets or outputs (m, c): the largest of several, or the rounded one."""
    return A.argmax(axis=-1) if A.shape[-1] > 1 else np.rint(A[:, 0]).astype(int)


def kind_of(Y: np.ndarray) -> str:
    """What targets (m, c) are: 'classes', one for each sample, 'labels', some of several for each,
    or 'values', numbers that are no classes."""
    whole = bool(np.array_equal(Y, np.rint(Y)))
    if Y.shape[-1] == 1:
        return 'classes' if whole and len(np.unique(Y)) <= 2 else 'values'
    if whole and Y.size and 0 <= Y.min() <= Y.max() <= 1:
        return 'classes' if (Y.sum(axis=-1) == 1).all() else 'labels'
    return 'values'


def as_labels(y: Any) -> np.ndarray:
    """Labels (m,), from labels or from targets or outputs (m, c)."""
    y = np.asarray(y)
    if y.ndim not in (1, 2):
        raise ValueError(f'metrics expect labels of shape (m,) or outputs of shape (m, c), got '
                         f'shape {y.shape}')
    if y.ndim == 2:
        return to_labels(y)
    return np.rint(y).astype(int) if y.dtype.kind == 'f' else y


def pairs(y: Any, P: Any, positive: int) -> list[tuple[np.ndarray, np.ndarray, int]]:
    """Labels, predicted labels and the positive one: a pair, or one for each of several labels."""
    y, P = np.asarray(y), np.asarray(P)
    if y.ndim == P.ndim == 2 and y.shape == P.shape and y.shape[1] > 1 \
            and kind_of(y) == 'labels':
        return [(y[:, i].astype(int), np.rint(P[:, i]).astype(int), 1) for i in range(y.shape[1])]
    y, P = as_labels(y), as_labels(P)
    if y.shape != P.shape:
        raise ValueError(f'metrics expect as many labels as predictions, got {len(y)} and {len(P)}')
    return [(y, P, positive)]


def mean_over_labels(ratio: Metric) -> Metric:
    """A metric of labels (m,) as one of outputs too, and of several labels at once, their mean."""
    @wraps(ratio)
    def metric(y: Any, P: Any, positive: int = 0) -> float:
        values = [ratio(*pair) for pair in pairs(y, P, positive)]
        known = [value for value in values if value == value]
        return sum(known) / len(known) if known else float('nan')
    return metric


def per_label(metric: Metric, Y: Any, P: Any) -> list[float]:
    """A metric of each label, where a sample may have several: Y and P (m, c) of 0 and 1."""
    Y, P = np.asarray(Y), np.asarray(P)
    return [metric(Y[:, i].astype(int), P[:, i].astype(int), positive=1) for i in range(Y.shape[1])]


def confusion(y: Any, P: Any, positive: int = 0) -> tuple[int, int, int, int]:
    """Counts of true positives, true negatives, false positives and false negatives."""
    actual, predicted = np.asarray(y) == positive, np.asarray(P) == positive
    return (int((actual & predicted).sum()), int((~actual & ~predicted).sum()),
            int((~actual & predicted).sum()), int((actual & ~predicted).sum()))


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float('nan')


@mean_over_labels
def accuracy(y: Any, P: Any, positive: int = 0) -> float:
    """Share of the samples whose label is predicted, whatever the class."""
    return _ratio(int(np.sum(y == P)), len(y))


@mean_over_labels
def recall(y: Any, P: Any, positive: int = 0) -> float:
    """Share of the positive samples that are found, tp / (tp + fn); also: sensitivity."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(tp, tp + fn)


@mean_over_labels
def precision(y: Any, P: Any, positive: int = 0) -> float:
    """Share of the positive predictions that are right, tp / (tp + fp)."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(tp, tp + fp)


@mean_over_labels
def fscore(y: Any, P: Any, positive: int = 0) -> float:
    """Harmonic mean of recall and precision, 2 tp / (2 tp + fp + fn); also: F1."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(2 * tp, 2 * tp + fp + fn)


@mean_over_labels
def specificity(y: Any, P: Any, positive: int = 0) -> float:
    """Share of the negative samples that are found, tn / (tn + fp)."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(tn, tn + fp)


@mean_over_labels
def NPV(y: Any, P: Any, positive: int = 0) -> float:
    """Negative predictive value, the share of negative predictions that are right."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(tn, tn + fn)


def R2(Y: Any, A: Any) -> float:
    """Coefficient of determination: 1 minus the squared error relative to that of the mean.

    With several outputs, the mean of theirs; nan for targets that are all the same.
    """
    Y, A = columns(Y, A)
    with np.errstate(over='ignore', invalid='ignore', divide='ignore'):
        spread = ((Y - Y.mean(axis=0))**2).sum(axis=0)
        return float(np.mean(1 - ((Y - A)**2).sum(axis=0) / np.where(spread == 0, np.nan, spread)))


def RMSE(Y: Any, A: Any) -> float:
    """Root of the mean squared error, in the unit of the targets."""
    Y, A = columns(Y, A)
    with np.errstate(over='ignore'):
        return float(np.sqrt(((Y - A)**2).mean()))


def columns(Y: Any, A: Any) -> tuple[np.ndarray, np.ndarray]:
    """Targets and outputs of one shape (m, c)."""
    Y, A = (np.asarray(V, dtype=np.float64).reshape(len(V), -1) for V in (Y, A))
    if Y.shape != A.shape:
        raise ValueError(f'metrics expect as many outputs as targets, got shapes {Y.shape} and '
                         f'{A.shape}')
    return Y, A


metrics: dict[str, Metric] = {
    f.__name__: f for f in (accuracy, recall, precision, fscore, specificity, NPV)}

# Of numbers, not of classes: functions of targets and outputs
of_values: dict[str, Metric] = {f.__name__: f for f in (R2, RMSE)}
