"""Errors name the row in which a user finds the cell, whatever stands above it and whatever was left out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from exports.workbooks import Rows, write_xls, write_xlsx

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.of_file import estimate_file
from groundswell.waves.respondents import reader
from groundswell.waves.respondents.layouts.file_rows import written_place

BAD = "-7"
"""A weight that cannot be; it stands once in each text, and its line is looked for there."""

QUALTRICS = (
    "StartDate,Status,ResponseId,mood,w\n"
    'Start Date,Response Type,Response ID,"How do\nyou feel?",w\n'
    '"{""ImportId"":""startDate""}","{""ImportId"":""status""}","{""ImportId"":""_recordId""}",'
    '"{""ImportId"":""QID1""}","{""ImportId"":""w""}"\n'
    "2024-03-01 10:00:00,Survey Preview,R_0,1,1\n2024-03-01 10:01:00,IP Address,R_1,1,1\n"
    f"2024-03-01 10:02:00,Survey Preview,R_2,2,1\n2024-03-01 10:03:00,IP Address,R_3,2,{BAD}\n"
)
TEXTS = {
    "plain": f"id,mood,w\na,1,1\nb,2,{BAD}\n",
    "a title and blank lines": f"Survey of May,,\n\nid,mood,w\n\na,1,1\n\n\nb,2,{BAD}\nc,1,1\n",
    "line breaks in cells": f'id,mood,w\n"a\nb",1,1\n"c\n\nd",2,1\ne,1,{BAD}\n',
    "empty rows": f"id,mood,w\na,1,1\n,,\n,,\nb,2,1\n,,\nc,1,{BAD}\n",
    "names again": "id,mood,w\na,1,x\nid,mood,w\nb,2,1\n".replace("x", "1") + f"c,1,{BAD}\n",
    "previews": QUALTRICS,
    "delimiter stated": f"sep=;\nid;mood;w\na;1;1\nb;2;{BAD}\n",
}


def said_of(file: Path, **design: str) -> str:
    with pytest.raises(InputError) as refused:
        estimate_file(
            file,
            Design(**(design or {"weights": "w"})),
            shares=["mood"],
        )
    return str(refused.value)


@pytest.mark.parametrize("kept", [True, False], ids=["in memory", "where it is"])
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("encode", [str.encode, lambda text: text.replace("\n", "\r\n").encode("utf-16")])
def test_a_line_is_the_one_in_which_the_cell_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, kept: bool, encode: Callable[[str], bytes]
) -> None:
    if not kept:
        monkeypatch.setattr(reader, "SMALL_CSV_BYTES", 0)
    file = tmp_path / "wave.csv"
    file.write_bytes(encode(TEXTS[name]))
    line = next(place for place, text in enumerate(TEXTS[name].split("\n"), 1) if text.endswith(BAD))
    assert f"in line {line} of the file" in said_of(file)


def test_of_one_column_a_blank_line_is_a_row(tmp_path: Path) -> None:
    file = tmp_path / "wave.csv"
    file.write_text("mood\n1\n\n2\nmany\n")
    with pytest.raises(InputError, match="`many` in line 5 of the file"):
        estimate_file(file, Design(), means=["mood"])


@pytest.mark.parametrize(("suffix", "write"), [(".xlsx", write_xlsx), (".xls", write_xls)])
def test_a_row_is_the_sheets(tmp_path: Path, suffix: str, write: Callable[..., Path]) -> None:
    titles: Rows = [["Survey of May"], [], ["id", "mood", "w"]]
    rows = [*titles, ["a", 1, 1], [], ["b", 2, 1], ["Total", 3, 2], ["b", 1, -7], ["a", 1, 1]]
    file = write(tmp_path / f"wave{suffix}", {"Data": rows})
    assert "is negative in row 8 of the file and 0 more" in said_of(file)


def test_strata_units_and_population_sizes_have_their_row_too(tmp_path: Path) -> None:
    file = tmp_path / "wave.csv"
    file.write_text("mood,stratum,size\n1,a,10\n1,a,10\n2,,10\n1,b,none\n")
    assert "`stratum` (the design's stratum) is missing in line 4 of the file" in said_of(
        file, strata="stratum"
    )
    assert "`stratum` (the design's sampling unit) is missing in line 4" in said_of(file, psu="stratum")
    assert "`size` (the design's fpc) is `none` in line 5 of the file" in said_of(file, fpc="size")


def test_a_file_without_rows_to_look_at_counts_respondents_and_says_so(tmp_path: Path) -> None:
    table = pd.DataFrame({"mood": [1, 2, 1], "w": [1.0, 1.0, -7.0]})
    table.to_parquet(tmp_path / "wave.parquet")
    pyreadstat.write_sav(table, tmp_path / "wave.sav")
    for suffix in (".parquet", ".sav"):
        said = said_of(tmp_path / f"wave{suffix}")
        assert "in row 3 and 0 more" in said
        assert said.endswith("(the first respondent is row 1)")


def test_a_file_that_is_gone_meanwhile_counts_respondents(tmp_path: Path) -> None:
    file = tmp_path / "wave.csv"
    file.write_text(TEXTS["plain"])
    read = reader.read_respondents(file)
    file.unlink()
    assert read.places.name(2).text == "row 2"


def test_what_was_left_out_before_a_respondent_is_counted() -> None:
    kept = [place for place in range(10) if place not in (0, 3, 4, 9)]
    assert [written_place(respondent, [0, 3, 4, 9]) for respondent in range(1, 7)] == kept
