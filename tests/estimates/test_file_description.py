"""`groundswell describe` of a bare file: every column counted, in time that grows with the columns and no faster."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from groundswell.cli import main
from groundswell.estimates.of_wave.describing import answer_counts
from groundswell.estimates.of_wave.describing.described_question import MANY
from groundswell.estimates.of_wave.describing.description import describe_file


def saved(folder: Path, table: pd.DataFrame, **options: Any) -> Path:
    pyreadstat.write_sav(table, folder / "wave.sav", **options)
    return folder / "wave.sav"


def test_a_labelled_answer_is_shown_also_where_nobody_gave_it(tmp_path: Path) -> None:
    labels: dict[str, Any] = {"ticked": {0: "no", 1: "yes"}, "all": {0: "no", 1: "yes", 9: "refused"}}
    table = pd.DataFrame({"ticked": [1.0, 1.0, np.nan], "all": [0.0, 0.0, 0.0]})
    file = saved(tmp_path, table, variable_value_labels=labels, missing_ranges={"all": [9]})
    ticked, every = describe_file(file).questions
    assert [(each.code, each.respondents, each.share) for each in ticked.answers] == [
        (0, 0, None),  # a tick or an empty cell: what empty means nobody says, so there is no share
        (1, 2, None),
    ]
    assert [(each.code, each.respondents, each.share) for each in every.answers] == [
        (0, 3, 1.0), (1, 0, 0.0), (9, 0, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "own_words"),
    [
        ([f"I said {place}" for place in range(9)], True),
        ([f"I said {place}" for place in range(MANY + 2)] * 3, True),
        ([f"town {place % 9}" for place in range(90)], False),
        (["calm", "anxious", "both"], False),
    ],
    ids=["each-once", "very-many", "words-as-codes", "few"],
)
def test_open_answers_are_counted_and_listed_only_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answers: list[str], own_words: bool
) -> None:
    file = saved(tmp_path, pd.DataFrame({"said": [*answers, "", " "]}))
    (question,) = describe_file(file).questions
    assert (question.own_words, question.different, question.empty) == (own_words, len(set(answers)), 2)
    assert bool(question.answers) != own_words
    main(["describe", str(file)])
    assert (answers[0] in capsys.readouterr().out) != own_words
    main(["describe", str(file), "--open"])
    assert answers[0] in capsys.readouterr().out


def test_numbers_and_days_are_described_as_they_are_written(tmp_path: Path) -> None:
    pd.DataFrame(
        {
            "half": [0.5, 1.0, 0.5],
            "age": [1, 2, 3],
            "day": pd.to_datetime(["2024-03-01", "2024-03-01", "2024-03-02"]),
            "yes": [True, False, True],
        }
    ).to_parquet(tmp_path / "wave.parquet")
    half, _, day, yes = describe_file(tmp_path / "wave.parquet").questions
    assert [(each.code, each.respondents) for each in half.answers] == [(0.5, 2), (1, 1)]
    assert [each.code for each in day.answers] == ["2024-03-01", "2024-03-02"]
    assert [(each.code, each.respondents) for each in yes.answers] == [("false", 1), ("true", 2)]


def test_counts_do_not_depend_on_how_many_columns_are_taken_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.default_rng(1)
    table = pd.DataFrame({f"Q{place}": draw.integers(0, 60, 80).astype(float) for place in range(7)})
    file = saved(tmp_path, table)
    together = describe_file(file)
    monkeypatch.setattr(answer_counts, "COLUMNS_AT_ONCE", 3)
    done: list[int] = []
    apart = describe_file(file, progress=lambda some, of: done.append(some * 100 + of))
    assert apart == together
    assert done == [307, 607, 707]
    for question in together.questions:
        held = table[question.column]
        assert question.different == held.nunique()
        if question.different > MANY:
            assert (question.low, question.high) == (held.min(), held.max())
            assert question.mean == pytest.approx(held.mean())


def test_no_query_looks_at_all_columns_for_each_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What made the time grow with the square of the columns: so many queries over so wide a table."""
    from groundswell.waves.respondents.reader import Respondents

    asked: list[str] = []
    rows = Respondents.rows

    def counted(self: Respondents, template: Any, **pieces: Any) -> Any:
        asked.append(template)
        return rows(self, template, **pieces)

    monkeypatch.setattr(Respondents, "rows", counted)
    pd.DataFrame(np.ones((3, 500))).rename(columns=lambda place: f"Q{place}").to_parquet(
        tmp_path / "w.parquet"
    )
    assert len(describe_file(tmp_path / "w.parquet").questions) == 500
    assert sum("{respondents}" in template for template in asked) <= 500 / answer_counts.COLUMNS_AT_ONCE + 1
