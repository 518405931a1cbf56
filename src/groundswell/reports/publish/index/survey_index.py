"""What the pages about the archive need of a survey's reports, kept from one publication to the next.

A report is read once: what its manifest says is kept next to the manifest's stamp (time, size and number of the file),
and read again only when that is another. A survey's `SurveyIndex` has two parts: its `Head`, all that the pages about
the whole archive show of it, and its `reports`. So a publication reads the heads of all surveys and the reports of one.

Nothing here is a source: whatever is missing, stale or damaged is made again from the reports' folders.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter

from groundswell.errors import RunError
from groundswell.reports.evidence.earlier.ledger import SCORES, earlier_reports, read_record, scores_text
from groundswell.reports.evidence.manifest import MANIFEST, CodeRecord, Manifest
from groundswell.reports.publish.archive import folders_of, newest_first, read_report
from groundswell.reports.publish.feed import ENTRIES
from groundswell.reports.publish.index.archived_scores import NEEDED, ForecastRecord, forecast_record
from groundswell.reports.publish.index.index_section import index_sections
from groundswell.reports.publish.report_line import ReportLine
from groundswell.vocabulary import ENGLISH

RECENT = 20
"""A survey's newest reports that the pages about the whole archive may show."""

PAGE = 60
"""Reports on a survey's page, with their levels. A survey that has more gets a page a year, which lists all of it."""

Stamp = tuple[int, int, int]
"""What tells one state of a file from another without reading it: its time in nanoseconds, its size, its number."""

NO_FILE: Stamp = (0, 0, 0)


@dataclass(frozen=True)
class Indexed:
    """One folder of the archive: its report in short, or its `fault`; `scores` is the text of its scores.csv."""

    stamps: tuple[Stamp, Stamp]
    manifest: Manifest | None = None
    fault: str = ""
    scores: str | None = None


@dataclass(frozen=True)
class Made:
    """A report for the feed, as the text that it was kept in: of all surveys' only the newest hundred are opened."""

    created: datetime
    text: str

    @classmethod
    def of(cls, manifest: Manifest) -> Made:
        """The report without its levels."""
        bare = replace(manifest, report=replace(manifest.report, indicators=()))
        return cls(manifest.created, _manifests().dump_json(bare, exclude_defaults=True).decode())

    def opened(self) -> Manifest:
        """The report again."""
        return _manifests().validate_json(self.text)


@lru_cache
def _manifests() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)


@dataclass(frozen=True)
class Head:
    """A survey as the pages about the whole archive show it.

    `recent` are its newest reports, newest as-of date first, as lines of `summary.json`; `made` those that were made
    last, for the feed, without their levels; `sections` are its section of the index, by language; `years` counts its
    reports by the year of their as-of date; `damaged` says what is wrong with each folder that should be a report;
    `pages` has the stamps of the survey's own pages as they were written, by their names.
    """

    survey: str
    title: str
    language: str
    years: dict[int, int] = field(default_factory=dict)
    recent: tuple[ReportLine, ...] = ()
    made: tuple[Made, ...] = ()
    sections: dict[str, str] = field(default_factory=dict)
    damaged: dict[str, str] = field(default_factory=dict)
    forecasts: ForecastRecord | None = None
    pages: dict[str, Stamp] = field(default_factory=dict)

    @property
    def reports(self) -> int:
        """How many sound reports the survey has."""
        return sum(self.years.values())

    @property
    def frame(self) -> tuple[str, str, bool]:
        """What stands on all of the survey's pages alike."""
        return self.title, self.language, self.reports > PAGE


@dataclass(frozen=True)
class SurveyIndex:
    """A survey's head and every folder of it that should be a report, by its name."""

    head: Head
    reports: dict[str, Indexed]

    def with_pages(self, pages: dict[str, Stamp]) -> SurveyIndex:
        """The index with the stamps of the survey's own pages as they were written now."""
        return SurveyIndex(replace(self.head, pages=pages), self.reports)

    def changed_years(self, other: SurveyIndex) -> set[str]:
        """The years, in four digits, of which a report is another than it was, or came, or went."""
        names = self.reports.keys() | other.reports.keys()
        return {name[:4] for name in names if self.reports.get(name) != other.reports.get(name)}

    @property
    def manifests(self) -> list[Manifest]:
        """Its sound reports in short, newest as-of date first, then the newest revision."""
        return _sound(self.reports)

    @property
    def latest(self) -> Manifest | None:
        """The newest report with the default parameters."""
        return _latest(self.manifests)


