"""`[weighting]` of a wave's TOML: how `groundswell weight` rakes it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from groundswell.vocabulary import WithoutCategory
from groundswell.waves.surveys.fields import Key, Label, Labels, Record


class MarginRule(Record):
    """How one margin meets a wave: what is done without a category, and categories that are taken together."""

    without_category: WithoutCategory | None = None
    collapse: dict[Label, Labels] = Field(default_factory=dict)


class WeightingRules(Record):
    """How `groundswell weight` rakes a wave: what holds for all its margins, and what for one of them.

    `not_asked` names margins of the survey that the wave lacks. It is never taken over from another wave.
    """

    without_category: WithoutCategory | None = None
    not_asked: Annotated[tuple[Key, ...], Field(strict=False)] = ()
    margins: dict[Key, MarginRule] = Field(default_factory=dict)
