"""Why a row of the observations table is not fitted: codes joined by `;`, each with its parameter after a colon.

    dated_to_year;category_missing:always

An empty text means that the row is fitted. A parameter is a name that others wrote, so `%` and `;` in it are written
as `%25` and `%3B`. The codes are `REASONS`; their words are in `reports.language.left_out`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from groundswell.vocabulary import HIDDEN, SMALL_BASE

VARIANT: Final = "variant_not_fitted"
DATED_TO_YEAR: Final = "dated_to_year"
CERTAINTY: Final = "certainty_not_asked_for"
CATEGORY: Final = "category_missing"
N_UNKNOWN: Final = "n_unknown"
NO_TYPICAL_N: Final = "n_unknown_and_no_typical_n"
RESPONDENTS: Final = "respondents_used_instead"

REASONS: Final = {
    VARIANT: "the survey says `fit = false` of the variant, and why",
    DATED_TO_YEAR: "dated only to a year",
    CERTAINTY: "the row's certainty is not among those asked for",
    CATEGORY: "this category of the numerator was not published",
    N_UNKNOWN: "n is unknown, and unknown n were to be left out",
    NO_TYPICAL_N: "n is unknown, and no typical n of the house is known",
    RESPONDENTS: "estimated from the wave's respondents instead",
    SMALL_BASE: "too few respondents for a trend",
    HIDDEN: "hidden to protect respondents",
}
"""Each reason, and what it means for whoever reads the table."""


class Reason(NamedTuple):
    """One reason: its code, and the name that it is about or ""."""

    code: str
    parameter: str = ""


def reasons_text(reasons: Iterable[Reason]) -> str:
    """The reasons as the table holds them."""
    return ";".join(
        f"{code}:{parameter.replace('%', '%25').replace(';', '%3B')}" if parameter else code
        for code, parameter in reasons
    )


def read_reasons(text: str) -> list[Reason]:
    """The reasons in a cell of `left_out`; none for an empty one."""
    parts = (part.partition(":") for part in text.split(";") if part)
    return [Reason(code, parameter.replace("%3B", ";").replace("%25", "%")) for code, _, parameter in parts]
