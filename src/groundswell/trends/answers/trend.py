"""The trend: one level through many waves of many houses, with intervals that hold what they promise.

`fit_trend` fits the model of docs/method.md to the observations of one indicator and one domain; the `Trend`
answers questions from the joint posterior. All answers are long tables; shares and their intervals are
proportions in [0, 1].
"""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError, nearest
from groundswell.trends.answers import tables as answers
from groundswell.trends.answers.asked import read_asked
from groundswell.trends.answers.diagnostics import diagnose, hyperparameter_table
from groundswell.trends.fit.fitting import LONG, Fitted, fit_mode
from groundswell.trends.fit.posterior import Posterior
from groundswell.trends.fit.shocks import (
    Event,
    Weighed,
    choose_shocks,
    components,
    declared_shocks,
    unused_events,
    weighed,
)
from groundswell.trends.model.logit import expit
from groundswell.trends.model.measurement import day_number, measure
from groundswell.trends.model.statespace import HOUSE_YEARS

Dates = pd.Series | pd.DatetimeIndex | Sequence[str | pd.Timestamp] | str | pd.Timestamp
MOST_JOINT_DATES: Final = 2_000
# How often a fit is made again because other waves turned out to be far off.
RECONSIDERED: Final = 3


def fit_trend(
    observations: pd.DataFrame,
    *,
    covariance: pd.DataFrame | None = None,
    events: Iterable[Event] = (),
    search_shocks: bool = True,
    reference: str | None = None,
    shared_bias_sd: float = 0.0,
    house_years: float = HOUSE_YEARS,
    seed: int = 20240101,
) -> Trend:
    """Fit the trend to one indicator's waves in one domain; rows with a reason in `left_out` are not used.

    Args:
        observations: rows of the observations table.
        covariance: of the sampling errors of waves that share respondents or sampling units, a square table
            in squared share units (the output of `shares_covariance`). The names of its index levels are
            columns of `observations` that tell the waves apart; an index without a name holds the labels of
            `observations`' own. Waves it lacks have independent errors.
        events: what may have moved the level of all houses at once; each has a `date`, a `label` and `shock`,
            which is `weigh` or `none` (an annotation only).
        search_shocks: whether to look for shocks that nobody declared.
        reference: a variant or a house; the level is then on its scale. By default the level is the average
            over houses, each in its first variant and mode.
        shared_bias_sd: standard deviation, in logits, of the bias that all houses share; it widens only the
            interval for the population.
        house_years: time constant of the house effects in years.
        seed: of the draws.

    Raises:
        InputError: a column is missing, a number is impossible, `reference` is unknown, `covariance` is none.
        ModelError: there is no wave to fit.
    """
    if not shared_bias_sd >= 0 or not house_years > 0:
        raise InputError(
            f"`shared_bias_sd` must be at least 0 and `house_years` above 0, got {shared_bias_sd:g}, {house_years:g}"
        )
    waves, events = measure(observations, covariance), list(events)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        first = fit_mode(waves, house_years=house_years)
        choices = choose_shocks(first, declared_shocks(events, waves), search_shocks)
        outlying = choices.fit(choices.best).outlying()
        for _ in range(RECONSIDERED if len(waves) <= LONG else 0):
            if not outlying.moved:
                break
            first = fit_mode(waves, house_years=house_years, again=first, outlying=outlying.extra)
            choices = choose_shocks(first, declared_shocks(events, waves), search_shocks)
            outlying = choices.fit(choices.best).outlying()
        weights = choices.weights()
        parts = components(choices, weights)
        shocks = weighed(choices, weights)
    posterior = Posterior(waves, first.noise, tuple(parts), house_years, outlying)
    return Trend(
        posterior=posterior,
        best=choices.fit(choices.best),
        weighed_shocks=shocks,
        unused_events=unused_events(events, waves),
        warnings=tuple(dict.fromkeys(str(one.message) for one in caught)),
        shared_bias_sd=shared_bias_sd,
        reference=_reference(posterior, reference),
        seed=seed,
    )


