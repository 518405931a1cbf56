"""One row of `toplines.csv`: its cells as written -> a checked record, or what is wrong with each cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import partial
from typing import Final, TypeVar, get_args

from groundswell.waves.surveys.answer_scale import Ends
from groundswell.waves.surveys.fieldwork import (
    LONGEST,
    PRECISIONS,
    Period,
    Precision,
    parse_survey_date,
    period,
)
from groundswell.waves.surveys.survey_toml import Certainty
from groundswell.waves.toml.textfile import unseen
from groundswell.waves.toplines.cells import (
    mean_rounding_step,
    one_of,
    parse_count,
    parse_deff,
    parse_mean,
    parse_mean_margin,
    parse_moe,
    parse_share,
    parse_url,
    rounding_step,
)

COLUMNS: Final = (
    "indicator", "variant", "house", "mode", "category", "share", "share_low", "share_high", "start", "end",
    "precision", "n", "deff", "moe", "published", "source_title", "source_url", "certainty", "note",
)  # fmt: skip
SHARES: Final = ("share", "share_low", "share_high")
DATES: Final = ("start", "end", "published")
REQUIRED: Final = (
    "indicator",
    "variant",
    "house",
    "category",
    "end",
    "precision",
    "source_title",
    "certainty",
)
# from the surest to the least sure
CERTAINTIES: Final[tuple[Certainty, ...]] = get_args(Certainty)
Found = tuple[str, str]
Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class ReadRow:
    """What could be read of one row: None, or an empty text, for a cell that is empty or `wrong`; shares in [0, 1].

    A mean stands there by its place in [0, 1] between the ends of its scale. `rounding` is the step of the printed
    share (0.01 for whole percents); `line` counts from 1.
    """

    indicator: str
    variant: str
    house: str
    mode: str
    category: str
    share: float | None
    share_low: float | None
    share_high: float | None
    start: date | None
    end: date | None
    precision: Precision | None
    n: int | None
    deff: float | None
    moe: float | None
    published: date | None
    source_title: str
    source_url: str
    certainty: Certainty | None
    note: str
    line: int
    rounding: float
    wrong: frozenset[str] = frozenset()

    @property
    def wave(self) -> tuple[str, str, str, str, date | None, date | None]:
        """What makes rows belong to one wave."""
        return self.indicator, self.variant, self.house, self.mode, self.start, self.end

    @property
    def least_share(self) -> float:
        """The share, or the low end of its range."""
        return self.share if self.share is not None else self.share_low or 0.0

    @property
    def asked(self) -> Period | None:
        """The days on which the wave may have been asked; None where its dates or their precision are wrong."""
        if self.end is None or self.precision is None or self.wrong & {"start", "end"}:
            return None
        return period(self.start, self.end, self.precision)


@dataclass(frozen=True)
class ToplineRow(ReadRow):
    """One answer category of a wave as published: nothing in it is wrong; either `share` or `share_low, share_high`."""

    end: date
    precision: Precision
    certainty: Certainty

    @property
    def known_from(self) -> date:
        """The day of publication, or the last day on which it may have been asked (`known_on`, of one row)."""
        return self.published or period(self.start, self.end, self.precision).end


def sound_row(row: ReadRow) -> ToplineRow | None:
    """The record, None where a cell is wrong."""
    if row.wrong:
        return None
    return ToplineRow(**{each.name: getattr(row, each.name) for each in fields(row)})


def read_row(cells: Mapping[str, str], line: int, scale: Ends | None = None) -> tuple[ReadRow, list[Found]]:
    """What can be read of `cells` (column -> text), and all faults of single cells and of the row's own rules.

    `scale` is that of a mean, whose numbers are written on it."""
    faults = list(_text_faults(cells))

    def read(column: str, parse: Callable[[str], Parsed]) -> Parsed | None:
        try:
            return parse(cells[column]) if cells[column] else None
        except ValueError as error:
            faults.append((column, str(error)))
            return None

    parse_margin = parse_moe if scale is None else partial(parse_mean_margin, ends=scale)
    parse_figure = parse_share if scale is None else partial(parse_mean, ends=scale)
    step = rounding_step if scale is None else partial(mean_rounding_step, ends=scale)
    share, low, high = (read(column, parse_figure) for column in SHARES)
    start, end, published = (read(column, parse_survey_date) for column in DATES)
    precision = read("precision", lambda text: one_of(text, PRECISIONS))
    certainty = read("certainty", lambda text: one_of(text, CERTAINTIES))
    n, deff, moe = read("n", parse_count), read("deff", parse_deff), read("moe", parse_margin)
    read("source_url", parse_url)
    faults += [*_share_faults(cells, low, high), *_date_faults(start, end)]
    row = ReadRow(
        indicator=cells["indicator"], variant=cells["variant"], house=cells["house"], mode=cells["mode"],
        category=cells["category"], share=share, share_low=low, share_high=high, start=start, end=end,
        precision=precision, n=n, deff=deff, moe=moe, published=published, source_title=cells["source_title"],
        source_url=cells["source_url"], certainty=certainty, note=cells["note"], line=line,
        rounding=max(step(cells[column]) for column in SHARES),
        wrong=frozenset(column for column, _ in faults),
    )  # fmt: skip
    return row, faults


def _text_faults(cells: Mapping[str, str]) -> Iterator[Found]:
    """Cells that must not be empty, and characters that cannot be seen."""
    for column, text in cells.items():
        if (character := unseen(text)) is not None:
            yield column, f"holds the character {character}, which cannot be seen: delete it"
        elif not text and column in REQUIRED:
            yield column, "is empty, must be given"


def _share_faults(cells: Mapping[str, str], low: float | None, high: float | None) -> Iterator[Found]:
    """Either a share or a range, and the range the right way round."""
    ends = cells["share_low"], cells["share_high"]
    if cells["share"] and any(ends):
        yield "share", "has a share and a range: give `share`, or `share_low` and `share_high`, not both"
    elif not cells["share"] and not any(ends):
        yield "share", "has neither a share nor a range: give `share`, or `share_low` and `share_high`"
    elif any(ends) and not all(ends):
        yield "share_high" if ends[0] else "share_low", "is empty: a range needs both its ends"
    if low is not None and high is not None and low >= high:
        way_out = "swap them" if low > high else "write it as `share`"
        yield "share_low", f"must be below `share_high`, got {low:g} and {high:g}: {way_out}"


def _date_faults(start: date | None, end: date | None) -> Iterator[Found]:
    """The end not before the start."""
    if start is not None and end is not None and end < start:
        yield "end", f"is before the start: fieldwork from {start} to {end}"


def fieldwork_faults(row: ReadRow) -> Iterator[Found]:
    """Dates that the row's precision or its publication contradicts, as far as they can be read."""
    asked = row.asked
    if asked is None or row.end is None or row.precision is None:
        return
    days = Period(row.start or row.end, row.end).days
    if days > LONGEST[row.precision]:
        message = (
            f"dated to a {row.precision}, but fieldwork spans {days} days: check the dates or the precision"
        )
        yield "precision", message
    began = asked.end if row.precision == "day" else asked.start
    if row.published is not None and row.published < began:
        yield "published", _too_early(row.published, asked)


def _too_early(published: date, asked: Period) -> str:
    days = str(asked.start) if asked.days == 1 else f"from {asked.start} to {asked.end}"
    return f"is before the end of fieldwork: published {published}, asked {days}"
