"""How fast is epynn, and how fast are PyTorch and JAX on the same work?

    python examples/benchmark.py                # all of it: some minutes on two cores
    python examples/benchmark.py --quick        # double precision only, few repeats
    python examples/benchmark.py --smallest     # does it work? a few seconds, and no use as timing

It measures

- the three networks of the tutorial: 256 clips of 10,000 steps of 16 levels, in batches of 16,
  171 clips to train and 85 to validate. An epoch is 10 updates, and loss and accuracy of both
  sets; the feed-forward network with Adam too;
- single recurrent layers of several shapes, RNN and GRU: the forward pass, and a training step,
  which is the forward pass, the gradients of all parameters (not of the input, as in the first
  layer of a network) and their update;
- the same layers of epynn with and without windows;
- the peak memory of each network, in a process of its own.

PyTorch and JAX are measured where they are installed (``pip install torch jax``), in turns with
epynn in one process. Before anything is timed, each has to show that it computes the same
numbers from the same parameters: output and every gradient, to 1e-9 in double precision. How
they were written is in ``benchmark_peers.py``.
"""
import argparse
import contextlib
import io
import itertools
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy
from tabulate import tabulate

import epynn
from epynn import GRU, RNN, Dense, Dropout, Embedding, EpyNN, Flatten, relu, softmax
from epynn.commons.loss import losses
from epynn.speed.one_hot import OneHot
from epynn.speed.windows import number_of_windows

DOCS = Path(__file__).resolve().parent.parent / 'docs'
SAME = {'float64': 1e-9, 'float32': 1e-2}       # largest difference, relative to the largest number
KINDS = {'RNN': RNN, 'GRU': GRU}
NETWORKS = {'Dense': [], 'RNN': [RNN], 'GRU': [GRU]}
LEVELS = 16
LEARNING_RATE = 0.01                    # of the networks
NUDGE = 1e-6                            # of the layers: a step as any, but weights stay as drawn
SETTLE = 0.15                           # seconds in which the threads of the one before fall asleep


class Plan(NamedTuple):
    """What to measure, and how long."""

    clips: int = 256                    # the tutorial: clips, steps of each, batch size
    steps: int = 10_000
    batch: int = 16
    shapes: tuple = ((16, 10_000, 16, 1), (16, 10_000, 16, 8), (64, 128, 1, 10),
                     (32, 100, 64, 128), (32, 21, 20, 8))       # samples, steps, elements, units
    dtypes: tuple = ('float64', 'float32')
    repeat: int = 7                     # turns of each
    least: int = 2                      # turns of one that has used up its seconds
    seconds: float = 8                  # for all turns of one at one thing
    at_once: float = 0.05               # seconds of calls timed together, where they are short


QUICK = Plan(dtypes=('float64',), repeat=3, least=1, seconds=4)
SMALLEST = Plan(clips=12, steps=40, batch=4, shapes=((2, 60, 16, 1), (2, 10, 3, 2)), repeat=1,
                least=1, seconds=0, at_once=0)


# ---- The same work for everybody ---------------------------------------------------------------

def clips(n, steps, seed=0):
    """Levels 0 to 15 of plucked strings, and which of two players plucked: (n, steps), (n,)."""
    rng = np.random.default_rng(seed)
    t = np.arange(steps) / 10_000
    X, Y = np.empty((n, steps), np.uint8), np.arange(n) * 7 % 12 % 2
    for x, player in zip(X, Y, strict=True):
        pitch = rng.choice((110, 147, 196, 247, 330)) * 2**(player / 12)
        overtones, phases = np.arange(1, 6)[:, np.newaxis], rng.uniform(0, 2 * np.pi, (5, 1))
        decay = np.exp(-t * overtones * (4 + 2 * player))
        sound = (decay * np.sin(2 * np.pi * pitch * overtones * t + phases) / overtones).sum(axis=0)
        sound += rng.normal(0, 0.02, steps)
        x[:] = np.interp(sound, (sound.min(), sound.max()), (0, LEVELS - 0.001))
    X[:, :LEVELS] = np.arange(LEVELS)           # so that every level occurs, however short they are
    return X, Y


