"""How good is a prediction? Ratios of the counts of a confusion matrix; errors of numbers.

Every metric of classes is a function ``f(y, P, positive=0)`` of labels ``y`` and predicted labels
``P``: both of shape (m,) or (m, 1), or targets and outputs (m, c), the largest of which is the
label. **Label 0 is the positive class** unless told otherwise; with more than two classes, all
others are negative. A ratio over nothing is ``nan``.

Where a sample may have several labels at once, both are (m, c) of 0 and 1, and there the positive
class is 1: a metric is the mean over the c labels, and :func:`per_label` gives each.

``AUC`` and ``top_k`` are of targets and outputs of classes, ``R2`` and ``RMSE`` of those that are
numbers, (m,) or (m, c).

All take ``weights``, how much each sample counts; a network gives them only where it is asked to,
see :meth:`.EpyNN.evaluate`.
"""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from epynn.commons.checks import finite

Metric = Callable[..., float]


def to_labels(A: np.ndarray) -> np.ndarray:
    """Labels meant by targets or outputs (m, ..., c): the largest, or the rounded one."""
    return A.argmax(axis=-1) if A.shape[-1] > 1 else np.rint(A[..., 0]).astype(int)


def kind_of(Y: np.ndarray) -> str:
    """What targets (m, c) are: 'classes', one for each sample, 'labels', some of several for each,
    or 'values', numbers that are no classes."""
    whole = bool(np.array_equal(Y, np.rint(Y)))
    if Y.shape[-1] == 1:
        return 'classes' if whole and len(np.unique(Y)) <= 2 else 'values'
    if whole and Y.size and 0 <= Y.min() <= Y.max() <= 1:
        return 'classes' if (Y.sum(axis=-1) == 1).all() else 'labels'
    return 'values'


def checked(y: Any) -> np.ndarray:
    """Labels (m,), or targets or outputs (m, c), as an array; an error for anything else."""
    y = np.asarray(y)
    if y.ndim not in (1, 2) or 0 in y.shape[1:] or y.dtype.kind not in 'biufUO':
        raise ValueError(f'metrics expect labels of shape (m,) or outputs of shape (m, c), got '
                         f'{y.dtype} of shape {y.shape}')
    return y


def as_labels(y: np.ndarray) -> np.ndarray:
    """Labels (m,), from labels or from targets or outputs (m, c)."""
    finite('a metric', y, what='labels and predictions')
    if y.ndim == 2:
        return y[:, 0] if y.dtype.kind in 'UO' and y.shape[1] == 1 else to_labels(y)
    return np.rint(y).astype(int) if y.dtype.kind == 'f' else y


def several(y: np.ndarray, of: str = 'biuf') -> bool:
    """Whether samples have several labels at once: 0 and 1 for each, more or less than one 1."""
    return y.ndim == 2 and y.shape[1] > 1 and y.dtype.kind in of and kind_of(y) == 'labels'


Pair = tuple[np.ndarray, np.ndarray, Any]


def pairs(y: Any, P: Any, positive: Any) -> list[Pair]:
    """Labels, predicted labels and the positive one: a pair, or one for each of several labels."""
    y, P = checked(y), checked(P)
    # Outputs may happen to be 0 and 1 too, but predictions of several labels are integers
    at_once = several(y) or several(P, of='biu')
    if len(y) != len(P):
        raise ValueError(f'metrics expect as many labels as predictions, got {len(y)} and {len(P)}')
    if y.shape != P.shape and (at_once or (y.ndim == P.ndim and 1 not in (y.shape[1], P.shape[1]))):
        raise ValueError('metrics expect labels and predictions of as many classes, got shapes '
                         f'{y.shape} and {P.shape}')
    if not at_once:
        return [(as_labels(y), as_labels(P), positive)]
    return [(y[:, i].astype(int), np.rint(P[:, i]).astype(int), 1) for i in range(y.shape[1])]


def mean_of(values: list[float]) -> float:
    """Their mean, those that are undefined left out; nan where all are."""
    known = [value for value in values if value == value]
    return sum(known) / len(known) if known else float('nan')


def mean_over_labels(ratio: Metric) -> Metric:
    """A metric of labels (m,) as one of outputs too, and of several labels at once, their mean."""
    @wraps(ratio)
    def metric(y: Any, P: Any, positive: Any = 0, weights: Any = None) -> float:
        return mean_of([ratio(*pair, as_weights(weights, len(pair[0])))
                        for pair in pairs(y, P, positive)])
    return metric


