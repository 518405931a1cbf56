"""Waves that are asked for: which combination, and how many respondents they would be worth."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from groundswell.arrays import Floats, Ints
from groundswell.errors import InputError, nearest
from groundswell.trends.model.measurement import Waves


class Asked(NamedTuple):
    """One number a wave: the combination's, and the effective n."""

    combination: Ints
    n_effective: Floats


def read_asked(waves: Waves, asked: pd.DataFrame) -> Asked:
    """Read the columns `house, n` and optionally `deff, variant, mode`; an empty cell means the default.

    `deff` is by default the median of the house's own; variant and mode are those of the house's last wave. A
    respondent is worth what one of the house's own is: one answer of a share, several of a mean (see `measure`).

    Raises: InputError for an unknown house, variant or mode, and for `n` or `deff` not above 0.
    """
    each = waves.n_effective / pd.to_numeric(waves.table["n_effective"]).to_numpy(dtype=np.float64)
    table = waves.table.assign(combination=waves.combination, each=each)
    usual = table if "deff" in table else table.assign(deff=1.0)
    wanted = asked.reindex(columns=["house", "variant", "mode", "deff"])
    known: dict[tuple[Any, ...], tuple[int, float, float]] = {}
    combination, deff, worth = [], [], []
    for key in wanted[["house", "variant", "mode"]].itertuples(index=False, name=None):
        if key not in known:
            own = _own(usual, *(None if pd.isna(one) else str(one) for one in key))
            median = pd.to_numeric(own["deff"]).median()
            usual_deff = float(median) if np.isfinite(median) else 1.0
            known[key] = int(own["combination"].iloc[-1]), usual_deff, float(own["each"].median())
        combination.append(known[key][0])
        deff.append(known[key][1])
        worth.append(known[key][2])
    n = pd.to_numeric(asked["n"]).to_numpy(dtype=np.float64)
    given = pd.to_numeric(wanted["deff"]).to_numpy(dtype=np.float64)
    effect = np.where(np.isnan(given), np.array(deff), given)
    good = (n > 0) & np.isfinite(n) & (effect > 0)
    if not good.all():
        bad = int(np.argmin(good))
        raise InputError(f"`n=` and `deff=` must be above 0, got {n[bad]:g} and {effect[bad]:g}")
    return Asked(np.array(combination, dtype=np.intp), n / effect * np.array(worth))


def _own(table: pd.DataFrame, house: str | None, variant: str | None, mode: str | None) -> pd.DataFrame:
    """The waves of one house, in one variant and mode where they are given."""
    own = table[table["house"] == house]
    if own.empty:
        raise InputError(
            f"`{house}` is not a house of this trend; {nearest(str(house), set(table['house']))}"
        )
    for name, wanted in (("variant", variant), ("mode", mode)):
        if wanted is not None and wanted not in set(own[name]):
            known = nearest(wanted, set(own[name]))
            raise InputError(f"`{house}` has no wave with {name} `{wanted}`; {known}")
        own = own if wanted is None else own[own[name] == wanted]
    return own
