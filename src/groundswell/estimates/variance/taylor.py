"""Variance and covariance of totals of scores over sampling units, stage by stage (Taylor linearisation).

Every estimate here is, to first order, a sum of *scores* over sampling units: for a ratio R = sum(w y) /
sum(w) the score of a unit is (sum of w y in it - R times sum of w in it) / sum(w). The variance of such a sum
is the sum over strata of n / (n - 1) times the squared distances of unit totals from the stratum's mean,
times what is left of the population, plus the same for the later stages times the fractions drawn before.
Units without a respondent in a domain count with a total of zero.

References: Binder 1983, International Statistical Review 51; Lumley 2010, Complex Surveys, chapter 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import get_args

import numpy as np

from groundswell.arrays import Flags, Floats, Ints
from groundswell.errors import InputError
from groundswell.estimates.design.grouping import compact, distinct, sum_by
from groundswell.estimates.design.stages import Stage, stages_of
from groundswell.estimates.design.units import Units
from groundswell.vocabulary import LonelyPsu

RULES = [rule for rule in get_args(LonelyPsu) if rule not in ("fail", "centre")]
"""What a stratum with one unit may do instead of failing."""


@dataclass(frozen=True)
class Scores:
    """Totals of scores by domain and unit; units that a domain does not list have a total of zero.

    Attributes:
        domain, unit: (C,) rows; a pair may repeat.
        value: (C, K) totals of scores.
        domains: number of domains.
        square: (C, K) sums of squared scores, where a unit row stands for many units.
        cross: (C, K, K) sums of products of scores, with `square`.
        answered: (C, K) whether anyone answered; None: everyone did.
    """

    domain: Ints
    unit: Ints
    value: Floats
    domains: int
    square: Floats | None = None
    cross: Floats | None = None
    answered: Flags | None = None


def variances(scores: Scores, units: Units, lonely: LonelyPsu) -> Floats:
    """(D, K) variance of each domain's total of scores.

    Raises:
        InputError: a stratum with one sampling unit where `lonely` is "fail".
    """
    total = np.zeros((scores.domains, scores.value.shape[1]))
    for stage in _stages(units, lonely):
        domain, cluster, value = _cluster_totals(scores, stage)
        group, home, mean, present = _stratum_means(domain, cluster, value, stage)
        owner = _owner(domain, group, len(home))
        if scores.square is None:
            spread = sum_by(group, (value - mean[group]) ** 2, len(home))
            spread += (stage.size[home] - present)[:, None] * mean**2
        else:
            squares = sum_by(group, scores.square, len(home))
            spread = squares - stage.size[home][:, None] * mean**2
            # What rounding leaves of equal scores is not variance.
            spread[spread < _ROUNDING * squares] = 0.0
        part = sum_by(owner, spread * stage.factor[home][:, None], scores.domains)
        part += _lonely_distances(domain, cluster, value, stage, lonely, scores.domains)
        total += part * _lonely_inflation(scores, stage, lonely)
    return total


def covariance(scores: Scores, units: Units, lonely: LonelyPsu) -> Floats:
    """(D K, D K) covariance of the domains' totals of scores, domain by domain and item by item within.

    Domains that share units or strata are correlated; those of different strata are not.

    Raises:
        InputError: as `variances`; or respondents were summed without the products of their scores.
    """
    items = scores.value.shape[1]
    total = np.zeros((scores.domains * items,) * 2)
    if scores.square is not None and scores.cross is None:
        raise InputError(
            "a covariance between items needs their products, which were not summed: sum them as `cross`"
        )
    for stage in _stages(units, lonely):
        domain, cluster, value = _cluster_totals(scores, stage)
        part = np.zeros_like(total)
        centre = sum_by(domain, value, scores.domains).ravel() / len(stage.stratum)
        for stratum, rows in _blocks(stage.stratum[cluster]):
            local, present = compact(domain[rows])
            place = (present[:, None] * items + np.arange(items)).ravel()
            size = int(stage.size[stratum])
            if scores.cross is None:
                block = _centred_products(value[rows], local, cluster[rows], len(present), size)
            else:
                block = _inner_products(scores, rows, local, len(present), size)
            part[np.ix_(place, place)] += stage.factor[stratum] * block
        if lonely == "adjust" and stage.lonely.any():
            part += _lonely_products(domain, cluster, value, stage, centre, items)
        root = np.sqrt(_lonely_inflation(scores, stage, lonely).ravel())
        total += part * np.outer(root, root)
    return total


def _stages(units: Units, lonely: LonelyPsu) -> tuple[Stage, ...]:
    stages = stages_of(units)
    for stage in stages:
        alone = np.flatnonzero(stage.lonely)
        if lonely == "fail" and len(alone):
            if stage.number == 1:
                names = [f"`{units.labels[units.stratum[_first(stage, row), 0]]}`" for row in alone[:5]]
            else:
                names = ["one"] if len(alone) == 1 else [str(len(alone))]
            raise InputError(
                f"stratum {', '.join(names)} has only one sampling unit at stage {stage.number}, so its variance "
                f"cannot be estimated: merge strata, or choose `lonely_psu=` ({', '.join(RULES)})"
            )
    return stages


def _first(stage: Stage, stratum: int) -> int:
    """A unit row that lies in the stage's stratum."""
    return int(np.flatnonzero(stage.stratum[stage.cluster] == stratum)[0])


