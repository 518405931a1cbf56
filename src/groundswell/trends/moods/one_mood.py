"""The model of a mood: one level that all items follow, each with a slope and with movements of its own.

The mood is what the *reference* measures: its level m, in logits. Any other item's level is

    intercept + direction × slope × m + own movement,

where the own movement is a random walk (`own_sd`, logits a year) that begins anywhere, so that the intercept is where
it stands. So the levels of all items are random walks that gain together

    Σ = λ λᵀ level_sd² + diag(own_sd²),   λ = (1, direction × slope, …),   own_sd = 0 for the reference.

An item that follows the mood (small `own_sd`) says nearly as much of it as the reference's own waves. Two levels that
wander apart look alike for a while by chance, and a slope that is near 1 beforehand would make something of it: so each
item may also be *silent*, its slope 0, with a probability of `SILENT` beforehand. With all others silent the mood is
the reference's own trend. Silent or not is weighed by evidence and both are mixed; subsets of silent items that are
improbable by the slopes of the full model (Savage & Dickey's ratio, the slopes taken as normal) are not fitted.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from typing import Final

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.fit.mode import find_mode
from groundswell.trends.model.logit import expit
from groundswell.trends.moods.joint_space import Item, JointSpace
from groundswell.trends.moods.parameters import (
    OWN,
    POINTS_LOG2,
    SLOPE,
    SLOPE_SD,
    Parameter,
    Points,
    density_of,
    mixed,
    posterior,
    standardised,
)

LEVEL: Final = "level_sd"
SILENT: Final = 0.7
"""Prior probability that an item says nothing of the mood."""
NEGLIGIBLE: Final = 0.01
MOST_DOUBTED, MOST_SUBSETS = 8, 8


def loadings(items: Sequence[Item], hyper: Mapping[str, float]) -> Floats:
    """By how much each item's level moves where the mood moves by one logit."""
    slopes = [1.0, *(item.direction * hyper[f"{SLOPE}{item.name}"] for item in items[1:])]
    return np.array(slopes)


def walk_of(items: Sequence[Item], hyper: Mapping[str, float]) -> Floats:
    """What the items' levels gain together in a year, (items, items), in squared logits."""
    lam = loadings(items, hyper)
    own = np.array([0.0, *(hyper[f"{OWN}{item.name}"] for item in items[1:])])
    return np.asarray(np.outer(lam, lam) * hyper[LEVEL] ** 2 + np.diag(own**2))


def parameters_of(space: JointSpace, silent: Collection[str] = ()) -> list[Parameter]:
    """The hyperparameters of a mood of which some items are silent."""
    others = [item.name for item in space.items[1:]]
    return [
        Parameter.positive(LEVEL, LEVEL),
        *(Parameter.positive(f"{OWN}{name}", "own_sd") for name in others),
        *(Parameter.slope(name) for name in others if name not in silent),
        *(Parameter.positive(name, name) for name in space.shared_names),
        *([Parameter.errors(space.same_people.most)] if space.same_people else []),
    ]


def fit_points(
    items: Sequence[Item], near: Mapping[str, float], house_years: float, log2: int = POINTS_LOG2
) -> Points:
    """The posterior of the hyperparameters, whose mode is looked for from what is `near`; of one item, of its trend.

    `log2` as in `posterior`.
    """
    space = JointSpace(items, np.empty(0), house_years=house_years)
    full = _points(space, near, (), log2)
    names = [item.name for item in items[1:]]
    chances = {name: _silent_chance(*full.moments(f"{SLOPE}{name}")) for name in names}
    silent = [(_log_prior(names, some), _points(space, near, some, log2 - 1)) for some in _subsets(chances)]
    return mixed([(_log_prior(names, ()), full), *silent])


def _points(space: JointSpace, near: Mapping[str, float], silent: Collection[str], log2: int) -> Points:
    """The posterior with some items silent."""
    items, parameters = space.items, parameters_of(space, silent)
    still = {f"{SLOPE}{name}": 0.0 for name in silent}

    def loglike(hyper: Mapping[str, float]) -> float:
        return space.loglike(hyper, walk_of(items, {**hyper, **still}))

    density = density_of(parameters, loglike)
    points = posterior(parameters, density, find_mode(density, standardised(parameters, near)), log2)
    return points._replace(hypers=tuple(hyper | still for hyper in points.hypers))


def _log_prior(names: Sequence[str], silent: Collection[str]) -> float:
    """Log of how probable it is beforehand that just these items are silent."""
    return len(silent) * math.log(SILENT) + (len(names) - len(silent)) * math.log(1.0 - SILENT)


def _silent_chance(slope: float, se: float) -> float:
    """How probable it is that an item is silent, by its slope where it is not (see the module)."""
    prior, seen = (-0.5 * (mean / sd) ** 2 - np.log(sd) for mean, sd in ((1.0, SLOPE_SD), (slope, se)))
    return float(expit(seen - prior + np.log(SILENT / (1.0 - SILENT))))


def _subsets(chances: Mapping[str, float]) -> list[tuple[str, ...]]:
    """The sets of silent items that may be probable, the most probable first; at most `MOST_DOUBTED` items are both."""
    order = sorted(chances, key=lambda name: abs(chances[name] - 0.5))
    doubted = [name for name in order if NEGLIGIBLE < chances[name] < 1.0 - NEGLIGIBLE][:MOST_DOUBTED]
    surely = [name for name in chances if name not in doubted and chances[name] > 0.5]
    weights: dict[tuple[str, ...], float] = {}
    for size in range(len(doubted) + 1):
        for some in combinations(doubted, size):
            parts = (chances[name] if name in some else 1.0 - chances[name] for name in doubted)
            weights[*surely, *some] = math.prod(parts)
    probable = [some for some in weights if some and weights[some] > NEGLIGIBLE]
    return sorted(probable, key=lambda some: weights[some], reverse=True)[:MOST_SUBSETS]
