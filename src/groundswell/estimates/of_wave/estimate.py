"""A wave of respondents -> shares by domain, with disclosure control, ready for the observations table.

One row an indicator and domain. Hidden domains keep their row, without figures, so that a reader sees that
they exist.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.of_wave.disclosure_control import SHOWN_FROM, hidden_below
from groundswell.estimates.of_wave.domains import hidden_names
from groundswell.estimates.of_wave.means import WaveMeans, way_of_wave
from groundswell.estimates.statistics.table import estimate
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.vocabulary import ESTIMATE, HIDDEN, SHARE, SMALL_BASE
from groundswell.waves.respondents.codebook import Codebook
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.wave.raked_weights import BASE, MARGIN, RAKED, WEIGHT
from groundswell.waves.wave.recode import counted, domain, in_wave
from groundswell.waves.wave.wave_toml import Wave

FIGURES = ["n", "n_effective", "share", "share_se", "share_low", "share_high", "df", "deff"]
COLUMNS = ["indicator", "domain", *FIGURES, "deff_kind", "flags"]


def wave_design(wave: Wave, codebook: Codebook) -> Design:
    """The design that a wave's TOML states, replicate patterns spelt out.

    Where it names the weights that `groundswell weight` made, those are used, and their variance knows what they
    were raked to: the codebook that `read_wave` gives has the columns of both.

    Raises: InputError for choices that contradict each other or name no column.
    """
    stated = wave.design
    raked = wave.weights is not None
    return Design(
        weights=WEIGHT if raked else stated.weight,
        base_weights=BASE if raked else None,
        calibrated_weights=RAKED if raked else None,
        margins=tuple(name for name in codebook.variables if raked and name.startswith(MARGIN)),
        strata=stated.strata,
        psu=stated.psu,
        fpc=stated.fpc,
        nest=stated.nest,
        lonely_psu=stated.lonely_psu,
        replicates=stated.replicates,
        replicate_kind=stated.replicate_kind,
        fay_rho=stated.fay_rho,
        scale=stated.scale,
        rscales=stated.rscales or (),
        mse=stated.mse,
        combined=stated.combined,
        df=stated.df,
    ).over(codebook.variables)


def wave_plan(wave: Wave, codebook: Codebook) -> SumPlan:
    """What to add up for a wave: each indicator, by every combination of its domain variables.

    Raises: InputError as `wave_design`.
    """
    return SumPlan(
        design=wave_design(wave, codebook),
        items=tuple(Item(key, "1") for key in wave.indicators),
        answers=tuple(counted(answer, codebook) for answer in wave.indicators.values()),
        by={key: domain(rule, codebook) for key, rule in wave.domains.items()},
        where=in_wave(wave, codebook),
    )


def estimate_wave(
    plan: SumPlan, respondents: Respondents, *, minimum_domain_n: int, memory: str | None = None
) -> pd.DataFrame:
    """A wave's shares by indicator and domain, disclosure control applied.

    Args:
        plan: of the wave, from `wave_plan`.
        respondents: of the wave, from `read_wave`.
        minimum_domain_n: the survey's own; a domain with fewer respondents is hidden.
        memory: as in `sum_respondents`.

    Columns: indicator, domain, n, n_effective, share, share_se, share_low, share_high (95%, logit), df,
    deff, deff_kind, flags. Shares are in [0, 1].

    Raises: InputError for weights, strata or units that cannot be, and where nobody gave a valid answer.
    """
    return wave_shares(way_of_wave(plan)(plan, respondents, memory), minimum_domain_n=minimum_domain_n)


def wave_shares(means: WaveMeans, *, minimum_domain_n: int) -> pd.DataFrame:
    """The table of `estimate_wave` from a wave that is summed already.

    Raises: InputError where nobody gave a valid answer, and as `Means.moments`.
    """
    items = means.plan.items
    table = pd.concat(map(estimate, means.parts), ignore_index=True)
    table["domain"] = np.repeat(means.domains.names, len(items))
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
    table = table[COLUMNS].astype(dict.fromkeys(FIGURES, "float64"))
    unseen = table["domain"].isin(hidden)
    table.loc[unseen, FIGURES] = np.nan
    table.loc[unseen, "flags"] = HIDDEN
    return table.astype({"n": "Int64", "deff_kind": "str", "flags": "str"})
