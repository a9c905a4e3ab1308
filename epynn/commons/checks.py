"""Is an argument what it has to be? Errors that say what was expected, what came, what to do."""
from __future__ import annotations

import inspect
import numbers
import reprlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import numpy as np

from epynn.commons.words import hint

T = TypeVar('T')


def shown(value: Any) -> str:
    """A value as errors show it: an array by its shape, anything long cut."""
    if isinstance(value, np.ndarray) and value.size > 1:
        return f'an array of shape {value.shape}'
    return reprlib.repr(value) if isinstance(value, (str, list, tuple, dict)) else repr(value)


def is_integer(value: Any, least: int) -> bool:
    """Whether the value is an integer, True and False not being ones, of so much or more."""
    return (isinstance(value, numbers.Integral) and not isinstance(value, bool)
            and int(value) >= least)


def positive_integer(owner: str, name: str, value: Any, least: int = 1) -> int:
    """The value as int, or an error that names its owner."""
    if is_integer(value, least):
        return int(value)
    raise ValueError(f'{owner} expects {name} to be an integer of {least} or more, '
                     f'got {shown(value)}')


def flag(owner: str, name: str, value: Any) -> bool:
    """The value as bool: 'no' is not False, and would have been True."""
    if isinstance(value, (bool, np.bool_)) or (is_integer(value, 0) and value <= 1):
        return bool(value)
    raise ValueError(f'{owner} expects {name} to be True or False, got {shown(value)}')


def optional(check: Callable[..., T], **options: Any) -> Callable[[str, str, Any], T | None]:
    """A check that lets None pass, and gives the value to another check otherwise."""
    def checked(owner: str, name: str, value: Any) -> T | None:
        return None if value is None else check(owner, name, value, **options)
    return checked


def pair(owner: str, name: str, value: Any, least: int = 1) -> tuple[int, int]:
    """An integer or two of them, as a tuple of two."""
    values = tuple(value) if isinstance(value, (tuple, list, np.ndarray)) else (value, value)
    if len(values) != 2 or not all(is_integer(v, least) for v in values):
        raise ValueError(f'{owner} expects {name} to be an integer of {least} or more, '
                         f'or two of them, got {shown(value)}')
    return int(values[0]), int(values[1])


def one_of(owner: str, name: str, value: Any, known: Iterable[str]) -> str:
    """The value if it is among the known names, else an error that lists them."""
    if isinstance(value, str) and value in known:
        return value
    raise ValueError(f'{owner} knows no {name} {shown(value)}: '
                     f'expected one of {", ".join(known)}{hint(str(value), known)}')


def settings(owner: str, value: Any) -> Mapping[str, Any]:
    """A dict of hyperparameters, as it is; None is an empty one."""
    if value is None or isinstance(value, Mapping):
        return value or {}
    raise ValueError(f"{owner} expects se_hPars to be a dict, such as {{'learning_rate': 0.1}}, "
                     f'got {shown(value)}')


def name_of(value: Any, known: Mapping[str, Any]) -> Any:
    """The name of one of the known functions; anything else as it is."""
    name = str(getattr(value, '__name__', None))
    return name if name in known and known[name] is value else value


def function_named(owner: str, name: str, value: Any, known: Mapping[str, Any],
                   keyword: str) -> Callable[..., Any]:
    """A function that takes one array or shape and the keyword, given as itself or by its name."""
    if isinstance(value, str):
        return known[one_of(owner, name, value, known)]
    if not callable(value) or isinstance(value, type):
        raise ValueError(f'{owner} expects {name} to be a function, such as '
                         f'{", ".join(known)}, got {shown(value)}')
    try:
        inspect.signature(value).bind(None, **{keyword: None})
    except (TypeError, ValueError):
        its = getattr(value, '__name__', None)
        remedy = f': give its name, {its!r}' if its in known else ''
        raise ValueError(f'{owner} expects {name} to be a function f(x, {keyword}=...), got '
                         f'{value!r}{remedy}') from None
    return value


def function_or_name(owner: str, kind: str, value: Any, known: Mapping[str, Any],
                     own: dict[str, Callable[..., Any]], form: str) -> str:
    """The name of a known function, or of one's own, which is then among those of one's own.

    Raises
    ------
    ValueError
        Where the name is unknown, or belongs to two functions.
    """
    value = name_of(value, known)
    if not callable(value) or isinstance(value, type):
        return one_of(owner, kind, value, known)
    keywords = {'deriv': True} if 'deriv' in form else {}
    check_takes(owner, kind, value, form, None, None, **keywords)
    name = getattr(getattr(value, 'func', value), '__name__', None)
    if name is None:
        raise ValueError(f'{owner} expects a {kind} to have a name, got {shown(value)}: write it '
                         f'as a function {form}, with def')
    if name in known or own.setdefault(name, value) is not value:
        raise ValueError(f'{owner} has a {kind} called {name!r} already: give yours another name')
    return name


def precision(owner: str, dtype: Any) -> np.dtype[Any]:
    """A precision that layers compute in, or an error that names its owner."""
    try:
        dtype = np.dtype(dtype).name
    except TypeError:
        pass                                    # told in the next line
    return np.dtype(one_of(owner, 'dtype', dtype, ('float64', 'float32')))


def generator(owner: str, seed: Any) -> np.random.Generator:
    """A generator of random numbers from a seed, or the one given, or an error."""
    if seed is None or is_integer(seed, 0) or isinstance(seed, np.random.Generator):
        return np.random.default_rng(seed)
    raise ValueError(f'{owner} expects seed to be an integer of 0 or more, a Generator of '
                     f'numpy.random, or None, got {shown(seed)}')


def check_takes(owner: str, kind: str, function: Any, form: str, *arguments: Any,
                **keywords: Any) -> None:
    """An error for a function of one's own that does not take what it will be given."""
    try:
        inspect.signature(function).bind(*arguments, **keywords)
    except TypeError:
        raise ValueError(f'{owner} expects your own {kind} to be a function {form}, got '
                         f'{shown(function)}') from None
    except ValueError:
        pass                                    # written in C, it does not say what it takes


def finite(owner: str, X: np.ndarray, what: str = 'features',
           remedy: str = 'drop or replace those samples first') -> None:
    """An error that says where, if an array has values that are not finite."""
    if X.dtype.kind not in 'fc' or np.isfinite(X).all():
        return
    where = tuple(int(i) for i in np.argwhere(~np.isfinite(X))[0])
    raise ValueError(f'{owner} expects finite {what}, got {X[where]} in sample {where[0]}, '
                     f'at position {where[1:]}: {remedy}')
