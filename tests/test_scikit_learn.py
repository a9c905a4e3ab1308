"""scikit-learn agrees on every metric, with weights and without."""
import warnings

import numpy as np
import pytest
from sklearn import metrics as theirs

from epynn.commons.metrics import (
    AUC,
    R2,
    RMSE,
    accuracy,
    fscore,
    macro_fscore,
    macro_precision,
    macro_recall,
    precision,
    recall,
    top_k,
)

weighted = pytest.mark.parametrize('weighted', [False, True])
LABELS = {
    accuracy: theirs.accuracy_score,
    recall: lambda y, P, **w: theirs.recall_score(y, P, labels=[0], average='macro', **w),
    precision: lambda y, P, **w: theirs.precision_score(y, P, labels=[0], average='macro', **w),
    fscore: lambda y, P, **w: theirs.f1_score(y, P, labels=[0], average='macro', **w),
    macro_recall: lambda y, P, **w: theirs.recall_score(y, P, average='macro', **w),
    macro_precision: lambda y, P, **w: theirs.precision_score(y, P, average='macro', **w),
    macro_fscore: lambda y, P, **w: theirs.f1_score(y, P, average='macro', **w),
}


def draws(weighted, n=300):
    """Generators, numbers of samples, and weights as each library takes them."""
    for seed in range(n):
        rng = np.random.default_rng(seed)
        m = int(rng.integers(1, 40))
        w = rng.integers(0, 5, m) + (rng.random(m) < 0.5) * 0.25
        w[0] = 1
        yield rng, m, ({'weights': w}, {'sample_weight': w}) if weighted else ({}, {})


@weighted
@pytest.mark.parametrize('mine', LABELS, ids=lambda f: f.__name__)
def test_metrics_of_labels(mine, weighted):
    for rng, m, (ours, their) in draws(weighted):
        c = int(rng.integers(2, 6))
        y, P = rng.integers(0, c, m), rng.integers(0, c, m)
        value = mine(y, P, **ours)
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')             # of ratios over nothing
            expected = LABELS[mine](y, P, **their)
        if np.isnan(value):
            value = 0.0                                 # which they call 0
        assert value == pytest.approx(expected, abs=1e-12)


@weighted
@pytest.mark.parametrize('mine, average', [
    (macro_recall, theirs.recall_score), (macro_precision, theirs.precision_score),
    (macro_fscore, theirs.f1_score)], ids=['recall', 'precision', 'fscore'])
def test_macro_of_several_labels_at_once(mine, average, weighted):
    for rng, m, (ours, their) in draws(weighted, n=100):
        Y, P = rng.integers(0, 2, (m, 3)), rng.integers(0, 2, (m, 3))
        if (Y.sum(axis=1) == 1).all():
            continue                                    # one-hot: these are classes
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            expected = average(Y, P, average='macro', **their)
        assert mine(Y, P, **ours) == pytest.approx(expected, abs=1e-12)


@weighted
def test_area_under_the_curve(weighted):
    for rng, m, (ours, their) in draws(weighted):
        y, A = rng.integers(0, 2, m), rng.random((m, 1)).round(int(rng.integers(0, 3)))
        if len(set(y)) == 1:
            assert np.isnan(AUC(y, A, **ours))
            continue
        if weighted and not all(ours['weights'][y == label].any() for label in (0, 1)):
            continue
        expected = pytest.approx(theirs.roc_auc_score(y, A[:, 0], **their), abs=1e-12)
        assert AUC(y, A, **ours) == expected
        assert AUC(np.eye(2)[y], np.hstack([1 - A, A]), **ours) == expected
        # Whichever class is the positive one
        assert AUC(1 - y, 1 - A, **ours) == expected


@weighted
def test_top_k(weighted):
    for rng, m, (ours, their) in draws(weighted):
        c = int(rng.integers(3, 7))
        k = int(rng.integers(1, c))
        y, A = rng.integers(0, c, m), rng.random((m, c)).round(int(rng.integers(1, 3)))
        expected = theirs.top_k_accuracy_score(y, A, k=k, labels=range(c), **their)
        assert top_k(np.eye(c)[y], A, k=k, **ours) == pytest.approx(expected, abs=1e-12)
        assert top_k(np.eye(c)[y], A, k=c, **ours) == 1


@weighted
def test_metrics_of_values(weighted):
    for rng, m, (ours, their) in draws(weighted):
        if m < 2:
            continue
        Y, A = rng.standard_normal((2, m, 2))
        assert RMSE(Y, A, **ours)**2 == pytest.approx(theirs.mean_squared_error(Y, A, **their))
        assert R2(Y, A, **ours) == pytest.approx(theirs.r2_score(Y, A, **their))


@pytest.mark.parametrize('call, message', [
    (lambda: AUC(np.eye(3), np.eye(3)), 'AUC expects two classes'),
    (lambda: AUC([0, 1, 2], [0.1, 0.2, 0.3]), 'AUC expects two classes'),
    (lambda: top_k([0, 1], [0.5, 0.5]), 'top_k expects outputs of two classes or more'),
    (lambda: top_k(np.eye(3), np.eye(3), k=4), 'k up to their number'),
    (lambda: accuracy([0, 1], [0, 1], weights=[1]), 'weights to be a number of 0 or more for each'),
    (lambda: recall([0, 1], [0, 1], weights=[1, -1]), 'weights to be a number of 0 or more'),
], ids=range(6))
def test_what_metrics_do_not_take_is_explained(call, message):
    with pytest.raises(ValueError, match=message):
        call()
