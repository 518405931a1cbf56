"""What `groundswell schedule` prints is read by each scheduler as it is meant, whatever the project's folder is."""

from __future__ import annotations

import configparser
import shutil
import subprocess
import sys
from datetime import UTC, datetime, time
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import jinja2
import pytest
import yaml

from groundswell.cli import main
from groundswell.cli.schedule import schedule as schedule_command
from groundswell.errors import InputError
from groundswell.runs.schedule.units import EVERY, NOT_IN_SYSTEMD, SCHEDULERS, Schedule, units

NAMES = ("surveys", "our surveys", "50% done", "it's $HOME", 'say "so" \\ so', "опросы", "%%i{x}")
PLAIN = tuple(name for name in NAMES if not set(NOT_IN_SYSTEMD) & set(name))
WHEN = datetime(2026, 11, 23, 5, 30, tzinfo=UTC)


@pytest.fixture(params=NAMES)
def schedule(request: pytest.FixtureRequest, tmp_path: Path) -> Schedule:
    """A project in a folder of this name, with a program that writes down where and with what it is called."""
    project = tmp_path / str(request.param)
    project.mkdir()
    program = project / "groundswell"
    program.write_text('#!/bin/sh\nprintf "%s\\n" "$PWD" "$@" > "$PWD/called"\n', encoding="utf-8")
    program.chmod(0o755)
    return Schedule(project, program, "tester", "week", time(5, 30))


def called(schedule: Schedule) -> list[str]:
    """The folder in which the program was called, and its arguments."""
    return (schedule.project / "called").read_text(encoding="utf-8").splitlines()


def only(scheduler: str, schedule: Schedule) -> str:
    """The one file of a scheduler."""
    (text,) = units(scheduler, schedule).values()
    return text


def test_cron_calls_the_program_in_the_project(schedule: Schedule) -> None:
    *comments, line = only("cron", schedule).splitlines()
    assert all(comment.startswith("#") for comment in comments)
    fields, command = line.split(" ", 5)[:5], line.split(" ", 5)[5]
    assert fields == ["30", "5", "*", "*", "1"]
    # cron's own reading (crontab(5)): an unescaped percent sign ends the command, an escaped one is itself.
    read = command.replace(r"\%", "\0")
    assert "%" not in read
    subprocess.run(["/bin/sh", "-c", read.replace("\0", "%")], check=True)
    assert called(schedule) == [str(schedule.project), "report", "--all", "--quiet"]


@pytest.mark.parametrize("schedule", PLAIN, indirect=True)
def test_a_service_is_read_back_as_the_project_and_the_program(schedule: Schedule) -> None:
    service, timer = units("systemd", schedule).values()
    parsed = configparser.RawConfigParser(strict=True)
    parsed.optionxform = str  # type: ignore[assignment]
    parsed.read_string(service)
    parsed.read_string(timer)
    assert parsed["Service"]["WorkingDirectory"].replace("%%", "%") == str(schedule.project)
    assert parsed["Service"]["User"] == "tester"
    word, arguments = parsed["Service"]["ExecStart"].rsplit(" report ", 1)
    assert arguments == "--all"
    assert word.removeprefix('"').removesuffix('"').replace("%%", "%") == str(schedule.program)
    assert parsed["Timer"]["OnCalendar"] == "Mon *-*-* 05:30:00"


@pytest.mark.parametrize("schedule", PLAIN, indirect=True)
@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze, which is not here"
)
def test_systemd_itself_finds_nothing_wrong(schedule: Schedule, tmp_path: Path) -> None:
    folder = tmp_path / "units"
    folder.mkdir()
    for name, text in units("systemd", schedule).items():
        (folder / name).write_text(text, encoding="utf-8")
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(folder.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    about_ours = [line for line in checked.stderr.splitlines() if "groundswell" in line]
    assert about_ours == []


@pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="needs systemd-analyze, which is not here"
)
@pytest.mark.parametrize("every", EVERY)
def test_systemd_reads_every_cadence_as_it_is_meant(every: Any) -> None:
    calendar = Schedule(Path("/p"), Path("/g"), "me", every, time(23, 5)).calendar
    read = subprocess.run(
        ["systemd-analyze", "calendar", calendar],
        capture_output=True,
        text=True,
        check=True,
        env={"TZ": "UTC"},
    )
    normal = {"day": "*-*-* 23:05:00", "week": "Mon *-*-* 23:05:00", "month": "*-*-01 23:05:00"}[every]
    assert f"Normalized form: {normal}" in read.stdout


