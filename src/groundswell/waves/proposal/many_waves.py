"""What is proposed for a file that holds many waves: one declaration, with the waves that its column tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from groundswell.errors import InputError, nearest
from groundswell.waves.proposal.guesses.weights import WeightCandidate, complete_in_turn
from groundswell.waves.proposal.lines import BLANK, Line, remark
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.toml.written import toml_key, toml_text
from groundswell.waves.wave.faults.one_wave import tells_waves_apart
from groundswell.waves.wave.many_waves.code_facts import code_facts
from groundswell.waves.wave.many_waves.wave_column import MOST_WAVES, CodeFacts, calendar_of


def check_wave_column(respondents: Respondents, column: str) -> None:
    """Raises: InputError where the file has no such column, or one of dates."""
    known = respondents.codebook.variables
    if column not in known:
        raise InputError(f"`waves=`: the file has no column `{column}`; {nearest(column, known)}")
    if known[column].kind == "date":
        raise InputError(f"`waves=`: `{column}` holds dates, and a wave needs a code: a year, a round")


def wave_facts(
    respondents: Respondents, column: str, *, interview_date: str | None, weights: Sequence[WeightCandidate]
) -> Mapping[Code, CodeFacts]:
    """What each wave of the file holds.

    Raises: InputError where the column does not tell waves apart.
    """
    codebook = respondents.codebook
    if column not in codebook:
        raise InputError(
            f"`waves=`: the file has no column `{column}`; {nearest(column, codebook.variables)}"
        )
    facts, _ = code_facts(
        respondents,
        column,
        interview_date=interview_date,
        weights=[candidate.column for candidate in weights],
        asked={},
    )
    if not 2 <= len(facts) <= MOST_WAVES:
        likely = [name for name in codebook.variables if tells_waves_apart(name)]
        hint = f"; its columns {', '.join(likely)} may" if likely else ""
        raise InputError(
            f"`waves=`: `{column}` holds {len(facts):,} codes, so it does not tell waves apart{hint}"
        )
    return facts


def preferred_weights(candidates: Sequence[WeightCandidate], facts: Mapping[Code, CodeFacts]) -> list[str]:
    """The columns of weights in order of preference, of which each wave takes the first that it has whole."""
    return list(complete_in_turn(_possible(candidates), [dict(own.incomplete) for own in facts.values()]))


def _possible(candidates: Sequence[WeightCandidate]) -> list[WeightCandidate]:
    """Those without a fault, or with gaps that may be other waves'."""
    return [candidate for candidate in candidates if not candidate.fault or candidate.spoilt]


def weight_lines_of_waves(
    chosen: Sequence[str], candidates: Sequence[WeightCandidate], facts: Mapping[Code, CodeFacts]
) -> list[Line]:
    """The columns of weights that are chosen, and what is to be said of the others."""
    possible = _possible(candidates)
    lines = []
    if chosen:
        why = "; ".join(f"`{column}` in {_waves_of(column, chosen, facts)}" for column in chosen)
        text = toml_text(chosen[0] if len(chosen) == 1 else list(chosen))
        reasons = "; ".join(f"`{each.column}` {each.why}" for each in possible if each.column in chosen)
        said = f"guessed, by how many waves have it whole; each takes the first that is: {why}. {reasons}"
        lines.append(Line("weight", text, said))
    lines += [
        remark(f"another weight: `{other.column}` ({other.why}) {other.fault}".rstrip())
        for other in candidates
        if other.column not in chosen
    ]
    without = [code for code, own in facts.items() if all(own.incomplete[column] for column in chosen)]
    if possible and without:
        lines.append(remark(f"no column of weights is complete in: {', '.join(map(str, without))}"))
    return lines


def weight_in(chosen: Sequence[str], own: CodeFacts) -> str | None:
    """The first of the columns of weights that is complete in a wave."""
    return next((column for column in chosen if own.incomplete[column] == 0), None)


def _waves_of(column: str, chosen: Sequence[str], facts: Mapping[Code, CodeFacts]) -> str:
    """The waves that use a column of weights, runs of them by their ends."""
    codes = list(facts)
    used = [weight_in(chosen, facts[code]) == column for code in codes]
    runs: list[list[Code]] = []
    for place, code in enumerate(codes):
        if used[place]:
            if place and used[place - 1]:
                runs[-1].append(code)
            else:
                runs.append([code])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)


def wave_lines(facts: Mapping[Code, CodeFacts], chosen: Sequence[str]) -> Iterator[Line]:
    """The table of waves: each code with its weight, and with blanks where nothing says when it was asked."""
    if all(own.first is None and calendar_of(code) for code, own in facts.items()):
        yield remark(
            "dated by its codes alone: a wave dated to a year is shown and not fitted to a trend; state the days "
            'of each, or `precision = "day"` above if people were asked all through it'
        )
    yield Line("waves")
    for code, own in facts.items():
        stated: dict[str, str] = {}
        why = f"{own.rows:,} respondents"
        if own.first is not None:
            why += f", asked from {own.first} to {own.last}"
        elif calendar_of(code) is None:
            stated = {"start": "", "end": ""}
            why += "; when were they asked?"
        if len(chosen) > 1 and (weight := weight_in(chosen, own)) is not None:
            stated["weight"] = weight
        yield Line(toml_key(str(code)), toml_text(stated).replace('""', BLANK), why)
