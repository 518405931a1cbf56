"""Small multiples: one small panel a domain, its shares through the waves and its level, everyone's level behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from groundswell.reports.evidence.by_domain.domains import (
    Domain,
    domain_notes,
    domains_in_order,
    whole_name,
)
from groundswell.reports.evidence.by_domain.followed_domains import MOST_FOLLOWED
from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.scale import scale_words
from groundswell.reports.evidence.told import has_line
from groundswell.reports.figures.curves import Trace, band, line, thinned
from groundswell.reports.figures.domain_words import domain_sentence, panel_numbers
from groundswell.reports.figures.figure import Figure
from groundswell.reports.html import style
from groundswell.reports.language.language import Language
from groundswell.reports.language.measure import Measure, measure_of
from groundswell.vocabulary import EVERYONE
from groundswell.waves.wave.wave_toml import Wave

PANEL, HEAD, FIRST_HEAD, GAP = 104, 54, 24, 14
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 4, 26
COLUMNS, NARROW_COLUMNS = 4, 2
LEVEL_POINTS = 60
SEEN = 0.001
"""In share units: what a line in a small panel may miss its curve by."""


@dataclass(frozen=True)
class Cell:
    """A panel's place: its domain, row of panels and column."""

    domain: Domain
    row: int
    column: int


def domain_panels(
    reading: Reading,
    rows: pd.DataFrame,
    waves: Sequence[Wave],
    language: Language,
    levels: pd.DataFrame | None = None,
) -> Figure | None:
    """The panels of one indicator; None where no wave has domains.

    `rows` are the indicator's rows of the observations table, hidden ones without figures; `levels` those of its
    followed domains, as domain_trend.csv holds them.
    """
    by_domain = rows[rows["domain"] != EVERYONE]
    if reading.since is not None:
        by_domain = by_domain[by_domain["end"] >= reading.since]
    if by_domain.empty:
        return None
    domains = domains_in_order(by_domain["domain"], waves, language)
    panels = _with_room(domains)
    if not panels:
        return None
    say, measure = language.say, measure_of(reading.indicator, language)
    by_domain = by_domain.assign(middle=by_domain["start"] + (by_domain["end"] - by_domain["start"]) / 2)
    level = _lined(reading, levels)
    spec = _spec(reading, by_domain, panels, measure, level)
    parts = [
        say("Mean in each domain on {ends} with its 95% interval, all on one axis.", ends=measure.scale)
        if measure.mean
        else say("Share in each domain with its 95% interval, all on one scale.")
    ]
    parts += _what_the_lines_are(reading, level, panels, language)
    left = sorted({domain.variable for domain in domains} - {domain.variable for domain in panels})
    if left:
        parts.append(say("Too many categories to draw: {variables}.", variables=", ".join(left)))
    return Figure(
        key=f"domains-{reading.key}",
        spec=spec,
        title=say("{title}: domains", title=reading.title),
        caption=" ".join(parts),
        alternative=" ".join(domain_sentence(by_domain, domain, measure) for domain in panels),
        numbers=panel_numbers(by_domain, domains, measure),
        language=language,
        notes=domain_notes(reading.survey, by_domain["flags"], language),
        level=3,
    )


def _lined(reading: Reading, levels: pd.DataFrame | None) -> pd.DataFrame:
    """The levels of domains that are drawn as a line: those of stretches with waves enough for one."""
    if levels is None or levels.empty:
        return pd.DataFrame(columns=["domain", "segment", "borrows"])
    lined = [segment.number for segment in reading.segments if has_line(reading, segment)]
    return levels[levels["segment"].isin(lined)]


def _what_the_lines_are(
    reading: Reading, level: pd.DataFrame, panels: Sequence[Domain], language: Language
) -> list[str]:
    """The sentences of the caption about the lines of the panels."""
    if reading.drawn_level is None:
        return []
    say = language.say
    scale = scale_words(reading, reading.segments[-1], language)
    mine = level[level["domain"].isin([domain.key for domain in panels])]
    if mine.empty:
        return [
            say(
                "The line is everyone’s level, on the scale of {scale}: no trend is fitted to a domain.",
                scale=scale,
            )
            if scale
            else say("The line is everyone’s level: no trend is fitted to a domain.")
        ]
    own = say(
        "The blue line with its 95% band is the domain’s level, learnt from how far the domains of each wave lie "
        "apart. The grey line is everyone’s level."
    )
    said = [own] if not scale else [own, say("Levels are on the scale of {scale}.", scale=scale)]
    alone = [whole_name(domain) for domain in panels if domain.key not in set(mine["domain"])]
    if alone:
        said.append(say("No level is fitted to: {domains}.", domains="; ".join(alone)))
    newest = mine[mine["date"] == mine["date"].max()]
    if newest["borrows"].any():
        named = {domain.key: whole_name(domain) for domain in panels}
        borrowers = "; ".join(named[key] for key in newest.loc[newest["borrows"], "domain"])
        said.append(say("More than half borrowed from the other domains: {domains}.", domains=borrowers))
    return said


