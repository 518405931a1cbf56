"""A report's folder as an RO-Crate: what each file is, and the run that made it, in a form that other programs read.

RO-Crate 1.1 (https://w3id.org/ro/crate/1.1) with the profile Process Run Crate 0.5 (https://w3id.org/ro/wfrun/process/0.5):
one action, whose instrument is groundswell, whose objects are inputs and parameters, and whose results are the report's
files. Written by hand, since it is one file of JSON. Nothing is in it that the manifest and the folder do not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

from groundswell.reports.evidence.carried import CRATE, INPUTS, LOCK, by_checksum_alone
from groundswell.reports.evidence.manifest import MANIFEST, FileRecord, Manifest
from groundswell.reports.publish.parameter_text import parameter_text
from groundswell.reports.publish.reproduce import command

SPECIFICATION: Final = "https://w3id.org/ro/crate/1.1"
PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
CONTEXT: Final = [f"{SPECIFICATION}/context", {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}]
PROGRAM: Final = "#groundswell"
PYTHON: Final = "#python"
RUN: Final = "#run"
LICENCE: Final = "#licence"

FORMATS: Final = {
    ".html": "text/html",
    ".ipynb": "application/x-ipynb+json",
    ".csv": "text/csv",
    ".json": "application/json",
    ".toml": "application/toml",
    ".txt": "text/plain",
}
NAMED: Final = {
    "index.html": "The report's page",
    "report.ipynb": "The notebook as it was executed",
    "findings.json": "The findings, and what the archive shows of the report",
    MANIFEST: "What the report was made from and what came of it, with the checksum of each file",
    LOCK: "The packages that the report was made with",
}
"""What is said of files that every report has; others are called by their names."""

Entity = dict[str, Any]


def crate_of(manifest: Manifest, files: Iterable[Mapping[str, Any]], *, licence: str) -> Entity:
    """The crate of a report with these `files` (`path, sha256, bytes`), its manifest still to be written."""
    described = [_file(FileRecord(**file)) for file in files]
    described.append({"@id": MANIFEST, "@type": "File", "name": NAMED[MANIFEST], **_format(MANIFEST)})
    absent = [_absent(file) for file in by_checksum_alone(manifest)]
    parameters = [_parameter(name, value) for name, value in manifest.parameters.items()]
    inside = [file for file in described if file["@id"].startswith(f"{INPUTS}/")]
    results = [file for file in described if file not in inside and file["@id"] != LOCK]
    graph = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": SPECIFICATION},
            "about": {"@id": "./"},
        },
        _root(manifest, described, absent),
        {"@id": LICENCE, "@type": "CreativeWork", "name": licence, "description": "As the survey states it."},
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        *_programs(manifest),
        {
            "@id": RUN,
            "@type": "CreateAction",
            "name": f"{manifest.title}, as of {manifest.as_of}",
            "description": command(manifest),
            "endTime": manifest.created.isoformat(),
            "instrument": {"@id": PROGRAM},
            "object": _links([*inside, *absent, *parameters]),
            "result": _links(results),
        },
        *described,
        *absent,
        *parameters,
    ]
    return {"@context": CONTEXT, "@graph": graph}


def _root(manifest: Manifest, described: Sequence[Entity], absent: Sequence[Entity]) -> Entity:
    """The folder itself."""
    about = manifest.report.deck or manifest.report.headline or manifest.title
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{manifest.title}, as of {manifest.as_of}",
        "description": about,
        "identifier": f"{manifest.name}, fingerprint {manifest.fingerprint}",
        "datePublished": manifest.created.isoformat(),
        "inLanguage": manifest.language,
        "license": {"@id": LICENCE},
        "conformsTo": {"@id": PROFILE},
        "hasPart": _links(described),
        "mentions": _links([{"@id": RUN}, *absent]),
    }


def _programs(manifest: Manifest) -> list[Entity]:
    """groundswell and its Python; the lock names the rest."""
    return [
        {
            "@id": PROGRAM,
            "@type": "SoftwareApplication",
            "name": "groundswell",
            "softwareVersion": manifest.code.version,
            "identifier": f"sha256 {manifest.code.sha256}",
            "softwareRequirements": [{"@id": PYTHON}, {"@id": LOCK}],
        },
        {
            "@id": PYTHON,
            "@type": "ComputerLanguage",
            "name": "Python",
            "version": manifest.python,
            "url": "https://www.python.org/",
        },
    ]


def _file(file: FileRecord) -> Entity:
    return {
        "@id": _id(file.path),
        "@type": "File",
        "name": NAMED.get(file.path, PurePosixPath(file.path).name),
        **_format(file.path),
        "contentSize": str(file.bytes),
        "sha256": file.sha256,
    }


def _absent(file: FileRecord) -> Entity:
    """A file that is named and not given."""
    return {
        "@id": f"#{_id(file.path)}",
        "@type": "CreativeWork",
        "name": PurePosixPath(file.path).name,
        "description": "Respondents, or what was estimated from them: not part of this folder.",
        "contentSize": str(file.bytes),
        "sha256": file.sha256,
    }


def _parameter(name: str, value: Any) -> Entity:
    return {
        "@id": f"#parameter-{quote(name)}",
        "@type": "PropertyValue",
        "name": name,
        "value": parameter_text(value),
    }


def _format(path: str) -> Entity:
    known = FORMATS.get(PurePosixPath(path).suffix)
    return {"encodingFormat": known} if known else {}


def _id(path: str) -> str:
    """A path as an address relative to the folder."""
    return quote(path)


def _links(entities: Iterable[Entity]) -> list[Entity] | Entity:
    """References to entities; the one itself where it is the only one, as the specification writes it."""
    links = [{"@id": each["@id"]} for each in entities]
    return links[0] if len(links) == 1 else links
