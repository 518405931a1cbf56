"""Whether figures of groups, taken together, speak of few people: the attack by subtraction, and when it must fail.

Who is in which group splits people into *atoms*: everyone in an atom is in the same groups. A *combination* multiplies
the sums of groups by numbers and adds them up. It speaks of those people whom it does not count zero times: "under 31"
less "under 30" speaks of those aged 30, everyone less women less men of all others.

What is proved where every combination that is not zero speaks of `limit` people at least: whatever fewer than `limit`
people answered, it fits all sums of the groups, with some answers of the others.

How: a *basis* is as many people as there are independent combinations, such that a combination that counts all of them
zero times is zero. Of several bases without common people, a combination that speaks of few people meets each, and one
of them in no more than its share. Where that is one person, the combination is, up to a factor, one of those that can
be read off that basis. So `limit` bases leave nothing to find, and half as many find whatever there is. Where there are
fewer, nothing is proved, and the thinnest place counts as found.

Source: the fewest people are the minimum distance of a linear code, the bases its information sets, as in the algorithm
of Brouwer and Zimmermann (Betten et al. 2006, Error-Correcting Linear Codes, section 1.8).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from groundswell.arrays import Flags, Floats, Ints

TOLERANCE = 1e-8
"""Multiples of groups below this are zero: those that occur are fractions of small numbers."""


class Reduced(NamedTuple):
    """Groups brought into steps.

    Attributes:
        combinations: (G, A) of the groups: the first ones each with a pivot, where all others are zero; the rest zero.
        multiples: (G, G) how many times each combination takes each group.
        pivots: (R,) the atoms of the pivots.
    """

    combinations: Floats
    multiples: Floats
    pivots: Ints

    @property
    def needed(self) -> Flags:
        """(G,) the groups that no combination of the other groups gives."""
        rest = self.multiples[len(self.pivots) :]
        return np.asarray(np.abs(rest).max(axis=0, initial=0.0) < TOLERANCE)


def reduced(groups: Floats, order: Ints) -> Reduced:
    """Groups (G, A) as Gauss and Jordan reduce them, with pivots as early in `order`, all atoms, as may be."""
    count, atoms = groups.shape
    table = np.hstack([groups[:, order], np.eye(count)])
    pivots: list[int] = []
    for step in range(count):
        there = np.abs(table[step:, :atoms]).max(axis=0, initial=0.0) > TOLERANCE
        if not there.any():
            break
        place = int(np.argmax(there))
        largest = step + int(np.argmax(np.abs(table[step:, place])))
        table[[step, largest]] = table[[largest, step]]
        table[step] /= table[step, place]
        factor = table[:, place].copy()
        factor[step] = 0.0
        table -= np.outer(factor, table[step])
        pivots.append(place)
    table[np.abs(table) < TOLERANCE] = 0.0
    combinations = np.empty(groups.shape)
    combinations[:, order] = table[:, :atoms]
    return Reduced(combinations, table[:, atoms:], order[np.asarray(pivots, np.intp)])


def few_people(groups: Flags, people: Ints, limit: int) -> Floats | None:
    """(G,) how many times a combination that may speak of fewer than `limit` people takes each group, or None.

    Args:
        groups: (G, A) whether a group holds an atom.
        people: (A,) how many people are in each atom, or (F, A) how many in each of several versions of a file. Who was
            changed between them is in an atom of each: a combination speaks of as many as in the file with the most.
        limit: at least how many people every combination has to speak of.
    """
    atoms, in_file = _merged(groups, np.atleast_2d(people))
    every = in_file.sum(axis=0)
    left, bases, enough = every.copy(), 0, limit * len(in_file)
    while bases < enough:
        # people who are in no basis yet come first; where they run out, the pivots are of people who are
        found = reduced(atoms, np.lexsort((-every, -left)))
        if not len(found.pivots):
            return None
        counted = found.combinations[: len(found.pivots)] != 0
        spoken_of = (counted @ in_file.T).max(axis=1)
        thinnest = int(np.argmin(spoken_of))
        if spoken_of[thinnest] < limit:
            return np.asarray(found.multiples[thinnest])
        unused = left[found.pivots]
        if not unused.all():
            proved = 2 * bases >= enough
            return None if proved else np.asarray(found.multiples[int(np.argmin(unused))])
        left[found.pivots] -= unused.min()
        bases += int(unused.min())
    return None


def _merged(groups: Flags, people: Ints) -> tuple[Floats, Ints]:
    """The atoms that hold people, those in the same groups as one."""
    there = people.any(axis=0)
    atoms, place = np.unique(groups[:, there], axis=1, return_inverse=True)
    counts = [np.bincount(place.ravel(), row[there], atoms.shape[1]) for row in people]
    return atoms.astype(np.float64), np.array(counts, np.int64)
