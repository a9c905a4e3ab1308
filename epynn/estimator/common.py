"""What do classifier and regressor have in common? All but what targets are."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from math import ceil
from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from epynn.commons.loss import losses
from epynn.commons.models import Layer
from epynn.commons.optimizers import optimizers
from epynn.dense.models import Dense
from epynn.embedding.encoding import SCALES
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.network.callbacks import EarlyStopping
from epynn.network.loss import read_class_weights
from epynn.network.models import EpyNN, checked_layers

Layers = Sequence[Layer] | Callable[[int, int], Sequence[Layer]]
Function = Callable[..., Any]
POSITIVE = Interval(Integral, 1, None, closed='left')
OF_THE_NETWORK = ('hidden', 'activate', 'layers', 'loss', 'scale')      # fixed, once it is made


class EpyNNEstimator(BaseEstimator):
    """What classifier and regressor have in common: all but what targets are.

    As everywhere in scikit-learn, the constructor keeps what it is given and does nothing else;
    ``fit`` checks it.
    """

    classifies = False
    output = 'identity'                 # activation of the output layer, where none is given

    model_: EpyNN
    loss_curve_: list[float]
    n_iter_: int
    _fixed: dict[str, Any]              # what the network was made with

    _parameter_constraints: dict[str, list[Any]] = {
        'hidden': [POSITIVE, 'array-like'],
        'activate': [str, callable],
        'layers': [list, tuple, callable, None],
        'epochs': [POSITIVE],
        'batch_size': [POSITIVE],
        'learning_rate': [Interval(Real, 0, None, closed='left')],
        'optimizer': [StrOptions(set(optimizers)), callable],
        'loss': [StrOptions(set(losses)), callable, None],
        'early_stopping': ['boolean', POSITIVE],
        'validation_fraction': [Interval(Real, 0, 1, closed='neither')],
        'scale': ['boolean', StrOptions({name for name in SCALES if isinstance(name, str)})],
        'hyperparameters': [dict, None],
        'random_state': ['random_state'],
        'warm_start': ['boolean'],
        'verbose': ['verbose'],
    }

    def __init__(self, hidden: Any = (100,), activate: str | Function = 'relu', *,
                 layers: Layers | None = None, epochs: int = 200, batch_size: int = 32,
                 learning_rate: float = 0.001, optimizer: str | Function = 'Adam',
                 loss: str | Function | None = None, early_stopping: bool | int = False,
                 validation_fraction: float = 0.1, scale: bool | str = False,
                 hyperparameters: Mapping[str, Any] | None = None, random_state: Any = None,
                 warm_start: bool = False, verbose: bool | int = False) -> None:
        self.hidden = hidden
        self.activate = activate
        self.layers = layers
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.optimizer = optimizer
        self.loss = loss
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.scale = scale
        self.hyperparameters = hyperparameters
        self.random_state = random_state
        self.warm_start = warm_start
        self.verbose = verbose

    def _read_targets(self, y: Any, known: bool) -> np.ndarray:
        """Targets as numbers, one sample a row; their classes are noted, unless they are known."""
        raise NotImplementedError

    def _as_outputs(self, Y: np.ndarray, last: Layer) -> np.ndarray:
        """Targets of shape (m, c), as the last layer gives them."""
        return Y

    def _loss_for(self, last: Layer) -> str | Function:
        """The loss, where none is given."""
        return 'MSE'

    def _weights_of_classes(self, Y: np.ndarray) -> dict[int, float] | None:
        """How much each class counts, by label."""
        return None

    def _fit(self, X: Any, y: Any, sample_weight: Any, epochs: int, go_on: bool,
             known: bool, stop_early: bool) -> Any:
        """Learn: a new network, or the one that is there goes on."""
        self._validate_params()
        # (1) Data, as scikit-learn reads them
        X, y = validate_data(self, X, y, reset=not go_on, allow_nd=True,
                             dtype=(np.float64, np.float32), multi_output=not self.classifies,
                             y_numeric=not self.classifies)
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, X, ensure_non_negative=True)
        Y = self._read_targets(y, known)
        hPars, weights = self._hyperparameters(), self._weights_of_classes(Y)
        fixed = {name: getattr(self, name) for name in OF_THE_NETWORK}
        fixed['hidden'] = self._units()
        if go_on and (changed := [name for name in fixed if fixed[name] != self._fixed[name]]):
            raise ValueError(f'{type(self).__name__} expects {", ".join(changed)} as before, to go '
                             'on with the network that is there: set warm_start=False and call fit '
                             'for another network')

        # (2) The network, and an Embedding for it
        before = self.model_ if go_on else None
        layers = before.layers[1:] if before else self._make_layers(X, Y)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        held_out = self.validation_fraction if stop_early else 0
        embedding = Embedding(X, self._as_outputs(Y, layers[-1]), (1 - held_out, held_out, 0),
                              X_scale=self.scale, shuffle=seed if held_out else None,
                              stratify=self.classifies and stop_early, weights=sample_weight,
                              like=before.embedding if before else None)
        if stop_early and not embedding.dval.active:
            raise ValueError(f'{type(self).__name__} expects samples to hold out for '
                             f'early_stopping, got none of {len(X)} with validation_fraction='
                             f'{held_out}: set it higher, or early_stopping=False')
        m = len(embedding.dtrain)
        embedding.batch_size = m // ceil(m / self.batch_size)
        for dset in embedding.dsets:
            dset.kind = 'classes' if self.classifies else 'values'      # even if all are 0 and 1
        if before:
            model = before
            model.embedding, model.se_hPars = embedding, hPars
            model.class_weights = read_class_weights(weights, model.embedding, model.task)
        else:
            model = EpyNN([embedding, *layers], name=type(self).__name__)
            loss = self._loss_for(layers[-1]) if self.loss is None else self.loss
            model.initialize(loss, hPars, metrics=[], seed=seed, dtype=X.dtype,
                             verbose=bool(self.verbose), class_weights=weights)

        # (3) Learn
        patience = 10 if self.early_stopping is True else int(self.early_stopping)
        try:
            model.train(epochs, verbose=None if self.verbose is True else int(self.verbose),
                        init_logs=not go_on,
                        callbacks=[EarlyStopping(patience=patience)] if stop_early else [])
        finally:                            # an estimator does not hold the data
            model.embedding = Embedding(batch_size=embedding.batch_size, like=embedding)
            model.embedding.shuffles = 0    # the order of other data begins anew
        self.model_, self._fixed = model, fixed
        self.loss_curve_, self.n_iter_ = list(model.metrics[model.loss][0]), model.e
        return self

    def _make_layers(self, X: np.ndarray, Y: np.ndarray) -> list[Layer]:
        """The layers after the Embedding: those given, or Dense ones."""
        outputs = self._number_of_outputs(Y)
        if self.layers is not None:
            made = self.layers(X.shape[-1], outputs) if callable(self.layers) else self.layers
            return deepcopy(checked_layers([Embedding(), *made])[1:])
        flat: list[Layer] = [Flatten()] if X.ndim > 2 else []
        return [*flat, *(Dense(units, self.activate) for units in self._units()),
                Dense(outputs, self.output)]

    def _units(self) -> list[int]:
        """Units of each hidden layer."""
        units: list[int] = np.ravel(self.hidden).tolist()
        return units

    def _number_of_outputs(self, Y: np.ndarray) -> int:
        """How many outputs a sample has."""
        return Y.shape[1]

    def _hyperparameters(self) -> dict[str, Any]:
        """Those of the network."""
        more = dict(self.hyperparameters or {})
        for name in ('optimizer', 'learning_rate'):
            if name in more:
                raise ValueError(f'{type(self).__name__} expects {name} as a parameter of its own, '
                                 f'got it in hyperparameters: set {name}={more[name]!r}')
        return {**more, 'optimizer': self.optimizer, 'learning_rate': self.learning_rate}

    def _goes_on(self) -> bool:
        """Whether ``fit`` goes on with the network that is there."""
        return bool(self.warm_start) and hasattr(self, 'model_')

    def _outputs(self, X: Any) -> np.ndarray:
        """Outputs of the network, shape (m, c)."""
        check_is_fitted(self, 'model_')
        X = validate_data(self, X, reset=False, allow_nd=True, dtype=(np.float64, np.float32))
        return np.asarray(self.model_.predict(X, X_scale=self.model_.embedding.X_scale).A)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.target_tags.multi_output = not self.classifies
        return tags
