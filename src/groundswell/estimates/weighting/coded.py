"""A margin met with respondents: their codes, its targets, and why the two may not fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError, nearest
from groundswell.estimates.design.columns import answer_text
from groundswell.estimates.design.design import Margin, column_fault
from groundswell.estimates.design.grouping import compact, sum_by

Totals = Mapping[Any, float]

ObstacleCode = Literal[
    "respondents_without_category",
    "category_without_total",
    "category_without_respondents",
    "totals_differ",
    "margins_not_held",
]


class MarginError(InputError):
    """Margins and respondents that do not fit each other.

    Attributes:
        code: what stands in the way.
        values: the `variable` of the margin with its `categories`, or the number of `respondents`; for
            `totals_differ` the `variables` and their `totals`.
    """

    def __init__(self, message: str, code: ObstacleCode, **values: Any) -> None:
        super().__init__(message)
        self.code: ObstacleCode = code
        self.values: Mapping[str, Any] = values


@dataclass(frozen=True)
class CodedMargin:
    """A margin of a set of respondents.

    Attributes:
        name: its column, or its columns with ` x ` between them.
        categories: their texts.
        code: (respondents,) place in `categories`; -1 for a respondent without one.
        target: (categories,) totals that the weights should add up to. Where respondents with a weight have no
            category, it holds for the others in proportion.
    """

    name: str
    categories: tuple[str, ...]
    code: Ints
    target: Floats

    @property
    def shares(self) -> Floats:
        """The population's shares of the categories."""
        shares: Floats = self.target / self.target.sum()
        return shares


def code_margin(respondents: pd.DataFrame, margin: Margin, totals: Totals, weights: Floats) -> CodedMargin:
    """The margin with its totals as given, checked against the respondents.

    Raises:
        InputError: an unknown column, a category that is named twice, a total that is negative or no number.
        MarginError: a category of respondents without a total, or with a total but without weighted respondents.
    """
    columns = (margin,) if isinstance(margin, str) else margin
    name = " x ".join(columns)
    code, labels = _codes(respondents, columns)
    wanted = {_label(key): float(total) for key, total in totals.items()}
    if len(wanted) != len(totals):
        raise InputError(f"margin `{name}` names a category twice")
    wrong = [label for label, total in wanted.items() if not (np.isfinite(total) and total >= 0)]
    if wrong:
        raise InputError(
            f"margin `{name}` has `{wanted[wrong[0]]}` for `{wrong[0]}`: totals are numbers of zero or above"
        )
    if not any(wanted.values()):
        raise InputError(f"margin `{name}` has no total above zero: give the population's total by category")
    _check_categories(name, code, labels, wanted, weights)
    target = np.array([wanted.get(label, 0.0) for label in labels])
    return CodedMargin(name, tuple(labels), code, target)


def _check_categories(
    name: str, code: Ints, labels: list[str], wanted: Mapping[str, float], weights: Floats
) -> None:
    known = code >= 0
    present = sum_by(code[known], weights[known], len(labels)) > 0
    answered = [label for label, here in zip(labels, present, strict=True) if here]
    if unasked := sorted(label for label in answered if not wanted.get(label)):
        raise MarginError(
            f"margin `{name}` has no total above zero for {_listed(unasked)}, which respondents gave: add it, or "
            f"recode the respondents ({nearest(unasked[0], wanted)})",
            "category_without_total",
            variable=name,
            categories=unasked,
        )
    if empty := sorted(label for label, total in wanted.items() if total > 0 and label not in answered):
        raise MarginError(
            f"margin `{name}` has a total for {_listed(empty)}, but no respondent with a weight above zero: "
            "merge categories in the margin and in the respondents",
            "category_without_respondents",
            variable=name,
            categories=empty,
        )


def _codes(respondents: pd.DataFrame, columns: tuple[str, ...]) -> tuple[Ints, list[str]]:
    """Code of each respondent's combination of the columns, -1 where one is missing; the combinations as text."""
    code = np.zeros(len(respondents), np.int64)
    without = np.zeros(len(respondents), dtype=bool)
    levels: list[list[str]] = []
    for name in columns:
        if name not in respondents.columns:
            raise column_fault(name, respondents.columns, named_by="margins")
        part, categories = _factors(respondents[name])
        without |= part < 0
        code = code * len(categories) + part
        levels.append(categories)
    keys = np.arange(len(levels[0]))
    if len(levels) > 1:
        places, keys = compact(code[~without])
        code[~without] = places
    code[without] = -1
    labels = [""] * len(keys)
    for categories in reversed(levels):
        parts = [categories[key] for key in keys % max(len(categories), 1)]
        labels = [
            part if not label else f"{part} x {label}" for part, label in zip(parts, labels, strict=True)
        ]
        keys = keys // max(len(categories), 1)
    return code, labels


def _factors(values: pd.Series) -> tuple[Ints, list[str]]:
    """Codes and category texts of a column; whole numbers take the quick way."""
    if pd.api.types.is_integer_dtype(values.dtype) and not values.hasnans:
        codes, categories = compact(values.to_numpy(np.int64))
        return codes, [str(value) for value in categories]
    codes, answers = pd.factorize(values)
    return codes.astype(np.int64), [_label(answer) for answer in answers]


def _label(key: object) -> str:
    if isinstance(key, tuple):
        return " x ".join(map(_label, key))
    return answer_text(key)


def _listed(labels: list[str]) -> str:
    more = f" and {len(labels) - 8} more" if len(labels) > 8 else ""
    return ", ".join(f"`{label}`" for label in labels[:8]) + more
