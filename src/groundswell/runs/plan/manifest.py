"""What a report is made from: the files that decide it, a fingerprint over all that does, and its manifest."""

from __future__ import annotations

import hashlib
import json
import platform
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from groundswell.checksum import checksum
from groundswell.program import describe_code, describe_packages
from groundswell.reports.evidence.manifest import SCHEMA, Manifest, manifest_of
from groundswell.runs.plan.notebook import ReportNotebook
from groundswell.vocabulary import ENGLISH
from groundswell.waves.wave.half_file import HALF_FETCHED
from groundswell.waves.wave.wave_toml import COVARIANCE, ESTIMATES


def describe_files(files: Iterable[Path], base: Path) -> list[dict[str, Any]]:
    """`path` (relative to `base`), `sha256` and `bytes` of each file, sorted by path."""
    return [
        {"path": file.relative_to(base).as_posix(), "sha256": checksum(file), "bytes": file.stat().st_size}
        for file in sorted(files)
    ]


def describe_notebook(notebook: ReportNotebook, project: Path) -> dict[str, Any]:
    """The notebook as an input: its checksum is over its code alone, so that an autosave of outputs changes nothing."""
    path = notebook.file.relative_to(project).as_posix()
    return {"path": path, "sha256": notebook.sha256, "bytes": notebook.bytes}


HALF_SAVED: Final = ("~", HALF_FETCHED)
"""How a file ends that an editor kept besides, or that a download began."""


def survey_inputs(survey_folder: Path) -> list[Path]:
    """Every file of a survey folder that decides a report: not its README, nothing hidden or half-saved.

    Kept estimates of respondents who are here follow from them, and are made while a report is.
    """
    return [
        file
        for file in survey_folder.rglob("*")
        if file.is_file()
        and file.name != "README.md"
        and not file.name.endswith(HALF_SAVED)
        and not _follows_from_respondents(file)
        and not any(part.startswith((".", "~")) for part in file.relative_to(survey_folder).parts)
    ]


def _follows_from_respondents(file: Path) -> bool:
    """Whether this is a wave's kept estimates, or the waves' covariance, with all the respondents next to it."""
    if file.name == COVARIANCE:
        return all(_has_respondents(wave) for wave in file.parent.glob("*.toml"))
    if not file.name.endswith(ESTIMATES):
        return False
    # one of many waves of a file is called `<name of its TOML>-<code>`
    name = file.name.removesuffix(ESTIMATES)
    tomls = (
        toml for toml in file.parent.glob("*.toml") if name == toml.stem or name.startswith(f"{toml.stem}-")
    )
    return any(_has_respondents(toml) for toml in tomls)


def _has_respondents(wave: Path) -> bool:
    """Whether the respondents that a wave's TOML names are here."""
    try:
        respondents = tomllib.loads(wave.read_text(encoding="utf-8")).get("file")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):  # the wave's own faults are told where it is read
        return False
    return isinstance(respondents, str) and (wave.parent / respondents).is_file()


def fingerprint(inputs: list[dict[str, Any]], parameters: Mapping[str, Any]) -> str:
    """One SHA-256 over what decides a report: inputs, parameters, code and package versions.

    Two runs with the same fingerprint make the same report.
    """
    decides = [inputs, parameters, describe_code()["sha256"], describe_packages()]
    return hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()


def compile_manifest(
    *, inputs: list[dict[str, Any]], parameters: Mapping[str, Any], saved: Path, **about: Any
) -> Manifest:
    """The manifest of a report whose notebook has run and saved `checks.json` and `findings.json` in `saved`.

    `about` holds what only the run knows: survey, title, as_of, revision, folder, edition, notebook, notebook_code,
    chosen, ledger, run, created.

    Raises: ValueError, KeyError or TypeError where what the notebook saved is not what a manifest may hold.
    """
    checks = json.loads((saved / "checks.json").read_text(encoding="utf-8"))
    findings = json.loads((saved / "findings.json").read_text(encoding="utf-8"))
    return manifest_of(
        {
            "schema": SCHEMA,
            **about,
            "language": findings.get("language") or parameters.get("language") or ENGLISH,
            "parameters": dict(parameters),
            "seed": parameters.get("seed"),
            "inputs": inputs,
            "fingerprint": fingerprint(inputs, parameters),
            "code": describe_code(),
            "python": platform.python_version(),
            "packages": describe_packages(),
            "checks": checks,
            "tables": sorted(file.name for file in saved.glob("*.csv")),
            "report": findings["summary"],
        }
    )
