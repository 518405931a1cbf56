"""What `groundswell status` says, and the same as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from groundswell.runs.checks.status import PlannedState, ProjectStatus
from groundswell.runs.run.progress import duration
from groundswell.runs.run.record import RunRecord
from groundswell.terminal_table import aligned

SCHEMA = 1
SHOWN = 12
"""Runs that are listed one by one; `--json` has all."""


def as_text(found: ProjectStatus) -> str:
    """What failed and why, the newest runs, and how what is planned stands."""
    return "\n\n".join("\n".join(part) for part in (_failed(found), _ran(found), _planned(found)))


def as_json(found: ProjectStatus) -> str:
    """Every run as its record has it, and every planned report."""
    content = {
        "schema": SCHEMA,
        "runs": [asdict(run) for run in found.runs],
        "planned": [asdict(each) for each in found.planned],
        "unreadable": found.unreadable,
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=str)


def _failed(found: ProjectStatus) -> Iterator[str]:
    failures = found.failures
    yield f"failed, and not made since: {len(failures) or 'none'}"
    for run in failures:
        yield f"  {run.survey} {run.name}, {_minute(run.started)}: {run.status}"
        yield from (f"    {line.strip()}" for line in (run.error or "").splitlines())
        if run.traceback is not None:
            yield f"    the details: {run.traceback}"


def _ran(found: ProjectStatus) -> Iterator[str]:
    if found.unreadable:
        names = ", ".join(found.unreadable[:SHOWN])
        yield f"no record can be read of {len(found.unreadable)} runs: {names}; remove them from reports/.runs"
    if not found.runs:
        yield "runs: none yet"
        return
    counts = Counter(run.status for run in found.runs)
    since = _minute(found.runs[-1].started)
    yield f"runs since {since}: {', '.join(f'{number} {status}' for status, number in counts.most_common())}"
    yield aligned([_row(run) for run in found.runs[:SHOWN]], indent="  ")
    if len(found.runs) > SHOWN:
        yield f"  and {len(found.runs) - SHOWN} before"


def _row(run: RunRecord) -> tuple[str, ...]:
    late = (datetime.fromisoformat(run.started) - datetime.fromisoformat(run.scheduled)).total_seconds()
    took = ""
    if run.ended is not None:
        seconds = (datetime.fromisoformat(run.ended) - datetime.fromisoformat(run.started)).total_seconds()
        took = f"in {duration(seconds)}"
    return (
        _minute(run.started),
        run.survey,
        run.name,
        run.status,
        took,
        f"{duration(late)} late" if late >= 60 else "",
    )


def _planned(found: ProjectStatus) -> Iterator[str]:
    if not found.planned:
        yield "planned: nothing; `[[report]]` in a survey.toml plans a report"
        return
    due = sum(each.due is not None for each in found.planned)
    yield f"planned: {len(found.planned)}, of these due: {due or 'none'}"
    yield aligned([_planned_row(each) for each in found.planned], indent="  ")


def _planned_row(each: PlannedState) -> tuple[str, ...]:
    every = "" if each.every is None else f"every {each.every}"
    newest = "never made" if each.newest is None else f"newest {each.newest}"
    if each.fault:
        return (each.survey, each.edition, every, "", f"cannot be planned: {each.fault}")
    stands = "up to date" if each.due is None else f"due since {each.due}"
    return (
        each.survey,
        each.edition or "the default report",
        every,
        newest,
        stands + (", stale" if each.stale else ""),
    )


def _minute(moment: str) -> str:
    """A moment on this machine's clock, to the minute."""
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M}"