class Layer:
    """A recurrent layer of epynn, alone."""

    def __init__(self, kind, X, dA, dtype, windows=None):
        self.X, self.dA = X, dA
        self.layer = KINDS[kind](dA.shape[-1], sequences=True, clip_gradients=False,
                                 windows=windows)
        self.layer.build(X, seed=1, dtype=dtype)
        self.layer.needs_dX = False

    def forward(self):
        return self.layer.inference().forward(self.X)

    def backward(self):
        A = self.layer.forward(self.X)
        self.layer.backward(self.dA)
        return A

    def step(self):
        self.backward()
        self.layer.update_parameters(NUDGE)

    def numbers(self):
        A = self.backward()
        return {'A': A, **{name: g.copy() for name, g in self.layer.g.items()}}


class Network:
    """A network of the tutorial in epynn."""

    def __init__(self, kind, X, Y, batch, dtype, optimizer='SGD'):
        self.model = EpyNN([
            Embedding(X, Y, batch_size=batch, X_encode=True, Y_encode=True),
            *(layer(1, sequences=True) for layer in NETWORKS[kind]),
            Flatten(), Dense(64, relu), Dropout(0.5), Dense(2, softmax),
        ], name=kind)
        with contextlib.redirect_stdout(io.StringIO()):
            self.model.initialize(loss='MSE', seed=1, metrics=['accuracy'], dtype=dtype,
                                  se_hPars={'learning_rate': LEARNING_RATE,
                                            'optimizer': optimizer})

    def parameters(self):
        return [{name: W.copy() for name, W in layer.p.items()}
                for layer in self.model.layers if layer.p]

    def data(self):
        """Symbols (m, s), their number, and targets (m, 2), of both sets."""
        embedding = self.model.embedding
        return [(dset.inputs.symbols, dset.inputs.size, dset.Y)
                for dset in (embedding.dtrain, embedding.dval)]

    def epoch(self):
        self.model.train(1, verbose=0)

    def numbers(self, rows):
        """Output and gradients, with Dropout off for once."""
        model = self.model
        dropout = next(layer for layer in model.layers if isinstance(layer, Dropout))
        drop_prob, dropout.drop_prob = dropout.drop_prob, 0.0
        batch = model.embedding.dtrain.take(rows)
        A = model.forward(batch.inputs)
        model.backward(losses['MSE'](batch.Y.astype(A.dtype), A, deriv=True))
        dropout.drop_prob = drop_prob
        learning = [layer for layer in model.layers if layer.p]
        return {'A': A, **{f'{name} {i}': g.copy() for i, layer in enumerate(learning)
                           for name, g in layer.g.items()}}

    def evaluate(self):
        """(loss, accuracy) of each set."""
        values = self.model.evaluate()
        return list(zip(values['MSE'][:2], values['accuracy'][:2], strict=True))


def epoch_of(network, samples, rng):
    """What train(1) does in epynn, for a peer: an update for each batch, and evaluation."""
    def epoch():
        order, batch = rng.permutation(samples), network.batch
        for i in range(0, samples - batch + 1, batch):
            network.update(order[i:i + batch])
        return network.evaluate()
    return epoch


# ---- Is it the same, and how long does it take? --------------------------------------------------

def difference(numbers, expected):
    """Largest difference in any array, relative to the largest number there."""
    if numbers.keys() != expected.keys():
        raise ValueError(f'expected {sorted(expected)}, got {sorted(numbers)}')
    return max(float(np.abs(numbers[k] - expected[k]).max() / (np.abs(expected[k]).max() or 1))
               for k in expected)


def clock(call, calls=1):
    """Seconds of one call, as the mean of several in a row."""
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def quickest(make, forms, numbers, expected):
    """The quickest of several ways to write the same: the peer, how it is written, its error."""
    best = (np.inf,)
    for form in forms:
        peer = make(**form)
        error = difference(numbers(peer), expected)
        seconds = clock(lambda peer=peer: numbers(peer))
        if seconds < 0.5:
            seconds = min(seconds, clock(lambda peer=peer: numbers(peer), 3))
        if seconds < best[0]:
            name = ', '.join(str(v) if k == 'form' else f'{k} {v}' for k, v in form.items())
            best = seconds, peer, name, error
    return best[1:]


