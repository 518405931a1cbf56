"""What a wave's file holds of all that its TOML names, looked at before anything is judged.

The checks of a wave are functions of its TOML and of this record, which has codes and how many gave them, and never a
row. Of a column whose answers are counted every code is in it; of numbers that are averaged or cut into bands, which
may be as many as the respondents, only the odd ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from typing import Any

from groundswell.waves.respondents.answer_sets import AnswerSet
from groundswell.waves.respondents.answers.counted_codes import EVERY_CODE, Counts, counted_codes
from groundswell.waves.respondents.answers.no_answer import Held, held_in
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sets.chosen import ticked_anything
from groundswell.waves.respondents.sets.columns import lone_mark
from groundswell.waves.respondents.sql import Sql, all_of, among, answered, identifier, literal, number, sql
from groundswell.waves.surveys.fieldwork import period
from groundswell.waves.wave.recode import counted, own_rows, total_score
from groundswell.waves.wave.set_answers import CountedSet
from groundswell.waves.wave.wave_toml import CountedAnswer, Wave

MANY = 1000
"""A column with more different answers than this is not a list of codes; one more is looked at, to tell."""

FAR_DAYS = 183
"""Interviews further from the stated fieldwork than this are far."""

_Place = tuple[str, ...]
"""What of the look something is asked for: `("bands", "age", "Q2")`."""


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
        lowest, highest: of what they are counted by, where it is off the scale; None where nobody's is.
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
        sets: by indicator that counts answers of a question with several; absent where the file has no such question.
        interviews: None where the wave names no column of their days.
    """

    codes: Mapping[str, Counts]
    means: Mapping[str, Averaged]
    bands: Mapping[str, Numbers]
    sets: Mapping[str, CountedSet]
    interviews: Interviews | None


def look_at(wave: Wave, respondents: Respondents, tell_apart: Iterable[str] = ()) -> Look:
    """Look at the rows of a wave, whose file has every column that it names.

    Args:
        wave, respondents: the wave and its file.
        tell_apart: columns that may tell waves apart.
    """
    codebook, where = respondents.codebook, own_rows(wave, respondents.codebook)
    sets = {key: found for key, answer in wave.indicators.items() if (found := _set_of(answer, respondents))}
    figures = _figures(respondents, where, _asked(wave, codebook, sets))
    shares = (answer.columns for key, answer in wave.indicators.items() if key not in wave.scales)
    listed = list(dict.fromkeys(chain(*shares, tell_apart)))
    odd = _odd(wave, codebook)
    tests = [*((column, EVERY_CODE) for column in listed), *((place[-1], own) for place, own in odd.items())]
    counts = counted_codes(respondents, tests, where=where, most=MANY + 1)
    held = held_in(respondents, (place[-1] for place in odd), where=where, own=wave.no_answer_words)
    numbers = {
        place: Numbers(held[place[-1]], *codes)
        for place, codes in zip(odd, counts[len(listed) :], strict=True)
    }
    return Look(
        codes={column: every for column, (every,) in zip(listed, counts, strict=False)},
        means={
            key: Averaged(
                {column: numbers["indicators", key, column] for column in wave.indicators[key].columns},
                *figures["indicators", key],
            )
            for key in wave.scales
        },
        bands={
            key: numbers["domains", key, rule.column] for key, rule in wave.domains.items() if rule.breaks
        },
        sets={key: CountedSet(found, *figures.get(("sets", key), ())) for key, found in sets.items()},
        interviews=Interviews(*figures["interviews",]) if wave.interview_date else None,
    )


def _set_of(answer: CountedAnswer, respondents: Respondents) -> AnswerSet | None:
    """The set that an indicator names, with who was asked; a column of marks is one where it states that."""
    if not answer.options:
        return None
    codebook, name = respondents.codebook, str(answer.item)
    found = codebook.sets.get(name)
    if answer.asked is None:
        return found
    if found is None and name in codebook:
        found = lone_mark(name, codebook, respondents.rows)
    return None if found is None else replace(found, asked=answer.asked_codes)


def _odd(wave: Wave, codebook: Codebook) -> dict[_Place, list[Sql]]:
    """What is odd in columns of numbers, as tests in the order of `Numbers`."""
    tests: dict[_Place, list[Sql]] = {}
    for key in wave.scales:
        answer = wave.indicators[key]
        for variable in (codebook[column] for column in answer.columns):
            given = answered(variable, missing=answer.missing)
            unlisted = (
                sql("false")
                if answer.valid is None
                else sql("NOT {valid}", valid=among(variable, answer.valid))
            )
            # of a sum no item has a scale
            off = _off_scale(wave, key, codebook) if answer.is_one_number else sql("false")
            tests["indicators", key, variable.name] = [
                _no_number(variable, answer.missing),
                all_of([given, unlisted]),
                off,
            ]
    for key, rule in wave.domains.items():
        if rule.breaks is not None:
            tests["domains", key, rule.column] = [_no_number(codebook[rule.column], rule.missing)]
    return tests


def _no_number(variable: Variable, missing: Iterable[Code]) -> Sql:
    """Whether an answer is no number; never NULL."""
    return all_of([answered(variable, missing=missing), sql("{number} IS NULL", number=number(variable))])


def _off_scale(wave: Wave, key: str, codebook: Codebook) -> Sql:
    """Whether an answer that is averaged lies off its scale; never NULL."""
    place = counted(wave.indicators[key], codebook, wave.scales[key])
    return sql("coalesce({place} NOT BETWEEN 0 AND 1, false)", place=place)


def _asked(wave: Wave, codebook: Codebook, sets: Mapping[str, AnswerSet]) -> dict[_Place, list[Sql]]:
    """The single figures that are asked of a wave's rows."""
    asked: dict[_Place, list[Sql]] = {}
    for key, scale in wave.scales.items():
        place = counted(wave.indicators[key], codebook, scale)
        total, off = total_score(wave.indicators[key], codebook), _off_scale(wave, key, codebook)
        asked["indicators", key] = [
            sql("count({place})", place=place),
            sql("min({total}) FILTER ({off})", total=total, off=off),
            sql("max({total}) FILTER ({off})", total=total, off=off),
        ]
    for key, found in sets.items():
        if found.asked is None and not found.no_stated:
            asked["sets", key] = [
                sql("coalesce(bool_or({ticked}), false)", ticked=ticked_anything(found, codebook))
            ]
    if wave.interview_date is not None:
        stated = period(wave.start, wave.end, wave.precision)
        day = sql("TRY_CAST({name} AS DATE)", name=identifier(wave.interview_date))
        start, end = literal(str(stated.start)), literal(str(stated.end))
        far = sql(
            "{day} < DATE {start} - {far} OR {day} > DATE {end} + {far}",
            day=day,
            start=start,
            end=end,
            far=literal(FAR_DAYS),
        )
        asked["interviews",] = [
            sql("count({day})", day=day),
            sql("count(*) FILTER ({far})", far=far),
            sql("min({day})", day=day),
            sql("max({day})", day=day),
        ]
    return asked


def _figures(
    respondents: Respondents, where: Sql, asked: Mapping[_Place, Sequence[Sql]]
) -> dict[_Place, tuple[Any, ...]]:
    """All single figures in one query."""
    pieces = [piece for of_place in asked.values() for piece in of_place]
    if not pieces:
        return {}
    row = iter(
        respondents.row("SELECT {pieces} FROM {respondents} WHERE {where}", pieces=pieces, where=where)
    )
    return {place: tuple(islice(row, len(of_place))) for place, of_place in asked.items()}
