"""How a survey's frozen forecasts held: all that is known, before a word of it is said."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from groundswell.reports.evidence.earlier.ledger import Record
from groundswell.trends.checks.scoring_rules import INTERVALS, score_summary
from groundswell.waves import Survey

BY = ("all", "indicator", "house", "year")


@dataclass(frozen=True, eq=False, kw_only=True)
class CalibrationEvidence:
    """The record of a survey's forecasts up to a day.

    `newest` is the folder of the report with which the chain ends, "" where there is none.
    """

    survey: Survey
    as_of: pd.Timestamp
    newest: str
    record: Record

    @property
    def figures(self) -> pd.DataFrame:
        """Every figure that came since there are forecasts, scored or not, oldest first, as figures.csv holds it."""
        return self.record.scores.sort_values("end", kind="stable", ignore_index=True)

    @cached_property
    def scored(self) -> pd.DataFrame:
        """The figures that were scored, with the `year` in which their fieldwork ended."""
        scored = self.figures[self.figures["crps"].notna()]
        return scored.assign(year=pd.to_datetime(scored["end"]).dt.year.astype("str"), all="")

    @property
    def misses(self) -> pd.DataFrame:
        """The scored figures outside their 95% interval, the newest first."""
        return self.scored[self.scored["inside95"] == 0].iloc[::-1]

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Coverage and CRPS in all and by indicator, house and year, as calibration.csv holds them.

        `by, whose, forecasts, crps` (share units), and for each interval `coverage<percent>` with the ends of its own
        95% interval (see `score_summary`). No rows where nothing was scored.
        """
        if self.scored.empty:
            return pd.DataFrame(columns=["by", "whose", "forecasts", "crps"])
        tables = [
            score_summary(self.scored.sort_values(name, kind="stable"), [name])
            .rename(columns={name: "whose"})
            .assign(by=name)
            for name in BY
        ]
        together = pd.concat(tables, ignore_index=True)
        return together[["by", "whose", *(name for name in together if name not in ("by", "whose"))]]

    def coverage(self) -> dict[int, tuple[float, float, float]]:
        """For each interval's percent the part of all scored figures inside it, with the ends of its 95% interval."""
        if self.scored.empty:
            return {}
        row = self.summary.iloc[0]
        return {
            percent: tuple(float(row[f"coverage{percent}{end}"]) for end in ("", "_low", "_high"))  # type: ignore[misc]
            for percent in INTERVALS
        }

    def too_few(self) -> list[int]:
        """The intervals that held fewer figures than chance explains: their own 95% interval lies below the promise."""
        return [percent for percent, (_, _, high) in self.coverage().items() if high < percent / 100]

    def too_many(self) -> list[int]:
        """The intervals that held more figures than chance explains: they are wider than they need be."""
        return [percent for percent, (_, low, _) in self.coverage().items() if low > percent / 100]
