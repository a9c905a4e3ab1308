"""How does the gradient of the loss reach every parameter?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.network.models import EpyNN


def model_backward(model: EpyNN, dA: np.ndarray) -> None:
    """Pass the gradient through the layers in reverse, each giving its input's to the one before.

    It ends at the first layer that learns: nobody asks for the gradient with respect to the data.

    Parameters
    ----------
    dA : numpy.ndarray, shape (m, c)
        Gradient of the loss with respect to the output of the network.
    """
    for layer in reversed(model.layers):
        dA = layer.backward(dA)
        if not layer.needs_dX:
            break
