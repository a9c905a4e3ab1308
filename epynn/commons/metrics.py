"""How good is a prediction? Ratios of the counts of a confusion matrix.

Every metric is a function ``f(y, P, positive=0)`` of labels ``y`` and predicted labels ``P``,
both of shape (m,). **Label 0 is the positive class** unless told otherwise; with more than two
classes, all others are negative. A ratio over nothing is ``nan``.
"""
import numpy as np


def confusion(y, P, positive=0):
    """Counts of true positives, true negatives, false positives and false negatives."""
    actual, predicted = np.asarray(y) == positive, np.asarray(P) == positive
    return (int((actual & predicted).sum()), int((~actual & ~predicted).sum()),
            int((~actual & predicted).sum()), int((actual & ~predicted).sum()))


def _ratio(part, whole):
    return part / whole if whole else float('nan')


def accuracy(y, P, positive=0):
    """Share of the samples whose label is predicted, whatever the class."""
    return _ratio(int(np.sum(np.asarray(y) == np.asarray(P))), len(y))


def recall(y, P, positive=0):
    """Share of the positive samples that are found, tp / (tp + fn); also: sensitivity."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(tp, tp + fn)


def precision(y, P, positive=0):
    """Share of the positive predictions that are right, tp / (tp + fp)."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(tp, tp + fp)


def fscore(y, P, positive=0):
    """Harmonic mean of recall and precision, 2 tp / (2 tp + fp + fn); also: F1."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(2 * tp, 2 * tp + fp + fn)


def specificity(y, P, positive=0):
    """Share of the negative samples that are found, tn / (tn + fp)."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(tn, tn + fp)


def NPV(y, P, positive=0):
    """Negative predictive value, the share of negative predictions that are right."""
    tp, tn, fp, fn = confusion(y, P, positive)
    return _ratio(tn, tn + fn)


metrics = {f.__name__: f for f in (accuracy, recall, precision, fscore, specificity, NPV)}
