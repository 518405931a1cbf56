"""A notebook of one's own: what it must have is checked before it runs, and what it need not save the run adds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from projects import Project

from groundswell.cli import cli
from groundswell.errors import InputError, RunError
from groundswell.reports.language.language import Language
from groundswell.reports.publish.archive import archive_faults
from groundswell.runs.plan.contract import check_contract
from groundswell.runs.plan.new_notebook import new_notebook as write_new_notebook
from groundswell.runs.plan.notebook import report_notebook
from groundswell.runs.plan.plan import plan_report
from groundswell.runs.run.completed import check_shown, complete
from groundswell.runs.verify.compared_texts import shown_texts

PARAMETERS = 'survey: str = "testland"\nas_of: str | None = None'


def tagged(source: str = PARAMETERS) -> NotebookNode:
    return new_code_cell(source, metadata={"tags": ["parameters"]})


def write(folder: Path, *cells: NotebookNode, **metadata: Any) -> Path:
    """A notebook's file with these cells, as an editor that writes no more than it must would save it."""
    file = folder / "mine.ipynb"
    file.write_text(json.dumps(new_notebook(cells=list(cells), metadata=metadata)), encoding="utf-8")
    return file


def ran(*cells: NotebookNode) -> NotebookNode:
    return new_notebook(cells=list(cells))


def test_a_notebook_without_metadata_keeps_the_contract(tmp_path: Path) -> None:
    file = write(
        tmp_path, new_markdown_cell("# Mine\n\n$x^2$"), tagged(), new_code_cell("%matplotlib inline\nx = 1")
    )
    assert check_contract(report_notebook(file)).name == "mine"


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([new_code_cell("x = 1")], "no cell tagged `parameters`"),
        ([tagged(), tagged()], "got cells 1 and 2: join them"),
        ([tagged('survey: str = "a"')], "cell 1, tagged `parameters`, must declare `as_of`.*add the line"),
        ([tagged("as_of: str | None = None")], "must declare `survey`"),
        ([tagged("survey = 'a'")], "each line of the parameters cell"),
        ([tagged(), new_code_cell("x = (")], "cell 2 is not sound Python: line 1"),
        ([tagged(), new_markdown_cell(r"$\frac{1}$")], "cell 2, Markdown, holds a formula"),
        ([tagged(), new_markdown_cell("![x](https://example.org/x.png)")], "cell 2, Markdown, .*stands elsewhere"),
    ],
)  # fmt: skip
def test_a_notebook_that_breaks_the_contract_is_refused_with_its_cell(
    tmp_path: Path, cells: list[NotebookNode], words: str
) -> None:
    with pytest.raises(InputError, match=f"`mine.ipynb`.*{words}"):
        check_contract(report_notebook(write(tmp_path, *cells)))


def test_the_contract_is_checked_where_a_report_is_planned(project: Project) -> None:
    write(project.folder / "notebooks", tagged(), new_code_cell("x = ("))
    with pytest.raises(InputError, match="cell 2 is not sound Python"):
        plan_report(project.folder, "testland", {"as_of": "2024-06-01"}, "mine")


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}},
        {"language_info": {"name": "julia"}},
    ],
)
def test_a_notebook_of_another_language_is_refused(tmp_path: Path, metadata: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="a report's notebook is of Python"):
        report_notebook(write(tmp_path, tagged(), **metadata))


def test_a_notebook_of_an_older_form_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "old.ipynb"
    file.write_text('{"nbformat": 3, "worksheets": []}', encoding="utf-8")
    with pytest.raises(InputError, match=r"nbformat 3.*save it"):
        report_notebook(file)


