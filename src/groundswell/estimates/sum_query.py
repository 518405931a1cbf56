"""The one SQL query that adds respondents up by domain and sampling unit.

What is summed is exactly what linearised variance needs (see `cells`): per answer the n, and the sums of w,
w², wy and wy². Where every respondent is a sampling unit by itself, a row stands for a whole stratum and
the second moments of w and wy are summed as well; fifty million respondents then become one row a stratum
and domain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from groundswell.estimates.design import Design
from groundswell.estimates.items import Item
from groundswell.waves.microdata import quoted

COUNT = "groundswell_count"
"""Respondents of a row, zero weights included."""


@dataclass(frozen=True, kw_only=True)
class SumPlan:
    """What to add up.

    Attributes:
        design: linearised designs only; replicate and calibrated weights need the respondents themselves.
        items: what is estimated.
        answers: SQL of each item's value: 1, 0 or NULL for a share, a number or NULL for a mean.
        by: SQL of each column that makes domains, by its name.
        where: SQL that says which rows of the file belong.
        columns: of the file that all this names; empty: every one.
        products: sum the products between items too, which a covariance needs where respondents are the units.
    """

    design: Design
    items: tuple[Item, ...]
    answers: tuple[str, ...]
    by: Mapping[str, str]
    where: str = "true"
    columns: tuple[str, ...] = ()
    products: bool = False

    @property
    def respondents_are_units(self) -> bool:
        """Whether each respondent is drawn by itself, so that a row stands for many units."""
        return not self.design.psu and self.design.respondent is None

    @property
    def keys(self) -> tuple[str, ...]:
        """SQL of what rows are grouped by, each once: domains, then the design's units."""
        return tuple(dict.fromkeys([*self.by.values(), *map(quoted, self.design.unit_columns)]))

    @property
    def sums(self) -> tuple[str, ...]:
        """Names of the summed columns."""
        return (COUNT, *self._sums())

    def query(self, scan: str) -> str:
        """The query over what stands after FROM in `scan`."""
        keys = [f"{sql} AS k{place}" for place, sql in enumerate(self.keys)]
        weight = quoted(self.design.weights) if self.design.weights else "1.0"
        answers = [
            f"CASE WHEN {weight} > 0 THEN {sql} END AS y{place}" for place, sql in enumerate(self.answers)
        ]
        inner = ", ".join([*keys, f"CAST({weight} AS DOUBLE) AS w", *answers])
        group = ", ".join(f"k{place}" for place in range(len(self.keys)))
        sums = ", ".join(
            [f"count(*) AS {COUNT}", *(f"{sql} AS {name}" for name, sql in self._sums().items())]
        )
        outer = f"SELECT {', '.join(filter(None, [group, sums]))}"
        grouped = f" GROUP BY {group}" if group else ""
        return f"{outer} FROM (SELECT {inner} FROM {scan} WHERE {self.where}){grouped}"  # noqa: S608

    def _sums(self) -> dict[str, str]:
        """SQL of each sum, by its name."""
        sums: dict[str, str] = {}
        for place, item in enumerate(self.items):
            y, valid = f"y{place}", f"FILTER (y{place} IS NOT NULL)"
            sums[f"n{place}"] = f"count({y})"
            sums[f"w{place}"] = f"sum(w) {valid}"
            sums[f"ww{place}"] = f"sum(w * w) {valid}"
            sums[f"wy{place}"] = f"sum(w * {y})"
            if item.category is None:
                sums[f"wyy{place}"] = f"sum(w * {y} * {y})"
            if self.respondents_are_units:
                sums[f"wwy{place}"] = f"sum(w * w * {y})"
                sums[f"wwyy{place}"] = f"sum(w * w * {y} * {y})"
        if self.products:
            parts = [f"(y{place} IS NOT NULL)::INT" for place in range(len(self.items))]
            parts += [f"coalesce(y{place}, 0)" for place in range(len(self.items))]
            for row, left in enumerate(parts):
                for column, right in enumerate(parts[: row + 1]):
                    sums[f"p{row}_{column}"] = f"sum(w * w * {left} * {right})"
        return sums
