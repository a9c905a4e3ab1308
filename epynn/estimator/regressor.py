"""What is a network that predicts values, to scikit-learn?"""
from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils import column_or_1d

from epynn.estimator.common import EpyNNEstimator


class EpyNNRegressor(RegressorMixin, EpyNNEstimator):
    """A network that predicts values.

    Its parameters are those of :class:`.EpyNNClassifier` but for ``class_weight``. The output layer
    of ``layers`` has a unit for each value and usually ``'identity'``; the loss is 'MSE' by
    default. Targets should be of about the size of 1:
    ``sklearn.compose.TransformedTargetRegressor`` scales them, and predictions back.

    Attributes
    ----------
    model_, loss_curve_, n_iter_, n_features_in_, feature_names_in_
        As in :class:`.EpyNNClassifier`.

    Examples
    --------
    >>> from sklearn.compose import TransformedTargetRegressor
    >>> from sklearn.preprocessing import StandardScaler
    >>> from epynn.estimator import EpyNNRegressor
    >>> regressor = TransformedTargetRegressor(
    ...     EpyNNRegressor((20,), scale='standard'), transformer=StandardScaler())
    """

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> EpyNNRegressor:
        """Learn from samples X of shape (m, ...) and their values y, (m,) or (m, c).

        Parameters
        ----------
        X : array_like, shape (m, ...)
        y : array_like, shape (m,) or (m, c)
        sample_weight : array_like, shape (m,), optional
            How much each sample counts in the loss, 0 or more.

        Returns
        -------
        EpyNNRegressor
            Itself.

        Raises
        ------
        ValueError
            Where data or parameters are not of their kind.
        FloatingPointError
            Where outputs or losses become infinite, or are not numbers.
        """
        return self._fit(X, y, sample_weight, self.epochs, self._goes_on(), known=True,
                         stop_early=bool(self.early_stopping))

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> EpyNNRegressor:
        """Learn for one epoch from some samples, and go on with others in the next call.

        Features are scaled by what the first call has seen. Parameters are those of :meth:`fit`.
        """
        return self._fit(X, y, sample_weight, 1, hasattr(self, 'model_'), known=True,
                         stop_early=False)

    def predict(self, X: Any) -> np.ndarray:
        """Values of each sample, shape (m,), or (m, c) where there are several."""
        A = self._outputs(X)
        return A[:, 0] if A.shape[1] == 1 else A

    def _read_targets(self, y: Any, known: bool) -> np.ndarray:
        if y.ndim == 2 and y.shape[1] == 1:
            y = column_or_1d(y, warn=True)
        return np.asarray(y, np.float64).reshape(len(y), -1)
