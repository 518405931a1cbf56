"""`benchmarks.csv`: where the truth became known (a census, a registry, an election), one row a figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from groundswell.errors import Fault, FaultsError, nearest
from groundswell.waves.surveys.fieldwork import parse_survey_date
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.toml.textfile import unseen
from groundswell.waves.toplines.cells import parse_mean, parse_share, parse_url
from groundswell.waves.toplines.written import Columns, by_column, read_records

BENCHMARK_COLUMNS: Final = (
    *("indicator", "variant", "share", "start", "end", "published", "source_title", "source_url", "note"),
)
NEEDED: Final = ("indicator", "share", "end", "source_title")
WRITTEN: Final = Columns(
    BENCHMARK_COLUMNS, needed=BENCHMARK_COLUMNS, about="docs/formats.md says which cells may be empty"
)
Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class Benchmark:
    """What was true from `start` to `end`: a share in [0, 1], of a mean its place between the ends of its scale.

    `variant` is the wording that it answers, "" where it is the level's. `line` counts from 1.
    """

    indicator: str
    variant: str
    share: float
    start: date
    end: date
    published: date | None
    source_title: str
    source_url: str
    note: str
    line: int

    @property
    def middle(self) -> date:
        """The day in the middle of the time that it is true of."""
        return self.start + (self.end - self.start) / 2

    @property
    def known_from(self) -> date:
        """From when on it was known."""
        return self.published or self.end


def read_benchmarks(survey: Survey) -> list[Benchmark]:
    """What became known as true of a survey's indicators; nothing where it has no such file.

    Raises: FaultsError with every fault of the file.
    """
    rows, faults = checked_benchmarks(survey)
    if faults:
        raise FaultsError(str(survey.benchmarks), faults)
    return rows


def checked_benchmarks(survey: Survey) -> tuple[list[Benchmark], list[Fault]]:
    """The sound rows of `benchmarks.csv`, and its faults."""
    file = survey.benchmarks
    if not file.exists():
        return [], _not_there(file, survey)
    try:
        header, records = read_records(file, ", ".join(BENCHMARK_COLUMNS))
    except FaultsError as error:
        return [], list(error.faults)
    written = by_column(file, header, records, WRITTEN)
    rows: list[Benchmark] = []
    faults = list(written.faults)
    for line, cells in written.rows:
        row, found = _read(cells, line, survey)
        faults += [Fault(file, line, *fault) for fault in found if fault[0] in written.names]
        if row is not None:
            faults += _twice(file, row, rows)
            rows.append(row)
    return rows, sorted(faults, key=lambda fault: fault.line or 0)


def _not_there(file: Path, survey: Survey) -> list[Fault]:
    if survey.shared_bias.learn is None:
        return []
    return [Fault(file, None, "", 'is missing: `learn = "benchmarks"` in survey.toml needs it')]


def _read(
    cells: Mapping[str, str], line: int, survey: Survey
) -> tuple[Benchmark | None, list[tuple[str, str]]]:
    """One row, None where a cell of it is wrong, and what is wrong."""
    faults: list[tuple[str, str]] = []
    for column, text in cells.items():
        if (character := unseen(text)) is not None:
            faults.append((column, f"holds the character {character}, which cannot be seen: delete it"))
        elif not text and column in NEEDED:
            faults.append((column, "is empty, must be given"))

    def read(column: str, parse: Callable[[str], Parsed]) -> Parsed | None:
        try:
            return parse(cells[column]) if cells[column] else None
        except ValueError as error:
            faults.append((column, str(error)))
            return None

    indicator = survey.indicators.get(cells["indicator"])
    scale = None if indicator is None else indicator.scale
    share = read("share", parse_share if scale is None else partial(parse_mean, ends=scale))
    start, end, published = (read(column, parse_survey_date) for column in ("start", "end", "published"))
    read("source_url", parse_url)
    if indicator is None and cells["indicator"]:
        faults.append(
            (
                "indicator",
                f"no such indicator `{cells['indicator']}`; {nearest(cells['indicator'], survey.indicators)}",
            )
        )
    elif indicator is not None and cells["variant"] and cells["variant"] not in indicator.variants:
        message = f"no such variant `{cells['variant']}`; {nearest(cells['variant'], indicator.variants)}"
        faults.append(("variant", message))
    if share is not None and not 0.0 < share < 1.0:
        faults.append(
            ("share", f"must lie between the ends of its scale, not on one, got `{cells['share']}`")
        )
    if start is not None and end is not None and end < start:
        faults.append(("end", f"is before the start: from {start} to {end}"))
    if published is not None and end is not None and published < (start or end):
        faults.append(
            ("published", f"is before what it is true of: published {published}, true from {start or end}")
        )
    if faults or share is None or end is None:
        return None, faults
    texts = {name: cells[name] for name in ("indicator", "variant", "source_title", "source_url", "note")}
    return Benchmark(share=share, start=start or end, end=end, published=published, line=line, **texts), []


def _twice(file: Path, row: Benchmark, before: Sequence[Benchmark]) -> list[Fault]:
    """One truth of one time stands once."""
    for other in before:
        if (other.indicator, other.variant, other.start, other.end) == (
            row.indicator,
            row.variant,
            row.start,
            row.end,
        ):
            return [Fault(file, row.line, "end", f"is the figure of line {other.line} again: keep one row")]
    return []
