"""The module that is ``epynn.display.console`` now."""
from epynn.display.console import *  # noqa: F403
