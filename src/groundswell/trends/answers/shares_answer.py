"""What `groundswell trend` answers: levels and next waves of every series, and what a reader must know of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from groundswell.errors import InputError
from groundswell.files import write_whole
from groundswell.trends.answers.fit import SEED
from groundswell.trends.answers.many import fit_trends
from groundswell.trends.answers.table_source import Note, Source
from groundswell.trends.answers.trend import Trend
from groundswell.trends.data.shares_table import read_dates
from groundswell.waves import Survey

INTERVALS: Final = ("low50", "high50", "low80", "high80", "low95", "high95")
POPULATION: Final = ("population_low95", "population_high95")
OUTPUT: Final = ("date", "series", "house", "share", "share_se", *INTERVALS, *POPULATION, "segment")
"""The columns of the answer, in order; of a next wave the population's interval and the segment are empty."""
SCHEMA: Final = 3
"""Raised whenever a column of `OUTPUT` changes its name, meaning or place (docs/trend.md says what may change)."""


def survey_source(survey: Survey, at: Path, as_of: str | None = None, seed: int = SEED) -> Source:
    """The trend of every indicator of a survey, as its report has it.

    Raises: FaultsError naming every wrong line; InputError as `fit_trends`.
    """
    fitted = fit_trends(survey, as_of=as_of, seed=seed)
    trends = {series: trend for (series, _), trend in fitted.items()}
    if not trends:
        raise InputError(f"`{survey.name}` has no wave that a trend can be fitted to")
    asked = read_dates(at, pd.concat([trend.used for trend in trends.values()]))
    means = (key for key in dict.fromkeys(asked["series"]) if survey.indicators[key].scale is not None)
    notes = [Note(key, "mean", "passed", survey.indicators[key].scale_record) for key in means]
    return Source(asked, trends, tuple(notes))


def answer_from(trends: Mapping[str, Trend], asked: pd.DataFrame) -> pd.DataFrame:
    """Every row of `asked` answered from the trends by series, in its order, in the columns `OUTPUT`."""
    answers = []
    for series, rows in asked.groupby("series"):
        answers += _answers(trends[str(series)], rows)
    answered = pd.concat(answers).loc[asked.index]
    table = pd.concat([asked[["date", "series", "house"]], answered], axis=1)
    return table.assign(date=table["date"].dt.strftime("%Y-%m-%d"))[list(OUTPUT)]


def _answers(trend: Trend, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Shares and interval ends of one series, under the labels of `rows`: levels, and houses' next waves."""
    answers = []
    level, waves = rows[rows["house"] == ""], rows[rows["house"] != ""]
    if len(level):
        levels = trend.level(pd.DatetimeIndex(level["date"])).astype({"segment": "Int64"})
        answers.append(levels[list(OUTPUT[3:])].set_axis(level.index))
    if len(waves):
        usual = waves["house"].map(trend.used.groupby("house")["n"].median())
        asked = waves.assign(on=waves["date"], n=waves["n"].fillna(usual))
        forecasts = trend.next_waves(asked).assign(**dict.fromkeys((*POPULATION, "segment"), np.nan))
        answers.append(forecasts.astype({"segment": "Int64"})[list(OUTPUT[3:])].set_axis(waves.index))
    return answers


def notes(source: Source) -> Iterator[Note]:
    """What a reader must know of the answer: odd rows, scales and breaks, n that are not known, and failed checks."""
    yield from source.rows
    levels = source.asked.loc[source.asked["house"] == "", "series"]
    if any(source.trends[series].shared_bias is None for series in levels.unique()):
        yield Note("", "no_shared_bias", "passed", {})
    for series in dict.fromkeys(source.asked["series"]):
        trend = source.trends[series]
        for segment in trend.segments[1:]:
            yield Note(series, "break", "warned", {"day": segment.start.date().isoformat()})
        scale = trend.segments[-1].scale
        if scale.wordings > 1:
            asked = scale.asked[["house", "variant", "mode"]].astype(str).to_dict("records")
            yield Note(series, "scale", "passed", {"kind": scale.kind, "asked": asked})
        checks = trend.diagnostics()
        # Which n stands for one that is not known, and which windows share respondents, is said here: the answer has
        # no flags.
        is_read = [bool(values.get("unknown") or values.get("rolling")) for values in checks["values"]]
        doubts = checks[checks["verdict"].isin(["warned", "failed"]) | pd.Series(is_read, index=checks.index)]
        for code, verdict, values in zip(doubts["code"], doubts["verdict"], doubts["values"], strict=True):
            yield Note(series, code, verdict, values)


def write_answer(table: pd.DataFrame, out: Path) -> None:
    """Write the answer as CSV, whole or not at all; every number with all its digits.

    Raises: InputError where `out` cannot be written.
    """
    try:
        write_whole(out, table.to_csv(index=False, lineterminator="\n"))
    except OSError as error:
        raise InputError(f"`{out}` cannot be written: {error.strerror}") from error
