"""`[[watch]]` of `survey.toml`: what a survey's audience is to be told once it happens (docs/alerts.md).

    [[watch]]
    key = "anxiety-up"
    indicator = "anxiety"
    rises = 3            points, since the level of the last alert
    alarm = 0.05         the chance, as it is meant, that it ever alarms in a year of looks while nothing changed

A rule is of one kind, named by the key that says how much. To add a kind: its key in `WatchRule` and `KINDS`, how it is
judged in `reports/evidence/declared/alerts.py`, its sentence in `reports/language/alerts.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from groundswell.errors import nearest
from groundswell.waves.surveys.fields import Day, Key, Record
from groundswell.waves.toml.lines import Path
from groundswell.waves.toml.record import Found

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "rises": ("alarm", "since"),
    "falls": ("alarm", "since"),
    "moves": ("alarm", "since"),
    "departs": ("alarm", "house", "since"),
    "overdue": ("house",),
}
"""The kinds of rules, each with the optional keys that it takes."""

OPTIONAL: Final = ("alarm", "house", "since")
ALARM: Final = 0.05
"""The budget of a rule that states none."""

Size = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class WatchRule(Record):
    """One rule of an indicator.

    `rises`, `falls`, `moves` (either way) and `departs` (a house, away from the other houses) are
    distances in points, of a mean in the numbers of its scale, from the day of the last alert on; before there was one
    from `since` on, or from the rule's first look. `overdue` is a number of days without a new wave. `house` narrows
    the last two to one house.
    """

    key: Key
    indicator: Key
    rises: Size | None = None
    falls: Size | None = None
    moves: Size | None = None
    departs: Size | None = None
    overdue: Annotated[int, Field(ge=1)] | None = None
    house: Key | None = None
    since: Day | None = None
    alarm: Annotated[float, Field(gt=0, le=0.5, allow_inf_nan=False)] = ALARM

    @property
    def kind(self) -> str:
        """The kind of the rule: the key that says how much."""
        return next(name for name in KINDS if getattr(self, name) is not None)

    @property
    def size(self) -> float:
        """How much: points, numbers of a scale, or days."""
        return float(getattr(self, self.kind))


def watch_links(
    rules: Any, indicators: Mapping[str, Mapping[str, Any]], houses: Mapping[str, Any]
) -> Iterator[Found]:
    """What rules break between keys: their kind, what it takes, and the names that they use."""
    keys: set[str] = set()
    for number, rule in enumerate(rules if isinstance(rules, list | tuple) else ()):
        if not isinstance(rule, Mapping):
            continue
        path: Path = ("watch", number)
        if isinstance(key := rule.get("key"), str):
            if key in keys:
                yield (*path, "key"), f"stands twice, got `{key}` again: give each rule a key of its own"
            keys.add(key)
        yield from _kind_links(path, rule)
        for name, known in (("indicator", indicators), ("house", houses)):
            if isinstance(named := rule.get(name), str) and named not in known:
                yield (*path, name), f"no such {name} `{named}`; {nearest(named, known)}"
        yield from _size_links(path, rule, indicators)


def _kind_links(path: Path, rule: Mapping[str, Any]) -> Iterator[Found]:
    kinds = [name for name in KINDS if rule.get(name) is not None]
    known = ", ".join(f"`{name}`" for name in KINDS)
    if not kinds:
        yield (*path, "key"), f"the rule does not say what to watch: write one of {known}, as `rises = 3`"
    for name in kinds[1:]:
        yield (*path, name), f"stands beside `{kinds[0]}`: a rule is of one kind, write a rule for each"
    for name in OPTIONAL if len(kinds) == 1 else ():
        default = name == "alarm" and rule.get(name) == ALARM
        if rule.get(name) is not None and name not in KINDS[kinds[0]] and not default:
            yield (*path, name), f"is nothing that `{kinds[0]}` takes: delete it"


def _size_links(
    path: Path, rule: Mapping[str, Any], indicators: Mapping[str, Mapping[str, Any]]
) -> Iterator[Found]:
    """No level moves further than its scale is wide."""
    indicator = indicators.get(rule["indicator"]) if isinstance(rule.get("indicator"), str) else None
    match (indicator or {}).get("scale"):
        case (int() | float() as low, int() | float() as high) if low < high:
            width = high - low
        case _:
            width = 100.0
    for name in ("rises", "falls", "moves", "departs"):
        if isinstance(size := rule.get(name), int | float) and size >= width:
            message = f"must be less than {width:g}, how wide the scale is, got {size:g}"
            yield (*path, name), message
