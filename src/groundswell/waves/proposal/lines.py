"""What a new file's columns are for: the lines of a TOML in which every guess is said to be one.

What an earlier wave of the survey says is taken over where the new file has the same columns, or others with the
same labels (the same question under another number). What cannot be known stays blank, so that
`groundswell check` names it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import get_args

from groundswell.errors import FaultsError
from groundswell.vocabulary import ReplicateKind
from groundswell.waves.proposal.roles import (
    AGE_BREAKS,
    Guess,
    guess_domains,
    guess_roles,
    normalised,
    recur_across,
    unique_by_label,
)
from groundswell.waves.respondents.codebook import Codebook, Variable
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.reader import Respondents, read_respondents
from groundswell.waves.respondents.sql import identifier, sql
from groundswell.waves.surveys.answer_scale import Ends
from groundswell.waves.surveys.survey_toml import Indicator, Survey
from groundswell.waves.wave.wave_toml import CountedAnswer, Wave, list_waves, load_wave

BLANK, NOTHING = '""', "[]"
"""What a person must fill in: a text, a list."""


@dataclass(frozen=True)
class Line:
    """One line of a proposal: a table's head (no `text`), or a key with its TOML and why it is so."""

    key: str
    text: str = ""
    why: str = ""


def quoted_text(text: str) -> str:
    """Text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)


def propose(
    survey: Survey, respondents: Respondents, *, file: str, sha256: str, house: str | None = None
) -> Iterator[Line]:
    """Every line of a proposal for the file `file`, in the order of docs/formats-microdata.md."""
    codebook = respondents.codebook
    like = _most_alike(survey, codebook, house)
    guesses = {guess.role: guess for guess in guess_roles(respondents)}
    if like is not None:
        present = sum(column in codebook for column in like.columns)
        yield Line(
            "like",
            quoted_text(like.name),
            f"guessed: {present} of the {len(like.columns)} columns it uses are here",
        )
    yield Line("file", quoted_text(file))
    yield Line("sha256", f'"{sha256}"')
    dates = like.interview_date if like is not None else None
    column = dates if dates in codebook else getattr(guesses.get("interview_date"), "column", None)
    yield from _fieldwork(respondents, column)
    only = next(iter(survey.houses)) if len(survey.houses) == 1 else None
    if house is not None:
        yield Line("house", quoted_text(house))
    elif like is None:
        why = "the survey's only house" if only else f"which of: {', '.join(survey.houses)}"
        yield Line("house", quoted_text(only) if only else BLANK, why)
    if column is not None and column != dates:
        yield Line("interview_date", quoted_text(column), f"guessed: {guesses['interview_date'].why}")
    if like is not None:
        yield from _differing(survey, like, respondents, guesses)
        return
    yield from _design(respondents, guesses)
    for key, indicator in survey.indicators.items():
        yield from _indicator(key, indicator, codebook, house or only)
    for guess in guess_domains(respondents):
        yield Line(f"domains.{guess.role}")
        yield Line("column", quoted_text(guess.column), f"guessed: {guess.why}")
        if guess.role == "age":
            yield Line("breaks", str(list(AGE_BREAKS)), "bands under 30, 30–44, 45–59, 60 and over")


def _most_alike(survey: Survey, codebook: Codebook, house: str | None) -> Wave | None:
    """The wave with most of its columns in the new file, half of them at least; the latest of several."""
    candidates: list[tuple[float, date, Wave]] = []
    for path in list_waves(survey):
        try:
            wave = load_wave(path, survey)
        except FaultsError:
            continue  # an unfinished wave is not a model; `groundswell check` speaks of it
        if house not in (None, wave.house):
            continue
        here = sum(column in codebook for column in wave.columns)
        candidates.append((here / len(wave.columns), wave.end, wave))
    best = max(candidates, key=lambda each: each[:2], default=None)
    return best[2] if best is not None and best[0] >= 0.5 else None


def _labels_of(wave: Wave) -> Codebook | None:
    """The codebook of an earlier wave, where its respondents are here."""
    if not wave.respondents.is_file():
        return None
    return read_respondents(wave.respondents, wave.columns, options=wave.read_options).codebook


def _counterpart(column: str, before: Codebook | None, codebook: Codebook) -> str | None:
    """The new file's column for one of an earlier wave: the one with its label, else with its name."""
    label = before[column].label if before is not None else ""
    if column in codebook and (not label or normalised(codebook[column].label) == normalised(label)):
        return column
    return unique_by_label(codebook, label) or (column if column in codebook else None)


def _fieldwork(respondents: Respondents, column: str | None) -> Iterator[Line]:
    """First and last interview as start and end, or blanks."""
    if column is not None:
        day = sql("TRY_CAST({name} AS DATE)", name=identifier(column))
        first, last = respondents.row("SELECT min({day}), max({day}) FROM {respondents}", day=day)
        if first is not None:
            yield Line("start", str(first), f"guessed: the first `{column}`")
            yield Line("end", str(last), f"guessed: the last `{column}`")
            return
    yield Line("start", BLANK, "first day of fieldwork, without quotes: 2022-02-24")
    yield Line("end", BLANK, "last day of fieldwork")


