"""What is estimated: one answer category of a question, or the mean of a number.

`answers` turns a column of respondents into 0/1 (the category against the others) or numbers, with missing
answers kept as missing: the valid base of a question is the respondents who gave any valid answer to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError, nearest


@dataclass(frozen=True)
class Item:
    """A share or a mean: `variable` is a column; `category` an answer as text, None for a mean."""

    variable: str
    category: str | None = None

    @property
    def statistic(self) -> str:
        """ "share" or "mean"."""
        return "mean" if self.category is None else "share"


def check_weights(respondents: pd.DataFrame, column: str) -> Floats:
    """The column as weights.

    Raises:
        InputError: text, a missing or negative weight (with its row; the first respondent is row 1), or all
            zero.
    """
    if column not in respondents.columns:
        raise InputError(
            f"`{column}` is no column of weights: {nearest(column, map(str, respondents.columns))}"
        )
    weights = numbers(respondents, column)
    missing = np.flatnonzero(~np.isfinite(weights))
    if len(missing):
        raise InputError(
            f"`{column}` has no weight in row {missing[0] + 1} and {len(missing) - 1} more: every respondent "
            "needs one "
            "(0 leaves a respondent out of every estimate)"
        )
    negative = np.flatnonzero(weights < 0)
    if len(negative):
        raise InputError(
            f"`{column}` is {weights[negative[0]]:g} in row {negative[0] + 1}: weights are zero or above "
            f"({len(negative)} negative)"
        )
    if not weights.any():
        raise InputError(
            f"`{column}` is zero for all {len(weights)} respondents: at least one weight must be above zero"
        )
    return weights


def numbers(respondents: pd.DataFrame, column: str) -> Floats:
    """The column as numbers, missing as NaN.

    Raises:
        InputError: text, with its row; decimal commas are named as such.
    """
    values = respondents[column]
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.to_numpy(np.float64, na_value=np.nan)
    parsed = pd.to_numeric(values, errors="coerce")
    text = np.flatnonzero((parsed.isna() & values.notna()).to_numpy())
    if len(text):
        found = str(values.iloc[text[0]])
        comma = "," in found and pd.notna(pd.to_numeric(found.replace(",", ".", 1), errors="coerce"))
        way = "write a decimal point for the decimal comma" if comma else "give a number, or leave it empty"
        raise InputError(
            f"`{column}` holds text (`{found}` in row {text[0] + 1}) where a number is needed: {way}"
        )
    return parsed.to_numpy(np.float64, na_value=np.nan)


def items_of(respondents: pd.DataFrame, questions: Sequence[str]) -> tuple[Item, ...]:
    """The shares that questions ask for.

    A question is "column=category" (that answer), or a column: its 1 or True where it holds only 0/1 or
    False/True, otherwise each of its answers in order.

    Raises:
        InputError: an unknown column or category, with the nearest known.
    """
    items: list[Item] = []
    for question in questions:
        variable, equals, category = question.partition("=")
        if question in respondents.columns:
            variable, equals = question, ""
        if variable not in respondents.columns:
            raise InputError(f"`{variable}` is no column: {nearest(variable, map(str, respondents.columns))}")
        _, labels = _codes(respondents[variable])
        if equals and category not in labels:
            raise InputError(f"`{category}` is no answer of `{variable}`: {nearest(category, labels)}")
        if equals:
            items.append(Item(variable, category))
        elif set(labels) <= {"0", "1"}:
            items.append(Item(variable, "1"))
        elif set(labels) <= {"False", "True"}:
            items.append(Item(variable, "True"))
        else:
            items += [Item(variable, label) for label in labels]
    return tuple(items)


def answers(respondents: pd.DataFrame, item: Item) -> Floats:
    """Each respondent's value: 1 or 0 for a category, the number for a mean, NaN where missing."""
    if item.category is None:
        return numbers(respondents, item.variable)
    codes, labels = _codes(respondents[item.variable])
    wanted = labels.index(item.category) if item.category in labels else -2
    return np.where(codes < 0, np.nan, (codes == wanted).astype(np.float64))


def _codes(values: pd.Series) -> tuple[Ints, list[str]]:
    """Code of each answer (-1: missing) and the answers as text, in their own order."""
    codes, answers_found = pd.factorize(values, sort=True)
    return codes.astype(np.int64), [answer_text(answer) for answer in answers_found]


def answer_text(answer: object) -> str:
    """An answer or a code as people write it: 1 rather than 1.0."""
    if isinstance(answer, float | np.floating) and float(answer).is_integer():
        return str(int(answer))
    return str(answer)
