"""What a column of text cells is taken for: never a number that nobody wrote, never an answer that is none."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from groundswell.cli import main
from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.reader import Respondents, read_respondents

at = datetime.fromisoformat


def read(tmp_path: Path, cells: list[str], *, delimiter: str = ";", **stated: Any) -> Respondents:
    """A file of an identifier and one column."""
    lines = [f"id{delimiter}x", *(f'a{place}{delimiter}"{cell}"' for place, cell in enumerate(cells))]
    (tmp_path / "wave.csv").write_text("\n".join(lines), encoding="utf-8")
    return read_respondents(tmp_path / "wave.csv", options=ReadOptions(**stated))


def held(respondents: Respondents) -> list[Any]:
    return [row[0] for row in respondents.rows("SELECT x FROM {respondents} ORDER BY id")]


def codes(respondents: Respondents) -> list[str]:
    return [note.code for note in respondents.codebook.notes]


@pytest.mark.parametrize(
    ("cells", "read_as"),
    [
        (["0,85", "1,25", "1"], [0.85, 1.25, 1.0]),
        (["-1,5", "2,0"], [-1.5, 2.0]),
        (["1,05", "1,2", "3"], [1.05, 1.2, 3.0]),
        (["0.50", "1.25"], [0.5, 1.25]),
        (["12 ", " 7", "3"], [12, 7, 3]),
        (["1e3", "+5", "2.5"], [1000.0, 5.0, 2.5]),
        (["+5", "3"], [5, 3]),
        (["1", "2", "-"], [1, 2, None]),
        (["1.5", "2", "#N/A"], [1.5, 2.0, None]),
        (["1", "NA", "2"], [1, None, 2]),
        (["1", "NaN", "2.5"], [1.0, None, 2.5]),
        (["0,50", "NA", "1"], [0.5, None, 1.0]),
    ],
)
def test_numbers_are_numbers(tmp_path: Path, cells: list[str], read_as: list[Any]) -> None:
    respondents = read(tmp_path, cells)
    assert held(respondents) == read_as
    assert respondents.codebook["x"].kind == "number"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["1,2", "1", "2,3"], "comma_unclear"),
        (["1,12", "2", "3,10"], "comma_unclear"),
        (["1,2", "2,1"], "comma_unclear"),
        (["1,234", "12", "999"], "comma_unclear"),
        (["1,234.5", "12"], "thousands_marks"),
        (["1.234,5", "12"], "thousands_marks"),
        (["1 234", "12"], "thousands_marks"),
        (["1,2,3", "1"], None),
        (["007", "7"], None),
        (["01.5", "7"], None),
        (["12345678901234567890", "12345678901234567891"], None),
        (["1e400", "1"], None),
        (["inf", "1"], None),
        (["1", "2", "none"], None),
        (["34%", "66%"], None),
        (["1_000", "2"], None),
        (["18-29", "60+"], None),
    ],
)
def test_what_is_no_plain_number_stays_as_it_was_written(
    tmp_path: Path, cells: list[str], said: str | None
) -> None:
    respondents = read(tmp_path, cells, layout="plain")
    assert held(respondents) == cells
    assert codes(respondents) == ([said] if said else [])


def test_a_decimal_comma_is_none_where_commas_stand_between_cells(tmp_path: Path) -> None:
    respondents = read(tmp_path, ["0,85", "1,25"], delimiter=",")
    assert held(respondents) == ["0,85", "1,25"]
    assert codes(respondents) == ["comma_unclear"]


def test_a_column_with_decimal_commas_does_not_change_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "wave.csv").write_text("w;worries;dots\n0,85;1,2;1.5\n1,25;1;2.5\n", encoding="utf-8")
    respondents = read_respondents(tmp_path / "wave.csv")
    assert respondents.rows("SELECT * FROM {respondents} ORDER BY w") == [
        (0.85, "1,2", 1.5),
        (1.25, "1", 2.5),
    ]
    assert respondents.codebook.layout.decimal == ","


def test_a_point_may_stand_between_thousands_where_commas_are_decimal(tmp_path: Path) -> None:
    text = "w;income;rate\n0,85;1.234;1.234\n1,25;900;0.5\n"
    (tmp_path / "wave.csv").write_text(text, encoding="utf-8")
    respondents = read_respondents(tmp_path / "wave.csv")
    assert respondents.rows("SELECT income, rate FROM {respondents} ORDER BY w") == [
        ("1.234", 1.234),
        ("900", 0.5),
    ]
    assert codes(respondents) == ["decimal_commas", "thousands_marks"]
    (tmp_path / "wave.csv").write_text(text.replace(",", "."), encoding="utf-8")
    assert read_respondents(tmp_path / "wave.csv").codebook["income"].kind == "number"


@pytest.mark.parametrize(
    ("cells", "read_as"),
    [
        (["KE", "ZA", "NA"], ["KE", "ZA", "NA"]),
        (["Yes", "No", "NA"], ["Yes", "No", None]),
        (["M", "F", "NA"], ["M", "F", None]),
        (["18-29", "60+", "-"], ["18-29", "60+", None]),
        (["+", "-", "+"], ["+", "-", "+"]),
        (["Yes", "#NULL!", "#Н/Д"], ["Yes", None, None]),
        (["Yes", "None", "none"], ["Yes", "None", "none"]),
        (["Yes", "n/a", "NULL"], ["Yes", None, None]),
        (["Yes", "—", ".", ".."], ["Yes", None, None, None]),
        (["2024-03-01", "-"], [date(2024, 3, 1), None]),
        (["-", "-"], [None, None]),
    ],
)
def test_a_sign_is_an_answer_only_where_it_can_be_one(
    tmp_path: Path, cells: list[str], read_as: list[Any]
) -> None:
    respondents = read(tmp_path, cells)
    assert held(respondents) == read_as
    gone = sum(cell is None for cell in read_as)
    assert (
        sum(note.facts["cells"] for note in respondents.codebook.notes if note.code == "mark_no_answer")
        == gone
    )
    assert ("mark_is_answer" in codes(respondents)) is ("NA" in read_as)


def test_what_a_sign_means_can_be_stated(tmp_path: Path) -> None:
    kept = read(tmp_path, ["18-29", "-"], kept={"x": ("-",)})
    assert (held(kept), codes(kept)) == (["18-29", "-"], [])
    everywhere = read(tmp_path, ["18-29", "-"], kept={"*": ("-",)})
    assert (held(everywhere), codes(everywhere)) == (["18-29", "-"], [])
    missing = read(tmp_path, ["KE", "NA"], missing_of={"x": ("NA",)})
    assert missing.codebook["x"].is_missing("NA")
    assert codes(missing) == []


@pytest.mark.parametrize(
    ("cells", "read_as", "said"),
    [
        (["01.03.2024", "02.03.2024"], [date(2024, 3, 1), date(2024, 3, 2)], []),
        (["13/03/2024", "02/03/2024"], [date(2024, 3, 13), date(2024, 3, 2)], ["date_read"]),
        (["03/13/2024", "03/02/2024"], [date(2024, 3, 13), date(2024, 3, 2)], ["date_read"]),
        (["03/04/2024", "05/06/2024"], ["03/04/2024", "05/06/2024"], ["date_unclear"]),
        (["03/03/2024", "04/04/2024"], [date(2024, 3, 3), date(2024, 4, 4)], ["date_read"]),
        (["13/03/2024", "03/13/2024"], ["13/03/2024", "03/13/2024"], []),
        (["03.02.2023 09:12:52", "4.2.2023 9:05"], [at("2023-02-03 09:12:52"), at("2023-02-04 09:05:00")], []),
        (["2024/03/01 9:12:00 AM GMT+3", "2024/03/01 12:05:00 PM GMT+3"],
         [at("2024-03-01 09:12:00"), at("2024-03-01 12:05:00")], []),
        (["2024-03-01T10:00:00.000+03:00", "2024-03-01T23:00:00Z"],
         [at("2024-03-01 10:00:00"), at("2024-03-01 23:00:00")], []),
        (["03/14/2024 12:30:00 AM", "03/15/2024 01:30:00 PM"],
         [at("2024-03-14 00:30:00"), at("2024-03-15 13:30:00")], ["date_read"]),
        (["31.02.2024", "01.03.2024"], ["31.02.2024", "01.03.2024"], []),
        (["01.03.24", "02.03.24"], ["01.03.24", "02.03.24"], []),
    ],
)  # fmt: skip
def test_dates_are_dates_where_the_whole_column_has_one_reading(
    tmp_path: Path, cells: list[str], read_as: list[Any], said: list[str]
) -> None:
    respondents = read(tmp_path, cells)
    assert held(respondents) == read_as
    assert codes(respondents) == said


def test_every_sentence_of_a_column_can_be_said(tmp_path: Path) -> None:
    for cells in (["1,2"], ["1,234.5"], ["KE", "NA"], ["a", "-"], ["0,85"], ["03/04/2024"], ["13/04/2024"]):
        (note,) = read(tmp_path, cells).codebook.notes
        assert "`x`" in str(note)


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        (
            "1,234.5",
            "(`1,234.5` in line 3 of the file) where a number is needed: write it without marks of thousands",
        ),
        (
            "1,234",
            "(`1,234` in line 3 of the file) where a number is needed: write a decimal point for a decimal comma",
        ),
        (
            "1,5",
            "(`1,5` in line 3 of the file) where a number is needed: write a decimal point for the decimal comma",
        ),
        ("x", "(`x` in line 3 of the file) where a number is needed"),
    ],
)
@pytest.mark.parametrize(
    "asked", [["--weights", "w", "--share", "mood"], ["--mean", "w"]], ids=["weight", "mean"]
)
def test_a_weight_that_is_no_number_is_named_with_its_row(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cell: str, says: str, asked: list[str]
) -> None:
    (tmp_path / "wave.csv").write_text(f'mood,w\n1,0.5\n0,"{cell}"\n1,2\n', encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        main(["estimate", str(tmp_path / "wave.csv"), *asked])
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_notes_of_columns_that_are_not_used_are_not_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "wave.csv").write_text("mood,age,country\n1,-,KE\n0,20,NA\n1,30,ZA\n", encoding="utf-8")
    main(["estimate", str(tmp_path / "wave.csv"), "--share", "mood"])
    assert capsys.readouterr().err == ""
    main(["estimate", str(tmp_path / "wave.csv"), "--share", "mood", "--by", "country"])
    assert capsys.readouterr().err.startswith("note: `NA` counts as an answer in `country` (1 cells)")
    main(["describe", str(tmp_path / "wave.csv")])
    assert capsys.readouterr().err.count("note: ") == 2
