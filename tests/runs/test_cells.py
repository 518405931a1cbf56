"""What is said about a failing cell, and that nothing of this machine stays in outputs."""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
import pytest

from groundswell.runs.kernel.cells import describe_failure, plain, read_notebook, scrub, write_notebook


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
    scrub(notebook, tmp_path)
    assert notebook.metadata.papermill == {"duration": 1}
    assert notebook.cells[0].outputs[0].text == f"./surveys, ., {tmp_path}ish, <python>/lib, ~/x, <cell>:3"


def test_a_notebook_comes_back_as_it_was_written(tmp_path: Path) -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("тревога = 1")])
    write_notebook(notebook, tmp_path / "a.ipynb")
    assert read_notebook(tmp_path / "a.ipynb") == notebook