def as_weights(weights: Any, m: int) -> np.ndarray | None:
    """How much each sample counts (m,), or None where all count 1."""
    if weights is None:
        return None
    W = np.asarray(weights, dtype=np.float64)
    if W.shape != (m,) or not np.isfinite(W).all() or (W < 0).any():
        raise ValueError(f'metrics expect weights to be a number of 0 or more for each of {m} '
                         f'samples, got shape {W.shape}')
    return W


def per_label(metric: Metric, Y: Any, P: Any, weights: Any = None) -> list[float]:
    """A metric of each label, where a sample may have several: Y and P (m, c) of 0 and 1."""
    Y, P = checked(Y), checked(P)
    if Y.shape != P.shape or Y.ndim != 2:
        raise ValueError('per_label expects labels and predictions of one shape (m, c), got '
                         f'{Y.shape} and {P.shape}')
    return [metric(np.rint(Y[:, i]).astype(int), np.rint(P[:, i]).astype(int), positive=1,
                   weights=weights) for i in range(Y.shape[1])]


def total(where: np.ndarray, weights: np.ndarray | None) -> Any:
    """How many samples there are, or what they weigh together."""
    return int(where.sum()) if weights is None else float(weights[where].sum())


def confusion(y: Any, P: Any, positive: Any = 0,
              weights: Any = None) -> tuple[int, int, int, int]:
    """Counts of true positives, true negatives, false positives and false negatives."""
    y, P = as_labels(checked(y)), as_labels(checked(P))
    if len(y) != len(P):
        raise ValueError(f'metrics expect as many labels as predictions, got {len(y)} and {len(P)}')
    actual, predicted, W = y == positive, P == positive, as_weights(weights, len(y))
    return (total(actual & predicted, W), total(~actual & ~predicted, W),
            total(~actual & predicted, W), total(actual & ~predicted, W))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float('nan')


@mean_over_labels
def accuracy(y: Any, P: Any, positive: Any = 0, weights: Any = None) -> float:
    """Share of the samples whose label is predicted, whatever the class."""
    return _ratio(total(y == P, weights), total(np.full(len(y), True), weights))


@mean_over_labels
def recall(y: Any, P: Any, positive: Any = 0, weights: Any = None) -> float:
    """Share of the positive samples that are found, tp / (tp + fn); also: sensitivity."""
    tp, tn, fp, fn = confusion(y, P, positive, weights)
    return _ratio(tp, tp + fn)


@mean_over_labels
def precision(y: Any, P: Any, positive: Any = 0, weights: Any = None) -> float:
    """Share of the positive predictions that are right, tp / (tp + fp)."""
    tp, tn, fp, fn = confusion(y, P, positive, weights)
    return _ratio(tp, tp + fp)


@mean_over_labels
def fscore(y: Any, P: Any, positive: Any = 0, weights: Any = None) -> float:
    """Harmonic mean of recall and precision, 2 tp / (2 tp + fp + fn); also: F1."""
    tp, tn, fp, fn = confusion(y, P, positive, weights)
    return _ratio(2 * tp, 2 * tp + fp + fn)


@mean_over_labels
def specificity(y: Any, P: Any, positive: Any = 0, weights: Any = None) -> float:
    """Share of the negative samples that are found, tn / (tn + fp)."""
    tp, tn, fp, fn = confusion(y, P, positive, weights)
    return _ratio(tn, tn + fp)


@mean_over_labels
def NPV(y: Any, P: Any, positive: Any = 0, weights: Any = None) -> float:
    """Negative predictive value, the share of negative predictions that are right."""
    tp, tn, fp, fn = confusion(y, P, positive, weights)
    return _ratio(tn, tn + fn)


def macro(ratio: Metric, y: Any, P: Any, positive: Any, weights: Any) -> float:
    """Mean of a ratio over classes, each in turn the positive one; of several labels at once, over
    these. A ratio over nothing counts 0 here, as in scikit-learn: a class never predicted is no
    class predicted well."""
    each = pairs(y, P, positive)
    if len(each) == 1 and positive is None:
        y, P, _ = each[0]
        each = [(y, P, label) for label in np.union1d(y, P)]
    values = [ratio(*pair, weights=weights) for pair in each]
    return float(np.mean(np.nan_to_num(values))) if len(y) else float('nan')


def macro_recall(y: Any, P: Any, positive: Any = None, weights: Any = None) -> float:
    """Mean of the recall of each class; also: balanced accuracy, unbalanced average recall."""
    return macro(recall, y, P, positive, weights)


def macro_precision(y: Any, P: Any, positive: Any = None, weights: Any = None) -> float:
    """Mean of the precision of each class."""
    return macro(precision, y, P, positive, weights)


def macro_fscore(y: Any, P: Any, positive: Any = None, weights: Any = None) -> float:
    """Mean of the F1 score of each class."""
    return macro(fscore, y, P, positive, weights)


