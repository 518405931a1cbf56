"""The answers of a mean held against its scale: a number that nobody could answer is named, never averaged.

Worked example: on a scale from 0 to 10 with 99 for "don't know", a mean over all cells would be 12.01. The 99 is off
the scale, so that the wave is refused until its TOML says `missing = [99]`.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb

from groundswell.waves.respondents.answers.no_answer import held_in, named_codes, no_answers
from groundswell.waves.respondents.sql import Sql, all_of, among, answered, number, sql
from groundswell.waves.wave.listed_codes import listed_codes
from groundswell.waves.wave.recode import RecodedWave, total_score

MANY = 1000
"""More different answers than this are not counted one by one."""


def mean_faults(recoded: RecodedWave, key: str) -> Iterator[str]:
    """What is wrong with the answers of the indicator `key`, a mean."""
    answer = recoded.wave.indicators[key]
    found = False
    for column in answer.columns:
        for message in _column_faults(recoded, key, column):
            found = True
            yield message
    if found:
        return
    place = recoded.answers[key]
    off = sql("coalesce({place} NOT BETWEEN 0 AND 1, false)", place=place)
    low, high = recoded.wave.scales[key]
    if len(answer.columns) == 1 and answer.score_offset == 0:
        held = _held(recoded, answer.columns[0], off)
    else:
        ends = sql("min({total}), max({total})", total=total_score(answer, recoded.respondents.codebook))
        lowest, highest = recoded.respondents.row(
            "SELECT {ends} FROM {respondents} WHERE {where}", ends=ends, where=all_of([recoded.where, off])
        )
        held = "" if lowest is None else f"sums from {lowest:g} to {highest:g}"
    if held:
        names = ", ".join(f"`{column}`" for column in answer.columns)
        yield (
            f"{names} {'holds' if len(answer.columns) == 1 else 'hold'} answers off the scale {low:g} to {high:g}: "
            f"{held}; list what is no answer in `missing`, or state the scale that was asked in survey.toml"
        )
        return
    answers = sql("count({place})", place=place)
    counted = recoded.respondents.row(
        "SELECT {answers} FROM {respondents} WHERE {where}", answers=answers, where=recoded.where
    )
    if not counted[0]:
        names = ", ".join(f"`{column}`" for column in answer.columns)
        yield f"{names}: nobody gave an answer on the scale {low:g} to {high:g}: name the column of the answers"


def _column_faults(recoded: RecodedWave, key: str, column: str) -> Iterator[str]:
    """What in one column is no number, or stands in no list."""
    answer, variable = recoded.wave.indicators[key], recoded.respondents.codebook[column]
    if variable.kind not in ("number", "text"):
        yield f"`{column}` holds {variable.kind}s, not numbers: name the column of the answers"
        return
    given = answered(variable, missing=answer.missing)
    no_number = all_of([given, sql("{number} IS NULL", number=number(variable))])
    try:
        if held := _held(recoded, column, no_number):
            yield (
                f"`{column}` holds text where a mean needs numbers: {held}; list what is no answer in `missing`, "
                "or name a column of numbers"
            )
        elif answer.valid is not None:
            listed = sql("NOT {valid}", valid=among(variable, answer.valid))
            if held := _held(recoded, column, all_of([given, listed])):
                yield f"`{column}` holds codes in no list: {held}; add each to `valid` or `missing`"
        elif found := _labelled_no_answers(recoded, key, column):
            yield (
                f"`{column}` holds codes that are labelled as no answer: {found}; list them in `missing` to leave them "
                "out, or every answer that counts in `valid`"
            )
    except duckdb.Error as error:
        yield f"`{column}`: {str(error).splitlines()[0]}"


def _labelled_no_answers(recoded: RecodedWave, key: str, column: str) -> str:
    """Codes on the scale whose labels say that they are no answer; the scale says it of those off it."""
    answer, variable, own = (
        recoded.wave.indicators[key],
        recoded.respondents.codebook[column],
        recoded.wave.no_answer_words,
    )
    low, high = recoded.wave.scales[key]
    held = held_in(recoded.respondents, [column], where=recoded.where, own=own)[column]
    found = no_answers(variable, held, kept=answer.missing, own=own)
    on_scale = [
        each
        for each in found
        if each.sign != "far_off" and not isinstance(each.code, str) and low <= each.code <= high
    ]
    return named_codes(on_scale)


def _held(recoded: RecodedWave, column: str, test: Sql) -> str:
    """The codes of the wave's rows that pass a test, as a message names them; "" where there is none."""
    where = all_of([recoded.where, test])
    counts = recoded.respondents.code_counts(column, where=where, most=MANY)
    return listed_codes(counts, recoded.respondents.codebook[column])
