"""A wave, or any file of respondents, described for the researcher who has it: `groundswell describe`.

Not for publication: categories with few respondents are shown as they are. What a report may show goes through
disclosure control (see `kept_estimates`). Nothing is written. Everything here is codes and numbers; `as_record`
is what `groundswell describe --json` prints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from groundswell.estimates.of_wave.answer_counts import MANY, AnswerCounts, answer_counts, code_order
from groundswell.estimates.of_wave.kept import KeptEstimates, kept_estimates
from groundswell.estimates.of_wave.means import wave_plan
from groundswell.estimates.of_wave.quality_check import QualityCheck
from groundswell.vocabulary import EVERYONE
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code, plain_code
from groundswell.waves.respondents.layout import AS_FOUND, FileLayout, ReadOptions
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.reader import read_respondents
from groundswell.waves.respondents.sql import identifier
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.recode import RecodedWave
from groundswell.waves.wave.wave_toml import CountedAnswer, Wave

SCHEMA = 3
"""Raised whenever `as_record` gives another form; 1 (which did not say so) held sentences where 2 holds codes; 3 says
which questions were answered in people's own words."""

SEVERAL = 5
"""A column of so few different texts is not taken for one of answers in people's own words."""

OWN_PREFIX = "groundswell_"
"""What the names of columns begin with that groundswell adds to a wave's own."""

SHARES = ("share", "share_se", "share_low", "share_high", "n", "n_effective", "df", "deff", "deff_kind")
WEIGHTS = ("weights", "n", "deff", "n_effective", "largest", "top_share")

Progress = Callable[[int, int], object]
"""Is told how many columns are done, and of how many."""

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
        own_words: whether it holds answers in people's own words, which are listed only where that is asked for.
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
    own_words: bool
    answers: tuple[DescribedAnswer, ...]


@dataclass(frozen=True)
class DescribedFile:
    """A file of respondents: its path, how it was read, its rows and every column."""

    file: str
    rows: int
    questions: tuple[DescribedQuestion, ...]
    layout: FileLayout = field(default_factory=FileLayout)
    notes: tuple[Note, ...] = ()

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
        indicators: by indicator its key, variant and columns, then `SHARES` (95% intervals).
        quality: every check of the wave against itself.
        questions: the columns that are counted or make domains, or all.
        notes: how its file was read, where that must be known.
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
    notes: tuple[Note, ...] = ()

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
    notes: tuple[Note, ...] = ()
    rows = None
    if kept.respondents_here:
        recoded = read_wave(wave)
        codebook = recoded.respondents.codebook
        rows, notes = codebook.rows, codebook.notes
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
        indicators=tuple(_indicators(wave, kept)),
        quality=kept.quality,
        questions=questions,
        notes=notes,
    )


def describe_file(
    file: Path,
    *,
    options: ReadOptions = AS_FOUND,
    opened: bool = False,
    progress: Progress = lambda _done, _all: None,
) -> DescribedFile:
    """Every column of a file of respondents: label, kind, answers.

    `opened` lists answers in people's own words too; `progress` is told how many columns of how many are done.

    Raises: InputError as `read_respondents`.
    """
    respondents = read_respondents(file, options=options)
    variables = respondents.codebook.variables
    counts = answer_counts(
        respondents,
        list(variables),
        every=lambda variable: opened and variable.kind == "text",
        progress=lambda done: progress(done, len(variables)),
    )
    questions = tuple(_question(variables[name], counts[name], opened=opened) for name in variables)
    codebook = respondents.codebook
    return DescribedFile(str(file), codebook.rows, questions, codebook.layout, codebook.notes)


def _records(table: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows as mappings, empty cells as None."""
    chosen = table[list(columns)].astype(object)
    rows = chosen.where(chosen.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _indicators(wave: Wave, kept: KeptEstimates) -> list[dict[str, Any]]:
    """Each indicator with its shares of everyone."""
    whole = kept.estimates[kept.estimates["domain"] == EVERYONE].set_index("indicator")
    return [
        {"indicator": key, "variant": answer.variant, "columns": list(answer.columns)}
        | _records(whole.loc[[key]], SHARES)[0]
        for key, answer in wave.indicators.items()
    ]


def _questions(recoded: RecodedWave, every: bool) -> list[DescribedQuestion]:
    """The columns that a wave uses, indicators first, or every one."""
    wave, respondents, plan = recoded.wave, recoded.respondents, wave_plan(recoded)
    used = [column for answer in wave.indicators.values() for column in answer.columns]
    used += [rule.column for rule in wave.domains.values()]
    names = respondents.codebook.variables if every else dict.fromkeys(used)
    counts = answer_counts(
        respondents,
        [name for name in names if not name.startswith(OWN_PREFIX)],
        where=plan.where,
        weight=identifier(plan.design.weights) if plan.design.weights else None,
    )
    return [_question(respondents.codebook[name], counted, wave) for name, counted in counts.items()]


def _question(
    variable: Variable, counted: AnswerCounts, wave: Wave | None = None, *, opened: bool = False
) -> DescribedQuestion:
    """One column: its answers with their respondents and weighted shares, or its range."""
    indicators = wave.indicators if wave else {}
    domains = wave.domains if wave else {}
    many = counted.different > MANY
    own_words = _own_words(variable, counted)
    answer = next((each for each in indicators.values() if variable.name in each.columns), None)
    return DescribedQuestion(
        column=variable.name,
        label=variable.label,
        kind=variable.kind,
        indicators=tuple(key for key, each in indicators.items() if variable.name in each.columns),
        domains=tuple(key for key, rule in domains.items() if variable.name == rule.column),
        different=counted.different,
        empty=counted.empty,
        low=counted.low if many else None,
        high=counted.high if many else None,
        mean=counted.mean if many else None,
        own_words=own_words,
        answers=() if own_words and not opened else _answers(variable, counted, answer),
    )


def _own_words(variable: Variable, counted: AnswerCounts) -> bool:
    """Whether a column holds answers in people's own words: texts without labels, most of them given once."""
    if variable.kind != "text" or variable.labels or variable.missing:
        return False
    given = sum(respondents for _, respondents, _ in counted.answers)
    return counted.different > MANY or (counted.different > SEVERAL and 2 * counted.different > given)


def _answers(
    variable: Variable, counted: AnswerCounts, answer: CountedAnswer | None
) -> tuple[DescribedAnswer, ...]:
    """Each answer with its respondents and its share of valid answers; with a label also one that nobody gave."""
    labels = variable.labels or {}
    rows = list(counted.answers)
    known = {code for code, *_ in rows}
    unused = [code for code in labels if code not in known]
    if rows and len(rows) + len(unused) <= MANY:
        rows = sorted([*rows, *((code, 0, 0.0) for code in unused)], key=lambda row: code_order(row[0]))
    meanings = {code: _meaning(code, variable, answer) for code, *_ in rows}
    valid = {code for code, meaning in meanings.items() if meaning not in ("missing", "in_no_list")}
    base = sum(w for code, _, w in rows if code in valid) or 1.0
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
