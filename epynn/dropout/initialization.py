"""What exists before the first step of Dropout? A mask for each batch, drawn when it comes."""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.dropout.models import Dropout


def dropout_initialize_forward(layer: Dropout, shape: tuple[int, ...]) -> np.ndarray:
    """Mask D of what is kept, of size 1 along the axes that share it."""
    if any(not -len(shape) <= axis < len(shape) for axis in layer.axis):
        raise ValueError(f'{layer.title} expects axis to be among those of its input of shape '
                         f'{shape}, got {layer.axis}')
    shared = [axis % len(shape) for axis in layer.axis]
    mask_shape = tuple(1 if i in shared else n for i, n in enumerate(shape))
    return layer.rng.random(mask_shape) > layer.drop_prob
