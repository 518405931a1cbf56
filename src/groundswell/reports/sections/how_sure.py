"""What would overturn a finding, and how often earlier forecasts held, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from groundswell.reports.evidence.reading import Reading
from groundswell.reports.findings.findings import UP_TO_NOW, clearest
from groundswell.reports.language.language import Language
from groundswell.trends.checks.backtest import earlier_forecasts
from groundswell.trends.checks.scores import INTERVALS
from groundswell.trends.checks.sensitivity import overturning_bias, without_each_house

if TYPE_CHECKING:
    from groundswell.reports.notebook.report import Report

FEWEST_FORECASTS = 10


def doubts(report: Report, reading: Reading) -> list[str]:
    """Sentences about one indicator with a trend: its calibration, and its clearest change without each house
    and against a bias of all."""
    said = [calibration_sentence(reading, report.language)]
    compared = report.comparisons
    mine = compared[(compared["indicator"] == reading.key) & compared["kind"].isin(UP_TO_NOW)]
    if len(mine):
        row = clearest(mine)
        said += [*house_sentences(reading, row, report.language), bias_sentence(row, report.language)]
    return said


def calibration_sentence(reading: Reading, language: Language) -> str:
    """How often a wave fell inside the intervals forecast from the waves before it."""
    assert reading.trend is not None
    scored = earlier_forecasts(reading.trend)
    if len(scored) < FEWEST_FORECASTS:
        return language.say("Too few waves came one after another to say how often earlier forecasts held.")
    counts = [int(scored[f"inside{percent}"].sum()) for percent in INTERVALS]
    return language.say(
        "Calibration: each of {all} waves was forecast from the waves before it, as could have been done then. "
        "The 50% intervals held {in50} of them ({share50}), the 80% intervals {in80} ({share80}), "
        "the 95% intervals {in95} ({share95}).",
        all=language.number(len(scored)),
        **{f"in{percent}": language.number(count) for percent, count in zip(INTERVALS, counts, strict=True)},
        **{
            f"share{percent}": language.percent(count / len(scored))
            for percent, count in zip(INTERVALS, counts, strict=True)
        },
    )


def house_sentences(reading: Reading, row: pd.Series, language: Language) -> list[str]:
    """What the clearest change becomes without each house; nothing where there is one house."""
    table = without_each_house(reading.trend_on(row["end"]), row["start"], row["end"])
    if table.empty:
        return []
    without = "; ".join(
        language.say(
            "without {house} {change} points (95%: {low} to {high})",
            house=reading.house_name(one["house"]),
            change=language.points(one["change"]),
            low=language.points(one["low95"]),
            high=language.points(one["high95"]),
        )
        for _, one in table.iterrows()
    )
    return [
        language.say(
            "Leave one house out: the change from {start} to {end} is {change} points with all houses; {without}.",
            start=language.date(row["start"]),
            end=language.date(row["end"]),
            change=language.points(row["change"]),
            without=without,
        )
    ]


def bias_sentence(row: pd.Series, language: Language) -> str:
    """The bias that it would take to overturn the clearest change."""
    whole, enough = overturning_bias(row)
    dates = {"start": language.date(row["start"]), "end": language.date(row["end"])}
    if enough == 0.0:
        return language.say(
            "Bias: the interval of the change from {start} to {end} holds zero already.", **dates
        )
    sizes = {"whole": language.points(abs(whole))[1:], "enough": language.points(abs(enough), 1)[1:]}
    if whole < 0:
        return language.say(
            "Bias: a constant one cannot make a change. Had all houses come to print {whole} points too little "
            "between {start} and {end}, there would have been no fall; with {enough} points too little, chance "
            "would explain the rest.",
            **dates,
            **sizes,
        )
    return language.say(
        "Bias: a constant one cannot make a change. Had all houses come to print {whole} points too much "
        "between {start} and {end}, there would have been no rise; with {enough} points too much, chance "
        "would explain the rest.",
        **dates,
        **sizes,
    )
