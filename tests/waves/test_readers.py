"""Respondents' files of every format: the rows and the codebook as they were recorded, or a clear refusal."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from groundswell.errors import InputError
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import plain_code
from groundswell.waves.respondents.reader import FORMATS, read_respondents

WAVE = pd.DataFrame(
    {
        "id": [1, 2, 3, 4],
        "mood": [1.0, 2.0, 99.0, None],
        "w": [0.5, 1.25, 1.0, 0.0],
        "town": ["Омск", "Тула", "", "Псков"],
    }
)
LABELS = {"mood": {1: "тревога", 2: "спокойствие", 99: "отказ"}}
COLUMN_LABELS = ["", "Какое у вас настроение?", "", ""]
WRITERS: dict[str, Callable[[pd.DataFrame, Path], Any]] = {
    ".sav": lambda table, file: pyreadstat.write_sav(
        table, file, column_labels=COLUMN_LABELS, variable_value_labels=LABELS, missing_ranges={"mood": [99]}
    ),
    ".zsav": lambda table, file: pyreadstat.write_sav(
        table, file, column_labels=COLUMN_LABELS, variable_value_labels=LABELS, missing_ranges={"mood": [99]},
        compress=True,
    ),
    ".por": lambda table, file: pyreadstat.write_por(table.assign(town=["Omsk", "Tula", "", "Pskov"]), file),
    ".dta": lambda table, file: pyreadstat.write_dta(
        table, file, column_labels=COLUMN_LABELS, variable_value_labels=LABELS
    ),
    ".xpt": lambda table, file: pyreadstat.write_xport(table, file),
    ".csv": lambda table, file: table.to_csv(file, index=False),
    ".tsv": lambda table, file: table.to_csv(file, index=False, sep="\t"),
    ".xlsx": lambda table, file: table.to_excel(file, index=False),
    ".parquet": lambda table, file: table.to_parquet(file, index=False),
}  # fmt: skip


@pytest.fixture(params=WRITERS)
def wave(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    file = tmp_path / f"wave{request.param}"
    WRITERS[request.param](WAVE, file)
    return file


def test_rows_are_as_recorded_in_every_format(wave: Path) -> None:
    read = read_respondents(wave)
    table = read.table().rename(columns=str.lower)
    assert read.codebook.rows == 4
    assert list(table["id"]) == [1, 2, 3, 4]
    assert list(table["w"]) == [0.5, 1.25, 1.0, 0.0]
    assert list(table["mood"][:3]) == [1, 2, 99]
    assert pd.isna(table["mood"][3])
    if wave.suffix != ".por":
        assert list(table["town"].fillna("")) == list(WAVE["town"])


@pytest.mark.parametrize("suffix", [".sav", ".zsav"])
def test_user_missing_codes_are_kept_apart_from_empty_cells(tmp_path: Path, suffix: str) -> None:
    WRITERS[suffix](WAVE, tmp_path / f"wave{suffix}")
    mood = read_respondents(tmp_path / f"wave{suffix}").codebook["mood"]
    assert mood == Variable("mood", "number", COLUMN_LABELS[1], LABELS["mood"], ((99, 99),))
    assert [mood.is_missing(code) for code in (1, 99, "99")] == [False, True, False]
    assert mood.label_of(99) == "отказ"


def test_ranges_and_words_may_be_user_missing(tmp_path: Path) -> None:
    table = pd.DataFrame({"age": [20.0, 98.0, 99.0], "party": ["A", "refused", "B"]})
    missing: dict[str, Any] = {"age": [{"lo": 97, "hi": 99}], "party": ["refused"]}
    pyreadstat.write_sav(table, tmp_path / "wave.sav", missing_ranges=missing)
    codebook = read_respondents(tmp_path / "wave.sav").codebook
    assert [codebook["age"].is_missing(code) for code in (96, 97, 98, 99)] == [False, True, True, True]
    assert codebook["party"].is_missing("refused")
    assert not codebook["party"].is_missing("A")


def test_tagged_missing_answers_of_stata_are_words_of_their_own(tmp_path: Path) -> None:
    table = pd.DataFrame({"mood": [1, 2, "a", None]})
    labels: dict[str, Any] = {"mood": {1: "anxious", 2: "calm", "a": "refused"}}
    pyreadstat.write_dta(
        table, tmp_path / "wave.dta", variable_value_labels=labels, missing_user_values={"mood": ["a"]}
    )
    read = read_respondents(tmp_path / "wave.dta")
    assert list(read.table()["mood"].fillna("")) == ["1", "2", ".a", ""]
    assert read.codebook["mood"].is_missing(".a")
    assert read.codebook["mood"].label_of(".a") == "refused"


def test_dates_are_dates(tmp_path: Path) -> None:
    days = pd.DataFrame({"asked": [date(2022, 3, 1), date(2022, 3, 2)]})
    pyreadstat.write_sav(days, tmp_path / "wave.sav")
    days.to_csv(tmp_path / "wave.csv", index=False)
    days.assign(asked=pd.to_datetime(days["asked"])).to_excel(tmp_path / "wave.xlsx", index=False)
    for suffix in (".sav", ".csv", ".xlsx"):
        read = read_respondents(tmp_path / f"wave{suffix}")
        assert read.codebook["asked"].kind == "date"
        assert [str(day)[:10] for day in read.table()["asked"]] == ["2022-03-01", "2022-03-02"]


def test_only_the_columns_asked_for_are_loaded(tmp_path: Path) -> None:
    WRITERS[".sav"](WAVE, tmp_path / "wave.sav")
    assert list(read_respondents(tmp_path / "wave.sav", ["w", "mood"]).codebook.variables) == ["mood", "w"]
    with pytest.raises(InputError, match="no column `modo`; did you mean `mood`"):
        read_respondents(tmp_path / "wave.sav", ["modo"])


def test_nan_in_parquet_is_an_empty_cell(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({"x": pa.array([1.0, float("nan")])}), tmp_path / "wave.parquet")
    read = read_respondents(tmp_path / "wave.parquet")
    assert read.rows("SELECT count(x) FROM {respondents}") == [(1,)]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a;b;w\n1;x;0,85\n2;y;1\n", [(1, "x", 0.85), (2, "y", 1.0)]),
        ("a\tw\n1\t0,85\n", [(1, 0.85)]),
        ("a|w\n1|0.85\n", [(1, 0.85)]),
        ('a,w\n1,"0,85"\n', [(1, "0,85")]),
        ("\ufeffa,b\r\n1,2\r\n", [(1, 2)]),
        ("a,b\n1,NA\nNA,3\n,4\n", [(1, None), (None, 3), (None, 4)]),
        ("a,b\n#1,2\n", [("#1", 2)]),
        ("id,b\n007,NO\n7,Yes\n", [("007", "NO"), ("7", "Yes")]),
        ("d,b\n03/04/2022,1\n", [("03/04/2022", 1)]),
        ('a,b\n1,"two\nlines, and a comma"\n', [(1, "two\nlines, and a comma")]),
    ],
    ids=[
        *("decimal-commas", "tabs", "bars", "quoted-decimal-comma", "byte-order-mark", "R's-NA", "hash"),
        *("leading-zeros", "date-of-three-readings", "line-break-in-quotes"),
    ],
)  # fmt: skip
def test_csv_is_read_as_written(tmp_path: Path, text: str, rows: list[Any]) -> None:
    (tmp_path / "wave.csv").write_text(text, encoding="utf-8", newline="")
    read = read_respondents(tmp_path / "wave.csv")
    assert read.rows("SELECT * FROM {respondents} ORDER BY rowid") == rows


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"a,b\n1,2\n3\n", "line 3 (`3`) has 1 cell, where the file names 2 columns: delete it"),
        (b"a,b\n1,2\n3,4,5\n", "line 3 (`3`) has 3 cells, where the file names 2 columns: correct it"),
        (b'a,b\n1,"open\n2,3\n', "line 2 is not sound CSV (unexpected end of data): close its quotes"),
        (b"a,A\n1,2\n", "names the column `A` twice"),
        (b"", "no column names: its first rows are empty"),
        (b"a,b\n", "column names and no respondents"),
    ],
    ids=[
        *("cell-missing", "cell-too-many", "open-quotes", "name-twice", "empty", "header-only"),
    ],
)  # fmt: skip
def test_csv_that_cannot_be_trusted_is_refused_with_its_line(
    tmp_path: Path, content: bytes, says: str
) -> None:
    (tmp_path / "wave.csv").write_bytes(content)
    with pytest.raises(InputError, match=re.escape(says)):
        read_respondents(tmp_path / "wave.csv")


@pytest.mark.parametrize("kept", [0.02, 0.5, 0.9])
@pytest.mark.parametrize("suffix", [".sav", ".zsav", ".dta", ".xlsx", ".parquet"])
def test_a_truncated_file_is_refused(tmp_path: Path, suffix: str, kept: float) -> None:
    long = pd.concat([WAVE] * 500, ignore_index=True)
    whole, cut = tmp_path / f"whole{suffix}", tmp_path / f"cut{suffix}"
    WRITERS[suffix](long, whole)
    content = whole.read_bytes()
    cut.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(InputError, match=r"cut.*ask for the whole file"):
        read_respondents(cut)


def workbook(file: Path, rows: int, declared: int | None = None) -> Path:
    """A sheet of `rows` rows that declares another number of them."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(rows):
        sheet.append(["id", "mood"] if row == 0 else [row, row % 2])
    book.save(file)
    if declared is not None:
        parts = {}
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                parts[name] = archive.read(name)
        sheet_xml = parts["xl/worksheets/sheet1.xml"].decode()
        parts["xl/worksheets/sheet1.xml"] = sheet_xml.replace(f"A1:B{rows}", f"A1:B{declared}").encode()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
    return file


