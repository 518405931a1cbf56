"""`groundswell describe`: what a researcher sees of a wave before anything is estimated in a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest
from exports import undeclared

from groundswell.cli import main
from groundswell.estimates.of_wave.kept import kept_estimates
from groundswell.waves import load_survey
from groundswell.waves.wave.wave_toml import load_wave

WAVE = "surveys/simulated-panel/waves/wave-12.toml"


@pytest.fixture
def described(scratch: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    main(["describe", str(scratch / WAVE), "--json"])
    return dict(json.loads(capsys.readouterr().out))


def test_n_weights_and_shares(described: dict[str, Any], scratch: Path) -> None:
    respondents = pd.read_csv(scratch / WAVE.replace(".toml", ".csv"))
    w = respondents["weight"]
    assert described["n"] == described["rows"] == len(respondents)
    assert described["weights"][0]["deff"] == pytest.approx(len(w) * (w**2).sum() / w.sum() ** 2)
    valid = respondents["horizon"] <= 5
    planning = next(each for each in described["indicators"] if each["indicator"] == "planning")
    assert planning["n"] == valid.sum()
    share = w[respondents["horizon"].isin([4, 5])].sum() / w[valid].sum()
    assert planning["share"] == pytest.approx(share)
    assert planning["share_low"] < share < planning["share_high"]
    assert described["simulated"] is True


def test_each_question_has_its_answers_and_what_they_count_as(
    described: dict[str, Any], scratch: Path
) -> None:
    respondents = pd.read_csv(scratch / WAVE.replace(".toml", ".csv"))
    horizon = next(each for each in described["questions"] if each["column"] == "horizon")
    assert (horizon["indicators"], horizon["domains"]) == (["planning"], [])
    assert {each["code"]: each["meaning"] for each in horizon["answers"]} == {
        **dict.fromkeys([1, 2, 3], "valid"), **dict.fromkeys([4, 5], "counted"), **dict.fromkeys([8, 9], "missing"),
    }  # fmt: skip
    counts = respondents["horizon"].value_counts()
    assert {each["code"]: each["respondents"] for each in horizon["answers"]} == counts.to_dict()
    assert sum(each["share"] or 0 for each in horizon["answers"]) == pytest.approx(1)
    age = next(each for each in described["questions"] if each["column"] == "age")
    assert (age["low"], age["high"], age["answers"]) == (18, 79, [])


def test_non_response_and_flags_are_there(described: dict[str, Any]) -> None:
    checks = {each["code"] for each in described["quality"]}
    assert {"item_non_response", "weight_design_effect", "interview_dates"} <= checks


def test_the_text_says_the_same_in_lines_that_fit_a_terminal(
    scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["describe", str(scratch / WAVE)])
    shown = capsys.readouterr().out
    assert "SIMULATED" in shown
    assert "926 with a weight above zero" in shown
    assert "Item non-response" in shown
    assert max(map(len, shown.splitlines())) <= 120
    main(["describe", str(scratch / WAVE), "--all"])
    assert "interviewed" in capsys.readouterr().out.replace("interviewed to", "")


def test_without_the_respondents_what_was_kept_is_described(
    scratch: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    survey = load_survey(scratch / "surveys" / "simulated-panel")
    kept_estimates(survey, load_wave(scratch / WAVE, survey))
    (scratch / WAVE.replace(".toml", ".csv")).unlink()
    main(["describe", str(scratch / WAVE)])
    shown = capsys.readouterr().out
    assert "respondents not here" in shown
    assert "planning" in shown


def test_describing_writes_nothing(scratch: Path) -> None:
    before = sorted(path.name for path in (scratch / WAVE).parent.iterdir())
    main(["describe", str(scratch / WAVE), "--all"])
    assert sorted(path.name for path in (scratch / WAVE).parent.iterdir()) == before


def test_json_is_whole_and_says_its_schema(described: dict[str, Any]) -> None:
    """Docs promise these keys; a reader of the JSON stands on them."""
    assert described["schema"] == 3
    assert set(described) == {
        "schema", "survey", "wave", "house", "mode", "start", "end", "file", "respondents_here", "simulated", "rows",
        "n", "design", "weights", "indicators", "quality", "questions", "notes",
    }  # fmt: skip
    assert all(set(check) == {"code", "verdict", "values"} for check in described["quality"])


def test_any_file_is_described_by_its_codebook(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pyreadstat.write_sav(
        pd.DataFrame({"настроение": [1, 2, 2, 99, None]}),
        tmp_path / "wave.sav",
        column_labels={"настроение": "Какое у вас настроение?"},
        variable_value_labels={"настроение": {1: "тревога", 2: "покой", 99: "отказ"}},
        missing_ranges={"настроение": [99]},
    )
    main(["describe", str(tmp_path / "wave.sav")])
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert "Какое" in lines[2]
    assert lines[3:] == [
        ["1", "тревога", "1", "33.3%"], ["2", "покой", "2", "66.7%"], ["99", "отказ", "missing", "1"], ["empty", "1"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "says"),
    [("nowhere.toml", "wave files stand in"), ("wave.doc", "no known format"), ("wave.sav", "not here")],
)
def test_what_cannot_be_described_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], path: str, says: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["describe", str(tmp_path / path)])
    assert ended.value.code == 2
    assert says in capsys.readouterr().err


def test_codes_that_look_like_no_answer_are_marked_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = undeclared.write(
        tmp_path / "file.dta",
        {"happy": undeclared.HAPPY, "age": [*range(18, 78), *range(18, 57), 999], "mood": undeclared.MOOD},
        happy=undeclared.HAPPY_LABELS, mood=undeclared.MOOD_LABELS,
    )  # fmt: skip
    main(["describe", str(file), "--json"])
    happy, age, mood = json.loads(capsys.readouterr().out)["questions"]
    shown = {each["code"]: (each["meaning"], each["share"]) for each in happy["answers"]}
    assert shown[77] == ("no_answer", None)
    assert shown[88] == ("dont_know", pytest.approx(10 / 90))
    assert shown[5] == ("", pytest.approx(30 / 90))
    assert (happy["look_unanswered"], happy["unanswered"]) == ([77, 99], 10)
    assert (age["high"], age["look_unanswered"], age["unanswered"]) == (77, [999], 1)
    shown = {each["code"]: (each["meaning"], each["share"]) for each in mood["answers"]}
    assert (shown[8], mood["unanswered"]) == (("dont_know", pytest.approx(0.1)), 0)
    main(["describe", str(file), "--keep", "happy=77,88,99"])
    said = capsys.readouterr().out
    assert "1 more look like no answer: 999" in said
    assert "no answer, undeclared" not in said
