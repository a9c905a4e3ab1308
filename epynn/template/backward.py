"""How does dL/dA become dL/dX in a Template?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.template.models import Template



def template_backward(layer: Template, dA: np.ndarray) -> np.ndarray:
    """The gradient as it comes, shape (m, ...).

    The steps of the forward pass mirrored, with their numbers: each multiplies with the
    derivative of its own equation, which is the chain rule. Keep in ``layer.bc`` what the
    gradients of the parameters need. A layer with parameters may return None where
    ``layer.needs_dX`` is False.
    """
    bc = layer.bc

    # (1) Pass on
    dX = dA                                                 # (m, ...)

    bc['dA'], bc['dX'] = dA, dX
    return dX
