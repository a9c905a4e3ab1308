"""What is a Flatten layer?"""
from __future__ import annotations

from epynn.commons.models import Layer
from epynn.flatten.backward import flatten_backward
from epynn.flatten.forward import flatten_forward


class Flatten(Layer):
    """All features of a sample in one row, as a Dense layer wants them: (m, s, e) to (m, s e).

    It learns nothing: it only changes the shape of what passes.
    """

    takes_one_hot = True

    def __init__(self) -> None:
        super().__init__()

    forward_pass = flatten_forward
    backward_pass = flatten_backward
