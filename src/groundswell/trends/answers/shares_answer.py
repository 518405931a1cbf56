"""What `groundswell trend` answers: levels and next waves of every series, and what a reader must know of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final, NamedTuple

import pandas as pd

from groundswell.errors import InputError
from groundswell.trends.answers.many import fit_trends
from groundswell.trends.answers.trend import Trend
from groundswell.waves.surveys.fieldwork import FIRST_YEAR, unlikely

OUTPUT: Final = (
    *("date", "series", "house", "mean"),
    *("lo50", "hi50", "lo80", "hi80", "lo95", "hi95"),
)
"""The columns of the answer, in order."""
INTERVALS: Final = ("low50", "high50", "low80", "high80", "low95", "high95")
MOST_DATES_NOTED: Final = 5


class Note(NamedTuple):
    """What a reader must know of a series: a check that did not pass, or a date that no survey can have.

    `code`, `verdict` and `values` are those of `diagnostics.Check`, or `code` is one of `DATE_CODES`.
    """

    series: str
    code: str
    verdict: str
    values: dict[str, Any]


DATE_CODES: Final = ("date_too_early", "date_too_late", "more_dates")
"""Notes about fieldwork on days on which no survey can have been; `more_dates` counts those not named."""


class Answer(NamedTuple):
    """The table in the columns `OUTPUT`, and what a reader must know of it."""

    table: pd.DataFrame
    notes: list[Note]


def answer(shares: pd.DataFrame, asked: pd.DataFrame, seed: int = 20240101) -> Answer:
    """Fit every series that is asked for on its own, and answer every row of `asked`, in its order."""
    answers, notes = [], _unlikely_dates(shares)
    trends = fit_trends(shares[shares["indicator"].isin(asked["series"])], seed=seed)
    for series, rows in asked.groupby("series"):
        trend = trends[str(series), "all"]
        answers += _answers(trend, rows)
        checks = trend.diagnostics()
        doubts = checks[checks["verdict"].isin(["warned", "failed"])]
        notes += [
            Note(str(series), code, verdict, values)
            for code, verdict, values in zip(doubts["code"], doubts["verdict"], doubts["values"], strict=True)
        ]
    found = pd.concat(answers).loc[asked.index]
    table = pd.concat([asked[["date", "series", "house"]], found], axis=1)
    table = table.assign(date=table["date"].dt.strftime("%Y-%m-%d")).set_axis(list(OUTPUT), axis=1)
    return Answer(table, notes)


def _answers(trend: Trend, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Means and interval ends of one series, under the labels of `rows`: levels, and houses' next waves."""
    answers = []
    level, waves = rows[rows["house"] == ""], rows[rows["house"] != ""]
    if len(level):
        found = trend.level(pd.DatetimeIndex(level["date"])).rename(columns={"share": "mean"})
        answers.append(found[["mean", *INTERVALS]].set_axis(level.index))
    if len(waves):
        usual = waves["house"].map(trend.used.groupby("house")["n"].median())
        asked = waves.assign(on=waves["date"], n=waves["n"].fillna(usual))
        answers.append(trend.next_waves(asked)[["mean", *INTERVALS]].set_axis(waves.index))
    return answers


def _unlikely_dates(shares: pd.DataFrame) -> list[Note]:
    """Fieldwork on days on which no survey can have been."""
    notes = [
        Note(
            str(series),
            "date_too_early" if end.year < FIRST_YEAR else "date_too_late",
            "warned",
            {"house": str(house), "end": end.date().isoformat(), "first_year": FIRST_YEAR},
        )
        for series, house, end in shares[["indicator", "house", "end"]].itertuples(index=False)
        if unlikely(end.date())
    ]
    more = len(notes) - MOST_DATES_NOTED
    if more > 0:
        return [*notes[:MOST_DATES_NOTED], Note("", "more_dates", "warned", {"more": more})]
    return notes


def write_answer(table: pd.DataFrame, out: Path) -> None:
    """Write the answer as CSV, whole or not at all.

    Raises: InputError where `out` cannot be written.
    """
    half = out.with_name(f".{out.name}.half")
    try:
        table.to_csv(half, index=False, lineterminator="\n", float_format="%.6f")
        half.replace(out)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise InputError(f"`{out}` cannot be written: {error.strerror}") from error
