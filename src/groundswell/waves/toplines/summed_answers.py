"""Answer categories -> waves: the numerator's shares summed, dates stretched to their whole period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from groundswell.waves.surveys.fieldwork import period
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.toplines.margin_of_error import effective_n
from groundswell.waves.toplines.row import CERTAINTIES

if TYPE_CHECKING:
    import pandas as pd

WAVE: Final = ("indicator", "variant", "house", "mode", "start", "end")

Row = Mapping[Any, Any]
"""One row of the table by its columns; a table of ten thousand is read faster so than by pandas' own groups."""


class Printed(NamedTuple):
    """The printed share of one answer: from `low` to `high`, which are equal where it is no range, and the step to
    which it was rounded."""

    low: float
    high: float
    rounding: float


def topline_waves(survey: Survey, toplines: pd.DataFrame) -> list[dict[str, Any]]:
    """One record a wave × indicator from rows that `read_toplines` gave, perhaps fewer of them.

    Keys: `indicator, variant, house, mode, start, end` (the whole period, cut at publication), `precision`; `share`
    (NaN where the wave lacks a category of the numerator, which `lacks` then names), `range_low, range_high` (NaN
    where no category is a range), `rounding` (the one step whose variance is that of all the roundings summed);
    `n`, `deff` (None where not published), `n_effective` (as the published margin says, else None); `sd` (of a
    mean, between people, as a part of its scale; None of a share); `published` (None where not known of every
    category), `certainty` (of the least sure category), `source, source_url, note`, `flags`; `answers`, the `Printed`
    share of each category, counted or not."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in toplines.to_dict("records"):
        groups.setdefault(tuple(row[name] for name in WAVE), []).append(row)
    return [_wave(survey, rows) for rows in groups.values()]


def known_on(toplines: pd.DataFrame) -> pd.Series[Any]:
    """From when each row was known: its publication, or the last day on which it may have been asked."""
    import pandas as pd

    stated = zip(toplines["start"], toplines["end"], toplines["precision"], strict=True)
    ends = [period(_day(start), end.date(), precision).end for start, end, precision in stated]
    last = pd.Series(pd.to_datetime(ends), index=toplines.index)
    return toplines["published"].fillna(last)


def _wave(survey: Survey, rows: list[Row]) -> dict[str, Any]:
    """The record of one wave from the rows of its categories."""
    first = rows[0]
    indicator = survey.indicators[first["indicator"]]
    numerator = indicator.counted_by(first["variant"])
    counted = [row for row in rows if row["category"] in numerator]
    there = {row["category"] for row in counted}
    lacks = [category for category in numerator if category not in there]
    stating = counted or rows
    published = _published(stating)
    asked = period(_day(first["start"]), first["end"].date(), first["precision"]).until(published)
    record = {column: first[column] for column in ("indicator", "variant", "house", "mode", "precision")}
    return record | {
        **_shares(counted, complete=not lacks),
        "lacks": lacks,
        "start": asked.start,
        "end": asked.end,
        "n": _first(rows, "n"),
        "deff": _first(rows, "deff"),
        "n_effective": _worth(counted, survey.houses[first["house"]].moe_is, indicator.place_sd),
        "sd": indicator.place_sd,
        "published": published,
        "certainty": max((row["certainty"] for row in stating), key=CERTAINTIES.index),
        **{name: _joined(row[column] for row in stating) for name, column in TEXTS.items()},
        "flags": list(_flags(counted, stating)),
        "answers": {row["category"]: Printed(*_ends(row), row["rounding"]) for row in rows},
    }


TEXTS: Final = {"source": "source_title", "source_url": "source_url", "note": "note"}


def _shares(counted: Sequence[Row], *, complete: bool) -> dict[str, float]:
    """Share, range and rounding of the categories together."""
    nothing = float("nan")
    if not complete:
        return {"share": nothing, "range_low": nothing, "range_high": nothing, "rounding": 0.0}
    lows, highs = zip(*map(_ends, counted), strict=True)
    low, high = min(1.0, sum(lows)), min(1.0, sum(highs))
    return {
        "share": (low + high) / 2,
        "range_low": low if low < high else nothing,
        "range_high": high if low < high else nothing,
        "rounding": float(sum(row["rounding"] ** 2 for row in counted) ** 0.5),
    }


def _ends(row: Row) -> tuple[float, float]:
    """The printed share twice, or the ends of the printed range."""
    if _given(row["share"]):
        return float(row["share"]), float(row["share"])
    return float(row["share_low"]), float(row["share_high"])


def _worth(counted: Sequence[Row], moe_is: Any, sd: float | None) -> float | None:
    """The effective n that the published margins say, the mean over the categories that have one."""
    worths = [
        effective_n(row["moe"], share=sum(_ends(row)) / 2, moe_is=moe_is, sd=sd)
        for row in counted
        if row["moe"] > 0
    ]
    known = [worth for worth in worths if worth is not None]
    return sum(known) / len(known) if known else None


def _flags(counted: Sequence[Row], stating: Sequence[Row]) -> Iterator[str]:
    """What a reader must know of how the wave was read."""
    if len(counted) > 1:
        yield "categories_summed"
    if not all(_given(row["share"]) for row in counted):
        yield "range"
    precision = stating[0]["precision"]
    if precision != "day":
        yield f"dated_to_{precision}"
    elif not _given(stating[0]["start"]):
        yield "start_unknown"
    if _published(stating) is None:
        yield "published_unknown"


def _published(rows: Sequence[Row]) -> date | None:
    """The day on which all of these rows were public; None where that is not known of each."""
    moments = [row["published"] for row in rows]
    published: date | None = max(moments).date() if all(map(_given, moments)) else None
    return published


def _given(value: Any) -> bool:
    """Whether a cell of the table holds something; NaN, NaT and NA are nothing."""
    return value is not None and (value == value) is True


def _day(moment: Any) -> Any:
    """The date of a timestamp, None for NaT."""
    return moment.date() if _given(moment) else None


def _first(rows: Sequence[Row], column: str) -> Any:
    """The first value that is given; all of a wave's agree."""
    return next((row[column] for row in rows if _given(row[column])), None)


def _joined(texts: Iterable[str]) -> str:
    """The different texts, in order."""
    return "; ".join(dict.fromkeys(text for text in texts if text))
