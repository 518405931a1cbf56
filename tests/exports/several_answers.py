"""One question with several answers, as each program writes it: a table, and what its set and its answers are called.

`Ticked` is the truth: by respondent which answers were chosen, and who was asked. A form that cannot tell who was asked
writes those who were not as it writes those who ticked nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

QUESTION = "Which of these worry you?"


@dataclass(frozen=True)
class Ticked:
    """Answers by name, whether each respondent chose each, and who was asked."""

    names: tuple[str, ...]
    chosen: np.ndarray
    asked: np.ndarray

    def shares(self, *, known: bool) -> dict[str, float]:
        """The share of each answer: of those who were asked where that is known, else of everyone."""
        base = self.asked if known else np.ones(len(self.asked), bool)
        return {
            name: float((self.chosen[:, place] & base).sum() / base.sum())
            for place, name in enumerate(self.names)
        }


@dataclass(frozen=True)
class Written:
    """A table of one form: the set's name, its answers' names in the file, and whether it tells who was asked."""

    table: pd.DataFrame
    set_name: str
    names: tuple[str, ...]
    asked_known: bool


def _marks(
    ticked: Ticked, columns: list[str], yes: object, no: object, *, own_label: bool = False
) -> pd.DataFrame:
    """A column an answer; who was not asked has empty cells."""
    cells = {}
    for place, column in enumerate(columns):
        said = ticked.names[place] if own_label else yes
        chosen = ticked.chosen[:, place]
        values = [said if chose else no for chose in chosen]
        cells[column] = [value if asked else None for value, asked in zip(values, ticked.asked, strict=True)]
    return pd.DataFrame(cells, dtype=object)


def _numbered(form: str) -> Callable[[Ticked], list[str]]:
    return lambda ticked: [form.format(place) for place in range(1, len(ticked.names) + 1)]


def marks(
    form: str, yes: object, no: object, set_name: str, *, own_label: bool = False
) -> Callable[[Ticked], Written]:
    """Columns named by `form` with the place of the answer in it."""

    def write(ticked: Ticked) -> Written:
        columns = _numbered(form)(ticked)
        table = _marks(ticked, columns, yes, no, own_label=own_label)
        names = ticked.names if own_label else tuple(columns)
        return Written(table, set_name, names, no is not None)

    return write


def named_marks(form: str, yes: object, no: object, set_name: str) -> Callable[[Ticked], Written]:
    """Columns named by `form` with the answer itself in it, as KoBo and Jotform name them."""

    def write(ticked: Ticked) -> Written:
        table = _marks(ticked, [form.format(name) for name in ticked.names], yes, no)
        return Written(table, set_name, ticked.names, no is not None)

    return write


def cell(separator: str, *, end: str = "", code: bool = False) -> Callable[[Ticked], Written]:
    """All answers in one cell."""

    def write(ticked: Ticked) -> Written:
        names = tuple(name.casefold() for name in ticked.names) if code else ticked.names
        cells = []
        for row, asked in zip(ticked.chosen, ticked.asked, strict=True):
            said = [name for name, chose in zip(names, row, strict=True) if chose]
            cells.append(separator.join(said) + end if asked and said else None)
        return Written(pd.DataFrame({"worries": cells}), "worries", names, False)

    return write


def kobo(ticked: Ticked) -> Written:
    """KoBo writes the cell and the columns."""
    columns = named_marks("worries/{}", 1, 0, "worries")(ticked)
    return Written(cell(" ")(ticked).table.join(columns.table), "worries", columns.names, True)


TEXT_FORMS: dict[str, Callable[[Ticked], Written]] = {
    "0/1": marks("Q5_{}", 1, 0, "Q5"),
    "0/1 with points": marks("Q5.{}", 1, 0, "Q5"),
    "1/empty": marks("Q5_{}", 1, None, "Q5"),
    "1/empty, two digits": marks("q05_{:02}", 1, None, "q05"),
    "Decipher": marks("Q5r{}", 1, 0, "Q5"),
    "LimeSurvey": marks("Q5[SQ00{}]", "Y", None, "Q5"),
    "LimeSurvey, texts": named_marks("Which of these? [{}]", "Yes", "No", "Which of these?"),
    "label/empty": marks("Q5_{}", "", None, "Q5", own_label=True),
    "Selected": marks("Q5_{}", "Selected", "Not selected", "Q5"),
    "Quoted": marks("v_{}", "quoted", "not quoted", "v"),
    "x": named_marks("worries_{}", "x", None, "worries"),
    "Russian": marks("В5_{}", "Да", "Нет", "В5"),
    "German": named_marks("Sorgen: {}", "genannt", "nicht genannt", "Sorgen"),
    "REDCap": marks("worries___{}", "Checked", "Unchecked", "worries"),
    "KoBo": kobo,
    "questions as names": named_marks("What worries you? - {}", "TRUE", "FALSE", "What worries you?"),
    "Google Forms": cell(", "),
    "MS Forms": cell(";", end=";"),
    "bars": cell("|"),
    "semicolons and blanks": cell("; "),
    "codes and commas": cell(",", code=True),
    "codes and blanks": cell(" ", code=True),
    "line breaks": cell("\n"),
}


def write_text(written: Written, file: Path) -> Path:
    """The table as a text file, with an id and a weight."""
    _with_ids(written.table).to_csv(file, index=False)
    return file


def _with_ids(table: pd.DataFrame) -> pd.DataFrame:
    places = np.arange(len(table))
    return pd.concat([pd.DataFrame({"id": places, "w": 0.5 + places % 3}), table], axis="columns")


def booleans(ticked: Ticked) -> Written:
    """Truth values, as pandas writes them to Parquet."""
    columns = _numbered("Q5_{}")(ticked)
    return Written(_marks(ticked, columns, True, False).astype("boolean"), "Q5", tuple(columns), True)


def lists(ticked: Ticked) -> Written:
    """Lists; nothing for who was not asked."""
    cells = [
        [name for name, chose in zip(ticked.names, row, strict=True) if chose] if asked else None
        for row, asked in zip(ticked.chosen, ticked.asked, strict=True)
    ]
    return Written(pd.DataFrame({"worries": cells}), "worries", ticked.names, True)


PARQUET_FORMS: dict[str, Callable[[Ticked], Written]] = {"booleans": booleans, "lists": lists}


def write_parquet(written: Written, file: Path) -> Path:
    """The table as a Parquet file, with an id and a weight."""
    _with_ids(written.table).to_parquet(file, index=False)
    return file


def write_sav(ticked: Ticked, file: Path, form: str, *, no: int | None, labels: dict[int, str]) -> Written:
    """An SPSS file whose labels name the question and then the answer."""
    import pyreadstat

    columns = [form.format(place, "abcdefghij"[place - 1]) for place in range(1, len(ticked.names) + 1)]
    table = _with_ids(_marks(ticked, columns, 1, no).astype("float64"))
    own = [f"{QUESTION} - {name}" for name in ticked.names]
    pyreadstat.write_sav(
        table,
        str(file),
        column_labels=["", "", *own],
        variable_value_labels=dict.fromkeys(columns, labels),
    )
    return Written(table, columns[0].rstrip("_1a"), ticked.names, no is not None)
