"""The houses' figure: how far each house, in each wording and mode, stands from the level."""

from __future__ import annotations

from typing import Any

import pandas as pd

from groundswell.reports.evidence.reading import Reading
from groundswell.reports.evidence.scale import wording
from groundswell.reports.figures.figure import Figure
from groundswell.reports.figures.placement import text_size
from groundswell.reports.html import style
from groundswell.reports.language.language import Language, mark
from groundswell.reports.language.measure import Measure, measure_of

ROW_HEIGHT, NARROW_ROW = 27, 42
TOP, BOTTOM = 26, 30
MOST_LEFT = 330
NONE = 1e-6
ROOM = 0.36
"""Part of the width that the words of one side need on a phone."""


def house_rows(reading: Reading, language: Language) -> pd.DataFrame:
    """House effects on the day of the newest wave, with `waves` used, `name` and `wording`, the largest effect last.

    A combination that the level is scaled on has no distance of its own; it is kept, its interval has no width.
    """
    rows = reading.house_effects()
    if rows.empty:
        return rows
    used = reading.used.groupby(["house", "variant", "mode"]).size().rename("waves").reset_index()
    rows = rows.merge(used, on=["house", "variant", "mode"])
    rows["name"] = [reading.house_name(house) for house in rows["house"]]
    combinations = rows[["house", "variant", "mode"]].astype(str).to_numpy()
    rows["wording"] = [
        wording(reading, house, variant, mode, language) for house, variant, mode in combinations
    ]
    rows["scale"] = rows["se"] <= NONE
    return rows.sort_values(["estimate", "wording"]).reset_index(drop=True)


def house_figure(reading: Reading, language: Language) -> Figure | None:
    """Points with their 95% interval, one line a house; None where there is nothing to compare."""
    rows = house_rows(reading, language)
    if rows.empty or rows["scale"].all():
        return None
    say = language.say
    date, measure = language.date(rows["date"].iloc[0]), measure_of(reading.indicator, language)
    caption = say(
        mark(
            "How far each house, in its wording and mode, stands from the level on {date}, on the scale of {ends}. "
            "A distance is not an error: houses ask in other words."
        )
        if measure.mean
        else mark(
            "How far each house, in its wording and mode, stands from the level on {date}, in percentage points. "
            "A distance is not an error: houses ask in other words."
        ),
        date=date,
        ends=measure.scale,
    )
    return Figure(
        key=f"houses-{reading.key}",
        spec={"data": [_points(reading, rows, measure)], "layout": _layout(rows, measure)},
        title=say("{title}: houses", title=reading.title),
        caption=caption,
        alternative=" ".join(_sentence(row, measure) for _, row in rows.iloc[::-1].iterrows()),
        numbers=_numbers(rows, measure),
        language=language,
        notes=(say("Marks: the distance; lines: its 95% interval. Shapes and colours as in the trend."),),
        method=say(
            "A house’s distance is part of the trend’s fit: what its waves have in common beyond the level, drawn "
            "towards none where there are few. A house’s further wordings and modes have distances of their own."
        ),
        group=say("Houses"),
        contents=reading.title,
    )


def _full_name(row: pd.Series) -> str:
    return f"{row['name']} ({row['wording']})" if row["wording"] else str(row["name"])


def _sentence(row: pd.Series, measure: Measure) -> str:
    language = measure.language
    waves = language.count("{n} wave", "{n} waves", int(row["waves"]))
    if row["scale"]:
        return language.say("{name}: the level is on this scale, {waves}.", name=_full_name(row), waves=waves)
    return language.say(
        "{name}: {effect} (95%: {low} to {high}), {waves}.",
        name=_full_name(row),
        effect=measure.change_in_words(row["estimate"]),
        low=measure.change(row["low"]),
        high=measure.change(row["high"]),
        waves=waves,
    )


def _numbers(rows: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    say, newest, decimals = measure.language.say, rows.iloc[::-1], measure.digits + 1
    distances = {
        say("Distance from the level") if measure.mean else say("Points from the level"): "estimate",
        say("95% from"): "low",
        say("up to"): "high",
    }
    columns = {
        say("House"): newest["name"],
        say("Wording and mode"): newest["wording"],
        say("waves"): newest["waves"],
        **{name: measure.drawn_change(newest[end]).round(decimals) for name, end in distances.items()},
    }
    table = pd.DataFrame(columns).reset_index(drop=True)
    table.attrs["digits"] = dict.fromkeys(distances, decimals)
    return table


def _points(reading: Reading, rows: pd.DataFrame, measure: Measure) -> dict[str, Any]:
    decimals = measure.digits + 1
    effect, low, high = (measure.drawn_change(rows[end]) for end in ("estimate", "low", "high"))
    effect = effect.round(decimals)
    places = [reading.houses().index(house) for house in rows["house"]]
    inks = [style.LIGHT[style.house_colour(rank)] for rank in places]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": effect.tolist(),
        "y": list(range(len(rows))),
        "text": [style.plotly_text(_sentence(row, measure)) for _, row in rows.iterrows()],
        "hovertemplate": "%{text}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "size": 9,
            "symbol": [style.SHAPES[rank % len(style.SHAPES)] for rank in places],
            "color": [
                style.LIGHT["page"] if rank == 0 else ink for rank, ink in zip(places, inks, strict=True)
            ],
            "line": {"width": 1.6, "color": inks},
        },
        "error_x": {
            "array": (high - effect).round(decimals).tolist(),
            "arrayminus": (effect - low).round(decimals).tolist(),
            "symmetric": False,
            "width": 0,
            "thickness": 2.5,
            "color": style.LIGHT["whisker"],
        },
    }