def _differing(
    survey: Survey, like: Wave, respondents: Respondents, guesses: dict[str, Guess]
) -> Iterator[Line]:
    """What a wave must state that is like another, but for some columns."""
    codebook, before = respondents.codebook, _labels_of(like)
    weight = like.design.weight
    if weight is not None and weight not in codebook:
        guess = guesses.get("weight")
        yield Line("design")
        why = f"`{weight}` is not here; " + (
            f"guessed: {guess.why}" if guess else "which column holds the weights?"
        )
        yield Line("weight", quoted_text(guess.column) if guess else BLANK, why)
    for key, answer in like.indicators.items():
        columns = {column: _counterpart(column, before, codebook) for column in answer.columns}
        asked = [v for v in survey.indicators[key].variants.values() if v.house == like.house]
        lines = [*_moved(answer, columns), *_reworded(answer, columns, codebook, before, len(asked))]
        if lines:
            yield Line(f"indicators.{key}")
            yield from lines
    for key, rule in like.domains.items():
        column = _counterpart(rule.column, before, codebook)
        if column != rule.column:
            yield Line(f"domains.{key}")
            why = (
                f"`{rule.column}` is not here"
                if column is None
                else f"guessed: labelled as `{rule.column}` was"
            )
            yield Line("column", quoted_text(column or ""), why)


def _moved(answer: CountedAnswer, columns: dict[str, str | None]) -> Iterator[Line]:
    """The new columns of an indicator, where the old ones are not here or ask something else."""
    if all(new == old for old, new in columns.items()):
        return
    gone = ", ".join(f"`{old}`" for old, new in columns.items() if new != old)
    missing = any(new is None for new in columns.values())
    why = f"{gone} asked this before; which column now?" if missing else f"guessed: labelled as {gone} was"
    named = [quoted_text(new or "") for new in columns.values()]
    yield (
        Line("item", named[0], why)
        if answer.item is not None
        else Line("items", f"[{', '.join(named)}]", why)
    )


def _reworded(
    answer: CountedAnswer,
    columns: dict[str, str | None],
    codebook: Codebook,
    before: Codebook | None,
    wordings: int,
) -> Iterator[Line]:
    """A question that the house words in several ways, or whose label changed: only a person can tell which it is."""
    for old, new in columns.items():
        was = before[old].label if before is not None else ""
        if new is not None and was and normalised(codebook[new].label) != normalised(was):
            why = f"look: `{new}` is labelled “{codebook[new].label}”, was “{was}”: the same variant?"
            yield Line("variant", quoted_text(answer.variant), why)
            return
    if wordings > 1:
        why = f"look: this house has asked it in {wordings} wordings; the same as before?"
        yield Line("variant", quoted_text(answer.variant), why)


def _design(respondents: Respondents, guesses: dict[str, Guess]) -> Iterator[Line]:
    """The design, from roles that were guessed."""
    yield Line("design")
    for role in ("id", "weight"):
        if role in guesses:
            yield Line(role, quoted_text(guesses[role].column), f"guessed: {guesses[role].why}")
    if "replicates" in guesses:
        yield Line(
            "replicates",
            f"[{quoted_text(guesses['replicates'].column)}]",
            f"guessed: {guesses['replicates'].why}",
        )
        yield Line("replicate_kind", BLANK, f"one of {', '.join(get_args(ReplicateKind))}")
        return
    for role in ("strata", "psu"):
        if role in guesses:
            yield Line(role, f"[{quoted_text(guesses[role].column)}]", f"guessed: {guesses[role].why}")
    if "strata" in guesses and "psu" in guesses:
        unit, stratum = guesses["psu"].column, guesses["strata"].column
        if recur_across(respondents, unit, stratum):
            yield Line("nest", "true", f"`{unit}` starts again in each `{stratum}`")


def _indicator(key: str, indicator: Indicator, codebook: Codebook, house: str | None) -> Iterator[Line]:
    """An indicator that no earlier wave counts: its item by the wording, its codes by their labels."""
    variants = {name: v for name, v in indicator.variants.items() if house in (None, v.house)}
    if not variants:
        return
    yield Line(f"indicators.{key}")
    name, variant = next(iter(variants.items()))
    only = len(variants) == 1
    yield Line(
        "variant", quoted_text(name) if only else BLANK, "" if only else f"which of: {', '.join(variants)}"
    )
    column = unique_by_label(codebook, variant.question) if only else None
    if indicator.scale is not None:
        yield from _mean_item(indicator.scale, column, codebook)
        return
    if column is None:
        yield Line("item", BLANK, "the column that asks this; or `items` and `at_least` for a sum of scores")
        yield Line("numerator", NOTHING, f"the codes of: {', '.join(variant.numerator)}")
        return
    yield Line("item", quoted_text(column), "guessed: labelled with this wording")
    counted = _codes_labelled(codebook[column], variant.numerator)
    yield Line(
        "numerator", _listed(counted), f"{'guessed: ' if counted else ''}{', '.join(variant.numerator)}"
    )
    valid = [code for code in codebook[column].labels or {} if not codebook[column].is_missing(code)]
    if valid:
        yield Line(
            "valid", _listed(valid), "guessed: every labelled code that the file does not declare missing"
        )


def _mean_item(scale: Ends, column: str | None, codebook: Codebook) -> Iterator[Line]:
    """The column of a mean; labelled codes off its scale are no answer."""
    low, high = scale
    if column is None:
        yield Line("item", BLANK, f"the column of answers from {low:g} to {high:g}; or `items`, to be summed")
        return
    yield Line("item", quoted_text(column), "guessed: labelled with this wording")
    variable = codebook[column]
    off = [
        code
        for code in variable.labels or {}
        if not variable.is_missing(code) and not (isinstance(code, int | float) and low <= code <= high)
    ]
    if off:
        yield Line("missing", _listed(off), f"guessed: labelled codes off the scale {low:g} to {high:g}")


def _codes_labelled(variable: Variable, labels: tuple[str, ...]) -> list[Code]:
    wanted = {normalised(label) for label in labels}
    return [code for code, label in (variable.labels or {}).items() if normalised(label) in wanted]


def _listed(codes: list[Code]) -> str:
    return "[" + ", ".join(quoted_text(code) if isinstance(code, str) else str(code) for code in codes) + "]"
