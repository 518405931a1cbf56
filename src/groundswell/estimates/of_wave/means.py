"""A wave's respondents -> the means of its every domain, by the way that its design takes.

A plan and open respondents become one value, `WaveMeans`. Whatever is said of a wave's answers is made of it: the
shares by domain, which domains are hidden, and the scores that waves in the same PSUs share.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Ints
from groundswell.estimates.design.units import units_of
from groundswell.estimates.of_wave.domains import Domains, cells_of_domains, domains_of_sums
from groundswell.estimates.sums.cells_from_query import units_of_sums
from groundswell.estimates.sums.rows import apart, counted_rows
from groundswell.estimates.sums.run_in_duckdb import sum_respondents
from groundswell.estimates.sums.sum_query import COUNT, SumPlan, linearised_design
from groundswell.estimates.variance.means import LinearisedMeans, ReplicateMeans, means_of
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import identifier


@dataclass(frozen=True, kw_only=True)
class WaveMeans:
    """The means of a wave.

    Attributes:
        file: the name of the respondents' file.
        plan: what was added up.
        sums: one row a combination of domains within a sampling unit, or a respondent: the plan's keys `k0` …, `COUNT`,
            and `n0` …, how many answered each item.
        unit: the sampling unit of the last stage that each of these rows lies in; None with replicate weights.
        domains: which of these rows lie in which domain.
        parts: the means of the domains in their order, all at once or variable by variable.
    """

    file: str
    plan: SumPlan
    sums: pd.DataFrame
    unit: Ints | None
    domains: Domains
    parts: tuple[LinearisedMeans | ReplicateMeans, ...]


Way = Callable[[SumPlan, Respondents, str | None], WaveMeans]


def way_of_wave(plan: SumPlan) -> Way:
    """The way that a plan takes: from sums where they suffice, else from the respondents themselves.

    Each takes the plan, the respondents and a bound of memory as in `sum_respondents`, and raises InputError as
    `sum_respondents`, `units_of` and `means_of`.
    """
    return by_sums if linearised_design(plan.design) else by_respondents


def by_sums(plan: SumPlan, respondents: Respondents, memory: str | None) -> WaveMeans:
    """From sums by combination of domains and sampling unit, made by DuckDB."""
    sums = sum_respondents(respondents, plan, memory=memory)
    domains = domains_of_sums(sums, plan)
    units, unit = units_of_sums(sums, plan)
    cells = cells_of_domains(sums, plan, domains, units, unit)
    means = LinearisedMeans(cells, units, plan.design.lonely_psu, plan.design.df)
    return WaveMeans(
        file=respondents.codebook.file, plan=plan, sums=sums, unit=unit, domains=domains, parts=(means,)
    )


def by_respondents(plan: SumPlan, respondents: Respondents, memory: str | None) -> WaveMeans:
    """From the respondents themselves, variable by variable, for replicate and calibrated weights."""
    own = apart(plan)
    rows = counted_rows(respondents, own, memory=memory)
    sums = _as_sums(rows, plan)
    parts = (means_of(rows, plan.design, own.items, by) for by in ([], *([column] for column in own.by)))
    return WaveMeans(
        file=respondents.codebook.file,
        plan=plan,
        sums=sums,
        unit=None if plan.design.replicates else units_of(rows, plan.design)[1],
        domains=domains_of_sums(sums, plan),
        parts=tuple(part.called(plan.items) for part in parts),
    )


def _as_sums(rows: pd.DataFrame, plan: SumPlan) -> pd.DataFrame:
    """Single respondents (`rows` of the plan set `apart`) as sums of one each: their domains, their units, and which
    items they answered."""
    present = rows[plan.design.weights] > 0 if plan.design.weights else np.ones(len(rows), dtype=bool)
    own = apart(plan)
    columns = {identifier(name): name for name in plan.design.unit_columns}
    columns |= {category: name for name, category in own.by.items()}
    keys = {f"k{at}": rows[columns[key]] for at, key in enumerate(plan.keys)}
    answered = {f"n{at}": rows[item.variable].notna() & present for at, item in enumerate(own.items)}
    return pd.DataFrame({COUNT: 1, **keys, **answered})
