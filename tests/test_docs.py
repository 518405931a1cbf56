"""What the pages name exists: files, commands, options, names in Python, sections that other pages lead to."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import groundswell as gs
from groundswell.cli import cli

REPOSITORY = Path(__file__).resolve().parents[1]
PAGES = [
    REPOSITORY / "README.md",
    REPOSITORY / "CONTRIBUTING.md",
    *sorted((REPOSITORY / "docs").glob("*.md")),
]
WITH_PATHS = re.compile(r"`((?:src|tests|docs|benchmarks|notebooks|surveys)/[\w./-]*\w/?)`")
MODULE = re.compile(r"`((?:cli|waves|estimates|trends|reports|runs|simulate)/[\w/]+\.py)`")
COMMAND = re.compile(r"(?<!import )(?:(?<=[\s/])|^)groundswell ([a-z]+)\b([^\n#|]*)", re.MULTILINE)
INVENTED = ("notebooks/mine", "surveys/my-survey", "surveys/<")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def read(page: Path) -> str:
    """A page with the lines that a backslash continues made one."""
    return page.read_text(encoding="utf-8").replace("\\\n", " ")


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return re.sub(r"^```.*?^```", "", read(page), flags=re.MULTILINE | re.DOTALL)


def code(page: Path) -> str:
    """What a page sets as code, in blocks and between back-ticks, one piece a line."""
    blocks = re.findall(r"^```.*?\n(.*?)^```", read(page), re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`([^`]+)`", prose(page))])


def options(command: click.Command) -> set[str]:
    """Every option of a command, in all its spellings."""
    spellings = {"--help", "-h"}
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            spellings |= {*parameter.opts, *parameter.secondary_opts}
    return spellings


def anchors(page: Path) -> set[str]:
    """The addresses of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in plain}


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """The file and the section, or "", that each link to another place of the project leads to."""
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
        if "://" not in target and not target.startswith("mailto:"):
            file, _, section = target.partition("#")
            yield (page.parent / file if file else page), section


@each_page
def test_links_lead_to_files_and_sections_that_exist(page: Path) -> None:
    for file, section in links(page):
        assert file.exists(), f"{page.name} links to `{file}`"
        assert not section or section in anchors(file), f"{page.name} links to `{file.name}#{section}`"


@each_page
def test_files_that_a_page_names_exist(page: Path) -> None:
    text = read(page)
    for path in WITH_PATHS.findall(text):
        assert path.startswith(INVENTED) or (REPOSITORY / path).exists(), f"{page.name}: `{path}`"
    for path in MODULE.findall(text):
        assert (REPOSITORY / "src" / "groundswell" / path).is_file(), f"{page.name}: `{path}`"
    for path in re.findall(r"python ((?:benchmarks|tests)/\S+\.py)", text):
        assert (REPOSITORY / path).is_file(), f"{page.name}: `{path}`"


@each_page
def test_commands_and_options_that_a_page_shows_exist(page: Path) -> None:
    for name, rest in COMMAND.findall(code(page)):
        assert name in cli.commands, f"{page.name}: `groundswell {name}`"
        known = options(cli.commands[name]) | options(cli)
        for option in re.findall(r"(?<=\s)(--[a-z][a-z-]*|-[a-z])\b", rest):
            assert option in known, f"{page.name}: `groundswell {name} {option}`"


@each_page
def test_options_in_a_table_or_a_sentence_are_options_of_a_command(page: Path) -> None:
    known = set().union(options(cli), *(options(command) for command in cli.commands.values()))
    for option in re.findall(r"`(--[a-z][a-z-]*)[^`]*`", prose(page)):
        assert option in known, f"{page.name}: `{option}`"


@each_page
def test_names_in_python_exist(page: Path) -> None:
    text = read(page)
    for name in re.findall(r"\bgs\.(\w+)", text):
        assert name in gs.__all__, f"{page.name}: `gs.{name}`"
    for dotted in re.findall(r"`(groundswell(?:\.\w+)+)", text):
        module, _, name = dotted.rpartition(".")
        assert hasattr(importlib.import_module(module), name) or importlib.util.find_spec(dotted), dotted


@each_page
def test_targets_of_make_exist(page: Path) -> None:
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    for target in re.findall(r"(?:^|`)make ([a-z][a-z-]*)", read(page), re.MULTILINE):
        assert target in targets, f"{page.name}: `make {target}`"
