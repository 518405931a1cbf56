"""`[moods.<key>]` of `survey.toml`: indicators that a report follows as one mood.

[moods.distress]
title = "Anxiety and depression as one"
items = ["anxiety", "depression"]     the first is the reference, on whose scale the mood is told
reverse = ["calm"]                    items of which a higher share means less of the mood
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field

from groundswell.errors import nearest
from groundswell.waves.surveys.fields import Key, Label, Record
from groundswell.waves.toml.lines import Path
from groundswell.waves.toml.record import Found, tables_in

FEWEST = 2
Keys = Annotated[tuple[Key, ...], Field(strict=False)]


class DeclaredMood(Record):
    """A mood by the indicators that tell of it, the reference first; `reverse` are those that tell of its opposite."""

    title: Label
    items: Keys
    reverse: Keys = ()


def mood_links(moods: Any, indicators: Mapping[str, Any]) -> Iterator[Found]:
    """Moods whose items are no indicators, or named twice, and whose reverse ones are no items."""
    for key, mood in tables_in(moods).items():
        path: Path = ("moods", key)
        items = _texts(mood.get("items"))
        if isinstance(mood.get("items"), list | tuple) and len(mood["items"]) < FEWEST:
            named = ", ".join(f"`{name}`" for name in items) or "nothing"
            yield (*path, "items"), f"names {named}: a mood is of {FEWEST} indicators or more"
        for place, name in enumerate(items):
            if name not in indicators:
                yield (*path, "items", place), f"no such indicator `{name}`; {nearest(name, indicators)}"
            elif name in items[:place]:
                yield (*path, "items", place), f"names `{name}` twice: name each item once"
        for place, name in enumerate(_texts(mood.get("reverse"))):
            if items and name == items[0]:
                message = f"`{name}` is the reference, whose direction is the mood's: reverse the other items instead"
                yield (*path, "reverse", place), message
            elif name not in items:
                yield (*path, "reverse", place), f"`{name}` is not among the items; {nearest(name, items)}"


def _texts(named: Any) -> list[str]:
    return [name for name in named if isinstance(name, str)] if isinstance(named, list | tuple) else []
