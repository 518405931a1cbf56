"""Waves of respondents drawn from a population that is known to the last person.

The population lives in strata (a region, town or country), each with its PSUs. Every wave draws PSUs within
strata, keeps half of those of the wave before, and draws people within PSUs; some do not respond, some
leave an item out. The weights undo the unequal chances of being drawn and of responding. The truth is the
population's share in every wave, so that estimates, intervals and covariances can be held against it.

The two questions are invented: two anxiety items coded 1–4 (anxious: the codes less one sum to 3 or more)
and a planning horizon coded 1–5 (long-term: 4 or 5).
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from groundswell.arrays import Flags, Floats, Ints

REGIONS: Final = ("north", "east", "south", "west")
STRATA: Final = 2 * len(REGIONS)
"""Region by town (odd) and country (even)."""

FRAME_PSUS: Final = 40
"""PSUs of each stratum's population."""

DRAWN_PSUS: Final = 10
"""PSUs of each stratum in a wave; half of them are in the next wave too."""

POPULATION: Final = np.array([900, 300, 700, 350, 1100, 500, 800, 350])
"""People by stratum, in thousands."""

AGES: Final = (18, 30, 45, 60, 80)
PSU_SD: Final = 0.35
"""Standard deviation of PSU effects on the logit scale: what makes the design effect of clustering."""

REFUSED: Final = 9
HARD_TO_SAY: Final = 8

ANXIOUS_PAIRS: Final = [(a, b) for a in range(1, 5) for b in range(1, 5) if a + b - 2 >= 3]
CALM_PAIRS: Final = [(a, b) for a in range(1, 5) for b in range(1, 5) if a + b - 2 < 3]


class SimulatedRespondents(NamedTuple):
    """Respondents with the truth behind them.

    `respondents` has one row each, all waves; `truth` has wave, indicator, domain and the population's
    share, in [0, 1]; `margins` has variable, category and the population's total, for raking.
    """

    respondents: pd.DataFrame
    truth: pd.DataFrame
    margins: pd.DataFrame


class _Population(NamedTuple):
    """The cells of the population: stratum × PSU × sex × age band, their people and their two propensities."""

    stratum: Ints
    psu: Ints
    sex: Ints
    age: Ints
    people: Floats
    anxious: Floats
    planning: Floats


def simulate_respondents(
    seed: int, *, waves: int = 12, n: int = 880, first: date = date(2024, 1, 8)
) -> SimulatedRespondents:
    """Waves of about `n` respondents, four weeks apart, each asked for a week from `first` on.

    The same seed gives the same respondents. Anxiety falls by about 12 points over twelve waves.
    """
    rng = np.random.default_rng(seed)
    people = _population(rng)
    drawn = _rotation(rng, waves)
    tables, truths = [], []
    for wave in range(waves):
        start = first + timedelta(days=28 * wave)
        shift = -0.55 * wave / max(waves - 1, 1) + 0.12 * np.sin(wave)
        anxious = expit(people.anxious + shift)
        planning = expit(people.planning + 0.025 * wave)
        tables.append(_wave(rng, people, drawn[wave], anxious, planning, wave, n, start))
        truths.append(_truth(people, anxious, planning, wave))
    return SimulatedRespondents(
        pd.concat(tables, ignore_index=True), pd.concat(truths, ignore_index=True), _margins(people)
    )


