"""Variance from replicate weights: the spread of an estimate when it is made again with each set of weights.

The variance is scale times the sum over replicates of rscales times the squared distance of the replicate's
estimate from the replicates' mean, or from the full-sample estimate with `mse`. Kinds and their scales, R
replicates:

| kind | scale | rscales |
|---|---|---|
| JK1 | (R - 1) / R | 1 |
| JKn | 1 | given, or (n - 1) / n of the stratum as the weights show it |
| BRR | 1 / R | 1 |
| Fay | 1 / (R (1 - rho)^2) | 1 |
| bootstrap | 1 / (R - 1) | 1 |
| successive-difference | 4 / R | 1 |
| other | given | 1 |

References: Wolter 2007, Introduction to Variance Estimation; Fay & Train 1995 (successive differences); the
same defaults as `svrepdesign` in R's survey.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from groundswell.arrays import Flags, Floats, Ints
from groundswell.errors import InputError
from groundswell.estimates.design.columns import numbers
from groundswell.estimates.design.design import Design, check_columns
from groundswell.estimates.design.weights import check_weights
from groundswell.estimates.sums.cells import domains_of
from groundswell.estimates.sums.items import Item, answers
from groundswell.estimates.variance.moments import Moments
from groundswell.waves.respondents.layouts.file_rows import BY_COUNT


@dataclass(frozen=True)
class ReplicateSums:
    """Sums by domain with the full-sample weight and with each replicate; D domains, K items, R replicates.

    Attributes:
        domains, items: as in `Cells`.
        n, w2: (D, K) respondents with weight above zero and a valid answer, and the sum of their squared
            weights.
        w, wy: (D, K, 1 + R) sums of weight, and of weight times y; first the full-sample weight, then each
            replicate.
        wyy: (D, K) sums of the full-sample weight times y squared.
        df: (D, K) degrees of freedom.
        largest: (R,) largest factor of each replicate, where they leave out one unit each
            (`largest_factors`).
    """

    domains: pd.DataFrame
    items: tuple[Item, ...]
    n: Ints
    w2: Floats
    w: Floats
    wy: Floats
    wyy: Floats
    df: Floats
    largest: Floats | None = None


@dataclass(frozen=True)
class Replicated:
    """Moments of the estimates, and their distances (replicates, rows) such that products are covariances."""

    moments: Moments
    distance: Floats

    def covariance(self) -> Floats:
        """(rows, rows) covariance, domain by domain and item by item within."""
        product: Floats = self.distance.T @ self.distance
        return product


def replicate_scales(design: Design, largest: Floats | None = None) -> tuple[float, Floats]:
    """`scale` and `rscales`, given or as the kind implies; `largest` is each replicate's largest factor.

    Raises:
        InputError: the kind needs numbers that were not given.
    """
    kind, count = design.replicate_kind, len(design.replicates)
    ones = np.ones(count)
    rscales = np.array(design.rscales) if design.rscales else ones
    defaults = {
        "JK1": (count - 1) / count,
        "JKn": 1.0,
        "BRR": 1 / count,
        "Fay": 1 / (count * (1 - (design.fay_rho or 0.0)) ** 2),
        "bootstrap": 1 / (count - 1),
        "successive-difference": 4 / count,
    }
    if kind == "JKn" and not design.rscales:
        if largest is None:
            raise InputError(
                "`rscales=` is missing: JKn needs (n - 1) / n of each replicate's stratum, one a replicate"
            )
        rscales = 1 / largest
    if kind == "other" and design.scale is None:
        raise InputError("`scale=` is missing: replicates of kind `other` have no scale of their own")
    fixed = design.scale is None or kind in ("BRR", "Fay", "successive-difference")
    return (defaults[str(kind)] if fixed else float(design.scale or 0.0)), rscales


def replicate_distances(estimates: Floats, design: Design, largest: Floats | None = None) -> Floats:
    """Distances (R, rows) whose products are covariances; `estimates` (1 + R, rows), full sample first.

    A replicate that leaves nobody in a row has no estimate there (NaN) and no part in its variance.

    Raises:
        InputError: as `replicate_scales`.
    """
    scale, rscales = replicate_scales(design, largest)
    replicates = estimates[1:]
    known = ~np.isnan(replicates)
    if design.mse:
        centre = estimates[0]
    else:
        counted = known & (rscales > 0)[:, None]
        total = np.where(counted, replicates, 0.0).sum(axis=0)
        centre = np.divide(
            total, counted.sum(axis=0), out=np.full_like(total, np.nan), where=counted.any(axis=0)
        )
    distances = np.where(known, replicates - centre, 0.0) * np.sqrt(scale * rscales)[:, None]
    distances[:, np.isnan(estimates[0]) | ~known.any(axis=0)] = np.nan
    return distances


def replicate_df(weights: Floats) -> float:
    """Rank of the replicate weights (respondents, R) less one, as R's survey counts them."""
    scaled = weights / np.maximum(np.sqrt((weights**2).sum(axis=0)), 1e-300)
    roots = np.linalg.eigvalsh(scaled.T @ scaled)
    return float((roots > 1e-10 * roots[-1]).sum() - 1) if len(weights) else 0.0


