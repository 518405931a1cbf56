"""What is proposed for a wave that is like an earlier one: what it takes over with the evidence, and what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from groundswell.errors import FaultsError, InputError, nearest
from groundswell.waves.proposal.alike import Alike, compare
from groundswell.waves.proposal.first_wave import base_lines, codes_labelled, domain_keys
from groundswell.waves.proposal.guesses.domains import Domain
from groundswell.waves.proposal.guesses.guess import unique_by_label
from groundswell.waves.proposal.guesses.known_names import normalised
from groundswell.waves.proposal.guesses.weights import WeightCandidate
from groundswell.waves.proposal.lines import BLANK, BLANKS, NOTHING, Line, listed, remark
from groundswell.waves.proposal.set_lines import gone_answers
from groundswell.waves.respondents.reader import Respondents, read_respondents
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.toml.written import toml_text
from groundswell.waves.wave.like import OWN_KEYS, stated
from groundswell.waves.wave.wave_toml import CountedAnswer, Wave, list_waves, load_wave

ENOUGH = 0.5
"""So many of an earlier wave's columns must be here, and ask the same, that a wave is like it."""


@dataclass(frozen=True)
class Match:
    """A column of the earlier wave: the new file's for it (None where there is none), and what says so."""

    column: str | None
    alike: Alike


@dataclass(frozen=True)
class Model:
    """The wave that a new one is like, with the new file's column for each that it uses."""

    wave: Wave
    matches: Mapping[str, Match]

    def of(self, columns: Sequence[str]) -> dict[str, Match]:
        """The matches of some columns."""
        return {column: self.matches[column] for column in columns}


def most_alike(
    survey: Survey, respondents: Respondents, house: str | None
) -> tuple[Model | None, list[Line]]:
    """The wave whose columns most are here and ask the same, the latest of several; and why a likely one is none."""
    codebook = respondents.codebook
    likely: list[tuple[float, date, str, Wave]] = []
    for path in list_waves(survey):
        try:
            wave = load_wave(path, survey)
        except FaultsError:
            continue  # an unfinished wave is not a model; `groundswell check` speaks of it
        here = sum(column in codebook for column in wave.columns) / max(len(wave.columns), 1)
        if house in (None, wave.house) and here >= ENOUGH:
            likely.append((here, wave.end, wave.name, wave))
    if not likely:
        return None, []
    wave = max(likely, key=lambda each: each[:3])[3]
    matches = _matches(wave, respondents)
    same = sum(match.column is not None for match in matches.values())
    if same >= ENOUGH * len(matches):
        return Model(wave, matches), []
    said = [f"`{old}`: {match.alike.why}" for old, match in matches.items() if match.column is None]
    return None, [remark(f"not like `{wave.name}`, though columns are called so: {'; '.join(said[:3])}")]


def _matches(wave: Wave, respondents: Respondents) -> dict[str, Match]:
    """The new file's column for each that a wave uses."""
    before = None
    if wave.respondents.is_file():
        before = read_respondents(wave.respondents, wave.columns, options=wave.read_options)
    return {column: _match(before, column, respondents, wave) for column in wave.columns}


def _match(before: Respondents | None, column: str, now: Respondents, wave: Wave) -> Match:
    """The column of the new file that asks what `column` asked: of its name, else of its label."""
    here = column in now.codebook
    if before is None:
        why = "by its name alone" if here else f"`{column}` is not here"
        return Match(
            column if here else None, Alike(here, f"{why} (the respondents of `{wave.name}` are not)")
        )
    asked = {name for name, path in wave.columns.items() if path[0] in ("indicators", "domains", "rows")}
    asks = column in asked
    own = compare(before, column, now, column, asks=asks) if here else Alike(False, f"`{column}` is not here")
    label = before.codebook[column].label
    relabelled = here and label and normalised(now.codebook[column].label) != normalised(label)
    if own.same and not relabelled:
        return Match(column, own)
    other = unique_by_label(now.codebook, label)
    if other is not None and other != column:
        moved = compare(before, column, now, other, asks=asks)
        if moved.same:
            return Match(other, Alike(True, f"labelled as `{column}` was; {moved.why}"))
    return Match(column if own.same else None, own)


