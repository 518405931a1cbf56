"""The cells of an .xlsx: what openpyxl reads of them, and what programs write that openpyxl does not write."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from exports.workbooks import SHEET, Rows, with_part, write_xlsx
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.styles import NamedStyle
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.xml.constants import SHARED_STRINGS

from groundswell.errors import InputError
from groundswell.waves.respondents.reader import read_respondents
from groundswell.waves.respondents.workbooks.open_xml import OpenXmlWorkbook
from groundswell.waves.respondents.workbooks.sheets import MergedCells, Sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MOMENTS = st.datetimes(datetime.fromisoformat("1900-03-01"), datetime.fromisoformat("2200-01-01")).map(
    lambda at: at.replace(microsecond=0)
)
CELLS = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.sampled_from(
        ["#N/A", "#NULL!", "#DIV/0!", "#VALUE!", "", " ", "007", "1,5", "да", "a\nb", "_x", "<&>"]
    ),
    MOMENTS,
    MOMENTS.map(lambda at: at.date()),
    MOMENTS.map(lambda at: at.time()),
    st.integers(0, 10**7).map(lambda seconds: timedelta(seconds=seconds)),
)


def sheet(file: Path, name: str = "S") -> Sheet:
    book = OpenXmlWorkbook(file)
    try:
        return book.sheet(name)
    finally:
        book.close()


def held(rows: Sequence[Sequence[Any]]) -> dict[tuple[int, int], Any]:
    """The cells that hold something, by their place."""
    return {
        (row, column): cell
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell not in (None, "")
    }


def raw(tmp_path: Path, rows: str, *, after: str = "", before: str = "") -> Path:
    """A workbook with one sheet `S` of this XML."""
    file = write_xlsx(tmp_path / "w.xlsx", {"S": []})
    xml = f'{before}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>'
    return with_part(file, SHEET, lambda _: xml)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=6), max_size=8), st.booleans())
def test_cells_are_what_openpyxl_reads(rows: list[list[Any]], since_1904: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "w.xlsx")
        book = openpyxl.Workbook()
        if since_1904:
            book.epoch = MAC_EPOCH
        book.active.title = "S"
        for row in rows:
            book.active.append(row)
        book.save(file)
        read = openpyxl.load_workbook(file, read_only=True, data_only=True)
        assert held(sheet(file).rows) == held(list(read["S"].iter_rows(values_only=True)))
        read.close()


def test_truth_values_are_no_numbers_and_whole_numbers_have_no_point(tmp_path: Path) -> None:
    cells = sheet(write_xlsx(tmp_path / "w.xlsx", {"S": [[True, 1, 1.5]]})).rows[0]
    assert [type(cell) for cell in cells] == [bool, int, float]


def test_cells_stand_where_they_say_and_one_after_another_where_they_do_not(tmp_path: Path) -> None:
    read = sheet(
        raw(
            tmp_path,
            '<row r="2"><c r="B2"><v>1</v></c><c><v>2</v></c><c r="AA2"><v>3</v></c></row>'
            '<row><c><v>4</v></c></row><row r="6" hidden="1"><c r="A6"/></row>',
            after='<mergeCells><mergeCell ref="A2:C3"/></mergeCells>',
        )
    )
    assert held(read.rows) == {(1, 1): 1, (1, 2): 2, (1, 26): 3, (2, 0): 4}
    assert (len(read.rows), read.hidden_rows, read.declared) == (6, (6,), None)
    assert read.merged == (MergedCells(2, 3, 0, 2),)


def test_a_cell_is_its_value_and_not_the_formula_that_gave_it(tmp_path: Path) -> None:
    cells = '<c><f>1+1</f><v>2</v></c><c t="str"><f>A1&amp;"x"</f><v>2x</v></c><c t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    assert sheet(raw(tmp_path, f"<row>{cells}</row>")).rows == [(2, "2x", "#DIV/0!")]


def test_texts_come_in_runs_with_pronunciations_and_signs_that_xml_has_not(tmp_path: Path) -> None:
    inline = "<is><r><t>in</t></r><rPh><t>x</t></rPh><r><t> line</t></r></is>"
    rows = f'<row><c t="s"><v>1</v></c><c t="s"><v>0</v></c><c t="inlineStr">{inline}</c></row>'
    texts = (
        f'<sst xmlns="{MAIN}"><si><t>one_x000D_\ntwo _x005F_x000D_ _xD800_</t></si>'
        "<si><r><rPr><b/></rPr><t>東</t></r><r><t>京</t></r><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si></sst>"
    )
    file = with_part(raw(tmp_path, rows), "xl/sharedStrings.xml", lambda _: texts)
    part = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED_STRINGS}"/></Types>'
    with_part(file, "[Content_Types].xml", lambda types: types.replace("</Types>", part))
    assert sheet(file).rows == [("東京", "one\r\ntwo _x000D_ _xD800_", "in line")]


def test_elements_are_known_by_their_namespace_whatever_their_prefix(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "w.xlsx", {"S": []})
    xml = (
        f'<x:worksheet xmlns:x="{MAIN}" xmlns:o="urn:other"><o:row r="9"/><x:sheetData><x:row r="1">'
        '<x:c r="A1"><o:v>7</o:v><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert sheet(with_part(file, SHEET, lambda _: xml)).rows == [(1,)]


def test_fonts_and_fills_that_openpyxl_refuses_are_passed_over(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "w.xlsx", {"S": [["day"], [date(2024, 3, 1)]]})
    with_part(
        file,
        "xl/styles.xml",
        lambda styles: styles.replace("<fills", '<fills strange="1"').replace("<patternFill", "<noFill"),
    )
    with pytest.raises((TypeError, ValueError)):
        openpyxl.load_workbook(file)
    assert sheet(file).rows[1] == (datetime.fromisoformat("2024-03-01"),)


def test_styles_that_are_no_dates_leave_numbers_alone(tmp_path: Path) -> None:
    file = tmp_path / "w.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "S"
    for place, written in enumerate(
        ("0%", "#,##0.00", "[Red]0", '0" days"', "yyyy-mm-dd", "[h]:mm", "h:mm"), 1
    ):
        cell = book.active.cell(1, place, 0.25)
        cell.number_format = written
    book.add_named_style(NamedStyle("a day", number_format="dd.mm.yyyy"))
    book.save(file)
    assert sheet(file).rows == [
        (0.25, 0.25, 0.25, 0.25, time(6), timedelta(hours=6), time(6)),
    ]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ('<row r="3"/><row r="2"/>', "row 2 stands after row 3"),
        ('<row r="1048577"/>', "row 1048577 stands after row 0"),
        ('<row><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>', "row 1 has cells that stand before"),
        ('<row><c r="XFE1"><v>1</v></c></row>', "`XFE` is no column of a sheet"),
        ('<row><c t="s"><v>5</v></c></row>', "index out of range"),
        ('<row><c><v>one</v></c></row>', "could not convert string to float"),
        ("<row><c><v>1</v></row>", "mismatched tag"),
        ('<row><c r="XFD1"><v>1</v></c></row>' * 3100, "its rows have more than 50,000,000 places for cells"),
    ],
)  # fmt: skip
def test_a_sheet_that_is_no_sheet_is_refused(tmp_path: Path, rows: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        sheet(raw(tmp_path, rows))
    assert "cannot be read to the end of its sheet `S` (" in str(refused.value)
    assert said in str(refused.value)


def test_a_document_type_is_refused_before_what_it_declares_is_read(tmp_path: Path) -> None:
    before = '<!DOCTYPE worksheet [<!ENTITY a "1"><!ENTITY b "&a;&a;">]>'
    file = raw(tmp_path, "<row><c><v>&b;</v></c></row>", before=before)
    with pytest.raises(InputError, match="it declares a document type"):
        sheet(file)


def test_the_first_rows_are_read_without_the_rest(tmp_path: Path) -> None:
    rows: Rows = [[place, "x" * 40] for place in range(20_000)]
    file = write_xlsx(tmp_path / "w.xlsx", {"S": rows})
    with_part(file, SHEET, lambda sheet: sheet.replace("</sheetData>", "</broken>"))
    book = OpenXmlWorkbook(file)
    assert book.first_rows("S", 60) == [tuple(row) for row in rows[:60]]
    with pytest.raises(InputError, match="to the end of its sheet"):
        book.sheet("S")
    book.close()


def test_an_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "w.xlsx", {"S": [["id", "mood", ""], [1, 2, ""], [2, 1, ""]]})
    assert list(read_respondents(file).codebook.variables) == ["id", "mood"]
