"""Questions with several answers, as a wave counts them: whether one answer, or any of several, was chosen.

    item = "Q5"
    option = "Prices"
    asked = { Q4 = [1] }

counts who chose "Prices" in the set `Q5` among those who were asked it. Without `asked` the base is the set's own (see
`answer_sets`); where nobody of the wave ticked anything, and nothing says who was asked, it is nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from groundswell.errors import nearest
from groundswell.waves.respondents.answer_sets import AnswerSet
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.codes import CodeCount, plain_code
from groundswell.waves.respondents.sets.chosen import chosen
from groundswell.waves.respondents.sql import Sql, sql
from groundswell.waves.wave.wave_toml import CountedAnswer


@dataclass(frozen=True)
class CountedSet:
    """A question with several answers that an indicator counts: the set, with who was asked where the wave states it.

    `asked_anyone` is False where nobody of the wave ticked anything, and nothing says who was asked.
    """

    found: AnswerSet
    asked_anyone: bool = True


def chosen_in_wave(answer: CountedAnswer, counted: CountedSet, codebook: Codebook) -> Sql:
    """An indicator as 1, 0 or NULL; `set_faults` found nothing."""
    if not counted.asked_anyone:
        return sql("CAST(NULL AS INTEGER)")
    options = [option for name in answer.options if (option := counted.found.option(name)) is not None]
    return chosen(counted.found, options, codebook)


def set_faults(answer: CountedAnswer, counted: CountedSet | None, codebook: Codebook) -> Iterator[str]:
    """What is wrong with the question, or the answers, that an indicator names; the file may have no such question."""
    if counted is None:
        how = "state `asked`, if it is a column of marks, or `separators` under `[reading]`, if it is a cell"
        if answer.item not in codebook:
            how = nearest(str(answer.item), codebook.sets)
        yield f"`{answer.item}` is no question with several answers in `{codebook.file}`: {how}"
        return
    for name in answer.options:
        if counted.found.option(name) is None:
            known = nearest(name, [option.name for option in counted.found.options])
            yield f"`{name}` is not an answer of `{counted.found.name}`: {known}"


def columns_of(answer: CountedAnswer, codebook: Codebook) -> tuple[str, ...]:
    """The columns that an indicator counts; of a set, its columns."""
    found = codebook.sets.get(str(answer.item)) if answer.options else None
    return answer.columns if found is None else found.columns


def mark_fault(
    variable: Variable, answer: CountedAnswer, counts: Sequence[CodeCount], codebook: Codebook
) -> str | None:
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
