"""How does X become A in an Embedding?"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from epynn.speed.one_hot import OneHot

if TYPE_CHECKING:
    from epynn.embedding.models import Embedding


def embedding_forward(layer: Embedding, X: Any) -> Any:
    """The features as floating point numbers; one-hot ones pass as the symbols they are."""
    # (1) Pass on
    A = X if isinstance(X, OneHot) else X.astype(layer.dtype, copy=False)

    layer.fc['X'], layer.fc['A'] = X, A
    return A
