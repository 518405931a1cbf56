"""Notebooks that take too much, in real kernels: each is named for what it does, in one sentence."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest
from projects import Project, processes_in

from groundswell.errors import RunError
from groundswell.runs.kernel.cells import read_notebook, write_notebook
from groundswell.runs.kernel.kernels import TEMPORARY, start_kernel
from groundswell.runs.kernel.papermill_run.execution import execute
from groundswell.runs.kernel.warm import KernelServer

pytestmark = pytest.mark.kernel

TOO_MUCH = {
    "holds the interpreter": (
        're.match("(a+)+$", "a" * 60 + "b")',
        {"GROUNDSWELL_CELL_SECONDS": "1.5"},
        r"ran for more than 1.5 seconds; `GROUNDSWELL_CELL_SECONDS` states how long a cell may run",
    ),
    "never ends": (
        "while True: time.sleep(0.1)",
        {"GROUNDSWELL_REPORT_SECONDS": "8"},
        r"was running when the notebook had taken 8 seconds; `GROUNDSWELL_REPORT_SECONDS` states how long it may",
    ),
    "prints without end": (
        'while True: print("x" * 100_000)',
        {"GROUNDSWELL_OUTPUT_SIZE": "5MB"},
        r"brought what the notebook shows to [\d.]+[MG]B; `GROUNDSWELL_OUTPUT_SIZE` allows 5MB",
    ),
    "takes memory": (
        'held = b"x" * 1_000_000_000; time.sleep(60)',
        {"GROUNDSWELL_MEMORY": "800MB"},
        r"took [\d.]+[MG]B of memory with all that it started; `GROUNDSWELL_MEMORY` allows 800MB",
    ),
    "exits": ("os._exit(0)", {}, r"ended its kernel, with exit code 0"),
    "is killed": (
        "os.kill(os.getpid(), 9)",
        {},
        r"was killed \(SIGKILL\), as the system does where memory runs out",
    ),
    "crashes": ("import ctypes; ctypes.string_at(0)", {}, r"crashed its kernel \(SIGSEGV\)"),
}


def run(folder: Path, *cells: str, server: KernelServer | None = None) -> Any:
    """Run a notebook of these cells in a kernel of its own, forked from `server` if there is one."""
    folder.mkdir()
    source = folder / "notebook.ipynb"
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, source)
    kernel = start_kernel(folder, folder, folder, server)
    try:
        return execute(
            source, executed=folder / "report" / "report.ipynb", parameters={}, kernel=kernel, on_cell=print
        )
    finally:
        kernel.end()


@pytest.mark.parametrize("what", TOO_MUCH)
def test_a_notebook_that_takes_too_much_is_named_for_what_it_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    code, settings, says = TOO_MUCH[what]
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    begun = time.monotonic()
    with pytest.raises(RunError, match=rf"^cell \[2\], `{re.escape(code)}`, {says}$"):
        run(tmp_path / "run", "import os, re, time\nprint('so far')", code, "'never'")
    assert time.monotonic() - begun < 60
    half = read_notebook(tmp_path / "run" / "report" / "report.ipynb")
    assert half.cells[0].outputs[0].text == "so far\n"
    assert half.cells[2].execution_count is None
    assert not processes_in(tmp_path)


CELLS = """
import os, subprocess, sys, tempfile
from pathlib import Path
folder = Path(os.environ["GROUNDSWELL_RUN_FOLDER"])
sleep = [sys.executable, "-c", "import time; time.sleep(600)", str(folder)]
subprocess.Popen(sleep, start_new_session=True)
(Path(tempfile.mkdtemp()) / "left").touch()
(folder / "seen.txt").write_text("\\n".join(["TMP " + tempfile.gettempdir(), *os.environ]))
"""


def test_what_a_cell_starts_ends_with_the_run_and_what_it_leaves_is_in_the_runs_folder(
    tmp_path: Path, temporary_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "t")
    folder = tmp_path / "run"
    run(folder, CELLS)
    assert not processes_in(tmp_path)
    assert list(temporary_folder.iterdir()) == []
    assert [file.name for file in (folder / TEMPORARY).rglob("left")] == ["left"]
    assert (folder / TEMPORARY).stat().st_mode & 0o777 == 0o700
    seen = (folder / "report" / "seen.txt").read_text().splitlines()
    assert seen[0] == f"TMP {folder / TEMPORARY}"
    assert "SECRET_TOKEN" not in seen


LEAKS = """
Path(folder, ".hidden").touch()
print(Path.cwd())
display(Path.cwd(), Path.home() / "x")
summary["deck"] = f"Made in {Path.cwd()}."
(folder / "findings.json").write_text(json.dumps(findings))
(folder / "observations.csv").write_text(f"survey,file\\ntestland,{Path.cwd()}/a.csv\\n")
"""


def test_what_a_notebook_saves_is_published_scrubbed_and_plain(project: Project) -> None:
    file = project.folder / "notebooks" / "wave_report.ipynb"
    notebook = read_notebook(file)
    notebook.cells[-1].source += LEAKS
    write_notebook(notebook, file)
    made = project.run("report", "testland", "--as-of", "2024-06-01")
    assert made.returncode == 0, made.stderr
    assert "note: testland 2024-06-01: hidden files are not published: .hidden" in made.stderr
    folder = project.folder / "reports" / "testland" / "2024-06-01"
    assert not (folder / ".hidden").exists()
    assert (folder / "observations.csv").read_text() == "survey,file\ntestland,./notebooks/a.csv\n"
    assert "Made in ./notebooks." in (folder / "manifest.json").read_text()
    for published in (file for file in folder.rglob("*") if file.is_file()):
        for private in (str(project.folder), f"{Path.home()}/x"):
            assert private not in published.read_text(), published.name
    assert project.run("verify", str(folder)).returncode == 0


def test_a_disk_error_while_the_page_is_made_is_told_and_publishes_nothing(project: Project) -> None:
    file = project.folder / "notebooks" / "wave_report.ipynb"
    notebook = read_notebook(file)
    notebook.cells[-1].source += '\n(folder / "index.html").mkdir()'
    write_notebook(notebook, file)
    made = project.run("report", "testland", "--as-of", "2024-06-01")
    assert made.returncode == 1
    assert "nothing was published; wave_report.ipynb: Is a directory: index.html" in made.stderr
    assert "Traceback" not in made.stderr
    (kept,) = (project.folder / "reports" / ".failed" / "testland").glob("*/report.ipynb")
    assert kept.relative_to(project.folder).as_posix() in made.stderr
    assert not (project.folder / "reports" / "testland").exists()
