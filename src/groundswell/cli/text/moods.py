"""A mood and its items, and movements two by two, as text for a terminal."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import pandas as pd

from groundswell.terminal_table import aligned
from groundswell.trends.moods.mood import AGAINST, FOLLOWS, NOT_TIED, REFERENCE, Mood
from groundswell.trends.moods.movements import APART, FEWEST_WAVES, OPPOSED, TOGETHER, WEAK
from groundswell.trends.moods.movements import UNTOLD as UNTOLD_MOVEMENT
from groundswell.trends.moods.one_mood import SILENT
from groundswell.trends.moods.parameters import SLOPE_SD
from groundswell.trends.moods.ties import FEWEST_SHARED

FOLLOWED = {
    REFERENCE: "the reference",
    FOLLOWS: "moves with the mood",
    AGAINST: "moves against the mood: is its direction right?",
    NOT_TIED: f"not tied: fewer than {FEWEST_SHARED} waves each in the time of any tied item",
}
UNCERTAIN = "cannot tell: it may say nothing of the mood"
MOVED = {
    TOGETHER: "move together",
    OPPOSED: "move in opposite directions",
    APART: f"do not move together to speak of: the correlation lies within {WEAK:g} of 0",
}


def mood_text(mood: Mood, scale: tuple[float, float] | None, left_out: pd.DataFrame | None) -> str:
    """The newest level, the items, what each is worth to the others, and what all of it rests on."""
    reference = mood.reference
    last = max(item.waves.table["end"].max() for item in mood.tied)
    lines = [
        f"one mood of {len(mood.tied)} items, on the scale of `{reference}`, as of {mood.as_of:%Y-%m-%d}",
        f"{last:%Y-%m-%d}: {_level(mood.level(last), scale)}",
        f"`{reference}` alone: {_level(mood.trends[reference].level(last), scale)}",
        "",
        _items(mood),
    ]
    if left_out is not None:
        lines += ["", _left_out(left_out)]
    return "\n".join([*lines, "", "what this rests on:", *(f"- {line}" for line in assumptions(mood))])


def assumptions(mood: Mood) -> Iterator[str]:
    """What is taken for granted, in sentences."""
    reference = mood.reference
    yield f"the mood is what `{reference}` measures; the others tell of it as far as they move with it"
    yield (
        "each other item is an intercept, a slope times the mood, and a slow movement of its own, all in logits; the "
        "slope does not change with the years"
    )
    if any(item.direction < 0 for item in mood.tied):
        names = ", ".join(f"`{item.name}`" for item in mood.tied if item.direction < 0)
        yield f"a higher share of {names} was declared to mean less of the mood"
    yield (
        f"a slope is 1 ± {SLOPE_SD:g} beforehand and may be negative, and with a probability of {SILENT:g} an item "
        "says nothing of the mood: one that disagrees is seen, not forced"
    )
    wordings = mood.trends[reference].segments[-1].scale.wordings
    if wordings > 1:
        yield (
            f"`{reference}` was asked in {wordings} wordings: the mood is told in the newest, and where no wave "
            "bridges a change of wording the other items do"
        )
    yield "no shocks are looked for; the errors of items asked in one wave may be alike, and how much is learnt"
    yield "the intervals hold what such surveys would say on average; an error common to all of them shows in none"


def movements_text(table: pd.DataFrame) -> str:
    """Each pair: the correlation of movements, and what may be said of it."""
    head = ["", "waves", "correlation of movements (95%)", ""]
    rows = [head]
    for row in table.to_dict("records"):
        known = pd.notna(row["correlation"])
        interval = f"{row['correlation']:.2f} ({row['low']:.2f} to {row['high']:.2f})" if known else ""
        waves = f"{row['waves_first']}, {row['waves_second']}"
        rows.append([f"`{row['first']}` and `{row['second']}`", waves, interval, _moved(row)])
    return "\n".join(
        [
            aligned(rows, right=(1, 2)),
            "waves: of each, in the time that both cover; movements: what levels gain or lose besides a steady drift",
            "that two levels move together, or that one moves first, says nothing of why",
        ]
    )


def _moved(row: Mapping[Hashable, Any]) -> str:
    """What may be said of one pair."""
    if row["verdict"] == UNTOLD_MOVEMENT:
        return f"cannot tell: {_why_untold(row)}"
    told = MOVED[row["verdict"]]
    if row["lead"] == UNTOLD_MOVEMENT:
        return told
    return f"{told}; `{row[row['lead']]}` moves first, by {row['lead_days']:.0f} days"


def _why_untold(row: Mapping[Hashable, Any]) -> str:
    """Why nothing may be said of one pair."""
    if min(row["waves_first"], row["waves_second"]) < FEWEST_WAVES:
        return f"{FEWEST_WAVES} waves of each are needed"
    if row["low"] > 0.0 or row["high"] < 0.0:
        return f"of independent levels that swing as slowly, {row['by_chance']:.0%} agree as much"
    return "the interval is too wide"


def _items(mood: Mood) -> str:
    """A row an item."""
    rows = [["item", "waves", "slope (95%)", "of the mood", "slope told", ""]]
    for row in mood.items.to_dict("records"):
        tied = row["verdict"] not in (REFERENCE, NOT_TIED)
        sloped = tied and pd.notna(row["slope"])
        slope = f"{row['slope']:.2f} ({row['slope_low']:.2f} to {row['slope_high']:.2f})" if sloped else ""
        rows.append(
            [
                f"{row['item']}{' (reversed)' if row['direction'] == -1 else ''}",
                f"{row['waves']}",
                slope,
                f"{row['common']:.0%}" if tied else "",
                f"{row['told']:.0%}" if sloped else "",
                FOLLOWED.get(row["verdict"], UNCERTAIN),
            ]
        )
    notes = (
        "of the mood: how much of what moves the item's level is the mood; slope told: how much of what was open about "
        "the slope the waves have told"
    )
    return f"{aligned(rows, right=range(1, 5))}\n{notes}"


def _left_out(scores: pd.DataFrame) -> str:
    """What the other items are worth to each."""
    rows = [["left out", "waves", "error with the others", "without", "ratio", "95% held", "without"]]
    for row in scores.to_dict("records"):
        cells = [row["item"], f"{row['waves']}"]
        if row["waves"]:
            cells += [
                f"{100 * row['crps_mood']:.2f}",
                f"{100 * row['crps_alone']:.2f}",
                f"{row['ratio']:.2f}",
            ]
            cells += [f"{row['inside95_mood']:.0%}", f"{row['inside95_alone']:.0%}"]
        rows.append(cells + [""] * (len(rows[0]) - len(cells)))
    notes = (
        "each item's waves, a fifth at a time, forecast from its others with the other items and without; error: CRPS "
        "in points; a ratio below 1: the other items help"
    )
    return f"{aligned(rows, right=range(1, 7))}\n{notes}"


def _level(levels: pd.DataFrame, scale: tuple[float, float] | None) -> str:
    """The first level of a table with its interval, in percent or on its scale."""
    low, high = (0.0, 100.0) if scale is None else scale
    level, *ends = (low + (high - low) * levels[name].iloc[0] for name in ("share", "low95", "high95"))
    unit = "%" if scale is None else ""
    return f"{level:.1f}{unit} (95%: {ends[0]:.1f} to {ends[1]:.1f}{unit})"
