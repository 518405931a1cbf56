"""Numbers held against what is made of them, a mean on a scale or bands of a domain: no answer is never a number.

Worked example: on a scale from 0 to 10 with 99 for "don't know", a mean over all cells would be 12.01. The 99 is off
the scale, so that the wave is refused until its TOML says `missing = [99]`.
"""

from __future__ import annotations

from collections.abc import Iterator

from groundswell.waves.respondents.answers.code_counts import SHOWN, listed_codes
from groundswell.waves.respondents.answers.no_answer import named_codes
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.surveys.answer_scale import Ends
from groundswell.waves.wave.faults.look import MANY, Averaged, Numbers
from groundswell.waves.wave.wave_toml import CountedAnswer


def mean_faults(answer: CountedAnswer, scale: Ends, look: Averaged, codebook: Codebook) -> Iterator[str]:
    """What is wrong with the answers of an indicator that is a mean."""
    found = [
        fault
        for column in answer.columns
        if (fault := _column_fault(answer, scale, look.columns[column], codebook[column])) is not None
    ]
    yield from found
    if found:
        return
    low, high = scale
    names = ", ".join(f"`{column}`" for column in answer.columns)
    if answer.is_one_number:
        column = answer.columns[0]
        held = listed_codes(look.columns[column].off_scale[:MANY], codebook[column])
    else:
        held = "" if look.lowest is None else f"sums from {look.lowest:g} to {look.highest:g}"
    if held:
        yield (
            f"{names} {'holds' if len(answer.columns) == 1 else 'hold'} answers off the scale {low:g} to {high:g}: "
            f"{held}; list what is no answer in `missing`, or state the scale that was asked in survey.toml"
        )
    elif not look.answers:
        yield f"{names}: nobody gave an answer on the scale {low:g} to {high:g}: name the column of the answers"


def _column_fault(answer: CountedAnswer, scale: Ends, look: Numbers, variable: Variable) -> str | None:
    """What in one column is no number, or stands in no list."""
    column = variable.name
    if variable.kind not in ("number", "text"):
        return f"`{column}` holds {variable.kind}s, not numbers: name the column of the answers"
    if look.no_number:
        return (
            f"`{column}` holds text where a mean needs numbers: {listed_codes(look.no_number[:MANY], variable)}; list "
            "what is no answer in `missing`, or name a column of numbers"
        )
    if look.unlisted:
        return (
            f"`{column}` holds codes in no list: {listed_codes(look.unlisted[:MANY], variable)}; "
            "add each to `valid` or `missing`"
        )
    if answer.valid is None and (found := _labelled_no_answers(scale, look)):
        return (
            f"`{column}` holds codes that are labelled as no answer: {found}; list them in `missing` to leave them "
            "out, or every answer that counts in `valid`"
        )
    return None


def _labelled_no_answers(scale: Ends, look: Numbers) -> str:
    """Codes on the scale whose labels say that they are no answer; the scale says it of those off it."""
    low, high = scale
    return named_codes(
        [
            each
            for each in look.no_answers
            if each.sign != "far_off" and not isinstance(each.code, str) and low <= each.code <= high
        ]
    )


def band_faults(look: Numbers, variable: Variable) -> Iterator[str]:
    """What would lie in no band, and codes that look like no answer: 999 would be the oldest."""
    if variable.kind != "number" and look.no_number:
        yield (
            f"`{variable.name}` holds what is no number, and `breaks` cut numbers into bands: "
            f"{listed_codes(look.no_number[:SHOWN], variable)}; list it in `missing`, or name a column of numbers"
        )
    if look.no_answers:
        yield (
            f"`{variable.name}` holds codes that look like no answer, and would lie in a band: "
            f"{named_codes(look.no_answers)}; list them in `missing`"
        )
