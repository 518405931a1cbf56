"""What `groundswell doctor` says: a line a group, what was found under it, the verdict last."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from groundswell.runs.doctor.finding import Finding, Group, is_whole
from groundswell.runs.kernel.cells import plain

MOST_PRINTED = 50
"""Findings of a kind that are printed; JSON has all."""


def as_text(groups: Sequence[Group]) -> str:
    """The groups as text; a way out that several findings share stands once, under them."""
    width = max(len(group.name) for group in groups)
    lines = []
    for group in groups:
        verdict = "" if not group.findings else ", damaged" if group.damaging else ""
        lines.append(f"{group.name:<{width}}  {group.looked_at}{verdict}")
        lines += _finding_lines(group.findings)
    damaged = sum(len(group.findings) for group in groups if group.damaging)
    many = "1 thing" if damaged == 1 else f"{damaged:,} things"
    lines.append("the archive is whole" if is_whole(list(groups)) else f"the archive is damaged: {many}")
    return "\n".join(lines)


def as_json(groups: Sequence[Group]) -> str:
    """An object with `whole` and the `groups`."""
    content = {"whole": is_whole(list(groups)), "groups": [asdict(group) for group in groups]}
    return json.dumps(content, ensure_ascii=False, indent=1)


def _finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    for way_out, run in groupby(sorted(findings, key=lambda each: each.way_out), lambda each: each.way_out):
        alike = list(run)
        for finding in alike[:MOST_PRINTED]:
            yield f"  {plain(finding.place)}: {plain(finding.fault)}"
        if len(alike) > MOST_PRINTED:
            yield f"  … and {len(alike) - MOST_PRINTED:,} more"
        yield f"    → {way_out}"
