"""The Python on README and in docs: it runs in the project, passes a user's mypy, and says true numbers."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import groundswell as gs

PAGES = ("README.md", "docs/estimate.md", "docs/trend.md", "docs/own-notebooks.md")
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LEVEL = re.compile(r"^# (\d{4}-\d\d-\d\d) +([\d.]+) +([\d.]+) +([\d.]+)$", re.MULTILINE)
NAMES = re.compile(r"`gs` has (\d+) names")


def python_on(page: Path) -> str:
    """All the Python of a page, as one who copies it from top to bottom gets it."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    assert blocks, f"`{page}` shows no Python"
    return "\n".join(blocks)


def run(page: str, repository: Path) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(compile(python_on(repository / page), page, "exec"), names)
    return names


@pytest.mark.parametrize("page", PAGES)
def test_the_python_of_a_page_runs(page: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    assert run(page, repository)["gs"] is gs


@pytest.fixture
def a_users_python(tmp_path: Path) -> Path:
    """An interpreter of its own in which groundswell, and what it stands on, is installed like any other package."""
    venv.create(tmp_path / "venv", symlinks=True)
    (site,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    package = Path(gs.__file__).parent.parent
    (site / "installed.pth").write_text(f"{package}\n{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return tmp_path / "venv" / "bin" / "python"


def test_the_python_of_every_page_passes_a_users_mypy(
    repository: Path, tmp_path: Path, a_users_python: Path
) -> None:
    """Strict, on files of their own; without `py.typed` the package would not be read, and a wrong call would pass."""
    if importlib.util.find_spec("mypy") is None:
        pytest.skip("needs mypy, which is not installed here")
    own = tmp_path / "own"
    own.mkdir()
    for page in PAGES:
        name = page.replace("/", "_").removesuffix(".md").lower()
        (own / f"{name}.py").write_text(python_on(repository / page), encoding="utf-8")
    for name, strata in (("right", '"stratum"'), ("wrong", "1")):
        code = f"import groundswell as gs\n\ngs.Design(strata={strata})\n"
        (own / f"{name}.py").write_text(code, encoding="utf-8")
    cache = repository / ".mypy_cache" / "examples"
    options = ["--strict", "--config-file=", f"--cache-dir={cache}", f"--python-executable={a_users_python}"]
    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "."],
        cwd=own,
        env={name: value for name, value in os.environ.items() if name not in ("MYPYPATH", "PYTHONPATH")},
        capture_output=True,
        text=True,
        check=False,
    )
    faults = [line for line in checked.stdout.splitlines() if ": error: " in line]
    assert [line for line in faults if not line.startswith("wrong.py:3:")] == [], checked.stdout
    assert "arg-type" in "".join(faults), checked.stdout + checked.stderr


def test_the_numbers_on_the_readme_are_those_of_the_report(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    gs.open_report("russia-mood", as_of="2025-12-31").save(tmp_path)
    published = pd.read_csv(tmp_path / "trend.csv").set_index(["indicator", "date"])
    shown = LEVEL.findall(python_on(repository / "README.md"))
    assert len(shown) == 2
    for day, *numbers in shown:
        level = published.loc[("anxiety", day), ["share", "low95", "high95"]]
        assert [f"{number:.3f}" for number in level] == numbers


def test_the_readme_counts_the_names_right(repository: Path) -> None:
    (count,) = NAMES.findall((repository / "README.md").read_text(encoding="utf-8"))
    assert int(count) == len([name for name in dir(gs) if name != "__version__"])
