"""One language of a report: its sentences from the catalogue, its dates and numbers as its locale writes them.

Nothing here knows any language by name: see `catalogue` for where a language comes from.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from babel import Locale, lists, numbers

from groundswell.errors import InputError, nearest
from groundswell.reports.language.catalogue import languages, mark, read_catalogue
from groundswell.reports.language.dates import DASH, Dates
from groundswell.vocabulary import ENGLISH
from groundswell.waves import Survey

__all__ = ["Language", "known_language", "languages", "mark", "own_language"]

MINUS = "\u2212"


def own_language(survey: Survey) -> str:
    """The code of the language that a survey's reports speak unless another is asked for.

    Raises: InputError where the `language` of its survey.toml has no catalogue.
    """
    if survey.language not in languages():
        raise InputError(
            f'`{survey.name}`: its survey.toml says `language = "{survey.language}"`, which no report speaks: '
            f"{nearest(survey.language, languages())}; ask for one of these as the report's `language`"
        )
    return survey.language


def known_language(code: str) -> Language:
    """The language with this code; English where it has no catalogue (any more).

    The archive's own pages are made whatever its manifests say.
    """
    return Language(code if code in languages() else ENGLISH)


class Language(Dates):
    """Says sentences, shares, points, dates and periods in one language.

    `percent_signs` is what stands before and after a percentage: `("", "%")` in English.

    Raises: InputError where `code` is not one of the languages that the reports speak.
    """

    def __init__(self, code: str = ENGLISH) -> None:
        self.code = code
        self._messages, self.locale, self._translated = read_catalogue(code)
        percent = self.locale.percent_formats[None]
        self.percent_signs = str(percent.prefix[0]), str(percent.suffix[0])
        whole_number, _, _ = self.locale.decimal_formats[None].pattern.partition(".")
        self._whole_number = whole_number

    def __repr__(self) -> str:
        return f"<language {self.code}>"

    @property
    def direction(self) -> str:
        """The way in which it is written, as the attribute `dir` has it: `ltr`, or `rtl` from right to left."""
        return str(self.locale.text_direction)

    def say(self, message: str, **parts: object) -> str:
        """The message in this language, its {parts} filled in."""
        return self._messages.gettext(message).format(**parts)

    def word(self, text: str) -> str:
        """A word or phrase that stands in a table, in this language where the catalogue has it.

        Nothing is filled in: the text may be a survey's own, with any braces in it.
        """
        return self._messages.gettext(text) if text else ""

    def pattern(self, message: str) -> str:
        """The catalogue's own pattern for one of `dates.PATTERNS`, "" where it has none."""
        return self._translated.get(message, "")

    def count(self, one: str, many: str, n: int, **parts: object) -> str:
        """A message that depends on a number; `{n}` in it is the number with its grouping."""
        return self._messages.ngettext(one, many, n).format(n=self.number(n), **parts)

    @property
    def decimal_sign(self) -> str:
        """What stands before the decimals: `.` or `,`."""
        return str(numbers.get_decimal_symbol(self.locale))

    @property
    def separators(self) -> str:
        """The decimal sign and the sign between groups of three digits, as Plotly takes them for its own ticks."""
        return f"{self.decimal_sign}{numbers.get_group_symbol(self.locale)}"

    def number(self, number: float, digits: int = 0) -> str:
        """A number with the locale's grouping and decimal sign; a true minus sign."""
        pattern = self._whole_number + ("." + "0" * digits if digits else "")
        return _number(round(number, digits) + 0.0, pattern, self.locale)

    def percent(self, share: float, digits: int = 0) -> str:
        """A share in [0, 1] as a percentage: 0.4 is `40%` (Russian: `40 %`)."""
        return self._with_percent_sign(self.number(share * 100, digits))

    def span(self, low: float, high: float, digits: int = 0, *, sign: bool = True) -> str:
        """A range of shares as percentages: `35–44%`, without the `sign` `35–44`."""
        ends = [self.number(share * 100, digits) for share in (low, high)]
        text = ends[0] if math.isclose(low, high) else DASH.join(ends)
        return self._with_percent_sign(text) if sign else text

    def interval95(self, low: float, high: float, digits: int = 0) -> str:
        """A 95% interval of a share with its name: `95%: 35–44%`."""
        return self.say("95%: {interval}", interval=self.span(low, high, digits))

    def points(self, change: float, digits: int = 0) -> str:
        """A signed change of a share in percentage points, without the unit: `−28`, `+2`, `0`."""
        rounded = round(change * 100, digits)
        return ("+" if rounded > 0 else "") + self.number(rounded, digits)

    def listed(self, items: Sequence[str]) -> str:
        """Several things in a sentence: `a, b and c`."""
        return str(lists.format_list(list(items), locale=self.locale))

    def quoted(self, text: str) -> str:
        """A name in quotation marks: `“text”`, `«text»`."""
        return self.say("“{text}”", text=text)

    def probability(self, probability: float) -> str:
        """A probability in words that do not pretend: never 0 or 1."""
        if probability > 0.995:
            return self.say("above {bound}", bound=self.number(0.99, 2))
        if probability < 0.005:
            return self.say("below {bound}", bound=self.number(0.01, 2))
        return self.number(probability, 2)

    def _with_percent_sign(self, text: str) -> str:
        before, after = self.percent_signs
        return f"{before}{text}{after}"


@lru_cache(maxsize=2**13)  # a page says the same few hundred numbers again and again
def _number(number: float, pattern: str, locale: Locale) -> str:
    return str(numbers.format_decimal(number, pattern, locale=locale)).replace("-", MINUS)