@dataclass(frozen=True)
class Trend:
    """A fitted trend. `reference` weighs the combinations on whose scale the level is (all 0: the
    average)."""

    posterior: Posterior
    best: Fitted
    weighed_shocks: list[Weighed]
    unused_events: list[str]
    warnings: tuple[str, ...]
    shared_bias_sd: float
    reference: Floats
    seed: int

    def on_scale_of(self, variants: Collection[str]) -> Trend:
        """The same trend with its level on another scale, from the same posterior.

        The level is then the average over houses, each in the first of `variants` that it asked; a house that
        asked none of them stays in its first variant and mode.

        Raises: InputError where no house asked any of them.
        """
        names = self.posterior.waves.combinations.names
        asked = names["variant"].isin(list(variants))
        if not asked.any():
            raise InputError(
                f"no wave has a variant of {sorted(variants)}; {nearest('', set(names['variant']))}"
            )
        # Among a house's combinations the first that is asked comes first, else its very first.
        chosen = (~asked).groupby(names["house"]).idxmin()
        weights = np.zeros(len(names))
        weights[chosen.to_numpy()] = 1.0 / len(chosen)
        return replace(self, reference=weights)

    def level(self, at: Dates) -> pd.DataFrame:
        """The level on each date of `at` (at noon): `date, share, share_se`, intervals `low50 … high95`.

        `share` is the posterior mean; `population_low95, population_high95` add the bias all houses share.
        """
        return answers.level_table(self.posterior, _dates(at), self.reference, self.shared_bias_sd)

    def change(self, start: str | pd.Timestamp, end: str | pd.Timestamp) -> pd.DataFrame:
        """By how many share units the level changed, from the joint posterior of the level on both dates.

        One row: `start, end, change, change_se, low95, high95, probability_fall, probability_rise`.
        """
        return answers.change_table(self.posterior, _dates([start, end]), self.reference, self.seed)

    def houses(self, at: Dates | None = None) -> pd.DataFrame:
        """Each combination's distance from the level, in share units at the level, on each date.

        `date, house, variant, mode, effect, effect_se, low95, high95`; by default on the last wave's day.
        """
        last = self.posterior.waves.table["end"].max()
        return answers.house_table(self.posterior, _dates(last if at is None else at), self.reference)

    def next_wave(
        self,
        house: str,
        n: float,
        on: str | pd.Timestamp,
        *,
        deff: float | None = None,
        variant: str | None = None,
        mode: str | None = None,
    ) -> pd.DataFrame:
        """What `house` will print for `n` respondents asked around `on`, sampling error included.

        One row: `date, house, mean, se, low50, high50, low80, high80, low95, high95`. `deff` is by default the
        median of the house's own; variant and mode are by default those of the house's last wave.

        Raises: InputError for an unknown house, variant or mode, and for `n` or `deff` not above 0.
        """
        asked = {"house": house, "n": n, "on": on, "deff": deff, "variant": variant, "mode": mode}
        return self.next_waves(pd.DataFrame([asked]))

    def next_waves(self, asked: pd.DataFrame) -> pd.DataFrame:
        """Many next waves at once: one row a row of `asked`, in the columns of `next_wave`.

        `asked` has the columns `house, n, on` and optionally `deff, variant, mode`; an empty cell means the
        default.

        Raises: InputError as `next_wave`.
        """
        dates, rows = _dates(asked["on"]), read_asked(self.posterior.waves, asked)
        days = day_number(dates) + answers.NOON
        mixture = answers.next_waves(self.posterior, days, rows.combination, rows.n_effective)
        mean, se = mixture.share_moments()
        houses = asked["house"].to_numpy(str)
        return pd.DataFrame(
            {"date": dates, "house": houses, "mean": mean, "se": se, **mixture.share_intervals()}
        )

    def draws(self, dates: Dates, n: int) -> Floats:
        """Levels drawn from the joint posterior: shares, shape (n, dates). The same seed, the same draws.

        Raises: InputError for more than `MOST_JOINT_DATES` dates or fewer than one draw.
        """
        moments = day_number(_dates(dates)) + answers.NOON
        if len(moments) > MOST_JOINT_DATES or n < 1:
            raise InputError(
                f"`draws` takes at most {MOST_JOINT_DATES} dates and at least 1 draw, got {len(moments)} and {n}"
            )
        joint = self.posterior.joint(answers.level_targets(moments, self.reference))
        return answers.draw_shares(self.posterior.weights, joint, n, self.seed)

    @property
    def shocks(self) -> pd.DataFrame:
        """Every shock weighed or found, one row each; no rows where there is none.

        `date, label, kind` (declared or found), `probability` that there was one, `weight_decay,
        weight_step`, `size` in logits and `change` in share units with 95% ends, `decay_days`, `gain` (log
        Bayes factor).
        """
        return answers.shock_table(self.posterior, self.weighed_shocks, self.reference)

    @property
    def hyperparameters(self) -> pd.DataFrame:
        """`name, estimate, low95, high95, unit, prior` of the most probable choice of shocks."""
        return hyperparameter_table(self.best)

    def diagnostics(self) -> pd.DataFrame:
        """`check, verdict, sentence`; verdicts are `passed`, `warned`, `failed` and `not applicable`."""
        return diagnose(
            self.best, self.warnings, self.unused_events, self.weighed_shocks, self.posterior.outlying
        )

    @property
    def used(self) -> pd.DataFrame:
        """The waves fitted, in time order, with the `expected` share, the standardised `residual`, and how
        probably each is far off (`outlying`)."""
        post = self.posterior
        expected = post.wave_expectations().centre
        dispersion, excess = (post.weights @ post.hyper_values(name) for name in ("dispersion", "excess_sd"))
        sd = np.sqrt(dispersion * post.noise.sampling + post.noise.rounding + excess**2)
        residual = (post.waves.log_odds - expected) / sd
        return post.waves.table.assign(
            expected=expit(expected), residual=residual, outlying=post.outlying.probability
        )


def _dates(at: Dates) -> pd.DatetimeIndex:
    """Dates without time of day.

    Raises: InputError for something that is not a date.
    """
    try:
        dates = pd.DatetimeIndex([at] if isinstance(at, (str, pd.Timestamp)) else list(at))
    except (ValueError, TypeError) as error:
        raise InputError(f"`at` must be dates such as 2025-07-01: {error}") from error
    if dates.isna().any() or not len(dates):
        raise InputError(
            f"`at` must be dates such as 2025-07-01, got {'an empty one' if len(dates) else 'none'}"
        )
    return dates.normalize()


def _reference(posterior: Posterior, reference: str | None) -> Floats:
    """Weight 1 on the first combination with this variant or house; no weight without a reference."""
    names = posterior.waves.combinations.names
    weights = np.zeros(len(names))
    if reference is not None:
        hits = np.flatnonzero((names["variant"] == reference) | (names["house"] == reference))
        if not len(hits):
            known = nearest(reference, set(names["variant"]) | set(names["house"]))
            raise InputError(f"`reference` must be a variant or a house, got `{reference}`; {known}")
        weights[hits[0]] = 1.0
    return weights
