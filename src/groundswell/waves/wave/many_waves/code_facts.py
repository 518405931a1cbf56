"""What a file of many waves holds of each: rows, days, gaps in the weights, questions that were asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from groundswell.waves.respondents.codes import Code, code_of, plain_code
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import Sql, answered, identifier, number, sql
from groundswell.waves.wave.many_waves.wave_column import CodeFacts, Facts


def code_facts(
    respondents: Respondents,
    column: str,
    *,
    interview_date: str | None,
    weights: Sequence[str],
    asked: Mapping[str, Sequence[Code]],
) -> tuple[Facts, int]:
    """What the file holds of each code of `column`, and how many respondents have none.

    Args:
        respondents: of the whole file.
        column: the wave column.
        interview_date: the column of interviews' days.
        weights: columns of weights.
        asked: columns of questions, each with the codes that are no answer in addition to the file's.
    """
    codebook = respondents.codebook
    day = sql("TRY_CAST({name} AS DATE)", name=identifier(interview_date)) if interview_date else sql("NULL")
    looked = [sql("count(*)"), sql("min({day}), max({day})", day=day)]
    looked += [_incomplete(number(codebook[name])) for name in weights]
    tests = (answered(codebook[name], missing=missing) for name, missing in asked.items())
    looked += [sql("count(*) FILTER ({test})", test=test) for test in tests]
    rows = respondents.rows(
        "SELECT {name}, {looked} FROM {respondents} GROUP BY 1 ORDER BY 1",
        name=identifier(column),
        looked=looked,
    )
    facts: dict[Code, CodeFacts] = {}
    without = 0
    for code, many, first, last, *counts in rows:
        if code is None or code != code or (isinstance(code, str) and not code.strip()):
            without += many
            continue
        gaps, answers = counts[: len(weights)], counts[len(weights) :]
        named = (name for name, here in zip(asked, answers, strict=True) if here)
        own = CodeFacts(many, first, last, dict(zip(weights, gaps, strict=True)), frozenset(named))
        # text that writes a number is counted as that number, here as in `rows`
        facts[code_of(code) if isinstance(code, str) else plain_code(code)] = own
    return facts, without


def _incomplete(weight: Sql) -> Sql:
    """How many respondents have no weight, or none that can be one; all of them where every weight is zero."""
    return sql(
        "CASE WHEN coalesce(max({w}), 0) > 0 THEN count(*) FILTER (NOT coalesce({w} >= 0, false)) ELSE count(*) END",
        w=sql("CAST({w} AS DOUBLE)", w=weight),
    )