def test_a_workflow_runs_at_the_time_and_keeps_the_archive(schedule: Schedule) -> None:
    workflow = yaml.safe_load(only("github", schedule))
    assert workflow[True]["schedule"] == [{"cron": "30 5 * * 1"}]  # YAML 1.1 reads `on` as a truth
    steps = workflow["jobs"]["report"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [
        "make setup",
        ".venv/bin/groundswell report --all",
    ]
    cache, upload = (step["with"] for step in steps if step.get("with", {}).get("path") == "reports/")
    assert cache["key"] == "reports-${{ github.run_id }}"
    assert upload["name"] == "reports"


def test_airflow_is_given_a_command_for_the_shell(
    schedule: Schedule, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {}

    class Dag:
        def __init__(self, **arguments: Any) -> None:
            given["dag"] = arguments

        def __enter__(self) -> Dag:
            return self

        def __exit__(self, *_: object) -> None:
            pass

    stand_in(monkeypatch, "airflow.models.dag", DAG=Dag)
    stand_in(
        monkeypatch,
        "airflow.providers.standard.operators.bash",
        BashOperator=lambda **held: given.update(task=held),
    )
    exec(compile(only("airflow", schedule), "dag.py", "exec"), {})
    assert given["dag"]["schedule"] == "30 5 * * 1"
    assert given["dag"]["catchup"] is False
    for interval in (WHEN, None):
        held = {"data_interval_end": interval, "dag_run": SimpleNamespace(start_date=WHEN)}
        command = jinja2.Template(given["task"]["bash_command"]).render(held)
        subprocess.run(["bash", "-c", command], check=True, cwd=given["task"]["cwd"])
        assert called(schedule) == [str(schedule.project), "report", "--all", "--scheduled", WHEN.isoformat()]


def test_prefect_fails_a_run_of_which_a_report_failed(
    schedule: Schedule, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in(monkeypatch, "prefect", flow=lambda **_: lambda function: function)
    stand_in(monkeypatch, "prefect.runtime", flow_run=SimpleNamespace(scheduled_start_time=WHEN))
    module: dict[str, Any] = {"__name__": "flow"}
    exec(compile(only("prefect", schedule), "flow.py", "exec"), module)
    module["report_all"]()
    assert called(schedule) == [str(schedule.project), "report", "--all", "--scheduled", WHEN.isoformat()]
    schedule.program.write_text("#!/bin/sh\necho why >&2\nexit 1\n", encoding="utf-8")
    with pytest.raises(subprocess.CalledProcessError):
        module["report_all"]()
    assert "why" in capsys.readouterr().out


def stand_in(monkeypatch: pytest.MonkeyPatch, name: str, **offered: Any) -> None:
    """A library that is not installed here, with no more than what a unit asks of it."""
    parts = name.split(".")
    for number in range(1, len(parts) + 1):
        part = ".".join(parts[:number])
        if part not in sys.modules:
            monkeypatch.setitem(sys.modules, part, ModuleType(part))
    for key, value in offered.items():
        monkeypatch.setattr(sys.modules[name], key, value, raising=False)


def test_the_command_offers_every_scheduler_and_cadence() -> None:
    offered = {option.name: getattr(option.type, "choices", ()) for option in schedule_command.params}
    assert (tuple(offered["scheduler"]), tuple(offered["every"])) == (SCHEDULERS, EVERY)


def test_every_scheduler_says_when_in_words() -> None:
    for scheduler in SCHEDULERS:
        for every, words in zip(EVERY, ("every day", "every Monday", "on the first of a month"), strict=True):
            text = "".join(
                units(scheduler, Schedule(Path("/p"), Path("/g"), "me", every, time(6, 0))).values()
            )
            assert f"{words} at 06:00" in text


def test_what_no_scheduler_can_name_is_refused() -> None:
    for name in set(NAMES) - set(PLAIN):
        with pytest.raises(InputError, match=r"systemd runs no program whose path has .*cron"):
            units("systemd", Schedule(Path("/p"), Path("/p") / name / "groundswell", "me"))
    with pytest.raises(InputError, match=r"unknown `crom`.*`cron`"):
        units("crom", Schedule(Path("/p"), Path("/g"), "me"))
    with pytest.raises(InputError, match="line break"):
        units("cron", Schedule(Path("/p\n* * * * * rm"), Path("/g"), "me"))


def test_files_are_written_where_they_are_asked_for_and_never_over_others(
    repository: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = [
        "schedule",
        "systemd",
        "--every",
        "month",
        "--project",
        str(repository),
        "--out",
        str(tmp_path / "new"),
    ]
    main(command)
    assert {file.name for file in (tmp_path / "new").iterdir()} == {
        "groundswell.service",
        "groundswell.timer",
    }
    assert "OnCalendar=*-*-01 05:30:00" in (tmp_path / "new" / "groundswell.timer").read_text(
        encoding="utf-8"
    )
    capsys.readouterr()
    with pytest.raises(SystemExit) as refused:
        main(command)
    assert refused.value.code == 2
    assert "is there already" in capsys.readouterr().err
    with pytest.raises(SystemExit) as wrong:
        main(["schedule", "cron", "--at", "25:00", "--project", str(repository)])
    assert wrong.value.code == 2
    assert "a time as 05:30, got '25:00'" in capsys.readouterr().err
