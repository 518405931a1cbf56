"""The archive brought to the store: what is not there yet, in an order in which no reader sees half of a report.

Of a report its files go first and its manifest last; the pages about the archive, which lead to it, go after that. A
report without a manifest is none to any reader, so a store that fails in between shows the archive as it was.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from groundswell.checksum import checksum
from groundswell.errors import RunError
from groundswell.reports.evidence.manifest import MANIFEST
from groundswell.reports.publish.archive import folders_of, read_report, survey_names
from groundswell.runs.store.bring import bring_inputs, bring_reports
from groundswell.runs.store.kept import Kept, keep, kept
from groundswell.runs.store.store import Store, StoreError

LOCK = "writer.json"
"""The object that its one writer holds, next to `reports/`."""

PAGES_LAST = ("summary.json", "feed.xml", "index.html")


class ArchiveThere:
    """The archive of a project's store, while this process is its one writer."""

    def __init__(self, store: Store, project: Path, known: Kept, file: Path) -> None:
        self._store = store
        self._project = project
        self._known = known
        self._file = file
        self.problem: StoreError | None = None
        """What the store did not take; from then on nothing is sent before the end."""

    def publish(self, folder: Path) -> None:
        """Bring one report that was just published there, and the pages about it; a failure is kept as `problem`."""
        if self.problem is None:
            try:
                self._send_report(folder)
                self._send_pages([folder.parent.name])
            except StoreError as error:
                self.problem = error

    def bring_up_to_date(self) -> list[Path]:
        """Bring everything there that is not, and return the folders of the reports that were.

        Raises: StoreError where the store does not take it; what is there by then is named.
        """
        sent: list[Path] = []
        reports, waiting = self._project / "reports", list(self._missing())
        try:
            for folder in waiting:
                self._send_report(folder)
                sent.append(folder)
            if reports.is_dir():
                self._send_pages(survey_names(reports))
        except StoreError as error:
            there = ", ".join(f"`{folder.relative_to(reports)}`" for folder in sent) or "none"
            left = ", ".join(f"`{folder.relative_to(reports)}`" for folder in waiting[len(sent) :]) or "none"
            raise StoreError(
                f"{error}\n  reports that are there now: {there}; that stand here and are not: {left}. Nothing is "
                "lost: run it again, and what is missing is sent"
            ) from error
        self.problem = None
        return sent

    def _missing(self) -> Iterator[Path]:
        """The sound reports here that the store does not have."""
        reports = self._project / "reports"
        for survey in survey_names(reports) if reports.is_dir() else ():
            for folder in sorted(folders_of(reports / survey)):
                path = f"reports/{survey}/{folder.name}/{MANIFEST}"
                if path not in self._known.sent and not isinstance(read_report(folder, whole=False), str):
                    yield folder

    def _send_report(self, folder: Path) -> None:
        manifest = read_report(folder, whole=False)
        if isinstance(manifest, str):
            raise StoreError(
                f"`{folder.parent.name}/{folder.name}`: it is damaged here and was not sent: {manifest}"
            )
        path = f"reports/{folder.parent.name}/{folder.name}"
        for asset in manifest.assets:
            self._send_changed(f"reports/{asset.path}")
        for published in manifest.files:
            self._store.send(folder / published.path, f"{path}/{published.path}")
        self._send_changed(f"{path}/{MANIFEST}")

    def _send_pages(self, surveys: list[str]) -> None:
        """The pages of these surveys, and after them those that lead there."""
        reports = self._project / "reports"
        for survey in surveys:
            folder = reports / survey
            pages = [
                *sorted(folder.glob("*.json")),
                *sorted(folder.glob("*.html")),
                *sorted(folder.glob("latest/*")),
            ]
            for page in pages:
                self._send_changed(page.relative_to(self._project).as_posix())
        for name in PAGES_LAST:
            self._send_changed(f"reports/{name}")
        keep(self._known, self._file)

    def _send_changed(self, path: str) -> None:
        """Send a file where it is another one than was sent last."""
        file = self._project / path
        if file.is_file() and (digest := checksum(file)) != self._known.sent.get(path):
            self._store.send(file, path)
            self._known.sent[path] = digest


@contextmanager
def archive_there(store: Store, project: Path) -> Iterator[ArchiveThere]:
    """The store's archive, once the project here is as the store has it; nobody else writes it as long as this is open.

    Raises: RunError where another process is its writer; InputError and StoreError as `bring_inputs` and
    `bring_reports`.
    """
    with kept(project, store.name) as (known, file):
        _take_lock(store, known, file)
        try:
            bring_inputs(store, project, known)
            bring_reports(store, project, known)
            yield ArchiveThere(store, project, known, file)
        finally:
            keep(known, file)
            with suppress(StoreError):  # the next run of this copy knows its own lock
                store.remove(LOCK)


def _take_lock(store: Store, known: Kept, file: Path) -> None:
    """Become the archive's one writer; a lock that a killed run of this very copy left is taken over."""
    held = store.read(LOCK)
    if held is not None and held.decode(errors="replace") == known.lock:
        store.remove(LOCK)
        held = None
    about = {
        "host": platform.node(),
        "process": os.getpid(),
        "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
    }
    known.lock = json.dumps(about | {"token": token_hex(8)})
    if held is None:
        keep(known, file)
        if store.create(LOCK, known.lock.encode()):
            return
        held = store.read(LOCK) or b"{}"
    raise RunError(
        f"`{store.name}`: {_holder(held)} writes this archive; wait for it to end. If it is gone, as after a power "
        f"cut, remove `{store.name}/{LOCK}`"
    )


def _holder(held: bytes) -> str:
    try:
        found = json.loads(held)
        return f"process {int(found['process'])} on `{found['host']}` (since {found['since']})"
    except (ValueError, KeyError, TypeError):
        return "another process"
