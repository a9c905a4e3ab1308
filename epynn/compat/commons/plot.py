"""The module that is ``epynn.display.plot`` now."""
from epynn.display.plot import *  # noqa: F403
