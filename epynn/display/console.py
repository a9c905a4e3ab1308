"""What does the console show? Tables of settings and epochs, and progress."""
import sys
import time

from termcolor import colored

from epynn.display.vocabulary import dimensions
from epynn.display.html import table_html
from epynn.display.rows import (
    ARRAY_HEADERS,
    LAYER_HEADERS,
    SET_HEADERS,
    array_rows,
    layer_rows,
    layer_totals,
    metric_table,
    set_rows,
    some_epochs,
    text_table,
    totals,
)

INTERVAL = 0.25                         # seconds between two updates of the progress line


def in_notebook():
    """Whether output goes to a Jupyter notebook."""
    return type(sys.stdout).__module__.startswith('ipykernel')


class Progress:
    """One line that tells how far training is, rewritten in place.

    On a terminal and in a notebook, a few times a second. Anywhere else, as in a log file,
    nothing is shown, and nothing is computed for it.
    """

    def __init__(self, model, silent=False):
        self.model, self.begin, self.first = model, time.perf_counter(), model.e
        self.last, self.width, self.display = self.begin, 0, None
        self.notebook = in_notebook()
        self.watched = not silent and (self.notebook or sys.stdout.isatty())

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self.width:
            print('\n', flush=True)

    def due(self, batches):
        """Whether it is time to show something; always after the very last of the batches."""
        if not self.watched:
            return False
        return (time.perf_counter() - self.last > INTERVAL
                or (self.model.e + 1 == self.model.epochs and self.model.batch == batches))

    def show(self, accuracy, cost, batches):
        """Epoch and batch, how good the batch was, and how long it takes."""
        model, self.last = self.model, time.perf_counter()
        seconds = self.last - self.begin
        done = model.e - self.first + model.batch / batches
        rate = done / seconds
        self.write(f'Epoch {model.e} - Batch {model.batch - 1}/{batches - 1} - '
                   f'Accuracy: {accuracy:.3g} Cost: {cost:.5f} - '
                   f'TIME: {seconds:.2f}s RATE: {rate:.2e}e/s '
                   f'TTC: {(model.epochs - self.first - done) / rate:.0f}s')

    def write(self, text):
        """Text in the place of the one before."""
        if self.notebook:
            from IPython.display import display  # there, for this is a notebook
            if self.display is None:
                self.display = display({'text/plain': text}, raw=True, display_id=True)
            else:
                self.display.update({'text/plain': text}, raw=True)
            return
        sys.stdout.write('\r' + colored(text.ljust(self.width), 'white', attrs=['bold']))
        sys.stdout.flush()
        self.width = len(text)


def show(text, html, title=''):
    """Text on a terminal and in a file; in a notebook the HTML that says the same."""
    if not in_notebook():
        if title:
            print(colored(title, attrs=['bold']))
        print(text, end='\n\n', flush=True)
        return
    from IPython.core.display_functions import display  # there, for this is a notebook
    display({'text/plain': f'{title}\n{text}'.lstrip(), 'text/html': html}, raw=True)


def print_table(rows, headers, title=''):
    """A table, with a title above it."""
    show(text_table(rows, headers), table_html(rows, headers, title), title)


def print_settings(model):
    """Data, architecture and hyperparameters of a network, a table each."""
    print_table(set_rows(model.embedding)
                + [['batch', len(model.embedding.batches(model.order)[0]), '', '']],
                SET_HEADERS, title=f'{model.name}: data')
    print_summary(model)
    learning = [layer for layer in model.layers if layer.p]
    print_table(
        [[key, *(layer.se_hPars[key] for layer in learning)] for key in model.embedding.se_hPars],
        ['', *(layer.title for layer in learning)],
        title=f'{model.name}: hyperparameters, {model.epochs - model.e} epochs, '
              f'loss {model.loss}, seed {model.seed}')


def print_summary(model):
    """Layers of a network: shapes in and out, parameters, and memory."""
    print_table(layer_rows(model), LAYER_HEADERS,
                title=f'{model.name}: architecture, ' + totals(model).replace('; ', ';\n'))


def print_arrays(layer):
    """Dimensions of a layer, and every array: what it is, its shape, its range."""
    print(layer.title)
    for letter, size, name in dimensions(layer):
        print(f'  {letter} = {size:,} {name}'.rstrip())
    if layer.p or layer.fc:
        print(f'  {layer_totals(layer)}')
    print(text_table(array_rows(layer), ARRAY_HEADERS))


def print_epochs(model, every=1):
    """Learning rates, metrics and losses on each set, a row for every so many epochs."""
    learning = [layer for layer in model.layers if layer.p]
    sets = [i for i, dset in enumerate((model.embedding.dtrain, model.embedding.dval,
                                        model.embedding.dtest))
            if dset.active or model.metrics[model.loss][i]]
    shown = some_epochs(model.e, every)
    headers, rows = metric_table(model.metrics, shown, sets)
    headers = ['epoch\n', *(f'lrate\n{type(layer).__name__}' for layer in learning), *headers]
    rows = [[e, *(f'{layer.lrate[e]:.2e}' for layer in learning), *row]
            for e, row in zip(shown, rows, strict=True)]
    show(text_table([[*row, model.uname] for row in rows], [*headers, 'Experiment\n']),
         table_html(rows, headers, caption=f'Experiment {model.uname}'))