def check_drops(model: Model, drops: Sequence[str]) -> None:
    """Raises: InputError for a key that the model does not state."""
    known = dict(_inherited_values(model.wave))
    for key in drops:
        if key not in known and not any(name.startswith(f"{key}.") for name in known):
            raise InputError(f"`drop=`: `{model.wave.name}` states no `{key}`; {nearest(key, known)}")


def _inherited_values(wave: Wave) -> Iterator[tuple[str, Any]]:
    """What a wave states for those that are like it: keys with their tables, and values."""
    values, _ = stated(wave.toml)
    for key, value in values.items():
        if key in OWN_KEYS:
            continue
        if isinstance(value, dict) and key in ("design", "indicators", "domains"):
            yield from ((f"{key}.{name}", part) for name, part in value.items() if name != "weights_file")
        else:
            yield key, value


def inherited_lines(model: Model, drops: Sequence[str]) -> Iterator[Line]:
    """Every key that is taken over, with what says that it holds here too."""
    for key, value in _inherited_values(model.wave):
        if any(key == drop or key.startswith(f"{drop}.") for drop in drops):
            continue
        matches = model.of(_columns_of(key, value, model.wave))
        if any(match.column != old for old, match in matches.items()):
            continue  # what differs is stated
        why = "; ".join(f"`{old}`: {match.alike.why}" for old, match in matches.items()) or "as there"
        yield Line(key, toml_text(value), why, kind="inherited")


def _columns_of(key: str, value: Any, wave: Wave) -> list[str]:
    """The columns that a key of a wave names."""
    if key == "rows":
        return list(value)
    if isinstance(value, dict):
        named = [value.get("item"), value.get("column"), *(value.get("items") or ())]
    else:
        named = [*value] if isinstance(value, list) else [value]
        if key != "interview_date" and not key.startswith("design."):
            return []
    return [column for column in named if column in wave.columns]


def differing_lines(
    survey: Survey,
    model: Model,
    respondents: Respondents,
    *,
    weights: Sequence[WeightCandidate],
    domains: Sequence[Domain],
    drops: Sequence[str],
) -> Iterator[Line]:
    """What a wave must state that is like another, but for some columns."""
    kept = [
        key for key, _ in _inherited_values(model.wave) if key not in drops and key.split(".")[0] not in drops
    ]
    design = list(_design(model, weights, kept))
    if design:
        yield Line("design")
        yield from design
    for key, answer in model.wave.indicators.items():
        if f"indicators.{key}" not in kept:
            continue
        lines = list(_indicator(survey, model, key, answer, respondents))
        if lines:
            yield Line(f"indicators.{key}")
            yield from lines
    for key in _unlike_domains(model, kept):
        yield Line(f"domains.{key}")
        match = model.matches[model.wave.domains[key].column]
        if match.column is not None:
            yield Line("column", toml_text(match.column), f"guessed: {match.alike.why}")
            continue
        guessed = next((domain for domain in domains if domain.guess.role == key), None)
        if guessed is not None:
            yield from domain_keys(guessed)
        else:
            yield Line("column", BLANK, f"{match.alike.why}: name the column, or delete this table")


def _unlike_domains(model: Model, kept: Sequence[str]) -> list[str]:
    """The domains whose column is another one here, or none."""
    return [
        key
        for key, rule in model.wave.domains.items()
        if f"domains.{key}" in kept and model.matches[rule.column].column != rule.column
    ]


