"""Whether what is taken for one wave is one: one code in its year or round column, interviews of its own days.

A file of many waves that is taken for one would give a share of all its years under one date. Whoever means it says
so: `rows` that lists every code of such a column makes the wave of them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from groundswell.waves.respondents.codes import Code, plain_code
from groundswell.waves.respondents.sql import identifier, literal, sql
from groundswell.waves.surveys.fieldwork import period
from groundswell.waves.toml.lines import Path as TomlPath
from groundswell.waves.toml.written import toml_text
from groundswell.waves.wave.recode import RecodedWave
from groundswell.waves.wave.wave_toml import Wave

ROUNDS: Final = re.compile(
    r"(survey_?|study_?)?(wave|round|cycle|edition)(_?(no|nr|num|number|id))?|essround|s002(vs|evs)?"
    r"|волна|раунд|хвиля|ola|onda|vague|welle|fala|rodada|edycja",
    re.IGNORECASE,
)
"""Names of a column that numbers the waves of a file."""

YEARS: Final = re.compile(
    r"(survey_?|interview_?|study_?|int)?(year|yr)|s020|год(_опроса)?|рік|año|anio|ano|année|annee|jahr|rok",
    re.IGNORECASE,
)
"""Names of a column that holds the year in which people were asked."""

SPANS: Final = {
    7: re.compile(
        r"(survey_?)?week(_?(no|num|number))?|неделя|тиждень|semana|semaine|kalenderwoche|tydzien",
        re.IGNORECASE,
    ),
    31: re.compile(r"(survey_?|interview_?)?month|месяц|місяць|mes|mois|monat|miesiac", re.IGNORECASE),
    92: re.compile(r"(survey_?)?(quarter|qtr)|квартал|trimestre|quartal|kwartal", re.IGNORECASE),
}
"""Names of a column that numbers stretches of so many days; fieldwork touches few of them."""

NEAR_YEARS = 5
"""A year column has a year this near to the wave's; one of births has not."""

MOST_CODES = 100
FAR_DAYS = 183
FAR_SHARE = 0.05
"""Interviews that lie further from the stated fieldwork than `FAR_DAYS` are slips up to this share, and then waves."""

SHOWN = 4


def tells_waves_apart(name: str) -> bool:
    """Whether a column is called as one that tells waves apart."""
    forms = (ROUNDS, YEARS, *SPANS.values())
    return any(form.fullmatch(name.strip()) for form in forms)


def several_waves(recoded: RecodedWave) -> Iterator[tuple[TomlPath, str]]:
    """What speaks against this being one wave: the key at which to say otherwise, and the fault."""
    wave, respondents = recoded.wave, recoded.respondents
    for name in respondents.codebook.variables:
        if not tells_waves_apart(name) or name in wave.rows:
            continue
        codes = _codes(recoded, name)
        if not 2 <= len(codes) <= MOST_CODES or _as_stated(wave, name, codes):
            continue
        listed = ", ".join(f"`{code}` ({many:,})" for code, many in codes[:SHOWN])
        more = f" and {len(codes) - SHOWN} more" if len(codes) > SHOWN else ""
        chosen = toml_text({name: [codes[-1][0]]})
        message = (
            f"`{name}` holds {len(codes)} codes, {listed}{more}, so that the file is of several waves: make a wave of "
            f'each with `wave_column = "{name}"`, or choose this one\'s with `rows = {chosen}` '
            "(list every code if they are one wave)"
        )
        yield ("file",), message
    yield from _far_interviews(recoded)


def _codes(recoded: RecodedWave, name: str) -> list[tuple[Code, int]]:
    """The codes of a column in the wave's rows with their numbers of respondents, in order."""
    respondents = recoded.respondents
    column = respondents.codebook[name]
    if column.kind == "date":
        return []
    rows = respondents.rows(
        "SELECT {name}, count(*) FROM {respondents} WHERE {where} AND {name} IS NOT NULL "
        "GROUP BY 1 ORDER BY 1 LIMIT {most}",
        name=identifier(name),
        where=recoded.where,
        most=literal(MOST_CODES + 1),
    )
    codes = [(code if isinstance(code, str) else plain_code(float(code)), int(many)) for code, many in rows]
    return [(code, many) for code, many in codes if not column.is_missing(code)]


def _as_stated(wave: Wave, name: str, codes: Sequence[tuple[Code, int]]) -> bool:
    """Whether a column of years, months or weeks holds no more than the fieldwork, or no years of asking at all."""
    for days, form in SPANS.items():
        if form.fullmatch(name.strip()):
            stated = period(wave.start, wave.end, wave.precision)
            return len(codes) <= stated.days / days + 2
    if not YEARS.fullmatch(name.strip()):
        return False
    years = {int(float(code)) for code, _ in codes if re.fullmatch(r"(19|20)\d\d(\.0)?", str(code))}
    first, last = wave.start.year, wave.end.year
    near = any(first - NEAR_YEARS <= year <= last + NEAR_YEARS for year in years)
    return not near or all(first <= year <= last for year in years)


def _far_interviews(recoded: RecodedWave) -> Iterator[tuple[TomlPath, str]]:
    """Interviews that lie far from the stated fieldwork, too many to be slips."""
    wave, respondents = recoded.wave, recoded.respondents
    column = wave.interview_date
    if column is None:
        return
    stated = period(wave.start, wave.end, wave.precision)
    day = sql("TRY_CAST({name} AS DATE)", name=identifier(column))
    far, dated, first, last = respondents.row(
        "SELECT count(*) FILTER ({day} < DATE {start} - {days} OR {day} > DATE {end} + {days}), count({day}), "
        "min({day}), max({day}) FROM {respondents} WHERE {where}",
        day=day,
        start=literal(str(stated.start)),
        end=literal(str(stated.end)),
        days=literal(FAR_DAYS),
        where=recoded.where,
    )
    if dated and far > FAR_SHARE * dated:
        message = (
            f"`{column}` runs from {first} to {last}, and {far:,} of {dated:,} interviews lie over half a year from "
            f"the stated fieldwork ({wave.start} to {wave.end}): correct `start` and `end`, choose this wave's with "
            "`rows`, or make many waves of the file with `wave_column`"
        )
        yield ("interview_date",), message
