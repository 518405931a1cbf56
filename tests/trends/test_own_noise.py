"""A wording that scatters more than others pays for it alone; ordinary noise is shared as before."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit
from scipy.stats import norm

from groundswell.simulate import simulate_series
from groundswell.trends import Trend, fit_trend
from groundswell.trends.checks.forecasts_held import earlier_forecasts
from groundswell.trends.fit import own_noise as rule
from groundswell.trends.fit.fitting import fit_mode
from groundswell.trends.fit.own_noise import own_noise
from groundswell.trends.model.measurement import measure


def alike(monkeypatch: pytest.MonkeyPatch, observations: pd.DataFrame) -> Trend:
    """The fit in which all combinations share one excess."""
    with monkeypatch.context() as patched:
        patched.setattr(rule, "FACTOR_LOG_SD", 1e-6)
        return fit_trend(observations, search_shocks=False)


def width(trend: Trend, house: str) -> float:
    """Of the 95% interval of a house's next wave, a week after the last."""
    after = trend.used["end"].max() + pd.Timedelta(days=7)
    wave = trend.next_wave(house, 1000, after, deff=1.5).iloc[0]
    return float(wave["high95"] - wave["low95"])


@pytest.fixture(scope="module")
def noisy() -> pd.DataFrame:
    return simulate_series("noisy wording", seed=2).observations


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_noisy_house_has_its_own_excess_and_the_others_do_not_pay(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The truth: an excess sd of 0.3 for one house and of 0.04 for the four others."""
    observations = simulate_series("noisy wording", seed).observations
    trend, shared = fit_trend(observations, search_shocks=False), alike(monkeypatch, observations)
    names = trend.posterior.waves.combinations.names["house"]
    sd = pd.Series(trend.best.hyper["excess_sd"] * np.sqrt(trend.posterior.noise.excess), index=names)
    assert 0.2 < sd["house-a"] < 0.45
    assert sd.drop("house-a").max() < 0.12
    assert width(trend, "house-b") < 0.9 * width(shared, "house-b")


def test_the_next_wave_of_a_noisy_house_is_forecast_with_its_own_excess(noisy: pd.DataFrame) -> None:
    trend = fit_trend(noisy, search_shocks=False)
    assert width(trend, "house-a") > 2.0 * width(trend, "house-b")
    assert trend.used.groupby("house")["residual"].std().between(0.6, 1.4).all()


@pytest.mark.parametrize("scenario", ["random walk", "smooth", "mode switch", "single house"])
def test_ordinary_noise_leaves_the_fit_nearly_as_it_was(
    scenario: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    observations = simulate_series(scenario, seed=6).observations
    dates = pd.date_range(observations["end"].min(), observations["end"].max(), periods=20)
    own = fit_trend(observations, search_shocks=False).level(dates)
    shared = alike(monkeypatch, observations).level(dates)
    assert (own["share"] - shared["share"]).abs().max() < 0.5 * shared["share_se"].mean()
    assert own["share_se"].mean() == pytest.approx(shared["share_se"].mean(), rel=0.1)


def test_a_wording_asked_once_has_the_common_excess() -> None:
    """One wave stands where its own constant puts it: nothing tells its noise."""
    observations = simulate_series("random walk", seed=7).observations
    once = observations.assign(variant=np.where(np.arange(len(observations)) == 60, "once", "only"))
    trend = fit_trend(once, search_shocks=False)
    names = trend.posterior.waves.combinations.names["variant"].to_numpy()
    assert trend.posterior.noise.excess[names == "once"] == pytest.approx([1.0], abs=0.35)


def test_the_factors_are_the_most_probable_ones(noisy: pd.DataFrame) -> None:
    """No factor alone, moved either way, is more probable: the likelihood is the filter's, the prior written out."""
    fitted = fit_mode(measure(noisy.head(80)))
    model, size = fitted.model(), len(fitted.noise.excess)
    found = own_noise(model, fitted.hyper, fitted.noise)

    def height(ratio: np.ndarray, common: float) -> float:
        prior = norm.logpdf(0.5 * np.log(ratio), 0.0, rule.FACTOR_LOG_SD).sum()
        prior += norm.logpdf(np.log(common / 0.03), 0.0, 0.6)
        noise = fitted.noise._replace(excess=ratio)
        return model.loglike(fitted.hyper | {"excess_sd": common}, noise) + float(prior)

    # The common excess moves with the factors: at its best for these.
    grid = 0.03 * np.exp(np.linspace(-2.0, 3.0, 101))
    common = float(grid[np.argmax([height(found.ratio, at) for at in grid])])
    top = height(found.ratio, common)
    for place in range(size):
        for step in (-0.6, 0.6):
            moved = found.ratio * np.exp(step * (np.arange(size) == place))
            assert height(moved, common) < top + 0.02


def test_the_check_names_the_wording_that_has_most_of_the_excess(noisy: pd.DataFrame) -> None:
    trend = fit_trend(noisy, search_shocks=False)
    check = trend.diagnostics().set_index("code").loc["noise"]
    own = check["values"]["own"]
    assert check["verdict"] == "warned"
    assert (own["house"], own["variant"], own["mode"]) == ("house-a", "", "")
    assert own["excess_sd"] > 3.0 * check["values"]["excess_sd"]


@pytest.mark.parametrize("scenario", ["random walk", "single house", "smooth"])
def test_the_check_names_nobody_where_noise_is_ordinary(scenario: str) -> None:
    """A house with nearly all of the waves has nearly all of the excess, and is not noisy for that."""
    trend = fit_trend(simulate_series(scenario, seed=8).observations, search_shocks=False)
    assert trend.diagnostics().set_index("code").loc["noise", "values"]["own"] is None


def test_two_misprints_are_far_off_and_not_the_noise_of_their_house() -> None:
    clean = simulate_series("random walk", seed=9).observations
    rows = np.flatnonzero(clean["house"] == "house-a")[[8, 20]]
    share = clean["share"].to_numpy().copy()
    share[rows] = expit(logit(share[rows]) + np.array([0.7, -0.7]))
    trend = fit_trend(clean.assign(share=share), search_shocks=False)
    names = trend.posterior.waves.combinations.names["house"]
    sd = pd.Series(trend.best.hyper["excess_sd"] * np.sqrt(trend.posterior.noise.excess), index=names)
    assert sd["house-a"] < 0.12
    far = trend.used[trend.used["outlying"] > 0.5]
    assert far["house"].tolist() == ["house-a", "house-a"]


def test_forecasts_held_knew_the_noise_of_each_house(noisy: pd.DataFrame) -> None:
    surprise = earlier_forecasts(fit_trend(noisy, search_shocks=False)).groupby("house")["surprise"].std()
    assert surprise["house-a"] < 1.5
    assert surprise.drop("house-a").between(0.6, 1.4).all()
