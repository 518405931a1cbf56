"""What `groundswell watch` notices, when it takes a file for whole, and that no failure ends it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from projects import Project

from groundswell.cli import cli, watch
from groundswell.cli.process.log import stop_listening
from groundswell.dates import today
from groundswell.reports.evidence.manifest import manifest_of, sealed, write_manifest
from groundswell.runs.plan.shared import Shared
from groundswell.runs.run.outcome import Outcome
from groundswell.runs.run.record import read_records
from groundswell.runs.run.staging import Staging
from groundswell.runs.watch import watching
from groundswell.runs.watch.arrivals import look_at
from groundswell.runs.watch.watching import Watching


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, project: Project) -> list[str]:
    """The reports that are made: a manifest with their inputs, without a kernel."""
    names: list[str] = []

    def run_batch(places: list[Any], *_: Any, **__: Any) -> Iterator[Outcome]:
        for place in places:
            plan = place.plan
            names.append(plan.survey)
            folder = plan.reports / plan.survey / f"{plan.as_of}-r{len(names)}"
            folder.mkdir(parents=True)
            about = {
                "schema": 2,
                "survey": plan.survey,
                "title": plan.title,
                "as_of": plan.as_of,
                "revision": len(names),
                "folder": folder.name,
                "created": f"2026-01-01T06:00:{len(names):02}+00:00",
                "report": {},
                "inputs": plan.inputs(),
            }
            if len(names) == 1:
                about["folder"], folder = plan.as_of, folder.rename(folder.with_name(plan.as_of))
            write_manifest(folder, sealed(manifest_of(about)))
            yield Outcome(plan, "published", folder)

    monkeypatch.setattr(watching, "run_batch", run_batch)
    for name in ("NEWS", "FAILURES"):
        monkeypatch.delenv(f"GROUNDSWELL_TELL_{name}", raising=False)
    return names


def rounds(watched: Watching, count: int) -> list[str]:
    """The lines of so many rounds."""
    return [line for _ in range(count) for line in watched.round()]


def test_a_wave_is_reported_once_it_stands_still(project: Project, made: list[str]) -> None:
    watched = Watching(project.folder)
    assert rounds(watched, 1) == []
    lines = rounds(watched, 1)
    assert lines[0] == "testland: new or changed files"
    assert "published" in lines[1]
    assert rounds(watched, 3) == []
    project.add_wave(2)
    assert rounds(watched, 1) == [], "it may still be growing"
    project.add_wave(3)
    assert rounds(watched, 1) == [], "it was"
    assert len(rounds(watched, 1)) == 2
    assert made == ["testland", "testland"]


def test_what_the_newest_report_was_made_from_is_nothing_new(project: Project, made: list[str]) -> None:
    rounds(Watching(project.folder), 2)
    assert rounds(Watching(project.folder), 3) == []
    assert made == ["testland"]


def test_a_file_that_is_being_written_is_waited_for(project: Project, made: list[str]) -> None:
    folder = project.folder / "surveys" / "testland"
    part = folder / "waves" / "new.csv.part"
    part.parent.mkdir()
    part.write_text("half")
    assert look_at(folder) is None
    watched = Watching(project.folder)
    assert rounds(watched, 3) == []
    part.unlink()
    assert len(rounds(watched, 2)) == 2


def test_a_fault_is_told_once_and_the_watch_goes_on(project: Project, made: list[str]) -> None:
    project.add_survey("sound")
    file = project.folder / "surveys" / "testland" / "toplines.csv"
    sound = file.read_text()
    file.write_text(sound.replace("0.41", "41 of 100"))
    watched = Watching(project.folder)
    lines = rounds(watched, 4)
    assert made == ["sound"]
    assert sum("toplines.csv:2" in line for line in lines) == 1
    assert sum(line.startswith("failure: testland") for line in lines) == 1
    assert [run.status for run in read_records(project.folder / "reports")[0]] == ["failed"]
    file.write_text(sound)
    rounds(watched, 2)
    assert made == ["sound", "testland"]


def test_a_report_is_made_when_its_period_begins(
    project: Project, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    toml = project.folder / "surveys" / "testland" / "survey.toml"
    toml.write_text(toml.read_text() + '\n[[report]]\nevery = "week"\n')
    watched = Watching(project.folder)
    assert len(rounds(watched, 2)) == 2
    assert rounds(watched, 1) == []
    monkeypatch.setattr(watching, "not_due", lambda *_: None)
    assert rounds(watched, 1) == [], "it was looked at today"
    watched._day.clear()
    assert len(rounds(watched, 1)) == 1


def test_once_looks_twice_and_ctrl_c_ends_cleanly(
    project: Project, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(watch, "sleep", slept.append)
    run = CliRunner().invoke(cli, ["--project", str(project.folder), "watch", "--once"])
    assert run.exit_code == 0
    assert "testland: new or changed files" in run.output
    assert slept == [watch.SETTLES]

    def interrupt(seconds: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(watch, "sleep", interrupt)
    run = CliRunner().invoke(cli, ["--project", str(project.folder), "watch", "--every", "1m"])
    assert run.exit_code == 0
    assert "every 60 s" in run.output
    assert "the watch has ended; it made 0 reports" in run.output


@pytest.mark.parametrize("every", ["0s", "soon", "-5", "5d"])
def test_a_length_of_time_is_one(project: Project, every: str) -> None:
    run = CliRunner().invoke(cli, ["--project", str(project.folder), "watch", "--every", every])
    assert run.exit_code == 2
    assert "a length of time, as 30s, 5m or 1h" in run.output


def test_a_file_that_goes_while_it_is_looked_at_is_looked_at_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: Callable[[Path], list[Path]] = lambda folder: [folder / "gone.csv"]  # noqa: E731
    monkeypatch.setattr("groundswell.runs.watch.arrivals.survey_inputs", gone)
    assert look_at(tmp_path) is None


def test_what_somebody_made_besides_has_told_nobody_of_a_wave(project: Project, made: list[str]) -> None:
    """Of the new wave there are a report with other parameters and one of a past date before the watch comes to it."""
    watched = Watching(project.folder)
    rounds(watched, 2)
    project.add_wave(2)
    reports = project.folder / "reports" / "testland"
    for number, (name, edition) in enumerate([("2030-01-01~seed-1", "seed-1"), ("2024-05-01", "")]):
        besides = {
            "schema": 2,
            "survey": "testland",
            "title": "Testland",
            "as_of": name[:10],
            "edition": edition,
            "revision": 1,
            "folder": name,
            "created": f"2026-01-02T06:00:0{number}+00:00",
            "report": {},
            "inputs": Shared(project.folder).inputs("testland"),
        }
        (reports / name).mkdir(parents=True)
        write_manifest(reports / name, sealed(manifest_of(besides)))
    assert rounds(watched, 2)[:1] == ["testland: new or changed files"]
    assert made == ["testland", "testland"]


def test_a_survey_that_is_taken_away_is_said_once_and_noticed_when_it_is_back(
    project: Project, made: list[str]
) -> None:
    project.add_survey("other")
    watched = Watching(project.folder)
    rounds(watched, 2)
    away = (project.folder / "surveys" / "other").rename(project.folder / "away")
    assert rounds(watched, 3) == ["other: its survey.toml is gone; nothing is made of it until it is back"]
    away.rename(project.folder / "surveys" / "other")
    assert rounds(watched, 2) == []


def test_a_log_for_programs_has_standard_error_for_itself(
    project: Project, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROUNDSWELL_LOG", "json")
    file = project.folder / "surveys" / "testland" / "toplines.csv"
    file.write_text(file.read_text().replace("0.41", "41 of 100"))

    def interrupt(seconds: float, waits: list[float] = []) -> None:  # noqa: B006 - counts the calls
        waits.append(seconds)
        if len(waits) > 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(watch, "sleep", interrupt)
    run = CliRunner().invoke(cli, ["--project", str(project.folder), "watch"])
    stop_listening()
    assert run.exit_code == 0
    heard = [json.loads(line)["event"] for line in run.stderr.splitlines()]
    assert heard == ["failed", "told"]
    assert "toplines.csv:2" in run.stdout


def test_a_report_that_another_process_makes_is_waited_for_and_looked_at_again(
    project: Project, made: list[str]
) -> None:
    """Whoever makes it may have read the files before the new wave came."""
    watched = Watching(project.folder)
    with (
        Staging(project.folder / "reports") as other,
        other.claim("testland", today().isoformat()),
    ):
        assert rounds(watched, 4) == []
    assert len(rounds(watched, 1)) == 2
    assert made == ["testland"]
