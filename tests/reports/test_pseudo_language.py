"""No page says anything that a catalogue does not hold: every kind of page in a language that nobody speaks."""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from pseudo import CODE, OwnTexts, Spoken, texts_in, write_catalogue
from traitlets.config import Config

from groundswell.program import describe_packages
from groundswell.reports.evidence.manifest import sealed, write_manifest
from groundswell.reports.language import catalogue as catalogues
from groundswell.reports.publish.card import card_page
from groundswell.reports.publish.index.archive_pages import rebuild_index
from groundswell.reports.publish.page import render_page
from groundswell.runs.plan.manifest import compile_manifest, describe_files
from groundswell.waves import Survey, load_survey, read_toplines
from groundswell.waves.surveys.margins import margin_table
from groundswell.waves.wave.waves_of_survey import load_waves

NAMES = [
    "groundswell",
    "wave_report",
    "wave_profile",
    "calibration",
    "sha256",
    "JSON",
    "Python",
    "Census/NCHS",
]


@dataclass(frozen=True)
class Made:
    """What was made of one notebook: its page, its page for mail, its card, and its folder in the archive."""

    page: str
    mail: str
    card: str
    folder: Path


class Maker:
    """Runs the bundled notebooks in this process, in the language that nobody speaks."""

    def __init__(self, repository: Path, reports: Path, shell: InteractiveShell) -> None:
        self.repository, self.reports, self.shell = repository, reports, shell

    def make(self, monkeypatch: pytest.MonkeyPatch, survey: str, notebook: str, **given: Any) -> Made:
        """One report, published into the archive."""
        record = load_survey(self.repository / "surveys" / survey)
        edition = "" if notebook == "wave_report" else notebook
        name = f"{given['as_of']}~{edition}" if edition else given["as_of"]
        folder = self.reports / survey / name
        folder.mkdir(parents=True)
        monkeypatch.setenv("GROUNDSWELL_RUN_FOLDER", str(folder))
        parameters = {"survey": survey, "language": CODE} | given
        executed = self.run(notebook, parameters)
        code = {"state": "not under version control" if edition else "edited", "sha256": "0" * 64}
        about = {"survey": survey, "title": record.title, "as_of": given["as_of"], "revision": 1, "folder": name,
                 "edition": edition, "notebook": notebook, "notebook_code": code, "chosen": given,
                 "created": "2026-01-01T00:00:00+00:00"}  # fmt: skip
        inputs = describe_files([record.folder / "survey.toml"], record.folder)
        spoken_by_the_survey = parameters | {"language": None}
        manifest = compile_manifest(inputs=inputs, parameters=spoken_by_the_survey, saved=folder, **about)
        pages = [render_page(executed, manifest, script=script) for script in ("shared", "inside")]
        (folder / "index.html").write_text(pages[0], encoding="utf-8")
        write_manifest(folder, sealed(manifest, files=describe_files(folder.iterdir(), folder)))
        return Made(pages[0], pages[1], card_page(manifest), folder)

    def run(self, name: str, parameters: dict[str, Any]) -> Any:
        """The bundled notebook as executed."""
        notebook = nbformat.read(self.repository / "notebooks" / f"{name}.ipynb", as_version=4)
        self.shell.reset(new_session=False)
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            own = "".join(f"\n{key} = {value!r}" for key, value in parameters.items())
            source = cell.source + own if "parameters" in cell.metadata.get("tags", ()) else cell.source
            with capture_output() as captured:
                self.shell.run_cell(source).raise_error()
            cell.outputs = [
                nbformat.v4.new_output("display_data", data=dict(output.data), metadata=dict(output.metadata))
                for output in captured.outputs
            ]
        return notebook


@pytest.fixture(scope="module")
def monkey() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def maker(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, monkey: pytest.MonkeyPatch
) -> Iterator[Maker]:
    locale = tmp_path_factory.mktemp("locale")
    write_catalogue(locale)
    monkey.setattr(catalogues, "CATALOGUES", locale)
    monkey.chdir(repository)
    config = Config()
    config.HistoryManager.enabled = False
    monkey.setitem(sys.modules, "__main__", sys.modules["__main__"])  # IPython puts its own there, for good
    shell = InteractiveShell.instance(config=config)
    yield Maker(repository, tmp_path_factory.mktemp("reports"), shell)
    InteractiveShell.clear_instance()


