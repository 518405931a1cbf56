"""How a wave's weights are spread: respondents by weight, before and after raking where there are both."""

from __future__ import annotations

from typing import Any

import pandas as pd

from groundswell.estimates.of_wave.sample import BASE, LAST, RAKED
from groundswell.reports.figures.figure import Figure
from groundswell.reports.html import style
from groundswell.reports.language.language import Language
from groundswell.reports.language.marked_words import WEIGHTS

HEIGHT = 240


def weights_figure(
    diagnostics: pd.DataFrame, bins: pd.DataFrame, caption: str, language: Language, title: str
) -> Figure:
    """Steps of the share of respondents in each tenth of the mean weight.

    `diagnostics` and `bins` are the tables of `wave_sample`. A bin that was widened to hold enough respondents is
    as low as it is wide, so that areas compare.
    """
    say = language.say
    names = list(dict.fromkeys(bins["weights"]))
    data = [_steps(bins[bins["weights"] == name], name, language, main=name != BASE) for name in names]
    highest = max(max(trace["y"]) for trace in data)
    layout = style.layout(height=HEIGHT, margin=(12, 16, 44, 44))
    last = float(bins["high"].max())
    layout["xaxis"] |= {
        "range": [0, last],
        "showline": True,
        "ticks": "outside",
        "nticks": 10,
        "title": {"text": say("weight over the mean weight"), "font": {"size": style.SMALL}, "standoff": 6},
    }
    layout["yaxis"] |= {"range": [0, highest * 1.08], "showgrid": True, "nticks": 5}
    before, after = language.percent_signs
    layout["yaxis"] |= {"tickprefix": before, "ticksuffix": after}
    layout["shapes"] = [_mean()]
    return Figure(
        key="weights",
        spec={"data": data, "layout": layout},
        title=title,
        caption=caption,
        alternative=" ".join(_words(row, language) for _, row in diagnostics.iterrows()),
        numbers=_numbers(bins, language),
        language=language,
    )


def _steps(rows: pd.DataFrame, name: str, language: Language, *, main: bool) -> dict[str, Any]:
    """One outline; the filled one is what the estimates use, or would use."""
    share = rows["n"] / rows["n"].sum()
    per_tenth = (share / ((rows["high"] - rows["low"]) / 0.1) * 100).round(2)
    x = [float(rows["low"].iloc[0]), *rows["low"], float(rows["high"].iloc[-1]), float(rows["high"].iloc[-1])]
    y = [0.0, *per_tenth, float(per_tenth.iloc[-1]), 0.0]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": language.say(WEIGHTS[name]),
        "x": x,
        "y": y,
        "line": {
            "shape": "hv",
            "width": 1.6,
            "color": style.LIGHT["level" if main else "muted"],
            "dash": "solid" if main else "dot",
        },
        **({"fill": "tozeroy", "fillcolor": style.LIGHT["band95"]} if main else {}),
        "hoverinfo": "skip",
    }


def _mean() -> dict[str, Any]:
    line = {"width": 1, "dash": "dot", "color": style.LIGHT["faint"]}
    return {
        "type": "line",
        "x0": 1,
        "x1": 1,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "line": line,
        "layer": "below",
    }


def _words(row: pd.Series, language: Language) -> str:
    return language.say(
        "Weights {name}: {n} respondents are worth {worth}, design effect {deff}; the largest is {largest} times the "
        "mean, the heaviest 1% hold {top}.",
        name=language.say(WEIGHTS[row["weights"]]),
        n=language.number(row["n"]),
        worth=language.number(row["n_effective"]),
        deff=language.number(row["deff"], 2),
        largest=language.number(row["largest"], 1),
        top=language.percent(row["top_share"], 1),
    )


def _numbers(bins: pd.DataFrame, language: Language) -> pd.DataFrame:
    say = language.say
    highest = [say("and more") if high > LAST else language.number(high, 1) for high in bins["high"]]
    return pd.DataFrame(
        {
            say("Weights"): [say(WEIGHTS[name]) for name in bins["weights"]],
            say("from"): [language.number(low, 1) for low in bins["low"]],
            say("up to"): highest,
            say("respondents"): bins["n"].astype("Int64"),
        }
    )


def weights_table(diagnostics: pd.DataFrame, language: Language) -> pd.DataFrame:
    """The diagnostics with the reader's words, one line each kind of weights."""
    say = language.say
    rows = pd.DataFrame(
        {
            say("Weights"): [say(WEIGHTS[name]) for name in diagnostics["weights"]],
            say("n"): diagnostics["n"].astype("Int64"),
            say("deff (Kish)"): diagnostics["deff"],
            say("effective n"): diagnostics["n_effective"].round().astype("Int64"),
            say("largest / mean"): diagnostics["largest"],
            say("held by the heaviest 1%"): [
                language.percent(share, 1) for share in diagnostics["top_share"]
            ],
        }
    )
    rows.attrs["digits"] = {say("deff (Kish)"): 2, say("largest / mean"): 1}
    rows.attrs["right"] = (say("held by the heaviest 1%"),)
    return rows


def key_words(bins: pd.DataFrame, language: Language) -> str:
    """How the two outlines are told apart, where there are two."""
    if {BASE, RAKED} <= set(bins["weights"]):
        return language.say("Dotted: before raking; filled: after.")
    return ""
