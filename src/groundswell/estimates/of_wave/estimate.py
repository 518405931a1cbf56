"""A wave of respondents -> shares by domain, with disclosure control, ready for the observations table.

One row an indicator and domain. Hidden domains keep their row, without figures, so that a reader sees that
they exist.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from groundswell.errors import InputError
from groundswell.estimates.design.design import Design
from groundswell.estimates.of_wave.disclosure_control import hidden_below
from groundswell.estimates.of_wave.domains import cells_of_domains, domains_of_sums, hidden_names
from groundswell.estimates.statistics.table import estimate
from groundswell.estimates.sums.duckdb_sums import linearised_design, sum_respondents
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.plan import COUNT, SumPlan
from groundswell.estimates.sums.rows import apart, counted_rows
from groundswell.estimates.variance.means import LinearisedMeans, means_of
from groundswell.vocabulary import ESTIMATE, EVERYONE, HIDDEN, SHARE, SHOWN_FROM, SMALL_BASE, domain_key
from groundswell.waves.respondents.codebook import Codebook
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.surveys.records import Survey
from groundswell.waves.wave.raked_weights import BASE, MARGIN, RAKED, WEIGHT, raked_to
from groundswell.waves.wave.recode import counted, domain, in_wave
from groundswell.waves.wave.record import Wave

FIGURES = ["n", "n_effective", "share", "share_se", "share_low", "share_high", "df", "deff"]
COLUMNS = ["indicator", "domain", *FIGURES, "deff_kind", "flags"]


def wave_design(wave: Wave, codebook: Codebook) -> Design:
    """The design that a wave's TOML states, replicate patterns spelt out.

    Where it names the weights that `groundswell weight` made, those are used, and their variance knows what they
    were raked to.

    Raises: InputError for choices that contradict each other or name no column, or as `raked_to`.
    """
    stated = wave.design
    raked = wave.weights is not None
    return Design(
        weights=WEIGHT if raked else stated.weight,
        base_weights=BASE if raked else None,
        calibrated_weights=RAKED if raked else None,
        margins=tuple(MARGIN + variable for variable in raked_to(wave)),
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
    survey: Survey, wave: Wave, respondents: Respondents, *, memory: str | None = None
) -> pd.DataFrame:
    """The wave's shares by indicator and domain, disclosure control applied.

    Columns: indicator, domain, n, n_effective, share, share_se, share_low, share_high (95%, logit), df,
    deff, deff_kind, flags. Shares are in [0, 1].

    Raises: InputError for weights, strata or units that cannot be, and where nobody gave a valid answer.
    """
    plan = wave_plan(wave, respondents.codebook)
    if linearised_design(plan.design):
        sums = sum_respondents(respondents, plan, memory=memory)
        domains = domains_of_sums(sums, plan)
        cells, units = cells_of_domains(sums, plan, domains)
        table = estimate(LinearisedMeans(cells, units, plan.design.lonely_psu))
    else:
        rows = counted_rows(respondents, apart(plan), memory=memory)
        sums = _rows_as_sums(rows, plan)
        domains = domains_of_sums(sums, plan)
        table = _by_variable(rows, plan)
    if not (table["n"] > 0).any():
        raise InputError(f"`{wave.file}` has no valid answer to any indicator of `{wave.toml.name}`")
    limit = hidden_below(survey.minimum_domain_n)
    return _controlled(table, hidden_names(sums, plan, domains, limit=limit), max(limit, SHOWN_FROM))


def _rows_as_sums(rows: pd.DataFrame, plan: SumPlan) -> pd.DataFrame:
    """What disclosure control needs to know of single respondents (`rows` of the plan set `apart`): their domains,
    and which items they answered."""
    present = rows[plan.design.weights] > 0 if plan.design.weights else np.ones(len(rows), dtype=bool)
    own = apart(plan)
    keys = {f"k{plan.keys.index(sql)}": rows[name] for name, sql in own.by.items()}
    answered = {f"n{at}": rows[item.variable].notna() & present for at, item in enumerate(own.items)}
    return pd.DataFrame({COUNT: 1, **keys, **answered})


def _by_variable(rows: pd.DataFrame, plan: SumPlan) -> pd.DataFrame:
    """Estimates from the respondents themselves (`rows` of the plan set `apart`), for replicate and calibrated
    weights."""
    tables = []
    own = apart(plan)
    for variable, column in ((None, None), *zip(plan.by, own.by, strict=True)):
        by = [] if column is None else [column]
        table = estimate(means_of(rows, plan.design, own.items, by).called(plan.items))
        names = (
            EVERYONE if column is None else [domain_key(str(variable), str(each)) for each in table[column]]
        )
        tables.append(table.assign(domain=names))
    return pd.concat(tables, ignore_index=True)


def _controlled(table: pd.DataFrame, hidden: set[str], shown_from: int) -> pd.DataFrame:
    """The table in the words of the observations table, hidden domains emptied and small ones flagged."""
    table = table.rename(columns={"variable": "indicator", **dict(zip(ESTIMATE, SHARE, strict=True))})
    table["flags"] = np.where(table["n"] < shown_from, SMALL_BASE, "")
    table = table[COLUMNS].astype(dict.fromkeys(FIGURES, "float64"))
    unseen = table["domain"].isin(hidden)
    table.loc[unseen, FIGURES] = np.nan
    table.loc[unseen, "flags"] = HIDDEN
    return table.astype({"n": "Int64", "deff_kind": "str", "flags": "str"})