@pytest.fixture(scope="module")
def made(maker: Maker, monkey: pytest.MonkeyPatch) -> dict[str, Made]:
    """Reports of surveys of every kind: the first and a later one, how forecasts held, broken wordings, respondents,
    and a profile."""
    first = maker.make(monkey, "russia-mood", "wave_report", as_of="2024-12-31", indicator="anxiety")
    later = maker.make(monkey, "russia-mood", "wave_report", as_of="2025-12-31", previous=str(first.folder))
    held = maker.make(monkey, "russia-mood", "calibration", as_of="2025-12-31", newest=str(later.folder))
    return {
        "first": first,
        "calibration": held,
        "later": later,
        "broken": maker.make(monkey, "us-household-pulse", "wave_report", as_of="2024-12-31"),
        "respondents": maker.make(monkey, "simulated-panel", "wave_report", as_of="2024-12-31"),
        "profile": maker.make(monkey, "simulated-panel", "wave_profile", as_of="2024-12-31", wave="wave-12"),
    }


@pytest.fixture(scope="module")
def own(repository: Path) -> OwnTexts:
    """What the surveys' authors wrote, and names."""
    texts = list(NAMES)
    for name in ("russia-mood", "us-household-pulse", "simulated-panel"):
        texts += own_texts(load_survey(repository / "surveys" / name))
    return OwnTexts([*texts, *(f"{name} {version}" for name, version in describe_packages().items())])


def own_texts(survey: Survey) -> Iterator[str]:
    """Every text of a survey's files, and its keys as a page shows them."""
    waves = load_waves(survey)
    keys = [key for indicator in survey.indicators.values() for key in indicator.variants]
    yield from texts_in(survey)
    yield from (key.removeprefix(f"{house}-").replace("-", " ") for key in keys for house in survey.houses)
    toplines = read_toplines(survey)
    for column in ("source_title", "note", "mode", "category"):
        yield from toplines[column].dropna().astype(str)
    for wave in waves:
        yield from texts_in(wave)
    yield from margin_table(survey.folder)["source"]


def leaks(page: str, own: OwnTexts) -> list[str]:
    found = []
    for text in Spoken(page).texts:
        plain = re.sub(r"[\w./-]+\.(csv|json|ipynb|toml|html|py|sav|parquet)\b|\b[0-9a-f]{12,}\b", " ", text)
        if own.leftover(plain):
            found.append(f"{own.leftover(plain)}  <-  {text[:160]}")
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("kind", ["first", "later", "broken", "respondents", "profile"])
def test_a_report_says_nothing_but_what_its_catalogue_holds(
    made: dict[str, Made], own: OwnTexts, kind: str
) -> None:
    page = made[kind].page
    assert page.count("⟦") > 100
    assert leaks(page, own) == []


def test_the_copy_for_mail_and_the_card_say_nothing_else(made: dict[str, Made], own: OwnTexts) -> None:
    for each in made.values():
        assert leaks(each.card, own) == []
    assert leaks(made["later"].mail, own) == []


def test_the_archive_s_pages_say_nothing_else(made: dict[str, Made], own: OwnTexts, maker: Maker) -> None:
    pages = [page for page in rebuild_index(maker.reports) if page.suffix == ".html"]
    assert len(pages) == 7
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "⟦" in text
        assert leaks(text, own) == [], page
    feed = ElementTree.parse(maker.reports / "feed.xml").getroot()
    titles = [text for part in feed.iter() if part.tag.endswith(("title", "summary")) and (text := part.text)]
    assert len(titles) >= 6
    assert [text for text in titles if own.leftover(text)] == []


def test_an_empty_archive_says_nothing_else(maker: Maker, own: OwnTexts, tmp_path: Path) -> None:
    from groundswell.reports.html.markup import fill
    from groundswell.reports.language.language import Language

    values = {"surveys": [], "total": 0, "palette": ""}
    assert leaks(str(fill("archive_index.html.j2", Language(CODE), values)), own) == []


