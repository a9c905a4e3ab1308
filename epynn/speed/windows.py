"""How can time be made parallel? Recurrences, swept in windows.

A step of a small recurrent layer is a few hundred floating-point operations under a dozen
NumPy calls: nearly all of its time is the overhead of the calls. But a recurrence that
*forgets* can do many steps in one call. Cut each sequence into windows, take the windows as
more samples, and start all of them from a guess: a few dozen steps later the guess is
forgotten. Then start each window from where its predecessor ended, and sweep again until
every window starts where its predecessor ends. What results is the sequential recurrence, bit
for bit: the same state meets the same inputs. (Where an input stays the same for a long time,
such as silence, two states may come to rest one unit in the last place apart, each rounded to
itself. That is as close as they get, and is taken for the same.)

The time-parallel literature calls this multiple shooting, or parareal without a coarse solver
(Lions et al., 2001; Gander & Vandewalle, 2007); Lim et al. (2024) solve recurrent networks in
parallel by Newton's method.

Arrays are laid out time first: (m, s, n) is cut to (steps of a window, m * windows, n), the
windows of a sample side by side.
"""
from __future__ import annotations

from collections.abc import Generator, Iterator, MutableMapping
from typing import Any, NamedTuple

import numpy as np

from epynn.speed.one_hot import OneHot

Step = int | tuple[int, slice]          # index of a step: of all windows, or of one a sample

SWEEPS = 6              # sweeps that may follow the first
CLOSING = 1e-2          # how much smaller each has to make the gaps between windows
LOOK_EVERY = 16         # steps between two looks whether a sweep has met the states it found
ROUNDING = 4            # units in the last place by which states may stay apart for ever
MEMORY = 100            # steps in which a recurrence that forgets is expected to have forgotten
OVERHEAD = 640          # numbers that a step computes in the time its NumPy calls take anyway