def unlike_drops(model: Model, drops: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What the new wave cannot take over, with the reason: domains of another column, `rows` that it does not have."""
    kept = [key for key, _ in _inherited_values(model.wave) if key not in drops]
    for key in _unlike_domains(model, kept):
        column = model.wave.domains[key].column
        if model.matches[column].column is None:
            yield f"domains.{key}", f"`{column}`: {model.matches[column].alike.why}"
    wave = model.wave
    named: dict[str, list[str | None]] = {
        "rows": [*wave.rows],
        "design.id": [wave.design.id],
        "interview_date": [wave.interview_date],
    }
    for key, columns in named.items():
        gone = [column for column in columns if column is not None and model.matches[column].column != column]
        if gone and key in kept:
            yield key, f"`{gone[0]}`: {model.matches[gone[0]].alike.why}"


def _design(model: Model, weights: Sequence[WeightCandidate], kept: Sequence[str]) -> Iterator[Line]:
    """The design's columns that are not here or hold something else."""
    design = model.wave.design
    if design.weight is not None and "design.weight" in kept:
        match = model.matches[design.weight]
        own = next((each for each in weights if each.column == design.weight), None)
        usable = [candidate for candidate in weights if not candidate.fault]
        fault = own.fault if own is not None and own.spoilt else ""
        if design.weight not in {candidate.column for candidate in usable} and (
            match.column is None or fault
        ):
            why = f"`{design.weight}`: {fault or match.alike.why}; "
            guess = usable[0] if usable else None
            why += f"guessed: `{guess.column}`, {guess.why}" if guess else "which column holds the weights?"
            yield Line("weight", toml_text(guess.column) if guess else BLANK, why)
    for key in ("strata", "psu", "fpc"):
        columns: tuple[str, ...] = getattr(design, key)
        gone = [column for column in columns if model.matches[column].column is None]
        if gone and f"design.{key}" in kept:
            yield Line(
                key, BLANKS, f"`{gone[0]}`: {model.matches[gone[0]].alike.why}; or drop `design.{key}`"
            )


def _indicator(
    survey: Survey, model: Model, key: str, answer: CountedAnswer, respondents: Respondents
) -> Iterator[Line]:
    """The lines of an indicator that the new wave does not ask quite as the model did."""
    if answer.options:
        yield from gone_answers(answer, respondents)
        return
    matches = model.of(answer.columns)
    if answer.item is not None and matches[answer.item].alike.recoded:
        yield from _recoded(model, answer, respondents, survey.no_answer_words)
        return
    if any(match.column != old for old, match in matches.items()):
        gone = "; ".join(f"`{old}`: {m.alike.why}" for old, m in matches.items() if m.column != old)
        missing = any(match.column is None for match in matches.values())
        why = f"{gone}: which column asks this now?" if missing else f"guessed: {gone}"
        named = [match.column or "" for match in matches.values()]
        counted_by, text = (
            ("item", toml_text(named[0])) if answer.item is not None else ("items", toml_text(named))
        )
        yield Line(counted_by, text, why)
    for old, match in matches.items():
        if match.column is not None and ", was “" in match.alike.why:
            why = f"look: `{old}` is {match.alike.why}: the same variant?"
            yield Line("variant", toml_text(answer.variant), why)
            return
    variants = survey.indicators[key].variants.values()
    wordings = sum(variant.house == model.wave.house for variant in variants)
    if wordings > 1:
        why = f"look: this house has asked it in {wordings} wordings; the same as before?"
        yield Line("variant", toml_text(answer.variant), why)


def _recoded(
    model: Model, answer: CountedAnswer, respondents: Respondents, own: Sequence[str]
) -> Iterator[Line]:
    """The same question whose answers have other codes: the codes of the same words."""
    item = str(answer.item)
    before = read_respondents(model.wave.respondents, [item], options=model.wave.read_options).codebook[item]
    words = [before.label_of(code) for code in answer.numerator or ()]
    counted = codes_labelled(respondents.codebook[item], words)
    why = f"`{item}`: {model.matches[item].alike.why}; "
    complete = len(counted) == len(words)
    why += f"guessed: the codes of {', '.join(words)}" if complete else f"which codes are {', '.join(words)}?"
    yield Line("item", toml_text(item), "the same question with other codes")
    if answer.numerator is not None:
        yield Line("numerator", listed(counted) if complete else NOTHING, why)
    if answer.valid is not None:
        yield from base_lines(respondents, respondents.codebook[item], own)
