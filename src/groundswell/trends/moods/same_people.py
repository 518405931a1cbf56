"""Items of one wave ask the same people: their errors are alike, and say nothing twice.

Waves of several items by one house with the same fieldwork have errors with one common correlation. Its effect is taken
out before the filter sees them, by Cholesky's factor: of two figures with errors of variance v and w and covariance c
the second is read as its difference to c / v times the first, with variance w - c² / v. Worked example: two answers of
the same 1,000 people with a correlation of 0.5 of their errors: half of the first one's error is taken off the second,
whose variance is then three quarters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from groundswell.arrays import Floats, Ints
from groundswell.trends.model.kalman import Kalman
from groundswell.trends.model.measurement import Waves


@dataclass(frozen=True)
class SamePeople:
    """The rows of the filter that ask the same people: `rows` (groups, size), and the `items` that they are of; one
    pair a size of group."""

    rows: tuple[Ints, ...]
    items: tuple[Ints, ...]

    @classmethod
    def of(cls, waves: Sequence[Waves], rows: Sequence[Ints]) -> Self:
        """The groups among the `waves` of some items, of which `rows` has the row of each.

        A rolling window, whose error is spread over many rows, is in no group, and neither is a wave without a figure.
        """
        groups: dict[tuple[str, float, float], dict[int, int]] = {}
        for item, (mine, places) in enumerate(zip(waves, rows, strict=True)):
            seen = ~mine.rolling & np.isfinite(mine.log_odds)
            house = mine.table["house"].to_numpy(str)
            for wave in np.flatnonzero(seen):
                key = (str(house[wave]), float(mine.opened[wave]), float(mine.closed[wave]))
                groups.setdefault(key, {}).setdefault(item, int(places[wave]))
        sizes = sorted({len(group) for group in groups.values()} - {1})
        found = [[group for group in groups.values() if len(group) == size] for size in sizes]
        return cls(
            tuple(np.array([list(group.values()) for group in each], dtype=np.intp) for each in found),
            tuple(np.array([list(group) for group in each], dtype=np.intp) for each in found),
        )

    def __bool__(self) -> bool:
        return bool(self.rows)

    @property
    def most(self) -> int:
        """Of how many items the largest group is."""
        return max((rows.shape[1] for rows in self.rows), default=1)

    def told_apart(self, kalman: Kalman, seen: Floats, signs: Floats, correlation: float) -> None:
        """Write into the filter what each figure says beyond those of the same people before it.

        `seen` (rows,) is what was published, `signs` (items,) the direction of each item.
        """
        for rows, items in zip(self.rows, self.items, strict=True):
            size = rows.shape[1]
            root = np.linalg.cholesky(np.eye(size) * (1.0 - correlation) + correlation)
            apart = np.linalg.inv(root) * np.diag(root)[:, None]
            scale = np.sqrt(kalman.obs_cov[0, 0, rows]) * signs[items]
            taken = scale[:, :, None] * apart / scale[:, None, :]
            kalman.observed[0, rows] = np.einsum("grs,gs->gr", taken, seen[rows])
            kalman.design[0][:, rows] = np.einsum("grs,tgs->tgr", taken, kalman.design[0][:, rows])
            kalman.obs_cov[0, 0, rows] = scale**2 * np.diag(root) ** 2
