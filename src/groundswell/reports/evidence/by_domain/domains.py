"""The domains of a page in the order in which the survey's waves name them, with their words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from groundswell.estimates.of_wave.disclosure_control import hidden_below
from groundswell.estimates.of_wave.estimate_flags import PUBLISHED_BEFORE, flagged
from groundswell.reports.language.domain_bands import band_words
from groundswell.reports.language.language import Language
from groundswell.vocabulary import EVERYONE, HIDDEN, SMALL_BASE, domain_parts
from groundswell.waves import Survey
from groundswell.waves.wave.recode import category_names
from groundswell.waves.wave.wave_toml import Wave


@dataclass(frozen=True)
class Domain:
    """A domain by its key in the tables (`age: under 30`), its variable (`age`) and its own label (`under 30`)."""

    key: str
    variable: str
    label: str


def domains_in_order(keys: Iterable[str], waves: Sequence[Wave], language: Language) -> list[Domain]:
    """`all` first, then each variable's categories as the newest wave that has it lists them.

    Categories that no list names (they come from the file's labels) follow in alphabetical order.
    """
    order: dict[str, list[str]] = {}
    bands: dict[str, str] = {}
    for wave in waves:
        order |= {variable: category_names(rule) for variable, rule in wave.domains.items()}
        for variable, rule in wave.domains.items():
            if rule.breaks is not None:
                names = (f"{variable}: {name}" for name in order[variable])
                bands |= dict(zip(names, band_words(rule.breaks, language), strict=True))
    variables = list(order)

    def order_of(domain: Domain) -> tuple[int, int, str]:
        if domain.key == EVERYONE:
            return -1, 0, ""
        names, name = order.get(domain.variable, []), domain.key.removeprefix(f"{domain.variable}: ")
        known = names.index(name) if name in names else len(names)
        return (
            variables.index(domain.variable) if domain.variable in order else len(order),
            known,
            name,
        )

    return sorted((_domain(key, bands, language) for key in dict.fromkeys(keys)), key=order_of)


def _domain(key: str, bands: Mapping[str, str], language: Language) -> Domain:
    """A domain with its label: the category's own name, or the words of a band."""
    if key == EVERYONE:
        return Domain(EVERYONE, "", language.say("everyone"))
    variable, label = domain_parts(key)
    return Domain(key, variable, bands.get(key, label))


def domain_notes(survey: Survey, flags: pd.Series, language: Language) -> tuple[str, ...]:
    """What hidden and small domains are, where there are any; `flags` joined by `;` as in the observations table."""
    say, limit = language.say, hidden_below(survey.minimum_domain_n)
    notes = []
    if flagged(flags, HIDDEN).any():
        notes.append(
            say(
                "Domains with fewer than {limit} respondents are hidden, and others with them where subtraction "
                "would give figures of so few.",
                limit=limit,
            )
        )
    if flagged(flags, PUBLISHED_BEFORE).any():
        notes.append(
            say(
                "Some are hidden because this report and an earlier one together would give figures of fewer than "
                "{limit} respondents.",
                limit=limit,
            )
        )
    if flagged(flags, SMALL_BASE).any():
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
