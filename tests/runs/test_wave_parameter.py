"""A notebook that takes a wave: which one it gets, what is refused before a kernel starts, and its report's name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from projects import Project

from groundswell.errors import InputError
from groundswell.runs.plan.manifest import survey_inputs
from groundswell.runs.plan.plan import plan_report, surveys_for

REPOSITORY = Path(__file__).resolve().parents[2]
PANEL = "simulated-panel"
AS_OF = {"as_of": "2024-12-31"}


def test_without_a_wave_it_is_the_newest_one_known_by_the_reports_date(repository: Path) -> None:
    assert plan_report(repository, PANEL, AS_OF, "wave_profile").parameters["wave"] == "wave-12"
    # Wave 12 was asked on 11 to 17 November and published on the 25th.
    before = plan_report(repository, PANEL, {"as_of": "2024-11-24"}, "wave_profile")
    assert before.parameters["wave"] == "wave-11"


def test_a_profile_is_named_by_its_notebook_and_wave(repository: Path) -> None:
    profile = plan_report(repository, PANEL, AS_OF | {"wave": "wave-03"}, "wave_profile")
    assert profile.name == "2024-12-31~wave_profile~wave-wave-03"
    assert plan_report(repository, PANEL, AS_OF).name == "2024-12-31"


@pytest.mark.parametrize(
    ("survey", "given", "says"),
    [
        (PANEL, {"wave": "wave-13"}, "did you mean `wave-1"),
        (PANEL, {"wave": "wave-12", "as_of": "2024-11-24"}, "published on 2024-11-25, after the as-of date"),
        (PANEL, {"as_of": "2023-12-31"}, "the first, `wave-01`, was on 2024-01-22"),
        (PANEL, {"indicator": "anxiety"}, "not a parameter of `wave_profile.ipynb`"),
        ("russia-mood", {}, "has no wave of respondents"),
    ],
)
def test_a_wave_that_cannot_be_is_refused(
    repository: Path, survey: str, given: dict[str, str], says: str
) -> None:
    with pytest.raises(InputError) as refused:
        plan_report(repository, survey, AS_OF | given, "wave_profile")
    assert says in str(refused.value)


def test_a_report_takes_no_wave(repository: Path) -> None:
    with pytest.raises(InputError, match=r"not a parameter of `wave_report\.ipynb`"):
        plan_report(repository, PANEL, AS_OF | {"wave": "wave-12"})


def test_all_surveys_are_those_that_the_notebook_can_speak_of(repository: Path) -> None:
    assert surveys_for(repository, "wave_profile") == [PANEL]
    assert {PANEL, "russia-mood"} < set(surveys_for(repository, "wave_report"))


def test_all_of_none_is_an_error(project: Project) -> None:
    """A project without respondents, asked for the profile of all; nothing is written."""
    (project.folder / "notebooks" / "wave_profile.ipynb").write_text(
        (REPOSITORY / "notebooks" / "wave_profile.ipynb").read_text(encoding="utf-8"), encoding="utf-8"
    )
    refused = project.run("report", "--all", "--notebook", "wave_profile")
    assert refused.returncode == 2
    assert "waves of respondents" in refused.stderr
    assert not (project.folder / "reports").exists()


def test_what_follows_from_respondents_who_are_here_is_no_input(repository: Path, tmp_path: Path) -> None:
    survey = shutil.copytree(repository / "surveys" / PANEL, tmp_path / PANEL)
    names = {file.name for file in survey_inputs(survey)}
    assert {"wave-01.csv", "wave-01.toml"} <= names
    assert "wave-01.estimates.json" not in names
    (survey / "waves" / "wave-01.csv").unlink()
    assert "wave-01.estimates.json" in {file.name for file in survey_inputs(survey)}
