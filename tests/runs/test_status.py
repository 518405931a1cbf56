"""What ran, what failed and why, what is due and what is stale."""

from __future__ import annotations

import doctest
import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from projects import Project

from groundswell.cli.text.status import as_json, as_text
from groundswell.errors import InputError
from groundswell.runs.checks import status
from groundswell.runs.checks.status import ProjectStatus, project_status, state_of
from groundswell.runs.plan.plan import plan_report
from groundswell.runs.run.failure import Failure, failure_of
from groundswell.runs.run.record import SCHEMA, RunRecord, read_records, write_record
from groundswell.runs.run.recorded import CLOCKS_DIFFER, RecordedRun, record_refused, scheduled_time

RUN = RunRecord(
    schema=SCHEMA,
    id="20240601T053000.000000Z-aaaaaa",
    survey="testland",
    name="2024-06-01",
    notebook="wave_report",
    as_of="2024-06-01",
    status="published",
    scheduled="2024-06-01T05:30:00+00:00",
    started="2024-06-01T05:30:00+00:00",
    ended="2024-06-01T05:30:12+00:00",
)


def test_the_example_runs() -> None:
    assert doctest.testmod(status, extraglobs={"date": date}).failed == 0


@pytest.mark.parametrize(
    ("newest", "day", "due", "stale"),
    [
        (None, date(2026, 11, 26), date(2026, 11, 23), False),
        (date(2026, 11, 23), date(2026, 11, 29), None, False),
        (date(2026, 11, 27), date(2026, 11, 30), date(2026, 11, 30), False),
        (date(2026, 11, 23), date(2026, 11, 30), date(2026, 11, 30), False),
        (date(2026, 11, 23), date(2026, 12, 1), date(2026, 11, 30), True),
    ],
)
def test_a_week_without_a_report_is_due_and_a_report_older_than_a_week_is_stale(
    newest: date | None, day: date, due: date | None, stale: bool
) -> None:
    state = state_of("mood", "", "week", newest, day)
    assert (state.due, state.stale) == (due, stale)


def test_a_failure_counts_until_the_same_report_was_made() -> None:
    failed = replace(RUN, status="failed", error="no")
    later = replace(RUN, id="20240602T053000.000000Z-aaaaaa", name="2024-06-02")
    other = replace(later, name="2024-06-02~seed-7")
    assert ProjectStatus([failed], [], []).failures == [failed]
    assert ProjectStatus([later, failed], [], []).failures == []
    assert ProjectStatus([other, failed], [], []).failures == [failed]


def test_a_project_in_which_nothing_ran_and_nothing_is_planned_says_so(project: Project) -> None:
    text = as_text(project_status(project.folder))
    assert "failed, and not made since: none" in text
    assert "runs: none yet" in text
    assert "planned: nothing" in text
    assert not (project.folder / "reports").exists()


def test_what_is_planned_is_told_with_what_keeps_it_from_being_made(project: Project) -> None:
    project.add_survey("otherland")
    project.add_survey("thirdland")
    for name, entry in (
        ("testland", 'every = "quarter"'),
        ("otherland", "every = 3"),
        ("thirdland", 'every = "day"\neach = { sinse = ["2024-01-01", "2024-02-01"] }'),
    ):
        toml = project.folder / "surveys" / name / "survey.toml"
        toml.write_text(toml.read_text() + f"\n[[report]]\n{entry}\n")
    text = as_text(project_status(project.folder))
    assert "planned: 3, of these due: 1" in text
    assert "testland   the default report  every quarter  never made  due since" in text
    assert "cannot be planned: " in text
    assert "must be 'day', 'week', 'month' or 'quarter'" in text
    planned = json.loads(as_json(project_status(project.folder)))["planned"]
    assert [each["survey"] for each in planned] == ["otherland", "testland", "thirdland"]
    assert planned[2]["fault"].startswith("survey.toml:24: report[0].each.sinse: not a parameter of")


def test_a_late_run_and_why_one_failed_are_told(project: Project) -> None:
    reports = project.folder / "reports"
    late = replace(RUN, id="20240601T093000.000000Z-aaaaaa", started="2024-06-01T09:30:00+00:00")
    late = replace(late, ended="2024-06-01T09:30:12+00:00")
    write_record(
        reports, replace(late, status="failed", error="`testland`: no wave", traceback="reports/x.txt")
    )
    text = as_text(project_status(project.folder))
    assert "4.0 h late" in text
    assert "`testland`: no wave" in text
    assert "the details: reports/x.txt" in text


