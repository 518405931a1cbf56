"""The axes of a figure over time: dates named in the reader's language, shares or means in round steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure

FEW_DAYS = 92
MOST_TICKS = 7


def share_steps(seen: pd.Series, measure: Measure) -> tuple[float, float, float]:
    """Lowest and highest number of an axis that holds these shares, and the step between its ticks."""
    every = measure.drawn(seen.dropna())
    low, high = float(every.min()), float(every.max())
    step = measure.tick_step(high - low, MOST_TICKS)
    return measure.whole_steps(low, high, step)


def in_months(dates: tuple[pd.Timestamp, pd.Timestamp]) -> bool:
    """Whether the axis names months, with the year on a second line."""
    return (dates[1] - dates[0]).days < 2 * 365.25


def date_axis(
    dates: tuple[pd.Timestamp, pd.Timestamp], language: Language, *, narrow: bool
) -> dict[str, Any]:
    """Years as ticks, months where the figure spans less than two years, fortnights where less than a quarter."""
    days = (dates[1] - dates[0]).days
    years = days / 365.25
    if days < FEW_DAYS:
        ticks = _named_ticks(pd.date_range(dates[0].ceil("D"), dates[1], freq="14D"), language.day_of_month)
    elif in_months(dates):
        months = 1 if years < 0.6 and not narrow else 3 if years < 1.2 or not narrow else 6
        every = pd.date_range(dates[0], dates[1], freq="MS")
        ticks = _named_ticks(every[(every.month - 1) % months == 0], language.month_name)
    else:
        most = 5 if narrow else 10
        step = next(step for step in (1, 2, 5, 10, 20, 50) if years / step <= most or step == 50)
        first = -(-dates[0].year // step) * step
        ticks = {"dtick": f"M{12 * step}", "tick0": f"{first}-01-01", "tickformat": "%Y"}
    ends = [day.strftime("%Y-%m-%d") for day in dates]
    return {"type": "date", "range": ends, "showline": True, "ticks": "outside", "ticklen": 4} | ticks


def _named_ticks(days: pd.DatetimeIndex, name: Callable[[pd.Timestamp], str]) -> dict[str, Any]:
    """Ticks on these days with their names in the reader's language; a year stands under its first one."""
    new_year = [index == 0 or day.year != days[index - 1].year for index, day in enumerate(days)]
    text = [
        name(day) + (f"<br>{day.year}" if first else "") for day, first in zip(days, new_year, strict=True)
    ]
    return {"tickvals": [day.strftime("%Y-%m-%d") for day in days], "ticktext": text}


def share_axis(low: float, high: float, step: float, measure: Measure) -> dict[str, Any]:
    """Ticks from `low` to `high`, with their words."""
    ticks = [float(tick) for tick in np.arange(low, high + step / 2, step)]
    text = measure.tick_texts(ticks, step)
    pad = (high - low) * 0.01
    return {"range": [low - pad, high + pad], "showgrid": True, "tickvals": ticks, "ticktext": text}
