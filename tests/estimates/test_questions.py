"""One grammar of questions and one check of weights: tables in memory and files are asked and refused alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.statistics.of_file import estimate_file
from groundswell.estimates.statistics.shares import shares
from groundswell.estimates.sums.asked.bases import Bases
from groundswell.estimates.sums.asked.plan_of_file import FileAnswers
from groundswell.estimates.sums.asked.questions import Answers, TableAnswers, items_of
from groundswell.estimates.sums.items import Item
from groundswell.waves.respondents.reader import read_respondents

TABLE = pd.DataFrame(
    {
        "mood": ["calm", "anxious", "calm", None],
        "yes": [0, 1, 1, 0],
        "one": [1, 1, 1, 1],
        "code": [1.0, 2.0, np.nan, 2.0],
        "half": [0.5, 1.0, 1.0, 0.5],
        "sure": [True, False, True, True],
        "none": [0, 0, 0, 0],
        "no": [False] * 4,
        "day": pd.to_datetime(
            ["2024-03-01", "2024-03-01T10:30", "2024-03-01", "2024-03-02"], format="ISO8601"
        ),
        "a=b": ["x", "y", "x", "y"],
        "a": ["b", "b", "c", "c"],
    }
)
ASKED = {
    "mood": ["anxious", "calm"],
    "mood=calm": ["calm"],
    "yes": ["1"],
    "yes=0": ["0"],
    "one": ["1"],
    "code": ["1", "2"],
    "code=2": ["2"],
    "half": ["0.5", "1"],
    "sure": ["true"],
    "sure=false": ["false"],
    "none": ["1"],
    "no": ["true"],
    "day": ["2024-03-01 00:00:00", "2024-03-01 10:30:00", "2024-03-02 00:00:00"],
    "day=2024-03-01 10:30:00": ["2024-03-01 10:30:00"],
    "a=b": ["x", "y"],
    "a=c": ["c"],
}


@pytest.fixture(name="asked", scope="module", params=["memory", "file"])
def both_kinds_of_answers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Answers:
    if request.param == "memory":
        return TableAnswers(TABLE)
    file = tmp_path_factory.mktemp("asked") / "wave.parquet"
    TABLE.to_parquet(file)
    return FileAnswers(Bases(read_respondents(file)))


@pytest.mark.parametrize("question", ASKED)
def test_a_question_asks_for_the_same_answers_in_memory_and_in_a_file(question: str, asked: Answers) -> None:
    column = question if question in TABLE else question.partition("=")[0]
    assert items_of([question], asked) == tuple(Item(column, code) for code in ASKED[question])


def test_a_column_without_any_answer_has_no_shares(tmp_path: Path) -> None:
    pd.DataFrame({"mood": [1, 2], "never": [None, None]}).to_csv(tmp_path / "wave.csv", index=False)
    with pytest.raises(InputError, match="`never` holds no answer, every cell being empty or missing"):
        estimate_file(tmp_path / "wave.csv", Design(), shares=["never"])


@pytest.mark.parametrize("question", ["none", "no", "none=1"])
def test_where_nobody_chose_the_share_is_zero(question: str, tmp_path: Path) -> None:
    TABLE.to_parquet(tmp_path / "wave.parquet")
    table, _ = estimate_file(tmp_path / "wave.parquet", Design(), shares=[question])
    assert (table["estimate"].tolist(), table["n"].tolist()) == ([0.0], [4])


@pytest.mark.parametrize(
    ("condition", "rows"),
    [("day=2024-03-01 00:00:00", 2), ("day=2024-03-02 00:00:00,2024-03-01 10:30:00", 2), ("sure=true", 3)],
)
def test_days_and_truth_values_are_answers_that_can_be_asked_for(
    condition: str, rows: int, tmp_path: Path
) -> None:
    TABLE.to_parquet(tmp_path / "wave.parquet")
    column, _, answer = condition.partition("=")
    chosen, _ = estimate_file(tmp_path / "wave.parquet", Design(), means=["half"], where=[condition])
    assert list(chosen["n"]) == [rows]
    for one in answer.split(","):
        share, _ = estimate_file(tmp_path / "wave.parquet", Design(), shares=[f"{column}={one}"])
        expected = (TABLE[column].astype(str).str.lower() == one).mean()
        assert share["estimate"].tolist() == pytest.approx([expected])


def test_a_column_that_is_not_there_is_named_with_the_nearest(asked: Answers) -> None:
    with pytest.raises(
        InputError, match=r"`shares=` names `moods`, which is not a column: did you mean `mood`"
    ):
        items_of(["moods=calm"], asked, named_by="shares")


WRONG: dict[str, tuple[list[Any], str]] = {
    "missing": ([1, None, 1, None], "`w` (the weights) is missing in row 2 and 1 more"),
    "negative": ([1, 1, -0.5, -1], "`w` (the weights) is negative in row 3 and 1 more (-0.5 there)"),
    "infinite": ([1, np.inf, 1, 1], "`w` (the weights) is infinite in row 2 and 0 more"),
    "zero": ([0, 0, 0, 0], "`w` (the weights) is zero for every respondent (4)"),
    "text": (["1", "heavy", "1", "1"], "`w` (the weights) holds text (`heavy` in row 2)"),
    "empty": ([None] * 4, "`w` (the weights) is missing in row 1 and 3 more"),
    "dates": (
        list(pd.date_range("2024-01-01", periods=4).date),
        "`w` (the weights) holds text (`2024-01-01` in row 1)",
    ),
    "comma": (["1,5", "2", "1", "1"], "`w` (the weights) holds text (`1,5` in row 1)"),
}


@pytest.mark.parametrize("name", WRONG)
def test_weights_are_refused_in_the_same_words_in_memory_and_in_a_file(name: str, tmp_path: Path) -> None:
    weights, says = WRONG[name]
    table, design = TABLE.assign(w=weights), Design(weights="w")
    table.to_parquet(tmp_path / "wave.parquet")
    with pytest.raises(InputError) as in_memory:
        shares(table, design, "yes")
    with pytest.raises(InputError) as in_file:
        estimate_file(tmp_path / "wave.parquet", design, shares=["yes"])
    assert str(in_memory.value) == str(in_file.value)
    assert str(in_file.value).startswith(says)


def test_the_command_and_the_notebook_give_the_same_numbers(tmp_path: Path) -> None:
    table = TABLE.assign(w=[1.0, 2.0, 0.5, 1.5])
    table.to_parquet(tmp_path / "wave.parquet")
    design, asked = Design(weights="w"), ["mood", "yes", "code", "half", "sure=false"]
    written, _ = estimate_file(tmp_path / "wave.parquet", design, shares=asked, by=["one"])
    found = shares(table, design, *asked, by=["one"])
    pd.testing.assert_frame_equal(found, written, rtol=1e-12, atol=1e-15, check_dtype=False)


def test_a_truth_value_may_be_a_weight_in_memory_and_in_a_file(tmp_path: Path) -> None:
    table, design = TABLE.assign(w=[True, False, True, True]), Design(weights="w")
    table.to_parquet(tmp_path / "wave.parquet")
    written, _ = estimate_file(tmp_path / "wave.parquet", design, shares=["yes"])
    assert written["n"].tolist() == shares(table, design, "yes")["n"].tolist() == [3]


def test_a_csv_column_without_a_weight_is_missing_weights(tmp_path: Path) -> None:
    (tmp_path / "wave.csv").write_text("yes,w\n1,\n0,\n")
    with pytest.raises(InputError, match=r"`w` \(the weights\) is missing in line 2 of the file and 1 more"):
        estimate_file(tmp_path / "wave.csv", Design(weights="w"), shares=["yes"])
