"""The domains of a page in the order in which the survey's waves name them, with their words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from groundswell.estimates.of_wave.domains import ALL, domain_parts
from groundswell.reports.language.language import Language
from groundswell.waves.wave.recode import category_names
from groundswell.waves.wave.record import Wave


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
    for wave in waves:
        order |= {variable: category_names(rule) for variable, rule in wave.domains.items()}
    variables = list(order)

    def place(domain: Domain) -> tuple[int, int, str]:
        if domain.key == ALL:
            return -1, 0, ""
        names = order.get(domain.variable, [])
        known = names.index(domain.label) if domain.label in names else len(names)
        return (
            variables.index(domain.variable) if domain.variable in order else len(order),
            known,
            domain.label,
        )

    return sorted((_domain(key, language) for key in dict.fromkeys(keys)), key=place)


def _domain(key: str, language: Language) -> Domain:
    if key == ALL:
        return Domain(ALL, "", language.say("everyone"))
    variable, label = domain_parts(key)
    return Domain(key, variable, label)
