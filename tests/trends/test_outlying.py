"""A wave that all others contradict counts for less; a move that others share does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from scipy.stats import norm

from groundswell.simulate import simulate_series
from groundswell.trends import fit_trend
from groundswell.trends.fit.fitting import fit_mode
from groundswell.trends.fit.outlying import FAR, outlying_waves
from groundswell.trends.model.measurement import measure

AWAY = 0.7


def with_misprint(observations: pd.DataFrame, row: int) -> pd.DataFrame:
    """One wave's share moved by `AWAY` logits."""
    share = observations["share"].copy()
    share.iloc[row] = expit(logit(share.iloc[row]) + AWAY)
    return observations.assign(share=share)


def test_a_misprint_counts_as_if_it_were_not_there_and_is_named() -> None:
    clean = simulate_series("random walk", seed=21).observations
    row = len(clean) // 2
    day = clean["end"].iloc[row]
    without = fit_trend(clean.drop(index=clean.index[row])).level(day).iloc[0]
    trend = fit_trend(with_misprint(clean, row))
    level = trend.level(day).iloc[0]
    assert abs(level["share"] - without["share"]) < 0.25 * without["share_se"]
    farthest = trend.used.loc[trend.used["outlying"].idxmax()]
    assert (farthest["house"], farthest["end"]) == (clean["house"].iloc[row], day)
    check = trend.diagnostics().set_index("code").loc["outlying_waves"]
    assert check["verdict"] == "warned"
    assert check["values"]["far"][0] == {"house": farthest["house"], "end": f"{day:%Y-%m-%d}"}


@pytest.mark.parametrize("scenario", ["random walk", "step", "mode switch"])
def test_waves_without_gross_error_keep_their_weight(scenario: str) -> None:
    outlying = np.concatenate(
        [fit_trend(simulate_series(scenario, seed).observations).used["outlying"] for seed in range(3)]
    )
    # Errors are t-distributed with four degrees of freedom there, so that a few waves in a hundred look odd.
    assert (outlying > 0.5).mean() < 0.02


def test_the_probability_is_that_of_two_normals_around_the_others_forecast() -> None:
    """The wave's expectation without it, by fitting with the wave's variance made so large that it says nothing."""
    waves = measure(with_misprint(simulate_series("random walk", seed=22).observations.head(60), 30))
    fitted = fit_mode(waves)
    found = outlying_waves(fitted.model(), fitted.hyper, fitted.noise)
    row = int(found.probability.argmax())
    blind = fitted.noise.outlying.copy()
    blind[row] = 1e8
    noise = fitted.noise._replace(outlying=blind)
    expected = fitted.model().smooth(fitted.hyper, noise).wave_mean[row]
    variance, _, remaining = fitted.model().wave_errors(fitted.hyper, fitted.noise)
    # An error's posterior variance v − v²/(v + s) gives back s, the variance of the others' forecast.
    forecast = variance[row] ** 2 / (variance[row] - remaining[row]) - variance[row]
    distance, apart = waves.log_odds[row] - expected, variance[row] + forecast
    near, far = (norm.pdf(distance, 0.0, np.sqrt(apart + more)) for more in (0.0, FAR**2))
    probability = found.rate * far / (found.rate * far + (1 - found.rate) * near)
    # The rate is that of the round after.
    assert found.probability[row] == pytest.approx(probability, abs=0.02)


def test_a_forecast_allows_for_a_wave_that_is_far_off() -> None:
    clean = simulate_series("random walk", seed=23).observations
    rows = np.arange(10, len(clean), 30)
    spoilt = clean
    for row in rows:
        spoilt = with_misprint(spoilt, int(row))
    one, other = (
        fit_trend(table).next_wave("house-a", 1000, "2021-02-01").iloc[0] for table in (clean, spoilt)
    )
    assert other["high95"] - other["low95"] > one["high95"] - one["low95"]
