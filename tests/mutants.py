"""Do the tests notice a changed line? `make mutants` changes the modules where a wrong line would be a wrong sentence.

Two kinds of change, one at a time, each judged by the fast tests of the module alone:

- inside functions, by mutmut: an operator, a number, a text, an argument left out;
- outside of functions, where mutmut does not look: every number (a tenth less, a tenth more), text and truth value of
  a table or a threshold. A table of words whose bounds are loosened must not go unnoticed.

A change that no test notices has survived. A module fails under LEAST. Survivors that change nothing a caller could see
are listed with the reason in docs/studies/mutants.md and do not count; a listed one that survives no more is named.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGE = Path("src/groundswell")
EQUIVALENT = REPOSITORY / "docs" / "studies" / "mutants.md"
COPIED = ("src", "tests", "surveys", "notebooks", "docs", "pyproject.toml", "README.md")
LEAST = 0.90
"""Share of the changes that tests must notice, in every module."""

TARGETS: dict[str, list[str]] = {
    "reports/evidence/told.py": ["tests/reports/test_told.py"],
    "reports/findings/chosen.py": ["tests/reports/test_findings.py"],
    "reports/findings/findings.py": ["tests/reports/test_findings.py"],
    "reports/findings/lone_shares.py": ["tests/reports/test_lone_shares.py"],
    "reports/findings/said.py": ["tests/reports/test_findings.py"],
    "reports/findings/words.py": ["tests/reports/test_findings.py"],
    "reports/language/checks.py": ["tests/reports/test_checks.py"],
    "reports/language/left_out.py": ["tests/reports/test_left_out.py"],
    "reports/language/quality.py": ["tests/reports/test_quality_sentences.py"],
    "reports/publish/archive.py": ["tests/reports/test_archive_reading.py"],
    "runs/kernel/limits.py": ["tests/runs/test_limits.py"],
    "runs/kernel/saved.py": ["tests/runs/test_saved.py"],
    "runs/plan/reasons.py": ["tests/runs/test_reasons.py"],
    "runs/run/failure.py": ["tests/runs/test_failure.py"],
    "trends/answers/segments.py": ["tests/trends/test_segments.py"],
    "trends/compared/chance.py": ["tests/trends/test_chance.py"],
    "trends/compared/comparisons.py": ["tests/trends/test_comparisons.py"],
    "trends/compared/extremes.py": ["tests/trends/test_extremes.py"],
    "trends/compared/pairs.py": ["tests/trends/test_comparisons.py"],
    "trends/compared/stillness.py": ["tests/trends/test_stillness.py"],
    "trends/compared/turning_points.py": ["tests/trends/test_turning_points.py"],
    "trends/data/overlap.py": ["tests/trends/test_overlap.py"],
    "trends/domains/gaps.py": ["tests/trends/test_gaps.py"],
    "trends/model/breaks.py": ["tests/trends/test_segments.py", "tests/trends/test_breaks.py"],
    "trends/model/houses.py": ["tests/trends/test_houses.py"],
    "estimates/of_wave/disclosure_control.py": ["tests/estimates/test_disclosure_control.py"],
    "estimates/of_wave/differencing.py": ["tests/estimates/test_disclosure_control.py"],
    "waves/wave/recode.py": ["tests/waves/test_recode.py"],
    "waves/toplines/cells.py": ["tests/waves/test_topline_cells.py"],
    "waves/toplines/margin_of_error.py": ["tests/waves/test_margin.py"],
    "waves/toplines/row.py": ["tests/waves/test_topline_rows.py"],
    "waves/toplines/between_rows.py": [
        "tests/waves/test_topline_rows.py",
        "tests/waves/test_means_in_surveys.py",
    ],
    "waves/toplines/table.py": ["tests/waves/test_toplines.py"],
    "waves/toplines/twice.py": ["tests/waves/test_twice.py", "tests/waves/test_topline_rows.py"],
    "waves/toplines/summed_answers.py": ["tests/waves/test_topline_waves.py"],
}
"""Module under src/groundswell -> the tests that must notice a change in it: fast, without kernel or browser."""

NOTICED = {"killed", "timeout", "segfault", "suspicious"}
PYTEST = ("-p", "no:cacheprovider", "--hypothesis-seed=0", "-m", "not kernel and not browser and not study")
SECONDS = 300
"""After which the tests of one module count as endless; they take a few seconds."""


class Change(NamedTuple):
    """One changed line: `where` is the function, or `outside` for a table or a threshold; the line before and after."""

    where: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"`{self.where}`: ``{self.before}`` → ``{self.after}``"


class CannotBeJudgedError(Exception):
    """A module whose tests fail, or cannot run, before anything is changed."""


class Outcome(NamedTuple):
    """What became of the changes of one module."""

    made: int
    survivors: list[Change]


def main() -> int:
    """Change the modules asked for, all by default, and print what the tests noticed; 1 where it is too little."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "modules", nargs="*", help="part of a module's path, such as `findings/words`; default: all"
    )
    asked = parser.parse_args().modules
    modules = [module for module in TARGETS if not asked or any(part in module for part in asked)]
    if not modules:
        sys.exit(f"`{' '.join(asked)}` is part of no module in TARGETS; they are: {', '.join(TARGETS)}")
    for module in modules:
        for path in (PACKAGE / module, *TARGETS[module]):
            if not (REPOSITORY / path).exists():
                sys.exit(f"`{path}` does not exist: bring TARGETS in tests/mutants.py up to date")
    results = [judged(module) for module in modules]
    return 0 if all(results) else 1


