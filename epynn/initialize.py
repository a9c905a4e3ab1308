"""Colour the tracebacks of errors nobody caught, on a terminal; and let ``from settings import
se_hPars`` find the defaults in a folder without ``settings.py``. No file is written."""
import os
import sys
import traceback
from types import TracebackType

from termcolor import colored

from epynn.compat.settings import provide_settings


def coloured_traceback(kind: type[BaseException], error: BaseException,
                       trace: TracebackType | None) -> None:
    """Print a traceback with its last lines, which say what is wrong, in colour."""
    lines = traceback.format_exception(kind, error, trace)
    message = traceback.format_exception_only(kind, error)
    body = ''.join(lines[:len(lines) - len(message)])
    sys.stderr.write(body + colored(''.join(message), 'red', attrs=['bold'], force_color=True))


if sys.stderr is not None and sys.stderr.isatty() and not os.environ.get('NO_COLOR'):
    sys.excepthook = coloured_traceback

provide_settings()
