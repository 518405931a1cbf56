"""Many reports: what is due and why, in which order, several at a time, and that no failure stops the others.

Reports are made here by a stand-in for a kernel's run, which publishes a folder with a manifest or raises; that real
kernels do the same is shown in test_run.py.
"""

from __future__ import annotations

import errno
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from projects import Project, lay_report

from groundswell.errors import RunError
from groundswell.reports.publish.archive import folder_name, next_revision
from groundswell.runs.kernel.warm import KERNELS
from groundswell.runs.plan.lineup import Place, line_up
from groundswell.runs.plan.plan import Plan, draft_plan
from groundswell.runs.plan.planning import plan_project
from groundswell.runs.plan.requests import Asked
from groundswell.runs.plan.shared import Shared
from groundswell.runs.run import makers, making, record
from groundswell.runs.run.batch import run_batch
from groundswell.runs.run.makers import LocalKernels
from groundswell.runs.run.outcome import Outcome
from groundswell.runs.run.progress import BatchProgress
from groundswell.runs.run.record import RunRecord, read_records

DAYS = ("2024-03-01", "2024-04-01", "2024-05-01")
SCHEDULED = "2024-06-01T05:30:00+00:00"
Act = Callable[[Plan], object]


def publish(plan: Plan) -> Path:
    """A report's folder with what a plan asks of it: a manifest over the same inputs and parameters."""
    revision = next_revision(plan.reports / plan.survey, plan.name)
    folder = plan.reports / plan.survey / folder_name(plan.name, revision)
    lay_report(folder, plan, plan.inputs(), revision)
    return folder


@pytest.fixture
def act(monkeypatch: pytest.MonkeyPatch) -> list[Act]:
    """What is done before a report is published; a test may put something else there."""
    acts: list[Act] = [lambda _plan: None]

    def run(plan: Plan, maker: LocalKernels, _staging: object, _progress: object) -> Path:
        maker.kernel(plan)
        acts[0](plan)
        return publish(plan)

    monkeypatch.setenv(KERNELS, "cold")  # no kernel is started here, and no server is to be
    monkeypatch.setattr(makers, "start_kernel", lambda *_: SimpleNamespace(end=lambda: None))
    monkeypatch.setattr(making, "publish_report", run)
    return acts


def lined_up(project: Project, *surveys: str, days: tuple[str, ...] = DAYS[:1], **given: Any) -> list[Place]:
    shared = Shared(project.folder)
    plans = [draft_plan(shared, name, {"as_of": day, **given}) for name in surveys for day in days]
    return line_up(plans, shared)


def make(places: list[Place], jobs: int = 1, progress: BatchProgress | None = None) -> list[Outcome]:
    return list(run_batch(places, progress or BatchProgress("nothing"), jobs=jobs, scheduled=SCHEDULED))


def came(outcomes: list[Outcome]) -> dict[str, str]:
    return {f"{each.plan.survey} {each.plan.as_of}": each.status for each in outcomes}


def runs(project: Project) -> list[RunRecord]:
    return read_records(project.folder / "reports")[0]


def surveys(project: Project, number: int) -> list[str]:
    names = [f"land-{count}" for count in range(number)]
    for name in names:
        project.add_survey(name)
    return names


