"""A wave's respondents -> the means of its every domain, by the way that its design takes.

An open wave becomes one value, `WaveMeans`, with the plan of what was added up. Whatever is said of a wave's answers is
made of it: the shares by domain, which domains are hidden, and the scores that waves in the same PSUs share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Ints
from groundswell.estimates.design.design import Design
from groundswell.estimates.design.units import units_of
from groundswell.estimates.of_wave.wave_domains import Domains, cells_of_domains, domains_of_sums
from groundswell.estimates.sums.cells_from_query import units_of_sums
from groundswell.estimates.sums.items import Item
from groundswell.estimates.sums.rows import apart, counted_rows
from groundswell.estimates.sums.run_in_duckdb import sum_respondents
from groundswell.estimates.sums.sum_query import COUNT, SumPlan
from groundswell.estimates.variance.means import LinearisedMeans, ReplicateMeans, means_of
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import identifier
from groundswell.waves.wave.raked_weights import BASE, RAKED, WEIGHT
from groundswell.waves.wave.recode import RecodedWave


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


def wave_means(recoded: RecodedWave, memory: str | None = None) -> WaveMeans:
    """The means of a wave: from sums where they suffice, else from the respondents themselves.

    Raises: InputError as `wave_plan`, and for weights, strata or units that cannot be.
    """
    plan = wave_plan(recoded)
    way = _by_sums if plan.sums_suffice else _by_respondents
    return way(plan, recoded.respondents, memory)


def wave_plan(recoded: RecodedWave) -> SumPlan:
    """What to add up for a wave: each indicator, by every combination of its domain variables.

    Raises: InputError for choices of a design that contradict each other or name no column.
    """
    return SumPlan(
        design=_design(recoded),
        items=tuple(Item(key, None if key in recoded.wave.scales else "1") for key in recoded.answers),
        answers=tuple(recoded.answers.values()),
        by=recoded.domains,
        where=recoded.where,
    )


def _design(recoded: RecodedWave) -> Design:
    """The design that a wave's TOML states, replicate patterns spelt out.

    Where it names the weights that `groundswell weight` made, those are used, and their variance knows what they
    were raked to.
    """
    stated = recoded.wave.design
    raked = recoded.wave.weights is not None
    return Design(
        weights=WEIGHT if raked else stated.weight,
        base_weights=BASE if raked else None,
        calibrated_weights=RAKED if raked else None,
        margins=recoded.margins,
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
    ).over(recoded.respondents.codebook.variables)


def _by_sums(plan: SumPlan, respondents: Respondents, memory: str | None) -> WaveMeans:
    """From sums by combination of domains and sampling unit, made by DuckDB."""
    sums = sum_respondents(respondents, plan, memory=memory)
    domains = domains_of_sums(sums, plan)
    units, unit = units_of_sums(sums, plan)
    cells = cells_of_domains(sums, plan, domains, units, unit)
    means = LinearisedMeans(cells, units, plan.design.lonely_psu, plan.design.df)
    return WaveMeans(
        file=respondents.codebook.file, plan=plan, sums=sums, unit=unit, domains=domains, parts=(means,)
    )


def _by_respondents(plan: SumPlan, respondents: Respondents, memory: str | None) -> WaveMeans:
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
