"""The module that is ``epynn.display.console`` now, and what it had in EpyNN 1.2.13."""
from typing import Any

from termcolor import colored

from epynn.commons.checks import one_of
from epynn.display.console import *  # noqa: F403

LEVELS = ('white', 'green', 'red', 'magenta', 'cyan', 'yellow', 'blue', 'grey')


def process_logs(msg: Any, level: int = 0) -> None:
    """Print a message, bold, in white, green, red, magenta, cyan, yellow, blue or grey.

    Better: ``print``, or ``logging`` of Python.
    """
    known = [str(i) for i in range(len(LEVELS))]
    color = LEVELS[int(one_of('process_logs', 'level', str(level), known))]
    print(colored(str(msg), color, attrs=['bold']))
