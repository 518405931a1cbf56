"""What `check` asks a person to look at in a sound survey: waves that may count twice, a house under two names."""

from __future__ import annotations

from pathlib import Path

import pytest

import groundswell as gs
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


def daily(count: int = 4) -> list[dict[str, str]]:
    """Windows of three days, published every day."""
    days = range(1, count + 1)
    return [row(start=f"2022-09-{day:02}", end=f"2022-09-{day + 2:02}", share=f"0.3{day}") for day in days]


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (4, "4 waves of `fom` overlap in their fieldwork, most with"),
        (2, "2 waves of `fom` overlap in their fieldwork, few"),
    ],
)
def test_waves_that_overlap_are_named_with_what_is_made_of_them(
    tmp_path: Path, count: int, words: str
) -> None:
    folder = survey_folder(tmp_path, *daily(count))
    (doubt,) = doubts(folder)
    assert (doubt.line, doubt.field) == (SURVEY[: SURVEY.index("[houses.fom]")].count("\n") + 1, "houses.fom")
    assert words in doubt.message


@pytest.mark.parametrize("kind", ["rolling", "separate"])
def test_what_is_stated_of_waves_that_overlap_leaves_no_doubt_and_is_followed(
    tmp_path: Path, kind: str
) -> None:
    text = SURVEY.replace("default_n = 1500", f'default_n = 1500\noverlap = "{kind}"')
    folder = survey_folder(tmp_path, *daily(), survey=text)
    assert doubts(folder) == []
    trend = gs.fit_trend(gs.load_survey(folder), "anxiety", search_shocks=False)
    assert trend.used["overlap"].eq(kind).all()
    check = trend.diagnostics().set_index("code").loc["overlapping_windows", "values"]
    assert check[kind] == [
        {"house": "fom", "waves": 4, "apart": 2 if kind == "rolling" else 4, "stated": True}
    ]
