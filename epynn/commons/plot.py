"""What does training look like? Curves of losses and metrics, and who is taken for whom."""
import math

import numpy as np

from epynn.commons.loss import losses

# Colours that stay apart for colour-blind eyes (Okabe & Ito, 2008)
BLUE, ORANGE, GREEN = '#0072B2', '#D55E00', '#009E73'


def model_plot(model, pyplot=True, path=None):
    """Curves of each metric and loss over the epochs, on training, validation and test set.

    Parameters
    ----------
    pyplot : bool, default True
        Whether to open a window, where there is a screen to open it on. A notebook shows the
        figure that is returned.
    path : str or path-like, optional
        Where to save the picture; its ending says the format.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    RuntimeError
        If the network was not trained.
    """
    import matplotlib.pyplot as plt  # not before it is needed: it is slow to import
    from matplotlib.ticker import MaxNLocator

    if not any(values for sets in model.metrics.values() for values in sets):
        raise RuntimeError('EpyNN has nothing to plot before it is trained: call train() first')
    columns = min(len(model.metrics), 4)
    rows = math.ceil(len(model.metrics) / columns)
    figure, axes = plt.subplots(rows, columns, figsize=(3.4 * columns, 3 * rows), squeeze=False,
                                layout='constrained')
    for ax in axes.flat[len(model.metrics):]:
        ax.remove()
    for ax, (name, sets) in zip(axes.flat, model.metrics.items(), strict=False):
        for label, color, marker, values in zip(('training', 'validation', 'test'),
                                                (BLUE, ORANGE, GREEN), 'os^', sets, strict=True):
            if values:
                ax.plot(range(len(values)), values, color=color, label=label, marker=marker,
                        markersize=4, markevery=max(1, len(values) // 10))
        ax.set(title=f'{name} (loss)' if name == model.loss else name, xlabel='epoch',
               ylabel='mean over samples' if name in losses else 'share of samples')
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.set_xlim(-0.5, model.e - 0.5)
        if name not in losses:
            ax.set_ylim(-0.03, 1.03)
        ax.spines[['top', 'right']].set_visible(False)
        ax.grid(alpha=0.3)
    axes.flat[0].legend(frameon=False)
    figure.suptitle(model.name)
    if path:
        figure.savefig(path, dpi=150)
    if pyplot and opens_windows(plt.get_backend()):
        plt.show()
    else:
        plt.close(figure)
    return figure


def opens_windows(backend):
    """Whether a backend of matplotlib opens windows."""
    from matplotlib.backends import BackendFilter, backend_registry
    interactive = backend_registry.list_builtin(BackendFilter.INTERACTIVE)
    return backend.lower() in {name.lower() for name in interactive}


def plot_confusion(dset, names=None, ax=None):
    """Counts of samples by label and by predicted label.

    Parameters
    ----------
    dset : dataSet
        With predicted labels ``P``, as ``evaluate`` leaves them.
    names : list of str, optional
        Names of the labels, from 0.
    ax : matplotlib.axes.Axes, optional

    Returns
    -------
    figure : matplotlib.figure.Figure
    ax : matplotlib.axes.Axes
    """
    import matplotlib.pyplot as plt

    if dset.P is None:
        raise RuntimeError(f'{dset.name} has no predictions yet: call evaluate() first')
    labels = np.union1d(dset.y, dset.P)
    names = [str(v) for v in labels] if names is None else [names[v] for v in labels]
    counts = np.array([[np.sum((dset.y == y) & (dset.P == P)) for P in labels] for y in labels])
    cell = min(1.1, 5 / len(labels))        # inches
    if ax is None:
        side = len(labels) * cell
        figure, ax = plt.subplots(figsize=(1.6 + side, 1 + side), layout='constrained')
        plt.close(figure)                   # a notebook shows what is returned
    ax.imshow(counts, cmap='Blues', vmin=0)
    for (i, j), n in np.ndenumerate(counts):
        ax.text(j, i, n, ha='center', va='center', fontsize=7 + 5 * cell,
                color='white' if n > counts.max() / 2 else 'black')
    ax.set(xticks=range(len(labels)), yticks=range(len(labels)), xticklabels=names,
           yticklabels=names, xlabel='predicted', ylabel='actual', title=dset.name)
    ax.spines[:].set_visible(False)
    return ax.figure, ax
