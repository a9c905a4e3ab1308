"""How does a network go where scikit-learn goes? As a classifier or regressor among its own.

What scikit-learn does with an estimator, it does with these: pipelines, grid searches, folds,
calibration, permutation importance::

    from epynn.estimator import EpyNNClassifier

    classifier = EpyNNClassifier(hidden=(50,), epochs=100, scale='standard', random_state=1)
    cross_val_score(classifier, X, y)

They need scikit-learn, which the extra ``sklearn`` installs: ``pip install 'epynn[sklearn]'``.
"""
try:
    from sklearn.utils.validation import validate_data as validate_data  # new in 1.6
except ImportError as error:
    raise ImportError('epynn.estimator expects scikit-learn 1.6 or later, which comes with the '
                      "extra sklearn: python -m pip install 'epynn[sklearn]'") from error

from epynn.estimator.classifier import EpyNNClassifier
from epynn.estimator.regressor import EpyNNRegressor

__all__ = ['EpyNNClassifier', 'EpyNNRegressor']
