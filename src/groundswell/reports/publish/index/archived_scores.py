"""How the forecasts of a survey's reports held, as the archive's pages show it: in all, by house and by year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from groundswell.reports.evidence.earlier.ledger import Record
from groundswell.trends.checks.scoring_rules import score_summary

NEEDED: Final = ["house", "end", "ahead", "crps", "inside50", "inside80", "inside95"]
"""The columns of a scores.csv that the pages are made of."""


@dataclass(frozen=True)
class Held:
    """How so many forecasts held: the parts of them that fell inside each interval, and the mean CRPS.

    `whose` is a house or a year, "" for all; `held` is by the interval's percent; `crps` is in share units, and of a
    mean in parts of its scale.
    """

    whose: str
    figures: int
    held: dict[int, float]
    crps: float


@dataclass(frozen=True)
class ForecastRecord:
    """What a survey's pages show of its forecasts. `unsound` are reports whose scores do not count, since they are not
    as they were published; `lost` is the report at which their chain breaks, "" where it is whole; `afterwards` counts
    forecasts that were made when their figure was out already."""

    all: Held
    by_house: list[Held]
    by_year: list[Held]
    afterwards: int
    unscored: int
    unsound: tuple[str, ...]
    lost: str = ""


def forecast_record(record: Record, house_names: Mapping[str, str]) -> ForecastRecord | None:
    """What the pages show of the record along a chain of reports; None where no forecast was ever scored.

    `house_names` has the houses as the newest of these reports knows them, by their keys.
    """
    came, unsound = record
    scored = came[came["crps"].notna()]
    if scored.empty:
        return None
    scored = scored.assign(year=scored["end"].dt.year)
    return ForecastRecord(
        all=_held(scored)[0],
        by_house=_held(scored.replace({"house": dict(house_names)}), "house"),
        by_year=_held(scored, "year")[::-1],
        afterwards=int((~scored["ahead"].astype(bool)).sum()),
        unscored=len(came) - len(scored),
        unsound=unsound,
    )


def _held(scored: pd.DataFrame, by: str | None = None) -> list[Held]:
    ordered = scored.sort_values(by) if by else scored
    return [
        Held(
            whose=str(row[by]) if by else "",
            figures=int(row["forecasts"]),
            held={percent: float(row[f"coverage{percent}"]) for percent in (50, 80, 95)},
            crps=float(row["crps"]),
        )
        for row in score_summary(ordered, [by] if by else []).to_dict("records")
    ]
