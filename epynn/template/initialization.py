"""What exists before the first step of a Template?"""
from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from epynn.template.models import Template



def template_initialize_parameters(layer: Template) -> None:
    """Nothing, because it has no parameters.

    With parameters, each is drawn from the generator of the layer, always in the same order, so
    that a seed means the same run:

        shapes = layer.compute_shapes()
        layer.p['W'] = layer.initialization(shapes['W'], rng=layer.rng)
        layer.p['b'] = np.zeros(shapes['b'])
    """
