"""What is an argument of a layer? An attribute of the same name, checked whenever it is set."""
from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache, partial, wraps
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar, overload

from epynn.commons.checks import function_named, shown
from epynn.commons.maths import activations, initializations, softmax
from epynn.commons.words import hint
from epynn.settings import se_hPars as default_hPars

if TYPE_CHECKING:
    from epynn.commons.models import Layer

T = TypeVar('T')
R = TypeVar('R')
P = ParamSpec('P')
Function = Callable[..., Any] | str      # an argument that is a function, or its name


class Argument(Generic[T]):
    """An argument of a constructor, which sets the attribute of that name and does nothing else.

    In the class body, ``units = Argument(positive_integer)``; in the constructor, ``self.units =
    units``. Set again later it is checked again, and from then on it is what the layer uses, shows
    and writes to a file. What the parameters no longer fit is refused.

    Parameters
    ----------
    check : callable
        ``f(owner, name, value)`` returns the value to keep, or raises an error that names both.
    final : bool, default False
        Whether it may be set once only, because what follows from it is not made again.
    """

    def __init__(self, check: Callable[[str, str, Any], T], final: bool = False) -> None:
        self.check, self.final = check, final

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, layer: None, kind: type) -> Argument[T]: ...

    @overload
    def __get__(self, layer: object, kind: type) -> T: ...

    def __get__(self, layer: object | None, kind: type) -> Argument[T] | T:
        if layer is None:
            return self
        try:
            return vars(layer)[self.name]
        except KeyError:
            raise AttributeError(self.name) from None       # Layer.__getattr__ says more

    def __set__(self, layer: Layer, value: Any) -> None:
        attributes, name = vars(layer), self.name
        checked = self.check(type(layer).__name__, name, value)
        if self.final and name in attributes:
            raise AttributeError(f'{layer.title} cannot change {name} once it is made: make '
                                 f'another, {type(layer).__name__}(..., {name}={shown(value)})')
        before = attributes.copy()
        attributes[name] = checked
        try:
            layer.check_arguments()
            if layer.p and not layer.parameters_fit():
                raise ValueError(f'{layer.title} has parameters for {name}={shown(before[name])}, '
                                 f'got {shown(value)}: make another layer, and a network with it')
        except ValueError:
            if name in before:
                attributes[name] = before[name]
            raise


class Activation(Argument[Callable[..., Any]]):
    """An activation function, given as itself or by its name.

    Read from a layer it has the hyperparameters of the layer filled in, such as ``LRELU_alpha``.

    Parameters
    ----------
    elementwise : bool, default True
        Whether it has to work element by element, which softmax does not.
    """

    def __init__(self, elementwise: bool = True) -> None:
        super().__init__(self.check_activation)
        self.elementwise = elementwise

    def check_activation(self, owner: str, name: str, value: Any) -> Callable[..., Any]:
        function = function_named(owner, name, value, activations, 'deriv')
        if self.elementwise and unbound(function) is softmax:
            raise ValueError(f'{owner} expects {name} to work element by element, got softmax: use '
                             'softmax in a Dense layer')
        return function

    def __get__(self, layer: Any, kind: type) -> Any:
        if layer is None:
            return self
        function = vars(layer)[self.name]
        names = hyperparameters_of(function)
        return partial(function, **{k: layer.se_hPars[k] for k in names}) if names else function


@cache
def hyperparameters_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """Names of the hyperparameters that a function takes, those filled in already left out."""
    filled = function.keywords if isinstance(function, partial) else ()
    return tuple(name for name in inspect.signature(function).parameters
                 if name in default_hPars and name not in filled)


def unbound(function: Any) -> Any:
    """The function itself, of one with some arguments filled in by functools.partial."""
    return function.func if isinstance(function, partial) else function


def name_of_function(function: Any) -> str:
    """What a function is called."""
    return str(getattr(unbound(function), '__name__', function))


def initialization(owner: str, name: str, value: Any) -> Callable[..., Any]:
    """A check: a function f(shape, rng) that draws parameters, given as itself or by its name."""
    return function_named(owner, name, value, initializations, 'rng')


def constructor(kind: Any) -> inspect.Signature:
    """What the constructor of a class takes: ``__init__``, because ``__new__`` takes anything."""
    takes = inspect.signature(kind.__init__)
    return takes.replace(parameters=list(takes.parameters.values())[1:])


@cache
def roles(kind: type) -> tuple[str, ...]:
    """Names of the activation functions of a class of layers, in the order of its constructor."""
    found = {name for base in kind.__mro__ for name, value in vars(base).items()
             if isinstance(value, Activation)}
    order = list(constructor(kind).parameters)
    return tuple(sorted(found, key=lambda name: order.index(name) if name in order else 99))


def arguments_of(layer: Any, complete: bool = True) -> dict[str, Any]:
    """The arguments that would make the same layer, from the attributes that bear their names.

    Parameters
    ----------
    layer : Layer
    complete : bool, default True
        Whether it is an error if an argument is not kept; else it is left out.

    Raises
    ------
    ValueError
        Where a constructor takes an argument and does not keep it under its name.
    """
    found = {}
    for name in constructor(type(layer)).parameters:
        if name in layer.not_saved:
            continue
        if name == 'se_hPars':
            found[name] = dict(layer.se_hPars.maps[0]) or None
        elif name in vars(layer):
            found[name] = vars(layer)[name]             # functions as they were given
        elif isinstance(getattr(type(layer), name, None), property):
            found[name] = getattr(layer, name)
        elif complete:
            raise ValueError(f'{layer.title} does not keep its argument {name!r}, so that it could '
                             f'not be read back: write self.{name} = {name} in its __init__')
    return found


def changed_arguments(layer: Any) -> dict[str, Any]:
    """Those of its arguments that are not the defaults, as a ``repr`` shows them."""
    parameters, kind = constructor(type(layer)).parameters, type(layer)
    changed = {}
    for name, value in arguments_of(layer, complete=False).items():
        default = parameters[name].default
        argument = getattr(kind, name, None)
        if isinstance(argument, Argument) and default is not inspect.Parameter.empty:
            default = argument.check(kind.__name__, name, default)
        if not (value is default or (isinstance(value, (int, float, str, tuple, type(None)))
                and value == default)):
            changed[name] = value
    return changed


def check_call(owner: str, takes: inspect.Signature, args: tuple[Any, ...],
               given: Mapping[str, Any], complete: bool = True) -> None:
    """An error that says what a class or method takes, where it is called with anything else."""
    try:
        (takes.bind if complete else takes.bind_partial)(*args, **given)
    except TypeError as error:
        unknown = [name for name in given if name not in takes.parameters]
        instead = hint(unknown[0], takes.parameters) if unknown else ''
        raise TypeError(f'{owner} {error}: it takes {", ".join(takes.parameters) or "nothing"}'
                        f'{instead}') from None


def explained(method: Callable[P, R]) -> Callable[P, R]:
    """A method that says what it takes where it is called with anything else."""
    takes = inspect.signature(method)
    takes = takes.replace(parameters=list(takes.parameters.values())[1:])
    owner = method.__qualname__.removeprefix('model_').removesuffix('.__init__').split('.')[-1]

    @wraps(method)
    def checked(*args: P.args, **given: P.kwargs) -> R:
        check_call(owner, takes, args[1:], given)
        return method(*args, **given)
    return checked
