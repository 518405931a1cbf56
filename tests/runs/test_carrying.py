"""What a report takes along: published figures and settings, and never respondents or what was estimated from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from groundswell.errors import RunError
from groundswell.program import describe_installed
from groundswell.reports.evidence.carried import OWN, lock_text, read_lock
from groundswell.runs.plan.plan import Plan
from groundswell.runs.run.carrying import carry

TAKEN = [
    *("survey.toml", "toplines.csv", "benchmarks.csv", "truth.csv"),
    *("margins/sex.csv", "waves/w1.toml"),
]
LEFT = [
    *(
        "waves/w1.csv",
        "waves/w1.sav",
        "waves/w1.weights.csv",
        "waves/w1.estimates.json",
        "waves/covariance.json",
    ),
    *(
        "respondents.csv",
        "notes.toml",
        "margins/deep/sex.csv",
        "waves/old/w0.toml",
        ".hidden.toml",
        "README.md",
    ),
]


@dataclass
class Planned:
    """What is asked of a plan."""

    project: Path
    survey: str = "mood"
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def survey_folder(self) -> Path:
        return self.project / "surveys" / self.survey


def write(file: Path, text: str = "x\n") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.fixture
def planned(tmp_path: Path) -> Planned:
    made = Planned(tmp_path / "project")
    for name in (*TAKEN, *LEFT):
        write(made.survey_folder / name, f"{name}\n")
    (tmp_path / "saved").mkdir()
    return made


def carried(planned: Planned) -> list[str]:
    return carry(cast(Plan, planned), planned.project.parent / "saved")


def test_only_known_figures_and_settings_are_taken(planned: Planned) -> None:
    assert carried(planned) == sorted(f"surveys/mood/{name}" for name in TAKEN)
    inputs = planned.project.parent / "saved" / "inputs"
    there = {
        file.relative_to(inputs / "surveys" / "mood").as_posix()
        for file in inputs.rglob("*")
        if file.is_file()
    }
    assert there == set(TAKEN)
    for name in TAKEN:
        assert (inputs / "surveys" / "mood" / name).read_text() == f"{name}\n"


def test_a_file_that_names_a_folder_of_this_machine_stays(planned: Planned) -> None:
    write(planned.survey_folder / "toplines.csv", f"note\nsee {planned.project}/mail\n")
    write(planned.survey_folder / "truth.csv", "see /home/anna/truth.csv\n")
    assert carried(planned) == sorted(
        f"surveys/mood/{name}" for name in TAKEN if name not in ("toplines.csv", "truth.csv")
    )


def test_a_link_is_taken_as_the_file_that_it_leads_to(planned: Planned) -> None:
    toplines = planned.survey_folder / "toplines.csv"
    toplines.rename(planned.survey_folder / "waves" / "kept")
    toplines.symlink_to(planned.survey_folder / "waves" / "kept")
    carried(planned)
    copy = planned.project.parent / "saved" / "inputs" / "surveys" / "mood" / "toplines.csv"
    assert not copy.is_symlink()
    assert copy.read_text() == "toplines.csv\n"


def test_of_the_report_before_only_what_is_read_is_taken(planned: Planned) -> None:
    before = planned.project / "reports" / "mood" / "2024-01-01"
    for name in ("manifest.json", "observations.csv", "forecasts.csv", "index.html", "groups.json"):
        write(before / name)
    planned.parameters = {"previous": "reports/mood/2024-01-01"}
    of_reports = [path for path in carried(planned) if path.startswith("reports/")]
    assert [Path(path).name for path in of_reports] == ["forecasts.csv", "manifest.json", "observations.csv"]


@pytest.mark.parametrize("name", OWN)
def test_a_notebook_may_not_save_under_these_names(planned: Planned, name: str) -> None:
    write(planned.project.parent / "saved" / name)
    with pytest.raises(RunError, match=f"it saved `{name}`"):
        carried(planned)


def test_the_lock_names_what_groundswell_stands_on_and_nothing_else(tmp_path: Path) -> None:
    installed = describe_installed()
    assert {
        "numpy",
        "papermill",
        "patsy",
        "jinja2",
        "tornado",
    } <= installed.keys()  # some only through others
    assert {"pytest", "mypy", "groundswell"}.isdisjoint(installed)
    write(tmp_path / "requirements.txt", lock_text("3.12.1", "linux-x86_64", installed))
    assert read_lock(tmp_path) == installed
