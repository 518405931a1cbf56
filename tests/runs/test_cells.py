"""What is said about a failing cell, and that nothing of this machine stays in outputs."""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundswell.runs.kernel.cells import describe_failure, plain, read_notebook, scrub, write_notebook
from groundswell.runs.kernel.machine import Machine

PROJECT = Path("/srv/office/mood")
PIECES = (
    "ipykernel_",
    "ipykernel_1/2.py",
    "/3.py",
    "/tmp/",
    "/",
    "\\",
    "7",
    "é",
    "_",
    ".",
    " ",
    "\n",
    "\u2003",
)
LONG = ("x", "/", "\\", "7", "а", "ipykernel_", "ipykernel_7/", "ipykernel_7/7.p", "\x1b[", " ")
"""What a long output may repeat: no number of times makes a cell's path of it."""


def scrubbed(text: str, project: Path = PROJECT) -> str:
    """`text` as it is archived where a cell has printed it."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("stream", text=text)])]
    notebook.metadata.papermill = {}
    scrub(notebook, Machine(project))
    return str(notebook.cells[0].outputs[0].text)


def seconds(text: str) -> float:
    """Processor time that `text` takes at best, so that a busy machine is no failure."""
    times = []
    for _ in range(3):
        begin = time.process_time()
        scrubbed(text)
        times.append(time.process_time() - begin)
    return min(times)


def test_a_failure_names_cell_first_line_and_exception() -> None:
    source = "\n# what moved\n\nreport.findings()\nreport.headline()"
    assert (
        describe_failure(source, 4, "KeyError", "'x'")
        == "cell [4], `report.findings()`, raised KeyError: 'x'"
    )


@pytest.mark.parametrize("source", ["", "# only a comment", "\n\n"])
def test_a_failure_in_an_empty_cell_can_be_told(source: str) -> None:
    assert describe_failure(source, None, "DeadKernelError", "") == "cell [?], ``, raised DeadKernelError"


def test_plain_text_has_no_control_characters() -> None:
    assert plain("\x1b[0;31mred\x1b[0m\r\x07\nмир\u202e") == "red\nмир"


def test_folders_of_this_machine_are_taken_out(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook()
    cell = "/tmp/ipykernel_1/2.py:3"
    text = f"{tmp_path}/surveys, {tmp_path}, {tmp_path}ish, {sys.prefix}/lib, {Path.home()}/x, {cell}"
    notebook.cells = [nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("stream", text=text)])]
    notebook.metadata.papermill = {"input_path": str(tmp_path), "output_path": str(tmp_path), "duration": 1}
    scrub(notebook, Machine(tmp_path))
    assert notebook.metadata.papermill == {"duration": 1}
    assert notebook.cells[0].outputs[0].text == f"./surveys, ., {tmp_path}ish, <python>/lib, ~/x, <cell>:3"


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_a_cells_path_gives_way_with_everything_before_it_in_its_word(text: str) -> None:
    plainly = re.sub(r"\S*ipykernel_\d+/\d+\.py", "<cell>", text)  # right, and slow: tried at each letter
    assert scrubbed(text) == plainly


@pytest.mark.parametrize("repeated", LONG)
def test_an_output_of_megabytes_without_a_blank_is_scrubbed_in_linear_time(repeated: str) -> None:
    def output(length: int) -> str:
        return repeated * (length // len(repeated))

    begin = time.process_time()
    assert scrubbed(output(60_000)) == output(60_000)
    assert time.process_time() - begin < 1  # the square of 60,000 letters takes four seconds
    assert seconds(output(4_000_000)) < 10 * seconds(output(1_000_000)) + 0.1  # linear: 4 times, a square: 16


def test_long_words_around_a_cells_path_are_scrubbed() -> None:
    assert (
        scrubbed("/" + "x" * 500_000 + "/ipykernel_1/2.py:3 " + "y" * 500_000) == "<cell>:3 " + "y" * 500_000
    )


def test_a_notebook_comes_back_as_it_was_written(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("тревога = 1")])
    write_notebook(notebook, tmp_path / "a.ipynb")
    assert read_notebook(tmp_path / "a.ipynb") == notebook
