"""Domains through time: their levels, which add up to the whole's, and the gaps between them.

The level of a domain is the whole's, its departure added in logits, and a shift common to all domains of the date by
which they add up. Departures and the whole's level are independent (see `departures`); every level is normal in logits
with the mean and the variance of the posterior.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import ndtri

from groundswell.arrays import Floats
from groundswell.errors import InputError, nearest
from groundswell.reprs import Summarised
from groundswell.trends.answers.changes import levels_shown
from groundswell.trends.answers.segments import segment_of
from groundswell.trends.answers.tables import NOON
from groundswell.trends.answers.trend import Dates, Day, Trend
from groundswell.trends.compared.pairs import YEAR
from groundswell.trends.data.days import parse_dates
from groundswell.trends.domains.adding_up import DomainLogits, added_up, left_apart
from groundswell.trends.domains.departures import Departures, Figures, mixed, smooth
from groundswell.trends.domains.domain_waves import DomainWaves
from groundswell.trends.domains.gaps import CHANGES, Pairs, gap_changes, gaps
from groundswell.trends.domains.hyperparameters import Points
from groundswell.trends.domains.population import Population
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.model.fieldwork import EPOCH, day_number
from groundswell.trends.model.logit import expit, logit
from groundswell.vocabulary import domain_key, domain_parts

BORROWS: Final = 0.5
"""A domain borrows where less than this part of its distance from the whole is its own figures'."""
MOST_PAIRED: Final = 30
MOST_TOLD: Final = 6
_AT_ONCE: Final = 2_000_000
"""Numbers held at once: more dates are answered in parts."""


class Level(NamedTuple):
    """The whole's level on some dates: its logits as the page tells them, and their covariance."""

    logits: Floats
    covariance: Floats


