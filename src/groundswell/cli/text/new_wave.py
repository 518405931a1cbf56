"""What was proposed for a new wave, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groundswell.shortened import shortened
from groundswell.terminal_table import aligned
from groundswell.waves.proposal.lines import Line
from groundswell.waves.proposal.new_wave import AddedWave

LONGEST = 160
"""A longer reason is cut here; the TOML has more of it."""


def as_text(added: AddedWave) -> str:
    """What was guessed and taken over, what a person should look at, and what must still be filled in."""
    parts = [aligned(list(_guesses(added.lines)), indent="  ")]
    inherited = [
        (line.key, shortened(line.text, 40), shortened(line.why, LONGEST))
        for line in added.lines
        if line.kind == "inherited"
    ]
    if inherited:
        like = next(line.text for line in added.lines if line.key == "like")
        parts += [
            f"taken over from {like} (leave one out with `--drop KEY`, all with `--not-like`):",
            aligned(inherited, indent="  "),
        ]
    parts += [f"  {shortened(line.why, LONGEST)}" for line in added.lines if line.kind == "remark"]
    if added.faults:
        parts += ["still to fill in or to correct:", *(f"  {fault}" for fault in added.faults)]
    return "\n".join(parts)


def _guesses(lines: Sequence[Line]) -> Iterator[tuple[str, str, str]]:
    """The keys that were guessed, with their tables."""
    table = ""
    for line in lines:
        if line.kind != "stated":
            continue
        if not line.text:
            table = f"{line.key}."
        elif line.why and not line.blank:
            yield table + line.key, shortened(line.text, 60), shortened(line.why, LONGEST)
