"""How does dL/dA become dL/dX in an Embedding?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.embedding.models import Embedding


def embedding_backward(layer: Embedding, dA: np.ndarray) -> np.ndarray:
    """The gradient as it comes: this is where it ends, because data are not learned."""
    # (1) Pass on
    dX = dA

    layer.bc['dA'], layer.bc['dX'] = dA, dX
    return dX
