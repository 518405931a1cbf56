"""Bands of a number in words: the categories that `breaks` in a wave's TOML make of an age or an income."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from groundswell.reports.language.language import Language


def band_words(breaks: Sequence[float], language: Language) -> list[str]:
    """The bands between these limits, lowest first, as `recode.category_names` orders them: `under 30`, `30–44`."""

    def written(limit: float) -> str:
        return f"{limit:g}".replace(".", language.decimal_sign)

    inner = [
        f"{written(low)}–{written(high - 1)}"
        if float(high).is_integer()
        else language.say("{low} to under {high}", low=written(low), high=written(high))
        for low, high in pairwise(breaks)
    ]
    lowest = language.say("under {limit}", limit=written(breaks[0]))
    return [lowest, *inner, language.say("{limit} and over", limit=written(breaks[-1]))]
