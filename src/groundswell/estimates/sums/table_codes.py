"""Codes and words of a table in memory that look like no answer: said, since nothing else tells them from answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd

from groundswell.estimates.sums.caller import warn_caller
from groundswell.estimates.sums.items import Item
from groundswell.waves.respondents.answers.no_answer import (
    CONVENTIONAL,
    MANY,
    NoAnswer,
    held_of,
    named_codes,
    no_answers,
)
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.notes import Note

_CONVENTIONAL = np.array(sorted(CONVENTIONAL), dtype=np.float64)


def warn_no_answer(respondents: pd.DataFrame, items: Iterable[Item]) -> None:
    """Warn of codes far off the others, and of words for no answer, unless the code or word itself is asked for."""
    asked: dict[str, set[str]] = {}
    for item in items:
        asked.setdefault(item.variable, set()).add(item.category or "")
    for column, categories in asked.items():
        for code, found in _found(column, respondents[column]).items():
            others = [each for each in found if str(each.code) not in categories]
            if others:
                note = Note(code, column, {"codes": named_codes(others)})
                warn_caller(str(note))


def _found(column: str, values: pd.Series) -> dict[str, list[NoAnswer]]:
    """The codes to be named, by the note that names them."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return {}
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.to_numpy(np.float64, na_value=np.nan)
        if not np.isin(numbers, _CONVENTIONAL).any():
            return {}
        variable = Variable(column, "number")
        held = held_of(variable, Counter(numbers[np.isfinite(numbers)].tolist()))
        return {"far_off_in_table": list(no_answers(variable, held))}
    words: Counter[Code] = Counter(cell for cell in values if isinstance(cell, str))
    if len(words) > MANY:
        return {}
    variable = Variable(column, "text")
    found = no_answers(variable, held_of(variable, words))
    return {"no_answer_in_table": [each for each in found if each.sign == "no_answer"]}
