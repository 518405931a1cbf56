"""What others do with published shares: the peers that the trend is measured against.

Each level peer is an `Estimator` (observations, dates -> level with intervals): a point and a standard
deviation, read as a normal distribution on the share itself.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import minimize
from scipy.special import expit, ndtri
from statsmodels.tsa.statespace.structural import UnobservedComponents

from groundswell.trends.checks.scoring_rules import INTERVALS

DAY = pd.Timedelta(days=1)
YEAR = 365.25


def normal_intervals(mean, sd) -> dict[str, np.ndarray]:
    """Central 50, 80 and 95% intervals of normal distributions, within 0 and 1."""
    ends = {}
    for percent in INTERVALS:
        reach = ndtri(0.5 + percent / 200) * np.asarray(sd)
        ends[f"low{percent}"] = np.clip(mean - reach, 0, 1)
        ends[f"high{percent}"] = np.clip(mean + reach, 0, 1)
    return ends


def level_table(dates, mean, sd) -> pd.DataFrame:
    """A level in the columns that the scores read."""
    return pd.DataFrame({"date": dates, "share": mean, **normal_intervals(mean, sd)})


def middle(observations: pd.DataFrame) -> pd.Series:
    """Middle of the fieldwork."""
    return observations["start"] + (observations["end"] - observations["start"]) / 2


def moving_mean(observations: pd.DataFrame, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """Mean of the waves that ended in the 30 days up to each date; with none, the last wave before it."""
    ends = observations["end"].to_numpy()
    means, sds = [], []
    for date in dates:
        recent = observations[(ends <= date) & (ends > date - 30 * DAY)]
        if recent.empty:
            recent = _last(observations, ends, date)
        error = np.sqrt((recent["share_se"] ** 2).sum()) / len(recent)
        spread = recent["share"].std() / np.sqrt(len(recent)) if len(recent) > 2 else 0.0
        means.append(recent["share"].mean())
        sds.append(max(error, spread))
    return level_table(dates, np.array(means), np.array(sds))


def last_poll(observations: pd.DataFrame, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """The last wave that ended by each date, with its own sampling error."""
    ends = observations["end"].to_numpy()
    last = pd.concat([_last(observations, ends, date) for date in dates])
    return level_table(dates, last["share"].to_numpy(), last["share_se"].to_numpy())


def _last(observations: pd.DataFrame, ends: np.ndarray, date: pd.Timestamp) -> pd.DataFrame:
    """The last wave that ended by `date`, or the first of all."""
    before = observations[ends <= date]
    return before.tail(1) if len(before) else observations.head(1)


def lowess(observations: pd.DataFrame, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """Local linear regression, tricube weights; span by leave-one-out, error from the residuals."""
    days = (middle(observations) - dates[0]) / DAY
    at, share, days = (dates - dates[0]) / DAY, observations["share"].to_numpy(), days.to_numpy()
    best = None
    for span in (0.1, 0.15, 0.25, 0.4, 0.65, 1.0):
        neighbours = max(round(span * len(days)), min(len(days), 5))
        hat = _local_linear(days, days, neighbours)
        left_out = (share - hat @ share) / np.maximum(1 - np.diag(hat), 0.05)
        if best is None or (left_out**2).mean() < best[0]:
            best = ((left_out**2).mean(), neighbours)
    rows = _local_linear(days, np.asarray(at), best[1])
    return level_table(dates, rows @ share, np.sqrt(best[0] * (rows**2).sum(axis=1)))


def _local_linear(days: np.ndarray, at: np.ndarray, neighbours: int) -> np.ndarray:
    """Rows of weights on the observations, one a moment of `at`."""
    away = days[None, :] - at[:, None]
    reach = np.sort(np.abs(away), axis=1)[:, neighbours - 1 : neighbours] * 1.001 + 1.0
    weight = np.clip(1 - np.abs(away / reach) ** 3, 0, None) ** 3
    s0, s1, s2 = (np.sum(weight * away**power, axis=1, keepdims=True) for power in (0, 1, 2))
    return weight * (s2 - s1 * away) / np.maximum(s0 * s2 - s1**2, 1e-9 * s0**2)


def components(observations: pd.DataFrame, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """statsmodels' UnobservedComponents (local level) on the mean published share of each day."""
    _, mean, sd = fit_components(observations, dates)
    return level_table(dates, mean, sd)


def fit_components(observations: pd.DataFrame, dates: pd.DatetimeIndex):
    """The fitted variance of a day's mean, and mean and standard deviation of the level on each date."""
    days = middle(observations).dt.normalize()
    daily = (100 * observations["share"]).groupby(days).mean()
    first, last = min(days.min(), dates[0]), max(days.max(), dates[-1])
    daily = daily.reindex(pd.date_range(first, last))
    fitted = UnobservedComponents(daily.to_numpy(), "llevel").fit(disp=0)
    place = (dates.normalize() - first) // DAY
    mean, variance = fitted.smoothed_state[0, place], fitted.smoothed_state_cov[0, 0, place]
    return fitted.params[0] / 1e4, mean / 100, np.sqrt(np.maximum(variance, 0)) / 100


def static_houses(observations: pd.DataFrame, dates: pd.DatetimeIndex) -> pd.DataFrame:
    """A random walk with constant random house effects: penalised likelihood, plugged in, dense algebra."""
    share = observations["share"].to_numpy().clip(0.002, 0.998)
    centre = share.mean()
    slope = np.maximum(centre * (1 - centre), 1e-4)
    sampling = (observations["share_se"].to_numpy() / slope) ** 2
    logits = np.log(share / (1 - share))
    houses = pd.get_dummies(observations["house"]).to_numpy(float)
    days = np.concatenate([(middle(observations) - dates[0]) / DAY, (dates - dates[0]) / DAY])
    days -= days.min()
    walk = np.minimum(days[:, None], days[None, :]) / YEAR
    size = len(share)

    def pieces(theta):
        level, house, excess = np.exp(2 * theta)
        covariance = level * walk[:size, :size] + house * houses @ houses.T + 25.0
        covariance[np.diag_indices(size)] += sampling + excess
        factor = cho_factor(covariance, lower=True)
        return level, house, factor, cho_solve(factor, logits)

    def minus_loglike(theta):
        _, _, factor, solved = pieces(theta)
        return 0.5 * logits @ solved + np.log(np.diag(factor[0])).sum() + 0.05 * ((theta + 2) ** 2).sum()

    theta = minimize(minus_loglike, np.log([0.2, 0.1, 0.05]), method="L-BFGS-B", bounds=[(-7, 1)] * 3).x
    level, house, factor, solved = pieces(theta)
    cross = (
        level * walk[size:, :size] + house * (houses @ np.full(houses.shape[1], 1 / houses.shape[1])) + 25.0
    )
    own = level * np.diag(walk)[size:] + house / houses.shape[1] + 25.0
    mean = cross @ solved
    sd = np.sqrt(np.maximum(own - np.einsum("ij,ji->i", cross, cho_solve(factor, cross.T)), 1e-10))
    table = {"date": dates, "share": expit(mean)}
    for percent in INTERVALS:
        reach = ndtri(0.5 + percent / 200) * sd
        table |= {f"low{percent}": expit(mean - reach), f"high{percent}": expit(mean + reach)}
    return pd.DataFrame(table)


LEVEL_PEERS = {
    "moving 30-day mean": moving_mean,
    "last poll": last_poll,
    "lowess": lowess,
    "UnobservedComponents": components,
    "static random houses": static_houses,
}
