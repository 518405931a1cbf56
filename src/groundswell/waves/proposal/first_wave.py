"""What is proposed for a wave that no earlier one is a model of: design, indicators and domains from the file alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from groundswell.vocabulary import ReplicateKind
from groundswell.waves.proposal.draft_survey import UNWRITTEN
from groundswell.waves.proposal.guesses.domains import AGE_BREAKS, Domain
from groundswell.waves.proposal.guesses.guess import Guess, unique_by_label
from groundswell.waves.proposal.guesses.held import held
from groundswell.waves.proposal.guesses.known_names import normalised
from groundswell.waves.proposal.guesses.roles import recur_across
from groundswell.waves.proposal.guesses.unanswered import unanswered, valid_codes
from groundswell.waves.proposal.guesses.weights import WeightCandidate
from groundswell.waves.proposal.lines import BLANK, NOTHING, Line, listed, remark
from groundswell.waves.proposal.set_lines import set_lines
from groundswell.waves.respondents.answers.no_answer import NoAnswer, named_codes
from groundswell.waves.respondents.codebook import Variable
from groundswell.waves.respondents.codes import Code
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.surveys.answer_scale import Ends
from groundswell.waves.surveys.survey_toml import Indicator, Survey, Variant
from groundswell.waves.toml.written import toml_text


def design_lines(
    respondents: Respondents, guesses: Mapping[str, Guess], weights: Sequence[Line]
) -> Iterator[Line]:
    """The design, from roles that were guessed."""
    yield Line("design")
    if "id" in guesses:
        yield Line("id", toml_text(guesses["id"].column), f"guessed: {guesses['id'].evidence}")
    yield from weights
    if "replicates" in guesses:
        column = guesses["replicates"].column
        yield Line("replicates", toml_text([column]), f"guessed: {guesses['replicates'].why}")
        yield Line("replicate_kind", BLANK, f"one of {', '.join(get_args(ReplicateKind))}")
        return
    for role in ("strata", "psu"):
        if role in guesses:
            yield Line(role, toml_text([guesses[role].column]), f"guessed: {guesses[role].evidence}")
    if "strata" in guesses and "psu" in guesses:
        unit, stratum = guesses["psu"].column, guesses["strata"].column
        if recur_across(respondents, unit, stratum):
            yield Line("nest", "true", f"`{unit}` starts again in each `{stratum}`")


def weight_lines(candidates: Sequence[WeightCandidate]) -> Iterator[Line]:
    """The weight for which most speaks, and what is to be said of each other column that is called one.

    Where none can be used, but one that has gaps, text or negative numbers, the key stays blank: an estimate without
    weights would be another number.
    """
    usable = [candidate for candidate in candidates if not candidate.fault]
    spoilt = [candidate for candidate in candidates if candidate.spoilt]
    if usable:
        yield Line("weight", toml_text(usable[0].column), f"guessed: {usable[0].why}")
    elif spoilt:
        why = (
            f"`{spoilt[0].column}` {spoilt[0].fault}: correct it, name another, or delete this line for none"
        )
        yield Line("weight", BLANK, why)
    for other in usable[1:]:
        yield remark(f"another weight: `{other.column}` ({other.why})")
    for other in candidates:
        if other.fault:
            yield remark(f"no weight: `{other.column}` ({other.why}) {other.fault}")


def indicator_lines(survey: Survey, respondents: Respondents, house: str | None) -> Iterator[Line]:
    """Every indicator of the survey that the house may have asked."""
    for key, indicator in survey.indicators.items():
        yield from _indicator(key, indicator, respondents, house, survey.no_answer_words)


def _indicator(
    key: str, indicator: Indicator, respondents: Respondents, house: str | None, own: Sequence[str]
) -> Iterator[Line]:
    """An indicator that no earlier wave counts: its item by the wording, its codes by their labels."""
    variants = {name: v for name, v in indicator.variants.items() if house in (None, v.house)}
    if not variants:
        return
    yield Line(f"indicators.{key}")
    name, variant = next(iter(variants.items()))
    only = len(variants) == 1
    why = "" if only else f"which of: {', '.join(variants)}"
    yield Line("variant", toml_text(name) if only else BLANK, why)
    column = unique_by_label(respondents.codebook, variant.question) if only else None
    if indicator.scale is not None:
        yield from _mean_lines(indicator.scale, column, respondents, own)
        return
    if only and (of_set := set_lines(respondents, variant, column)):
        yield from of_set
        return
    if column is None:
        yield Line("item", BLANK, "the column that asks this; or `items` and `at_least` for a sum of scores")
        yield Line("numerator", NOTHING, _codes_of(variant))
        return
    yield Line("item", toml_text(column), "guessed: it asks in this wording")
    variable = respondents.codebook[column]
    counted = codes_labelled(variable, variant.numerator) or _answers_named(
        respondents, variable, variant.numerator
    )
    why = f"guessed: {', '.join(variant.numerator)}" if counted else _codes_of(variant)
    yield Line("numerator", listed(counted), why)
    yield from base_lines(respondents, variable, own)


def _mean_lines(
    scale: Ends, column: str | None, respondents: Respondents, own: Sequence[str]
) -> Iterator[Line]:
    """The column of a mean, and which of its codes are no answer: what is labelled so, or looks so off the scale."""
    low, high = scale
    if column is None:
        yield Line("item", BLANK, f"the column of answers from {low:g} to {high:g}; or `items`, to be summed")
        return
    yield Line("item", toml_text(column), "guessed: it asks in this wording")
    found = unanswered(respondents, respondents.codebook[column], own)
    yield from missing_lines(
        [
            each
            for each in found
            if each.sign != "far_off" or isinstance(each.code, str) or not low <= each.code <= high
        ]
    )


def base_lines(respondents: Respondents, variable: Variable, own: Sequence[str]) -> Iterator[Line]:
    """Which codes of a column are in the base of its shares, and which are no answer."""
    found = unanswered(respondents, variable, own)
    valid = valid_codes(variable, found, own)
    if len(valid) > 1:
        yield Line(
            "valid",
            listed(valid),
            "guessed: every labelled code that is not missing and looks like an answer",
        )
    yield from missing_lines(found)


def missing_lines(found: Sequence[NoAnswer]) -> Iterator[Line]:
    """The key `missing` with these codes; no line for none."""
    if found:
        why = f"guessed, they look like no answer: {named_codes(found)}"
        if any(each.sign == "dont_know" for each in found):
            why += "; list a don't-know in `valid` instead to keep it in the base"
        yield Line("missing", listed([each.code for each in found]), why)


def _codes_of(variant: Variant) -> str:
    """Which codes a person must write."""
    if UNWRITTEN in variant.numerator:
        return "the codes of the answers that count"
    return f"the codes of: {', '.join(variant.numerator)}"


def codes_labelled(variable: Variable, labels: Sequence[str]) -> list[Code]:
    """The codes of a column with these labels."""
    wanted = {normalised(label) for label in labels}
    return [code for code, label in (variable.labels or {}).items() if normalised(label) in wanted]


def _answers_named(respondents: Respondents, variable: Variable, answers: Sequence[str]) -> list[Code]:
    """The answers of a column of words that are these."""
    wanted = {normalised(answer) for answer in answers}
    return [code for code in held(respondents, variable).codes if normalised(str(code)) in wanted]


def domain_lines(domains: Sequence[Domain]) -> Iterator[Line]:
    """The domains that were guessed."""
    for domain in domains:
        yield Line(f"domains.{domain.guess.role}")
        yield from domain_keys(domain)


def domain_keys(domain: Domain) -> Iterator[Line]:
    """The keys of a domain that was guessed."""
    yield Line("column", toml_text(domain.guess.column), f"guessed: {domain.guess.evidence}")
    if domain.in_years:
        yield Line("breaks", toml_text(AGE_BREAKS), "bands under 30, 30–44, 45–59, 60 and over")
    yield from missing_lines(domain.unanswered)
