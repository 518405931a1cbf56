"""Halves of files: what each layout looks like when something went wrong with it, and what must be said of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl

from . import forms
from .forms import FORMS, People, Rows
from .layouts import as_text
from .workbooks import SHEET, with_part

Break = Callable[[People, Path], None]
"""Writes respondents into a file, broken."""


@dataclass(frozen=True)
class Broken:
    """A broken file: its ending, how it is made, what its error says, and the names of the columns asked for."""

    ending: str
    write: Break
    says: str
    mood: str = "mood"
    weight: str = "weight"


def _text(rows: Callable[[People], Rows], change: Callable[[Rows], Rows]) -> Break:
    def write(people: People, file: Path) -> None:
        file.write_bytes(as_text(change(rows(people))).encode())

    return write


def _cut(form: str, lost: int) -> Break:
    """So many bytes are gone from the end."""

    def write(people: People, file: Path) -> None:
        FORMS[form].write(people, file)
        whole = file.read_bytes()
        file.write_bytes(whole[:-lost])

    return write


def _mixed(rows: Callable[[People], Rows]) -> Break:
    def write(people: People, file: Path) -> None:
        *written, last = rows(people)
        russian = [*last[:-2], "Москва", last[-1]]
        content = as_text([*written, russian]).encode() + as_text([russian]).encode("cp1251")
        file.write_bytes(content)

    return write


def _heavy(rows: Rows) -> Rows:
    """The tenth row from the end has a weight with a mark of thousands."""
    place = next(cells.index("weight") for cells in rows if "weight" in cells)
    changed = [[*cells] for cells in rows]
    changed[-10][place] = "1,234.5"
    return changed


def _sheet(heads: int, change: Callable[[Rows], Rows], rows: Callable[[People], Rows]) -> Break:
    def write(people: People, file: Path) -> None:
        cells = change(rows(people))
        forms.write_xlsx(file, {"Data": forms.typed(cells, heads)})

    return write


def _ends_early(people: People, file: Path) -> None:
    """A sheet that states all its rows and holds the first ten."""
    FORMS["xlsx"].write(people, file)

    def cut(sheet: str) -> str:
        assert "dimension" in sheet
        return sheet[: sheet.index('<row r="11"')] + "</sheetData></worksheet>"

    with_part(file, SHEET, cut)


def _merged(people: People, file: Path) -> None:
    FORMS["xlsx"].write(people, file)
    book = openpyxl.load_workbook(file)
    book.worksheets[0].merge_cells("B5:D5")
    book.save(file)


def _without(place: int) -> Callable[[Rows], Rows]:
    return lambda rows: [*rows[:place], *rows[place + 1 :]]


HELD = "`weight` (the weights) holds text (`1,234.5` in "
TEXTS: dict[str, tuple[Callable[[People], Rows], str]] = {
    "plain": (forms.plain, "mood"),
    "Qualtrics": (forms.three_rows, "Q1"),
    "SurveyMonkey": (forms.surveymonkey, "How do you feel?"),
    "LimeSurvey": (forms.limesurvey, "mood"),
    "KoBo": (forms.kobo, "health/mood"),
    "Google Forms": (forms.google_forms, "How do you feel, on the whole?"),
}
NAMELESS = {
    "plain": "row 1 holds answers (`1`), where the columns' names are needed",
    "Qualtrics": "names `Q1`, which is not a column",
    "SurveyMonkey": "names the column `Response` twice in row 1",
    "LimeSurvey": "row 1 holds answers (`1`)",
    "KoBo": "row 1 holds answers (`",
    "Google Forms": "row 1 holds answers (`2024/03/01 9:12:",
}

BROKEN: dict[str, Broken] = {
    **{f"{name}, no names": Broken(".csv", _text(rows, _without(0)), NAMELESS[name], mood)
       for name, (rows, mood) in TEXTS.items()},
    **{f"{name}, mixed encodings": Broken(".csv", _mixed(rows), "is not UTF-8 (byte 0xcc), while", mood)
       for name, (rows, mood) in TEXTS.items()},
    **{f"{name}, a heavy weight": Broken(".csv", _text(rows, _heavy), HELD, mood)
       for name, (rows, mood) in TEXTS.items()},
    "titled, no names": Broken(
        ".csv", _text(forms.titled, _without(3)),
        "row 1 holds `Survey of May 2024` and nothing else, where up to ",
    ),
    "xlsx, no names": Broken(".xlsx", _sheet(0, _without(0), forms.plain), "sheet Data` row 1 holds answers (`1`)"),
    "xlsx, titled, no names": Broken(
        ".xlsx", _sheet(3, _without(3), forms.titled), "row 1 holds `Survey of May 2024` and nothing else"
    ),
    "xlsx, a heavy weight": Broken(".xlsx", _sheet(1, _heavy, forms.plain), f"{HELD}row"),
    "xlsx, ends early": Broken(".xlsx", _ends_early, "rows and holds 10: it was cut off when it was saved"),
    "xlsx, merged answers": Broken(".xlsx", _merged, "row 5"),
    "xlsx, cut": Broken(".xlsx", _cut("xlsx", 900), "is not a workbook, or is cut off"),
    "xls, cut": Broken(".xls", _cut("xls", 3000), "is not a readable workbook"),
    "csv, cut": Broken(".csv", _cut("csv", 20), " has 7 cells, where the file names 9 columns"),
    "sav, cut": Broken(".sav", _cut("sav", 100), "breaks off or is damaged"),
    "dta, cut": Broken(".dta", _cut("dta", 3000), "ask for the whole file"),
    "dta, cut in its labels": Broken(".dta", _cut("dta", 40), "does not end with `</stata_dta>`"),
    "por, cut": Broken(".por", _cut("por", 500), "breaks off or is damaged", "MOOD", "WEIGHT"),
    "xpt, cut": Broken(".xpt", _cut("xpt", 410), "is cut off (its last record has "),
    "xpt, cut after a record": Broken(".xpt", _cut("xpt", 400), "is cut off (it states 60 rows and holds "),
    "parquet, cut": Broken(".parquet", _cut("parquet", 500), "cannot be read as parquet"),
}  # fmt: skip
