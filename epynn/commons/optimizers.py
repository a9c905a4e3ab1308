"""How does a gradient change a parameter? The update rules, as their papers have them.

Every optimizer is a function ``f(W, dW, state, lrate, hPars)`` that changes a parameter W in
place, given its gradient dW, what the optimizer keeps of W from update to update (``state``, a
dict of arrays of the shape of W, and of numbers), the learning rate of the epoch, and the
hyperparameters of the layer. It works element by element: a large W is updated some rows at a
time, and ``state`` then holds the same rows.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any

import numpy as np

from epynn.speed.one_hot import gradient_norm

if TYPE_CHECKING:
    from epynn.commons.models import Layer

BLOCK = 2**17                           # numbers updated at once: they stay in the cache

State = dict[str, np.ndarray]
Optimizer = Callable[[np.ndarray, Any, State, float, Mapping[str, Any]], None]


def keeps(*names: str) -> Callable[[Optimizer], Optimizer]:
    """Say what an optimizer keeps of a parameter W, all zeros before the first update.

    Each is an array of the shape of W, but ``t``, which is a number: that of the updates.
    """
    def named(rule: Optimizer) -> Optimizer:
        @wraps(rule)
        def optimizer(W: np.ndarray, dW: Any, state: State, lrate: float,
                      hPars: Mapping[str, Any]) -> None:
            begin(kept, W, state)
            rule(W, dW, state, lrate, hPars)
        vars(optimizer)['keeps'] = kept
        return optimizer
    kept = frozenset(names)
    return named


def begin(names: frozenset[str], W: np.ndarray, state: State) -> None:
    """Zeros for what is kept of W, unless all of it, and nothing else, is there."""
    if state.keys() != names:
        state.clear()
        state.update((name, np.zeros((), np.int64) if name == 't' else np.zeros_like(W))
                     for name in sorted(names))


@keeps()
def SGD(W: np.ndarray, dW: Any, state: State, lrate: float, hPars: Mapping[str, Any]) -> None:
    """Gradient descent, W - lrate dL/dW, of a mini-batch (Robbins & Monro, 1951)."""
    W -= lrate * dW


@keeps('v')
def Momentum(W: np.ndarray, dW: Any, state: State, lrate: float, hPars: Mapping[str, Any]) -> None:
    """Gradient descent with a velocity v, which gradients change (Polyak, 1964)."""
    v, momentum = state['v'], hPars['momentum']
    v *= momentum
    v += dW
    W -= lrate * v


@keeps('v')
def Nesterov(W: np.ndarray, dW: Any, state: State, lrate: float, hPars: Mapping[str, Any]) -> None:
    """Momentum that is one step ahead (Nesterov, 1983; in this form Sutskever et al., 2013)."""
    v, momentum = state['v'], hPars['momentum']
    v *= momentum
    v += dW
    W -= lrate * (dW + momentum * v)


@keeps('G')
def AdaGrad(W: np.ndarray, dW: Any, state: State, lrate: float, hPars: Mapping[str, Any]) -> None:
    """Steps relative to the root of all squared gradients so far, G (Duchi et al., 2011)."""
    G = state['G']
    G += dW**2
    W -= lrate * dW / (np.sqrt(G) + hPars['epsilon'])


@keeps('r')
def RMSprop(W: np.ndarray, dW: Any, state: State, lrate: float, hPars: Mapping[str, Any]) -> None:
    """Steps relative to the root of a running mean r of the squares (Tieleman & Hinton, 2012)."""
    r, rho = state['r'], hPars['rho']
    r *= rho
    r += (1 - rho) * dW**2
    W -= lrate * dW / (np.sqrt(r) + hPars['epsilon'])


@keeps('m', 'v', 't')
def Adam(W: np.ndarray, dW: Any, state: State, lrate: float, hPars: Mapping[str, Any]) -> None:
    """Running means m of the gradients and v of their squares, both corrected for the zeros that
    they began with (Kingma & Ba, 2015)."""
    state['t'] += 1
    m, v, t = state['m'], state['v'], int(state['t'])
    beta_1, beta_2 = hPars['beta_1'], hPars['beta_2']
    m *= beta_1
    m += (1 - beta_1) * dW
    v *= beta_2
    v += (1 - beta_2) * dW**2
    m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
    W -= lrate * m_hat / (np.sqrt(v_hat) + hPars['epsilon'])


@keeps('m', 'v', 't')
def AdamW(W: np.ndarray, dW: Any, state: State, lrate: float, hPars: Mapping[str, Any]) -> None:
    """Adam, whose running means know nothing of the weight decay (Loshchilov & Hutter, 2019)."""
    W *= 1 - lrate * hPars['weight_decay']
    Adam(W, dW, state, lrate, hPars)


optimizers: dict[str, Optimizer] = {f.__name__: f for f in (
    SGD, Momentum, Nesterov, AdaGrad, RMSprop, Adam, AdamW)}


def update(optimizer: Optimizer, W: np.ndarray, dW: Any, state: State,
           lrate: float, hPars: Mapping[str, Any]) -> None:
    """Let an optimizer change W, some rows at a time, with weight decay where it is asked for.

    Weight decay is the gradient of ``weight_decay / 2`` times the sum of the squares of W. It is
    added to dW, for an optimizer of one's own too; AdamW sees to it by itself.

    Parameters
    ----------
    optimizer : callable
    W : numpy.ndarray
        A parameter, changed in place.
    dW : numpy.ndarray, shape of W
        Its gradient, or factors of it that are multiplied row by row.
    state : dict of numpy.ndarray
        What the optimizer keeps of W; filled by the first update.
    lrate : float
    hPars : dict
        Hyperparameters of the layer.
    """
    rows = max(1, BLOCK * len(W) // W.size)
    if rows >= len(W):
        optimizer(W, gradient(optimizer, W, dW, hPars), state, lrate, hPars)
        return
    if hasattr(optimizer, 'keeps'):
        begin(optimizer.keeps, W, state)
    before = state.copy()
    for i in range(0, len(W), rows):
        here = slice(i, i + rows)               # each block counts from the same number on
        part = {name: A[here] if np.ndim(A) else np.array(A) for name, A in before.items()}
        optimizer(W[here], gradient(optimizer, W[here], dW[here], hPars), part, lrate, hPars)
        for name, A in part.items():
            if not np.ndim(A):
                state[name] = A
                continue
            if name not in state:                       # the first update made it
                state[name] = np.zeros((len(W), *A.shape[1:]), A.dtype)
            if not np.may_share_memory(state[name], A):
                state[name][here] = A


def gradient(optimizer: Optimizer, W: np.ndarray, dW: Any, hPars: Mapping[str, Any]) -> Any:
    """What an optimizer is given: dW with weight decay, an array unless SGD takes the factors."""
    decay = hPars['weight_decay']
    if decay and optimizer is not AdamW:
        return dW + decay * W
    return dW if optimizer is SGD else np.asarray(dW)


def hand_over(states: Mapping[str, State], before: Optimizer | None, optimizer: Optimizer) -> bool:
    """Forget what an optimizer kept of parameters if the next one cannot go on with it.

    It can where :func:`keeps` says the same names of both, as of Adam and AdamW. The result says
    whether it could, or there was nothing to forget.
    """
    names = getattr(optimizer, 'keeps', None)
    fits = before in (None, optimizer) or names == getattr(before, 'keeps', ())
    if fits and all(names is None or not state or state.keys() == names
                    for state in states.values()):
        return True
    could = not any(states.values())
    for state in states.values():
        state.clear()
    return could


def clip_norm(layers: Iterable[Layer], max_norm: float) -> None:
    """Scale all gradients of all layers down together to L2 norm ``max_norm``, if theirs is larger.

    Pascanu et al., *On the difficulty of training recurrent neural networks*, 2013.
    """
    layers = list(layers)
    gradients = [dW for layer in layers for dW in layer.g.values()]
    with np.errstate(over='ignore'):
        norm = math.hypot(*map(gradient_norm, gradients))
    if math.isinf(norm):            # squares overflow: relative to the largest number they do not
        largest = max(float(np.abs(dW).max()) for dW in gradients)
        norm = largest * math.hypot(*(gradient_norm(1 / largest * dW) for dW in gradients))
    if max_norm < norm < math.inf:
        for layer in layers:
            for name, dW in layer.g.items():
                layer.g[name] = max_norm / norm * dW
