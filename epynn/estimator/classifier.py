"""What is a network that tells classes apart, to scikit-learn?"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.preprocessing import LabelEncoder
from sklearn.utils import column_or_1d, compute_class_weight
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.multiclass import _check_partial_fit_first_call, check_classification_targets

from epynn.commons.models import Layer
from epynn.estimator.common import EpyNNEstimator, Function, Layers


class EpyNNClassifier(ClassifierMixin, EpyNNEstimator):
    """A network that tells classes apart.

    Samples X have shape (m, features), or more axes where ``layers`` take them: sequences
    (m, steps, elements), images (m, height, width, depth). With float32 the network computes in
    float32.

    Parameters
    ----------
    hidden : int or sequence of int, default (100,)
        Units of each hidden Dense layer. Samples of more than one axis are flattened before.
    activate : str or callable, default 'relu'
        Activation of these layers.
    layers : list of Layer or callable, optional
        All layers after the Embedding, the output layer among them, instead of ``hidden`` and
        ``activate``. A list is copied for each ``fit``. A function ``f(features, outputs)`` makes
        the list: it gets the size of the last axis of X, and the number of classes. The output
        layer has softmax or sigmoid, and a unit for each class; a single one does for two.
    epochs : int, default 200
    batch_size : int, default 32
        Most samples in a batch. Batches are made equal, so that an epoch leaves out less than one
        sample for each batch.
    learning_rate : float, default 0.001
        Gradients are sums over the samples of a batch. Adam divides by their size, so the default
        fits any batch; with ``'SGD'`` it is 0.001 for each sample of the batch.
    optimizer : str or callable, default 'Adam'
        One of :mod:`epynn.commons.optimizers`.
    loss : str or callable, optional
        As in :meth:`.EpyNN.initialize`; by default 'CCE' with softmax and 'BCE' with sigmoid.
    early_stopping : bool or int, default False
        Whether to hold out some samples, to end training when the loss on them has not become
        better for 10 epochs, or for as many as are given, and to go back to the best epoch.
    validation_fraction : float, default 0.1
        Share of the samples that is held out for ``early_stopping``, the same of each class.
    class_weight : {'balanced'} or dict, optional
        How much each class counts in the loss, as in scikit-learn.
    scale : {False, True, 'features', 'standard'}, default False
        How features are scaled, see ``X_scale`` of :class:`~epynn.embedding.models.Embedding`.
    hyperparameters : dict, optional
        Further hyperparameters of the network, by the keys of :mod:`epynn.settings`, such as
        ``{'weight_decay': 0.001}``.
    random_state : int, RandomState or None, optional
        The same integer gives the same network.
    warm_start : bool, default False
        Whether ``fit`` called again goes on with the network, for as many epochs more.
    verbose : bool or int, default False
        Whether to print what ``train`` prints; a number is that of the epochs from row to row.

    Attributes
    ----------
    classes_ : numpy.ndarray, shape (c,)
        The classes, sorted; the first is label 0 of the network.
    model_ : EpyNN
        The network. Its Embedding scales as it has learned to, and holds no data.
    loss_curve_ : list of float
        Loss on the training set after each epoch.
    n_iter_ : int
        Number of epochs.
    n_features_in_ : int
        Size of the second axis of X.
    feature_names_in_ : numpy.ndarray of str
        Names of the features, where X was a data frame.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.model_selection import cross_val_score
    >>> from epynn.estimator import EpyNNClassifier
    >>> X, y = load_iris(return_X_y=True)
    >>> classifier = EpyNNClassifier((8,), epochs=50, scale='standard', random_state=1)
    >>> cross_val_score(classifier, X, y)           # doctest: +SKIP
    """

    classifies = True
    output = 'softmax'

    classes_: np.ndarray

    _parameter_constraints = {**EpyNNEstimator._parameter_constraints,
                              'class_weight': [StrOptions({'balanced'}), dict, None]}

    def __init__(self, hidden: Any = (100,), activate: str | Function = 'relu', *,
                 layers: Layers | None = None, epochs: int = 200, batch_size: int = 32,
                 learning_rate: float = 0.001, optimizer: str | Function = 'Adam',
                 loss: str | Function | None = None, early_stopping: bool | int = False,
                 validation_fraction: float = 0.1, class_weight: Any = None,
                 scale: bool | str = False, hyperparameters: Mapping[str, Any] | None = None,
                 random_state: Any = None, warm_start: bool = False,
                 verbose: bool | int = False) -> None:
        super().__init__(hidden, activate, layers=layers, epochs=epochs, batch_size=batch_size,
                         learning_rate=learning_rate, optimizer=optimizer, loss=loss,
                         early_stopping=early_stopping, validation_fraction=validation_fraction,
                         scale=scale, hyperparameters=hyperparameters, random_state=random_state,
                         warm_start=warm_start, verbose=verbose)
        self.class_weight = class_weight

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> EpyNNClassifier:
        """Learn from samples X of shape (m, ...) and their classes y, (m,).

        Parameters
        ----------
        X : array_like, shape (m, ...)
        y : array_like, shape (m,)
        sample_weight : array_like, shape (m,), optional
            How much each sample counts in the loss, 0 or more.

        Returns
        -------
        EpyNNClassifier
            Itself.

        Raises
        ------
        ValueError
            Where data or parameters are not of their kind.
        FloatingPointError
            Where outputs or losses become infinite, or are not numbers.
        """
        go_on = self._goes_on()
        return self._fit(X, y, sample_weight, self.epochs, go_on, known=go_on,
                         stop_early=bool(self.early_stopping))

    def partial_fit(self, X: Any, y: Any, classes: Any = None,
                    sample_weight: Any = None) -> EpyNNClassifier:
        """Learn for one epoch from some samples, and go on with others in the next call.

        Features are scaled by what the first call has seen.

        Parameters
        ----------
        X, y, sample_weight
            As in :meth:`fit`.
        classes : array_like, shape (c,)
            All classes, in the first call.

        Returns
        -------
        EpyNNClassifier
            Itself.
        """
        if isinstance(self.class_weight, str):
            raise ValueError(f"class_weight '{self.class_weight}' is not supported for "
                             'partial_fit: compute_class_weight of sklearn.utils has the weights '
                             'of data that are there, give these as a dict')
        _check_partial_fit_first_call(self, classes)
        return self._fit(X, y, sample_weight, 1, hasattr(self, 'model_'), known=True,
                         stop_early=False)

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probability of each class, shape (m, c), in the order of ``classes_``."""
        A = self._outputs(X)
        if A.shape[1] == 1:                             # of label 1
            return np.hstack([1 - A, A])
        if self.model_.layers[-1].activation['activate'] == 'softmax':
            return A
        return A / A.sum(axis=1, keepdims=True)         # of sigmoids, which need not add to 1

    def predict(self, X: Any) -> np.ndarray:
        """The most probable class of each sample, shape (m,)."""
        labels = self.predict_proba(X).argmax(axis=1)
        return self.classes_[labels]

    def _read_targets(self, y: Any, known: bool) -> np.ndarray:
        check_classification_targets(y)
        encoder, y = LabelEncoder(), column_or_1d(y, warn=True)
        if not known:
            self.classes_ = encoder.fit(y).classes_
        encoder.classes_ = self.classes_
        if len(self.classes_) < 2:
            raise ValueError(f'{type(self).__name__} needs samples of at least 2 classes in the '
                             f'data, but the data contains only one class: {self.classes_[0]!r}')
        return encoder.transform(y)

    def _number_of_outputs(self, Y: np.ndarray) -> int:
        return len(self.classes_)

    def _as_outputs(self, Y: np.ndarray, last: Layer) -> np.ndarray:
        activate, c = last.activation.get('activate'), len(self.classes_)
        if activate not in ('softmax', 'sigmoid'):
            raise ValueError(f'{type(self).__name__} expects softmax or sigmoid in the last of '
                             f'layers, {type(last).__name__}, whose outputs are probabilities, got '
                             f'{activate}')
        return Y[:, np.newaxis] if c == 2 and getattr(last, 'units', c) == 1 else np.eye(c)[Y]

    def _loss_for(self, last: Layer) -> str:
        return 'CCE' if last.activation['activate'] == 'softmax' else 'BCE'

    def _weights_of_classes(self, Y: np.ndarray) -> dict[int, float] | None:
        if self.class_weight is None:
            return None
        return dict(enumerate(compute_class_weight(self.class_weight, classes=self.classes_,
                                                   y=self.classes_[Y]).tolist()))
