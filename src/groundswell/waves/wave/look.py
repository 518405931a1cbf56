"""What a wave's file holds of all that its TOML names, looked at before anything is judged.

The checks of a wave are functions of its TOML and of this record, which has codes and how many gave them, and never a
row. Of a column whose answers are counted every code is in it; of numbers that are averaged or cut into bands, which
may be as many as the respondents, only the odd ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any

from groundswell.waves.respondents.answers.counted_codes import EVERY_CODE, Counts, counted_codes
from groundswell.waves.respondents.answers.no_answer import Held, held_in
from groundswell.waves.respondents.sql import Sql, among, answered, identifier, literal, number, sql
from groundswell.waves.surveys.fieldwork import period
from groundswell.waves.wave.recode import RecodedWave

MANY = 1000
"""A column with more different answers than this is not a list of codes; one more is looked at, to tell."""

FAR_DAYS = 183
"""Interviews further from the stated fieldwork than this are far."""


@dataclass(frozen=True)
class Numbers:
    """What is odd in a column of numbers; each code is under the first that holds of it.

    Attributes:
        held: its range, and the codes that may be no answer.
        no_number: answers that are none.
        unlisted: those in no list, where a list says what counts.
        off_scale: those off the scale, where each answer is a number on it.
    """

    held: Held
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
        codes: by column, of those whose codes are counted and those that may tell waves apart.
        means: by indicator that is a mean.
        bands: by domain that cuts a number into bands.
        interviews: None where the wave names no column of their days.
    """

    codes: Mapping[str, Counts]
    means: Mapping[str, Averaged]
    bands: Mapping[str, Numbers]
    interviews: Interviews | None


def look_at(recoded: RecodedWave, tell_apart: Iterable[str] = ()) -> Look:
    """Look at the rows of a wave; `tell_apart` are columns that may tell waves apart."""
    wave, respondents, where = recoded.wave, recoded.respondents, recoded.where
    shares = (answer.columns for key, answer in wave.indicators.items() if key not in wave.scales)
    listed = dict.fromkeys(chain(*shares, tell_apart))
    averaged, cut = _averaged(recoded), _cut(recoded)
    columns = [*((column, EVERY_CODE) for column in listed), *averaged, *cut]
    # what is found comes in the order in which it is asked for
    counts = iter(counted_codes(respondents, columns, where=where, most=MANY + 1))
    codes = {column: every for column, (every,) in zip(listed, counts, strict=False)}
    numbers = (column for column, _ in (*averaged, *cut))
    held = held_in(respondents, numbers, where=where, own=wave.no_answer_words)
    figures = iter(_figures(recoded))
    return Look(
        codes=codes,
        means={
            key: Averaged(
                {column: Numbers(held[column], *next(counts)) for column in wave.indicators[key].columns},
                *islice(figures, 3),
            )
            for key in wave.scales
        },
        bands={
            key: Numbers(held[rule.column], *next(counts))
            for key, rule in wave.domains.items()
            if rule.breaks
        },
        interviews=None if wave.interview_date is None else Interviews(*figures),
    )


def _averaged(recoded: RecodedWave) -> list[tuple[str, list[Sql]]]:
    """The columns that are averaged, each with tests of what is odd in the order of `Numbers`."""
    wave, codebook = recoded.wave, recoded.respondents.codebook
    columns = []
    for key in wave.scales:
        answer = wave.indicators[key]
        for variable in (codebook[column] for column in answer.columns):
            given = answered(variable, missing=answer.missing)
            no_number = sql("{given} AND {number} IS NULL", given=given, number=number(variable))
            listed = sql("true") if answer.valid is None else among(variable, answer.valid)
            unlisted = sql("{given} AND NOT {listed}", given=given, listed=listed)
            # of several items only the sum has a scale
            off = _off_scale(recoded, key) if answer.is_one_number else sql("false")
            columns.append((variable.name, [no_number, unlisted, off]))
    return columns


def _cut(recoded: RecodedWave) -> list[tuple[str, list[Sql]]]:
    """The columns that are cut into bands, each with the test whether an answer is no number."""
    columns = []
    for rule in recoded.wave.domains.values():
        if rule.breaks is not None:
            variable = recoded.respondents.codebook[rule.column]
            given = answered(variable, missing=rule.missing)
            no_number = sql("{given} AND {number} IS NULL", given=given, number=number(variable))
            columns.append((variable.name, [no_number]))
    return columns


def _off_scale(recoded: RecodedWave, key: str) -> Sql:
    """Whether an answer that is averaged lies off its scale; never NULL."""
    return sql("coalesce({place} NOT BETWEEN 0 AND 1, false)", place=recoded.answers[key])


def _figures(recoded: RecodedWave) -> tuple[Any, ...]:
    """The figures of `Averaged` for each mean, and those of `Interviews`, in one row."""
    wave = recoded.wave
    asked = []
    for key, (low, high) in wave.scales.items():
        place, off = recoded.answers[key], _off_scale(recoded, key)
        on_scale = sql(
            "{low} + {place} * ({high} - {low})", low=literal(low), high=literal(high), place=place
        )
        asked += [
            sql("count({place})", place=place),
            sql("min({total}) FILTER ({off})", total=on_scale, off=off),
            sql("max({total}) FILTER ({off})", total=on_scale, off=off),
        ]
    if wave.interview_date is not None:
        stated = period(wave.start, wave.end, wave.precision)
        day = sql("TRY_CAST({name} AS DATE)", name=identifier(wave.interview_date))
        far = sql(
            "{day} < DATE {start} - {days} OR {day} > DATE {end} + {days}",
            day=day,
            start=literal(str(stated.start)),
            end=literal(str(stated.end)),
            days=literal(FAR_DAYS),
        )
        asked += [
            sql("count({day})", day=day),
            sql("count(*) FILTER ({far})", far=far),
            sql("min({day})", day=day),
            sql("max({day})", day=day),
        ]
    if not asked:
        return ()
    return recoded.respondents.row(
        "SELECT {asked} FROM {respondents} WHERE {where}", asked=asked, where=recoded.where
    )
