"""A language that nobody speaks: every message in brackets and foreign letters, so that plain English shows.

Its locale is Greek, so dates and numbers hold no Latin letter either: what is left in Latin letters on a page is a
survey's own text, a name, or a sentence that no catalogue holds.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po
from pydantic import BaseModel

from groundswell.reports.language.catalogue import CATALOGUES, FILE
from groundswell.reports.language.dates import PATTERNS

CODE, LOCALE = "qps", "el"
KEYWORDS = {"say": None, "mark": None, "count": (1, 2)}
FOREIGN = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "åƀçđéƒĝĥîĵķļɱñøþǫŕšţûṽŵẋýžÅƁÇĐÉƑĜĤÎĴĶĻṀÑØÞǪŔŠŢÛṼŴẊÝŽ",
)
SPOKEN = ("aria-label", "title", "alt", "content", "data-hint", "data-fewer", "summary")
"""Attributes that a reader sees or hears."""
VOID = ("meta", "link", "br")
SILENT = ("script", "style", "code", "pre")
DRAWN = ("text", "name", "ticktext", "title", "hovertemplate", "label")
"""Keys of a figure whose texts are drawn or shown under the pointer."""
LATIN = re.compile(r"[A-Za-z]{2,}")


def messages() -> set[str | tuple[str, ...]]:
    """Every message that the code and the templates of the pages hold."""
    with (CATALOGUES / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(str(CATALOGUES.parents[1]), methods, options, KEYWORDS)
    return {message for _, _, message, _, _ in found}


def foreign(message: str) -> str:
    """The message in brackets and foreign letters, its {parts} as they are."""
    pieces = re.split(r"(\{\w+\})", message)
    return "⟦" + "".join(piece if piece[:1] == "{" else piece.translate(FOREIGN) for piece in pieces) + "⟧"


def write_catalogue(folder: Path) -> None:
    """Lay the catalogue of the language that nobody speaks into a folder of catalogues."""
    catalogue = Catalog(locale=LOCALE)
    for message in messages():
        if isinstance(message, tuple):
            catalogue.add(message, tuple(foreign(form) for form in message))
        else:
            catalogue.add(message, "" if message in PATTERNS else foreign(message))
    file = folder / CODE / FILE
    file.parent.mkdir(parents=True)
    with file.open("wb") as written:
        write_po(written, catalogue)


class Spoken(HTMLParser):
    """Every text of a page that a reader sees or hears: in elements, in attributes, in figures and in CSV files."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.inside: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            drawing = given.get("type") == "application/json" and "id" not in given
            self.inside.append("drawing" if drawing else tag)
        self._attributes(tag, attrs, given)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes(tag, attrs, dict(attrs))

    def _attributes(
        self, tag: str, attrs: list[tuple[str, str | None]], given: dict[str, str | None]
    ) -> None:
        if tag == "meta" and "http-equiv" in given:
            return
        if tag == "meta" and given.get("name") not in (None, "description"):
            return
        self.texts += [text for name, text in attrs if name in SPOKEN and text]
        address = given.get("href") or ""
        if address.startswith("data:text/csv"):
            rows = csv.reader(io.StringIO(unquote(address.partition(",")[2]).lstrip("\ufeff")))
            self.texts += [cell for row in rows for cell in row]

    def handle_endtag(self, tag: str) -> None:
        if self.inside and tag not in VOID:
            self.inside.pop()

    def handle_data(self, data: str) -> None:
        if self.inside[-1:] == ["drawing"]:
            self.texts += drawn(json.loads(data))
        elif not set(self.inside) & set(SILENT) and data.strip():
            self.texts.append(data.strip())


def drawn(part: Any, key: str = "") -> Iterator[str]:
    """The texts of a figure, without their markup."""
    if isinstance(part, Mapping):
        for name, inner in part.items():
            yield from drawn(inner, name if name in DRAWN else "")
    elif isinstance(part, list):
        for inner in part:
            yield from drawn(inner, key)
    elif key and isinstance(part, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", part):
        yield re.sub(r"<[^>]+>|%\{[^}]+\}", " ", part)


def texts_in(part: Any) -> Iterator[str]:
    """Every text in a record, a mapping (its keys too) or a list."""
    if isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from texts_in(getattr(part, name))
    elif isinstance(part, Mapping):
        for name, inner in part.items():
            yield from (str(name), *texts_in(inner))
    elif isinstance(part, list | tuple | set | frozenset):
        for inner in part:
            yield from texts_in(inner)
    elif isinstance(part, str):
        yield part


class OwnTexts:
    """What others wrote: taken out of a text, it leaves what groundswell said."""

    def __init__(self, texts: Iterable[str]) -> None:
        spoken = {
            form for message in messages() for form in ((message,) if isinstance(message, str) else message)
        }
        lines = {line.strip() for text in texts for line in text.splitlines()}
        own = {line for text in lines for line in (text, text[:1].lower() + text[1:])}
        kept = {text for text in own if LATIN.search(text)} - spoken
        longest = sorted(kept, key=len, reverse=True)
        self.pattern = re.compile(
            "|".join(rf"(?<![A-Za-z]){re.escape(text)}(?![A-Za-z])" for text in longest)
        )
        self.starts = tuple(longest)

    def leftover(self, text: str) -> str:
        """Words in Latin letters that neither others wrote nor a catalogue holds; "" where there are none."""
        rest = self.pattern.sub(" ", " ".join(text.split()))
        rest = re.sub(r"([^;:,·]*)…", self._cut, rest)
        return " ".join(LATIN.findall(rest))

    def _cut(self, match: re.Match[str]) -> str:
        """A text of others that a figure cut short."""
        begun = match[1].strip()
        return " " if any(text.startswith(begun) for text in self.starts) else match[0]
