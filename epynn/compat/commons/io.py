"""The module that is ``epynn.embedding.encoding`` now."""
from epynn.embedding.encoding import *  # noqa: F403
