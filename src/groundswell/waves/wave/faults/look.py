"""What a wave's file holds of all that its TOML names, looked at before anything is judged.

The checks of a wave are functions of its TOML and of this record, which has codes and how many gave them, and never a
row. Of a column whose answers are counted every code is in it; of numbers that are averaged or cut into bands, which
may be as many as the respondents, only the odd ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any, NamedTuple

from groundswell.waves.respondents.answers.code_counts import EVERY_CODE, Counts, counted_codes
from groundswell.waves.respondents.answers.no_answer import NoAnswer, held_in, no_answers
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.sql import Sql, among, answered, identifier, literal, number, sql
from groundswell.waves.surveys.fieldwork import period
from groundswell.waves.wave.recode import RecodedWave

MANY = 1000
"""A column with more different answers than this is not a list of codes; one more is looked at, to tell."""

FAR_DAYS = 183
"""Interviews further from the stated fieldwork than this are far."""


@dataclass(frozen=True)
class Numbers:
    """What is odd in a column of numbers; but for `no_answers` each code is under the first that holds of it.

    Attributes:
        no_answers: codes that look like no answer, and that the wave does not say to be one.
        no_number: answers that are none.
        unlisted: those in no list, where a list says what counts.
        off_scale: those off the scale, where each answer is a number on it.
    """

    no_answers: tuple[NoAnswer, ...] = ()
    no_number: Counts = ()
    unlisted: Counts = ()
    off_scale: Counts = ()


@dataclass(frozen=True)
class Averaged:
    """What is averaged for one indicator.

    Attributes:
        columns: its items.
        answers: how many respondents are counted.
        lowest, highest: of the numbers, or sums of several, off the scale; None where there is none.
    """

    columns: Mapping[str, Numbers]
    answers: int
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True)
class Interviews:
    """The days of a wave's interviews: how many are known, how many of these are far, the first and the last."""

    dated: int
    far: int
    first: date | None
    last: date | None


@dataclass(frozen=True, kw_only=True)
class Look:
    """What the rows of one wave hold.

    Attributes:
        codes: by column whose codes are counted.
        tell_apart: by column that may tell waves apart.
        means: by indicator that is a mean.
        bands: by domain that cuts a number into bands.
        interviews: None where the wave names no column of their days.
    """

    codes: Mapping[str, Counts]
    tell_apart: Mapping[str, Counts]
    means: Mapping[str, Averaged]
    bands: Mapping[str, Numbers]
    interviews: Interviews | None


def look_at(recoded: RecodedWave, undecided: Sequence[str] = ()) -> Look:
    """Look at the rows of a wave; `undecided` are columns that may tell waves apart."""
    wave, respondents, where = recoded.wave, recoded.respondents, recoded.where
    shares = (answer.columns for key, answer in wave.indicators.items() if key not in wave.scales)
    counted = list(dict.fromkeys(chain(*shares)))
    off_scale = {
        key: sql("coalesce({place} NOT BETWEEN 0 AND 1, false)", place=recoded.answers[key])
        for key in wave.scales
    }
    asked = _asked(recoded, off_scale)
    columns = [
        *((column, EVERY_CODE) for column in (*counted, *undecided)),
        *((each.variable.name, each.odd) for each in asked),
    ]
    # what is found stands in the order in which it was asked for
    found = iter(counted_codes(respondents, columns, where=where, most=MANY + 1))
    figures = iter(_figures(recoded, off_scale))
    codes = {column: every for column in counted for every in next(found)}
    tell_apart = {column: every for column in undecided for every in next(found)}
    names, own = (each.variable.name for each in asked), wave.no_answer_words
    held = held_in(respondents, names, where=where, own=own)
    numbers = iter(
        Numbers(no_answers(variable, held[variable.name], kept=missing, own=own), *next(found))
        for variable, missing, _ in asked
    )
    return Look(
        codes=codes,
        tell_apart=tell_apart,
        means={
            key: Averaged(
                {column: next(numbers) for column in wave.indicators[key].columns}, *islice(figures, 3)
            )
            for key in wave.scales
        },
        bands={key: next(numbers) for key, rule in wave.domains.items() if rule.breaks is not None},
        interviews=None if wave.interview_date is None else Interviews(*figures),
    )


class _Asked(NamedTuple):
    """A column of numbers: the codes that are said to be no answer, and tests of what is odd, as `Numbers` has it."""

    variable: Variable
    missing: tuple[Code, ...]
    odd: tuple[Sql, ...]


def _asked(recoded: RecodedWave, off_scale: Mapping[str, Sql]) -> list[_Asked]:
    """The columns of numbers that are averaged, then those that are cut into bands."""
    wave, codebook = recoded.wave, recoded.respondents.codebook
    asked = []
    for key, off in off_scale.items():
        answer = wave.indicators[key]
        for variable in (codebook[column] for column in answer.columns):
            given = answered(variable, missing=answer.missing)
            no_number = sql("{given} AND {number} IS NULL", given=given, number=number(variable))
            listed = sql("true") if answer.valid is None else among(variable, answer.valid)
            unlisted = sql("{given} AND NOT {listed}", given=given, listed=listed)
            # of several items only the sum has a scale
            odd = (no_number, unlisted, off) if answer.is_one_number else (no_number, unlisted)
            asked.append(_Asked(variable, answer.missing, odd))
    for rule in wave.domains.values():
        if rule.breaks is not None:
            variable = codebook[rule.column]
            given = answered(variable, missing=rule.missing)
            no_number = sql("{given} AND {number} IS NULL", given=given, number=number(variable))
            asked.append(_Asked(variable, rule.missing, (no_number,)))
    return asked


def _figures(recoded: RecodedWave, off_scale: Mapping[str, Sql]) -> tuple[Any, ...]:
    """The figures of `Averaged` for each mean, and those of `Interviews`, in one row."""
    wave = recoded.wave
    fieldwork = period(wave.start, wave.end, wave.precision)
    asked = []
    for key, off in off_scale.items():
        place, (low, high) = recoded.answers[key], map(literal, wave.scales[key])
        total = sql("{low} + {place} * ({high} - {low})", low=low, high=high, place=place)
        asked += [
            sql("count({place})", place=place),
            sql("min({total}) FILTER ({off})", total=total, off=off),
            sql("max({total}) FILTER ({off})", total=total, off=off),
        ]
    if wave.interview_date is not None:
        day = sql("TRY_CAST({name} AS DATE)", name=identifier(wave.interview_date))
        start, end = literal(str(fieldwork.start)), literal(str(fieldwork.end))
        before = sql("{day} < DATE {start} - {days}", day=day, start=start, days=literal(FAR_DAYS))
        after = sql("{day} > DATE {end} + {days}", day=day, end=end, days=literal(FAR_DAYS))
        asked += [
            sql("count({day})", day=day),
            sql("count(*) FILTER ({before} OR {after})", before=before, after=after),
            sql("min({day})", day=day),
            sql("max({day})", day=day),
        ]
    query = "SELECT {asked} FROM {respondents} WHERE {where}"
    return recoded.respondents.row(query, asked=asked, where=recoded.where) if asked else ()
