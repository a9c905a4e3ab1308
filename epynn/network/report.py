"""What did training do? The table of epochs."""
from __future__ import annotations

from typing import TYPE_CHECKING

from epynn.commons.arguments import explained
from epynn.commons.checks import positive_integer
from epynn.display.console import print_epochs

if TYPE_CHECKING:
    from epynn.network.models import EpyNN


@explained
def model_report(model: EpyNN, every: int = 1) -> None:
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
    print_epochs(model, positive_integer('report', 'every', every))
