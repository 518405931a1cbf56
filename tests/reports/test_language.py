"""Reports in another language: the catalogue is whole, its placeholders hold, numbers and dates follow the locale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import get_args, get_type_hints

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from groundswell.errors import InputError
from groundswell.estimates.of_wave.sample import BASE, OWN, RAKED
from groundswell.reports.language import vocabulary as lower_words
from groundswell.reports.language.language import CATALOGUES, LOCALES, Language
from groundswell.runs.plan.parameters import CHOICES
from groundswell.trends.answers.diagnostics import Check
from groundswell.waves import CERTAINTIES

KEYWORDS = {"say": None, "mark": None, "count": (1, 2)}
BRACKETS = re.compile(r"\{\w+\}|\[|\]")


def said() -> set[str | tuple[str, ...]]:
    """Every message that the code and the templates of the pages hold."""
    with (CATALOGUES / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(CATALOGUES.parents[1]), methods, options, KEYWORDS)
    return {message for _, _, message, _, _ in found}


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
    assert set(get_args(get_type_hints(Check)["verdict"])) == set(lower_words.VERDICTS)
    assert {word.replace("_", " ") for word in CERTAINTIES} == set(lower_words.CERTAINTY_WORDS)
    assert {OWN, BASE, RAKED} == set(lower_words.WEIGHTS)


def test_a_survey_s_own_text_is_never_filled_in() -> None:
    for text in ("{0.__class__}", "{", "{n}", "100%"):
        assert Language("ru").word(text) == text
    assert Language("ru").word("") == ""


def test_every_language_that_is_offered_has_its_catalogue() -> None:
    assert tuple(LOCALES) == tuple(CHOICES["language"])
    for code in LOCALES:
        assert code == "en" or (CATALOGUES / code / "LC_MESSAGES" / "groundswell.po").is_file()
    with pytest.raises(InputError, match="did you mean `ru`"):
        Language("rus")
