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
from groundswell.waves.respondents.sql import EVERY_ROW, Sql, identifier, sql

COUNT = "groundswell_count"
"""Respondents of a row, zero weights included; summed where they are the units."""


MANY_PRODUCTS = 12
"""Estimates up to which their products are summed; beyond, the sums outnumber the respondents' columns."""


@dataclass(frozen=True, kw_only=True)
class SumPlan:
    """What to add up.

    Attributes:
        design: how the respondents were drawn.
        items: what is estimated.
        answers: each item's value: 1, 0 or NULL for a share, a number or NULL for a mean.
        by: each column that makes domains, by its name.
        where: which rows of the file belong.
        columns: of the file that all this names; empty: every one.
        products: sum the products between items too, which a covariance needs where respondents are the units.
    """

    design: Design
    items: tuple[Item, ...]
    answers: tuple[Sql, ...]
    by: Mapping[str, Sql]
    where: Sql = EVERY_ROW
    columns: tuple[str, ...] = ()
    products: bool = False

    @property
    def respondents_are_units(self) -> bool:
        """Whether each respondent is drawn by itself, so that a row stands for many units."""
        return not self.design.psu and self.design.respondent is None

    @property
    def sums_suffice(self) -> bool:
        """Whether sums are all that the means and their errors need.

        Replicate and calibrated weights need the respondents themselves, and so do the products of very many estimates.
        """
        if self.design.replicates or self.design.calibrated:
            return False
        return not (self.products and self.respondents_are_units and len(self.items) > MANY_PRODUCTS)

    @property
    def keys(self) -> tuple[Sql, ...]:
        """What rows are grouped by, each once: domains, then the design's units."""
        return tuple(dict.fromkeys([*self.by.values(), *map(identifier, self.design.unit_columns)]))

    def query(self, respondents: Sql) -> Sql:
        """The query over what stands after FROM.

        Innermost, answers are read and a weight that is not above zero becomes NULL; around it, each item
        keeps the weight of those who answered it (`v0`) and of those in the category (`x0`); outermost,
        everything is summed.
        """
        names = [identifier(f"k{place}") for place in range(len(self.keys))]
        keys = [_as(key, f"k{place}") for place, key in enumerate(self.keys)]
        answers = [_as(answer, f"y{place}") for place, answer in enumerate(self.answers)]
        kept: list[Sql] = []
        for place in range(len(self.items)):
            v, x, y = _parts(place)
            kept += [sql("CASE WHEN {y} IS NOT NULL THEN w END AS {v}", y=y, v=v)]
            kept += [sql("w * {y} AS {x}", y=y, x=x), y]
        return sql(
            "SELECT {sums} FROM (SELECT {kept} FROM (SELECT {read} FROM {respondents} WHERE {where})){grouped}",
            sums=[*names, *(_as(total, name) for name, total in self._sums().items())],
            kept=[*names, *kept],
            read=[*keys, sql("CASE WHEN {w} > 0 THEN {w} END AS w", w=self._weight), *answers],
            respondents=respondents,
            where=self.where,
            grouped=sql(" GROUP BY {names}", names=names) if names else sql(""),
        )

    @property
    def _weight(self) -> Sql:
        if self.design.weights is None:
            return sql("1.0::DOUBLE")
        return sql("CAST({w} AS DOUBLE)", w=identifier(self.design.weights))

    def _sums(self) -> dict[str, Sql]:
        """Each sum, by its name."""
        sums = {COUNT: sql("count(*)")}
        for place, item in enumerate(self.items):
            v, x, y = _parts(place)
            sums[f"n{place}"] = sql("count({v})", v=v)
            sums[f"w{place}"] = sql("sum({v})", v=v)
            sums[f"ww{place}"] = sql("sum({v} * {v})", v=v)
            sums[f"wy{place}"] = sql("sum({x})", x=x)
            if item.category is None:
                sums[f"wyy{place}"] = sql("sum({x} * {y})", x=x, y=y)
            if self.respondents_are_units:
                sums[f"wwy{place}"] = sql("sum({v} * {x})", v=v, x=x)
                sums[f"wwyy{place}"] = sql("sum({x} * {x})", x=x)
        if self.products:
            parts = [_parts(place)[kind] for kind in (0, 1) for place in range(len(self.items))]
            for row, left in enumerate(parts):
                for column, right in enumerate(parts[: row + 1]):
                    sums[f"p{row}_{column}"] = sql("sum({left} * {right})", left=left, right=right)
        return sums


def _parts(place: int) -> tuple[Sql, Sql, Sql]:
    """An item's weight among those who answered it, its weight times answer, and its answer."""
    return identifier(f"v{place}"), identifier(f"x{place}"), identifier(f"y{place}")


def _as(value: Sql, name: str) -> Sql:
    return sql("{value} AS {name}", value=value, name=identifier(name))
