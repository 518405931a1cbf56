"""Plans of new waves side by side, as text for a terminal."""

from __future__ import annotations

import pandas as pd

from groundswell.terminal_table import aligned

LIKELY = 0.8
"""A plan is recommended that settles the question with at least this probability."""


def plans_text(plans: pd.DataFrame, *, width: float, probability: float, change: float | None) -> str:
    """The plans, and the one with fewest interviews that is likely to do; `width` is that of the scale in points."""
    told = "found" if change is not None else "settled"
    head = ["waves", "interviews each", "in all", "95% interval, points", "settled"]
    rows = [head + ([f"{change:+g} found"] if change is not None else [])]
    for plan in plans.to_dict("records"):
        cells = [f"{plan[name]:,.0f}" for name in ("waves", "n", "interviews")]
        settled = (
            f"{plan['settles']:.0%}" if plan["waves"] else "yes today" if plan["settles"] else "not today"
        )
        cells += [f"{width * plan['width']:.1f}", settled]
        rows.append(cells + ([_percent(plan["finds"])] if change is not None else []))
    asked = plans["finds"] if change is not None else plans["settles"]
    likely = plans[asked >= LIKELY].sort_values(["interviews", "waves"])
    lines = [
        aligned(rows, right=range(len(rows[0]))),
        f"settled: how probably the direction of the change will then be known, with a probability of {probability:g}",
    ]
    if plans["settles"].iloc[0] == 1.0:
        lines.append("no new wave is needed: the direction is known today")
    elif likely.empty:
        lines.append(
            f"no plan here reaches {LIKELY:.0%}: the largest has {_percent(asked.iloc[1:].max())}; take a later date "
            "or a larger change, or more waves: the house's lasting distance and the level's own course count too"
        )
    else:
        best = likely.iloc[0]
        lines.append(
            f"fewest interviews with {LIKELY:.0%} {told}: {best['interviews']:,.0f}, in {best['waves']:.0f} of "
            f"{best['n']:,.0f} each"
        )
    return "\n".join(lines)


def _percent(share: float) -> str:
    return "" if pd.isna(share) else f"{share:.0%}"
