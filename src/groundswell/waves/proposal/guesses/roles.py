"""Guessing what a file's columns are for: identifiers, strata, sampling units, dates, replicate weights.

A guess is a proposal for a person to confirm, so every one comes with its reason and its rivals. A column that is
called as the role is comes before one whose label only speaks of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from groundswell.waves.proposal.guesses.guess import Guess, named, names_first, words_for
from groundswell.waves.proposal.guesses.interviews import interview_days
from groundswell.waves.proposal.guesses.known_names import NAMES, folded
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import identifier

FAMILY = 8
"""Numbered columns of one stem from which on they may be replicate weights."""

REPLICATES = re.compile(r".*(rep|pwgt|bs|boot|brr|jk).*")


def guess_roles(respondents: Respondents, *, wave_column: str | None = None) -> list[Guess]:
    """At most one column a role of the design but the weights: replicates, id, strata, psu, interview_date.

    `wave_column` tells the waves of a file apart, in each of which identifiers may start again.
    """
    codebook = respondents.codebook
    families = replicate_families(codebook)
    guesses = [
        Guess("replicates", f"{stem}*", f"{len(columns)} numbered columns")
        for stem, columns in families.items()
    ][:1]
    single = single_columns(codebook)
    fits: dict[str, Callable[[Variable], bool]] = {
        "id": lambda variable: _all_differ(respondents, variable, wave_column),
        "strata": lambda variable: variable.kind != "date",
        "psu": lambda variable: variable.kind != "date",
        "interview_date": lambda variable: bool(interview_days(respondents, variable)),
    }
    for role, fits_role in fits.items():
        called = names_first(role, single)
        fitting = [variable for variable in called if fits_role(variable)]
        if fitting:
            best, *others = fitting
            rivals = tuple(named(variable) for variable in others)
            guesses.append(Guess(role, best.name, words_for(best, role), rivals))
    return guesses


def single_columns(codebook: Codebook) -> list[Variable]:
    """The columns that are of no family of replicate weights."""
    families = replicate_families(codebook)
    replicates = {name for columns in families.values() for name in columns}
    return [variable for variable in codebook.variables.values() if variable.name not in replicates]


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
        if len(names) >= FAMILY
        and (REPLICATES.fullmatch(folded(stem)) or NAMES["weight"].fullmatch(folded(stem)))
    }


def _all_differ(respondents: Respondents, variable: Variable, wave_column: str | None) -> bool:
    """Whether no two respondents share the code, nearly; a file with some twice still has it as its identifier."""
    name = identifier(variable.name)
    wave = identifier(wave_column) if wave_column and wave_column != variable.name else name
    rows, different = respondents.row(
        "SELECT count({name}), count(DISTINCT ({wave}, {name})) FROM {respondents}", name=name, wave=wave
    )
    return bool(rows == respondents.codebook.rows and different >= 0.9 * rows)


def recur_across(respondents: Respondents, unit: str, stratum: str) -> bool:
    """Whether codes of sampling units start again in each stratum."""
    (many,) = respondents.row(
        "SELECT count(*) FROM "
        "(SELECT 1 FROM {respondents} GROUP BY {unit} HAVING count(DISTINCT {stratum}) > 1)",
        unit=identifier(unit),
        stratum=identifier(stratum),
    )
    return bool(many)
