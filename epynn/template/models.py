"""What is a Template? The layer to copy when you write your own."""
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
    axes: dict = {}

    # Letters of the axes whose size its parameters depend on, such as ('n',)
    fixed: tuple = ()

    # How that error ends: what to do about an input of the wrong shape
    remedy = 'check the layers before it'

    def __init__(self, se_hPars=None):
        # An activation function goes here by its role, activate=activate; then layer.activate
        # is that function with its hyperparameters filled in
        super().__init__(se_hPars)

        # Sizes of its own go to layer.d, with a letter; other settings to layer.o. Checks such
        # as positive_integer, see epynn.commons.checks, name the layer in their errors:
        # self.d['u'] = positive_integer('Template', 'units', units)

    # A function whose first argument is the layer becomes a method by assignment. A layer that
    # learns nothing leaves out the first three.
    compute_shapes = template_compute_shapes
    initialize_parameters = template_initialize_parameters
    compute_gradients = template_compute_gradients
    forward_pass = template_forward
    backward_pass = template_backward
