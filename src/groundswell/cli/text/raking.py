"""What raking a wave did, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from groundswell.estimates.of_wave.weights.raking import RakedWave, WeightedWave
from groundswell.estimates.weighting.without_category import WithoutOne
from groundswell.reports.language.without_category import RULES
from groundswell.shortened import shortened
from groundswell.terminal_table import aligned

FAR = 0.0005
"""Distances from the population below this, in share units, are shown as none."""


def as_text(weighted: WeightedWave) -> str:
    """Each category's share before, after and in the population, what was done for it, and what the weights cost."""
    rows = [["margin", "category", "population", "before", "after", "was off by", "is off by"]]
    for _, row in weighted.distances.iterrows():
        shares = [f"{row[name]:.1%}" for name in ("population", "before", "after")]
        rows.append(
            [str(row["margin"]), shortened(str(row["category"]), 40), *shares]
            + [_points(float(row[name])) for name in ("distance_before", "distance_after")]
        )
    cost = [["weights", "n", "lowest", "highest", "Kish deff", "effective n", "held by the heaviest 1%"]]
    for _, row in weighted.diagnostics.iterrows():
        low, high = (f"{row[name] / row['mean']:.2f}" for name in ("low", "high"))
        n, deff, worth = f"{row['n']:,.0f}", f"{row['deff']:.2f}", f"{row['n_effective']:,.0f}"
        cost.append([str(row["weights"]), n, low, high, deff, worth, f"{row['top_share']:.1%}"])
    raked = weighted.raked
    sources = [
        f"{variable}: {margin.source} ({margin.file})" for variable, margin in raked.margins.margins.items()
    ]
    rounds = "1 round" if raked.iterations == 1 else f"{raked.iterations} rounds"
    return "\n".join(
        [
            aligned(rows, right=range(2, 7)),
            f"held after {rounds}; totals from {'; '.join(sources)}",
            *_done(raked),
            "",
            aligned(cost, right=range(1, 7)),
            "lowest and highest in mean weights",
        ]
    )


def _done(raked: RakedWave) -> Iterator[str]:
    """What stands between the margins as printed and the wave, one line each."""
    for variable in raked.margins.not_asked:
        yield f"{variable}: not asked in this wave, as it says, and not raked to"
    for variable, margin in raked.margins.margins.items():
        for name, parts in margin.parts.items():
            yield f"{variable}: {', '.join(f'`{part}`' for part in parts)} taken together as `{name}`"
        if variable in raked.rescaled:
            yield (
                f"{variable}: its totals sum to {raked.rescaled[variable]:,.12g}, rescaled to {raked.whole:,.12g} "
                "(a difference by rounding)"
            )
        if variable in raked.without:
            yield f"{variable}: {_without(raked.without[variable])}"


def _without(found: WithoutOne) -> str:
    who = "1 respondent has" if found.respondents == 1 else f"{found.respondents:,} respondents have"
    own = (
        "" if found.chosen else " (nothing was chosen; `--without-category` or the wave's `[weighting]` does)"
    )
    of_whom = "" if found.rule == "hot_deck" else "; shares above are of those with one"
    return f"{who} no category ({found.share:.1%} of the weight), {RULES[found.rule]}{own}{of_whom}"


def _points(distance: float) -> str:
    """A distance in percentage points with its sign."""
    return "0" if abs(distance) < FAR else f"{100 * distance:+.1f}"
