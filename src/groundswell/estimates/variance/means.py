"""Shares and means with their variance, by the two methods: linearisation (Taylor), and replicate weights.

Both are `Means`: whoever asks for `moments` and `covariance` needs not know which method a design takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.estimates.design.design import Design, check_column, check_columns
from groundswell.estimates.design.units import Units
from groundswell.estimates.sums.asked.questions import TableAnswers, items_of
from groundswell.estimates.sums.cells import Cells, cells_of
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.table_codes import warn_no_answer
from groundswell.estimates.variance.moments import Moments, check_domains, stated_df
from groundswell.estimates.variance.replicates import (
    Replicated,
    ReplicateSums,
    replicate_moments,
    replicate_sums,
)
from groundswell.estimates.variance.scores import mean_scores, moments_of
from groundswell.estimates.variance.taylor import covariance, variances
from groundswell.vocabulary import LonelyPsu


@dataclass(frozen=True)
class LinearisedMeans:
    """By linearisation, from sums by domain and sampling unit."""

    cells: Cells
    units: Units
    lonely_psu: LonelyPsu
    df: float | None = None

    @property
    def domains(self) -> pd.DataFrame:
        """As `Means.domains`."""
        return self.cells.domains

    @property
    def items(self) -> tuple[Item, ...]:
        """As `Means.items`."""
        return self.cells.items

    def called(self, items: tuple[Item, ...], by: Sequence[str] | None = None) -> Self:
        """The same under other names of the items and of the columns that make domains."""
        domains = self.domains if by is None else self.domains.set_axis(list(by), axis="columns")
        return replace(self, cells=replace(self.cells, items=items, domains=domains))

    def moments(self) -> Moments:
        """As `Means.moments`."""
        scores, ratio = mean_scores(self.cells)
        moments = moments_of(self.cells, self.units, ratio, variances(scores, self.units, self.lonely_psu))
        return stated_df(moments, self.df)

    def covariance(self) -> Floats:
        """As `Means.covariance`."""
        scores, ratio = mean_scores(self.cells)
        matrix = covariance(scores, self.units, self.lonely_psu)
        unanswered = np.isnan(ratio.ravel())
        matrix[unanswered, :] = matrix[:, unanswered] = np.nan
        return matrix

    def unit_scores(self) -> Floats:
        """(units, domains, items) what each unit of the last stage adds to the scores of each mean."""
        scores, _ = mean_scores(self.cells)
        total = np.zeros((len(self.units.count), scores.domains, scores.value.shape[1]))
        np.add.at(total, (scores.unit, scores.domain), scores.value)
        return total.reshape(len(total), len(self.domains), len(self.items))


@dataclass(frozen=True)
class ReplicateMeans:
    """By replicate weights, from sums by domain with every set of them."""

    sums: ReplicateSums
    design: Design

    @property
    def domains(self) -> pd.DataFrame:
        """As `Means.domains`."""
        return self.sums.domains

    @property
    def items(self) -> tuple[Item, ...]:
        """As `Means.items`."""
        return self.sums.items

    def called(self, items: tuple[Item, ...], by: Sequence[str] | None = None) -> Self:
        """The same under other names of the items and of the columns that make domains."""
        domains = self.domains if by is None else self.domains.set_axis(list(by), axis="columns")
        return replace(self, sums=replace(self.sums, items=items, domains=domains))

    @cached_property
    def _replicated(self) -> Replicated:
        return replicate_moments(self.sums, self.design)

    def moments(self) -> Moments:
        """As `Means.moments`."""
        return stated_df(self._replicated.moments, self.design.df)

    def covariance(self) -> Floats:
        """As `Means.covariance`."""
        return self._replicated.covariance()


def means_of(
    respondents: pd.DataFrame, design: Design, items: Sequence[Item], by: Sequence[str] = ()
) -> LinearisedMeans | ReplicateMeans:
    """The means of a table of respondents, by the method that the design needs.

    Raises:
        InputError: a column of the design or a domain that does not exist, or no domain at all; as `cells_of` and
            `replicate_sums`.
    """
    for name in by:
        check_column(name, respondents.columns, named_by="by")
    check_domains(by, int(respondents[list(by)].notna().all(axis="columns").sum()))
    if design.replicates:
        design = design.over(map(str, respondents.columns))
        return ReplicateMeans(replicate_sums(respondents, design, items, by), design)
    check_columns(design, respondents.columns)
    return LinearisedMeans(*cells_of(respondents, design, items, by), design.lonely_psu, design.df)


def means_asked(
    respondents: pd.DataFrame,
    design: Design,
    questions: Sequence[str],
    numbers: Sequence[str],
    by: Sequence[str],
) -> LinearisedMeans | ReplicateMeans:
    """The means of what questions ask for, then of columns of numbers.

    Warns: codes far off a column's others, such as 99 in a scale of 1 to 5.

    Raises:
        InputError: nothing is asked for; `design` is not a `Design`; as `items_of` and `means_of`.
    """
    if not isinstance(design, Design):
        raise InputError(f"`design=` is a {type(design).__name__}: give a `Design` that names the columns")
    numbers = (numbers,) if isinstance(numbers, str) else numbers
    for name in numbers:
        check_column(name, respondents.columns)
    asked = TableAnswers(respondents)
    for name in numbers:
        asked.sets.check_mean(name)
    items = (*items_of(questions, asked), *map(Item, numbers))
    if not items:
        raise InputError("no question was named: name a column, or `column=answer`")
    table, own = asked.sets.counted(items)
    warn_no_answer(table, own)
    return means_of(table, design, own, (by,) if isinstance(by, str) else by).called(items)