def take_turns(tools, plan):
    """Median seconds of each call of each tool, ``{tool: {what: seconds}}``.

    Parameters
    ----------
    tools : dict
        ``{tool: {what: function}}``. In each turn all functions of one tool are called, then
        those of the next.
    plan : Plan

    Returns
    -------
    dict
        ``{tool: {what: list of seconds}}``
    """
    times = {tool: {what: [] for what in calls} for tool, calls in tools.items()}
    spent = dict.fromkeys(tools, 0.0)
    calls_at_once = {}
    for turn in range(plan.repeat):
        for tool, calls in tools.items():
            if turn >= plan.least and spent[tool] > plan.seconds:
                continue
            time.sleep(SETTLE if len(tools) > 1 and plan.seconds else 0)
            start = time.perf_counter()
            for what, call in calls.items():
                if turn == 0 or times[tool][what][-1] < 1:
                    seconds = clock(call)                       # not counted: to get warm
                    calls_at_once.setdefault((tool, what), max(1, int(plan.at_once / seconds)))
                if turn == 0 and seconds > 3:                   # warm enough: it counts
                    times[tool][what].append(seconds)
                else:
                    times[tool][what].append(clock(call, calls_at_once[tool, what]))
            spent[tool] += time.perf_counter() - start
    return times


class Bench:
    """Everything that is measured, row by row."""

    def __init__(self, plan, peers):
        self.plan, self.peers = plan, peers
        self.rows, self.checks, self.windows, self.memory = [], [], [], {}

    def say(self, text):
        print(text, flush=True)

    def check(self, title, tool, dtype, peer, form, error):
        """Whether a peer computes the same numbers; it is compiled if so."""
        good = error <= SAME[dtype]
        first_call = clock(peer.compile) if good and tool.startswith('JAX') else 0
        self.checks.append({'what': title, 'dtype': dtype, 'tool': tool, 'form': form,
                            'difference': error, 'same': good, 'first call': first_call})
        self.say(f'    {tool} ({form}): numbers differ by {error:.1e}'
                 + ('' if good else ', TOO MUCH: left out')
                 + (f'; first call {first_call:.1f} s' if first_call else ''))
        return good

    def add(self, group, title, dtype, tools):
        times = take_turns(tools, self.plan)
        for what in tools['epynn']:
            row = {'group': group, 'what': title, 'pass': what, 'dtype': dtype,
                   'times': {tool: t[what] for tool, t in times.items() if what in t}}
            row['median'] = {tool: statistics.median(t) for tool, t in row['times'].items()}
            self.rows.append(row)
            self.say(f'    {what}: ' + ', '.join(f'{tool} {scaled(t)}'
                                                 for tool, t in row['median'].items()))

    def network(self, kind, dtype, optimizer='SGD'):
        """An epoch of a network of the tutorial."""
        plan, title = self.plan, f'{kind}-1, sequences' if NETWORKS[kind] else 'feed-forward'
        title += '' if optimizer == 'SGD' else f', {optimizer}'
        self.say(f'{title}, {dtype}')
        own = Network(kind, *clips(plan.clips, plan.steps), plan.batch, dtype, optimizer)
        p, data, rows = own.parameters(), own.data(), np.arange(plan.batch)
        expected, evaluation = own.numbers(rows), own.evaluate()
        tools = {'epynn': {'epoch': own.epoch}}
        for tool, (_, _, peer_network) in self.peers.items():
            if optimizer not in peer_network.optimizers:
                continue
            peer, form, error = quickest(
                lambda peer_network=peer_network, **form: peer_network(
                    kind, p, data, LEARNING_RATE, plan.batch, optimizer=optimizer, **form),
                peer_network.forms(kind), lambda peer: peer.numbers(rows), expected)
            error = max(error, float(np.abs(np.subtract(peer.evaluate(), evaluation)).max()))
            if self.check(title, tool, dtype, peer, form, error):
                tools[tool] = {'epoch': epoch_of(peer, len(data[0][0]), np.random.default_rng(1))}
            if tool == 'JAX' and NETWORKS[kind]:
                plain = peer_network(kind, p, data, LEARNING_RATE, plan.batch, form='unfolded')
                error = difference(plain.numbers(rows), expected)
                if self.check(title, 'JAX, plain*', dtype, plain, 'unfolded', error):
                    tools['JAX, plain*'] = {
                        'epoch': epoch_of(plain, len(data[0][0]), np.random.default_rng(1))}
        self.add('networks', title, dtype, tools)

    def layer(self, kind, shape, dtype):
        """Forward pass and training step of a recurrent layer."""
        m, s, e, u = shape
        title = f'{kind} {m} x {s} x {e}, {u} unit' + 's' * (u > 1)
        self.say(f'{title}, {dtype}')
        X, symbols, dense = inputs(shape, dtype)
        dA = np.random.default_rng(2).standard_normal((m, s, u)).astype(dtype)
        own = Layer(kind, X, dA, dtype)
        p, expected = {k: W.copy() for k, W in own.layer.p.items()}, own.numbers()
        tools = {'epynn': {'forward': own.forward, 'step': own.step}}
        for tool, (_, peer_layer, _) in self.peers.items():
            def make(peer_layer=peer_layer, kind=kind, **form):
                return peer_layer(kind, p, dense, symbols, dA, NUDGE, **form)

            peer, form, error = quickest(make, peer_layer.forms(kind, symbols is not None),
                                         lambda peer: peer.numbers(), expected)
            if self.check(title, tool, dtype, peer, form, error):
                tools[tool] = {'forward': peer.forward, 'step': peer.step}
            if tool == 'PyTorch' and kind == 'GRU':
                fused = make(kind='nn.GRU')
                tools['nn.GRU*'] = {'forward': fused.forward, 'step': fused.step}
        self.add(kind, title, dtype, tools)

    def with_and_without_windows(self, kind, shape, dtype):
        """Forward pass, backward pass and gradients, in windows and step by step."""
        m, s, _, u = shape
        X, dA = inputs(shape, dtype)[0], np.random.default_rng(2).standard_normal((m, s, u))
        tools = {name: Layer(kind, X, dA.astype(dtype), dtype, windows)
                 for name, windows in (('windows', None), ('windows=1', 1))}
        error = difference(tools['windows'].numbers(), tools['windows=1'].numbers())
        times = take_turns({name: {'step': tool.backward} for name, tool in tools.items()},
                           self.plan)
        median = {name: statistics.median(t['step']) for name, t in times.items()}
        self.windows.append({'kind': kind, 'dtype': dtype, 'number': number_of_windows(m, s, u),
                             'difference': error, **median})
        self.say(f'{kind}, {dtype}: ' + ', '.join(f'{k} {scaled(t)}' for k, t in median.items()))

    def peak_memory(self, kind, dtype, optimizer='SGD'):
        """Of a process that makes the data, trains for two epochs, and does nothing else."""
        command = [sys.executable, __file__, '--memory-of', kind, dtype, optimizer,
                   *map(str, self.plan[:3])]
        out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        kind += '' if optimizer == 'SGD' else f', {optimizer}'
        self.memory[f'{kind} {dtype}'] = float(out)
        self.say(f'{kind}, {dtype}: {float(out):.0f} MB')