def test_a_sheet_that_stops_at_row_1000_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="states 5,000 rows and holds 1,000: it was cut off"):
        read_respondents(workbook(tmp_path / "stops_at_row_1000.xlsx", 1000, declared=5000))


def test_a_sheet_that_declares_too_few_rows_is_read_to_its_end(tmp_path: Path) -> None:
    assert read_respondents(workbook(tmp_path / "wave.xlsx", 50, declared=10)).codebook.rows == 49


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    file = workbook(tmp_path / "zip_bomb.xlsx", 5)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/zeros.bin", b"\0" * 50_000_000)
    with pytest.raises(InputError, match="unpacks into 50,"):
        read_respondents(file)


def test_a_locked_workbook_names_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "locked.xlsx").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504)
    with pytest.raises(InputError, match=r"locked by a password.*save it without a password"):
        read_respondents(tmp_path / "locked.xlsx")


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (["id", "id", "w"], "`id` twice"),
        ([], "where the columns' names are needed"),
    ],
)
def test_a_sheet_needs_a_name_of_its_own_for_each_column(
    tmp_path: Path, header: list[str], says: str
) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (header, [1, 2, 3], [4, 5, 6]):
        book.active.append(row)
    book.save(tmp_path / "wave.xlsx")
    with pytest.raises(InputError, match=says):
        read_respondents(tmp_path / "wave.xlsx")


