"""The one SQL query that adds respondents up by domain and sampling unit.

What is summed is exactly what linearised variance needs (see `cells`): per answer the n, and the sums of w,
w², wy and wy². Where every respondent is a sampling unit by itself, a row stands for a whole stratum and
the second moments of w and wy are summed as well; fifty million respondents then become one row a stratum
and domain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from groundswell.estimates.design.design import Design
from groundswell.estimates.sums.items import Item
from groundswell.waves.respondents.reader import quoted

COUNT = "groundswell_count"
"""Respondents of a row, zero weights included; summed where they are the units."""


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

    def query(self, scan: str) -> str:
        """The query over what stands after FROM in `scan`.

        Innermost, answers are read and a weight that is not above zero becomes NULL; around it, each item
        keeps the weight of those who answered it (`v0`) and of those in the category (`x0`); outermost,
        everything is summed.
        """
        names = [f"k{place}" for place in range(len(self.keys))]
        keys = [f"{sql} AS {name}" for sql, name in zip(self.keys, names, strict=True)]
        weight = f"CAST({quoted(self.design.weights)} AS DOUBLE)" if self.design.weights else "1.0::DOUBLE"
        answers = [f"{sql} AS y{place}" for place, sql in enumerate(self.answers)]
        inner = ", ".join([*keys, f"CASE WHEN {weight} > 0 THEN {weight} END AS w", *answers])
        places = range(len(self.items))
        kept = [
            f"CASE WHEN y{place} IS NOT NULL THEN w END AS v{place}, w * y{place} AS x{place}"
            for place in places
        ]
        middle = ", ".join([*names, *kept, *(f"y{place}" for place in places)])
        outer = ", ".join([*names, *(f"{sql} AS {name}" for name, sql in self._sums().items())])
        grouped = f" GROUP BY {', '.join(names)}" if names else ""
        read = f"SELECT {inner} FROM {scan} WHERE {self.where}"  # noqa: S608
        return f"SELECT {outer} FROM (SELECT {middle} FROM ({read})){grouped}"  # noqa: S608

    def _sums(self) -> dict[str, str]:
        """SQL of each sum, by its name."""
        sums = {COUNT: "count(*)"}
        for place, item in enumerate(self.items):
            v, x, y = f"v{place}", f"x{place}", f"y{place}"
            sums[f"n{place}"] = f"count({v})"
            sums[f"w{place}"] = f"sum({v})"
            sums[f"ww{place}"] = f"sum({v} * {v})"
            sums[f"wy{place}"] = f"sum({x})"
            if item.category is None:
                sums[f"wyy{place}"] = f"sum({x} * {y})"
            if self.respondents_are_units:
                sums[f"wwy{place}"] = f"sum({v} * {x})"
                sums[f"wwyy{place}"] = f"sum({x} * {x})"
        if self.products:
            parts = [f"{kind}{place}" for kind in "vx" for place in range(len(self.items))]
            for row, left in enumerate(parts):
                for column, right in enumerate(parts[: row + 1]):
                    sums[f"p{row}_{column}"] = f"sum({left} * {right})"
        return sums
