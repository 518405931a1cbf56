"""Shocks: jumps of the level common to all houses, at an event; they decay or stay.

A house in one wording and mode may respond `otherwise`: it measures the common jump and a further one of its own, which
is not the level's. Worked example: a jump of 0.5 logits, and one wording that asks of the last week alone and jumps by
0.8: the level moves by 0.5, and what that wording measures by 0.3 more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from groundswell.arrays import Floats

Shape = Literal["decay", "step"]
Kind = Literal["declared", "found", "suspected"]


@dataclass(frozen=True)
class Shock:
    """A jump at `day` (days from the epoch): a `step` stays, a `decay` fades with the trend's time
    constant. `otherwise` numbers the combinations that respond by another amount than the others."""

    day: float
    label: str
    kind: Kind
    shape: Shape
    otherwise: tuple[int, ...] = ()

    def response(self, opened: Floats, closed: Floats, decay_days: float) -> Floats:
        """Mean height, for a jump of 1, over fieldwork from `opened` to `closed`; equal ends mean one moment.

        A wave that was in the field when the event came holds only its later part.
        """
        after_open, after_close = np.maximum(opened - self.day, 0.0), np.maximum(closed - self.day, 0.0)
        instant = closed <= opened
        span = np.where(instant, 1.0, closed - opened)
        if self.shape == "step":
            return np.where(instant, (closed >= self.day) * 1.0, (after_close - after_open) / span)
        fade = np.exp(-after_open / decay_days)
        mean = decay_days * (fade - np.exp(-after_close / decay_days)) / span
        return np.where(instant, np.where(closed >= self.day, fade, 0.0), mean)
