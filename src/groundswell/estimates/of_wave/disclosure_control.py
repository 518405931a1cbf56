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

from dataclasses import dataclass
from typing import Final

import numpy as np

from groundswell.arrays import Flags, Ints
from groundswell.estimates.of_wave.differencing import TOLERANCE, few_people, reduced

SHOWN_FROM: Final = 30
"""Domains with at least this many respondents are shown without a caution: the smallest base."""

HIDDEN_BELOW: Final = 10
"""Domains with fewer respondents are hidden."""


def hidden_below(minimum_domain_n: int) -> int:
    """The n below which a survey's domains are hidden; it can only rise."""
    return HIDDEN_BELOW if minimum_domain_n <= SHOWN_FROM else minimum_domain_n


@dataclass(frozen=True)
class Published:
    """Groups of which figures are out already.

    Attributes:
        groups: (P, A) whether a group holds an atom.
        shown: (K, P) whether its figures were shown: at all, and of each item.
        files: (F, A) in which versions of the wave's file the respondents of an atom are. Who was changed between
            them is in an atom of each.
    """

    groups: Flags
    shown: Flags
    files: Flags


def hidden_domains(
    membership: Flags, *, people: Ints, limit: int, published: Published | None = None
) -> Flags:
    """(D,) which domains are hidden, by themselves or for the sake of others.

    Args:
        membership: (D, A) whether a domain holds an atom, which is one combination of every variable that makes
            domains. A domain is a union of atoms; `all` holds every one.
        people: (K, A) respondents of each atom: all, and those who answered each item.
        limit: n below which a domain is hidden.
        published: what is out already of the same atoms.
    """
    n = membership @ people.T
    hidden = np.asarray(n.min(axis=1) < limit)
    before = [np.zeros((0, membership.shape[1]), dtype=bool)] * len(people)
    in_files = people[:, None, :]
    if published is not None:
        before = [published.groups[shown] for shown in published.shown]
        in_files = in_files * published.files
    together = []
    for groups, counts in zip(before, in_files, strict=True):
        given = _given(membership, groups)
        if len(groups) and few_people(groups, counts, limit) is not None:
            # what is out gives few people away already: nothing is added to it
            hidden |= ~given
        else:
            together.append((groups, counts, given))
    while not all(_settled(membership, hidden, n[:, 0], limit, *each) for each in together):
        pass
    return hidden


def _settled(
    membership: Flags, hidden: Flags, n: Ints, limit: int, before: Flags, people: Ints, out: Flags
) -> bool:
    """Whether what is shown, with what was published `before`, speaks of enough people; else one more is hidden."""
    shown = np.flatnonzero(~hidden)
    groups = np.vstack([before, membership[shown]])
    multiples = few_people(groups, people, limit)
    if multiples is None:
        return True
    needed = reduced(groups.astype(np.float64), np.arange(groups.shape[1])).needed[len(before) :]
    movable = ~out[shown]
    taken = movable & (np.abs(multiples[len(before) :]) > TOLERANCE)
    # one that no others give takes the combination with it; some can be hidden, or all would be out
    choice = next(each for each in (taken & needed, taken, movable) if each.any())
    candidates = shown[choice]
    hidden[candidates[np.argmin(n[candidates])]] = True
    return False


def _given(domains: Flags, groups: Flags) -> Flags:
    """(D,) which domains are combinations of groups."""
    known = reduced(groups.astype(np.float64), np.arange(domains.shape[1]))
    rest = domains - domains[:, known.pivots] @ known.combinations[: len(known.pivots)]
    return np.asarray((np.abs(rest) < TOLERANCE).all(axis=1))
