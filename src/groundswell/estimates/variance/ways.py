"""The three ways from a plan to means: sums in DuckDB, sums on a cluster, and the respondents themselves.

Sums need no memory for respondents; where they do not suffice (`SumPlan.sums_suffice`), the respondents' named columns
are loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from groundswell.estimates.sums.cells_from_query import cells_of_sums
from groundswell.estimates.sums.cluster import sum_on_cluster
from groundswell.estimates.sums.rows import apart, counted_rows
from groundswell.estimates.sums.run_in_duckdb import sum_respondents
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.estimates.variance.means import LinearisedMeans, means_of
from groundswell.estimates.variance.moments import Means
from groundswell.waves.respondents.reader import Respondents


@dataclass(frozen=True, kw_only=True)
class Summing:
    """Where a file is summed: bound of DuckDB's `memory`, as "512MB", and address of a `cluster`, if any."""

    file: Path
    memory: str | None = None
    cluster: str | None = None


def plan_means(respondents: Respondents, plan: SumPlan, where: Summing) -> Means:
    """The means of a plan, by the way that it takes.

    Raises: InputError as `sum_respondents`, `sum_on_cluster` and `means_of`.
    """
    if not plan.sums_suffice:
        return by_respondents(respondents, plan, where)
    plan = replace(plan, products=plan.products and plan.respondents_are_units)
    if where.cluster:
        sums = sum_on_cluster(where.file, respondents, plan, where.cluster, memory=where.memory)
    else:
        sums = sum_respondents(respondents, plan, memory=where.memory)
    return LinearisedMeans(*cells_of_sums(sums, plan), plan.design.lonely_psu, plan.design.df)


def by_respondents(respondents: Respondents, plan: SumPlan, where: Summing) -> Means:
    """From the respondents themselves, under names that no column of the file has."""
    own = apart(plan)
    rows = counted_rows(respondents, own, memory=where.memory)
    return means_of(rows, plan.design, own.items, list(own.by)).called(plan.items, list(plan.by))
