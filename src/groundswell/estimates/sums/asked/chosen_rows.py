"""Which rows of a file are taken at all: one wave of a file that holds several, finished interviews only.

The trap: a subpopulation is not chosen here. A wave is a sample of its own; women are not, and a file cut down to them
loses the sampling units in which nobody is one. Ask for a domain with `by`.
"""

from __future__ import annotations

from collections.abc import Sequence

from groundswell.errors import InputError
from groundswell.estimates.design.design import check_column
from groundswell.estimates.sums.asked.bases import Bases
from groundswell.estimates.sums.asked.plan_of_file import ChosenRows, FileAnswers, answer_codes
from groundswell.listed import listed
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import all_of, among


def chosen_rows(respondents: Respondents, conditions: Sequence[str]) -> ChosenRows:
    """The test that every condition holds: `year=2023`, or one of several answers, `year=2022,2023`.

    Raises: InputError for an unknown column, an answer that cannot be one, or where no row is left.
    """
    answers = FileAnswers(Bases(respondents))
    tests, columns = [], []
    for condition in conditions:
        column, equals, answers_named = condition.rpartition("=")
        if not equals or not listed(answers_named):
            raise InputError(f"`where=` is `{condition}`: write it as `year=2023` or `year=2022,2023`")
        check_column(column, answers.columns, named_by="where")
        variable = respondents.codebook[column]
        named = [answers.code(column, answer) for answer in listed(answers_named)]
        codes = [code for answer in named for code in answer_codes(variable, answer)]
        tests.append(among(variable, codes))
        columns.append(column)
    where = all_of(tests)
    if tests and not respondents.rows("SELECT 1 FROM {respondents} WHERE {where} LIMIT 1", where=where):
        raise InputError(
            f"`where=` leaves nobody: no row of `{respondents.codebook.file}` has {' and '.join(conditions)}"
        )
    return ChosenRows(where, tuple(columns))
