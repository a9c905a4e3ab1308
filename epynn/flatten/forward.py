"""How does X become A in a Flatten layer?"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from epynn.flatten.models import Flatten


def flatten_forward(layer: Flatten, X: Any) -> Any:
    """The same numbers, one row a sample, shape (m, n)."""
    fc = layer.fc

    # (1) All axes but the first become one
    A = X.reshape(len(X), -1)                               # (m, ...) -> (m, n)

    fc['X'], fc['A'] = X, A
    return A
