"""Sampling units and respondents that several waves share, which make the waves correlated."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from groundswell.arrays import Ints
from groundswell.estimates.design.design import Design, check_column
from groundswell.estimates.design.units import codes_of, units_of


def shared_between_waves(respondents: pd.DataFrame, design: Design, *, wave: str) -> pd.DataFrame:
    """One row a pair of waves: `start, end, units, shared_units, respondents, shared_respondents, moved`.

    `units` and `respondents` are those of the later wave. `moved` counts shared respondents whose first-stage unit
    differs between the waves: the design treats them as different people, so their correlation is lost. Respondents
    are missing (<NA>) where the design names no `respondent` column.

    Raises:
        InputError: `wave` is not a column; as `units_of`.

    Example:
        >>> panel = pd.DataFrame({"wave": [1, 1, 1, 2, 2, 2], "person": ["a", "b", "c", "b", "c", "d"]})
        >>> shared = gs.shared_between_waves(panel, gs.Design(respondent="person"), wave="wave")
        >>> shared[["start", "end", "respondents", "shared_respondents"]]
           start  end  respondents  shared_respondents
        0      1    2            3                   2
    """
    check_column(wave, respondents.columns, named_by="wave")
    units, unit = units_of(respondents, design)
    cluster = units.cluster[unit, 0]
    code, waves = pd.factorize(respondents[wave], sort=True)
    shared = _shared(code, cluster)
    people = both = None
    if design.respondent:
        person = codes_of(respondents, design.respondent, "respondent")
        people = _shared(code, person)
        both = _shared(code, person * (int(cluster.max(initial=0)) + 1) + cluster)
    rows = []
    for first, second in combinations(range(len(waves)), 2):
        same = None if people is None else int(people[first, second])
        rows.append(
            {
                "start": waves[first],
                "end": waves[second],
                "units": int(shared[second, second]),
                "shared_units": int(shared[first, second]),
                "respondents": None if people is None else int(people[second, second]),
                "shared_respondents": same,
                "moved": None if same is None or both is None else same - int(both[first, second]),
            }
        )
    table = pd.DataFrame(rows, columns=[
        "start", "end", "units", "shared_units", "respondents", "shared_respondents", "moved",
    ])  # fmt: skip
    return table.astype({"respondents": "Int64", "shared_respondents": "Int64", "moved": "Int64"})


def _shared(wave: Ints, key: Ints) -> Ints:
    """(waves, waves) number of distinct keys that two waves have in common."""
    from scipy.sparse import csr_array

    kept = wave >= 0
    _, place = np.unique(key[kept], return_inverse=True)
    ones = np.ones(int(kept.sum()), np.int64)
    shape = (int(wave.max(initial=-1)) + 1, int(place.max(initial=-1)) + 1)
    present = csr_array((ones, (wave[kept], place)), shape=shape)
    present.sum_duplicates()
    present.data[:] = 1
    counts: Ints = (present @ present.T).toarray()
    return counts
