"""The answers to two questions of a table of respondents, coded so that every cell and every total is an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.errors import InputError
from groundswell.estimates.design.columns import answer_text
from groundswell.estimates.design.design import Design
from groundswell.estimates.design.weights import check_weights
from groundswell.estimates.sums.items import Item
from groundswell.vocabulary import EVERYONE

Labels = Mapping[str, Mapping[str, str]]
"""By column, what its codes are called."""

ROW, COLUMN = "groundswell_row", "groundswell_column"
_CELL, _BOTH = "groundswell_cell", "groundswell_both"
_ALL = -1

Part = tuple[list[str], list[tuple[Item, dict[str, int]]]]
"""Columns that make the domains of a base, and its items, each with the row and the column that it stands for."""


@dataclass(frozen=True)
class CrossedAnswers:
    """Respondents with their row, column and cell by number, NaN unless both questions were answered.

    Attributes:
        table: the respondents, with a plain index.
        rows, columns: the answers of each question, as text, in their own order; those of weight zero are not counted.
    """

    table: pd.DataFrame
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cell: str = _CELL

    @classmethod
    def of(cls, respondents: pd.DataFrame, design: Design, row: str, column: str) -> CrossedAnswers:
        """Raises: InputError where nobody answered both questions, and as `check_weights`."""
        table = respondents.reset_index(drop=True)
        here = table[[row, column]].notna().all(axis=1).to_numpy(copy=True)
        if design.weights is not None and design.weights in table.columns:
            here &= check_weights(table, design.weights) > 0
        if not here.any():
            raise InputError(f"nobody answered both `{row}` and `{column}`: there is no table to make")
        (first, rows), (second, columns) = (
            pd.factorize(table[name].where(here), sort=True) for name in (row, column)
        )
        coded = {ROW: first, COLUMN: second, _CELL: first * len(columns) + second, _BOTH: 1}
        table = table.assign(
            **{name: pd.Series(codes, table.index).where(here) for name, codes in coded.items()}
        )
        return cls(table, tuple(map(answer_text, rows)), tuple(map(answer_text, columns)))

    def parts(self, shares: str, *, totals: bool) -> list[Part]:
        """What is to be estimated for shares of each column, of each row, or of the total."""
        rows = [(Item(ROW, str(place)), {ROW: place, COLUMN: _ALL}) for place in range(len(self.rows))]
        columns = [
            (Item(COLUMN, str(place)), {ROW: _ALL, COLUMN: place}) for place in range(len(self.columns))
        ]
        both = [(Item(_BOTH, "1"), {ROW: _ALL, COLUMN: _ALL})]
        if shares == "total":
            wide = len(self.columns)
            cells = [
                (Item(_CELL, str(place)), {ROW: place // wide, COLUMN: place % wide})
                for place in range(len(self.rows) * wide)
            ]
            return [([], cells + rows + columns + both if totals else cells)]
        within, told = (COLUMN, rows) if shares == "column" else (ROW, columns)
        return [([within], told + both), ([], told + both)] if totals else [([within], told)]

    def with_counts(self, cells: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        """The cells with `count`, the respondents in each."""
        here = self.table.loc[self.table[_BOTH].notna(), [*by, ROW, COLUMN]].dropna()
        keys = [*by, ROW, COLUMN]
        margins = [{}, {ROW: _ALL}, {COLUMN: _ALL}, {ROW: _ALL, COLUMN: _ALL}]
        sizes = pd.concat([here.assign(**margin) for margin in margins]).groupby(keys, observed=True).size()
        counted = cells.merge(sizes.rename("count").reset_index(), on=keys, how="left")
        return counted.assign(count=counted["count"].fillna(0).astype(np.int64))


def labelled(codes: pd.Series, question: str, answers: tuple[str, ...], labels: Labels | None) -> pd.Series:
    """The answers of a question by their labels, in its own order, those of all together last.

    Raises:
        InputError: two answers that are called alike.
    """
    known = (labels or {}).get(question, {})
    called = [known.get(answer, answer) for answer in answers]
    if (codes == _ALL).any():
        called.append(known.get(EVERYONE, EVERYONE))
    twice = next((name for name in called if called.count(name) > 1), None)
    if twice is not None:
        raise InputError(
            f"`{question}` has two answers called `{twice}`: give each its own name in `labels=`, or make one code of "
            f"them (`{EVERYONE}` is all answers together, and may be called otherwise)"
        )
    places = codes.astype(np.int64).to_numpy()
    places = np.where(places == _ALL, len(answers), places)
    return pd.Series(pd.Categorical.from_codes(places, categories=pd.Index(called), ordered=True))
