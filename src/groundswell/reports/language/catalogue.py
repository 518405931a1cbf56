"""Catalogues of messages: which languages there are, and what each says.

English is written in the code. Another language is one file, `locale/<code>/LC_MESSAGES/groundswell.po`: its folder
names the language, its header `Language` the locale (Babel's CLDR data) that writes dates and numbers, its header
`Plural-Forms` the plurals. A new file is a new language; no code knows its name.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from groundswell.errors import InputError, nearest
from groundswell.vocabulary import ENGLISH

CATALOGUES = Path(__file__).parent / "locale"
FILE = "LC_MESSAGES/groundswell.po"
ENGLISH_LOCALE = "en_GB"


class Catalogue(NamedTuple):
    """What a language says, and the locale that writes its dates and numbers; `translated` holds each message that
    the catalogue translates and that has no plural."""

    messages: gettext.NullTranslations
    locale: Locale
    translated: Mapping[str, str]


def mark(message: str) -> str:
    """The message as it is; marks it for the catalogue where it is said elsewhere (`make messages`)."""
    return message


def languages() -> tuple[str, ...]:
    """The codes of the languages that reports speak: English, then every other in alphabetical order."""
    return _found_in(CATALOGUES)


@lru_cache
def _found_in(catalogues: Path) -> tuple[str, ...]:
    others = {file.parents[1].name.replace("_", "-") for file in catalogues.glob(f"*/{FILE}")}
    return ENGLISH, *sorted(others - {ENGLISH})


def read_catalogue(code: str) -> Catalogue:
    """The catalogue of the language with this code.

    Raises: InputError for a language without catalogue, and for a catalogue whose header names no known locale.
    """
    if code not in languages():
        raise InputError(f"`language=` is `{code}`, which no report speaks: {nearest(code, languages())}")
    return _compiled(CATALOGUES / code.replace("-", "_") / FILE)


@lru_cache
def _compiled(source: Path) -> Catalogue:
    """The catalogue compiled from its readable file when first asked for; English has none."""
    if not source.is_file():
        return Catalogue(gettext.NullTranslations(), Locale.parse(ENGLISH_LOCALE), {})
    with source.open("rb") as file:
        readable = read_po(file, locale=source.parents[1].name)
    if readable.locale is None:
        raise InputError(
            f"`{source}`: the header `Language` must name a locale, as `de` or `pt_BR`, "
            f"got `{readable.locale_identifier}`"
        )
    translated = {str(each.id): str(each.string) for each in readable if each.id and not each.pluralizable}
    compiled = io.BytesIO()
    write_mo(compiled, readable)
    compiled.seek(0)
    return Catalogue(gettext.GNUTranslations(compiled), readable.locale, translated)
