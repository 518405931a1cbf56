"""The houses' figure: how far each house, in each wording and mode, stands from the level."""

from __future__ import annotations

from typing import Any

import pandas as pd

from groundswell.reports import figure_style as style
from groundswell.reports.figure import Figure
from groundswell.reports.language import Language
from groundswell.reports.reading import Reading

ROW_HEIGHT = 30
NONE = 1e-6


def house_rows(reading: Reading) -> pd.DataFrame:
    """House effects on the day of the newest wave, with `waves` used and `name`, the largest distance first.

    A combination that the level is scaled on has no distance of its own and is left out.
    """
    if not reading.segments:
        return pd.DataFrame()
    rows = reading.segments[-1].trend.houses()
    used = reading.used.groupby(["house", "variant", "mode"]).size().rename("waves").reset_index()
    rows = rows.merge(used, on=["house", "variant", "mode"])
    rows["name"] = [_name(reading, row) for _, row in rows.iterrows()]
    return rows[rows["effect_se"] > NONE].sort_values("effect").reset_index(drop=True)


def _name(reading: Reading, row: pd.Series) -> str:
    """The house, with its wording and mode only where the house has several."""
    mine = reading.used[reading.used["house"] == row["house"]]
    several = [row["mode"]] if mine["mode"].nunique() > 1 else []
    if mine["variant"].nunique() > 1:
        several.insert(0, row["variant"].removeprefix(f"{row['house']}-").replace("-", " "))
    name = reading.house_name(row["house"])
    return f"{name} ({', '.join(several)})" if several else name


def house_figure(reading: Reading, language: Language) -> Figure | None:
    """Points with their 95% interval, one line a house; None where there is nothing to compare."""
    rows = house_rows(reading)
    if rows.empty:
        return None
    say = language.say
    places = list(range(len(rows)))
    height = 60 + ROW_HEIGHT * len(rows)
    layout = style.layout(height=height, margin=(8, 64, 34, 300))
    low, high = rows["low95"].min() * 100, rows["upp95"].max() * 100
    layout["xaxis"] |= {
        "range": [min(low, 0) - 1, max(high, 0) + 1],
        "showgrid": True,
        "ticksuffix": "",
        "nticks": 7,
    }
    names = [_short(style.plotly_text(name), 42) for name in rows["name"]]
    layout["yaxis"] |= {"range": [-0.6, len(rows) - 0.4], "tickvals": places, "ticktext": names}
    layout["shapes"] = [
        {
            "type": "line",
            "x0": 0,
            "x1": 0,
            "yref": "paper",
            "y0": 0,
            "y1": 1,
            "line": {"width": 1, "color": style.LIGHT["ink"]},
            "layer": "below",
        }
    ]
    layout["annotations"] = [
        {
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 8,
            "y": place,
            "showarrow": False,
            "align": "left",
            "text": language.points(effect),
            "font": {"size": style.LABEL, "color": style.LIGHT["ink"]},
        }
        for place, effect in zip(places, rows["effect"], strict=True)
    ]
    layout["meta"] = {"narrow": _narrow(layout, rows, height)}
    return Figure(
        key=f"houses-{reading.key}",
        spec={"data": [_points(rows, language)], "layout": layout},
        title=say("{title}: houses", title=reading.title),
        caption=say(
            "How far each house, in its wording and mode, stands from the level: percentage points on "
            "{date}, with 95% intervals. A distance is not an error: houses ask in other words.",
            date=language.date(rows["date"].iloc[0]),
        ),
        alternative=" ".join(
            say(
                "{name}: {effect} points (95%: {low} to {upp}), {waves}.",
                name=row["name"],
                effect=language.points(row["effect"]),
                low=language.points(row["low95"]),
                upp=language.points(row["upp95"]),
                waves=language.count("{n} wave", "{n} waves", int(row["waves"])),
            )
            for _, row in rows.iterrows()
        ),
        numbers=pd.DataFrame(
            {
                say("House"): rows["name"],
                say("waves"): rows["waves"],
                say("Points from the level"): (rows["effect"] * 100).round(1),
                say("95% from"): (rows["low95"] * 100).round(1),
                say("up to"): (rows["upp95"] * 100).round(1),
            }
        ),
        language=language,
        level=3,
    )


def _points(rows: pd.DataFrame, language: Language) -> dict[str, Any]:
    effect = (rows["effect"] * 100).round(1)
    text = [
        f"<b>{style.plotly_text(row['name'])}</b><br>{language.points(row['effect'], 1)} "
        f"(95%: {language.points(row['low95'], 1)} … {language.points(row['upp95'], 1)})"
        for _, row in rows.iterrows()
    ]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": effect.tolist(),
        "y": list(range(len(rows))),
        "text": text,
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": 9, "color": style.LIGHT["level"]},
        "error_x": {
            "array": (rows["upp95"] * 100 - effect).round(1).tolist(),
            "arrayminus": (effect - rows["low95"] * 100).round(1).tolist(),
            "symmetric": False,
            "width": 0,
            "thickness": 2,
            "color": style.LIGHT["band50"],
        },
    }


def _narrow(layout: dict[str, Any], rows: pd.DataFrame, height: int) -> dict[str, Any]:
    """On a phone names stand above their lines instead of beside them."""
    names = [
        {
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": place,
            "yshift": 14,
            "showarrow": False,
            "text": _short(style.plotly_text(name), 44),
            "font": {"size": style.SMALL, "color": style.LIGHT["muted"]},
        }
        for place, name in enumerate(rows["name"])
    ]
    return {
        "height": height + 14 * len(rows),
        "margin": {"t": 22, "r": 44, "b": 30, "l": 4, "pad": 0},
        "yaxis": layout["yaxis"] | {"showticklabels": False},
        "xaxis": layout["xaxis"] | {"nticks": 4},
        "annotations": [*layout["annotations"], *names],
    }


def _short(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"
