"""Workbooks: which sheet and which rows are respondents, and what their cells are."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from exports.layouts import LAYOUTS
from exports.truth import answers
from exports.workbooks import Rows, write_xls, write_xlsx
from openpyxl.chart import BarChart

from groundswell.errors import InputError
from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.reader import Respondents, read_respondents

WAVE: Rows = [["id", "mood", "town"], [1, 1, "Омск"], [2, 2, "Тула"], [3, 1, "Омск"]]
README: Rows = [["Wave 7", "fielded by ACME"], ["contact", "someone"]]
WRITERS: dict[str, Callable[[Path, dict[str, Rows]], Path]] = {
    ".xlsx": write_xlsx,
    ".xls": write_xls,
}


def said(read: Respondents) -> list[str]:
    return [note.code for note in read.codebook.notes]


def cells(read: Respondents, column: str) -> list[Any]:
    return [None if pd.isna(cell) else cell for cell in read.table()[column]]


@pytest.fixture(params=WRITERS)
def write(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[dict[str, Rows]], Path]:
    return lambda sheets: WRITERS[request.param](tmp_path / f"wave{request.param}", sheets)


Write = Callable[[dict[str, Rows]], Path]


def test_every_format_of_workbooks_is_read(write: Write) -> None:
    read = read_respondents(write({"Data": WAVE}))
    assert list(read.codebook.variables) == ["id", "mood", "town"]
    assert cells(read, "mood") == [1, 2, 1]
    assert cells(read, "town") == ["Омск", "Тула", "Омск"]
    assert read.codebook.layout.sheets == ("Data",)
    assert read.codebook.notes == ()


def test_a_note_before_the_data_is_passed_over_and_said(write: Write) -> None:
    read = read_respondents(write({"README": README, "Data": WAVE}))
    assert read.codebook.rows == 3
    assert read.codebook.layout.sheet == "Data"
    assert (
        str(read.codebook.notes[0]) == "respondents are read from the sheet `Data`; the others are `README`"
    )


def test_two_sheets_of_respondents_are_refused_until_one_is_stated(write: Write) -> None:
    file = write({"March": WAVE, "April": [*WAVE, [4, 2, "Псков"]]})
    with pytest.raises(
        InputError, match=r"several sheets that look like respondents \(`March`, `April`\).*--sheet"
    ):
        read_respondents(file)
    read = read_respondents(file, options=ReadOptions(sheet="April"))
    assert (read.codebook.rows, said(read), read.codebook.layout.stated) == (4, [], ("sheet",))
    with pytest.raises(InputError, match=r"no sheet `april`; did you mean `April`"):
        read_respondents(file, options=ReadOptions(sheet="april"))


def test_no_sheet_of_respondents_is_refused_with_all_sheets(write: Write) -> None:
    with pytest.raises(InputError, match=r"no sheet that looks like respondents \(`A`, `B`\)"):
        read_respondents(write({"A": README, "B": README}))


def test_the_codebook_beside_the_data_is_no_rival(write: Write) -> None:
    codebook: Rows = [["column", "codes"], ["id", 0], ["mood", 2], ["town", 0]]
    assert read_respondents(write({"Codebook": codebook, "Data": WAVE})).codebook.layout.sheet == "Data"


def test_hidden_sheets_are_read_only_where_stated(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "w.xlsx", {"Old": [*WAVE, [4, 1, "x"]], "Data": WAVE}, hidden=["Old"])
    read = read_respondents(file)
    assert read.codebook.rows == 3
    assert "`Old` (hidden)" in str(read.codebook.notes[0])
    assert read_respondents(file, options=ReadOptions(sheet="Old")).codebook.rows == 4


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layouts_of_text_files_are_those_of_sheets(tmp_path: Path, layout: str) -> None:
    people = answers()
    rows = LAYOUTS[layout](people)
    file = write_xlsx(tmp_path / "w.xlsx", {"Sheet": [[cell or None for cell in row] for row in rows]})
    read = read_respondents(file)
    assert (read.codebook.rows, read.codebook.layout.name) == (len(people), layout)


def test_error_cells_and_dashes_are_no_answers_and_counted(tmp_path: Path) -> None:
    rows: Rows = [["id", "mood", "age"], [1, 1, "-"], [2, "#N/A", 30], [3, "#DIV/0!", 40], [4, 2, 50]]
    read = read_respondents(write_xlsx(tmp_path / "w.xlsx", {"S": rows}))
    assert cells(read, "mood") == [1, None, None, 2]
    assert cells(read, "age") == [None, 30, 40, 50]
    assert said(read) == ["mark_no_answer"] * 3
    old = read_respondents(write_xls(tmp_path / "w.xls", {"S": rows[:3]}))
    assert (cells(old, "mood"), said(old)) == ([1, None], ["mark_no_answer"] * 2)


def test_numbers_as_text_are_numbers_and_leading_zeros_stay(tmp_path: Path) -> None:
    rows: Rows = [
        ["w", "mood", "code", "both"],
        ["0.50", "1", "007", 1],
        ["1.25", "2", "010", "2"],
        ["2", "1", "1", 3.5],
    ]
    read = read_respondents(write_xlsx(tmp_path / "w.xlsx", {"S": rows}))
    assert cells(read, "w") == [0.5, 1.25, 2]
    assert cells(read, "mood") == [1, 2, 1]
    assert cells(read, "code") == ["007", "010", "1"]
    assert cells(read, "both") == [1, 2, 3.5]


def test_dates_times_and_truth_values_are_what_the_cells_formats_say(tmp_path: Path) -> None:
    noon = datetime(2024, 3, 1, 12, tzinfo=UTC).replace(tzinfo=None)
    rows: Rows = [
        ["day", "at", "clock", "took", "yes", "serial", "gap"],
        [date(2024, 3, 1), noon, time(10, 11, 12), timedelta(hours=30), True, 45352, date(2024, 3, 1)],
        [date(2024, 3, 2), noon, time(0, 0, 1), None, False, 45353, "-"],
    ]
    read = read_respondents(write_xlsx(tmp_path / "w.xlsx", {"S": rows}))
    kinds = {name: variable.kind for name, variable in read.codebook.variables.items()}
    assert kinds == {"day": "date", "at": "date", "clock": "number", "took": "number", "yes": "number",
                     "serial": "number", "gap": "date"}  # fmt: skip
    assert read.rows("SELECT max(clock), max(took), max(serial), count(gap) FROM {respondents}") == [
        (36672.0, 108000.0, 45353, 1)
    ]
    assert [str(day)[:10] for day in cells(read, "day")] == ["2024-03-01", "2024-03-02"]


def test_merged_cells_hold_for_each_row_and_notes_over_columns_are_refused(tmp_path: Path) -> None:
    rows: Rows = [["region", "mood"], ["North", 1], [None, 2], ["South", 1]]
    read = read_respondents(write_xlsx(tmp_path / "w.xlsx", {"S": rows}, merged=["A2:A3"]))
    assert cells(read, "region") == ["North", "North", "South"]
    assert said(read) == ["merged_cells"]
    noted = write_xlsx(tmp_path / "n.xlsx", {"S": [*rows, ["Source: ACME"]]}, merged=["A5:B5"])
    with pytest.raises(InputError, match=r"row 5 has a cell merged over several columns"):
        read_respondents(noted)


def test_hidden_rows_are_respondents_and_said(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "w.xlsx", {"S": WAVE})
    book = openpyxl.load_workbook(file)
    for row in (1, 3):
        book["S"].row_dimensions[row].hidden = True
    book.save(file)
    read = read_respondents(file)
    assert (read.codebook.rows, [str(note) for note in read.codebook.notes]) == (
        3, ["1 rows that the sheet hides are read like the others"],
    )  # fmt: skip


def test_a_column_without_a_name_is_named_by_its_place_or_gone(tmp_path: Path) -> None:
    rows: Rows = [["id", None, "w", None], [1, None, 0.5, None], [2, None, 1.5, None]]
    assert list(read_respondents(write_xlsx(tmp_path / "w.xlsx", {"S": rows})).codebook.variables) == [
        "id",
        "w",
    ]
    beside = write_xlsx(tmp_path / "b.xlsx", {"S": [["id", "w"], [1, 0.5], [2, 1.5, "checked"]]})
    with pytest.raises(InputError, match=r"row 3 has a cell to the right of the last column's name \(`w`\)"):
        read_respondents(beside)


@pytest.mark.parametrize("kept", [0.1, 0.6])
def test_a_workbook_cut_off_is_refused(write: Write, kept: float) -> None:
    file = write({"Data": [WAVE[0], *([number, 1, "Омск"] for number in range(120))]})
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(InputError, match=re.escape(str(file))):
        read_respondents(file)


def test_what_a_workbook_has_not_cannot_be_stated(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "w.xlsx", {"S": WAVE})
    with pytest.raises(InputError, match=r"`delimiter` is stated \(`;`\), and .* is a workbook"):
        read_respondents(file, options=ReadOptions(delimiter=";"))


def test_an_old_workbook_with_its_theme_in_an_archive_is_an_old_workbook(tmp_path: Path) -> None:
    file = write_xls(tmp_path / "w.xls", {"S": WAVE})
    with zipfile.ZipFile(tmp_path / "theme.zip", "w") as archive:
        archive.writestr("theme/theme/theme1.xml", "<theme/>")
    theme = (tmp_path / "theme.zip").read_bytes()
    file.write_bytes(file.read_bytes() + theme.rjust(512, b"\0"))
    assert zipfile.is_zipfile(file)
    assert read_respondents(file).codebook.rows == len(WAVE) - 1


@pytest.mark.parametrize("text", ["<html><table><tr><td>id</td></tr></table></html>", "id\tmood\n1\t2\n"])
def test_text_under_the_ending_of_a_workbook_is_said_to_be_text(tmp_path: Path, text: str) -> None:
    (tmp_path / "w.xls").write_text(text)
    with pytest.raises(
        InputError, match=r"is text under a workbook's ending: .* save it as \.xlsx, or call it"
    ):
        read_respondents(tmp_path / "w.xls")


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    for suffix in (".xlsx", ".xls"):
        with zipfile.ZipFile(tmp_path / f"w{suffix}", "w") as archive:
            archive.writestr("a.txt", "nothing")
        with pytest.raises(
            InputError, match=r"is not a readable workbook .*: save it again as \.xlsx or as \.csv"
        ):
            read_respondents(tmp_path / f"w{suffix}")


def test_an_archive_of_a_later_kind_is_refused(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "w.xlsx", {"S": WAVE})
    content = bytearray(file.read_bytes())
    content[content.index(b"PK\x01\x02") + 6] = 220  # the version of zip that is needed to unpack, in tenths
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"is not a workbook, or is cut off \(zip file version 22"):
        read_respondents(file)


def test_a_workbook_of_charts_alone_is_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet("Chart").add_chart(BarChart())
    book.remove(book.worksheets[0])
    book.save(tmp_path / "w.xlsx")
    with pytest.raises(InputError, match="has no sheet of cells"):
        read_respondents(tmp_path / "w.xlsx")
