"""Who answered a wave, and how its weights are spread: counts and sums by domain, nothing of one respondent.

Respondents with weight zero are not counted, here as everywhere. A *relative weight* is a weight over the mean
weight, so that 1 is an average respondent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from groundswell.estimates.of_wave.disclosure_control import HIDDEN_BELOW
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.estimates.variance.kish import kish_deff, kish_n
from groundswell.vocabulary import EVERYONE, domain_key
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import all_of, identifier, literal, sql

SAMPLE = ["domain", "n", "of_respondents", "of_base", "of_weight", "flags"]
DIAGNOSTICS = ["weights", "n", "deff", "n_effective", "largest", "top_share"]
BINS = ["weights", "low", "high", "n"]

OWN, BASE, RAKED = "own", "before_raking", "after_raking"
"""Whose weights a row of the two tables of weights speaks of: as they came, or before and after raking."""

STEP = 0.1
LAST = 5.0
"""Relative weights are counted in steps of `STEP` up to `LAST`, then all together."""


@dataclass(frozen=True)
class Sample:
    """The tables of a wave's respondents.

    Attributes:
        domains: `SAMPLE`; n and shares in [0, 1] of all respondents, of all weight before raking (empty where
            the wave was not raked) and of all weight; no figures where hidden.
        diagnostics: `DIAGNOSTICS`; Kish's design effect, the largest relative weight, and the share of weight
            that the heaviest hundredth of respondents holds. No rows where the wave has no weights.
        bins: `BINS`; respondents by relative weight, every bin with `HIDDEN_BELOW` respondents at least.
    """

    domains: pd.DataFrame
    diagnostics: pd.DataFrame
    bins: pd.DataFrame


def wave_sample(respondents: Respondents, plan: SumPlan, hidden: Mapping[str, str]) -> Sample:
    """The sample of a wave, the domains in `hidden` emptied and flagged so; a few queries, whatever the number of
    respondents."""
    return Sample(_domains(respondents, plan, hidden), *weight_tables(respondents, plan))


def weight_tables(respondents: Respondents, plan: SumPlan) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`DIAGNOSTICS` and `BINS` of the plan's weights, and of those before raking where it has them."""
    weights = _named_weights(plan)
    spread = [(name, *weight_spread(respondents, plan, column)) for name, column in weights]
    bins = [(name, *row) for name, column in weights for row in _bins(respondents, plan, column)]
    return pd.DataFrame(spread, columns=DIAGNOSTICS), pd.DataFrame(bins, columns=BINS)


def _named_weights(plan: SumPlan) -> list[tuple[str, str]]:
    """The wave's columns of weights, each with what it is."""
    design = plan.design
    if design.weights is None:
        return []
    if design.base_weights is None:
        return [(OWN, design.weights)]
    return [(BASE, design.base_weights), (RAKED, design.weights)]


def _domains(respondents: Respondents, plan: SumPlan, hidden: Mapping[str, str]) -> pd.DataFrame:
    """One row a domain, `all` first, then the categories of each variable by name."""
    design = plan.design
    w, base = (
        sql("CAST({name} AS DOUBLE)", name=identifier(name)) if name else other
        for name, other in ((design.weights, sql("1.0")), (design.base_weights, sql("NULL")))
    )
    columns = [f"k{number}" for number in range(len(plan.by))]
    names = list(map(identifier, columns))
    keys = [
        sql("{key} AS {name}", key=key, name=name) for key, name in zip(plan.by.values(), names, strict=True)
    ]
    sums = respondents.frame(
        "SELECT {sums} FROM (SELECT {read} FROM {respondents} WHERE {where}) WHERE w > 0{grouped}",
        sums=[*names, sql("count(*) AS n"), sql("sum(base) AS base"), sql("sum(w) AS w")],
        read=[sql("{w} AS w", w=w), sql("{base} AS base", base=base), *keys],
        where=plan.where,
        grouped=sql(" GROUP BY {names}", names=names) if names else sql(""),
    )
    whole = sums[["n", "base", "w"]].astype("float64").sum(min_count=1)
    parts = [pd.DataFrame({"domain": [EVERYONE], **{name: [whole[name]] for name in whole.index}})]
    for column, variable in zip(columns, plan.by, strict=True):
        by = sums.groupby(column)[["n", "base", "w"]].sum(min_count=1).astype("float64").reset_index()
        keys_of_domains = [domain_key(variable, str(category)) for category in by[column]]
        parts.append(by.rename(columns={column: "domain"}).assign(domain=keys_of_domains))
    summed = pd.concat(parts, ignore_index=True)
    shares = (summed[["n", "base", "w"]] / whole).set_axis(SAMPLE[2:-1], axis=1)
    table = pd.concat([summed[["domain", "n"]], shares], axis=1)
    table.loc[table["domain"].isin(hidden), SAMPLE[1:-1]] = np.nan
    flags = [hidden.get(name, "") for name in table["domain"]]
    return table.assign(flags=flags).astype({"n": "Int64", "flags": "str"})


def weight_spread(respondents: Respondents, plan: SumPlan, column: str) -> tuple[Any, ...]:
    """n, Kish's design effect, effective n, the largest relative weight and what the heaviest 1% hold.

    The last two speak of few respondents, perhaps of one: they are rounded to a tenth and to a thousandth.
    """
    n, total, squared, largest, top = respondents.row(
        "SELECT count(*), CAST(sum(w) AS DOUBLE), CAST(sum(w * w) AS DOUBLE), max(w) / avg(w), "
        "sum(w) FILTER (rank <= ceil(many / 100.0)) / sum(w) FROM "
        "(SELECT {w} AS w, row_number() OVER (ORDER BY {w} DESC) AS rank, count(*) OVER () AS many "
        "FROM {respondents} WHERE {where} AND {w} > 0)",
        w=identifier(column),
        where=plan.where,
    )
    deff, worth = kish_deff(n, total, squared), kish_n(n, total, squared)
    return n, deff, worth, round(largest, 1), round(top, 3)


def _bins(respondents: Respondents, plan: SumPlan, column: str) -> Iterator[tuple[float, float, int]]:
    """Lower and upper end of each bin and its respondents; a bin with too few takes in the next."""
    w = identifier(column)
    where = all_of([plan.where, sql("{w} > 0", w=w)])
    counted = respondents.rows(
        "SELECT CAST(least(floor({w} / {mean} / {step}), {last}) AS INTEGER) AS step, count(*) AS n "
        "FROM {respondents} WHERE {where} GROUP BY 1 ORDER BY 1",
        w=w,
        mean=sql("(SELECT avg({w}) FROM {rows} WHERE {where})", w=w, rows=respondents.scan, where=where),
        step=literal(STEP),
        last=literal(round(LAST / STEP)),
        where=where,
    )
    merged: list[tuple[int, int, int]] = []
    for step, n in counted:
        if merged and merged[-1][2] < HIDDEN_BELOW:
            low, _, before = merged.pop()
            merged.append((low, step + 1, before + n))
        else:
            merged.append((step, step + 1, n))
    if len(merged) > 1 and merged[-1][2] < HIDDEN_BELOW:
        (low, _, before), (_, high, n) = merged[-2:]
        merged[-2:] = [(low, high, before + n)]
    yield from ((round(low * STEP, 10), round(high * STEP, 10), n) for low, high, n in merged)
