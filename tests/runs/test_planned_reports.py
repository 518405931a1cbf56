"""Which reports are asked for: what a survey plans, several values of a parameter, several dates."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
from projects import Project

from groundswell.errors import FaultsError, InputError, RunError
from groundswell.runs.checks.folders import check_folders, doubts
from groundswell.runs.plan import parameters
from groundswell.runs.plan.plan import Plan, plan_report
from groundswell.runs.plan.planning import plan_past, plan_project, plan_surveys
from groundswell.runs.plan.requests import Asked, asked_for, plan_request, requests_of
from groundswell.runs.plan.shared import Shared
from groundswell.waves import check_survey, load_survey

MONTHLY = """
[[report]]
every = "month"

[[report]]
every = "week"
parameters = { since = 2024-01-01, certainty = ["derived", "verbatim_primary"] }
each = { unknown_n = ["typical", "leave_out"], seed = [1, 2] }
"""


def plan(project: Project, text: str, survey: str = "testland") -> Path:
    """Append entries to a survey's survey.toml, and return the file."""
    file = project.folder / "surveys" / survey / "survey.toml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    return file


def names(project: Project, asked: Asked) -> list[str]:
    shared = Shared(project.folder)
    return [plan_request(shared, each).name for each in requests_of(shared, "testland", asked)]


def line_of(file: Path, words: str) -> int:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def test_the_examples_run() -> None:
    assert doctest.testmod(parameters).failed == 0


def test_a_survey_that_plans_nothing_has_its_default_report(project: Project) -> None:
    (only,) = requests_of(Shared(project.folder), "testland", Asked(dates=["2024-06-01"]))
    assert (only.notebook, only.given, only.every) == ("wave_report", {"as_of": "2024-06-01"}, None)


def test_a_planned_report_knows_by_which_day_the_next_one_is_due(project: Project) -> None:
    shared = Shared(project.folder)
    (unplanned,) = requests_of(shared, "testland", Asked(dates=["2024-06-01"]))
    assert plan_request(shared, unplanned).due is None
    plan(project, MONTHLY)
    shared = Shared(project.folder)
    monthly, weekly, *_ = requests_of(shared, "testland", Asked(dates=["2024-06-01"]))
    assert [plan_request(shared, each).due for each in (monthly, weekly)] == ["2024-07-01", "2024-06-08"]


def test_each_gives_a_report_a_value_and_parameters_one_value_to_all(project: Project) -> None:
    plan(project, MONTHLY)
    shared = Shared(project.folder)
    requests = requests_of(shared, "testland", Asked(dates=["2024-06-01"]))
    assert [each.every for each in requests] == ["month", *["week"] * 4]
    plans: list[Plan] = [plan_request(shared, each) for each in requests]
    chosen = [(each.parameters["unknown_n"], each.parameters["seed"]) for each in plans[1:]]
    assert chosen == [("typical", 1), ("typical", 2), ("leave_out", 1), ("leave_out", 2)]
    assert {each.parameters["since"] for each in plans[1:]} == {"2024-01-01"}
    assert plans[1].parameters["certainty"] == ["derived", "verbatim_primary"]
    assert plans[0].name == "2024-06-01"
    assert len({each.name for each in plans}) == 5


def test_what_the_command_line_names_counts_instead_of_the_plans(project: Project) -> None:
    plan(project, MONTHLY)
    assert names(project, asked_for([], ["wave_report"], ["2024-06-01"])) == ["2024-06-01"]
    assert names(project, asked_for(["seed=5"], [], ["2024-06-01"])) == ["2024-06-01~seed-5"]
    assert len(names(project, asked_for([], [], ["2024-06-01", "2024-05-01"]))) == 10


def test_a_name_given_several_times_makes_a_report_a_value_and_a_comma_stays_in_one(project: Project) -> None:
    asked = asked_for(
        ["seed=1", "certainty=derived,verbatim_primary", "seed=2", "certainty=derived"], [], ["2024-06-01"]
    )
    found = names(project, asked)
    assert found == [
        "2024-06-01~certainty-derived.verbatim_primary~seed-1",
        "2024-06-01~certainty-derived~seed-1",
        "2024-06-01~certainty-derived.verbatim_primary~seed-2",
        "2024-06-01~certainty-derived~seed-2",
    ]


def test_a_comma_between_two_known_words_is_told_how_two_reports_are_asked_for(project: Project) -> None:
    with pytest.raises(
        InputError, match="for a report each write -p unknown_n=typical -p unknown_n=leave_out"
    ):
        names(project, asked_for(["unknown_n=typical,leave_out"], []))


@pytest.mark.parametrize(
    ("assignments", "dates"),
    [
        (["seed=1", "seed=1"], []),
        (["as_of=2024-01-01"], ["2024-02-01"]),
        ([], ["2024-01-01", "2024-01-01"]),
    ],
)
def test_what_is_given_twice_is_refused(assignments: list[str], dates: list[str]) -> None:
    with pytest.raises(InputError, match="given twice"):
        asked_for(assignments, [], dates)


