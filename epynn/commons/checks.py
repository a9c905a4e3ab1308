"""Is an argument what it has to be? Errors that say what was expected, what came, what to do."""
import numbers
from difflib import get_close_matches

import numpy as np


def positive_integer(owner, name, value):
    """The value as int, or an error that names its owner."""
    if isinstance(value, numbers.Integral) and not isinstance(value, bool) and value > 0:
        return int(value)
    raise ValueError(f'{owner} expects {name} to be an integer of 1 or more, got {value!r}')


def pair(owner, name, value, least=1):
    """An integer or two of them, as a tuple of two."""
    values = tuple(value) if isinstance(value, (tuple, list, np.ndarray)) else (value, value)
    if len(values) != 2 or not all(isinstance(v, numbers.Integral) and v >= least for v in values):
        raise ValueError(f'{owner} expects {name} to be an integer of {least} or more, '
                         f'or two of them, got {value!r}')
    return tuple(int(v) for v in values)


def one_of(owner, name, value, known):
    """The value if it is among the known names, else an error that lists them."""
    if value in known:
        return value
    close = get_close_matches(str(value), known, n=1)
    hint = f'; did you mean {close[0]!r}?' if close else ''
    raise ValueError(f'{owner} knows no {name} {value!r}: '
                     f'expected one of {", ".join(known)}{hint}')


def function_named(owner, name, value, known):
    """A function, given as itself or by its name."""
    if isinstance(value, str):
        return known[one_of(owner, name, value, known)]
    if callable(value):
        return value
    raise ValueError(f'{owner} expects {name} to be a function, such as '
                     f'{", ".join(known)}, got {value!r}')


def finite(owner, X, what='features', remedy='drop or replace those samples first'):
    """An error that says where, if an array has values that are not finite."""
    if X.dtype.kind not in 'fc' or np.isfinite(X).all():
        return
    where = tuple(int(i) for i in np.argwhere(~np.isfinite(X))[0])
    raise ValueError(f'{owner} expects finite {what}, got {X[where]} in sample {where[0]}, '
                     f'at position {where[1:]}: {remedy}')
