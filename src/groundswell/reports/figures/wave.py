"""The two figures of a wave profile that go by domain: who answered, and the answers to one question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from groundswell.estimates.of_wave.estimate_flags import flagged, split_flags
from groundswell.reports.evidence.by_domain.domains import (
    Domain,
    domain_notes,
    domains_in_order,
    whole_name,
    whole_numbers,
)
from groundswell.reports.evidence.wave import WaveEvidence
from groundswell.reports.figures.dots import Mark, dot_spec
from groundswell.reports.figures.figure import Figure
from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.measure import Measure, measure_of
from groundswell.vocabulary import EVERYONE, HIDDEN, SMALL_BASE


def question_figure(evidence: WaveEvidence, indicator: str, language: Language) -> Figure:
    """The share of one indicator by domain with its 95% interval, everyone's as a dotted line.

    Raises: InputError for an indicator that the wave does not hold.
    """
    say, measure = language.say, measure_of(evidence.survey.indicators[indicator], language)
    rows: Any = evidence.shares_of(indicator).set_index("domain")
    domains = domains_in_order(rows.index, [evidence.wave], language)
    truth = shares_by_domain(evidence.truth[evidence.truth["indicator"] == indicator], "share")
    marks = [_share_mark(domain, rows.loc[domain.key], measure) for domain in domains]
    answer = evidence.survey.indicators[indicator].variants[evidence.wave.indicators[indicator].variant]
    parts = [
        say(
            mark("Mean of {description} on {ends}, by domain, with 95% intervals; dotted: everyone.")
            if measure.mean
            else mark("Share of people who {description}, by domain, with 95% intervals; dotted: everyone."),
            description=evidence.survey.indicators[indicator].description,
            ends=measure.scale,
        )
    ]
    if truth:
        parts.append(say("Upright lines are the simulated truth."))
    return Figure(
        key=f"question-{indicator}",
        spec=dot_spec(
            marks,
            signs=measure.signs,
            least_pad=measure.drawn_change(0.005),
            reference=measure.drawn(float(rows.loc[EVERYONE, "share"])),
            ticks=[(domain, measure.drawn(truth[domain.key])) for domain in domains if domain.key in truth],
        ),
        title=evidence.title_of(indicator),
        caption=" ".join(parts),
        alternative=" ".join(f"{whole_name(mark.domain)}: {mark.aside}." for mark in marks),
        numbers=_share_numbers(domains, rows, truth, measure),
        language=language,
        notes=(
            say("Question: {question}", question=answer.question),
            *domain_notes(evidence.survey, rows["flags"], language),
        ),
    )


def _share_mark(domain: Domain, row: pd.Series, measure: Measure) -> Mark:
    language = measure.language
    hidden = HIDDEN in split_flags(row["flags"])
    if hidden or pd.isna(row["share"]):
        return Mark(domain, language.say("hidden") if hidden else "–")
    interval = measure.span(row["share_low"], row["share_high"], sign=False)
    return Mark(
        domain,
        f"{measure.number(row['share'])} ({interval})",
        f"<b>{whole_name(domain)}</b><br>{measure.number(row['share'], 1)} "
        f"({measure.interval95(row['share_low'], row['share_high'], 1)})<br>n = {language.number(row['n'])}",
        at=measure.at(float(row["share"])),
        low=measure.at(float(row["share_low"])),
        high=measure.at(float(row["share_high"])),
        open=row["flags"] == SMALL_BASE,
    )


def _share_numbers(
    domains: list[Domain], rows: pd.DataFrame, truth: dict[str, float], measure: Measure
) -> pd.DataFrame:
    """The rows of the figure in the reader's words; hidden cells say so."""
    language, say = measure.language, measure.language.say
    mine = rows.loc[[domain.key for domain in domains]]
    hidden = flagged(mine["flags"], HIDDEN)
    columns = {
        say("Domain"): [whole_name(domain) for domain in domains],
        say("n"): whole_numbers(mine["n"], hidden, language),
        say("effective n"): whole_numbers(mine["n_effective"], hidden, language),
        say("deff"): mine["deff"].array,
        say("Mean, {ends}", ends=measure.bounds) if measure.mean else say("Share"): _numbers(
            measure, mine["share"], hidden
        ),
        say("95% from"): _numbers(measure, mine["share_low"], hidden),
        say("up to"): _numbers(measure, mine["share_high"], hidden),
    }
    if truth:
        columns[say("truth (simulated)")] = [
            measure.number(truth[domain.key], 1) if domain.key in truth else "–" for domain in domains
        ]
    table = pd.DataFrame(columns)
    table.attrs["digits"] = {say("deff"): 2}
    table.attrs["right"] = tuple(columns)[1:]
    return table


