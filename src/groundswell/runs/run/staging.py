"""Where a report is made before it is published, and who may make it: nothing half-made is seen in the
archive.

`reports/.staging/` holds one folder a process and one lock file a report. A lock is the operating system's
own (flock): it is gone with its process, also after `kill -9`, so what is found unlocked is left over and is
removed.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from groundswell.errors import RunError
from groundswell.files import move_whole
from groundswell.runs.kernel.kernels import CONNECTION_FILE, remove_sockets


class Staging:
    """This process's own part of `reports/.staging`, from `with Staging(reports) as staging:` to its end."""

    def __init__(self, reports: Path) -> None:
        self.reports = reports
        self._all = reports / ".staging"
        self._folders = 0

    def __enter__(self) -> Self:
        """Make the folder, and clear what killed processes left.

        Raises: RunError where `reports/` cannot be written.
        """
        try:
            self._all.mkdir(parents=True, exist_ok=True)
            with self._turn():
                self._clear()
                self._own = Path(tempfile.mkdtemp(dir=self._all))
                self._held = _lock(self._own / "lock", wait=False)
        except OSError as error:
            raise RunError(f"`{self.reports.name}/` cannot be written: {error.strerror}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the folder with everything that was not published."""
        shutil.rmtree(self._own, ignore_errors=True)
        if self._held:
            self._held.close()

    def new_folder(self) -> Path:
        """An empty folder for one run."""
        self._folders += 1
        folder = self._own / str(self._folders)
        folder.mkdir()
        return folder

    @contextmanager
    def claim(self, survey: str, name: str) -> Iterator[None]:
        """While this is open no other process makes the report `name` of `survey`.

        Raises: RunError where another process is making it.
        """
        file = _claim_file(self._all, survey, name)
        with self._turn():
            held = _lock(file, wait=False)
        if held is None:
            raise RunError(
                f"`{survey}` {name}: another groundswell process is making this report; wait for it to end"
            )
        try:
            yield
        finally:
            with self._turn():
                file.unlink()
                held.close()

    @contextmanager
    def index_turn(self) -> Iterator[None]:
        """While this is open no other process rebuilds the pages about the whole archive."""
        with self._turn("index"):
            yield

    @contextmanager
    def _turn(self, name: str = "turn") -> Iterator[None]:
        """A short wait for one's turn: locks are taken and files removed by one process at a time."""
        held = _lock(self._all / name, wait=True)
        try:
            yield
        finally:
            if held:
                held.close()

    def _clear(self) -> None:
        """Remove the folders and lock files of processes that are gone."""
        for lock in [*self._all.glob("*/lock"), *self._all.glob("*.lock")]:
            held = _lock(lock, wait=False)
            if held is None:
                continue
            if lock.name == "lock":
                for connection in lock.parent.glob(f"*/{CONNECTION_FILE}"):
                    remove_sockets(connection.parent)
                shutil.rmtree(lock.parent, ignore_errors=True)
            else:
                lock.unlink()
            held.close()


def _lock(file: Path, *, wait: bool, mode: str = "w") -> IO[str] | None:
    """The open, locked file; None where another process holds it and we do not wait."""
    handle: IO[str] = file.open(mode)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def is_being_made(reports: Path, survey: str, name: str) -> bool:
    """Whether a process is making the report `name` of `survey` just now."""
    file = _claim_file(reports / ".staging", survey, name)
    if not file.is_file():
        return False
    try:
        turn = _lock(file.with_name("turn"), wait=True)
        held = _lock(file, wait=False) if file.is_file() else turn
    except OSError:  # another user's archive: whoever may not look, takes the record's word
        return True
    for each in (held, turn):
        if each is not None:
            each.close()
    return held is None


def _claim_file(staging: Path, survey: str, name: str) -> Path:
    """The lock that the process that makes a report holds."""
    return staging / f"{survey}~{name}.lock"


def left_over(reports: Path) -> list[Path]:
    """The folders and lock files under `reports/.staging` that no process holds: the next run removes them.

    Nothing is written. Nobody takes a lock meanwhile, so that no run is told that another is at work.
    """
    everything = reports / ".staging"
    locks = [*everything.glob("*/lock"), *everything.glob("*.lock")]
    turn = _lock(everything / "turn", wait=True, mode="r") if (everything / "turn").is_file() else None
    try:
        return sorted(lock.parent if lock.name == "lock" else lock for lock in locks if not _is_held(lock))
    finally:
        if turn:
            turn.close()


def _is_held(lock: Path) -> bool:
    try:
        held = _lock(lock, wait=False, mode="r")
    except FileNotFoundError:  # its process has ended meanwhile
        return True
    if held:
        held.close()
    return held is None


def publish(made: Path, *, to: Path) -> None:
    """Move a finished report to its place in one step, past any power cut; a folder that is there is never replaced.

    Raises: RunError where the place is taken.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        move_whole(made, to)
    except OSError as error:
        raise RunError(f"`{to.name}` cannot be published: {error.strerror}") from error


def keep_failed(reports: Path, *, survey: str, name: str, files: list[Path]) -> Path:
    """Move what a failed run left to `reports/.failed/<survey>/<name>/` and return that folder."""
    kept = reports / ".failed" / survey / name
    kept.mkdir(parents=True, exist_ok=True)
    for file in files:
        if file.is_file() and file.stat().st_size:
            shutil.move(file, kept / file.name)
    return kept
