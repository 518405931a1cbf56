"""The model of a mood: one level that all items follow, each with a slope and with movements of its own.

The mood is what the *reference* measures: its level m, in logits. Any other item's level is

    intercept + direction × slope × m + own movement,

where the own movement is a random walk (`own_sd`, logits a year) that begins anywhere, so that the intercept is where
it stands. So the levels of all items are random walks that gain together

    Σ = λ λᵀ level_sd² + diag(own_sd²),   λ = (1, direction × slope, …),   own_sd = 0 for the reference.

An item that follows the mood (small `own_sd`) says nearly as much of it as the reference's own waves; one with a slope
near 0 says nothing, and the mood is then the reference's own trend.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from groundswell.arrays import Floats
from groundswell.trends.fit.mode import find_mode
from groundswell.trends.moods.joint_space import Item, JointSpace
from groundswell.trends.moods.parameters import (
    OWN,
    POINTS_LOG2,
    SLOPE,
    Parameter,
    Points,
    density_of,
    posterior,
    standardised,
)

LEVEL: Final = "level_sd"


def loadings(items: Sequence[Item], hyper: Mapping[str, float]) -> Floats:
    """By how much each item's level moves where the mood moves by one logit."""
    slopes = [1.0, *(item.direction * hyper[f"{SLOPE}{item.name}"] for item in items[1:])]
    return np.array(slopes)


def walk_of(items: Sequence[Item], hyper: Mapping[str, float]) -> Floats:
    """What the items' levels gain together in a year, (items, items), in squared logits."""
    lam = loadings(items, hyper)
    own = np.array([0.0, *(hyper[f"{OWN}{item.name}"] for item in items[1:])])
    return np.asarray(np.outer(lam, lam) * hyper[LEVEL] ** 2 + np.diag(own**2))


def parameters_of(space: JointSpace) -> list[Parameter]:
    """The hyperparameters of a mood."""
    others = [item.name for item in space.items[1:]]
    return [
        Parameter.positive(LEVEL, LEVEL),
        *(Parameter.positive(f"{OWN}{name}", "own_sd") for name in others),
        *(Parameter.slope(name) for name in others),
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
    parameters = parameters_of(space)
    density = density_of(parameters, lambda hyper: space.loglike(hyper, walk_of(items, hyper)))
    return posterior(parameters, density, find_mode(density, standardised(parameters, near)), log2)
