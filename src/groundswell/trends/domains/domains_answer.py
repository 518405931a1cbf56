"""What `groundswell trend --by` answers: the levels of domains, the gaps between them, and what a reader must know."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from groundswell.errors import InputError
from groundswell.trends.answers.table_source import Note, Source
from groundswell.trends.domains.domain_trends import MOST_PAIRED, DomainTrends
from groundswell.trends.domains.fit import fit_domains
from groundswell.waves import Survey


class DomainsAnswer(NamedTuple):
    """Tables of levels and gaps, the columns of `DomainTrends` after `series`, and notes."""

    levels: pd.DataFrame
    gaps: pd.DataFrame
    notes: list[Note]


def domains_answer(survey: Survey, source: Source, by: str) -> DomainsAnswer:
    """The domains of one variable on every date that is asked for, in the order of the questions.

    Raises: InputError where a house is asked for, and as `fit_domains`.
    """
    if (source.asked["house"] != "").any():
        raise InputError(
            "`by=`: domains have levels, and no next waves of a house: leave the column `house` empty"
        )
    levels: list[pd.DataFrame] = []
    gaps: list[pd.DataFrame] = []
    notes: list[Note] = []
    for series, rows in source.asked.groupby("series", sort=False):
        whole = source.trends[str(series)]
        fitted = fit_domains(survey, str(series), by=by, as_of=whole.as_of, whole=whole)
        notes += _notes(str(series), fitted)
        dates = pd.DatetimeIndex(rows["date"].unique())
        levels.append(fitted.levels(dates).assign(series=series))
        if len(fitted.waves.domains) <= MOST_PAIRED:
            gaps += [fitted.gaps(date).assign(series=series) for date in dates]
    return DomainsAnswer(_table(levels), _table(gaps), notes)


def _table(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The parts under one another, `date, series` first and dates as text."""
    if not parts:
        return pd.DataFrame()
    table = pd.concat(parts, ignore_index=True)
    days = {name: table[name].dt.strftime("%Y-%m-%d") for name in ("date", "since") if name in table}
    table = table.assign(**days)
    first = ["date", "series"]
    return table[[*first, *(name for name in table.columns if name not in first)]]


def _notes(series: str, fitted: DomainTrends) -> Iterator[Note]:
    """Domains that are not followed, and whether those that are add up."""
    waves = fitted.waves
    for code, names in (("domains_unseen", waves.unseen), ("domains_elsewhere", waves.elsewhere)):
        if names:
            yield Note(series, code, "warned", {"domains": list(names)})
    if not fitted.population.complete:
        yield Note(series, "domains_apart", "warned", {"by": fitted.by})