def inputs(shape, dtype):
    """Input of a layer: for epynn, as symbols or None, and as floating point numbers.

    Where there are 16 elements it is one-hot, as in the tutorial. epynn keeps such data as
    symbols; the peers choose. Anywhere else it is random numbers.
    """
    m, s, e, _ = shape
    rng = np.random.default_rng(0)
    if e != LEVELS:
        X = rng.standard_normal((m, s, e)).astype(dtype)
        return X, None, X
    symbols = rng.integers(0, e, (m, s)).astype(np.uint8)
    return OneHot(symbols, e), symbols, np.asarray(OneHot(symbols, e), dtype=dtype)


def memory_of(kind, dtype, optimizer, n, steps, batch):
    """Print the peak resident memory of this process, in MB, after training a network."""
    network = Network(kind, *clips(int(n), int(steps)), int(batch), dtype, optimizer)
    network.model.train(2, verbose=0)
    with contextlib.suppress(OSError):          # Linux: since this program was started
        peak = re.search(r'VmHWM:\s*(\d+) kB', Path('/proc/self/status').read_text())
        if peak:
            print(int(peak[1]) / 1e3 * 1.024)
            return
    import resource

    # In bytes on macOS. On others it may include what the parent process had
    unit = 1e6 if sys.platform == 'darwin' else 1e3 / 1.024
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)


# ---- What comes of it ----------------------------------------------------------------------------

