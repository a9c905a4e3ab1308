"""What does the console show? Tables of settings and epochs, and progress."""
import sys
import time

import numpy as np
from tabulate import tabulate
from termcolor import colored

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


def print_table(rows, headers, title=None):
    """A table, with a title above it."""
    if title:
        print(colored(title, attrs=['bold']))
    print(tabulate(rows, headers, tablefmt='pretty', disable_numparse=True), end='\n\n', flush=True)


def print_settings(model):
    """Data, architecture and hyperparameters of a network, a table each."""
    embedding = model.embedding
    sets = (embedding.dtrain, embedding.dval, embedding.dtest)
    print_table(
        [[dset.name, len(dset),
          ', '.join(f'{label}: {n}' for label, n in dset.b.items()) if dset.active else '-',
          ' x '.join(map(str, dset.inputs.shape[1:])) if dset.active else '-']
         for dset in sets]
        + [['batch', len(embedding.batches(model.order)[0]), '', '']],
        ['set', 'samples', 'samples of each label', 'features of a sample'],
        title=f'{model.name}: data')
    print_architecture(model)
    learning = [layer for layer in model.layers if layer.p]
    print_table(
        [[key, *(layer.se_hPars[key] for layer in learning)] for key in model.embedding.se_hPars],
        ['', *(layer.title for layer in learning)],
        title=f'{model.name}: hyperparameters, {model.epochs - model.e} epochs, '
              f'loss {model.loss}, seed {model.seed}')


def print_architecture(model):
    """Layers of a network: dimensions, activations, parameters and the memory they take."""
    rows = [[i, type(layer).__name__,
             ', '.join(f'{k} = {v}' for k, v in layer.d.items() if k not in 'mk') or '-',
             ', '.join(dict.fromkeys(layer.activation.values())) or '-',
             ', '.join(f'{name} {"x".join(map(str, W.shape))}' for name, W in layer.p.items())
             or '-', f'{sum(W.size for W in layer.p.values()):,}'] for i, layer in
            enumerate(model.layers)]
    size = sum(W.size for layer in model.layers for W in layer.p.values())
    nbytes = sum(W.nbytes for layer in model.layers for W in layer.p.values())
    print_table(rows, ['', 'layer', 'dimensions', 'activation', 'parameters', 'number'],
                title=f'{model.name}: architecture, {size:,} numbers to learn, '
                      f'{nbytes / 1e6:.3g} MB')


def arrays_table(layer, style):
    """Every array of a layer: where it is kept, its shape, its range."""
    kept = {'p': 'parameter', 'g': 'gradient', 'fc': 'forward cache', 'bc': 'backward cache'}
    rows = []
    for attribute, meaning in kept.items():
        for name, A in getattr(layer, attribute).items():
            A = A if isinstance(A, np.ndarray) else np.asarray(A)
            span = f'{A.min():.3g} to {A.max():.3g}' if A.size else '-'
            rows.append([f"{attribute}['{name}']", meaning, ' x '.join(map(str, A.shape)), span])
    return tabulate(rows, ['array', 'what it is', 'shape', 'range'], tablefmt=style,
                    disable_numparse=True)


def print_epochs(model, every=1):
    """Learning rates, metrics and losses on each set, a row for every so many epochs."""
    learning = [layer for layer in model.layers if layer.p]
    sets = [(i, dset) for i, dset in enumerate((model.embedding.dtrain, model.embedding.dval,
                                                model.embedding.dtest))
            if dset.active or model.metrics[model.loss][i]]
    headers = ['epoch\n', *(f'lrate\n{type(layer).__name__}' for layer in learning)]
    for name in model.metrics:
        headers += [f'{name if j == 0 else ""}\n{dset.name}' for j, (_, dset) in enumerate(sets)]
    headers.append('Experiment\n')

    shown = [e for e in range(model.e) if e % every == 0 or e == model.e - 1]
    print_table([[e, *(f'{layer.lrate[e]:.2e}' for layer in learning),
                  *(f'{values[i][e] if values[i] else np.nan:.3f}'
                    for values in model.metrics.values() for i, _ in sets),
                  model.uname] for e in shown], headers)
