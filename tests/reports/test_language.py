"""Reports in another language: the catalogue is whole, its placeholders hold, numbers and dates follow the locale."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
from babel.dates import format_date
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from groundswell.errors import InputError
from groundswell.estimates.of_wave.sample import BASE, OWN, RAKED
from groundswell.reports.language import catalogue as catalogues
from groundswell.reports.language import marked_words as lower_words
from groundswell.reports.language.catalogue import CATALOGUES, languages
from groundswell.reports.language.dates import PATTERNS
from groundswell.reports.language.language import Language
from groundswell.runs.plan.parameters import CHOICES
from groundswell.trends.answers.diagnostics import Verdict
from groundswell.waves import CERTAINTIES

KEYWORDS = {"say": None, "mark": None, "count": (1, 2)}
BRACKETS = re.compile(r"\{\w+\}|\[|\]")


def said() -> set[str | tuple[str, ...]]:
    """Every message that the code and the templates of the pages hold."""
    with (CATALOGUES / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(CATALOGUES.parents[1]), methods, options, KEYWORDS)
    return {message for _, _, message, _, _ in found}


def test_no_message_escapes_the_catalogue() -> None:
    held = {message if isinstance(message, str) else message[0] for message in said()}
    for module in CATALOGUES.parents[1].rglob("*.py"):
        for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not call.args:
                continue
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            written = [part.value for part in ast.walk(call.args[0]) if isinstance(part, ast.Constant)]
            lost = [
                text for text in written if name in KEYWORDS and isinstance(text, str) and text not in held
            ]
            assert lost == [], f"{module}:{call.lineno}"


@pytest.fixture(scope="module")
def russian() -> Catalog:
    with (CATALOGUES / "ru" / "LC_MESSAGES" / "groundswell.po").open("rb") as file:
        return read_po(file, locale="ru")


def translated(catalogue: Catalog) -> Iterator[tuple[Message, tuple[str, ...]]]:
    for message in catalogue:
        if message.id:
            yield message, message.string if isinstance(message.string, tuple) else (message.string,)


def test_the_russian_catalogue_holds_every_message_and_no_other(russian: Catalog) -> None:
    kept = {message.id for message, _ in translated(russian)}
    messages = said()
    assert len(messages) > 200
    assert sorted(map(str, messages - kept)) == [], "run `make messages` and translate what is empty"
    assert sorted(map(str, kept - messages)) == [], "run `make messages`"


def test_every_message_is_translated_and_none_is_a_guess(russian: Catalog) -> None:
    for message, texts in translated(russian):
        assert all(texts), message.id
        assert not message.fuzzy, message.id
    assert russian.num_plurals == 3


def test_every_plural_has_a_form_for_every_number(russian: Catalog) -> None:
    plurals = [(message, texts) for message, texts in translated(russian) if message.pluralizable]
    assert len(plurals) > 20
    for message, texts in plurals:
        assert len(texts) == russian.num_plurals, message.id
        one, few, many = texts
        if "интервью" not in one:  # a noun that does not decline
            assert one != many or "{n} " not in one, f"{message.id}: 1 and 5 of anything differ in Russian"
        assert few, message.id


def test_placeholders_are_the_same_in_every_form(russian: Catalog) -> None:
    for message, texts in translated(russian):
        forms = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = sorted(BRACKETS.findall(forms[-1]))
        for text in texts:
            assert sorted(BRACKETS.findall(text)) == wanted, text


@pytest.mark.parametrize(
    ("n", "words"),
    [(1, "1 волна"), (3, "3 волны"), (5, "5 волн"), (11, "11 волн"), (21, "21 волна"), (0, "0 волн")],
)
def test_russian_plurals(n: int, words: str) -> None:
    assert Language("ru").count("{n} wave", "{n} waves", n) == words


def test_numbers_and_dates_follow_the_locale() -> None:
    english, russian = Language("en"), Language("ru")
    assert (english.percent(0.4125, 1), russian.percent(0.4125, 1)) == ("41.2%", "41,2\u00a0%")
    assert (english.number(1234.5, 1), russian.number(1234.5, 1)) == ("1,234.5", "1\u00a0234,5")
    day = date(2025, 10, 8)
    assert (english.date(day), russian.date(day)) == ("8 October 2025", "8 октября 2025 года")
    assert (english.in_month(day), russian.in_month(day)) == ("in October 2025", "в октябре 2025 года")


def test_words_of_lower_floors_are_the_ones_that_they_write() -> None:
    assert set(get_args(Verdict)) == set(lower_words.VERDICTS)
    assert {word.replace("_", " ") for word in CERTAINTIES} == set(lower_words.CERTAINTY_WORDS)
    assert {OWN, BASE, RAKED} == set(lower_words.WEIGHTS)


def test_a_survey_s_own_text_is_never_filled_in() -> None:
    for text in ("{0.__class__}", "{", "{n}", "100%"):
        assert Language("ru").word(text) == text
    assert Language("ru").word("") == ""


def test_every_language_that_is_offered_has_its_catalogue() -> None:
    assert languages() == tuple(CHOICES["language"])
    assert languages()[0] == "en"
    for code in languages()[1:]:
        assert (CATALOGUES / code / "LC_MESSAGES" / "groundswell.po").is_file()
    with pytest.raises(InputError, match="did you mean `ru`"):
        Language("rus")


PLURALS = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"'
MESSAGES = """
msgid "in May {year}"
msgstr "im Mai {year}"

