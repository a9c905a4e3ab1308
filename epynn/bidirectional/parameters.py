"""What does a bidirectional layer learn, and how? Nothing itself: its two layers do."""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from epynn.bidirectional.models import Bidirectional


def bidirectional_compute_shapes(layer: Bidirectional) -> dict[str, tuple[int, ...]]:
    """None of its own, those of its two layers being the same: an error where they are not."""
    first, second = layer.layer.arguments(), layer.reverse.arguments()
    for name in first:
        if name not in second or first[name] != second[name]:
            raise ValueError(f'{layer.title} expects both of its layers to have the same '
                             f'arguments, got {name}={first[name]!r} and {second.get(name)!r}: '
                             f'set it in both, layer.{name} and reverse.{name}, or make another '
                             'Bidirectional')
    return {}
