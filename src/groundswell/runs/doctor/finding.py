"""What `groundswell doctor` found: findings in groups, each with its way out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that wants a hand: its place relative to the project, what is wrong with it, and what to do."""

    place: str
    fault: str
    way_out: str


@dataclass(frozen=True)
class Group:
    """What was looked at in one respect. Findings of a `damaging` group make the archive damaged."""

    name: str
    looked_at: str
    findings: tuple[Finding, ...] = ()
    damaging: bool = True


def is_whole(groups: list[Group]) -> bool:
    """Whether nothing is damaged."""
    return not any(group.findings for group in groups if group.damaging)
