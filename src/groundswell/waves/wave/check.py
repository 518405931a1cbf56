"""A wave's file held against what its TOML says: the checksum, and every code that is counted.

A *fault* stops the wave: a code that stands in no list could mean anything. A numerator code that nobody
gave is not a fault, since nobody may have given it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from groundswell.checksum import checksum
from groundswell.errors import Fault, FaultsError, nearest
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code, plain_code
from groundswell.waves.respondents.reader import Respondents, read_respondents
from groundswell.waves.respondents.sql import EVERY_ROW, Sql, identifier, literal
from groundswell.waves.toml.lines import Path as TomlPath
from groundswell.waves.toml.record import line_of, read_toml
from groundswell.waves.wave.raked_weights import with_weights
from groundswell.waves.wave.recode import in_wave
from groundswell.waves.wave.wave_toml import CountedAnswer, Wave

MANY = 1000
"""A column with more different answers than this is not a list of codes."""

SHOWN = 5
"""How many codes a message names."""


@dataclass(frozen=True)
class CodeCount:
    """How many respondents gave a code; None is an empty cell."""

    code: Code | None
    respondents: int


def read_wave(wave: Wave) -> Respondents:
    """The respondents of a wave, their checksum and every counted code checked, with the weights next to it.

    Raises: InputError as `read_respondents` and `with_weights`; FaultsError where the file changed since its
    checksum was taken, or holds codes that the wave's lists do not name.
    """
    check_checksum(wave)
    respondents = read_respondents(wave.respondents, options=wave.read_options)
    for column in wave.columns:
        if column not in respondents.codebook:
            known = nearest(column, respondents.codebook.variables)
            message = f"`{wave.file}` has no column `{column}`; {known}"
            raise FaultsError(str(wave.toml), [_fault(wave, _place_of(wave, column), message)])
    faults = list(code_faults(wave, respondents))
    if faults:
        raise FaultsError(str(wave.toml), faults)
    return with_weights(wave, respondents)


def check_checksum(wave: Wave) -> None:
    """Hold the file against its checksum.

    Raises: FaultsError where they differ.
    """
    if wave.respondents.is_file() and (got := checksum(wave.respondents)) != wave.sha256:
        message = (
            f"`{wave.file}` has changed: its SHA-256 is {got}; put the old file back, "
            "or write the new checksum here"
        )
        raise FaultsError(str(wave.toml), [_fault(wave, ("sha256",), message)])


def code_counts(respondents: Respondents, column: str, *, where: Sql = EVERY_ROW) -> list[CodeCount]:
    """How often each code of a column occurs, most frequent first; at most `MANY` + 1 of them."""
    counts = respondents.rows(
        "SELECT {name}, count(*) AS many FROM {respondents} WHERE {where} "
        "GROUP BY 1 ORDER BY many DESC, 1 LIMIT {most}",
        name=identifier(column),
        where=where,
        most=literal(MANY + 1),
    )
    return [CodeCount(_plain(code), int(many)) for code, many in counts]


def code_faults(wave: Wave, respondents: Respondents) -> Iterator[Fault]:
    """Every code in the file that the wave's lists leave unexplained, and columns that hold no codes."""
    for key, answer in wave.indicators.items():
        for column in answer.columns:
            variable = respondents.codebook[column]
            try:
                counts = code_counts(respondents, column, where=in_wave(wave, respondents.codebook))
            except duckdb.Error as error:
                yield _fault(wave, ("indicators", key), f"`{column}`: {str(error).splitlines()[0]}")
                continue
            for message in _column_faults(column, variable, answer, counts):
                yield _fault(wave, ("indicators", key), message)


def _column_faults(
    column: str, variable: Variable, answer: CountedAnswer, counts: list[CodeCount]
) -> Iterator[str]:
    """What is wrong with the answers in one column."""
    if len(counts) > MANY:
        yield f"`{column}` holds over {MANY:,} answers, so it is not a list of codes: name the coded column"
        return
    stated = {
        plain_code(code) for code in (*(answer.numerator or ()), *(answer.valid or ()), *answer.missing)
    }
    unknown = [
        count
        for count in counts
        if count.code not in (None, "")
        and _explained(count.code) not in stated
        and count.code not in stated
        and not variable.is_missing(count.code)
    ]
    words = [count for count in unknown if isinstance(_explained(count.code), str)]
    if words and (answer.at_least is not None or not any(isinstance(code, str) for code in stated)):
        yield (
            f"`{column}` holds text where codes are counted: {_listed(words, variable)}; "
            "name the column of codes, write the answers as text, or list them in `missing`"
        )
    elif answer.valid is not None and unknown:
        yield (
            f"`{column}` holds codes in no list: {_listed(unknown, variable)}; "
            "add each to `numerator`, `valid` or `missing`"
        )
    if answer.at_least is not None:
        return
    if not any(_explained(count.code) in stated or count.code in stated for count in counts):
        yield f"`{column}` holds none of the codes that are counted; it holds {_listed(counts, variable)}"


def _explained(code: Code | None) -> Code | None:
    """The number that text writes, so that the code 1 explains the text `1`."""
    if not isinstance(code, str):
        return code
    try:
        return plain_code(float(code))
    except ValueError:
        return code.strip()


def _listed(counts: list[CodeCount], variable: Variable) -> str:
    """The first codes with their labels and numbers of respondents."""
    named = []
    for count in counts[:SHOWN]:
        label = "empty" if count.code is None else variable.label_of(count.code)
        own = "" if label in (str(count.code), "empty") else f" “{label}”"
        named.append(f"`{'' if count.code is None else count.code}`{own} ({count.respondents:,})")
    more = f" and {len(counts) - SHOWN} more" if len(counts) > SHOWN else ""
    return ", ".join(named) + more


def _plain(code: object) -> Code | None:
    """A code as DuckDB returns it, as people write it."""
    if code is None or code != code:
        return None
    if isinstance(code, str | int | float):
        return plain_code(code)
    return str(code)


def _place_of(wave: Wave, column: str) -> TomlPath:
    """The key under which a wave names a column."""
    for key, answer in wave.indicators.items():
        if column in answer.columns:
            return ("indicators", key)
    for key, rule in wave.domains.items():
        if column == rule.column:
            return ("domains", key)
    return ("design",)


def _fault(wave: Wave, path: TomlPath, message: str) -> Fault:
    """A fault at the line of a key; the key may stand in the wave that this one is like."""
    _, lines = read_toml(wave.toml)
    return Fault(wave.toml, line_of(lines, path), ".".join(map(str, path)), message)
