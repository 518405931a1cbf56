"""Reports made with a real kernel: what is published, what is not, and what is left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from projects import Project, processes_in, wait_until

from groundswell.runs.kernel.kernels import SOCKETS_PREFIX

pytestmark = pytest.mark.kernel
TODAY = "2024-06-01"
AS_OF = ("--as-of", TODAY)


def test_a_report_is_published_whole_and_names_its_run(project: Project) -> None:
    log = project.folder / "log.jsonl"
    made = project.run("report", "testland", *AS_OF, "--log-file", str(log))
    assert made.returncode == 0, made.stderr
    folder = project.folder / "reports" / "testland" / TODAY
    assert Path(made.stdout.strip()) == folder / "index.html"
    names = {file.name for file in folder.iterdir()}
    carried = {"inputs", "requirements.txt", "ro-crate-metadata.json"}
    assert names == carried | {
        "index.html",
        "report.ipynb",
        "manifest.json",
        "findings.json",
        "observations.csv",
    }
    assert "\x1b" not in made.stderr
    assert "\r" not in made.stderr
    assert not list((project.folder / "reports" / ".staging").glob("*/"))
    (record,) = (project.folder / "reports" / ".runs").glob("*.json")
    told = {each["event"]: each for each in map(json.loads, log.read_text().splitlines())}
    assert told["kernel ready"]["kernel"] == "cold"
    assert project.manifest(TODAY)["run"] == record.stem == told["published"]["run"]


def test_the_manifest_says_what_the_report_was_made_from(project: Project) -> None:
    project.run("report", "testland", *AS_OF, "-p", "since=2024-01-01", "-p", "indicator=anxiety")
    manifest = project.manifest(f"{TODAY}~indicator-anxiety~since-2024-01-01")
    parameters = manifest["parameters"]
    assert parameters["as_of"] == TODAY
    assert parameters["since"] == "2024-01-01"
    inputs = {entry["path"] for entry in manifest["inputs"]}
    assert inputs == {
        "notebooks/wave_report.ipynb",
        "surveys/testland/survey.toml",
        "surveys/testland/toplines.csv",
    }
    assert {entry["path"] for entry in manifest["files"]} >= {
        "index.html",
        "report.ipynb",
        "observations.csv",
    }
    assert manifest["checks"][0]["verdict"] == "passed"
    assert manifest["report"]["headline"] == "Nothing moved"
    assert manifest["packages"]["pandas"]
    text = json.dumps(manifest)
    for private in (str(project.folder), str(Path.home()), sys.prefix, os.uname().nodename):
        assert len(private) < 2 or private not in text, private


def test_the_notebook_gets_typed_parameters(project: Project) -> None:
    project.run("report", "testland", *AS_OF, "-p", "seed=7", "-p", "certainty=derived,verbatim_primary")
    (folder,) = (project.folder / "reports" / "testland").glob(f"{TODAY}~*")
    sentence = project.manifest(folder.name)["checks"][0]["sentence"]
    assert sentence == (
        f"['testland', '{TODAY}', None, None, ['derived', 'verbatim_primary'], 'typical', 'en', 7, None]"
    )


def test_the_same_again_changes_nothing_and_says_so(project: Project) -> None:
    project.run("report", "testland", *AS_OF)
    before = project.archive()
    again = project.run("report", "testland", *AS_OF)
    assert again.returncode == 0
    assert "nothing to do" in again.stderr
    assert project.archive() == before


def test_new_inputs_make_a_revision_beside_the_old_report(project: Project) -> None:
    project.run("report", "testland", *AS_OF)
    before = {name: text for name, text in project.archive().items() if name.startswith(f"testland/{TODAY}/")}
    project.add_wave(2)
    project.run("report", "testland", *AS_OF)
    assert project.manifest(f"{TODAY}-r2")["revision"] == 2
    assert before.items() <= project.archive().items()


def test_a_later_report_knows_the_one_before(project: Project) -> None:
    project.run("report", "testland", "--as-of", "2024-03-01")
    project.run("report", "testland", "--as-of", "2024-02-01", "-p", "since=2024-01-01")
    project.run("report", "testland", *AS_OF)
    manifest = project.manifest(TODAY)
    assert manifest["parameters"]["previous"] == "reports/testland/2024-03-01"
    assert "reports/testland/2024-03-01/manifest.json" in [entry["path"] for entry in manifest["inputs"]]


def test_one_failed_report_does_not_stop_the_others(project: Project) -> None:
    project.add_survey("otherland")
    notebook = project.folder / "notebooks" / "wave_report.ipynb"
    raising = 'import json\\n", "if survey == \\"otherland\\": raise ValueError(\\"no\\")\\n'
    notebook.write_text(notebook.read_text().replace("import json\\n", raising, 1))
    made = project.run("report", "--all", *AS_OF)
    assert made.returncode == 1
    assert "otherland" in made.stderr
    assert (project.folder / "reports" / "testland" / TODAY / "index.html").exists()
    assert not (project.folder / "reports" / "otherland").exists()


@pytest.mark.parametrize(
    ("notebook", "says"),
    [
        ("raises_in_cell", ["cell [4]", "raise ValueError(", "ValueError: no wave of red fieldwork"]),
        ("kernel_dies", ["ended its kernel, with exit code 1"]),
        ("saves_nothing", ["did not save checks.json"]),
        ("leaves_early", ["did not save checks.json"]),
    ],
)
def test_a_failure_publishes_nothing_and_keeps_the_notebook(
    project: Project, notebook: str, says: list[str]
) -> None:
    project.run("report", "testland", *AS_OF)
    before = project.archive()
    project.use_notebook(notebook)
    failed = project.run("report", "testland", *AS_OF)
    assert failed.returncode == 1
    for words in says:
        assert words in failed.stderr
    assert "Traceback" not in failed.stderr
    assert project.archive() == before
    (kept,) = (project.folder / "reports" / ".failed" / "testland").glob("*/report.ipynb")
    assert kept.relative_to(project.folder).as_posix() in failed.stderr
    assert str(project.folder) not in kept.read_text()


def test_inputs_that_change_meanwhile_are_not_published(project: Project) -> None:
    project.use_notebook("edits_its_inputs")
    failed = project.run("report", "testland", *AS_OF)
    assert failed.returncode == 1
    assert "changed while the report was being made" in failed.stderr
    assert not (project.folder / "reports" / "testland").exists()


def test_no_path_of_this_machine_is_published(project: Project) -> None:
    project.use_notebook("warns_with_paths")
    assert project.run("report", "testland", *AS_OF).returncode == 0
    published = b"".join(project.archive().values()).decode()
    assert "a warning of the cell" in published
    for private in (str(project.folder), sys.prefix, str(Path.home() / "x"), "ipykernel_"):
        assert private not in published, private


@pytest.mark.parametrize(
    ("signalled", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)],
)
def test_a_run_that_is_ended_leaves_the_archive_as_it_was(
    project: Project, temporary_folder: Path, signalled: signal.Signals, code: int
) -> None:
    project.run("report", "testland", *AS_OF)
    before = project.archive()
    project.use_notebook("waits_in_cell")
    process = project.start("report", "testland", *AS_OF, marker="waiting")
    process.send_signal(signalled)
    _, err = process.communicate(timeout=30)
    assert process.returncode == code
    assert ("interrupted: nothing was published" in err) == (signalled != signal.SIGKILL)
    assert "Traceback" not in err
    if signalled != signal.SIGKILL:
        assert not list((project.folder / "reports" / ".staging").glob("*/"))
        assert list(temporary_folder.iterdir()) == []
    assert project.archive() == before
    wait_until(lambda: not processes_in(project.folder), seconds=10)
    project.use_notebook("saves_a_report")
    project.add_wave(2)
    assert project.run("report", "testland", *AS_OF).returncode == 0
    assert (project.folder / "reports" / "testland" / f"{TODAY}-r2" / "index.html").exists()
    assert not list((project.folder / "reports" / ".staging").glob("*/"))
    assert list(temporary_folder.iterdir()) == []


def test_a_kernels_sockets_stand_in_the_tests_own_folder(project: Project, temporary_folder: Path) -> None:
    project.use_notebook("waits_in_cell")
    process = project.start("report", "testland", *AS_OF, marker="waiting")
    assert [folder.name for folder in temporary_folder.glob(f"{SOCKETS_PREFIX}*")]
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert list(temporary_folder.iterdir()) == []


def test_two_runs_of_one_report_do_not_meet(project: Project) -> None:
    project.use_notebook("waits_in_cell")
    first = project.start("report", "testland", *AS_OF, marker="waiting")
    second = project.run("report", "testland", *AS_OF)
    assert second.returncode == 1
    assert "another groundswell process is making this report" in second.stderr
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=30)


def test_runs_of_different_reports_go_side_by_side(project: Project) -> None:
    project.use_notebook("waits_in_cell")
    (project.folder / "notebooks" / "hurry").touch()
    first = project.start("report", "testland", *AS_OF, marker="waiting")
    second = project.run("report", "testland", "--as-of", "2024-05-01")
    _out, err = first.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0), (err, second.stderr)
    assert {f"testland/{TODAY}/index.html", "testland/2024-05-01/index.html"} <= project.archive().keys()


def test_surveys_may_be_read_only_and_the_command_typed_in_a_subfolder(project: Project) -> None:
    surveys = project.folder / "surveys"
    for place in (*surveys.rglob("*"), surveys):
        place.chmod(0o555 if place.is_dir() else 0o444)
    command = [sys.executable, "-m", "groundswell", "report", "testland", "-q", *AS_OF]
    made = subprocess.run(command, cwd=surveys / "testland", capture_output=True, text=True, check=False)
    for place in (surveys, *surveys.rglob("*")):
        place.chmod(0o755)
    assert made.returncode == 0, made.stderr
    assert made.stderr == ""
    assert made.stdout.strip().endswith(f"{TODAY}/index.html")


def test_the_users_ipython_settings_do_not_reach_a_report(project: Project, tmp_path: Path) -> None:
    startup = tmp_path / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("raise SystemExit('user settings were read')")
    shutil.copy(startup / "00.py", project.folder / "notebooks" / "pandas.py")
    environment = os.environ | {"IPYTHONDIR": str(startup.parents[1])}
    command = project.command("report", "testland", *AS_OF)
    made = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    assert "user settings" not in made.stderr


def test_a_kernel_can_be_reached_from_this_machine_only(project: Project) -> None:
    project.use_notebook("waits_in_cell")
    process = project.start("report", "testland", *AS_OF, marker="waiting")
    ours = sockets_of([process.pid, *processes_in(project.folder)])
    listening = {
        line.split()[9]: line.split()[1].split(":")[0]
        for table in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
        if line.split()[3] == "0A"
    }
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert ours
    assert {listening[socket] for socket in ours & listening.keys()} <= {"0100007F"}  # 127.0.0.1


def sockets_of(processes: list[int]) -> set[str]:
    links = [str(link.readlink()) for process in processes for link in Path(f"/proc/{process}/fd").iterdir()]
    return {link.removeprefix("socket:[").rstrip("]") for link in links if link.startswith("socket:")}


def test_reports_made_at_the_same_time_are_those_made_one_after_the_other(project: Project) -> None:
    for name in ("otherland", "thirdland"):
        project.add_survey(name)
    made = project.run("report", "--all", "--jobs", "3", *AS_OF, "--as-of", "2024-05-01")
    assert made.returncode == 0, made.stderr
    assert len(made.stdout.splitlines()) == 6
    assert "6 of 6: " in made.stderr
    assert "6 done, 0 failed, 0 skipped" in made.stderr
    again = project.run("report", "--all", *AS_OF, "--as-of", "2024-05-01")
    assert again.stderr.count("nothing to do") == 6
    assert project.manifest(TODAY)["parameters"]["previous"] == "reports/testland/2024-05-01"  # type: ignore[index]


def test_an_interruption_after_a_report_was_published_does_not_say_that_nothing_was(project: Project) -> None:
    project.use_notebook("waits_in_cell")
    (project.folder / "notebooks" / "hurry").touch()
    project.add_survey("zland")
    notebook = project.folder / "notebooks" / "wave_report.ipynb"
    notebook.write_text(
        notebook.read_text().replace(
            '(\\"hurry\\")', '(\\"hurry\\" if survey == \\"testland\\" else \\"never\\")'
        )
    )
    process = project.start("report", "testland", "zland", *AS_OF, marker="waiting")
    published = project.folder / "reports" / "testland" / TODAY
    wait_until(published.exists)
    (project.folder / "notebooks" / "waiting").unlink()
    wait_until((project.folder / "notebooks" / "waiting").exists)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted: 1 report was published and stands" in err
    assert "nothing was published" not in err.replace("interrupted; nothing was published", "")
    assert out.strip().endswith(f"{TODAY}/index.html")
    wait_until(lambda: not processes_in(project.folder), seconds=10)
    statuses = [run["status"] for run in json.loads(project.run("status", "--json").stdout)["runs"]]
    assert statuses == ["interrupted", "published"]


def test_a_process_that_was_killed_is_seen_by_the_status(project: Project) -> None:
    project.use_notebook("waits_in_cell")
    process = project.start("report", "testland", *AS_OF, marker="waiting")
    assert json.loads(project.run("status", "--json").stdout)["runs"][0]["status"] == "running"
    process.kill()
    process.communicate(timeout=30)
    wait_until(lambda: not processes_in(project.folder), seconds=20)
    said = project.run("status").stdout
    assert "its process was killed, and could say nothing" in said


def test_the_record_of_a_failure_names_the_cell_and_the_half_run_notebook(project: Project) -> None:
    project.use_notebook("raises_in_cell")
    assert project.run("report", "testland", *AS_OF, "--scheduled", "2024-06-01T05:30+01:00").returncode == 1
    (run,) = json.loads(project.run("status", "--json").stdout)["runs"]
    assert (run["status"], run["cell"], run["scheduled"]) == ("failed", 4, "2024-06-01T04:30:00+00:00")
    assert "no wave of red fieldwork" in run["error"]
    assert (project.folder / run["notebook_kept"]).is_file()
    record = (project.folder / "reports" / ".runs" / f"{run['id']}.json").read_text()
    for private in (str(project.folder), str(Path.home()), os.uname().nodename):
        assert len(private) < 6 or private not in record, private
    said = project.run("status").stdout
    assert "failed, and not made since: 1" in said
    assert "cell [4]" in said


def test_a_reader_who_leaves_early_stops_no_report(project: Project) -> None:
    project.add_survey("otherland")
    first = f"{sys.executable} -m groundswell --project '{project.folder}' report --all {' '.join(AS_OF)}"
    for closed in ("| head -1", "2>&1 | head -1"):
        shutil.rmtree(project.folder / "reports", ignore_errors=True)
        ran = subprocess.run(
            ["bash", "-c", f"{first} {closed}; echo codes ${{PIPESTATUS[@]}}"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert "codes 0 0" in ran.stdout
        assert "Broken" not in ran.stderr
        assert len(list((project.folder / "reports").glob("*/*/index.html"))) >= 2


def test_the_past_is_filled_oldest_first_and_once(project: Project) -> None:
    asked = ("backfill", "testland", "--every", "week", "--since", "2023-12-30", "--until", "2024-01-20")
    made = project.run(*asked)
    assert made.returncode == 0, made.stderr
    assert "testland: 2 dates are skipped, its first wave is known since 2024-01-10" in made.stderr
    pages = [Path(line).parent.name for line in made.stdout.splitlines()]
    assert pages == ["2024-01-13", "2024-01-20"]
    before = project.archive()
    assert project.run(*asked).stderr.count("nothing to do") == 2
    assert project.archive() == before
    dry = project.run(*asked, "--dry-run")
    assert "0 to make, 2 unchanged" in dry.stdout


def test_of_all_surveys_an_unsound_one_is_told_and_the_others_are_made(project: Project) -> None:
    project.add_survey("otherland")
    (project.folder / "surveys" / "otherland" / "survey.toml").write_text("title = 1\n")
    made = project.run("report", "--all", *AS_OF)
    assert made.returncode == 1
    assert "survey.toml:1: title" in made.stderr
    assert made.stdout.splitlines() == [str(project.folder / "reports" / "testland" / TODAY / "index.html")]
    failed = [run for run in json.loads(project.run("status", "--json").stdout)["runs"] if run["error"]]
    assert [run["survey"] for run in failed] == ["otherland"]
    shutil.rmtree(project.folder / "surveys" / "testland")
    assert project.run("report", "--all", *AS_OF).returncode == 2
