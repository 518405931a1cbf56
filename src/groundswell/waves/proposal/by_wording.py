"""The one column of a file that asks a question in these words."""

from __future__ import annotations

from groundswell.waves.proposal.guess import text_of
from groundswell.waves.proposal.words import normalised
from groundswell.waves.respondents.codebook import Codebook


def unique_by_label(codebook: Codebook, label: str) -> str | None:
    """The one column with this label, or whose name is this question; None where none or several have it."""
    wanted = normalised(label)
    if not wanted:
        return None
    found = [v.name for v in codebook.variables.values() if normalised(text_of(v)) == wanted]
    return found[0] if len(found) == 1 else None
