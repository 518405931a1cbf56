"""The two figures of a wave profile that go by domain: who answered, and the answers to one question."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from groundswell.estimates.of_wave.disclosure_control import HIDDEN, SMALL_BASE
from groundswell.estimates.of_wave.domains import ALL
from groundswell.reports.evidence.domain_words import domain_notes, whole_name, whole_numbers
from groundswell.reports.figures.dots import Mark, dot_spec
from groundswell.reports.figures.figure import Figure

if TYPE_CHECKING:
    from groundswell.reports.evidence.domains import Domain
    from groundswell.reports.notebook.wave_profile import WaveProfile


def question_figure(profile: WaveProfile, indicator: str) -> Figure:
    """The share of one indicator by domain with its 95% interval, everyone's as a dotted line."""
    say = profile.language.say
    rows: Any = profile.shares[profile.shares["indicator"] == indicator].set_index("domain")
    domains = [domain for domain in profile.domains if domain.key in rows.index]
    truth = shares_by_domain(profile.truth[profile.truth["indicator"] == indicator], "share")
    marks = [_share_mark(profile, domain, rows.loc[domain.key]) for domain in domains]
    answer = profile.survey.indicators[indicator].variants[profile.wave.indicators[indicator].variant]
    parts = [
        say(
            "Share of people who {description}, by domain, with 95% intervals; dotted: everyone.",
            description=profile.survey.indicators[indicator].description,
        )
    ]
    if truth:
        parts.append(say("Upright lines are the simulated truth."))
    return Figure(
        key=f"question-{indicator}",
        spec=dot_spec(
            marks,
            percent_signs=profile.language.percent_signs,
            reference=float(rows.loc[ALL, "share"]) * 100,
            ticks=[(domain, truth[domain.key] * 100) for domain in domains if domain.key in truth],
        ),
        title=profile.title_of(indicator),
        caption=" ".join(parts),
        alternative=" ".join(f"{whole_name(mark.domain)}: {mark.aside}." for mark in marks),
        numbers=_share_numbers(profile, domains, rows, truth),
        language=profile.language,
        notes=(
            say("Question: {question}", question=answer.question),
            *domain_notes(profile.survey, rows["flags"], profile.language),
        ),
    )


def _share_mark(profile: WaveProfile, domain: Domain, row: pd.Series) -> Mark:
    language = profile.language
    if row["flags"] == HIDDEN or pd.isna(row["share"]):
        return Mark(domain, language.say("hidden") if row["flags"] == HIDDEN else "–")
    interval = language.span(row["share_low"], row["share_high"], sign=False)
    return Mark(
        domain,
        f"{language.percent(row['share'])} ({interval})",
        f"<b>{whole_name(domain)}</b><br>{language.percent(row['share'], 1)} "
        f"({language.interval95(row['share_low'], row['share_high'], 1)})<br>n = {language.number(row['n'])}",
        at=round(float(row["share"]) * 100, 2),
        low=round(float(row["share_low"]) * 100, 2),
        high=round(float(row["share_high"]) * 100, 2),
        open=row["flags"] == SMALL_BASE,
    )


def _share_numbers(
    profile: WaveProfile, domains: list[Domain], rows: pd.DataFrame, truth: dict[str, float]
) -> pd.DataFrame:
    """The rows of the figure in the reader's words; hidden cells say so."""
    language, say = profile.language, profile.language.say
    mine = rows.loc[[domain.key for domain in domains]]
    hidden = mine["flags"] == HIDDEN
    columns = {
        say("Domain"): [whole_name(domain) for domain in domains],
        say("n"): whole_numbers(mine["n"], hidden, language),
        say("effective n"): whole_numbers(mine["n_effective"], hidden, language),
        say("deff"): mine["deff"].array,
        say("Share"): _percents(profile, mine["share"], hidden),
        say("95% from"): _percents(profile, mine["share_low"], hidden),
        say("up to"): _percents(profile, mine["share_high"], hidden),
    }
    if truth:
        columns[say("truth (simulated)")] = [
            language.percent(truth[domain.key], 1) if domain.key in truth else "–" for domain in domains
        ]
    table = pd.DataFrame(columns)
    table.attrs["digits"] = {say("deff"): 2}
    table.attrs["right"] = tuple(columns)[1:]
    return table


