"""Respondents without a category of a margin: item non-response, and what raking does with them.

- `other_margins`: they are raked at the other margins. The margin holds among those whose category is known; in
  equations a respondent without one counts in every category by the population's share of it.
- `unknown`: they are a category of their own, held at its share of the starting weights; the margin's totals hold for
  the rest in proportion.
- `hot_deck`: each takes the category of a respondent who is in the same categories of the other margins, drawn by
  weight (of anyone, where nobody is), by a generator with a fixed seed (Andridge & Little 2010).
- `refuse`: they are an error.

All of them take those without a category to be like the others, `hot_deck` within the other margins. Where nobody
chose, up to `MOST` of the weight is raked at the other margins; more is an error that asks for a choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError, nearest
from groundswell.estimates.weighting.coded import CodedMargin, MarginError
from groundswell.vocabulary import WithoutCategory
from groundswell.waves.respondents.layouts.file_rows import BY_COUNT

MOST = 0.1
"""Share of the weight without a category up to which nobody has to choose."""

SEED = 20240301
"""Of the hot deck's draws, so that the same respondents give the same weights."""

UNKNOWN = "unknown"
"""The name of the category of those without one."""


@dataclass(frozen=True)
class WithoutOne:
    """Respondents with a weight above zero who have no category of a margin.

    Attributes:
        respondents: how many.
        share: their share of the starting weights.
        rule: what was done with them.
        chosen: whether that was asked for.
    """

    respondents: int
    share: float
    rule: WithoutCategory
    chosen: bool


def placed(
    margins: Sequence[CodedMargin], place: int, weights: Floats, chosen: WithoutCategory | None
) -> tuple[CodedMargin, WithoutOne | None]:
    """The margin at `place` after the rule, and whom it met.

    Raises:
        InputError: no such rule, or a hot deck for a margin of several columns.
        MarginError: respondents without a category where that is refused, or that are more than `MOST` unasked.
    """
    if chosen is not None and chosen not in get_args(WithoutCategory):
        raise InputError(f"`without_category=` is `{chosen}`: {nearest(chosen, get_args(WithoutCategory))}")
    margin = margins[place]
    without = (margin.code < 0) & (weights > 0)
    if not without.any():
        # a weight of zero adds nothing to whichever category it stands in
        return replace(margin, code=np.maximum(margin.code, 0)), None
    share = float(weights[without].sum() / weights.sum())
    rule = chosen or ("other_margins" if share <= MOST else "refuse")
    if rule == "refuse":
        raise _refused(margin, without, share, chosen)
    found = WithoutOne(int(without.sum()), share, rule, chosen is not None)
    if rule == "unknown":
        return _own_category(margin, share), found
    if rule == "hot_deck":
        return _drawn(margins, place, weights, without), found
    return margin, found


def _refused(
    margin: CodedMargin, without: np.ndarray, share: float, chosen: WithoutCategory | None
) -> MarginError:
    rows = np.flatnonzero(without)
    row = BY_COUNT.name(int(rows[0]) + 1)
    asked = (
        "they are to be refused"
        if chosen
        else f"above {MOST:.0%} of the weight what is done must be chosen, since those whose category is known "
        "then carry the margin"
    )
    return MarginError(
        f"`{margin.name}` has no category for {len(rows):,} of {len(without):,} respondents ({share:.1%} of the "
        f"weight), first in {row.text}, and {asked}: give them one, or choose "
        f"`without_category=other_margins`, `without_category=unknown` or `without_category=hot_deck`{row.how}",
        "respondents_without_category",
        variable=margin.name,
        respondents=len(rows),
    )


def _own_category(margin: CodedMargin, share: float) -> CodedMargin:
    whole = margin.target.sum()
    return replace(
        margin,
        categories=(*margin.categories, UNKNOWN),
        code=np.where(margin.code < 0, len(margin.categories), margin.code),
        target=np.append(margin.target * (1 - share), whole * share),
    )


def _drawn(margins: Sequence[CodedMargin], place: int, weights: Floats, without: np.ndarray) -> CodedMargin:
    margin = margins[place]
    if " x " in margin.name:
        raise InputError(
            f"`without_category=` is `hot_deck`, which fills one column, and `{margin.name}` is a margin of several: "
            "choose another rule, or impute the columns before"
        )
    alike = _alike([other for number, other in enumerate(margins) if number != place], len(weights))
    donor = (margin.code >= 0) & (weights > 0)
    random = np.random.default_rng(SEED)
    code = np.maximum(margin.code, -1)
    for kind in np.unique(alike[without]):
        who = without & (alike == kind)
        donors = np.flatnonzero(donor & (alike == kind))
        if not len(donors):
            donors = np.flatnonzero(donor)
        chance = weights[donors] / weights[donors].sum()
        code[who] = margin.code[random.choice(donors, size=int(who.sum()), p=chance)]
    return replace(margin, code=np.maximum(code, 0))


def _alike(others: Sequence[CodedMargin], respondents: int) -> Ints:
    """One code for each combination of the other margins' categories, missing ones included."""
    alike = np.zeros(respondents, np.int64)
    for other in others:
        alike = alike * (len(other.categories) + 1) + other.code + 1
    return alike
