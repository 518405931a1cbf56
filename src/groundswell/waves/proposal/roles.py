"""Guessing what a file's columns are for: weights, strata, sampling units, identifiers, dates, domains.

A guess is a proposal for a person to confirm, so every one comes with its reason. Names and labels are looked
at in English and Russian. A column of codes is never taken for weights, however it is called: Chronicles'
`for_weight` holds the codes of weighting cells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import identifier

NAMES = {
    "id": r"(resp|respondent|case|person|hh|user|anon)?_?(id|uuid|serial|key)(_?n(o|um)?)?|rid|ид|номер|scram",
    "weight": r"(.*_)?(\w*we?i?gh?ts?|\w*wts?|p?w|wes|ves|вес)(_.*|\d?)",
    "strata": r"(.*_)?v?s(tr|td)at(a|um|ify|_?id)?\d?|sdmvstra|vstrat|страт(а|ы)?",
    "psu": r"(.*_)?(v?psu|cluster|clust|sdmvpsu|secu|sampling_?unit|кластер)(_?id|_?no)?\d?",
    "interview_date": r".*(date|interviewed|fieldwork|дата|intdat).*",
}
LABELS = {
    "id": r"\b(respondent|case|interview) (id|number)|идентификатор|номер (анкеты|респондента|интервью)",
    "weight": r"\bweights?\b|\bвес(а|ов)?\b|взвешив",
    "strata": r"\bstrat(um|a)\b|\bстрат",
    "psu": r"\bprimary sampling unit|\bpsu\b|\bcluster\b|кластер",
    "interview_date": r"\bdate of (the )?interview|\binterview date|дата (интервью|опроса)",
}
DOMAINS = {
    "sex": (r"sex|gender|e?gender|пол|r?sex", r"\b(sex|gender)\b|\bпол\b"),
    "age": (r"(r_?)?age|возраст", r"\bage\b|сколько вам (полных )?лет"),
    "region": (r"(.*_)?region|okruga?|land|state", r"\bregion\b|федеральн\w+ округ"),
}
AGE_BREAKS = (30, 45, 60)
FAMILY = 8
"""Numbered columns of one stem from which on they may be replicate weights."""

REPLICATES = r".*(rep|pwgt|bs|boot|brr|jk).*"
MANY_CATEGORIES = 30
"""A domain variable with more categories than this is too fine to be proposed."""


@dataclass(frozen=True)
class Guess:
    """A column for a role, and why."""

    role: str
    column: str
    why: str


def guess_roles(respondents: Respondents) -> list[Guess]:
    """At most one column a role of the design: id, weight, strata, psu, interview_date, replicates."""
    codebook = respondents.codebook
    families = replicate_families(codebook)
    replicates = {name for columns in families.values() for name in columns}
    guesses = [
        Guess("replicates", f"{stem}*", f"{len(columns)} numbered columns")
        for stem, columns in families.items()
    ][:1]
    single = [variable for variable in codebook.variables.values() if variable.name not in replicates]
    fits: dict[str, Callable[[Variable], bool]] = {
        "id": lambda variable: _all_differ(respondents, variable),
        "weight": lambda variable: _is_weight(respondents, variable),
        "strata": lambda variable: variable.kind != "date",
        "psu": lambda variable: variable.kind != "date",
        "interview_date": lambda variable: variable.kind == "date" or _holds_dates(respondents, variable),
    }
    for role, fit in fits.items():
        fitting = [(variable, why) for variable, why in _called(role, single) if fit(variable)]
        guesses += [Guess(role, variable.name, why) for variable, why in fitting[:1]]
    return guesses


def guess_domains(respondents: Respondents) -> list[Guess]:
    """Columns that may make domains: sex, age, region."""
    guesses = []
    for key, (name, label) in DOMAINS.items():
        for variable in respondents.codebook.variables.values():
            why = _why(variable, name, label)
            if why and (_is_age(respondents, variable) if key == "age" else _few_labels(variable)):
                guesses.append(Guess(key, variable.name, why))
                break
    return guesses


def replicate_families(codebook: Codebook) -> dict[str, list[str]]:
    """Unlabelled numbered columns of numbers that look like replicate weights, by their stem."""
    stems: dict[str, list[str]] = {}
    for variable in codebook.variables.values():
        numbered = re.fullmatch(r"(.*?)\d+", variable.name)
        if numbered and variable.kind == "number" and not variable.labels:
            stems.setdefault(numbered[1], []).append(variable.name)
    return {
        stem: names
        for stem, names in stems.items()
        if len(names) >= FAMILY and re.fullmatch(REPLICATES, stem.casefold())
    }


def _called(role: str, variables: Iterable[Variable]) -> Iterator[tuple[Variable, str]]:
    """The columns whose label speaks of the role, then those whose name does."""
    listed = list(variables)
    by_label = [(v, why) for v in listed if (why := _why(v, None, LABELS[role]))]
    by_name = [(v, why) for v in listed if (why := _why(v, NAMES[role], None))]
    yield from by_label
    yield from by_name


def _why(variable: Variable, name: str | None, label: str | None) -> str | None:
    """The words by which a column looks like a role, if any."""
    if label is not None and variable.label and re.search(label, variable.label.casefold()):
        return f"labelled “{variable.label}”"
    if name is not None and re.fullmatch(name, variable.name.casefold()):
        return "by its name"
    return None


def _is_weight(respondents: Respondents, variable: Variable) -> bool:
    """Numbers of zero or above in every row, not all the same, and no codes."""
    if variable.kind != "number" or variable.labels:
        return False
    rows, low, high = respondents.row(
        "SELECT count({name}), min({name}), max({name}) FROM {respondents}", name=identifier(variable.name)
    )
    return bool(rows == respondents.codebook.rows and low >= 0 and high > low)


def _all_differ(respondents: Respondents, variable: Variable) -> bool:
    """Whether no two respondents share the code, nearly; a file with some twice still has it as its identifier."""
    rows, different = respondents.row(
        "SELECT count({name}), count(DISTINCT {name}) FROM {respondents}", name=identifier(variable.name)
    )
    return bool(rows == respondents.codebook.rows and different >= 0.9 * rows)


def _holds_dates(respondents: Respondents, variable: Variable) -> bool:
    """Whether most cells of a column of text are dates written as 2022-04-03."""
    if variable.kind != "text":
        return False
    rows, dates = respondents.row(
        "SELECT count({name}), count(TRY_CAST({name} AS DATE)) FROM {respondents}",
        name=identifier(variable.name),
    )
    return bool(rows and dates >= 0.9 * rows)


def _is_age(respondents: Respondents, variable: Variable) -> bool:
    """Whether a column counts years: many numbers between 10 and 120, most without a label."""
    if variable.kind != "number" or len(variable.labels or {}) > FAMILY:
        return False
    different, middle = respondents.row(
        "SELECT count(DISTINCT {name}), median({name}) FROM {respondents}", name=identifier(variable.name)
    )
    return bool(different > FAMILY and middle is not None and 10 <= middle <= 120)


def _few_labels(variable: Variable) -> bool:
    valid = [code for code in variable.labels or {} if not variable.is_missing(code)]
    return 2 <= len(valid) <= MANY_CATEGORIES


def recur_across(respondents: Respondents, unit: str, stratum: str) -> bool:
    """Whether codes of sampling units start again in each stratum."""
    (many,) = respondents.row(
        "SELECT count(*) FROM "
        "(SELECT 1 FROM {respondents} GROUP BY {unit} HAVING count(DISTINCT {stratum}) > 1)",
        unit=identifier(unit),
        stratum=identifier(stratum),
    )
    return bool(many)


def normalised(label: str) -> str:
    """A label without case, punctuation and double blanks, to be compared."""
    return " ".join(re.sub(r"[^\w\s]", " ", label.casefold()).split())


def unique_by_label(codebook: Codebook, label: str) -> str | None:
    """The one column with this label; None where none or several have it."""
    wanted = normalised(label)
    if not wanted:
        return None
    labels = Counter(normalised(variable.label) for variable in codebook.variables.values())
    if labels[wanted] != 1:
        return None
    return next(v.name for v in codebook.variables.values() if normalised(v.label) == wanted)
