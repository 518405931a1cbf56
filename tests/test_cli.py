"""The command line: what it prints where, its exit codes, and that it answers at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "runs"))
from projects import Project

from groundswell.cli import cli
from groundswell.cli.options.flags import in_flags


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path / "a project")
    (made.folder / "notebooks").mkdir(parents=True)
    made.add_survey("testland")
    made.add_survey("otherland")
    made.use_notebook("saves_a_report")
    return made


def test_help_names_the_exit_codes_and_loads_no_library_for_it() -> None:
    code = "import sys; from groundswell.cli import main\ntry: main(['--help'])\nfinally: print(*sys.modules)"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for words in ("Exit codes: 0", "1 a run failed", "2 something given is wrong", "130 interrupted"):
        assert words in shown.stdout
    assert not {"pandas", "numpy", "pydantic", "duckdb", "IPython"} & set(shown.stdout.split())


def test_a_report_is_planned_without_loading_pandas(repository: Path) -> None:
    """The kernel needs it; the command that waits for the kernel should not pay for it too."""
    code = (
        "import sys; from pathlib import Path; from groundswell.runs.plan.plan import plan_report\n"
        f"plan_report(Path({str(repository)!r}), 'russia-mood', {{'as_of': '2025-12-31'}})\n"
        "print({'pandas', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_importing_groundswell_loads_no_library() -> None:
    heavy = ("pandas", "numpy", "pydantic", "click")
    code = f"import sys, groundswell; print([name for name in {heavy} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "name", ["load_survey", "observations", "fit_trend", "Design", "shares", "open_report"]
)
def test_a_public_name_is_found_and_an_unknown_one_says_so(name: str) -> None:
    import groundswell

    assert callable(getattr(groundswell, name))
    assert name in dir(groundswell)
    with pytest.raises(AttributeError, match="public names"):
        getattr(groundswell, f"{name}_not_there")


@pytest.mark.parametrize(
    ("command", "message", "says"),
    [
        ("report", "`as_of=`: got `x`", "`--as-of`: got `x`"),
        ("report", "`since=`: after the `as_of=`", "`-p since`: after the `--as-of`"),
        ("backfill", "`since=`: after `first=` and `until=`", "`-p since`: after `--since` and `--until`"),
        ("report", "name it with `project=`", "name it with `--project`"),
        ("report", "`notebook=`: no such", "`--notebook`: no such"),
        ("estimate", "`weights=` and `lonely_psu=`", "`--weights` and `--lonely-psu`"),
        ("estimate", "`by=`, `shares=` and `replicate_kind=`", "`--by`, `--share` and `--replicate-kind`"),
        ("estimate", "`other=`: what is no option stays", "`other=`: what is no option stays"),
        (
            "check",
            "`column=answer` and `a = 1` are no arguments",
            "`column=answer` and `a = 1` are no arguments",
        ),
    ],
)
def test_an_argument_of_python_is_printed_as_the_commands_own_option(
    command: str, message: str, says: str
) -> None:
    assert in_flags(message, cli.commands[command]) == says


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["report", "testlnd"], "did you mean `testland`"),
        (["report", "../testland"], "cannot name a survey"),
        (["report", "my survey"], "cannot name a survey"),
        (["report", "testland", "-p", "sinse=2022-01-01"], "did you mean `since`"),
        (["report", "testland", "-p", "indicator=anxeity"], "did you mean `anxiety`"),
        (["report", "testland", "--as-of", "31.12.2024"], "`--as-of`: write a date as YYYY-MM-DD"),
        (["report", "testland", "--as-of", ""], "`--as-of`: write a date as YYYY-MM-DD, got an empty text"),
        (
            ["report", "testland", "--as-of", "2010-01-01"],
            "`--as-of`: `testland` has no wave known on 2010-01-01; its first is known since 2024-01-10",
        ),
        (["report", "testland", "-p", "since=2999-01-01"], "`-p since`: must not lie after the as-of date"),
        (["report", "testland", "--as-of", "2199-01-01"], "`--as-of`: a report's date is at most today"),
        (["report", "testland", "--as-of", "2024-01-01", "-p", "as_of=2024-02-01"], "given twice"),
        (["report", "testland", "--notebook", "wave_reprt"], "did you mean `wave_report`"),
        (["report"], "--all"),
        (["report", "testland", "--all"], "--all"),
        (["reprot"], "No such command"),
        (["check", "nowhere"], "no survey `nowhere`"),
    ],
)
def test_wrong_input_exits_2_says_why_and_writes_nothing(
    project: Project, arguments: list[str], says: str
) -> None:
    refused = project.run(*arguments)
    assert refused.returncode == 2
    assert says in refused.stderr
    assert "Traceback" not in refused.stderr
    assert refused.stdout == ""
    assert not (project.folder / "reports").exists()


def test_no_report_is_started_when_another_that_is_named_is_wrong(project: Project) -> None:
    (project.folder / "surveys" / "otherland" / "survey.toml").write_text("title = 1\n")
    assert project.run("report", "testland", "otherland").returncode == 2
    assert not (project.folder / "reports").exists()


def test_outside_a_project_the_way_out_is_named(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "groundswell", "list"]
    refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "--project" in refused.stderr


@pytest.mark.parametrize("before", [True, False])
def test_the_project_may_be_named_before_or_after_the_command(project: Project, before: bool) -> None:
    option = ["--project", str(project.folder)]
    words = [*option, "list"] if before else ["list", *option]
    shown = subprocess.run(
        [sys.executable, "-m", "groundswell", *words], capture_output=True, text=True, check=False
    )
    assert shown.returncode == 0, shown.stderr
    assert "testland" in shown.stdout


def test_list_is_an_aligned_table_and_json(project: Project) -> None:
    (project.folder / "surveys" / "otherland" / "toplines.csv").write_text("")
    header, other, good = project.run("list").stdout.splitlines()
    assert "not sound: see `groundswell check otherland`" in other
    assert header.index("waves") == good.index("1 ")
    listed = {survey["survey"]: survey for survey in json.loads(project.run("list", "--json").stdout)}
    assert listed["testland"]["waves"] == 1
    assert listed["testland"]["houses"] == ["acme"]
    assert listed["testland"]["last_report"] is None
    assert listed["otherland"]["faults"] == 1


def test_check_names_every_fault_with_file_and_line(project: Project) -> None:
    assert "testland: sound" in project.run("check").stdout
    toplines = project.folder / "surveys" / "testland" / "toplines.csv"
    project.add_wave(2)
    toplines.write_text(toplines.read_text().replace("0.41", "62").replace("2024-02-03", "2024-01-31"))
    for named in ("testland", str(toplines.parent)):
        refused = project.run("check", named)
        assert refused.returncode == 2
        assert "toplines.csv:2: share" in refused.stderr
        assert "toplines.csv:3: " in refused.stderr
    assert "otherland: sound" in project.run("check").stdout


def test_new_writes_a_survey_that_check_finds_wanting(project: Project) -> None:
    assert project.run("new", "my-survey").returncode == 0
    assert project.run("check", "my-survey").returncode == 2
    assert project.run("new", "my-survey").returncode == 2
    assert project.run("new", "../x").returncode == 2
