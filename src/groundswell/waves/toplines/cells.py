"""One cell of `toplines.csv`, as written -> its meaning; every other form is refused with the way out."""

from __future__ import annotations

import re
from math import nan
from typing import Final, TypeVar

from groundswell.errors import nearest
from groundswell.waves.surveys.answer_scale import Ends, number_at, place_on

COARSEST_STEP: Final = 0.01
DECIMAL = re.compile(r"[0-9]+(?:\.[0-9]+)?|\.[0-9]+")
NOT_KNOWN: Final = frozenset({"nan", "na", "n/a", "null", "none", "inf", "infinity", "-", "–", "?"})
"""What people write in a cell whose number they do not know."""

Word = TypeVar("Word", bound=str)


def parse_number(text: str, example: str = "0.62") -> float:
    """The number that `text` writes with the digits 0–9 and a decimal point; `example` shows one in the way out.

    Raises: ValueError for every other form, with the way out.
    """
    if DECIMAL.fullmatch(text):
        return float(text)
    if any(character.isdigit() and not character.isascii() for character in text):
        way_out = "write it with the digits 0–9"
    elif re.fullmatch(r"[-+]?[0-9.,]+\s*%", text):
        way_out = "a share, not a percent: write 62% as 0.62"
    elif re.fullmatch(r"[0-9]{1,3}([,'  \s][0-9]{3})+", text) and not text.startswith("0"):
        way_out = "write it without thousands separators"
    elif re.fullmatch(r"[-+]?[0-9]*,[0-9]+", text):
        way_out = f"write a decimal point: {text.replace(',', '.')}"
    elif re.fullmatch(r"[-+]?[0-9.]+[eE][-+]?[0-9]+", text):
        way_out = "write it out, as 0.001"
    elif (text.lstrip("+-") or text).lower() in NOT_KNOWN:
        way_out = "leave the cell empty where it is not known"
    elif re.fullmatch(r"-[0-9]*\.?[0-9]+", text):
        way_out = "it cannot be negative"
    else:
        way_out = f"write it as {example}"
    raise ValueError(f"must be a plain number, got `{text}`: {way_out}")


def parse_share(text: str) -> float:
    """A share in [0, 1]. Raises: ValueError otherwise, with what to write for a percent."""
    share = parse_number(text)
    if share > 100:
        raise ValueError(f"must be a share from 0 to 1, got `{text}`")
    if share > 1:
        raise ValueError(f"must be a share, not a percent: write {_hundredth(text)}, got `{text}`")
    return share


def parse_mean(text: str, ends: Ends) -> float:
    """A mean, written on its own scale, as its place in [0, 1]. Raises: ValueError for a number off the scale."""
    low, high = ends
    try:
        number = -parse_number(text[1:]) if text.startswith("-") else parse_number(text)
    except ValueError:
        number = nan
    if not low <= number <= high:
        raise ValueError(
            f"must be a mean on its own scale, {low:g} to {high:g}, got `{text}`: write the number as it was printed, "
            f"as {number_at(0.69, ends):.4g}, not a percent and not a place from 0 to 1"
        )
    return place_on(ends, number)


def parse_mean_margin(text: str, ends: Ends) -> float:
    """The half width of a mean's own interval, written on its scale, as a part of the scale. Raises: ValueError."""
    width = ends[1] - ends[0]
    moe = parse_number(text) / width
    if not 0 < moe <= 0.5:
        raise ValueError(
            f"must be the half width of the mean's 95% interval on its own scale, above 0 and at most {width / 2:g}, "
            f"got `{text}`"
        )
    return moe


def parse_moe(text: str) -> float:
    """A half width in (0, 0.5). Raises: ValueError otherwise."""
    moe = parse_number(text)
    if moe > 0.5:
        hint = f": in share units, write {_hundredth(text)}" if moe <= 50 else ""
        raise ValueError(
            f"must be the half width of a 95% interval, above 0 and at most 0.5, got `{text}`{hint}"
        )
    if moe == 0:
        raise ValueError("must be above 0: leave the cell empty where no margin is published")
    return moe


def parse_deff(text: str) -> float:
    """A design effect in (0, 100]. Raises: ValueError otherwise."""
    deff = parse_number(text)
    if not 0 < deff <= 100:
        raise ValueError(f"must be a design effect above 0 and at most 100, got `{text}`")
    return deff


def parse_count(text: str) -> int:
    """A number of respondents: a positive whole number. Raises: ValueError otherwise."""
    number = parse_number(text, "1500")
    if not re.fullmatch("[0-9]+", text) or number < 1 or number > 1e9:
        raise ValueError(f"must be a positive whole number, got `{text}`")
    return int(text)


def parse_url(text: str) -> str:
    """A web address. Raises: ValueError unless it starts with http:// or https:// and has no spaces."""
    if not re.fullmatch(r"https?://\S+", text):
        raise ValueError(f"must be a web address that starts with http:// or https://, got `{text}`")
    return text


def one_of(text: str, known: tuple[Word, ...]) -> Word:
    """`text`, as one of a few words."""
    for word in known:
        if text == word:
            return word
    raise ValueError(f"no such word `{text}`; {nearest(text, known)}")


def mean_rounding_step(text: str, ends: Ends) -> float:
    """The step to which a printed mean was rounded, as a part of its scale; 7 counts as a 7.0 without its zero."""
    decimals = max(len(text.partition(".")[2]), 1)
    return float(f"1e-{decimals}") / (ends[1] - ends[0]) if text else 0.0


def rounding_step(text: str) -> float:
    """The step to which a printed share was rounded.

    0.62 -> 0.01, 0.295 -> 0.001. One decimal counts as two, because spreadsheets drop the zero of 0.60.
    """
    decimals = len(text.partition(".")[2])
    return min(COARSEST_STEP, float(f"1e-{decimals}")) if text else 0.0


def _hundredth(text: str) -> str:
    """A percent as a share, in its own digits: 62 -> 0.62, 29.5 -> 0.295."""
    return f"{float(text) / 100:.{len(text.partition('.')[2]) + 2}f}"
