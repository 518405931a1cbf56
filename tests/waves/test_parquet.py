"""Parquet files: every type is a question, or text that says so, and none stops the others."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.of_file import estimate_file
from groundswell.waves.respondents.layouts.layout import ReadOptions
from groundswell.waves.respondents.reader import read_respondents

NIGHT = datetime(2024, 3, 1, 22, tzinfo=UTC)


def clock(day: int, hour: int) -> datetime:
    """A moment of March 2024 without a zone."""
    return datetime(2024, 3, day, hour, tzinfo=UTC).replace(tzinfo=None)


def written(file: Path, **columns: Any) -> Path:
    parquet.write_table(pa.table(columns), file)
    return file


@pytest.mark.parametrize(
    ("cells", "kind", "read"),
    [
        (pa.array([1, None], pa.int8()), "number", [1, None]),
        (pa.array([1, 2**63], pa.uint64()), "number", [1.0, 2.0**63]),
        (pa.array([Decimal("1.50"), None], pa.decimal128(9, 2)), "number", [1.5, None]),
        (pa.array([0.5, float("nan")], pa.float32()), "number", [0.5, None]),
        (pa.array([True, False]), "number", [True, False]),
        (pa.array([None, None], pa.null()), "number", [None, None]),
        (pa.array(["calm", None]).dictionary_encode(), "text", ["calm", None]),
        (pa.array([date(2024, 3, 1), None]), "date", [date(2024, 3, 1), None]),
        (pa.array([clock(1, 9), None], pa.timestamp("ns")), "date", [clock(1, 9), None]),
        (pa.array([NIGHT, None], pa.timestamp("us", "UTC")), "date", [clock(1, 22), None]),
        (pa.array([NIGHT, None], pa.timestamp("us", "Europe/Moscow")), "date", [clock(2, 1), None]),
        (pa.array([time(10, 11, 12), None]), "number", [36_672.0, None]),
        (pa.array([["War", "Prices"], []], pa.list_(pa.string())), "list", [["War", "Prices"], []]),
        (pa.array([[1, 2], None], pa.list_(pa.int8())), "list", [["1", "2"], None]),
        (pa.array([[1, 2], [3, 4]], pa.list_(pa.int8(), 2)), "list", [["1", "2"], ["3", "4"]]),
        (pa.array([b"calm", None]), "text", ["calm", None]),
    ],
)  # fmt: skip
def test_a_type_is_a_kind_of_question(tmp_path: Path, cells: pa.Array, kind: str, read: list[Any]) -> None:
    respondents = read_respondents(written(tmp_path / "w.parquet", place=[1, 2], x=cells))
    assert respondents.codebook["x"].kind == kind
    held = respondents.rows("SELECT x FROM {respondents} ORDER BY place")
    assert [row[0] for row in held] == read


def test_a_type_that_is_no_question_is_text_and_said(tmp_path: Path) -> None:
    file = written(
        tmp_path / "w.parquet",
        mood=[1, 2],
        x=pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int8())),
        y=[[{"k": 1}], []],
        took=pa.array([timedelta(hours=1), None]),
    )
    respondents = read_respondents(file)
    assert [respondents.codebook[name].kind for name in ("x", "y", "mood")] == ["text", "text", "number"]
    said = [str(note) for note in respondents.codebook.notes]
    assert said[0] == "`x` is of the type MAP(VARCHAR, TINYINT) and is read as text"
    assert len(said) >= 2
    table, _ = estimate_file(file, Design(), shares=["mood=1"])
    assert table["estimate"].tolist() == [0.5]


def test_a_struct_is_a_column_a_field(tmp_path: Path) -> None:
    home = pa.array([{"city": "Omsk", "at": {"floor": 1}}, {"city": "Tula", "at": None}])
    respondents = read_respondents(written(tmp_path / "w.parquet", home=home))
    assert list(respondents.codebook.variables) == ["home.city", "home.at.floor"]
    assert respondents.table().count().tolist() == [2, 1]
    clash = written(tmp_path / "clash.parquet", home=home, **{"home.city": ["x", "y"]})
    assert read_respondents(clash).codebook["home"].kind == "text"


def test_columns_that_differ_in_capitals_only_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="`mood` and `Mood`, which differ in capitals only"):
        read_respondents(written(tmp_path / "w.parquet", mood=[1], Mood=[2]))
    twice = pa.table([pa.array([1]), pa.array([2])], names=["mood", "mood"])
    parquet.write_table(twice, tmp_path / "twice.parquet")
    with pytest.raises(InputError, match="two columns `mood`"):
        read_respondents(tmp_path / "twice.parquet")


def test_a_missing_weight_is_named_with_its_row(tmp_path: Path) -> None:
    file = written(tmp_path / "w.parquet", mood=[1, 2, 1], w=[1.0, None, 2.0])
    with pytest.raises(InputError, match=r"`w`.*row 2|row 2.*`w`"):
        estimate_file(file, Design(weights="w"), shares=["mood=1"])


@pytest.mark.parametrize(
    "place", ["x*.parquet", "wave[12]/w.parquet", "region=north/w.parquet", "it's?.parquet"]
)
def test_a_file_is_itself_and_nothing_else(tmp_path: Path, place: str) -> None:
    for other in ("x1.parquet", "wave1/w.parquet", "its1.parquet"):
        (tmp_path / other).parent.mkdir(exist_ok=True)
        written(tmp_path / other, mood=[9, 9], region=["south", "south"])
    (tmp_path / place).parent.mkdir(exist_ok=True)
    respondents = read_respondents(written(tmp_path / place, mood=[1], region=["east"]))
    assert respondents.rows("SELECT * FROM {respondents}") == [(1, "east")]


def test_what_a_parquet_file_has_not_cannot_be_stated(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"`sheet` is stated \(`Data`\), and .* is a Parquet file"):
        read_respondents(written(tmp_path / "w.parquet", mood=[1]), options=ReadOptions(sheet="Data"))


def test_lists_make_no_domains_and_dates_have_no_mean(tmp_path: Path) -> None:
    file = written(tmp_path / "w.parquet", mood=[1, 2], worries=[["War"], []], day=[date(2024, 3, 1)] * 2)
    with pytest.raises(InputError, match=r"`worries` \(by\) holds several answers of one respondent"):
        estimate_file(file, Design(), shares=["mood=1"], by=["worries"])
    with pytest.raises(InputError, match=r"`day` holds dates, which have no mean"):
        estimate_file(file, Design(), means=["day"])
