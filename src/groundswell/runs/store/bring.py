"""A project brought from its store: surveys and notebooks as they are there now, and the reports that are not here yet.

What was changed here and not there is never overwritten: the run stops, and names it.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from groundswell.checksum import checksum
from groundswell.errors import InputError
from groundswell.files import move_whole, write_whole
from groundswell.reports.evidence.manifest import MANIFEST
from groundswell.reports.evidence.published_files import is_whole
from groundswell.reports.publish.archive import read_report
from groundswell.runs.run.staging import Staging
from groundswell.runs.store.kept import Kept
from groundswell.runs.store.store import Store, StoreError, safe
from groundswell.waves.wave.wave_toml import COVARIANCE, ESTIMATES

INPUTS = ("surveys", "notebooks")
MOST_NAMED = 5


def bring_inputs(store: Store, project: Path, known: Kept) -> list[str]:
    """Make the surveys and notebooks here those of the store; the paths that were brought or removed.

    Raises: InputError where a file was changed here, or its name has no place in a project; StoreError.
    """
    there = {path: mark for folder in INPUTS for path, mark in store.names(folder).items()}
    if unsafe := [path for path in there if not safe(path)]:
        raise InputError(
            f"`{store.name}/{unsafe[0]}`: a file of a project has no hidden or upward part in its path"
        )
    changed_here: list[str] = []
    done: list[str] = []
    for path, mark in sorted(there.items()):
        file = project / path
        here = checksum(file) if file.is_file() else ""
        if known.brought.get(path) == (mark, here):
            continue
        content = store.read(path)
        if content is None:
            raise StoreError(f"`{store.name}/{path}`: it was removed while it was read; run it again")
        digest = hashlib.sha256(content).hexdigest()
        if here != digest:
            if here and here != _brought(known, path) and not _is_kept_estimate(path):
                changed_here.append(path)
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, content)
            done.append(path)
        known.brought[path] = (mark, digest)
    done += _remove(project, known, [path for path in known.brought if path not in there], changed_here)
    if changed_here:
        raise InputError(_refusal(store, changed_here))
    return done


def bring_reports(store: Store, project: Path, known: Kept) -> list[Path]:
    """Bring the reports of the store that are not here, each whole; their folders.

    Raises: StoreError, also where a report there is not as its manifest says, or is another one than the one here.
    """
    brought = []
    for path in sorted(filter(_is_of_report, store.names("reports"))):
        here = project / path
        if here.is_file():
            if known.sent.get(path) != checksum(here) and store.read(path) != here.read_bytes():
                raise StoreError(
                    f"`{store.name}/{path}`: another report of this name is there, and nothing published is "
                    f"overwritten; rename `{here.parent.relative_to(project)}` here, and it is made as a new revision"
                )
        else:
            brought.append(_bring_report(store, project, path.removesuffix(f"/{MANIFEST}")))
        known.sent[path] = checksum(here)
    return brought


def _is_of_report(path: str) -> bool:
    """Whether this is where a report's manifest stands."""
    parts = path.split("/")
    return len(parts) == 4 and parts[3] == MANIFEST and parts[2][:1].isdigit() and safe(path)


def _bring_report(store: Store, project: Path, path: str) -> Path:
    place, whole = project / path, f"`{store.name}/{path}`: the report there is not whole"
    with Staging(project / "reports") as staging:
        # the last two parts of the path belong to the report: its manifest names them
        made = staging.new_folder() / place.parent.name / place.name
        made.mkdir(parents=True)
        (made / MANIFEST).write_bytes(store.read(f"{path}/{MANIFEST}") or b"")
        manifest = read_report(made, whole=False)
        if isinstance(manifest, str):
            raise StoreError(f"{whole}: {manifest}")
        for published in manifest.files:
            if not safe(published.path):
                raise StoreError(f"{whole}: `{published.path}`")
            (made / published.path).parent.mkdir(parents=True, exist_ok=True)
            (made / published.path).write_bytes(store.read(f"{path}/{published.path}") or b"")
        if not is_whole(made, manifest):
            raise StoreError(f"{whole}: a file is missing or changed")
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.is_dir():  # what is left of a report that was damaged here
            raise StoreError(f"`{path}` is here without its {MANIFEST}: remove it, and it is brought again")
        move_whole(made, place)
    return place


def _remove(project: Path, known: Kept, gone: list[str], changed_here: list[str]) -> list[str]:
    """Remove what was brought and is not in the store any more."""
    removed = []
    for path in sorted(gone):
        file = project / path
        if file.is_file() and checksum(file) != _brought(known, path):
            changed_here.append(path)
            continue
        file.unlink(missing_ok=True)
        del known.brought[path]
        removed.append(path)
    return removed


def _brought(known: Kept, path: str) -> str:
    return known.brought.get(path, ("", ""))[1]


def _is_kept_estimate(path: str) -> bool:
    """Whether a run writes this file itself, from respondents."""
    return path.endswith((ESTIMATES, COVARIANCE))


def _refusal(store: Store, paths: list[str]) -> str:
    more = f" and {len(paths) - MOST_NAMED} more" if len(paths) > MOST_NAMED else ""
    named = ", ".join(f"`{path}`" for path in paths[:MOST_NAMED])
    return (
        f"`{store.name}`: {named}{more} changed here, and another is in the store: nothing was overwritten; upload "
        "what is right, or remove it here"
    )
