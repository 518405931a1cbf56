"""Whether the forecasts that earlier reports froze are still the ones that the reports after them read."""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

from groundswell.checksum import checksum
from groundswell.reports.evidence.earlier.ledger import FORECASTS, earlier_reports, linked
from groundswell.reports.evidence.manifest import Manifest

Link = tuple[Path, Manifest | None]
"""A report's folder and its manifest, None where that is missing or damaged."""


def ledger_chain(project: Path, folder: Path, manifest: Manifest) -> list[Link]:
    """The report in `folder`, and those before it along the chain of forecasts, newest first."""
    return [(folder, manifest), *earlier_reports(project, manifest)]


def ledger_faults(chain: list[Link]) -> list[str]:
    """What does not fit along a chain, newest first, each in a sentence.

    Every forecasts.csv is hashed again, and every link computed again from the one before it.
    """
    told = [_fault(later, earlier) for later, earlier in zip_longest(chain, chain[1:])]
    return [fault for fault in told if fault]


def link_fault(project: Path, folder: Path, manifest: Manifest) -> str:
    """What does not fit between one report and the one before it, in a sentence; "" where all does."""
    return _fault((folder, manifest), next(earlier_reports(project, manifest), None))


def _fault(later: Link, earlier: Link | None) -> str:
    """What does not fit between a report and the one before it; "" where all does."""
    folder, manifest = later
    link = None if manifest is None else manifest.ledger
    if manifest is None or link is None:
        return ""
    before_folder, before = earlier or (folder, None)
    if link.previous and before is None:
        return f"the report before that of {manifest.folder}, {link.previous}, is missing or damaged"
    if before is not None and link.forecasts != _checksum(before_folder):
        return f"the forecasts of {before.folder} are not the ones that the report of {manifest.folder} read"
    chain = before.ledger.chain if before is not None and before.ledger is not None else ""
    if link.chain != linked(chain, _checksum(folder) or ""):
        return f"the chain of {manifest.folder} does not follow from its forecasts and the chain before it"
    return ""


def _checksum(folder: Path) -> str | None:
    file = folder / FORECASTS
    return checksum(file) if file.is_file() else None
