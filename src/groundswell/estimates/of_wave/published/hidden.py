"""Which domains of a wave are hidden for the sake of what was published before.

The figures of earlier reports cannot be taken back. So all that they show of the wave counts as shown, and of today's
domains as many are hidden as it takes that together they give no few people away. What was shown once exactly as today
is shown again: it tells nothing new.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from groundswell.checksum import checksum
from groundswell.errors import InputError
from groundswell.estimates.of_wave.estimate_flags import flagged
from groundswell.estimates.of_wave.published.groups import WAY_OUT, WaveGroups
from groundswell.estimates.of_wave.published.joint_atoms import joint_atoms
from groundswell.vocabulary import EVERYONE, HIDDEN
from groundswell.waves.wave.wave_toml import Wave


def hidden_for_published(
    wave: Wave, shares: pd.DataFrame, before: Sequence[WaveGroups], *, recipe: str, limit: int
) -> set[str]:
    """The domains to hide, other than those that are hidden anyway.

    Args:
        wave, shares: whose figures are to be shown, and what they are after disclosure control of their own.
        before: what was published of its respondents.
        recipe: the checksum of all that today's figures depend on, what was published before left aside.
        limit: n below which a domain is hidden.

    Raises: InputError where the respondents of then are others than today's and not here, or so nearly the same that
    not even everyone can be shown; as `joint_atoms`.
    """
    hidden = set(shares.loc[flagged(shares["flags"], HIDDEN), "domain"])
    again = [each.shown for each in before if each.recipe == recipe]
    if again:
        return set(shares["domain"]).difference(*again) - hidden
    of_files = [(each, _file_of(each, wave, shares)) for each in before]
    more = joint_atoms(wave, of_files).hidden(limit) - hidden
    if EVERYONE in more:
        raise InputError(
            f"`{wave.name}`: not even the figures of everyone can be shown, since its respondents are nearly those of "
            f"an earlier report, and both together could give figures of fewer than {limit}, such as those who were "
            f"corrected: keep the respondents of then until more of them are corrected, or {WAY_OUT}"
        )
    return more


def _file_of(groups: WaveGroups, wave: Wave, shares: pd.DataFrame) -> Path:
    """The respondents that groups were published of: today's file where it is the same or gives the same figures."""
    same_rules = groups.who.domains == wave.domains
    if groups.who.sha256 == wave.sha256 or (same_rules and groups.equals(shares)):
        return wave.respondents
    beside = sorted(wave.toml.parent.glob(f"*{Path(groups.who.file).suffix}"))
    found = next((file for file in beside if checksum(file) == groups.who.sha256), None)
    if found is None:
        raise InputError(
            f"`{wave.name}` was published in `reports/{wave.survey_folder.name}/{groups.report}` from another "
            f"`{groups.who.file}` (SHA-256 {groups.who.sha256}) than today's, which is needed to see what the old and "
            f"the new figures give away together: put it next to the wave under another name, or {WAY_OUT}"
        )
    return found
