"""A wave, or any file of respondents, described for the researcher who has it: `groundswell describe`.

Not for publication: categories with few respondents are shown as they are. What a report may show goes through
disclosure control (see `kept_estimates`). Nothing is written. Everything here is codes and numbers; `as_record`
is what `groundswell describe --json` prints.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from groundswell.estimates.of_wave.kept import KeptEstimates, kept_estimates
from groundswell.estimates.of_wave.means import wave_plan
from groundswell.estimates.of_wave.quality_check import QualityCheck
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.vocabulary import EVERYONE
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code, plain_code
from groundswell.waves.respondents.layout import AS_FOUND, ReadOptions
from groundswell.waves.respondents.reader import Respondents, read_respondents
from groundswell.waves.respondents.sql import EVERY_ROW, Sql, identifier, sql
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.recode import RecodedWave
from groundswell.waves.wave.wave_toml import CountedAnswer, Wave

SCHEMA = 2
"""Raised whenever `as_record` gives another form; 1 (which did not say so) held sentences where 2 holds codes."""

MANY = 40
"""A column with more different answers than this is described by its range, not by its answers."""

OWN_PREFIX = "groundswell_"
"""What the names of columns begin with that groundswell adds to a wave's own."""

SHARES = ("share", "share_se", "share_low", "share_high", "n", "n_effective", "df", "deff", "deff_kind")
WEIGHTS = ("weights", "n", "deff", "n_effective", "largest", "top_share")

Meaning = Literal["", "counted", "valid", "missing", "in_no_list"]
"""What a wave makes of a code; empty where its column is not counted."""


@dataclass(frozen=True)
class DescribedAnswer:
    """One answer of a column: its code and label, what it means to the wave, how many gave it.

    `share` is weighted, in [0, 1], of respondents with a valid answer; None for answers that are not valid.
    """

    code: Code
    label: str
    meaning: Meaning
    respondents: int
    share: float | None


@dataclass(frozen=True)
class DescribedQuestion:
    """One column of a file.

    Attributes:
        column, label, kind: as the codebook has them.
        indicators, domains: what the wave uses it for, by their keys.
        different, empty: different answers, and respondents without any.
        low, high, mean: of a column of numbers with more than `MANY` different answers, else None.
        answers: none where there are more than `MANY`.
    """

    column: str
    label: str
    kind: str
    indicators: tuple[str, ...]
    domains: tuple[str, ...]
    different: int
    empty: int
    low: float | None
    high: float | None
    mean: float | None
    answers: tuple[DescribedAnswer, ...]


@dataclass(frozen=True)
class DescribedFile:
    """A file of respondents: its path, its rows and every column."""

    file: str
    rows: int
    questions: tuple[DescribedQuestion, ...]

    def as_record(self) -> dict[str, Any]:
        """The description as plain values for JSON, with its schema."""
        return {"schema": SCHEMA, **asdict(self)}


@dataclass(frozen=True)
class DescribedWave:
    """A wave.

    Attributes:
        survey, wave, house, mode, file: their names.
        start, end: first and last day of fieldwork, as 2024-03-01.
        respondents_here: whether the respondents could be read; without them `rows` is None and there are no
            `questions`.
        simulated: nobody was asked.
        rows, n: rows of the file, and respondents with a weight above zero.
        design: what the wave's TOML states of its design, by key.
        weights: `WEIGHTS` of each kind of weights.
        indicators: by indicator its key, variant and columns, then `SHARES` (95% intervals); of a mean, which stands
            there by its place in [0, 1], also its `scale` and `unit`.
        quality: every check of the wave against itself.
        questions: the columns that are counted or make domains, or all.
    """

    survey: str
    wave: str
    house: str
    mode: str
    start: str
    end: str
    file: str
    respondents_here: bool
    simulated: bool
    rows: int | None
    n: int
    design: Mapping[str, Any]
    weights: tuple[Mapping[str, Any], ...]
    indicators: tuple[Mapping[str, Any], ...]
    quality: tuple[QualityCheck, ...]
    questions: tuple[DescribedQuestion, ...]

    def as_record(self) -> dict[str, Any]:
        """The description as plain values for JSON, with its schema."""
        return {"schema": SCHEMA, **asdict(self)}


def describe_wave(survey: Survey, wave: Wave, *, every: bool = False) -> DescribedWave:
    """What a wave holds; nothing is written.

    `every` describes each column of the file, not only those that are counted or make domains.

    Raises: FaultsError and InputError as `kept_estimates`.
    """
    kept = kept_estimates(survey, wave, keep=False)
    questions: tuple[DescribedQuestion, ...] = ()
    rows = None
    if kept.respondents_here:
        recoded = read_wave(wave)
        rows = recoded.respondents.codebook.rows
        questions = tuple(_questions(recoded, every))
    sizes = kept.sample.domains
    return DescribedWave(
        survey=survey.name,
        wave=wave.name,
        house=wave.house,
        mode=wave.mode or survey.houses[wave.house].mode,
        start=str(wave.start),
        end=str(wave.end),
        file=wave.file,
        respondents_here=kept.respondents_here,
        simulated=wave.simulated,
        rows=rows,
        n=int(sizes.loc[sizes["domain"] == EVERYONE, "n"].iloc[0]),
        design=wave.design.model_dump(exclude_defaults=True),
        weights=tuple(_records(kept.sample.diagnostics, WEIGHTS)),
        indicators=tuple(_indicators(survey, wave, kept)),
        quality=kept.quality,
        questions=questions,
    )


