"""Intervals for shares and means from an estimate, its standard error and its degrees of freedom.

Every interval uses Student's t with the stated degrees of freedom (R's `svyciprop` with `df=degf(design)`):
- "logit": the t interval on the logit scale, carried back; the default, stays within (0, 1); with replicate
  weights the standard error of the logit is the replicates' own;
- "wilson": Wilson's score interval with the effective n share (1 - share) / se^2 and t for z (R's survey
  4.5);
- "beta": Korn & Graubard 1998, Clopper-Pearson on the effective n corrected for the degrees of freedom;
  conservative;
- "asin": the t interval on the scale of asin(sqrt(share)), carried back;
- "mean": estimate plus and minus t standard errors; may leave [0, 1]. Means of numbers always use it.

A share of exactly 0 or 1 has a standard error of 0, from which every one of these would claim certainty.
There the interval is Korn & Graubard's on n over Kish's design effect, whichever kind was asked for.

References: Korn & Graubard 1998, Survey Methodology 24; Wilson 1927, JASA 22; Franco, Little, Louis & Slud
2019, Journal of Survey Statistics and Methodology 7.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import numpy as np
from scipy import special

from groundswell.arrays import Floats
from groundswell.errors import InputError, nearest
from groundswell.vocabulary import Interval


def t_quantile(probability: float, df: Floats) -> Floats:
    """Quantile of Student's t; NaN where `df` is not above 0, the normal's where it is infinite."""
    quantile: Floats = np.where(
        np.isinf(df), special.ndtri(probability), special.stdtrit(np.where(df > 0, df, np.nan), probability)
    )
    return quantile


def check_interval(interval: str, level: float) -> None:
    """Raise InputError for an unknown kind of interval or a level outside (0, 1)."""
    if interval not in get_args(Interval):
        raise InputError(f"`interval=` is `{interval}`: {nearest(interval, get_args(Interval))}")
    if not 0 < level < 1:
        raise InputError(f"`level=` is `{level}`: a level lies between 0 and 1 (0.95 for 95%)")


def mean_interval(estimate: Floats, se: Floats, df: Floats, level: float = 0.95) -> tuple[Floats, Floats]:
    """Estimate plus and minus t standard errors."""
    reach = t_quantile(0.5 + level / 2, df) * se
    return estimate - reach, estimate + reach


def share_interval(
    share: Floats,
    se: Floats,
    df: Floats,
    n: Floats,
    n_kish: Floats,
    *,
    interval: Interval = "logit",
    level: float = 0.95,
    logit_se: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Lower and upper ends of the interval of each share.

    Args:
        share, se, df: shares in [0, 1], standard errors and degrees of freedom.
        n, n_kish: respondents, and respondents over Kish's design effect (used where a share is 0 or 1).
        interval: the kind; level: its coverage, in (0, 1).
        logit_se: standard error of the logit where it is known (replicate weights); None: se / (share (1 -
            share)).

    Raises:
        InputError: as `check_interval`.
    """
    check_interval(interval, level)
    if interval == "beta":
        with np.errstate(divide="ignore", invalid="ignore"):
            low, high = _beta(share, share * (1 - share) / se**2, n, df, level)
    elif interval == "logit":
        low, high = _logit(share, se, df, level, logit_se)
    else:
        low, high = _KINDS[interval](share, se, df, level)
    edge = (share <= 0) | (share >= 1)
    if edge.any():
        edge_low, edge_high = _beta(share, n_kish, n, df, level)
        low, high = np.where(edge, edge_low, low), np.where(edge, edge_high, high)
    return low, high


def _logit(
    share: Floats, se: Floats, df: Floats, level: float, logit_se: Floats | None
) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        linear = se / (share * (1 - share))
        known = linear if logit_se is None else np.where(np.isfinite(logit_se), logit_se, linear)
        low, high = mean_interval(special.logit(share), known, df, level)
    return special.expit(low), special.expit(high)


def _asin(share: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        angle = np.arcsin(np.sqrt(np.clip(share, 0, 1)))
        low, high = mean_interval(angle, se / (2 * np.sqrt(share * (1 - share))), df, level)
    return np.sin(np.maximum(low, 0)) ** 2, np.sin(np.minimum(high, np.pi / 2)) ** 2


def _wilson(share: Floats, se: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    with np.errstate(divide="ignore", invalid="ignore"):
        effective = share * (1 - share) / se**2
        t = t_quantile(0.5 + level / 2, df)
        centre = (share + t**2 / (2 * effective)) / (1 + t**2 / effective)
        reach = t / (1 + t**2 / effective) * np.sqrt(se**2 + t**2 / (4 * effective**2))
    return centre - reach, centre + reach


def _beta(share: Floats, effective: Floats, n: Floats, df: Floats, level: float) -> tuple[Floats, Floats]:
    """Clopper-Pearson ends on the effective n times the squared ratio of t quantiles with n - 1 and df."""
    tail = (1 - level) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        corrected = effective * (t_quantile(tail, n - 1.0) / t_quantile(tail, df)) ** 2
    return clopper_pearson(share, corrected, tail)


def clopper_pearson(share: Floats, n: Floats, tail: float) -> tuple[Floats, Floats]:
    """The ends that a share of `n` respondents has with probability `tail` beyond each; `n` need not be whole."""
    with np.errstate(divide="ignore", invalid="ignore"):
        yes, no = n * share, n * (1 - share)
        low = np.where(yes > 0, special.betaincinv(yes, no + 1, tail), 0.0 * yes)
        high = np.where(no > 0, special.betaincinv(yes + 1, no, 1 - tail), 1.0 + 0.0 * no)
    return low, high


_KINDS: dict[str, Callable[[Floats, Floats, Floats, float], tuple[Floats, Floats]]] = {
    "wilson": _wilson,
    "asin": _asin,
    "mean": mean_interval,
}
