"""What is a bidirectional layer?"""
from __future__ import annotations

from typing import Any

from epynn.bidirectional.backward import bidirectional_backward
from epynn.bidirectional.forward import MERGES, bidirectional_forward
from epynn.bidirectional.initialization import bidirectional_build_sublayers
from epynn.bidirectional.parameters import bidirectional_compute_shapes
from epynn.commons.arguments import Argument
from epynn.commons.checks import one_of, shown
from epynn.commons.models import Layer
from epynn.commons.recurrence import Recurrent


def recurrent(owner: str, name: str, value: Any) -> Recurrent:
    """A check: a recurrent layer."""
    if isinstance(value, Recurrent):
        return value
    raise ValueError(f'{owner} expects {name} to be a recurrent layer, RNN, GRU or LSTM, because '
                     f'only they read steps in an order, got {shown(value)}: '
                     f'{owner}(GRU(8, sequences=True))')


def known_merge(owner: str, name: str, value: Any) -> str:
    """A check: a name of a way to make one output of two."""
    return one_of(owner, name, value, MERGES)


class Bidirectional(Layer):
    """A recurrent layer that also reads each sequence from its end (Schuster & Paliwal, 1997).

    .. math::
        \\overrightarrow h = \\mathrm{layer}(X), \\qquad
        \\overleftarrow h = R(\\mathrm{layer}'(R(X))), \\qquad
        A = [\\overrightarrow h, \\overleftarrow h]

    with X of shape (m, s, e), both states (m, s, u) and A (m, s, 2 u). R reverses each sample
    within its own length, so that both states of a step stand side by side: one has seen all steps
    up to it, the other all from it on. Without ``sequences`` A is (m, 2 u), the last state of
    each direction: that of the first has read the last step last, that of the second the first.

    Parameters
    ----------
    layer : Recurrent
        RNN, GRU or LSTM. It reads forward; ``reverse``, made with the same arguments and with
        parameters of its own, reads backward.
    merge : {'concat', 'sum', 'mean', 'mul'}
        What becomes of the two states of a step: both side by side, (m, s, 2 u), or their sum,
        mean or product, (m, s, u).

    Attributes
    ----------
    reverse : Recurrent
        The layer that reads backward. Its caches are in the order in which it reads.

    Raises
    ------
    ValueError
        Where the layer is not recurrent, or merge is not known.
    """

    axes = Recurrent.axes
    remedy = Recurrent.remedy
    remedies = Recurrent.remedies
    letters = {'h': 'state of the forward direction', 'hr': 'state of the reverse direction'}
    takes_one_hot = True

    layer = Argument(recurrent)
    merge = Argument(known_merge)

    def __init__(self, layer: Recurrent, merge: str = 'concat') -> None:
        super().__init__()
        self.layer, self.merge = layer, merge
        self.reverse = type(layer)(**layer.arguments())
        self.reverse.trainable = layer.trainable

    compute_shapes = bidirectional_compute_shapes
    build_sublayers = bidirectional_build_sublayers
    forward_pass = bidirectional_forward
    backward_pass = bidirectional_backward
