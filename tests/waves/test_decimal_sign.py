"""The decimal sign of numbers that are text can be stated, and is then taken at its word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from exports.workbooks import write_xlsx

from groundswell.cli import main
from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.of_file import estimate_file
from groundswell.waves.respondents import reader
from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.reader import Respondents, read_respondents
from groundswell.waves.wave.wave_toml import Reading

COMMAS = ReadOptions(decimal=",")


def written(tmp_path: Path, cells: list[str], delimiter: str = ";") -> Path:
    file = tmp_path / "wave.csv"
    file.write_text(
        "".join(
            f'{mood}{delimiter}"{cell}"\n'
            for mood, cell in zip(["mood", *"1212"], ["w", *cells], strict=False)
        )
    )
    return file


def numbers(read: Respondents) -> list[float] | None:
    if read.codebook["w"].kind != "number":
        return None
    return [float(cell) for cell in read.table()["w"]]


@pytest.mark.parametrize("delimiter", [";", ","])
@pytest.mark.parametrize("kept", [True, False], ids=["in memory", "where it is"])
@pytest.mark.parametrize(
    ("cells", "held"),
    [
        (["1,2", "2,3", "1"], [1.2, 2.3, 1]),
        (["1,234", "0,5", "2"], [1.234, 0.5, 2]),
        ([",5", "-,25", "+1,5"], [0.5, -0.25, 1.5]),
        (["0,85", "-1,5", "1000,25"], [0.85, -1.5, 1000.25]),
    ],
)
def test_stated_decimal_commas_are_numbers(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cells: list[str],
    held: list[float],
    kept: bool,
    delimiter: str,
) -> None:
    if not kept:
        monkeypatch.setattr(reader, "SMALL_CSV_BYTES", 0)
    read = read_respondents(written(tmp_path, cells, delimiter), options=COMMAS)
    assert numbers(read) == held
    assert (read.codebook.notes, read.codebook.layout.decimal) == ((), ",")
    assert read.codebook.layout.stated == ("decimal",)


@pytest.mark.parametrize(
    "cells", [["1.234,5", "2,5"], ["1 234,5", "2,5"], ["1.234", "5.678"], ["0,5", "many"]]
)
@pytest.mark.parametrize("delimiter", [";", ","])
def test_marks_of_thousands_and_words_stay_text(tmp_path: Path, cells: list[str], delimiter: str) -> None:
    file = written(tmp_path, cells, delimiter)
    assert numbers(read_respondents(file, options=COMMAS)) is None
    with pytest.raises(InputError, match=r"`w` \(the weights\) holds text"):
        estimate_file(file, Design(weights="w"), shares=["mood"], options=COMMAS)


def test_without_the_statement_the_way_out_is_said(tmp_path: Path) -> None:
    file = written(tmp_path, ["1,2", "2,3"])
    (note,) = read_respondents(file).codebook.notes
    assert "state the decimal commas with `--decimal ,`" in str(note)
    with pytest.raises(InputError, match=r"write a decimal point for the decimal comma \(.*`--decimal ,`"):
        estimate_file(file, Design(weights="w"), shares=["mood"])


def test_a_stated_decimal_point_keeps_commas_from_being_found(tmp_path: Path) -> None:
    file = written(tmp_path, ["0,85", "1,05"])
    assert numbers(read_respondents(file)) == [0.85, 1.05]
    assert numbers(read_respondents(file, options=ReadOptions(decimal="."))) is None


def test_a_column_whose_answers_have_commas_between_them_is_no_number(tmp_path: Path) -> None:
    file = written(tmp_path, ["1,2", "2,3", "1"])
    read = read_respondents(file, options=ReadOptions(decimal=",", separators={"w": ","}))
    assert read.codebook["w"].kind == "text"


def test_numbers_and_texts_of_a_sheet_are_one_column(tmp_path: Path) -> None:
    file = write_xlsx(tmp_path / "w.xlsx", {"S": [["mood", "w"], [1, "0,5"], [2, 1.25], [1, 2], [2, ",75"]]})
    assert numbers(read_respondents(file)) is None
    read = read_respondents(file, options=COMMAS)
    assert numbers(read) == [0.5, 1.25, 2, 0.75]
    assert read.codebook.layout.stated == ("decimal",)


def test_it_is_one_of_two_signs_and_of_formats_that_hold_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"`decimal` is `,` or `\.`, got `;`"):
        ReadOptions(decimal=";")  # type: ignore[arg-type]
    (tmp_path / "w.sav").write_bytes(b"")
    with pytest.raises(InputError, match="`decimal` is stated"):
        read_respondents(tmp_path / "w.sav", options=COMMAS)


def test_every_door_takes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(written(tmp_path, ["1,2", "2,3", "1,1", "1,4"]))
    main(["estimate", file, "--weights", "w", "--share", "mood=1", "--decimal", ","])
    assert "share,mood,1,4," in capsys.readouterr().out
    main(["describe", file, "--decimal", ","])
    assert "decimal sign , (decimal stated)" in capsys.readouterr().out
    assert Reading(decimal=",").decimal == ","


@pytest.mark.parametrize("asked", [{"shares": ["mood=1"], "design": Design(weights="w")}, {"means": ["w"]}])
def test_the_cell_is_named_that_no_decimal_sign_makes_a_number(tmp_path: Path, asked: dict[str, Any]) -> None:
    file = tmp_path / "people.csv"
    file.write_text("mood;w\n1;0,5\n2;1.234,5\n1;1,0\n", encoding="utf-8")
    design = asked.pop("design", Design())
    with pytest.raises(InputError, match=r"`1\.234,5` in line 3 of the file.*without marks of thousands"):
        estimate_file(file, design, **asked, options=ReadOptions(decimal=","))
