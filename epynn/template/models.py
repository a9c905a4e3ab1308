"""What is a Template? The layer to copy when you write your own."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from epynn.commons.models import Layer
from epynn.template.backward import template_backward
from epynn.template.forward import template_forward
from epynn.template.initialization import template_initialize_parameters
from epynn.template.parameters import template_compute_gradients, template_compute_shapes


class Template(Layer):
    """It passes everything through: a place to begin, not a layer to use.

    .. math::
        A = X

    To write a layer of your own, copy this folder, rename ``template`` in it, and fill the holes,
    the equation first. ``examples/custom_layer.py`` does so for layer normalization, all in one
    file. What every layer has in common is in :class:`epynn.commons.models.Layer` and needs no
    writing: the shapes that are recorded, the update of the parameters, clipping, model files.

    Parameters
    ----------
    se_hPars : dict, optional
        Hyperparameters of this layer where they are not the network's.

    Raises
    ------
    ValueError
        Say here what makes it raise an error.
    """

    # The axes of its input, by letter: {'m': 'samples', 'n': 'features'} for vectors,
    # {'m': 'samples', 's': 'steps', 'e': 'elements'} for sequences. Sizes are then in layer.d,
    # and another number of axes is an error. Without axes it takes any input.
    axes: ClassVar[Mapping[str, str]] = {}

    # Letters of the axes whose size its parameters depend on, such as ('n',)
    fixed_axes: ClassVar[tuple[str, ...]] = ()

    # How that error ends: what to do about an input of the wrong shape
    remedy = 'check the layers before it'

    # Arguments of its own, with a check that names the layer in its errors, see
    # epynn.commons.checks, and activation functions, which know their hyperparameters:
    # units = Argument(positive_integer)
    # activate = Activation()

    def __init__(self, se_hPars: Mapping[str, Any] | None = None) -> None:
        super().__init__(se_hPars)

        # Each argument goes to the attribute of its name, from where a model file takes it:
        # self.units, self.activate = units, activate

    # A function whose first argument is the layer becomes a method by assignment. A layer that
    # learns nothing leaves out the first three.
    compute_shapes = template_compute_shapes
    initialize_parameters = template_initialize_parameters
    compute_gradients = template_compute_gradients
    forward_pass = template_forward
    backward_pass = template_backward
