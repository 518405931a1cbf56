"""One published figure in two rows of a table counts once; what may be two waves counts as two, and is told."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from groundswell.errors import InputError
from groundswell.trends.answers.table_source import Note, table_source
from groundswell.trends.data.repeats import Repeats, without_repeats
from groundswell.trends.data.shares_table import shares_of
from groundswell.waves.toplines.written import read_records

HEADER = "indicator,house,variant,mode,start,end,precision,share,n,deff,source_title\n"
SOUND = {
    "indicator": "mood",
    "house": "acme",
    "start": "2024-03-08",
    "end": "2024-03-10",
    "share": "0.41",
    "n": "1000",
}


def line(**cells: str) -> str:
    names = HEADER.strip().split(",")
    return ",".join((SOUND | cells).get(name, "") for name in names) + "\n"


def found(folder: Path, *lines: str) -> Repeats:
    file = folder / "polls.csv"
    file.write_text(HEADER + "".join(lines), encoding="utf-8")
    return without_repeats(shares_of(file, *read_records(file, "")))


@pytest.mark.parametrize(
    ("there", "here", "kept", "n"),
    [
        ({}, {}, 2, 1000),
        ({}, {"n": "", "source_title": "B"}, 2, 1000),
        ({}, {"share": "0.412", "n": ""}, 3, 1000),  # the finer printed, with the n of the other
        ({"share": "0.412", "n": ""}, {"share": "0.41"}, 2, 1000),
        ({"start": "2024-03-10"}, {"start": ""}, 2, 1000),  # a day alone is its own start
        ({"deff": "2"}, {}, 2, 1000),
    ],
)
def test_a_figure_that_stands_twice_counts_once(
    tmp_path: Path, there: dict[str, str], here: dict[str, str], kept: int, n: int
) -> None:
    seen = found(tmp_path, line(**there), line(**here))
    assert [(row.line, row.n) for row in seen.rows] == [(kept, n)]
    assert [(pair.there.line, pair.here.line) for pair in seen.once] == [(kept, 5 - kept)]
    assert seen.doubts == []


@pytest.mark.parametrize(
    "here", [{"share": "0.42"}, {"share": "0.404"}, {"n": "900"}, {"deff": "2"}, {"start": "", "n": ""}]
)
def test_figures_that_differ_both_count_and_are_told(tmp_path: Path, here: dict[str, str]) -> None:
    seen = found(tmp_path, line(deff="1"), line(**here))
    assert [row.line for row in seen.rows] == [2, 3]
    assert [(pair.there.line, pair.here.line) for pair in seen.doubts] == [(2, 3)]
    assert seen.once == []


@pytest.mark.parametrize(
    "here",
    [{"house": "bell"}, {"indicator": "plans"}, {"end": "2024-03-11"}, {"variant": "new", "share": "0.5"},
     {"mode": "web", "share": "0.5"}],
)  # fmt: skip
def test_other_waves_are_left_in_peace(tmp_path: Path, here: dict[str, str]) -> None:
    seen = found(tmp_path, line(), line(**here))
    assert (len(seen.rows), seen.once, seen.doubts) == (2, [], [])


def test_three_of_one_figure_count_once(tmp_path: Path) -> None:
    seen = found(tmp_path, line(), line(n=""), line(share="0.41", source_title="C"))
    assert [row.line for row in seen.rows] == [2]
    assert len(seen.once) == 2


def notes(folder: Path, *lines: str) -> dict[str, Note]:
    (folder / "polls.csv").write_text(HEADER + "".join(lines), encoding="utf-8")
    (folder / "dates.csv").write_text("date,indicator\n2024-03-10,mood\n", encoding="utf-8")
    source = table_source(folder / "polls.csv", folder / "dates.csv")
    return {note.code: note for note in source.rows}


LATER = [line(end=f"2024-0{month}-20", start="") for month in (4, 5, 6)]


def test_what_was_found_is_told_with_its_lines_and_the_fit_has_each_figure_once(tmp_path: Path) -> None:
    said = notes(tmp_path, *LATER, line(), line(share="0.412", n="", source_title="B"))
    assert said["counted_once"].series == "mood"
    (pair,) = said["counted_once"].values["pairs"]
    assert (pair["lines"], pair["shares"], pair["sources"]) == ([6, 5], [0.412, 0.41], ["B", ""])
    source = table_source(tmp_path / "polls.csv", tmp_path / "dates.csv")
    assert len(source.trends["mood"].used) == 4


def test_a_row_twice_changes_nothing(tmp_path: Path) -> None:
    """The same level and the same interval as without it."""

    def level() -> pd.DataFrame:
        trends = table_source(tmp_path / "polls.csv", tmp_path / "dates.csv").trends
        return trends["mood"].level("2024-05-01")

    notes(tmp_path, *LATER)
    once = level()
    notes(tmp_path, *LATER, *LATER)
    pd.testing.assert_frame_equal(level(), once)


def test_one_house_under_two_names_is_told_with_the_lines_of_both(tmp_path: Path) -> None:
    said = notes(tmp_path, *LATER, line(house="Acme Polls"), line(house="bell"))
    values = said["one_house"].values
    assert (values["one"], values["other"]) == ("acme", "Acme Polls")
    assert values["of_one"] == {"n": 3, "lines": [2, 3, 4]}
    assert values["of_other"] == {"n": 1, "lines": [5]}


def test_a_plain_table_is_not_remarked_upon(tmp_path: Path) -> None:
    assert notes(tmp_path, *LATER, line(house="bell")) == {}


def test_what_belongs_to_estimates_is_refused_of_shares(tmp_path: Path) -> None:
    notes(tmp_path, *LATER)
    for given in ({"when": "end"}, {"covariance": tmp_path / "polls.csv"}):
        with pytest.raises(InputError, match="belongs to a table that `groundswell estimate` wrote"):
            table_source(tmp_path / "polls.csv", tmp_path / "dates.csv", **given)  # type: ignore[arg-type]
