"""What a report keeps of its survey's `[[watch]]` rules: what it alarmed of, and from where on the next report looks.

Both stand in its manifest under `report`. The next report reads them from there, as it reads everything of the one
before, so that what was alarmed of survives, comes out again in `verify`, and is alarmed of once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, FiniteFloat


def _iso(text: str) -> str:
    return date.fromisoformat(text).isoformat()


Day = Annotated[str, AfterValidator(_iso)]


@dataclass(frozen=True)
class WatchedRecord:
    """From where on a rule looks next, of one `house` where it watches houses ("" for the level).

    `since` is the day from which a movement counts; of `overdue` the end of the wave after which it was told. `looked`
    is the as-of date of the last look at new waves, `seen` a checksum of the waves that it looked at.
    """

    key: str
    house: str
    since: Day
    looked: Day
    seen: str = ""


@dataclass(frozen=True)
class AlertRecord:
    """One event: a rule that alarmed, in the report's own words and with its evidence.

    `size` and `alarm` are the rule's; `before`, `after`, `estimate`, `low`, `high` are in share units, `probability` is
    that of a movement this way; all None for a wave that is overdue. `waves` has the newest waves in words.
    """

    key: str
    kind: str
    indicator: str
    house: str
    since: Day
    until: Day
    sentence: str
    basis: str
    size: FiniteFloat
    alarm: FiniteFloat | None = None
    before: FiniteFloat | None = None
    after: FiniteFloat | None = None
    estimate: FiniteFloat | None = None
    low: FiniteFloat | None = None
    high: FiniteFloat | None = None
    probability: Annotated[FiniteFloat | None, Field(ge=0, le=1)] = None
    waves: tuple[str, ...] = ()
