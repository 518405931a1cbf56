"""The data quality of a wave: what a careful reader would look for first, each with its number.

Nothing here is mended. A *flag* is a number outside what is usual; it may have a good reason, and a person
decides.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from groundswell.estimates.of_wave.sample import weight_spread
from groundswell.estimates.sums.plan import SumPlan
from groundswell.vocabulary import FLAGGED, PASSED
from groundswell.waves.respondents.codebook import Codebook
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import (
    EVERY_ROW,
    Pieces,
    Sql,
    all_of,
    answered,
    identifier,
    literal,
    sql,
)
from groundswell.waves.wave.recode import in_wave
from groundswell.waves.wave.record import Wave

COLUMNS = ["check", "subject", "verdict", "number", "sentence"]

MANY_MISSING = 0.20
"""Item non-response above this share is flagged."""

MANY_MORE_MISSING = 0.05
"""A rise or fall of item non-response by more than this, in share units, from the wave before is
flagged."""

HEAVY_KISH = 2.0
"""A Kish design effect above this is flagged: half of the interviews are worth nothing."""

HEAVY_TOP = 0.05
"""The share of all weight that the heaviest hundredth of respondents may hold."""

STRAIGHT = 0.10
"""The share of respondents who may give one answer to a whole battery."""

BATTERY = 5
"""Items from which on a list of items is a battery."""

TELLING = 20
"""Answers from which on two respondents who agree in all of them are a likely copy."""

EXPORT_LIMITS = frozenset({999, 1_000, 9_999, 10_000, 65_535, 1_048_575})
"""Numbers of rows at which programs stop writing, the line of names counted or not."""


@dataclass(frozen=True)
class Quality:
    """One look at the wave; `number` is None where the check does not apply."""

    check: str
    subject: str
    verdict: str
    number: float | None
    sentence: str


def wave_quality(wave: Wave, respondents: Respondents, plan: SumPlan) -> pd.DataFrame:
    """Every check of one wave against itself: check, subject, verdict (passed or flagged), number, sentence.

    Shares are in [0, 1]. Comparisons with the wave before and with printed figures are `compared_quality`.
    """
    checks = [
        *_non_response(wave, respondents, plan),
        *_weights(respondents, plan),
        *_rows(wave, respondents, plan),
        *_interview_dates(wave, respondents),
        *_straight_lines(respondents, plan),
    ]
    return pd.DataFrame([vars(check) for check in checks], columns=COLUMNS)


def _one(respondents: Respondents, what: Pieces, where: Sql) -> tuple[object, ...]:
    """The one row that a query of sums gives."""
    return respondents.row("SELECT {what} FROM {respondents} WHERE {where}", what=what, where=where)


def _count(respondents: Respondents, what: Sql, where: Sql) -> int:
    """The one whole number that a query gives."""
    return int(str(_one(respondents, what, where)[0]))


def _verdict(flagged: bool) -> str:
    return FLAGGED if flagged else PASSED


def _non_response(wave: Wave, respondents: Respondents, plan: SumPlan) -> Iterator[Quality]:
    """Item non-response of each counted column, among respondents with a weight above zero."""
    rules = {column: answer for answer in wave.indicators.values() for column in answer.columns}
    tests = [answered(respondents.codebook[name], rule.missing, rule.valid) for name, rule in rules.items()]
    w = plan.design.weights
    present = sql("{w} > 0", w=identifier(w)) if w else EVERY_ROW
    counts = [sql("count(*)"), *(sql("count(*) FILTER ({test})", test=test) for test in tests)]
    total, *valid = _one(respondents, counts, all_of([plan.where, present]))
    for name, answers in zip(rules, valid, strict=True):
        missing = 1 - int(str(answers)) / max(int(str(total)), 1)
        sentence = f"{missing:.1%} of respondents gave no valid answer to `{name}`."
        yield Quality("item non-response", name, _verdict(missing > MANY_MISSING), missing, sentence)


def _weights(respondents: Respondents, plan: SumPlan) -> Iterator[Quality]:
    """Zero weights, the Kish design effect and what the heaviest hundredth holds."""
    column = plan.design.weights
    if column is None:
        sentence = "The wave has no weights: every respondent counts the same."
        yield Quality("weights", "", "flagged", None, sentence)
        return
    n, kish, _, largest, top = weight_spread(respondents, plan, column)
    zero = _count(respondents, sql("count(*) FILTER ({w} = 0)", w=identifier(column)), plan.where)
    sentence = f"{zero:,} respondents have weight zero and are not in n; {n:,} remain."
    yield Quality("zero weights", column, _verdict(zero > 0), zero, sentence)
    sentence = f"Kish's design effect is {kish:.2f}: {n:,} interviews are worth {n / kish:,.0f}."
    yield Quality("design effect of weights", column, _verdict(kish > HEAVY_KISH), kish, sentence)
    sentence = (
        f"The heaviest 1% of respondents hold {top:.1%} of the weight; "
        f"the largest weight is {largest:.1f} times the mean."
    )
    yield Quality("weight concentration", column, _verdict(top > HEAVY_TOP), top, sentence)


def _rows(wave: Wave, respondents: Respondents, plan: SumPlan) -> Iterator[Quality]:
    """The number of rows, and respondents who stand in the file twice."""
    rows = respondents.codebook.rows
    cut = ", where some programs stop writing: ask for the whole file" if rows in EXPORT_LIMITS else ""
    yield Quality("rows", wave.file, _verdict(bool(cut)), rows, f"The file holds {rows:,} rows{cut}.")
    person = wave.design.id
    if person is not None:
        repeats = sql("count({name}) - count(DISTINCT {name})", name=identifier(person))
        twice = _count(respondents, repeats, plan.where)
        sentence = f"{twice:,} rows repeat the identifier of another row."
        yield Quality("duplicate identifiers", person, _verdict(twice > 0), twice, sentence)
    own = {person, plan.design.weights, wave.interview_date}
    telling = [identifier(name) for name in respondents.codebook.variables if name not in own]
    if len(telling) >= TELLING:
        repeats = sql("count(*) - count(DISTINCT hash({telling}))", telling=telling)
        copies = _count(respondents, repeats, plan.where)
        sentence = f"{copies:,} respondents agree with another in all {len(telling)} columns."
        yield Quality("duplicate respondents", wave.file, _verdict(copies > 0), copies, sentence)


def _interview_dates(wave: Wave, respondents: Respondents) -> Iterator[Quality]:
    """First and last interview against the stated fieldwork."""
    column = wave.interview_date
    if column is None:
        return
    day = sql("TRY_CAST({name} AS DATE)", name=identifier(column))
    looked = sql(
        "min({day}), max({day}), count(*) FILTER (NOT {day} BETWEEN DATE {start} AND DATE {end})",
        day=day,
        start=literal(str(wave.start)),
        end=literal(str(wave.end)),
    )
    first, last, outside = _one(respondents, looked, in_wave(wave, respondents.codebook))
    if not isinstance(first, date) or not isinstance(last, date):
        sentence = f"`{column}` holds no dates, so the stated fieldwork cannot be checked."
        yield Quality("interview dates", column, "flagged", None, sentence)
        return
    sentence = (
        f"Interviews run from {first} to {last}, fieldwork is stated as {wave.start} to {wave.end}; "
        f"{outside} interviews lie outside."
    )
    differs = first != wave.start or last != wave.end
    yield Quality("interview dates", column, _verdict(differs), int(str(outside)), sentence)


def _straight_lines(respondents: Respondents, plan: SumPlan) -> Iterator[Quality]:
    """Respondents who give one answer to a whole battery of items with the same scale."""
    for name, columns in batteries(respondents.codebook).items():
        items = [identifier(column) for column in columns]
        complete = [answered(respondents.codebook[column]) for column in columns]
        where = all_of([plan.where, *complete])
        total = _count(respondents, sql("count(*)"), where)
        alike = sql("count(*) FILTER (least({items}) = greatest({items}))", items=items)
        straight = _count(respondents, alike, where)
        share = straight / max(total, 1)
        sentence = (
            f"{share:.1%} of {total:,} respondents gave one answer to all {len(columns)} items of `{name}`."
        )
        yield Quality("straight-lining", name, _verdict(share > STRAIGHT), share, sentence)


def batteries(codebook: Codebook) -> dict[str, list[str]]:
    """Items named alike (Q17_1, Q17_2, …) with one scale of three valid codes or more, by their stem."""
    found: dict[tuple[str, tuple[object, ...]], list[str]] = defaultdict(list)
    for variable in codebook.variables.values():
        stem = re.fullmatch(r"(.+?)_?\d+", variable.name)
        scale = tuple(code for code in (variable.labels or {}) if not variable.is_missing(code))
        if stem and len(scale) >= 3:
            found[stem[1], scale].append(variable.name)
    return {stem: columns for (stem, _), columns in found.items() if len(columns) >= BATTERY}
