"""The data quality of a wave: what a careful reader would look for first, each with its numbers.

Nothing is changed here. A *flag* is a number outside what is usual; it may have a good reason, and a person
decides. A check is a code, a verdict and values; its sentence in a reader's language is made on the reports'
floor.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from groundswell.estimates.of_wave.quality_check import QualityCheck, QualityCode
from groundswell.estimates.of_wave.sample import weight_spread
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.vocabulary import EVERYONE
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
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.toplines.summed_answers import topline_waves
from groundswell.waves.wave.recode import RecodedWave
from groundswell.waves.wave.wave_toml import Wave

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

SMALLEST_STEP = 0.001
"""A printed share is held to a tenth of a percent at the finest, whatever its decimals."""


def wave_quality(recoded: RecodedWave, plan: SumPlan) -> tuple[QualityCheck, ...]:
    """Every check of one wave against itself; comparisons with other figures are `compared_quality`."""
    wave, respondents = recoded.wave, recoded.respondents
    return (
        *_non_response(wave, respondents, plan),
        *_weights(respondents, plan),
        *_rows(wave, respondents, plan),
        *_interview_dates(recoded),
        *_straight_lines(respondents, plan),
    )


def _check(
    code: QualityCode, subject: str, number: float | None, flagged: bool, **values: Any
) -> QualityCheck:
    """A check by its parts."""
    return QualityCheck(
        code, "flagged" if flagged else "passed", {"subject": subject, "number": number, **values}
    )


def _one(respondents: Respondents, what: Pieces, where: Sql) -> tuple[Any, ...]:
    """The one row that a query of sums gives."""
    return respondents.row("SELECT {what} FROM {respondents} WHERE {where}", what=what, where=where)


def _count(respondents: Respondents, what: Sql, where: Sql) -> int:
    """The one whole number that a query gives."""
    return int(_one(respondents, what, where)[0])


def _non_response(wave: Wave, respondents: Respondents, plan: SumPlan) -> Iterator[QualityCheck]:
    """Item non-response of each counted column, among respondents with a weight above zero."""
    rules = {column: answer for answer in wave.indicators.values() for column in answer.columns}
    tests = [
        answered(respondents.codebook[name], missing=rule.missing, valid=rule.valid)
        for name, rule in rules.items()
    ]
    w = plan.design.weights
    present = sql("{w} > 0", w=identifier(w)) if w else EVERY_ROW
    counts = [sql("count(*)"), *(sql("count(*) FILTER ({test})", test=test) for test in tests)]
    total, *valid = _one(respondents, counts, all_of([plan.where, present]))
    for name, answers in zip(rules, valid, strict=True):
        missing = 1 - int(answers) / max(int(total), 1)
        yield _check("item_non_response", name, missing, missing > MANY_MISSING)


def _weights(respondents: Respondents, plan: SumPlan) -> Iterator[QualityCheck]:
    """Zero weights, the Kish design effect and what the heaviest hundredth holds."""
    column = plan.design.weights
    if column is None:
        yield _check("no_weights", "", None, True)
        return
    n, kish, worth, largest, top = weight_spread(respondents, plan, column)
    zero = _count(respondents, sql("count(*) FILTER ({w} = 0)", w=identifier(column)), plan.where)
    yield _check("zero_weights", column, zero, zero > 0, n=n)
    yield _check("weight_design_effect", column, kish, kish > HEAVY_KISH, n=n, n_effective=worth)
    yield _check("weight_concentration", column, top, top > HEAVY_TOP, largest=largest)


def _rows(wave: Wave, respondents: Respondents, plan: SumPlan) -> Iterator[QualityCheck]:
    """The number of rows, and respondents who stand in the file twice."""
    rows = respondents.codebook.rows
    cut = rows in EXPORT_LIMITS
    yield _check("rows", wave.file, rows, cut, export_limit=cut)
    person = wave.design.id
    if person is not None:
        repeats = sql("count({name}) - count(DISTINCT {name})", name=identifier(person))
        twice = _count(respondents, repeats, plan.where)
        yield _check("duplicate_identifiers", person, twice, twice > 0)
    own = {person, plan.design.weights, wave.interview_date}
    telling = [identifier(name) for name in respondents.codebook.variables if name not in own]
    if len(telling) >= TELLING:
        repeats = sql("count(*) - count(DISTINCT hash({telling}))", telling=telling)
        copies = _count(respondents, repeats, plan.where)
        yield _check("duplicate_respondents", wave.file, copies, copies > 0, columns=len(telling))


def _interview_dates(recoded: RecodedWave) -> Iterator[QualityCheck]:
    """First and last interview against the stated fieldwork; no number where the column holds no dates."""
    wave = recoded.wave
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
    first, last, outside = _one(recoded.respondents, looked, recoded.where)
    if not isinstance(first, date) or not isinstance(last, date):
        yield _check("interview_dates", column, None, True)
        return
    days = {
        "first": str(first), "last": str(last), "start": str(wave.start), "end": str(wave.end)
    }  # fmt: skip
    differs = first != wave.start or last != wave.end
    yield _check("interview_dates", column, int(outside), differs, **days)


def _straight_lines(respondents: Respondents, plan: SumPlan) -> Iterator[QualityCheck]:
    """Respondents who give one answer to a whole battery of items with the same scale."""
    for name, columns in batteries(respondents.codebook).items():
        items = [identifier(column) for column in columns]
        complete = [answered(respondents.codebook[column]) for column in columns]
        where = all_of([plan.where, *complete])
        total = _count(respondents, sql("count(*)"), where)
        alike = sql("count(*) FILTER (least({items}) = greatest({items}))", items=items)
        straight = _count(respondents, alike, where)
        share = straight / max(total, 1)
        yield _check("straight_lining", name, share, share > STRAIGHT, n=total, items=len(columns))


def batteries(codebook: Codebook) -> dict[str, list[str]]:
    """Items named alike (Q17_1, Q17_2, …) with one scale of three valid codes or more, by their stem."""
    alike: dict[tuple[str, tuple[object, ...]], list[str]] = defaultdict(list)
    for variable in codebook.variables.values():
        stem = re.fullmatch(r"(.+?)_?\d+", variable.name)
        scale = tuple(code for code in (variable.labels or {}) if not variable.is_missing(code))
        if stem and len(scale) >= 3:
            alike[stem[1], scale].append(variable.name)
    return {stem: columns for (stem, _), columns in alike.items() if len(columns) >= BATTERY}


def compared_quality(
    survey: Survey,
    wave: Wave,
    *,
    estimates: pd.DataFrame,
    own: Iterable[QualityCheck],
    before: Iterable[QualityCheck] | None,
    toplines: pd.DataFrame,
) -> tuple[QualityCheck, ...]:
    """The change of item non-response since the wave before, and printed n and shares against the file's.

    `own` and `before` are `wave_quality` of this wave and of the one before (None: this is the first). `toplines`
    are the survey's published shares, from `read_toplines`, or those of them that were known on a day.
    """
    return (*_changes(own, before), *_printed(survey, wave, estimates, toplines))


def _changes(own: Iterable[QualityCheck], before: Iterable[QualityCheck] | None) -> Iterator[QualityCheck]:
    """How item non-response moved."""
    if before is None:
        return
    earlier = _missing(before)
    for item, missing in _missing(own).items():
        if item in earlier:
            change = missing - earlier[item]
            large = abs(change) > MANY_MORE_MISSING
            yield _check("non_response_change", item, change, large, before=earlier[item], after=missing)


def _missing(checks: Iterable[QualityCheck]) -> dict[str, float]:
    """The item non-response of each column."""
    return {check.subject: check.values["number"] for check in checks if check.code == "item_non_response"}


def _printed(
    survey: Survey, wave: Wave, estimates: pd.DataFrame, toplines: pd.DataFrame
) -> Iterator[QualityCheck]:
    """Printed shares and n of this wave against its own file, to the rounding of the printed figure."""
    whole = estimates[estimates["domain"] == EVERYONE].set_index("indicator")
    for printed in _toplines_of(survey, wave, toplines):
        key, source = printed["indicator"], printed["source"]
        if pd.isna(whole.loc[key, "share"]):
            continue  # the wave's own figure is hidden or rests on nobody: nothing to hold the printed one against
        share, n = float(whole.loc[key, "share"]), int(whole.loc[key, "n"])
        if pd.notna(printed["share"]):
            distance = share - printed["share"]
            far = abs(distance) > max(printed["rounding"], SMALLEST_STEP) / 2 + 1e-9
            figures = {"source": source, "printed": float(printed["share"]), "estimated": share}
            yield _check(
                "printed_share", key, distance, far, **figures, **survey.indicators[key].scale_record
            )
        if printed["n"] is not None and pd.notna(printed["n"]):
            difference = n - int(printed["n"])
            figures = {"source": source, "printed": int(printed["n"]), "counted": n}
            yield _check("printed_n", key, difference, difference != 0, **figures)


def _toplines_of(survey: Survey, wave: Wave, toplines: pd.DataFrame) -> Iterator[Mapping[str, Any]]:
    """What was printed of this wave: its house and indicators, its counted answers, fieldwork that overlaps.

    A survey may keep printed figures under a variant of their own (because they are not to be fitted), so that
    the answers and not the variant's name say what belongs together.
    """
    rows = toplines[toplines["house"] == wave.house]
    for key, answer in wave.indicators.items():
        counted = survey.indicators[key].counted_by(answer.variant)
        mine = rows[(rows["indicator"] == key) & rows["category"].isin(counted)]
        for _, variant in mine.groupby("variant", sort=False):
            for printed in topline_waves(survey, variant.assign(variant=answer.variant)):
                if (printed["start"] or printed["end"]) <= wave.end and printed["end"] >= wave.start:
                    yield printed
