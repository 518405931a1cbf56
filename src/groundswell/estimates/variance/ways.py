"""The three ways from a plan to means: sums in DuckDB, sums on a cluster, and the respondents themselves.

Sums suffice for linearised variance and need no memory for respondents. Replicate and calibrated weights need the
respondents, of whom only the named columns are then loaded; so do the products of very many estimates.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from groundswell.estimates.sums.cells_from_query import cells_of_sums
from groundswell.estimates.sums.cluster import sum_on_cluster
from groundswell.estimates.sums.rows import apart, counted_rows
from groundswell.estimates.sums.run_in_duckdb import sum_respondents
from groundswell.estimates.sums.sum_query import SumPlan, linearised_design
from groundswell.estimates.variance.means import LinearisedMeans, means_of
from groundswell.estimates.variance.moments import Means
from groundswell.waves.respondents.reader import Respondents

MANY_PRODUCTS = 12
"""Estimates up to which their products are summed in DuckDB; beyond, the sums outnumber the respondents' columns."""


@dataclass(frozen=True, kw_only=True)
class Summing:
    """Where a file is summed: bound of DuckDB's `memory`, as "512MB", and address of a `cluster`, if any."""

    file: Path
    memory: str | None = None
    cluster: str | None = None


def by_sums(respondents: Respondents, plan: SumPlan, where: Summing) -> Means:
    """From sums by domain and sampling unit, made by DuckDB."""
    plan = replace(plan, products=plan.products and plan.respondents_are_units)
    sums = sum_respondents(respondents, plan, memory=where.memory)
    return LinearisedMeans(*cells_of_sums(sums, plan), plan.design.lonely_psu, plan.design.df)


def by_partitions(respondents: Respondents, plan: SumPlan, where: Summing) -> Means:
    """From sums by domain and sampling unit, made on a cluster."""
    plan = replace(plan, products=plan.products and plan.respondents_are_units)
    sums = sum_on_cluster(where.file, respondents, plan, str(where.cluster), memory=where.memory)
    return LinearisedMeans(*cells_of_sums(sums, plan), plan.design.lonely_psu, plan.design.df)


def by_respondents(respondents: Respondents, plan: SumPlan, where: Summing) -> Means:
    """From the respondents themselves, under names that no column of the file has."""
    own = apart(plan)
    rows = counted_rows(respondents, own, memory=where.memory)
    return means_of(rows, plan.design, own.items, list(own.by)).called(plan.items, list(plan.by))


Way = Callable[[Respondents, SumPlan, Summing], Means]


def way_of(plan: SumPlan, where: Summing) -> Way:
    """The way that a plan takes."""
    many = plan.products and plan.respondents_are_units and len(plan.items) > MANY_PRODUCTS
    if many or not linearised_design(plan.design):
        return by_respondents
    return by_partitions if where.cluster else by_sums
