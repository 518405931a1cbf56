"""A file is read as itself, and names and codes as they are written, whatever signs they hold."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from groundswell.errors import InputError
from groundswell.waves.respondents.reader import read_respondents
from groundswell.waves.respondents.sql import Sql, all_of, identifier, literal, sql

NAMES = [
    "x*",
    "x?",
    "[ab]",
    "wave[12]/a",
    "wave[!1]/a",
    "region=north/a",
    "{a,b}",
    "it's",
    "**/a",
    "a]b",
    "back\\slash",
    'say "hi"',
    "a,b",
    "~",
    "#1",
    "%41",
    " blank ",
    "Q%2A",
]
DECOYS = [
    "x1",
    "xy",
    "a",
    "b",
    "wave1/a",
    "wave2/a",
    "wave3/a",
    "region=south/a",
    "any/a",
    "its",
    "backslash",
]


@pytest.fixture(name="folder", scope="module", params=[".csv", ".parquet"])
def folder_of_names(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    folder, ending = tmp_path_factory.mktemp("names"), request.param
    for name in (*NAMES, *DECOYS):
        file = folder / f"{name}{ending}"
        file.parent.mkdir(exist_ok=True)
        table = pd.DataFrame({"name": [name], "w": [1.5]})
        table.to_csv(file, index=False) if ending == ".csv" else table.to_parquet(file)
    return folder, ending


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_read_as_itself_and_no_other(name: str, folder: tuple[Path, str]) -> None:
    read = read_respondents(folder[0] / f"{name}{folder[1]}")
    assert list(read.codebook.variables) == ["name", "w"]
    assert read.rows("SELECT * FROM {respondents}") == [(name, 1.5)]


def test_a_large_file_is_read_as_itself_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundswell.waves.respondents.reader.SMALL_CSV_BYTES", 0)
    for name in ("x*.csv", "x1.csv"):
        (tmp_path / name).write_text(f"name\n{name}\n")
    assert read_respondents(tmp_path / "x*.csv").rows("SELECT * FROM {respondents}") == [("x*.csv",)]


def test_a_path_that_cannot_be_given_to_the_reader_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a\\*.csv").write_text("name\n1\n")
    with pytest.raises(InputError, match="holds a backslash and one of"):
        read_respondents(tmp_path / "a\\*.csv")


@pytest.mark.parametrize("name", ['a"b', "a'b", "{respondents}", "a; DROP TABLE t", "", "вес", "select"])
def test_a_column_and_a_text_are_what_they_are_called(name: str) -> None:
    query = sql("SELECT {text} AS {name}", text=literal(name), name=identifier(name or " "))
    table = duckdb.execute(query.text).df()
    assert list(table.columns) == [name or " "]
    assert table.iloc[0, 0] == name


@pytest.mark.parametrize("number", [1, 1.0, -3, 2.5, 1e20, 1e-7])
def test_a_number_is_the_same_number(number: float) -> None:
    assert duckdb.execute(sql("SELECT CAST({n} AS DOUBLE)", n=literal(number)).text).fetchall() == [(number,)]


def test_whole_numbers_have_no_point() -> None:
    assert literal(2.0) == Sql("2")


def test_several_pieces_are_a_list_and_several_tests_hold_together() -> None:
    assert sql("f({x})", x=[identifier("a"), literal(1)]) == Sql('f("a", 1)')
    assert all_of([sql("a"), sql("b")]) == Sql("a AND b")
    assert all_of([]) == Sql("true")


def test_a_name_that_is_not_filled_is_an_error() -> None:
    with pytest.raises(KeyError):
        sql("SELECT {what} FROM {where}", what=identifier("a"))
