"""Which encoding a text is in: found by its byte order mark, by its bytes, or by the words that they make.

Bytes of a single-byte encoding do not say which it is: 0xE4 is `д` in cp1251 and `ä` in cp1252. The words say it, where
only one language has them; such a finding is a guess, and is said with a word. Where two readings are as good, none
is taken.

>>> guessed([b"\\xf2\\xf0\\xe5\\xe2\\xee\\xe3\\xe0"])
Guess(encoding='cp1251', word='тревога', rival='')
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

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

IMPOSSIBLE = -1.0

CLEAR = 0.08
"""By so much (of 1) a reading must be better than the next one to be taken, where neither has impossible signs."""


@dataclass(frozen=True)
class Guess:
    """An encoding, a word as it reads it, and a rival that reads the words as well ("" where there is none)."""

    encoding: str
    word: str
    rival: str


def words_of(content: bytes) -> Iterator[bytes]:
    """The words with bytes beyond ASCII."""
    for word in re.findall(rb"[A-Za-z\x80-\xff]+", content):
        if not word.isascii():
            yield word


def guessed(words: Collection[bytes]) -> Guess | None:
    """The encoding by which words become words; None where none makes such of them."""
    readings: list[_Reading] = []
    for encoding, languages in LANGUAGES.items():
        try:
            read = [word.decode(encoding) for word in words]
        except UnicodeDecodeError:
            continue
        if all(read != other.words for other in readings):
            readings.append(max((_reading(encoding, read, letters) for letters in languages), key=_likeness))
    readings.sort(key=_likeness, reverse=True)
    if not readings or readings[0].likeness <= 0:
        return None
    best, *others = readings
    rivals = [
        other
        for other in others
        if other.likeness > best.likeness - CLEAR and other.impossible <= best.impossible
    ]
    return Guess(best.encoding, max(best.words, key=len), rivals[0].encoding if rivals else "")


@dataclass(frozen=True)
class _Reading:
    """Words as an encoding reads them: how much they are like a language's (1 where they could be, below 0 where
    not), and how many signs cannot stand where they do."""

    encoding: str
    words: list[str]
    likeness: float
    impossible: int


def _likeness(reading: _Reading) -> float:
    return reading.likeness


def _reading(encoding: str, words: list[str], letters: str) -> _Reading:
    points = [point for word in words for point in _points(word, letters)]
    likeness = sum(points) / len(points) if points else 0.0
    return _Reading(encoding, words, likeness, sum(point <= IMPOSSIBLE for point in points))


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
