"""A wave, or any file of respondents, described for the researcher who has it: `groundswell describe`.

Not for publication: categories with few respondents are shown as they are. What a report may show goes through
disclosure control (see `wave_estimates`).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from groundswell.estimates.of_wave.domains import ALL
from groundswell.estimates.of_wave.estimate import wave_plan
from groundswell.estimates.of_wave.kept import KeptEstimates, wave_estimates
from groundswell.estimates.sums.plan import SumPlan
from groundswell.waves.respondents.codebook import Variable, plain_code
from groundswell.waves.respondents.reader import Respondents, read_respondents
from groundswell.waves.respondents.sql import EVERY_ROW, identifier, sql
from groundswell.waves.surveys.records import Survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.record import CountedAnswer, Wave

MANY = 40
"""A column with more different answers than this is described by its range, not by its answers."""

SHARES = ("share", "share_se", "share_low", "share_high", "n", "n_effective", "df", "deff", "deff_kind")
WEIGHTS = ("weights", "n", "deff", "n_effective", "largest", "top_share")


def describe_wave(survey: Survey, wave: Wave, *, every: bool = False) -> dict[str, Any]:
    """What stands in a wave: plain values and lists, shares in [0, 1].

    `every` describes each column of the file, not only those that are counted or make domains.

    Raises: FaultsError and InputError as `wave_estimates`.
    """
    kept = wave_estimates(survey, wave)
    described: dict[str, Any] = {
        "survey": survey.name,
        "wave": wave.name,
        "house": wave.house,
        "mode": wave.mode or survey.houses[wave.house].mode,
        "start": str(wave.start),
        "end": str(wave.end),
        "file": wave.file,
        "respondents_here": kept.respondents_here,
        "simulated": wave.simulated,
        "design": _stated(wave),
        "weights": _records(kept.sample.diagnostics, WEIGHTS),
        "indicators": _indicators(wave, kept),
        "quality": _records(kept.quality, ("check", "subject", "verdict", "number", "sentence")),
    }
    if not kept.respondents_here:
        return described | {"rows": None, "n": _n(kept), "questions": []}
    respondents = read_wave(wave)
    plan = wave_plan(wave, respondents.codebook)
    roles = _roles(wave)
    names = respondents.codebook.variables if every else roles
    questions = [
        _question(respondents, respondents.codebook[name], plan, roles.get(name, ""), _answers_of(wave, name))
        for name in names
        if not name.startswith("groundswell_")
    ]
    return described | {"rows": respondents.codebook.rows, "n": _n(kept), "questions": questions}


def describe_file(file: Path) -> dict[str, Any]:
    """Every column of a file of respondents: label, kind, answers.

    Raises: InputError as `read_respondents`.
    """
    respondents = read_respondents(file)
    variables = respondents.codebook.variables.values()
    return {
        "file": str(file),
        "rows": respondents.codebook.rows,
        "questions": [_question(respondents, variable, None, "", None) for variable in variables],
    }


def _stated(wave: Wave) -> dict[str, Any]:
    """The design's columns that the wave names."""
    stated = wave.design.model_dump(exclude_defaults=True)
    return {name: list(value) if isinstance(value, tuple) else value for name, value in stated.items()}


def _n(kept: KeptEstimates) -> int:
    whole = kept.sample.domains
    return int(whole.loc[whole["domain"] == ALL, "n"].iloc[0])


def _records(table: Any, columns: Iterable[str]) -> list[dict[str, Any]]:
    """Rows as mappings, empty cells as None."""
    chosen = table[list(columns)].astype(object)
    return list(chosen.where(chosen.notna(), None).to_dict("records"))


def _indicators(wave: Wave, kept: KeptEstimates) -> list[dict[str, Any]]:
    whole = kept.estimates[kept.estimates["domain"] == ALL].set_index("indicator")
    return [
        {"indicator": key, "variant": answer.variant, "columns": list(answer.columns)}
        | _records(whole.loc[[key]], SHARES)[0]
        for key, answer in wave.indicators.items()
    ]


def _roles(wave: Wave) -> dict[str, str]:
    """What each column is used for, in the wave's order: indicators, then domains."""
    roles: dict[str, list[str]] = {}
    for key, answer in wave.indicators.items():
        for column in answer.columns:
            roles.setdefault(column, []).append(f"indicator {key}")
    for key, rule in wave.domains.items():
        roles.setdefault(rule.column, []).append(f"domain {key}")
    return {column: ", ".join(used) for column, used in roles.items()}


def _answers_of(wave: Wave, column: str) -> CountedAnswer | None:
    return next((answer for answer in wave.indicators.values() if column in answer.columns), None)


def _question(
    respondents: Respondents,
    variable: Variable,
    plan: SumPlan | None,
    role: str,
    answer: CountedAnswer | None,
) -> dict[str, Any]:
    """One column: its answers with their respondents and weighted shares, or its range."""
    own, where = identifier(variable.name), plan.where if plan else EVERY_ROW
    name = sql("nullif(trim({own}), '')", own=own) if variable.kind == "text" else own
    weight = identifier(plan.design.weights) if plan and plan.design.weights else sql("1")
    numbers = sql("NULL, NULL, NULL")
    if variable.kind == "number":
        numbers = sql("min({name}), max({name}), avg({name})", name=name)
    different, empty, low, high, mean = respondents.row(
        "SELECT count(DISTINCT {name}), count(*) - count({name}), {numbers} FROM {respondents} WHERE {where}",
        name=name,
        numbers=numbers,
        where=where,
    )
    described: dict[str, Any] = {
        "column": variable.name,
        "label": variable.label,
        "kind": variable.kind,
        "role": role,
        "different": different,
        "empty": empty,
    }
    if different > MANY:
        return described | {"low": low, "high": high, "mean": mean, "answers": []}
    counted = respondents.rows(
        "SELECT {name}, count(*), sum({weight}) FROM {respondents} "
        "WHERE {where} AND {name} IS NOT NULL GROUP BY 1 ORDER BY 1",
        name=name,
        weight=weight,
        where=where,
    )
    rows = [(_plain(code), int(n), float(w or 0)) for code, n, w in counted]
    meanings = {code: _meaning(code, variable, answer) for code, *_ in rows}
    base = sum(w for code, _, w in rows if meanings[code] not in ("missing", "in no list")) or 1.0
    answers = [
        {
            "code": code,
            "label": (variable.labels or {}).get(code, ""),
            "meaning": meanings[code],
            "respondents": n,
            "share": None if meanings[code] in ("missing", "in no list") else w / base,
        }
        for code, n, w in rows
    ]
    return described | {"answers": answers}


def _meaning(code: Any, variable: Variable, answer: CountedAnswer | None) -> str:
    """What the wave makes of a code: counted, valid, missing, or in no list."""
    if variable.is_missing(code):
        return "missing"
    if answer is None:
        return ""
    if code in map(plain_code, answer.missing):
        return "missing"
    if code in map(plain_code, answer.numerator or ()):
        return "counted"
    return "valid" if answer.valid is None or code in map(plain_code, answer.valid) else "in no list"


def _plain(code: object) -> Any:
    """A code as people write it; dates and truth values as text."""
    return plain_code(code) if isinstance(code, str | float) or type(code) is int else str(code)
