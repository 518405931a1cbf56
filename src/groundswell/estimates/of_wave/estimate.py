"""A wave's means -> shares by domain, with disclosure control, ready for the observations table.

One row an indicator and domain. The mean of a scale stands there by its place in [0, 1] between the scale's ends; its
interval is Student's t on the mean, cut at the ends. Hidden domains keep their row, without figures, so that a reader
sees that they exist.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from groundswell.errors import InputError
from groundswell.estimates.of_wave.disclosure_control import SHOWN_FROM, hidden_below
from groundswell.estimates.of_wave.means import WaveMeans
from groundswell.estimates.of_wave.wave_domains import hidden_names
from groundswell.estimates.statistics.table import estimate
from groundswell.vocabulary import ESTIMATE, HIDDEN, SHARE, SMALL_BASE

FIGURES = ["n", "n_effective", "share", "share_se", "share_low", "share_high", "df", "deff"]
COLUMNS = ["indicator", "domain", *FIGURES, "deff_kind", "flags"]


def wave_shares(means: WaveMeans, *, minimum_domain_n: int) -> pd.DataFrame:
    """A wave's shares by indicator and domain, disclosure control applied.

    `minimum_domain_n` is the survey's own; a domain with fewer respondents is hidden.

    Columns: indicator, domain, n, n_effective, share, share_se, share_low, share_high (95%; logit, of a mean Student's
    t), df, deff, deff_kind, flags. Shares are in [0, 1].

    Raises: InputError where nobody gave a valid answer, and as `Means.moments`.
    """
    items = means.plan.items
    table = pd.concat(map(estimate, means.parts), ignore_index=True)
    table["domain"] = np.repeat(means.domains.names, len(items))
    table[["low", "high"]] = table[["low", "high"]].clip(0.0, 1.0)
    if not (table["n"] > 0).any():
        names = ", ".join(f"`{item.variable}`" for item in items)
        raise InputError(
            f"`{means.file}` has no valid answer to any indicator ({names}): check the codes that the wave's TOML "
            "counts"
        )
    limit = hidden_below(minimum_domain_n)
    hidden = hidden_names(means.sums, means.plan, means.domains, limit=limit)
    return _controlled(table, hidden, max(limit, SHOWN_FROM))


def _controlled(table: pd.DataFrame, hidden: set[str], shown_from: int) -> pd.DataFrame:
    """The table in the words of the observations table, hidden domains emptied and small ones flagged."""
    table = table.rename(columns={"variable": "indicator", **dict(zip(ESTIMATE, SHARE, strict=True))})
    table["flags"] = np.where(table["n"] < shown_from, SMALL_BASE, "")
    return without_figures(table[COLUMNS], hidden, HIDDEN)


def without_figures(shares: pd.DataFrame, domains: set[str], flags: str) -> pd.DataFrame:
    """The table with the rows of `domains` emptied, and `flags` in them."""
    table = shares.astype(dict.fromkeys(FIGURES, "float64"))
    unseen = table["domain"].isin(domains)
    table.loc[unseen, FIGURES] = np.nan
    table.loc[unseen, "flags"] = flags
    return table.astype({"n": "Int64", "deff_kind": "str", "flags": "str"})
