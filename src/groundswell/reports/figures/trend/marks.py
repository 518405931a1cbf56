"""The marks of a trend figure: every observation by its house, as Plotly traces.

Shares are drawn in percent, means on their scale. Traces carry their hover text ready made, in the reader's language
and escaped, so that no label can become markup.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from groundswell.reports.evidence.reading import Reading, figure_range, is_range
from groundswell.reports.figures.curves import Trace, iso
from groundswell.reports.html.style import LIGHT, SHAPES, house_colour, plotly_text
from groundswell.reports.language.language import Language
from groundswell.reports.language.left_out import left_out_words
from groundswell.reports.language.measure import measure_of

MANY = 150
CROWDED = 2000
"""Waves from which on a figure draws points alone: their hover texts and margins would weigh more than all else."""
HOVER = "<b>%{fullData.name}</b><br>%{text}<extra></extra>"
CROWDED_HOVER = "<b>%{fullData.name}</b><br>%{x|%Y-%m-%d}: %{y}<extra></extra>"
LONG_FIELDWORK = pd.Timedelta(days=20)


def house_traces(reading: Reading, language: Language) -> list[Trace]:
    """One trace a house of its used waves, one of those left out, and one of its ranges."""
    traces: list[Trace] = []
    for rank, house in enumerate(reading.houses()):
        rows = reading.drawn[reading.drawn["house"] == house]
        single = ~is_range(rows)
        used = rows["left_out"] == ""
        for part, hollow in ((rows[single & used], False), (rows[single & ~used], True)):
            if not part.empty:
                traces.append(_points(reading, part, rank, language, hollow=hollow))
        if (~single).any():
            traces.append(_ranges(reading, rows[~single], rank, language))
    return traces


def marker(rank: int, many: bool, *, hollow: bool) -> dict[str, Any]:
    """The shape and colour of the house with this rank in the order of houses; marks left out of the fit are hollow."""
    main = rank == 0
    ink = LIGHT[house_colour(rank)]
    fill: str | list[str] = LIGHT["page"] if main or hollow else ink
    return {
        "symbol": SHAPES[rank % len(SHAPES)],
        "size": (5 if many else 7.5) - (1 if hollow else 0),
        "color": fill,
        "opacity": 0.7 if hollow else 1,
        "line": {"width": 1 if many or hollow else 1.4, "color": LIGHT["faint"] if hollow and main else ink},
    }


def _points(reading: Reading, rows: pd.DataFrame, rank: int, language: Language, *, hollow: bool) -> Trace:
    measure = measure_of(reading.indicator, language)
    half = (rows["end"] - rows["start"].fillna(rows["end"])) / 2
    trace: Trace = {
        "type": "scatter",
        "mode": "markers",
        "x": iso(rows["middle"]),
        "y": [measure.at(float(share)) for share in rows["share"]],
        "name": plotly_text(reading.house_name(str(rows["house"].iloc[0]))),
        "marker": marker(rank, len(reading.drawn) > MANY, hollow=hollow),
        "cliponaxis": False,
        **({"hovertemplate": CROWDED_HOVER} if is_crowded(reading) else _told(reading, rows, language)),
    }
    if rank == 0 and not hollow and other_wordings(reading):
        apart = rows["variant"].isin(other_wordings(reading))
        trace["marker"]["color"] = [LIGHT["whisker" if other else "page"] for other in apart]
    if (half > LONG_FIELDWORK / 2).any():
        wide = [h / pd.Timedelta(milliseconds=1) if h > LONG_FIELDWORK / 2 else 0 for h in half]
        trace["error_x"] = {"array": wide, "color": LIGHT["whisker"], "thickness": 1, "width": 0}
    return trace


def is_crowded(reading: Reading) -> bool:
    """Whether the figure has more waves than can be told one by one."""
    return len(reading.drawn) > CROWDED


def _told(reading: Reading, rows: pd.DataFrame, language: Language) -> Trace:
    """What a trace says of each of its waves: the hover text, and the margin as a whisker."""
    measure = measure_of(reading.indicator, language)
    margin = measure.drawn_change((rows["share_high"] - rows["share_low"]) / 2).round(1 + measure.digits)
    return {
        "text": [wave_text(reading, row, language) for _, row in rows.iterrows()],
        "hovertemplate": HOVER,
        "error_y": {
            "array": [None if np.isnan(m) else m for m in margin],
            "color": LIGHT["whisker"],
            "thickness": 1,
            "width": 0,
        },
    }


def other_wordings(reading: Reading) -> list[str]:
    """Wordings of the main house whose scale is not the level's, where the level is on one of its wordings.

    None where every wording changed at once: then each part of the level is on the scale of its own.
    """
    if reading.unbridged() or not reading.segments:
        return []
    asked, house = reading.segments[-1].scale.asked, reading.houses()[0]
    if len(asked) > 1 or asked["house"].iloc[0] != house:
        return []
    mine = reading.used.loc[reading.used["house"] == house, "variant"]
    return sorted(set(mine) - {str(asked["variant"].iloc[0])})


def _ranges(reading: Reading, rows: pd.DataFrame, rank: int, language: Language) -> Trace:
    """Published ranges as bars: what was printed has no middle."""
    x: list[str | None] = []
    y: list[float | None] = []
    text: list[str | None] = []
    measure = measure_of(reading.indicator, language)
    for (_, row), day in zip(rows.iterrows(), iso(rows["middle"]), strict=True):
        low, high = figure_range(row)
        x += [day, day, None]
        y += [measure.at(low), measure.at(high), None]
        text += [wave_text(reading, row, language)] * 2 + [None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "text": text,
        "name": plotly_text(reading.house_name(str(rows["house"].iloc[0]))),
        "hovertemplate": HOVER,
        "cliponaxis": False,
        "line": {"width": 6, "color": LIGHT[house_colour(rank)]},
    }


def wave_text(reading: Reading, row: pd.Series, language: Language) -> str:
    """What a reader sees of one observation below its house: fieldwork, mode, share, n, and why it is left out."""
    say = language.say
    lines = [language.period(row["start"], row["end"], row["precision"])]
    if row["house"] in reading.of_several_modes and row["mode"]:
        lines.append(plotly_text(language.word(row["mode"])))
    low, high = figure_range(row)
    measure = measure_of(reading.indicator, language)
    share = measure.printed(low, high, row["rounding"])
    if pd.notna(row["share_low"]) and pd.isna(row["range_low"]):
        share += f" ± {measure.margin(row['share_low'], row['share_high'])}"
    size = say("n not published") if pd.isna(row["n"]) else say("n {n}", n=language.number(int(row["n"])))
    lines.append(f"{share} · {size}")
    if row["left_out"]:
        reason = left_out_words(row, reading.survey, language)
        lines.append(plotly_text(say("left out of the fit: {reason}", reason=reason)))
    return "<br>".join(lines)
