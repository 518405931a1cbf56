"""A table of estimates as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from groundswell.aligned import aligned, shortened


def as_text(table: pd.DataFrame, by: Sequence[str], level: float) -> str:
    """The table for a reader: shares as percent, errors in points, with their intervals."""
    heads = [
        *by,
        "estimate of",
        "n",
        "effective n",
        "estimate",
        "std. error",
        f"{level:.4g}".removeprefix("0.") + "%",
    ]
    return aligned(
        [heads, *(_cells(row, by) for _, row in table.iterrows())], right=range(len(by) + 1, len(heads))
    )


def _cells(row: pd.Series, by: Sequence[str]) -> list[str]:
    """One estimate's cells."""
    what = (
        f"{row['variable']} = {row['category']}"
        if row["statistic"] == "share"
        else f"mean of {row['variable']}"
    )
    return [*(shortened(str(row[name]), 30) for name in by), shortened(what, 50), *_figures(row)]


def _figures(row: pd.Series) -> list[str]:
    """n, effective n, estimate, standard error and interval, a share in percent."""
    n = f"{row['n']:,.0f}"
    if pd.isna(row["estimate"]):
        return [n, "", "no answer", "", ""]
    scale, unit = (100, "%") if row["statistic"] == "share" else (1, "")
    digits = 1 if unit else 4
    estimate, se, low, high = (
        f"{row[name] * scale:,.{digits}f}" if unit else f"{row[name]:,.{digits}g}"
        for name in ("estimate", "se", "low", "high")
    )
    return [n, f"{row['n_effective']:,.0f}", estimate + unit, se, f"{low} to {high}"]
