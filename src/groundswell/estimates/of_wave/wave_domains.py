"""The domains of a wave: `all`, and each category of each variable, from sums by every combination of them.

The wave is summed once, by combinations (women aged 18–29 in the north); a domain is a union of
combinations, and a combination lies in `all` and in one category of each variable. Sums add, so nothing is
read twice.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from groundswell.arrays import Flags, Ints
from groundswell.estimates.design.units import Units
from groundswell.estimates.of_wave.disclosure_control import hidden_domains
from groundswell.estimates.sums.cells import Cells
from groundswell.estimates.sums.cells_from_query import build_cells
from groundswell.estimates.sums.sum_query import COUNT, SumPlan
from groundswell.vocabulary import EVERYONE, domain_key


@dataclass(frozen=True)
class Domains:
    """Which rows of sums lie in which domain.

    Attributes:
        names: of the domains: `all`, `sex: women`.
        variables: of each domain: `all`, `sex`.
        row, domain: pairs of a row of sums and a domain that holds it.
    """

    names: tuple[str, ...]
    variables: tuple[str, ...]
    row: Ints
    domain: Ints


def domains_of_sums(sums: pd.DataFrame, plan: SumPlan) -> Domains:
    """`all` and each category that occurs, in the order of the plan's variables and then of the names."""
    names, variables = [EVERYONE], [EVERYONE]
    rows, domains = [np.arange(len(sums))], [np.zeros(len(sums), np.int64)]
    for variable, sql in plan.by.items():
        codes, categories = pd.factorize(sums[f"k{plan.keys.index(sql)}"], sort=True)
        inside = np.flatnonzero(codes >= 0)
        rows.append(inside)
        domains.append(codes[inside] + len(names))
        names += [domain_key(variable, category) for category in categories]
        variables += [variable] * len(categories)
    return Domains(tuple(names), tuple(variables), np.concatenate(rows), np.concatenate(domains))


def cells_of_domains(sums: pd.DataFrame, plan: SumPlan, domains: Domains, units: Units, unit: Ints) -> Cells:
    """The cells of every domain, in one column `domain`; `unit` is the row of `units` that each row of sums lies in."""
    names = pd.DataFrame({"domain": domains.names})
    stacked = sums.iloc[domains.row]
    return build_cells(stacked, plan, units, unit[domains.row], domains.domain, names)


def hidden_names(sums: pd.DataFrame, plan: SumPlan, domains: Domains, *, limit: int) -> set[str]:
    """The names of the domains that disclosure control hides, for every item alike."""
    atom: Ints = np.zeros(len(sums), np.int64)
    if plan.by:
        keys = [sums[f"k{plan.keys.index(sql)}"] for sql in plan.by.values()]
        atom = np.asarray(sums.groupby(keys, dropna=False, sort=False).ngroup(), np.int64)
    counts = [COUNT, *(f"n{at}" for at in range(len(plan.items)))]
    people = np.array([np.bincount(atom, weights=sums[name].to_numpy(np.float64)) for name in counts])
    membership: Flags = np.zeros((len(domains.names), people.shape[1]), dtype=bool)
    membership[domains.domain, atom[domains.row]] = True
    hidden = hidden_domains(membership, people=people.astype(np.int64), limit=limit)
    return {name for name, unseen in zip(domains.names, hidden, strict=True) if unseen}
