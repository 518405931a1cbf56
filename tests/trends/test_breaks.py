"""Each stretch between two breaks has a pace of its own, and knows nothing of breaks that came later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from groundswell.trends import fit_trend
from groundswell.trends.model.logit import expit
from groundswell.trends.model.measurement import Noise, measure
from groundswell.trends.model.priors import FIRST_LEVEL_SD, SWITCH_SD
from groundswell.trends.model.statespace import StateSpace, Targets
from groundswell.trends.model.system import YEAR

HYPER = {"level_sd": 0.1, "dispersion": 1.0, "excess_sd": 0.02, "pace_1": 4.0}


def two_wordings(seed: int, early: float, late: float, waves: int = 40) -> tuple[pd.DataFrame, pd.Series]:
    """One house, a wave every 30 days, that asks something else from the middle on, and the true level of each wave.

    The level walks `early` logits a year under the first wording and `late` under the second.
    """
    rng = np.random.default_rng([7_411, seed])
    second = np.arange(waves) >= waves // 2
    steps = rng.normal(0.0, np.where(second, late, early) * np.sqrt(30 / YEAR))
    level = -0.4 + np.cumsum(steps) + 0.5 * second
    end = pd.Timestamp("2020-01-01") + pd.to_timedelta(30 * np.arange(waves), unit="D")
    share = rng.binomial(1500, expit(level)) / 1500
    variant = np.where(second, "b", "a")
    table = pd.DataFrame(
        {"house": "h", "variant": variant, "end": end, "share": share, "n_effective": 1500.0}
    )
    return table, pd.Series(expit(level), index=end)


def test_a_pace_is_the_walk_on_a_clock_that_runs_faster_before_the_break() -> None:
    table, _ = two_wordings(1, 0.4, 0.1, waves=12)
    waves = measure(table)
    noise, known = Noise.at(waves, waves.share), len(waves)
    # Among them a day between the last wave of one wording and the first of the other.
    day = waves.midpoint[[2, 5, 9, 11]] + [9.0, 4.0, 4.0, 50.0]
    moments, start = np.concatenate([waves.midpoint, day]), waves.midpoint[6]
    clock = 16.0 * np.minimum(moments, start) + np.maximum(moments - start, 0.0) - 16.0 * moments[0]
    other = np.concatenate([waves.combination, np.zeros(len(day))])
    prior = FIRST_LEVEL_SD**2 + HYPER["level_sd"] ** 2 / YEAR * np.minimum.outer(clock, clock)
    prior += SWITCH_SD**2 * np.outer(other, other)
    spread = HYPER["level_sd"] ** 2 / YEAR * np.where(waves.midpoint < start, 16.0, 1.0) * waves.spread_days
    error = noise.sampling + noise.rounding + HYPER["excess_sd"] ** 2 + spread
    total = prior[:known, :known] + np.diag(error)
    model = StateSpace(waves, (), Targets(day, np.ones(len(day)), np.zeros((len(day), 2))))
    expected = multivariate_normal(np.zeros(known), total).logpdf(waves.log_odds)
    assert model.loglike(HYPER, noise) == pytest.approx(expected, rel=1e-7)
    gain = prior[known:, :known] @ np.linalg.inv(total)
    (mean,), (covariance,) = model.joint([HYPER], noise)
    assert mean == pytest.approx(gain @ waves.log_odds, abs=1e-6)
    assert covariance == pytest.approx(prior[known:, known:] - gain @ prior[:known, known:], abs=1e-6)


def test_the_first_waves_know_nothing_of_a_later_break() -> None:
    table, _ = two_wordings(2, 0.4, 0.1, waves=12)
    waves = measure(table)
    assert waves.stretch.tolist() == [1] * 6 + [0] * 6
    assert waves.first(6).stretch.tolist() == [0] * 6
    assert StateSpace(waves.first(6)).names == ("level_sd", "dispersion", "excess_sd")
    assert StateSpace(waves).names == ("level_sd", "dispersion", "excess_sd", "pace_1")
    assert waves.last(8).stretch.tolist() == [1, 1] + [0] * 6


# With one pace for both wordings the first would be 2.2 (and a year ahead 5.7), the second's year ahead 0.72.
@pytest.mark.parametrize(
    ("early", "late", "widest", "ahead"), [(0.8, 0.05, 1.6, (1.0, 2.5)), (0.1, 0.6, 1.0, (0.85, 1.1))]
)
def test_the_newest_wording_is_followed_at_its_own_pace(
    early: float, late: float, widest: float, ahead: tuple[float, float]
) -> None:
    """Against the fit of the newest wording's waves alone, which knows no other pace."""
    held, widths, alone, later = [], [], [], []
    for seed in range(12):
        table, truth = two_wordings(seed, early, late)
        newest = table[table["variant"] == "b"]
        both, own = (fit_trend(rows, search_shocks=False) for rows in (table, newest))
        level, shares = both.level(newest["end"]), truth.loc[newest["end"]].to_numpy()
        held += list((level["low95"] <= shares) & (shares <= level["high95"]))
        widths.append(width(level))
        alone.append(width(own.level(newest["end"])))
        year = newest["end"].iloc[-1] + pd.Timedelta(days=365)
        later.append(width(both.level(year)) / width(own.level(year)))
    # Of 240 days, neighbours alike: 95% is seen as 0.90 or more.
    assert np.mean(held) >= 0.90
    assert np.mean(widths) / np.mean(alone) < widest
    assert ahead[0] < np.median(later) < ahead[1]


def width(level: pd.DataFrame) -> float:
    return float((level["high95"] - level["low95"]).mean())
