"""The small figure of what moved since the last report: one line an indicator, its level then and now.

Drawn as SVG whose places are percentages, so that it fits any column and its letters keep their size.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from markupsafe import Markup

from groundswell.reports.evidence.differences import Move
from groundswell.reports.evidence.previous import Before
from groundswell.reports.html.markup import fill
from groundswell.reports.html.tables import csv_link, table
from groundswell.reports.language.language import Language

LEFT, RIGHT = 2.0, 98.0
"""The axis, in percent of the figure's width."""


def difference_figure(moved: list[Move], before: Before, language: Language) -> Markup:
    """A dumbbell an indicator: open, the level as the last report published it; full, its newest level."""
    say = language.say
    ends = [
        level[end] * 100 for move in moved for level in (move.then, move.now) for end in ("low95", "high95")
    ]
    low, high, ticks = _axis(min(ends), max(ends))

    def at(share: float) -> str:
        return f"{LEFT + (share * 100 - low) / (high - low) * (RIGHT - LEFT):.2f}%"

    def mark(level: Mapping[str, float]) -> dict[str, str]:
        return {name: at(level[name]) for name in ("share", "low95", "high95")}

    lines = [
        {
            "title": move.reading.title,
            "then": mark(move.then),
            "now": mark(move.now),
            "words": say(
                "{then} on {then_day}, {now} on {now_day}",
                then=language.percent(move.then["share"]),
                then_day=language.date(move.then_day),
                now=language.percent(move.now["share"]),
                now_day=language.date(move.now_day),
            ),
        }
        for move in moved
    ]
    numbers = _numbers(moved, language)
    title = say("Then and now")
    values = {
        "title": title,
        "caption": say(
            "Open: the level of the newest wave as the report of {date} published it. Full: the newest level now. "
            "Lines are 95% intervals.",
            date=language.date(before.as_of),
        ),
        "lines": lines,
        "ticks": [{"x": at(tick / 100), "text": language.percent(tick / 100)} for tick in ticks],
        "table": table(numbers, language, caption=title),
        "csv": csv_link(numbers, "since-last.csv", language),
    }
    return fill("difference_figure.html.j2", language, values)


def _axis(low: float, high: float) -> tuple[float, float, list[float]]:
    """Both ends of the axis and its ticks, in percent."""
    step = next(
        step for step in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0) if (high - low) / step <= 6 or step == 50.0
    )
    first, last = np.floor(low / step) * step, np.ceil(high / step) * step
    return float(first), float(last), [float(tick) for tick in np.arange(first, last + step / 2, step)]


def _numbers(moved: list[Move], language: Language) -> pd.DataFrame:
    """The figure's numbers: levels in percent, and the four parts of the move in points."""
    say = language.say
    rows = [
        (
            move.reading.title,
            language.date(move.then_day),
            move.then["share"] * 100,
            move.method * 100,
            move.rows * 100,
            move.hindsight * 100,
            np.nan if move.movement is None else move.movement["estimate"] * 100,
            language.date(move.now_day),
            move.now["share"] * 100,
        )
        for move in moved
    ]
    names = (
        say("Indicator"),
        say("Newest wave then"),
        say("Level as published, %"),
        say("Changed method, points"),
        say("Revised rows, points"),
        say("New waves on the same day, points"),
        say("Movement since, points"),
        say("Newest wave now"),
        say("Level now, %"),
    )
    return pd.DataFrame(rows, columns=names)
