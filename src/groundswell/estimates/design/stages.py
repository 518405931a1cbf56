"""The stages of a design's sampling, and what each multiplies the squared distances by.

Reference: Särndal, Swensson & Wretman 1992, chapter 4 (variance of multistage samples, added stage by stage).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from groundswell.arrays import Flags, Floats, Ints
from groundswell.estimates.design.grouping import compact
from groundswell.estimates.design.units import Units, drawn_of

_SELF_REPRESENTING = 1e-7
"""A stratum of which all but this share was drawn adds no variance (the bound that R's survey uses)."""


@dataclass(frozen=True)
class Stage:
    """One stage of sampling, as its variance needs it.

    Attributes:
        number: 1 for the first stage.
        cluster: (units,) row of the stage's cluster that a last-stage unit lies in.
        stratum: (clusters,) row of the cluster's stratum.
        size: (strata,) clusters drawn.
        factor: (strata,) what the sum of squared distances from the stratum's mean is multiplied by.
        lonely: (strata,) whether one cluster was drawn out of more.
    """

    number: int
    cluster: Ints
    stratum: Ints
    size: Ints
    factor: Floats
    lonely: Flags


def stages_of(units: Units) -> tuple[Stage, ...]:
    """The stages that add to the variance: the first, and those after a known population size."""
    stages: list[Stage] = []
    reached = np.ones(len(units.count))
    for number in range(units.cluster.shape[1]):
        stratum, drawn = drawn_of(units.stratum[:, number], units.cluster[:, number], units.count)
        cluster, values = compact(units.cluster[:, number])
        home = np.zeros(len(values), np.int64)
        home[cluster] = stratum
        population = np.full(len(drawn), np.inf)
        population[stratum] = units.population[:, number]
        before = np.zeros(len(drawn))
        before[stratum] = reached
        left = np.where(np.isinf(population), 1.0, 1 - drawn / population)
        left[left < _SELF_REPRESENTING] = 0.0
        factor = before * left * np.where(drawn > 1, drawn / np.maximum(drawn - 1, 1), 1.0)
        stages.append(Stage(number + 1, cluster, home, drawn, factor, (drawn == 1) & (factor > 0)))
        reached = reached * (drawn / population)[stratum]
        if not reached.any():
            break
    return tuple(stages)
