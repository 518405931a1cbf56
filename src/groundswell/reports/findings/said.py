"""Which changes of one indicator are spoken of: each that may be claimed, told once.

Where the level moved at all, several comparisons tell the same move: from the peak, from the wave after the peak,
around the event that began it. The first in this order is told, and what tells the same move again is not:

1. up to now: the newest stretch, or the newest wave against the clearest of the earlier ones;
2. events and jumps, the largest first;
3. the last year;
4. other stretches, newest segment first;
5. what one house's own figures tell that the level does not.

Where nothing is claimed up to now, that the level stood still is told if it surely did.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from groundswell.reports.evidence.changes import Change, of_kinds
from groundswell.reports.findings.words import word_for
from groundswell.trends.compared.turning_points import clearest_of

ALIKE = 0.5
"""Two overlapping moves of one direction are one where the smaller is at least this much of the larger."""
NOW = ("wave", "year", "still")
"""Kinds that always end with the newest wave; a stretch may."""


def changes_to_say(changes: Sequence[Change]) -> list[Change]:
    """The changes of one indicator that are spoken of, in their order (see above)."""
    claimed = [change for change in changes if word_for(change.adjusted)]
    ordered = [
        *now_of(claimed),
        *sorted(of_kinds(claimed, "event", "shock"), key=lambda one: -abs(one.estimate)),
        *of_kinds(claimed, "year"),
        *sorted(of_kinds(claimed, "stretch"), key=lambda one: (-one.segment, -abs(one.estimate))),
        *sorted(of_kinds(claimed, "house"), key=lambda one: (-one.segment, -abs(one.estimate))),
    ]
    said: list[Change] = []
    for change in ordered:
        if not any(same_move(change, other) for other in said):
            said.append(change)
    if not any(up_to_now(change, claimed) for change in said):
        said += of_kinds(claimed, "still")
    return said


def now_of(claimed: Sequence[Change]) -> list[Change]:
    """The one change up to the newest wave: the stretch that ends with it, else the clearest since an earlier wave."""
    waves = of_kinds(claimed, "wave")
    newest = [one for one in of_kinds(claimed, "stretch") if up_to_now(one, claimed)]
    return newest[-1:] or ([clearest(waves)] if waves else [])


def up_to_now(change: Change, changes: Sequence[Change]) -> bool:
    """Whether a change ends with the newest wave that any of the changes knows."""
    newest = max((one.end for one in of_kinds(changes, *NOW)), default=None)
    return change.kind in NOW or (change.kind == "stretch" and change.end == newest)


def clearest(changes: Sequence[Change]) -> Change:
    """Among the changes that reach the strongest word (else the strongest reached) the largest, of equals the first."""
    estimate, adjusted = (
        np.array([getattr(one, name) for one in changes]) for name in ("estimate", "adjusted")
    )
    return changes[clearest_of(estimate, adjusted)]


def same_move(one: Change, other: Change) -> bool:
    """Whether two changes tell the same move of the level."""
    smaller, larger = sorted((abs(one.estimate), abs(other.estimate)))
    overlap = one.start < other.end and other.start < one.end
    return overlap and one.fall == other.fall and smaller >= ALIKE * larger
