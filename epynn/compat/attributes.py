"""Which attributes did networks, layers and data have in EpyNN 1.2.13, and not here?

``install`` gives them to the classes, so that those who read these see one name for each thing.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from epynn.commons.checks import function_or_name
from epynn.commons.dataset import dataSet
from epynn.commons.loss import losses
from epynn.commons.models import Layer, shapes_of
from epynn.embedding.models import Embedding
from epynn.network.evaluate import predictions, score
from epynn.network.loss import model_loss
from epynn.network.models import EpyNN


class Default:
    """An attribute that follows from others until it is set on an instance."""

    def __init__(self, value: Callable[[Any], Any]) -> None:
        self.value, self.__doc__ = value, value.__doc__

    def __get__(self, instance: Any, kind: type) -> Any:
        return self if instance is None else self.value(instance)


# Networks

def training_loss(model: EpyNN) -> Callable[..., Any]:
    """The loss, ``f(Y, A, deriv=False)``; set, it is what training uses. Better is
    ``initialize(loss=...)``."""
    return model.loss_function


def set_training_loss(model: EpyNN, loss: Any) -> None:
    """Train with another loss from the next epoch on; it is among the metrics then."""
    name = function_or_name('EpyNN', 'loss', loss, losses, model.functions,
                            'f(Y, A, deriv=False)')
    model.loss = name
    model.metrics.setdefault(name, [[], [], []])


def network(model: EpyNN) -> dict[int, dict[str, Any]]:
    """What each layer is, by ``id(layer)``. Better is ``model.layers``, and ``model.summary()``."""
    return {id(layer): {'Layer': type(layer).__name__, 'Activation': layer.activation,
                        'Dimensions': layer.d, 'FW_Shapes': layer.fs, 'BW_Shapes': layer.bs}
            for layer in model.layers}


def model_np_rng(model: EpyNN) -> np.random.Generator:
    """What the order of samples is drawn from. Better is ``model.embedding.rng``."""
    return model.embedding.rng


def batch_report(model: EpyNN, batch: dataSet, A: np.ndarray) -> None:
    """Print accuracy and loss of a batch, whose outputs are A. Better is a callback, see
    :mod:`epynn.network.callbacks`."""
    seen = batch.view()
    seen.A = A
    seen.P = predictions(model.task, seen)
    right = '' if model.task == 'values' else f'accuracy {score(model, "accuracy", seen):.3f}, '
    print(f'Epoch {model.e}, batch {model.batch}: {right}loss {model_loss(model, seen):.4g}')


# Layers

def np_rng(layer: Layer) -> np.random.Generator:
    """What the layer draws from. Better is ``layer.rng``."""
    return layer.rng


def set_np_rng(layer: Layer, rng: Any) -> None:
    """Draw from another generator from now on."""
    layer.rng = rng


def name(layer: Layer) -> str:
    """Its class. Better is ``layer.title``, which has its position too."""
    return type(layer).__name__


def epoch(layer: Layer) -> int:
    """The epoch that training is at. Better is ``model.e``."""
    return len(layer.gradient_norms)


def update_shapes(layer: Layer, cache: Any, shapes: dict[str, tuple[int, ...]]) -> None:
    """Note the shapes of the arrays of a cache. No need: ``forward`` and ``backward`` do."""
    shapes.update(shapes_of(cache))


# Data

def training_batches(embedding: Embedding, init: bool = False) -> list[dataSet]:
    """Batches of the training set in a new order; with ``init`` in that of now. Better is what
    ``train`` draws, and ``embedding.batch_dtrain`` has those of the epoch."""
    if not init:
        embedding.reorder()
    return embedding.batch_dtrain


ATTRIBUTES: dict[type, dict[str, Any]] = {
    EpyNN: {'training_loss': property(training_loss, set_training_loss),
            'network': property(network), 'np_rng': property(model_np_rng),
            'batch_report': batch_report},
    Layer: {'np_rng': property(np_rng, set_np_rng), 'name': Default(name),
            'e': Default(epoch), 'update_shapes': update_shapes},
    Embedding: {'training_batches': training_batches},
}


def install() -> None:
    """Give the classes their attributes; none of a class is replaced."""
    for kind, attributes in ATTRIBUTES.items():
        for key, value in attributes.items():
            if hasattr(kind, key):
                raise RuntimeError(f'{kind.__name__} has a {key} of its own: take it out of '
                                   f'{__name__}')
            setattr(kind, key, value)
