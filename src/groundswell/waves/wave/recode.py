"""Recorded codes -> counted answers, as SQL, so that a thousand rows and fifty million go the same way.

A counted answer is 1 (in the numerator), 0 (another valid answer) or NULL (no valid answer). User-missing
codes of the file, `missing` codes of the wave and empty cells are all NULL here; which of them it was is for
the codebook to tell.

Example: the rule *sum of two items scored code − 1, at least 3* over codes 1–4 counts (3, 2) as 1, (1, 2) as
0 and (4, −99) as NULL, because both items must be answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from groundswell.waves.respondents.codebook import Code, Codebook, Variable
from groundswell.waves.respondents.reader import literal, quoted
from groundswell.waves.wave.record import CountedAnswer, DomainRule, Wave


def number(variable: Variable) -> str:
    """The column as a number; text that is no number is NULL."""
    name = quoted(variable.name)
    return f"TRY_CAST({name} AS DOUBLE)" if variable.kind == "text" else name


def among(variable: Variable, codes: Iterable[Code]) -> str:
    """Whether the column holds one of `codes`; never NULL."""
    codes = tuple(codes)
    numbers = [literal(code) for code in codes if not isinstance(code, str)]
    texts = [literal(code) for code in codes if isinstance(code, str)]
    tests = [f"{number(variable)} IN ({', '.join(numbers)})"] if numbers else []
    if texts and variable.kind == "text":
        tests.append(f"trim({quoted(variable.name)}) IN ({', '.join(texts)})")
    return f"coalesce({' OR '.join(tests)}, false)" if tests else "false"


def answered(variable: Variable, *, missing: Iterable[Code] = (), valid: Iterable[Code] | None = None) -> str:
    """Whether the column holds an answer that is not missing (and is among `valid`, where that is stated)."""
    name = quoted(variable.name)
    tests = [f"{name} IS NOT NULL"]
    if variable.kind == "text":
        tests.append(f"trim({name}) <> ''")
    missing = tuple(missing)
    if missing:
        tests.append(f"NOT {among(variable, missing)}")
    for low, high in variable.missing:
        column = name if isinstance(low, str) else number(variable)
        tests.append(f"NOT coalesce({column} BETWEEN {literal(low)} AND {literal(high)}, false)")
    if valid is not None:
        tests.append(among(variable, valid))
    return " AND ".join(tests)


def counted(answer: CountedAnswer, codebook: Codebook) -> str:
    """The indicator as 1, 0 or NULL."""
    variables = [codebook[column] for column in answer.columns]
    base = " AND ".join(
        answered(variable, missing=answer.missing, valid=answer.valid) for variable in variables
    )
    if answer.at_least is None:
        test = among(variables[0], answer.numerator or ())
    else:
        total = " + ".join(f"({number(variable)} + {answer.score_offset})" for variable in variables)
        test = f"{total} >= {answer.at_least!r}"
    return f"CASE WHEN {base} THEN CAST({test} AS INTEGER) END"


def domain(rule: DomainRule, codebook: Codebook) -> str:
    """The name of the respondent's category, or NULL where it is not known."""
    variable = codebook[rule.column]
    base = answered(variable, missing=rule.missing)
    if rule.breaks is not None:
        return f"CASE WHEN {base} THEN {_bands(number(variable), rule.breaks)} END"
    categories = rule.categories or {label: (code,) for code, label in (variable.labels or {}).items()}
    if not categories:
        return f"CASE WHEN {base} THEN CAST({quoted(variable.name)} AS VARCHAR) END"
    cases = " ".join(
        f"WHEN {among(variable, codes)} THEN {literal(label)}" for label, codes in categories.items()
    )
    return f"CASE WHEN {base} THEN CASE {cases} END END"


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


def _bands(column: str, breaks: tuple[float, ...]) -> str:
    """The name of the band that a number lies in."""
    *names, last = _band_names(breaks)
    cases = [
        f"WHEN {column} < {limit!r} THEN {literal(name)}" for limit, name in zip(breaks, names, strict=True)
    ]
    return f"CASE {' '.join(cases)} ELSE {literal(last)} END"


def in_wave(wave: Wave, codebook: Codebook) -> str:
    """Which rows of the file are this wave's; all, where `rows` says nothing."""
    tests = [among(codebook[column], codes) for column, codes in wave.rows.items()]
    return " AND ".join(tests) if tests else "true"
