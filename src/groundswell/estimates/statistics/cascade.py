"""Totals of each level of the domains: after every combination of `by`, the first columns alone, and everyone.

Of `by=["sex", "region"]` a cascade has each sex in each region, each sex in all regions, and everyone. The row of a sex
is that of `by=["sex"]`, whoever gave no region included, so that one number has one worth at every door.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from groundswell.errors import InputError
from groundswell.vocabulary import EVERYONE


def cascaded(
    tabled: Callable[[Sequence[str]], pd.DataFrame], by: Sequence[str], *, cascade: bool
) -> pd.DataFrame:
    """The table that `tabled` makes of domains, with the totals of each level where `cascade` asks for them.

    A column that a row is the total of holds `all`, and its rows come after those that they add up.

    Raises:
        InputError: an answer of a `by` column that is itself called `all`; as `tabled`.
    """
    by = [by] if isinstance(by, str) else list(by)
    if not cascade:
        return tabled(by)
    levels = [tabled(by[:depth]) for depth in range(len(by), -1, -1)]
    for name in by:
        if any((level[name].astype(str) == EVERYONE).any() for level in levels if name in level):
            raise InputError(
                f"`{name}` has an answer called `{EVERYONE}`, as a total is: call it otherwise, or leave `cascade=` out"
            )
    whole = pd.concat([level.drop(columns=by, errors="ignore") for level in levels], ignore_index=True)
    order = []
    for place, name in enumerate(by):
        given = pd.concat([level[name] for level in levels if name in level])  # the deepest levels come first
        totals = len(whole) - len(given)
        codes, _ = pd.factorize(given, sort=True)
        order.append(np.append(codes.astype(np.float64), np.full(totals, np.inf)))
        whole.insert(place, name, pd.Series([*given, *[EVERYONE] * totals], dtype=object))
    rows = np.lexsort(order[::-1]) if order else np.arange(len(whole))
    return whole.iloc[rows].reset_index(drop=True)