def AUC(Y: Any, A: Any, weights: Any = None) -> float:
    """Area under the ROC curve of two classes (Hanley & McNeil, 1982).

    The chance that of two samples, one of each class, that of class 1 has the larger output for
    class 1; ties count half. It needs no threshold. nan where all samples are of one class.

    Parameters
    ----------
    Y, A : array_like, shape (m,), (m, 1) or (m, 2)
        Targets, and outputs for class 1 or for both.
    weights : array_like, shape (m,), optional

    Raises
    ------
    ValueError
        Where there are more than two classes.
    """
    Y, A = columns(Y, A)
    if Y.shape[1] > 2 or not {*np.unique(Y[:, -1])} <= {0, 1}:
        raise ValueError('AUC expects two classes, one column of 0 and 1 or two columns, got '
                         f'targets of shape {Y.shape}: macro_recall takes more')
    W = as_weights(weights, len(Y))
    W = np.ones(len(Y)) if W is None else W
    _, rank = np.unique(A[:, -1], return_inverse=True)
    of_1, of_0 = (np.bincount(rank, W * (Y[:, -1] == label)) for label in (1, 0))
    below = np.cumsum(of_0) - of_0 / 2          # of class 0: all below, and half of the ties
    return _ratio(float((of_1 * below).sum()), float(of_1.sum() * of_0.sum()))


def top_k(Y: Any, A: Any, k: int = 2, weights: Any = None) -> float:
    """Share of the samples whose class is among the k largest outputs.

    Parameters
    ----------
    Y, A : array_like, shape (m, c)
        One-hot targets, and outputs.
    k : int, default 2
    weights : array_like, shape (m,), optional

    Raises
    ------
    ValueError
        Where there are no classes to choose from.
    """
    Y, A = columns(Y, A)
    if Y.shape[1] < 2 or not 1 <= k <= Y.shape[1]:
        raise ValueError(f'top_k expects outputs of two classes or more, and k up to their number, '
                         f'got shape {Y.shape} and k={k}')
    # Of equal outputs the later class comes first, as in scikit-learn
    best = np.argsort(A, axis=1, kind='stable')[:, ::-1][:, :k]
    right = (best == Y.argmax(axis=1)[:, np.newaxis]).any(axis=1)
    W = as_weights(weights, len(Y))
    return _ratio(total(right, W), total(np.full(len(Y), True), W))


def R2(Y: Any, A: Any, weights: Any = None) -> float:
    """Coefficient of determination: 1 minus the squared error relative to that of the mean.

    With several outputs, the mean of theirs; nan for targets that are all the same.
    """
    Y, A = columns(Y, A)
    W = as_weights(weights, len(Y))
    with np.errstate(over='ignore', invalid='ignore', divide='ignore'):
        if not len(Y):
            return float('nan')
        spread = np.average((Y - np.average(Y, axis=0, weights=W))**2, axis=0, weights=W)
        error = np.average((Y - A)**2, axis=0, weights=W)
        return float(np.mean(1 - error / np.where(spread == 0, np.nan, spread)))


def RMSE(Y: Any, A: Any, weights: Any = None) -> float:
    """Root of the mean squared error, in the unit of the targets."""
    Y, A = columns(Y, A)
    W = as_weights(weights, len(Y))
    with np.errstate(over='ignore'):
        return float(np.sqrt(np.average((Y - A)**2, axis=0, weights=W).mean())) if len(Y) \
            else float('nan')


def columns(Y: Any, A: Any) -> tuple[np.ndarray, np.ndarray]:
    """Targets and outputs of one shape (m, c)."""
    Y, A = (checked(V) for V in (Y, A))
    Y, A = (V[:, np.newaxis] if V.ndim == 1 else V for V in (Y, A))
    if Y.shape != A.shape or not {Y.dtype.kind, A.dtype.kind} <= set('biuf'):
        raise ValueError(f'metrics expect as many outputs as targets, numbers, got {Y.dtype} of '
                         f'shape {Y.shape} and {A.dtype} of shape {A.shape}')
    return Y.astype(np.float64), A.astype(np.float64)


metrics: dict[str, Metric] = {f.__name__: f for f in (
    accuracy, recall, precision, fscore, specificity, NPV,
    macro_recall, macro_precision, macro_fscore)}

# Of targets and outputs, not of labels: of numbers, and of classes
of_values: dict[str, Metric] = {f.__name__: f for f in (R2, RMSE)}
of_probabilities: dict[str, Metric] = {f.__name__: f for f in (AUC, top_k)}
of_outputs: dict[str, Metric] = {**of_values, **of_probabilities}
