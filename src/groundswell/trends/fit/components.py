"""Components: points of the hyperparameters under choices of shocks that together stand for the whole posterior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from groundswell.arrays import Floats, Ints
from groundswell.trends.fit.fitting import Fitted, named
from groundswell.trends.fit.quadrature import Integral
from groundswell.trends.model.shock import Shock

# The lightest components that together hold less than this are left out.
LIGHTEST: Final = 0.005
# Where an answer takes long, components that together hold this much of the posterior speak for all of it.
ENOUGH: Final = 0.9


@dataclass(frozen=True)
class Component:
    """One hyperparameter point under one choice of shocks, and its share of the posterior."""

    shocks: tuple[Shock, ...]
    hyper: Mapping[str, float]
    weight: float


def points(fitted: Fitted, taken: Integral, weight: float = 1.0) -> list[Component]:
    """The points of an integral as components of the posterior; together they have `weight`."""
    return [
        Component(fitted.shocks, named(fitted.names, point), weight * float(part))
        for point, part in zip(taken.points, taken.weights, strict=True)
    ]


def weightiest(weights: Floats) -> Ints:
    """The numbers of the fewest components that speak for all, heaviest first."""
    order = np.argsort(-weights, kind="stable")
    return np.asarray(order[: int(np.searchsorted(np.cumsum(weights[order]), ENOUGH)) + 1])


def heaviest(parts: Sequence[Component]) -> list[Component]:
    """The components without the lightest, their weights again summing to one."""
    weights = np.array([part.weight for part in parts])
    order = np.argsort(weights, kind="stable")
    kept = np.sort(order[np.cumsum(weights[order]) > LIGHTEST * weights.sum()])
    total = float(weights[kept].sum())
    return [replace(parts[place], weight=parts[place].weight / total) for place in kept]
