"""What the other items are worth to each: its waves forecast with them, and without.

Each item's waves are left out a fifth at a time, in order of time, and forecast from all that is left: once by the
mood, once by the item's own trend alone. Everything is learnt anew without them. Both forecasts are of what is
published, with the wave's own error, and are scored alike; where the other items say nothing of the one left out the
two agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from groundswell.arrays import Flags
from groundswell.trends.checks.scoring_rules import score
from groundswell.trends.fit.mixture import Mixture
from groundswell.trends.moods.joint_space import Item, JointSpace
from groundswell.trends.moods.one_mood import LEVEL, fit_points, walk_of
from groundswell.trends.moods.parameters import Points

FOLDS: Final = 5
FEWEST_WAVES: Final = 5
"""An item with fewer waves is not left out: what remained would say next to nothing."""
ENOUGH_LOG2: Final = 7
"""Of points of the hyperparameters, as a power of 2: means of scores need no more."""
COLUMNS: Final = [
    *("item", "waves", "crps_mood", "crps_alone", "ratio", "inside95_mood", "inside95_alone"),
]


def left_out_scores(items: Sequence[Item], points: Points, house_years: float) -> pd.DataFrame:
    """Scores of each item's waves, left out in turn; `points` is where the search for each fold begins."""
    near = {name: points.moments(name)[0] for name in points.hypers[0]}
    rows = []
    for number, item in enumerate(items):
        count = len(item.waves)
        if count < FEWEST_WAVES:
            rows.append({"item": item.name, "waves": 0})
            continue
        parts = []
        for fold in np.array_split(np.arange(count), FOLDS):
            hidden = np.isin(np.arange(count), fold)
            less = [each.without(hidden) if each is item else each for each in items]
            own = {**near, LEVEL: float(np.sqrt(walk_of(items, near)[number, number]))}
            for way, used, place, start in (
                ("mood", less, number, near),
                ("alone", [less[number]], 0, own),
            ):
                parts.append(_scored(used, place, hidden, start, house_years).assign(way=way))
        scores = pd.concat(parts).groupby("way")[["crps", "inside95"]].mean()
        mood, alone = scores.loc["mood"], scores.loc["alone"]
        rows.append(
            {
                "item": item.name,
                "waves": count,
                "crps_mood": mood["crps"],
                "crps_alone": alone["crps"],
                "ratio": mood["crps"] / alone["crps"],
                "inside95_mood": mood["inside95"],
                "inside95_alone": alone["inside95"],
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _scored(
    items: Sequence[Item], number: int, hidden: Flags, near: dict[str, float], house_years: float
) -> pd.DataFrame:
    """The hidden waves of one item against their forecasts from all that is seen."""
    points = fit_points(items, near, house_years, ENOUGH_LOG2)
    space = JointSpace(items, np.empty(0), house_years=house_years)
    parts = [space.printed(hyper, walk_of(items, hyper), number) for hyper in points.hypers]
    mean, variance = (np.array(part)[:, hidden] for part in zip(*parts, strict=True))
    printed = Mixture(points.weights, mean, np.sqrt(variance))
    table = pd.DataFrame(printed.share_intervals()).assign(share=printed.share_medians())
    return score(table, items[number].waves.share[hidden])