def test_a_stray_word_makes_a_column_of_a_sheet_text_and_is_not_lost(tmp_path: Path) -> None:
    pd.DataFrame({"id": [1, 2, 3, 4], "mood": [1, 2, "refused", None]}).to_excel(
        tmp_path / "wave.xlsx", index=False
    )
    read = read_respondents(tmp_path / "wave.xlsx")
    assert read.codebook["mood"].kind == "text"
    assert list(read.table()["mood"].fillna("")) == ["1", "2", "refused", ""]


def test_columns_that_differ_in_capitals_only_are_refused(tmp_path: Path) -> None:
    pyreadstat.write_dta(pd.DataFrame({"mood": [1], "Mood": [2]}), tmp_path / "wave.dta")
    with pytest.raises(InputError, match="`mood` and `Mood`, which differ in capitals only"):
        read_respondents(tmp_path / "wave.dta")


def test_unknown_formats_and_absent_files_name_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no known format"):
        read_respondents(tmp_path / "wave.doc")
    for suffix in FORMATS:
        with pytest.raises(InputError, match="is not here"):
            read_respondents(tmp_path / f"wave{suffix}")
    (tmp_path / "wave.sav").write_bytes(b"not SPSS at all")
    with pytest.raises(InputError, match=r"not a sound .sav file"):
        read_respondents(tmp_path / "wave.sav")


@pytest.mark.parametrize(
    ("code", "plain"), [(1.0, 1), (1.5, 1.5), (" a ", "a"), (1.7976931348623157e308, 1.7976931348623157e308)]
)
def test_codes_are_written_as_people_write_them(code: Any, plain: Any) -> None:
    assert plain_code(code) == plain
    assert type(plain_code(code)) is type(plain)


def test_chronicles_are_read_in_russian(shared: Path) -> None:
    for number in range(1, 7):
        read = read_respondents(shared / "data" / "chronicles" / f"wave-0{number}.sav")
        gender = read.codebook["GENDER"]
        assert gender.labels == {1: "Мужской", 2: "Женский"}
        assert "wes_age_gender_tnp" in read.codebook
    education = read_respondents(shared / "data" / "chronicles" / "wave-01.sav").codebook["EDU_GR"]
    assert education.is_missing(9)