def stamp(file: Path | str) -> Stamp:
    """The stamp of a file; that of no file where there is none, or it cannot be looked at."""
    try:
        found = os.stat(file)  # noqa: PTH116 - asked twenty thousand times, and no Path is needed
    except (OSError, ValueError):
        return NO_FILE
    return found.st_mtime_ns, found.st_size, found.st_ino


def index_survey(survey_reports: Path, known: SurveyIndex | None = None) -> SurveyIndex:
    """A survey's index as its folders are now; what is `known` of one that has not changed is taken from there."""
    before = known.reports if known else {}
    try:
        folders = sorted(folders_of(survey_reports))
    except RunError as error:
        return SurveyIndex(_head(survey_reports, {}, {".": str(error)}), {})
    reports = {folder.name: _indexed(folder, before.get(folder.name)) for folder in folders}
    if known is not None and reports == before:
        return SurveyIndex(known.head, reports)
    head = _head(survey_reports, reports, {})
    return SurveyIndex(replace(head, pages=known.head.pages if known else {}), reports)


def _indexed(folder: Path, known: Indexed | None) -> Indexed:
    place = str(folder)
    stamps = stamp(f"{place}/{MANIFEST}"), stamp(f"{place}/{SCORES}")
    # What cannot be looked at is looked at again: its stamp says nothing of what became of it.
    if known is not None and known.stamps == stamps and stamps[0] != NO_FILE:
        return known
    found = read_report(folder, whole=False)
    if isinstance(found, str):
        return Indexed(stamps, fault=found)
    return Indexed(stamps, in_short(found), scores=scores_text(folder, found))


def in_short(manifest: Manifest) -> Manifest:
    """The manifest without what no page about the archive shows."""
    language = {key: value for key, value in manifest.parameters.items() if key == "language"}
    short = copy(
        manifest
    )  # `replace` would set every other field again, which ten thousand times is a third of a second
    vars(short).update(
        parameters=language,
        chosen=None,
        notebook_code=None,
        inputs=(),
        code=CodeRecord(),
        packages={},
        checks=(),
        tables=(),
        times={},
        files=(),
        assets=(),
        content={},
    )
    return short


def _sound(reports: Mapping[str, Indexed]) -> list[Manifest]:
    return newest_first(each.manifest for each in reports.values() if each.manifest is not None)


def _latest(sound: Sequence[Manifest]) -> Manifest | None:
    return next((each for each in sound if not each.edition), None)


def _head(survey_reports: Path, reports: Mapping[str, Indexed], damaged: dict[str, str]) -> Head:
    survey, sound = survey_reports.name, _sound(reports)
    latest = _latest(sound)
    shown = latest or next(iter(sound), None)
    own = (each.language for each in sound if each.parameters.get("language") is None)
    title, language = (sound[0].title if sound else survey), next(own, ENGLISH)
    damaged = damaged | {name: each.fault for name, each in reports.items() if each.fault}
    forecasts = None if latest is None else _forecasts(survey_reports, latest, reports)
    made = sorted(sound, key=lambda each: each.created, reverse=True)[:ENTRIES]
    return Head(
        survey=survey,
        title=title,
        language=language,
        years=dict(Counter(each.as_of.year for each in sound)),
        recent=tuple(ReportLine.of(each) for each in sound[:RECENT]),
        made=tuple(Made.of(each) for each in made),
        sections=index_sections(
            survey, title, language, sound, shown=shown, forecasts=forecasts, damaged=damaged
        ),
        damaged=damaged,
        forecasts=forecasts,
    )


def _forecasts(
    survey_reports: Path, latest: Manifest, reports: Mapping[str, Indexed]
) -> ForecastRecord | None:
    """How the forecasts along the chain held that ends with the newest report."""

    def read(folder: Path) -> Manifest | None:
        known = reports.get(folder.name)
        return known.manifest if known else None

    project = survey_reports.parent.parent
    chain: Iterable[tuple[Path, Manifest | None]] = (
        (survey_reports / latest.folder, latest),
        *earlier_reports(project, latest, read),
    )
    links = [link for _, link in chain if link is not None]
    told = ((link.folder, reports[link.folder].scores) for link in links)
    record = read_record(told, NEEDED)
    found, oldest = forecast_record(record, latest.report.house_names), links[-1].ledger
    if found is None or oldest is None or not oldest.previous:
        return found
    return replace(found, lost=oldest.previous.rpartition("/")[2])
