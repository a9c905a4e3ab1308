"""What does the console show? Tables of settings and epochs, and a line of progress."""
import shutil
import sys
import time
from collections.abc import Sequence
from typing import Any

from termcolor import colored

from epynn.commons.arguments import name_of_function
from epynn.commons.models import Layer
from epynn.display.html import titled_table
from epynn.display.rows import (
    ARRAY_HEADERS,
    LAYER_HEADERS,
    Rows,
    array_rows,
    layer_rows,
    layer_totals,
    learning_layers,
    metric_table,
    set_headers,
    set_rows,
    some_epochs,
    text_table,
    totals,
)
from epynn.display.vocabulary import dimensions

INTERVAL = 0.25                         # seconds between two updates of the progress line


def in_notebook() -> bool:
    """Whether output goes to a Jupyter notebook."""
    return type(sys.stdout).__module__.startswith('ipykernel')


def terminal_width() -> int | None:
    """Characters of a line of the terminal; None where output does not go to one."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


class ProgressLine:
    """A line of text that is rewritten in place, a few times a second.

    On a terminal and in a notebook. Anywhere else, as in a log file, nothing is shown: look at
    ``watched`` before computing what to show.

    Parameters
    ----------
    silent : bool, default False
        Whether to show nothing anywhere.

    Attributes
    ----------
    watched : bool
        Whether what is written is shown at all.
    """

    def __init__(self, silent: bool = False) -> None:
        self.last, self.width = time.perf_counter(), 0
        self.display: Any = None        # what a notebook gave to update
        self.notebook = in_notebook()
        self.watched = not silent and (self.notebook or sys.stdout.isatty())

    def due(self, final: bool = False) -> bool:
        """Whether it is time to write again; always where the text is the final one."""
        return self.watched and (final or time.perf_counter() - self.last > INTERVAL)

    def write(self, text: str) -> None:
        """Show a text in the place of the one before, cut to the width of the terminal."""
        self.last = time.perf_counter()
        if self.notebook:
            from IPython.display import display  # installed where there is a notebook, only there
            if self.display is None:
                self.display = display({'text/plain': text}, raw=True, display_id=True)
            else:
                self.display.update({'text/plain': text}, raw=True)
            return
        # One character less than fits: a full line moves the cursor on, and \r cannot come back
        most = max(1, shutil.get_terminal_size().columns - 1)
        text = text[:most]
        padded = text.ljust(min(self.width, most))          # covers the rest of the one before
        sys.stdout.write('\r' + colored(padded, 'white', attrs=['bold']))
        sys.stdout.flush()
        self.width = len(text)

    def close(self) -> None:
        """Leave the line, if there is one."""
        if self.width:
            print('\n', flush=True)
            self.width = 0


def show(text: str, html: str, title: str = '') -> None:
    """Print text on a terminal and in a file; in a notebook show the HTML that says the same."""
    if not in_notebook():
        if title:
            print(colored(title, attrs=['bold']))
        print(text, end='\n\n', flush=True)
        return
    from IPython.core.display_functions import display  # installed where there is a notebook
    display({'text/plain': f'{title}\n{text}'.lstrip(), 'text/html': html}, raw=True)


def print_table(rows: Rows, headers: Sequence[str], title: str = '') -> None:
    """A table, with a title above it."""
    show(text_table(rows, headers, terminal_width()), titled_table(rows, headers, title), title)


def print_settings(model: Any, hyperparameters: Sequence[str]) -> None:
    """Data, architecture and some hyperparameters of a network, a table each."""
    print_table(set_rows(model.embedding)
                + [['batch', len(model.embedding.batches()[0]), '', '']],
                set_headers(model.embedding), title=f'{model.name}: data')
    print_summary(model)
    learning = learning_layers(model)
    print_table(
        [[key, *(name_of_function(layer.se_hPars[key]) for layer in learning)]
         for key in hyperparameters],
        ['', *(layer.title for layer in learning)],
        title=f'{model.name}: hyperparameters, {model.epochs - model.e} epochs, '
              f'loss {model.loss}, seed {model.seed}')


def print_summary(model: Any) -> None:
    """Layers of a network: shapes in and out, parameters, and memory."""
    print_table(layer_rows(model), LAYER_HEADERS,
                title=f'{model.name}: architecture, ' + totals(model).replace('; ', ';\n'))


def print_arrays(layer: Layer) -> None:
    """Dimensions of a layer, and every array: what it is, its shape, its range."""
    for each in layer.walk():
        print(each.title)
        for letter, size, name in dimensions(each):
            print(f'  {letter} = {size:,} {name}'.rstrip())
        if words := layer_totals(each):
            print(f'  {words}')
        print(text_table(array_rows(each), ARRAY_HEADERS, terminal_width()))


def print_epochs(model: Any, every: int = 1) -> None:
    """Learning rates, metrics and losses on each set, a row for every so many epochs."""
    learning = learning_layers(model)
    sets = [i for i, dset in enumerate((model.embedding.dtrain, model.embedding.dval,
                                        model.embedding.dtest))
            if dset.active or model.metrics[model.loss][i]]
    shown = some_epochs(model.e, every)
    headers, rows = metric_table(model.metrics, shown, sets)
    headers = ['epoch\n', *(f'lrate\n{type(layer).__name__}' for layer in learning), *headers]
    print_table([[e, *(f'{layer.lrate[e]:.2e}' for layer in learning), *row]
                 for e, row in zip(shown, rows, strict=True)],
                headers, title=f'Experiment {model.uname}')