def judged(module: str) -> bool:
    """Report on one module; one that cannot be judged is named, and the others have their turn."""
    try:
        return report(module)
    except CannotBeJudgedError as error:
        print(f"{module}: cannot be judged\n{error}", flush=True)
        return False


def report(module: str) -> bool:
    """Change one module and print one line, and its survivors; whether enough was noticed."""
    scratch = copied(REPOSITORY / "build" / "mutants")
    inside, outside = changed_inside(scratch, module), changed_outside(scratch, module)
    listed = equivalent_changes(module)
    survivors = [change for change in inside.survivors + outside.survivors if change not in listed]
    harmless = len(inside.survivors) + len(outside.survivors) - len(survivors)
    counted = inside.made + outside.made - harmless
    noticed = (counted - len(survivors)) / counted if counted else 1.0
    verdict = "ok" if noticed >= LEAST else f"under {LEAST:.0%}"
    print(
        f"{module}: {counted - len(survivors)} of {counted} noticed ({noticed:.1%}), "
        f"{len(survivors)} survived, {harmless} change nothing: {verdict}",
        flush=True,
    )
    for change in survivors:
        print(f"  - {change}")
    for change in listed - {*inside.survivors, *outside.survivors}:
        print(f"  no longer a survivor, take it out of {EQUIVALENT.name}: {change}")
    return noticed >= LEAST


def equivalent_changes(module: str) -> set[Change]:
    """The changes of a module that docs/studies/mutants.md lists as changing nothing that a caller could see."""
    text = EQUIVALENT.read_text(encoding="utf-8") if EQUIVALENT.exists() else ""
    _, heading, section = text.partition(f"\n## {module}\n")
    lines = re.findall(r"^- `([^`]+)`: ``(.+?)`` → ``(.*?)``: \S", section.split("\n## ")[0], re.MULTILINE)
    return {Change(*line) for line in lines} if heading else set()


