"""What each first-stage unit of a wave adds to its estimates, for the covariance between waves.

The covariance of two waves is the sum, over the units that both asked in, of the products of these scores.
Each score is the unit's distance from the mean of its stratum in its own wave, times the root of what the
stage's variance is multiplied by, so that a wave with itself gives its first-stage variance. Where all units
recur this is the covariance that R's survey gives for the stacked waves (`svyby(covmat = TRUE)`); where some
do, it does not depend on waves other than the two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.estimates.design.grouping import sum_by
from groundswell.estimates.design.units import Units, stages_of, units_of
from groundswell.estimates.of_wave.domains import ALL, cells_of_domains, domains_of_sums
from groundswell.estimates.of_wave.estimate import wave_plan
from groundswell.estimates.sums.cells import cells_of
from groundswell.estimates.sums.duckdb_sums import sum_respondents, units_of_sums
from groundswell.estimates.sums.plan import SumPlan
from groundswell.estimates.sums.rows import apart, counted_rows
from groundswell.estimates.variance.scores import mean_scores
from groundswell.vocabulary import domain_key
from groundswell.waves.respondents.reader import Respondents
from groundswell.waves.respondents.sql import identifier
from groundswell.waves.wave.record import Wave


@dataclass(frozen=True)
class PsuScores:
    """Scores of one wave: `value` has shape (units, domains, indicators); `unit` names the units."""

    unit: tuple[str, ...]
    domains: tuple[str, ...]
    indicators: tuple[str, ...]
    value: Floats

    def covariance(self, other: PsuScores) -> dict[tuple[str, str], float]:
        """The covariance with another wave's estimates, by indicator and domain; none without a shared unit."""
        _, ours, theirs = np.intersect1d(self.unit, other.unit, return_indices=True)
        if not len(ours):
            return {}
        return {
            (indicator, domain): float(
                self.value[ours, place, item]
                @ other.value[theirs, other.domains.index(domain), other.indicators.index(indicator)]
            )
            for place, domain in enumerate(self.domains)
            for item, indicator in enumerate(self.indicators)
            if domain in other.domains and indicator in other.indicators
        }


def psu_scores(wave: Wave, respondents: Respondents, *, memory: str | None = None) -> PsuScores:
    """The scores of a wave whose design names PSUs and has no replicate weights.

    Raises: InputError as `sum_respondents` and `units_of`.
    """
    plan = wave_plan(wave, respondents.codebook)
    names = [*(plan.design.strata if plan.design.nest else ()), plan.design.psu[0]]
    if plan.design.calibrated:
        total, domains, units, unit, keys = _of_residuals(plan, respondents, names, memory)
    else:
        total, domains, units, unit, keys = _of_sums(plan, respondents, names, memory)
    stage = stages_of(units)[0]
    value = np.zeros((len(stage.stratum), *total.shape[1:]))
    np.add.at(value, stage.cluster, total)
    flat = value.reshape(len(value), -1)
    mean = sum_by(stage.stratum, flat, len(stage.size)) / stage.size[:, None]
    centred = (flat - mean[stage.stratum]) * np.sqrt(stage.factor[stage.stratum])[:, None]
    label = keys.astype(str).agg("/".join, axis=1)
    first = pd.Series(np.arange(len(label))).groupby(stage.cluster[unit]).first()
    return PsuScores(
        unit=tuple(label.iloc[first.to_numpy()]),
        domains=domains,
        indicators=tuple(item.variable for item in plan.items),
        value=centred.reshape(value.shape),
    )


Totals = tuple[Floats, tuple[str, ...], Units, Ints, pd.DataFrame]
"""Scores (units, domains, indicators), the domains, the units of the last stage, and each row's unit and its names."""


def _of_sums(plan: SumPlan, respondents: Respondents, names: list[str], memory: str | None) -> Totals:
    """From sums by domain and unit."""
    sums = sum_respondents(respondents, plan, memory=memory)
    domains = domains_of_sums(sums, plan)
    cells, units = cells_of_domains(sums, plan, domains)
    scores, _ = mean_scores(cells)
    total = np.zeros((len(units.count), len(domains.names), len(plan.items)))
    np.add.at(total, (scores.unit, scores.domain), scores.value)
    keys = pd.DataFrame({name: sums[f"k{plan.keys.index(identifier(name))}"] for name in names})
    return total, domains.names, units, units_of_sums(sums, plan)[1], keys


def _of_residuals(plan: SumPlan, respondents: Respondents, names: list[str], memory: str | None) -> Totals:
    """From respondents whose weights were raked: what the margins predict of a score does not vary."""
    own = apart(plan)
    rows = counted_rows(respondents, own, memory=memory)
    units, unit = units_of(rows, plan.design)
    parts: list[Floats] = []
    domains: list[str] = []
    for variable, column in ((None, None), *zip(plan.by, own.by, strict=True)):
        cells, _ = cells_of(rows, plan.design, own.items, [] if column is None else [column])
        scores, _ = mean_scores(cells)
        part = np.zeros((len(units.count), len(cells.domains) * len(plan.items)))
        np.add.at(part, scores.unit, scores.value)
        parts.append(part.reshape(len(units.count), len(cells.domains), len(plan.items)))
        domains += (
            [ALL]
            if column is None
            else [domain_key(str(variable), category) for category in cells.domains[column]]
        )
    return np.concatenate(parts, axis=1), tuple(domains), units, unit, rows[names]
