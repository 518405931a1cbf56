"""Whether what is taken for one wave is one: one code in its year or round column, interviews of its own days.

A file of many waves that is taken for one would give a share of all its years under one date. Whoever means it says
so: `rows` that lists every code of such a column makes the wave of them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from groundswell.waves.respondents.answers.code_counts import Counts
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.codes import Code
from groundswell.waves.surveys.fieldwork import period
from groundswell.waves.toml.record import Found
from groundswell.waves.toml.written import toml_text
from groundswell.waves.wave.faults.look import Interviews, Look
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
"""A column of more codes numbers something else than waves."""

FAR_SHARE = 0.05
"""Interviews that lie far from the stated fieldwork are slips up to this share, and then waves."""

SHOWN = 4


def tells_waves_apart(name: str) -> bool:
    """Whether a column is called as one that tells waves apart."""
    forms = (ROUNDS, YEARS, *SPANS.values())
    return any(form.fullmatch(name.strip()) for form in forms)


def undecided(wave: Wave, codebook: Codebook) -> list[str]:
    """The columns that may tell waves apart and that the wave's `rows` do not speak of."""
    return [
        name
        for name, column in codebook.variables.items()
        if tells_waves_apart(name) and name not in wave.rows and column.kind != "date"
    ]


def several_waves(wave: Wave, look: Look, codebook: Codebook) -> Iterator[Found]:
    """What speaks against this being one wave: the key at which to say otherwise, and the fault."""
    for name, counts in look.tell_apart.items():
        codes = _codes(counts, codebook[name])
        if not 2 <= len(codes) <= MOST_CODES or _as_stated(wave, name, [code for code, _ in codes]):
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
    if look.interviews is not None:
        yield from _far_interviews(wave, look.interviews)


def _codes(counts: Counts, column: Variable) -> list[tuple[Code, int]]:
    """The codes of a column with their numbers of respondents, in order; what is declared missing is none of them."""
    found = [(each.code, each.respondents) for each in counts if each.code is not None]
    return sorted((code, many) for code, many in found if not column.is_missing(code))


def _as_stated(wave: Wave, name: str, codes: Sequence[Code]) -> bool:
    """Whether a column of years, months or weeks holds no more than the fieldwork, or no years of asking at all."""
    for days, form in SPANS.items():
        if form.fullmatch(name.strip()):
            stated = period(wave.start, wave.end, wave.precision)
            return len(codes) <= stated.days / days + 2
    if not YEARS.fullmatch(name.strip()):
        return False
    years = {int(float(code)) for code in codes if re.fullmatch(r"(19|20)\d\d(\.0)?", str(code))}
    first, last = wave.start.year, wave.end.year
    near = any(first - NEAR_YEARS <= year <= last + NEAR_YEARS for year in years)
    return not near or all(first <= year <= last for year in years)


def _far_interviews(wave: Wave, held: Interviews) -> Iterator[Found]:
    """Interviews that lie far from the stated fieldwork, too many to be slips."""
    if held.dated and held.far > FAR_SHARE * held.dated:
        message = (
            f"`{wave.interview_date}` runs from {held.first} to {held.last}, and {held.far:,} of {held.dated:,} "
            "interviews lie over half a year from "
            f"the stated fieldwork ({wave.start} to {wave.end}): correct `start` and `end`, choose this wave's with "
            "`rows`, or make many waves of the file with `wave_column`"
        )
        yield ("interview_date",), message