def _with_room(domains: Sequence[Domain]) -> list[Domain]:
    """The domains of variables with few enough categories."""
    many = pd.Series([domain.variable for domain in domains]).value_counts()
    return [domain for domain in domains if many[domain.variable] <= MOST_FOLLOWED]


def _cells(domains: Sequence[Domain], columns: int) -> list[Cell]:
    """Panels row by row; each variable starts a row."""
    cells: list[Cell] = []
    row, column, variable = -1, 0, ""
    for domain in domains:
        if domain.variable != variable or column == columns:
            row, column, variable = row + 1, 0, domain.variable
        cells.append(Cell(domain, row, column))
        column += 1
    return cells


def _spec(
    reading: Reading, rows: pd.DataFrame, panels: list[Domain], measure: Measure, levels: pd.DataFrame
) -> dict[str, Any]:
    level = reading.drawn_level
    data: list[dict[str, Any]] = []
    for index, domain in enumerate(panels):
        axes = {"xaxis": f"x{index + 1}", "yaxis": f"y{index + 1}"}
        if level is not None:
            data.append(_level_line(level, measure) | axes)
        data += [trace | axes for trace in _own_level(levels[levels["domain"] == domain.key], measure)]
        data.append(_points(rows[rows["domain"] == domain.key], domain, reading, measure) | axes)
    dates, shares = _dates(rows), _shares(rows, level, levels, measure)
    unseen = {domain.key for domain in panels} - set(rows.loc[rows["share"].notna(), "domain"])
    layout = _layout(panels, COLUMNS, dates, shares, unseen, measure)
    layout["meta"] = {"narrow": _layout(panels, NARROW_COLUMNS, dates, shares, unseen, measure)}
    return {"data": data, "layout": layout}


def _level_line(level: pd.DataFrame, measure: Measure) -> Trace:
    """Everyone's level, thinned out."""
    kept = level.iloc[np.unique(np.linspace(0, len(level) - 1, LEVEL_POINTS).round().astype(int))]
    return line([kept], style.LIGHT["faint"], measure, width=1.2)


def _own_level(level: pd.DataFrame, measure: Measure) -> list[Trace]:
    """A domain's band and line, interrupted where the level breaks."""
    thin = [thinned(piece, ["share", "low95", "high95"], SEEN) for _, piece in level.groupby("segment")]
    if not thin:
        return []
    return [
        band(thin, "low95", "high95", style.LIGHT["band95"], measure),
        line(thin, style.LIGHT["level"], measure, width=1.4),
    ]


def _points(rows: pd.DataFrame, domain: Domain, reading: Reading, measure: Measure) -> dict[str, Any]:
    """One domain's waves; hidden ones have no mark."""
    language = measure.language
    shown = rows[rows["share"].notna()].sort_values("middle")
    houses = reading.houses()
    symbols = [
        style.SHAPES[(houses.index(house) if house in houses else 0) % len(style.SHAPES)]
        for house in shown["house"]
    ]
    words = [
        f"<b>{style.plotly_text(whole_name(domain))}</b><br>"
        f"{language.period(row['start'], row['end'], row['precision'])}<br>{measure.number(row['share'], 1)} "
        f"({measure.interval95(row['share_low'], row['share_high'], 1)}), n = {language.number(row['n'])}"
        for _, row in shown.iterrows()
    ]
    decimals = 2 + measure.digits
    share = measure.drawn(shown["share"]).round(decimals)
    return {
        "type": "scatter",
        "mode": "markers",
        "name": style.plotly_text(whole_name(domain)),
        "x": [day.strftime("%Y-%m-%d") for day in shown["middle"]],
        "y": share.tolist(),
        "text": words,
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 5.5, "symbol": symbols, "color": style.LIGHT["level"]},
        "error_y": {
            "array": (measure.drawn(shown["share_high"]) - share).round(decimals).tolist(),
            "arrayminus": (share - measure.drawn(shown["share_low"])).round(decimals).tolist(),
            "symmetric": False,
            "width": 0,
            "thickness": 1.2,
            "color": style.LIGHT["band50"],
        },
    }


