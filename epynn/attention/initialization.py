"""What exists before the first step of attention, and of a positional encoding?"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from epynn.attention.models import Attention, PositionalEncoding


def attention_initialize_parameters(layer: Attention) -> None:
    """Random weights, drawn in the order Wq, Wk, Wv, Wo."""
    for name, shape in layer.compute_shapes().items():
        layer.p[name] = layer.initialization(shape, rng=layer.rng)


def positional_initialize_parameters(layer: PositionalEncoding) -> None:
    """Small random numbers, where they are learned: no step is like another."""
    for name, shape in layer.compute_shapes().items():
        layer.p[name] = 0.02 * layer.rng.standard_normal(shape)


def sinusoids(steps: int, e: int) -> np.ndarray:
    """Encoding of each step (steps, e): sines and cosines of e / 2 wavelengths, from 2 pi to 10000
    times that."""
    t, i = np.arange(steps)[:, np.newaxis], np.arange(e)
    angles = t / 10000 ** (2 * (i // 2) / e)
    return np.where(i % 2 == 0, np.sin(angles), np.cos(angles))
