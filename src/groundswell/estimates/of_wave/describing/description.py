"""A wave, or any file of respondents, described for the researcher who has it: `groundswell describe`.

Not for publication: categories with few respondents are shown as they are. What a report may show goes through
disclosure control (see `kept_estimates`). Nothing is written. Everything here is codes and numbers; `as_record`
is what `groundswell describe --json` prints.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from groundswell.estimates.of_wave.describing.answer_counts import answer_counts
from groundswell.estimates.of_wave.describing.described_question import DescribedQuestion, described_questions
from groundswell.estimates.of_wave.describing.described_sets import (
    DescribedSet,
    described_sets,
    in_sets,
    without_share_of_marks,
)
from groundswell.estimates.of_wave.kept import KeptEstimates, kept_estimates
from groundswell.estimates.of_wave.means import wave_plan
from groundswell.estimates.of_wave.quality_check import QualityCheck
from groundswell.vocabulary import EVERYONE
from groundswell.waves.respondents.layouts.layout import AS_FOUND, FileLayout, ReadOptions
from groundswell.waves.respondents.notes import Note
from groundswell.waves.respondents.reader import read_respondents
from groundswell.waves.respondents.sql import identifier
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.wave.check import read_wave
from groundswell.waves.wave.recode import RecodedWave
from groundswell.waves.wave.set_answers import columns_of
from groundswell.waves.wave.wave_toml import CountedAnswer, Wave

SCHEMA = 3
"""Raised whenever `as_record` gives another form; 1 (which did not say so) held sentences where 2 holds codes; 3 says
which questions were answered in people's own words."""

OWN_PREFIX = "groundswell_"
"""What the names of columns begin with that groundswell adds to a wave's own."""

SHARES = ("share", "share_se", "share_low", "share_high", "n", "n_effective", "df", "deff", "deff_kind")
WEIGHTS = ("weights", "n", "deff", "n_effective", "largest", "top_share")


Progress = Callable[[int, int], object]
"""Is told how many columns are done, and of how many."""


@dataclass(frozen=True)
class DescribedFile:
    """A file of respondents: its path, how it was read, its rows, its columns, its questions with several answers."""

    file: str
    rows: int
    questions: tuple[DescribedQuestion, ...]
    layout: FileLayout = field(default_factory=FileLayout)
    notes: tuple[Note, ...] = ()
    sets: tuple[DescribedSet, ...] = ()

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
        questions = _questions(recoded, every)
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
    questions = described_questions(respondents, counts, kept=options.kept, opened=opened)
    sets = tuple(described_sets(respondents))
    codebook = respondents.codebook
    return DescribedFile(
        str(file), codebook.rows, tuple(in_sets(questions, sets)), codebook.layout, codebook.notes, sets
    )


def _records(table: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows as mappings, empty cells as None."""
    chosen = table[list(columns)].astype(object)
    rows = chosen.where(chosen.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _indicators(survey: Survey, wave: Wave, kept: KeptEstimates) -> list[dict[str, Any]]:
    """Each indicator with its shares of everyone."""
    whole = kept.estimates[kept.estimates["domain"] == EVERYONE].set_index("indicator")
    return [
        {"indicator": key, "variant": answer.variant, "columns": _asked_as(answer)}
        | _records(whole.loc[[key]], SHARES)[0]
        | survey.indicators[key].scale_record
        for key, answer in wave.indicators.items()
    ]


def _asked_as(answer: CountedAnswer) -> list[str]:
    """The columns whose codes an indicator counts, or the answers of a question with several."""
    return [f"{answer.item}={option}" for option in answer.options] or list(answer.columns)


def _questions(recoded: RecodedWave, every: bool) -> tuple[DescribedQuestion, ...]:
    """The columns that a wave uses, indicators first, or every one."""
    wave, respondents, plan = recoded.wave, recoded.respondents, wave_plan(recoded)
    codebook = respondents.codebook
    used = [column for answer in wave.indicators.values() for column in columns_of(answer, codebook)]
    used += [rule.column for rule in wave.domains.values()]
    names = codebook.variables if every else dict.fromkeys(used)
    counts = answer_counts(
        respondents,
        [name for name in names if not name.startswith(OWN_PREFIX)],
        where=plan.where,
        weight=identifier(plan.design.weights) if plan.design.weights else None,
    )
    described = described_questions(respondents, counts, wave, where=plan.where)
    return tuple(without_share_of_marks(each) for each in described)
