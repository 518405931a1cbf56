"""Population margins: what the weighted respondents should add up to, and how far from it they are.

A margin is one or more columns and the population's totals by category. Totals may be counts or shares;
shares (a margin that sums to 1) are of the sum of the starting weights.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.estimates.design.design import Margin
from groundswell.estimates.design.grouping import sum_by
from groundswell.estimates.weighting.coded import CodedMargin, Totals, code_margin
from groundswell.estimates.weighting.one_total import one_total, rescaled
from groundswell.estimates.weighting.without_category import WithoutOne, placed
from groundswell.vocabulary import WithoutCategory

Rule = WithoutCategory | Mapping[Margin, WithoutCategory] | None
"""One rule for every margin, or one by margin; None is the safe default of `without_category`."""


@dataclass(frozen=True)
class CodedMargins:
    """Margins met with respondents, and what had to be done so that they fit.

    Attributes:
        margins: each with targets of one population total.
        without: those without a category, by margin that has any.
        rescaled: the sum of totals as given, by margin that was rescaled, which differs by rounding.
        whole: what those were rescaled to.
        start: (respondents,) the weights that they start from.
    """

    margins: tuple[CodedMargin, ...]
    without: dict[str, WithoutOne]
    rescaled: dict[str, float]
    whole: float
    start: Floats

    def imputed(self, respondents: pd.DataFrame) -> dict[str, pd.Series]:
        """The columns of the respondents in which categories were drawn, filled in where a weight is above zero."""
        return {
            margin.name: respondents[margin.name].where(
                respondents[margin.name].notna() | (self.start <= 0), np.array(margin.categories)[margin.code]
            )
            for margin in self.margins
            if margin.name in self.without and self.without[margin.name].rule == "hot_deck"
        }

    def warn(self, stacklevel: int = 3) -> None:
        """Say what was done without being asked."""
        for name, found in self.without.items():
            if not found.chosen:
                warnings.warn(
                    f"`{name}`: no category for {found.respondents:,} of {len(self.start):,} respondents "
                    f"({found.share:.1%} of the weight); raked at the other margins, `without_category=` chooses",
                    stacklevel=stacklevel,
                )
        for name, given in self.rescaled.items():
            warnings.warn(
                f"`{name}` sums to {given:,.12g}, rescaled to {self.whole:,.12g}: a difference by rounding",
                stacklevel=stacklevel,
            )


def code_margins(
    respondents: pd.DataFrame,
    margins: Mapping[Margin, Totals],
    weights: Floats,
    without_category: Rule = None,
) -> CodedMargins:
    """Check every margin against the respondents and bring targets to one population total.

    Raises:
        InputError: no margin; an unknown column or rule; a negative total.
        MarginError: a category without a target, or with a target but without weighted respondents (named); margins
            whose totals differ by more than rounding; respondents without a category, as `without_category` says.
    """
    if not margins:
        raise InputError("no margin was given: name at least one column with its totals")
    given = [code_margin(respondents, margin, totals, weights) for margin, totals in margins.items()]
    whole = one_total({margin.name: margin.target for margin in given})
    sums = {margin.name: float(margin.target.sum()) for margin in given}
    scale = float(weights.sum()) if whole == 1 else whole
    scaled = [replace(margin, target=margin.shares * scale) for margin in given]
    coded: list[CodedMargin] = []
    without: dict[str, WithoutOne] = {}
    for place, margin in enumerate(margins):
        rule = without_category if isinstance(without_category, str) else (without_category or {}).get(margin)
        ready, found = placed(scaled, place, weights, rule)
        coded.append(ready)
        if found is not None:
            without[ready.name] = found
    changed = {name: total for name, total in sums.items() if rescaled(total, whole)}
    return CodedMargins(tuple(coded), without, changed, whole, weights)


def margin_distances(
    respondents: pd.DataFrame, margins: Mapping[Margin, Totals], *, before: Floats, after: Floats
) -> pd.DataFrame:
    """Each category's share of the population, and of the respondents before and after weighting.

    Columns `margin, category, population, before, after, distance_before, distance_after`; shares and their
    differences are in [0, 1] and [-1, 1]. Respondents' shares are of those with a category of the margin.

    Raises:
        InputError: as `code_margins`; not one weight a respondent.

    Example:
        >>> people = pd.DataFrame({"sex": ["f", "m", "m", "m"]})
        >>> margins = {"sex": {"f": 0.5, "m": 0.5}}
        >>> after = gs.rake(people, margins).weights
        >>> distances = gs.margin_distances(people, margins, before=np.ones(4), after=after)
        >>> distances[["category", "before", "population", "after"]].round(6)
          category  before  population  after
        0        f    0.25         0.5    0.5
        1        m    0.75         0.5    0.5
    """
    for name, weights in (("before", before), ("after", after)):
        if len(weights) != len(respondents):
            raise InputError(
                f"`{name}=` has {len(weights)} weights for {len(respondents)} respondents: give one each"
            )
    parts = []
    for margin in code_margins(respondents, margins, before, "other_margins").margins:
        population, known = margin.shares, margin.code >= 0
        held = [
            sum_by(margin.code[known], weights[known], len(population)) / weights[known].sum()
            for weights in (before, after)
        ]
        parts.append(
            pd.DataFrame(
                {
                    "margin": margin.name,
                    "category": margin.categories,
                    "population": population,
                    "before": held[0],
                    "after": held[1],
                    "distance_before": held[0] - population,
                    "distance_after": held[1] - population,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
