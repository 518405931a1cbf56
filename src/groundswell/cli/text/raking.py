"""What raking a wave did, as text for a terminal."""

from __future__ import annotations

from groundswell.aligned import aligned, shortened
from groundswell.estimates.of_wave.raking import WeightedWave

FAR = 0.0005
"""Distances from the population below this, in share units, are shown as none."""


def as_text(raked: WeightedWave) -> str:
    """Each category's share before, after and in the population, then what the weights cost."""
    rows = [["margin", "category", "population", "before", "after", "was off by", "is off by"]]
    for _, row in raked.distances.iterrows():
        shares = [f"{row[name]:.1%}" for name in ("population", "before", "after")]
        rows.append(
            [str(row["margin"]), shortened(str(row["category"]), 40), *shares]
            + [_points(float(row[name])) for name in ("distance_before", "distance_after")]
        )
    cost = [["weights", "n", "lowest", "highest", "Kish deff", "effective n", "held by the heaviest 1%"]]
    for _, row in raked.diagnostics.iterrows():
        low, high = (f"{row[name] / row['mean']:.2f}" for name in ("low", "high"))
        n, deff, worth = f"{row['n']:,.0f}", f"{row['deff']:.2f}", f"{row['n_effective']:,.0f}"
        cost.append([str(row["weights"]), n, low, high, deff, worth, f"{row['top_share']:.1%}"])
    sources = [f"{variable}: {source}" for variable, source in raked.sources.items()]
    rounds = "1 round" if raked.iterations == 1 else f"{raked.iterations} rounds"
    return "\n".join(
        [
            aligned(rows, right=range(2, 7)),
            f"held after {rounds}; totals from {'; '.join(sources)}",
            "",
            aligned(cost, right=range(1, 7)),
            "lowest and highest in mean weights",
        ]
    )


def _points(distance: float) -> str:
    """A distance in percentage points with its sign."""
    return "0" if abs(distance) < FAR else f"{100 * distance:+.1f}"