def test_the_same_key_is_skipped_and_another_is_told_by_what_differs(
    project: Project, act: list[Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [(place.state, place.why) for place in lined_up(project, "testland")] == [("due", "it is new")]
    make(lined_up(project, "testland"))
    (same,) = lined_up(project, "testland")
    assert same.state == "unchanged"
    assert same.folder == project.folder / "reports" / "testland" / DAYS[0]
    project.add_wave(2)
    (changed,) = lined_up(project, "testland")
    assert (changed.state, changed.why) == ("due", "`surveys/testland/toplines.csv` changed")
    make([changed])
    monkeypatch.setattr("groundswell.runs.plan.reasons.describe_packages", lambda: {"numpy": "99.0"})
    monkeypatch.setattr("groundswell.runs.plan.manifest.describe_packages", lambda: {"numpy": "99.0"})
    (other,) = lined_up(project, "testland")
    assert other.why.startswith("`numpy` is 99.0, and was ")
    (project.folder / "reports" / "testland" / f"{DAYS[0]}-r2" / "manifest.json").write_text("{")
    (damaged,) = lined_up(project, "testland")
    assert damaged.why == "its manifest.json is damaged"


def test_a_report_waits_for_the_one_that_it_looks_back_to(project: Project) -> None:
    places = lined_up(project, "testland", days=(DAYS[2], DAYS[0], DAYS[1]))
    assert [place.plan.as_of for place in places] == list(DAYS)
    assert [place.state for place in places] == ["due", "waits", "waits"]
    assert [[each.as_of for each in place.after] for place in places] == [[], [DAYS[0]], [DAYS[1]]]
    others = lined_up(project, "testland", days=(DAYS[1],), seed=7)
    assert [place.state for place in others] == ["due"]


def test_what_looks_back_to_the_newest_report_comes_after_it(project: Project) -> None:
    file = project.folder / "notebooks" / "calibration.ipynb"
    text = (project.folder / "notebooks" / "wave_report.ipynb").read_text(encoding="utf-8")
    file.write_text(text.replace("previous: str", "newest: str"), encoding="utf-8")
    shared = Shared(project.folder)
    named = [("calibration", DAYS[1]), ("wave_report", DAYS[1]), ("wave_report", DAYS[0])]
    plans = [draft_plan(shared, "testland", {"as_of": day}, notebook) for notebook, day in named]
    places = line_up(plans, shared)
    assert [place.plan.name for place in places] == [DAYS[0], DAYS[1], f"{DAYS[1]}~calibration"]
    assert [each.name for each in places[2].after] == [DAYS[1]]


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_what_comes_out_does_not_depend_on_how_many_are_made_at_a_time(
    project: Project, act: list[Act], jobs: int
) -> None:
    names = surveys(project, 3)
    act[0] = lambda plan: time.sleep(0.05 if plan.as_of == DAYS[0] else 0.01)
    places = lined_up(project, *names, days=DAYS)
    assert set(came(make(places, jobs)).values()) == {"published"}
    for name in names:
        links = [
            json.loads((project.folder / "reports" / name / day / "manifest.json").read_text())["parameters"]
            for day in DAYS
        ]
        assert [each["previous"] for each in links] == [
            None, f"reports/{name}/{DAYS[0]}", f"reports/{name}/{DAYS[1]}"
        ]  # fmt: skip
    again = lined_up(project, *names, days=DAYS)
    assert {place.state for place in again} == {"unchanged"}
    assert {place.plan.why_due() for place in again} == {""}


def test_as_many_are_made_at_a_time_as_jobs_says(project: Project, act: list[Act]) -> None:
    names = surveys(project, 3)
    meeting = threading.Barrier(3, timeout=20)
    act[0] = lambda _plan: meeting.wait()
    assert set(came(make(lined_up(project, *names), jobs=3)).values()) == {"published"}
    at_work, most = [0], [0]

    def counted(_plan: Plan) -> None:
        at_work[0] += 1
        most[0] = max(most[0], at_work[0])
        time.sleep(0.02)
        at_work[0] -= 1

    act[0] = counted
    make(lined_up(project, *names, days=DAYS[1:2]), jobs=1)
    assert most == [1]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (RunError("`land-0`: no wave of red fieldwork"), "no wave of red fieldwork"),
        (OSError(errno.ENOSPC, "No space left on device", "x/findings.json"), "the disk is full"),
        (
            FileNotFoundError(errno.ENOENT, "No such file", "x/toplines.csv"),
            "another process removed it meanwhile",
        ),
        (PermissionError(errno.EACCES, "Permission denied", "x/y"), "`x/y`: Permission denied"),
        (json.JSONDecodeError("Expecting value", "", 0), "an error in groundswell itself, JSONDecodeError"),
        (AssertionError(), "an error in groundswell itself, AssertionError"),
    ],
)
def test_whatever_goes_wrong_is_that_reports_failure_and_the_others_are_made(
    project: Project, act: list[Act], error: Exception, says: str
) -> None:
    names = surveys(project, 3)

    def fail(plan: Plan) -> None:
        if plan.survey == "land-0":
            raise error

    act[0] = fail
    outcomes = make(lined_up(project, *names))
    assert came(outcomes) == {
        f"land-0 {DAYS[0]}": "failed", f"land-1 {DAYS[0]}": "published", f"land-2 {DAYS[0]}": "published"
    }  # fmt: skip
    (failed,) = (each for each in outcomes if each.status == "failed")
    assert says in failed.reason
    (kept,) = (each for each in runs(project) if each.status == "failed")
    assert says in (kept.error or "")
    if isinstance(error, RunError):
        assert kept.traceback is None
    else:
        assert kept.traceback is not None
        assert kept.traceback in failed.reason
        details = (project.folder / kept.traceback).read_text()
        assert "Traceback" in details
        assert str(project.folder) not in details
        assert str(Path.home()) not in details


