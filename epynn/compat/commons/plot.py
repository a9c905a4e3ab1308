"""The module that is ``epynn.display.plot`` now, and what it had in EpyNN 1.2.13."""
import os
from typing import Any, Literal

from epynn.display.plot import *  # noqa: F403
from epynn.display.plot import model_plot


def pyplot_metrics(model: Any, path: str | os.PathLike[str] | Literal[False] | None = None) -> Any:
    """Curves of each metric and loss over the epochs, in a window and saved where told.

    Better: ``model.plot(path=path)``.
    """
    return model_plot(model, path=path)
