"""One file, many waves: a declaration whose `wave_column` tells the waves of a file apart.

`waves/gss.toml` with `wave_column = "year"` is a wave a year: `gss-1990`, `gss-1993` … Each has its own rows, its own
fieldwork, the first complete column of a list of weights, and the questions that were asked in it. What the table
`waves` states of one holds; the rest is found in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from groundswell.errors import nearest
from groundswell.waves.respondents.codes import Code, code_of
from groundswell.waves.surveys.fields import Day, Key, Label, Record, Text
from groundswell.waves.surveys.fieldwork import Precision, period, unlikely
from groundswell.waves.toml.lines import Path as TomlPath
from groundswell.waves.toml.written import toml_text

MOST_WAVES = 300
"""A column with more different codes than this does not tell waves apart."""

CALENDAR: tuple[tuple[str, Precision], ...] = (
    (r"(?P<year>(?:19|20)\d\d)", "year"),
    (r"(?P<year>(?:19|20)\d\d)[-/ ]?Q(?P<quarter>[1-4])", "quarter"),
    (r"(?P<year>(?:19|20)\d\d)[-/M]?(?P<month>0[1-9]|1[0-2])", "month"),
)
"""Codes of a wave column that are a year, a quarter or a month."""


class StatedWave(Record):
    """What a declaration states of one of its waves."""

    start: Day | None = None
    end: Day | None = None
    precision: Precision | None = None
    published: Day | None = None
    mode: Label | None = None
    note: Text | None = None
    weight: Text | None = None
    weights_file: Label | None = None
    not_asked: Annotated[tuple[Key, ...], Field(strict=False)] = ()


class WaveColumn(Record):
    """The keys of a wave's TOML that make it a declaration of many."""

    wave_column: Text
    waves: dict[Label, StatedWave] = Field(default_factory=dict)

    def of(self, code: Code) -> StatedWave:
        """What is stated of the wave with this code."""
        return next((wave for text, wave in self.waves.items() if code_of(text) == code), StatedWave())


@dataclass(frozen=True)
class CodeFacts:
    """What the file holds of one code of its wave column.

    Attributes:
        rows: how many respondents have the code.
        first, last: the first and the last interview; None where the file tells none.
        incomplete: by column of weights the number of respondents who have none.
        asked: the columns that hold an answer of anyone.
    """

    rows: int
    first: date | None
    last: date | None
    incomplete: Mapping[str, int]
    asked: frozenset[str]


Facts = Mapping[Code, CodeFacts]
Broken = Callable[[TomlPath, str], None]
"""Takes the path and the message of a rule that is broken."""


def wave_names(stem: str, codes: Sequence[Code], broken: Broken) -> dict[str, Code]:
    """The code of each wave by its name, `<stem>-<code>` in small letters."""
    names: dict[str, Code] = {}
    for code in codes:
        name = f"{stem}-{re.sub(r'[^a-z0-9_]+', '-', str(code).casefold()).strip('-')}"
        if name in names:
            message = (
                f"`{names[name]}` and `{code}` would both be the wave `{name}`: tell them apart with `rows`"
            )
            broken(("wave_column",), message)
        names.setdefault(name, code)
    return names


def codes_of_waves(
    declared: WaveColumn, chosen: Sequence[Code] | None, facts: Facts | None, without: int, broken: Broken
) -> list[Code]:
    """The codes that are waves: those that `rows` chooses, else those of the file, else those of the table."""
    column = declared.wave_column
    stated = [code_of(text) for text in declared.waves]
    if chosen is not None:
        for code in chosen:
            if facts is not None and code not in facts:
                broken(("rows",), f"no respondent has the code `{code}` in `{column}`")
        return list(chosen)
    if facts is None:
        if not stated:
            broken(("wave_column",), "its file is not here: list the waves under `[waves]`, as `1990 = {}`")
        return stated
    if len(facts) > MOST_WAVES:
        broken(
            ("wave_column",),
            f"`{column}` holds {len(facts):,} different codes, so it does not tell waves apart",
        )
        return []
    if without:
        broken(
            ("wave_column",),
            f"`{column}` is empty for {without:,} respondents, who belong to no wave: name the waves' codes under "
            f"`rows`, as `{toml_text({column: list(facts)[:2]})}`, to leave them out",
        )
    for code in stated:
        if code not in facts:
            path: TomlPath = ("waves", str(code))
            broken(
                path,
                f"no respondent has the code `{code}` in `{column}`; {nearest(str(code), map(str, facts))}",
            )
    return list(facts)


def fieldwork_of(code: Code, stated: StatedWave, own: CodeFacts | None) -> dict[str, Any] | None:
    """Start, end and precision of a wave: stated, else of its interviews, else of the calendar; None for none."""
    if stated.start is not None and stated.end is not None:
        return {"start": stated.start, "end": stated.end, "precision": stated.precision or "day"}
    if own is not None and own.first is not None and own.last is not None:
        return {"start": own.first, "end": own.last, "precision": "day"}
    return calendar_of(code)


def calendar_of(code: Code) -> dict[str, Any] | None:
    """The year, quarter or month that a code stands for, as start, end and precision.

    >>> calendar_of("2024-Q2")["end"]
    datetime.date(2024, 6, 30)
    """
    for form, precision in CALENDAR:
        if found := re.fullmatch(form, str(code), re.IGNORECASE):
            parts = {name: int(part) for name, part in found.groupdict().items()}
            month = parts.get("month") or 3 * parts.get("quarter", 1) - 2
            day = date(parts["year"], month, 1)
            unit = period(day, day, precision)
            if unlikely(unit.end) is None:
                return {"start": unit.start, "end": unit.end, "precision": precision}
    return None


def weight_of(code: Code, preferred: Sequence[str], own: CodeFacts | None, broken: Broken) -> str | None:
    """The first of the preferred columns of weights that every respondent of the wave has."""
    if own is None:
        broken(("design", "weight"), f"its file is not here: state the `weight` of `{code}` under `[waves]`")
        return None
    complete = [column for column in preferred if own.incomplete[column] == 0]
    if not complete:
        gaps = ", ".join(
            f"`{column}` lacks {own.incomplete[column]:,} of {own.rows:,}" for column in preferred
        )
        broken(("design", "weight"), f"no column is complete in the wave `{code}`: {gaps}")
    return complete[0] if complete else None


def not_asked(
    indicators: Mapping[str, Sequence[str]], stated: StatedWave, own: CodeFacts | None
) -> Iterator[str]:
    """The indicators of which nobody in the wave has an answer in one of the columns, or that are stated so."""
    for key, columns in indicators.items():
        if key in stated.not_asked or (own is not None and not own.asked.issuperset(columns)):
            yield key
