"""docs/architecture.md is true: its example runs, its rooms are the rooms, its files offer what they are named for."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

PACKAGE = "src/groundswell"


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "architecture.md").read_text(encoding="utf-8")


def section(page: str, heading: str) -> str:
    return page.partition(f"\n## {heading}\n")[2].split("\n## ")[0]


def rows(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("|---")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def offered(file: Path) -> set[str]:
    """The names that a module defines itself."""
    names: set[str] = set()
    for statement in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign):
            names |= {target.id for target in statement.targets if isinstance(target, ast.Name)}
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            names.add(statement.target.id)
    return names


def check_offered(repository: Path, path: str, name: str) -> None:
    inside = repository / PACKAGE / path
    file = inside if inside.is_file() else repository / path
    assert file.is_file(), f"`{path}` does not exist"
    known = offered(file) if file.suffix == ".py" else file.read_text(encoding="utf-8")
    assert name in known, f"`{path}` does not offer `{name}`"


def test_the_example_runs(page: str, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository)
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    exec(compile("\n".join(blocks), "docs/architecture.md", "exec"), {})


def test_every_room_is_on_the_page_and_every_room_on_it_exists(page: str, repository: Path) -> None:
    named = set(
        re.findall(
            r"^\| (?:\*\*)?`([a-z_/]+?)/?`", section(page, "The five floors and their rooms"), re.MULTILINE
        )
    )
    package = repository / PACKAGE
    modules = [module.parent for module in package.rglob("*.py")]
    folders = {folder.relative_to(package).as_posix() for folder in modules if folder != package}
    assert named == {folder for folder in folders if folder.count("/") < 2}


def test_every_file_that_the_lives_name_exists(page: str, repository: Path) -> None:
    """A path stands for itself; a bare name, or a room's, is looked for where the text has just been."""
    package = repository / PACKAGE
    for heading in ("The life of a published share", "The life of a file of respondents"):
        prose = re.sub(r"^```.*?^```", "", section(page, heading), flags=re.MULTILINE | re.DOTALL)
        folder = package
        for path in re.findall(r"`([a-z_/]+\.py|[a-z_]+/[a-z_/]+)`", prose):
            existing = [near / path for near in (package, folder, folder.parent) if (near / path).exists()]
            assert existing, f"`{path}` does not exist"
            folder = existing[0].parent if path.endswith(".py") else existing[0]


def test_what_is_to_be_touched_is_there(page: str, repository: Path) -> None:
    table = rows(section(page, "To change X, touch Y"))[1:]
    assert len(table) >= 25
    for _, path, name in table:
        check_offered(repository, path.strip("`"), name.strip("`"))


def test_a_newcomer_finds_the_file_and_not_its_near_name(page: str, repository: Path) -> None:
    table = rows(section(page, "A newcomer's questions"))
    questions = [row for row in table if len(row) == 3][1:]
    traps = [row for row in table if len(row) == 4][1:]
    assert (len(questions), len(traps)) == (30, 10)
    for _, path, name in questions:
        check_offered(repository, path.strip("`"), name.strip("`"))
    for _, near, path, name in traps:
        assert near != path
        assert (repository / PACKAGE / near.strip("`")).is_file(), f"`{near}` does not exist"
        check_offered(repository, path.strip("`"), name.strip("`"))
        assert name.strip("`") not in offered(repository / PACKAGE / near.strip("`"))
