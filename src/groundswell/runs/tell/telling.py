"""What is to be told is found in the archive and the records of runs, written down, and sent.

News are the alerts of reports that were made on their own date; a report of a past date, or one that is made
afterwards, tells nobody. A failure is told once: when a report begins to fail, or fails for another reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Final, NamedTuple

from groundswell.errors import InputError
from groundswell.happenings import tell as tell_log
from groundswell.reports.evidence.alert_record import AlertRecord
from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.publish.archive import survey_names
from groundswell.reports.publish.index.archive_pages import head_of
from groundswell.reports.publish.mail import Message, alert_message
from groundswell.runs.run.record import RunRecord, read_records
from groundswell.runs.tell.addresses import VARIABLES, Address, Audience, addresses
from groundswell.runs.tell.outbox import FOLDER, TRIED_FOR, Outbox, Told

NOT_TOLD: Final = "not told {address}, which is tried again the next time, for {days} days: {subject}"


class _Event(NamedTuple):
    audience: Audience
    name: str
    thread: str
    until: str
    message: Message


def tell(project: Path) -> list[str]:
    """Tell what is new and what could not be sent before; a line for each thing that happened.

    Nothing that goes wrong here is an error: what was published stands, and what was not sent is tried again.
    """
    lines = _told(project / "reports")
    for line in lines:
        tell_log("told", note=line)
    return lines


def _told(reports: Path) -> list[str]:
    outbox, lines = Outbox(reports), []
    found = [each for each in _events(reports) if not outbox.knows(each.name, each.thread, each.until)]
    if not (found or outbox.open()):
        return []
    try:
        with outbox.turn() as mine:
            if not mine:
                return []  # another process is telling just now
            for each in found:
                if not outbox.knows(each.name, each.thread, each.until):
                    told = outbox.add(each.audience, each.name, each.thread, each.until, each.message)
                    what = "alert" if each.audience == "news" else "failure"
                    lines.append(f"{what}: {each.message.headline} ({reports.name}/{FOLDER}/{told.name}.eml)")
            lines += _send(outbox)
    except OSError as error:
        lines.append(f"{reports.name}/{FOLDER} cannot be written: {error.strerror}; nobody was told")
    return lines


def send_test(project: Path) -> list[str]:
    """Send a message to every address, and say where it went."""
    lines = []
    for audience, variable in VARIABLES.items():
        known = addresses(audience)
        if not known:
            lines.append(f"{audience}: nobody is told, since {variable} is not set")
        for address in known:
            title, body = (
                "groundswell: a test",
                f"This is where groundswell tells {audience} of {project.name}.",
            )
            came = address.send(title, body)
            lines.append(f"{audience}: {'sent to' if came else 'could not be sent to'} {address.label}")
    return lines


def _send(outbox: Outbox) -> Iterator[str]:
    """Send every open message to the addresses that have not taken it yet."""
    known: dict[Audience, list[Address]] = {}
    for audience in dict.fromkeys(told.audience for told in outbox.open()):
        try:
            known[audience] = addresses(audience)
        except InputError as error:
            yield str(error)
    for told in outbox.open():
        for address in known.get(told.audience, []):
            if address.mark not in told.sent:
                yield _sent(outbox, told, address)


def _sent(outbox: Outbox, told: Told, address: Address) -> str:
    if not address.send(told.subject, told.text):
        return NOT_TOLD.format(address=address.label, days=TRIED_FOR.days, subject=told.subject)
    outbox.sent(told, address.mark)
    return f"told {address.label}: {told.subject}"


def _events(reports: Path) -> Iterator[_Event]:
    """What has happened lately, told or not."""
    for survey in survey_names(reports) if reports.is_dir() else []:
        for made in reversed(head_of(reports, survey).made):
            if made.created >= datetime.now(UTC) - TRIED_FOR:
                manifest = made.opened()
                for alert in manifest.news:
                    yield _alert_event(manifest, alert)
    runs, _ = read_records(reports)
    yield from failures(runs)


def _alert_event(manifest: Manifest, alert: AlertRecord) -> _Event:
    thread = "/".join((manifest.survey, alert.key, alert.house))
    return _Event("news", f"{thread}/{alert.since}", thread, alert.until, alert_message(manifest, alert))


def failures(runs: list[RunRecord]) -> Iterator[_Event]:
    """The reports whose newest run failed, each since it first failed for this reason; `runs` are the newest first."""
    by_report: dict[tuple[str, str], list[RunRecord]] = {}
    for run in runs:
        if run.status not in ("running", "interrupted"):
            by_report.setdefault((run.survey, run.name.partition("~")[2]), []).append(run)
    for (survey, edition), mine in by_report.items():
        same = partial(_failed_for, _reason(mine[0]))
        failing = list(takewhile(same, mine))
        if failing and _is_young(failing[-1]):
            began = failing[-1]
            yield _Event(
                "failures", f"run/{began.id}", f"run/{survey}/{edition}", "", _failure_message(began)
            )


def _failed_for(reason: str, run: RunRecord) -> bool:
    return run.status == "failed" and _reason(run) == reason


def _reason(run: RunRecord) -> str:
    """Why a run failed, whatever its date: its first line, and the faults that this line only counts."""
    first, _, rest = (run.error or "").partition("\n")
    told = f"{first}\n{rest}" if first.endswith(":") else first
    return told.replace(run.name, "").replace(run.as_of, "")


def _is_young(run: RunRecord) -> bool:
    with suppress(ValueError):
        return datetime.fromisoformat(run.ended or run.started) >= datetime.now(UTC) - timedelta(days=7)
    return False


def _failure_message(run: RunRecord) -> Message:
    first, _, rest = (run.error or "it failed").partition("\n")
    headline = f"{run.survey} {run.name}: no report"
    cell = [f"Cell {run.cell} of {run.notebook}."] if run.cell else []
    details = [line.strip() for line in rest.splitlines() if line.strip()]
    return Message(
        subject=f"groundswell: {headline}",
        about=f"{run.survey}, {run.as_of}",
        headline=headline,
        paragraphs=[first, *cell],
        rows=details,
    )
