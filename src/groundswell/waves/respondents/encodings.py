"""The encoding of texts that state none, or another than they use: a guess from the words that they make.

Bytes of a single-byte encoding do not say which it is: 0xE4 is `д` in cp1251 and `ä` in cp1252. The words say it, where
only one language has them: a sign that is no letter inside a word, a letter that the language lacks, two alphabets in a
word, a capital after a small letter are faults of a reading. Where two readings are as good and differ, none is a
guess: the caller names both and asks.

>>> [reading.encoding for reading in likely_readings(b"\\xf2\\xf0\\xe5\\xe2\\xee\\xe3\\xe0")]
['cp1251']
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from groundswell.errors import InputError

UNICODE = "utf-8"
"""Bytes that are not ASCII and can be read as UTF-8 are UTF-8."""

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуўфхцчшщыьэюяё"
SERBIAN = "абвгдђежзијклљмнњопрстћуфхцчџшѓќѕ"
CYRILLIC = (RUSSIAN, UKRAINIAN, SERBIAN)
GREEK = "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"

FREQUENT = frozenset("оеаинтсрвлкмдпуіαοιετσνηυρπκάέήίόύώς")
QUOTES = "«»‹›„“”‚‘’¿¡"
VOWELS = frozenset("аеёиоуыэюяіїєαεηιουωάέήίόύώϊϋΐΰ")
VOWELS_SHARE = 0.2, 0.75
"""Of a word's letters so many are vowels, in Russian and in Greek; of one read in a wrong encoding, seldom."""

LANGUAGES: dict[str, tuple[str, ...]] = {
    "cp1251": CYRILLIC,
    "koi8-r": CYRILLIC,
    "cp866": CYRILLIC,
    "mac-cyrillic": CYRILLIC,
    "cp1252": ("äöüß", "éèàçêâîôûëïùœæ", "áéíóúñü", "ãõáéíóúâêôàç", "åäöæøé", "àèéìòù", "éëïóöü"),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýžľĺŕäô", "áéíóöőúüű", "ăâîşţșț", "čćđšž"),
    "iso8859-2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýžľĺŕäô", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıöşüâî",),
    "cp1253": (GREEK,),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
}
"""Single-byte encodings, and of each the letters beyond a to z of the languages that are written in it."""

MARGIN = 0.08
"""Readings whose faults a letter differ by less are equally good, where the worse has no more impossible signs."""

IMPOSSIBLE = -1.0

MOST_WORDS = 3000
"""Words that a reading is judged by."""

WORD = re.compile(r"[A-Za-z\x80-\U0010ffff]+")


@dataclass(frozen=True)
class Reading:
    """How an encoding reads some bytes, and the longest word of it that is not plain ASCII."""

    encoding: str
    text: str

    @property
    def sample(self) -> str:
        """The word."""
        return max(_foreign_words(self.text), key=len, default="")


def likely_readings(texts: bytes) -> tuple[Reading, ...]:
    """The readings that make words, best first; several where they differ and none is clearly better.

    None where there is nothing to judge by: bytes of ASCII alone, or no words in any reading.
    """
    if texts.isascii():
        return ()
    readings: dict[str, Reading] = {}
    for name in (UNICODE, *LANGUAGES):
        try:
            text = texts.decode(name)
        except UnicodeDecodeError:
            continue
        if name == UNICODE:
            return (Reading(name, text),)
        readings.setdefault(text, Reading(name, text))
    judged = {text: _judged(text, LANGUAGES[reading.encoding]) for text, reading in readings.items()}
    ordered = sorted((text for text in readings if judged[text][0] < 1), key=lambda text: judged[text][0])
    if not ordered:
        return ()
    faults, impossible = judged[ordered[0]]
    rivals = [
        text for text in ordered[1:] if judged[text][0] < faults + MARGIN and judged[text][1] <= impossible
    ]
    return tuple(readings[text] for text in (ordered[0], *rivals))


def faults_a_letter(text: str) -> float:
    """How far a text is from words of any language: 0 where all its letters could be, 1 and more where none."""
    return _judged(text, tuple(letters for languages in LANGUAGES.values() for letters in languages))[0]


def known_encoding(name: str) -> str:
    """The encoding's name.

    Raises: InputError where Python knows no such encoding of text.
    """
    try:
        info = codecs.lookup(name)
    except LookupError:
        info = None
    if info is None or not info._is_text_encoding:
        raise InputError(f"`{name}` is not an encoding: write it as `cp1251`, `utf-8` or `koi8-r`")
    return info.name


def _foreign_words(text: str) -> list[str]:
    """The words with signs beyond ASCII, each once."""
    words = dict.fromkeys(word for word in WORD.findall(text) if not word.isascii())
    return list(words)[:MOST_WORDS]


def _judged(text: str, languages: tuple[str, ...]) -> tuple[float, int]:
    """The faults a letter, and how many signs cannot stand where they do, by the language that fits best."""
    words = _foreign_words(text)
    found = []
    for letters in languages:
        points = [point for word in words for point in _points(word, letters)]
        likeness = sum(points) / len(points) if points else 0.0
        found.append((1 - likeness, sum(point <= IMPOSSIBLE for point in points)))
    return min(found)


def _points(word: str, letters: str) -> Iterator[float]:
    """Of each sign beyond ASCII, whether it can stand in a word; a capital after a small letter cannot."""
    own_script = letters in (*CYRILLIC, GREEK)
    mixed = own_script and any(sign.isascii() and sign.isalpha() for sign in word)
    vowels = sum(sign in VOWELS for sign in word.lower()) / len(word)
    strange = own_script and len(word) > 2 and not VOWELS_SHARE[0] <= vowels <= VOWELS_SHARE[1]
    for before, sign, after in zip(f" {word}", word, f"{word[1:]} ", strict=False):
        small = sign.lower()
        if sign.isascii():
            continue
        if small not in letters:
            within = before.isalpha() or (after.isalpha() and sign not in QUOTES)
            yield IMPOSSIBLE if sign.isalpha() or within else -0.3
        elif mixed or (sign.isupper() and before.islower()) or (sign == "ς" and after.isalpha()):
            yield IMPOSSIBLE
        else:
            common = 1.0 if not own_script or small in FREQUENT else 0.6
            yield common * (1.0 if sign == small else 0.8) - strange * 0.5