@dataclass(frozen=True, repr=False)
class DomainTrends(Summarised):
    """The domains of one variable, fitted together.

    `whole` is everyone's trend, `by` the variable, `waves` what was read, `population` how large the domains are,
    `figures` and `points` what the departures follow from.

    Example:
        >>> survey = gs.load_survey("surveys/simulated-panel")
        >>> gs.fit_domains(survey, "planning", by="region", as_of="2024-12-31")
        domains: planning by region, as of 2024-12-31
        waves: 12, 2024-01-11 to 2024-11-14
        newest levels: east 0.2... (0.2... to 0.2...), north ..., south ..., west ...
        borrow: 0 of 4
        add up to the whole: yes
    """

    whole: Trend
    by: str
    waves: DomainWaves
    population: Population
    figures: Figures
    points: Points

    def levels(self, at: Dates) -> pd.DataFrame:
        """The level of each domain on each date of `at`, date after date, domains by name.

        `date, domain, share, share_se, low50 … high95, own_weight, borrows, waves, population, adds_up, segment`.
        `share` is the posterior median; on each date the shares in the weights `population` add up to the whole's
        share, where `adds_up`. `own_weight` is the part of the domain's distance from the whole that its own figures
        decide, the rest is pooled; below one half it `borrows`. `waves` counts its figures.

        Raises: InputError for something that is not a date.
        """
        dates = parse_dates(at, "at")
        return pd.concat([self._levels(part) for part in self._parts(dates)], ignore_index=True)

    def gaps(
        self, at: Day, *, since: Day | None = None, domains: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """By how much each domain's level lies above each other's on a date, and how that changed since another.

        One row a pair: `date, domain, other, estimate, se, low, high` (95%), `probability` that `domain` lies higher;
        then `since` (by default one year before) and `change, change_se, change_low, change_high,
        change_probability` (that `domain` rose against `other`), empty where the level breaks in between, or `since`
        lies before the first wave. `domains` names those to pair, by category or in full; by default all of them.

        Raises: InputError for something that is not a date, an unknown domain, or more than `MOST_PAIRED` of them.
        """
        date, chosen = parse_dates(at, "at")[0], self._chosen(domains)
        dates = pd.DatetimeIndex([date, date - YEAR if since is None else parse_dates(since, "since")[0]])
        level, found, made = self.made(dates)
        logits, covariance = made.logits[chosen], made.covariance(found, level.covariance, chosen)
        pairs, names = Pairs.of(len(chosen)), np.array(self.waves.domains, dtype=object)[chosen]
        table = pd.DataFrame(
            {
                "date": date,
                "domain": names[pairs.first],
                "other": names[pairs.second],
                **gaps(logits[:, 0], covariance[:, 0, :, 0], pairs),
                "since": dates[1],
            }
        )
        if self._comparable(dates):
            return table.assign(**gap_changes(logits, covariance, pairs))
        return table.assign(**dict.fromkeys(CHANGES, np.nan))

    def _comparable(self, dates: pd.DatetimeIndex) -> bool:
        """Whether the older of two dates is after the first wave, and on one segment with the newer."""
        segments, first = self.whole.segments, self.waves.day[0]
        one = segment_of(segments, dates[0]).number == segment_of(segments, dates[1]).number
        return one and bool(day_number(dates)[1] + 1.0 > first)

    @property
    def hyperparameters(self) -> pd.DataFrame:
        """`name, estimate, low, high` (95%) of what was learnt once for all domains (docs/method.md)."""
        names = list(self.points.hypers[0])
        logs = np.log([[hyper[name] for name in names] for hyper in self.points.hypers])
        centre = self.points.weights @ logs
        sd = np.sqrt(self.points.weights @ (logs - centre) ** 2)
        ends = [np.exp(centre + sign * ndtri(0.975) * sd) for sign in (0.0, -1.0, 1.0)]
        return pd.DataFrame({"name": names, **dict(zip(("estimate", "low", "high"), ends, strict=True))})

    def departures(self, days: Floats) -> Departures:
        """The domains' departures on some days, the hyperparameters integrated over."""
        parts = [smooth(self.figures, hyper, days) for hyper in self.points.hypers]
        return mixed(parts, self.points.weights)

    def made(self, dates: pd.DatetimeIndex) -> tuple[Level, Departures, DomainLogits]:
        """What levels on some dates are made of: the whole's, the departures, and both put together."""
        level, found = self._level(dates), self.departures(day_number(dates) + NOON)
        if self.population.complete:
            return level, found, added_up(level.logits, found.mean, self.population.shares)
        return level, found, left_apart(level.logits, found.mean)

    def _parts(self, dates: pd.DatetimeIndex) -> Iterator[pd.DatetimeIndex]:
        """The dates in parts that fit into memory."""
        domains, waves = self.waves.share.shape
        most = max(1, _AT_ONCE // (domains * (waves + 1) * len(self.points.hypers)))
        for start in range(0, len(dates), most):
            yield dates[start : start + most]

    def _levels(self, dates: pd.DatetimeIndex) -> pd.DataFrame:
        level, found, made = self.made(dates)
        variance = made.variance(found, np.diag(level.covariance))
        domains = len(self.waves.domains)
        posterior = Mixture(np.ones(1), made.logits.T.reshape(1, -1), np.sqrt(variance.T).reshape(1, -1))
        own_weight = found.own_weight.T.ravel()
        return pd.DataFrame(
            {
                "date": np.repeat(dates, domains),
                "domain": np.tile(np.array(self.waves.domains, dtype=object), len(dates)),
                "share": expit(made.logits.T).ravel(),
                "share_se": posterior.share_moments()[1],
                **posterior.share_intervals(),
                "own_weight": own_weight,
                "borrows": own_weight < BORROWS,
                "waves": np.tile(self.waves.seen.sum(axis=1), len(dates)),
                "population": np.tile(self.population.shares, len(dates)),
                "adds_up": self.population.complete,
                "segment": np.repeat([segment_of(self.whole.segments, day).number for day in dates], domains),
            }
        )

    def _chosen(self, domains: Sequence[str] | None) -> list[int]:
        """The places of the domains to pair, in their order."""
        known = self.waves.domains
        if isinstance(domains, str):
            raise InputError(
                f"`domains=` is a list of domains, got the text `{domains}`: write [`{domains}`]"
            )
        names = known if domains is None else tuple(dict.fromkeys(map(self._named, domains)))
        if not 2 <= len(names) <= MOST_PAIRED:
            raise InputError(
                f"`domains=`: gaps are told between 2 to {MOST_PAIRED} domains, got {len(names)}: name those to pair"
            )
        return [known.index(name) for name in names]

    def _named(self, name: str) -> str:
        """A domain that is followed, by its category or in full."""
        known = self.waves.domains
        full = name if name in known else domain_key(self.by, name)
        if full not in known:
            raise InputError(f"`domains=`: `{name}` is not followed; {nearest(full, known)}")
        return full

    def _level(self, dates: pd.DatetimeIndex) -> Level:
        joint = self.whole.joint(dates)
        means = np.array([mean for mean, _ in joint.parts])
        centre = joint.weights @ means
        covariance = sum(
            weight * (part + np.outer(mean - centre, mean - centre))
            for weight, mean, (_, part) in zip(joint.weights, means, joint.parts, strict=True)
        )
        return Level(logit(levels_shown(joint)), np.asarray(covariance))

    def _summary(self) -> dict[str, str]:
        middle = EPOCH + pd.to_timedelta(self.waves.day, unit="D")
        levels = self.levels(middle[-1:])
        told = zip(levels["domain"], levels["share"], levels["low95"], levels["high95"], strict=True)
        shown = [
            f"{domain_parts(name)[1]} {share:.3f} ({low:.3f} to {high:.3f})"
            for name, share, low, high in told
        ]
        return {
            "domains": f"{self.whole.indicator or 'one indicator'} by {self.by}, as of {self.whole.as_of:%Y-%m-%d}",
            "waves": f"{len(middle)}, {middle[0]:%Y-%m-%d} to {middle[-1]:%Y-%m-%d}",
            "newest levels": ", ".join(shown[:MOST_TOLD]) + (", …" if len(shown) > MOST_TOLD else ""),
            "borrow": f"{int(levels['borrows'].sum())} of {len(levels)}",
            "add up to the whole": "yes" if self.population.complete else "no: not all domains are known",
        }