def describe_file(file: Path, *, options: ReadOptions = AS_FOUND) -> DescribedFile:
    """Every column of a file of respondents: label, kind, answers.

    Raises: InputError as `read_respondents`.
    """
    respondents = read_respondents(file, options=options)
    variables = respondents.codebook.variables.values()
    questions = tuple(_question(respondents, variable) for variable in variables)
    return DescribedFile(str(file), respondents.codebook.rows, questions)


def _records(table: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows as mappings, empty cells as None."""
    chosen = table[list(columns)].astype(object)
    rows = chosen.where(chosen.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _indicators(survey: Survey, wave: Wave, kept: KeptEstimates) -> list[dict[str, Any]]:
    """Each indicator with its shares of everyone."""
    whole = kept.estimates[kept.estimates["domain"] == EVERYONE].set_index("indicator")
    return [
        {"indicator": key, "variant": answer.variant, "columns": list(answer.columns)}
        | _records(whole.loc[[key]], SHARES)[0]
        | survey.indicators[key].scale_record
        for key, answer in wave.indicators.items()
    ]


def _questions(recoded: RecodedWave, every: bool) -> list[DescribedQuestion]:
    """The columns that a wave uses, indicators first, or every one."""
    wave, respondents, plan = recoded.wave, recoded.respondents, wave_plan(recoded)
    used = [column for answer in wave.indicators.values() for column in answer.columns]
    used += [rule.column for rule in wave.domains.values()]
    names = respondents.codebook.variables if every else dict.fromkeys(used)
    return [
        _question(respondents, respondents.codebook[name], plan, wave)
        for name in names
        if not name.startswith(OWN_PREFIX)
    ]


def _question(
    respondents: Respondents, variable: Variable, plan: SumPlan | None = None, wave: Wave | None = None
) -> DescribedQuestion:
    """One column: its answers with their respondents and weighted shares, or its range."""
    counted = wave.indicators if wave else {}
    grouped = wave.domains if wave else {}
    own, where = identifier(variable.name), plan.where if plan else EVERY_ROW
    name = sql("nullif(trim({own}), '')", own=own) if variable.kind == "text" else own
    numbers = sql("NULL, NULL, NULL")
    if variable.kind == "number":
        numbers = sql("min({name}), max({name}), avg({name})", name=name)
    different, empty, low, high, mean = respondents.row(
        "SELECT count(DISTINCT {name}), count(*) - count({name}), {numbers} FROM {respondents} WHERE {where}",
        name=name,
        numbers=numbers,
        where=where,
    )
    many = different > MANY
    answer = next((each for each in counted.values() if variable.name in each.columns), None)
    return DescribedQuestion(
        column=variable.name,
        label=variable.label,
        kind=variable.kind,
        indicators=tuple(key for key, each in counted.items() if variable.name in each.columns),
        domains=tuple(key for key, rule in grouped.items() if variable.name == rule.column),
        different=different,
        empty=empty,
        low=low if many else None,
        high=high if many else None,
        mean=mean if many else None,
        answers=() if many else _answers(respondents, variable, name, plan, answer),
    )


def _answers(
    respondents: Respondents,
    variable: Variable,
    name: Sql,
    plan: SumPlan | None,
    answer: CountedAnswer | None,
) -> tuple[DescribedAnswer, ...]:
    """Each answer with its respondents and its share of valid answers; `name` is the column as SQL."""
    weight = identifier(plan.design.weights) if plan and plan.design.weights else sql("1")
    counted = respondents.rows(
        "SELECT {name}, count(*), sum({weight}) FROM {respondents} "
        "WHERE {where} AND {name} IS NOT NULL GROUP BY 1 ORDER BY 1",
        name=name,
        weight=weight,
        where=plan.where if plan else EVERY_ROW,
    )
    rows = [(_plain(code), int(n), float(w or 0)) for code, n, w in counted]
    meanings = {code: _meaning(code, variable, answer) for code, *_ in rows}
    valid = {code for code, meaning in meanings.items() if meaning not in ("missing", "in_no_list")}
    base = sum(w for code, _, w in rows if code in valid) or 1.0
    labels = variable.labels or {}
    return tuple(
        DescribedAnswer(code, labels.get(code, ""), meanings[code], n, w / base if code in valid else None)
        for code, n, w in rows
    )


def _meaning(code: Code, variable: Variable, answer: CountedAnswer | None) -> Meaning:
    """What the wave makes of a code."""
    if variable.is_missing(code):
        return "missing"
    if answer is None:
        return ""
    if code in map(plain_code, answer.missing):
        return "missing"
    if code in map(plain_code, answer.numerator or ()):
        return "counted"
    return "valid" if answer.valid is None or code in map(plain_code, answer.valid) else "in_no_list"


def _plain(code: object) -> Code:
    """A code as people write it; dates and truth values as text."""
    return plain_code(code) if isinstance(code, str | float) or type(code) is int else str(code)
