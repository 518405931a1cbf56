"""The reports of one batch in the order in which they can be made, and what each of them waits for.

A report looks back to the one before it, and a calibration to its survey's newest report. Where that one is made in the
same batch, it is made first; so what comes out does not depend on how many are made at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from groundswell.runs.plan.plan import Plan
from groundswell.runs.plan.shared import Shared


@dataclass(frozen=True)
class Place:
    """A plan's place in a batch: `due` now, waiting for others of the batch, or `unchanged` and not made again.

    `why` is the reason in words, `folder` what is published already, `after` the plans that come first.
    """

    plan: Plan
    state: Literal["due", "waits", "unchanged"]
    why: str = ""
    folder: Path | None = None
    after: tuple[Plan, ...] = ()


def line_up(plans: Sequence[Plan], shared: Shared) -> list[Place]:
    """The place of each plan, those that others look back to first; a report that is planned twice has one place."""
    once: dict[tuple[str, str], Plan] = {}
    for plan in plans:
        once.setdefault((plan.survey, plan.name), plan)
    ordered = sorted(once.values(), key=lambda plan: (plan.as_of, "newest" in plan.parameters))
    links = _links(ordered)
    places: dict[Plan, Place] = {}
    for plan in ordered:
        after = tuple(each for each in links[plan] if places[each].state != "unchanged")
        places[plan] = _place(plan, after, shared)
    return list(places.values())


def _place(plan: Plan, after: tuple[Plan, ...], shared: Shared) -> Place:
    if after:
        words = " and ".join(f"{each.survey} {each.name}" for each in after)
        return Place(plan, "waits", f"it looks back to {words}", after=after)
    why = plan.why_due(shared.inputs(plan.survey))
    return Place(plan, "due", why) if why else Place(plan, "unchanged", folder=plan.newest_revision())


def _links(ordered: Iterable[Plan]) -> Mapping[Plan, list[Plan]]:
    """By plan, the plans among those before it whose reports it looks back to."""
    newest: dict[tuple[str, str], list[Plan]] = defaultdict(list)
    links: dict[Plan, list[Plan]] = {}
    for plan in ordered:
        links[plan] = []
        if "previous" in plan.parameters:
            line = reversed(newest[plan.survey, plan.series])
            links[plan] += islice((each for each in line if each.as_of < plan.as_of), 1)
        if "newest" in plan.parameters:
            links[plan] += newest[plan.survey, ""][-1:]
        newest[plan.survey, plan.edition].append(plan)
    return links
