"""The tables that answer questions about a trend: levels, changes, houses, next waves, shocks.

Everything is read off the joint posterior on the logit scale and turned into shares at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.fit.outlying import FAR
from groundswell.trends.fit.posterior import Posterior
from groundswell.trends.fit.shocks import Weighed
from groundswell.trends.model.logit import expit, sampling_variance
from groundswell.trends.model.measurement import DAY, EPOCH, day_number
from groundswell.trends.model.statespace import Targets

NOON: Final = 0.5
DRAWS: Final = 20_000


def level_targets(days: Floats, reference: Floats) -> Targets:
    """The level at moments in days; `reference` weighs the combinations on whose scale it is."""
    return Targets(days, np.ones(len(days)), np.tile(reference, (len(days), 1)))


def level_table(
    posterior: Posterior, dates: pd.DatetimeIndex, reference: Floats, bias_sd: float
) -> pd.DataFrame:
    """The level at noon of each date, with the interval for the population that adds the shared bias."""
    mixture = posterior.marginal(level_targets(day_number(dates) + NOON, reference))
    share, share_se = mixture.share_moments()
    wide = mixture.widened(bias_sd).share_intervals((95,))
    table = pd.DataFrame({"date": dates, "share": share, "share_se": share_se, **mixture.share_intervals()})
    return table.assign(population_low95=wide["low95"], population_high95=wide["high95"])


def change_table(posterior: Posterior, dates: pd.DatetimeIndex, reference: Floats, seed: int) -> pd.DataFrame:
    """The change between two dates; probabilities are exact, mean and interval come from fixed draws."""
    targets = level_targets(day_number(dates) + NOON, reference)
    joint = posterior.joint(targets)
    rise = Mixture(
        posterior.weights,
        np.array([[mean[1] - mean[0]] for mean, _ in joint]),
        np.array([[np.sqrt(max(cov[0, 0] + cov[1, 1] - 2.0 * cov[0, 1], 0.0))] for _, cov in joint]),
    )
    fall = float(rise.probability_below(0.0)[0])
    drawn = draw_shares(posterior.weights, joint, DRAWS, seed)
    change = drawn[:, 1] - drawn[:, 0]
    low, high = np.quantile(change, [0.025, 0.975])
    row = (dates[0], dates[1], change.mean(), change.std(), low, high, fall, 1.0 - fall)
    names = ["start", "end", "change", "change_se", "low95", "high95", "probability_fall", "probability_rise"]
    return pd.DataFrame([row], columns=names)


def draw_shares(weights: Floats, joint: Sequence[tuple[Floats, Floats]], n: int, seed: int) -> Floats:
    """Draws of the shares of jointly normal logits, shape (n, targets), every component in its proportion."""
    rng = np.random.default_rng(seed)
    drawn = []
    for (mean, covariance), count in zip(joint, rng.multinomial(n, weights), strict=True):
        values, vectors = np.linalg.eigh(covariance)
        root = vectors * np.sqrt(np.maximum(values, 0.0))
        drawn.append(mean + rng.standard_normal((count, len(mean))) @ root.T)
    return expit(rng.permutation(np.vstack(drawn)))


def house_table(posterior: Posterior, dates: pd.DatetimeIndex, reference: Floats) -> pd.DataFrame:
    """Each combination's distance from the level, in share units at the level's posterior mean."""
    names, size = posterior.waves.combinations.names, len(reference)
    moments = day_number(dates) + NOON
    days, weights = np.repeat(moments, size), np.tile(np.eye(size) - reference, (len(dates), 1))
    effect = posterior.marginal(Targets(days, np.zeros(len(days)), weights))
    level = np.repeat(posterior.marginal(level_targets(moments, reference)).centre, size)
    share = Mixture(effect.weight, effect.mean + level, effect.sd)
    mean, se = share.share_moments()
    ends = share.share_intervals((95,))
    table = pd.concat([names] * len(dates), ignore_index=True)
    table.insert(0, "date", np.repeat(dates, size))
    at_level = expit(level)
    return table.assign(
        effect=mean - at_level, effect_se=se, low95=ends["low95"] - at_level, high95=ends["high95"] - at_level
    )


def next_waves(posterior: Posterior, days: Floats, combination: Ints, n_effective: Floats) -> Mixture:
    """Logits of waves' published shares at moments in days, sampling error and excess variance included.

    One target a wave: its moment, the number of its combination, its effective n.
    """
    weights = np.eye(len(posterior.waves.combinations.first))[combination]
    mixture = posterior.marginal(Targets(days, np.ones(len(days)), weights))
    dispersion, excess = (posterior.hyper_values(name)[:, None] for name in ("dispersion", "excess_sd"))
    variance = dispersion * sampling_variance(expit(mixture.centre), n_effective) + excess**2
    return mixture.widened(np.sqrt(variance)).contaminated(posterior.outlying.rate, FAR)


def shock_table(posterior: Posterior, shocks: Sequence[Weighed], reference: Floats) -> pd.DataFrame:
    """Every shock: how probable, which shape, how large (logits, and share units at the level before it)."""
    rows = []
    for one in shocks:
        size = posterior.shock_size(one.shock.day)
        before = float(
            posterior.marginal(level_targets(np.array([one.shock.day - 1e-6]), reference)).centre[0]
        )
        after = Mixture(size.weight, size.mean + before, size.sd)
        share, ends, size_ends = after.share_moments()[0][0], after.share_intervals((95,)), size.quantile
        with_decay = posterior.decay_days(one.shock.day)
        rows.append(
            {
                "date": (EPOCH + one.shock.day * DAY).normalize(),
                "label": one.shock.label,
                "kind": one.shock.kind,
                "probability": one.decay + one.step,
                "weight_decay": one.decay,
                "weight_step": one.step,
                "size": size.centre[0],
                "size_low95": size_ends(0.025)[0],
                "size_high95": size_ends(0.975)[0],
                "change": share - expit(before),
                "change_low95": ends["low95"][0] - expit(before),
                "change_high95": ends["high95"][0] - expit(before),
                "decay_days": with_decay,
                "gain": one.gain,
            }
        )
    return pd.DataFrame(rows, columns=SHOCK_COLUMNS)


SHOCK_COLUMNS: Final = [
    *(
        "date",
        "label",
        "kind",
        "probability",
        "weight_decay",
        "weight_step",
        "size",
        "size_low95",
        "size_high95",
    ),
    *("change", "change_low95", "change_high95", "decay_days", "gain"),
]
