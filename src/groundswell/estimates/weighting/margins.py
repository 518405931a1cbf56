"""Population margins: what the weighted respondents should add up to, and how far from it they are.

A margin is one or more columns and the population's totals by category. Totals may be counts or shares;
shares (a margin that sums to 1) are of the sum of the starting weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError, nearest
from groundswell.estimates.design.columns import answer_text
from groundswell.estimates.design.design import Margin, column_fault
from groundswell.estimates.design.grouping import compact, sum_by

Totals = Mapping[object, float]

_AGREE = 1e-6
"""Relative difference up to which the totals of two margins count as one population."""


@dataclass(frozen=True)
class CodedMargin:
    """A margin met with respondents: `code` (respondents,) into `categories`, and each one's `target`."""

    name: str
    categories: tuple[str, ...]
    code: Ints
    target: Floats


def code_margins(
    respondents: pd.DataFrame, margins: Mapping[Margin, Totals], weights: Floats
) -> tuple[CodedMargin, ...]:
    """Check every margin against the respondents and bring targets to one population total.

    Raises:
        InputError: no margin; an unknown column; a respondent without a category (with its row); a category
            without a target, or with a target but without weighted respondents (named); a negative target;
            margins of different totals.
    """
    if not margins:
        raise InputError("no margin was given: name at least one column with its totals")
    coded = [_code_margin(respondents, margin, totals, weights) for margin, totals in margins.items()]
    sums = [float(margin.target.sum()) for margin in coded]
    if all(abs(total - 1) <= _AGREE for total in sums):
        whole = float(weights.sum())
        return tuple(
            CodedMargin(m.name, m.categories, m.code, m.target / m.target.sum() * whole) for m in coded
        )
    if max(sums) - min(sums) > _AGREE * max(sums):
        listed = ", ".join(f"`{margin.name}` {total:g}" for margin, total in zip(coded, sums, strict=True))
        raise InputError(
            f"margins sum to different totals ({listed}): give one population's totals, or shares"
        )
    return tuple(coded)


def _code_margin(respondents: pd.DataFrame, margin: Margin, totals: Totals, weights: Floats) -> CodedMargin:
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
    present = sum_by(code, weights, len(labels)) > 0
    unknown = [label for label, here in zip(labels, present, strict=True) if here and not wanted.get(label)]
    if unknown:
        raise InputError(
            f"margin `{name}` has no total above zero for {_listed(unknown)}, which respondents gave: add it, or "
            f"recode the respondents ({nearest(unknown[0], wanted)})"
        )
    answered = {label for label, here in zip(labels, present, strict=True) if here}
    empty = [label for label, total in wanted.items() if total > 0 and label not in answered]
    if empty:
        raise InputError(
            f"margin `{name}` has a total for {_listed(empty)}, but no respondent with a weight above zero: "
            "merge categories in the margin and in the respondents"
        )
    target = np.array([wanted.get(label, 0.0) for label in labels])
    return CodedMargin(name, tuple(labels), code, target)


def _codes(respondents: pd.DataFrame, columns: tuple[str, ...]) -> tuple[Ints, list[str]]:
    """Code of each respondent's combination of the columns, and the combinations as text."""
    code = np.zeros(len(respondents), np.int64)
    levels: list[list[str]] = []
    for name in columns:
        if name not in respondents.columns:
            raise column_fault(name, respondents.columns, named_by="margins")
        part, categories = _factors(respondents[name])
        missing = np.flatnonzero(part < 0)
        if len(missing):
            raise InputError(
                f"`{name}` is missing in row {missing[0] + 1} and {len(missing) - 1} more: every respondent needs a "
                "category of every margin; impute it or make `missing` a category"
            )
        code = code * len(categories) + part if levels else part
        levels.append(categories)
    if len(levels) == 1:
        return code, levels[0]
    code, keys = compact(code)
    labels = [""] * len(keys)
    for categories in reversed(levels):
        parts = [categories[key] for key in keys % len(categories)]
        labels = [
            part if not label else f"{part} x {label}" for part, label in zip(parts, labels, strict=True)
        ]
        keys = keys // len(categories)
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


def margin_distances(
    respondents: pd.DataFrame, margins: Mapping[Margin, Totals], *, before: Floats, after: Floats
) -> pd.DataFrame:
    """Each category's share of the population, and of the respondents before and after weighting.

    Columns `margin, category, population, before, after, distance_before, distance_after`; shares and their
    differences are in [0, 1] and [-1, 1].

    Raises:
        InputError: as `code_margins`; not one weight a respondent.

    Example:
        >>> people = pd.DataFrame({"sex": ["f", "m", "m", "m"]})
        >>> margins = {"sex": {"f": 0.5, "m": 0.5}}
        >>> after = gs.rake(people, margins).weights
        >>> distances = gs.margin_distances(people, margins, before=np.ones(4), after=after)
        >>> distances[["category", "before", "population", "after"]].round(6)
          category  before  population  after
        0        f    0.25         0.5    0.5
        1        m    0.75         0.5    0.5
    """
    for name, weights in (("before", before), ("after", after)):
        if len(weights) != len(respondents):
            raise InputError(
                f"`{name}=` has {len(weights)} weights for {len(respondents)} respondents: give one each"
            )
    parts = []
    for margin in code_margins(respondents, margins, before):
        population = margin.target / margin.target.sum()
        held = [sum_by(margin.code, weights, len(population)) / weights.sum() for weights in (before, after)]
        parts.append(
            pd.DataFrame(
                {
                    "margin": margin.name,
                    "category": margin.categories,
                    "population": population,
                    "before": held[0],
                    "after": held[1],
                    "distance_before": held[0] - population,
                    "distance_after": held[1] - population,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
