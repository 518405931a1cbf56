"""What `groundswell report` and `backfill` say of many reports, and tell the log: planned, skipped, interrupted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from groundswell.happenings import tell
from groundswell.runs.plan.planning import NotDue, Planning
from groundswell.terminal_table import aligned

_STATES = {"due": "make", "waits": "make then", "unchanged": "unchanged"}


def planned_table(planning: Planning) -> str:
    """A line a report with what would be done about it and why, and their numbers."""
    rows = [
        (
            place.plan.survey,
            place.plan.name,
            _STATES[place.state],
            place.why or "the same inputs, parameters and code",
        )
        for place in planning.places
    ]
    rows += [(each.plan.survey, each.plan.name, "not due", _why_not_due(each)) for each in planning.not_due]
    unchanged = sum(place.state == "unchanged" for place in planning.places)
    total = (
        f"{len(planning.places) - unchanged} to make, {unchanged} unchanged, {len(planning.not_due)} not due"
    )
    return "\n".join([aligned(rows), total] if rows else [total])


def not_made(planning: Planning) -> Iterator[str]:
    """What is skipped before anything is made, and notes on the notebooks."""
    remarks = [place.plan.notebook.remark for place in planning.places]
    yield from (f"note: {remark}" for remark in dict.fromkeys(remarks) if remark)
    for early in planning.too_early:
        dates = "1 date is" if early.dates == 1 else f"{early.dates} dates are"
        yield f"{early.survey}: {dates} skipped, its first wave is known since {early.first}"
    for each in planning.not_due:
        yield f"{each.plan.survey} {each.plan.name}: not due, {_why_not_due(each)}"


def tell_planned(planning: Planning, jobs: int, scheduled: str) -> None:
    """Tell the log what was planned, and each report that is not to be made, with the reason."""
    unchanged = sum(place.state == "unchanged" for place in planning.places)
    tell(
        "planned",
        to_make=len(planning.places) - unchanged,
        unchanged=unchanged,
        not_due=len(planning.not_due),
        refused=len(planning.refused),
        jobs=jobs,
        scheduled=scheduled,
    )
    for early in planning.too_early:
        reason = f"before its first wave, known since {early.first}"
        tell("skipped", survey=early.survey, dates=early.dates, reason=reason)
    for each in planning.not_due:
        reason = f"not due: {_why_not_due(each)}"
        tell("skipped", survey=each.plan.survey, name=each.plan.name, reason=reason)


def tell_finished(came: Mapping[str, int]) -> None:
    """Tell the log that the command has come to its end, and what came of its reports."""
    published, failed = came.get("published", 0), came.get("failed", 0)
    skipped = came.get("unchanged", 0) + came.get("not due", 0)
    tell("finished", published=published, failed=failed, skipped=skipped)


def interrupted(came: Mapping[str, int]) -> str:
    """What an interrupted command leaves behind; "" where it published nothing."""
    published = came.get("published", 0)
    if not published:
        return ""
    stands = (
        "1 report was published and stands"
        if published == 1
        else f"{published} reports were published and stand"
    )
    return f"{stands}; the same command makes the others"


def _why_not_due(waits: NotDue) -> str:
    return f"made every {waits.every}: the newest is of {waits.newest.as_of}, the next is due on {waits.due}"