def _population(rng: np.random.Generator) -> _Population:
    """Every cell of the population."""
    grid = np.indices((STRATA, FRAME_PSUS, 2, len(AGES) - 1)).reshape(4, -1)
    stratum, psu, sex, age = grid
    size = rng.gamma(20.0, 1 / 20.0, (STRATA, FRAME_PSUS))
    size *= POPULATION[:, None] * 1000 / size.sum(axis=1, keepdims=True)
    mix = np.array([[0.10, 0.13, 0.13, 0.11], [0.10, 0.14, 0.14, 0.15]])
    people = size[stratum, psu] * mix[sex, age]
    effect = rng.normal(0.0, PSU_SD, (2, STRATA, FRAME_PSUS))
    country = stratum % 2
    anxious = (
        logit(0.42) + 0.45 * (sex - 0.5) - 0.15 * (age - 1.5) + 0.25 * country + 0.1 * (stratum // 2 - 1.5)
    )
    planning = logit(0.22) + 0.15 * (0.5 - sex) - 0.45 * (age - 1.5) - 0.3 * country
    return _Population(
        stratum, psu, sex, age, people, anxious + effect[0, stratum, psu], planning + effect[1, stratum, psu]
    )


def _rotation(rng: np.random.Generator, waves: int) -> list[Ints]:
    """(STRATA, DRAWN_PSUS) PSUs of each wave; the first half of a wave's is the second half of the one
    before."""
    orders = np.array([rng.permutation(FRAME_PSUS) for _ in range(STRATA)])
    half = DRAWN_PSUS // 2
    return [
        np.take(orders, np.arange(wave * half, wave * half + DRAWN_PSUS) % FRAME_PSUS, axis=1)
        for wave in range(waves)
    ]


def _wave(
    rng: np.random.Generator,
    people: _Population,
    drawn: Ints,
    anxious: Floats,
    planning: Floats,
    wave: int,
    n: int,
    start: date,
) -> pd.DataFrame:
    """The respondents of one wave."""
    cells, base = _draw(rng, people, drawn, n)
    responds = expit(0.3 + 0.25 * people.age[cells] + 0.3 * people.sex[cells])
    kept = rng.random(len(cells)) < responds
    cells, weight = cells[kept], (base / responds)[kept]
    rows = len(cells)
    worried, on_edge = _pairs(rng, rng.random(rows) < anxious[cells])
    horizon = np.where(rng.random(rows) < planning[cells], rng.integers(4, 6, rows), rng.integers(1, 4, rows))
    horizon = np.where(rng.random(rows) < 0.04, HARD_TO_SAY, horizon)
    stratum, age = people.stratum[cells], people.age[cells]
    low, high = np.array(AGES[:-1])[age], np.array(AGES[1:])[age]
    days = rng.integers(0, 7, rows)
    return pd.DataFrame(
        {
            "wave": wave + 1,
            "id": (wave + 1) * 10_000 + np.arange(1, rows + 1),
            "stratum": stratum + 1,
            "psu": (stratum + 1) * 100 + people.psu[cells],
            "weight": np.round(weight / weight.mean(), 4),
            "region": stratum // 2 + 1,
            "sex": people.sex[cells] + 1,
            "age": rng.integers(low, high),
            "worried": _refused(rng, worried),
            "on_edge": _refused(rng, on_edge),
            "horizon": _refused(rng, horizon),
            "interviewed": [(start + timedelta(days=int(day))).isoformat() for day in days],
        }
    )


def _draw(rng: np.random.Generator, people: _Population, drawn: Ints, n: int) -> tuple[Ints, Floats]:
    """The cells of the people drawn, and the inverse of their chance: country strata are drawn twice as
    often."""
    share = POPULATION * np.where(np.arange(STRATA) % 2, 2.0, 1.0)
    # More than n are drawn, since about a third do not respond.
    takes = np.maximum(1, np.rint(1.45 * n * share / share.sum() / DRAWN_PSUS)).astype(int)
    cells, weights = [], []
    for stratum in range(STRATA):
        for psu in drawn[stratum]:
            inside = np.flatnonzero((people.stratum == stratum) & (people.psu == psu))
            size = people.people[inside]
            cells.append(rng.choice(inside, takes[stratum], p=size / size.sum()))
            weights.append(np.full(takes[stratum], FRAME_PSUS / DRAWN_PSUS * size.sum() / takes[stratum]))
    return np.concatenate(cells), np.concatenate(weights)


def _pairs(rng: np.random.Generator, anxious: Flags) -> tuple[Ints, Ints]:
    """Answers to the two items that make a respondent anxious or not."""
    high = np.array(ANXIOUS_PAIRS)[rng.integers(0, len(ANXIOUS_PAIRS), len(anxious))]
    low = np.array(CALM_PAIRS)[rng.integers(0, len(CALM_PAIRS), len(anxious))]
    pairs = np.where(anxious[:, None], high, low)
    return pairs[:, 0], pairs[:, 1]


def _refused(rng: np.random.Generator, answers: Ints) -> Ints:
    """The answers, three in a hundred of them refused."""
    return np.where(rng.random(len(answers)) < 0.03, REFUSED, answers)


def _truth(people: _Population, anxious: Floats, planning: Floats, wave: int) -> pd.DataFrame:
    """The population's shares in one wave, for all and by sex, age band and region."""
    region = people.stratum // 2
    domains = {"all": np.ones(len(region), dtype=bool)}
    domains |= {f"sex: {name}": people.sex == code for code, name in enumerate(("men", "women"))}
    domains |= {f"age: {name}": people.age == code for code, name in enumerate(_bands())}
    domains |= {f"region: {name}": region == code for code, name in enumerate(REGIONS)}
    rows = [
        (wave + 1, indicator, name, float(np.average(share[inside], weights=people.people[inside])))
        for indicator, share in (("anxiety", anxious), ("planning", planning))
        for name, inside in domains.items()
    ]
    return pd.DataFrame(rows, columns=["wave", "indicator", "domain", "share"])


def _bands() -> tuple[str, ...]:
    """The age bands by name."""
    inner = [f"{low}–{high - 1}" for low, high in pairwise(AGES[1:-1])]
    return (f"under {AGES[1]}", *inner, f"{AGES[-2]} and over")


def _margins(people: _Population) -> pd.DataFrame:
    """The population's totals by sex, age band and region, for raking: variable, category, total."""
    named = {
        "sex": (people.sex, ("men", "women")),
        "age": (people.age, _bands()),
        "region": (people.stratum // 2, REGIONS),
    }
    rows = [
        (variable, name, float(np.rint(people.people[codes == code].sum())))
        for variable, (codes, names) in named.items()
        for code, name in enumerate(names)
    ]
    return pd.DataFrame(rows, columns=["variable", "category", "total"])
