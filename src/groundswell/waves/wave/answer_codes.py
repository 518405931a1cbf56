"""Codes of a wave's file held against their labels: answers that are none, and answers that are counted by mistake.

Codes are keys and labels are words: a numerator names codes, and only their labels tell whether those are the answers
that the survey follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groundswell.waves.respondents.answers.no_answer import held_in, held_of, named_codes, no_answers
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code, CodeCount, plain_code
from groundswell.waves.respondents.no_answer_words import plain_label
from groundswell.waves.respondents.sql import all_of, answered, number, sql
from groundswell.waves.wave.listed_codes import SHOWN, listed_codes
from groundswell.waves.wave.recode import RecodedWave
from groundswell.waves.wave.wave_toml import CountedAnswer, DomainRule


def unlisted_no_answers(
    variable: Variable, answer: CountedAnswer, counts: Sequence[CodeCount], own: Sequence[str]
) -> Iterator[str]:
    """Codes that look like no answer and stand in no list, where the lists are all that keeps them out of the base."""
    if answer.valid is not None:
        return
    listed = (*(answer.numerator or ()), *answer.missing)
    held = held_of(
        variable, {count.code: count.respondents for count in counts if count.code is not None}, own
    )
    found = no_answers(variable, held, kept=listed, own=own)
    if found:
        yield (
            f"`{variable.name}` holds codes that look like no answer and stand in no list: {named_codes(found)}; "
            "list them in `missing` to leave them out, or every code of the base in `valid` to keep them"
        )


def unanswered_in_bands(recoded: RecodedWave, rule: DomainRule) -> Iterator[str]:
    """Codes that look like no answer in a number that is cut into bands, where 999 would be the oldest."""
    if rule.breaks is None:
        return
    variable, own = recoded.respondents.codebook[rule.column], recoded.wave.no_answer_words
    if variable.kind != "number":
        yield from _no_numbers(recoded, rule, variable)
    held = held_in(recoded.respondents, [rule.column], where=recoded.where, own=own)[rule.column]
    if found := no_answers(variable, held, kept=rule.missing, own=own):
        yield (
            f"`{rule.column}` holds codes that look like no answer, and would lie in a band: {named_codes(found)}; "
            "list them in `missing`"
        )


def _no_numbers(recoded: RecodedWave, rule: DomainRule, variable: Variable) -> Iterator[str]:
    """What is no number where numbers are cut into bands, and so would lie in none."""
    no_number = sql("{number} IS NULL", number=number(variable))
    given = all_of([recoded.where, answered(variable, missing=rule.missing), no_number])
    if counts := recoded.respondents.code_counts(variable.name, where=given, most=SHOWN):
        yield (
            f"`{variable.name}` holds what is no number, and `breaks` cut numbers into bands: "
            f"{listed_codes(counts, variable)}; list it in `missing`, or name a column of numbers"
        )


def mislabelled(variable: Variable, answer: CountedAnswer, words: Sequence[str]) -> Iterator[str]:
    """A numerator that counts other answers than those of the survey's words, or one of two codes with one label."""
    labels = {code: label for code, label in (variable.labels or {}).items() if not variable.is_missing(code)}
    counted = {plain_code(code) for code in answer.numerator or ()}
    if not counted:
        return
    followed = {plain_label(word) for word in words}
    left = [code for code, label in labels.items() if plain_label(label) in followed and code not in counted]
    if left:
        yield (
            f"`numerator` counts {_ticked(labels, sorted(counted, key=str))} of `{variable.name}`, and survey.toml "
            f"counts {', '.join(f'“{word}”' for word in words)}, the label of {_ticked(labels, left)}: count the codes "
            "of these words, or correct the words of the variant"
        )
        return
    missing = set(map(plain_code, answer.missing))
    same = {plain_label(label): code for code, label in labels.items() if code in counted}
    for code, label in labels.items():
        other = same.get(plain_label(label))
        if other is not None and code not in counted and code not in missing:
            yield (
                f"`numerator` counts `{other}` of `{variable.name}` and not `{code}`, and both are “{label}”: "
                "count both, or list the other in `missing`"
            )


def _ticked(labels: dict[Code, str], codes: Sequence[Code]) -> str:
    """Codes with their labels."""
    return ", ".join(f"`{code}`" + (f" “{labels[code]}”" if code in labels else "") for code in codes)
