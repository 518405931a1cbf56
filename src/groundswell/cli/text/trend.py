"""What a reader must know of `groundswell trend`'s answer, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from groundswell.trends.answers.segments import Segment
    from groundswell.trends.answers.shares_answer import Source
    from groundswell.trends.answers.trend import Trend

MOST_DATES: Final = 5


def notes(source: Source) -> Iterator[str]:
    """Dates that cannot be, where each level stands and breaks, and the checks that did not pass."""
    for series, house, fault in source.unlikely[:MOST_DATES]:
        yield f"`{house}` in `{series}`: the fieldwork's end {fault}"
    if len(source.unlikely) > MOST_DATES:
        yield f"… and {len(source.unlikely) - MOST_DATES} more dates like these"
    for series in dict.fromkeys(source.asked["series"]):
        trend = source.trends[series]
        yield from (f"`{series}`: {sentence}" for sentence in _scale(trend))
        checks = trend.diagnostics()
        doubts = checks.loc[checks["verdict"].isin(["warned", "failed"]), "sentence"]
        yield from (f"`{series}`: {sentence}" for sentence in doubts)


def _scale(trend: Trend) -> Iterator[str]:
    """On whose scale the level is, where more than one wording was ever asked, and where it breaks."""
    *_, newest = trend.segments
    for segment in trend.segments[1:]:
        yield (
            f"nothing that was asked before {segment.start:%Y-%m-%d} was asked after it: the level breaks there, "
            "and levels on the two sides cannot be compared"
        )
    if newest.scale.wordings > 1:
        yield f"the level is on the scale of {_asked(newest)}"


def _asked(segment: Segment) -> str:
    asked = segment.scale.asked[["house", "variant", "mode"]].astype(str).to_numpy()
    rows = [", ".join(filter(None, row)) for row in asked]
    words = "; ".join(f"`{row}`" for row in rows[:4]) + (
        f" and {len(rows) - 4} more" if len(rows) > 4 else ""
    )
    return f"the average of {words}, each as asked last" if len(rows) > 1 else words