def who_figure(profile: WaveProfile) -> Figure:
    """Open: share of respondents; filled: share of weight; upright: share of the population."""
    language, say = profile.language, profile.language.say
    sample: Any = profile.sample.domains.set_index("domain")
    known = shares_by_domain(profile.population, "of_population")
    domains = [domain for domain in profile.domains if domain.key in sample.index and domain.key != ALL]
    weighted = profile.wave.design.weight is not None or profile.wave.weights is not None
    marks: list[Mark] = []
    others: list[tuple[Domain, float, str]] = []
    for domain in domains:
        row = sample.loc[domain.key]
        if row["flags"] == HIDDEN:
            marks.append(Mark(domain, say("hidden")))
            continue
        n, of_respondents, of_weight = (float(row[name]) for name in ("n", "of_respondents", "of_weight"))
        words = f"<b>{whole_name(domain)}</b><br>" + say(
            "{of} of respondents, {weight} by weight",
            of=language.percent(of_respondents, 1),
            weight=language.percent(of_weight, 1),
        )
        marks.append(Mark(domain, f"n = {language.number(n)}", words, at=round(of_weight * 100, 2)))
        if weighted:
            others.append((domain, round(of_respondents * 100, 2), words))
    ticks = [(domain, known[domain.key] * 100) for domain in domains if domain.key in known]
    return Figure(
        key="who-answered",
        spec=dot_spec(marks, percent_signs=language.percent_signs, ticks=ticks, others=others),
        title=say("Who answered"),
        caption=" ".join(_who_caption(profile, weighted=weighted, margins=bool(ticks))),
        alternative=" ".join(f"{whole_name(mark.domain)}: {mark.aside}." for mark in marks),
        numbers=_who_numbers(profile, domains, sample, known),
        language=language,
        notes=domain_notes(profile.survey, sample["flags"], language),
    )


def shares_by_domain(rows: pd.DataFrame, column: str) -> dict[str, float]:
    """One column of a table as a mapping from the domain."""
    return {str(key): float(share) for key, share in zip(rows["domain"], rows[column], strict=True)}


def _who_caption(profile: WaveProfile, *, weighted: bool, margins: bool) -> Iterator[str]:
    """What the marks are, and where the population's shares are from."""
    language, say = profile.language, profile.language.say
    n = language.number(profile.n)
    if weighted:
        yield say("{n} respondents with a weight above zero.", n=n)
        yield say("Open marks: share of respondents; filled: share after weighting.")
    else:
        yield say("{n} respondents, all with the same weight. Marks: share of respondents.", n=n)
    if margins:
        sources = "; ".join(dict.fromkeys(profile.population["source"]))
        yield say("Upright lines: share of the population ({sources}).", sources=sources)


def _who_numbers(
    profile: WaveProfile, domains: list[Domain], sample: pd.DataFrame, known: dict[str, float]
) -> pd.DataFrame:
    say = profile.language.say
    mine = sample.loc[[domain.key for domain in domains]]
    hidden = mine["flags"] == HIDDEN
    columns = {
        say("Domain"): [whole_name(domain) for domain in domains],
        say("n"): whole_numbers(mine["n"], hidden, profile.language),
    }
    columns[say("of respondents")] = _percents(profile, mine["of_respondents"], hidden)
    if mine["of_base"].notna().any():
        columns[say("before raking")] = _percents(profile, mine["of_base"], hidden)
    columns[say("weighted")] = _percents(profile, mine["of_weight"], hidden)
    if known:
        population = pd.Series(known, dtype="float64").reindex(mine.index)
        columns[say("of the population")] = _percents(profile, population, hidden & False)
        off = mine["of_weight"] - population
        columns[say("weighted, points off")] = [
            "–" if pd.isna(points) else profile.language.points(points, 1) for points in off
        ]
    table = pd.DataFrame(columns)
    table.attrs["right"] = tuple(columns)[1:]
    return table


def _percents(profile: WaveProfile, shares: pd.Series, hidden: pd.Series) -> list[str]:
    language = profile.language
    return [
        language.say("hidden") if unseen else "–" if pd.isna(share) else language.percent(share, 1)
        for share, unseen in zip(shares, hidden, strict=True)
    ]
