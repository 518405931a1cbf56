"""The moods that a survey declares, as a report reads them: levels on the drawn days, items, and each left out.

They are `fit_mood`'s own numbers, as `groundswell mood` gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from groundswell.errors import GroundswellError
from groundswell.reports.evidence.reading import Reading
from groundswell.trends.data.observations import SurveyWaves
from groundswell.trends.data.scales import with_scales
from groundswell.trends.model.breaks import middles
from groundswell.trends.moods.fit import mood_of, own_trends
from groundswell.trends.moods.mood import Mood
from groundswell.waves import Survey
from groundswell.waves.surveys.declared_mood import DeclaredMood

GRID = 160
"""Days between the first wave and the newest on which a mood is drawn, beside those of its waves."""


@dataclass(frozen=True, eq=False, kw_only=True)
class MoodReading:
    """One declared mood: what it declares, and the fit; None where none can be told of its items.

    `reference` is the reading of the item on whose scale it is; `since` the first day that the report shows.
    """

    key: str
    declared: DeclaredMood
    reference: Reading
    mood: Mood | None
    since: pd.Timestamp | None = None

    @cached_property
    def level(self) -> pd.DataFrame:
        """The mood on the drawn days, as `Mood.level` gives it; no rows where there is none."""
        if self.mood is None:
            return pd.DataFrame(columns=["date", "share"])
        table = pd.concat([item.waves.table for item in self.mood.tied])
        ends, waves = table["end"], pd.DatetimeIndex(middles(table)).normalize()
        first = max(ends.min().normalize(), self.since or ends.min().normalize())
        days = pd.date_range(first, ends.max(), periods=GRID).normalize().union(waves)
        return self.mood.level(days[days >= first])

    @cached_property
    def alone(self) -> pd.DataFrame:
        """The reference's own level on the days of `level` that it covers."""
        reading = self.reference
        if reading.trend is None or self.level.empty:
            return self.level
        days = pd.DatetimeIndex(self.level["date"])
        return reading.level_on(days[(days >= reading.first) & (days <= reading.last)])

    @cached_property
    def items(self) -> pd.DataFrame:
        """What was learnt of each item, and what leaving it out says (see `Mood.items`, `Mood.left_out`); no rows where
        there is no mood."""
        if self.mood is None:
            return pd.DataFrame()
        return self.mood.items.merge(self.mood.left_out().drop(columns="waves"), on="item", how="left")


def read_moods(
    survey: Survey, read: SurveyWaves, readings: Mapping[str, Reading], as_of: pd.Timestamp, since: object
) -> Iterator[MoodReading]:
    """The declared moods of which the report shows the reference and another item."""
    for key, declared in survey.moods.items():
        names = [name for name in declared.items if name in readings and readings[name].trend is not None]
        if len(names) < 2 or names[0] != declared.items[0]:
            continue
        reverse = [name for name in declared.reverse if name in names]
        try:
            mood = mood_of(dict(own_trends(survey, names, as_of, read=read)), reverse)
        except GroundswellError:  # too few waves in common: the page says so, and shows no figure
            mood = None
        begin = None if since is None else pd.Timestamp(str(since))
        yield MoodReading(key=key, declared=declared, reference=readings[names[0]], mood=mood, since=begin)


def mood_levels(survey: Survey, moods: Mapping[str, MoodReading]) -> pd.DataFrame:
    """The levels of all moods, as mood_trend.csv holds them; no rows without any."""
    tables = [
        mood.level.assign(mood=key, reference=mood.declared.items[0])
        for key, mood in moods.items()
        if mood.mood is not None
    ]
    if not tables:
        return pd.DataFrame(columns=["mood"])
    rows = pd.concat(tables, ignore_index=True)
    first = ["mood", "reference"]
    return with_scales(survey, rows[[*first, *rows.columns.drop(first)]], named="reference")


def mood_items(moods: Mapping[str, MoodReading]) -> pd.DataFrame:
    """The items of all moods, as mood_items.csv holds them; no rows without any."""
    tables = [
        reading.items.assign(mood=key)[["mood", *reading.items.columns]]
        for key, reading in moods.items()
        if reading.mood is not None
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["mood"])