def test_a_kernel_that_cannot_start_is_that_reports_failure(
    project: Project, act: list[Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = surveys(project, 3)

    def start(_folder: Path, _working: Path, survey: Path, _server: object) -> object:
        if survey.name == "land-1":
            raise OSError(errno.ENOSPC, "No space left on device")
        return SimpleNamespace(end=lambda: None)

    monkeypatch.setattr(makers, "start_kernel", start)
    outcomes = make(lined_up(project, *names))
    assert [each.status for each in outcomes] == ["published", "failed", "published"]
    assert "the disk is full" in outcomes[1].reason


def test_a_failed_report_does_not_keep_the_next_date_from_being_made(
    project: Project, act: list[Act]
) -> None:
    def fail(plan: Plan) -> None:
        if plan.as_of == DAYS[1]:
            raise RunError("no")

    act[0] = fail
    outcomes = make(lined_up(project, "testland", days=DAYS))
    assert [each.status for each in outcomes] == ["published", "failed", "published"]
    manifest = project.manifest(DAYS[2])
    assert manifest["parameters"]["previous"] == f"reports/testland/{DAYS[0]}"  # type: ignore[index]


def test_an_index_that_cannot_be_rebuilt_is_named_and_the_reports_stand(
    project: Project, act: list[Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_reports: Path) -> None:
        raise KeyError("as_of")

    monkeypatch.setattr("groundswell.reports.publish.index.archive_pages.rebuild_index", broken)
    with pytest.raises(RunError, match="could not be rebuilt; the reports stand: KeyError"):
        make(lined_up(project, "testland"))
    assert (project.folder / "reports" / "testland" / DAYS[0] / "manifest.json").is_file()


def test_where_nothing_is_due_the_pages_about_the_archive_are_brought_up_to_date_and_else_not_touched(
    project: Project, act: list[Act]
) -> None:
    make(lined_up(project, "testland", days=DAYS[:2]))
    index = project.folder / "reports" / "index.html"
    before = index.stat()
    make(lined_up(project, "testland", days=DAYS[:2]))
    assert (index.stat().st_ino, index.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    index.unlink()
    make(lined_up(project, "testland", days=DAYS[:2]))
    assert index.is_file()


def test_each_run_is_recorded_with_when_it_was_to_start_and_an_unchanged_report_is_no_run(
    project: Project, act: list[Act]
) -> None:
    seen: list[RunRecord] = []
    act[0] = lambda _plan: seen.extend(runs(project))
    make(lined_up(project, "testland"))
    make(lined_up(project, "testland"))
    assert [each.status for each in seen] == ["running"]
    (kept,) = runs(project)
    assert (kept.survey, kept.name, kept.status) == ("testland", DAYS[0], "published")
    assert kept.folder == f"reports/testland/{DAYS[0]}"
    assert kept.scheduled == SCHEDULED
    assert kept.started <= (kept.ended or "")
    manifest = (project.folder / "reports" / "testland" / DAYS[0] / "manifest.json").read_text()
    assert SCHEDULED not in manifest


def test_records_are_bounded_and_take_their_traceback_and_notebook_with_them(
    project: Project, act: list[Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "KEPT", 2)
    kept = project.folder / "reports" / ".failed" / "testland" / "half"
    kept.mkdir(parents=True)

    def fail(plan: Plan) -> None:
        if plan.as_of == DAYS[0]:
            raise RunError("no", kept=(kept / "report.ipynb").relative_to(project.folder))
        if plan.as_of == DAYS[1]:
            raise AssertionError

    act[0] = fail
    make(lined_up(project, "testland", days=DAYS[:2]))
    folder = project.folder / "reports" / ".runs"
    assert kept.is_dir()
    assert len(list(folder.glob("*.txt"))) == 1
    for day in ("2024-06-01", "2024-07-01"):
        make(lined_up(project, "testland", days=(day,)))
    assert [each.name for each in runs(project)] == ["2024-07-01", "2024-06-01"]
    assert not kept.exists()
    assert len(list(folder.iterdir())) == 2


def test_a_record_that_names_a_folder_elsewhere_removes_nothing_there(
    project: Project, act: list[Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "KEPT", 1)
    make(lined_up(project, "testland"))
    (file,) = (project.folder / "reports" / ".runs").glob("*.json")
    content = json.loads(file.read_text())
    for forged in ("surveys/testland/survey.toml", "reports/.failed/../../surveys/testland/survey.toml"):
        content["notebook_kept"] = forged
        file.write_text(json.dumps(content))
        make(lined_up(project, "testland", days=(DAYS[1],)))
        assert (project.folder / "surveys" / "testland" / "survey.toml").is_file()


def test_an_interrupted_batch_says_what_stands_and_starts_nothing_more(
    project: Project, act: list[Act]
) -> None:
    names = surveys(project, 4)
    progress = BatchProgress("nothing")
    outcomes: Iterator[Outcome] = run_batch(lined_up(project, *names), progress, jobs=1, scheduled=SCHEDULED)
    assert next(outcomes).status == "published"
    outcomes.close()  # type: ignore[attr-defined]  # as the command does on Ctrl-C
    assert progress.came["published"] in (1, 2)  # the second may have been at its end
    assert {each.status for each in runs(project)} <= {"published", "interrupted"}
    assert len(runs(project)) <= 2


def test_a_period_that_has_its_report_is_not_due_before_the_next(
    project: Project, act: list[Act], monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import date

    toml = project.folder / "surveys" / "testland" / "survey.toml"
    toml.write_text(
        toml.read_text() + '\n[[report]]\nevery = "month"\n[[report]]\nparameters = { seed = 2 }\n'
    )
    for module in ("planning", "parameters"):
        monkeypatch.setattr(f"groundswell.runs.plan.{module}.today", lambda: date(2024, 5, 20))
    make(plan_project(Shared(project.folder), Asked()).places)
    project.add_wave(5)
    planning = plan_project(Shared(project.folder), Asked())
    (waits,) = planning.not_due
    assert (waits.newest.as_of, waits.due) == (date(2024, 5, 20), date(2024, 6, 1))
    assert [place.plan.name for place in planning.places] == ["2024-05-20~seed-2"]
    assert len(plan_project(Shared(project.folder), Asked(dates=["2024-05-20"])).places) == 2
    for module in ("planning", "parameters"):
        monkeypatch.setattr(f"groundswell.runs.plan.{module}.today", lambda: date(2024, 6, 1))
    assert plan_project(Shared(project.folder), Asked()).not_due == []
