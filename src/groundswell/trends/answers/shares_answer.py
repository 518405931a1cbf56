"""What `groundswell trend` answers: levels and next waves of every series, and what a reader must know of them."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from groundswell.errors import InputError
from groundswell.files import write_whole
from groundswell.trends.answers.many import fit_trends
from groundswell.trends.answers.trend import Trend
from groundswell.waves.surveys.fieldwork import unlikely

OUTPUT: Final = (
    *("date", "series", "house", "mean"),
    *("lo50", "hi50", "lo80", "hi80", "lo95", "hi95"),
)
"""The columns of the answer, in order."""
INTERVALS: Final = ("low50", "high50", "low80", "high80", "low95", "high95")
MOST_DATES_NOTED: Final = 5


class Answer(NamedTuple):
    """The table in the columns `OUTPUT`, and sentences about it for a reader (checks that did not pass)."""

    table: pd.DataFrame
    notes: list[str]


def answer(shares: pd.DataFrame, asked: pd.DataFrame, seed: int = 20240101) -> Answer:
    """Fit every series that is asked for on its own, and answer every row of `asked`, in its order."""
    answers, notes = [], _unlikely_dates(shares)
    trends = fit_trends(shares[shares["indicator"].isin(asked["series"])], seed=seed)
    for series, rows in asked.groupby("series"):
        trend = trends[str(series), "all"]
        answers += _answers(trend, rows)
        checks = trend.diagnostics()
        doubts = checks.loc[checks["verdict"].isin(["warned", "failed"]), "sentence"]
        notes += [f"`{series}`: {sentence}" for sentence in doubts]
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


def _unlikely_dates(shares: pd.DataFrame) -> list[str]:
    """Fieldwork on days on which no survey can have been."""
    found = [
        f"`{house}` in `{series}`: the fieldwork's end {fault}"
        for series, house, end in shares[["indicator", "house", "end"]].itertuples(index=False)
        if (fault := unlikely(end.date()))
    ]
    more = [f"… and {len(found) - MOST_DATES_NOTED} more dates like these"]
    return found[:MOST_DATES_NOTED] + (more if len(found) > MOST_DATES_NOTED else [])


def write_answer(table: pd.DataFrame, out: Path) -> None:
    """Write the answer as CSV, whole or not at all.

    Raises: InputError where `out` cannot be written.
    """
    try:
        write_whole(out, table.to_csv(index=False, lineterminator="\n", float_format="%.6f"))
    except OSError as error:
        raise InputError(f"`{out}` cannot be written: {error.strerror}") from error
