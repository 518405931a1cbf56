"""Which domains may be shown, so that no respondent can be picked out.

- n of 30 or more in a domain: shown.
- 10 to 29: shown with the flag `small_base`; the trend leaves it out.
- below 10: hidden.
- A survey that states its own `minimum_domain_n` (above 30 only) hides everything below it.

Hiding one domain is not enough: `all` less the other domains gives it back. So further domains are hidden,
smallest first, until the hidden domains of a variable are two at least and reach the limit together, and
until sums and differences of what is shown give back no hidden domain. Domains of every variable are weighed
together, since a larger region less its neighbours may give a region back.

Example: women 400, men 395, other 6, all 801. `other` is hidden; all − women − men would give it back, so
`men` is hidden too.

Source: Hundepool et al. 2012, Statistical Disclosure Control, chapter 4 (secondary cell suppression).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from groundswell.arrays import Flags, Floats, Ints

SHOWN_FROM: Final = 30
"""Domains with at least this many respondents are shown without a caution: the smallest base."""

HIDDEN_BELOW: Final = 10
"""Domains with fewer respondents are hidden."""

_TOLERANCE = 1e-8


def hidden_below(minimum_domain_n: int) -> int:
    """The n below which a survey's domains are hidden; it can only rise."""
    return HIDDEN_BELOW if minimum_domain_n <= SHOWN_FROM else minimum_domain_n


def hidden_domains(
    membership: Flags,
    *,
    sizes: Ints,
    smallest: Ints,
    groups: Sequence[str],
    limit: int,
) -> Flags:
    """(D,) which domains are hidden, by themselves or for the sake of others.

    Args:
        membership: (D, A) whether a domain holds an atom, which is one combination of every variable that makes
            domains. A domain is a union of atoms; `all` holds every one.
        sizes: (A,) respondents of each atom.
        smallest: (D,) the smallest n of the domain over all that is published of it.
        groups: (D,) the variable of each domain; `all` is a group of its own.
        limit: n below which a domain is hidden.
    """
    n = membership @ sizes
    hidden = np.minimum(n, smallest) < limit
    group = np.asarray(groups)
    for name in dict.fromkeys(groups):
        _hide_partners(hidden, np.flatnonzero(group == name), n, limit)
    # A combination that nobody has tells nothing, and is nothing in common.
    occupied = membership[:, sizes > 0]
    while (exposed := _exposed(occupied, hidden)) is not None:
        hidden[_partner(occupied, n, hidden, exposed)] = True
    return hidden


def _hide_partners(hidden: Flags, rows: Ints, n: Ints, limit: int) -> None:
    """Within one variable, hide until two domains at least are hidden and together reach the limit."""
    by_size = sorted(rows.tolist(), key=lambda row: int(n[row]))
    while hidden[rows].any() and (hidden[rows].sum() < 2 or n[rows][hidden[rows]].sum() < limit):
        smallest = next((row for row in by_size if not hidden[row]), None)
        if smallest is None:
            return
        hidden[smallest] = True


def _exposed(occupied: Flags, hidden: Flags) -> int | None:
    """A hidden domain that what is shown gives back by sums and differences, or None."""
    candidates = np.flatnonzero(hidden & occupied.any(axis=1))
    if not len(candidates):
        return None
    # Atoms that lie in the same domains cannot be told apart; one column each is enough.
    atoms = np.unique(occupied, axis=1).astype(np.float64)
    basis = _row_space(atoms[~hidden])
    for row in candidates:
        rest = atoms[row] - basis.T @ (basis @ atoms[row])
        if np.abs(rest).max() < _TOLERANCE:
            return int(row)
    return None


def _row_space(rows: Floats) -> Floats:
    """An orthonormal basis of the space that the rows span."""
    _, spread, basis = np.linalg.svd(rows, full_matrices=False)
    return np.asarray(basis[spread > _TOLERANCE * spread.max(initial=1.0)])


def _partner(occupied: Flags, n: Ints, hidden: Flags, exposed: int) -> int:
    """The smallest shown domain that shares respondents with the exposed one.

    There always is one: what gives a domain back by sums and differences has respondents in common with it.
    """
    touching = np.flatnonzero(~hidden & (occupied & occupied[exposed]).any(axis=1))
    return int(touching[np.argmin(n[touching])])
