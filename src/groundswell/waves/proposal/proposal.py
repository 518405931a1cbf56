"""What a new file's columns are for: the lines of a TOML in which every guess is said to be one.

What an earlier wave of the survey says is taken over where the new file has the same columns, asking the same (or
others with the same labels: the same question under another number). What cannot be known stays blank, so that
`groundswell check` names it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from groundswell.errors import InputError
from groundswell.waves.proposal.first_wave import design_lines, domain_lines, indicator_lines, weight_lines
from groundswell.waves.proposal.guesses.domains import guess_domains
from groundswell.waves.proposal.guesses.guess import Guess
from groundswell.waves.proposal.guesses.held import held
from groundswell.waves.proposal.guesses.interviews import interview_days
from groundswell.waves.proposal.guesses.roles import guess_roles, single_columns
from groundswell.waves.proposal.guesses.weights import weight_candidates
from groundswell.waves.proposal.like_wave import (
    Model,
    check_drops,
    differing_lines,
    inherited_lines,
    most_alike,
    unlike_drops,
)
from groundswell.waves.proposal.lines import BLANK, Line, remark
from groundswell.waves.proposal.many_waves import (
    check_wave_column,
    preferred_weights,
    wave_facts,
    wave_lines,
    weight_lines_of_waves,
)
from groundswell.waves.respondents.layouts.layout import HOW_READ, ReadOptions
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.surveys.survey_toml import Survey
from groundswell.waves.toml.written import toml_text
from groundswell.waves.wave.faults.one_wave import tells_waves_apart


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a user states of the wave that is added.

    Attributes:
        house: who did the fieldwork.
        options: how the file is read.
        wave_column: the column that makes many waves of the file.
        like: False for a proposal from the file alone.
        drops: keys of the wave that it is like which do not hold here.
    """

    house: str | None = None
    options: ReadOptions
    wave_column: str | None = None
    like: bool = True
    drops: tuple[str, ...] = ()


def propose(
    survey: Survey, respondents: Respondents, asked: Asked, *, file: str, sha256: str
) -> Iterator[Line]:
    """Every line of a proposal for the file `file`, in the order of docs/formats-microdata.md.

    Raises: InputError for a key to be dropped that nothing states, or a column that does not tell waves apart.
    """
    own = [Line("file", toml_text(file)), Line("sha256", toml_text(sha256))]
    if asked.wave_column is not None:
        yield from own
        yield from _many_waves(survey, respondents, asked, asked.wave_column)
        return
    model, remarks = most_alike(survey, respondents, asked.house) if asked.like else (None, [])
    if model is None and asked.drops:
        raise InputError(f"`drop=`: `{asked.drops[0]}`: this wave is like no other, so it takes nothing over")
    if model is None:
        yield from own
        yield from remarks
        yield from _first(survey, respondents, asked)
    else:
        check_drops(model, asked.drops)
        yield from _like(survey, model, respondents, asked, own)


def _first(survey: Survey, respondents: Respondents, asked: Asked) -> Iterator[Line]:
    """A wave that is like no other."""
    guesses = {guess.role: guess for guess in guess_roles(respondents)}
    days = guesses.get("interview_date")
    yield from _fieldwork(respondents, days.column if days else None)
    yield from _house(survey, asked)
    yield from _interviews(respondents, days)
    yield from _reading(asked.options)
    yield from _several(respondents)
    weights = weight_candidates(respondents, single_columns(respondents.codebook))
    yield from design_lines(respondents, guesses, list(weight_lines(weights)))
    yield from indicator_lines(survey, respondents, asked.house or _only_house(survey))
    yield from domain_lines(guess_domains(respondents, survey.no_answer_words))


def _like(
    survey: Survey, model: Model, respondents: Respondents, asked: Asked, own: list[Line]
) -> Iterator[Line]:
    """A wave that is like an earlier one."""
    matches = model.matches
    here = sum(match.column is not None for match in matches.values())
    why = f"guessed: {here} of the {len(matches)} columns it uses ask the same here"
    yield Line("like", toml_text(model.wave.name), why)
    unlike = dict(unlike_drops(model, asked.drops))
    dropped = [*asked.drops, *unlike]
    if dropped:
        reasons = "; ".join(f"{key}: {reason}" for key, reason in unlike.items())
        yield Line("drop", toml_text(dropped), f"not taken over: {reasons}" if reasons else "as stated")
    yield from own
    guesses = {guess.role: guess for guess in guess_roles(respondents)}
    before = model.wave.interview_date
    kept = before is not None and matches[before].column == before and "interview_date" not in dropped
    days = None if kept else guesses.get("interview_date")
    yield from _fieldwork(respondents, before if kept else days.column if days else None)
    if asked.house is not None:
        yield Line("house", toml_text(asked.house))
    yield from _interviews(respondents, days)
    yield from _reading(asked.options)
    yield from _several(respondents)
    yield from inherited_lines(model, dropped)
    weights = weight_candidates(respondents, single_columns(respondents.codebook))
    domains = guess_domains(respondents, survey.no_answer_words)
    yield from differing_lines(
        survey, model, respondents, weights=weights, domains=domains, drops=asked.drops
    )


