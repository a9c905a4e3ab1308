"""What is the network, and what did training do? Tables of layers and of epochs."""
from epynn.commons.checks import positive_integer
from epynn.display.console import print_epochs, print_summary


def model_report(model, every=1):
    """Print the table of epochs: learning rates, metrics and losses on each set.

    Parameters
    ----------
    every : int, default 1
        Print a row for every so many epochs, and the last.

    Raises
    ------
    RuntimeError
        If the network was never initialized.
    """
    model.check_ready('report')
    every = positive_integer('report', 'every', every)
    print_epochs(model, every)


def model_summary(model):
    """Print the layers: shapes in and out, activations, parameters, and the memory they take.

    Shapes and caches are those of the last batch of training; ``-`` before the first. Memory that
    two layers share, as the output of one is the input of the next, is counted once.
    """
    print_summary(model)
