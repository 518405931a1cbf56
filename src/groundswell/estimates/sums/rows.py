"""Respondents with their answers counted, one row each: what replicate and calibrated weights need."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.run_in_duckdb import check_design_columns
from groundswell.estimates.sums.sum_query import SumPlan
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import identifier, sql


def counted_rows(respondents: Respondents, plan: SumPlan, *, memory: str | None = None) -> pd.DataFrame:
    """One row a respondent in the file's order: the design's columns, each item as 1, 0 or missing, each domain's
    variable.

    Raises: InputError as `check_design_columns`.
    """
    named = [
        *((answer, item.variable) for item, answer in zip(plan.items, plan.answers, strict=True)),
        *((category, name) for name, category in plan.by.items()),
    ]
    chosen = [
        *map(identifier, plan.design.columns),
        *(sql("{value} AS {name}", value=value, name=identifier(name)) for value, name in named),
    ]
    respondents.bound(memory=memory)
    check_design_columns(respondents, plan)
    respondents.keep_order()
    return respondents.frame(
        "SELECT {chosen} FROM {respondents} WHERE {where}", chosen=chosen, where=plan.where
    )


def apart(plan: SumPlan) -> SumPlan:
    """The plan with its items and domain variables under names that no column of the file has.

    A domain called as a column of the design (strata by the codes of `region`, domains by their names) would
    otherwise stand in its place.
    """
    items = tuple(
        Item(f"groundswell item {place}", None if item.category is None else "1")
        for place, item in enumerate(plan.items)
    )
    by = {f"groundswell domain {place}": category for place, category in enumerate(plan.by.values())}
    return replace(plan, items=items, by=by)
