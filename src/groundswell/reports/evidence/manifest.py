"""What a published report says about itself: one typed record, read and written here and nowhere else.

    manifest = read_manifest(folder)         None where the folder holds no sound manifest.json
    look_at_manifest(folder)                 the same, or a sentence that says what is wrong
    write_manifest(folder, sealed(manifest))

Reading is total: a file that is absent, torn, forged or of another shape is none, whatever is wrong with it, so that
the archive can list the folder as damaged and go on. What was read is kept word for word in `content`, over which the
manifest's own checksum is taken.
"""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    AwareDatetime,
    Field,
    FiniteFloat,
    GetCoreSchemaHandler,
    TypeAdapter,
    ValidationError,
)
from pydantic_core import CoreSchema, core_schema

from groundswell.dates import read_date
from groundswell.files import write_whole
from groundswell.reports.evidence.alert_record import AlertRecord, WatchedRecord
from groundswell.vocabulary import ENGLISH

SCHEMA: Final = 2
"""Of what is written. Schema 1 is read too; it called an indicator's `high95` `upp95`, and a check's `code` `check`."""
MANIFEST: Final = "manifest.json"
LARGEST: Final = 2**26
"""Bytes; a manifest has some ten thousand, and what is larger than this is none."""

NEWS_DAYS: Final = 1
"""How much later than its as-of date a report may be made for its alerts to be news: somewhere it is still that day."""

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


def _iso_day(text: str) -> str:
    return read_date(text).isoformat()


IsoDay = Annotated[str, AfterValidator(_iso_day)]


_PART = r"[^/\x00.][^/\x00]*|\.(?:[^/\x00.][^/\x00]*)?|\.\.[^/\x00]+"
"""A part of a path, in a pattern that takes no looking ahead: anything but nothing, and but `..`."""


class _Inside:
    """A path that neither begins with a slash, nor has a part `..`, nor a null: asked of every file of every report."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inside = core_schema.str_schema(pattern=rf"\A(?:(?:{_PART})(?:/(?:{_PART})?)*)?\z")
        asked = core_schema.custom_error_schema(
            inside, "path_outside", custom_error_message="a path leads inside its folder"
        )
        return core_schema.chain_schema([handler(source), asked])


InsidePath = Annotated[str, _Inside()]
Parameter = str | bool | int | FiniteFloat | list[str] | None


@dataclass(frozen=True)
class FileRecord:
    """A file by its path in POSIX form, its SHA-256 and its size in bytes."""

    path: InsidePath
    sha256: str
    bytes: int


@dataclass(frozen=True)
class IndicatorRecord:
    """The level of one indicator on the day of its newest wave, with its 95% interval, and `spark`: levels before it.

    Shares in [0, 1]; all three None where there is no level. `scale` has the ends of a mean's answer scale, `unit` the
    name of its steps; both None for a share.
    """

    indicator: str
    title: str
    share: Share | None
    low95: Share | None
    high95: Annotated[Share | None, Field(validation_alias=AliasChoices("high95", "upp95"))]
    spark: tuple[Share, ...]
    date: IsoDay | None = None
    scale: tuple[FiniteFloat, FiniteFloat] | None = None
    unit: str | None = None

    def __post_init__(self) -> None:
        if len({end is None for end in (self.share, self.low95, self.high95)}) > 1:
            raise ValueError(
                f"`{self.indicator}`: a level comes with both ends of its interval, or there is none"
            )
        if self.scale is not None and self.scale[0] >= self.scale[1]:
            raise ValueError(f"`{self.indicator}`: a scale goes from its lowest answer up to its highest")


@dataclass(frozen=True)
class SummaryRecord:
    """A report in a few words and numbers, for the masthead and the archive (docs/archive.md)."""

    headline: str = ""
    deck: str = ""
    status: str = ""
    kind: str = ""
    waves: int | None = None
    houses: int | None = None
    house_names: dict[str, str] = field(default_factory=dict)
    checks_passed: int | None = None
    checks_run: int | None = None
    indicators: tuple[IndicatorRecord, ...] = ()
    alerts: tuple[AlertRecord, ...] = ()
    watched: tuple[WatchedRecord, ...] = ()


@dataclass(frozen=True)
class CheckRecord:
    """One check of a report: what was looked at, and what came of it."""

    code: Annotated[str, Field(validation_alias=AliasChoices("code", "check"))]
    verdict: str


@dataclass(frozen=True)
class CodeRecord:
    """The program that made a report: its version, a checksum over its files, and its commit where git knows it."""

    version: str = "?"
    sha256: str = "?"
    commit: str | None = None
    dirty: bool | None = None


@dataclass(frozen=True)
class NotebookRecord:
    """The notebook that a report was made with: what is known of how it stands to the committed one.

    `state` is `committed`, `edited` (its code differs from what git holds) or `not under version control`; `sha256` is
    over its code alone.
    """

    state: Literal["committed", "edited", "not under version control"]
    sha256: str


@dataclass(frozen=True)
class LedgerRecord:
    """A report's link in the chain of its survey's forecasts (see `ledger`); None where there is no report before, or
    it has no forecasts."""

    previous: str | None
    forecasts: str | None
    chain: str


@dataclass(frozen=True)
class Manifest:
    """What a report was made from and what came of it; docs/archive.md says what each key means.

    `chosen` are those of the parameters that differ from the notebook's defaults, None where an older program did not
    say. `run` is the id of the run that made it, None where no record was kept or an older program made it. `due` is
    the day by which the next one is due, None where the survey plans none. `ledger` is None where the report has no
    forecasts. `assets` are the files that its page shares with others, by their paths relative to `reports/`; an older
    program named none. `carried` are the files of the project of which the report's folder holds copies (see
    `carried`), None of an older program. `content` is the same as it stands in the file. No user names, host names or
    absolute paths: other paths are relative to the project, in POSIX form.
    """

    schema: Literal[1, 2]
    survey: str
    title: str
    as_of: date
    revision: Annotated[int, Field(ge=1)]
    folder: str
    created: AwareDatetime
    report: SummaryRecord
    run: str | None = None
    due: date | None = None
    edition: str = ""
    notebook: str = "wave_report"
    notebook_code: NotebookRecord | None = None
    language: str = ENGLISH
    parameters: dict[str, Parameter] = field(default_factory=dict)
    chosen: dict[str, Parameter] | None = None
    seed: int | None = None
    ledger: LedgerRecord | None = None
    inputs: tuple[FileRecord, ...] = ()
    carried: tuple[InsidePath, ...] | None = None
    fingerprint: str = ""
    code: CodeRecord = CodeRecord()
    python: str = "?"
    packages: dict[str, str] = field(default_factory=dict)
    checks: tuple[CheckRecord, ...] = ()
    tables: tuple[str, ...] = ()
    times: dict[str, float] = field(default_factory=dict)
    files: tuple[FileRecord, ...] = ()
    assets: tuple[FileRecord, ...] = ()
    sha256: str = ""
    content: Annotated[dict[str, Any], Field(exclude=True)] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """The report among all: `<survey>/<folder>`."""
        return f"{self.survey}/{self.folder}"

    @property
    def news(self) -> tuple[AlertRecord, ...]:
        """The alerts of a report that was made on its own date; of one for a past date none are news."""
        return self.report.alerts if (self.created.date() - self.as_of).days <= NEWS_DAYS else ()


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a published report; None where there is none, or it is damaged in any way."""
    found = look_at_manifest(folder)
    return None if isinstance(found, str) else found


