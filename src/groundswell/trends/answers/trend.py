"""The trend: one level through many waves of many houses, with intervals for what such waves would say on average.

A `Trend` is what `fit_trend` gives (see `fit`); it answers questions from the joint posterior. All answers are long
tables; shares and their intervals are proportions in [0, 1]. Every level stands on the scale of its own segment (see
`segments`): the level breaks by itself where no wording bridges a day.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.dates import parse_date
from groundswell.errors import InputError
from groundswell.reprs import Summarised
from groundswell.trends.answers import tables
from groundswell.trends.answers.asked import read_asked
from groundswell.trends.answers.changes import Joint, change_table, draw_shares
from groundswell.trends.answers.diagnostics import diagnose, hyperparameter_table
from groundswell.trends.answers.prior_reach import PriorReach, prior_reach
from groundswell.trends.answers.responses import response_table
from groundswell.trends.answers.segments import Segment, refuse_across, segment_of, segments
from groundswell.trends.answers.shared_bias import BenchmarkErrors, SharedBias, benchmark_errors
from groundswell.trends.answers.speeds import level_speeds
from groundswell.trends.data.days import parse_dates
from groundswell.trends.fit.fitting import Fitted
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.fit.posterior import Posterior
from groundswell.trends.fit.shocks import UNSEEN, Event, Weighed
from groundswell.trends.fit.speeds import with_speeds
from groundswell.trends.model.breaks import middles
from groundswell.trends.model.fieldwork import day_number
from groundswell.trends.model.logit import expit
from groundswell.trends.model.statespace import Targets
from groundswell.waves import Bridge
from groundswell.waves.toplines.benchmarks import Benchmark

Day = str | datetime.date | pd.Timestamp
Dates = pd.Series | pd.DatetimeIndex | Sequence[Day] | Day
MOST_JOINT_DATES: Final = 2_000


@dataclass(frozen=True, repr=False)
class Trend(Summarised):
    """A fitted trend of one indicator and domain.

    `as_of` is the day that it speaks from; `events` and `bridges` are those that were known by then.
    `reference` is the variant or house that was named for its scale, None where none was. `shared_bias_sd` is in
    logits, None where nobody stated it; `learns_bias` says that `benchmarks`, what became known as true, decide it.

    Example:
        >>> survey = gs.load_survey("surveys/ukraine-outlook")
        >>> gs.fit_trend(survey, "planning", as_of="2023-12-31")
        trend: planning, as of 2023-12-31
        waves: 3 (1 house), 2021-11-15 to 2023-11-22
        newest level: 0.1... (95%: ...)
        scale: only (rating: rating-horizon)
        breaks: none
    """

    indicator: str
    posterior: Posterior
    best: Fitted
    weighed_shocks: list[Weighed]
    events: tuple[Event, ...]
    bridges: tuple[Bridge, ...]
    unused_events: list[str]
    warnings: tuple[str, ...]
    as_of: pd.Timestamp
    reference: str | None
    shared_bias_sd: float | None
    seed: int
    benchmarks: tuple[Benchmark, ...] = ()
    learns_bias: bool = False

    @cached_property
    def segments(self) -> list[Segment]:
        """The stretches of comparable levels, oldest first, each with its scale (see `segments`)."""
        return segments(self.posterior.waves, self.reference)

    @cached_property
    def used(self) -> pd.DataFrame:
        """The waves fitted, in time order, with the `middle` day of their fieldwork, the `expected` share, the
        standardised `residual`, and how probably each is far off (`outlying`)."""
        post = self.posterior
        expected = post.wave_expectations().centre
        dispersion, excess = (post.weights @ post.hyper_values(name) for name in ("dispersion", "excess_sd"))
        own = post.noise.excess[post.waves.combination]
        sd = np.sqrt(dispersion * post.noise.sampling + post.noise.rounding + excess**2 * own)
        return post.waves.table.assign(
            middle=middles(post.waves.table),
            expected=expit(expected),
            residual=(post.waves.log_odds - expected) / sd,
            outlying=post.outlying.probability,
        )

    def segment_on(self, day: Day) -> Segment:
        """The segment that holds a day."""
        return segment_of(self.segments, parse_dates(day, "day")[0])

    def level(self, at: Dates) -> pd.DataFrame:
        """The level on each date of `at` (at noon), each on the scale of its own segment.

        `date, share, share_se`, intervals `low50, high50 … high95`, `population_low95, population_high95`, `segment`.
        `share` is the posterior median, `share_se` the posterior standard deviation: where nobody asked for years the
        mean is drawn to one half, the median is not. An interval holds, with its probability, what such surveys would
        say on average. The population may lie elsewhere: its interval adds the bias that all houses share, and is
        missing where nobody stated how large that may be. Levels of two segments cannot be compared.

        Raises: InputError for something that is not a date.
        """
        dates = parse_dates(at, "at")
        table = tables.level_table(self.posterior, dates, self._scales(dates), self.shared_bias)
        return table.assign(segment=[segment_of(self.segments, day).number for day in dates])

    def marginal(self, dates: pd.DatetimeIndex) -> Mixture:
        """The posterior of the level's logit at noon of each date, each on the scale of its own segment."""
        targets = tables.level_targets(day_number(dates) + tables.NOON, self._scales(dates))
        return self.posterior.marginal(targets)

    def change(self, start: Day, end: Day) -> pd.DataFrame:
        """By how many share units the level changed, from the joint posterior of the level on both dates.

        One row: `start, end, estimate, se, low, high` (95%), `probability_fall, probability_rise`. The probabilities
        are those of this one question; whoever looks at many changes needs `comparisons`.

        Raises: InputError for something that is not a date, and for dates on two sides of a break.
        """
        dates = pd.DatetimeIndex([parse_date(start, "start"), parse_date(end, "end")])
        refuse_across(self.segments, dates)
        return self.changes([(dates[0], dates[1])])

    def changes(self, pairs: Sequence[tuple[pd.Timestamp, pd.Timestamp]]) -> pd.DataFrame:
        """The change of each pair of dates, all within one segment: the columns of `change`, one row a pair."""
        asked = pd.DatetimeIndex([day for pair in pairs for day in pair])
        days = asked.unique().sort_values()
        places = days.get_indexer(asked)
        return change_table(self.joint(days), asked, places)

    def houses(self, at: Dates | None = None) -> pd.DataFrame:
        """Each combination's distance from the level, in share units at the level, on each date.

        `date, house, variant, mode, estimate, se, low, high` (95%); by default on the last wave's day.
        """
        dates = parse_dates(self.posterior.waves.table["end"].max() if at is None else at, "at")
        return tables.house_table(self.posterior, dates, self._scales(dates))

    def next_wave(
        self,
        house: str,
        n: float,
        on: Day,
        *,
        deff: float | None = None,
        variant: str | None = None,
        mode: str | None = None,
    ) -> pd.DataFrame:
        """What `house` will print for `n` respondents asked around `on`, sampling error included.

        One row: `date, house, share, share_se, low50, high50, low80, high80, low95, high95`. `deff` is by default the
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
        dates, rows = parse_dates(asked["on"], "on"), read_asked(self.posterior.waves, asked)
        return tables.next_wave_table(self.posterior, dates, asked["house"].to_numpy(str), rows)

    def draws(self, at: Dates, n: int) -> Floats:
        """Levels drawn from the joint posterior: shares, shape (n, dates). The same seed, the same draws.

        Raises: InputError for more than `MOST_JOINT_DATES` dates or fewer than one draw.
        """
        dates = parse_dates(at, "at")
        if len(dates) > MOST_JOINT_DATES or n < 1:
            raise InputError(
                f"`draws` takes at most {MOST_JOINT_DATES} dates and at least 1 draw, got {len(dates)} and {n}"
            )
        return draw_shares(self.joint(dates), n, self.seed)

    @cached_property
    def benchmark_errors(self) -> BenchmarkErrors:
        """The level, or what a wording measures, against what became known as true."""
        dates = pd.DatetimeIndex([one.middle for one in self.benchmarks])
        return benchmark_errors(self.benchmarks, self.posterior, dates, self._scales(dates))

    @property
    def shared_bias(self) -> SharedBias | None:
        """How far all houses may be off together; None where nobody stated it and nothing is to be learnt."""
        if self.learns_bias:
            return self.benchmark_errors.bias
        return None if self.shared_bias_sd is None else SharedBias.stated(self.shared_bias_sd)

    @property
    def combinations(self) -> pd.DataFrame:
        """What was asked: `house, variant, mode`, one row a combination, in the order of a scale's weights."""
        return self.posterior.waves.combinations.names

    def joint(self, dates: pd.DatetimeIndex, scale: Floats | None = None) -> Joint:
        """The joint posterior of the levels' logits on some dates, each on the scale of its own segment, or all on one.

        A `scale` that is one combination's alone gives what that house measures in that wording and mode.
        """
        return Joint(self.posterior.weights, self.posterior.joint(self._level_targets(dates, scale)))

    def joint_before_waves(self, dates: pd.DatetimeIndex, scale: Floats | None = None) -> Joint:
        """The same levels before any wave has spoken, under each of the `weightiest` components, heaviest first."""
        noise = self.posterior.noise
        silent = noise._replace(sampling=np.full_like(noise.sampling, UNSEEN))
        before = replace(self.posterior.weightiest(), noise=silent)
        return Joint(before.weights, before.joint(self._level_targets(dates, scale)))

    @property
    def shocks(self) -> pd.DataFrame:
        """Every shock weighed or found, one row each; no rows where there is none.

        `date, label, kind` (declared or found), `probability` that there was one, `weight_decay,
        weight_step`, `size` in logits and `change` in share units with 95% ends, `decay_days`, `gain` (log
        Bayes factor).
        """
        days = pd.DatetimeIndex([tables.shock_day(one.shock) for one in self.weighed_shocks])
        return tables.shock_table(self.posterior, self.weighed_shocks, self._scales(days))

    @cached_property
    def responses(self) -> pd.DataFrame:
        """How each house in one wording and mode responded to each shock, where two or more have waves on both sides.

        `date, label, house, variant, mode`, the `probability` that it responds otherwise than the others, its own
        `size, size_low, size_high` (95%) and the `common` one, in logits.
        """
        return response_table(self.posterior, self.weighed_shocks)

    @property
    def hyperparameters(self) -> pd.DataFrame:
        """`name, estimate, low, high` (95%), `unit, prior_median, prior_low, prior_high` (95%) of the most probable
        choice of shocks."""
        return hyperparameter_table(self.best)

    def diagnostics(self) -> pd.DataFrame:
        """What a reader must know before trusting the trend (see `diagnostics`)."""
        return diagnose(
            self.best,
            self.warnings,
            self.bridges,
            self.unused_events,
            self.weighed_shocks,
            self.posterior,
            self._prior_reach,
            self.responses,
        )

    @cached_property
    def _prior_reach(self) -> PriorReach:
        """What the priors decide about the level on the newest wave's day."""
        newest = pd.DatetimeIndex([self.segments[-1].last])
        varies = level_speeds(self.posterior).probability > 0.5
        fitted = (with_speeds(self.best) if varies else None) or self.best
        return prior_reach(fitted, self.posterior, self._level_targets(newest))

    def _level_targets(self, dates: pd.DatetimeIndex, scale: Floats | None = None) -> Targets:
        """The level at noon of each date, on the scale of its own segment, or all on one."""
        scales = self._scales(dates) if scale is None else np.tile(scale, (len(dates), 1))
        return tables.level_targets(day_number(dates) + tables.NOON, scales)

    def _scales(self, dates: pd.DatetimeIndex) -> Floats:
        """The weights of the combinations on each date, shape (dates, combinations)."""
        size = len(self.posterior.waves.combinations.names)
        weights = [segment_of(self.segments, day).scale.weights for day in dates]
        return np.array(weights, dtype=np.float64).reshape(len(dates), size)

    def _summary(self) -> dict[str, str]:
        waves, last = self.posterior.waves.table, self.segments[-1]
        houses = waves["house"].nunique()
        level = self.level(last.last).iloc[0]
        breaks = ", ".join(f"{segment.start:%Y-%m-%d}" for segment in self.segments[1:])
        return {
            "trend": f"{self.indicator or 'one indicator'}, as of {self.as_of:%Y-%m-%d}",
            "waves": f"{len(waves)} ({houses} house{'s' if houses > 1 else ''}), "
            f"{self.segments[0].first:%Y-%m-%d} to {last.last:%Y-%m-%d}",
            "newest level": f"{level['share']:.3f} (95%: {level['low95']:.3f} to {level['high95']:.3f})",
            "scale": f"{last.scale.kind} ({last.scale.named})",
            "breaks": breaks or "none",
        }
