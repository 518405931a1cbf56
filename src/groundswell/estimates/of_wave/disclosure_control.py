"""Which domains may be shown, so that no respondent can be picked out.

- n of 30 or more in a domain: shown.
- 10 to 29: shown with the flag `small_base`; the trend leaves it out.
- below 10: hidden.
- A survey that states its own `minimum_domain_n` (above 30 only) hides everything below it.

Hiding these is not enough: `all` less the other domains gives one back, a larger region less its neighbours too, and
domains that are large may differ by few people (under 31 less under 30). So further domains are hidden, the smallest
that helps first, until every combination of what is shown, of all variables and with all that was published of the
wave before, speaks of as many people as a domain must hold (`few_people`).

Example: women 400, men 395, other 6, all 801. `other` is hidden; all − women − men would give it back, so
`men` is hidden too. The same where 6 have no answer, and are in no domain.

Source: Hundepool et al. 2012, Statistical Disclosure Control, chapter 4 (secondary cell suppression); decision 15.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from groundswell.arrays import Flags, Floats, Ints
from groundswell.estimates.of_wave.few_people import TOLERANCE, few_people, reduced

SHOWN_FROM: Final = 30
"""Domains with at least this many respondents are shown without a caution: the smallest base."""

HIDDEN_BELOW: Final = 10
"""Domains with fewer respondents are hidden."""


def hidden_below(minimum_domain_n: int) -> int:
    """The n below which a survey's domains are hidden; it can only rise."""
    return HIDDEN_BELOW if minimum_domain_n <= SHOWN_FROM else minimum_domain_n


def hidden_domains(membership: Flags, *, people: Ints, limit: int, published: Flags | None = None) -> Flags:
    """(D,) which domains are hidden, by themselves or for the sake of others.

    Args:
        membership: (D, A) whether a domain holds an atom, which is one combination of every variable that makes
            domains. A domain is a union of atoms; `all` holds every one.
        people: (K, A) respondents of each atom: all, and those who answered each item.
        limit: n below which a domain is hidden.
        published: (P, A) groups of which figures are out already.
    """
    before = np.zeros((0, membership.shape[1]), dtype=bool) if published is None else published
    out = _given(membership, before)
    n = membership @ people.T
    hidden = np.asarray(n.min(axis=1) < limit)
    if _few_people(before, people, limit) is not None:
        # what is out gives few people away already: nothing is added to it
        return hidden | ~out
    while True:
        shown = np.flatnonzero(~hidden)
        groups = np.vstack([before, membership[shown]])
        multiples = _few_people(groups, people, limit)
        if multiples is None:
            return hidden
        needed = reduced(groups.astype(np.float64), np.arange(groups.shape[1])).needed[len(before) :]
        taken = ~out[shown] & (np.abs(multiples[len(before) :]) > TOLERANCE)
        # one that no others give takes the combination with it
        for choice in (taken & needed, taken, ~out[shown]):
            if choice.any():
                candidates = shown[choice]
                hidden[candidates[np.argmin(n[candidates, 0])]] = True
                break
        else:
            return hidden


def _few_people(groups: Flags, people: Ints, limit: int) -> Floats | None:
    """Multiples of groups that speak of fewer people than the limit, of all or of those who answered an item."""
    if not len(groups):
        return None
    found = (few_people(groups, row, limit) for row in people)
    return next((multiples for multiples in found if multiples is not None), None)


def _given(domains: Flags, groups: Flags) -> Flags:
    """(D,) which domains are combinations of groups."""
    atoms = np.arange(domains.shape[1])
    known = reduced(groups.astype(np.float64), atoms)
    rest = domains.astype(np.float64)
    for combination, pivot in zip(known.combinations, known.pivots, strict=False):
        rest -= np.outer(rest[:, pivot], combination)
    return np.asarray(np.abs(rest).max(axis=1, initial=0.0) < TOLERANCE)
