"""What `groundswell trend --answers` writes: every answer of each question that is asked for, on its dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import pandas as pd

from groundswell.errors import InputError, nearest
from groundswell.trends.answers.shares_answer import INTERVALS
from groundswell.trends.answers.table_source import ANSWERS_CODE, Note, Source
from groundswell.trends.data.left_out_codes import read_reasons
from groundswell.trends.questions.fit import fit_question
from groundswell.trends.questions.question import Question
from groundswell.trends.questions.sticks import REASONS
from groundswell.waves import Survey

OUTPUT: Final = ("date", "series", "answer", "share", "share_se", *INTERVALS, "segment")
"""The columns of the answer, in order."""
NOT_USED: Final = "not_used"
"""Of a note: waves that say nothing of any answer, for the reasons of the observations table."""


class WholeAnswer(NamedTuple):
    """The table in the columns `OUTPUT`, and a note a question: which waves say which answers."""

    table: pd.DataFrame
    notes: list[Note]


def whole_answer(survey: Survey, source: Source, without: Sequence[str] = ()) -> WholeAnswer:
    """All answers of each indicator that `source` is asked for, on the dates of its levels; `without` as in `levels`.

    Raises: InputError as `fit_question`, and for an answer to be left out that no question has.
    """
    tables: list[pd.DataFrame] = []
    told: list[Note] = []
    known: set[str] = set()
    asked = source.asked[source.asked["house"] == ""]
    for series, rows in asked.groupby("series", sort=False):
        trend = source.trends[str(series)]
        question = fit_question(survey, str(series), as_of=trend.as_of, trend=trend, seed=trend.seed)
        known |= {*question.answers}
        mine = [name for name in without if name in question.answers]
        dates = pd.DatetimeIndex(rows["date"]).unique()
        tables.append(question.levels(dates, mine).assign(series=series))
        told.append(_note(str(series), question))
    for name in without:
        if name not in known:
            raise InputError(
                f"`without=`: no question that is asked for has the answer `{name}`; {nearest(name, known)}"
            )
    if not tables:
        raise InputError(
            "`answers=` needs a date without a house: an answer's level is asked for by date alone"
        )
    table = pd.concat(tables, ignore_index=True)
    return WholeAnswer(table.assign(date=table["date"].dt.strftime("%Y-%m-%d"))[list(OUTPUT)], told)


def _note(series: str, question: Question) -> Note:
    """How many waves say all answers, and why the others do not."""
    whole = question.waves["told"] == len(question.answers)
    codes = Counter(
        next((code for code, _ in read_reasons(text) if code in REASONS), NOT_USED)
        for text in question.waves.loc[~whole, "left_out"]
    )
    values = {
        "answers": list(question.answers),
        "waves": len(question.waves),
        "whole": int(whole.sum()),
        "others": dict(sorted(codes.items())),
    }
    return Note(series, ANSWERS_CODE, "passed", values)