def who_figure(evidence: WaveEvidence, language: Language) -> Figure:
    """Open: share of respondents; filled: share of weight; upright: share of the population."""
    say = language.say
    sample: Any = evidence.sample.domains.set_index("domain")
    known = shares_by_domain(evidence.population, "of_population")
    domains = [
        domain
        for domain in domains_in_order(sample.index, [evidence.wave], language)
        if domain.key != EVERYONE
    ]
    marks: list[Mark] = []
    others: list[tuple[Domain, float, str]] = []
    for domain in domains:
        row = sample.loc[domain.key]
        if HIDDEN in split_flags(row["flags"]):
            marks.append(Mark(domain, say("hidden")))
            continue
        n, of_respondents, of_weight = (float(row[name]) for name in ("n", "of_respondents", "of_weight"))
        words = f"<b>{whole_name(domain)}</b><br>" + say(
            "{of} of respondents, {weight} by weight",
            of=language.percent(of_respondents, 1),
            weight=language.percent(of_weight, 1),
        )
        marks.append(Mark(domain, f"n = {language.number(n)}", words, at=round(of_weight * 100, 2)))
        if evidence.weighted:
            others.append((domain, round(of_respondents * 100, 2), words))
    ticks = [(domain, known[domain.key] * 100) for domain in domains if domain.key in known]
    return Figure(
        key="who-answered",
        spec=dot_spec(marks, signs=language.percent_signs, ticks=ticks, others=others),
        title=say("Who answered"),
        caption=" ".join(_who_caption(evidence, language, margins=bool(ticks))),
        alternative=" ".join(f"{whole_name(mark.domain)}: {mark.aside}." for mark in marks),
        numbers=_who_numbers(domains, sample, known, language),
        language=language,
        notes=domain_notes(evidence.survey, sample["flags"], language),
    )


def shares_by_domain(rows: pd.DataFrame, column: str) -> dict[str, float]:
    """One column of a table as a mapping from the domain."""
    return {str(key): float(share) for key, share in zip(rows["domain"], rows[column], strict=True)}


def _who_caption(evidence: WaveEvidence, language: Language, *, margins: bool) -> Iterator[str]:
    """What the marks are, and where the population's shares are from."""
    say = language.say
    n = language.number(evidence.n)
    if evidence.weighted:
        yield say("{n} respondents with a weight above zero.", n=n)
        yield say("Open marks: share of respondents; filled: share after weighting.")
    else:
        yield say("{n} respondents, all with the same weight. Marks: share of respondents.", n=n)
    if margins:
        sources = "; ".join(dict.fromkeys(evidence.population["source"]))
        yield say("Upright lines: share of the population ({sources}).", sources=sources)


def _who_numbers(
    domains: list[Domain], sample: pd.DataFrame, known: dict[str, float], language: Language
) -> pd.DataFrame:
    say = language.say
    mine = sample.loc[[domain.key for domain in domains]]
    hidden = flagged(mine["flags"], HIDDEN)
    columns = {
        say("Domain"): [whole_name(domain) for domain in domains],
        say("n"): whole_numbers(mine["n"], hidden, language),
    }
    columns[say("of respondents")] = _percents(language, mine["of_respondents"], hidden)
    if mine["of_base"].notna().any():
        columns[say("before raking")] = _percents(language, mine["of_base"], hidden)
    columns[say("weighted")] = _percents(language, mine["of_weight"], hidden)
    if known:
        population = pd.Series(known, dtype="float64").reindex(mine.index)
        columns[say("of the population")] = _percents(language, population, hidden & False)
        off = mine["of_weight"] - population
        columns[say("weighted, points off")] = [
            "–" if pd.isna(points) else language.points(points, 1) for points in off
        ]
    table = pd.DataFrame(columns)
    table.attrs["right"] = tuple(columns)[1:]
    return table


def _percents(language: Language, shares: pd.Series, hidden: pd.Series) -> list[str]:
    return _numbers(Measure(language, None), shares, hidden)


def _numbers(measure: Measure, shares: pd.Series, hidden: pd.Series) -> list[str]:
    return [
        measure.language.say("hidden") if unseen else "–" if pd.isna(share) else measure.number(share, 1)
        for share, unseen in zip(shares, hidden, strict=True)
    ]
