"""What `check` asks a person to look at in a sound survey: waves that may count twice, a house under two names."""

from __future__ import annotations

from pathlib import Path

from groundswell.runs.checks.folders import doubts
from groundswell.waves import check_survey
from waves.folders import SURVEY, row, survey_folder


def test_a_wave_that_may_count_twice_is_named_with_its_line(tmp_path: Path) -> None:
    folder = survey_folder(tmp_path, row(), row(start="", source_title="Vedomosti"))
    assert check_survey(folder) == []
    (doubt,) = doubts(folder)
    assert (doubt.file, doubt.line, doubt.field) == (folder / "toplines.csv", 3, "category")
    assert "may be line 2 once more" in doubt.message


def test_a_wording_that_is_not_fitted_counts_nowhere_and_so_not_twice(tmp_path: Path) -> None:
    planning = {"indicator": "planning", "variant": "horizon", "category": "years"}
    assert doubts(survey_folder(tmp_path, row(**planning), row(start="", **planning))) == []


def test_a_house_under_two_names_is_named_with_the_line_of_its_table(tmp_path: Path) -> None:
    text = SURVEY.replace('name = "Pulse"', 'name = "FOM-online"')
    (doubt,) = doubts(survey_folder(tmp_path, row(), survey=text))
    assert (doubt.line, doubt.field) == (text[: text.index("[houses.pulse]")].count("\n") + 1, "houses.pulse")
    assert "`FOM-online` may be `FOM` (`fom`) under another name" in doubt.message


def test_a_plain_survey_leaves_no_doubt(tmp_path: Path) -> None:
    assert doubts(survey_folder(tmp_path, row(), row(category="calm", share="0.5"))) == []
