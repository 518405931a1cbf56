"""Nominal against held coverage: one line an interval, what it promises and what it held, on one axis."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from groundswell.reports.html.markup import fill
from groundswell.reports.html.tables import csv_link, table
from groundswell.reports.language.language import Language

LEFT, RIGHT = 2.0, 98.0
"""The axis, in percent of the figure's width."""
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def coverage_figure(coverage: Mapping[int, tuple[float, float, float]], language: Language) -> Markup:
    """Open: what an interval promises. Full: the part of the figures that it held, with its own 95% interval."""
    say = language.say

    def at(part: float) -> str:
        return f"{LEFT + part * (RIGHT - LEFT):.2f}%"

    lines = [
        {
            "title": say("{percent} intervals", percent=language.percent(percent / 100)),
            "words": say(
                "held {held} ({interval})",
                held=language.percent(held),
                interval=language.interval95(low, high),
            ),
            "promised": at(percent / 100),
            "held": at(held),
            "low": at(low),
            "high": at(high),
        }
        for percent, (held, low, high) in coverage.items()
    ]
    numbers = pd.DataFrame(
        [(percent, *(100 * part for part in parts)) for percent, parts in coverage.items()],
        columns=[say("Interval, %"), say("Held, %"), say("95% from"), say("95% to")],
    )
    title = say("What the intervals promise, and what they held")
    values = {
        "title": title,
        "caption": say(
            "Open: the part of figures that an interval promises to hold. Full: the part that it held. Lines are 95% "
            "intervals of that part, as if the figures were independent of each other."
        ),
        "lines": lines,
        "ticks": [{"x": at(tick), "text": language.percent(tick)} for tick in TICKS],
        "table": table(numbers, language, caption=title),
        "csv": csv_link(numbers, "coverage.csv", language),
    }
    return fill("coverage_figure.html.j2", language, values)
