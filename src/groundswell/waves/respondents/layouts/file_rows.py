"""Where a respondent stands in the file: the one place that counts what stands above them and what was left out.

A reader hands out respondents and counts them from 1. A user looks in the file, whose rows begin with titles and names,
and some of whose rows are nobody. An error therefore says "row 17 of the file" where the layout knows it, and otherwise
counts respondents and says so.

>>> rows_of_sheet(first_row=4, left_out=[2]).name(3).text
'row 7 of the file'
>>> BY_COUNT.name(3)
RowName(text='row 3', how=' (the first respondent is row 1)')
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RowName:
    """How a message names a row: `text`, and at its end `how` rows are counted where that must be said."""

    text: str
    how: str = ""


@dataclass(frozen=True)
class FileRows:
    """The rows of a file by its respondents.

    Attributes:
        called: what the file's rows are called.
        found: the row of a respondent, both from 1; None where it cannot be told.
    """

    called: str
    found: Callable[[int], int | None]

    def name(self, respondent: int) -> RowName:
        """How the row of a respondent, counted from 1, is named."""
        row = self.found(respondent)
        if row is None:
            return RowName(f"row {respondent}", " (the first respondent is row 1)")
        return RowName(f"{self.called} {row} of the file")


BY_COUNT = FileRows("row", lambda _: None)
"""Of a table in memory, and of a file that has no rows to look at: respondents are counted."""


def rows_of_sheet(first_row: int, left_out: Sequence[int]) -> FileRows:
    """The rows of a sheet whose first respondent stands in `first_row` where nothing is left out; `left_out` as for
    `written_place`."""
    return FileRows("row", lambda respondent: first_row + written_place(respondent, left_out))


def written_place(respondent: int, left_out: Sequence[int]) -> int:
    """The place, from 0, of a respondent among the rows under the names, of which those `left_out` are nobody.

    `left_out` are places too, in their order.
    """
    place = respondent - 1
    for out in left_out:
        if out > place:
            break
        place += 1
    return place
