"""Which items have dates in common, so that waves can say how one moves with another.

Two items *meet* where each has `FEWEST_SHARED` waves or more in the stretch of time that both cover: with less, no
movement of one was ever seen next to a movement of the other. An item is *tied* if it meets the reference, or an item
that is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from groundswell.arrays import Flags
from groundswell.trends.model.measurement import Waves

FEWEST_SHARED: Final = 2


def shared_waves(one: Waves, other: Waves) -> tuple[int, int]:
    """How many waves each of two items has in the stretch of time that both cover."""
    first = max(one.midpoint.min(), other.midpoint.min())
    last = min(one.midpoint.max(), other.midpoint.max())
    counts = [int(((each.midpoint >= first) & (each.midpoint <= last)).sum()) for each in (one, other)]
    return counts[0], counts[1]


def tied(items: Sequence[Waves]) -> Flags:
    """Which items are tied to the first one."""
    found = np.zeros(len(items), dtype=bool)
    found[0] = True
    ahead = [0]
    while ahead:
        here = ahead.pop()
        for other in np.flatnonzero(~found).tolist():
            if min(shared_waves(items[here], items[other])) >= FEWEST_SHARED:
                found[other] = True
                ahead.append(other)
    return found