def _layout(rows: pd.DataFrame, measure: Measure) -> dict[str, Any]:
    language = measure.language
    left = min(max(text_size(_full_name(row), style.LABEL)[0] for _, row in rows.iterrows()) + 18, MOST_LEFT)
    height = TOP + BOTTOM + ROW_HEIGHT * len(rows)
    layout = style.layout(height=height, margin=(TOP, 118, BOTTOM, round(left)))
    low, high = measure.drawn_change(rows["low"].min()), measure.drawn_change(rows["high"].max())
    pad = max(high - low, measure.drawn_change(0.01)) * 0.04
    layout["xaxis"] |= {"range": [min(low, 0) - pad, max(high, 0) + pad], "showgrid": True, "nticks": 7}
    layout["yaxis"] |= {"range": [-0.6, len(rows) - 0.4], "showticklabels": False}
    layout["shapes"] = [
        {"type": "line", "x0": 0, "x1": 0, "yref": "paper", "y0": 0, "y1": 1, "layer": "below"}
        | {"line": {"width": 1, "color": style.LIGHT["faint"]}}
    ]
    names = [
        _label(_name(row, 200), line, {"x": 0, "xanchor": "right", "xshift": -12})
        for line, (_, row) in enumerate(rows.iterrows())
    ]
    start, end = layout["xaxis"]["range"]
    sides = [
        _label(
            text, len(rows), {"x": 0, "xref": "x", "xanchor": side, "xshift": shift, "yref": "paper", "y": 1}
        )
        | {"yanchor": "bottom", "font": {"size": style.SMALL, "color": style.LIGHT["muted"]}}
        for text, side, shift, room in (
            (language.say("← below the level"), "right", -8, -start),
            (language.say("above the level →"), "left", 8, end),
        )
        if room / (end - start) > ROOM
    ]
    layout["annotations"] = [*names, *_figures(rows, measure, short=False), *sides]
    above = [
        _label(_name(row, 46), line, {"x": 0, "xanchor": "left", "yshift": 15})
        for line, (_, row) in enumerate(rows.iterrows())
    ]
    layout["meta"] = {
        "narrow": {
            "height": TOP + BOTTOM + NARROW_ROW * len(rows),
            "margin": {"t": TOP, "r": 48, "b": BOTTOM, "l": 4, "pad": 0},
            "xaxis": layout["xaxis"] | {"nticks": 4},
            "yaxis": layout["yaxis"] | {"range": [-0.6, len(rows) - 0.2]},
            "annotations": [*above, *_figures(rows, measure, short=True), *sides],
        }
    }
    return layout


def _figures(rows: pd.DataFrame, measure: Measure, *, short: bool) -> list[dict[str, Any]]:
    """The effect in figures, at the right; where there is room also the waves that it rests on."""
    labels, language = [], measure.language
    for line, (_, row) in enumerate(rows.iterrows()):
        text = language.say("scale") if row["scale"] else f"<b>{measure.change(row['estimate'])}</b>"
        labels.append(_label(text, line, {"x": 1, "xanchor": "left", "xshift": 8}))
        if not short:
            waves = language.count("{n} wave", "{n} waves", int(row["waves"]))
            muted = {"font": {"size": style.SMALL, "color": style.LIGHT["muted"]}}
            labels.append(_label(waves, line, {"x": 1, "xanchor": "left", "xshift": 48} | muted))
    return labels


def _name(row: pd.Series, room: int) -> str:
    """The house in bold and its wording next to it, cut to `room` letters."""
    name = str(row["name"])
    rest = f" · {row['wording']}" if row["wording"] else ""
    if len(name + rest) > room:
        rest = rest[: max(room - len(name) - 1, 0)].rstrip() + "…"
    return f"<b>{style.plotly_text(name)}</b>{style.plotly_text(rest)}"


def _label(text: str, line: int, where: dict[str, Any]) -> dict[str, Any]:
    base = {"xref": "paper", "y": line, "showarrow": False, "align": "left", "text": text}
    return base | {"font": {"size": style.LABEL, "color": style.LIGHT["ink"]}} | where
