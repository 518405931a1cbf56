"""A warning that points at the line of whoever called groundswell, however many calls lie between."""

from __future__ import annotations

import inspect
import warnings

_OURS = "groundswell."


def warn_caller(sentence: str) -> None:
    """Warn (UserWarning) at the nearest line outside of groundswell."""
    frame, depth = inspect.currentframe(), 1
    while frame is not None and str(frame.f_globals.get("__name__")).startswith(_OURS):
        frame, depth = frame.f_back, depth + 1
    warnings.warn(sentence, UserWarning, stacklevel=depth)
