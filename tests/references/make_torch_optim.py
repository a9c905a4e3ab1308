"""What do the optimizers and schedulers of PyTorch do? References for tests/test_optimizers.py.

    pip install torch
    python tests/references/make_torch_optim.py

writes ``torch_optim.npz`` next to this file and prints how far this library is from each number in
it, in double precision: parameters after 1, 10 and 50 updates of every optimizer, learning rates
of every schedule.
"""
import itertools
import json
import sys
from pathlib import Path

import numpy as np

from epynn.commons.optimizers import optimizers, update
from epynn.commons.schedule import schedules
from epynn.settings import se_hPars

PATH = Path(__file__).with_name('torch_optim.npz')
SHAPES = [(3, 2), (1, 4), (5,), (2, 3, 2, 2)]
RATES = {'SGD': 0.1, 'Momentum': 0.03, 'Nesterov': 0.03}        # of the others 0.1
UPDATES, AFTER = 50, (1, 10, 50)
OTHERS = {'momentum': 0.5, 'rho': 0.99, 'beta_1': 0.6, 'beta_2': 0.99, 'epsilon': 1e-3}
PLANS = [('cosine', 12, {}), ('cosine', 10, {'warmup_epochs': 4}),
         ('cosine', 15, {'cycle_epochs': 5}), ('step', 12, {'step_epochs': 5}),
         ('step', 9, {'step_factor': 0.5}), ('one_cycle', 20, {}), ('one_cycle', 3, {}),
         ('one_cycle', 12, {'warmup_epochs': 6, 'learning_rate': 2})]


def cases():
    """An optimizer, what of its hyperparameters is not the default, and the shape of W; each."""
    for name, decay, more, shape in itertools.product(optimizers, (0, 0.03), ({}, OTHERS), SHAPES):
        yield name, {**more, 'weight_decay': decay}, shape


def title(case):
    name, hPars, shape = case
    return f'{name}, {", ".join(f"{k} {v}" for k, v in hPars.items())}, {tuple(shape)}'


def problem(shape, seed=0):
    """Where W begins, and the gradients but for W itself: from a thousandth to a thousand."""
    rng = np.random.default_rng(seed)
    scale = 10**rng.uniform(-3, 3, shape)
    return rng.standard_normal(shape), scale * rng.standard_normal((UPDATES, *shape))


def ours(case, seed=0):
    """W after each update: gradients are those of a parabola, with noise."""
    name, hPars, shape = case
    (W, noise), state, found = problem(shape, seed), {}, []
    for N in noise:
        update(optimizers[name], W, W + N, state, RATES.get(name, 0.1), {**se_hPars, **hPars})
        found.append(W.copy())
    return np.array(found)


def theirs(case, seed=0):
    import torch
    name, hPars, shape = case
    start, noise = problem(shape, seed)
    h = {**se_hPars, **hPars}
    kind, options = {
        'SGD': (torch.optim.SGD, {}),
        'Momentum': (torch.optim.SGD, {'momentum': h['momentum']}),
        'Nesterov': (torch.optim.SGD, {'momentum': h['momentum'], 'nesterov': True}),
        'AdaGrad': (torch.optim.Adagrad, {'eps': h['epsilon']}),
        'RMSprop': (torch.optim.RMSprop, {'alpha': h['rho'], 'eps': h['epsilon']}),
        'Adam': (torch.optim.Adam, {'betas': (h['beta_1'], h['beta_2']), 'eps': h['epsilon']}),
        'AdamW': (torch.optim.AdamW, {'betas': (h['beta_1'], h['beta_2']), 'eps': h['epsilon']}),
    }[name]
    W, found = torch.tensor(start, requires_grad=True), []
    optimizer = kind([W], lr=RATES.get(name, 0.1), weight_decay=h['weight_decay'], **options)
    for N in noise:
        W.grad = W.detach() + torch.tensor(N)
        optimizer.step()
        found.append(W.detach().numpy().copy())
    return np.array(found)


def our_rates(name, epochs, more):
    return np.array([schedules[name](x, epochs, {**se_hPars, **more}) for x in range(epochs)])


def their_rates(name, epochs, more):
    import torch
    h, schedulers = {**se_hPars, **more}, torch.optim.lr_scheduler
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=h['learning_rate'])
    cycle, w = h['cycle_epochs'] or epochs, h['warmup_epochs']
    if name == 'step':
        scheduler = schedulers.StepLR(optimizer, h['step_epochs'] or cycle // 3, h['step_factor'])
    elif name == 'one_cycle':
        scheduler = schedulers.OneCycleLR(optimizer, h['learning_rate'], total_steps=cycle,
                                          pct_start=w / cycle if w else 0.3, cycle_momentum=False)
    else:
        scheduler = schedulers.CosineAnnealingWarmRestarts(optimizer, cycle - w)
        if w:
            warm_up = schedulers.LinearLR(optimizer, 1 / (w + 1), total_iters=w)
            scheduler = schedulers.SequentialLR(optimizer, [warm_up, scheduler], [w])
    rates = []
    for _ in range(epochs):
        rates.append(optimizer.param_groups[0]['lr'])
        optimizer.step()
        if len(rates) < epochs:
            scheduler.step()
    return np.array(rates)


def read(path=PATH):
    """(case, W after some updates) of each case, then (plan, learning rates) of each plan."""
    with np.load(path, allow_pickle=False) as archive:
        index, numbers = json.loads(archive['index'].tobytes()), archive['numbers']
    place = 0
    for case, shape in index:
        size = int(np.prod(shape))
        yield case, numbers[place:place + size].reshape(shape)
        place += size


def main():
    import torch
    kept = [(case, theirs(case)[np.subtract(AFTER, 1)]) for case in cases()]
    kept += [(plan, their_rates(*plan)) for plan in PLANS]
    index = json.dumps([(case, found.shape) for case, found in kept]).encode()
    np.savez_compressed(PATH, index=np.frombuffer(index, np.uint8),
                        numbers=np.concatenate([found.ravel() for _, found in kept]))
    worst = {}
    for case, found in read():
        mine = our_rates(*case) if case[0] in schedules else ours(case)[np.subtract(AFTER, 1)]
        apart = np.abs(mine - found).max() / max(1, np.abs(found).max())
        worst[case[0]] = max(apart, worst.get(case[0], 0))
    print('\n'.join(f'{name:10} {apart:.1e}' for name, apart in worst.items()))
    print(f'torch {torch.__version__}, numpy {np.__version__}: {len(kept)} references in '
          f'{PATH.stat().st_size / 1000:.0f} kB')
    return int(max(worst.values()) > 1e-12)


if __name__ == '__main__':
    sys.exit(main())
