"""Evidence made by hand, in memory: a small survey, rows of its observations table, readings with a level that is
drawn and not fitted, and changes. No kernel, no browser, no fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from groundswell.reports.evidence.changes import Change
from groundswell.reports.evidence.manifest import Manifest, manifest_of
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.report import ReportEvidence
from groundswell.trends.answers.segments import Scale, Segment
from groundswell.trends.answers.shared_bias import ERROR_COLUMNS, BenchmarkErrors
from groundswell.trends.data.observations import TYPES
from groundswell.waves import Survey

AS_OF = pd.Timestamp("2024-12-31")
WHAT_IT_TAKES = {
    "drift": -0.1,
    "hidden": 0.2,
    "claimed": 0.25,
    "invented": 0.0301,
    "house": "acme",
    "wave_end": pd.Timestamp("2024-10-10"),
    "n": 1000,
}
"""What would make the fall of `a_change` false."""
NO_BENCHMARKS = BenchmarkErrors(pd.DataFrame(columns=list(ERROR_COLUMNS)), np.zeros((0, 0)))
HOUSES = {"acme": {"name": "Acme", "url": "https://acme.example"}, "bell": {"name": "Bell & Co"}}


def a_manifest(as_of: str, **parts: Any) -> Manifest:
    """The manifest of a report of that date; `report` is its summary."""
    about = {
        "schema": 2,
        "survey": "testland",
        "title": "Testland",
        "as_of": as_of,
        "revision": 1,
        "folder": as_of,
    }
    return manifest_of(about | {"created": f"{as_of}T06:00:00+00:00", "report": {}} | parts)


def a_survey(*, folder: Path = Path("nowhere"), **changes: Any) -> Survey:
    """A survey of two houses and two indicators; Acme asks `mood` in two wordings."""
    variants = {
        "acme-old": {
            "house": "acme",
            "question": "How were you?",
            "numerator": ("yes",),
            "period": "last year",
        },
        "acme": {"house": "acme", "question": "How are you?", "numerator": ("yes",), "period": "today"},
        "bell": {"house": "bell", "question": "Well?", "numerator": ("yes",), "caution": "asked last"},
    }
    mood = {"title": "Mood", "description": "feel well", "higher_is": "better", "variants": variants}
    plans = {
        "title": "Plans",
        "description": "plan ahead",
        "higher_is": "better",
        "variants": {"plans": variants["acme"]},
    }
    record = {
        "name": "testland",
        "folder": folder,
        "title": "Testland",
        "universe": "Adults in Testland",
        "geography": "Testland",
        "licence": "CC0",
        "default_deff": 1.5,
        "default_deff_source": "a guess, for tests",
        "shared_bias": {"sd": 0.1, "source": "a guess, for tests"},
        "houses": HOUSES,
        "indicators": {"mood": mood, "plans": plans},
    }
    return Survey.model_validate(record | changes)


def a_row(end: str, share: float | None = 0.4, **changes: Any) -> dict[str, Any]:
    """One row of the observations table: a wave of three days that ends on `end`, 2 points either way."""
    low, high = (None, None) if share is None else (share - 0.02, share + 0.02)
    last = pd.Timestamp(end)
    row = {
        "survey": "testland", "indicator": "mood", "variant": "acme", "house": "acme", "mode": "telephone",
        "domain": "all", "start": last - pd.Timedelta(days=2), "end": last, "precision": "day", "n": 1000,
        "n_effective": 800.0, "deff": 1.25, "deff_kind": "published", "share": share, "share_se": 0.01,
        "share_low": low, "share_high": high, "df": np.nan, "origin": "topline", "source": "Bulletin",
        "flags": "", "range_low": np.nan, "range_high": np.nan, "rounding": 0.01, "published": last,
        "certainty": "verbatim_primary", "left_out": "", "source_url": "https://acme.example/1", "note": "",
    }  # fmt: skip
    assert set(changes) <= set(row)
    return row | changes


def observed(*rows: dict[str, Any]) -> pd.DataFrame:
    """Rows as an observations table."""
    return pd.DataFrame(list(rows), columns=list(TYPES)).astype(TYPES)


@dataclass(frozen=True)
class DrawnTrend:
    """A trend whose level is a line drawn through the given points; its 95% interval is `wide` either way, and that of
    the population twice as wide."""

    points: dict[str, float]
    wide: float = 0.03
    effects: pd.DataFrame = field(default_factory=pd.DataFrame)
    checks: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["code", "verdict", "values"]))

    def level(self, at: Any) -> pd.DataFrame:
        """As `Trend.level`."""
        days = pd.DatetimeIndex([at] if isinstance(at, (str, pd.Timestamp)) else list(at))
        known = pd.Series(self.points)
        share = np.interp(
            days.to_julian_date(), pd.DatetimeIndex(known.index).to_julian_date(), known.to_numpy(dtype=float)
        )
        wide = self.wide
        ends = {"low50": share - wide / 3, "high50": share + wide / 3, "low80": share - wide / 1.5}
        ends |= {"high80": share + wide / 1.5, "low95": share - wide, "high95": share + wide}
        ends |= {"population_low95": share - 2 * wide, "population_high95": share + 2 * wide}
        return pd.DataFrame({"date": days, "share": share, "share_se": wide / 2, **ends})

    def houses(self, at: Any = None) -> pd.DataFrame:
        """As `Trend.houses`."""
        return self.effects

    def diagnostics(self) -> pd.DataFrame:
        """As `Trend.diagnostics`."""
        return self.checks


@dataclass(frozen=True, kw_only=True)
class DrawnReading(Reading):
    """A reading whose breaks and answers of the trend are given, so that it needs no fit."""

    cuts: tuple[pd.Timestamp, ...] = ()
    scale_of: tuple[str, ...] = ()
    forecasts: pd.DataFrame = field(default_factory=pd.DataFrame)
    frozen: pd.DataFrame = field(default_factory=pd.DataFrame)
    without: pd.DataFrame = field(default_factory=pd.DataFrame)
    overturned: tuple[dict[str, Any], ...] = ()
    errors: BenchmarkErrors = NO_BENCHMARKS
    clear: float = 1.0

    def house_effects(self) -> pd.DataFrame:
        """The drawn trend's."""
        return pd.DataFrame() if self.trend is None else self.trend.houses()

    def earlier_forecasts(self) -> pd.DataFrame:
        """The given table."""
        return self.forecasts

    def frozen_forecasts(self) -> pd.DataFrame:
        """The given table."""
        return self.frozen

    def without_each_house(self, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
        """The given table."""
        return self.without

    def benchmark_errors(self) -> BenchmarkErrors:
        """The given errors."""
        return self.errors

    def overturning(self, changes: pd.DataFrame, least: Sequence[float]) -> pd.DataFrame:
        """The given biases, one for each probability."""
        row = changes.iloc[0]
        given = self.overturned or (WHAT_IT_TAKES,) * len(least)
        rows = [{"least": one} | bias for one, bias in zip(least, given, strict=True)]
        return pd.DataFrame(rows).assign(start=row["start"], end=row["end"])

    @cached_property
    def extremes(self) -> pd.DataFrame:
        """The drawn level's own: certain at its highest and at its lowest wave of each stretch."""
        days = pd.DatetimeIndex(self.used["middle"]).unique().sort_values()
        table = self.level_on(days)[["date", "share", "segment"]]
        by = table.groupby("segment")["share"]
        highest, lowest = table["share"] == by.transform("max"), table["share"] == by.transform("min")
        return table[["date", "segment"]].assign(highest=highest * self.clear, lowest=lowest * self.clear)

    def unbridged(self) -> list[pd.Timestamp]:
        """The given days."""
        return list(self.cuts)

    @cached_property
    def segments(self) -> list[Segment]:
        """Stretches between the given days, each on the scale of what its houses asked last; none without a trend."""
        if self.trend is None:
            return []
        edges = [pd.Timestamp.min, *self.cuts, pd.Timestamp.max]
        days = self.used["middle"]
        wordings = int(self.used["variant"].nunique())
        stretches = []
        for number, (start, end) in enumerate(pairwise(edges), start=1):
            inside = self.used[(days >= start) & (days < end)].sort_values("middle")
            inside = self.used if inside.empty else inside
            inside = inside[inside["house"].isin(self.scale_of)] if self.scale_of else inside
            newest = inside.drop_duplicates("house", keep="last")[["house", "variant", "mode"]]
            asked = newest.assign(weight=1.0 / len(newest)).reset_index(drop=True)
            scale = Scale("newest" if wordings > 1 else "only", asked, np.ones(1), wordings)
            stretches.append(
                Segment(number, start, end, inside["middle"].min(), inside["middle"].max(), scale)
            )
        return stretches

    @cached_property
    def level(self) -> pd.DataFrame | None:
        """The drawn level on every wave's day, every day of the figure's table and the as-of date."""
        if self.trend is None:
            return None
        days = pd.DatetimeIndex([*self.used["middle"], *self.table_days, self.as_of]).unique().sort_values()
        segment = [1 + sum(day >= cut for cut in self.cuts) for day in days]
        return self.trend.level(days).assign(segment=segment)


def effect(
    house: str, variant: str, points: float, se: float = 0.01, mode: str = "telephone"
) -> dict[str, Any]:
    """One row of `Trend.houses`: a distance from the level, with twice its error either way."""
    ends = {"low": points - 2 * se, "high": points + 2 * se}
    key = {"date": pd.Timestamp("2024-10-09"), "house": house, "variant": variant, "mode": mode}
    return key | {"estimate": points, "se": se} | ends


WAVES = (("2024-01-10", 0.40), ("2024-04-10", 0.46), ("2024-07-10", 0.44), ("2024-10-10", 0.36))


def a_reading(
    *rows: dict[str, Any],
    trend: DrawnTrend | None = None,
    survey: Survey | None = None,
    cuts: tuple[str, ...] = (),
    **changes: Any,
) -> DrawnReading:
    """A reading of these rows (by default four waves of Acme) with its level drawn through their shares."""
    table = observed(*(rows or tuple(a_row(end, share) for end, share in WAVES)))
    used = table[(table["left_out"] == "") & table["share"].notna()]
    if trend is None and len(used):
        days = used["end"] - pd.Timedelta(days=1)
        trend = DrawnTrend(
            {day.date().isoformat(): share for day, share in zip(days, used["share"], strict=True)}
        )
    given: dict[str, Any] = {"key": "mood", "as_of": AS_OF} | changes
    return DrawnReading(
        survey=survey or a_survey(),
        observations=table,
        trend=trend,  # type: ignore[arg-type]
        cuts=tuple(pd.Timestamp(cut) for cut in cuts),
        **given,
    )


def an_evidence(*readings: Reading, compared: pd.DataFrame | None = None, **changes: Any) -> ReportEvidence:
    """The evidence of a report of these readings (by default one); `compared` replaces its comparisons."""
    shown = {reading.key: reading for reading in readings or (a_reading(),)}
    rows = pd.concat([reading.observations for reading in shown.values()], ignore_index=True)
    given = {"survey": next(iter(shown.values())).survey, "as_of": AS_OF, "observations": rows}
    evidence = ReportEvidence(**(given | {"readings": shown} | changes))
    evidence.__dict__["followed_domains"] = {
        key: {} for key in shown
    }  # a trend that is drawn can be followed by none
    if compared is not None:
        evidence.__dict__["comparisons"] = compared
    return evidence


def a_change(**changes: Any) -> Change:
    """A fall of six points from April to October, almost certain, looked at alone."""
    given: dict[str, Any] = {
        "kind": "wave", "label": "", "start": pd.Timestamp("2024-04-09"), "end": pd.Timestamp("2024-10-09"),
        "estimate": -0.10, "low": -0.13, "high": -0.07, "probability": 0.999, "adjusted": 0.995, "waves": 3,
        "houses": 1, "compared": 3, "segment": 1, "share_start": 0.46, "share_end": 0.36, "within": np.nan,
    }  # fmt: skip
    return Change(**(given | changes))


def an_event(day: str, label: str = "An event") -> dict[str, Any]:
    """A declared event as survey.toml holds it."""
    return {"date": date.fromisoformat(day), "label": label, "shock": "weigh"}
