"""Codes of a wave's file held against its lists and against their labels.

A code that stands in no list could mean anything, so it stops the wave; a numerator code that nobody gave does not:
nobody may have given it. Codes are keys and labels are words: a numerator names codes, and only their labels tell
whether those are the answers that the survey follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from groundswell.waves.respondents.answers.code_counts import Counts, listed_codes
from groundswell.waves.respondents.answers.no_answer import held_of, named_codes, no_answers
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.codes import Code, plain_code
from groundswell.waves.respondents.no_answer_words import plain_label
from groundswell.waves.wave.faults.look import MANY
from groundswell.waves.wave.wave_toml import CountedAnswer


def share_faults(
    answer: CountedAnswer,
    looked: Mapping[str, Counts],
    codebook: Codebook,
    words: Sequence[str],
    own: Sequence[str],
) -> Iterator[str]:
    """What is wrong with the codes of an indicator that counts answers.

    Args:
        answer: how it is counted.
        looked: by column the codes that it holds.
        codebook: of the wave's file.
        words: the answers that the survey counts.
        own: the survey's own words for no answer.
    """
    for column in answer.columns:
        counts, variable = looked[column], codebook[column]
        if len(counts) > MANY:
            yield f"`{column}` holds over {MANY:,} answers, so it is not a list of codes: name the coded column"
            continue
        yield from _unexplained(variable, answer, counts, own)
        yield from _mislabelled(variable, answer, words)
        if answer.at_least is None:
            if (marks := _mark_fault(variable, answer, counts, codebook)) is not None:
                yield marks
            stated = _stated(answer)
            if not any(count.meant in stated or count.code in stated for count in counts):
                held = listed_codes(counts, variable)
                yield f"`{column}` holds none of the codes that are counted; it holds {held}"


def _stated(answer: CountedAnswer) -> set[Code]:
    """The codes that stand in any list."""
    return {plain_code(code) for code in (*(answer.numerator or ()), *(answer.valid or ()), *answer.missing)}


def _unexplained(
    variable: Variable, answer: CountedAnswer, counts: Counts, own: Sequence[str]
) -> Iterator[str]:
    """Codes in no list: text among codes, any where a list says what the base is, else what looks like no answer."""
    stated = _stated(answer)
    unknown = [
        count
        for count in counts
        if count.code not in (None, "")
        and count.meant not in stated
        and count.code not in stated
        and not variable.is_missing(count.code)
        and not (count.meant is not None and variable.is_missing(count.meant))
    ]
    texts = [count for count in unknown if isinstance(count.meant, str)]
    if texts and (answer.at_least is not None or not any(isinstance(code, str) for code in stated)):
        yield (
            f"`{variable.name}` holds text where codes are counted: {listed_codes(texts, variable)}; "
            "name the column of codes, write the answers as text, or list them in `missing`"
        )
    elif answer.valid is not None:
        if unknown:
            yield (
                f"`{variable.name}` holds codes in no list: {listed_codes(unknown, variable)}; "
                "add each to `numerator`, `valid` or `missing`"
            )
    else:
        # the lists are all that keeps no answer out of the base
        listed = (*(answer.numerator or ()), *answer.missing)
        held = held_of(
            variable, {count.code: count.respondents for count in counts if count.code is not None}, own
        )
        if found := no_answers(variable, held, kept=listed, own=own):
            yield (
                f"`{variable.name}` holds codes that look like no answer and stand in no list: {named_codes(found)}; "
                "list them in `missing` to leave them out, or every code of the base in `valid` to keep them"
            )


def _mislabelled(variable: Variable, answer: CountedAnswer, words: Sequence[str]) -> Iterator[str]:
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


def _mark_fault(variable: Variable, answer: CountedAnswer, counts: Counts, codebook: Codebook) -> str | None:
    """What is wrong where the only code of a column is counted and the other cells are empty: all would be 100%."""
    empty = sum(count.respondents for count in counts if count.code in (None, ""))
    given = [
        count for count in counts if count.code not in (None, "") and not variable.is_missing(count.code)
    ]
    stated = {plain_code(code) for code in (*(answer.numerator or ()), *(answer.valid or ()))}
    if len(given) != 1 or not empty or len(stated) > 1:
        return None
    (only,) = given
    found = codebook.sets.of_column(variable.name)
    if found is not None and not found.no_stated:
        name = next(option.name for option in found.options if option.column == variable.name)
        instead = f'one of several answers: write `item = "{found.name}"` and `option = "{name}"`'
    else:
        label = variable.label_of("" if only.code is None else only.code)
        instead = f'a mark: write `option = "{label}"` and who was asked, `asked = "everyone"` '
        instead += "or codes of a column,"
    return (
        f"`{variable.name}` holds `{only.code}` ({only.respondents:,}) and is empty in {empty:,} rows, so its share "
        f"would be 100%; it may be {instead} instead of `numerator`"
    )


def _ticked(labels: dict[Code, str], codes: Sequence[Code]) -> str:
    """Codes with their labels."""
    return ", ".join(f"`{code}`" + (f" “{labels[code]}”" if code in labels else "") for code in codes)
