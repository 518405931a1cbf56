"""The items of a mood, from the trends that they have alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from groundswell.trends.answers.trend import Trend
from groundswell.trends.moods.joint_space import Item


def items_of(trends: Sequence[Trend], directions: Mapping[str, int] | None = None) -> list[Item]:
    """The waves of each trend, with the noise that it found them to have: which are far off, which wordings are noisy.

    The excess of every wording is told as a multiple of one that all items have in common, the middle of their own.
    """
    own = np.array([trend.best.hyper["excess_sd"] for trend in trends])
    common = float(np.exp(np.log(own).mean()))
    found = []
    for trend, each in zip(trends, own, strict=True):
        noise = trend.posterior.noise
        noise = noise._replace(excess=noise.excess * (each / common) ** 2)
        direction = (directions or {}).get(trend.indicator, 1)
        found.append(Item(trend.indicator, trend.posterior.waves, noise, direction))
    return found
