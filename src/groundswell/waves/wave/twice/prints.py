"""Fingerprints of a wave's respondents, by which two waves can be compared after either file is closed.

Three are taken, each in one look at the file: of each respondent's codes, column by column; of his identifier; and of
each column as a whole, by how often its answers occur, which no other words for them change.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import Sql, identifier, literal, sql
from groundswell.waves.wave.recode import RecodedWave
from groundswell.waves.wave.wave_toml import Wave

Hashes = NDArray[np.uint64]

MOST_COLUMNS = 24
"""So many columns tell respondents apart: those whose names' checksums are lowest, so that waves choose the same."""

MOST_PROFILES = 80
"""So many columns are compared as a whole."""

MOST_ANSWERS = 1000


@dataclass(frozen=True)
class Profile:
    """How often the answers of one column occur, in order of size; `information` in decimal digits.

    Two waves that share nothing have the same profile in one of 10 ** `information` columns.
    """

    counts: tuple[int, ...]
    information: float


@dataclass(frozen=True, kw_only=True)
class Prints:
    """The fingerprints of one wave.

    Attributes:
        wave: whose they are.
        rows: how many respondents it has.
        codes: by column of numbers each respondent's code, hashed.
        ids: each respondent's identifier, hashed; None where there is none, or they only number the rows.
        profiles: of the columns that are neither the same for everyone nor different for everyone.
    """

    wave: Wave
    rows: int
    codes: Mapping[str, Hashes]
    ids: Hashes | None
    profiles: tuple[Profile, ...]


def prints_of(recoded: RecodedWave) -> Prints:
    """The fingerprints of a wave that was read."""
    wave, respondents = recoded.wave, recoded.respondents
    own = {
        wave.design.id,
        wave.design.weight,
        wave.interview_date,
        *wave.design.strata,
        *wave.design.psu,
        *wave.rows,
    }
    variables = [each for name, each in wave_columns(respondents).items() if name not in own]
    numbers = sorted(
        (v.name for v in variables if v.kind == "number"), key=lambda name: zlib.crc32(name.encode())
    )
    respondents.keep_order()
    codes = _hashed(respondents, recoded.where, sorted(numbers[:MOST_COLUMNS]))
    profiles = [_profile(respondents, recoded.where, variable) for variable in variables[:MOST_PROFILES]]
    (rows,) = respondents.row("SELECT count(*) FROM {respondents} WHERE {where}", where=recoded.where)
    return Prints(
        wave=wave,
        rows=int(rows),
        codes=codes,
        ids=_identifiers(respondents, recoded.where, wave.design.id),
        profiles=tuple(profile for profile in profiles if profile is not None),
    )


def wave_columns(respondents: Respondents) -> Mapping[str, Variable]:
    """The columns of the file itself, without those that raked weights brought."""
    return {
        name: variable
        for name, variable in respondents.codebook.variables.items()
        if not name.startswith("groundswell_")
    }


def _hashed(respondents: Respondents, where: Sql, columns: list[str]) -> dict[str, Hashes]:
    """Each respondent's code in each column, hashed; an empty cell is a code of its own."""
    if not columns:
        return {}
    hashed = [sql("hash(CAST({name} AS DOUBLE)) AS {name}", name=identifier(column)) for column in columns]
    table = respondents.frame("SELECT {hashed} FROM {respondents} WHERE {where}", hashed=hashed, where=where)
    return {column: table[column].to_numpy(np.uint64) for column in columns}


def _identifiers(respondents: Respondents, where: Sql, column: str | None) -> Hashes | None:
    """The identifiers, hashed; None where their numbers are little more than a count of the rows."""
    if column is None:
        return None
    rows = respondents.frame(
        "SELECT CAST({name} AS VARCHAR) AS own FROM {respondents} WHERE {where}",
        name=identifier(column),
        where=where,
    )["own"]
    digits = [re.sub(r"\D", "", re.sub(r"\.0$", "", str(own)))[:18] for own in rows.dropna()]
    numbers = [int(text) for text in digits if text]
    if len(numbers) != len(rows) or (max(numbers) - min(numbers) < 2 * len(rows)):
        return None
    hashed = respondents.frame(
        "SELECT hash(CAST({name} AS VARCHAR)) AS own FROM {respondents} WHERE {where}",
        name=identifier(column),
        where=where,
    )
    return hashed["own"].to_numpy(np.uint64)


def _profile(respondents: Respondents, where: Sql, variable: Variable) -> Profile | None:
    """The profile of a column; None for one that tells nothing."""
    counts = respondents.rows(
        "SELECT count(*) AS many FROM {respondents} WHERE {where} GROUP BY {name} ORDER BY many DESC LIMIT {most}",
        name=identifier(variable.name),
        where=where,
        most=literal(MOST_ANSWERS + 1),
    )
    sizes = tuple(int(many) for (many,) in counts)
    if not 2 <= len(sizes) <= MOST_ANSWERS or sizes[0] == 1:
        return None
    # each further answer may have any of about as many sizes as its count varies from sample to sample
    information = sum(math.log10(max(2.5 * math.sqrt(size), 1.0)) for size in sizes[1:20])
    return Profile(sizes, information)
