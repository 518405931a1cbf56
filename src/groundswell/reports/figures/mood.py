"""The figure of a mood: its level with its bands, and the level that its reference shows alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from groundswell.reports.evidence.declared.moods import MoodReading
from groundswell.reports.figures.axes import date_axis, in_months, share_axis, share_steps
from groundswell.reports.figures.curves import Trace, band, drawn, iso, line, thinned
from groundswell.reports.figures.figure import Figure
from groundswell.reports.html import style
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure, measure_of

ROWS = 12
"""Of the table under the figure."""


def mood_figure(reading: MoodReading, titles: Mapping[str, str], language: Language) -> Figure | None:
    """The mood on the scale of its reference, whose own level is the grey line; None where no mood can be told.

    `titles` are the indicators' names by their keys.
    """
    level, alone = reading.level, reading.alone
    if level.empty:
        return None
    say, measure = language.say, measure_of(reading.reference.indicator, language)
    newest = level.iloc[-1]
    told = {
        "share": measure.number(newest["share"]),
        "when": language.in_month(newest["date"]),
        "interval": measure.span(newest["low95"], newest["high95"]),
        "reference": language.quoted(reading.reference.title),
        "questions": language.listed(
            [language.quoted(titles.get(key, key)) for key in reading.declared.items]
        ),
    }
    caption = say(
        "One level through {questions}, on the scale of {reference}: {share} {when} (95%: {interval}).",
        **told,
    )
    rows = level.iloc[_spread(len(level))]
    return Figure(
        key=f"mood-{reading.key}",
        spec={
            "data": _traces(level, alone, measure, language),
            "layout": _layouts(level, alone, measure, language),
        },
        title=reading.declared.title,
        caption=caption,
        alternative=_alternative(level, measure, language),
        numbers=_numbers(rows, measure, language),
        language=language,
        notes=(
            say(
                "Blue line: the mood, with its 50% and 95% bands. Grey line: the level of {reference} alone, each "
                "stretch in what was asked then.",
                reference=language.quoted(reading.reference.title),
            ),
        ),
        group=say("Trend"),
        contents=reading.declared.title,
    )


def _traces(level: pd.DataFrame, alone: pd.DataFrame, measure: Measure, language: Language) -> list[Trace]:
    """Bands, both lines, and the words that a pointer finds on the mood's."""
    seen = float(level["high95"].max() - level["low95"].min()) / style.HEIGHT
    traces = [
        band([thinned(level, [low, high], seen)], low, high, style.LIGHT[colour], measure)
        for low, high, colour in (("low95", "high95", "band95"), ("low50", "high50", "band50"))
    ]
    pieces = [piece for _, piece in alone.groupby("segment")] if "segment" in alone else [alone]
    thin = [thinned(piece, ["share"], seen) for piece in pieces if len(piece) > 1]
    traces.append(line(thin, style.LIGHT["faint"], measure, width=1.4))
    traces.append(line([thinned(level, ["share"], seen)], style.LIGHT["level"], measure, width=2.2))
    rows = level.iloc[_spread(len(level), 60)]
    words = [
        f"{language.date(row['date'])}<br><b>{measure.number(row['share'])}</b>  "
        f"{measure.interval95(row['low95'], row['high95'])}"
        for _, row in rows.iterrows()
    ]
    unseen = {"mode": "lines", "line": {"width": 0}, "hovertemplate": "%{text}<extra></extra>"}
    x, y = iso(rows["date"]), drawn(rows["share"], measure)
    return [
        *traces,
        {"type": "scatter", "name": language.say("mood"), "x": x, "y": y, "text": words, **unseen},
    ]


def _layouts(
    level: pd.DataFrame, alone: pd.DataFrame, measure: Measure, language: Language
) -> dict[str, Any]:
    """The layout for the page's column, with the one for a phone inside."""
    steps = share_steps(pd.concat([level["low95"], level["high95"], alone["share"]]), measure)
    wide = _layout(level, steps, measure, language, narrow=False)
    narrow = _layout(level, steps, measure, language, narrow=True)
    wide["meta"] = {"narrow": {name: narrow[name] for name in ("height", "margin", "xaxis", "yaxis")}}
    return wide


def _layout(
    level: pd.DataFrame,
    steps: tuple[float, float, float],
    measure: Measure,
    language: Language,
    *,
    narrow: bool,
) -> dict[str, Any]:
    first, last = level["date"].min(), level["date"].max()
    pad = max((last - first) * 0.012, pd.Timedelta(days=5))
    dates = (first - pad, last + pad)
    height = style.NARROW_HEIGHT if narrow else style.HEIGHT
    layout = style.layout(height=height, margin=(16, 16, 46 if in_months(dates) else 30, 42))
    layout["xaxis"] |= date_axis(dates, language, narrow=narrow)
    layout["yaxis"] |= share_axis(*steps, measure)
    return layout


def _alternative(level: pd.DataFrame, measure: Measure, language: Language) -> str:
    """The first and the newest level, and how far it went in between, for who cannot see the drawing."""
    first, newest = level.iloc[0], level.iloc[-1]
    return language.say(
        "The mood was {first} {then} and is {newest} {now}; between them it lay from {low} to {high}.",
        first=measure.number(first["share"]),
        then=language.in_month(first["date"]),
        newest=measure.number(newest["share"]),
        now=language.in_month(newest["date"]),
        low=measure.number(level["share"].min()),
        high=measure.number(level["share"].max()),
    )


def _numbers(rows: pd.DataFrame, measure: Measure, language: Language) -> pd.DataFrame:
    """The table under the figure."""
    say = language.say
    return pd.DataFrame(
        {
            say("Date"): [language.date(day) for day in rows["date"]],
            say("Level"): [measure.number(share) for share in rows["share"]],
            language.percent(0.95): [
                measure.span(low, high) for low, high in zip(rows["low95"], rows["high95"], strict=True)
            ],
        }
    )


def _spread(count: int, most: int = ROWS) -> list[int]:
    """So many places among `count`, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return [round(place * (count - 1) / (most - 1)) for place in range(most)]
