"""What is attention, and where does it learn about order?"""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from epynn.attention.backward import attention_backward, positional_backward
from epynn.attention.forward import attention_forward, positional_forward
from epynn.attention.initialization import (
    attention_initialize_parameters,
    positional_initialize_parameters,
)
from epynn.attention.parameters import (
    attention_compute_gradients,
    attention_compute_shapes,
    positional_compute_gradients,
    positional_compute_shapes,
)
from epynn.commons.arguments import Argument, Function, initialization
from epynn.commons.checks import flag, optional, positive_integer
from epynn.commons.maths import xavier
from epynn.commons.models import Layer

BLOCK = 2**20                           # attention weights computed at once in prediction, about


class Sequential(Layer):
    """A layer of sequences, for which padding counts for nothing."""

    axes = {'m': 'samples', 's': 'steps', 'e': 'elements'}
    fixed_axes = ('e',)
    remedy = ('put sequences=True into the recurrent layer before it, or remove the Flatten, or '
              'give sequences: X[..., np.newaxis] makes one of each row of numbers')

    def padding(self) -> np.ndarray | None:
        """Which steps of each sample are padding, (m, s); None where there is none."""
        if self.lengths is None:
            return None
        return np.arange(self.d['s']) >= self.lengths[:, np.newaxis]


class Attention(Sequential):
    """Multi-head self-attention: each step takes from all steps what it looks for.

    .. math::
        Q = X W_q, \\quad K = X W_k, \\quad V &= X W_v && \\quad\\text{queries, keys, values} \\\\
        P &= \\mathrm{softmax}\\Big(\\frac{Q K^T}{\\sqrt{c}}\\Big) && \\quad\\text{weights} \\\\
        H &= P V && \\quad\\text{weighted means} \\\\
        A &= H W_o

    with X of shape (m, s, e), Wq, Wk and Wv (e, u), Wo (u, u), A (m, s, u). The units of Q, K and V
    are split into ``heads`` groups of c = u / heads, each of which has weights P (m, heads, s, s)
    and means of its own; H are those of all heads side by side. The softmax is over the keys, so
    that the weights of each query add up to 1. There is no bias (Vaswani et al., 2017).

    A forward pass in training keeps the weights, m heads s^2 numbers, and a backward pass makes
    three arrays more of that size. Prediction goes through the queries in blocks and has no array
    of s by s.

    Parameters
    ----------
    heads : int, default 1
        Number of heads, by which u can be divided.
    units : int, optional
        Number of units u; by default as many as elements e.
    causal : bool, default False
        Whether a step sees only itself and the steps before it.
    initialization : callable or str, default xavier
        ``f(shape, rng)`` for all weights.
    se_hPars : dict, optional
        Hyperparameters of this layer where they are not the network's.

    Raises
    ------
    ValueError
        Where units are not a multiple of heads.
    """

    letters = {'Q': 'queries', 'K': 'keys', 'V': 'values', 'P': 'attention weights',
               'H': 'weighted means of the values', 'Wq': 'weights of the queries',
               'Wk': 'weights of the keys', 'Wv': 'weights of the values',
               'Wo': 'weights of the output'}

    heads = Argument(positive_integer)
    units = Argument(optional(positive_integer))
    causal = Argument(flag)
    initialization = Argument(initialization)

    def __init__(self, heads: int = 1, units: int | None = None, causal: bool = False,
                 initialization: Function = xavier,
                 se_hPars: Mapping[str, Any] | None = None) -> None:
        super().__init__(se_hPars)
        self.heads, self.units, self.causal = heads, units, causal
        self.initialization = initialization

    def check_arguments(self) -> None:
        """An error for units that cannot be shared out among the heads."""
        heads, units = (vars(self).get(name) for name in ('heads', 'units'))
        if heads and units and units % heads:
            raise ValueError(f'{self.title} expects units to be a multiple of its heads, {heads}, '
                             f'got {units}: try {heads * max(1, round(units / heads))}')

    compute_shapes = attention_compute_shapes
    initialize_parameters = attention_initialize_parameters
    forward_pass = attention_forward
    backward_pass = attention_backward
    compute_gradients = attention_compute_gradients

    def split(self, Q: np.ndarray) -> np.ndarray:
        """The units of each head, (m, s, u) -> (m, heads, s, c)."""
        m, s, u = Q.shape
        return Q.reshape(m, s, self.heads, u // self.heads).swapaxes(1, 2)

    def join(self, H: np.ndarray) -> np.ndarray:
        """The heads side by side, (m, heads, s, c) -> (m, s, u)."""
        m, heads, s, c = H.shape
        return H.swapaxes(1, 2).reshape(m, s, heads * c)

    def blocks(self) -> Iterator[slice]:
        """The queries to look at together: all in training, where their weights are kept, else as
        many as fit into memory that is small."""
        m, s = self.d['m'], self.d['s']
        size = s if self.training else max(1, BLOCK // (m * self.heads * s))
        return (slice(i, min(i + size, s)) for i in range(0, s, size))

    def hidden(self, queries: slice) -> np.ndarray | None:
        """Which keys some queries do not see, (m, 1, queries, s): those of padding, and with
        ``causal`` those of the future; None where they see all."""
        keys, padding = np.arange(self.d['s']), self.padding()
        hidden = None if padding is None else padding[:, np.newaxis, np.newaxis]
        if self.causal:
            future = keys > keys[queries, np.newaxis]
            hidden = future[np.newaxis, np.newaxis] if hidden is None else hidden | future
        return hidden


class PositionalEncoding(Sequential):
    """Adds to each step what says where it is; attention alone does not know.

    .. math::
        A_{t, 2i} = X_{t, 2i} + \\sin\\frac{t}{10000^{2i/e}}, \\qquad
        A_{t, 2i+1} = X_{t, 2i+1} + \\cos\\frac{t}{10000^{2i/e}}

    for step t, counted from 0, of X of shape (m, s, e) (Vaswani et al., 2017). With ``learned`` the
    numbers that are added, E (steps, e), are parameters instead.

    Parameters
    ----------
    learned : bool, default False
        Whether the encoding is learned.
    steps : int, optional
        The most steps that a sequence has, for a learned encoding.
    se_hPars : dict, optional
        Hyperparameters of this layer where they are not the network's.

    Raises
    ------
    ValueError
        Where a learned encoding is not told its steps, or a sequence has more.
    """

    letters = {'E': 'encoding of each step'}

    learned = Argument(flag)
    steps = Argument(optional(positive_integer))

    def __init__(self, learned: bool = False, steps: int | None = None,
                 se_hPars: Mapping[str, Any] | None = None) -> None:
        super().__init__(se_hPars)
        self.learned, self.steps = learned, steps

    def check_arguments(self) -> None:
        """An error for a learned encoding without steps, and for steps of one that is not."""
        given = vars(self)
        if 'learned' in given and 'steps' in given and given['learned'] == (given['steps'] is None):
            raise ValueError(f'{self.title} expects steps, the most that a sequence has, with '
                             'learned=True and only then: PositionalEncoding(learned=True, '
                             'steps=100)')

    compute_shapes = positional_compute_shapes
    initialize_parameters = positional_initialize_parameters
    forward_pass = positional_forward
    backward_pass = positional_backward
    compute_gradients = positional_compute_gradients
