"""The script that all pages share: which one it must be, and how it is brought back where it is not."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from groundswell.checksum import checksum
from groundswell.errors import RunError
from groundswell.files import write_whole
from groundswell.reports.evidence.manifest import FileRecord, Manifest
from groundswell.reports.evidence.published_files import LINK, MISSING, file_change

VERSION = re.compile(r"plotly\.js v([0-9.]+)")


def plotly_asset() -> Path:
    """The script that the installed plotly package carries."""
    library = find_spec("plotly")
    if library is None or library.origin is None:
        raise ModuleNotFoundError("plotly")
    return Path(library.origin).parent / "package_data" / "plotly.min.js"


@lru_cache
def asset_name() -> str:
    """The shared script's file name, with the version of the script itself."""
    with plotly_asset().open(encoding="utf-8") as file:
        match = VERSION.search(file.read(400))
    return f"plotly-{match.group(1) if match else 'unknown'}.min.js"


@lru_cache
def shared_script() -> FileRecord:
    """The script as a page made now needs it: its path relative to `reports/`, its checksum and its size."""
    source = plotly_asset()
    return FileRecord(f"assets/{asset_name()}", checksum(source), source.stat().st_size)


def needed_assets(manifest: Manifest) -> tuple[FileRecord, ...]:
    """The shared files that a report's page needs; none where an older program did not say, and had another script."""
    same = manifest.packages.get("plotly") == metadata.version("plotly")
    return manifest.assets or ((shared_script(),) if same else ())


def write_assets(reports: Path) -> bool:
    """Lay the shared script next to the reports, whole or not at all, where it is not there as it must be.

    Returns: whether a damaged one was replaced.

    Raises: RunError where it cannot be written there.
    """
    script = shared_script()
    target = reports / script.path
    change = file_change(target, script)
    if change:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if change == LINK:  # what it leads to is somebody else's
                target.unlink()
            write_whole(target, plotly_asset().read_bytes())
        except OSError as error:
            raise RunError(
                f"`{target}`: the script that every page needs cannot be written there: {error.strerror}; remove what "
                "stands in its place, or make the folder writable"
            ) from error
    return bool(change) and change != MISSING