def copied(folder: Path) -> Path:
    """A fresh copy of what the tests need: nothing is ever changed in the repository itself."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    ignored = shutil.ignore_patterns("__pycache__", "*.pyc")
    for name in COPIED:
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=ignored)
        else:
            shutil.copy2(source, folder / name)
    return folder


def changed_inside(scratch: Path, module: str) -> Outcome:
    """Every change that mutmut makes inside the functions of a module."""
    settings = {
        "source_paths": ["src/"],
        "only_mutate": [str(PACKAGE / module)],
        "pytest_add_cli_args": [*PYTEST],
        "timeout_constant": 5.0,  # seconds of grace, so that a busy machine is not taken for an endless loop
        "timeout_multiplier": 4.0,
        "pytest_add_cli_args_test_selection": TARGETS[module],
        "also_copy": [name for name in COPIED if name not in ("src", "tests", "pyproject.toml")],
        "use_git_change_detection": False,
    }
    lines = [f"{key} = {json.dumps(setting)}" for key, setting in settings.items()]
    with (scratch / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.mutmut]\n" + "\n".join(lines) + "\n")
    changed_package = scratch / "mutants" / "src"
    # Before Python starts: it does not look again in a folder that was not there.
    changed_package.mkdir(parents=True)
    environment = {**os.environ, "PYTHONPATH": str(changed_package), "OMP_NUM_THREADS": "1"}

    def mutmut(*arguments: str) -> str:
        run = subprocess.run(
            [sys.executable, "-m", "mutmut", *arguments],
            cwd=scratch,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise CannotBeJudgedError(
                f"`mutmut {' '.join(arguments)}` failed:\n{run.stdout[-3000:]}{run.stderr[-3000:]}"
            )
        return run.stdout

    mutmut("run")
    statuses = dict(re.findall(r"^\s*(\S+): (.+)$", mutmut("results", "--all", "true"), re.MULTILINE))
    survivors = [name for name, status in statuses.items() if status not in NOTICED]
    return Outcome(len(statuses), [shown_change(name, mutmut("show", name)) for name in survivors])


def shown_change(name: str, difference: str) -> Change:
    """A mutant as mutmut shows it, a unified difference, as one line before and after."""
    function = re.sub(r"__mutmut_\d+$", "", name.rsplit(".", 1)[-1])
    function = function.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    lines = [line for line in difference.splitlines() if line[:3] not in ("---", "+++")]
    before, after = (" ".join(line[1:].strip() for line in lines if line[:1] == sign) for sign in "-+")
    return Change(function, before, after)


def changed_outside(scratch: Path, module: str) -> Outcome:
    """Every change of a number, a text or a truth value that stands outside of functions."""
    source = (REPOSITORY / PACKAGE / module).read_text(encoding="utf-8")
    shutil.rmtree(scratch / "mutants", ignore_errors=True)
    copies: SimpleQueue[Path] = SimpleQueue()
    for number in range(os.cpu_count() or 1):
        copy = scratch.with_name(f"mutants-{number}")
        shutil.rmtree(copy, ignore_errors=True)
        copies.put(Path(shutil.copytree(scratch, copy)))

    def noticed(text: str) -> bool:
        copy = copies.get()
        (copy / PACKAGE / module).write_text(text, encoding="utf-8")
        try:
            return not passes(copy, TARGETS[module])
        finally:
            copies.put(copy)

    if noticed(source):
        raise CannotBeJudgedError(f"its tests fail before anything is changed: {' '.join(TARGETS[module])}")
    changes = list(constant_changes(source))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        verdicts = list(pool.map(noticed, [text for _, text in changes]))
    survivors = [change for (change, _), seen in zip(changes, verdicts, strict=True) if not seen]
    return Outcome(len(changes), survivors)


def passes(copy: Path, tests: Sequence[str]) -> bool:
    """Whether the tests pass in a copy of the repository; a run that does not end does not pass."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", *PYTEST, *tests]
    environment = {**os.environ, "PYTHONPATH": str(copy / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        run = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return False
    return run.returncode == 0


def constant_changes(source: str) -> Iterator[tuple[Change, str]]:
    """Each constant outside of functions changed by itself: the line before and after, and the whole changed module."""
    lines = source.splitlines(keepends=True)
    for constant in outside_constants(ast.parse(source)):
        if constant.lineno != constant.end_lineno:
            continue
        line = lines[constant.lineno - 1]
        encoded = line.encode()
        start, end = constant.col_offset, constant.end_col_offset
        for literal in other_literals(constant.value):
            changed = (encoded[:start] + literal.encode() + encoded[end:]).decode()
            text = "".join([*lines[: constant.lineno - 1], changed, *lines[constant.lineno :]])
            yield Change("outside", line.strip(), changed.strip()), text


def outside_constants(tree: ast.Module) -> Iterator[ast.Constant]:
    """The constants of assignments outside of functions, those of classes included; no docstring and no annotation."""
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        statement = waiting.pop(0)
        if isinstance(statement, ast.ClassDef):
            waiting += statement.body
        elif isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            inside_texts = {
                id(part)
                for node in ast.walk(statement.value)
                if isinstance(node, ast.JoinedStr)
                for part in ast.walk(node)
            }
            for node in ast.walk(statement.value):
                if isinstance(node, ast.Constant) and id(node) not in inside_texts:
                    yield node


def other_literals(constant: object) -> list[str]:
    """Python literals for what a constant might wrongly have been: a tenth less and more, one more, another text."""
    if isinstance(constant, bool):
        return [repr(not constant)]
    if isinstance(constant, int):
        step = max(1, abs(constant) // 10)
        return [repr(constant - step), repr(constant + step)]
    if isinstance(constant, float):
        return [f"{constant * 0.9:.12g}", f"{constant * 1.1:.12g}"] if constant else ["0.1"]
    if isinstance(constant, str):
        return [repr(f"XX{constant}XX")]
    return []


if __name__ == "__main__":
    sys.exit(main())