def test_a_notebook_that_saves_nothing_gets_its_first_heading_as_headline(tmp_path: Path) -> None:
    cells = [
        new_markdown_cell("Some words"),
        new_markdown_cell("## What *moved*"),
        new_code_cell("1", execution_count=1),
    ]
    complete(ran(*cells), tmp_path, "en")
    found = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    assert found["headline"] == found["summary"]["headline"] == "What moved"
    assert json.loads((tmp_path / "checks.json").read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "cells",
    [
        [new_code_cell("1", execution_count=1)],
        [new_markdown_cell("# Title", metadata={"tags": ["lab-only"]})],
        [new_markdown_cell("# Title"), new_code_cell("exit()", execution_count=1), new_code_cell("report.save()")],
    ],
)  # fmt: skip
def test_no_headline_is_made_up_and_a_run_that_stopped_early_is_no_report(
    tmp_path: Path, cells: list[NotebookNode]
) -> None:
    with pytest.raises(RunError, match="did not save checks"):
        complete(ran(*cells), tmp_path, "en")
    assert list(tmp_path.iterdir()) == []


def test_a_notebook_that_saved_a_part_is_not_completed_behind_its_back(tmp_path: Path) -> None:
    (tmp_path / "findings.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RunError, match="did not save checks"):
        complete(ran(new_markdown_cell("# Title")), tmp_path, "en")


def test_an_output_that_a_page_cannot_hold_is_refused_with_its_cell() -> None:
    widget = new_output(
        "display_data", {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "Slider"}
    )
    cell = new_code_cell("# a slider\nIntSlider()", execution_count=7, outputs=[widget])
    with pytest.raises(RunError, match=r"cell \[7\], `IntSlider\(\)`, shows `application/vnd") as refused:
        check_shown(ran(cell), Language("en"))
    assert refused.value.cell == 7


def test_names_made_by_chance_are_no_difference() -> None:
    def texts(name: str, place: str) -> list[tuple[str, str]]:
        data = {"text/html": f"<table id='T_{name}_row0'>", "text/plain": f"<Styler at 0x{place}>"}
        return list(shown_texts(ran(new_code_cell("x", outputs=[new_output("display_data", data)]))))

    assert texts("0a1b2", "7f00aa") == texts("ffff0", "7f11bb")


def test_new_notebook_keeps_the_contract_and_is_never_written_over(project: Project) -> None:
    file = write_new_notebook(project.folder, "mine")
    notebook = check_contract(report_notebook(file))
    assert 'survey: str = "testland"' in notebook.parameters_cell
    assert "--notebook mine" in notebook.cells[0].source
    for name, words in (("mine", "is there already"), ("../x", "cannot name a notebook")):
        with pytest.raises(InputError, match=words):
            write_new_notebook(project.folder, name)


@pytest.mark.parametrize("given", [[], ["more", "--notebook", "mine"]])
def test_new_takes_a_survey_or_a_notebook(project: Project, given: list[str]) -> None:
    made = CliRunner().invoke(cli, ["--project", str(project.folder), "new", *given])
    assert made.exit_code == 2
    assert "one of the two" in made.stderr


@pytest.mark.kernel
def test_a_new_notebook_becomes_a_dated_report_of_the_archive(project: Project) -> None:
    for number in range(2, 10):
        project.add_wave(number)
    assert (
        CliRunner().invoke(cli, ["--project", str(project.folder), "new", "--notebook", "mine"]).exit_code
        == 0
    )
    made = project.run("report", "testland", "--notebook", "mine", "--as-of", "2025-01-01")
    assert made.returncode == 0, made.stderr
    folder = project.folder / "reports" / "testland" / "2025-01-01~mine"
    page = (folder / "index.html").read_text(encoding="utf-8")
    for part in ('class="plot own', 'class="dataframe"', "<math", "<h1>Anxious mood: ", "1 January 2025"):
        assert part in page, part
    assert {"levels.csv", "waves.csv"} <= {file.name for file in folder.iterdir()}
    assert archive_faults(project.folder / "reports") == {}
    index = (project.folder / "reports" / "testland" / "index.html").read_text(encoding="utf-8")
    assert "2025-01-01~mine" in index
    verified = project.run("verify", "testland/2025-01-01~mine")
    assert verified.returncode == 0, verified.stdout
