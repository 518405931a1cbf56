"""Questions with several answers, as a wave counts them: whether one answer, or any of several, was chosen.

    item = "Q5"
    option = "Prices"
    asked = { Q4 = [1] }

counts who chose "Prices" in the set `Q5` among those who were asked it. Without `asked` the base is the set's own (see
`answer_sets`); where nobody of the wave ticked anything, and nothing says who was asked, it is nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from groundswell.errors import nearest
from groundswell.waves.respondents.answer_sets import AnswerSet, Option
from groundswell.waves.respondents.codebook import Codebook
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sets.chosen import chosen, ticked_anything
from groundswell.waves.respondents.sets.columns import lone_mark
from groundswell.waves.respondents.sql import Sql, sql
from groundswell.waves.toml.record import Found
from groundswell.waves.wave.wave_toml import CountedAnswer, Wave


@dataclass(frozen=True)
class CountedSet:
    """A question with several answers, with who was asked where the wave states it, and the answers that count."""

    among: AnswerSet
    options: tuple[Option, ...]


def counted_sets(wave: Wave, respondents: Respondents) -> tuple[dict[str, CountedSet], list[Found]]:
    """The questions with several answers that a wave counts, by indicator, and what of them its file has not."""
    codebook = respondents.codebook
    sets: dict[str, CountedSet] = {}
    absent: list[Found] = []
    for key, answer in wave.indicators.items():
        if not answer.options:
            continue
        found = _set_of(answer, respondents)
        options = [None if found is None else found.option(name) for name in answer.options]
        if found is not None and None not in options:
            sets[key] = CountedSet(found, tuple(option for option in options if option is not None))
        else:
            absent += [
                (("indicators", key), message) for message in _absent(answer, found, options, codebook)
            ]
    return sets, absent


def _set_of(answer: CountedAnswer, respondents: Respondents) -> AnswerSet | None:
    """The set that an indicator names, with who was asked; a column of marks is one where it states that."""
    codebook, name = respondents.codebook, str(answer.item)
    found = codebook.sets.get(name)
    if answer.asked is None:
        return found
    if found is None and name in codebook:
        found = lone_mark(name, codebook, respondents.rows)
    return None if found is None else replace(found, asked=answer.asked_codes)


def _absent(
    answer: CountedAnswer, found: AnswerSet | None, options: Sequence[Option | None], codebook: Codebook
) -> Iterator[str]:
    """The question, or those of its answers, that a file has not."""
    if found is None:
        how = "state `asked`, if it is a column of marks, or `separators` under `[reading]`, if it is a cell"
        if answer.item not in codebook:
            how = nearest(str(answer.item), codebook.sets)
        yield f"`{answer.item}` is no question with several answers in `{codebook.file}`: {how}"
        return
    for name, option in zip(answer.options, options, strict=True):
        if option is None:
            known = nearest(name, [option.name for option in found.options])
            yield f"`{name}` is not an answer of `{found.name}`: {known}"


def chosen_in_wave(counted: CountedSet, respondents: Respondents, where: Sql) -> Sql:
    """An indicator as 1, 0 or NULL; `where` are the rows of the wave."""
    among, codebook = counted.among, respondents.codebook
    if among.asked is None and not among.no_stated:
        anybody = "SELECT 1 FROM {respondents} WHERE {where} AND {ticked} LIMIT 1"
        if not respondents.rows(anybody, where=where, ticked=ticked_anything(among, codebook)):
            return sql("CAST(NULL AS INTEGER)")
    return chosen(among, counted.options, codebook)


def columns_of(answer: CountedAnswer, codebook: Codebook) -> tuple[str, ...]:
    """The columns that an indicator counts; of a set, its columns."""
    found = codebook.sets.get(str(answer.item)) if answer.options else None
    return answer.columns if found is None else found.columns
