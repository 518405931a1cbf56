"""What a page cannot show as the notebook showed it."""

from __future__ import annotations

from groundswell.errors import InputError


class NotShownError(InputError):
    """An output, or a cell's prose, that a page cannot hold; the message follows on the name of its cell."""
