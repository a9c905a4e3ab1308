"""What does a Template learn, and how?"""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from epynn.template.models import Template



def template_compute_shapes(layer: Template) -> dict[str, tuple[int, ...]]:
    """Shape of each parameter by its name; here there are none.

    With parameters, from sizes of the input and of its own: {'W': (n, u), 'b': (1, u)}.
    """
    return {}


def template_compute_gradients(layer: Template) -> None:
    """Nothing, because there is nothing to learn.

    With parameters, ``layer.g['dW']`` for each ``layer.p['W']``, summed over the samples of the
    batch: layer.g['dW'] = layer.fc['X'].T @ layer.bc['dZ'].
    """
