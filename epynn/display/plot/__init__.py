"""What does a network look like? Curves of training, states, gradients, filters, weights.

====================== ============================================================
``model.plot``         loss and metrics over training
plot_confusion         which label is predicted for which
plot_gradient_norms    how large the gradients of each layer are, over training
plot_learning_rates    at which rate the loss falls most steeply, in a range test
plot_gradient_flow     how the gradient vanishes, or not, step by step back in time
plot_states            state and gates of a recurrent layer over time
plot_filters           what a Convolution looks for
plot_feature_maps      what a Convolution found, or a Pooling kept
plot_attention         where each step of a sequence looks
plot_weights           how parameters are distributed
====================== ============================================================

Each returns (figure, axes), which a notebook shows as the picture; ``model.plot`` returns the
figure. Only ``model.plot`` opens a window. To have several plots in one figure, or to see one on
a screen, make the axes first and pass them::

    figure, ax = matplotlib.pyplot.subplots()
    plot_gradient_norms(model, ax=ax)
    matplotlib.pyplot.show()
"""
from epynn.display.plot.attention import plot_attention
from epynn.display.plot.images import plot_feature_maps, plot_filters
from epynn.display.plot.recurrent import plot_gradient_flow, plot_states
from epynn.display.plot.style import BLUE, COLORS, GREEN, ORANGE, Drawn
from epynn.display.plot.training import (
    model_plot,
    plot_confusion,
    plot_gradient_norms,
    plot_learning_rates,
    plot_weights,
)

__all__ = [
    'BLUE',
    'COLORS',
    'GREEN',
    'ORANGE',
    'Drawn',
    'model_plot',
    'plot_attention',
    'plot_confusion',
    'plot_feature_maps',
    'plot_filters',
    'plot_gradient_flow',
    'plot_gradient_norms',
    'plot_learning_rates',
    'plot_states',
    'plot_weights',
]
