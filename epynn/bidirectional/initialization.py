"""What exists before the first step of a bidirectional layer?"""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from epynn.bidirectional.models import Bidirectional


def bidirectional_build_sublayers(layer: Bidirectional, X: Any) -> None:
    """Parameters of the layer, then of its reverse: other ones, drawn from the same generator."""
    for direction in (layer.layer, layer.reverse):
        direction.build(X, seed=layer.rng, dtype=layer.dtype)
