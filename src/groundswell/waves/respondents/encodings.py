"""The encoding of texts whose file states another than it uses, or none: a guess from their letters.

Single bytes can be read in every encoding, and only one reading makes words. A reading is worse for each sign that
words do not have: a sign that is no letter inside a word, letters of two alphabets in a word, capitals after a small
first letter, a word of Latin letters most of which carry accents (`Òðåâîãà` is `Тревога` read as Western European),
letters that no one language has together, Greek words without an accent.

Two readings that are equally good and differ are no guess: the caller names both and asks.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from groundswell.errors import InputError

UNICODE = "utf-8"
"""Bytes that are not ASCII and can be read as UTF-8 are UTF-8."""

CANDIDATES = (
    UNICODE,
    *("cp1252", "cp1250", "cp1251", "cp1254", "cp1257", "cp1253"),
    *("cp866", "koi8-r"),
)
"""In the order in which they are preferred where their readings are the same."""

MARGIN = 0.1
"""Readings whose faults a letter differ by less are equally good."""

MOSTLY = 0.5
"""A word of Latin letters more of which carry accents is hardly a word of any language."""

LANGUAGES = {
    "LATIN": (
        *("äöü", "àâçéèêëîïôœùûü", "áéíñóúü", "àáâãçéêíóôõú", "àèéìíòóùú", "åäöé", "æøåé", "áðéíóúýþæö"),
        *("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîșțşţ"),
        *("çğıöşüâî", "ąčęėįšųūž", "āčēģīķļņšūž", "õäöüšž"),
    ),
    "CYRILLIC": ("оеаинтсрвлкмдпуыяьзбгчйж", "оаиіентрвсклупдмьязбчгйжїє", "оаиентсрвлкумпдзгбчжјш"),
    "GREEK": ("αοιετνσηρπκμλυςωθγδάίόέήύώ",),
}
"""By alphabet the letters that single languages use beyond ASCII; of alphabets of their own, those that are common."""

ACCENTED_GREEK = set("άέήίόύώΐΰΆΈΉΊΌΎΏ")

WORD = re.compile(r"[^\W\d_]+(?:[^\s\w.,;:!?()\[\]/\"'«»„“”–—-]+[^\W\d_]*)*|[^\s\x00-\x7f]+")


@dataclass(frozen=True)
class Reading:
    """How an encoding reads some bytes, and the longest word of it that is not plain ASCII."""

    encoding: str
    text: str

    @property
    def sample(self) -> str:
        """The word."""
        foreign = (word for word in WORD.findall(self.text) if not word.isascii())
        return max(foreign, key=len, default="")


def likely_readings(texts: bytes) -> tuple[Reading, ...]:
    """The readings that make words, best first; several where they differ and none is clearly better.

    None where there is nothing to judge by: bytes of ASCII alone.
    """
    if texts.isascii():
        return ()
    readings: dict[str, Reading] = {}
    for name in CANDIDATES:
        try:
            text = texts.decode(name)
        except UnicodeDecodeError:
            continue
        if name == UNICODE:
            return (Reading(name, text),)
        readings.setdefault(text, Reading(name, text))
    faults = {text: faults_a_letter(text) for text in readings}
    best = min(faults.values(), default=0.0)
    return tuple(
        readings[text] for text in sorted(faults, key=faults.__getitem__) if faults[text] < best + MARGIN
    )


def faults_a_letter(text: str) -> float:
    """How many faults a text has for each of its signs beyond ASCII; 0 where it has none of those."""
    words = [word for word in WORD.findall(text) if not word.isascii()]
    foreign = Counter(sign for word in words for sign in word.casefold() if not sign.isascii())
    strange = 0
    for alphabet, languages in LANGUAGES.items():
        letters = {sign: many for sign, many in foreign.items() if _alphabet(sign) == alphabet}
        strange += min(
            sum(many for sign, many in letters.items() if sign not in language) for language in languages
        )
    return (sum(map(_faults, words)) + strange) / foreign.total() if foreign else 0.0


def known_encoding(name: str) -> str:
    """The encoding's name.

    Raises: InputError where Python knows no such encoding.
    """
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise InputError(f"`{name}` is not an encoding: write it as `cp1251`, `utf-8` or `koi8-r`") from error


def _alphabet(sign: str) -> str:
    """`LATIN`, `CYRILLIC`, `GREEK` … as Unicode names a letter."""
    return unicodedata.name(sign, "?").split()[0]


def _faults(word: str) -> int:
    """The faults of one word, its language left aside."""
    letters = [sign for sign in word if sign.isalpha()]
    alphabets = {_alphabet(sign) for sign in letters}
    accented = [sign for sign in letters if not sign.isascii()]
    faults = sum(not sign.isalpha() and not sign.isascii() for sign in word)
    faults += sum(sign.isupper() for sign in word) if word[0].islower() else 0
    if len(alphabets) > 1:
        faults += len(letters)
    if alphabets == {"GREEK"} and len(letters) > 3 and not word.isupper() and not ACCENTED_GREEK & set(word):
        faults += len(letters)
    if alphabets == {"LATIN"} and len(letters) > 2 and len(accented) > MOSTLY * len(letters):
        faults += len(accented)
    return faults
