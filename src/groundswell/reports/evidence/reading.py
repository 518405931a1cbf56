"""One indicator as a report reads it: its metadata, every observation, and the trend fitted to those that are used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import pandas as pd

from groundswell.errors import ModelError
from groundswell.estimates.of_wave.estimate_flags import SIMULATED, flagged
from groundswell.reports.language.measure import Measure
from groundswell.trends import Question, Trend, fit_question, fit_trend
from groundswell.trends.answers.segments import Segment, segment_of
from groundswell.trends.answers.shared_bias import BenchmarkErrors
from groundswell.trends.checks.forecasts_held import earlier_forecasts
from groundswell.trends.checks.frozen_forecasts import frozen_forecasts
from groundswell.trends.checks.sensitivity import without_each_house
from groundswell.trends.compared.extremes import extremes
from groundswell.trends.compared.overturning import overturning
from groundswell.trends.model.breaks import middles
from groundswell.trends.questions.order import REST
from groundswell.waves import Event, Indicator, Survey

POINTS = 260
MOST_ROWS = 40
YEAR = pd.Timedelta(days=366)
LONG = pd.Timedelta(days=548)
"""A year and a half without a wave: the level in between is hardly known, and drawn so."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """An indicator's evidence up to `as_of`.

    `observations` has every row of the indicator's domain "all", used or not; `trend` is None where no level can be
    estimated, and `why_not` then says why. `since` is the first day that the report shows.
    """

    key: str
    survey: Survey
    observations: pd.DataFrame
    trend: Trend | None
    as_of: pd.Timestamp
    since: pd.Timestamp | None = None
    why_not: str = ""

    @property
    def indicator(self) -> Indicator:
        """The indicator's record in the survey."""
        return self.survey.indicators[self.key]

    @property
    def title(self) -> str:
        """The indicator's name as the survey writes it, called simulated where its respondents are."""
        title = self.indicator.title
        return said_simulated(title) if is_simulated(self.observations) else title

    @cached_property
    def shown(self) -> pd.DataFrame:
        """The observations from `since` on, oldest first, with `middle`, the middle of fieldwork."""
        rows = self.observations.assign(middle=middles(self.observations)).sort_values(["end", "house"])
        return rows if self.since is None else rows[rows["end"] >= self.since]

    @cached_property
    def drawn(self) -> pd.DataFrame:
        """The shown observations that a figure has room for.

        A wave may have been published without a share or a range. Rows left out of the fit that are more than a
        year older than the first wave used would squeeze everything else together; the wave table has them.
        """
        shown = self.shown
        seen = shown[shown["share"].notna() | shown["range_low"].notna()]
        used = seen[seen["left_out"] == ""]
        return seen if used.empty else seen[seen["end"] >= used["end"].min() - YEAR]

    @cached_property
    def of_several_wordings(self) -> frozenset[str]:
        """Houses of which the report shows waves in more than one wording."""
        return _of_several(self.shown, "variant")

    @cached_property
    def of_several_modes(self) -> frozenset[str]:
        """Houses of which the figure draws waves in more than one mode."""
        return _of_several(self.drawn, "mode")

    @cached_property
    def used(self) -> pd.DataFrame:
        """The shown observations that the trend rests on."""
        shown = self.shown
        return shown[shown["left_out"] == ""]

    @cached_property
    def first(self) -> pd.Timestamp:
        """The first day that the figure shows a level for."""
        return pd.Timestamp(self.used["middle"].min()).normalize()

    @cached_property
    def last(self) -> pd.Timestamp:
        """The middle of the newest fieldwork that the trend rests on."""
        return pd.Timestamp(self.used["middle"].max()).normalize()

    @cached_property
    def level(self) -> pd.DataFrame | None:
        """The level on every day that the page speaks of, from one question to the trend: a grid from the first to
        the newest wave of each segment with every wave and event on it, the days of the figure's table, and the
        as-of date.
        """
        if self.trend is None or self.used.empty:
            return None
        one, events = pd.Timedelta(days=1), [pd.Timestamp(event.date) for event in self.events()]
        near = [day + step for day in events for step in (-one, 0 * one, one)]
        grid = pd.date_range(self.first, self.last, periods=POINTS).normalize()
        days = pd.DatetimeIndex([*grid, *near, *self.used["middle"], *self.table_days]).normalize()
        asked = [self.as_of]
        for segment in self.segments:
            asked.extend(days[(days >= segment.first) & (days <= segment.last)])
        return self.trend.level(pd.DatetimeIndex(asked).unique().sort_values())

    @cached_property
    def segments(self) -> list[Segment]:
        """The trend's segments that the report shows a wave of, oldest first; none without a trend."""
        if self.trend is None or self.used.empty:
            return []
        return [segment for segment in self.trend.segments if segment.last >= self.used["middle"].min()]

    @cached_property
    def question(self) -> Question | None:
        """All answers of the question, followed together; None without a trend, and where only one answer is known."""
        if self.trend is None or self.used.empty or self.indicator.scale is not None:
            return None
        rows, seed = self.observations, self.trend.seed
        found = fit_question(self.survey, self.key, as_of=self.as_of, rows=rows, trend=self.trend, seed=seed)
        return None if found.answers[1:] == (REST,) else found

    @cached_property
    def fitted(self) -> pd.DataFrame:
        """The observations that the trend rests on, shown or not."""
        return self.observations[self.observations["left_out"] == ""]

    def segment_on(self, day: pd.Timestamp) -> Segment:
        """The segment that holds a day."""
        return segment_of(self.segments, day)

    def house_effects(self) -> pd.DataFrame:
        """Each house, variant and mode with its distance from the newest level (see `Trend.houses`)."""
        return self.trend.houses() if self.trend is not None and self.segments else pd.DataFrame()

    def diagnostics(self) -> pd.DataFrame:
        """The checks of the trend (see `Trend.diagnostics`); those that speak of a mean's numbers with its scale.
        No rows without one."""
        if self.trend is None:
            return pd.DataFrame()
        checks, scale = self.trend.diagnostics(), self.indicator.scale_record
        pairs = zip(checks["code"], checks["values"], strict=True)
        values = [{**held, **scale} if code in ("noise", "prior") else held for code, held in pairs]
        return checks.assign(values=pd.Series(values, index=checks.index, dtype=object))

    def earlier_forecasts(self) -> pd.DataFrame:
        """Each later wave against its forecast from the waves before it (see `earlier_forecasts`)."""
        return pd.DataFrame() if self.trend is None else earlier_forecasts(self.trend)

    def frozen_forecasts(self) -> pd.DataFrame:
        """What each house that still asks would print next (see `frozen_forecasts`)."""
        return pd.DataFrame() if self.trend is None else frozen_forecasts(self.trend)

    def without_each_house(self, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
        """The change between two days once more without each house (see `without_each_house`)."""
        return pd.DataFrame() if self.trend is None else without_each_house(self.trend, start, end)

    def benchmark_errors(self) -> BenchmarkErrors:
        """The level against what became known as true (see `benchmark_errors`)."""
        assert self.trend is not None
        return self.trend.benchmark_errors

    def overturning(self, changes: pd.DataFrame, least: Sequence[float]) -> pd.DataFrame:
        """How far answers would have to be off before these changes are no longer as sure (see `overturning`)."""
        return pd.DataFrame() if self.trend is None else overturning(self.trend, changes, least)

    @property
    def drawn_level(self) -> pd.DataFrame | None:
        """The level as the figure draws it: up to the newest wave."""
        return None if self.level is None else self.level[self.level["date"] <= self.last]

    @property
    def table_days(self) -> pd.DatetimeIndex:
        """The first wave, the ends of months (quarters or years where there are many), and the newest wave."""
        days = pd.DatetimeIndex([])
        for step in ("ME", "QE", "YE"):
            days = pd.date_range(self.first, self.last, freq=step)
            if len(days) <= MOST_ROWS:
                break
        return days.union(pd.DatetimeIndex([self.first, self.last]))

    def gaps(self) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
        """Stretches of more than LONG between two waves that follow each other."""
        days = pd.DatetimeIndex(self.used["middle"].drop_duplicates().sort_values()).normalize()
        return [(a, b) for a, b in pairwise(days) if b - a > LONG]

    @cached_property
    def extremes(self) -> pd.DataFrame:
        """How probably each shown wave's day has the highest level of its segment, and the lowest (see `extremes`)."""
        assert self.trend is not None
        middles = pd.DatetimeIndex(self.used["middle"])
        tables = [
            extremes(self.trend, middles[(middles >= one.first) & (middles <= one.last)]).assign(
                segment=one.number
            )
            for one in self.segments
        ]
        return pd.concat(tables, ignore_index=True)

    def level_on(self, days: pd.DatetimeIndex) -> pd.DataFrame:
        """Rows of `level` on days that it has."""
        assert self.level is not None
        return self.level[self.level["date"].isin(days)].reset_index(drop=True)

    def house_name(self, house: str) -> str:
        """The house's name as readers know it."""
        known = self.survey.houses.get(house)
        return known.name if known else house

    def houses(self) -> list[str]:
        """Houses drawn, the one with most used waves first; houses that are only shown come last."""
        return list(self._houses)

    @cached_property
    def _houses(self) -> list[str]:
        shown = self.drawn
        counts = shown.assign(one=(shown["left_out"] == "").astype(int)).groupby("house")["one"].sum()
        order = sorted(counts.index, key=lambda house: (-counts[house], house))
        return [str(house) for house in order]

    def events(self) -> Sequence[Event]:
        """The survey's declared events for this indicator that the report's period includes, oldest first."""
        mine = (event for event in self.survey.events if not event.indicators or self.key in event.indicators)
        start = self.shown["end"].min() if self.since is None else self.since
        inside = (event for event in mine if start <= pd.Timestamp(event.date) <= self.as_of)
        return sorted(inside, key=lambda event: event.date)

    def breaks(self) -> list[tuple[pd.Timestamp, str]]:
        """Changes of variant within one house: the first day of the new variant, and the house."""
        return list(self._breaks)

    @cached_property
    def _breaks(self) -> list[tuple[pd.Timestamp, str]]:
        changes = []
        for house, rows in self.used.sort_values("middle").groupby("house"):
            firsts = rows.groupby("variant")["middle"].min().sort_values()
            changes += [(pd.Timestamp(day).normalize(), str(house)) for day in firsts.iloc[1:]]
        return sorted(changes)

    def unbridged(self) -> list[pd.Timestamp]:
        """Days that no wording bridges and on whose two sides the report shows waves, oldest first.

        The level is drawn broken there and no finding crosses it (see `trends.answers.segments`).
        """
        return [segment.start for segment in self.segments[1:]]


def is_range(rows: pd.DataFrame) -> pd.Series:
    """Which rows were published as a range; the middle that a range has in `share` was never published."""
    return rows["range_low"].notna() | rows["share"].isna()


def read_indicator(
    key: str,
    survey: Survey,
    rows: pd.DataFrame,
    *,
    covariance: pd.DataFrame | None,
    as_of: pd.Timestamp,
    since: pd.Timestamp | None,
    seed: int,
) -> Reading:
    """One indicator with its trend; without a single usable wave it has none, and says why.

    `covariance` is that of waves which share respondents or sampling units (see `fit_trend`).
    """
    everyone = rows[rows["domain"] == "all"]
    trend: Trend | None
    why_not = ""
    try:
        trend = fit_trend(survey, key, as_of=as_of, rows=everyone, covariance=covariance, seed=seed)
    except ModelError as error:
        trend, why_not = None, str(error)
    return Reading(
        key=key,
        survey=survey,
        observations=everyone,
        trend=trend,
        as_of=as_of,
        since=since,
        why_not=why_not,
    )


def since_break(reading: Reading, level: pd.DataFrame) -> pd.DataFrame:
    """The part of the level that can be compared with its newest day: all of it, or that after the last break."""
    cuts = reading.unbridged()
    return level[level["date"] >= cuts[-1]] if cuts else level


def is_simulated(rows: pd.DataFrame) -> bool:
    """Whether any row of the observations table rests on simulated respondents."""
    return bool(flagged(rows["flags"], SIMULATED).any())


def said_simulated(title: str) -> str:
    """The title with the word in it, once."""
    return title if SIMULATED in title.lower() else f"{title} ({SIMULATED})"


def printed(row: pd.Series, measure: Measure) -> str:
    """A figure as it was printed: with its decimals, or as its range."""
    return measure.printed(*figure_range(row), row["rounding"])


def _of_several(rows: pd.DataFrame, column: str) -> frozenset[str]:
    """The houses with more than one value of a column."""
    numbers = rows.groupby("house")[column].nunique()
    return frozenset(numbers.index[numbers > 1])


def figure_range(row: pd.Series) -> tuple[float, float]:
    """The printed range of an observation; a single share is a range of no width."""
    if pd.notna(row["range_low"]):
        return float(row["range_low"]), float(row["range_high"])
    return float(row["share"]), float(row["share"])
