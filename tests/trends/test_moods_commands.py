"""`groundswell mood` and `groundswell movements`: what they print, write and refuse."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import groundswell as gs
from groundswell.cli import main
from groundswell.cli.text.moods import movements_text

PULSE = ["us-household-pulse", "anxiety", "depression", "--as-of", "2024-12-31"]


@pytest.fixture(autouse=True)
def in_repository(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)


def test_the_mood_is_printed_with_what_it_rests_on_and_written_as_python_has_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dates.csv").write_text("date\n2022-06-30\n2024-06-30\n", encoding="utf-8")
    files = [
        "--at",
        f"{tmp_path}/dates.csv",
        "--out",
        f"{tmp_path}/mood.csv",
        "--items",
        f"{tmp_path}/items.csv",
    ]
    main(["mood", *PULSE, *files])
    printed = capsys.readouterr().out
    assert printed.startswith(
        "one mood of 2 items, on the scale of `anxiety`, as of 2024-12-31\n2024-09-16: 17."
    )
    assert "moves with the mood" in printed
    assert (
        "- the mood is what `anxiety` measures; the others tell of it as far as they move with it" in printed
    )
    assert "`anxiety` was asked in 3 wordings" in printed
    mood = gs.fit_mood(
        gs.load_survey("surveys/us-household-pulse"), ["anxiety", "depression"], as_of="2024-12-31"
    )
    written = pd.read_csv(tmp_path / "mood.csv")
    assert written["date"].tolist() == ["2022-06-30", "2024-06-30"]
    assert written["series"].tolist() == ["anxiety"] * 2
    levels = mood.level(["2022-06-30", "2024-06-30"])
    assert written["share"].to_numpy() == pytest.approx(levels["share"].to_numpy(), rel=1e-12)
    items = pd.read_csv(tmp_path / "items.csv")
    assert items["verdict"].tolist() == ["reference", "follows"]
    assert items["slope"].to_numpy() == pytest.approx(mood.items["slope"].to_numpy(), rel=1e-12)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["mood", "ukraine-outlook", "outlook", "planning"],
            "no item has dates in common with the reference `outlook`",
        ),
        (["mood", "ukraine-outlook", "outlook"], "two items or more"),
        (["mood", *PULSE, "--at", "dates.csv"], "--at and --out belong together"),
        (["mood", *PULSE, "--reverse", "either"], "`either` is not among the items"),
        (["movements", "ukraine-outlook", "outlook"], "two indicators or more"),
        (["movements", "ukraine-outlook", "outlook", "plannin"], "has no indicator `plannin`"),
    ],
)
def test_what_cannot_be_answered_is_said(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2 or "dates in common" in said
    assert said in capsys.readouterr().err


def test_two_indicators_that_were_hardly_asked_at_once_cannot_be_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["movements", "russia-mood", "--as-of", "2025-12-31", "--out", f"{tmp_path}/moves.csv"])
    printed = capsys.readouterr().out
    assert "`anxiety` and `planning`" in printed
    assert "cannot tell: 10 waves of each are needed" in printed
    assert printed.endswith("says nothing of why\n")
    row = pd.read_csv(tmp_path / "moves.csv").iloc[0]
    assert (row["verdict"], row["waves_second"]) == ("cannot_tell", 1)


def test_two_indicators_of_the_same_people_that_move_alike_are_said_to(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["movements", *PULSE])
    printed = capsys.readouterr().out
    assert "72, 72" in printed
    assert "  move together\n" in printed
    assert "because" not in printed


@pytest.mark.parametrize(
    ("waves", "low", "said"),
    [
        (9, 0.2, "10 waves of each are needed"),
        (60, 0.2, "of independent levels that swing as slowly, 18% agree as much"),
        (60, -0.1, "the interval is too wide"),
    ],
)
def test_why_nothing_may_be_said_of_two_levels_is_printed(waves: int, low: float, said: str) -> None:
    row = {"first": "a", "second": "b", "waves_first": waves, "waves_second": 60, "correlation": 0.5}
    row |= {"low": low, "high": 0.8, "verdict": "cannot_tell", "lead": "cannot_tell", "by_chance": 0.18}
    assert f"cannot tell: {said}\n" in movements_text(pd.DataFrame([row]))