def _cluster_totals(scores: Scores, stage: Stage) -> tuple[Ints, Ints, Floats]:
    """Domain, cluster and total of scores of every pair that occurs."""
    clusters = len(stage.stratum)
    pair, keys = compact(scores.domain * clusters + stage.cluster[scores.unit])
    if scores.square is not None or (len(keys) == len(pair) and (pair[1:] > pair[:-1]).all()):
        return scores.domain, stage.cluster[scores.unit], scores.value
    return keys // clusters, keys % clusters, sum_by(pair, scores.value, len(keys))


def _stratum_means(
    domain: Ints, cluster: Ints, value: Floats, stage: Stage
) -> tuple[Ints, Ints, Floats, Ints]:
    """Pairs of domain and stratum: the pair of each row, its stratum, mean over drawn clusters, rows."""
    strata = len(stage.size)
    group, keys = compact(domain * strata + stage.stratum[cluster])
    home = keys % strata
    mean = sum_by(group, value, len(keys)) / stage.size[home][:, None]
    return group, home, mean, np.bincount(group, minlength=len(keys))


def _owner(domain: Ints, group: Ints, groups: int) -> Ints:
    """The domain of each pair of domain and stratum."""
    owner = np.zeros(groups, np.int64)
    owner[group] = domain
    return owner


def _lonely_distances(
    domain: Ints, cluster: Ints, value: Floats, stage: Stage, lonely: LonelyPsu, domains: int
) -> Floats:
    """What lonely units add by their distance from the mean of all units ("adjust"), else nothing."""
    if lonely != "adjust" or not stage.lonely.any():
        return np.zeros((domains, value.shape[1]))
    centre = sum_by(domain, value, domains) / len(stage.stratum)
    home = stage.stratum[cluster]
    rows = stage.lonely[home]
    factor = stage.factor[home[rows]][:, None]
    near = centre[domain[rows]]
    listed = sum_by(domain[rows], factor * ((value[rows] - near) ** 2 - near**2), domains)
    distances: Floats = listed + centre**2 * stage.factor[stage.lonely].sum()
    return distances


def _lonely_products(
    domain: Ints, cluster: Ints, value: Floats, stage: Stage, centre: Floats, items: int
) -> Floats:
    """The covariance counterpart of `_lonely_distances`."""
    total = np.zeros((len(centre),) * 2)
    home = stage.stratum[cluster]
    for stratum in np.flatnonzero(stage.lonely):
        distance = -centre
        for row in np.flatnonzero(home == stratum):
            distance[domain[row] * items : (domain[row] + 1) * items] += value[row]
        total += stage.factor[stratum] * np.outer(distance, distance)
    return total


def _lonely_inflation(scores: Scores, stage: Stage, lonely: LonelyPsu) -> Floats:
    """(D, K) what "average" multiplies the variance by: strata with an answer over those of several units."""
    inflation = np.ones((scores.domains, scores.value.shape[1]))
    if lonely != "average" or not stage.lonely.any():
        return inflation
    strata = len(stage.size)
    pair = scores.domain * strata + stage.stratum[stage.cluster[scores.unit]]
    for item in range(inflation.shape[1]):
        met = distinct(pair if scores.answered is None else pair[scores.answered[:, item]])
        occurring = np.bincount(met // strata, minlength=scores.domains)
        usable = np.bincount(met // strata, ~stage.lonely[met % strata], scores.domains)
        inflation[:, item] = np.divide(
            occurring, usable, out=np.full(scores.domains, np.nan), where=usable > 0
        )
    return inflation


def _blocks(stratum: Ints) -> Iterator[tuple[int, Ints]]:
    """The rows of each stratum that occurs."""
    order = np.argsort(stratum, kind="stable")
    starts = np.flatnonzero(np.diff(stratum[order], prepend=-1))
    for start, stop in zip(starts, [*starts[1:], len(order)], strict=True):
        yield int(stratum[order[start]]), order[start:stop]


def _centred_products(value: Floats, domain: Ints, cluster: Ints, domains: int, size: int) -> Floats:
    """(D K, D K) sums over a stratum's clusters of products of distances from the mean."""
    items = value.shape[1]
    row, present = compact(cluster)
    if len(present) * domains * items > _DENSE:
        return _sparse_products(value, domain, row, len(present), domains, size)
    dense = np.zeros((len(present), domains, items))
    dense[row, domain] = value
    flat = dense.reshape(len(present), -1)
    mean = flat.sum(axis=0) / size
    flat -= mean
    product: Floats = flat.T @ flat
    product += (size - len(present)) * np.outer(mean, mean)
    return product


_ROUNDING = 1e-12
"""A difference of sums of squares below this share of them is rounding."""

_DENSE = 20_000_000
"""Numbers that a stratum's block may hold before it is multiplied as a sparse matrix."""


def _sparse_products(value: Floats, domain: Ints, row: Ints, rows: int, domains: int, size: int) -> Floats:
    from scipy.sparse import csr_array

    items = value.shape[1]
    column = (domain[:, None] * items + np.arange(items)).ravel()
    matrix = csr_array((value.ravel(), (np.repeat(row, items), column)), shape=(rows, domains * items))
    total = np.asarray(matrix.sum(axis=0)).ravel()
    product: Floats = (matrix.T @ matrix).toarray() - np.outer(total, total) / size
    return product


def _inner_products(scores: Scores, rows: Ints, domain: Ints, domains: int, size: int) -> Floats:
    """As `_centred_products`, for cells that stand for many units, each in one domain only."""
    assert scores.cross is not None
    items = scores.value.shape[1]
    total = sum_by(domain, scores.value[rows], domains).ravel()
    block = np.zeros((domains, items, domains, items))
    for row, cell in zip(rows, domain, strict=True):
        block[cell, :, cell] += scores.cross[row]
    return block.reshape(domains * items, -1) - np.outer(total, total) / size
