"""A published report's notebook run again, and every number that it shows or saves held against the published one."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from groundswell.errors import InputError, RunError
from groundswell.program import MADE_BY, made_by_text
from groundswell.reports.evidence.carried import CRATE, INPUTS
from groundswell.reports.evidence.manifest import MANIFEST, Manifest
from groundswell.runs.kernel.cells import read_notebook, scrub
from groundswell.runs.kernel.kernels import start_kernel
from groundswell.runs.kernel.limits import read_limits
from groundswell.runs.kernel.machine import Machine
from groundswell.runs.kernel.saved import keep_plain, scrub_files
from groundswell.runs.plan.notebook import ReportNotebook
from groundswell.runs.run.completed import complete
from groundswell.runs.verify.check import Check
from groundswell.runs.verify.compared_files import compare_files
from groundswell.runs.verify.compared_texts import TOLERANCE, count_numbers, shown_texts

MOST_NAMED = 3

UNREADABLE = (OSError, ValueError, LookupError, AttributeError, TypeError, RecursionError, InputError)
"""What reading a published file may raise that has not the form which groundswell writes: a copy comes from others."""


def check_numbers(
    manifest: Manifest, folder: Path, project: Path, notebook: Callable[[], ReportNotebook]
) -> Check:
    """Make the report in `folder` again in `project` with the notebook that is given, and compare."""
    read_limits()  # a setting that states none is no difference of the report's
    with tempfile.TemporaryDirectory(prefix="groundswell-verify-") as scratch:
        try:
            made, executed = run_again(manifest, notebook(), project, Path(scratch))
        except (RunError, InputError, OSError, ValueError) as error:
            return Check("numbers", "differs", f"not made again: {error}")
        try:
            pairs = list(_pairs(manifest, folder, made, executed))
        except InputError as error:
            return Check("numbers", "differs", str(error))
        except UNREADABLE as error:
            why = f"what was published cannot be read: {type(error).__name__}, {error}"
            return Check("numbers", "differs", why)
    moved = tuple(
        difference
        for name, published, now in pairs
        for difference in compare_files(name, published=published, made=now)
    )
    if moved:
        more = f"; and {len(moved) - MOST_NAMED:,} more" if len(moved) > MOST_NAMED else ""
        return Check("numbers", "differs", "; ".join(map(str, moved[:MOST_NAMED])) + more, moved)
    numbers = sum(count_numbers(published) for _, published, _ in pairs)
    return Check("numbers", "ok", f"{numbers:,} numbers made again, each within {TOLERANCE:f}")


def run_again(manifest: Manifest, notebook: ReportNotebook, project: Path, scratch: Path) -> tuple[Path, Any]:
    """Run a notebook with the manifest's parameters; the folder where it saved, and the executed notebook."""
    from groundswell.runs.kernel.papermill_run.execution import execute

    source = scratch / "notebook.ipynb"
    notebook.write(source)
    made_by = {MADE_BY: made_by_text(asdict(manifest.code), manifest.packages)}
    survey = project / "surveys" / manifest.survey
    kernel = start_kernel(scratch, notebook.file.parent, survey, told=made_by)
    try:
        executed = kernel.saves / "report.ipynb"
        ran = execute(
            source,
            executed=executed,
            parameters=dict(manifest.parameters),
            kernel=kernel,
            on_cell=lambda *_: None,
        )
    finally:
        kernel.end()
    machine = Machine(project, kernel.folder)
    scrub(ran, machine)
    keep_plain(kernel.saves, kernel.limits)
    scrub_files(kernel.saves, machine)
    complete(ran, kernel.saves, manifest.language)
    return kernel.saves, ran


def _pairs(manifest: Manifest, folder: Path, made: Path, notebook: Any) -> Iterator[tuple[str, str, str]]:
    """Every published text with the one made now: data files, checks, summary, and what each cell shows."""
    for name in sorted(file.path for file in manifest.files if _is_made(file.path)):
        now = (made / name).read_text(encoding="utf-8") if (made / name).is_file() else ""
        yield name, (folder / name).read_text(encoding="utf-8"), now
    checks = json.loads((made / "checks.json").read_text(encoding="utf-8"))
    summary = json.loads((made / "findings.json").read_text(encoding="utf-8"))["summary"]
    for name, published, now in (
        (f"checks of {MANIFEST}", manifest.content.get("checks"), checks),
        (f"summary of {MANIFEST}", manifest.content["report"], summary),
    ):
        yield name, _text(published), _text(now)
    shown, again = list(shown_texts(read_notebook(folder / "report.ipynb"))), list(shown_texts(notebook))
    if [name for name, _ in shown] != [name for name, _ in again]:
        raise InputError("the notebook has other cells, or they show another number of pieces")
    for (name, published), (_, now) in zip(shown, again, strict=True):
        yield name, published, now


def _is_made(path: str) -> bool:
    """Whether a published file is a table or a record that the notebook saved; the run adds some of its own."""
    return Path(path).suffix in (".csv", ".json") and path != CRATE and not path.startswith(f"{INPUTS}/")


def _text(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1)