def test_what_is_no_record_is_named_and_breaks_nothing(project: Project) -> None:
    """Torn, forged, of other kinds, or with a time that nobody can reckon with; a pipe must not be waited for."""
    reports = project.folder / "reports"
    write_record(reports, RUN)
    folder = reports / ".runs"
    text = (folder / f"{RUN.id}.json").read_text()
    wrong = ("ended", RUN.ended or "", "yesterday"), ("started", RUN.started, "2036-01-01T00:00:00")
    for number, (name, told, other) in enumerate(wrong):
        stem = f"20240601T05300{number}.000000Z-bbbbbb"
        changed = text.replace(f'"{name}": "{told}"', f'"{name}": "{other}"').replace(RUN.id, stem)
        (folder / f"{stem}.json").write_text(changed)
    (folder / "torn.json").write_text("{")
    (folder / "letters.json").write_bytes(b"\xff")
    (folder / "forged.json").write_text(text)
    (folder / "folder.json").mkdir()
    (folder / "link.json").symlink_to(folder / f"{RUN.id}.json")
    os.mkfifo(folder / "pipe.json")
    found = project_status(project.folder)
    assert found.runs == [RUN]
    assert len(found.unreadable) == 8
    assert "no record can be read of 8 runs: torn.json" in as_text(found)
    assert json.loads(as_json(found))["unreadable"] == found.unreadable


def test_a_run_that_left_no_record_says_so(project: Project) -> None:
    (project.folder / "reports").mkdir(exist_ok=True)
    (project.folder / "reports" / ".runs").write_text("in the way")
    run = RecordedRun(plan_report(project.folder, "testland", {"as_of": "2024-06-01"}), RUN.scheduled)
    assert run.problem == "there is no record of this run: reports/.runs: File exists"
    assert run.problem in run.failed("failed", Failure("no", "run"))


def test_a_survey_that_could_not_be_planned_has_a_record_without_a_folder_of_this_machine(
    project: Project,
) -> None:
    error = InputError(f"`{project.folder}/surveys/testland/survey.toml`: no")
    record_refused(project.folder, "testland", error, RUN.scheduled)
    ((record,), _) = read_records(project.folder / "reports")
    assert (record.status, record.survey, record.scheduled) == ("failed", "testland", RUN.scheduled)
    assert str(project.folder) not in (record.error or "")


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-06-01T05:30+02:00", "2024-06-01T03:30:00+00:00"),
        ("2024-06-01T05:30:07Z", "2024-06-01T05:30:07+00:00"),
    ],
)
def test_a_scheduled_time_is_kept_in_utc(written: str, moment: str) -> None:
    assert scheduled_time(written) == moment


def test_a_scheduled_time_that_is_none_is_refused_and_now_where_none_is_given() -> None:
    with pytest.raises(InputError, match=r"`scheduled=`: write a time as .*, got `half past five`"):
        scheduled_time("half past five")
    assert scheduled_time(None).endswith("+00:00")


def test_a_run_was_not_to_start_in_the_future() -> None:
    soon = datetime.now(UTC) + CLOCKS_DIFFER
    assert scheduled_time((soon - timedelta(minutes=1)).isoformat())
    with pytest.raises(InputError, match=r"`scheduled=` .* must not lie in the future, got .* Leave it out"):
        scheduled_time((soon + timedelta(minutes=1)).isoformat())


@pytest.mark.parametrize(
    ("error", "told"), [(OSError(28, "No space left on device"), False), (KeyError("x"), True)]
)
def test_of_a_full_disk_no_traceback_is_shown_and_an_error_of_ours_is_told_whole(
    project: Project, error: Exception, told: bool
) -> None:
    (project.folder / "reports").mkdir(exist_ok=True)
    (project.folder / "reports" / ".runs").write_text("no folder", encoding="utf-8")
    plan = plan_report(project.folder, "testland", {"as_of": "2024-06-01"})
    run = RecordedRun(plan, "2024-06-01T05:30:00+00:00")
    try:
        raise error
    except (OSError, KeyError) as raised:
        said = run.failed("failed", failure_of(raised, plan))
    assert "its details could not be written either" in said
    assert ("Traceback" in said) == told