def _dates(rows: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    first, last = rows["middle"].min(), rows["middle"].max()
    pad = max((last - first) * 0.04, pd.Timedelta(days=5))
    return first - pad, last + pad


def _shares(
    rows: pd.DataFrame, level: pd.DataFrame | None, levels: pd.DataFrame, measure: Measure
) -> tuple[float, float, float]:
    """The one axis of all panels: from, up to, and the step between its ticks."""
    seen = [rows["share_low"], rows["share_high"]] + ([] if level is None else [level["share"]])
    seen += [] if levels.empty else [levels["low95"], levels["high95"]]
    every = measure.drawn(pd.concat(seen).dropna())
    if every.empty:
        return *measure.ends, (measure.ends[1] - measure.ends[0]) / 2
    low, high = float(every.min()), float(every.max())
    step = measure.tick_step(high - low, 5)
    pad = (high - low) * 0.04
    return low - pad, high + pad, step


def _layout(
    panels: list[Domain],
    columns: int,
    dates: tuple[pd.Timestamp, pd.Timestamp],
    shares: tuple[float, float, float],
    unseen: set[str],
    measure: Measure,
) -> dict[str, Any]:
    """Axes and names of every panel, `unseen` ones called hidden.

    Rows are counted from the top; places are fractions of the drawn area.
    """
    language = measure.language
    cells = _cells(panels, columns)
    count = cells[-1].row + 1
    inside = FIRST_HEAD + count * PANEL + (count - 1) * HEAD
    layout = style.layout(height=inside + TOP + BOTTOM, margin=(TOP, RIGHT, BOTTOM, LEFT))
    share = 1 / columns
    low, high, step = shares
    first, last = max(low, measure.ends[0]), min(high, measure.ends[1])
    ticks = np.arange(np.ceil(first / step) * step, last + step / 1000, step)
    text = measure.tick_texts(ticks.tolist(), step)
    days = pd.date_range(dates[0], dates[1], periods=5)[[1, 3]]
    annotations: list[dict[str, Any]] = []
    for index, cell in enumerate(cells):
        number = index + 1
        left = cell.column * share + (GAP / 860 if cell.column else 0)
        top = 1 - (FIRST_HEAD + cell.row * (PANEL + HEAD)) / inside
        x = style.axis(domain=[round(left, 4), round((cell.column + 1) * share - GAP / 860, 4)])
        x |= {"anchor": f"y{number}", "type": "date", "range": [day.strftime("%Y-%m-%d") for day in dates]}
        x |= {"tickvals": [day.strftime("%Y-%m-%d") for day in days], "showline": True}
        x |= {"ticktext": [language.short_month(day) for day in days], "tickfont": _small()}
        y = style.axis(domain=[round(max(top - PANEL / inside, 0), 4), round(top, 4)], anchor=f"x{number}")
        y |= {"range": [low, high], "tickvals": ticks.tolist(), "ticktext": text, "showgrid": True}
        y |= {"showticklabels": cell.column == 0, "ticks": "", "tickfont": _small()}
        layout[f"xaxis{number if index else ''}"], layout[f"yaxis{number if index else ''}"] = x, y
        first = index == 0 or cells[index - 1].domain.variable != cell.domain.variable
        said = language.say("hidden") if cell.domain.key in unseen else ""
        annotations.append(_name(cell.domain, left, top, first=first, said=said))
    layout["annotations"] = annotations
    return layout


def _small() -> dict[str, Any]:
    return {"size": 11, "color": style.LIGHT["muted"]}


def _name(domain: Domain, left: float, top: float, *, first: bool, said: str) -> dict[str, Any]:
    """The panel's name over it, the variable's before that of its first panel, and what is `said` of it after."""
    name = style.plotly_text(domain.label)
    text = f"<b>{style.plotly_text(domain.variable)}</b> {name}" if first else name
    return {
        "text": f"{text}: {said}" if said else text,
        "xref": "paper",
        "yref": "paper",
        "x": round(left, 4),
        "y": round(top, 4),
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 3,
        "showarrow": False,
        "font": {"size": style.SMALL, "color": style.LIGHT["muted" if said else "ink"]},
    }
