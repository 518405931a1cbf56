"""SPSS, Stata and SAS files: dates, tagged missing answers, encodings, sets and catalogues."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from exports.statistical import in_encoding, with_sets, write_spss, write_stata

from groundswell.errors import InputError
from groundswell.waves.respondents.codebook import DeclaredSet
from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.reader import Respondents, read_respondents
from groundswell.waves.respondents.sql import answered
from groundswell.waves.respondents.statistical import catalogue
from groundswell.waves.respondents.statistical.stored_dates import counted_by


def said(read: Respondents) -> list[str]:
    return [note.code for note in read.codebook.notes]


MARCH_2024 = date(2024, 3, 1)
SPSS_MARCH = (MARCH_2024 - date(1582, 10, 14)).total_seconds()


@pytest.mark.parametrize(
    "form",
    [
        "DATE11",
        "ADATE10",
        "EDATE10",
        "SDATE10",
        "JDATE7",
        "DATETIME20",
        "YMDHMS20",
        "MOYR8",
        "QYR8",
        "WKYR10",
    ],
)
def test_a_column_with_a_date_format_of_spss_is_a_date(tmp_path: Path, form: str) -> None:
    table = pd.DataFrame({"day": [SPSS_MARCH, np.nan, SPSS_MARCH + 86400 * 31]})
    read = read_respondents(write_spss(table, tmp_path / "wave.sav", variable_format={"day": form}))
    assert read.codebook["day"].kind == "date"
    days = read.table()["day"]
    assert [days[0], days[2]] == [pd.Timestamp(2024, 3, 1), pd.Timestamp(2024, 4, 1)]
    assert pd.isna(days[1])


@pytest.mark.parametrize("form", ["F8.2", "MONTH9", "WKDAY9", "COMMA8.0", "PCT8.2", "N4.0"])
def test_a_number_printed_otherwise_stays_a_number(tmp_path: Path, form: str) -> None:
    table = pd.DataFrame({"x": [1.0, np.nan, 3.0]})
    read = read_respondents(write_spss(table, tmp_path / "wave.sav", variable_format={"x": form}))
    assert read.codebook["x"].kind == "number"
    assert read.rows("SELECT sum(x), count(x) FROM {respondents}") == [(4.0, 2)]


@pytest.mark.parametrize("form", ["TIME8", "TIME11.2", "DTIME14"])
def test_a_time_is_a_number_of_seconds_and_is_said(tmp_path: Path, form: str) -> None:
    table = pd.DataFrame({"mood": [1.0, 2.0], "took": [36_672.0, 90_000.0]})
    read = read_respondents(write_spss(table, tmp_path / "wave.sav", variable_format={"took": form}))
    assert list(read.table()["took"]) == [36_672, 90_000]
    assert [str(note) for note in read.codebook.notes] == ["`took` holds times; they are read as seconds"]


@pytest.mark.parametrize("form", ["%td", "%tdDD/NN/CCYY", "%d", "%tc", "%tw", "%tm", "%tq", "%th"])
def test_dates_of_stata_are_those_that_pandas_reads(tmp_path: Path, form: str) -> None:
    scale = 86_400_000 if form == "%tc" else 1
    table = pd.DataFrame({"when": np.array([0.0, np.nan, 130.0, -53.0]) * scale})
    file = write_stata(table, tmp_path / "wave.dta", variable_format={"when": form})
    read = read_respondents(file)
    assert read.codebook["when"].kind == "date"
    expected = pd.read_stata(file)["when"]
    assert list(read.table()["when"].dropna()) == list(expected.dropna())
    assert list(read.table()["when"].isna()) == list(expected.isna())


def test_a_format_that_aligns_to_the_left_is_the_same_format() -> None:
    assert counted_by("stata", "%-td") == counted_by("stata", "%td") == ("date", "day")


@pytest.mark.parametrize("form", ["%8.0g", "%12.0fc", "%ty", "%9s"])
def test_other_numbers_of_stata_are_no_dates(tmp_path: Path, form: str) -> None:
    table = pd.DataFrame({"year": np.array([2023, 2024], dtype="int16")})
    read = read_respondents(write_stata(table, tmp_path / "wave.dta", variable_format={"year": form}))
    assert read.codebook["year"].kind == "number"
    assert list(read.table()["year"]) == [2023, 2024]


def test_the_time_of_day_of_stata_is_a_number_of_seconds(tmp_path: Path) -> None:
    table = pd.DataFrame({"began": [36_672_000.0, np.nan]})
    read = read_respondents(write_stata(table, tmp_path / "w.dta", variable_format={"began": "%tcHH:MM:SS"}))
    assert read.rows("SELECT max(began), count(began) FROM {respondents}") == [(36_672.0, 1)]


@pytest.mark.parametrize(
    ("form", "counted"),
    [
        *[
            (form, ("date", "day"))
            for form in ("DATE9", "DDMMYY10", "YYMMDDN8", "MONYY7", "YYQ6", "YEAR4", "JULIAN7")
        ],
        *[(form, ("date", "day")) for form in ("E8601DA10", "WORDDATX", "NLDATE20")],
        *[(form, ("date", "second")) for form in ("DATETIME", "DATETIME18.2", "E8601DT26.6", "DTDATE9")],
        *[(form, ("time", "second")) for form in ("TIME8", "HHMM5", "TIME20.3", "E8601TM8")],
        *[
            (form, None)
            for form in ("BEST12", "F8.2", "DOLLAR10.2", "COMMA9", "SEXF", "$CHAR8", "12", "", None)
        ],
    ],
)
def test_formats_of_sas_say_what_a_number_counts(form: str | None, counted: Any) -> None:
    assert counted_by("sas", form) == counted


def test_dates_of_a_transport_file_are_dates(tmp_path: Path) -> None:
    days = (MARCH_2024 - date(1960, 1, 1)).days
    table = pd.DataFrame({"DAY": [float(days), np.nan], "MOOD": [1.0, 2.0]})
    pyreadstat.write_xport(table, tmp_path / "wave.xpt", variable_format={"DAY": "DATE9"})
    read = read_respondents(tmp_path / "wave.xpt")
    assert read.table()["DAY"][0] == pd.Timestamp(2024, 3, 1)
    assert read.codebook["MOOD"].kind == "number"


def test_what_is_no_date_in_a_column_of_dates_is_empty_and_counted(tmp_path: Path) -> None:
    table = pd.DataFrame({"day": [SPSS_MARCH, 99.0, 7.0, 9e15, np.nan]})
    file = write_spss(
        table, tmp_path / "wave.sav", variable_format={"day": "DATE11"},
        missing_ranges={"day": [99]}, variable_value_labels={"day": {7: "never"}},
    )  # fmt: skip
    read = read_respondents(file)
    assert read.rows("SELECT count(day), count(*) FROM {respondents}") == [(1, 5)]
    assert str(read.codebook.notes[0]).startswith("3 cells of `day` are no date")


@pytest.mark.parametrize("kind", ["int8", "int16", "int32", "float32", "float64"])
def test_a_plain_missing_answer_of_stata_is_an_empty_cell_of_a_number(tmp_path: Path, kind: str) -> None:
    table = pd.DataFrame({"mood": pd.array([1, 2, None, 3], dtype="Int8"), "w": [1.5] * 4})
    if kind.startswith("float"):
        table["mood"] = table["mood"].astype(kind)
    else:
        table["mood"] = table["mood"].astype(kind.replace("i", "I"))
    read = read_respondents(write_stata(table, tmp_path / "wave.dta"))
    assert read.codebook["mood"].kind == "number"
    assert read.rows("SELECT mood FROM {respondents} ORDER BY 1") == [(1,), (2,), (3,), (None,)]


@pytest.mark.parametrize(
    ("cells", "held"),
    [
        (["a", "b"], [".a", ".b"]),
        (["a", None], [".a", ""]),
        ([None, "a", 0], ["", ".a", "0"]),
        ([3, "z", None], ["3", ".z", ""]),
    ],
    ids=["nothing-else", "and-empty", "after-an-empty-cell", "before-an-empty-cell"],
)
def test_tagged_missing_answers_are_known_whatever_else_the_column_holds(
    tmp_path: Path, cells: list[Any], held: list[str]
) -> None:
    tags = sorted({cell for cell in cells if isinstance(cell, str)})
    file = tmp_path / "wave.dta"
    table = pd.DataFrame({"mood": pd.Series(cells, dtype=object), "word": ["a"] * len(cells)})
    pyreadstat.write_dta(table, file, missing_user_values={"mood": tags})
    read = read_respondents(file)
    assert list(read.table()["mood"].fillna("")) == held
    assert all(read.codebook["mood"].is_missing(f".{tag}") for tag in tags)
    assert set(read.table()["word"]) == {"a"}  # a letter in a column of text is no tag


RUSSIAN = {1: "Тревожное", 2: "Спокойное"}
POLISH = {1: "Zdecydowanie się boję", 2: "Trudno powiedzieć, żadne"}
GERMAN = {1: "Überhaupt nicht glücklich", 2: "Weiß nicht"}


@pytest.mark.parametrize(
    ("encoding", "label", "words"),
    [
        ("cp1251", "Настроение", RUSSIAN),
        ("cp866", "Настроение", RUSSIAN),
        ("koi8-r", "Настроение", RUSSIAN),
        ("cp1250", "Nastrój, Łódź", POLISH),
        ("cp1252", "Gefühl", GERMAN),
        ("cp1254", "Hiç güvenmiyorum", {1: "Kadın ve ağır işçi", 2: "Değil"}),
        ("cp1253", "Διάθεση", {1: "Πολύ καλή", 2: "Δεν ξέρω"}),
    ],
)
def test_texts_in_an_encoding_that_the_file_does_not_state_are_read_and_said(
    tmp_path: Path, encoding: str, label: str, words: dict[int, str]
) -> None:
    file = in_encoding(write_spss, tmp_path / "wave.sav", encoding, words, label)
    read = read_respondents(file)
    assert read.codebook["mood"].label == label
    assert read.codebook["mood"].labels == words
    assert read.codebook.layout.encoding == encoding
    assert f"read as {encoding} (`" in str(read.codebook.notes[0])


def test_old_files_of_stata_state_no_encoding_and_are_not_read_as_western_european(tmp_path: Path) -> None:
    file = in_encoding(write_stata, tmp_path / "wave.dta", "cp1251", RUSSIAN, "Настроение", version=10)
    read = read_respondents(file)
    assert read.codebook["mood"].labels == RUSSIAN
    assert said(read) == ["guessed_encoding"]
    western = in_encoding(write_stata, tmp_path / "west.dta", "cp1252", GERMAN, "Gefühl", version=10)
    assert read_respondents(western).codebook["mood"].labels == GERMAN
    assert said(read_respondents(western)) == []


def test_only_cells_may_be_in_another_encoding(tmp_path: Path) -> None:
    towns = ("Москва", "Самара", "Нижний Новгород", "Омск")
    file = in_encoding(write_spss, tmp_path / "wave.sav", "cp1251", {1: "good"}, "mood", towns)
    read = read_respondents(file)
    assert tuple(read.table()["town"]) == towns
    assert said(read) == ["guessed_encoding"]


def test_an_encoding_that_is_stated_is_used_and_not_a_guess(tmp_path: Path) -> None:
    file = in_encoding(write_spss, tmp_path / "wave.sav", "cp1251", RUSSIAN, "Настроение")
    read = read_respondents(file, options=ReadOptions(encoding="windows-1251"))
    assert read.codebook["mood"].labels == RUSSIAN
    assert read.codebook.notes == ()
    assert read.codebook.layout.stated == ("encoding",)
    with pytest.raises(InputError, match=r"texts that are not in `utf-8`: state another"):
        read_respondents(file, options=ReadOptions(encoding="utf-8"))
    with pytest.raises(InputError, match=r"`cp12x` is not an encoding: write it as `cp1251`"):
        read_respondents(file, options=ReadOptions(encoding="cp12x"))


def test_texts_that_fit_several_encodings_are_refused_with_how_each_reads_them(tmp_path: Path) -> None:
    file = in_encoding(write_spss, tmp_path / "wave.sav", "cp1250", {1: "Erősen", 2: "Nem"}, "Kor")
    with pytest.raises(InputError, match=r"as --encoding cp1251; these fit: .*`cp1250` \(Erősen\)"):
        read_respondents(file)


@pytest.mark.parametrize(
    ("low", "high", "counted"), [(-np.inf, -1, [1, 2, 97, 98]), (97, np.inf, [-5, -1, 1, 2])]
)
def test_lowest_and_highest_bound_what_is_declared_missing(
    tmp_path: Path, low: float, high: float, counted: list[int]
) -> None:
    table = pd.DataFrame({"mood": [-5.0, -1, 1, 2, 97, 98]})
    file = write_spss(table, tmp_path / "w.sav", missing_ranges={"mood": [{"lo": low, "hi": high}]})
    read = read_respondents(file)
    mood = read.codebook["mood"]
    held = read.rows("SELECT mood FROM {respondents} WHERE {answered}", answered=answered(mood))
    assert [code for (code,) in held] == counted
    assert [code for code in table["mood"] if not mood.is_missing(code)] == counted


def test_sets_of_several_answers_are_as_the_file_states_them(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {"tv": [1.0, 0.0], "radio": [0.0, 1.0], "first": [1.0, 2.0], "second": [2.0, 3.0], "a_long_name": ["Y", ""],
         "another_long_name": ["", "Y"]}
    )  # fmt: skip
    file = write_spss(table, tmp_path / "wave.sav")
    lines = ["$news=D1 1 9 News seen tv radio", "$worst=C 12 Worst things first second"]
    with_sets(file, *lines, "$gone=D1 1 1 x tv cinema", "no set at all", "$cut=D1")
    with_sets(file, "$words=E 1 1 Y 5 Words a_long_name ANOTHER_LONG_NAME", record=19)
    assert read_respondents(file).codebook.declared_sets == (
        DeclaredSet("news", "News seen", "dichotomies", 1, ("tv", "radio")),
        DeclaredSet("worst", "Worst things", "categories", None, ("first", "second")),
        DeclaredSet("words", "Words", "dichotomies", "Y", ("a_long_name", "another_long_name")),
    )
    assert read_respondents(file, ["tv", "first"]).codebook.declared_sets == ()


def test_columns_of_a_set_that_the_file_states_are_no_second_question(tmp_path: Path) -> None:
    table = pd.DataFrame({"q5_1": [1.0, 0.0], "q5_2": [0.0, 1.0], "q6_1": [1.0, 0.0], "q6_2": [1.0, 1.0]})
    file = with_sets(write_spss(table, tmp_path / "wave.sav"), "$fears=D1 1 5 Fears q5_1 q5_2")
    assert list(read_respondents(file).codebook.sets) == ["fears", "q6"]


def test_a_catalogue_belongs_to_a_sas_file_and_must_be_one(tmp_path: Path) -> None:
    file = write_spss(pd.DataFrame({"x": [1.0]}), tmp_path / "wave.sav")
    with pytest.raises(InputError, match=r"`catalogue` is stated .* is a \.sav file, which has none"):
        read_respondents(file, options=ReadOptions(catalogue="formats.sas7bcat"))
    data = tmp_path / "wave.sas7bdat"
    with pytest.raises(InputError, match=r"formats.sas7bcat` is not here"):
        catalogue.catalogue_labels(data, "formats.sas7bcat", {}, None)
    (tmp_path / "wave.sas7bcat").write_bytes(b"no catalogue")
    with pytest.raises(InputError, match=r"wave.sas7bcat` is not a sound catalogue"):
        catalogue.catalogue_labels(data, None, {}, None)


def test_a_catalogue_beside_the_file_is_found_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "WAVE.SAS7BCAT").touch()
    monkeypatch.setattr(catalogue, "_read", lambda *_: {"SEXF": {1.0: "man", 2.0: "woman"}})
    labels, notes = catalogue.catalogue_labels(
        tmp_path / "wave.sas7bdat", None, {"sex": "SEXF", "age": "BEST"}, None
    )
    assert labels == {"sex": {1.0: "man", 2.0: "woman"}}
    assert [str(note) for note in notes] == ["value labels of 1 columns are from `WAVE.SAS7BCAT`"]
    assert catalogue.catalogue_labels(tmp_path / "other.sas7bdat", None, {"sex": "SEXF"}, None) == ({}, ())


def test_a_locked_file_says_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "wave.sav").write_bytes(b"\x1c\0\0\0\0\0\0\0ENCRYPTEDSAV" + b"\0" * 100)
    with pytest.raises(InputError, match=r"locked by a password: save it in SPSS without one"):
        read_respondents(tmp_path / "wave.sav")


@pytest.mark.parametrize("write", [write_stata, lambda table, file: pyreadstat.write_xport(table, file)])
def test_two_columns_of_one_name_are_refused(tmp_path: Path, write: Any) -> None:
    file = tmp_path / ("wave.dta" if write is write_stata else "wave.xpt")
    write(pd.DataFrame({"aa": [1.0, 2.0], "bb": [3.0, 4.0]}), file)
    file.write_bytes(file.read_bytes().replace(b"bb", b"aa"))
    with pytest.raises(InputError, match="column 'aa' is duplicated"):
        read_respondents(file)