def _many_waves(survey: Survey, respondents: Respondents, asked: Asked, column: str) -> Iterator[Line]:
    """A declaration that makes many waves of one file."""
    check_wave_column(respondents, column)
    guesses = {guess.role: guess for guess in guess_roles(respondents, wave_column=column)}
    guesses = {role: guess for role, guess in guesses.items() if guess.column != column}
    candidates = weight_candidates(respondents, single_columns(respondents.codebook))
    days = guesses.get("interview_date")
    facts = wave_facts(respondents, column, interview_date=days.column if days else None, weights=candidates)
    yield from _house(survey, asked)
    yield Line("wave_column", toml_text(column), f"{len(facts)} waves, each of its own rows")
    yield from _interviews(respondents, days)
    yield from _reading(asked.options)
    chosen = preferred_weights(candidates, facts)
    yield from wave_lines(facts, chosen)
    yield from design_lines(respondents, guesses, weight_lines_of_waves(chosen, candidates, facts))
    yield from indicator_lines(survey, respondents, asked.house or _only_house(survey))
    yield from domain_lines(guess_domains(respondents, survey.no_answer_words))


def _only_house(survey: Survey) -> str | None:
    return next(iter(survey.houses)) if len(survey.houses) == 1 else None


def _house(survey: Survey, asked: Asked) -> Iterator[Line]:
    """Who did the fieldwork: as stated, else the survey's only house, else a blank."""
    only = _only_house(survey)
    if asked.house is not None:
        yield Line("house", toml_text(asked.house))
    else:
        why = "the survey's only house" if only else f"which of: {', '.join(survey.houses)}"
        yield Line("house", toml_text(only) if only else BLANK, why)


def _fieldwork(respondents: Respondents, column: str | None) -> Iterator[Line]:
    """First and last interview as start and end, or blanks; also where the days have two readings."""
    found = interview_days(respondents, respondents.codebook[column]) if column is not None else []
    if len(found) == 1:
        days = found[0]
        yield Line("start", str(days.first), f"guessed: the first `{column}`, read as {days.reading}")
        yield Line("end", str(days.last), f"guessed: the last `{column}`")
        return
    why = "first day of fieldwork, without quotes: 2022-02-24"
    if found:
        readings = (f"{days.first} to {days.last} if it is {days.reading}" for days in found)
        why = f"`{column}` has two readings: {'; '.join(readings)}"
    yield Line("start", BLANK, why)
    yield Line("end", BLANK, "last day of fieldwork")


def _interviews(respondents: Respondents, guess: Guess | None) -> Iterator[Line]:
    """The column of interviews' days, where it can be held against start and end."""
    if guess is None:
        return
    found = interview_days(respondents, respondents.codebook[guess.column])
    if len(found) == 1 and found[0].usable:
        yield Line("interview_date", toml_text(guess.column), f"guessed: {guess.evidence}")


def _reading(options: ReadOptions) -> Iterator[Line]:
    """How the file is read, as it was stated."""
    if options.missing:
        yield Line("missing", toml_text(options.missing), "as stated")
    stated = {name: getattr(options, name) for name in options.stated_of(*HOW_READ)}
    stated |= {"separators": dict(options.separators)} if options.separators else {}
    if stated:
        yield Line("reading", toml_text(stated), "as stated")
    for column, codes in options.missing_of.items():
        yield remark(
            f"stated: {toml_text(codes)} of `{column}` are no answer; list them in `missing` where it is used"
        )
    for question, who in options.asked.items():
        named = toml_text({column: list(codes) for column, codes in who.items()} or "everyone")
        yield remark(f"stated: who was asked `{question}`; write `asked = {named}` where it is used")
    for column, codes in options.kept.items():
        yield remark(
            f"stated: {toml_text(codes)} of `{column}` are answers; list them in `valid` where it is used"
        )


def _several(respondents: Respondents) -> Iterator[Line]:
    """Columns by which the file may hold many waves."""
    for variable in respondents.codebook.variables.values():
        if tells_waves_apart(variable.name) and (many := held(respondents, variable).different) > 1:
            command = f"groundswell add --waves {variable.name}"
            yield remark(f"look: `{variable.name}` holds {many} codes; `{command}` makes a wave of each")
