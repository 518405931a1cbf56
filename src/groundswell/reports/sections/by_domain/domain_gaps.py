"""How far the domains of each variable lie apart in the newest wave, and whether that has changed, as a table."""

from __future__ import annotations

from typing import Any

import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.by_domain.domains import domains_in_order, whole_name
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.reports.html.markup import NOTHING, Block
from groundswell.reports.html.tables import table
from groundswell.reports.language.language import Language
from groundswell.vocabulary import domain_parts

WIDEST = 4
"""Gaps of one variable that the page shows, the widest first; domain_gaps.csv has all."""


def domain_gaps(evidence: ReportEvidence, reading: Reading, language: Language) -> Block:
    """The widest gaps of each variable with their probability and change; nothing where no domain is followed."""
    gaps = evidence.domain_gaps
    mine = gaps[gaps["indicator"] == reading.key]
    if mine.empty:
        return NOTHING
    say = language.say
    names = {
        domain.key: whole_name(domain)
        for domain in domains_in_order([*mine["domain"], *mine["other"]], evidence.waves, language)
    }
    short = {key: name.removeprefix(f"{domain_parts(key)[0]}: ") for key, name in names.items()}
    variable = mine["domain"].map(lambda key: domain_parts(key)[0])
    order = list(dict.fromkeys(domain_parts(key)[0] for key in names))
    shown = mine[mine.groupby(variable).cumcount() < WIDEST]
    shown = shown.assign(place=variable.map(order.index)).sort_values("place", kind="stable")
    listed: list[Any] = list(shown.itertuples())
    since = language.date(shown["since"].iloc[0])
    rows = pd.DataFrame(
        {
            say("Gap"): [
                say("{domain} over {other}", domain=names[row.domain], other=short[row.other])
                for row in listed
            ],
            say("Points"): [language.points(row.estimate) for row in listed],
            language.percent(0.95): [_span(row.low, row.high, language) for row in listed],
            say("Probability"): [language.probability(row.probability) for row in listed],
            say("Since {date}", date=since): [_change(row, language) for row in listed],
        },
        dtype=object,
    )
    rows.attrs["right"] = tuple(rows.columns)[1:]
    title = say("Gaps between domains on {day}", day=language.date(reading.last))
    note = say(
        "Gaps between the levels of domains on {day}, in points. The probability is that the first lies higher; "
        "nothing is taken off it for the number of gaps: where none is real, up to one in ten shows 0.95 or more.",
        day=language.date(reading.last),
    )
    if len(shown) < len(mine):
        note += " " + say("Of each variable the {n} widest are shown; domain_gaps.csv has all.", n=WIDEST)
    body = Markup("<p class=note>{}</p>").format(note)
    return Block(str(body + table(rows, language, caption=f"{reading.title}. {title}")), part="note")


def _span(low: float, high: float, language: Language) -> str:
    """Both ends with their signs: a dash between them would read as one more minus."""
    return language.say("{low} to {high}", low=language.points(low), high=language.points(high))


def _change(row: Any, language: Language) -> str:
    """How the gap changed, with its interval."""
    if pd.isna(row.change):
        return "–"
    return f"{language.points(row.change)} ({_span(row.change_low, row.change_high, language)})"
