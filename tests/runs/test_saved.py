"""What a notebook saves is published as plain files that name nothing of this machine."""

from __future__ import annotations

import json
import os
import shutil
import socket
import stat
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import nbformat
import pandas as pd
import pytest

import groundswell
from groundswell.errors import RunError
from groundswell.runs.kernel import saved as kernel_saved
from groundswell.runs.kernel.cells import scrub
from groundswell.runs.kernel.kernels import TEMPORARY, _environment
from groundswell.runs.kernel.limits import read_limits
from groundswell.runs.kernel.machine import Machine
from groundswell.runs.kernel.saved import check_size, keep_plain, left_out, scrub_files
from groundswell.runs.run.progress import BatchProgress
from groundswell.runs.run.run import HalfRunError, Stopwatch, run_notebook

if TYPE_CHECKING:
    from groundswell.runs.kernel.kernels import Kernel
    from groundswell.runs.plan.plan import Plan

LIMITS = read_limits({})
PROJECT = Path("/srv/büro & co/mood")
MACHINE = Machine(PROJECT, Path("/srv/büro & co/mood/reports/.staging/x1/1"))


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    folder = tmp_path / "report"
    (folder / "tables").mkdir(parents=True)
    (folder / "findings.json").write_text("{}")
    (folder / "tables" / "a.csv").write_text("a\n1\n")
    return folder


def test_plain_files_in_folders_stay(saved: Path) -> None:
    before = sorted(saved.rglob("*"))
    assert keep_plain(saved, LIMITS) == []
    assert sorted(saved.rglob("*")) == before


def bind(place: Path) -> None:
    os.chdir(place.parent)  # a socket's path is short
    socket.socket(socket.AF_UNIX).bind(place.name)


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("a symbolic link", lambda place: place.symlink_to("/etc/hostname")),
        ("a symbolic link", lambda place: place.symlink_to("/etc")),
        ("a symbolic link", lambda place: place.symlink_to("nowhere")),
        ("a pipe", os.mkfifo),
        ("a socket", bind),
        ("a second name of another file", lambda place: place.hardlink_to(place.parent / "a.csv")),
    ],
)
def test_what_is_no_plain_file_is_refused_by_name(
    saved: Path, monkeypatch: pytest.MonkeyPatch, kind: str, make: object
) -> None:
    monkeypatch.chdir(saved)
    assert callable(make)
    make(saved / "tables" / "odd")
    with pytest.raises(RunError, match=rf"`tables/(odd|a.csv)`, {kind}"):
        keep_plain(saved, LIMITS)