def test_what_is_kept_for_machines_has_codes_and_the_reader_s_sentences(
    made: dict[str, Made], own: OwnTexts
) -> None:
    for name in ("first", "broken", "respondents"):
        manifest = json.loads((made[name].folder / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["language"] == CODE
        for check in manifest["checks"]:
            assert set(check) == {"code", "indicator", "verdict", "values", "sentence"}
            assert not own.leftover(check["sentence"])
        assert not own.leftover(manifest["report"]["headline"])


@pytest.mark.parametrize(
    "page",
    [
        "<p>Anxiety fell</p>",
        '<p aria-label="Anxiety fell">⟦ƒéļļ⟧</p>',
        '<meta name="description" content="Anxiety fell">',
        '<script type="application/json">{"data": [{"text": ["<b>Anxiety fell</b>"]}]}</script>',
        '<a href="data:text/csv;charset=utf-8,⟦ŵåṽé⟧,Anxiety fell">⟦ÇŠṼ⟧</a>',
    ],
)
def test_a_sentence_outside_the_catalogue_would_be_found_wherever_it_stands(page: str) -> None:
    assert leaks(page, OwnTexts(["Anxiety"])) == [
        f"fell  <-  {text}" for text in Spoken(page).texts if "fell" in text
    ]
    assert any("fell" in text for text in Spoken(page).texts)
    assert leaks(page.replace("fell", "⟦ƒéļļ⟧"), OwnTexts(["Anxiety"])) == []


WORDS = re.compile(r"[A-Za-z]{3,} [a-z]{2,}")
SAID = ("say", "mark", "count", "InputError")
NO_WORDS = re.compile("[<{;]|^img-src|^groundswell [a-z]+ [A-Z]")
"""Markup, style and commands, which also hold blanks."""
CODES = ("not stated", "not applicable", "exit code ")


def codes(tree: ast.AST) -> set[str]:
    """The texts that a module's types allow: codes, which stand for something and are not shown."""
    literals = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal"
    ]
    members = [
        inner for node in literals for inner in ast.walk(node.slice) if isinstance(inner, ast.Constant)
    ]
    return {member.value for member in members if isinstance(member.value, str)}


NOT_ON_A_PAGE = ("publish/crate.py", "own/outputs.py", "own/clean_html.py")
"""Modules whose sentences are for machines, or ways out that errors name."""


def unsaid(tree: ast.AST, known_codes: Collection[str] = CODES) -> Iterator[str]:
    """Texts of several words in a module that are no docstring, no error, no code and no message of the catalogue."""
    known: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise | ast.Assert):
            known |= {id(inner) for inner in ast.walk(node)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            known.add(id(node.value))
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            known |= {id(given) for given in node.args} if name in SAID else set()
            known |= {id(given.value) for given in node.keywords if given.arg == "custom_error_message"}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or id(node) in known:
            continue
        if WORDS.search(node.value) and not NO_WORDS.search(node.value) and node.value not in known_codes:
            yield node.value


def test_no_module_of_the_reports_holds_a_sentence_that_no_catalogue_can_translate() -> None:
    """Pages in states that no bundled survey shows: what is written in the code is said through the catalogue."""
    modules = list(Path(catalogues.__file__).parents[1].rglob("*.py"))
    assert len(modules) > 40
    trees = {str(file): ast.parse(file.read_text(encoding="utf-8")) for file in modules}
    known = set(CODES).union(*map(codes, trees.values()))
    found = {
        name: list(unsaid(tree, known)) for name, tree in trees.items() if not name.endswith(NOT_ON_A_PAGE)
    }
    assert {name: texts for name, texts in found.items() if texts} == {}
    assert list(unsaid(ast.parse("words = f'The {n} waves moved'; say('The level fell')"))) == [
        " waves moved"
    ]


def test_no_template_holds_a_word_outside_the_catalogue() -> None:
    templates = list(Path(catalogues.__file__).parents[1].rglob("*.j2"))
    assert len(templates) > 10
    for file in templates:
        text = re.sub(
            r"<style>.*?</style>|<code>.*?</code>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL
        )
        text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", " ", text, flags=re.DOTALL)
        words = re.findall("[A-Za-z]{2,}", re.sub(r"<[^>]*>", " ", text))
        assert set(words) <= {"groundswell", "JSON"}, file.name