def _dfs(weights: Floats, valid: Flags) -> list[float]:
    """Degrees of freedom for each item, from the respondents who answered it; most items share them."""
    by_base: dict[bytes, float] = {}
    for answered in valid.T:
        if answered.tobytes() not in by_base:
            by_base[answered.tobytes()] = replicate_df(weights[answered])
    return [by_base[answered.tobytes()] for answered in valid.T]


def largest_factors(weights: Floats, design: Design) -> Floats | None:
    """n / (n - 1) of each JKn replicate's stratum, read off `weights` (respondents, 1 + R); None if not shown.

    Leaving one unit out multiplies weights by 0, 1 or n / (n - 1); replicates that were calibrated since do
    not.
    """
    if design.replicate_kind != "JKn":
        return None
    used = weights[weights[:, 0] > 0]
    factors = used[:, 1:] / used[:, :1]
    largest: Floats = factors.max(axis=0, initial=0.0)
    plain = (factors < 1e-6) | (np.abs(factors - 1) < 1e-6) | (np.abs(factors / largest - 1) < 1e-6)
    return largest if plain.all() and (largest > 1).all() else None


def replicate_weights(respondents: pd.DataFrame, design: Design) -> Floats:
    """(respondents, 1 + R) the full-sample weight and each whole replicate weight.

    Raises:
        InputError: missing columns; missing or text weights; replicate weights that are missing.
    """
    check_columns(design, respondents.columns)
    weights = check_weights(respondents, str(design.weights))
    columns = [numbers(respondents, name) for name in design.replicates]
    for name, column in zip(design.replicates, columns, strict=True):
        missing = np.flatnonzero(~np.isfinite(column))
        if len(missing):
            row = BY_COUNT.name(int(missing[0]) + 1)
            raise InputError(
                f"`{name}` has no replicate weight in {row.text}: every respondent needs one{row.how}"
            )
    whole = np.column_stack(columns)
    return np.column_stack([weights, whole if design.combined else whole * weights[:, None]])


def replicate_sums(
    respondents: pd.DataFrame, design: Design, items: Sequence[Item], by: Sequence[str] = ()
) -> ReplicateSums:
    """Sum a table of respondents by domain with every set of weights.

    Raises:
        InputError: as `replicate_weights` and `answers`.
    """
    weights = replicate_weights(respondents, design)
    domain, domains = domains_of(respondents, by)
    order = np.argsort(domain, kind="stable")
    edges = np.searchsorted(domain[order], np.arange(len(domains) + 1))
    y = np.column_stack([answers(respondents, item) for item in items])
    shape = (len(domains), len(items))
    n, w2, wyy = np.zeros(shape, np.int64), np.zeros(shape), np.zeros(shape)
    w, wy = np.zeros((*shape, weights.shape[1])), np.zeros((*shape, weights.shape[1]))
    df = np.zeros(shape)
    for row in range(len(domains)):
        inside = order[edges[row] : edges[row + 1]]
        here, answer = weights[inside], y[inside]
        valid = np.isfinite(answer)
        filled = np.where(valid, answer, 0.0)
        full = here[:, 0]
        n[row] = (valid & (full > 0)[:, None]).sum(axis=0)
        w2[row], wyy[row] = full**2 @ valid, full @ filled**2
        w[row], wy[row] = valid.T.astype(np.float64) @ here, filled.T @ here
        df[row] = _dfs(here[:, 1:], valid)
    return ReplicateSums(domains, tuple(items), n, w2, w, wy, wyy, df, largest_factors(weights, design))


def replicate_moments(sums: ReplicateSums, design: Design) -> Replicated:
    """Means, variances and distances of every domain and item.

    Where some replicates leave nobody in a domain, the others make its variance, with a warning, as in R.

    Raises:
        InputError: as `replicate_scales`.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = sums.wy / sums.w
    lost = np.isnan(ratio[:, :, 1:]) & np.isfinite(ratio[:, :, :1])
    empty = np.asarray(lost.any(axis=(1, 2)))
    if bool(empty.any()):
        warnings.warn(
            f"in {int(empty.sum())} of {len(sums.domains)} domains some replicates leave nobody: "
            "they have no part in the variance there, which is too small if they are many",
            stacklevel=2,
        )
    rows = ratio.reshape(-1, ratio.shape[2]).T
    distance = replicate_distances(rows, design, sums.largest)
    shape = ratio.shape[:2]
    variance = (distance**2).sum(axis=0).reshape(shape)
    logit_se = _logit_se(rows, sums.items, design, sums.largest).reshape(shape)
    moments = Moments(
        sums.n, sums.w[:, :, 0], sums.w2, sums.wyy, ratio[:, :, 0], variance, sums.df, logit_se=logit_se
    )
    return Replicated(moments, distance)


def _logit_se(rows: Floats, items: Sequence[Item], design: Design, largest: Floats | None) -> Floats:
    """(rows,) standard errors of logits; not finite where a replicate's share is 0 or 1, or for means."""
    shares = np.array([item.category is not None for item in items] * (rows.shape[1] // len(items)))
    with np.errstate(divide="ignore", invalid="ignore"):
        logits = np.where(shares, special.logit(np.where(shares, rows, 0.5)), np.nan)
        distance = replicate_distances(logits, design, largest)
        se: Floats = np.sqrt((distance**2).sum(axis=0))
    return se
