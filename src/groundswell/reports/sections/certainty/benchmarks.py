"""Where the truth became known: the level against it, what it says of the bias, and what random sample it is worth."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.reading import Reading
from groundswell.reports.html.markup import link, paragraph
from groundswell.reports.html.tables import table
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import measure_of
from groundswell.trends.answers.needed_n import worth_n
from groundswell.trends.answers.shared_bias import SharedBias

SIGNIFICANT = 2
"""Digits of a number of people that says only how much an interval is worth."""


def bias_sentence(reading: Reading, language: Language) -> str:
    """What an indicator's benchmarks say of the size of the shared bias; "" where it has none and learns from none."""
    stated, errors = reading.survey.shared_bias, reading.benchmark_errors()
    count = len(errors.table)
    if stated.learn is None and not count:
        return ""
    size = _size(errors.bias, language)
    if not count:
        return language.say(
            "No truth is known yet that this could be held against: of the bias that all houses share only what is "
            "assumed beforehand counts, {size}.",
            size=size,
        )
    learnt = language.count(
        "{n} time the truth became known. It says of the bias that all houses share: {size}.",
        "{n} times the truth became known. They say of the bias that all houses share: {size}.",
        count,
        size=size,
    )
    if stated.learn is not None:
        return learnt
    return f"{learnt} " + language.say(
        "The survey states {sd}, and that counts.", sd=language.number(stated.sd or 0.0, 2)
    )


def _size(bias: SharedBias, language: Language) -> str:
    low, middle, high = (language.number(bias.quantile(part), 2) for part in (0.025, 0.5, 0.975))
    return language.say(
        "a standard deviation of {middle} on the logit scale (95%: {low} to {high})",
        middle=middle,
        low=low,
        high=high,
    )


def benchmark_table(reading: Reading, language: Language) -> Iterator[Markup]:
    """The level against each truth, and what it says; nothing where none is known and none is to be learnt from."""
    sentence = bias_sentence(reading, language)
    if not sentence:
        return
    say, measure = language.say, measure_of(reading.indicator, language)
    rows = [
        {
            say("When"): language.period(pd.Timestamp(one["start"]), pd.Timestamp(one["end"]), "day"),
            say("Truth"): measure.number(one["truth"], 1),
            say("The surveys’ level"): measure.number(one["share"], 1),
            say("Too much by"): measure.size(one["share"] - one["truth"], 1),
            say("Source"): link(one["source_title"], one["source_url"]),
        }
        for _, one in reading.benchmark_errors().table.iterrows()
    ]
    if rows:
        yield table(pd.DataFrame(rows, dtype=object), language, caption=say("Where the truth became known"))
    yield paragraph(sentence)


def worth_sentence(reading: Reading, now: pd.Series, language: Language) -> str:
    """The simple random sample whose interval is as wide as the population's; "" where that is not known."""
    indicator, low, high = reading.indicator, now["population_low95"], now["population_high95"]
    if not high > low or (indicator.scale is not None and indicator.place_sd is None):
        return ""
    n = worth_n(float(now["share"]), float(low), float(high), sd=indicator.place_sd)
    return language.say(
        "That interval is worth a simple random sample of about {n} people.",
        n=language.number(float(f"{max(n, 1.0):.{SIGNIFICANT}g}")),
    )
