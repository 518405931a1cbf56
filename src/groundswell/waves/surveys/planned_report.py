"""`[[report]]` of `survey.toml`: the reports that a survey plans, each with its notebook, parameters and cadence.

    [[report]]
    every = "month"
    parameters = { since = 2022-01-01 }         one value each
    each = { indicator = ["anxiety", "planning"] }    a report for each of these values

What a list means is never guessed: under `parameters` it is one value, of a parameter that takes a list; under `each`
it holds values, and there is a report for each of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from groundswell.waves.surveys.fields import Label, Record
from groundswell.waves.toml.lines import Path
from groundswell.waves.toml.record import Found

Cadence = Literal["day", "week", "month", "quarter"]
"""How often a report is made; a week begins on Monday."""

CADENCES: tuple[Cadence, ...] = get_args(Cadence)

PLACES = ("parameters", "each")
"""Where an entry names parameters."""


def _plain(given: Any) -> Any:
    """A value that a parameter may have; a date becomes its ISO text, as it is typed after `-p`."""
    if isinstance(given, date):
        return given.isoformat()
    texts = isinstance(given, list) and all(isinstance(word, str) for word in given)
    if not (texts or isinstance(given, str | bool | int | float)):
        raise PydanticCustomError(
            "value", "must be a text, a number, `true`, `false`, a date, or a list of texts"
        )
    return given


Value = Annotated[Any, AfterValidator(_plain)]
Values = Annotated[tuple[Value, ...], Field(strict=False, min_length=1)]


class PlannedReport(Record):
    """One entry: `parameters` with one value each, and `each` with the values of which every one gives a report.

    `notebook` is the survey report's own where it is None; `every` is None where the report is made whenever it is
    asked for."""

    notebook: Label | None = None
    every: Cadence | None = None
    parameters: dict[str, Value] = Field(default_factory=dict)
    each: dict[str, Values] = Field(default_factory=dict)


def _twice(values: Any) -> list[Any]:
    """The values that a list names again, of one kind: `1` and `true` are two."""
    kinds = [(type(value), value) for value in values] if isinstance(values, list | tuple) else []
    again = [value for place, (kind, value) in enumerate(kinds) if (kind, value) in kinds[:place]]
    return [value for place, value in enumerate(again) if value not in again[:place]]


def report_links(reports: Any) -> Iterator[Found]:
    """What entries say twice, and the date that none of them may fix."""
    for number, entry in enumerate(reports if isinstance(reports, list | tuple) else ()):
        if not isinstance(entry, Mapping):
            continue
        single, many = (named if isinstance(named := entry.get(key), Mapping) else {} for key in PLACES)
        for name in single.keys() & many.keys():
            path: Path = ("report", number, "each", name)
            yield path, "stands under `parameters` too: keep one of the two"
        for name, values in many.items():
            for value in _twice(values):
                yield (
                    ("report", number, "each", name),
                    f"names `{value}` twice: each value, once, makes a report",
                )
        for place, names in zip(PLACES, (single, many), strict=True):
            if "as_of" in names:
                message = "is the day on which a report is made: delete it; `--as-of` makes the report of another day"
                yield ("report", number, place, "as_of"), message