def scaled(seconds):
    return f'{seconds:.3g} s' if seconds >= 1 else f'{seconds * 1e3:.3g} ms'


def settings(plan, peers):
    """Machine, versions and threads."""
    blas = np.show_config(mode='dicts')['Build Dependencies']['blas']
    cpu = platform.processor() or platform.machine()
    with contextlib.suppress(OSError):
        name = re.search(r'model name\s*: (.*)', Path('/proc/cpuinfo').read_text())
        cpu = name[1] if name else cpu
    threads = {k: v for k, v in os.environ.items() if k.endswith('_NUM_THREADS')}
    return {
        'machine': f'{cpu}, {os.cpu_count()} cores, {platform.system()}',
        'epynn': f'{epynn.__version__}, Python {platform.python_version()}, NumPy '
                 f'{np.__version__}, SciPy {scipy.__version__}, {blas["name"]} {blas["version"]}',
        **{tool: version for tool, (version, *_) in peers.items()},
        'thread settings': ', '.join(f'{k}={v}' for k, v in threads.items()) or 'none, defaults',
        'repeats': f'{plan.repeat} turns, fewer (at least {plan.least}) after {plan.seconds} s; '
                   'medians',
    }


def tables(bench):
    """``{title: table}``, each table as text that is Markdown too."""
    tools = list(dict.fromkeys(itertools.chain.from_iterable(r['median'] for r in bench.rows)))
    peers = [tool for tool in tools if tool != 'epynn']

    def timed(rows, first, unit):
        body = []
        for row in rows:
            median = row['median']
            body.append([*first(row), *(f'{median[tool] * unit:.3g}' if tool in median else ''
                                        for tool in tools),
                         *(f'{median["epynn"] / median[peer]:.2g}' if peer in median else ''
                           for peer in peers)])
        return body

    def tabulated(rows, headers):
        return tabulate(rows, headers, tablefmt='github', disable_numparse=True)

    ratios = [f'epynn / {peer}' for peer in peers]
    kinds = {'feed-forward': 'Dense', 'RNN-1, sequences': 'RNN', 'GRU-1, sequences': 'GRU',
             'feed-forward, Adam': 'Dense, Adam'}
    networks = [row for row in bench.rows if row['group'] == 'networks']
    body = [[*cells, f'{bench.memory[kinds[row["what"]] + " " + row["dtype"]]:.0f}']
            for row, cells in zip(networks, timed(
                networks, lambda row: (row['what'], row['dtype']), 1), strict=True)]
    found = {'One epoch of the networks of the tutorial, seconds': drop_empty(
        body, ['network', 'precision', *tools, *ratios, 'peak memory of epynn, MB'], tabulated)}
    layers = [row for row in bench.rows if row['group'] != 'networks']
    found['One batch through a recurrent layer, milliseconds'] = drop_empty(timed(
        layers, lambda row: (row['what'], row['dtype'], row['pass']), 1e3),
        ['layer, samples x steps x elements', 'precision', 'pass', *tools, *ratios], tabulated)
    found['Forward pass, backward pass and gradients in windows and step by step, milliseconds'] = (
        tabulated([[row['kind'], row['dtype'], row['number'], f'{row["windows"] * 1e3:.3g}',
                    f'{row["windows=1"] * 1e3:.3g}', f'{row["windows=1"] / row["windows"]:.1f}',
                    f'{row["difference"]:.0e}'] for row in bench.windows],
                  ['layer', 'precision', 'windows of a sample', 'in windows', 'step by step',
                   'times faster', 'largest relative difference']))
    if bench.checks:
        found['Do all compute the same?'] = tabulated(
            [[row['what'], row['dtype'], row['tool'], row['form'], f'{row["difference"]:.0e}',
              'yes' if row['same'] else 'NO', f'{row["first call"]:.1f}' if row['first call']
              else ''] for row in bench.checks],
            ['what', 'precision', 'with', 'input, scan', 'largest relative difference', 'same',
             'first call, compiling, s'])
    return found


def drop_empty(rows, headers, tabulated):
    """A table without the columns that have nothing in them."""
    used = [i for i in range(len(headers)) if any(row[i] for row in rows)]
    return tabulated([[row[i] for i in used] for row in rows], [headers[i] for i in used])


