"""The tables that answer questions about a trend: levels, changes, houses, next waves, shocks.

Everything is read off the joint posterior on the logit scale and turned into shares at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from groundswell.arrays import Floats
from groundswell.trends.answers.asked import Asked
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.fit.outlying import FAR
from groundswell.trends.fit.posterior import Posterior
from groundswell.trends.fit.shocks import Weighed
from groundswell.trends.model.fieldwork import DAY, EPOCH, day_number
from groundswell.trends.model.logit import expit, sampling_variance
from groundswell.trends.model.shock import Shock
from groundswell.trends.model.statespace import Targets

NOON: Final = 0.5


def level_targets(days: Floats, scales: Floats) -> Targets:
    """The level at moments in days; `scales` (targets, combinations) weighs those on whose scale each is."""
    return Targets(days, np.ones(len(days)), scales, _own_responses(scales))


def _own_responses(scales: Floats) -> Floats:
    """The part that what a combination adds to a shock has in levels on these scales: all where the scale is its own.

    An average over several moves as they do in common: what one of them adds is no jump of the level.
    """
    alone = (scales > 0.0).sum(axis=1, keepdims=True) == 1
    return np.where(alone, scales, 0.0)


def level_table(
    posterior: Posterior, dates: pd.DatetimeIndex, scales: Floats, bias: tuple[Floats, Floats] | None
) -> pd.DataFrame:
    """The level at noon of each date, with the interval for the population that adds the shared bias.

    `bias` has standard deviations that it may have and their weights; without it the population's interval is not
    known, and missing.
    """
    return told_levels(posterior.marginal(level_targets(day_number(dates) + NOON, scales)), dates, bias)


def told_levels(
    mixture: Mixture, dates: pd.DatetimeIndex, bias: tuple[Floats, Floats] | None
) -> pd.DataFrame:
    """Levels on some dates as they are told; `bias` as in `level_table`."""
    _, share_se = mixture.share_moments()
    table = pd.DataFrame(
        {"date": dates, "share": mixture.share_medians(), "share_se": share_se, **mixture.share_intervals()}
    )
    if bias is None:
        return table.assign(population_low95=np.nan, population_high95=np.nan)
    wide = mixture.widened_by(*bias).share_intervals((95,))
    return table.assign(population_low95=wide["low95"], population_high95=wide["high95"])


def house_table(posterior: Posterior, dates: pd.DatetimeIndex, scales: Floats) -> pd.DataFrame:
    """Each combination's distance from the level, in share units at the level's posterior mean."""
    names = posterior.waves.combinations.names
    size = len(names)
    moments = day_number(dates) + NOON
    days = np.repeat(moments, size)
    each = np.tile(np.eye(size), (len(dates), 1))
    weights, own = (each - np.repeat(one, size, axis=0) for one in (scales, _own_responses(scales)))
    effect = posterior.marginal(Targets(days, np.zeros(len(days)), weights, own))
    level = np.repeat(posterior.marginal(level_targets(moments, scales)).centre, size)
    share = Mixture(effect.weight, effect.mean + level, effect.sd)
    mean, se = share.share_moments()
    ends = share.share_intervals((95,))
    table = pd.concat([names] * len(dates), ignore_index=True)
    table.insert(0, "date", np.repeat(dates, size))
    at_level = expit(level)
    return table.assign(
        estimate=mean - at_level, se=se, low=ends["low95"] - at_level, high=ends["high95"] - at_level
    )


def next_wave_table(
    posterior: Posterior, dates: pd.DatetimeIndex, houses: NDArray[np.str_], asked: Asked
) -> pd.DataFrame:
    """Published shares of waves to come, sampling error and excess variance included; one row a wave of `asked`."""
    weights = np.eye(len(posterior.waves.combinations.first))[asked.combination]
    days = day_number(dates) + NOON
    mixture = posterior.marginal(Targets(days, np.ones(len(days)), weights))
    dispersion, excess = (posterior.hyper_values(name)[:, None] for name in ("dispersion", "excess_sd"))
    own = posterior.noise.excess[asked.combination]
    variance = dispersion * sampling_variance(expit(mixture.centre), asked.n_effective) + excess**2 * own
    printed = mixture.widened(np.sqrt(variance)).contaminated(posterior.outlying.rate, FAR)
    _, share_se = printed.share_moments()
    table = pd.DataFrame(
        {"date": dates, "house": houses, "share": printed.share_medians(), "share_se": share_se}
    )
    return table.assign(**printed.share_intervals())


def shock_table(posterior: Posterior, shocks: Sequence[Weighed], scales: Floats) -> pd.DataFrame:
    """Every shock: how probable, which shape, how large (logits, and share units at the level before it).

    The `size` is what all have in common; a level on one combination's scale changes as that one does. `scales`
    (shocks, combinations) says on whose scale the level before each stands.
    """
    rows = []
    for one, scale in zip(shocks, scales, strict=True):
        size = posterior.shock_size(one.shock.day)
        just_before = level_targets(np.array([one.shock.day - 1e-6]), scale[None, :])
        before = float(posterior.marginal(just_before).centre[0])
        alone = np.flatnonzero(_own_responses(scale[None, :])[0])
        told = posterior.shock_size(one.shock.day, int(alone[0])) if len(alone) else size
        after = Mixture(told.weight, told.mean + before, told.sd)
        share, ends = after.share_moments()[0][0], after.share_intervals((95,))
        rows.append(
            {
                "date": shock_day(one.shock),
                "label": one.shock.label,
                "kind": one.shock.kind,
                "probability": one.decay + one.step,
                "weight_decay": one.decay,
                "weight_step": one.step,
                "size": size.centre[0],
                "size_low": size.quantile(0.025)[0],
                "size_high": size.quantile(0.975)[0],
                "change": share - expit(before),
                "change_low": ends["low95"][0] - expit(before),
                "change_high": ends["high95"][0] - expit(before),
                "decay_days": posterior.decay_days(one.shock.day),
                "gain": one.gain,
            }
        )
    return pd.DataFrame(rows, columns=SHOCK_COLUMNS)


def shock_day(shock: Shock) -> pd.Timestamp:
    """The day of a shock."""
    return (EPOCH + shock.day * DAY).normalize()


SHOCK_COLUMNS: Final = [
    *("date", "label", "kind", "probability", "weight_decay", "weight_step"),
    *("size", "size_low", "size_high", "change", "change_low", "change_high", "decay_days", "gain"),
]
