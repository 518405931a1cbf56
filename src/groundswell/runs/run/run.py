"""One report made: its notebook run in a kernel, its page drawn, in a folder that is ready to be published."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

from groundswell.errors import GroundswellError, RunError
from groundswell.happenings import tell
from groundswell.reports.evidence.earlier.ledger import link_record
from groundswell.reports.evidence.manifest import Manifest, sealed, write_manifest
from groundswell.reports.language.language import Language
from groundswell.reports.publish.archive import folder_name
from groundswell.reports.publish.assets import shared_script
from groundswell.runs.kernel.cells import read_notebook, scrub, write_notebook
from groundswell.runs.kernel.kernels import LOG_FILE, Kernel
from groundswell.runs.kernel.machine import Machine
from groundswell.runs.kernel.saved import check_size, keep_plain, left_out, scrub_files
from groundswell.runs.plan.manifest import compile_manifest, describe_files
from groundswell.runs.plan.plan import Plan
from groundswell.runs.run.carrying import carry, write_crate
from groundswell.runs.run.completed import check_shown, complete
from groundswell.runs.run.progress import Progress

NOTEBOOK = "notebook.ipynb"
"""The notebook that the kernel runs, in the run's own folder."""

FOLDER_GONE = (
    "it removed or moved the folder in which it was to save the report: leave that folder where it is"
)


@dataclass(frozen=True)
class Stopwatch:
    """Seconds that each stage of a run took."""

    started: float
    times: dict[str, float]

    @classmethod
    def start(cls) -> Stopwatch:
        """A stopwatch that runs from now."""
        return cls(time.perf_counter(), {})

    def lap(self, stage: str) -> None:
        """End a stage: it took what no earlier stage accounts for."""
        passed = time.perf_counter() - self.started - sum(self.times.values())
        self.times[stage] = round(passed, 3)


class HalfRunError(GroundswellError):
    """A notebook that did not come to its end, or saved no report; nothing of it is published.

    `cell` is the number of the cell that raised, None for none. `files` are what is worth keeping.
    """

    def __init__(self, reason: str, cell: int | None, files: Sequence[Path]) -> None:
        super().__init__(reason)
        self.cell = cell
        self.files = tuple(files)


def make_report(
    plan: Plan, inputs: list[dict[str, Any]], revision: int, kernel: Kernel, progress: Progress
) -> Path:
    """Make one report in a kernel that is already starting; return the finished folder. Nothing is written elsewhere.

    `inputs` are the files that decide it, as they were before.

    Raises: HalfRunError where a cell raises, the kernel dies or what was saved is no report; RunError where the inputs
    change meanwhile.
    """
    watch = Stopwatch.start()
    notebook = run_notebook(plan, kernel, progress, watch)
    if plan.inputs() != inputs:
        raise RunError(f"`{plan.survey}`: its files changed while the report was being made; run it again")
    progress.stage("page", 92)
    about = {
        "survey": plan.survey,
        "title": plan.title,
        "as_of": plan.as_of,
        "chosen": dict(plan.chosen),
        "revision": revision,
        "folder": folder_name(plan.name, revision),
        "edition": plan.edition,
        "notebook": plan.notebook.name,
        "notebook_code": {"state": plan.notebook.state, "sha256": plan.notebook.sha256},
        "ledger": link_record(kernel.saves, plan.project, plan.parameters.get("previous")),
        "run": progress.run or None,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    try:
        carried = carry(plan, kernel.saves)
        manifest = compile_manifest(
            inputs=inputs, parameters=plan.parameters, saved=kernel.saves, carried=carried, **about
        )
    except RunError as error:
        raise half_run(plan, kernel, str(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise half_run(plan, kernel, f"what it saved is not a report's: {error}") from error
    try:
        write_page(kernel.saves, notebook, manifest, plan, watch)
    except OSError as error:
        raise half_run(plan, kernel, failed_file(error)) from error
    return kernel.saves


def run_notebook(plan: Plan, kernel: Kernel, progress: Progress, watch: Stopwatch) -> Any:
    """Run the plan's notebook and return it as executed, also written as `report.ipynb` where the kernel
    saves.

    Raises: HalfRunError as `make_report` does.
    """
    from groundswell.runs.kernel.papermill_run.execution import execute

    # The page's libraries take as long to import as a small notebook takes to run: let both happen at once.
    Thread(target=import_module, args=("groundswell.reports.publish.page",), daemon=True).start()
    progress.stage("notebook", 10)
    executed = kernel.saves / "report.ipynb"

    def on_cell(number: int, of: int) -> None:
        if number == 1:
            watch.lap("kernel")
            tell("kernel ready", kernel=kernel.kind, seconds=watch.times["kernel"])
        check_size(kernel.saves, kernel.limits)
        progress.cell(number, of)

    try:
        source = kernel.folder / NOTEBOOK
        plan.notebook.write(source)
        notebook = execute(
            source, executed=executed, parameters=dict(plan.parameters), kernel=kernel, on_cell=on_cell
        )
        watch.lap("notebook")
        kernel.end()
        machine = Machine(plan.project, kernel.folder)
        scrub(notebook, machine)
        if hidden := keep_plain(kernel.saves, kernel.limits):
            progress.remark(left_out(hidden))
        scrub_files(kernel.saves, machine)
    except RunError as error:
        raise half_run(plan, kernel, str(error), cell=error.cell) from error
    except OSError as error:
        gone = not kernel.saves.is_dir()
        raise half_run(plan, kernel, FOLDER_GONE if gone else failed_file(error)) from error
    try:
        complete(notebook, kernel.saves, plan.language)
        check_shown(notebook, Language(plan.language))
    except RunError as error:
        raise half_run(plan, kernel, str(error), cell=error.cell) from error
    return notebook


def failed_file(error: OSError) -> str:
    """What the operating system says went wrong, and with which file where it says that."""
    file = f": {Path(error.filename).name}" if isinstance(error.filename, str) else ""
    return f"{error.strerror or error}{file}"


def half_run(plan: Plan, kernel: Kernel, reason: str, cell: int | None = None) -> HalfRunError:
    """End the kernel; the error says why, and has the half-run notebook, scrubbed, and the log."""
    kernel.end()
    executed = kernel.saves / "report.ipynb"
    files = [executed, kernel.folder / LOG_FILE]
    try:
        if executed.is_file():
            notebook = read_notebook(executed)
            scrub(notebook, Machine(plan.project, kernel.folder))
            write_notebook(notebook, executed)
    except (OSError, ValueError):  # a disk that is full cuts the notebook short
        files = []
    return HalfRunError(reason, cell, files)


def write_page(saved: Path, notebook: Any, manifest: Manifest, plan: Plan, watch: Stopwatch) -> None:
    """Write `index.html`, the executed notebook, the crate and `manifest.json` next to what the notebook saved."""
    from groundswell.reports.publish.page import render_page

    write_notebook(notebook, saved / "report.ipynb")
    (saved / "index.html").write_text(render_page(notebook, manifest, script="shared"), encoding="utf-8")
    (saved / "checks.json").unlink()  # the manifest holds the checks
    write_crate(plan, saved, manifest)
    watch.lap("page")
    files = describe_files((file for file in saved.rglob("*") if file.is_file()), saved)
    assets = [asdict(shared_script())]
    write_manifest(saved, sealed(manifest, times=watch.times, files=files, assets=assets))
