"""What does training look like? Curves of losses and metrics."""
import math


def model_plot(model, pyplot=True, path=None):
    """Curves of each metric and loss over the epochs, on training, validation and test set.

    Parameters
    ----------
    pyplot : bool, default True
        Whether to open a window, where there is a screen to open it on.
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
    columns = min(len(model.metrics), 3)
    rows = math.ceil(len(model.metrics) / columns)
    figure, axes = plt.subplots(rows, columns, figsize=(4 * columns, 3.2 * rows), squeeze=False,
                                layout='constrained')
    for ax in axes.flat[len(model.metrics):]:
        ax.remove()
    for ax, (name, sets) in zip(axes.flat, model.metrics.items(), strict=False):
        for label, color, marker, values in zip(('training', 'validation', 'test'),
                                                ('#0072B2', '#D55E00', '#009E73'), 'os^', sets,
                                                strict=True):
            if values:
                ax.plot(range(len(values)), values, color=color, label=label, marker=marker,
                        markersize=4, markevery=max(1, len(values) // 10))
        loss = name == model.loss
        ax.set(title=f'{name} (loss)' if loss else name, xlabel='epoch',
               ylabel='mean over samples' if name.isupper() and name != 'NPV' else 'share')
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.spines[['top', 'right']].set_visible(False)
        ax.grid(alpha=0.3)
    axes.flat[0].legend(frameon=False)
    figure.suptitle(model.name)
    if path:
        figure.savefig(path, dpi=150)
    if pyplot and plt.get_backend().lower() in {b.lower() for b in interactive_backends()}:
        plt.show()
    else:
        plt.close(figure)                   # a notebook shows what is returned, once
    return figure


def interactive_backends():
    """Names of the backends of matplotlib that open windows."""
    from matplotlib.backends import BackendFilter, backend_registry
    return backend_registry.list_builtin(BackendFilter.INTERACTIVE)