def test_a_link_in_the_place_of_the_folder_is_refused(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(saved)
    with pytest.raises(RunError, match=r"^it replaced the folder in which it was to save the report$"):
        keep_plain(tmp_path / "link", LIMITS)


def test_hidden_files_are_left_out_and_named(saved: Path) -> None:
    (saved / ".token").write_text("secret")
    (saved / ".ipynb_checkpoints").mkdir()
    (saved / ".ipynb_checkpoints" / "a.ipynb").write_text("{}")
    hidden = keep_plain(saved, LIMITS)
    assert hidden == [".ipynb_checkpoints/a.ipynb", ".token"]
    assert {file.name for file in saved.rglob("*") if file.is_file()} == {"findings.json", "a.csv"}
    assert left_out(hidden) == "hidden files are not published: .ipynb_checkpoints/a.ipynb, .token"
    assert left_out([*"abcde"]) == "hidden files are not published: a, b, c, d, e"
    assert left_out([*"abcdefgh"]).endswith("a, b, c, d, e and 3 more")


def test_every_kind_of_entry_that_is_refused_is_named_with_the_way_out(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kinds that a user may not make are told from the mode alone."""
    for kind, mode in (("a device", stat.S_IFBLK), ("a device", stat.S_IFCHR), ("a socket", stat.S_IFSOCK)):
        state = os.stat_result((mode | 0o644, *[1] * 9))
        monkeypatch.setattr(kernel_saved, "_entries", lambda _folder, state=state: [(saved / "x", state)])
        with pytest.raises(RunError) as told:
            keep_plain(saved, LIMITS)
        assert str(told.value) == f"it saved `x`, {kind}; a report holds plain files: save a copy"


def test_too_much_is_refused_where_files_are_kept(saved: Path) -> None:
    with pytest.raises(RunError, match="it saved 2 files"):
        keep_plain(saved, replace(LIMITS, saved_files=1))


def test_a_name_that_cannot_be_printed_is_refused(saved: Path) -> None:
    (saved / "a\nb.csv").touch()
    with pytest.raises(RunError, match=r"'a\\nb.csv'; a file of a report has a name that can be printed"):
        keep_plain(saved, LIMITS)


def test_too_many_files_and_too_large_ones_are_refused_by_their_setting(saved: Path) -> None:
    check_size(saved, replace(LIMITS, saved_files=2))
    with pytest.raises(RunError, match=r"^it saved 2 files; `GROUNDSWELL_SAVED_FILES` allows 1 in a report$"):
        check_size(saved, replace(LIMITS, saved_files=1))
    (saved / "large").write_bytes(bytes(2_000_000))
    with pytest.raises(RunError, match=r"^it saved 2MB; `GROUNDSWELL_SAVED_SIZE` allows 1MB in a report$"):
        check_size(saved, replace(LIMITS, saved=1e6))
    check_size(saved, replace(LIMITS, saved=2_000_006))
    with pytest.raises(RunError):
        check_size(saved, replace(LIMITS, saved=2_000_005))


PLACES = {
    f"{PROJECT}/surveys/a.csv": "./surveys/a.csv",
    f"PosixPath('{PROJECT}')": "PosixPath('.')",
    f"in {PROJECT}.": "in ..",
    f"in {PROJECT}/reports/.staging/x1/1/tmp/a": "in <run>/tmp/a",
    f"{sys.prefix}/lib/x.py": "<python>/lib/x.py",
    f"{Path(groundswell.__file__).parent}/errors.py": "<groundswell>/groundswell/errors.py",
    f"{Path.home()}/x": "~/x",
    "file:///home/olga.petrova/mood/x.sav": "file://~/mood/x.sav",
    "/Users/ivan": "~",
    "\x1b[32m/home/olga/x.py\x1b[0m": "\x1b[32m~/x.py\x1b[0m",
}
KEPT = (
    "https://example.org/home/news",
    "https://example.org/root/usr/x",
    "/tmp/x",
    f"{PROJECT}ish/x",
    f"{PROJECT}-2/x",
    "at home/olga",
)


@pytest.mark.parametrize("text", PLACES)
def test_a_folder_of_this_machine_becomes_a_word(text: str) -> None:
    assert MACHINE.without_folders(text) == PLACES[text]
    assert MACHINE.without_folders(f"see {text}\n{text}") == f"see {PLACES[text]}\n{PLACES[text]}"


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_folder_of_this_machine_stays(text: str) -> None:
    assert MACHINE.without_folders(text) == text


@pytest.mark.parametrize("text", PLACES)
def test_json_stays_json_and_says_the_same_without_the_folder(text: str) -> None:
    content = {"a": f"line\n{text}", "b": [text]}
    for written in (
        json.dumps(content),
        json.dumps(content, ensure_ascii=False),
        pd.Series(content).to_json(),
    ):
        read = json.loads(MACHINE.without_folders(written))
        assert read == {"a": f"line\n{PLACES[text]}", "b": [PLACES[text]]}


def test_a_link_to_the_project_is_known_as_well(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "link").symlink_to("project")
    assert Machine(tmp_path / "link").without_folders(f"{tmp_path}/project/x {tmp_path}/link/y") == "./x ./y"


def test_every_kind_of_output_is_scrubbed_and_code_is_not() -> None:
    secret = f"{PROJECT}/x"
    data = {
        "text/plain": secret,
        "text/html": f"<p>{secret.replace('&', '&amp;')}</p>",
        "image/svg+xml": f"<svg>{secret.replace('&', '&amp;')}</svg>",
        "application/json": {"deep": [{"er": secret}]},
        "image/png": "aGVsbG8=",
    }
    error = nbformat.v4.new_output("error", ename="E", evalue=secret, traceback=[secret])
    outputs = [
        nbformat.v4.new_output("display_data", data=data, metadata={"from": secret}),
        nbformat.v4.new_output("execute_result", data={"text/plain": secret}),
        nbformat.v4.new_output("stream", text=secret),
        error,
    ]
    cell = nbformat.v4.new_code_cell("open('/home/olga/a')", outputs=outputs, metadata={"note": secret})
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"papermill": {"exception": secret}})
    scrub(notebook, MACHINE)
    written = json.dumps(notebook, ensure_ascii=False)
    assert "srv" not in written
    assert written.count("./x") == 11
    assert notebook.cells[0].source == "open('/home/olga/a')"
    assert notebook.cells[0].outputs[0].data["application/json"] == {"deep": [{"er": "./x"}]}
    nbformat.validate(notebook)


def test_files_of_text_are_scrubbed_and_others_refused(saved: Path) -> None:
    (saved / "tables" / "a.csv").write_bytes(f"file\r\n{PROJECT}/a\r\n".encode())
    (saved / "picture.png").write_bytes(b"\x89PNG\xff\x00")
    scrub_files(saved, MACHINE)
    assert (saved / "tables" / "a.csv").read_bytes() == b"file\r\n./a\r\n"
    assert (saved / "picture.png").read_bytes() == b"\x89PNG\xff\x00"
    (saved / "rows.parquet").write_bytes(b"PAR1\xff" + f"{PROJECT}/a".encode())
    with pytest.raises(RunError, match=r"`rows.parquet`, which names a folder of this machine"):
        scrub_files(saved, MACHINE)


@pytest.mark.parametrize("repeated", ["/", "/home", f"{PROJECT}", "\\/", "/srv/b", "/home/a.", "<div>"])
def test_scrubbing_is_linear(repeated: str) -> None:
    def seconds(length: int) -> float:
        text = repeated * (length // len(repeated))
        times = []
        for _ in range(3):
            begin = time.process_time()
            MACHINE.without_folders(text)
            times.append(time.process_time() - begin)
        return min(times)

    assert seconds(800_000) < 10 * seconds(200_000) + 0.1  # linear: 4 times, a square: 16


def test_a_temporary_folder_of_ones_own_is_taken_out() -> None:
    assert tempfile.gettempdir().count("/") > 1
    assert Machine(PROJECT).without_folders(f"{tempfile.gettempdir()}/x") == "<temporary>/x"


@pytest.mark.parametrize("coding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_folder_is_found_in_what_is_not_text_in_letters_of_one_byte_or_two(coding: str) -> None:
    assert Machine(PROJECT).named_in(f"saved in {PROJECT}/a.csv".encode(coding))
    assert not Machine(PROJECT).named_in("saved in ./a.csv".encode(coding))


def test_every_folder_that_a_kernel_is_told_of_its_run_has_a_word() -> None:
    run = PROJECT / "reports" / ".staging" / "x" / "1"
    told = _environment(run, PROJECT / "surveys" / "mood")
    words = {name: Machine(PROJECT, run).without_folders(told[name]) for name in ("IPYTHONDIR", "TMPDIR")}
    assert words == {"IPYTHONDIR": "<run>/ipython", "TMPDIR": f"<run>/{TEMPORARY}"}


def test_a_notebook_that_takes_the_runs_folder_away_is_named_for_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def execute(*_: object, **__: object) -> None:
        shutil.rmtree(tmp_path / "report")
        raise FileNotFoundError(2, "No such file or directory", "report.ipynb")

    monkeypatch.setattr("groundswell.runs.kernel.papermill_run.execution.execute", execute)
    (tmp_path / "report").mkdir()
    kernel = SimpleNamespace(folder=tmp_path, saves=tmp_path / "report", limits=LIMITS, end=lambda: None)
    notebook = SimpleNamespace(file=tmp_path / "a.ipynb", write=lambda _: None)
    plan = SimpleNamespace(
        project=tmp_path,
        reports=tmp_path,
        survey="testland",
        name="2024-06-01",
        notebook=notebook,
        parameters={},
    )
    with (
        BatchProgress("nothing").report("testland") as progress,
        pytest.raises(HalfRunError, match=r"it removed or moved the folder .*: leave that folder where"),
    ):
        run_notebook(cast("Plan", plan), cast("Kernel", kernel), progress, Stopwatch.start())
