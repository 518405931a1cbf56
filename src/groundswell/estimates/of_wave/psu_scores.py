"""The scores of a wave's PSUs: what two waves that ask in the same PSUs share of their sampling errors.

Each score is the PSU's distance from the mean of its stratum in its own wave, times the root of what the first stage's
variance is multiplied by, so that a wave with itself gives its first-stage variance. Scores are never written
to a file: they speak of single sampling units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.estimates.design.grouping import sum_by
from groundswell.estimates.design.stages import stages_of
from groundswell.estimates.of_wave.means import WaveMeans
from groundswell.estimates.variance.means import LinearisedMeans
from groundswell.waves.respondents.sql import identifier


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
                self.value[ours, row, item]
                @ other.value[theirs, other.domains.index(domain), other.indicators.index(indicator)]
            )
            for row, domain in enumerate(self.domains)
            for item, indicator in enumerate(self.indicators)
            if domain in other.domains and indicator in other.indicators
        }


def psu_scores(means: WaveMeans) -> PsuScores:
    """The scores of a wave whose design names PSUs and has no replicate weights."""
    names = _unit_names(means)
    parts = [part for part in means.parts if isinstance(part, LinearisedMeans)]
    total = np.concatenate([part.unit_scores() for part in parts], axis=1)
    stage = stages_of(parts[0].units)[0]
    value = np.zeros((len(stage.stratum), *total.shape[1:]))
    np.add.at(value, stage.cluster, total)
    flat = value.reshape(len(value), -1)
    mean = sum_by(stage.stratum, flat, len(stage.size)) / stage.size[:, None]
    centred = (flat - mean[stage.stratum]) * np.sqrt(stage.factor[stage.stratum])[:, None]
    return PsuScores(
        unit=tuple(names.groupby(stage.cluster[means.unit]).first()),
        domains=means.domains.names,
        indicators=tuple(item.variable for item in means.plan.items),
        value=centred.reshape(value.shape),
    )


def _unit_names(means: WaveMeans) -> pd.Series[str]:
    """What the PSU of each row of sums is called in every wave: by its strata too, where codes start again in each."""
    design, keys = means.plan.design, means.plan.keys
    names = [*(design.strata if design.nest else ()), design.psu[0]]
    codes = pd.DataFrame({name: means.sums[f"k{keys.index(identifier(name))}"] for name in names})
    return codes.astype(str).agg("/".join, axis=1)