def look_at_manifest(folder: Path, *, whole: bool = True) -> Manifest | str:
    """The manifest of a published report, or what is wrong with it in a few words, which follow on its name.

    Without `whole` its `content` stays empty, which is quicker by half.
    """
    try:
        return _opened(folder / MANIFEST, whole=whole)
    except (OSError, ValueError) as error:
        words = str(error)
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in words.partition("\n")[0])


def _opened(file: Path, *, whole: bool) -> Manifest:
    """The manifest in a file.

    Raises: ValueError or OSError, whatever is wrong with it.
    """
    try:
        found = file.stat()
    except (OSError, ValueError):
        raise ValueError("is no file" if file.is_symlink() or file.exists() else "is missing") from None
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("is no file")
    if found.st_size > LARGEST:
        raise ValueError(f"has {found.st_size:,} bytes, which no manifest has")
    try:
        text = file.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    try:
        return _manifest(text, whole=whole)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"is damaged: {error}") from error


def manifest_of(content: Mapping[str, Any]) -> Manifest:
    """The record of what a run is about to write.

    Raises: ValueError where it could not be read again.
    """
    return _manifest(json.dumps(content).encode(), whole=True)


def _manifest(text: bytes, *, whole: bool) -> Manifest:
    try:
        record = _adapter().validate_json(text, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ValueError(f"`{place}`: {first['msg']}" if place else first["msg"]) from error
    return replace(record, content=json.loads(text)) if whole else record


@lru_cache
def _adapter() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)


def sealed(manifest: Manifest, **parts: Any) -> Manifest:
    """The manifest with these parts of its content added, and its own checksum, by which a later change is seen."""
    content = {**manifest.content, **parts}
    return manifest_of({**content, "sha256": checksum_of(content)})


def checksum_of(content: Mapping[str, Any]) -> str:
    """SHA-256 over everything that a manifest's content says but this checksum itself, whatever its layout."""
    said = {key: part for key, part in content.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write `manifest.json` as JSON that a person can read and a tool can compare."""
    write_whole(folder / MANIFEST, json.dumps(manifest.content, ensure_ascii=False, indent=1) + "\n")
