"""What do people see of a network? Tables, a line of progress, pages of a notebook, plots.

Layers and sets of data are shown by functions of this package, but ``epynn.commons``, where their
classes are, stands below it and does not import it. So it is here that these functions become
their methods, by assignment: ``Layer`` and ``dataSet`` only declare the names. Classes that stand
above this package, such as ``Embedding`` and ``EpyNN``, bind theirs in their own class bodies.
"""
from epynn.commons.dataset import dataSet
from epynn.commons.models import Layer
from epynn.display.console import print_arrays
from epynn.display.html import dataset_html, layer_html

Layer.summary = print_arrays
Layer._repr_html_ = layer_html
dataSet._repr_html_ = dataset_html
