"""Whole questions of a survey: which wordings ask them, what a report of a date may know, and the command's table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from waves.folders import SURVEY, row, survey_folder
from waves.ladders import PRINTED, ladder_survey

import groundswell as gs
from groundswell.cli import main
from groundswell.errors import InputError
from groundswell.waves import Survey, check_survey

TEXT = SURVEY.replace('["often", "always"]', '["anxious"]')
FOLLOWED = 'house = "fom"\nquestion = "Which mood?"\nnumerator = ["anxious"]\n'
OTHER = {"variant": "quote", "house": "quote"}


def wave(month: int, n: str = "1500", **shares: str) -> list[dict[str, str]]:
    """The rows of one wave by answer; `hard` is "hard to say"."""
    days = {"start": f"2023-{month:02d}-10", "end": f"2023-{month:02d}-12", "n": n}
    names = {"hard": "hard to say"}
    return [row(category=names.get(name, name), share=share, **days) for name, share in shares.items()]


def survey(parent: Path, *waves: list[dict[str, str]], text: str = TEXT) -> Survey:
    folder = survey_folder(parent, *(each for some in waves for each in some), survey=text)
    assert check_survey(folder) == []
    return gs.load_survey(folder)


@pytest.fixture
def mood(tmp_path: Path) -> Survey:
    other = [{**each, **OTHER} for each in wave(5, anxious="0.44", calm="0.50", hard="0.06")]
    strange = [{**each, "variant": "score", "house": "pulse"} for each in wave(6, anxious="0.4", glad="0.5")]
    return survey(
        tmp_path,
        wave(1, anxious="0.50", calm="0.44", hard="0.06"),
        wave(2, anxious="0.48", calm="0.45"),
        wave(3, anxious="0.47"),
        wave(4, calm="0.46"),
        other,
        strange,
    )


def test_other_wordings_with_the_same_answers_ask_the_same_question(mood: Survey) -> None:
    question = gs.fit_question(mood, "anxiety", as_of="2023-12-31")
    assert question.answers == ("anxious", "calm", "hard to say")
    said = question.waves.sort_values("end")[["variant", "told", "left_out"]].to_numpy().tolist()
    assert said == [
        ["circle", 3, ""],
        ["circle", 3, ""],
        ["circle", 1, "first_answer_only"],
        ["circle", 0, "category_missing:anxious"],
        ["quote", 3, ""],
        ["score", 1, "other_answers"],
    ]
    assert question.splits[1].used["variant"].tolist() == ["circle", "circle", "quote"]
    assert len(question.splits[0].used) == 5


def test_a_question_of_the_past_knows_no_later_wave(mood: Survey) -> None:
    then = gs.fit_question(mood, "anxiety", as_of="2023-02-28")
    assert then.waves["end"].max() < pd.Timestamp("2023-03-01")
    assert "as of 2023-02-28" in repr(then)
    assert "waves: 2, of which 2 tell all answers" in repr(then)


def test_declared_answers_say_what_a_wave_leaves_out(tmp_path: Path) -> None:
    """Nobody prints all three: only their declaration tells that calm is what anxious and hard to say leave."""
    waves = (wave(1, anxious="0.50", hard="0.06"), wave(2, anxious="0.48", hard="0.05"))
    unknown = gs.fit_question(survey(tmp_path, *waves), "anxiety", as_of="2023-12-31")
    assert unknown.answers == ("anxious", "hard to say", "rest")
    declared = TEXT.replace(FOLLOWED, FOLLOWED + 'answers = ["calm", "anxious", "hard to say"]\n')
    known = gs.fit_question(survey(tmp_path, *waves, text=declared), "anxiety", as_of="2023-12-31")
    assert known.answers == ("anxious", "calm", "hard to say")
    assert known.levels("2023-02-11")["share"].tolist() == pytest.approx([0.49, 0.45, 0.055], abs=0.02)


def test_an_answer_beside_the_declared_ones_is_a_fault(tmp_path: Path) -> None:
    declared = TEXT.replace(FOLLOWED, FOLLOWED + 'answers = ["anxious", "calm"]\n')
    folder = survey_folder(tmp_path, *wave(1, anxious="0.5", clam="0.4"), survey=declared)
    (fault,) = [fault for fault in check_survey(folder) if "`answers`" in fault.message]
    assert fault.field == "category"
    assert "`clam` is not among the `answers` of `circle`; did you mean `calm`?" in fault.message


def test_a_mean_has_no_answers_that_add_up(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="`satisfaction` is a mean"):
        gs.fit_question(ladder_survey(tmp_path, None, PRINTED), "satisfaction", as_of="2023-12-31")


def test_the_command_writes_the_whole_question(
    mood: Survey, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at, out, answers = (tmp_path / name for name in ("at.csv", "out.csv", "answers.csv"))
    at.write_text("date,indicator\n2023-05-01,anxiety\n2023-03-01,anxiety\n")
    asked = ["trend", str(mood.folder), "--at", str(at), "--out", str(out), "--as-of", "2023-12-31"]
    main([*asked, "--answers", str(answers)])
    assert (
        "note: `anxiety`: 3 of 6 waves say all answers (`anxious`, `calm`, `hard to say`); the first alone: 1; "
        "other answers: 1; not used: 1\n"
    ) in capsys.readouterr().err
    table, level = pd.read_csv(answers), pd.read_csv(out)
    in_python = gs.fit_question(mood, "anxiety", as_of="2023-12-31").levels(["2023-05-01", "2023-03-01"])
    assert table["date"].tolist() == ["2023-05-01"] * 3 + ["2023-03-01"] * 3
    columns = ["share", "share_se", "low50", "high95"]
    np.testing.assert_allclose(table[columns], in_python[columns], rtol=0, atol=1e-12)
    first = table[table["answer"] == "anxious"].reset_index(drop=True)
    np.testing.assert_allclose(first[columns], level[columns], rtol=0, atol=1e-12)
    main([*asked, "--answers", str(answers), "--without", "hard to say"])
    assert pd.read_csv(answers)["answer"].tolist() == ["anxious", "calm"] * 2
    for wrong, message in (
        (["--without", "calm"], "--without belongs to --answers"),
        (["--answers", str(out)], "name one file twice"),
        (["--answers", str(answers), "--without", "clam"], "did you mean `calm`?"),
    ):
        with pytest.raises(SystemExit) as ended:
            main([*asked, *wrong])
        assert ended.value.code == 2
        assert message in capsys.readouterr().err
