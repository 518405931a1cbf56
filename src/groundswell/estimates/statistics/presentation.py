"""Whether a share may be printed, by the presentation standards of the National Center for Health Statistics (NCHS).

| verdict | when |
|---|---|
| `suppress` | n or effective n below 30; or the interval is 0.30 wide or more; or above 0.05 and 130% of the share |
| `review` | it may be shown, yet nobody or everybody gave the answer, or there are fewer than 8 degrees of freedom |
| `complement` | it may be shown, with a note that one less the share may not: the interval is wider than 130% of that |
| `present` | none of these |

The interval is Korn and Graubard's at 95% on an effective n that allows for the degrees of freedom and is never above
n, whichever interval the table has. Example: 3% with an interval from 1 to 6% is exactly 0.05 wide, and may be shown.

Source: Parker, Talih, Malec, et al. 2017, National Center for Health Statistics Data Presentation Standards for
Proportions, Vital and Health Statistics 2(175); Korn & Graubard 1998, Survey Methodology 24.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from groundswell.arrays import Flags, Floats
from groundswell.errors import InputError
from groundswell.estimates.variance.intervals import clopper_pearson, t_quantile

SMALLEST_N = 30
WIDEST, NARROW = 0.30, 0.05
"""Absolute widths of the interval: from the first on a share is suppressed, up to the second it is always precise."""
WIDEST_RELATIVE = 1.3
FEWEST_DF = 8
_SUPPRESSING = ("n", "n_effective", "width", "relative_width")
_TAIL = 0.025
_ROUNDING = 1e-12
"""A width within this of a bound is the bound."""


def nchs_presentation(table: pd.DataFrame) -> pd.DataFrame:
    """A table of shares with `nchs`, the verdict, and `nchs_reason`: what speaks against the share, in codes.

    The codes are `n`, `n_effective`, `width`, `relative_width` (suppress), `events`, `df` (review), `complement`. Both
    are empty where a row is no share (a mean, a net score) or 1 by its base, as a total is.

    Args:
        table: of `shares` or `crosstab`.

    Raises:
        InputError: a table without the columns of a table of shares.

    Example: of 144 elementary schools a share may be shown, of 14 high schools not.
        >>> from groundswell.estimates import nchs_presentation
        >>> schools = pd.read_csv("tests/reference/apiclus1.csv")
        >>> shares = gs.shares(schools, gs.Design(weights="pw", psu="dnum"), "awards=Yes", by=["stype"])
        >>> nchs_presentation(shares)[["stype", "n", "nchs"]]
          stype    n      nchs
        0     E  144   present
        1     H   14  suppress
        2     M   25  suppress
    """
    missing = [name for name in ("n", "estimate", "se", "low", "high", "df") if name not in table]
    if missing:
        raise InputError(
            f"`{missing[0]}` is not a column of the table: give a table of `shares` or `crosstab`"
        )
    n, share, se, df = (table[name].to_numpy(np.float64) for name in ("n", "estimate", "se", "df"))
    reasons = _reasons(n, share, se, df)
    judged = ~np.isnan(share) & ~((share == 1) & (table["low"] == 1).to_numpy())
    if "statistic" in table:
        judged &= (table["statistic"] == "share").to_numpy()
    suppressed = np.any([reasons[code] for code in _SUPPRESSING], axis=0)
    reviewed = ~suppressed & (reasons["events"] | reasons["df"])
    noted = ~suppressed & ~reviewed & reasons["complement"]
    verdict = np.select(
        [~judged, suppressed, reviewed, noted], ["", "suppress", "review", "complement"], "present"
    )
    counted = {"suppress": _SUPPRESSING, "review": ("events", "df"), "complement": ("complement",)}
    why = [
        " ".join(code for code in counted.get(str(word), ()) if reasons[code][place])
        for place, word in enumerate(verdict)
    ]
    return table.assign(nchs=verdict.astype(object), nchs_reason=why)


def _reasons(n: Floats, share: Floats, se: Floats, df: Floats) -> dict[str, Flags]:
    """What speaks against each share, by code."""
    certain = (share <= 0) | (share >= 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = np.where(certain, n, share * (1 - share) / se**2)
        allowed = (t_quantile(_TAIL, n - 1.0) / t_quantile(_TAIL, df)) ** 2
        allowed = np.minimum(n, np.where(certain, n, effective * np.nan_to_num(allowed)))
        low, high = clopper_pearson(share, allowed, _TAIL)
        width = np.where(np.isnan(low) | np.isnan(high), 1.0, high - low)
        relative, of_rest = width / share, width / (1 - share)
    wide = width > NARROW + _ROUNDING
    return {
        "n": n < SMALLEST_N,
        "n_effective": np.minimum(effective, n) < SMALLEST_N,
        "width": width >= WIDEST - _ROUNDING,
        "relative_width": wide & (share > 0) & (relative > WIDEST_RELATIVE + _ROUNDING),
        "events": certain,
        "df": df < FEWEST_DF,
        "complement": wide & (share < 1) & (of_rest > WIDEST_RELATIVE + _ROUNDING),
    }
