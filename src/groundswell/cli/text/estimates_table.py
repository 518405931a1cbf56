"""A table of estimates as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from groundswell.shortened import shortened
from groundswell.terminal_table import aligned


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
    what = {
        "share": f"{row['variable']} = {row['category']}",
        "mean": f"mean of {row['variable']}",
        "total": f"total of {row['variable']}" + (f" = {row['category']}" if row["category"] else ""),
        "ratio": f"ratio {row['variable']}",
        "quantile": f"quantile {row['category']} of {row['variable']}",
    }[row["statistic"]]
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


def crosstab_text(table: pd.DataFrame, tests: pd.DataFrame | None, column: str) -> str:
    """Answers down, domains across, each share with its interval; below it the tests of independence, if any."""
    domains, answers = table[column].unique(), table["category"].unique()
    cells = table.set_index([column, "category"])
    rows = [
        [str(table["variable"].iloc[0]), *(f"{column} = {shortened(str(domain), 20)}" for domain in domains)]
    ]
    for answer in answers:
        figures = [_figures(cells.loc[(domain, answer)]) for domain in domains]
        rows.append([shortened(answer, 40), *(f"{f[2]} ({f[4]})" if f[4] else f[2] for f in figures)])
    rows.append(["n", *(f"{cells.loc[(domain, answers[0]), 'n']:,.0f}" for domain in domains)])
    crossed = aligned(rows, range(1, len(rows[0])))
    if tests is None:
        return crossed
    said = [["test", "statistic", "df", "denominator df", "p"]]
    for _, test in tests.iterrows():
        numbers = (test["statistic"], test["df"], test["ddf"], test["p"])
        said.append([test["kind"], *("" if pd.isna(number) else f"{number:.4g}" for number in numbers)])
    return "\n\n".join([crossed, aligned(said, range(1, 5))])
