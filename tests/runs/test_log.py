"""What a program hears of a run: a line of JSON an event, with the run's id, and nothing of this machine."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from projects import Project
from test_batch import publish

from groundswell.cli import cli
from groundswell.cli.process.log import stop_listening
from groundswell.errors import RunError
from groundswell.happenings import HAPPENINGS, about, tell
from groundswell.runs.kernel.warm import KERNELS
from groundswell.runs.plan.plan import Plan
from groundswell.runs.run import makers, making
from groundswell.runs.run.record import read_records

Event = dict[str, Any]


@pytest.fixture(autouse=True)
def reports_without_a_kernel(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The report of `badland` fails in a cell; nobody listens afterwards."""

    def run(plan: Plan, _maker: object, _staging: object, progress: Any) -> Path:
        tell("kernel ready", kernel="cold")
        progress.remark(f"{plan.project}/x was left out")
        if plan.survey == "badland":
            raise RunError(f"`badland`: nothing was published; {plan.project}/notebooks/a.ipynb", cell=4)
        return publish(plan)

    monkeypatch.setenv(KERNELS, "cold")
    monkeypatch.setattr(makers, "start_kernel", lambda *_: SimpleNamespace(end=lambda: None))
    monkeypatch.setattr(making, "publish_report", run)
    yield
    stop_listening()


def report(project: Project, *words: str, code: int = 0) -> None:
    """Type `groundswell report …`."""
    command = ["--project", str(project.folder), "report", *words]
    try:
        came = cli.main(command, standalone_mode=False)
    except SystemExit as ended:
        came = ended.code
    assert (came or 0) == code


def events(text: str) -> list[Event]:
    return [json.loads(line) for line in text.splitlines()]


def test_standard_error_has_nothing_but_a_line_of_json_for_each_event(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.add_survey("badland")
    report(project, "testland", "badland", "--as-of", "2024-06-01", "--log", "json", code=1)
    out, err = capsys.readouterr()
    assert out.strip().endswith("reports/testland/2024-06-01/index.html")
    told = events(err)
    assert [event["event"] for event in told] == [
        "planned",
        *("started", "kernel ready", "note", "published"),
        *("started", "kernel ready", "note", "failed"),
        *("index rebuilt", "finished", "told"),
    ]
    records = {record.survey: record for record in read_records(project.folder / "reports")[0]}
    for survey, between in (("testland", told[1:5]), ("badland", told[5:9])):
        assert {(event["survey"], event["name"], event["run"]) for event in between} == {
            (survey, "2024-06-01", records[survey].id)
        }
    assert {event["batch"] for event in told} == {told[0]["batch"]}
    for event in told:
        assert abs(datetime.fromisoformat(event["time"]) - datetime.now(UTC)) < timedelta(minutes=5)
    assert (told[0]["to_make"], told[-2]["published"], told[-2]["failed"]) == (2, 1, 1)
    assert told[4]["folder"] == "reports/testland/2024-06-01"
    failed = told[8]
    assert (failed["level"], failed["kind"], failed["cell"]) == ("error", "cell", 4)
    assert failed["record"] == f"reports/.runs/{records['badland'].id}.json"
    assert str(project.folder) not in err


def test_what_is_not_made_is_told_with_its_reason_and_no_run(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = project.folder / "surveys" / "testland" / "survey.toml"
    toml.write_text(toml.read_text() + '\n[[report]]\nevery = "month"\n')
    report(project, "--all", "-q")
    report(project, "testland", "-q")
    capsys.readouterr()
    report(project, "testland", "--log", "json")
    report(project, "--all", "--log", "json")
    skipped = [each for each in events(capsys.readouterr().err) if each["event"] == "skipped"]
    assert [each["reason"].partition(":")[0] for each in skipped] == ["unchanged", "not due"]
    assert all("run" not in each and each["survey"] == "testland" for each in skipped)


def test_a_terminal_keeps_its_words_and_a_file_gets_the_events(
    project: Project, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    project.add_survey("badland")
    words = ["testland", "badland", "--as-of", "2024-06-01"]
    report(project, *words, code=1)
    without = capsys.readouterr().err
    log = tmp_path / "log.jsonl"
    report(project, "badland", "--as-of", "2024-06-01", "--log-file", str(log), code=1)
    report(project, "badland", "--as-of", "2024-06-01", "--log-file", str(log), code=1)
    err = capsys.readouterr().err
    assert "error: `badland`: nothing was published" in without
    assert '"event"' not in err
    assert "error: `badland`: nothing was published" in err
    failures = [each for each in events(log.read_text()) if each["event"] == "failed"]
    assert len(failures) == 2
    assert len({each["batch"] for each in failures}) == 2


def test_a_failure_names_its_run_where_it_is_read(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.add_survey("badland")
    report(project, "badland", "--as-of", "2024-06-01", code=1)
    (record,) = read_records(project.folder / "reports")[0]
    assert f"\n  the run: {record.id}\n" in capsys.readouterr().err
    assert record.id not in str(record.error)  # it is the record's own name


def test_cells_are_told_where_they_are_asked_for(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for level, heard in (("info", []), ("debug", ["cell executed"])):
        monkeypatch.setenv("GROUNDSWELL_LOG_LEVEL", level)
        monkeypatch.setenv("GROUNDSWELL_LOG", "json")
        report(project, "testland", "--dry-run")
        tell("cell executed", logging.DEBUG, cell=1)
        assert [each["event"] for each in events(capsys.readouterr().err)] == heard


def test_an_error_that_ends_the_command_is_an_event_too(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    report(project, "nowhere", "--log", "json", code=2)
    (event,) = events(capsys.readouterr().err)
    assert (event["event"], event["level"]) == ("error", "error")
    assert "`nowhere`" in event["error"]
    report(project, "testland", "--log-file", f"{project.folder}/no/log", code=2)
    said = capsys.readouterr().err
    assert "error: `--log-file` names a file to add to" in said
    assert "No such file" in said
    monkeypatch.setenv("GROUNDSWELL_LOG_LEVEL", "loud")
    report(project, "testland", code=2)
    assert "`GROUNDSWELL_LOG_LEVEL` is one of debug, info, warning, error" in capsys.readouterr().err


def test_a_log_that_cannot_be_written_stops_no_report(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    report(project, "testland", "--as-of", "2024-06-01", "--log-file", "/dev/full")
    assert capsys.readouterr().err.count("nothing more is written to the log file") == 1


def test_nothing_is_heard_that_nobody_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    with about(survey="testland"):
        tell("failed", logging.ERROR, error="no")
    assert capsys.readouterr() == ("", "")


def test_any_program_may_listen_as_to_any_library(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", HAPPENINGS.name):
        with about(survey="testland"):
            tell("published", folder="x")
        tell("finished")
    assert [(each.getMessage(), vars(each)["told"]) for each in caplog.records] == [
        ("published", {"survey": "testland", "folder": "x"}),
        ("finished", {}),
    ]


def test_structlog_is_imported_for_json_only() -> None:
    code = "import sys; from groundswell.cli import main\ntry: main(['list'])\nfinally: print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "groundswell.happenings" in ran.stdout.split()
    assert "structlog" not in ran.stdout.split()