@pytest.mark.parametrize(
    ("entry", "line", "says"),
    [
        ('every = "fortnight"', "fortnight", "must be 'day', 'week', 'month' or 'quarter'"),
        ('evry = "week"', "evry", "unknown key `evry`; did you mean `every`?"),
        ('parameters = { as_of = "2024-01-01" }', "as_of", "is the day on which a report is made: delete it"),
        ("parameters = { seed = 1 }\neach = { seed = [2] }", "each", "stands under `parameters` too"),
        ("each = { seed = [1, 2, 1] }", "each", "names `1` twice: each value, once, makes a report"),
        ("each = { seed = [] }", "each", "must not be empty"),
        ("parameters = { seed = [1, 2] }", "parameters", "must be a text, a number"),
        (
            "parameters = { sinse = 2022-01-01 }",
            "sinse",
            "not a parameter of `wave_report.ipynb`; did you mean",
        ),
        ('each = { unknown_n = ["typical", "guess"] }', "guess", "`guess` is not known for `testland`"),
        ('notebook = "wave_reprt"', "wave_reprt", "did you mean `wave_report`?"),
        ('parameters = { previous = "x" }', "previous", "is filled in by the run: delete it"),
        ("parameters = { since = 2999-01-01 }", "since", "must not lie after the as-of date"),
    ],
)
def test_a_wrong_entry_is_named_with_file_and_line_by_check_and_by_report(
    project: Project, entry: str, line: str, says: str
) -> None:
    file = plan(project, f"\n[[report]]\n{entry}\n")
    (faults,) = check_folders(lambda: project.folder, ["testland"]).values()
    (fault,) = faults
    assert says in fault.message
    assert (fault.file.name, fault.line) == ("survey.toml", line_of(file, line))
    assert fault.field.startswith("report[0]")
    with pytest.raises(FaultsError) as refused:
        plan_surveys(Shared(project.folder), ["testland"], Asked())
    assert [each.message for each in refused.value.faults] == [fault.message]


def test_a_sound_plan_passes_the_check_also_outside_a_project(project: Project, tmp_path: Path) -> None:
    plan(project, MONTHLY)
    folder = project.folder / "surveys" / "testland"
    assert check_survey(folder) == []
    assert check_folders(lambda: project.folder, ["testland"]) == {folder: []}
    alone = folder.rename(tmp_path / "testland")
    assert check_folders(lambda: project.folder, [str(alone)]) == {alone: []}
    assert len(load_survey(alone).report) == 2


def test_a_report_that_is_asked_for_twice_has_one_place(project: Project) -> None:
    plan(project, '\n[[report]]\n[[report]]\nparameters = { unknown_n = "typical" }\n')
    assert len(plan_surveys(Shared(project.folder), ["testland", "testland"], Asked()).places) == 1


def test_of_all_surveys_one_that_is_wrong_is_its_own_failure(project: Project) -> None:
    project.add_survey("otherland")
    project.add_survey("lateland")
    (project.folder / "surveys" / "otherland" / "survey.toml").write_text("title = 1\n")
    toplines = project.folder / "surveys" / "lateland" / "toplines.csv"
    toplines.write_text(toplines.read_text().replace("2024-01", "2025-01"))
    planning = plan_project(Shared(project.folder), Asked(dates=["2024-06-01"]))
    assert [place.plan.survey for place in planning.places] == ["testland"]
    assert [each.survey for each in planning.refused] == ["otherland", "lateland"]
    assert "its first is known since 2025-01-10" in str(planning.refused[1].error)


def test_past_dates_begin_with_the_first_wave_and_the_others_are_counted(project: Project) -> None:
    from datetime import date

    days = [date(2023, 12, 1), date(2024, 1, 9), date(2024, 1, 10), date(2024, 2, 1)]
    planning = plan_past(Shared(project.folder), ["testland"], Asked(), days)
    assert [place.plan.as_of for place in planning.places] == ["2024-01-10", "2024-02-01"]
    (early,) = planning.too_early
    assert (early.survey, early.dates, early.first) == ("testland", 2, date(2024, 1, 10))


@pytest.mark.parametrize("key", ["report", "events", "bridges"])
def test_single_brackets_where_there_may_be_several_are_named(project: Project, key: str) -> None:
    plan(project, f'\n[{key}]\nevery = "week"\n')
    (faults,) = check_folders(lambda: project.folder, ["testland"]).values()
    said = [fault.message for fault in faults if fault.field == key]
    assert said == [f"there may be several: write `[[{key}]]`, with two brackets on each side"]


def test_a_file_in_a_surveys_place_is_called_a_file(project: Project) -> None:
    (project.folder / "surveys" / "otherland").touch()
    with pytest.raises(InputError, match=r"`surveys/otherland` is a file, and a survey is a folder"):
        check_folders(lambda: project.folder, ["otherland"])


def test_a_file_in_the_place_of_a_surveys_reports_is_called_a_file(project: Project) -> None:
    (project.folder / "reports").mkdir(exist_ok=True)
    (project.folder / "reports" / "testland").touch()
    with pytest.raises(RunError, match=r"reports/testland` is a file, .*: move the file away"):
        plan_report(project.folder, "testland", {"as_of": "2024-06-01"}).newest_revision()


def test_half_of_a_download_is_named_by_check(project: Project) -> None:
    half = project.folder / "surveys" / "testland" / "old.csv.part"
    half.touch()
    assert [fault.file for fault in doubts(project.folder / "surveys" / "testland")] == [half]
