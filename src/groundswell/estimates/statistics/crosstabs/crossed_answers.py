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
from groundswell.estimates.statistics.boxes import Box, Combined, Nets, box_columns, boxes_of
from groundswell.estimates.sums.items import Item
from groundswell.vocabulary import EVERYONE

Labels = Mapping[str, Mapping[str, str]]
"""By column, what its codes are called."""

ROW, COLUMN = "groundswell_row", "groundswell_column"
BOTH = "groundswell_both"
_CELL = "groundswell_cell"
_ALL = -1

Part = tuple[list[str], list[tuple[Item, dict[str, int]]]]
"""Columns that make the domains of a base, and its items, each with the row and the column that it stands for."""


@dataclass(frozen=True)
class CrossedAnswers:
    """Respondents with their row, column and cell by number, NaN unless both questions were answered.

    Attributes:
        table: the respondents, with a plain index.
        rows, columns: the answers of each question, as text, in their own order; those of weight zero are not counted.
        boxes: answers of the row taken together, and the items that stand for them.
        cell: the column with the number of the cell.
    """

    table: pd.DataFrame
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    boxes: dict[Item, Box]
    cell: str = _CELL

    @classmethod
    def of(
        cls,
        respondents: pd.DataFrame,
        design: Design,
        questions: tuple[str, str],
        *,
        combine: Combined | None = None,
        net: Nets | None = None,
    ) -> CrossedAnswers:
        """Raises: InputError where nobody answered both questions, and as `check_weights` and `boxes_of`."""
        row, column = questions
        table = respondents.reset_index(drop=True)
        here = table[[row, column]].notna().all(axis=1).to_numpy(copy=True)
        if design.weights is not None and design.weights in table.columns:
            here &= check_weights(table, design.weights) > 0
        if not here.any():
            raise InputError(f"nobody answered both `{row}` and `{column}`: there is no table to make")
        (first, rows), (second, columns) = (
            pd.factorize(table[name].where(here), sort=True) for name in (row, column)
        )
        coded = {ROW: first, COLUMN: second, _CELL: first * len(columns) + second, BOTH: 1}
        table = table.assign(
            **{name: pd.Series(codes, table.index).where(here) for name, codes in coded.items()}
        )
        answers = tuple(map(answer_text, rows))
        boxes = boxes_of(row, answers, combine, net)
        marks, items = box_columns(boxes, first, answers)
        table = table.assign(**marks)
        return cls(table, answers, tuple(map(answer_text, columns)), dict(zip(items, boxes, strict=True)))

    @property
    def row_names(self) -> tuple[str, ...]:
        """What the rows are called, those of answers taken together included."""
        return (*self.rows, *(box.name for box in self.boxes.values()))

    def parts(self, shares: str, *, totals: bool) -> list[Part]:
        """What is to be estimated for shares of each column, of each row, or of the total."""
        rows = [(Item(ROW, str(place)), {ROW: place, COLUMN: _ALL}) for place in range(len(self.rows))]
        columns = [
            (Item(COLUMN, str(place)), {ROW: _ALL, COLUMN: place}) for place in range(len(self.columns))
        ]
        both = [(Item(BOTH, "1"), {ROW: _ALL, COLUMN: _ALL})]
        if shares == "total":
            wide = len(self.columns)
            cells = [
                (Item(_CELL, str(place)), {ROW: place // wide, COLUMN: place % wide})
                for place in range(len(self.rows) * wide)
            ]
            return [([], cells + rows + columns + both if totals else cells)]
        if shares == "column":
            rows += [
                (item, {ROW: place, COLUMN: _ALL}) for place, item in enumerate(self.boxes, start=len(rows))
            ]
        within, told = (COLUMN, rows) if shares == "column" else (ROW, columns)
        return [([within], told + both), ([], told + both)] if totals else [([within], told)]

    def with_counts(self, cells: pd.DataFrame, by: list[str]) -> pd.DataFrame:
        """The cells with `count`, the respondents in each; of a net score those on either side."""
        here = self.table.loc[self.table[BOTH].notna(), [*by, ROW, COLUMN]].dropna()
        keys = [*by, ROW, COLUMN]
        taken = [here]
        for place, box in enumerate(self.boxes.values(), start=len(self.rows)):
            sides = box.counted | (box.against or frozenset())
            inside = [code for code, answer in enumerate(self.rows) if answer in sides]
            taken.append(here[here[ROW].isin(inside)].assign(**{ROW: place}))
        taken.append(here.assign(**{ROW: _ALL}))
        rows = pd.concat(taken)
        sizes = pd.concat([rows, rows.assign(**{COLUMN: _ALL})]).groupby(keys, observed=True).size()
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
