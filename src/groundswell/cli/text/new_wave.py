"""What was proposed for a new wave, as text for a terminal."""

from __future__ import annotations

from groundswell.aligned import aligned, shortened
from groundswell.waves.proposal.lines import BLANK, NOTHING
from groundswell.waves.proposal.new_wave import AddedWave


def as_text(added: AddedWave) -> str:
    """What was guessed, what a person should look at, and what must still be filled in."""
    table = ""
    rows: list[tuple[str, str, str]] = []
    for line in added.lines:
        if not line.text:
            table = f"{line.key}."
        elif line.why and line.text not in (BLANK, NOTHING):
            rows.append((table + line.key, line.text, shortened(line.why, 100)))
    guessed = aligned(rows, indent="  ")
    if not added.faults:
        return guessed
    return "\n".join([guessed, "still to fill in or to correct:", *(f"  {fault}" for fault in added.faults)])
