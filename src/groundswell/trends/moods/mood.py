"""The mood: one level through the waves of several items, on the scale of the reference.

A `Mood` is what `fit_mood` gives (see `fit`). Its answers are long tables; shares are proportions in [0, 1], slopes are
logits of the item for one logit of the mood.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.reprs import Summarised
from groundswell.trends.answers.changes import Joint, change_table
from groundswell.trends.answers.tables import NOON, told_levels
from groundswell.trends.answers.trend import Dates, Day, Trend
from groundswell.trends.data.days import parse_dates
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.model.fieldwork import day_number
from groundswell.trends.moods.joint_space import Item, JointSpace
from groundswell.trends.moods.left_out import left_out_scores
from groundswell.trends.moods.movements import movements
from groundswell.trends.moods.one_mood import loadings, walk_of
from groundswell.trends.moods.parameters import OWN, SLOPE, SLOPE_SD, Points

REFERENCE, FOLLOWS, AGAINST, UNTOLD, NOT_TIED = "reference", "follows", "against", "cannot_tell", "not_tied"
MOVES: Final = 0.9
"""An item is said to move with the mood, either way, from this probability on. With 0.3 beforehand that is a Bayes
factor of 21, which a silent item reaches in one case of 21 at most."""
CENTRAL: Final = float(ndtri(0.975))


@dataclass(frozen=True, repr=False)
class Mood(Summarised):
    """A mood fitted to several items.

    `tied` are the items that it rests on, the reference first; `trends` are all items' own trends without shocks, those
    that are not tied among them; `points` stands for what was learnt of slopes and movements.

    Example:
        >>> survey = gs.load_survey("surveys/us-household-pulse")
        >>> gs.fit_mood(survey, ["anxiety", "depression"], as_of="2024-12-31")
        mood: on the scale of anxiety, as of 2024-12-31
        ...
    """

    tied: tuple[Item, ...]
    trends: Mapping[str, Trend]
    points: Points
    house_years: float
    as_of: pd.Timestamp

    @property
    def reference(self) -> str:
        """The item on whose scale the mood is."""
        return self.tied[0].name

    def level(self, at: Dates) -> pd.DataFrame:
        """The mood on each date of `at` (at noon), as the reference's share, on the scale of what it asks now.

        `date, share, share_se`, intervals `low50, high50 … high95`, `population_low95, population_high95`, as in
        `Trend.level`. Where the reference changed its wording, the other items carry the mood across.

        Raises: InputError for something that is not a date, and for one before the first wave of all items.
        """
        dates = self._dates(at, "at")
        space, read = self._space(dates)
        parts = [
            space.smooth(hyper, walk_of(self.tied, hyper), space.asked, read) for hyper in self.points.hypers
        ]
        mean, variance = (np.array(part) for part in zip(*parts, strict=True))
        mixture = Mixture(self.points.weights, mean, np.sqrt(variance))
        return told_levels(mixture, dates, self.trends[self.reference].shared_bias)

    def change(self, start: Day, end: Day) -> pd.DataFrame:
        """By how many share units the mood changed: one row, in the columns of `Trend.change`.

        Raises: InputError as `level`.
        """
        dates = pd.DatetimeIndex([*self._dates(start, "start"), *self._dates(end, "end")])
        days = dates.unique().sort_values()
        space, read = self._space(days)
        parts = [space.joint(hyper, walk_of(self.tied, hyper), read) for hyper in self.points.hypers]
        return change_table(Joint(self.points.weights, parts), dates, days.get_indexer(dates))

    @cached_property
    def items(self) -> pd.DataFrame:
        """What was learnt of each item, the reference first; those that are not tied last.

        `item, direction, waves, first, last`; `slope, slope_se, slope_low, slope_high` (95%), if the item is not
        silent; the `probability` that it is not and moves in its direction; `intercept, intercept_se`, in logits, where
        the item would stand on its last wave's day were the mood at one half; `own_sd`, its own movement (logits a
        year); `common`, the part of its level's movement that is the mood's; `told`, how much of what was open about
        the slope the waves have told, from 0 to 1; `verdict`: `reference`, `follows` or `against` (the slope's interval
        lies above, below 0, and the item is silent with a probability of 0.1 at most), `cannot_tell`, `not_tied`.
        """
        rows = [self._row(number) for number in range(len(self.tied))]
        known = {item.name for item in self.tied}
        rows += [
            {**_waves(trend), "item": name, "verdict": NOT_TIED}
            for name, trend in self.trends.items()
            if name not in known
        ]
        return pd.DataFrame(rows, columns=ITEM_COLUMNS).astype({"direction": "Int64"})

    def left_out(self) -> pd.DataFrame:
        """Each item's waves forecast from its others, a fifth left out at a time: with the other items, and without.

        `item, waves, crps_mood, crps_alone, ratio` (below 1: the other items help), `inside95_mood, inside95_alone`.
        Scores are of published shares, in share units; everything is fitted anew for each fifth.
        """
        return left_out_scores(self.tied, self.points, self.house_years)

    def movements(self) -> pd.DataFrame:
        """Whether the levels of any two items move together: a row a pair, in the columns of
        `groundswell.trends.movements`."""
        pairs = combinations(self.trends.values(), 2)
        return pd.concat([movements(one, other) for one, other in pairs], ignore_index=True)

    def _dates(self, at: Dates, name: str) -> pd.DatetimeIndex:
        """Dates, none of them before the first wave of all."""
        dates = parse_dates(at, name)
        first = min(item.waves.table["end"].min() for item in self.tied)
        if len(dates) and dates.min() < first:
            raise InputError(
                f"`{name}=`: {dates.min():%Y-%m-%d} lies before the first wave of all items, which ended on "
                f"{first:%Y-%m-%d}; ask for that day or a later one"
            )
        return dates

    def _space(self, dates: pd.DatetimeIndex) -> tuple[JointSpace, Floats]:
        """The model on noon of some dates, and what reads the mood on each."""
        space = JointSpace(self.tied, day_number(dates) + NOON, house_years=self.house_years)
        scale = self.trends[self.reference].segments[-1].scale.weights
        return space, np.tile(space.level_of(0, scale), (len(dates), 1))

    def _row(self, number: int) -> dict[str, object]:
        """What was learnt of one tied item."""
        item, points = self.tied[number], self.points
        row = {**_waves(self.trends[item.name]), "item": item.name, "direction": item.direction}
        if number == 0:
            sure = {"slope": 1.0, "slope_low": 1.0, "slope_high": 1.0, "probability": 1.0, "intercept": 0.0}
            return row | sure | {"slope_se": 0.0, "intercept_se": 0.0, "common": 1.0, "verdict": REFERENCE}
        moves = points.of(f"{SLOPE}{item.name}") != 0.0
        chance = float(points.weights[moves].sum())
        # Of an item that is silent as good as surely there is no slope to tell.
        slope, se = points.where(moves).moments(f"{SLOPE}{item.name}") if moves.any() else (np.nan, np.nan)
        low, high = slope - CENTRAL * se, slope + CENTRAL * se
        walks = np.array([walk_of(self.tied, hyper)[number, number] for hyper in points.hypers])
        own = np.array([hyper[f"{OWN}{item.name}"] for hyper in points.hypers])
        intercept, intercept_se = self._intercept(number)
        return row | {
            "slope": slope,
            "slope_se": se,
            "slope_low": low,
            "slope_high": high,
            "probability": chance * float(ndtr(slope / se)) if chance else 0.0,
            "intercept": intercept,
            "intercept_se": intercept_se,
            "own_sd": float(np.exp(points.weights @ np.log(own))),
            "common": float(points.weights @ (1.0 - own**2 / walks)),
            "told": float(np.clip(1.0 - (se / SLOPE_SD) ** 2, 0.0, 1.0)),
            "verdict": _verdict(low, high, chance),
        }

    def _intercept(self, number: int) -> tuple[float, float]:
        """Mean and standard deviation of an item's level less what the mood makes of it, on its last wave's day."""
        day = np.array([self.tied[number].waves.midpoint[-1]])
        space = JointSpace(self.tied, day, house_years=self.house_years)
        means, variances = [], []
        for hyper in self.points.hypers:
            apart = space.level_of(number) - loadings(self.tied, hyper)[number] * space.level_of(0)
            mean, variance = space.smooth(hyper, walk_of(self.tied, hyper), space.asked, apart[None, :])
            means.append(mean)
            variances.append(variance)
        found = Mixture(self.points.weights, np.array(means), np.sqrt(variances))
        return float(found.centre[0]), float(found.spread[0])

    def _summary(self) -> dict[str, str]:
        items, last = self.items, max(item.waves.table["end"].max() for item in self.tied)
        level = self.level(last).iloc[0]
        told = [
            f"{row['item']} {row['slope']:.2f} ({row['slope_low']:.2f} to {row['slope_high']:.2f})"
            for row in items.to_dict("records")
            if row["verdict"] in (FOLLOWS, AGAINST)
        ]
        apart = items.loc[items["verdict"] == NOT_TIED, "item"]
        return {
            "mood": f"on the scale of {self.reference}, as of {self.as_of:%Y-%m-%d}",
            "waves": f"{int(items['waves'].sum())} of {len(items)} items",
            "newest level": f"{level['share']:.3f} (95%: {level['low95']:.3f} to {level['high95']:.3f})",
            "slopes": ", ".join(told) or "none that can be told",
            "not tied": ", ".join(apart) or "none",
        }


ITEM_COLUMNS: Final = [
    *("item", "direction", "waves", "first", "last", "slope", "slope_se", "slope_low", "slope_high"),
    *("probability", "intercept", "intercept_se", "own_sd", "common", "told", "verdict"),
]


def _verdict(low: float, high: float, chance: float) -> str:
    """What a slope's 95% interval says, where the item moves with the mood at all."""
    if chance < MOVES or not (low > 0.0 or high < 0.0):
        return UNTOLD
    return FOLLOWS if low > 0.0 else AGAINST


def _waves(trend: Trend) -> dict[str, object]:
    """How many waves an item has, and the middles of the first and the last."""
    parts = trend.segments
    return {"waves": len(trend.posterior.waves), "first": parts[0].first, "last": parts[-1].last}
