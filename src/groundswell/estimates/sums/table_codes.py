"""Codes of a table in memory that look like no answer: said, since nothing else tells them from numbers."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd

from groundswell.estimates.sums.items import Item
from groundswell.waves.respondents.answers.no_answer import CONVENTIONAL, held_of, named_codes, no_answers
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.notes import Note

_CONVENTIONAL = np.array(sorted(CONVENTIONAL), dtype=np.float64)


def warn_far_off(respondents: pd.DataFrame, items: Iterable[Item]) -> None:
    """Warn of codes far off the others of a column that is asked about, unless the code itself is asked for."""
    asked: dict[str, set[str]] = {}
    for item in items:
        asked.setdefault(item.variable, set()).add(item.category or "")
    for column, categories in asked.items():
        values = respondents[column]
        if not pd.api.types.is_numeric_dtype(values.dtype) or pd.api.types.is_bool_dtype(values.dtype):
            continue
        numbers = values.to_numpy(np.float64, na_value=np.nan)
        if not np.isin(numbers, _CONVENTIONAL).any():
            continue
        variable = Variable(column, "number")
        held = held_of(variable, Counter(numbers[np.isfinite(numbers)].tolist()))
        found = [each for each in no_answers(variable, held) if str(each.code) not in categories]
        if found:
            note = Note("far_off_in_table", column, {"codes": named_codes(found)})
            warnings.warn(str(note), UserWarning, stacklevel=4)
