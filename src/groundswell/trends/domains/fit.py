"""One fit for every door: `fit_domains(survey, "anxiety", by="sex")`, whose whole is the trend of `fit_trend`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.dates import today
from groundswell.errors import InputError
from groundswell.estimates.of_wave.kept import KeptEstimates
from groundswell.trends.answers.fit import fit_trend, indicator_of, rows_of
from groundswell.trends.answers.trend import Day, Trend
from groundswell.trends.data.observations import read_day, survey_waves
from groundswell.trends.data.unknown_n import UNKNOWN_N, UnknownN
from groundswell.trends.domains.departures import Figures, expected
from groundswell.trends.domains.domain_trends import DomainTrends
from groundswell.trends.domains.domain_waves import DomainWaves, domain_waves
from groundswell.trends.domains.hyperparameters import Points, at, pooled, prior_hyper, roughly
from groundswell.trends.domains.population import population_of
from groundswell.trends.model.logit import expit
from groundswell.vocabulary import EVERYONE
from groundswell.waves import Survey

INSIDE: Final = 0.01
"""Where everyone of a wave gave one answer, its shares are looked at from this near 0 or 1."""


def fit_domains(
    waves: Survey | pd.DataFrame,
    indicator: str | None = None,
    *,
    by: str,
    as_of: Day | None = None,
    certainty: Collection[str] | None = None,
    unknown_n: UnknownN = UNKNOWN_N,
    whole: Trend | None = None,
    covariance: Mapping[str, pd.DataFrame] | None = None,
    population: Mapping[str, float] | None = None,
) -> DomainTrends:
    """Follow the domains of one variable through time, each by its distance from the whole (docs/method.md).

    Args:
        waves: a survey, or rows of the observations table with a column `domain` (`all`, `sex: women` …).
        indicator: which one; may be left out where there is one.
        by: the variable whose categories are the domains.
        as_of, certainty, unknown_n: as in `fit_trend`.
        whole: everyone's trend, where it has been fitted to the same waves already; else `fit_trend` fits it.
        covariance: by domain, as `fit_trend` takes it; of a survey its own unless given.
        population: how large a part of the population each category is, as {"women": 0.53, "men": 0.47}; by default
            by the survey's margins, else by its weights, of a table by n.

    Raises:
        InputError: as `fit_trend`; an unknown `by`, a domain with two rows in one wave, parts of the population that
            are missing.
        ModelError: fewer than two domains have figures, or everyone has none.

    Example:
        >>> survey = gs.load_survey("surveys/simulated-panel")
        >>> domains = gs.fit_domains(survey, "anxiety", by="sex", as_of="2024-12-31")
        >>> domains.levels("2024-11-17")[["domain", "share", "own_weight"]].round(2)
               domain  share  own_weight
        0    sex: men   0.27        0.96
        1  sex: women   0.35        0.97
    """
    if isinstance(waves, Survey):
        key = indicator_of(waves, indicator)
        day = read_day(today() if as_of is None else as_of, "as_of")
        read = survey_waves(waves, as_of=day, indicator=key, certainty=certainty, unknown_n=unknown_n)
        rows, kept, survey = read.rows, read.kept, waves
        shared = {domain: table for (name, domain), table in read.covariance.items() if name == key}
        shared |= covariance or {}
        whole = whole or fit_trend(
            waves, key, as_of=day, rows=rows, covariance=shared.get(EVERYONE), unknown_n=unknown_n
        )
    else:
        rows, kept, survey, shared = _rows_of(waves, indicator), (), None, dict(covariance or {})
        everyone = rows[rows["domain"] == EVERYONE]
        whole = whole or fit_trend(everyone, indicator, as_of=as_of, covariance=shared.get(EVERYONE))
    return follow(rows, by, whole, covariance=shared, survey=survey, kept=kept, population=population)


def follow(
    rows: pd.DataFrame,
    by: str,
    whole: Trend,
    *,
    covariance: Mapping[str, pd.DataFrame],
    survey: Survey | None = None,
    kept: Sequence[KeptEstimates] = (),
    population: Mapping[str, float] | None = None,
) -> DomainTrends:
    """The same from what is read already: one indicator's `rows`, and of a survey what is `kept` of its waves.

    Raises: InputError and ModelError as `fit_domains`.
    """
    found = domain_waves(rows, by, whole.posterior.waves, covariance)
    parts = population_of(found, by, rows=rows, survey=survey, kept=kept, given=population)
    return DomainTrends(whole, by, found, parts, *_fitted(found))


def _fitted(waves: DomainWaves) -> tuple[Figures, Points]:
    """The figures with their variances at the smoothed shares, and the hyperparameters: both found roughly first."""
    figures = waves.figures(_wave_shares(waves))
    figures = waves.figures(expit(expected(figures, prior_hyper())))
    near = roughly(figures)
    figures = waves.figures(expit(expected(figures, at(near))))
    return figures, pooled(figures, near)


def _wave_shares(waves: DomainWaves) -> Floats:
    """The share of each wave over all its domains, for each of them."""
    information = waves.seen * waves.n_effective
    shares = (information * waves.share).sum(axis=0) / information.sum(axis=0)
    return np.broadcast_to(np.clip(shares, INSIDE, 1.0 - INSIDE), waves.share.shape)


def _rows_of(table: pd.DataFrame, indicator: str | None) -> pd.DataFrame:
    """The rows of a table that are of one indicator, with everyone's among them."""
    if not isinstance(table, pd.DataFrame):
        raise InputError(
            f"`waves=` is a {type(table).__name__}: give a survey (`load_survey`) or a table of observations"
        )
    if "domain" not in table or not (table["domain"] == EVERYONE).any():
        raise InputError(
            f"`waves=` needs a column `domain` with rows of `{EVERYONE}`: domains are followed by their distance from "
            "everyone"
        )
    return rows_of(table, indicator)
