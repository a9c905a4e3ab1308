"""How does X become A in a Template?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.template.models import Template



def template_forward(layer: Template, X: np.ndarray) -> np.ndarray:
    """X as it is, shape (m, ...).

    Number the steps: the backward pass undoes them from the last to the first. Keep in
    ``layer.fc`` what it will need. Outside training (``layer.training`` is False) the cache is
    dropped after the pass.
    """
    fc = layer.fc

    # (1) Pass on
    A = X                                                   # (m, ...)

    fc['X'], fc['A'] = X, A
    return A