NOTES = """\
Ratios below 1: epynn is faster. Times of the peers are without tracing and compiling, which the
last table gives; forms of input that were tried and turned out slower are not shown. *forward* is
the pass alone, keeping nothing; *step* the forward pass, the gradients of all parameters but not
of the input, and the update. Input of 16 elements is one-hot, which epynn takes as symbols. Adam of
PyTorch is the fused one, the quickest that it has.
The epochs of all include the shuffling, Dropout, and loss and accuracy of both sets; the peers
evaluate each set in one go, epynn in batches of 64.
"""
NOTE_JAX = """\
JAX, plain\\* is the program that one writes first: a scan over one-hot vectors that are multiplied
with U. JAX is the quickest of those that were tried: rows of U looked up by symbol, and the scan
unrolled four times where that helps.
"""
NOTE_NN_GRU = """\
nn.GRU\\* is the fused layer of PyTorch: another formula, with the reset gate after the product, so
that the numbers are not those of the others.
"""


def report(bench, plan):
    """Settings and tables, as Markdown."""
    parts = [tabulate(settings(plan, bench.peers).items(), ['', ''], tablefmt='github'), NOTES]
    for tool, note in (('JAX, plain*', NOTE_JAX), ('nn.GRU*', NOTE_NN_GRU)):
        if any(tool in row['median'] for row in bench.rows):
            parts.append(note)
    for title, table in tables(bench).items():
        parts.append(f'**{title}**\n\n{table}\n')
    return '\n'.join(part.rstrip('\n') + '\n' for part in parts)


MARKS = {'epynn': 'o', 'PyTorch': 's', 'JAX': 'D', 'nn.GRU*': 'v'}


