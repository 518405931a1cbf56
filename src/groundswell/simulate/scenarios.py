"""The named scenarios: which true level, which houses, which faults of measurement.

`SCENARIOS` holds all; `POOLED` names the nine that the truth benchmark pools. The others add one fault of
published figures each: rounding, outliers, overlapping samples, rolling windows, rough dates, a decaying shock, a
noisy wording.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from groundswell.simulate import levels


@dataclass(frozen=True)
class Scenario:
    """How one kind of series comes about. Logit-scale sizes are standard deviations; times are in days.

    Stated and true sampling error differ by `dispersion`: published shares that vary less than their sample
    sizes say (weighting, herding) have `dispersion` below 1. `excess_df` is the degrees of freedom of the
    t-distributed error that changes from wave to wave; that of the first house's waves is `first_excess_sd` where it
    is given. A house effect with `house_days` of 0 never changes; otherwise it drifts as an Ornstein-Uhlenbeck process
    with that time constant. With `window_days` the first house asks `asked_a_day` new people every day and publishes
    every day the mean over its last so many.
    """

    level: Callable[[np.random.Generator, int], levels.TrueLevel]
    days: int = 1096
    houses: int = 5
    spacing: float = 28.0
    house_sd: float = 0.1
    house_days: float = 0.0
    deff: float = 1.5
    dispersion: float = 1.0
    excess_sd: float = 0.04
    excess_df: float = 4.0
    first_excess_sd: float | None = None
    switching_houses: int = 0
    switch_size: float = 0.25
    rounding: float = 0.001
    outlier_rate: float = 0.0
    outlier_size: float = 0.5
    overlap: float = 0.0
    month_dates: bool = False
    window_days: int = 0
    asked_a_day: int = 500


_WALK = Scenario(levels.random_walk)
_SMOOTH = Scenario(levels.smooth)

SCENARIOS: dict[str, Scenario] = {
    "random walk": replace(_WALK, house_days=4 * 365.0),
    "smooth": replace(_SMOOTH, dispersion=0.7),
    "flat": Scenario(levels.flat),
    "step": Scenario(partial(levels.shocked, size=0.08, shape="step")),
    "drifting houses": replace(_WALK, house_days=2.5 * 365.0, house_sd=0.2),
    "mode switch": replace(_SMOOTH, switching_houses=2),
    "single house": replace(_WALK, houses=1, spacing=10.0),
    "sparse": replace(_SMOOTH, houses=2, spacing=90.0, dispersion=1.3),
    "rare share": Scenario(partial(levels.random_walk, share=0.03, sd_a_year=0.3)),
    "decaying shock": Scenario(partial(levels.shocked, size=0.2, shape="decay"), houses=3, spacing=14.0),
    "rounding": replace(_SMOOTH, rounding=0.01),
    "outliers": replace(_WALK, outlier_rate=0.03),
    "overlapping samples": replace(_WALK, houses=2, spacing=10.0, overlap=0.5),
    "rolling windows": replace(_WALK, days=366, houses=3, window_days=5),
    "rough dates": replace(_WALK, month_dates=True),
    "noisy wording": replace(_WALK, first_excess_sd=0.3),
}

POOLED: tuple[str, ...] = tuple(SCENARIOS)[:9]
