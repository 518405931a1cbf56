"""Waves with domains whose levels are known: each domain walks at its own distance from the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.simulate.levels import DAYS_A_YEAR
from groundswell.trends.model.logit import expit, logit
from groundswell.vocabulary import EVERYONE, domain_key

FIRST: Final = pd.Timestamp("2020-01-15")
VARIABLE: Final = "part"


@dataclass(frozen=True)
class SimulatedDomains:
    """`observations` are rows of the observations table, `all` and each domain; `population` the parts by category.

    `truth` has one row a wave and domain: `date, domain, share`.
    """

    observations: pd.DataFrame
    truth: pd.DataFrame
    population: dict[str, float]


def simulate_domains(
    seed: int,
    *,
    domains: int = 6,
    waves: int = 24,
    n: int = 1000,
    days_apart: int = 30,
    domain_sd: float = 0.3,
    walk_sd: float = 0.1,
    excess_sd: float = 0.0,
    share: float = 0.35,
) -> SimulatedDomains:
    """Proportionate samples of about `n` people a wave, in domains of unequal size.

    Args:
        seed: the same one gives the same rows.
        domains, waves, n, days_apart: how many, and how many days from a wave to the next.
        domain_sd, walk_sd: how far domains lie apart for good, in logits, and how fast they part, in logits a year.
        excess_sd: error of a domain in a wave beyond sampling, in logits.
        share: about where everyone's level lies; it walks 0.2 logits a year.
    """
    rng = np.random.default_rng(seed)
    parts = rng.gamma(3.0, 1.0, domains) + 0.3
    parts /= parts.sum()
    steps = np.sqrt(days_apart / DAYS_A_YEAR) * (np.arange(waves) > 0)
    common = logit(share) + np.cumsum(rng.normal(0.0, 0.2, waves) * steps)
    walked = np.cumsum(rng.normal(0.0, walk_sd, (domains, waves)) * steps, axis=1)
    true = expit(common + rng.normal(0.0, domain_sd, (domains, 1)) + walked)
    asked = np.maximum(np.rint(n * parts), 1.0)[:, None]
    met = expit(logit(true) + rng.normal(0.0, excess_sd, true.shape))
    shown = rng.binomial(asked.astype(np.int64), met) / asked
    names = [f"{number:04d}" for number in range(domains)]
    days = FIRST + pd.to_timedelta(np.arange(waves) * days_apart, unit="D")
    return SimulatedDomains(
        pd.concat(
            [_everyone(shown, asked, parts, days), _rows(shown, asked, names, days)], ignore_index=True
        ),
        pd.concat(
            [_truth(parts @ true, [EVERYONE], days), _truth(true, _keys(names), days)], ignore_index=True
        ),
        dict(zip(names, parts.tolist(), strict=True)),
    )


def _keys(names: list[str]) -> list[str]:
    return [domain_key(VARIABLE, name) for name in names]


def _rows(shown: Floats, asked: Floats, names: list[str], days: pd.DatetimeIndex) -> pd.DataFrame:
    """One row a domain and wave."""
    return pd.DataFrame(
        {
            "domain": np.repeat(_keys(names), len(days)),
            "house": "simulated",
            "end": np.tile(days, len(names)),
            "share": shown.ravel(),
            "n": np.broadcast_to(asked, shown.shape).ravel().astype(np.int64),
            "n_effective": np.broadcast_to(asked, shown.shape).ravel(),
        }
    )


def _everyone(shown: Floats, asked: Floats, parts: Floats, days: pd.DatetimeIndex) -> pd.DataFrame:
    """The whole sample of each wave, its domains weighed by their parts of the population."""
    share = parts @ shown
    inside = np.clip(shown, 0.5 / asked, 1.0 - 0.5 / asked)
    variance = (parts**2) @ (inside * (1.0 - inside) / asked)
    return pd.DataFrame(
        {
            "domain": EVERYONE,
            "house": "simulated",
            "end": days,
            "share": share,
            "n": int(asked.sum()),
            "n_effective": share * (1.0 - share) / variance,
        }
    )


def _truth(true: Floats, keys: list[str], days: pd.DatetimeIndex) -> pd.DataFrame:
    return pd.DataFrame(
        {"date": np.tile(days, len(keys)), "domain": np.repeat(keys, len(days)), "share": true.ravel()}
    )
