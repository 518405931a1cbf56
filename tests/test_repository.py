"""The repository keeps its shape: folders that can be overseen, short modules, contracts of imports without a hole."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

MOST_FILES = 16
MOST_LINES = 400


def modules(repository: Path) -> list[Path]:
    return sorted((repository / "src" / "groundswell").rglob("*.py"))


def test_a_folder_can_be_overseen(repository: Path) -> None:
    for folder in {module.parent for module in modules(repository)}:
        files = [file.name for file in folder.glob("*.py") if file.name != "__init__.py"]
        assert len(files) <= MOST_FILES, f"`{folder}` holds {len(files)} files: make a room of an idea in it"


def test_a_module_can_be_read_at_once(repository: Path) -> None:
    for module in modules(repository):
        lines = len(module.read_text(encoding="utf-8").splitlines())
        assert lines <= MOST_LINES, f"`{module}` has {lines} lines: take its second idea out"


def contracts(repository: Path) -> tuple[dict[str, object], list[dict[str, object]]]:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    linter = project["tool"]["importlinter"]
    return linter, linter["contracts"]


def test_every_floor_and_room_stands_in_a_contract_without_exception(repository: Path) -> None:
    linter, listed = contracts(repository)
    assert not linter.get("exclude_type_checking_imports"), "imports under TYPE_CHECKING count too"
    assert not any("ignore_imports" in contract for contract in listed)
    layered = {contract["containers"][0]: contract for contract in listed if contract["type"] == "layers"}  # type: ignore[index]
    assert all(contract["exhaustive"] for contract in layered.values())
    package = repository / "src" / "groundswell"
    with_rooms = {
        folder.name
        for folder in package.iterdir()
        if any(inner.is_dir() and any(inner.glob("*.py")) for inner in folder.glob("*"))
    }
    assert set(layered) == {"groundswell", *(f"groundswell.{floor}" for floor in with_rooms)}
    assert any(contract["type"] == "acyclic_siblings" for contract in listed)


def test_what_moves_numbers_comes_first_and_nothing_is_said_twice(repository: Path) -> None:
    changelog = (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    assert changelog.startswith("# Changelog\n")
    for version in changelog.split("\n## ")[1:]:
        headings = re.findall(r"^### (.+)$", version, re.MULTILINE)
        assert headings == [heading for heading in ("Changed", "Added", "Fixed") if heading in headings], (
            version[:40]
        )
        lines = [" ".join(line.split()) for line in re.split(r"^- ", version, flags=re.MULTILINE)[1:]]
        assert len(lines) == len(set(lines))
        openings = [" ".join(line.split()[:6]) for line in lines]
        assert sorted(openings) == sorted(set(openings)), "two lines begin alike: is one said twice?"


def test_links_between_pages_lead_somewhere(repository: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    pages = listed.stdout.split() or [
        str(page.relative_to(repository)) for page in repository.glob("docs/**/*.md")
    ]
    for page in pages:
        text = re.sub(r"^```.*?^```", "", (repository / page).read_text(encoding="utf-8"), flags=re.M | re.S)
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if "://" not in target and not target.startswith("mailto:"):
                assert ((repository / page).parent / target).exists(), f"{page} links to `{target}`"
