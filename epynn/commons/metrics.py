"""How good is a prediction? Ratios of the counts of a confusion matrix.

Every metric is a function ``f(y, P, positive=0)`` of labels ``y`` and predicted labels ``P``,
both of shape (m,). **Label 0 is the positive class** unless told otherwise; with more than two
classes, all others are negative. A ratio over nothing is ``nan``.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def to_labels(A: np.ndarray) -> np.ndarray:
    """Labels meant by targets or outputs (m, c): the largest of several, or the rounded one."""
    return A.argmax(axis=-1) if A.shape[-1] > 1 else np.rint(A[:, 0]).astype(int)


def confusion(y: Any, P: Any, positive: int = 0) -> tuple[int, int, int, int]:
    """Counts of true positives, true negatives, false positives and false negatives."""
    actual, predicted = np.asarray(y) == positive, np.asarray(P) == positive
    return (int((actual & predicted).sum()), int((~actual & ~predicted).sum()),
            int((~actual & predicted).sum()), int((actual & ~predicted).sum()))


def _ratio(part: int, whole: int) -> float:
    return part / whole if whole else float('nan')


def accuracy(y: Any, P: Any, positive: int = 0) -> float:
    """Share of the samples whose label is predicted, whatever the class."""
    return _ratio(int(np.sum(np.asarray(y) == np.asarray(P))), len(y))


def recall(y: Any, P: Any, positive: int = 0) -> float:
    """Share of the positive samples that are found, tp / (tp + fn); also: sensitivity."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(tp, tp + fn)


def precision(y: Any, P: Any, positive: int = 0) -> float:
    """Share of the positive predictions that are right, tp / (tp + fp)."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(tp, tp + fp)


def fscore(y: Any, P: Any, positive: int = 0) -> float:
    """Harmonic mean of recall and precision, 2 tp / (2 tp + fp + fn); also: F1."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(2 * tp, 2 * tp + fp + fn)


def specificity(y: Any, P: Any, positive: int = 0) -> float:
    """Share of the negative samples that are found, tn / (tn + fp)."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(tn, tn + fp)


def NPV(y: Any, P: Any, positive: int = 0) -> float:
    """Negative predictive value, the share of negative predictions that are right."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(tn, tn + fn)


Metric = Callable[..., float]
metrics: dict[str, Metric] = {
    f.__name__: f for f in (accuracy, recall, precision, fscore, specificity, NPV)}
