"""The domains of a report through time: the fit of each variable, its levels on the drawn days, and the gaps.

They are `fit_domains`' own numbers, as `groundswell trend --by` gives them. A mean has none, and where respondents were
asked in one wave only there is nothing to follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from groundswell.errors import ModelError
from groundswell.estimates.of_wave.kept import KeptEstimates
from groundswell.reports.evidence.reading import Reading
from groundswell.trends.compared.pairs import YEAR
from groundswell.trends.domains.domain_trends import DomainTrends
from groundswell.trends.domains.domain_waves import variables
from groundswell.trends.domains.fit import follow
from groundswell.vocabulary import domain_key

MOST_FOLLOWED = 12
"""A variable with more categories than this has no panels and no levels on a page; its figures are in a table."""
GRID = 40
"""Days between the first wave and the newest on which levels of domains are drawn, beside those of the waves."""

Followed = Mapping[str, DomainTrends]
"""The fits of one indicator, by variable."""


def followed(
    reading: Reading,
    rows: pd.DataFrame,
    covariance: Mapping[tuple[str, str], pd.DataFrame],
    kept: Sequence[KeptEstimates],
) -> Followed:
    """The fit of every variable of one indicator; `rows` are its rows of the observations table, all domains."""
    if reading.trend is None or not reading.segments or reading.indicator.scale is not None:
        return {}
    shared = {domain: table for (name, domain), table in covariance.items() if name == reading.key}
    fits: dict[str, DomainTrends] = {}
    for by in variables(rows):
        if rows.loc[rows["domain"].str.startswith(domain_key(by, "")), "domain"].nunique() > MOST_FOLLOWED:
            continue
        try:
            found = follow(rows, by, reading.trend, covariance=shared, survey=reading.survey, kept=kept)
        except ModelError:  # fewer than two domains have figures: the page's panels say what there is
            continue
        if found.waves.seen.shape[1] > 1:
            fits[by] = found
    return fits


def domain_levels(reading: Reading, fits: Followed) -> pd.DataFrame:
    """The levels of all followed domains of one indicator, as domain_trend.csv holds them."""
    waves = pd.DatetimeIndex(reading.used["middle"]).normalize()
    days = pd.date_range(reading.first, reading.last, periods=GRID).normalize().union(waves)
    tables = [fit.levels(days).assign(indicator=reading.key) for fit in fits.values()]
    return together(tables)


def domain_gaps(reading: Reading, fits: Followed) -> pd.DataFrame:
    """The gaps in the newest wave between all domains of each variable, as domain_gaps.csv holds them.

    Each is told from the higher domain to the lower, the widest of a variable first; its change is that over the year
    before, or since the first wave of the newest segment.
    """
    tables = []
    for fit in fits.values():
        gaps = _downward(fit.gaps(reading.last, since=_before(reading)))
        gaps = gaps.sort_values("estimate", ascending=False, kind="stable")
        tables.append(gaps.assign(indicator=reading.key))
    return together(tables)


def _before(reading: Reading) -> pd.Timestamp:
    """A year before the newest wave, or the first wave of its segment where that is later."""
    middles = reading.used["middle"]
    first = middles[middles >= reading.segments[-1].first].min().normalize()
    return pd.Timestamp(max(reading.last - YEAR, first))


def _downward(gaps: pd.DataFrame) -> pd.DataFrame:
    """Every gap as that of the higher domain over the lower."""
    below = gaps["estimate"].to_numpy() < 0.0
    turned = gaps.assign(
        domain=np.where(below, gaps["other"], gaps["domain"]),
        other=np.where(below, gaps["domain"], gaps["other"]),
    )
    for name in ("", "change_"):
        estimate = "change" if name else "estimate"
        low, high, chance = gaps[f"{name}low"], gaps[f"{name}high"], gaps[f"{name}probability"]
        turned[estimate] = np.where(below, -gaps[estimate], gaps[estimate])
        turned[f"{name}low"], turned[f"{name}high"] = np.where(below, -high, low), np.where(below, -low, high)
        turned[f"{name}probability"] = np.where(below, 1.0 - chance, chance)
    return turned


def together(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """The rows of all tables, `indicator` first; no rows, and no other column, where there is none."""
    filled = [table for table in tables if len(table)]
    if not filled:
        return pd.DataFrame(columns=["indicator"])
    rows = pd.concat(filled, ignore_index=True)
    return rows[["indicator", *rows.columns.drop("indicator")]]
