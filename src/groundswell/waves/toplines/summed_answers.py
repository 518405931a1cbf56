"""Answer categories -> waves: the numerator's shares summed, dates stretched to their whole period."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from groundswell.waves.surveys.fieldwork import period
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.toplines.margin_of_error import effective_n
from groundswell.waves.toplines.row import CERTAINTIES

if TYPE_CHECKING:
    import pandas as pd

WAVE: Final = ("indicator", "variant", "house", "mode", "start", "end")


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
    groups = toplines.groupby(list(WAVE), dropna=False, sort=False)
    return [_wave(survey, rows) for _, rows in groups]


def known_on(toplines: pd.DataFrame) -> pd.Series[Any]:
    """From when each row was known: its publication, or the last day on which it may have been asked."""
    import pandas as pd

    stated = zip(toplines["start"], toplines["end"], toplines["precision"], strict=True)
    ends = [period(_day(start), end.date(), precision).end for start, end, precision in stated]
    last = pd.Series(pd.to_datetime(ends), index=toplines.index)
    return toplines["published"].fillna(last)


def _wave(survey: Survey, rows: pd.DataFrame) -> dict[str, Any]:
    """The record of one wave from the rows of its categories."""
    first = rows.iloc[0]
    indicator = survey.indicators[first["indicator"]]
    numerator = indicator.counted_by(first["variant"])
    counted = rows[rows["category"].isin(numerator)]
    lacks = [category for category in numerator if category not in set(counted["category"])]
    stating = counted if len(counted) else rows
    published = None if stating["published"].isna().any() else stating["published"].max().date()
    start, end = _day(first["start"]), first["end"].date()
    asked = period(start, end, first["precision"]).until(published)
    record = {column: first[column] for column in ("indicator", "variant", "house", "mode", "precision")}
    return record | {
        **_shares(counted, complete=not lacks),
        "lacks": lacks,
        "start": asked.start,
        "end": asked.end,
        "n": _first(rows["n"]),
        "deff": _first(rows["deff"]),
        "n_effective": _worth(counted, survey.houses[first["house"]].moe_is, indicator.place_sd),
        "sd": indicator.place_sd,
        "published": published,
        "certainty": max(stating["certainty"], key=CERTAINTIES.index),
        **{name: _joined(stating[column]) for name, column in TEXTS.items()},
        "flags": list(_flags(counted, start, published, first["precision"])),
        "answers": _answers(rows),
    }


TEXTS: Final = {"source": "source_title", "source_url": "source_url", "note": "note"}


def _shares(counted: pd.DataFrame, *, complete: bool) -> dict[str, float]:
    """Share, range and rounding of the categories together."""
    nothing = float("nan")
    if not complete:
        return {"share": nothing, "range_low": nothing, "range_high": nothing, "rounding": 0.0}
    low = min(1.0, counted["share"].fillna(counted["share_low"]).sum())
    high = min(1.0, counted["share"].fillna(counted["share_high"]).sum())
    return {
        "share": (low + high) / 2,
        "range_low": low if low < high else nothing,
        "range_high": high if low < high else nothing,
        "rounding": float((counted["rounding"] ** 2).sum() ** 0.5),
    }


def _answers(rows: pd.DataFrame) -> dict[str, Printed]:
    """Every category of a wave as it was printed."""
    ends = (rows["share"].fillna(rows[name]).astype(float) for name in ("share_low", "share_high"))
    return dict(zip(rows["category"], map(Printed, *ends, rows["rounding"]), strict=True))


def _worth(counted: pd.DataFrame, moe_is: Any, sd: float | None) -> float | None:
    """The effective n that the published margins say, the mean over the categories that have one."""
    share = counted["share"].fillna((counted["share_low"] + counted["share_high"]) / 2)
    margins = zip(counted["moe"], share, strict=True)
    worths = [effective_n(moe, share=p, moe_is=moe_is, sd=sd) for moe, p in margins if moe > 0]
    known = [worth for worth in worths if worth is not None]
    return sum(known) / len(known) if known else None


def _flags(counted: pd.DataFrame, start: Any, published: Any, precision: str) -> Iterator[str]:
    """What a reader must know of how the wave was read."""
    if len(counted) > 1:
        yield "categories_summed"
    if counted["share"].isna().any():
        yield "range"
    if precision != "day":
        yield f"dated_to_{precision}"
    elif start is None:
        yield "start_unknown"
    if published is None:
        yield "published_unknown"


def _day(moment: Any) -> Any:
    """The date of a timestamp, None for NaT."""
    return moment.date() if moment == moment else None  # NaT differs from itself


def _first(values: pd.Series) -> Any:
    """The first value that is given; all of a wave's agree."""
    given = values.dropna()
    return given.iloc[0] if len(given) else None


def _joined(texts: Iterable[str]) -> str:
    """The different texts, in order."""
    return "; ".join(dict.fromkeys(text for text in texts if text))