msgid "{n} wave"
msgid_plural "{n} waves"
msgstr[0] "{n} Welle"
msgstr[1] "{n} Wellen"
"""


@pytest.fixture
def lay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Lays a catalogue into a folder of its own: its language's code, and its header `Language`."""
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path)

    def write(code: str, locale: str) -> None:
        file = tmp_path / code / "LC_MESSAGES" / "groundswell.po"
        file.parent.mkdir(parents=True)
        content = '"Content-Type: text/plain; charset=utf-8\\n"'
        head = f'msgid ""\nmsgstr ""\n{content}\n"Language: {locale}\\n"\n{PLURALS}\n'
        file.write_text(head + MESSAGES, encoding="utf-8")

    return write


def test_a_catalogue_in_the_folder_is_a_language_without_code(lay: Callable[[str, str], None]) -> None:
    lay("de", "de")
    assert languages() == ("en", "de")
    german, day, first = Language("de"), pd.Timestamp("2025-05-05"), pd.Timestamp("2025-04-26")
    assert german.date(day) == "5. Mai 2025"
    assert german.in_month(day) == "im Mai 2025"
    assert german.month(day) == "Mai 2025"
    assert german.day_of_month(day) == "5. Mai"
    assert german.period(first, day) == "26. Apr.–5. Mai 2025"
    assert german.period(pd.Timestamp("2025-05-02"), day) == "2.–5. Mai 2025"
    assert german.number(1234.5, 1) == "1.234,5"
    assert german.percent(0.4) == "40\u00a0%"
    assert (german.count("{n} wave", "{n} waves", 1), german.count("{n} wave", "{n} waves", 0)) == (
        "1 Welle",
        "0 Wellen",
    )


def test_the_header_names_the_locale_and_the_folder_the_language(lay: Callable[[str, str], None]) -> None:
    lay("pt_BR", "pt_BR")
    lay("tr", "tr")
    assert languages() == ("en", "pt-BR", "tr")
    assert Language("pt-BR").date(date(2025, 5, 5)) == "5 de maio de 2025"
    turkish = Language("tr")
    assert (turkish.percent(0.4), turkish.span(0.35, 0.44)) == ("%40", "%35–44")
    assert turkish.span(0.35, 0.44, sign=False) == "35–44"


def test_a_catalogue_of_no_known_locale_is_refused_by_name(lay: Callable[[str, str], None]) -> None:
    lay("qq", "klingon")
    with pytest.raises(InputError, match=r"qq.*`Language` must name a locale.*got `klingon`"):
        Language("qq")


def test_patterns_of_dates_are_messages_that_the_russian_catalogue_translates(russian: Catalog) -> None:
    assert set(PATTERNS) <= said()
    day = pd.Timestamp("2025-10-08")
    for pattern in PATTERNS:
        for piece in str(russian[pattern].string).split("–"):
            assert any(sign.isdigit() for sign in format_date(day, piece, locale="ru"))


def test_no_module_of_the_reports_asks_which_language_it_is() -> None:
    asks = re.compile(rf"""["']({"|".join(languages())})["']""")
    files = [file for kind in ("*.py", "*.j2", "*.js") for file in CATALOGUES.parents[1].rglob(kind)]
    assert len(files) > 50
    named = [file.name for file in files if asks.search(file.read_text(encoding="utf-8"))]
    assert named == [], "English alone is named, once, in the vocabulary: it has no catalogue"
