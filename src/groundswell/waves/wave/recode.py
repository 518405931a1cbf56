"""Recorded codes -> counted answers, as SQL, so that a thousand rows and fifty million go the same way.

`RecodedWave` is a wave opened: its respondents, with all that its TOML makes of them. Whatever is added up later reads
only that.

A counted answer is 1 (in the numerator), 0 (another valid answer) or NULL (no valid answer); of a mean it is the
answer's place in [0, 1] between the ends of its scale (`answer_scale`), or NULL. User-missing
codes of the file, `missing` codes of the wave and empty cells are all NULL here; which of them it was is for
the codebook to tell.

Example: the rule *sum of two items scored code − 1, at least 3* over codes 1–4 counts (3, 2) as 1, (1, 2) as
0 and (4, −99) as NULL, because both items must be answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from groundswell.waves.respondents.answers.code_labels import codes_by_label
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import (
    Sql,
    all_of,
    among,
    answered,
    as_double,
    band_of,
    code_text,
    joined,
    literal,
    number,
    sql,
)
from groundswell.waves.surveys.answer_scale import Ends
from groundswell.waves.wave.set_answers import CountedSet, chosen_in_wave
from groundswell.waves.wave.wave_toml import CountedAnswer, DomainRule, Wave


@dataclass(frozen=True, kw_only=True)
class RecodedWave:
    """A wave's respondents, and as SQL over their rows what the wave's TOML makes of them.

    Attributes:
        wave: whose they are.
        respondents: the rows of its file, with their codebook.
        where: which of the rows are this wave's.
        answers: each indicator as 1, 0 or NULL, a mean as a place in [0, 1] or NULL.
        domains: the name of each respondent's category by domain variable, NULL where it is not known.
        margins: columns of the categories that the weights next to the wave were raked to; none without such weights.
    """

    wave: Wave
    respondents: Respondents
    where: Sql
    answers: Mapping[str, Sql]
    domains: Mapping[str, Sql]
    margins: tuple[str, ...] = ()


def recode(wave: Wave, respondents: Respondents, sets: Mapping[str, CountedSet]) -> RecodedWave:
    """The wave with its rules as SQL; its file must have every column that they name, and `sets` every question."""
    codebook = respondents.codebook
    where = all_of(among(codebook[column], codes) for column, codes in wave.rows.items())
    return RecodedWave(
        wave=wave,
        respondents=respondents,
        answers={
            key: chosen_in_wave(sets[key], respondents, where)
            if answer.options
            else counted(answer, codebook, wave.scales.get(key))
            for key, answer in wave.indicators.items()
        },
        domains={key: domain(rule, codebook) for key, rule in wave.domains.items()},
        where=where,
    )


def counted(answer: CountedAnswer, codebook: Codebook, scale: Ends | None = None) -> Sql:
    """The indicator as 1, 0 or NULL; of a mean, whose `scale` is given, the place of the answer on it."""
    variables = [codebook[column] for column in answer.columns]
    total = _total_score(variables, answer.score_offset)
    base = all_of(answered(variable, missing=answer.missing, valid=answer.valid) for variable in variables)
    if scale is not None:
        # `place_on` in SQL
        low, high = map(literal, scale)
        place = sql("({total} - {low}) / ({high} - {low})", total=total, low=low, high=high)
        return sql("CASE WHEN {base} THEN {place} END", base=base, place=place)
    if answer.at_least is None:
        test = among(variables[0], answer.numerator or ())
    else:
        test = sql("{total} >= {limit}", total=total, limit=literal(answer.at_least))
    return sql("CASE WHEN {base} THEN CAST({test} AS INTEGER) END", base=base, test=test)


def _total_score(variables: Sequence[Variable], offset: int) -> Sql:
    """The sum of the scores of an indicator's items."""
    items = [sql("({item} + {offset})", item=as_double(each), offset=literal(offset)) for each in variables]
    return joined(" + ", items)


def domain(rule: DomainRule, codebook: Codebook) -> Sql:
    """The name of the respondent's category, or NULL where it is not known.

    Without categories it is the code's label, of all codes that have the label, or the code itself where it has none.
    """
    variable = codebook[rule.column]
    categories = rule.categories or codes_by_label(variable)
    base = answered(variable, missing=rule.missing)
    if rule.breaks is not None:
        bands = band_of(number(variable), rule.breaks, _band_names(rule.breaks))
        return sql("CASE WHEN {base} THEN {bands} END", base=base, bands=bands)
    other = sql("NULL") if rule.categories else code_text(variable)
    if not categories:
        return sql("CASE WHEN {base} THEN {other} END", base=base, other=other)
    cases = [
        sql("WHEN {test} THEN {label}", test=among(variable, codes), label=literal(label))
        for label, codes in categories.items()
    ]
    return sql(
        "CASE WHEN {base} THEN CASE {cases} ELSE {other} END END",
        base=base,
        cases=joined(" ", cases),
        other=other,
    )


def category_names(rule: DomainRule) -> list[str]:
    """The names of a domain variable's categories in their own order; none where the file's labels name them."""
    return list(rule.categories or ()) if rule.breaks is None else _band_names(rule.breaks)


def _band_names(breaks: tuple[float, ...]) -> list[str]:
    """Bands named as people say them: `under 30`, `30–44`, `45 and over`."""
    inner = [
        f"{low:g}–{high - 1:g}" if float(high).is_integer() else f"{low:g} to under {high:g}"
        for low, high in pairwise(breaks)
    ]
    return [f"under {breaks[0]:g}", *inner, f"{breaks[-1]:g} and over"]
