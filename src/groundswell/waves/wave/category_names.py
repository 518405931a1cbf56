"""The categories of one domain in several waves, side by side, and what is to be said of the labels that name them.

A domain is followed through waves by its categories' names, so that `ЦФО` and `Центральный федеральный округ` are two
domains. Names that are near each other are proposed as the same; that they are is for a person to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from groundswell.waves.respondents.answers.code_counts import EVERY_CODE, counted_codes
from groundswell.waves.respondents.answers.code_labels import codes_without_label, shared_labels
from groundswell.waves.respondents.codes import plain_code
from groundswell.waves.respondents.notes import Note
from groundswell.waves.wave.recode import RecodedWave, category_names
from groundswell.waves.wave.wave_toml import Wave

NEAR = 0.8
"""The similarity of two names from which on they may be one."""


@dataclass(frozen=True)
class DifferingCategories:
    """A domain whose categories are not called alike in all waves.

    Attributes:
        domain: its key.
        names: by wave the names of its categories.
        near: pairs of names of different waves that may be the same category.
    """

    domain: str
    names: Mapping[str, tuple[str, ...]]
    near: tuple[tuple[str, str], ...]


def stated_names(wave: Wave) -> dict[str, tuple[str, ...]]:
    """The names of the categories that a wave's TOML states, by domain; none where the file's labels name them."""
    return {key: tuple(category_names(rule)) for key, rule in wave.domains.items()}


def names_in(recoded: RecodedWave) -> dict[str, tuple[str, ...]]:
    """The names of the categories that occur among a wave's respondents, by domain."""
    names: dict[str, tuple[str, ...]] = {}
    for key, category in recoded.domains.items():
        found = recoded.respondents.rows(
            "SELECT DISTINCT {category} AS name FROM {respondents} WHERE {where} ORDER BY 1",
            category=category,
            where=recoded.where,
        )
        names[key] = tuple(str(name) for (name,) in found if name is not None)
    return names


def differing_categories(names: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Iterator[DifferingCategories]:
    """The domains whose categories differ, from the names of each wave by domain."""
    for domain in dict.fromkeys(key for of_wave in names.values() for key in of_wave):
        here = {wave: of_wave[domain] for wave, of_wave in names.items() if of_wave.get(domain)}
        if len({frozenset(of_wave) for of_wave in here.values()}) > 1:
            yield DifferingCategories(domain, here, tuple(_near(list(here.values()))))


def _near(lists: Sequence[Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Pairs of names that may be the same category, of which no wave has both."""
    names = list(dict.fromkeys(name for names in lists for name in names))
    for place, name in enumerate(names):
        for other in names[place + 1 :]:
            together = any(name in each and other in each for each in lists)
            if not together and may_be_same(name, other):
                yield name, other


def may_be_same(name: str, other: str) -> bool:
    """Whether two names may be one: but for case, blanks and signs; as initials; as a beginning; by most letters.

    Names that differ in a number are never one: `18–29` and `30–44`.
    """
    one, two = sorted((_plain(name), _plain(other)), key=len)
    if one == two:
        return True
    if _digits(one) != _digits(two):
        return False
    initials = "".join(word[0] for word in two.split())
    if one.replace(" ", "") == initials and len(initials) > 1:
        return True
    if len(one) > 3 and two.startswith(f"{one} "):
        return True
    return SequenceMatcher(None, one, two).ratio() >= NEAR


def _plain(name: str) -> str:
    """A name without case, signs and double blanks."""
    return " ".join(re.sub(r"\W+", " ", name.casefold().replace("ё", "е")).split())


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isdigit())


def label_notes(recoded: RecodedWave) -> Iterator[Note]:
    """What is to be said of the codes that make a wave's domains: those of one label, of none, and in no category."""
    for rule in recoded.wave.domains.values():
        variable = recoded.respondents.codebook[rule.column]
        stated = tuple((code, code) for code in map(plain_code, rule.missing))
        variable = replace(variable, missing=(*variable.missing, *stated))
        if rule.breaks is not None:
            continue
        if rule.categories is not None:
            listed = {plain_code(code) for codes in rule.categories.values() for code in codes}
            column = [(rule.column, EVERY_CODE)]
            ((counts,),) = counted_codes(recoded.respondents, column, where=recoded.where, most=1000)
            left = [
                f"`{each.code}` ({each.respondents:,})"
                for each in counts
                if each.code not in (None, "")
                and not {each.code, each.meant} & listed
                and not variable.is_missing(each.code)
                and not (each.meant is not None and variable.is_missing(each.meant))
            ]
            if left:
                yield Note("in_no_category", rule.column, {"codes": ", ".join(left)})
            continue
        for label, codes in shared_labels(variable).items():
            ticked = " and ".join(f"`{code}`" for code in codes)
            yield Note("one_domain", rule.column, {"label": label, "codes": ticked})
        for code, many in codes_without_label(recoded.respondents, variable, where=recoded.where).items():
            yield Note("code_without_label", rule.column, {"recorded": str(code), "many": f"{many:,}"})
