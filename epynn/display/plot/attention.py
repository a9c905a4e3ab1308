"""Where does a network look? The weights of an attention layer."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.attention.models import Attention
from epynn.commons.checks import shown
from epynn.display.plot.style import Drawn, cached, given_axes, layer_name, new_axes, set_title

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def plot_attention(layer: Attention, sample: int = 0, steps: Sequence[Any] | None = None,
                   axes: Sequence[Axes] | None = None) -> Drawn:
    """Attention weights of one sample of the last batch: a picture for each head.

    A row shows where one step looks; its weights add up to 1. The darker, the more.

    Parameters
    ----------
    layer : Attention
        After a forward pass with training on.
    sample : int, default 0
        Position in the batch.
    steps : sequence, optional
        What the steps are called, such as the characters of a text.
    axes : sequence of matplotlib.axes.Axes, optional
        One for each head.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : numpy.ndarray of matplotlib.axes.Axes

    Raises
    ------
    ValueError
        Where it is not an attention layer, or steps are not as many as the sample has.
    RuntimeError
        Where there was no forward pass yet.
    """
    if not isinstance(layer, Attention):
        raise ValueError(f'plot_attention expects an Attention layer, got {layer_name(layer)}')
    weights = cached('plot_attention', layer, 'P', sample)[sample]          # (heads, s, s)
    n = weights.shape[-1] if layer.lengths is None else int(layer.lengths[sample])
    weights = weights[:, :n, :n]
    if steps is not None and len(steps) != n:
        raise ValueError(f'plot_attention expects {n} names of steps, as many as sample {sample} '
                         f'has, got {shown(steps)}')
    if axes is None:
        axes = new_axes(1, layer.heads, size=(0.6 + 2.4 * layer.heads, 2.8), squeeze=False,
                        sharey=True)[0]
    else:
        axes = given_axes('plot_attention', axes, layer.heads, 'head')
    for head, (ax, P) in enumerate(zip(axes, weights, strict=True)):
        ax.imshow(P, cmap='Blues', vmin=0, vmax=max(1e-12, float(weights.max())))
        set_title(ax, f'head {head}' if layer.heads > 1 else layer.title)
        ax.set_xlabel('looks at')
        if steps is not None:
            ax.set_xticks(range(n), [str(step) for step in steps], fontsize='small')
            ax.set_yticks(range(n), [str(step) for step in steps], fontsize='small')
        ax.grid(False)
        ax.spines[:].set_visible(False)
    axes[0].set_ylabel('step')
    return Drawn(axes[0].figure, np.asarray(axes, dtype=object))
