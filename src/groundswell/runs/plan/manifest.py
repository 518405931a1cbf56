"""What a report was made from, in one file: enough to make it again and to see what differs if that fails.

No user names, host names or absolute paths: paths are relative to the project, in POSIX form.
"""

from __future__ import annotations

import hashlib
import json
import platform
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from groundswell.checksum import checksum
from groundswell.program import describe_code, describe_packages
from groundswell.reports.language.catalogue import ENGLISH
from groundswell.waves.wave.record import COVARIANCE, ESTIMATES

SCHEMA = 1
MANIFEST = "manifest.json"


def describe_files(files: Iterable[Path], base: Path) -> list[dict[str, Any]]:
    """`path` (relative to `base`), `sha256` and `bytes` of each file, sorted by path."""
    return [
        {"path": file.relative_to(base).as_posix(), "sha256": checksum(file), "bytes": file.stat().st_size}
        for file in sorted(files)
    ]


def survey_inputs(survey_folder: Path) -> list[Path]:
    """Every file of a survey folder that decides a report: not its README, nothing hidden or half-saved.

    Kept estimates of respondents who are here follow from them, and are made while a report is.
    """
    return [
        file
        for file in survey_folder.rglob("*")
        if file.is_file()
        and file.name != "README.md"
        and not file.name.endswith("~")
        and not _follows_from_respondents(file)
        and not any(part.startswith((".", "~")) for part in file.relative_to(survey_folder).parts)
    ]


def _follows_from_respondents(file: Path) -> bool:
    """Whether this is a wave's kept estimates, or the waves' covariance, with all the respondents beside it."""
    if file.name == COVARIANCE:
        return all(_has_respondents(wave) for wave in file.parent.glob("*.toml"))
    wave = file.with_name(file.name.removesuffix(ESTIMATES) + ".toml")
    return file.name.endswith(ESTIMATES) and wave.is_file() and _has_respondents(wave)


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


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest of a published report; None where there is no readable one."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def compile_manifest(
    *, inputs: list[dict[str, Any]], parameters: Mapping[str, Any], saved: Path, **about: Any
) -> dict[str, Any]:
    """The manifest of a report whose notebook has run and saved `checks.json` and `findings.json` in `saved`.

    `about` holds what only the run knows: survey, title, as_of, revision, folder, edition, notebook, created,
    times.
    """
    checks = json.loads((saved / "checks.json").read_text(encoding="utf-8"))
    findings = json.loads((saved / "findings.json").read_text(encoding="utf-8"))
    return {
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


def seal(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with its own checksum under `sha256`, so that a later change of it is seen."""
    return {**manifest, "sha256": checksum_of(manifest)}


def checksum_of(manifest: Mapping[str, Any]) -> str:
    """SHA-256 over everything that a manifest says but this checksum itself, whatever its layout."""
    said = {key: part for key, part in manifest.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def write_json(file: Path, content: Any) -> None:
    """Write `content` as JSON that a person can read and a tool can compare."""
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