def draw(bench, path):
    """The table as a picture: a row for each case, a mark for each tool, time on a log scale."""
    sys.path.insert(0, str(DOCS / 'figures'))
    import matplotlib.pyplot as plt
    from style import BLUE, GREEN, INK, ORANGE, VIOLET, save

    colours = {'epynn': ORANGE, 'PyTorch': BLUE, 'JAX': GREEN, 'nn.GRU*': VIOLET}
    groups = {'networks': 'One epoch of the tutorial', 'RNN': 'RNN: one training step',
              'GRU': 'GRU: one training step'}
    dtypes = list(dict.fromkeys(row['dtype'] for row in bench.rows))
    rows = {g: [row for row in bench.rows if row['group'] == g and row['pass'] != 'forward']
            for g in groups}
    heights = [len(rows[g]) // len(dtypes) for g in groups]
    tools = [tool for tool in colours if any(tool in row['median'] for row in bench.rows)]
    figure, axes = plt.subplots(
        len(groups), len(dtypes), squeeze=False, sharex='row', sharey='row',
        figsize=(2.6 + 3.7 * len(dtypes), 1.6 + 0.48 * sum(heights)),
        gridspec_kw={'height_ratios': [h + 0.9 for h in heights]})
    for (i, group), (j, dtype) in itertools.product(enumerate(groups), enumerate(dtypes)):
        cases = [row for row in rows[group] if row['dtype'] == dtype]
        draw_cases(axes[i, j], cases, {tool: colours[tool] for tool in tools})
        axes[i, j].set_title(groups[group] + f', {dtype}')
    handles = [plt.Line2D([], [], color=colours[tool], marker=MARKS[tool], linestyle='',
                          markersize=9 if tool == 'epynn' else 7, label=tool)
               for tool in tools]
    figure.legend(handles=handles, loc='outside upper left', ncols=len(tools), fontsize=11,
                  handletextpad=0.2, columnspacing=1.6)
    if 'nn.GRU*' in tools:
        figure.supxlabel('* another formula: the reset gate after the product', fontsize=8.5,
                         x=0.01, ha='left', color=INK)
    save(figure, path.stem, path.parent)
    plt.close(figure)


def draw_cases(axis, cases, colours):
    """Marks for the medians of some cases, one below the other."""
    from style import FAINT

    for y, row in enumerate(cases):
        median = {tool: row['median'][tool] for tool in colours if tool in row['median']}
        axis.plot([min(median.values()), max(median.values())], [y, y], color=FAINT, linewidth=5,
                  solid_capstyle='round', zorder=1)
        for tool in reversed(colours):
            if tool in median:
                axis.plot(median[tool], y, MARKS[tool], color=colours[tool],
                          markersize=9 if tool == 'epynn' else 7, zorder=3, clip_on=False)
        axis.annotate(scaled(median['epynn']), (median['epynn'], y), (0, 7), ha='center',
                      textcoords='offset points', color=colours['epynn'], fontsize=8.5)
    axis.set_xscale('log')
    axis.margins(x=0.08)
    axis.set_ylim(len(cases) - 0.5, -0.7)
    axis.set_yticks(range(len(cases)), [re.sub('^(RNN|GRU) ', '', row['what'].replace(' x ', '×'))
                                        for row in cases])
    axis.xaxis.set_major_formatter(lambda seconds, _: scaled(seconds))
    axis.grid(visible=False, axis='y')
    axis.tick_params(length=0, which='both')
    axis.spines[:].set_visible(False)


def fill(page, text):
    """Put text between the markers of a page."""
    begin, end = '<!-- benchmark: begin -->', '<!-- benchmark: end -->'
    before, _, rest = page.read_text().partition(begin)
    if end not in rest:
        raise SystemExit(f'{page} has no {begin} and {end}')
    page.write_text(f'{before}{begin}\n\n{text}\n{end}{rest.partition(end)[2]}')


def arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    size = parser.add_mutually_exclusive_group()
    size.add_argument('--quick', dest='plan', action='store_const', const=QUICK, default=Plan(),
                      help='double precision only, few repeats')
    size.add_argument('--smallest', dest='plan', action='store_const', const=SMALLEST,
                      help='tiny cases, once: to see that it works')
    parser.add_argument('--repeat', type=int, metavar='N', help='turns of each')
    parser.add_argument('--peers', nargs='+', choices=('torch', 'jax', 'none'),
                        default=('torch', 'jax'), help='those to compare with, where installed')
    parser.add_argument('--out', type=Path, default=DOCS / 'figures', metavar='DIR',
                        help='where benchmark.svg, .md and .json go, docs/figures by default')
    parser.add_argument('--page', type=Path, metavar='FILE',
                        help='put the tables between the markers of this page')
    parser.add_argument('--memory-of', nargs=6, help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = arguments()
    if options.memory_of:
        memory_of(*options.memory_of)
        return
    begin = time.perf_counter()
    plan = options.plan._replace(repeat=options.repeat) if options.repeat else options.plan
    bench = Bench(plan, {})

    # Memory first: later this process is large, and some systems count that to its children
    bench.say('Peak memory of epynn')
    for kind, dtype in itertools.product(NETWORKS, plan.dtypes):
        bench.peak_memory(kind, dtype)
    for dtype in plan.dtypes:
        bench.peak_memory('Dense', dtype, 'Adam')
    if options.peers != ['none']:
        import benchmark_peers
        bench.peers = benchmark_peers.installed(options.peers)
    bench.say('\nWith and without windows')
    for kind, dtype in itertools.product(KINDS, plan.dtypes):
        bench.with_and_without_windows(kind, plan.shapes[0], dtype)
    bench.say('')
    for dtype, kind in itertools.product(plan.dtypes, NETWORKS):
        bench.network(kind, dtype)
    for dtype in plan.dtypes:
        bench.network('Dense', dtype, 'Adam')
    for dtype, kind, shape in itertools.product(plan.dtypes, KINDS, plan.shapes):
        bench.layer(kind, shape, dtype)

    text = report(bench, plan)
    bench.say('\n' + text)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / 'benchmark.md').write_text(text)
    (options.out / 'benchmark.json').write_text(json.dumps(
        {'settings': settings(plan, bench.peers), 'rows': bench.rows, 'checks': bench.checks,
         'windows': bench.windows, 'memory, MB': bench.memory}, indent=1))
    draw(bench, options.out / 'benchmark.svg')
    if options.page:
        picture = os.path.relpath(options.out / 'benchmark.svg', options.page.parent)
        fill(options.page, f'![Times of all cases]({Path(picture).as_posix()})\n\n{text}')
    bench.say(f'Written to {options.out}, after {time.perf_counter() - begin:.0f} s')
    if not all(check['same'] for check in bench.checks):
        raise SystemExit('Not all compute the same numbers')


if __name__ == '__main__':
    main()
