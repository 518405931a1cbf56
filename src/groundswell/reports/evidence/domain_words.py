"""What a reader must know of domains, in words; the same in both notebooks' reports."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from groundswell.estimates.of_wave.disclosure_control import HIDDEN, SMALL_BASE, hidden_below
from groundswell.reports.evidence.domains import Domain
from groundswell.reports.language.language import Language
from groundswell.waves import Survey


def domain_notes(survey: Survey, flags: pd.Series, language: Language) -> tuple[str, ...]:
    """What hidden and small domains are, where there are any; `flags` joined by `;` as in the observations table."""
    say = language.say
    notes = []
    if flags.str.contains(HIDDEN, regex=False).any():
        notes.append(
            say(
                "Domains with fewer than {limit} respondents are hidden, and others with them where a hidden one "
                "would follow by subtraction.",
                limit=hidden_below(survey.minimum_domain_n),
            )
        )
    if flags.str.contains(SMALL_BASE, regex=False).any():
        notes.append(say("Some domains rest on fewer than 30 respondents: read them with care."))
    return tuple(notes)


def whole_name(domain: Domain) -> str:
    """A domain with its variable, as a table without headings needs it."""
    return f"{domain.variable}: {domain.label}" if domain.variable else domain.label


def whole_numbers(numbers: Iterable[float], hidden: Iterable[bool], language: Language) -> list[str]:
    """Numbers of respondents as a table shows them, hidden ones as such."""
    return [
        language.say("hidden") if unseen else "–" if pd.isna(number) else language.number(float(number))
        for number, unseen in zip(numbers, hidden, strict=True)
    ]
