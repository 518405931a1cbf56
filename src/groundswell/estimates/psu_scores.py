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

from groundswell.estimates.grouping import Floats, sum_by
from groundswell.estimates.linearized import mean_scores
from groundswell.estimates.sums import sum_respondents, units_of_sums
from groundswell.estimates.units import stages_of
from groundswell.estimates.wave_domains import cells_of_domains, domains_of_sums
from groundswell.estimates.wave_estimates import wave_plan
from groundswell.waves.microdata import Respondents, quoted
from groundswell.waves.wave_file import Wave


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
    sums = sum_respondents(respondents, plan, memory=memory)
    domains = domains_of_sums(sums, plan)
    cells, units = cells_of_domains(sums, plan, domains)
    scores, _ = mean_scores(cells)
    stage = stages_of(units)[0]
    total = np.zeros((len(stage.stratum), len(domains.names), len(plan.items)))
    np.add.at(total, (stage.cluster[scores.unit], scores.domain), scores.value)
    flat = total.reshape(len(total), -1)
    mean = sum_by(stage.stratum, flat, len(stage.size)) / stage.size[:, None]
    centred = (flat - mean[stage.stratum]) * np.sqrt(stage.factor[stage.stratum])[:, None]
    strata = plan.design.strata if plan.design.nest else ()
    keys = [sums[f"k{plan.keys.index(quoted(name))}"].astype(str) for name in (*strata, plan.design.psu[0])]
    label = pd.Series(["/".join(parts) for parts in zip(*keys, strict=True)])
    row_of = pd.Series(np.arange(len(label))).groupby(stage.cluster[units_of_sums(sums, plan)[1]]).first()
    return PsuScores(
        unit=tuple(label.iloc[row_of.to_numpy()]),
        domains=domains.names,
        indicators=tuple(item.variable for item in plan.items),
        value=centred.reshape(total.shape),
    )
