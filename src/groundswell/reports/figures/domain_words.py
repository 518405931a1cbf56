"""What the small panels of domains say in words: a sentence a domain, and every number as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from groundswell.estimates.of_wave.estimate_flags import split_flags
from groundswell.reports.evidence.by_domain.domains import Domain, whole_name, whole_numbers
from groundswell.reports.language.measure import Measure
from groundswell.vocabulary import HIDDEN


def domain_sentence(rows: pd.DataFrame, domain: Domain, measure: Measure) -> str:
    """A domain's first and newest share in words."""
    language = measure.language
    shown = rows[(rows["domain"] == domain.key) & rows["share"].notna()].sort_values("middle")
    if shown.empty:
        return language.say("{domain}: hidden.", domain=whole_name(domain))
    parts = [
        f"{measure.number(row['share'])} ({measure.span(row['share_low'], row['share_high'])}) "
        f"{language.period(row['start'], row['end'], row['precision'])}"
        for _, row in shown.iloc[[0, -1] if len(shown) > 1 else [0]].iterrows()
    ]
    return f"{whole_name(domain)}: {'; '.join(parts)}."


def panel_numbers(rows: pd.DataFrame, domains: Sequence[Domain], measure: Measure) -> pd.DataFrame:
    """Every wave of every domain, the newest first within each; hidden cells say so."""
    language, say = measure.language, measure.language.say
    order = {domain.key: rank for rank, domain in enumerate(domains)}
    names = {domain.key: whole_name(domain) for domain in domains}
    ordered = rows.assign(rank=rows["domain"].map(order)).sort_values(
        ["rank", "end"], ascending=[True, False]
    )
    listed = [row for _, row in ordered.iterrows()]
    hidden = [HIDDEN in split_flags(row["flags"]) for row in listed]
    shares = [
        say("hidden") if unseen else measure.number(row["share"], 1)
        for row, unseen in zip(listed, hidden, strict=True)
    ]
    intervals = [
        say("hidden") if unseen else measure.span(row["share_low"], row["share_high"], 1)
        for row, unseen in zip(listed, hidden, strict=True)
    ]
    table = pd.DataFrame(
        {
            say("Domain"): ordered["domain"].map(names).array,
            say("Fieldwork"): [language.period(row["start"], row["end"], row["precision"]) for row in listed],
            say("n"): whole_numbers(ordered["n"], hidden, language),
            say("effective n"): whole_numbers(ordered["n_effective"], hidden, language),
            say("Mean, {ends}", ends=measure.bounds) if measure.mean else say("Share"): shares,
            say("95% interval"): intervals,
        }
    )
    table.attrs["right"] = tuple(table.columns)[2:]
    return table
