"""How large a part of the population each domain is: one number a domain, the same on all dates.

From the survey's raking margins where there are any of the variable, else from the weights of its waves of
respondents, each domain's part averaged over the waves that show it; of a table without either, from its n.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from groundswell.arrays import Floats
from groundswell.errors import InputError
from groundswell.estimates.of_wave.kept import KeptEstimates
from groundswell.trends.domains.domain_waves import DomainWaves
from groundswell.vocabulary import EVERYONE, domain_key
from groundswell.waves import Survey
from groundswell.waves.surveys.margins import margin_table

Source = Literal["margins", "weights", "respondents", "given"]
WHOLE: Final = 0.95
"""Domains that hold less than this part of the respondents are not the whole, and are not made to add up to it."""


@dataclass(frozen=True)
class Population:
    """`shares` (domains,) sum to one; `complete` says whether the domains together are the whole."""

    shares: Floats
    source: Source
    complete: bool


def population_of(
    waves: DomainWaves,
    by: str,
    *,
    rows: pd.DataFrame,
    survey: Survey | None = None,
    kept: Sequence[KeptEstimates] = (),
    given: Mapping[str, float] | None = None,
) -> Population:
    """The domains' parts: as `given` by category, else of the survey, else by n.

    Raises: InputError for a part that is missing, or where nothing says how large the domains are.
    """
    if given is not None:
        return _population(waves, _by_domain(by, given), "given", 1.0)
    margin = {} if survey is None else _margin(survey, by)
    if set(waves.domains) <= set(margin):
        return _population(waves, margin, "margins", sum(margin[name] for name in waves.domains))
    if kept:
        weighed = pd.concat([each.sample.domains for each in kept])
        parts = weighed.groupby("domain")["of_weight"].mean()
        return _population(waves, parts.to_dict(), "weights", float(parts.reindex(waves.domains).sum()))
    if not np.isfinite(waves.n).any(axis=1).all():
        raise InputError(
            f"`population=` must say how large each domain of `{by}` is, as {{'women': 0.53, 'men': 0.47}}: no margin, "
            "no weights and no n does"
        )
    sizes = dict(zip(waves.domains, np.nanmean(waves.n, axis=1).tolist(), strict=True))
    everyone = pd.to_numeric(rows.loc[rows["domain"] == EVERYONE, "n"]).mean()
    return _population(waves, sizes, "respondents", float(sum(sizes.values()) / everyone))


def _population(
    waves: DomainWaves, parts: Mapping[Any, float], source: Source, together: float
) -> Population:
    """The parts of the followed domains, made to sum to one; `together` they are this much of the whole."""
    if lacking := [name for name in waves.domains if not parts.get(name, 0.0) > 0.0]:
        raise InputError(f"`population=`: nothing above 0 says how large `{lacking[0]}` is")
    shares = np.array([parts[name] for name in waves.domains])
    return Population(shares / shares.sum(), source, not waves.unseen and together >= WHOLE)


def _by_domain(by: str, given: Mapping[str, float]) -> dict[str, float]:
    """Parts by domain from parts by category or by domain."""
    start = domain_key(by, "")
    return {name if name.startswith(start) else domain_key(by, name): part for name, part in given.items()}


def _margin(survey: Survey, by: str) -> dict[str, float]:
    """The parts of a variable's categories by the survey's margins; nothing where it has none of the variable."""
    table = margin_table(survey.folder)
    mine = table[table["variable"] == by]
    parts = mine["total"] / mine["total"].sum()
    return {domain_key(by, category): part for category, part in zip(mine["category"], parts, strict=True)}