def number_of_windows(m: int, s: int, u: int) -> int:
    """Windows per sample of a recurrence of m samples, s steps and u units.

    In K windows a step computes m K u numbers, and s / K steps are followed by some hundred
    more until the second sweep settles. With a time of ``OVERHEAD + m K u`` for one step, the
    time of ``s / K + MEMORY`` steps is least at this K.
    """
    K = int(np.sqrt(s * OVERHEAD / (MEMORY * m * u)))
    return max(1, min(K, s // (2 * LOOK_EVERY)))


def time_first(A: Any, windows: int, fill: float = 0, dtype: Any = None) -> Any:
    """Cut (m, s, n) into windows of equal length, time first.

    Returns an array of shape (ceil(s / windows), m * windows, n), its last windows completed
    with ``fill`` where s does not divide.
    """
    if isinstance(A, OneHot):           # of the type that indexing wants, once for all
        symbols = time_first(A.symbols[..., np.newaxis], windows, fill=A.size, dtype=np.intp)
        return OneHot(symbols[..., 0], A.size)
    m, s, n = A.shape
    steps = -(-s // windows)
    full, rest = divmod(s, steps)       # windows that are full, steps of the next
    cut = np.empty((steps, m, windows, n), dtype or A.dtype)
    cut[:, :, full:] = fill
    cut[:, :, :full] = A[:, :s - rest].reshape(m, full, steps, n).transpose(2, 0, 1, 3)
    if rest:
        cut[:rest, :, full] = A[:, s - rest:].swapaxes(0, 1)
    return cut.reshape(steps, m * windows, n)


def samples_first(A: Any, m: int, s: int) -> Any:
    """The inverse of time_first: (steps, m * windows, n) back to (m, s, n)."""
    if isinstance(A, OneHot):
        return OneHot(samples_first(A.symbols[..., np.newaxis], m, s)[..., 0], A.size)
    steps, rows, n = A.shape
    return A.swapaxes(0, 1).copy().reshape(m, rows // m * steps, n)[:, :s]


class TimeCache(MutableMapping[str, Any]):
    """A cache of a recurrent layer: ``cache['h']`` is (samples, steps, units), as in its equations.

    The computation wants time first, cut into windows, and keeps it so in ``time_first``. What is
    looked at is a copy in the other order, read-only, so that nobody writes into it in vain.

    Parameters
    ----------
    m, s : int
        Samples and steps of what is kept.
    """

    def __init__(self, m: int, s: int) -> None:
        self.m, self.s = m, s
        self.time_first: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        A = samples_first(self.time_first[name], self.m, self.s)
        if isinstance(A, np.ndarray):
            A.flags.writeable = False
        return A

    def __setitem__(self, name: str, A: Any) -> None:
        raise TypeError(f'the caches of a recurrent layer are filled by the layer: {name!r} cannot '
                        'be set, give the layer other inputs or parameters')

    def __delitem__(self, name: str) -> None:
        del self.time_first[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.time_first)

    def __len__(self) -> int:
        return len(self.time_first)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each array, without a look at any."""
        return {name: (self.m, self.s, A.shape[-1]) for name, A in self.time_first.items()}

    def __repr__(self) -> str:
        return f'{type(self).__name__}({self.shapes()})'


def distance(before: np.ndarray, after: np.ndarray) -> float:
    """Largest difference of two arrays, each number relative to its own size.

    Relative to the largest of all, a small sample beside a large one would not count. Real and
    imaginary parts are numbers of their own.
    """
    if np.array_equal(before, after):
        return 0.0
    before, after = (A.view(A.real.dtype) for A in (before, after))
    size = np.maximum(np.abs(before), np.abs(after))
    return (np.abs(after - before) / np.maximum(size, np.finfo(size.dtype).tiny)).max()


def sweep(windows: int, *states: np.ndarray,
          backward: bool = False) -> Generator[Step, None, int]:
    """Yield the steps to compute, until every window starts where its predecessor ended.

    Parameters
    ----------
    windows : int
        Windows per sample. One window is the plain loop over all steps.
    *states : numpy.ndarray, shape (steps + 1, m * windows, u)
        What a step takes from its predecessor: ``state[0]`` is what each window starts from,
        and the caller computes ``state[s + 1]`` from ``state[s]``. With ``backward=True`` time
        starts at ``state[steps]``, and ``state[s]`` is computed from ``state[s + 1]``.
    backward : bool
        Whether time runs from the last step to the first.

    Yields
    ------
    int or tuple
        Index of the step in any array laid out time first: ``s`` for all windows at once, or
        ``(s, rows)`` for one window of each sample.

    Returns
    -------
    int
        Number of steps that were walked one window at a time, for want of forgetting.
    """
    course = Course.of(len(states[0]) - 1, windows, backward)

    # (1) All windows at once, from a guess: the zeros that states begin with
    yield from course.order
    if windows == 1:
        return 0

    # (2) Again from where the predecessors ended, while the gaps between windows close fast
    for _ in close_gaps(course, states):
        yield from until_settled(course, states, slice(None))

    # (3) What remembers across windows: one window after the other, past those that stand
    walked = 0
    for here in open_windows(course, states):
        for step in until_settled(course, states, here):
            walked += 1
            yield step
    return walked


class Course(NamedTuple):
    """How time runs through states (steps + 1, m * windows, u), forward or backward."""

    windows: int
    order: range                        # the steps of a window
    start: int                          # index of the state that a window starts from
    end: int                            # of the one that it ends in
    next_state: int                     # from a step to the index of the state that it makes
    predecessor: int                    # from a window to the one before it in time
    followers: range                    # windows that have a predecessor

    @classmethod
    def of(cls, steps: int, windows: int, backward: bool) -> Course:
        if backward:
            return cls(windows, range(steps - 1, -1, -1), -1, 0, 0, 1, range(windows - 2, -1, -1))
        return cls(windows, range(steps), 0, -1, 1, -1, range(1, windows))


def where_predecessors_ended(course: Course, states: tuple[np.ndarray, ...]) -> list[np.ndarray]:
    """What each window should start from, of each state; the first of a sample as it does."""
    rows = np.arange(states[0].shape[1])[:, np.newaxis]
    first = 0 if course.predecessor < 0 else course.windows - 1
    is_follower = rows % course.windows != first
    return [np.where(is_follower, np.roll(state[course.end], -course.predecessor, axis=0),
                     state[course.start]) for state in states]


def close_gaps(course: Course, states: tuple[np.ndarray, ...]) -> Iterator[None]:
    """Let all windows start from where their predecessors ended, once before each sweep that is
    worth while: while gaps close fast, and are more than those of two windows of each sample."""
    rows, gap = states[0].shape[1], np.inf
    for _ in range(SWEEPS):
        starts = where_predecessors_ended(course, states)
        gaps = np.maximum.reduce([np.abs(new - state[course.start]).max(axis=1)
                                  for new, state in zip(starts, states, strict=True)])
        if not gaps.max() < CLOSING * gap or np.count_nonzero(gaps) <= 2 * rows // course.windows:
            return                              # they stay open, or are few: quicker one by one
        gap = gaps.max()
        for state, new in zip(states, starts, strict=True):
            state[course.start] = new
        yield


def open_windows(course: Course, states: tuple[np.ndarray, ...]) -> Iterator[slice]:
    """One window of each sample after the other, where it does not start from where its predecessor
    ended: now it does."""
    starts = where_predecessors_ended(course, states)
    if all(np.array_equal(state[course.start], new)
           for state, new in zip(states, starts, strict=True)):
        return
    for k in course.followers:
        here, before = (slice(i, None, course.windows) for i in (k, k + course.predecessor))
        if all(np.array_equal(state[course.start, here], state[course.end, before])
               for state in states):
            continue
        for state in states:
            state[course.start, here] = state[course.end, before]
        yield here


def until_settled(course: Course, states: tuple[np.ndarray, ...], rows: slice) -> Iterator[Step]:
    """The steps of one more sweep, up to where it meets the states of the one before, or is apart
    from them by rounding and comes no closer."""
    rounding = ROUNDING * np.finfo(states[0].dtype).eps
    last, everything = np.inf, rows == slice(None)
    for n, s in enumerate(course.order):
        look = n % LOOK_EVERY == 0
        if look:
            found = [state[s + course.next_state, rows].copy() for state in states]
        yield s if everything else (s, rows)
        if look:
            gap = max(distance(before, state[s + course.next_state, rows])
                      for before, state in zip(found, states, strict=True))
            if gap == 0 or last <= gap <= rounding:
                return
            last = gap
