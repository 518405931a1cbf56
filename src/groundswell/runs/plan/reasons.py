"""Why a report is to be made: what of all that decides it is no longer as it was when it was published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from groundswell.program import describe_code, describe_packages
from groundswell.reports.evidence.manifest import Manifest
from groundswell.reports.evidence.published_files import is_whole
from groundswell.runs.plan.manifest import fingerprint

MOST_NAMED = 4
"""Reasons that are named; a program that was replaced and a survey that was redone differ in everything."""


def why_due(
    folder: Path, manifest: Manifest | None, inputs: list[dict[str, Any]], parameters: Mapping[str, Any]
) -> str:
    """What differs from the report that was published in `folder` with this manifest; "" where nothing does."""
    if manifest is None:
        return "its manifest.json is damaged"
    if manifest.fingerprint == fingerprint(inputs, parameters):
        return "" if is_whole(folder, manifest) else "a file of it is not as it was published"
    differ = list(_differences(manifest, inputs, parameters)) or [
        "it was made by another version of groundswell"
    ]
    more = f" and {len(differ) - MOST_NAMED} more" if len(differ) > MOST_NAMED else ""
    return ", ".join(differ[:MOST_NAMED]) + more


def _differences(
    manifest: Manifest, inputs: list[dict[str, Any]], parameters: Mapping[str, Any]
) -> Iterator[str]:
    before = {file.path: file.sha256 for file in manifest.inputs}
    now = {str(file["path"]): str(file["sha256"]) for file in inputs}
    for path in sorted(before.keys() | now.keys()):
        if before.get(path) != now.get(path):
            yield f"`{path}` {'is new' if path not in before else 'is gone' if path not in now else 'changed'}"
    for name in parameters:
        if manifest.parameters.get(name) != parameters[name]:
            yield f"the parameter `{name}` is another"
    if manifest.code.sha256 != describe_code()["sha256"]:
        yield "groundswell changed"
    for name, version in describe_packages().items():
        if manifest.packages.get(name) != version:
            yield f"`{name}` is {version}, and was {manifest.packages.get(name, 'absent')}"
